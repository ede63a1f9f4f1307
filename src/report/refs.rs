//! The references found in documents: JSON Lines for programs, a list for people.

use serde::Serialize;

use crate::domain::reference::{Reference, Role, Unclaimed, Within};
use crate::domain::ticket::TicketId;

use super::json::SCHEMA;
use super::sheet::{Sheet, Tone};
use super::{Style, words};

#[derive(Serialize)]
struct Line<'a> {
    schema: u32,
    ticket: &'a TicketId,
    url: Option<&'a str>,
    path: &'a str,
    line: u32,
    column: u32,
    text: &'a str,
    within: Within,
    role: Role,
}

/// One JSON object a line for each occurrence, in the order given.
pub fn refs_jsonl(refs: &[Reference]) -> String {
    let mut out = String::new();
    for reference in refs {
        let line = Line {
            schema: SCHEMA,
            ticket: &reference.ticket,
            url: reference.url.as_deref(),
            path: &reference.place.path,
            line: reference.place.line,
            column: reference.place.column,
            text: &reference.text,
            within: reference.within,
            role: reference.role,
        };
        out.push_str(&serde_json::to_string(&line).expect("our types have string keys and cannot fail to serialize"));
        out.push('\n');
    }
    out
}

/// One line for each occurrence, then what looks like a ticket and nobody claims, then the totals.
pub fn refs_text(refs: &[Reference], unclaimed: &[Unclaimed], style: Style) -> String {
    let mut sheet = Sheet::new(style);
    for reference in refs {
        let role = match reference.role {
            Role::Remedy => "remedy",
            Role::Mention => "mention",
        };
        let line = sheet.ink().tone(Tone::Dim, &format!("{}: ", reference.place));
        let line = line.tone(Tone::Strong, &reference.ticket.to_string());
        let line = line.say(&format!(" {role}, {}", reference.within.word()));
        sheet.whole("", &line);
    }
    for home in unclaimed {
        let often = words::times(home.count);
        let line = sheet.ink().tone(Tone::Dim, &format!("{}: ", home.place)).tone(Tone::Warn, &home.example);
        let line = line.say(&format!(" no tracker claims {}, named {often}", home.home));
        sheet.whole("", &line);
    }
    let mut tickets: Vec<&TicketId> = refs.iter().map(|reference| &reference.ticket).collect();
    tickets.sort();
    tickets.dedup();
    let (tickets, places) = (words::count(tickets.len(), "ticket"), words::count(refs.len(), "place"));
    let line = sheet.ink().tone(Tone::Strong, &format!("{tickets} in {places}"));
    sheet.whole("", &line);
    sheet.done()
}
