//! What the elements of HTML and of Confluence's storage format do to the text inside them.

use super::tokens::Tag;

/// What an element does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    /// Its text goes on in the same line.
    Inline,
    /// It stands on lines of its own.
    Block,
    /// A block in which line ends count.
    Preformatted,
    /// A heading of a level, from 1.
    Heading(u8),
    /// A list.
    List,
    /// An item of a list; whether its box is ticked, where it is a task.
    Item(Option<bool>),
    /// A table, a part of it, a row, a cell.
    Table,
    /// `thead` and the like.
    TablePart,
    /// A row.
    Row,
    /// A cell.
    Cell,
    /// A link.
    Link,
    /// A macro of a wiki page, by name.
    Macro(String),
    /// A macro's parameter, by name; what it holds is shown in the place of the macro, or is not.
    Parameter(String),
    /// Nothing in it is prose.
    Hidden,
}

/// What an element does, by its tag.
pub(super) fn role(tag: &Tag) -> Role {
    match tag.name.as_str() {
        "h1" => Role::Heading(1),
        "h2" => Role::Heading(2),
        "h3" => Role::Heading(3),
        "h4" => Role::Heading(4),
        "h5" => Role::Heading(5),
        "h6" => Role::Heading(6),
        "ul" | "ol" | "menu" | "dir" | "ac:task-list" => Role::List,
        "li" => Role::Item(None),
        "ac:task" => Role::Item(Some(false)),
        "table" => Role::Table,
        "thead" | "tbody" | "tfoot" => Role::TablePart,
        "tr" => Role::Row,
        "td" | "th" => Role::Cell,
        "a" => Role::Link,
        "pre" => Role::Preformatted,
        "ac:structured-macro" | "ac:macro" => Role::Macro(tag.value("ac:name").unwrap_or_default().to_lowercase()),
        "ac:parameter" => Role::Parameter(tag.value("ac:name").unwrap_or_default().to_owned()),
        "ac:default-parameter" => Role::Parameter(String::new()),
        "script" | "style" | "head" | "template" | "noscript" | "svg" | "select" | "textarea"
        // The text of code blocks; a task's number and state; what an editor shows where nothing was written yet.
        | "ac:plain-text-body" | "ac:task-id" | "ac:task-uuid" | "ac:task-status" | "ac:placeholder" => Role::Hidden,
        "address" | "article" | "aside" | "blockquote" | "body" | "caption" | "center" | "dd" | "details" | "div"
        | "dl" | "dt" | "fieldset" | "figcaption" | "figure" | "footer" | "form" | "header" | "html" | "main"
        | "nav" | "p" | "section" | "summary" | "ac:layout" | "ac:layout-section" | "ac:layout-cell"
        | "ac:rich-text-body" => Role::Block,
        _ => Role::Inline,
    }
}

/// Whether an element never has content, whatever its tag says.
pub(super) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Whether a macro may show tickets by a query.
pub(super) fn lists(name: &str) -> bool {
    matches!(name, "jira" | "jirachart" | "jira-chart")
}

/// Whether a page shows what this parameter holds in the place of its macro: a ticket's key, the words of a lozenge.
pub(super) fn is_shown(of: &str, parameter: &str) -> bool {
    match of {
        "jira" | "jiraissues" => matches!(parameter, "key" | "" | "url"),
        "status" => parameter == "title",
        "panel" | "info" | "note" | "tip" | "warning" | "expand" => parameter == "title",
        _ => false,
    }
}
