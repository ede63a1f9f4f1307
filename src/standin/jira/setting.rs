//! How a Jira is set up: who sees what, what it allows, and how it misbehaves.

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::TimeDelta;

use super::{Happens, Jira, Moment};

impl Jira {
    /// Hides a project and all its issues.
    pub fn project_hidden(&self, project: &str) -> &Self {
        self.state().hidden_projects.push(project.to_ascii_uppercase());
        self
    }

    /// Shows a project that was hidden.
    pub fn project_shown(&self, project: &str) -> &Self {
        self.state().hidden_projects.retain(|hidden| !hidden.eq_ignore_ascii_case(project));
        self
    }

    /// Accepts this e-mail address and API token only.
    pub fn account(&self, email: &str, token: &str) -> &Self {
        let account = BASE64_STANDARD.encode(format!("{email}:{token}"));
        self.state().authorization = Some(format!("Basic {account}"));
        self
    }

    /// Accepts this token only.
    pub fn token(&self, token: &str) -> &Self {
        self.state().authorization = Some(format!("Bearer {token}"));
        self
    }

    /// Names this key in `issueErrors`, so many times.
    pub fn busy(&self, key: &str, times: usize) -> &Self {
        self.state().busy.insert(key.to_ascii_uppercase(), times);
        self
    }

    /// Holds so many issues on one page of a search at most.
    pub fn page(&self, issues: usize) -> &Self {
        self.state().page = issues;
        self
    }

    /// Sets the time here, which stands still. Searches for what changed lately go by it, and say so.
    pub fn now(&self, now: Moment) -> &Self {
        self.state().now = Some(now);
        self
    }

    /// Lets searches see changes only so much later.
    pub fn lagging(&self, lag: TimeDelta) -> &Self {
        self.state().lag = lag;
        self
    }

    /// Lets each page of a search, and of changelogs, name itself as the next one.
    pub fn in_circles(&self) -> &Self {
        self.state().circles = true;
        self
    }

    /// Lets this happen after each page of a search.
    pub fn between_pages(&self, happens: impl Fn(&Self) + Send + Sync + 'static) -> &Self {
        self.state().between_pages = Some(Happens(Arc::new(happens)));
        self
    }

    /// Tells so many comments at once at most: beside an issue the last ones on Cloud, the first ones on Data Center.
    pub fn comments(&self, comments: usize) -> &Self {
        self.state().comments = comments;
        self
    }

    /// Holds so many histories on one page of changelogs at most.
    pub fn histories(&self, histories: usize) -> &Self {
        self.state().histories = histories;
        self
    }
}
