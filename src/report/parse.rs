//! A document as understood, for `parse`.

use serde::Serialize;

use crate::domain::challenge::{Anecdote, Challenge};
use crate::domain::document::{Document, Form, Kind};
use crate::domain::finding::Problem;
use crate::domain::minutes::{Meeting, Topic};

use super::escape::{self, NAME, SENTENCE};
use super::json::{SCHEMA, write};
use super::sheet::{Sheet, Tone};
use super::{Style, words};

#[derive(Serialize)]
struct Parsed<'a> {
    schema: u32,
    path: &'a str,
    form: Form,
    kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    challenges: Option<&'a [Challenge]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    meetings: Option<&'a [Meeting]>,
    problems: &'a [Problem],
}

/// A register with its `challenges`, or minutes with their `meetings`; prose has both lists, empty.
pub fn parse_json(document: &Document) -> String {
    write(&Parsed {
        schema: SCHEMA,
        path: &document.path,
        form: document.form,
        kind: document.kind,
        challenges: (document.kind != Kind::Minutes).then_some(&document.challenges),
        meetings: (document.kind != Kind::Register).then_some(&document.meetings),
        problems: &document.problems,
    })
}

/// The document as understood, for people.
pub fn parse_text(document: &Document, style: Style) -> String {
    let mut sheet = Sheet::new(style);
    let totals = match document.kind {
        Kind::Register => {
            let mut categories: Vec<_> = document.challenges.iter().filter_map(|one| one.category.as_deref()).collect();
            categories.sort_unstable();
            categories.dedup();
            let categories = words::counted(categories.len(), "category", "categories");
            format!("a register: {} in {categories}", words::count(document.challenges.len(), "challenge"))
        }
        Kind::Minutes => {
            let topics = document.meetings.iter().map(|meeting| meeting.topics.len()).sum();
            format!("minutes: {}, {}", words::count(document.meetings.len(), "meeting"), words::count(topics, "topic"))
        }
        Kind::Prose => "prose: neither a register nor minutes".to_owned(),
    };
    let line = sheet.ink().tone(Tone::Strong, &document.path).say(&format!(" reads as {totals}"));
    sheet.line("", &line);
    for challenge in &document.challenges {
        row(&mut sheet, challenge);
    }
    for meeting in &document.meetings {
        minutes(&mut sheet, meeting);
    }
    problems(&mut sheet, document);
    sheet.done()
}

fn row(sheet: &mut Sheet, challenge: &Challenge) {
    sheet.gap();
    let line = sheet.ink().tone(Tone::Strong, &escape::title(&challenge.title));
    sheet.hang("* ", &line);
    let mut about = vec![escape::plain(challenge.category.as_deref().unwrap_or("no category"), escape::TITLE)];
    about.extend(
        challenge.occurrences.map(|n| format!("met {}", words::times(usize::try_from(n).unwrap_or(usize::MAX)))),
    );
    about.push(challenge.place.to_string());
    let line = sheet.ink().tone(Tone::Dim, &about.join(" · "));
    sheet.line("  ", &line);
    for anecdote in &challenge.anecdotes {
        let line = sheet.ink().say(&anecdote_words(anecdote));
        sheet.hang("  - ", &line);
    }
    if !challenge.status.text.is_empty() {
        let line = sheet.ink().tone(Tone::Strong, "status: ").say(&challenge.status.text);
        sheet.hang("  ", &line);
    }
    for note in &challenge.status.notes {
        let about = note.ticket.as_ref().map(|id| format!(" on {id}")).unwrap_or_default();
        let line =
            sheet.ink().tone(Tone::Strong, "note").say(&format!("{about}: ")).say(&escape::plain(&note.text, SENTENCE));
        sheet.hang("  ", &line);
    }
    if !challenge.tickets.is_empty() {
        let tickets: Vec<String> = challenge.tickets.iter().map(ToString::to_string).collect();
        let line = sheet.ink().tone(Tone::Strong, "tickets: ").say(&tickets.join(", "));
        sheet.hang("  ", &line);
    }
}

fn anecdote_words(anecdote: &Anecdote) -> String {
    let mut about = vec![words::told(anecdote).unwrap_or_else(|| "no date".to_owned())];
    about.extend(anecdote.teams.iter().map(|team| escape::plain(team, NAME)));
    format!("{}: {}", about.join(", "), escape::plain(&anecdote.text, 300))
}

fn minutes(sheet: &mut Sheet, meeting: &Meeting) {
    sheet.gap();
    let skipped = if meeting.skipped { " · skipped" } else { "" };
    let line =
        sheet.ink().tone(Tone::Strong, &words::day(meeting.date)).tone(Tone::Dim, &format!(" · {}", meeting.place));
    sheet.line("", &line.say(skipped));
    for topic in &meeting.topics {
        let line = sheet.ink().say(&topic_words(topic));
        sheet.hang("  - ", &line);
        for follow_up in &topic.follow_ups {
            let line = sheet.ink().tone(Tone::Strong, "follow-up: ").say(&follow_up.text);
            sheet.hang("    → ", &line);
        }
    }
}

fn topic_words(topic: &Topic) -> String {
    let mut says = String::new();
    if let Some(intention) = &topic.intention {
        says.push_str(&format!("[{}] ", escape::plain(intention, NAME)));
    }
    if let Some(speaker) = &topic.speaker {
        says.push_str(&format!("{}: ", escape::plain(speaker, NAME)));
    }
    says.push_str(&escape::plain(&topic.text, 300));
    let mut about = Vec::new();
    if !topic.replies.is_empty() {
        about.push(words::counted(topic.replies.len(), "reply", "replies"));
    }
    if topic.assumed {
        about.push("assumed to be a topic".to_owned());
    }
    about.extend(topic.tickets.iter().map(ToString::to_string));
    if !about.is_empty() {
        says.push_str(&format!(" ({})", about.join(", ")));
    }
    says
}

fn problems(sheet: &mut Sheet, document: &Document) {
    if document.problems.is_empty() {
        return;
    }
    sheet.heading(&words::count(document.problems.len(), "problem"));
    for problem in &document.problems {
        let line = sheet.ink().say(&format!("{}: ", problem.place)).tone(Tone::Warn, problem.code.word());
        sheet.whole("  ", &line.say(": ").say(&escape::plain(&problem.message, SENTENCE)));
        if let Some(hint) = &problem.hint {
            let line = sheet.ink().say(hint);
            sheet.hang("    → ", &line);
        }
    }
}
