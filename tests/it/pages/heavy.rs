//! What there is too much of to stand on one page: no page is heavy, what is left off is counted, and a link leads to it.

use std::collections::BTreeSet;

use super::{MOST, Site, links, listed, text, well_formed};
use crate::site::ONCE_A_YEAR;
use crate::world::{World, noon};

/// A name of letters alone for each number.
fn word(at: usize) -> String {
    [at / 676, at / 26, at].map(|n| char::from(b'a' + u8::try_from(n % 26).unwrap())).iter().collect()
}

/// More than some lines of `beginning`, with signs that weigh more in HTML.
fn long(beginning: &str) -> String {
    format!("{beginning} {}", "and \"more\" & 'more' of it ".repeat(20))
}

/// Rows of long texts, three hundred categories and teams, a story of 450 anecdotes, and meetings of 45 topics each.
async fn talkative() -> World {
    let world = World::new().await;
    let head = "| Category | Issue | Anecdotes | Occurrences | Status |\n|---|---|---|---|---|\n";
    let mut register = head.to_owned();
    for at in 0..100 {
        let anecdotes: Vec<String> = (1..=5).map(|day| format!("2023-01-0{day}: {}", long("it hurt"))).collect();
        let keys = "ARCH-1, ARCH-2, ARCH-3, ARCH-4, ARCH-5";
        register += &format!(
            "| {} | {} | {} | 5 | {keys} Note: {} |\n",
            long(&format!("Kind {at}")),
            long(&format!("Pain {at}")),
            anecdotes.join("<br>"),
            long("never finished")
        );
    }
    world.write("register.md", register);
    let many: String = (0..300)
        .map(|at| format!("| Kind of {} | Small pain {at} | 2023-01-01 (Team {}): x | 1 | |\n", word(at), word(at)))
        .collect();
    world.write("many.md", format!("{head}{many}"));
    let story: Vec<String> = (0..450).map(|at| format!("2020-01-01: met for the {at}. time")).collect();
    world.write("story.md", format!("{head}| Long | A long story | {} | 450 | ARCH-6 |\n", story.join("<br>")));
    let topics: String = (0..45)
        .map(|at| format!("- [quest] (Kelly) Topic {at} {}\n  - (Dave) {}\n", long("of"), long("aye")))
        .collect();
    let minutes: String = (1..=20).map(|day| format!("## 2024-02-{day:02}\n\n{topics}\n")).collect();
    world.write("minutes.md", format!("# Architecture hour\n\n{minutes}"));
    for at in 1..=6 {
        let key = format!("ARCH-{at}");
        world
            .jira
            .issue(&key)
            .titled(&long("A remedy"))
            .status("Closed", "done")
            .resolution("Won't Do", noon("2023-02-01"));
    }
    world
}

/// All pages of a list, by their links to the next one.
fn leaves(site: &Site, first: &str) -> Vec<String> {
    let mut pages = vec![site.page(first)];
    while let Some((next, _)) = links(pages.last().unwrap()).into_iter().find(|(_, inside)| inside == "Next page") {
        pages.push(site.page(&next));
    }
    pages
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_is_heavy_whatever_there_is_to_tell() {
    let world = talkative().await;
    // The first pass takes as long as it takes.
    world.configure(ONCE_A_YEAR);
    world.run(&["sync"]).await.ended(0);
    let site = Site::of(&world).await;
    world.sql_run(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
         INSERT INTO waiver (code, ticket, decided_by, reason, until, decided_at)
         SELECT 'stale-ticket', 'jira:OPS-' || i, 'Ada', printf('%.500c', '&'), '2999-01-01', '2026-01-01T00:00:00Z' FROM n",
    );
    let id: String = world.sql("SELECT id FROM challenge WHERE document = 'story.md'");
    let (story, day) = (format!("/challenges/{id}"), "/minutes?on=2024-02-07");
    for path in [
        "/",
        "/changes",
        "/challenges",
        "/registers",
        "/registers/register.md",
        "/registers/many.md",
        "/categories",
        "/teams",
        "/owners",
        "/tickets",
        "/tickets/jira:ARCH-1",
        "/findings",
        "/patterns",
        "/trends",
        "/minutes",
        day,
        "/health",
        "/decisions",
        "/search?q=more",
        &story,
    ] {
        let page = site.page(path);
        assert!(page.len() < MOST, "{path}: {}", page.len());
        well_formed(path, &page);
    }

    let register = site.page("/registers/register.md");
    assert_eq!(listed(&register), 100);
    let row = register.split("<tr>").nth(2).unwrap();
    let told = text(row);
    for beginning in ["Pain 0 and", "5 January 2023 it hurt", "Note: never", "ARCH-1"] {
        assert!(told.contains(beginning), "{beginning}: {told}");
    }
    assert!(told.contains('…') && row.contains("#story\">and ") && told.matches(" more").count() >= 2, "{row}");

    // Each anecdote stands on one of the pages of its story.
    let pages = leaves(&site, &story);
    assert_eq!(pages.len(), 5);
    let told: Vec<usize> =
        (0..450).map(|at| pages.iter().filter(|page| page.contains(&format!("for the {at}. time"))).count()).collect();
    assert!(told.iter().all(|pages| *pages == 1), "{told:?}");

    // What cannot be chosen from is led to.
    let trends = site.page("/trends");
    assert!(trends.contains("more, to which the lists of"), "{trends}");
    let last = leaves(&site, "/categories").pop().unwrap();
    let (address, _) = links(&last).into_iter().find(|(_, inside)| inside == "trends").unwrap();
    let trends = site.page(&address);
    assert!(trends.contains("Trends: category") && trends.contains(" selected>"), "{address}");

    let minutes = site.page("/minutes");
    assert!(minutes.contains(" more topics</a>"), "{minutes}");
    let days = leaves(&site, day);
    let anchors: Vec<&str> = days.iter().flat_map(|page| page.split("class=\"topic\" id=\"").skip(1)).collect();
    let anchors: BTreeSet<&str> = anchors.iter().map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(anchors.len(), 45);
    for page in leaves(&site, "/search?q=topic+44+of&kind=topic") {
        let hits = links(&page).into_iter().filter(|(address, _)| address.starts_with("/minutes?on="));
        for (address, _) in hits.take(3) {
            let (path, anchor) = address.split_once('#').unwrap();
            assert!(site.page(path).contains(&format!("id=\"{anchor}\"")), "{address}");
        }
    }
    let decisions = site.page("/decisions");
    assert!(decisions.contains("<a href=\"/decisions.json\">all of them as JSON</a>"), "{decisions}");
    assert_eq!(site.get("/minutes?on=1999-01-01").status, 404);
    assert_eq!(site.get("/minutes?on=never").status, 400);
    site.stop().await;
}
