//! Names in the texts of tickets: what a short one means there, and every ticket that a text names.

use super::{Scanner, What};
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

/// Every ticket that a running text names to those who claim sites and projects, in order.
pub fn mentioned(text: &str, claims: &Claims) -> Vec<TicketId> {
    let scanner = Scanner::new("", text, claims);
    let mut hits = Vec::new();
    scanner.tokens(0..text.len(), None, &mut hits);
    let ticket = |hit: super::Hit| match hit.what {
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
