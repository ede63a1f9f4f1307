//! Words to describe a ticket with.

use super::story::{Happening, What};
use super::{Closing, Entry, GitHub, Moment, Ticket};

/// A ticket being described. Each word takes effect at once.
#[derive(Debug)]
pub struct Draft {
    pub(super) github: GitHub,
    pub(super) repo: String,
    pub(super) number: u64,
}

impl Draft {
    pub(super) fn change(self, change: impl FnOnce(&mut Ticket)) -> Self {
        if let Some(Entry::Ticket(ticket)) = self.github.state().repo(&self.repo).entries.get_mut(&self.number) {
            change(ticket);
        }
        self
    }

    /// Its title.
    pub fn titled(self, title: &str) -> Self {
        self.change(|ticket| title.clone_into(&mut ticket.title))
    }

    /// When it was opened.
    pub fn opened(self, at: Moment) -> Self {
        self.change(|ticket| {
            ticket.created_at = at;
            ticket.updated_at = ticket.updated_at.max(at);
        })
    }

    /// When anything about it changed last.
    pub fn updated(self, at: Moment) -> Self {
        self.change(|ticket| ticket.updated_at = at)
    }

    /// Closes it as GitHub did before there were reasons.
    pub fn closed(self, at: Moment) -> Self {
        self.close(at, None, false)
    }

    /// Closes it for a reason: `completed`, `not_planned`, `duplicate`.
    pub fn closed_as(self, reason: &str, at: Moment) -> Self {
        self.close(at, Some(reason.to_owned()), false)
    }

    /// Merges it.
    pub fn merged(self, at: Moment) -> Self {
        self.close(at, None, true)
    }

    /// Closes a pull request without merging it.
    pub fn closed_unmerged(self, at: Moment) -> Self {
        self.close(at, None, false)
    }

    fn close(self, at: Moment, reason: Option<String>, merged: bool) -> Self {
        self.change(|ticket| {
            let by = "octo-closer".to_owned();
            let mut happens = |what| ticket.story.happenings.push(Happening { at, by: by.clone(), what });
            if merged {
                happens(What::Merged);
            }
            happens(What::Closed { reason: reason.clone(), closer: None });
            ticket.closed = Some(Closing { at, by, reason, merged });
            ticket.updated_at = ticket.updated_at.max(at);
        })
    }

    /// Opens it again.
    pub fn reopened(self, at: Moment) -> Self {
        self.change(|ticket| {
            ticket.closed = None;
            ticket.reopened = true;
            ticket.updated_at = at;
        })
        .happens(at, "octo-author", What::Reopened)
    }
}
