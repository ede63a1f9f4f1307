//! What documents cite besides tickets: decision records, searches, pages of wikis, files of repositories.

use dragnet::standin::Mishap;

use super::follow_ups::told;
use super::sources_wiki::{Wiki, register};
use super::world::World;

/// `sort target: look-up, status or title` of everything cited besides tickets.
async fn cited(world: &World) -> Vec<String> {
    let report = world.report().await;
    let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
    let citations = report["citations"].as_array().unwrap().iter().map(|one| {
        let said = one["status"].as_str().or(one["title"].as_str()).unwrap_or("-");
        format!("{} {}: {}, {said}, x{}", text(&one["sort"]), text(&one["target"]), text(&one["lookup"]), one["count"])
    });
    citations.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn decision_records_are_told_with_the_status_that_their_files_state() {
    let world = World::new().await;
    std::fs::create_dir(world.path("adr")).unwrap();
    world.write("adr/0001-use-sqlite.md", "# 1. Use SQLite\n\n## Status\n\nAccepted\n");
    world.write("adr/0002-use-redis.md", "# 2. Use Redis\n\nStatus: superseded by ADR-1\n");
    world.configure("[[record]]\nname = \"ADR\"\npath = \"adr/*.md\"\n");
    world.register(&[("Slow builds", "2024-05-01 see ADR-0002", "ADR-1, ADR 9; RFC-2119")]);
    world.run(&["sync"]).await.ended(0);
    assert_eq!(
        cited(&world).await,
        [
            "record ADR-1: found, Accepted, x1",
            "record ADR-2: found, superseded by ADR-1, x1",
            "record ADR-9: gone, -, x1"
        ]
    );
    assert_eq!(told(&world, "broken-link").await, ["there is no ADR-9: no file of `adr/*.md` has its number"]);
    world.run(&["check"]).await.ended(1);

    // A folder that is away for a moment proves nothing, and what was proven stays.
    std::fs::rename(world.path("adr"), world.path("away")).unwrap();
    world.run(&["sync"]).await.ended(0);
    assert_eq!(cited(&world).await[0], "record ADR-1: unknown, Accepted, x1");
    assert_eq!(told(&world, "broken-link").await.len(), 1);
    std::fs::rename(world.path("away"), world.path("adr")).unwrap();
    world.write("adr/0009-written-since.md", "# 9. Written since\n\nStatus: proposed\n");
    world.run(&["sync"]).await.ended(0);
    assert_eq!(told(&world, "broken-link").await.len(), 0);

    world.configure("[[record]]\nname = \"ADR\"\npattern = \"ADR\"\npath = \"adr/*.md\"\n");
    world.run(&["sync"]).await.ended(2).complained(&["expected a group around the number"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_searches_and_hosts_behind_logins_are_told_apart() {
    let world = World::new().await;
    world.github.token("github-s3cret");
    world.github.file("acme/handbook", "main", "docs/a b.md", "x");
    world.github.file("acme/secret", "main", "a.md", "x").private("acme/secret");
    let links = [
        "https://github.com/acme/handbook/blob/main/docs/a%20b.md#L3",
        "https://github.com/acme/handbook/tree/main/docs",
        "https://github.com/acme/handbook/blob/main/gone.md",
        "https://github.com/acme/handbook/blob/never/gone.md",
        "https://github.com/acme/secret/blob/main/b.md",
        "https://acme.example/issues/?jql=project%20%3D%20ARCH",
        "https://docs.google.com/document/d/1/edit",
        "https://docs.google.com/document/d/2/edit",
        "https://example.org/",
    ];
    world.write("notes.md", links.join("\n\n"));
    world.run(&["sync"]).await.ended(0);
    let expected = [
        "search https://acme.example/issues/?jql=project%20%3D%20ARCH: -, -, x1",
        "file https://github.com/acme/handbook/blob/main/docs: found, -, x1",
        "file https://github.com/acme/handbook/blob/main/docs/a%20b.md: found, -, x1",
        "file https://github.com/acme/handbook/blob/main/gone.md: gone, -, x1",
        "file https://github.com/acme/handbook/blob/never/gone.md: hidden, -, x1",
        "file https://github.com/acme/secret/blob/main/b.md: hidden, -, x1",
        "login docs.google.com: -, -, x2",
        "elsewhere example.org: -, -, x1",
    ];
    assert_eq!(cited(&world).await, expected);
    let gone = "https://github.com/acme/handbook/blob/main/gone.md is gone: acme/handbook has no `gone.md` at main";
    assert_eq!(told(&world, "broken-link").await, [gone]);
    assert_eq!(world.trees(), ["main", "never", "main"], "a request for each branch");

    world.github_stage.fail(Mishap::Status(503));
    world.run(&["sync"]).await.ended(0);
    let still = told(&world, "broken-link").await;
    assert!(
        still.len() == 1 && still[0].contains("gone.md is gone: so it was on "),
        "an outage overturns nothing: {still:?}"
    );
    world.github_stage.heal();
    world.github.file("acme/handbook", "main", "gone.md", "there again");
    world.run(&["sync"]).await.ended(0);
    assert_eq!(told(&world, "broken-link").await.len(), 0);
}

impl World {
    /// The branches whose trees were asked for.
    fn trees(&self) -> Vec<String> {
        let requests = self.github_stage.requests();
        let paths = requests.iter().filter_map(|one| one.path.split_once("/git/trees/")?.1.split_once('?'));
        paths.map(|(branch, _)| branch.to_owned()).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_branch_is_asked_for_once_and_two_hundred_files_in_a_pass() {
    let world = World::new().await;
    world.github.token("github-s3cret").file("acme/handbook", "main", "1.md", "x").file(
        "acme/handbook",
        "next",
        "1.md",
        "x",
    );
    let link = |number: usize| {
        let branch = if number.is_multiple_of(2) { "main" } else { "next" };
        format!("https://github.com/acme/handbook/blob/{branch}/{number}.md\n\n")
    };
    world.write("notes.md", (0..230).map(link).collect::<String>());
    world.register(&[("Slow builds", "2024-05-01 again", "https://github.com/acme/handbook/issues/1")]);
    world.github.issue("acme/handbook", 1);
    let seen = || world.sql::<i64>("SELECT count(*) FROM target");
    for (passes, looked_at) in [(1, 200), (2, 230)] {
        world.run(&["sync"]).await.ended(0);
        assert_eq!(seen(), looked_at);
        assert_eq!(world.trees().len(), 2 * passes, "{:?}", world.trees());
        assert_eq!(world.github_stage.requests()[0].path, "/graphql", "tickets come first");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_a_wiki_is_gone_when_it_is_in_the_trash_and_not_when_it_is_hidden() {
    for wiki in [Wiki::cloud("page = 7").await, Wiki::data_center("page = 7").await] {
        let link =
            |page: u64| format!("<p><a href=\"https://acme.atlassian.net/wiki/spaces/ENG/pages/{page}/T\">x</a></p>");
        let links: String = [8, 9, 10].map(link).concat();
        wiki.pages.page(7, &(links + &register("Slow builds", "ARCH-1")));
        wiki.pages.page(8, "<p>there</p>").page(9, "<p>old</p>").page(10, "<p>secret</p>").trash(9).restrict(10);
        wiki.pass(0).await;
        let page = "https://acme.atlassian.net/wiki/pages/viewpage.action?pageId=";
        assert_eq!(
            cited(&wiki.world).await,
            [
                format!("page {page}10: hidden, -, x1"),
                format!("page {page}8: found, Page 8, x1"),
                format!("page {page}9: gone, -, x1"),
            ]
        );
        assert_eq!(told(&wiki.world, "broken-link").await, [format!("{page}9 is gone: it was put into the trash")]);
    }
}
