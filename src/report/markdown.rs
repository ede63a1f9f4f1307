//! The report as Markdown, for a wiki page or a pull request. It pings nobody.

use crate::domain::finding::Finding;
use crate::domain::reference::Role;
use crate::domain::ticket::TicketId;
use crate::domain::verdict::Standing;

use super::challenge::Row;
use super::escape::{self, NAME, SENTENCE, TITLE, code, markdown as md};
use super::rows::Rows;
use super::site::show::{self, Source};
use super::ticket::Ticket;
use super::view::{Section, View};
use super::{Report, words};

/// Broken promises told in full.
const CARDS: usize = 50;
/// Rows of one table.
const ROWS: usize = 100;

/// The report as Markdown in GitHub's dialect.
pub fn markdown(report: &Report) -> String {
    let view = View::new(report);
    let mut page = vec![format!("# {}", md(&view.headline(), TITLE))];
    page.push(format!("{} · as of {}", words::count(view.counts.tickets, "ticket"), words::minute(view.now())));
    if !view.cautions.is_empty() {
        let lines: Vec<String> =
            view.cautions.iter().take(ROWS).map(|one| format!("> - {}", md(one, SENTENCE))).collect();
        page.push(format!("> **Not the whole picture:**\n>\n{}", lines.join("\n")));
    }
    page.extend(view.all_quiet());
    broken(&mut page, &view);
    for section in &view.sections {
        table(&mut page, &view, section);
    }
    register(&mut page, &view);
    for (title, sentences) in view.by_people() {
        page.push(format!("## {title}"));
        let lines: Vec<String> =
            sentences.iter().take(ROWS).map(|sentence| format!("- {}", md(sentence, SENTENCE))).collect();
        page.push(lines.join("\n"));
        cut(&mut page, sentences.len(), ROWS);
    }
    let chores = view.chore_words();
    if !chores.is_empty() {
        page.push("## Housekeeping".to_owned());
        page.push(chores.iter().map(|chore| format!("- {chore}")).collect::<Vec<_>>().join("\n"));
    }
    as_of(&mut page, &view);
    page.join("\n\n") + "\n"
}

fn broken(page: &mut Vec<String>, view: &View) {
    let rows = view.standing(Standing::BrokenPromise);
    if rows.is_empty() {
        return;
    }
    page.push("## Broken promises".to_owned());
    for (n, row) in rows.iter().take(CARDS).enumerate() {
        card(page, view, row, n + 1);
    }
    cut(page, rows.len(), CARDS);
}

fn card<'a>(page: &mut Vec<String>, view: &View<'a>, row: &Row<'a>, n: usize) {
    page.push(format!("### {n}\\. {}", md(&escape::title(&row.challenge.title), TITLE)));
    let mut about = vec![md(row.category(), TITLE)];
    about.extend(row.met());
    about.extend(row.broken_since(view).map(|at| format!("broken since {}", words::dated(at, view.now()))));
    about.push(code(&words::place(&row.challenge.place)));
    page.push(about.join(" · "));
    if !row.because.is_empty() {
        page.push(format!("**{}**", md(row.because, SENTENCE)));
    }
    let mut list = Vec::new();
    let rows = view.rows().without(&row.challenge.title);
    for ticket in row.cites(Role::Remedy, view) {
        let title = ticket.title().map(|title| format!(" “{}”", md(title, TITLE))).unwrap_or_default();
        let (mark, verdict) = (words::verdict_mark(ticket.verdict()), md(&ticket.verdict_words(), SENTENCE));
        let state = md(&ticket.state(view.now()), SENTENCE);
        list.push(format!("- {mark} **{verdict}**: {}{title}, {state}", name(ticket)));
        list.extend(ticket.aside(view.now()).map(|aside| format!("  - {}", md(&aside, SENTENCE))));
        for reason in row.reasons(ticket) {
            let source = reason.source.as_deref().map(|source| format!(" ({})", place(source, &rows)));
            let source = source.unwrap_or_default();
            list.push(format!("  - *{}*: {}{source}", words::side(reason.side), md(&reason.says, SENTENCE)));
        }
    }
    for ticket in row.cites(Role::Mention, view) {
        let verdict = ticket.verdict().word();
        list.push(format!("- also cited: {}, {verdict}, {}", name(ticket), md(&ticket.state(view.now()), SENTENCE)));
    }
    list.extend(row.ways_out().iter().map(|way| format!("- **To clear it:** {}", md(way, SENTENCE))));
    page.push(list.join("\n"));
}

fn table(page: &mut Vec<String>, view: &View, section: &Section) {
    page.push(format!("## {} ({})", section.title, section.findings.len()));
    let mut lines =
        vec!["| Ticket | What | Where | What would clear it |".to_owned(), "| --- | --- | --- | --- |".to_owned()];
    lines.extend(section.findings.iter().take(ROWS).map(|finding| told(view, finding)));
    page.push(lines.join("\n"));
    cut(page, section.findings.len(), ROWS);
}

fn told(view: &View, finding: &Finding) -> String {
    let row = finding.challenge.as_ref().and_then(|id| view.challenge(id));
    let title = row.map(|row| format!("{} ", md(&row.challenge.title, TITLE))).unwrap_or_default();
    let ticket = finding.ticket.as_ref().map(|id| known_name(view, id)).unwrap_or_default();
    let told = |place| if row.is_some() { words::place(place) } else { view.rows().place(place) };
    let place = finding.place.as_ref().map(|place| code(&told(place))).unwrap_or_default();
    let hint = finding.hint.as_deref().map(|hint| md(hint, SENTENCE)).unwrap_or_default();
    let mark = words::severity_mark(finding.severity);
    format!("| {ticket} | {mark} {} | {title}{place} | {hint} |", md(&finding.message, SENTENCE))
}

fn register(page: &mut Vec<String>, view: &View) {
    if view.challenges.is_empty() {
        return;
    }
    page.push("## Register".to_owned());
    let mut lines = vec![
        "| Category | Challenge | Standing | Tickets | Met |".to_owned(),
        "| --- | --- | --- | --- | --- |".to_owned(),
    ];
    for row in view.challenges.iter().take(ROWS) {
        let tickets = row.tickets.iter().filter_map(|(id, _)| view.tickets.get(id));
        let tickets: Vec<String> = tickets
            .map(|ticket| {
                let verdict = ticket.verdict();
                format!("{} {} {}", words::verdict_mark(verdict), name(ticket), verdict.word())
            })
            .collect();
        let (mark, standing) = (words::standing_mark(row.standing), words::standing(row.standing));
        lines.push(format!(
            "| {} | {} | {mark} {standing} | {} | {} |",
            md(row.category(), TITLE),
            md(&escape::title(&row.challenge.title), TITLE),
            tickets.join("<br>"),
            row.met().unwrap_or_default(),
        ));
    }
    page.push(lines.join("\n"));
    cut(page, view.challenges.len(), ROWS);
}

fn as_of(page: &mut Vec<String>, view: &View) {
    let known = view.report.known;
    let trouble =
        |says: Option<&str>| says.map(|says| format!("; trouble: {}", md(says, SENTENCE))).unwrap_or_default();
    let mut lines = Vec::new();
    for tracker in &known.trackers {
        let worked = tracker.worked_at.map(|at| format!("answered {}", words::ago(at, view.now())));
        let worked = worked.unwrap_or_else(|| "never answered".to_owned());
        let trouble = trouble(tracker.trouble.as_ref().map(|trouble| trouble.says.as_str()));
        lines.push(format!("- {} {worked}{trouble}", code(&tracker.id.to_string())));
    }
    for document in known.documents.iter().take(ROWS) {
        let read = words::read(document.read_at, view.now());
        lines.push(format!("- {} {read}{}", code(&document.path), trouble(document.trouble.as_deref())));
    }
    if !lines.is_empty() {
        page.push("## As of".to_owned());
        page.push(lines.join("\n"));
        cut(page, known.documents.len(), ROWS);
    }
}

/// A ticket's id, as a link where it has one.
fn name(ticket: &Ticket) -> String {
    let id = ticket.id.to_string();
    match ticket.link() {
        // Nothing is looked for inside a link, so the id can be copied from it as it is.
        Some(link) => format!("[{}]({link})", md(&id, TITLE).replace('\u{200b}', "")),
        None => code(&id),
    }
}

fn known_name(view: &View, id: &TicketId) -> String {
    view.tickets.get(id).map_or_else(|| code(&id.to_string()), name)
}

/// Where a piece of evidence can be looked up: a link, or a place in a document.
fn place(source: &str, rows: &Rows) -> String {
    match show::source_in(source, rows) {
        Source { link: Some(link), says } => format!("[{}]({link})", md(&says, SENTENCE)),
        Source { link: None, .. } => code(&escape::plain(source, NAME * 2)),
    }
}

fn cut(page: &mut Vec<String>, all: usize, shown: usize) {
    if all > shown {
        page.push(format!("… and {} more: `dragnet report --format json`", all - shown));
    }
}
