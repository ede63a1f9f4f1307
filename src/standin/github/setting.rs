//! How a GitHub is set up: who sees what, what it allows, and how it misbehaves.

use std::sync::Arc;

use super::{Budget, GitHub, Habit, Happens, Visibility};

impl GitHub {
    /// Hides a repository from everybody.
    pub fn private(&self, repo: &str) -> &Self {
        self.visible(repo, Visibility::Private)
    }

    /// Shows a repository to everybody.
    pub fn public(&self, repo: &str) -> &Self {
        self.visible(repo, Visibility::Public)
    }

    /// Shows a repository to whoever shows a token.
    pub fn internal(&self, repo: &str) -> &Self {
        self.visible(repo, Visibility::Internal)
    }

    /// Shows a repository to whoever shows a token, but not its issues and pull requests.
    pub fn issues_withheld(&self, repo: &str) -> &Self {
        self.visible(repo, Visibility::WithoutIssues)
    }

    /// Shows a repository and its issues to whoever shows a token, but not its pull requests.
    pub fn pulls_withheld(&self, repo: &str) -> &Self {
        self.visible(repo, Visibility::WithoutPulls)
    }

    /// Puts a repository behind an organisation's single sign-on, for which no token is authorised.
    pub fn single_sign_on(&self, repo: &str) -> &Self {
        self.visible(repo, Visibility::SingleSignOn)
    }

    fn visible(&self, repo: &str, visibility: Visibility) -> &Self {
        self.state().repo(repo).visibility = visibility;
        self
    }

    /// Switches a repository's issues off; its pull requests stay.
    pub fn issues_disabled(&self, repo: &str) -> &Self {
        self.state().repo(repo).has_issues = false;
        self
    }

    /// Lists in this way from now on.
    pub fn lists(&self, habit: Habit) -> &Self {
        self.state().habit = habit;
        self
    }

    /// Lets this happen after each page of a listing.
    pub fn between_pages(&self, happens: impl Fn(&Self) + Send + Sync + 'static) -> &Self {
        self.state().between_pages = Some(Happens(Arc::new(happens)));
        self
    }

    /// Accepts this token only.
    pub fn token(&self, token: &str) -> &Self {
        self.state().token = Some(token.to_owned());
        self
    }

    /// Allows so many requests from now on: with a token by REST, with a token by GraphQL, and without one.
    pub fn limits(&self, core: u64, graphql: u64, anonymous: u64) -> &Self {
        let mut state = self.state();
        (state.core, state.graphql, state.anonymous) = (Budget::of(core), Budget::of(graphql), Budget::of(anonymous));
        drop(state);
        self
    }

    /// Behaves as a later version does, whose `stateReason` has lost the argument `enableDuplicate`.
    pub fn without_enable_duplicate(&self) -> &Self {
        self.state().knows_argument = false;
        self
    }

    /// Lets one query ask for so many tickets before its resources are used up.
    pub fn largest_query(&self, tickets: usize) -> &Self {
        self.largest_query_of("", tickets)
    }

    /// Lets one query of this name ask for so many tickets before its resources are used up.
    pub fn largest_query_of(&self, name: &str, tickets: usize) -> &Self {
        self.state().largest_query = Some((name.to_owned(), tickets));
        self
    }

    /// Takes the token for an app's, which belongs to nobody's account.
    pub fn app_token(&self) -> &Self {
        self.state().is_app = true;
        self
    }

    /// Behaves as an older version does, which knows nothing of sub-issues.
    pub fn without_sub_issues(&self) -> &Self {
        self.state().lacks.push("subIssues");
        self
    }

    /// Behaves as an older version does, whose issues do not say what they duplicate.
    pub fn without_duplicate_of(&self) -> &Self {
        self.state().lacks.push("duplicateOf");
        self
    }

    /// Answers with an error of this type in GraphQL where it is asked how this ticket was closed; with `FORBIDDEN` a
    /// part is withheld and the rest is told.
    pub fn closing_error(&self, repo: &str, number: u64, kind: &str) -> &Self {
        self.state().closing_errors.insert((repo.to_ascii_lowercase(), number), kind.to_owned());
        self
    }

    /// Has spent so many of its GraphQL requests already.
    pub fn spent(&self, requests: u64) -> &Self {
        self.state().graphql.used = requests;
        self
    }

    /// Answers for this ticket with an error of this type in GraphQL, so many times.
    pub fn alias_error(&self, repo: &str, number: u64, kind: &str, times: usize) -> &Self {
        self.state().alias_errors.insert((repo.to_ascii_lowercase(), number), (kind.to_owned(), times));
        self
    }
}
