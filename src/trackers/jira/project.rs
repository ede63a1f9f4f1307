//! Projects: whether we see one, and how far its numbers go, decides what a missing ticket in it means.

use std::sync::{Arc, PoisonError};

use ::http::StatusCode;
use serde_json::{Value, json};

use super::super::inquiry::Setback;
use super::wire::Issues;
use super::{Asking, Key};
use crate::domain::tracker::Flavor;

/// What is known of a project.
#[derive(Debug, Clone)]
pub(super) enum Project {
    /// These credentials see tickets of it.
    Visible {
        /// The highest number that they see.
        highest: u64,
    },
    /// They see none.
    Hidden {
        /// What Jira said.
        because: String,
    },
}

impl Asking {
    /// Looks at a project, once per asking.
    pub(super) async fn project(&self, flavor: Flavor, project: &str) -> Result<Project, Setback> {
        let cell = {
            let mut projects = self.projects.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(projects.entry(project.to_owned()).or_default())
        };
        cell.get_or_try_init(|| self.look_at(flavor, project)).await.cloned()
    }

    async fn look_at(&self, flavor: Flavor, project: &str) -> Result<Project, Setback> {
        let body =
            json!({"jql": format!("project = \"{project}\" ORDER BY key DESC"), "maxResults": 1, "fields": ["key"]});
        let path: &[&str] = match flavor {
            Flavor::Cloud => &["rest", "api", "3", "search", "jql"],
            Flavor::DataCenter => &["rest", "api", "2", "search"],
        };
        let reply = self.jira.line.post(path, &body).await?;
        let hidden = || Project::Hidden { because: format!("project {project} is not visible with these credentials") };
        // Jira refuses a query that names a project which we do not see.
        if reply.status == StatusCode::BAD_REQUEST && reply.complaint().is_some() {
            return Ok(hidden());
        }
        if let Some(refusal) = reply.refusal() {
            return Err(refusal.into());
        }
        let found: Issues = reply.json()?;
        let issues = found.issues.ok_or_else(|| reply.misread("sent no `issues`; is `api_url` right?"))?;
        let key = issues.first().and_then(|issue| issue.get("key")).and_then(Value::as_str).and_then(Key::read);
        // A project that was renamed answers with its new key, whose numbers prove nothing about the old.
        Ok(match key.filter(|key| key.project == project) {
            Some(key) => Project::Visible { highest: key.number },
            None => hidden(),
        })
    }
}
