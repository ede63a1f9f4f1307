//! The report for a terminal: broken promises first, why, since when, and what would clear them.

use crate::domain::finding::{Finding, Severity};
use crate::domain::reference::Role;
use crate::domain::verdict::{Standing, Verdict};

use super::challenge::Row;
use super::escape::{self, SENTENCE, TITLE};
use super::rows::Rows;
use super::sheet::{Sheet, Tone};
use super::ticket::Ticket;
use super::view::View;
use super::{Report, Style, words};

/// Broken promises told in full; the others get a line each.
const CARDS: usize = 20;
/// Lines of one list before it is cut.
const LINES: usize = 25;
/// Pieces of evidence shown for one ticket.
const REASONS: usize = 3;
/// Titles named on a group's line.
const NAMES: usize = 5;

/// The report as text for a terminal of `style.width` columns (from 40 to 120 are used), in colours only if
/// `style.color` says so.
pub fn text(report: &Report, style: Style) -> String {
    let view = View::new(report);
    let mut sheet = Sheet::new(style);
    head(&mut sheet, &view);
    broken(&mut sheet, &view);
    for section in &view.sections {
        sheet.heading(&format!("{} ({})", section.title, section.findings.len()));
        for finding in section.findings.iter().take(LINES) {
            told(&mut sheet, &view, finding);
        }
        cut(&mut sheet, section.findings.len(), LINES);
    }
    groups(&mut sheet, &view);
    by_people(&mut sheet, &view);
    chores(&mut sheet, &view);
    as_of(&mut sheet, &view);
    next(&mut sheet, &view);
    sheet.done()
}

fn head(sheet: &mut Sheet, view: &View) {
    let tone = if view.counts.standings.broken_promise > 0 { Tone::Bad } else { Tone::Strong };
    let tickets = words::count(view.counts.tickets, "ticket");
    let line = sheet.ink().tone(tone, &view.headline());
    sheet.line("", &line.say(&format!(" · {tickets} · as of {}", words::minute(view.now()))));
    if !view.cautions.is_empty() {
        sheet.gap();
        let line = sheet.ink().tone(Tone::Warn, "Not the whole picture:");
        sheet.hang("! ", &line);
        for caution in view.cautions.iter().take(LINES) {
            let line = sheet.ink().say(caution);
            sheet.hang("  - ", &line);
        }
        cut(sheet, view.cautions.len(), LINES);
    }
    if let Some(quiet) = view.all_quiet() {
        sheet.gap();
        let line = sheet.ink().tone(Tone::Good, &quiet);
        sheet.line("", &line);
    }
}

fn broken(sheet: &mut Sheet, view: &View) {
    let rows = view.standing(Standing::BrokenPromise);
    if rows.is_empty() {
        return;
    }
    sheet.heading("Broken promises");
    for (n, row) in rows.iter().take(CARDS).enumerate() {
        card(sheet, view, row, n + 1);
    }
    for row in rows.iter().skip(CARDS).take(LINES) {
        let line = sheet.ink().say(&escape::title(&row.challenge.title));
        let line = line.tone(Tone::Dim, &format!(" · {}", words::place(&row.challenge.place)));
        sheet.hang("  ✗ ", &line);
    }
    cut(sheet, rows.len(), CARDS + LINES);
}

fn card<'a>(sheet: &mut Sheet, view: &View<'a>, row: &Row<'a>, n: usize) {
    sheet.gap();
    let line = sheet.ink().tone(Tone::Strong, &escape::title(&row.challenge.title));
    sheet.hang(&format!("{n:>2}. "), &line);
    if !row.because.is_empty() {
        let line = sheet.ink().tone(Tone::Bad, row.because);
        sheet.line("    ", &line);
    }
    let mut about = vec![escape::plain(row.category(), TITLE)];
    about.extend(row.met());
    about.extend(row.broken_since(view).map(|at| format!("broken since {}", words::dated(at, view.now()))));
    about.extend(row.flagged_since(view.now()).map(|at| format!("flagged {}", words::ago(at, view.now()))));
    about.push(words::place(&row.challenge.place));
    let line = sheet.ink().tone(Tone::Dim, &about.join(" · "));
    sheet.line("    ", &line);
    let rows = view.rows().without(&row.challenge.title);
    for ticket in row.cites(Role::Remedy, view) {
        remedy(sheet, view, row, ticket, &rows);
    }
    let also: Vec<String> = row
        .cites(Role::Mention, view)
        .iter()
        .map(|ticket| format!("{} ({}; {})", ticket.id, ticket.verdict().word(), ticket.state(view.now())))
        .collect();
    if !also.is_empty() {
        let line = sheet.ink().tone(Tone::Dim, "also cited: ").say(&also.join(", "));
        sheet.hang("    ", &line);
    }
    for way in row.ways_out() {
        let line = sheet.ink().tone(Tone::Good, "to clear it: ").say(way);
        sheet.hang("    → ", &line);
    }
}

fn remedy(sheet: &mut Sheet, view: &View, row: &Row, ticket: &Ticket, rows: &Rows) {
    let line = sheet.ink().tone(Tone::Strong, &ticket.id.to_string());
    let line = line.tone(verdict_tone(ticket.verdict()), &format!(" {}", ticket.verdict_words()));
    let line = line.say(&format!(" · {}", ticket.state(view.now())));
    sheet.hang(&format!("    {} ", words::verdict_mark(ticket.verdict())), &line);
    if let Some(title) = ticket.title() {
        let line = sheet.ink().quote(title);
        sheet.line("      ", &line);
    }
    if let Some(aside) = ticket.aside(view.now()) {
        let line = sheet.ink().tone(Tone::Warn, &aside);
        sheet.line("      ", &line);
    }
    if let Some(link) = ticket.link() {
        let line = sheet.ink().tone(Tone::Dim, &link);
        sheet.whole("      ", &line);
    }
    let reasons = row.reasons(ticket);
    for reason in reasons.iter().take(REASONS) {
        let line = sheet.ink().tone(Tone::Strong, words::side(reason.side)).say(&format!(": {}", reason.says));
        let source = reason.source.as_deref().filter(|source| Some(*source) != ticket.url());
        let line = match source {
            Some(source) => line.tone(Tone::Dim, &format!(" ({})", rows.source(source))),
            None => line,
        };
        sheet.hang("      - ", &line);
    }
    if reasons.len() > REASONS {
        let more =
            format!("and {} more: dragnet why {}", reasons.len() - REASONS, words::shell(&ticket.id.to_string()));
        let line = sheet.ink().tone(Tone::Dim, &more);
        sheet.line("      - ", &line);
    }
}

/// One finding of a section.
fn told(sheet: &mut Sheet, view: &View, finding: &Finding) {
    let tone = match finding.severity {
        Severity::Error => Tone::Bad,
        Severity::Warning => Tone::Warn,
        Severity::Info | Severity::Off => Tone::Plain,
    };
    let mut line = sheet.ink().tone(tone, &escape::plain(&finding.message, SENTENCE));
    let challenge = finding.challenge.as_ref().and_then(|id| view.challenge(id));
    if let Some(place) = &finding.place {
        // The row is told below by its title.
        let told = if challenge.is_some() { words::place(place) } else { view.rows().place(place) };
        line = line.tone(Tone::Dim, &format!(" · {told}"));
    }
    sheet.hang(&format!("  {} ", words::severity_mark(finding.severity)), &line);
    if let Some(row) = challenge {
        let line = sheet.ink().say("in ").quote(&row.challenge.title);
        sheet.line("    ", &line);
    }
    if let Some(hint) = &finding.hint {
        let line = sheet.ink().say(hint);
        sheet.hang("    → ", &line);
    }
}

fn groups(sheet: &mut Sheet, view: &View) {
    let others = [Standing::Promised, Standing::Unknown, Standing::NoRemedy, Standing::Cleared];
    if others.iter().all(|standing| view.standing(*standing).is_empty()) {
        return;
    }
    let all = view.counts.standings.broken_promise == 0;
    sheet.heading(if all { "The challenges" } else { "The other challenges" });
    for standing in others {
        let rows = view.standing(standing);
        if rows.is_empty() {
            continue;
        }
        let names: Vec<String> = rows.iter().take(NAMES).map(|row| escape::plain(&row.challenge.title, 60)).collect();
        let more = rows.len().saturating_sub(NAMES);
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        let tone = if standing == Standing::Cleared { Tone::Good } else { Tone::Strong };
        let line = sheet.ink().tone(tone, &format!("{} {}", rows.len(), words::standing(standing)));
        let line = line.say(&format!(": {}{more}", names.join("; ")));
        sheet.hang(&format!("  {} ", words::standing_mark(standing)), &line);
    }
}

fn by_people(sheet: &mut Sheet, view: &View) {
    for (title, sentences) in view.by_people() {
        sheet.heading(&format!("{title} ({})", sentences.len()));
        for sentence in sentences.iter().take(LINES) {
            let line = sheet.ink().say(sentence);
            sheet.hang("  – ", &line);
        }
        cut(sheet, sentences.len(), LINES);
    }
}

fn chores(sheet: &mut Sheet, view: &View) {
    let chores = view.chore_words();
    if !chores.is_empty() {
        sheet.heading("Housekeeping");
        let line = sheet.ink().say(&chores.join(" · "));
        sheet.line("  ", &line);
    }
}

/// How old each statement is that the report rests on.
fn as_of(sheet: &mut Sheet, view: &View) {
    let known = view.report.known;
    if known.trackers.is_empty() && known.documents.is_empty() {
        return;
    }
    sheet.heading("As of");
    for tracker in &known.trackers {
        let worked = tracker.worked_at.map(|at| format!("answered {}", words::ago(at, view.now())));
        let worked = worked.unwrap_or_else(|| "never answered".to_owned());
        let line = sheet.ink().tone(Tone::Strong, &tracker.id.to_string()).say(&format!(" {worked}"));
        let line = match &tracker.trouble {
            Some(trouble) => line.tone(Tone::Warn, &format!("; trouble: {}", trouble.says)),
            None => line,
        };
        sheet.hang("  ", &line);
    }
    for document in known.documents.iter().take(LINES) {
        let line = sheet.ink().tone(Tone::Strong, &escape::plain(&document.path, TITLE));
        let line = line.say(&format!(" {}", words::read(document.read_at, view.now())));
        let line = match &document.trouble {
            Some(trouble) => line.tone(Tone::Warn, &format!("; trouble: {trouble}")),
            None => line,
        };
        sheet.hang("  ", &line);
    }
    cut(sheet, known.documents.len(), LINES);
}

/// Commands worth typing next, each with its purpose as a comment, so that the whole line can be copied.
fn next(sheet: &mut Sheet, view: &View) {
    if view.counts.tickets == 0 {
        return;
    }
    sheet.heading("Next");
    let broken = view.standing(Standing::BrokenPromise);
    let first = broken.iter().flat_map(|row| row.cites(Role::Remedy, view)).next();
    let first = first.or_else(|| view.tickets.values().next()).map(|ticket| ticket.id.to_string());
    let mut commands = Vec::new();
    commands.extend(first.map(|id| (format!("dragnet why {}", words::shell(&id)), "everything behind one verdict")));
    commands.push(("dragnet report --format html --output report.html".to_owned(), "this report as a page"));
    if !view.report.judged.findings.is_empty() {
        commands.push(("dragnet check --fail-on never".to_owned(), "every finding with its line and column"));
    }
    let width = commands.iter().map(|(command, _)| command.chars().count()).max().unwrap_or(0);
    for (command, purpose) in commands {
        let gap = width - command.chars().count() + 2;
        let line = sheet.ink().tone(Tone::Strong, &command).gap(gap).tone(Tone::Dim, &format!("# {purpose}"));
        sheet.whole("  ", &line);
    }
}

fn cut(sheet: &mut Sheet, all: usize, shown: usize) {
    if all > shown {
        let line = sheet.ink().tone(Tone::Dim, &format!("… and {} more: dragnet report --format json", all - shown));
        sheet.line("  ", &line);
    }
}

/// The tone of a verdict's word.
pub(super) fn verdict_tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Undone | Verdict::Missing => Tone::Bad,
        Verdict::Done => Tone::Good,
        Verdict::Unverified | Verdict::Unknown => Tone::Warn,
        Verdict::Open => Tone::Plain,
    }
}
