//! Whether a query is valid: GitHub refuses a query as a whole for one wrong name, and so does the stand-in.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde_json::json;

use super::super::State;
use super::Complaint;
use super::parse::{Argument, Document, Field, Selection};
use super::schema::{SCHEMA, members};

/// Checks a document; all that is wrong with it, otherwise.
pub(super) fn check(document: &Document, state: &State) -> Result<(), Vec<Complaint>> {
    let mut checker = Checker { document, state, complaints: Vec::new() };
    checker.selection(&document.selection, "Query", &mut BTreeMap::new());
    if checker.complaints.is_empty() { Ok(()) } else { Err(checker.complaints) }
}

/// A field's type and its arguments.
type Typed = (&'static str, &'static [&'static str]);

/// The schema by type and field: a query has thousands of fields.
static FIELDS: LazyLock<HashMap<(&str, &str), Typed>> =
    LazyLock::new(|| SCHEMA.iter().map(|(on, name, kind, arguments)| ((*on, *name), (*kind, *arguments))).collect());

struct Checker<'a> {
    document: &'a Document,
    state: &'a State,
    complaints: Vec<Complaint>,
}

impl<'a> Checker<'a> {
    /// `shapes` holds the type answered under each name, over all members of a union: they must not differ.
    fn selection(&mut self, selection: &'a [Selection], on: &str, shapes: &mut BTreeMap<&'a str, &'static str>) {
        for item in selection {
            match item {
                Selection::Field(field) => self.field(field, on, shapes),
                Selection::Inline(narrowed, inner) => {
                    self.selection(inner, narrowed.as_deref().unwrap_or(on), shapes);
                }
                Selection::Spread(name, at) => match self.document.fragments.get(name) {
                    Some(fragment) if members(&fragment.on).is_empty() => {
                        let message = format!("No such type {}, so it can't be a fragment condition", fragment.on);
                        self.complain(*at, message, "undefinedType");
                    }
                    Some(fragment) => self.selection(&fragment.selection, &fragment.on, shapes),
                    None => {
                        self.complain(
                            *at,
                            format!("Fragment {name} was used, but not defined"),
                            "useAndDefineFragment",
                        );
                    }
                },
            }
        }
    }

    fn field(&mut self, field: &'a Field, on: &str, shapes: &mut BTreeMap<&'a str, &'static str>) {
        if field.name == "__typename" {
            return;
        }
        let known = FIELDS.get(&(on, field.name.as_str()));
        let known = known.filter(|_| !self.state.lacks.iter().any(|lack| *lack == field.name));
        let Some((kind, arguments)) = known else {
            let message = format!("Field '{}' doesn't exist on type '{on}'", field.name);
            return self.complain(field.at, message, "undefinedField");
        };
        if *shapes.entry(&field.key).or_insert(kind) != *kind {
            let message =
                format!("Field '{}' has a type conflict: {} or {kind}?", field.key, shapes[field.key.as_str()]);
            self.complain(field.at, message, "fieldConflict");
        }
        for (name, value) in &field.arguments {
            let taken_away = name == "enableDuplicate" && !self.state.knows_argument;
            if taken_away || !arguments.contains(&name.as_str()) {
                let message = format!("Field '{}' doesn't accept argument '{name}'", field.name);
                self.complain(field.at, message, "argumentNotAccepted");
            }
            if let Argument::Variable(variable) = value
                && !self.document.variables.contains(variable)
            {
                let message = format!("Variable ${variable} is used by {} but not declared", self.document.name);
                self.complain(field.at, message, "variableNotDefined");
            }
        }
        let inner = kind.trim_end_matches('!');
        match (members(inner).is_empty(), field.selection.is_empty()) {
            (true, false) => {
                let message = format!("Selections can't be made on scalars (field '{}' returns {inner})", field.name);
                self.complain(field.at, message, "selectionMismatch");
            }
            (false, true) => {
                let message = format!(
                    "Field must have selections (field '{}' returns {inner} but has no selections. Did you mean '{} {{ ... }}'?)",
                    field.name, field.name
                );
                self.complain(field.at, message, "selectionMismatch");
            }
            (true, true) => {}
            (false, false) => self.selection(&field.selection, inner, &mut BTreeMap::new()),
        }
    }

    fn complain(&mut self, at: super::parse::Position, message: String, code: &str) {
        self.complaints.push(Complaint::new(at, message, json!({"code": code})));
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::document;
    use super::{State, check};

    #[test]
    fn a_wrong_name_spoils_the_query() {
        let ticket = |inner: &str| {
            format!("{{ repository(owner: \"a\", name: \"b\") {{ issueOrPullRequest(number: 1) {{ {inner} }} }} }}")
        };
        for (text, wrong) in [
            ("{ rateLimit { cost } }".to_owned(), None),
            (ticket("... on Issue { state } ... on PullRequest { prState: state }"), None),
            (ticket("... on Issue { state } ... on PullRequest { state }"), Some("type conflict")),
            (ticket("number"), Some("doesn't exist on type 'IssueOrPullRequest'")),
            (ticket("... on Issue { colour }"), Some("Field 'colour' doesn't exist on type 'Issue'")),
            (ticket("... on Issue { repository }"), Some("must have selections")),
            (ticket("... on Issue { title { text } }"), Some("can't be made on scalars")),
            (ticket("...f"), Some("Fragment f was used, but not defined")),
            ("{ repository(owner: $o, name: \"b\") { id } }".to_owned(), Some("$o")),
            ("{ repository(owner: \"a\", title: \"b\") { id } }".to_owned(), Some("argument 'title'")),
        ] {
            let said =
                check(&document(&text).unwrap(), &State::default()).map_err(|complaints| complaints[0].message.clone());
            match wrong {
                None => assert!(said.is_ok(), "{text}: {said:?}"),
                Some(part) => assert!(said.as_ref().is_err_and(|said| said.contains(part)), "{text}: {said:?}"),
            }
        }
    }
}
