//! What people decided, each deed as a sentence of a story.

use chrono::NaiveDate;

use crate::domain::act::{Act, Deed};
use crate::domain::challenge::Challenge;
use crate::domain::judged::Waived;
use crate::domain::ticket::TicketId;

use super::{escape, words};

/// Whose story is told.
#[derive(Clone, Copy)]
pub(super) enum Subject<'a> {
    /// A ticket's, which these challenges cite.
    Ticket(&'a TicketId, &'a [&'a Challenge]),
    /// A challenge's, with its tickets.
    Challenge(&'a Challenge),
}

impl Subject<'_> {
    /// Whether a deed belongs to it: one about its ticket in another challenge does not, nor one about another ticket of its
    /// challenge.
    pub(super) fn has(self, act: &Act) -> bool {
        match self {
            Self::Ticket(id, _) => act.ticket.as_ref().is_none_or(|its| its == id),
            Self::Challenge(challenge) => act.challenge.as_ref().is_none_or(|its| *its == challenge.id),
        }
    }

    /// `closed-undone for jira:OPS-7 of “Builds are slow”`; what the story is about anyway is not named.
    fn what(self, act: &Act) -> String {
        let code = act.code.map(|code| code.to_string()).unwrap_or_default();
        let named = match self {
            Self::Ticket(_, citing) => act.challenge.as_ref().map(|id| {
                let title =
                    citing.iter().find(|its| its.id == *id).map(|its| format!("“{}”", escape::title(&its.title)));
                title.unwrap_or_else(|| id.to_string())
            }),
            Self::Challenge(_) => None,
        };
        match (&act.ticket, named) {
            (Some(ticket), Some(challenge)) => format!("{code} for {ticket} of {challenge}"),
            (Some(ticket), None) => format!("{code} for {ticket}"),
            (None, Some(challenge)) => format!("{code} for {challenge}"),
            (None, None) => code,
        }
    }
}

/// A deed in a sentence that can be read alone.
pub(super) fn sentence(act: &Act, told: Subject) -> String {
    let Act { by, deed, ticket, reason, before, after, .. } = act;
    let who = by.as_deref().filter(|name| !name.trim().is_empty()).unwrap_or("somebody");
    let why = reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
    let was = before.as_deref().map(spelled);
    let until_then = was.as_ref().map(|was| format!(" (until then {was})")).unwrap_or_default();
    let (what, is) = (told.what(act), after.as_deref().map(spelled).unwrap_or_default());
    let ticket = ticket.as_ref().map(ToString::to_string).unwrap_or_default();
    match (deed, act.code) {
        (Deed::Accepted, _) => format!("{who} accepted {what} {}{why}{until_then}", lasting(&is)),
        (Deed::Snoozed, _) => format!("{who} put off {what} {}{why}{until_then}", lasting(&is)),
        (Deed::Decided, _) => format!("{who} decided that {ticket} is {is}{why}{until_then}"),
        (Deed::TookBack, Some(_)) => {
            let was = was.map(|was| format!(", which was {was}")).unwrap_or_default();
            format!("{who} took back the waiver of {what}{was}{why}")
        }
        (Deed::TookBack, None) => format!("{who} left {ticket} to the rules again{why}{until_then}"),
        (Deed::Woke, _) => format!("{what}, which was put off, came back{why}"),
    }
}

/// What covers a finding and is no deed of the audit trail: a waiver of the configuration or of a document.
pub(super) fn standing(waived: &Waived) -> String {
    let (waiver, code) = (&waived.waiver, waived.finding.code);
    let by = waiver.by.as_deref().map(|by| format!(" by {by}")).unwrap_or_default();
    let of = waived.finding.ticket.as_ref().map(|ticket| format!(" for {ticket}")).unwrap_or_default();
    format!("{code}{of} is accepted{by} until {}: {}", words::day(waiver.until), waiver.reason)
}

/// How long, without what: `until 31 March 2027`.
fn lasting(is: &str) -> &str {
    ["accepted ", "snoozed "].iter().find_map(|word| is.strip_prefix(word)).unwrap_or(is)
}

/// The days in what the trail says of a waiver as people write them.
fn spelled(kept: &str) -> String {
    let spell = |word: &str| {
        let (day, comma) = word.strip_suffix(',').map_or((word, ""), |day| (day, ","));
        day.parse::<NaiveDate>().map_or_else(|_| word.to_owned(), |day| format!("{}{comma}", words::day(day)))
    };
    kept.split(' ').map(spell).collect::<Vec<_>>().join(" ")
}
