//! The demo, whole.

use super::world::{World, repository};

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_tells_its_story() {
    let world = World::new().await;
    let ran = world.run(&["demo"]).await.ended(0);
    assert_eq!(ran.err, "");
    let story = ran.out.split("BROKEN PROMISES").next().unwrap();
    insta::assert_snapshot!(story, @r"
    1. 4 March 2024  A promise.
       12 challenges in the register, 14 tickets in it and in the minutes, asked for in 5 requests.
       `Token cookies do not work on a laptop` is promised: jira:ARCHBOM-1218 is open.
    2. 2 April 2024  Its closing.
       jira:ARCHBOM-1218 was closed as Done on 28 March. The challenge is cleared.
    3. 20 May 2024  An anecdote that comes later.
       A team adds to the row: the same again, on 14 May. The challenge is a broken promise.
    4. 21 May 2024  An outage.
       Jira refuses connections: 9 tickets could not be asked. No verdict changed; the report shows how old each is.
    5. 27 May 2024  A moved ticket, and a link that is gone.
       Jira is back. 12 found, 1 moved to another repository, 1 deleted. This is what leads read now:
    5 broken promises in 12 challenges · 14 tickets · as of 27 May 2024, 09:00 UTC
    ");
    // It leaves nothing behind, here or elsewhere.
    let report = world.run(&["demo", "--format", "json"]).await.ended(0);
    let report: serde_json::Value = serde_json::from_str(&report.out).unwrap();
    let expected = serde_json::json!({
        "challenges": 12,
        "tickets": 14,
        "lookups": {"found": 12, "moved": 1, "gone": 1, "hidden": 0, "unknown": 0},
        "verdicts": {"open": 1, "done": 9, "undone": 3, "unverified": 0, "missing": 1, "unknown": 0},
        "standings": {"no-remedy": 7, "promised": 0, "broken-promise": 5, "cleared": 0, "unknown": 0},
    });
    assert_eq!(report["counts"], expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_cites_what_the_real_page_does() {
    let world = World::new().await;
    std::fs::copy(repository("config/sample/challenges.md"), world.path("challenges.md")).unwrap();
    std::fs::remove_file(world.path("dragnet.toml")).unwrap();
    let keys = "ARCHBOM,BOM,AA,INFRA,SRE";
    let ran = world.run(&["refs", "--project", keys, "--format", "json", "challenges.md"]).await.ended(0);
    assert_eq!(ran.out.lines().count(), 10);
    assert_eq!(ran.err, "");
}
