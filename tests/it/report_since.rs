//! `report --since`: what is other than it was on a day, and nothing else.

use super::daemon::{get, stopped, wait_for};
use super::world::{World, free_address, noon};

/// Puts everything that was remembered so far back to a day long ago.
fn long_ago(world: &World) {
    world.sql_run(
        "UPDATE standing SET judged_at = '2020-01-01T00:00:00Z'; UPDATE verdict SET judged_at = '2020-01-01T00:00:00Z';
         UPDATE finding SET first_seen_at = '2020-01-01T00:00:00Z';
         UPDATE challenge_seen SET first_seen_at = '2020-01-01T00:00:00Z';",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_since_a_day_is_told_in_every_format_and_what_did_not_is_not() {
    let world = World::new().await;
    world.register(&[
        ("Builds are slow", "2021-01-01: x", "ARCH-1"),
        ("Tests fail &lt;b&gt;often&lt;/b&gt;", "2021-01-01: x", "ARCH-2"),
        ("Keys are shared", "2021-01-01: x", "ARCH-3"),
        ("Rights are given by hand", "2021-01-01: x", ""),
    ]);
    for key in ["ARCH-1", "ARCH-2", "ARCH-3"] {
        world.jira.issue(key).titled("A remedy").opened(noon("2021-01-01")).updated(noon("2999-01-01"));
    }
    world.run(&["sync"]).await.ended(0);
    long_ago(&world);
    let nothing = world.run(&["report", "--since", "2020-06-01"]).await.ended(0).out;
    assert_eq!(nothing, "Nothing changed since 1 June 2020\n");

    // One remedy is closed without the work, one challenge leaves and one comes; the third stays as it is.
    world.register(&[
        ("Builds are slow", "2021-01-01: x", "ARCH-1"),
        ("Tests fail &lt;b&gt;often&lt;/b&gt;", "2021-01-01: x", "ARCH-2"),
        ("Keys are shared", "2021-01-01: x", "ARCH-3"),
        ("Nobody is told of failures", "2021-02-01: x", ""),
    ]);
    world.jira.issue("ARCH-2").status("Closed", "done").resolution("Won't Do", noon("2021-05-01"));
    world.run(&["sync"]).await.ended(0);
    let text = world.run(&["report", "--since", "2020-06-01"]).await.ended(0).out;
    for told in [
        "1 broken promise more since 1 June 2020",
        "BROKEN PROMISES (1)",
        "Tests fail <b>often</b>: was promised, is broken promise since",
        "VERDICTS (1)",
        "jira:ARCH-2 “A remedy”: was open, is undone",
        "CHALLENGES THAT CAME (1)",
        "Nobody is told of failures: is no remedy",
        "CHALLENGES THAT WENT (1)",
        "NEW FINDINGS (",
        "closed-undone: “Tests fail <b>often</b>”: ARCH-2 was closed",
        "FINDINGS THAT ARE CLEARED (1)",
    ] {
        assert!(text.contains(told), "no `{told}` in\n{text}");
    }
    assert!(!text.contains("Builds") && !text.contains("Keys"), "{text}");
    let markdown = world.run(&["report", "--since", "2020-06-01", "--format", "markdown"]).await.ended(0).out;
    assert!(markdown.contains("- **Tests fail &lt;b&gt;often&lt;/b&gt;**: was promised"), "{markdown}");
    let html = world.run(&["report", "--since", "2020-06-01", "--format", "html"]).await.ended(0).out;
    assert!(
        html.contains("Tests fail &#60;b&#62;often") && !html.contains("<link") && !html.contains("<script"),
        "{html}"
    );
    let json = world.run(&["report", "--since", "2020-06-01", "--format", "json"]).await.ended(0).out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["schema"], &json["since"]), (&1.into(), &"2020-06-01T00:00:00Z".into()));
    assert_eq!(json["standings"][0]["before"], "promised");
    assert_eq!(json["verdicts"][0]["ticket"], "jira:ARCH-2");
    assert_eq!((json["came"].as_array().unwrap().len(), json["gone"].as_array().unwrap().len()), (1, 1));

    // The same as a page, each line with the way to what it is about, and each part by itself.
    let address = free_address();
    let daemon = world.start(&["serve", "--listen", &address.to_string()]);
    wait_for("the pages", || get(address, "/healthz")).await;
    let page = get(address, "/changes?since=2020-06-01").unwrap();
    let id: String = world.sql("SELECT id FROM challenge WHERE title LIKE 'Tests%'");
    for told in [
        "<h1>1 broken promise more since 1 June 2020</h1>",
        &format!("<a href=\"/challenges/{id}\">Tests fail &#60;b&#62;often&#60;/b&#62;</a></b>: was promised"),
        "<a href=\"/tickets/jira:ARCH-2\">jira:ARCH-2 “A remedy”</a>",
        "<a href=\"/changes?since=2020-06-01&#38;part=worse\">broken promises <b>1</b></a>",
    ] {
        assert!(page.contains(told), "no `{told}` in\n{page}");
    }
    assert!(page.find("Broken promises</h2>").unwrap() < page.find("Challenges that came</h2>").unwrap(), "{page}");
    let came = get(address, "/changes?since=2020-06-01&part=came").unwrap();
    assert!(came.contains("Nobody is told of failures") && !came.contains("Tests fail"), "{came}");
    assert!(get(address, "/changes?since=2999-01-01").unwrap().contains("Nothing changed since 1 January 2999"));
    assert!(get(address, "/").unwrap().contains("<a href=\"/changes?since="));
    stopped(daemon).await;

    // Of a day before everything, all of it came.
    let all = world.run(&["report", "--since", "2019-01-01"]).await.ended(0).out;
    assert!(all.contains("CHALLENGES THAT CAME (4)"), "{all}");
    world.run(&["report", "--since", "yesterday"]).await.ended(2).complained(&["yesterday", "--since"]);
}
