//! Deciding from the page: who may, what is refused and kept, what follows, and that nothing leaves the audit trail.

use chrono::{NaiveDate, TimeDelta};
use dragnet::clock::Clock;

use super::daemon::{get, stopped, wait_for};
use super::site::{ONCE_A_YEAR, Site};
use super::world::{World, free_address, noon};

/// The day so many days from now.
fn ahead(days: i64) -> NaiveDate {
    Clock::system().now().date_naive() + TimeDelta::days(days)
}

/// One promise turned down.
async fn turned_down() -> Site {
    let world = World::new().await;
    world.register(&[("Builds are slow", "2020-02-01 (Payments): an hour for a typo", "ARCH-1")]);
    world.jira.issue("ARCH-1").status("Closed", "done").resolution("Won't Do", noon("2020-05-01"));
    Site::of(world, "").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_is_accepted_from_the_page_and_taken_back() {
    let site = turned_down().await;
    let (finding, until) = (site.finding("closed-undone"), ahead(30).to_string());
    let form = site.get("bob", &format!("/decide?finding={finding}")).await;
    assert_eq!(form.status, 200, "{}", form.body);
    for words in [
        "Decide on closed-undone for jira:ARCH-1",
        ">Builds are slow</a>",
        "undone, likely",
        "Accept it",
        "Put it off",
        "Contradict",
    ] {
        assert!(form.body.contains(words), "no `{words}` in {}", form.body);
    }
    let accept = [("choice", "accept"), ("finding", &finding), ("reason", "until\n the  rewrite"), ("until", &until)];
    let done = site.send("bob", &accept).await;
    assert_eq!((done.status, done.location.as_deref()), (303, Some("/decisions?decided=yes#trail")), "{}", done.body);
    let report = site.world.report().await;
    assert_eq!(report["findings"].as_array().unwrap().len(), 0, "{report}");
    let waived = &report["waived"][0];
    assert_eq!((&waived["by"], &waived["reason"]), (&"bob".into(), &"until the rewrite".into()));
    let page = site.get("ada", "/decisions?decided=yes").await.body;
    for words in
        ["1 of 1 flag decided so far stood", "bob: until the rewrite", "Your decision is kept", "waiver 1 in the store"]
    {
        assert!(page.contains(words), "no `{words}` in {page}");
    }
    let flags = "SELECT coalesce(sum(many), 0) FROM tally WHERE what = 'flag' AND name = 'stood'";
    wait_for("the flags", || (site.world.sql::<i64>(flags) == 1).then_some(())).await;
    for path in ["/", "/tickets/jira:ARCH-1"] {
        let page = site.get("ada", path).await.body;
        assert!(page.contains("<a href=\"/decisions\">1 of 1 flag decided so far stood</a>"), "{path}: {page}");
    }
    assert!(!page.contains("take it back"), "who only reads is offered nothing");
    assert!(site.get("bob", "/decisions").await.body.contains("/decide?waiver=1"));

    let form = site.get("bob", "/decide?waiver=1").await.body;
    assert!(form.contains("In force now") && form.contains("Take it back"), "{form}");
    let back = [("choice", "unwaive"), ("number", "1"), ("reason", "it hurts again")];
    assert_eq!(site.send("bob", &back).await.status, 303);
    assert_eq!(site.send("bob", &back).await.status, 404, "it is not there any more");
    assert_eq!(site.world.report().await["findings"][0]["code"], "closed-undone");
    assert_eq!(site.acts(), 2);
    let trail = site.get("ada", "/decisions").await.body;
    assert!(trail.contains("took back closed-undone") && trail.contains("it hurts again"), "{trail}");
    site.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_is_contradicted_from_the_page_and_judged_at_once() {
    let site = turned_down().await;
    let give = |verdict: &'static str| {
        [("choice", "verdict"), ("ticket", "jira:ARCH-1"), ("reason", "it went out in spring"), ("verdict", verdict)]
    };
    assert_eq!(site.send("bob", &give("done")).await.status, 303);
    let current = "SELECT verdict FROM verdict WHERE ticket = 'jira:ARCH-1' AND current = 1";
    wait_for("the verdict", || (site.world.sql::<String>(current) == "done").then_some(())).await;
    let page = site.get("ada", "/decisions").await.body;
    assert!(page.contains("done (contradicts)") && page.contains("undone, likely"), "{page}");
    assert!(page.contains("0 of 1 flag decided so far stood"), "{page}");
    assert_eq!(site.world.report().await["flags"], serde_json::json!({"decided": 1, "stood": 0}));

    // Decided again, it rests on what the rules say and not on what was decided before.
    assert_eq!(site.send("bob", &give("unverified")).await.status, 303);
    let basis: String = site.world.sql(
        "SELECT (basis ->> '$.judgement.verdict') || ' ' || (basis ->> '$.judgement.evidence[0].rule')
         FROM decision ORDER BY seq DESC LIMIT 1",
    );
    assert!(basis.starts_with("undone ") && !basis.contains("decision"), "{basis}");
    let back = [("choice", "withdraw"), ("ticket", "jira:ARCH-1"), ("reason", "I was wrong")];
    assert_eq!(site.send("bob", &back).await.status, 303);
    wait_for("the rules' own", || (site.world.sql::<String>(current) == "undone").then_some(())).await;
    let before: String = site.world.sql("SELECT group_concat(before, '; ') FROM audit");
    assert_eq!(before, "undone, by the rules; done, by bob; unverified, by bob");
    site.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_told_beside_the_form_and_what_was_typed_is_kept() {
    let site = turned_down().await;
    let finding = site.finding("closed-undone");
    let (over, far, fine) = (ahead(-1).to_string(), ahead(181).to_string(), ahead(9).to_string());
    let long = "x".repeat(501);
    for (choice, reason, until, verdict, wrong) in [
        ("accept", "  ", fine.as_str(), "", "a decision needs a reason"),
        ("accept", "a<b>&\"'", "", "", "it needs an end; name a day up to"),
        ("accept", "why", &over, "", "is over; name a day up to"),
        ("snooze", "why", &far, "", "is more than 180 days ahead"),
        ("snooze", "why", "soon", "", "the last day is no date"),
        ("accept", &long, &fine, "", "the reason is longer than 500 characters"),
        ("verdict", "why", "", "maybe", "choose a verdict"),
    ] {
        let fields =
            [("choice", choice), ("finding", &finding), ("reason", reason), ("until", until), ("verdict", verdict)];
        let answer = site.send("bob", &fields).await;
        assert_eq!(answer.status, 422, "{wrong}: {}", answer.body);
        let told = answer.body.split("role=\"alert\">").nth(1).unwrap().split("</p>").next().unwrap();
        assert!(told.contains(wrong), "{told}");
        let kept = format!("value=\"{until}\"");
        assert!(until.is_empty() || answer.body.contains(&kept), "no {kept} in {}", answer.body);
    }
    let answer = site.send("bob", &[("choice", "accept"), ("finding", &finding), ("reason", "</textarea><b>x")]).await;
    assert!(answer.body.contains("&#60;/textarea&#62;&#60;b&#62;x"), "{}", answer.body);
    assert_eq!(site.send("bob", &[("choice", "explode"), ("finding", &finding), ("reason", "x")]).await.status, 422);
    assert_eq!(site.send("bob", &[("choice", "accept"), ("finding", "0000"), ("reason", "x")]).await.status, 404);
    assert_eq!(site.send("bob", &[("choice", "accept"), ("reason", &"x".repeat(20_000))]).await.status, 413);
    assert_eq!(site.get("bob", "/decide?finding=%27%20OR%201=1").await.status, 404);
    assert_eq!(site.get("bob", "/decide").await.status, 404);
    assert_eq!(site.acts(), 0);
    site.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_may_decide_does_and_no_other_site_makes_them() {
    let site = turned_down().await;
    let (finding, until) = (site.finding("closed-undone"), ahead(9).to_string());
    let fields = [("choice", "accept"), ("finding", finding.as_str()), ("reason", "x"), ("until", until.as_str())];
    assert_eq!(site.send("ada", &fields).await.status, 403);
    assert_eq!(site.get("ada", &format!("/decide?finding={finding}")).await.status, 403);
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    for (name, value, expected) in [
        ("sec-fetch-site", "cross-site", 403),
        ("origin", "https://evil.example", 403),
        ("origin", "null", 403),
        ("sec-fetch-site", "same-origin", 303),
    ] {
        let request = site.client.post(format!("http://{}/decide", site.address)).body(form.clone());
        let request = request.header("content-type", "application/x-www-form-urlencoded").header(name, value);
        assert_eq!(site.ask(request, "bob").await.status, expected, "{name}: {value}");
    }
    // A form that a page of another site could send without asking first, in another dress.
    let plain =
        site.client.post(format!("http://{}/decide", site.address)).body(form).header("content-type", "text/plain");
    assert_eq!(site.ask(plain, "bob").await.status, 415);
    assert_eq!(site.acts(), 1);
    site.ends().await;

    // Where nobody has the role, nobody is asked for it.
    let world = World::new().await;
    world.configure(ONCE_A_YEAR);
    let address = free_address();
    let daemon = world.start(&["serve", "--listen", &address.to_string()]);
    wait_for("the page", || get(address, "/healthz")).await;
    let answer = get(address, "/decide?ticket=jira:ARCH-1").unwrap();
    assert!(answer.contains("404") && answer.contains("no user has the role `decide`"), "{answer}");
    stopped(daemon).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_in_the_configuration_is_taken_back_there_and_what_ran_out_says_so() {
    let world = World::new().await;
    world.register(&[("Builds are slow", "2020-02-01 (Payments): an hour for a typo", "ARCH-1")]);
    world.jira.issue("ARCH-1").status("Closed", "done").resolution("Won't Do", noon("2020-05-01"));
    let waiver = format!(
        "[[waiver]]\ncode = \"closed-undone\"\nticket = \"jira:ARCH-1\"\nby = \"Ada\"\nreason = \"later\"\nuntil = {}\n",
        ahead(9)
    );
    let site = Site::of(world, &waiver).await;
    let form = site.get("bob", &format!("/decide?finding={}", site.finding("closed-undone"))).await.body;
    assert!(form.contains("In force now") && form.contains("by Ada: later"), "{form}");
    assert!(form.contains("dragnet.toml:") && form.contains("only an edit there takes it back"), "{form}");
    assert!(!form.contains("Take it back"), "{form}");

    let fields = [("choice", "accept"), ("finding", &site.finding("closed-undone")), ("until", &ahead(9).to_string())];
    let reason = "x".repeat(501);
    let wrong = site.send("bob", &[fields.as_slice(), &[("reason", &reason)]].concat()).await;
    assert!(wrong.body.contains("longer than 500 characters: say it in a sentence"), "{}", wrong.body);
    let wrong = site.send("bob", &[fields.as_slice(), &[("reason", " ")]].concat()).await;
    assert!(wrong.status == 422 && wrong.body.contains("say why"), "{}", wrong.body);

    assert_eq!(site.send("bob", &[fields.as_slice(), &[("reason", "soon")]].concat()).await.status, 303);
    site.world.sql_run("UPDATE waiver SET until = '2020-01-01'");
    let form = site.get("bob", "/decide?waiver=1").await.body;
    assert!(form.contains("It ran out") && !form.contains("In force now"), "{form}");
    site.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_names_and_reasons_are_text_on_every_page() {
    let site = turned_down().await;
    let finding = site.finding("closed-undone");
    let until = ahead(30).to_string();
    let reason = "<script>alert(1)</script> \u{202e}reversed \"quoted\"";
    let fields = [("choice", "snooze"), ("finding", finding.as_str()), ("reason", reason), ("until", &until)];
    assert_eq!(site.send("bob", &fields).await.status, 303);
    for path in ["/decisions".to_owned(), format!("/decide?finding={finding}")] {
        let page = site.get("bob", &path).await.body;
        assert!(page.contains("&#60;script&#62;") && !page.contains("<script"), "{path}: {page}");
        assert!(!page.contains('\u{202e}'), "{path}: {page}");
    }
    site.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_trail_is_read_a_stretch_at_a_time() {
    let site = turned_down().await;
    site.world.sql_run(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 205)
         INSERT INTO audit (at, decided_by, deed, ticket, reason, after)
         SELECT '2026-01-01T00:00:00Z', 'Ada', 'decided', 'jira:ARCH-1', 'number ' || i, 'done' FROM n",
    );
    let mut seen = 0;
    let mut path = "/decisions".to_owned();
    loop {
        let page = site.get("ada", &path).await.body;
        seen += page.matches("<tr id=\"act-").count();
        assert!(page.len() < 100_000, "{} bytes", page.len());
        let Some(older) = page.split("<a href=\"/decisions?before=").nth(1) else { break };
        path = format!("/decisions?before={}", older.split('#').next().unwrap());
    }
    assert_eq!((seen, path.as_str()), (205, "/decisions?before=6"));
    assert!(site.get("ada", "/decisions?before=1").await.body.contains("Nothing was decided before that"));
    assert_eq!(site.get("ada", "/decisions?before=x").await.status, 400);
    site.ends().await;
}
