//! One ticket by REST, where a missing one is told apart: moved, deleted, never there, or not for us to see.

use ::http::StatusCode;
use ::http::header::LOCATION;
use url::Url;

use super::super::inquiry::Setback;
use super::home::Home;
use super::wire::Issue;
use super::{Address, Asking};
use crate::domain::lookup::{Lookup, Trouble};
use crate::http::Reply;

/// A repository may have been renamed and the issue transferred since; more than these two hops is a circle.
const HOPS: usize = 2;

impl Asking {
    /// Looks one ticket up.
    pub(super) async fn single(&self, address: &Address<'_>) -> Result<Lookup, Setback> {
        let Address { owner, repo, number } = address;
        let line = &self.github.line;
        let mut reply = line.get(&format!("/repos/{owner}/{repo}/issues/{number}")).await?;
        let mut hops = 0;
        while reply.status.is_redirection() {
            if let Some(there) = self.discussion(&reply) {
                return Ok(Lookup::Gone { proof: format!("it was converted to a discussion: {there}") });
            }
            if hops == HOPS {
                return Err(reply.misread("redirects in circles").into());
            }
            reply = line.follow(&reply).await?;
            hops += 1;
        }
        match reply.status {
            StatusCode::OK => {
                let issue: Issue = reply.json()?;
                let lookup = self.github.read_issue(address, issue);
                lookup.ok_or_else(|| reply.misread("told of an issue in an unknown form").into())
            }
            StatusCode::NOT_FOUND | StatusCode::GONE if hops > 0 => {
                said(&reply)?;
                let because = "it was moved to a place that these credentials do not show".to_owned();
                Ok(Lookup::Hidden { because })
            }
            StatusCode::NOT_FOUND => {
                said(&reply)?;
                self.missing(address).await
            }
            StatusCode::GONE => {
                said(&reply)?;
                self.deleted(address).await
            }
            StatusCode::FORBIDDEN | StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS if !reply.is_limit() => {
                Ok(Lookup::Hidden { because: said(&reply)? })
            }
            _ => Err(unexpected(&reply)),
        }
    }

    /// The discussion that a redirect leads to, here or on the site that people see.
    fn discussion(&self, redirect: &Reply) -> Option<Url> {
        let mut there = redirect.url.join(redirect.header(LOCATION.as_str())?).ok()?;
        there.set_query(None);
        let is_here = [&redirect.url, &self.github.site].iter().any(|home| home.origin() == there.origin());
        let mut path = there.path_segments()?.rev();
        let is_number = path.next()?.parse::<u64>().is_ok();
        (is_here && is_number && path.next() == Some("discussions")).then_some(there)
    }

    /// A 404 proves nothing by itself: the same answer stands for "not for you". A repository whose issues we see
    /// proves it.
    async fn missing(&self, address: &Address<'_>) -> Result<Lookup, Setback> {
        let number = address.number;
        Ok(match self.home(address).await? {
            Home::Visible { full_name, has_issues: true, shows_tickets: true } => {
                Lookup::Gone { proof: format!("{full_name} is visible, and has no issue or pull request #{number}") }
            }
            Home::Visible { full_name, has_issues: false, .. } => {
                Lookup::Hidden { because: format!("{full_name} has its issues switched off") }
            }
            Home::Visible { full_name, .. } => Lookup::Hidden {
                because: format!("{full_name} is visible, but not all its tickets are with these credentials"),
            },
            Home::Hidden { because } => Lookup::Hidden { because },
        })
    }

    /// A 410 says "deleted", and also "issues are switched off here". Then pull requests live on under their own path.
    async fn deleted(&self, address: &Address<'_>) -> Result<Lookup, Setback> {
        let Address { owner, repo, number } = address;
        match self.home(address).await? {
            Home::Visible { full_name, has_issues: false, .. } => {
                let reply = self.github.line.get(&format!("/repos/{owner}/{repo}/pulls/{number}")).await?;
                match reply.status {
                    StatusCode::OK => {
                        let pull: Issue = reply.json()?;
                        let lookup = self.github.read_pull(address, pull);
                        lookup.ok_or_else(|| reply.misread("told of a pull request in an unknown form").into())
                    }
                    StatusCode::NOT_FOUND => {
                        said(&reply)?;
                        Ok(Lookup::Hidden { because: format!("{full_name} has its issues switched off") })
                    }
                    _ => Err(unexpected(&reply)),
                }
            }
            _ => Ok(Lookup::Gone { proof: format!("GitHub answers 410: #{number} was deleted from {owner}/{repo}") }),
        }
    }
}

/// GitHub says in JSON what is missing. A proxy's own page, or a wrong address, does not.
fn said(reply: &Reply) -> Result<String, Trouble> {
    reply.complaint().ok_or_else(|| {
        reply.misread(&format!("answered {}, but not as GitHub does; is `api_url` right?", reply.status))
    })
}

/// A status that means nothing for a look-up, only for the attempt.
pub(super) fn unexpected(reply: &Reply) -> Setback {
    reply
        .refusal()
        .unwrap_or_else(|| reply.misread(&format!("answered {}, which is unknown here", reply.status)))
        .into()
}
