//! Thirteen weeks from stored snapshots, and whose challenges are.

use chrono::{Days, NaiveDate};
use dragnet::clock::Clock;

use super::site::Site;
use super::world::{World, noon};

fn today() -> NaiveDate {
    Clock::system().now().date_naive()
}

/// Two promises turned down, one kept, one never given; in two categories, of three teams and nobody.
async fn acme(more: &str) -> Site {
    let world = World::new().await;
    let table = "| Category | Issue | Anecdotes | Occurrences | Status |\n|---|---|---|---|---|\n\
        | Builds | Builds are slow | 2020-02-01 (Payments): an hour for a typo | 1 | ARCH-1 |\n\
        | Builds | Tests are flaky | 2020-03-01 (TNL): red again | 1 | ARCH-2 |\n\
        | Docs & \"pages\" | Nobody finds a page | 2020-03-01: lost | 1 | ARCH-3 |\n\
        | Docs & \"pages\" | Pages are stale | 2020-03-01: old | 1 |  |\n";
    world.write("register.md", table);
    world.jira.issue("ARCH-1").status("Closed", "done").resolution("Won't Do", noon("2020-05-01"));
    world.jira.issue("ARCH-2").status("Closed", "done").resolution("Fixed", noon("2020-05-01"));
    world.jira.issue("ARCH-3").status("Closed", "done").resolution("Won't Do", noon("2020-05-01")).assigned("Grace");
    Site::of(world, more).await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_judging_takes_the_snapshot_of_its_day() {
    let site = acme("").await;
    let told = |scope: &str, name: &str, path: &str| -> Option<i64> {
        site.world.sql(&format!(
            "SELECT counts ->> '{path}' FROM snapshot WHERE scope = '{scope}' AND name = '{name}' AND day = '{}'",
            today()
        ))
    };
    for (scope, name, path, expected) in [
        ("all", "", "$.standings.\"broken-promise\"", Some(2)),
        ("all", "", "$.verdicts.undone", Some(2)),
        ("all", "", "$.findings.\"closed-undone\"", Some(2)),
        ("all", "", "$.found", Some(2)),
        ("all", "", "$.ages.older", Some(2)),
        ("register", "register.md", "$.standings.\"no-remedy\"", Some(1)),
        ("category", "Builds", "$.standings.\"broken-promise\"", Some(1)),
        ("category", "Builds", "$.verdicts.undone", Some(1)),
        ("category", "Builds", "$.verdicts.done", Some(1)),
        ("team", "Payments", "$.standings.\"broken-promise\"", Some(1)),
        ("team", "Grace", "$.standings.\"broken-promise\"", Some(1)),
        ("team", "TNL", "$.standings.\"broken-promise\"", None),
        ("team", "", "$.standings.\"no-remedy\"", Some(1)),
    ] {
        assert_eq!(told(scope, name, path), expected, "{scope} {name} {path}");
    }
    let rows = "SELECT count(*) FROM snapshot";
    let before: i64 = site.world.sql(rows);
    // Another judging on the same day takes the place of the first; what is accepted is flagged no more.
    let finding: String = site.world.sql("SELECT fingerprint FROM finding WHERE ticket = 'jira:ARCH-1'");
    let until = (today() + Days::new(9)).to_string();
    let accept = [("choice", "accept"), ("finding", &finding), ("reason", "later"), ("until", until.as_str())];
    assert_eq!(site.send("bob", &accept).await.status, 303);
    let path = "$.findings.\"closed-undone\"";
    super::daemon::wait_for("the snapshot", || (told("all", "", path) == Some(1)).then_some(())).await;
    assert_eq!(site.world.sql::<i64>(rows), before);
    site.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn thirteen_weeks_are_told_as_charts_with_their_tables() {
    let site = acme("").await;
    for (days, counts) in [
        (
            7,
            r#"{"standings":{"broken-promise":7},"verdicts":{"undone":9,"done":3},"findings":{},"found":2,"cleared":1,"ages":{"month":1,"quarter":2,"year":3,"older":1,"median":120}}"#,
        ),
        (
            200,
            r#"{"standings":{"broken-promise":9999},"verdicts":{},"findings":{},"found":0,"cleared":0,"ages":{"month":0,"quarter":0,"year":0,"older":0,"median":null}}"#,
        ),
    ] {
        let day = today() - Days::new(days);
        site.world.sql_run(&format!("INSERT INTO snapshot VALUES ('all', '', '{day}', '{counts}')"));
    }
    let page = site.page("/trends").await;
    assert!(page.contains("Trends: everything") && page.contains("2 broken promises now"), "{page}");
    assert_eq!(page.matches("<svg ").count(), 3);
    assert_eq!(page.matches("no pass ran").count(), 3 * 11, "{page}");
    assert!(page.contains("<td data-head=\"undone:\">9</td>") && page.contains("120 days"), "{page}");
    assert!(!page.contains("9999"), "older than thirteen weeks: {page}");

    let page = site.page("/trends?of=category%3ADocs+%26+%22pages%22").await;
    assert!(page.contains("Trends: category Docs &#38; &#34;pages&#34;") && !page.contains("\"pages\""), "{page}");
    assert!(page.contains("1 broken promise now"), "{page}");
    assert!(site.page("/trends?of=team%3A").await.contains("Trends: what nobody owns"));
    assert!(site.page("/trends?of=team:nobody-of-that-name").await.contains("No snapshot was taken"));
    for wrong in ["x", "x:y", "", "%00"] {
        assert_eq!(site.get("ada", &format!("/trends?of={wrong}")).await.status, 404, "{wrong}");
    }
    site.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn owners_come_from_the_configuration_then_anecdotes_then_assignees_then_code_owners() {
    let world = World::new().await;
    world.register(&[
        ("Builds are slow", "2020-02-01 (Payments): an hour for a typo", "ARCH-1"),
        ("Tests are flaky", "2020-02-01 (pay team): red again", "ARCH-2"),
        ("Nobody finds a page", "2020-02-01: lost", "OPS-1"),
        ("Pages are stale", "2020-02-01: old", "ARCH-3"),
        ("Logins fail", "2020-02-01: no", ""),
    ]);
    world.jira.issue("ARCH-1");
    world.jira.issue("ARCH-2");
    world.jira.issue("ARCH-3").assigned("Grace");
    world.jira.issue("OPS-1").assigned("Grace");
    let owners = |world: &World| -> String {
        world.sql(
            "SELECT group_concat(concat(title, ': ', coalesce(name || ' (' || owned_by || ')', 'nobody')), '; ')
             FROM (SELECT * FROM challenge LEFT JOIN owner ON owner.challenge = challenge.id ORDER BY challenge.position)",
        )
    };
    world.run(&["sync"]).await.ended(0);
    let told = "Builds are slow: Payments (anecdote); Tests are flaky: pay (anecdote); Nobody finds a page: Grace \
                (assignee); Pages are stale: Grace (assignee); Logins fail: nobody";
    assert_eq!(owners(&world), told);

    world.configure(
        "[[owner]]\nname = \"Ops\"\nprojects = [\"OPS\"]\n\n[[owner]]\nname = \"Payments\"\naliases = [\"pay\", \"grace\"]\n",
    );
    world.write("CODEOWNERS", "*.md @acme/docs\n");
    world.run(&["sync"]).await.ended(0);
    let told = "Builds are slow: Payments (anecdote); Tests are flaky: Payments (anecdote); Nobody finds a page: Ops \
                (configuration); Pages are stale: Payments (assignee); Logins fail: @acme/docs (codeowners)";
    assert_eq!(owners(&world), told);
    let report = world.report().await;
    let owners = &report["challenges"][0]["owners"];
    assert_eq!(owners, &serde_json::json!([{"name": "Payments", "by": "anecdote"}]));

    // Wrong blocks are refused where they stand.
    for (block, says) in [
        ("name = \"A\"", "this owner owns nothing"),
        ("name = \"A\"\nsources = [\"nowhere\"]", "no source is named `nowhere`"),
        ("name = \"A\"\nrepositories = [\"acme\"]", "not a repository"),
        ("name = \"A\"\nprojects = [\"a b\"]", "no project key"),
        ("name = \" \"\nprojects = [\"AB\"]", "each owner needs a name"),
    ] {
        world.configure(&format!("[[owner]]\n{block}\n"));
        world.run(&["config", "check"]).await.ended(2).complained(&[says]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_is_one_however_its_name_is_written() {
    let world = World::new().await;
    world.register(&[
        ("Builds are slow", "2020-02-01 (Payments): an hour for a typo", "ARCH-1"),
        ("Tests are flaky", "2020-02-01 (payments): red again", "ARCH-2"),
    ]);
    for key in ["ARCH-1", "ARCH-2"] {
        world.jira.issue(key).status("Closed", "done").resolution("Won't Do", noon("2020-05-01"));
    }
    let site = Site::of(world, "").await;
    let counted = "SELECT group_concat(name || ' ' || (counts ->> '$.standings.\"broken-promise\"')) FROM snapshot
                   WHERE scope = 'team'";
    assert_eq!(site.world.sql::<String>(counted), "Payments 2");
    // The day before, when it was written otherwise.
    site.world.sql_run(
        "INSERT INTO snapshot SELECT scope, 'payments', date(day, '-1 day'), counts FROM snapshot WHERE scope = 'team'",
    );
    let told = site.get("ada", "/trends.csv?of=team:PAYMENTS").await.body;
    assert_eq!(told.lines().count(), 3, "{told}");
    site.ends().await;
}
