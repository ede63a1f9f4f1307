//! What people type: tickets by any of their names, and people by theirs.

use super::failure::Advice;
use crate::config;
use crate::domain::act::{self, NoReason, Withdrawal, one_line};
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::tracker::Claims;
use crate::sync;

/// The ticket that was typed, where nothing else will do.
pub(super) fn certain_ticket(typed: &str, claims: &Claims) -> anyhow::Result<TicketId> {
    sync::named(typed, claims).ok_or_else(|| {
        Advice::error(
            format!("`{typed}` names no ticket"),
            "name it by its id, its link, or its key where a tracker claims the project",
        )
    })
}

/// Who decides: the name given, or the user's own.
pub(super) fn person(given: Option<&str>) -> anyhow::Result<String> {
    let name = given.map(str::to_owned).or_else(config::user_name).map(|name| one_line(&name));
    name.filter(|name| !name.is_empty())
        .ok_or_else(|| Advice::error("nobody knows who decides", "name somebody: --by \"Ada Lovelace\""))
}

/// Who takes a decision back at this moment, and why, as far as that is told.
pub(super) fn withdrawal(by: Option<&str>, reason: Option<&str>, at: Moment) -> Withdrawal {
    let reason = reason.map(one_line).filter(|reason| !reason.is_empty());
    Withdrawal { by: person(by).ok(), reason, at }
}

/// The reason given; one that says nothing is none.
pub(super) fn reason(given: Option<&str>) -> anyhow::Result<String> {
    act::reason(given.unwrap_or_default()).map_err(|wrong| {
        let hint = match wrong {
            NoReason::Empty => "say why, for whoever reads the report: --reason \"…\"",
            NoReason::TooLong => "say it in a sentence, and link to the rest",
        };
        Advice::error(wrong.to_string(), hint)
    })
}
