//! From what GitHub tells of a closing to our words.

use super::super::convert::moment;
use super::text;
use super::wire::{Actor, Item, Remark, Target, Told};
use crate::domain::details::{Comment, Details, Event, Mention, Subtask};
use crate::domain::ticket::{Ticket, TicketId};
use crate::domain::time::Moment;
use crate::domain::tracker::TrackerId;

/// Adds to a ticket what a closer look told.
pub(in super::super) fn add(ticket: &mut Ticket, told: Told) {
    let closed_at = ticket.closed_at;
    let mut events: Vec<Event> = told.events.nodes.iter().map(event).collect();
    if !events.iter().any(|event| event.kind == "merged")
        && let Some(at) = &told.merged_at
    {
        let commit = told.merge_commit.as_ref().and_then(|commit| commit.oid.clone());
        let actor = told.merged_by.as_ref().and_then(login);
        events.push(Event { kind: "merged".to_owned(), actor, at: moment(Some(at)), commit, ..Event::default() });
    }
    events.sort_by_key(|event| event.at);
    let closer = events.iter().rfind(|event| matches!(event.kind.as_str(), "closed" | "merged"));
    ticket.closed_by = closer.and_then(|event| event.actor.clone()).or(ticket.closed_by.take());
    let named = told.duplicate_of.as_ref().and_then(|other| id(ticket.id.tracker(), other));
    let named = named.filter(|other| *other != ticket.id);
    ticket.duplicate_of = named.or_else(|| original(ticket, &told.events.nodes)).or(ticket.duplicate_of.take());
    let mut remarks = told.comments.nodes;
    for remark in told.around.nodes {
        let same = |other: &Remark| (&other.created_at, &other.body) == (&remark.created_at, &remark.body);
        if !remarks.iter().any(same) {
            remarks.push(remark);
        }
    }
    let mut comments: Vec<Comment> = remarks.into_iter().map(|remark| comment(remark, closed_at)).collect();
    comments.sort_by_key(|comment| comment.at);
    ticket.details = Details {
        body: told.body.as_deref().and_then(text::description),
        author: told.author.as_ref().and_then(login),
        author_association: told.author_association,
        assignee: told.assignees.nodes.iter().find_map(login),
        issue_type: None,
        labels: told.labels.nodes.into_iter().filter_map(|label| label.name).collect(),
        milestone: told.milestone.and_then(|milestone| milestone.title),
        boxes: told.body.as_deref().and_then(text::boxes),
        comment_count: told.comments.total,
        comments,
        comments_cut: false,
        events,
        mentions: mentions(ticket, &told.mentions.nodes, &told.closers.nodes),
        fix_versions: Vec::new(),
        issue_links: Vec::new(),
        subtasks: told.sub_issues.nodes.iter().filter_map(subtask).collect(),
        closing: ticket.closing(),
    };
}

fn login(actor: &Actor) -> Option<String> {
    actor.login.clone()
}

fn is_bot(actor: &Actor) -> bool {
    actor.typename.as_deref() == Some("Bot") || actor.login.as_deref().is_some_and(|login| login.ends_with("[bot]"))
}

fn comment(remark: Remark, closed_at: Option<Moment>) -> Comment {
    let at = moment(remark.created_at.as_deref());
    Comment {
        author: remark.author.as_ref().and_then(login),
        bot: remark.author.as_ref().is_some_and(is_bot),
        association: remark.author_association,
        at,
        text: text::comment(&remark.body.unwrap_or_default()),
        url: remark.url,
        after_close: is_after(at, closed_at),
    }
}

fn is_after(at: Option<Moment>, closed_at: Option<Moment>) -> bool {
    at.zip(closed_at).is_some_and(|(at, closed)| at > closed)
}

fn event(item: &Item) -> Event {
    let kind = match item.typename.as_str() {
        "ClosedEvent" => "closed",
        "ReopenedEvent" => "reopened",
        "MergedEvent" => "merged",
        "MarkedAsDuplicateEvent" => "marked_as_duplicate",
        "UnmarkedAsDuplicateEvent" => "unmarked_as_duplicate",
        "ConvertedToDiscussionEvent" => "converted_to_discussion",
        other => other,
    };
    let closer = item.closer.as_ref();
    let commit = closer.and_then(|closer| closer.oid.as_ref()).or(item.commit.as_ref().and_then(|it| it.oid.as_ref()));
    let other = item.canonical.as_ref().and_then(name);
    let discussion = item.discussion.as_ref().and_then(|discussion| discussion.url.clone());
    Event {
        kind: kind.to_owned(),
        actor: item.actor.as_ref().and_then(login),
        at: moment(item.created_at.as_deref()),
        commit: commit.cloned(),
        pull: closer.and_then(name),
        reason: item.state_reason.as_ref().map(|reason| reason.to_ascii_lowercase()),
        value: other.or(discussion),
    }
}

/// `owner/repo#12`
fn name(target: &Target) -> Option<String> {
    let home = target.repository.as_ref()?.name_with_owner.as_ref()?;
    Some(format!("{home}#{}", target.number?))
}

fn id(tracker: &TrackerId, target: &Target) -> Option<TicketId> {
    let (owner, repo) = target.repository.as_ref()?.name_with_owner.as_ref()?.split_once('/')?;
    Some(TicketId::github(tracker.clone(), owner, repo, target.number?))
}

/// What the ticket was last marked as a duplicate of, unless that was taken back. The same mark stands in the timeline
/// of the other ticket, where it says nothing about that one.
fn original(ticket: &Ticket, items: &[Item]) -> Option<TicketId> {
    items.iter().fold(None, |before, item| {
        let other = item.canonical.as_ref().and_then(|other| id(ticket.id.tracker(), other));
        match (item.typename.as_str(), other) {
            ("MarkedAsDuplicateEvent", Some(other)) if other != ticket.id => Some(other),
            ("UnmarkedAsDuplicateEvent", other) if other == before => None,
            _ => before,
        }
    })
}

fn subtask(target: &Target) -> Option<Subtask> {
    let state = target.state.as_ref()?.to_ascii_lowercase();
    Some(Subtask { key: name(target)?, closed: Some(state != "open"), status: Some(state) })
}

/// What points to the ticket: pull requests that close it, reverts of these or of itself, and the rest.
fn mentions(ticket: &Ticket, items: &[Item], closers: &[Target]) -> Vec<Mention> {
    let closed_at = ticket.closed_at;
    let itself = Target::of(ticket);
    let mut mentions: Vec<Mention> = Vec::new();
    for item in items {
        let Some(source) = &item.source else {
            mentions.extend(commit(item, closed_at));
            continue;
        };
        let undone = closers.iter().chain([&itself]).any(|work| reverts(source, work));
        let kind = match (undone, item.will_close_target) {
            (true, _) => "reverts",
            (false, true) => "closing",
            (false, false) => "cross-referenced",
        };
        mentions.extend(mention(source, kind, item, closed_at));
    }
    mentions.extend(closers.iter().flat_map(|work| undoing(work, closed_at)));
    mentions.extend(closers.iter().filter_map(|pull| mention(pull, "closing", &Item::default(), closed_at)));
    keep_telling(&mut mentions);
    mentions
}

/// The pull requests among what points to this work that revert it.
pub(in super::super) fn undoing(work: &Target, closed_at: Option<Moment>) -> impl Iterator<Item = Mention> {
    work.mentions.nodes.iter().filter_map(move |item| {
        let source = item.source.as_ref().filter(|source| reverts(source, work))?;
        mention(source, "reverts", item, closed_at)
    })
}

/// A pull request may be told of in several ways; the one that says most counts.
pub(in super::super) fn keep_telling(mentions: &mut Vec<Mention>) {
    let mut seen = std::collections::HashSet::new();
    mentions.sort_by_key(|mention| match mention.event.as_deref() {
        Some("reverts") => 0,
        Some("closing") => 1,
        _ => 2,
    });
    mentions.retain(|mention| seen.insert(mention.what.clone()));
}

fn mention(source: &Target, event: &str, item: &Item, closed_at: Option<Moment>) -> Option<Mention> {
    let is_pull = source.typename.as_deref() == Some("PullRequest");
    let at = moment(item.created_at.as_deref());
    Some(Mention {
        kind: if is_pull { "pull" } else { "issue" }.to_owned(),
        what: name(source)?,
        seen_in: "event".to_owned(),
        event: Some(event.to_owned()),
        actor: item.actor.as_ref().and_then(login),
        at,
        title: source.title.clone(),
        state: source.state.as_ref().map(|state| state.to_ascii_lowercase()),
        closed_at: moment(source.merged_at.as_deref().or(source.closed_at.as_deref())),
        after_close: is_after(at, closed_at),
    })
}

fn commit(item: &Item, closed_at: Option<Moment>) -> Option<Mention> {
    let commit = item.commit.as_ref()?;
    let at = moment(item.created_at.as_deref());
    Some(Mention {
        kind: "commit".to_owned(),
        what: commit.oid.clone()?,
        seen_in: "event".to_owned(),
        event: Some("referenced".to_owned()),
        actor: item.actor.as_ref().and_then(login),
        at,
        title: commit.message_headline.clone(),
        after_close: is_after(at, closed_at),
        ..Mention::default()
    })
}

impl Target {
    /// The ticket as something that work could be undone of.
    fn of(ticket: &Ticket) -> Self {
        let name = ticket.id.key().to_string();
        let (home, number) = name.rsplit_once('#').unwrap_or_default();
        let home = super::wire::Home { name_with_owner: Some(home.to_owned()) };
        let number = number.parse().ok();
        Self { number, title: Some(ticket.title.clone()), repository: Some(home), ..Self::default() }
    }
}

/// Whether a pull request says that it reverts this work: in the title that GitHub gives to reverts, or in words.
fn reverts(source: &Target, work: &Target) -> bool {
    if source.typename.as_deref() != Some("PullRequest") {
        return false;
    }
    let title = source.title.as_deref().unwrap_or_default().trim();
    let given = work.title.as_deref().map(|title| format!("Revert \"{}\"", title.trim()));
    if given.is_some_and(|given| given == title) {
        return true;
    }
    let Some(whole) = name(work) else { return false };
    let Some((home, number)) = whole.rsplit_once('#') else { return false };
    let here = source.repository.as_ref().and_then(|home| home.name_with_owner.as_deref());
    let near = here.is_some_and(|here| here.eq_ignore_ascii_case(home));
    let words = format!("{title}\n{}", source.body.as_deref().unwrap_or_default()).to_ascii_lowercase();
    let names = |said: &str| says(&words, said);
    names(&format!("reverts {}", whole.to_ascii_lowercase()))
        || (near && (names(&format!("reverts #{number}")) || names(&format!("revert #{number}"))))
}

/// Whether a text holds these words, and the number at their end does not go on.
fn says(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| !text[at + words.len()..].starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::super::wire::{Home, Target};
    use super::reverts;

    #[test]
    fn a_revert_says_what_it_reverts() {
        let pull = |home: &str, number, title: &str, body: &str| Target {
            typename: Some("PullRequest".to_owned()),
            number: Some(number),
            title: Some(title.to_owned()),
            body: Some(body.to_owned()),
            repository: Some(Home { name_with_owner: Some(home.to_owned()) }),
            ..Target::default()
        };
        let work = pull("acme/rocket", 12, "Faster start", "");
        for (home, title, body, is_revert) in [
            ("acme/rocket", "Revert \"Faster start\"", "", true),
            ("acme/rocket", "Undo", "Reverts acme/rocket#12", true),
            ("acme/rocket", "Undo", "Reverts #12.", true),
            ("acme/rocket", "Revert #12", "", true),
            ("acme/rocket", "Undo", "Reverts acme/rocket#123", false),
            ("acme/ship", "Undo", "Reverts #12", false),
            ("acme/ship", "Undo", "reverts acme/rocket#12", true),
            ("acme/rocket", "Revert \"Slower start\"", "Reverts #11, see #12", false),
            ("acme/rocket", "Faster start", "", false),
        ] {
            assert_eq!(reverts(&pull(home, 40, title, body), &work), is_revert, "{title} {body}");
        }
    }
}
