//! Names in the texts of tickets: what a short one means there, and every ticket that a text names.

use std::ops::Range;

use regex::Regex;

use super::address::{self, Meaning};
use super::{Hit, Scanner, What};
use crate::domain::document::Document;
use crate::domain::ticket::{TicketId, TicketKey};
use crate::domain::tracker::{Claims, TrackerKind};

/// The ticket that `owner/repo#12`, `#12` or a key means where the ticket `near` says it; `None` where nobody claims it.
pub fn named(what: &str, near: &TicketId, claims: &Claims) -> Option<TicketId> {
    let of_kind = |kind: TrackerKind| {
        let own = Some(near.tracker()).filter(|tracker| tracker.kind() == kind);
        own.or_else(|| claims.0.iter().map(|claim| &claim.tracker).find(|tracker| tracker.kind() == kind))
    };
    if let Some((home, number)) = what.rsplit_once('#') {
        let number = number.parse().ok().filter(|number| *number > 0)?;
        return match (home.split_once('/'), near.key()) {
            (Some((owner, repo)), _) => {
                Some(TicketId::github(of_kind(TrackerKind::GitHub)?.clone(), owner, repo, number))
            }
            (None, TicketKey::GitHub { owner, repo, .. }) if home.is_empty() => {
                Some(TicketId::github(near.tracker().clone(), owner, repo, number))
            }
            _ => None,
        };
    }
    let (project, number) = what.rsplit_once('-')?;
    let number = number.parse().ok().filter(|number| *number > 0)?;
    let claim = claims.0.iter().find(|claim| claim.projects.iter().any(|key| key.eq_ignore_ascii_case(project)));
    let own = Some(near.tracker()).filter(|tracker| tracker.kind() == TrackerKind::Jira);
    let tracker = claim.map(|claim| &claim.tracker).or(own)?;
    Some(TicketId::jira(tracker.clone(), project, number))
}

/// Every stretch of a document that names one of these tickets, addresses behind links included; in order and apart.
pub fn written(
    document: &Document,
    claims: &Claims,
    wanted: impl Fn(&TicketId) -> bool,
) -> Vec<(Range<usize>, TicketId)> {
    let scanner = Scanner::new(&document.path, &document.source, claims);
    let mut hits = Vec::new();
    for passage in &document.passages {
        scanner.running_text(passage.span.clone(), passage, None, &mut hits);
        hits.extend(passage.links().iter().filter_map(|link| match address::meaning(&link.target, claims) {
            Meaning::Ticket { id, url } => {
                Some(Hit { span: link.target_span.clone(), what: What::Ticket(id, Some(url)) })
            }
            _ => None,
        }));
    }
    let tickets = hits.into_iter().filter_map(|hit| match hit.what {
        What::Ticket(id, _) if wanted(&id) => Some((hit.span, id)),
        _ => None,
    });
    let mut found: Vec<_> = tickets.collect();
    found.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
    let mut end = 0;
    found.retain(|(span, _)| {
        let apart = span.start >= end && !span.is_empty();
        end = end.max(span.end);
        apart
    });
    found
}

/// The same words with the name that a ticket has now in the place of the one that it had; `None` where they do not have
/// it in a form that is known.
pub fn renamed(words: &str, was: &TicketId, now: &TicketId, claims: &Claims) -> Option<String> {
    let again = |pattern: String, with: &str| {
        let pattern = Regex::new(&pattern).ok()?;
        pattern.is_match(words).then(|| pattern.replace_all(words, with).into_owned())
    };
    if was.tracker() != now.tracker() {
        return words.contains("://").then(|| claims.of(now.tracker())?.link(now.key())).flatten();
    }
    match (was.key(), now.key()) {
        (TicketKey::Jira { project, number }, TicketKey::Jira { project: home, number: new }) => {
            let words = again(format!(r"(?i)\b{}-{number}\b", regex::escape(project)), &format!("{home}-{new}"))?;
            Some(words.replace(&format!("/projects/{project}/"), &format!("/projects/{home}/")))
        }
        (TicketKey::GitHub { owner, repo, number }, TicketKey::GitHub { owner: user, repo: home, number: new }) => {
            let old = format!("{}/{}", regex::escape(owner), regex::escape(repo));
            let address = format!(r"(?i)\b{old}(?P<between>#|/(?:issues|pulls?)/){number}\b");
            let card = format!(r"(?i)#{number}(?P<between>\s*[·•]\s*){old}");
            again(address, &format!("{user}/{home}${{between}}{new}"))
                .or_else(|| again(card, &format!("#{new}${{between}}{user}/{home}")))
        }
        _ => None,
    }
}

/// Every ticket that a running text names to those who claim sites and projects, in order.
pub fn mentioned(text: &str, claims: &Claims) -> Vec<TicketId> {
    let scanner = Scanner::new("", text, claims);
    let mut hits = Vec::new();
    scanner.tokens(0..text.len(), None, &mut hits);
    let ticket = |hit: Hit| match hit.what {
        What::Ticket(id, _) => Some(id),
        What::Malformed(_) | What::Unclaimed(_) | What::Number | What::Page(_) => None,
    };
    hits.into_iter().filter_map(ticket).collect()
}

#[cfg(test)]
mod tests {
    use super::{mentioned, named};
    use crate::domain::tracker::Claims;

    #[test]
    fn a_short_name_is_read_from_where_it_stands() {
        let claims = Claims::without_configuration(&["OPS".to_owned()]);
        for (what, near, expected) in [
            ("#12", "github:acme/rocket#7", Some("github:acme/rocket#12")),
            ("acme/ship#12", "github@ghe:acme/rocket#7", Some("github@ghe:acme/ship#12")),
            ("acme/ship#12", "jira:OPS-7", Some("github:acme/ship#12")),
            ("OPS-9", "github:acme/rocket#7", Some("jira:OPS-9")),
            ("OPS-9", "jira@old:OLD-1", Some("jira:OPS-9")),
            ("NEW-9", "jira@old:OLD-1", Some("jira@old:NEW-9")),
            ("NEW-9", "github:acme/rocket#7", None),
            ("#12", "jira:OPS-7", None),
            ("#0", "github:acme/rocket#7", None),
            ("words", "github:acme/rocket#7", None),
        ] {
            let id = named(what, &near.parse().unwrap(), &claims);
            assert_eq!(id.map(|id| id.to_string()).as_deref(), expected, "{what} near {near}");
        }
    }

    #[test]
    fn a_text_names_tickets_of_claimed_hosts_only() {
        let claims = Claims::without_configuration(&["OPS".to_owned()]);
        let text = "Done in https://github.com/acme/rocket/pull/8 and OPS-9, not https://gitlab.com/acme/x/issues/3.";
        let ids: Vec<String> = mentioned(text, &claims).iter().map(ToString::to_string).collect();
        assert_eq!(ids, ["github:acme/rocket#8", "jira:OPS-9"]);
    }
}
