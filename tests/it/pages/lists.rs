//! Lists: pages of them, what they are filtered by, and that they follow the documents.

use super::{MOST, Site, links, listed, text};
use crate::daemon::get;
use crate::world::{World, noon};

/// A register of so many rows: the even ones are promised by an open ticket, and every tenth was met by the team of tens.
fn rows(many: usize) -> String {
    let mut text = "| Category | Issue | Anecdotes | Occurrences | Status |\n|---|---|---|---|---|\n".to_owned();
    for at in 0..many {
        let team = if at % 10 == 0 { "(Tens)" } else { "(Others)" };
        let status = if at % 2 == 0 { "ARCH-1" } else { "" };
        text += &format!("| Cat {} | Pain number {at} | 2023-01-01 {team}: met it | 1 | {status} |\n", at % 3);
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_is_shown_in_pages_and_filters_stand_in_the_address() {
    let world = World::new().await;
    world.write("register.md", rows(250));
    world.jira.issue("ARCH-1").titled("One for all").opened(noon("2023-01-01")).updated(noon("2030-01-01"));
    let site = Site::of(&world).await;
    let mut path = "/registers/register.md".to_owned();
    let mut seen = Vec::new();
    for (page, many) in [(1, 100), (2, 100), (3, 50)] {
        let body = site.page(&path);
        assert_eq!(listed(&body), many, "page {page}");
        assert!(body.len() < MOST, "page {page}: {}", body.len());
        assert!(body.contains(&format!("Page {page} of 3")) && body.contains("250 challenges"), "page {page}");
        let titles = links(&body).into_iter().filter(|(address, _)| address.starts_with("/challenges/"));
        seen.extend(titles.map(|(_, title)| title));
        path =
            links(&body).into_iter().find(|(_, inside)| inside == "Next page").map_or(String::new(), |(next, _)| next);
    }
    assert_eq!(path, "", "the last page leads no further");
    let all: Vec<String> = (0..250).map(|at| format!("Pain number {at}")).collect();
    assert_eq!(seen, all, "in the order of the document, each once");
    for (path, many) in [
        ("/challenges?standing=promised", 125),
        ("/challenges?standing=no-remedy", 125),
        ("/challenges?team=tens", 25),
        ("/challenges?team=Tens&standing=promised", 25),
        ("/challenges?category=Cat+1", 83),
        ("/challenges?category=Cat+1&team=Tens", 8),
        ("/registers/register.md?category=Cat+1&standing=no-remedy", 42),
        ("/challenges?quarter=2023-Q1", 250),
        ("/challenges?quarter=2023-Q2&team=Tens", 0),
        ("/challenges?quarter=2023-Q1&team=Tens&category=Cat+1", 8),
        ("/challenges?ticket=jira:ARCH-1", 125),
        ("/challenges?ticket=jira:ARCH-2", 0),
        ("/challenges?since=2020-01-01", 250),
        ("/challenges?since=2999-01-01", 0),
        ("/challenges?category=", 0),
        ("/challenges?standing=cleared", 0),
    ] {
        let body = site.page(path);
        let told = if many == 1 { "1 challenge".to_owned() } else { format!("{many} challenges") };
        assert!(text(&body).contains(&told), "{path}");
        assert_eq!(listed(&body), many.min(100), "{path}");
    }
    assert_eq!(listed(&site.page("/challenges?page=9")), 0, "behind the last page is nothing");
    for (path, says) in [
        ("/challenges?standing=lost", "`lost` is no standing: it is one of no-remedy, promised"),
        ("/challenges?since=yesterday", "`yesterday` is no since"),
        ("/challenges?quarter=2023", "`2023` is no quarter"),
        ("/changes?since=x", "`x` is no since"),
        ("/changes?part=x", "`x` is no part: it is one of worse, better"),
        ("/challenges?page=0", "`0` is no page"),
        ("/challenges?page=two", "`two` is no page"),
        ("/tickets?verdict=maybe", "`maybe` is no verdict"),
        ("/tickets?tracker=%3A", "`:` is no tracker"),
        ("/findings?code=x", "`x` is no code"),
        ("/search?kind=x", "`x` is no kind"),
    ] {
        let page = site.get(path);
        assert_eq!(page.status, 400, "{path}");
        assert!(page.body.starts_with(says), "{path}: {}", page.body);
    }
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_follow_documents_as_they_change_leave_and_come_back() {
    let world = World::new().await;
    world.register(&[("Builds are slow", "2023-01-01: (Payments) x", "ARCH-1")]);
    world.write("other.md", rows(3));
    world.jira.issue("ARCH-1").opened(noon("2023-01-01"));
    let site = Site::of(&world).await;
    let shown = |path: &str| get(site.address, path).map(|answer| listed(&answer));
    assert_eq!((shown("/challenges"), shown("/registers")), (Some(4), Some(2)));

    world.register(&[("Builds are slow", "2023-01-01: (Search) x", ""), ("Tests fail", "2023-01-02: (Search) x", "")]);
    world.run(&["sync"]).await.ended(0);
    assert_eq!((shown("/challenges"), shown("/challenges?team=Payments")), (Some(5), Some(0)));
    assert_eq!(shown("/challenges?team=Search&standing=no-remedy"), Some(2));

    let away = std::fs::read(world.path("other.md")).unwrap();
    std::fs::remove_file(world.path("other.md")).unwrap();
    world.run(&["sync"]).await.ended(0);
    assert_eq!(shown("/challenges"), Some(2));
    assert_eq!(site.get("/registers/other.md").status, 404);
    assert_eq!(shown("/search?q=number"), Some(0));
    world.write("other.md", away);
    world.run(&["sync"]).await.ended(0);
    assert_eq!(shown("/challenges"), Some(5));
    assert_eq!((shown("/registers/other.md"), shown("/search?q=number")), (Some(3), Some(3)));
    site.stop().await;
}
