//! Searching: what is found, that it follows what changes, and that no query means anything but its words.

use super::{Site, links, listed, sample, text, well_formed};
use crate::daemon::get;

/// A query as an address has it.
fn asked(query: &str) -> String {
    let encoded: String = query.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("/search?q={encoded}")
}

#[tokio::test(flavor = "multi_thread")]
async fn challenges_tickets_and_topics_are_found_by_their_words() {
    let world = sample().await;
    let site = Site::of(&world).await;
    for (query, found) in [
        ("slow", "Builds are slow"),
        ("BUILDS slow", "Builds are slow"),
        ("waited for an hour", "Builds are slow"),
        ("payments hour", "Builds are slow"),
        ("quarantine", "jira:ARCH-2 Quarantine tests"),
        ("ARCH-3", "jira:ARCH-3 An owner for each service"),
        ("acme/tools#7", "github:acme/tools#7 Self service"),
        ("database upg", "who runs the database upgrade?"),
        ("mysql erin", "who runs the database upgrade?"),
    ] {
        let body = site.page(&asked(query));
        assert!(text(&body).contains(found), "{query}: {}", text(&body));
        assert!(listed(&body) > 0, "{query}");
    }
    assert!(site.page(&asked("slow")).contains("<mark>slow</mark>"));
    let jump = links(&site.page(&asked("ARCH-2"))).into_iter().find(|(_, inside)| inside.starts_with("Go to")).unwrap();
    assert_eq!(jump.0, "/tickets/jira:ARCH-2");

    // What changes is found as it is now.
    world.register(&[("Deployments are frightening, a11y is not tested", "2023-01-01: x", "ARCH-1")]);
    world.run(&["sync"]).await.ended(0);
    let shown = |query: &str| get(site.address, &asked(query)).map(|answer| listed(&answer));
    assert_eq!((shown("frightening"), shown("slow"), shown("nobody trusts")), (Some(1), Some(0), Some(0)));
    // A short form is what it is short for, whichever of them was written.
    assert_eq!((shown("Accessibility tested"), shown("tested a11y"), shown("access")), (Some(1), Some(1), Some(0)));
    assert!(site.page(&asked("accessibility")).contains("<mark>a11y</mark>"));
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn h1_no_query_means_anything_but_its_words() {
    let world = sample().await;
    let site = Site::of(&world).await;
    let long = "builds ".repeat(500);
    for query in [
        "",
        " ",
        "\"",
        "\"\"\"",
        "'",
        "builds\"",
        "\"builds",
        "builds*",
        "*",
        "builds OR",
        "AND",
        "NOT builds",
        "NEAR(builds slow, 2)",
        "title:builds",
        "body : builds",
        "{title body} : builds",
        "^builds",
        "builds + slow",
        "-builds",
        "(",
        ")",
        "builds (slow",
        "%",
        "_",
        "\\",
        "\0",
        "bui\0lds",
        "; DROP TABLE sought; --",
        "' OR 1=1 --",
        "<script>alert(1)</script>",
        "\"><svg onload=alert(1)>",
        "\u{202e}builds",
        "日本語",
        "🦀",
        "é",
        &long,
    ] {
        let path = asked(query);
        let body = site.page(&path);
        well_formed(&path, &body);
        assert!(!body.contains("<script") && !body.contains("<svg"), "{query}: {body}");
    }
    for (query, many) in
        [("slow", 1), ("builds OR slow", 0), ("NOT builds", 0), ("title:builds", 0), ("\"slow", 1), ("(slow)", 1)]
    {
        assert_eq!(listed(&site.page(&asked(query))), many, "{query}");
    }
    // Bytes that are no text.
    well_formed("/search?q=%ff%fe", &site.page("/search?q=%ff%fe"));
    well_formed("/search?q=%", &site.page("/search?q=%"));
    let log = site.stop().await;
    assert!(!log.contains("cannot show a page"), "{log}");
}
