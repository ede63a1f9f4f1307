//! What people decide: findings accepted for a time, verdicts contradicted, and what becomes of both.

use chrono::{NaiveDate, TimeDelta};
use dragnet::clock::Clock;
use serde_json::Value;

use super::site::Site;
use super::world::{World, noon};

/// The day so many days from now.
fn ahead(days: i64) -> NaiveDate {
    Clock::system().now().date_naive() + TimeDelta::days(days)
}

/// One promise turned down, one kept.
async fn acme() -> World {
    let world = World::new().await;
    world.register(&[
        ("Builds are slow", "2020-02-01 (Payments): an hour for a typo", "ARCH-1"),
        ("Logins fail", "2020-02-01 (Payments): nobody could log in", "ARCH-2"),
    ]);
    world.jira.issue("ARCH-1").status("Closed", "done").resolution("Won't Do", noon("2020-05-01"));
    world.jira.issue("ARCH-2").status("Closed", "done").resolution("Fixed", noon("2020-05-01"));
    world.run(&["sync"]).await.ended(0);
    world
}

fn codes(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap()).collect()
}

fn ticket<'a>(report: &'a Value, id: &str) -> &'a Value {
    report["tickets"].as_array().unwrap().iter().find(|ticket| ticket["id"] == id).unwrap()
}

async fn waive(world: &World, more: &[&str], until: NaiveDate, code: i32) -> super::world::Ran {
    let until = until.to_string();
    let mut words = vec!["waive"];
    words.extend(more);
    words.extend(["--reason", "accepted until the rewrite", "--by", "Ada", "--until", &until]);
    world.run(&words).await.ended(code)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_is_accepted_by_command_for_a_time() {
    let world = acme().await;
    assert_eq!(codes(&world.report().await), ["closed-undone"]);
    let until = ahead(90);
    let ran = waive(&world, &["closed-undone", "--ticket", "ARCH-1"], until, 0).await;
    let day = until.format("%-d %B %Y");
    let line = format!(
        "closed-undone for jira:ARCH-1, until {day}, by Ada: accepted until the rewrite (waiver 1 in the store)\n"
    );
    assert_eq!(ran.out, format!("Accepted: {line}"));
    assert_eq!(world.run(&["waive", "--list"]).await.ended(0).out, line);

    let report = world.report().await;
    assert!(codes(&report).is_empty());
    let waived = &report["waived"][0];
    assert_eq!((&waived["by"], &waived["from"]), (&"Ada".into(), &"waiver 1 in the store".into()));
    assert_eq!(report["flags"], serde_json::json!({"decided": 1, "stood": 1}));
    for format in ["text", "markdown", "html"] {
        let told = world.run(&["report", "--format", format]).await.ended(0).out;
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        let says = format!("by Ada until {day}: accepted until the rewrite; waiver 1 in the store");
        assert!(told.contains(&says), "{told}");
        assert!(told.contains("1 flag decided on by people, of which 1 stood"), "{told}");
    }
    // A pass keeps the finding as old as it is.
    world.run(&["sync"]).await.ended(0);
    assert_eq!(world.sql::<i64>("SELECT count(*) FROM finding WHERE code = 'closed-undone'"), 1);

    // A second one on the same takes the place of the first; taken back, the finding is told again.
    waive(&world, &["closed-undone", "--ticket", "jira:ARCH-1"], ahead(2), 0).await;
    let list = world.run(&["waive", "--list", "--format", "json"]).await.ended(0).out;
    let list: Value = serde_json::from_str(&list).unwrap();
    assert_eq!((list["waivers"].as_array().unwrap().len(), &list["waivers"][0]["number"]), (1, &2.into()));
    assert_eq!(codes(&world.report().await), ["ending-waiver"]);
    world.run(&["waive", "--remove", "1"]).await.ended(2).complained(&["there is no waiver `1`", "waive --list"]);
    world.run(&["waive", "--remove", "2"]).await.ended(0).complained(&["taken back"]);
    assert_eq!(codes(&world.report().await), ["closed-undone"]);
    assert_eq!(world.run(&["waive", "--list"]).await.ended(0).out, "Nothing is accepted.\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiver_is_for_a_finding_that_is_there_and_has_a_reason_and_an_end() {
    let world = acme().await;
    let near = waive(&world, &["stale-ticket", "--ticket", "ARCH-1"], ahead(9), 2).await;
    near.complained(&["no finding is `stale-ticket` for jira:ARCH-1", "closed-undone for jira:ARCH-1", "--force"]);
    waive(&world, &["reverted", "--ticket", "ARCH-2"], ahead(9), 2).await.complained(&["nothing is near it"]);
    waive(&world, &["closed-undone"], ahead(9), 2).await.complained(&["for a ticket or a challenge", "= \"off\""]);
    waive(&world, &["0123456789abcdef"], ahead(9), 2).await.complained(&["no finding code", "fingerprint"]);
    waive(&world, &["closed-undone", "--ticket", "nonsense"], ahead(9), 2).await.complained(&["names no ticket"]);
    let named = ["closed-undone", "--ticket", "ARCH-1"];
    waive(&world, &named, ahead(-1), 2).await.complained(&["is over"]);
    waive(&world, &named, ahead(182), 2).await.complained(&["more than 180 days ahead"]);
    let until = ahead(9).to_string();
    let words = ["waive", "closed-undone", "--ticket", "ARCH-1", "--until", &until, "--by", "Ada", "--reason", " "];
    world.run(&words).await.ended(2).complained(&["needs a reason"]);
    world.run(&words[..6]).await.ended(2).complained(&["--reason"]);
    world.run(&["waive", "closed-undone", "--reason", "x"]).await.ended(2).complained(&["--until"]);
    assert_eq!(world.sql::<i64>("SELECT count(*) FROM waiver"), 0);

    // Forced, it is told to be of no use at once.
    waive(&world, &["stale-ticket", "--ticket", "ARCH-1", "--force"], ahead(9), 0).await;
    let report = world.report().await;
    assert_eq!(codes(&report), ["closed-undone", "unused-waiver"]);
    assert_eq!(report["findings"][1]["hint"], "remove it: dragnet waive --remove 1");

    // By the fingerprint of one finding.
    let fingerprint = report["findings"][0]["fingerprint"].as_str().unwrap();
    let ran = waive(&world, &[fingerprint], ahead(9), 0).await;
    assert!(ran.out.starts_with("Accepted: closed-undone for jira:ARCH-1 of builds-are-slow-"), "{}", ran.out);

    let fresh = World::new().await;
    waive(&fresh, &["closed-undone", "--ticket", "ARCH-1"], ahead(9), 2).await.complained(&["hint: "]);
    assert!(!fresh.path("dragnet.db").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn printed_lines_belong_into_the_configuration_and_are_read_only_there() {
    let world = acme().await;
    let printed = waive(&world, &["closed-undone", "--ticket", "ARCH-1", "--print"], ahead(90), 0).await.out;
    assert_eq!(
        printed,
        format!(
            "[[waiver]]\ncode = \"closed-undone\"\nticket = \"jira:ARCH-1\"\nby = \"Ada\"\n\
             reason = \"accepted until the rewrite\"\nuntil = {}\n",
            ahead(90)
        )
    );
    assert_eq!(codes(&world.report().await), ["closed-undone"]);
    world.configure(&printed);
    let report = world.report().await;
    assert!(codes(&report).is_empty());
    let place = report["waived"][0]["from"].as_str().unwrap();
    assert!(place.starts_with("dragnet.toml:"), "{place}");
    assert!(world.run(&["waive", "--list"]).await.ended(0).out.ends_with(&format!("({place})\n")));
    world.run(&["waive", "--remove", place]).await.ended(2).complained(&["stands in the configuration"]);
}

async fn decide(world: &World, ticket: &str, verdict: &str, reason: &str) -> super::world::Ran {
    world.run(&["decide", ticket, "--verdict", verdict, "--reason", reason, "--by", "Ada"]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contradicted_verdict_is_the_persons_until_somebody_decides_again() {
    let world = acme().await;
    let today = ahead(0).format("%-d %B %Y").to_string();
    let ran = decide(&world, "ARCH-1", "done", "it shipped with 4.2").await.ended(0);
    let line = |rules: &str| {
        format!("jira:ARCH-1 is done (decided by Ada on {today}: it shipped with 4.2; the rules: {rules})\n")
    };
    assert_eq!(ran.out, format!("Decided: {}", line("undone, likely")));
    assert_eq!(world.run(&["decide", "--list"]).await.ended(0).out, line("undone, likely"));

    // Shown as the person said, with the rules' own verdict beside it; the flag is gone.
    let report = world.report().await;
    assert!(codes(&report).is_empty(), "{:?}", codes(&report));
    let shown = ticket(&report, "jira:ARCH-1");
    assert_eq!((&shown["verdict"], &shown["decided"]["rules_verdict"]), (&"done".into(), &"undone".into()));
    assert_eq!((&shown["decided"]["by"], &shown["decided"]["news"]), (&"Ada".into(), &serde_json::json!([])));
    assert_eq!(shown["evidence"][0]["rule"], "decision");
    assert!(ticket(&report, "jira:ARCH-2").get("decided").is_none());
    assert_eq!(report["challenges"][0]["standing"], "cleared");
    assert_eq!(report["flags"], serde_json::json!({"decided": 1, "stood": 0}));
    for format in ["text", "markdown", "html"] {
        let told = world.run(&["report", "--format", format]).await.ended(0).out;
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains("decided by Ada on"), "{told}");
        assert!(told.contains("the rules: undone, likely"), "{told}");
    }
    let why = world.run(&["why", "ARCH-1"]).await.ended(0).out;
    assert!(why.contains("✓ done, decided by Ada (the rules: undone, likely)"), "{why}");

    // Asking again is no news, and neither is an outage.
    world.run(&["sync"]).await.ended(0);
    world.jira_stage.refuse().await;
    world.run(&["sync"]).await.ended(3);
    assert!(codes(&world.report().await).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn new_evidence_since_a_decision_is_told_and_overrides_nothing() {
    let world = acme().await;
    decide(&world, "ARCH-1", "done", "it shipped with 4.2").await.ended(0);
    decide(&world, "ARCH-2", "undone", "the page still hangs").await.ended(0);
    let report = world.report().await;
    assert_eq!(codes(&report), ["closed-undone"]);
    assert_eq!(report["findings"][0]["ticket"], "jira:ARCH-2");
    let says = report["findings"][0]["message"].as_str().unwrap();
    assert!(says.contains("; Ada decided on") && says.contains("ARCH-2 was not done"), "{says}");

    // A note of the register against it, and an opening of the other.
    world.register(&[
        ("Builds are slow", "2020-02-01 (Payments): an hour for a typo", "ARCH-1 Note: This was never finished."),
        ("Logins fail", "2020-02-01 (Payments): nobody could log in", "ARCH-2"),
    ]);
    world.jira.issue("ARCH-2").status("Reopened", "indeterminate");
    world.run(&["sync"]).await.ended(0);
    let report = world.report().await;
    let told: Vec<(&str, &str)> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["code"] == "decision-outdated")
        .map(|finding| (finding["ticket"].as_str().unwrap(), finding["message"].as_str().unwrap()))
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].1.starts_with("new evidence since Ada decided on ") && told[0].1.contains("never finished"));
    assert!(told[1].1.contains("ARCH-2 is not closed any more: Reopened"), "{told:?}");
    assert_eq!(ticket(&report, "jira:ARCH-1")["verdict"], "done");
    assert_eq!(ticket(&report, "jira:ARCH-2")["verdict"], "undone");
    assert_eq!(ticket(&report, "jira:ARCH-2")["decided"]["rules_verdict"], "open");
    let check = world.run(&["check", "--fail-on", "warning"]).await.ended(1).out;
    assert!(check.contains("warning decision-outdated: new evidence since Ada decided"), "{check}");

    // Decided again, it rests on what is known by now; left to the rules, it is theirs.
    decide(&world, "ARCH-1", "done", "read the note, it is wrong").await.ended(0);
    world.run(&["decide", "--remove", "ARCH-2"]).await.ended(0).complained(&["left to the rules again"]);
    let report = world.report().await;
    assert!(!codes(&report).contains(&"decision-outdated"), "{:?}", codes(&report));
    assert_eq!(ticket(&report, "jira:ARCH-2")["verdict"], "open");
    world.run(&["decide", "--remove", "ARCH-2"]).await.ended(2).complained(&["nobody decided on jira:ARCH-2"]);
    decide(&world, "ARCH-2", "done", "x").await.ended(2).complained(&["jira:ARCH-2 is open"]);
    decide(&world, "ARCH-9", "done", "x").await.ended(2).complained(&["nothing is known of jira:ARCH-9"]);
    decide(&world, "ARCH-1", "open", "x").await.ended(2).complained(&["done, undone, unverified"]);
    assert_eq!(world.sql::<i64>("SELECT count(*) FROM decision"), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_is_put_off_until_a_day_and_says_nothing_of_that_afterwards() {
    let world = acme().await;
    let (until, last) = (ahead(9).to_string(), ahead(180).format("%-d %B %Y").to_string());
    let words = ["snooze", "closed-undone", "--ticket", "ARCH-1", "--reason", "not this month", "--by", "Ada"];
    world.run(&words).await.ended(2).complained(&["--until"]);
    world.run(&[&words[..], &["--until", &ahead(181).to_string()]].concat()).await.ended(2).complained(&["180 days"]);
    let ran = world.run(&[&words[..], &["--until", &until]].concat()).await.ended(0);
    let day = ahead(9).format("%-d %B %Y");
    let line =
        format!("closed-undone for jira:ARCH-1, snoozed until {day}, by Ada: not this month (waiver 1 in the store)");
    assert_eq!(ran.out, format!("Put off: {line}\n"));
    let report = world.report().await;
    assert!(codes(&report).is_empty(), "{report}");
    assert_eq!(report["waived"][0]["manner"], "snoozed");
    // Whoever puts a finding off says nothing of whether it is true.
    assert_eq!(report["flags"], serde_json::json!({"decided": 0, "stood": 0}));
    let text = world.run(&["report"]).await.ended(0).out;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains(&format!("snoozed by Ada until {day}: not this month")), "{text}");

    // A day later than its last one it is told again, and nothing of the snooze.
    world.sql_run(&format!("UPDATE waiver SET until = '{}'", ahead(-1)));
    assert_eq!(codes(&world.report().await), ["closed-undone"]);

    // Until the ticket changes there is an end as well.
    let ran = world.run(&[&words[..], &["--until-change"]].concat()).await.ended(0);
    assert!(ran.out.contains(&format!("snoozed until it changes, {last} at the latest")), "{}", ran.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snooze_ends_when_its_ticket_changes_and_not_when_it_cannot_be_asked() {
    let world = acme().await;
    let report = world.report().await;
    let challenge = report["findings"][0]["challenge"].as_str().unwrap();
    let words = ["snooze", "closed-undone", "--reason", "let them", "--by", "Ada", "--until-change"];
    world.run(&[&words[..], &["--challenge", challenge]].concat()).await.ended(2).complained(&["no ticket is named"]);
    world.run(&[&words[..], &["--ticket", "ARCH-1"]].concat()).await.ended(0);
    world.jira_stage.fail(dragnet::standin::Mishap::Status(503));
    world.run(&["sync", "--full"]).await.ended(3);
    world.jira_stage.heal();
    world.run(&["sync", "--full"]).await.ended(0);
    assert!(codes(&world.report().await).is_empty());

    world.jira.issue("ARCH-1").titled("Builds are slow, again");
    world.run(&["sync", "--full"]).await.ended(0);
    assert_eq!(codes(&world.report().await), ["closed-undone"]);
    let told: String = world.sql("SELECT concat_ws('; ', deed, reason, before) FROM audit ORDER BY seq DESC LIMIT 1");
    let says = "woke; its title was Ticket ARCH-1 and is Builds are slow, again; snoozed until it changes, ";
    assert!(told.starts_with(says), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_tells_what_people_decided_and_took_back() {
    let world = acme().await;
    world.register(&[
        ("Builds are slow", "2020-02-01 (Payments): an hour for a typo", "ARCH-1"),
        ("Tests are slow", "2020-02-01 (Payments): a day for a typo", "ARCH-1"),
        ("Logins fail", "2020-02-01 (Payments): nobody could log in", "ARCH-2"),
    ]);
    world.run(&["sync"]).await.ended(0);
    let report = world.report().await;
    let challenge = |title: &str| {
        let all = report["challenges"].as_array().unwrap().iter();
        let named = all.into_iter().find(|challenge| challenge["title"] == title).unwrap();
        named["id"].as_str().unwrap().to_owned()
    };
    let (builds, tests) = (challenge("Builds are slow"), challenge("Tests are slow"));
    let first = world.sql::<i64>("SELECT coalesce(max(seq), 0) FROM audit") + 1;
    waive(&world, &["closed-undone", "--ticket", "ARCH-1"], ahead(30), 0).await;
    world.run(&["waive", "--remove", "1"]).await.ended(0);
    waive(&world, &["closed-undone", "--ticket", "ARCH-1", "--challenge", &tests], ahead(60), 0).await;
    let until = ahead(9).to_string();
    let words = ["snooze", "closed-undone", "--ticket", "ARCH-1", "--challenge", &builds, "--until", &until];
    world.run(&[&words[..], &["--reason", "not this month", "--by", "Bob"]].concat()).await.ended(0);
    decide(&world, "ARCH-1", "done", "it shipped with 4.2").await.ended(0);
    world.run(&["decide", "--remove", "ARCH-1"]).await.ended(0);
    let configured = format!(
        "[[waiver]]\ncode = \"closed-undone\"\nticket = \"jira:ARCH-1\"\nby = \"the platform team\"\n\
         reason = \"the rewrite is near\"\nuntil = {}\n",
        ahead(90)
    );

    let day = |days: i64| ahead(days).format("%-d %B %Y").to_string();
    let (month, two, week, quarter) = (day(30), day(60), day(9), day(90));
    let stands =
        format!("closed-undone for jira:ARCH-1 is accepted by the platform team until {quarter}: the rewrite is near");
    let both = |more: [String; 2]| {
        let [waived, snoozed] = more;
        let all = [
            stands.clone(),
            format!("Ada accepted closed-undone for jira:ARCH-1 until {month}: accepted until the rewrite"),
            format!("somebody took back the waiver of closed-undone for jira:ARCH-1, which was accepted until {month}"),
            waived,
            snoozed,
            "Ada decided that jira:ARCH-1 is done: it shipped with 4.2 (until then undone, by the rules)".to_owned(),
            "somebody left jira:ARCH-1 to the rules again (until then done, by Ada)".to_owned(),
        ];
        all.into_iter().filter(|says| !says.is_empty()).collect::<Vec<_>>()
    };
    let waived =
        |of: &str| format!("Ada accepted closed-undone for jira:ARCH-1{of} until {two}: accepted until the rewrite");
    let snoozed = |of: &str| format!("Bob put off closed-undone for jira:ARCH-1{of} until {week}: not this month");
    let site = Site::of(world, &configured).await;
    for (what, page, says) in [
        (
            "ARCH-1",
            "/tickets/jira:ARCH-1".to_owned(),
            both([waived(" of “Tests are slow”"), snoozed(" of “Builds are slow”")]),
        ),
        (&tests, format!("/challenges/{tests}"), both([waived(""), String::new()])),
        (&builds, format!("/challenges/{builds}"), both([String::new(), snoozed("")])),
    ] {
        let why = site.world.run(&["why", what, "--format", "json"]).await.ended(0).out;
        let why: Value = serde_json::from_str(&why).unwrap();
        let told = why["timeline"].as_array().unwrap().iter().filter(|entry| entry["what"] == "decision");
        let told: Vec<&Value> = told.collect();
        let said: Vec<&str> = told.iter().map(|entry| entry["says"].as_str().unwrap()).collect();
        assert_eq!(said, says, "{what}");
        assert!(told[0]["source"].as_str().unwrap().starts_with("dragnet.toml:"), "{told:?}");
        assert_eq!(told[1]["source"], format!("entry {first} of the audit trail"));
        let shown = site.get("ada", &page).await.body;
        for line in &says {
            assert!(shown.contains(line), "no `{line}` in {shown}");
        }
    }
    site.ends().await;
}
