//! What people type as the name of a ticket.

use crate::domain::document::{Form, Reading};
use crate::domain::ticket::TicketId;
use crate::domain::tracker::Claims;
use crate::{documents, references};

/// The ticket that was typed: an id, or whatever would be a reference in a document.
pub fn named(typed: &str, claims: &Claims) -> Option<TicketId> {
    typed.parse().ok().or_else(|| {
        let document = documents::read("", typed.to_owned(), &Reading::of(Form::Text));
        references::scan(&document, claims).references.into_iter().next().map(|reference| reference.ticket)
    })
}
