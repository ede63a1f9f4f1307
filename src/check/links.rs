//! `--links`: whether the other pages that documents link to are still there.
//!
//! A page is called dead when its own server says so (404, 410), or when its name does not exist while other names do.
//! Everything else (a limit, an outage, a refusal, an address that is not public) is counted and told, and never a
//! finding. A host is asked one thing at a time, and left alone when it asks for that or does not answer.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use http::StatusCode;
use tokio::task::JoinSet;
use url::{Host, Url};

use super::Touched;
use crate::config::SourceSettings;
use crate::documents;
use crate::domain::challenge::{Challenge, ChallengeId};
use crate::domain::document::Owner;
use crate::domain::finding::{Code, Finding, Severity};
use crate::domain::judged::Judged;
use crate::domain::known::Known;
use crate::domain::place::Place;
use crate::domain::tracker::Claims;
use crate::domain::waiver::Waiver;
use crate::http::{Outside, Seen};
use crate::judge::{self, Untold};
use crate::references;
use crate::sync::{self, Shop};

/// Hosts that are asked at the same time.
const HOSTS: usize = 16;
/// Failures without an answer, one after the other, after which a host is left alone.
const PATIENCE: usize = 2;
/// Names that are given to nobody, for use in examples: <https://www.rfc-editor.org/rfc/rfc2606>.
const EXAMPLES: &[&str] = &["example", "example.com", "example.net", "example.org", "test", "invalid", "localhost"];

/// What looking at the pages came to.
#[derive(Debug, Default)]
pub(super) struct Looked {
    /// The findings, and those that people accepted.
    pub(super) judged: Judged,
    /// How much could not be told, in a sentence.
    pub(super) trouble: Option<String>,
}

/// The pages that the documents link to.
#[derive(Default)]
struct Cited {
    /// Every place, and whose challenge that is, by address without its fragment.
    pages: BTreeMap<Url, Vec<(Place, Option<ChallengeId>)>>,
    waivers: Vec<Waiver>,
    /// Whether there is a document that could not be read.
    lost: bool,
}

/// Asks for every page that the documents (or what was touched of them) link to, each once. `known` is what was understood of
/// them.
pub(super) async fn look(
    shop: &Shop,
    outside: &Outside,
    known: &Known,
    touched: Option<&Touched>,
) -> anyhow::Result<Looked> {
    if shop.policy.severity(Code::DeadLink) == Severity::Off {
        return Ok(Looked::default());
    }
    let cited = cited(shop, &sync::at_hand(shop).await?.sources, known, touched);
    let seen = ask(outside, cited.pages.keys()).await;
    let names_are_found = seen.iter().any(|(url, seen)| {
        matches!(url.host(), Some(Host::Domain(_))) && matches!(seen, Seen::There | Seen::Gone(..) | Seen::Limit)
    });
    let (mut findings, mut untold) = (Vec::new(), Vec::new());
    for (url, seen) in &seen {
        match why_dead(&shop.claims, url, seen, names_are_found) {
            Ok(None) => {}
            Ok(Some(why)) => {
                findings.extend(
                    cited.pages[url].iter().map(|(place, whose)| finding(shop, url, place, whose.as_ref(), &why)),
                );
            }
            Err(why) => untold.push(why),
        }
    }
    let judged = Judged { findings, ..Judged::default() };
    let today = shop.clock.now().date_naive();
    let trouble = untold
        .first()
        .map(|first| format!("{} of {} other links could not be told: {first}", untold.len(), cited.pages.len()));
    // A waiver may be for one of the pages that could not be told, or for one of another document.
    let untold = if trouble.is_some() { Untold::anything() } else { Untold::default() };
    let whole = shop.whole && !cited.lost;
    let judged = judge::waive(judged, &cited.waivers, &shop.policy, today, whole.then_some(&untold));
    Ok(Looked { judged, trouble })
}

/// Why a page is dead, if it is; an error when nobody can tell.
fn why_dead(claims: &Claims, url: &Url, seen: &Seen, names_are_found: bool) -> Result<Option<String>, String> {
    let host = url.host_str().unwrap_or_default();
    // Trackers answer 404 to whoever may not see a page.
    let of_tracker = claims.0.iter().filter_map(|claim| claim.site.as_ref()).any(|site| site.host() == url.host());
    match seen {
        Seen::There => Ok(None),
        Seen::Gone(at, StatusCode::NOT_FOUND) if of_tracker => {
            Err(format!("{host} hides what it does not show us ({at})"))
        }
        Seen::Gone(at, status) if same_site(at, url) => Ok(Some(format!("answered {}", status.as_u16()))),
        Seen::Gone(at, status) => {
            Err(format!("{host} leads to {}, which answered {}", at.host_str().unwrap_or_default(), status.as_u16()))
        }
        Seen::NoSuchName if names_are_found => Ok(Some(format!("is nowhere: there is no host {host}"))),
        Seen::NoSuchName => Err("no name of a host is found; is there a network?".to_owned()),
        Seen::Limit => Err(format!("{host} answered 429")),
        Seen::Unknown(why) => Err(why.clone()),
        Seen::Refused(at) if same_site(at, url) => {
            Err(format!("{host} is not public; `--allow-host {host}` lets it be asked"))
        }
        Seen::Refused(at) => Err(format!("{host} leads to {at}, which is not public")),
    }
}

/// Whether two addresses are one site's: the same host, `www.` apart.
fn same_site(one: &Url, other: &Url) -> bool {
    let bare = |url: &Url| url.host_str().map(|host| host.trim_start_matches("www.").to_owned());
    bare(one) == bare(other)
}

fn finding(shop: &Shop, url: &Url, place: &Place, whose: Option<&ChallengeId>, why: &str) -> Finding {
    Finding {
        code: Code::DeadLink,
        severity: shop.policy.severity(Code::DeadLink),
        challenge: whose.cloned(),
        ticket: None,
        role: None,
        place: Some(place.clone()),
        message: format!("{url} {why}"),
        hint: Some("correct the link, or take it out".to_owned()),
        evidence: Vec::new(),
        first_seen: None,
        fingerprint: judge::fingerprint(Code::DeadLink, &format!("{}|{url}", place.path)),
        rests_on: None,
    }
}

/// The pages, each once a document. A document that cannot be read is told by the pass.
fn cited(shop: &Shop, sources: &[SourceSettings], known: &Known, touched: Option<&Touched>) -> Cited {
    let mut cited = Cited::default();
    let mut understood: HashMap<&str, &[Challenge]> = HashMap::new();
    for document in &known.documents {
        understood.entry(&document.path).or_insert(&document.challenges);
    }
    for source in sources {
        let files = sync::files(source);
        cited.lost |= files.is_err();
        for (path, file) in files.unwrap_or_default() {
            let Ok(text) = sync::text_of(source, &file) else {
                cited.lost = true;
                continue;
            };
            let document = documents::read(&path, text, &source.reading);
            let challenges = understood.get(path.as_str()).copied().unwrap_or_default();
            let mut seen = BTreeSet::new();
            for page in references::scan(&document, &shop.claims).pages {
                let Some(url) = address(&page.address) else { continue };
                let wanted = touched.is_none_or(|touched| touched.wrote(&page.place));
                if wanted && seen.insert(url.clone()) {
                    let whose = match page.owner {
                        Owner::Challenge { challenge, .. } => challenges.get(challenge).map(|one| one.id.clone()),
                        _ => None,
                    };
                    cited.pages.entry(url).or_default().push((page.place, whose));
                }
            }
            let markers = document.markers.iter().filter(|marker| marker.code == Code::DeadLink);
            cited.waivers.extend(markers.map(|marker| marker.waiver_among(challenges)));
        }
    }
    let decided = shop.waivers.iter().chain(&known.waivers);
    cited.waivers.extend(decided.filter(|waiver| waiver.code == Code::DeadLink).cloned());
    cited
}

/// What is asked for a link, if anything: an address on the web without its fragment, user and password.
fn address(text: &str) -> Option<Url> {
    let mut url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    url.set_fragment(None);
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    let example = |host: &str| {
        EXAMPLES.iter().any(|name| host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
    };
    (!url.host_str().is_none_or(example)).then_some(url)
}

/// Asks for all of them, host by host.
async fn ask(outside: &Outside, pages: impl Iterator<Item = &Url>) -> Vec<(Url, Seen)> {
    let mut hosts: BTreeMap<String, Vec<Url>> = BTreeMap::new();
    for url in pages {
        hosts.entry(url.host_str().unwrap_or_default().to_owned()).or_default().push(url.clone());
    }
    let (mut waiting, mut asking, mut seen) = (hosts.into_values(), JoinSet::new(), Vec::new());
    loop {
        while asking.len() < HOSTS
            && let Some(pages) = waiting.next()
        {
            let outside = outside.clone();
            asking.spawn(async move { of_host(&outside, pages).await });
        }
        match asking.join_next().await {
            Some(Ok(more)) => seen.extend(more),
            // A task of ours that fell over has told nothing; its pages are missing, and so nobody's finding.
            Some(Err(error)) => tracing::error!("asking for pages broke off: {error}"),
            None => break,
        }
    }
    seen.sort_by(|a, b| a.0.cmp(&b.0));
    seen
}

async fn of_host(outside: &Outside, pages: Vec<Url>) -> Vec<(Url, Seen)> {
    let mut seen: Vec<(Url, Seen)> = Vec::new();
    let (mut failures, mut enough) = (0, None::<Seen>);
    for url in pages {
        let one = match &enough {
            Some(last) => last.clone(),
            None => outside.look(&url).await,
        };
        failures = if matches!(one, Seen::Unknown(_)) { failures + 1 } else { 0 };
        if failures == PATIENCE || matches!(one, Seen::Limit | Seen::NoSuchName) {
            enough = Some(one.clone());
        }
        seen.push((url, one));
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is made of a page, where names of other hosts are found or not.
    fn told(page: &str, seen: &Seen, names_are_found: bool) -> Result<Option<String>, String> {
        let claims = Claims::without_configuration(&[]);
        why_dead(&claims, &page.parse().unwrap(), seen, names_are_found)
    }

    #[test]
    fn only_proof_makes_a_page_dead() {
        let at = |url: &str, status| Seen::Gone(url.parse().unwrap(), status);
        let (page, gone) = ("https://wiki.acme.dev/x", StatusCode::GONE);
        for (seen, expected) in [
            (Seen::There, Ok(None)),
            (at(page, StatusCode::NOT_FOUND), Ok(Some("answered 404"))),
            (at("https://www.wiki.acme.dev/y", gone), Ok(Some("answered 410"))),
            (at("https://login.acme.dev/", gone), Err("wiki.acme.dev leads to login.acme.dev, which answered 410")),
            (Seen::NoSuchName, Ok(Some("is nowhere: there is no host wiki.acme.dev"))),
            (Seen::Limit, Err("wiki.acme.dev answered 429")),
            (Seen::Unknown("it hangs".to_owned()), Err("it hangs")),
            (
                Seen::Refused(page.parse().unwrap()),
                Err("wiki.acme.dev is not public; `--allow-host wiki.acme.dev` lets it be asked"),
            ),
        ] {
            let told = told(page, &seen, true);
            assert_eq!(told.as_ref().map(Option::as_deref).map_err(String::as_str), expected, "{seen:?}");
        }
        // A resolver that knows no name at all proves nothing about one of them.
        assert_eq!(
            told(page, &Seen::NoSuchName, false).unwrap_err(),
            "no name of a host is found; is there a network?"
        );
        // A tracker hides what it does not show, and says 404; 410 is its word that it is gone.
        let ticket = "https://github.com/acme/rocket/wiki/x";
        assert!(told(ticket, &at(ticket, StatusCode::NOT_FOUND), true).unwrap_err().contains("hides"));
        assert_eq!(told(ticket, &at(ticket, gone), true), Ok(Some("answered 410".to_owned())));
    }
}
