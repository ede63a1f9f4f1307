//! Everything behind one verdict: what is cited and noted, what happened in order of time, the evidence, and what
//! would clear it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::challenge::{Challenge, ChallengeId};
use crate::domain::finding::Finding;
use crate::domain::reference::Role;
use crate::domain::ticket::TicketId;
use crate::domain::verdict::{Evidence, Standing};

use super::challenge::Row;
use super::deeds::Subject;
use super::json::{ChallengeOut, EvidenceOut, FindingOut, SCHEMA, TicketOut, write};
use super::rows::Rows;
use super::sheet::{Ink, Sheet, Tone};
use super::story::{Entry, Story};
use super::text::verdict_tone;
use super::ticket::Ticket;
use super::view::View;
use super::{Report, Style, escape, words};

/// Everything behind one ticket's verdict, as text; `None` when nothing is known of it.
pub fn why(report: &Report, ticket: &TicketId, style: Style) -> Option<String> {
    let view = View::new(report);
    let about = AboutTicket::new(&view, ticket)?;
    let ticket = &about.ticket;
    let mut sheet = Sheet::new(style);
    let line = sheet.ink().tone(Tone::Strong, &ticket.id.to_string());
    let line = match ticket.title() {
        Some(title) => line.say(" ").quote(title),
        None => line,
    };
    sheet.line("", &line);
    if let Some(link) = ticket.link() {
        let line = sheet.ink().tone(Tone::Dim, &link);
        sheet.whole("", &line);
    }
    sheet.gap();
    let verdict = ticket.verdict();
    let line = sheet.ink().tone(verdict_tone(verdict), &ticket.verdict_words());
    let line = line.say(&format!(" · {}", ticket.state(report.now)));
    sheet.hang(&format!("{} ", words::verdict_mark(verdict)), &line);
    if let Some(aside) = ticket.aside(report.now) {
        let line = sheet.ink().tone(Tone::Warn, &aside);
        sheet.line("  ", &line);
    }
    let tickets = [ticket].into_iter().filter_map(|ticket| Some((ticket.url()?, ticket.id))).collect();
    let sources = Sources { tickets, rows: view.rows().clone() };
    timeline(&mut sheet, &about.story, &sources);
    sheet.heading("Evidence");
    about.evidence.iter().for_each(|one| evidence(&mut sheet, one, &sources));
    if about.evidence.is_empty() {
        let line = sheet.ink().say("none: nothing was seen that speaks for or against");
        sheet.line("  ", &line);
    }
    clear(&mut sheet, &about.clear);
    Some(sheet.done())
}

/// The same as JSON; `None` when nothing is known of the ticket.
pub fn why_json(report: &Report, ticket: &TicketId) -> Option<String> {
    let view = View::new(report);
    let about = AboutTicket::new(&view, ticket)?;
    Some(write(&Why {
        schema: SCHEMA,
        generated_at: words::rfc3339(report.now),
        ticket: Some(TicketOut::new(&about.ticket)),
        challenge: None,
        timeline: &about.story,
        evidence: about.evidence.iter().map(|evidence| EvidenceOut::new(evidence)).collect(),
        findings: about.findings.iter().map(|finding| FindingOut::new(finding, report)).collect(),
        clear: &about.clear,
    }))
}

/// Everything behind one challenge's standing, as text; `None` when no document has it.
pub fn why_challenge(report: &Report, id: &ChallengeId, style: Style) -> Option<String> {
    let view = View::new(report);
    let row = view.challenge(id)?;
    let mut sheet = Sheet::new(style);
    let line = sheet.ink().tone(Tone::Strong, &escape::title(&row.challenge.title));
    sheet.line("", &line);
    let mut about = vec![escape::plain(row.category(), escape::TITLE)];
    about.extend(row.met());
    about.push(words::place(&row.challenge.place));
    let line = sheet.ink().tone(Tone::Dim, &about.join(" · "));
    sheet.line("", &line);
    sheet.gap();
    let tone = if row.standing == Standing::BrokenPromise { Tone::Bad } else { Tone::Strong };
    let because = if row.because.is_empty() { String::new() } else { format!(": {}", row.because) };
    let line = sheet.ink().tone(tone, words::standing(row.standing)).say(&because);
    sheet.hang(&format!("{} ", words::standing_mark(row.standing)), &line);
    for role in [Role::Remedy, Role::Mention] {
        for ticket in row.cites(role, &view) {
            let line = sheet.ink().tone(Tone::Strong, &ticket.id.to_string());
            let line = line.tone(verdict_tone(ticket.verdict()), &format!(" {}", ticket.verdict_words()));
            let role = if role == Role::Remedy { "remedy" } else { "cited in passing" };
            let line = line.say(&format!(" · {role} · {}", ticket.state(report.now)));
            sheet.hang(&format!("  {} ", words::verdict_mark(ticket.verdict())), &line);
            if let Some(link) = ticket.link() {
                let line = sheet.ink().tone(Tone::Dim, &link);
                sheet.whole("    ", &line);
            }
        }
    }
    let tickets = row.tickets.iter().filter_map(|(id, _)| Some((view.tickets.get(id)?.url()?, *id))).collect();
    let sources = Sources { tickets, rows: view.rows().without(&row.challenge.title) };
    timeline(&mut sheet, &challenge_story(&view, row), &sources);
    for ticket in row.cites(Role::Remedy, &view) {
        let reasons = row.reasons(ticket);
        if !reasons.is_empty() {
            sheet.heading("Evidence");
            let line = sheet.ink().tone(Tone::Strong, &ticket.id.to_string());
            sheet.line("  ", &line);
            reasons.iter().for_each(|one| evidence(&mut sheet, one, &sources));
        }
    }
    clear(&mut sheet, &row.ways_out());
    Some(sheet.done())
}

/// The same as JSON; `None` when no document has the challenge.
pub fn why_challenge_json(report: &Report, id: &ChallengeId) -> Option<String> {
    let view = View::new(report);
    let row = view.challenge(id)?;
    let story = challenge_story(&view, row);
    let reasons = row.cites(Role::Remedy, &view).into_iter().flat_map(|ticket| row.reasons(ticket));
    Some(write(&Why {
        schema: SCHEMA,
        generated_at: words::rfc3339(report.now),
        ticket: None,
        challenge: Some(ChallengeOut::new(row)),
        timeline: &story,
        evidence: reasons.map(EvidenceOut::new).collect(),
        findings: row.findings.iter().map(|finding| FindingOut::new(finding, report)).collect(),
        clear: &row.ways_out(),
    }))
}

#[derive(Serialize)]
struct Why<'a> {
    schema: u32,
    generated_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket: Option<TicketOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    challenge: Option<ChallengeOut<'a>>,
    timeline: &'a [Entry],
    evidence: Vec<EvidenceOut<'a>>,
    findings: Vec<FindingOut<'a>>,
    clear: &'a [&'a str],
}

/// What there is to say about one ticket.
pub(super) struct AboutTicket<'a> {
    pub(super) ticket: Ticket<'a>,
    pub(super) story: Vec<Entry>,
    pub(super) evidence: Vec<&'a Evidence>,
    pub(super) findings: Vec<&'a Finding>,
    pub(super) clear: Vec<&'a str>,
}

impl<'a> AboutTicket<'a> {
    pub(super) fn new(view: &View<'a>, id: &TicketId) -> Option<Self> {
        let (known, judged) = (view.report.known, view.report.judged);
        let cited = view.tickets.get(id).map(|ticket| ticket.cited.clone()).unwrap_or_default();
        let its = known.ticket(id).map(|known| &known.id);
        let its = its.or_else(|| judged.tickets.get_key_value(id).map(|(id, _)| id));
        let its = its.or_else(|| cited.first().map(|citation| &citation.reference.ticket))?;
        let ticket = Ticket::new(&view.report, its, cited);
        let findings: Vec<&Finding> =
            judged.findings.iter().filter(|finding| finding.ticket.as_ref() == Some(id)).collect();

        let mut story = Story::new(&view.report);
        for citation in &ticket.cited {
            story.citation(its, citation, Subject::Ticket(its, &[]));
            if let Some(challenge) = citation.challenge {
                story.notes(challenge, Some(its));
                // All of them: an anecdote that does not name the ticket may tell that the pain came back.
                challenge.anecdotes.iter().for_each(|anecdote| story.anecdote(anecdote));
            }
        }
        story.ticket(&ticket);
        let citing: Vec<&Challenge> = ticket.cited.iter().filter_map(|citation| citation.challenge).collect();
        story.decisions(Subject::Ticket(its, &citing));
        findings.iter().for_each(|finding| story.finding(finding));

        let mut evidence: Vec<&Evidence> = ticket.evidence().iter().collect();
        for more in findings.iter().flat_map(|finding| &finding.evidence) {
            if !evidence.iter().any(|other| other.says == more.says && other.source == more.source) {
                evidence.push(more);
            }
        }
        let mut clear: Vec<&str> = findings.iter().filter_map(|finding| finding.hint.as_deref()).collect();
        clear.sort_unstable();
        clear.dedup();
        Some(Self { ticket, story: story.told(), evidence, findings, clear })
    }
}

/// The story of a challenge and its tickets.
pub(super) fn challenge_story(view: &View, row: &Row) -> Vec<Entry> {
    let mut story = Story::new(&view.report);
    for (id, _) in &row.tickets {
        let Some(ticket) = view.tickets.get(id) else { continue };
        let here = |its: &&super::ticket::Citation| its.challenge.is_some_and(|other| other.id == row.challenge.id);
        ticket
            .cited
            .iter()
            .filter(here)
            .for_each(|citation| story.citation(id, citation, Subject::Challenge(row.challenge)));
        story.ticket(ticket);
    }
    story.notes(row.challenge, None);
    story.linked();
    story.suggested();
    row.challenge.anecdotes.iter().for_each(|anecdote| story.anecdote(anecdote));
    story.register();
    story.decisions(Subject::Challenge(row.challenge));
    story.standings(row.challenge);
    row.findings.iter().for_each(|finding| story.finding(finding));
    story.told()
}

fn timeline(sheet: &mut Sheet, story: &[Entry], sources: &Sources) {
    let mut part = None;
    for entry in story {
        if part != Some(entry.when.is_some()) {
            part = Some(entry.when.is_some());
            sheet.heading(if entry.when.is_some() { "In order of time" } else { "As it stands" });
        }
        let line = match &entry.when {
            Some(when) => sheet.ink().tone(Tone::Strong, &format!("{when}: ")),
            None => sheet.ink(),
        };
        let line = line.say(&entry.says);
        sheet.hang("  - ", &sources.after(line, &entry.says, entry.source.as_deref()));
    }
}

fn evidence(sheet: &mut Sheet, one: &Evidence, sources: &Sources) {
    let line = sheet.ink().tone(Tone::Strong, words::side(one.side)).say(&format!(": {}", one.says));
    let line = line.tone(Tone::Dim, &format!(" [{}]", one.rule));
    let line = match one.at {
        Some(at) => line.tone(Tone::Dim, &format!(" {}", words::day(at.date_naive()))),
        None => line,
    };
    sheet.hang("  - ", &sources.after(line, &one.says, one.source.as_deref()));
}

/// The addresses of the tickets told of. A line that comes from one of them names the ticket instead, whose address
/// stands above, and names it once. A line that comes from a wiki names its row, unless that is what is told of.
struct Sources<'a> {
    tickets: BTreeMap<&'a str, &'a TicketId>,
    rows: Rows<'a>,
}

impl Sources<'_> {
    fn after(&self, line: Ink, says: &str, source: Option<&str>) -> Ink {
        let Some(source) = source else { return line };
        match self.tickets.get(source).map(ToString::to_string) {
            Some(id) if says.contains(&id) => line,
            Some(id) => line.tone(Tone::Dim, &format!(" ({id})")),
            None => line.tone(Tone::Dim, &format!(" ({})", self.rows.source(source))),
        }
    }
}

fn clear(sheet: &mut Sheet, ways: &[&str]) {
    if ways.is_empty() {
        return;
    }
    sheet.heading("What would clear it");
    for way in ways {
        let line = sheet.ink().say(way);
        sheet.hang("  → ", &line);
    }
}
