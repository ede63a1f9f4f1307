//! The pages over real HTTP: what stands on them, where their numbers lead, and that nothing written by others gets out of
//! its place.

mod heavy;
mod hostile;
mod lists;
mod search;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::process::Child;

use super::daemon::{get, stopped, wait_for};
use super::world::{World, free_address, noon};

/// Bytes that a page may have.
const MOST: usize = 100_000;

/// A daemon whose first pass has ended, and its pages.
struct Site {
    daemon: Child,
    address: SocketAddr,
}

/// A page as it was answered.
#[derive(Debug, Clone)]
struct Page {
    status: u16,
    head: String,
    body: String,
}

impl Site {
    async fn of(world: &World) -> Self {
        let address = free_address();
        let daemon = world.start(&["serve", "--listen", &address.to_string()]);
        wait_for("the first pass", || {
            get(address, "/").filter(|page| page.contains("<main") && !page.contains("No pass has ended"))
        })
        .await;
        Self { daemon, address }
    }

    fn get(&self, path: &str) -> Page {
        let answer = get(self.address, path).unwrap_or_else(|| panic!("no answer to {path}"));
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Page { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// A page that is there.
    fn page(&self, path: &str) -> String {
        let page = self.get(path);
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        page.body
    }

    /// Every page that can be reached by links from the first one.
    fn all(&self) -> BTreeMap<String, String> {
        let mut pages = BTreeMap::new();
        let mut left = VecDeque::from(["/".to_owned(), "/search?q=builds".to_owned()]);
        while let Some(path) = left.pop_front() {
            if pages.contains_key(&path) {
                continue;
            }
            let body = self.page(&path);
            let own = links(&body)
                .into_iter()
                .map(|(address, _)| address)
                .filter(|address| address.starts_with('/') && !is_export(address));
            left.extend(own);
            pages.insert(path, body);
            assert!(pages.len() < 400, "the pages have no end: {:?}", pages.keys());
        }
        pages
    }

    async fn stop(self) -> String {
        stopped(self.daemon).await
    }
}

/// Whether an address is of something else than a page.
fn is_export(address: &str) -> bool {
    let path = address.split('?').next().unwrap_or_default();
    [".json", ".csv", ".atom", ".svg"].iter().any(|ending| path.ends_with(ending))
}

/// What HTML escapes, as it was.
fn unescaped(text: &str) -> String {
    let named = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#38;", "&"),
        ("&#39;", "'"),
        ("&#60;", "<"),
        ("&#62;", ">"),
    ];
    named.iter().fold(text.to_owned(), |text, (name, is)| text.replace(name, is)).replace("&amp;", "&")
}

/// The text between tags.
fn text(html: &str) -> String {
    let pieces =
        html.split('<').enumerate().map(|(at, piece)| if at == 0 { piece } else { piece.split_once('>').unwrap().1 });
    unescaped(&pieces.collect::<String>()).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every link with what stands in it.
fn links(html: &str) -> Vec<(String, String)> {
    let after = html.split("<a ").skip(1);
    after
        .map(|link| {
            let address = link.split_once("href=\"").unwrap().1.split('"').next().unwrap();
            let inside = link.split_once('>').unwrap().1.split("</a>").next().unwrap();
            (unescaped(address), inside.to_owned())
        })
        .collect()
}

/// The number that a link tells, if it tells one.
fn number(inside: &str) -> Option<usize> {
    let bold = inside.split_once("<b>").map(|(_, rest)| rest.split("</b>").next().unwrap());
    let first = text(inside).split(' ').next().unwrap_or_default().to_owned();
    let told = bold.map_or(first, str::to_owned);
    told.parse().ok()
}

/// How many rows or results a page lists.
fn listed(html: &str) -> usize {
    html.matches("<th scope=\"row\">").count() + html.matches("<li>\n<h2>").count()
}

/// Fails where an element is left open, or closed that was not opened.
#[track_caller]
fn well_formed(path: &str, html: &str) {
    let mut open: Vec<&str> = Vec::new();
    for piece in html.split('<').skip(1).filter(|piece| !piece.starts_with('!')) {
        let tag = piece.split('>').next().unwrap();
        let name = tag.trim_start_matches('/').split([' ', '>']).next().unwrap();
        match (tag.starts_with('/'), ["br", "meta", "link", "input"].contains(&name)) {
            (true, _) => assert_eq!(open.pop(), Some(name), "{path}: {tag}"),
            (false, true) => {}
            // What stands in charts may close itself.
            (false, false) if tag.ends_with('/') => {}
            (false, false) => open.push(name),
        }
    }
    assert!(open.is_empty(), "{path}: {open:?} left open");
}

/// A register and minutes with some of everything.
async fn sample() -> World {
    let world = World::new().await;
    world.write(
        "register.md",
        "| Category | Issue | Anecdotes | Occurrences | Status |\n|---|---|---|---|---|\n\
         | Builds | Builds are slow | * 2022-03-01 (Payments): a release waited for an hour. * 2022-05-02 (Search): again. | 2 | ARCH-1 |\n\
         | Builds | Tests fail at random | 2023-01-01 (Payments): nobody trusts them. | 1 | ARCH-2 Note: This was never finished. |\n\
         | Access | Rights are given by hand | 2023-02-01 (Search): it took days. | 1 | acme/tools#7 |\n\
         | Access | Keys are shared | 2023-02-01 (Search): see OPS-4. | 1 | |\n\
         | | Nobody knows the owner | | | ARCH-3 |\n",
    );
    world.write(
        "minutes.md",
        "# 2023-06-07\n\n* [quest] Dave: who runs the database upgrade? See ARCH-2\n    * Erin: MySQL is out of support\n",
    );
    world
        .jira
        .issue("ARCH-1")
        .titled("A faster cache")
        .status("Closed", "done")
        .resolution("Fixed", noon("2022-04-01"));
    world
        .jira
        .issue("ARCH-2")
        .titled("Quarantine tests")
        .status("Closed", "done")
        .resolution("Won't Do", noon("2023-02-01"));
    world.jira.issue("ARCH-3").titled("An owner for each service").status("Open", "new");
    world.jira.issue("OPS-4").titled("Rotate the keys").status("Closed", "done").resolution("Done", noon("2023-03-01"));
    world.github.issue("acme/tools", 7).titled("Self service").opened(noon("2023-03-01"));
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_light_and_complete_and_every_number_leads_to_a_list_of_that_length() {
    let world = sample().await;
    let site = Site::of(&world).await;
    let pages = site.all();
    for wanted in [
        "/challenges",
        "/registers/register.md",
        "/tickets/jira:ARCH-2",
        "/findings",
        "/teams",
        "/categories",
        "/owners",
        "/challenges?owner=",
        "/minutes?on=2023-06-07",
        "/challenges?ticket=jira%3AARCH-1",
    ] {
        assert!(pages.contains_key(wanted), "nothing leads to {wanted}: {:?}", pages.keys());
    }
    let mut told = BTreeSet::new();
    for (path, body) in &pages {
        well_formed(path, body);
        assert!(body.len() < MOST, "{path}: {}", body.len());
        assert!(body.contains("As of <time") && body.contains("<b>jira</b> answered <time"), "{path}");
        for active in ["<script", "<style", "style=\"", " onload", " onclick", "<iframe", "<img"] {
            assert!(!body.contains(active), "{path}: {active}");
        }
        for (address, inside) in links(body).into_iter().filter(|(address, _)| address.starts_with('/')) {
            let lists =
                ["/challenges", "/findings", "/tickets", "/registers", "/categories", "/teams", "/owners", "/search"];
            let is_list = lists.iter().any(|list| address.starts_with(list)) && !address.starts_with("/challenges/");
            let Some(many) = number(&inside).filter(|_| is_list && !address.contains("page=")) else {
                continue;
            };
            // Cells of quarters count anecdotes, and lead to the challenges that have them.
            let counts_others = address.contains("quarter=");
            assert!(!counts_others || (1..=many).contains(&listed(&pages[&address])), "{path}: {address}");
            assert!(counts_others || listed(&pages[&address]) == many, "{path} tells {many} of {address}");
            told.insert(address);
        }
    }
    for wanted in [
        "/challenges?standing=broken-promise",
        "/challenges?standing=broken-promise&category=Builds",
        "/challenges?standing=broken-promise&team=Payments",
        "/challenges?standing=broken-promise&owner=Payments",
        "/registers/register.md?standing=promised",
        "/tickets?verdict=undone",
        "/findings?code=closed-undone",
        "/search?q=builds&kind=challenge",
        "/challenges?ticket=jira%3AARCH-1",
    ] {
        assert!(told.contains(wanted), "no number leads to {wanted}: {told:#?}");
    }
    let head = site.get("/challenges").head;
    assert!(head.contains("content-security-policy: default-src 'none'; style-src 'self'"), "{head}");
    assert!(!head.contains("unsafe-inline"), "{head}");
    let style = links(&site.page("/").replace("<link rel=\"stylesheet\" ", "<a ")).remove(0).0;
    assert!(site.page("/icon.svg").starts_with("<svg"));
    let style = site.get(&style);
    assert!(style.head.contains("text/css") && style.head.contains("immutable"), "{}", style.head);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_tells_its_story_and_a_ticket_what_its_verdict_rests_on() {
    let world = sample().await;
    let site = Site::of(&world).await;
    let (address, _) =
        links(&site.page("/challenges")).into_iter().find(|(_, inside)| inside == "Tests fail at random").unwrap();
    let challenge = text(&site.page(&address));
    for told in [
        "✗ broken promise",
        "To clear it:",
        "jira:ARCH-2 Quarantine tests ✗ undone, proven closed as Won't Do",
        "says undone: the register notes “This was never finished.”",
        "1 January 2023 met by Payments: nobody trusts them.",
        "1 February 2023 jira:ARCH-2 was closed as Won't Do",
        "the challenge was judged for the first time: broken promise",
    ] {
        assert!(challenge.contains(told), "{told} is not in {challenge}");
    }
    let ticket = site.page("/tickets/jira:ARCH-2");
    let links: BTreeSet<String> = links(&ticket).into_iter().map(|(address, _)| address).collect();
    assert!(links.contains(&address), "the way back to the challenge: {links:?}");
    assert!(links.iter().any(|address| address.ends_with("/browse/ARCH-2")), "the way to the tracker: {links:?}");
    let ticket = text(&ticket);
    for told in ["✗ undone, proven", "remedy in the status of Tests fail at random", "the meeting of 7 June 2023"] {
        assert!(ticket.contains(told), "{told} is not in {ticket}");
    }

    // A key that a tracker claims is enough, and so is a link.
    let redirect = site.get("/tickets/ARCH-2").head;
    assert!(redirect.starts_with("HTTP/1.1 303") && redirect.contains("location: /tickets/jira:ARCH-2"), "{redirect}");
    for nothing in
        ["/tickets/jira:ARCH-99", "/tickets/XYZ-1", "/challenges/nobody", "/registers/none.md", "/registers/minutes.md"]
    {
        let page = site.get(nothing);
        assert_eq!(page.status, 404, "{nothing}");
        assert!(page.body.contains("There is no such page"), "{nothing}: {}", page.body);
    }
    site.stop().await;
}
