//! Repositories: whether we see one decides what a missing ticket in it means.

use std::sync::{Arc, PoisonError};

use ::http::StatusCode;

use super::super::inquiry::{Outcome, Setback};
use super::single::unexpected;
use super::wire::Repository;
use super::{Address, Asking, Step};
use crate::domain::lookup::Lookup;
use crate::domain::ticket::TicketId;

/// What is known of a repository.
#[derive(Debug, Clone)]
pub(super) enum Home {
    /// These credentials see it.
    Visible {
        /// `owner/repo` as GitHub spells it now.
        full_name: String,
        /// Whether it has issues at all; where it has none, issues answer as if deleted.
        has_issues: bool,
        /// Whether its issues and pull requests are ours to see as well, which share their numbers. A token may show a
        /// private repository and not these.
        shows_tickets: bool,
    },
    /// They do not.
    Hidden {
        /// What GitHub said.
        because: String,
    },
}

impl Asking {
    /// Looks at a repository, once per asking.
    pub(super) async fn home(&self, address: &Address<'_>) -> Result<Home, Setback> {
        let name = format!("{}/{}", address.owner, address.repo).to_ascii_lowercase();
        let cell = {
            let mut homes = self.homes.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(homes.entry(name).or_default())
        };
        cell.get_or_try_init(|| self.look_at(address)).await.cloned()
    }

    async fn look_at(&self, address: &Address<'_>) -> Result<Home, Setback> {
        let line = &self.github.line;
        let name = format!("{}/{}", address.owner, address.repo);
        let mut reply = line.get(&format!("/repos/{name}")).await?;
        if reply.status.is_redirection() {
            reply = line.follow(&reply).await?;
        }
        match reply.status {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND if reply.complaint().is_some() => {
                return Ok(Home::Hidden { because: format!("{name} is not visible with these credentials (404)") });
            }
            StatusCode::FORBIDDEN | StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS if !reply.is_limit() => {
                let said = reply.complaint().ok_or_else(|| reply.misread("answered 403 without saying why"))?;
                return Ok(Home::Hidden { because: format!("{name} is not visible with these credentials: {said}") });
            }
            _ => return Err(unexpected(&reply)),
        }
        let repository: Repository = reply.json()?;
        let full_name = repository.full_name.ok_or_else(|| reply.misread("told of a repository without a name"))?;
        let has_issues = repository.has_issues.unwrap_or(true);
        // A public repository's are public; those of a private one have permissions of their own.
        let shows_tickets = repository.private == Some(false)
            || (self.lists(&full_name, "issues").await? && self.lists(&full_name, "pulls").await?);
        Ok(Home::Visible { full_name, has_issues, shows_tickets })
    }

    async fn lists(&self, full_name: &str, what: &str) -> Result<bool, Setback> {
        let reply = self.github.line.get(&format!("/repos/{full_name}/{what}?state=all&per_page=1")).await?;
        match reply.status {
            StatusCode::OK => Ok(true),
            StatusCode::NOT_FOUND | StatusCode::GONE => Ok(false),
            StatusCode::FORBIDDEN if !reply.is_limit() => Ok(false),
            _ => Err(unexpected(&reply)),
        }
    }

    /// Tickets of a repository that GraphQL does not show.
    pub(super) async fn unseen(&self, tickets: Vec<TicketId>) -> Outcome<Step> {
        let mut outcome = Outcome::new();
        let Some(address) = tickets.first().and_then(Address::of) else { return outcome };
        match self.home(&address).await {
            Ok(Home::Hidden { because }) => {
                for ticket in tickets {
                    outcome.answer(ticket, Lookup::Hidden { because: because.clone() });
                }
            }
            // Renamed, and GraphQL did not say so: each ticket tells its own way.
            Ok(Home::Visible { .. }) => outcome.next.extend(tickets.into_iter().map(Step::Single)),
            Err(setback) => outcome.fail(tickets, setback),
        }
        outcome
    }
}
