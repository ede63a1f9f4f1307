//! From GitHub's words to ours.

use chrono::DateTime;
use serde_json::Value;
use url::Url;

use super::closing::text;
use super::wire::{Issue, Node, User};
use super::{Address, GitHub};
use crate::domain::details::Details;
use crate::domain::lookup::Lookup;
use crate::domain::ticket::{Ticket, TicketId, TicketKind};
use crate::domain::time::Moment;

/// What both interfaces tell, brought into one form.
struct Told {
    /// `owner/repo` as GitHub spells it now.
    home: String,
    number: u64,
    kind: TicketKind,
    state: String,
    reason: Option<String>,
    merged: bool,
}

impl GitHub {
    /// What a GraphQL node says of the ticket asked for; `None` when it lacks what a ticket needs.
    pub(super) fn read_node(&self, asked: &Address<'_>, node: Node) -> Option<Lookup> {
        let kind = match node.typename.as_deref()? {
            "Issue" => TicketKind::Issue,
            "PullRequest" => TicketKind::Pull,
            _ => return None,
        };
        let told = Told {
            home: node.repository?.name_with_owner?,
            number: node.number?,
            kind,
            state: node.state.or(node.pr_state)?,
            reason: node.state_reason,
            merged: node.merged == Some(true) || node.merged_at.is_some(),
        };
        let mut ticket = self.ticket(told)?;
        ticket.native_id = node.id;
        ticket.title = node.title.unwrap_or_default();
        ticket.created_at = moment(node.created_at.as_deref());
        ticket.updated_at = moment(node.updated_at.as_deref());
        ticket.closed_at = moment(node.closed_at.as_deref()).filter(|_| ticket.closed);
        Some(lookup(asked, ticket))
    }

    /// What REST's issue says of the ticket asked for; `None` when it lacks what a ticket needs.
    pub(super) fn read_issue(&self, asked: &Address<'_>, issue: Issue) -> Option<Lookup> {
        let home = issue.repository_url.as_deref().and_then(home_of)?;
        let merged = issue.pull_request.as_ref().is_some_and(|pull| pull.merged_at.is_some());
        let kind = if issue.pull_request.is_some() { TicketKind::Pull } else { TicketKind::Issue };
        self.read_rest(asked, home, kind, merged, issue)
    }

    /// What REST's pull request says of the ticket asked for. It does not name its own repository at its top, so it
    /// counts only where it was not reached by a redirect.
    pub(super) fn read_pull(&self, asked: &Address<'_>, pull: Issue) -> Option<Lookup> {
        let home = format!("{}/{}", asked.owner, asked.repo);
        let merged = pull.merged == Some(true) || pull.merged_at.is_some();
        self.read_rest(asked, home, TicketKind::Pull, merged, pull)
    }

    fn read_rest(
        &self,
        asked: &Address<'_>,
        home: String,
        kind: TicketKind,
        merged: bool,
        issue: Issue,
    ) -> Option<Lookup> {
        let details = details(&issue);
        let told = Told { home, number: issue.number?, kind, state: issue.state?, reason: issue.state_reason, merged };
        let mut ticket = self.ticket(told)?;
        ticket.native_id = issue.node_id;
        ticket.title = issue.title.unwrap_or_default();
        ticket.created_at = moment(issue.created_at.as_deref());
        ticket.updated_at = moment(issue.updated_at.as_deref());
        ticket.closed_at = moment(issue.closed_at.as_deref()).filter(|_| ticket.closed);
        ticket.closed_by = issue.closed_by.and_then(|user| user.login).filter(|_| ticket.closed);
        ticket.details = details;
        Some(lookup(asked, ticket))
    }

    fn ticket(&self, told: Told) -> Option<Ticket> {
        let (owner, repo) = told.home.split_once('/')?;
        let is_pull = told.kind == TicketKind::Pull;
        let state = if is_pull && told.merged { "merged".to_owned() } else { told.state.to_ascii_lowercase() };
        let closed = state != "open";
        Some(Ticket {
            id: TicketId::github(self.id.clone(), owner, repo, told.number),
            native_id: None,
            url: browse(&self.site, &told.home, is_pull, told.number),
            kind: told.kind,
            title: String::new(),
            closed,
            state,
            status_category: None,
            // An open issue may carry the reason of its reopening, which is no reason of a closing.
            reason: told.reason.map(|reason| reason.to_ascii_lowercase()).filter(|_| closed),
            merged: is_pull.then_some(told.merged || told.state.eq_ignore_ascii_case("merged")),
            created_at: None,
            updated_at: None,
            closed_at: None,
            closed_by: None,
            duplicate_of: None,
            details: Details::default(),
        })
    }
}

/// What REST's issue tells besides its state. The closing itself was not looked at.
fn details(issue: &Issue) -> Details {
    let login = |user: &Option<User>| user.as_ref().and_then(|user| user.login.clone());
    // A label is an object, or in old answers its name.
    let label = |label: &Value| label.as_str().or_else(|| label.get("name")?.as_str()).map(str::to_owned);
    Details {
        body: issue.body.as_deref().and_then(text::description),
        author: login(&issue.user),
        author_association: issue.author_association.clone(),
        assignee: login(&issue.assignee),
        labels: issue.labels.iter().flatten().filter_map(label).collect(),
        milestone: issue.milestone.as_ref().and_then(|milestone| milestone.title.clone()),
        boxes: issue.body.as_deref().and_then(text::boxes),
        comment_count: issue.comments,
        ..Details::default()
    }
}

/// Found where it was looked for, or elsewhere.
fn lookup(asked: &Address<'_>, ticket: Ticket) -> Lookup {
    if Address::of(&ticket.id).is_some_and(|now| now.is(asked)) {
        Lookup::Found(Box::new(ticket))
    } else {
        Lookup::Moved { to: ticket.id.clone(), ticket: Some(Box::new(ticket)) }
    }
}

/// The link that a person would open: on the site, wherever the asking is done.
fn browse(site: &Url, home: &str, is_pull: bool, number: u64) -> String {
    let kind = if is_pull { "pull" } else { "issues" };
    format!("{}/{home}/{kind}/{number}", site.as_str().trim_end_matches('/'))
}

/// `owner/repo` from `…/repos/owner/repo`.
pub(super) fn home_of(repository_url: &str) -> Option<String> {
    let mut parts = repository_url.trim_end_matches('/').rsplit('/');
    let (repo, owner) = (parts.next()?, parts.next()?);
    (!repo.is_empty() && !owner.is_empty()).then(|| format!("{owner}/{repo}"))
}

pub(super) fn moment(text: Option<&str>) -> Option<Moment> {
    DateTime::parse_from_rfc3339(text?).ok().map(|moment| moment.to_utc())
}
