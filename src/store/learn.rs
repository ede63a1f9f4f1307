//! What one answer makes of what was known of a ticket, and which changes it writes into the ticket's history.
//!
//! 1. Only a proving answer (found, moved, gone) touches what is proven, where the ticket is, or the last good answer.
//! 2. An answer that says what was known already writes nothing into the history.
//! 3. An answer that could not tell never writes into the history, or a night's outage would add two rows a ticket.
//! 4. Hidden is history only for a ticket that nothing was ever proven of, and once: there it is all that is known. Later
//!    it is a lost permission as often as not, and one token that ran out would rewrite the history of everything.
//! 5. The history read forward gives the last good answer, as far as it is told: each row starts from what the one
//!    before it left.
//! 6. A ticket that moved keeps one history, under the id that documents cite.
//! 7. An answer that did not look at the closing keeps what an earlier look told of the same closing.

use crate::domain::known::{Change, KnownTicket};
use crate::domain::lookup::{Lookup, LookupKind};
use crate::domain::ticket::{Ticket, TicketId};
use crate::domain::time::Moment;

/// The field under which a change of the look-up is told.
pub(super) const LOOKUP: &str = "lookup";

/// Fields of a first answer that open a history. The rest is told when it changes.
const OPENING: [&str; 3] = ["state", "reason", "closed_at"];

/// Takes an answer in. `told` is the look-up that the history told last.
pub(super) fn learn(known: &mut KnownTicket, told: Option<LookupKind>, lookup: &Lookup, at: Moment) -> Vec<Change> {
    let mut history = Vec::new();
    let mut change = |field: &str, before: Option<String>, after: Option<String>| {
        if before != after {
            history.push(Change { seen_at: at, field: field.to_owned(), before, after });
        }
    };
    let kind = lookup.kind();
    known.lookup = kind;
    known.asked_at = Some(at);
    known.lookup_says = says(lookup);

    let word = |kind: LookupKind| kind.word().to_owned();
    let (facts, moved_to) = match lookup {
        // Listings speak through `tickets::confirm`, which needs nothing of this.
        Lookup::Unknown(_) | Lookup::Unchanged => return history,
        Lookup::Hidden { .. } => {
            if known.proven.is_none() {
                change(LOOKUP, told.map(word), Some(word(kind)));
            }
            return history;
        }
        Lookup::Found(ticket) => (Some(ticket), None),
        Lookup::Moved { to, ticket } => (ticket.as_ref(), Some(to)),
        Lookup::Gone { .. } => (None, None),
    };
    change(LOOKUP, told.map(word), Some(word(kind)));
    known.proven = Some(kind);
    known.proven_at = Some(at);

    if known.moved_to.as_ref() != moved_to {
        change("moved_to", known.moved_to.as_ref().map(TicketId::to_string), moved_to.map(TicketId::to_string));
    }
    known.moved_to = moved_to.cloned();

    if let Some(ticket) = facts {
        let mut ticket = Ticket::clone(ticket);
        match &known.facts {
            Some(before) => {
                ticket.recall(before);
                for ((field, before), (_, after)) in fields(before).into_iter().zip(fields(&ticket)) {
                    change(field, before, after);
                }
            }
            None => {
                for (field, after) in fields(&ticket) {
                    if OPENING.contains(&field) {
                        change(field, None, after);
                    }
                }
            }
        }
        known.facts = Some(Box::new(ticket));
        known.good_at = Some(at);
    }
    history
}

/// What the look-up says where the ticket was not plainly found; a move speaks for itself.
fn says(lookup: &Lookup) -> Option<String> {
    match lookup {
        Lookup::Found(_) | Lookup::Unchanged | Lookup::Moved { .. } => None,
        Lookup::Gone { proof } => Some(proof.clone()),
        Lookup::Hidden { because } => Some(because.clone()),
        Lookup::Unknown(trouble) => Some(trouble.says.clone()),
    }
}

/// The fields whose changes make a ticket's history. `updated_at` is left out, for it moves with every comment; so are
/// the id and the link that follows from it, for a move says both.
fn fields(ticket: &Ticket) -> [(&'static str, Option<String>); 12] {
    let moment = |at: Option<Moment>| at.map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true));
    let kind = match ticket.kind {
        crate::domain::ticket::TicketKind::Issue => "issue",
        crate::domain::ticket::TicketKind::Pull => "pull",
    };
    [
        ("kind", Some(kind.to_owned())),
        ("title", Some(ticket.title.clone())),
        ("state", Some(ticket.state.clone())),
        ("status_category", ticket.status_category.clone()),
        ("closed", Some(ticket.closed.to_string())),
        ("reason", ticket.reason.clone()),
        ("merged", ticket.merged.map(|merged| merged.to_string())),
        ("created_at", moment(ticket.created_at)),
        ("closed_at", moment(ticket.closed_at)),
        ("closed_by", ticket.closed_by.clone()),
        ("duplicate_of", ticket.duplicate_of.as_ref().map(TicketId::to_string)),
        ("native_id", ticket.native_id.clone()),
    ]
}
