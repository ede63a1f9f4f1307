//! What a web address means: a ticket of a tracker, nearly one, somebody else's, or nothing to us.

use std::borrow::Cow;

use url::Url;

use super::standards;
use super::web::{Server, Web, host, segments, server};
use crate::domain::ticket::TicketId;
use crate::domain::tracker::{Claim, Claims, TrackerKind};

/// What an address means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A ticket, the link that a person would open, and for Jira the site that it stands on.
    Ticket {
        /// The ticket.
        id: TicketId,
        /// The link that a person would open.
        url: String,
    },
    /// A claimed tracker's link that nearly names a ticket: why not.
    Malformed(String),
    /// Looks like a ticket, on a host that nobody claims.
    Unclaimed(String),
    /// No ticket.
    Nothing,
}

/// Longer addresses name no ticket.
const LONGEST: usize = 4096;

/// What `address` means to those who claim sites.
pub(super) fn meaning(address: &str, claims: &Claims) -> Meaning {
    if address.len() > LONGEST {
        return Meaning::Nothing;
    }
    let Some(web) = Web::read(address) else { return Meaning::Nothing };
    let Some(server) = web.server() else { return Meaning::Nothing };
    let path = segments(web.path());
    let mut home: Option<(usize, &[&str], &Claim)> = None;
    for claim in &claims.0 {
        for site in claim.site.iter().chain(&claim.former_sites) {
            let length = site.path().trim_end_matches('/').len();
            // Of two sites on one host the one with the longer path is meant.
            if home.is_none_or(|(most, _, _)| length > most)
                && let Some(rest) = beneath(server, &path, site, claim.tracker.kind())
            {
                home = Some((length, rest, claim));
            }
        }
    }
    if let Some((_, path, claim)) = home {
        return match claim.tracker.kind() {
            TrackerKind::Jira => on_jira(&web, path, claim),
            TrackerKind::GitHub => on_github(path, claim),
        };
    }
    let anywhere = claims.0.iter().find(|claim| claim.site.is_none() && claim.tracker.kind() == TrackerKind::Jira);
    if let Some(found) = anywhere.and_then(|claim| on_any_jira(&web, server, &path, claim)) {
        return found;
    }
    if is_browse_link(&path) || is_forge_link(&path) {
        Meaning::Unclaimed(host(server).into_owned())
    } else {
        Meaning::Nothing
    }
}

/// The part of `path`, on a server, beneath `site`, if it stands there. GitHub's REST addresses count as the site's own.
pub(super) fn beneath<'p, 'u>(
    host: Server<'_>,
    path: &'p [&'u str],
    site: &Url,
    kind: TrackerKind,
) -> Option<&'p [&'u str]> {
    let home = server(site)?;
    let github = kind == TrackerKind::GitHub;
    if github && home == ("github.com", None) && host == ("api.github.com", None) {
        return path.strip_prefix(&["repos"]);
    }
    if host != home {
        return None;
    }
    let prefix = segments(site.path());
    let rest = path.starts_with(&prefix).then(|| &path[prefix.len()..])?;
    Some(if github { rest.strip_prefix(&["api", "v3", "repos"]).unwrap_or(rest) } else { rest })
}

/// `KEY-1` in any case, the number from 1.
fn jira_key(text: &str) -> Option<(&str, u64)> {
    let (project, digits) = text.rsplit_once('-')?;
    let mut letters = project.chars();
    let starts = letters.next().is_some_and(|c| c.is_ascii_alphabetic());
    let goes_on = project.len() > 1 && letters.all(|c| c.is_ascii_alphanumeric() || c == '_');
    Some((project, number(digits)?)).filter(|_| starts && goes_on)
}

/// A number from 1 without zeros in front.
fn number(digits: &str) -> Option<u64> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    digits.parse().ok().filter(|_| plain)
}

/// Where a Jira address may name a ticket: the text that should be its key.
fn jira_slot<'a>(path: &[&'a str], web: &'a Web<'_>) -> Option<Cow<'a, str>> {
    if let Some(browse) = path.iter().position(|part| *part == "browse") {
        return path.get(browse + 1).map(|key| (*key).into());
    }
    if let Some(key) = web.asked("selectedIssue") {
        return Some(key);
    }
    match path {
        ["issues", key] if jira_key(key).is_none() => None,
        [.., "projects", _, "issues", key]
        | [.., "servicedesk", "customer", "portal", _, key]
        | [.., "rest", "api", _, "issue", key]
        | ["issues", key] => Some((*key).into()),
        [.., "secure", "ViewIssue.jspa"] => web.asked("key"),
        _ => None,
    }
}

fn on_jira(web: &Web<'_>, path: &[&str], claim: &Claim) -> Meaning {
    let Some(slot) = jira_slot(path, web) else { return Meaning::Nothing };
    if let Some((project, number)) = jira_key(&slot) {
        let id = TicketId::jira(claim.tracker.clone(), project, number);
        // Who claims a site has a link to it.
        return claim.link(id.key()).map_or(Meaning::Nothing, |url| Meaning::Ticket { id, url });
    }
    let project = slot.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && slot.contains(char::is_alphabetic);
    if slot.is_empty() || project {
        return Meaning::Nothing;
    }
    Meaning::Malformed(format!("`{}` is no key of a ticket", cut(&slot)))
}

/// Without a configuration every link of Jira's form counts; what only nearly has it is left alone, unless the host is
/// a Jira by its name.
fn on_any_jira(web: &Web<'_>, server: Server<'_>, path: &[&str], claim: &Claim) -> Option<Meaning> {
    let slot = jira_slot(path, web)?;
    let host = &*host(server);
    let named = host.ends_with(".atlassian.net") || host.split(['.', '-']).any(|part| part == "jira");
    let Some((project, number)) = jira_key(&slot) else {
        let upper = slot.split_once('-').is_some_and(|(project, _)| is_upper_key(project));
        return if named || upper { Some(on_jira(web, path, claim)) } else { None };
    };
    let claimed = claim.projects.iter().any(|key| key.eq_ignore_ascii_case(project));
    if !(named || claimed || is_upper_key(project)) {
        return None;
    }
    let id = TicketId::jira(claim.tracker.clone(), project, number);
    let url = id.key().link(&jira_base(web.scheme(), host, path));
    Some(Meaning::Ticket { id, url })
}

/// A Jira's own address, from a link to something in it. In the cloud nothing stands before `/browse`.
fn jira_base(scheme: &str, host: &str, path: &[&str]) -> String {
    let first = ["browse", "projects", "secure", "servicedesk", "rest", "issues"];
    let before = path.iter().position(|part| first.contains(part)).unwrap_or(0);
    let mut base = [scheme, "://", host].concat();
    if !host.ends_with(".atlassian.net") {
        for part in &path[..before] {
            base.push('/');
            base.push_str(part);
        }
    }
    base
}

fn is_upper_key(project: &str) -> bool {
    project.len() > 1
        && project.starts_with(|c: char| c.is_ascii_uppercase())
        && project.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// Pages beside a repository's tickets that are none.
const PAGES: [&str; 12] = [
    "new",
    "created_by",
    "created",
    "assigned",
    "mentioned",
    "author",
    "review-requested",
    "search",
    "templates",
    "labels",
    "milestones",
    "comments",
];
/// First parts of GitHub's own pages, which are no owners.
const NO_OWNERS: [&str; 8] = ["orgs", "users", "settings", "apps", "marketplace", "sponsors", "topics", "search"];

fn on_github(path: &[&str], claim: &Claim) -> Meaning {
    let [owner, repo, kind @ ("issues" | "pull" | "pulls"), slot, ..] = path else {
        return Meaning::Nothing;
    };
    if NO_OWNERS.contains(owner) || PAGES.contains(slot) || !is_repository(owner, repo) {
        return Meaning::Nothing;
    }
    let Some(number) = number(slot) else {
        return Meaning::Malformed(format!("`{}` is no number of an issue or pull request", cut(slot)));
    };
    let id = TicketId::github(claim.tracker.clone(), owner, repo, number);
    let mut url = claim.link(id.key()).unwrap_or_default();
    if *kind != "issues" {
        url = url.replacen(&format!("/{repo}/issues/"), &format!("/{repo}/pull/"), 1);
    }
    Meaning::Ticket { id, url }
}

/// Whether GitHub allows such names.
pub(super) fn is_repository(owner: &str, repo: &str) -> bool {
    let letters = |text: &str, more: &[char]| text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(&c));
    (1..=39).contains(&owner.len())
        && letters(owner, &['-', '_'])
        && !owner.starts_with('-')
        && (1..=100).contains(&repo.len())
        && letters(repo, &['-', '_', '.'])
        && !matches!(repo, "." | "..")
}

/// `…/browse/KEY-1` with a key in upper case that is no standard's.
fn is_browse_link(path: &[&str]) -> bool {
    let at = path.iter().position(|part| *part == "browse");
    let key = at.and_then(|at| path.get(at + 1)).and_then(|key| jira_key(key));
    key.is_some_and(|(project, _)| is_upper_key(project) && !standards::is_one(project))
}

/// `/owner/repo/issues/1` and the like, also as GitLab writes it.
fn is_forge_link(path: &[&str]) -> bool {
    let (kind, digits) = match path {
        ["repos", _, _, kind, digits, ..] | [_, _, "-", kind, digits, ..] | [_, _, kind, digits, ..] => {
            (*kind, *digits)
        }
        _ => return false,
    };
    matches!(kind, "issues" | "pull" | "pulls" | "merge_requests") && number(digits).is_some()
}

/// Enough of a text for a message.
pub(super) fn cut(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
