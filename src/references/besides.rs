//! What a document cites besides tickets, from its links and its words.

use std::collections::BTreeMap;

use regex::Regex;
use url::{Host, Url};

use super::Scan;
use super::address::beneath;
use super::web::{host_of, segments, server};
use crate::domain::citation::{Citation, Citing, Records, Sort, search_link};
use crate::domain::document::{Document, Owner};
use crate::domain::place::{Lines, Place};
use crate::domain::reference::Page;
use crate::domain::remote::page_link;
use crate::domain::tracker::{Claims, TrackerKind};

/// Hosts that show nothing to whoever has no account there, with all below them. Exports that are open to everybody are
/// read as sources.
const LOGINS: [&str; 22] = [
    "docs.google.com",
    "drive.google.com",
    "sheets.google.com",
    "slack.com",
    "lucid.app",
    "lucidchart.com",
    "miro.com",
    "figma.com",
    "notion.so",
    "sharepoint.com",
    "teams.microsoft.com",
    "office.com",
    "airtable.com",
    "asana.com",
    "monday.com",
    "trello.com",
    "atlassian.net",
    "datadoghq.com",
    "newrelic.com",
    "pagerduty.com",
    "opsgenie.com",
    "zoom.us",
];

/// What a document cites besides tickets, in the order of their first places.
pub fn besides(document: &Document, scan: &Scan, citing: &Citing, claims: &Claims) -> Vec<Citation> {
    // What its form told already: lists that macros show.
    let mut all: Vec<Citation> = document.citations.iter().map(|cited| search(cited, claims)).collect();
    let mut hosts: BTreeMap<(Sort, String), (Place, usize)> = BTreeMap::new();
    for page in &scan.pages {
        let Some((sort, target)) = meaning(&page.address, citing, claims) else { continue };
        if matches!(sort, Sort::Login | Sort::Elsewhere) {
            hosts.entry((sort, target)).or_insert_with(|| (page.place.clone(), 0)).1 += 1;
        } else {
            all.push(Citation { sort, target, place: page.place.clone(), count: 1 });
        }
    }
    let hosts = hosts.into_iter().map(|((sort, target), (place, count))| Citation { sort, target, place, count });
    all.extend(hosts);
    let lines = Lines::new(&document.path, &document.source);
    for records in &citing.records {
        // The configuration was checked to hold a pattern.
        let Ok(pattern) = Regex::new(&records.pattern) else { continue };
        cited(document, records, &pattern, &lines, &mut all);
    }
    all.sort_by(|a, b| (&a.place, a.sort, &a.target).cmp(&(&b.place, b.sort, &b.target)));
    all.dedup();
    all
}

/// Writes into a document's topics where their links lead that name no ticket: a place in a page, or a page of dragnet's own,
/// may be a challenge's.
pub(super) fn link_topics(document: &mut Document, pages: &[Page]) {
    for topic in document.meetings.iter_mut().flat_map(|meeting| &mut meeting.topics) {
        topic.links.clear();
    }
    for Page { address, owner, .. } in pages {
        if let Owner::Topic { meeting, topic } = *owner
            && (address.contains('#') || address.contains("/challenges/"))
        {
            document.meetings[meeting].topics[topic].links.push(address.clone());
        }
    }
}

/// The records that a document's words name.
fn cited(document: &Document, records: &Records, pattern: &Regex, lines: &Lines<'_>, all: &mut Vec<Citation>) {
    for passage in &document.passages {
        let text = &document.source[passage.span.clone()];
        for found in pattern.captures_iter(text) {
            let Some((whole, number)) = found.get(0).zip(found.get(1)) else { continue };
            let at = passage.span.start + whole.start();
            if passage.mute().iter().any(|mute| mute.contains(&at)) {
                continue;
            }
            let target = records.target(number.as_str());
            all.push(Citation { sort: Sort::Record, target, place: lines.place(at), count: 1 });
        }
    }
}

impl Records {
    /// The name under which a record of this number is known.
    fn target(&self, number: &str) -> String {
        let bare = number.trim_start_matches('0');
        format!("{}-{}", self.name, if bare.is_empty() { "0" } else { bare })
    }
}

/// What an address leads to, and its name; `None` for none of the web's.
fn meaning(address: &str, citing: &Citing, claims: &Claims) -> Option<(Sort, String)> {
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let host = host_of(&url)?.into_owned();
    if let Some(page) = citing.wikis.iter().find_map(|site| page_of(&url, site)) {
        return Some((Sort::Page, page));
    }
    let path = segments(url.path());
    for claim in &claims.0 {
        let Some((site, words)) = claim
            .site
            .as_ref()
            .and_then(|site| Some((site, beneath(server(&url)?, &path, site, claim.tracker.kind())?)))
        else {
            continue;
        };
        if is_search(&url, claim.tracker.kind(), words) {
            return Some((Sort::Search, url.as_str().to_owned()));
        }
        if let (TrackerKind::GitHub, [owner, repo, "blob" | "tree" | "raw" | "blame", reference, rest @ ..]) =
            (claim.tracker.kind(), words)
            && !rest.is_empty()
        {
            let home = site.as_str().trim_end_matches('/');
            return Some((Sort::File, format!("{home}/{owner}/{repo}/blob/{reference}/{}", rest.join("/"))));
        }
    }
    let bare = match url.host()? {
        Host::Domain(name) => name.to_owned(),
        Host::Ipv4(_) | Host::Ipv6(_) => return Some((Sort::Elsewhere, host)),
    };
    let below = |login: &&str| bare == **login || bare.ends_with(&format!(".{login}"));
    let sort = if LOGINS.iter().any(below) { Sort::Login } else { Sort::Elsewhere };
    Some((sort, host))
}

/// Whether an address asks a tracker for a list: by JQL, by a filter, by a query.
fn is_search(url: &Url, kind: TrackerKind, path: &[&str]) -> bool {
    let asks = |names: &[&str]| url.query_pairs().any(|(key, value)| names.contains(&&*key) && !value.is_empty());
    match (kind, path) {
        // `/issues/?jql=`, and a project's own list: `/jira/software/c/projects/OPS/issues/?filter=`.
        (TrackerKind::Jira, ["issues" | "secure", ..] | [.., "projects", _, "issues"]) => {
            asks(&["jql", "jqlQuery", "filter", "requestId"])
        }
        (TrackerKind::GitHub, ["issues" | "pulls" | "search"] | [_, _, "issues" | "pulls"]) => asks(&["q"]),
        _ => false,
    }
}

/// A search that a macro shows, at the address of the Jira that it goes to: the one with the host that the macro names, and
/// where it names none the first one.
fn search(cited: &Citation, claims: &Claims) -> Citation {
    let told = Url::parse(&cited.target).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let host = told.as_ref().and_then(host_of);
    let jql = told.as_ref().and_then(|url| url.query_pairs().find(|(key, _)| key == "jql"));
    let jql = jql.map_or_else(|| cited.target.clone(), |(_, jql)| jql.into_owned());
    let jiras = claims.0.iter().filter(|claim| claim.tracker.kind() == TrackerKind::Jira);
    let mut sites = jiras.filter_map(|claim| claim.site.as_ref());
    let site = sites.find(|site| host.is_none() || host_of(site) == host);
    Citation { target: site.map_or_else(|| cited.target.clone(), |site| search_link(site, &jql)), ..cited.clone() }
}

/// The lasting link of a wiki's page, from any link to it that names its number.
fn page_of(url: &Url, site: &Url) -> Option<String> {
    // As for any site but a GitHub, whose API stands elsewhere.
    let path = segments(url.path());
    let rest = beneath(server(url)?, &path, site, TrackerKind::Jira)?;
    let named = url.query_pairs().find(|(key, _)| key == "pageId").map(|(_, value)| value.into_owned());
    let in_path = || rest.iter().skip_while(|part| **part != "pages").nth(1).map(|&part| part.to_owned());
    Some(page_link(site, named.or_else(in_path)?.parse().ok()?))
}
