//! One ticket: where a batch said nothing, the ticket itself is asked for.

use ::http::StatusCode;

use super::super::inquiry::Setback;
use super::project::Project;
use super::shallow::Shallow;
use super::{Asking, FIELDS, Key, version};
use crate::domain::lookup::Lookup;
use crate::domain::tracker::Flavor;

impl Asking {
    /// Looks one ticket up.
    pub(super) async fn single(&self, flavor: Flavor, key: &Key) -> Result<Lookup, Setback> {
        let name = key.to_string();
        let fields = [("fields", &*FIELDS.join(","))];
        let reply = self.jira.line.get(&["rest", "api", version(flavor), "issue", &name], &fields).await?;
        if reply.status == StatusCode::NOT_FOUND {
            return match reply.complaint() {
                Some(_) => self.missing(flavor, key).await,
                None => Err(reply.misread("answered 404, but not as Jira does; is `api_url` right?").into()),
            };
        }
        // One ticket that is refused is not a tracker that refuses.
        if reply.status == StatusCode::FORBIDDEN
            && !reply.is_limit()
            && let Some(because) = reply.complaint()
        {
            return Ok(Lookup::Hidden { because });
        }
        if let Some(refusal) = reply.refusal() {
            return Err(refusal.into());
        }
        let Shallow(issue) = reply.json()?;
        let ticket = self.jira.read(issue).map_err(|_| reply.misread("told of an issue in an unknown form"))?;
        Ok(if Key::of(&ticket.id).as_ref() == Some(key) {
            Lookup::Found(Box::new(ticket))
        } else {
            Lookup::Moved { to: ticket.id.clone(), ticket: Some(Box::new(ticket)) }
        })
    }

    /// Jira says the same of what is not there and of what is not for us. Only a number above the highest of a
    /// project that we see was certainly never given.
    async fn missing(&self, flavor: Flavor, key: &Key) -> Result<Lookup, Setback> {
        let Key { project, number } = key;
        Ok(match self.project(flavor, project).await? {
            Project::Visible { highest } if *number > highest => {
                Lookup::Gone { proof: format!("{project} is visible, and its highest ticket is {project}-{highest}") }
            }
            Project::Visible { .. } => Lookup::Hidden {
                because: format!("Jira does not show {key}: it was deleted, or is not for these credentials"),
            },
            Project::Hidden { because } => Lookup::Hidden { because },
        })
    }
}
