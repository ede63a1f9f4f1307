//! Owners, patterns, minutes and the health of the data, as pages.

use dragnet::standin::Mishap;

use super::site::Site;
use super::world::{World, noon};

const CONFIGURATION: &str = "
[[theme]]
name = \"Slow & steady\"
categories = [\"Builds\"]
words = [\"stale\"]

[[theme]]
name = \"Never\"
words = [\"submarine\"]
";

const MINUTES: &str = "# Architecture hour

## 2024-03-06

- [quest] (Kelly) MySQL 8: who <b>upgrades</b>? See ARCH-1
  - (Dave) Not us
  - Follow-up: Dave asks the platform team

## 2024-02-07

- [inform] (Kelly) The MySQL 8 upgrade is late
- [inform] (Kelly) Builds are slow since the move
- (Dave) Something without an intention

## 2024-01-10

- [quest] (Dave) MySQL 8, again
";

/// Challenges that several teams met, of two categories, with minutes.
async fn acme() -> Site {
    let world = World::new().await;
    let table = "| Category | Issue | Anecdotes | Occurrences | Status |\n|---|---|---|---|---|\n\
        | Builds | Builds are slow | 2024-02-01 (Payments): an hour<br>2024-03-01 (TNL): two<br>2023-11-01 (TNL): half | 3 | ARCH-1 |\n\
        | Builds | Tests are flaky | 2024-03-01 (TNL): red | 1 | ARCH-2 |\n\
        | Docs & \"pages\" | Pages are stale | 2020-03-01: old | 1 |  |\n";
    world.write("register.md", table);
    world.write("minutes.md", MINUTES);
    world.jira.issue("ARCH-1").status("Closed", "done").resolution("Won't Do", noon("2024-05-01"));
    world.jira.issue("ARCH-2").status("Closed", "done").resolution("Fixed", noon("2024-05-01"));
    Site::of(world, CONFIGURATION).await
}

/// How many rows the list has that the link in front of these words leads to.
async fn rows_behind(site: &Site, page: &str, words: &str) -> usize {
    let before = page.split(words).next().unwrap();
    let address = before.rsplit("href=\"").next().unwrap().split('"').next().unwrap().replace("&#38;", "&");
    let list = site.page(&address).await;
    list.split("<tbody>").nth(1).unwrap_or_default().matches("<tr").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_owner_leads_to_its_challenges_and_nobody_has_a_list() {
    let site = acme().await;
    let page = site.page("/owners").await;
    for (name, all) in [("Payments", 1), ("TNL", 2), ("no owner", 1)] {
        let row = page.split("<tr>").find(|row| row.contains(&format!("scope=\"row\">{name}<"))).unwrap();
        let last = format!(">{all}</a></td>\n<td>");
        assert!(row.contains(&last), "{name}: {row}");
        assert_eq!(rows_behind(&site, row, &last).await, all, "{name}");
    }
    let list = site.page("/challenges?owner=tnl&standing=broken-promise").await;
    assert!(list.contains("Builds are slow") && !list.contains("Tests are flaky"), "{list}");
    let orphans = site.page("/challenges?owner=").await;
    assert!(orphans.contains("Pages are stale") && !orphans.contains("Builds are slow"), "{orphans}");
    assert!(site.page("/challenges?owner=%27%22%3Cb%3E").await.contains("owner: &#39;&#34;&#60;b&#62;"));
    let id: String = site.world.sql("SELECT id FROM challenge WHERE title = 'Builds are slow'");
    let challenge = site.page(&format!("/challenges/{id}")).await;
    assert!(challenge.contains(">Payments</a> (named in an anecdote)"), "{challenge}");
    assert!(challenge.contains("perhaps about it, by its words: “Builds are slow since the move”"), "{challenge}");
    assert!(!challenge.contains("/decide?"), "who only reads is offered nothing");
    let decider = site.get("bob", &format!("/challenges/{id}")).await.body;
    let finding = site.finding("closed-undone");
    assert!(decider.contains(&format!("/decide?finding={finding}")), "{decider}");
    assert!(site.get("bob", "/tickets/jira:ARCH-1").await.body.contains("/decide?ticket=jira:ARCH-1"));
    assert!(site.get("bob", "/findings").await.body.contains(&format!("/decide?finding={finding}")));
    site.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn patterns_say_what_to_invest_in_and_why() {
    let site = acme().await;
    let page = site.page("/patterns").await;
    let first = page.split("<ol class=\"ranking\">").nth(1).unwrap();
    assert!(first.find("Builds are slow").unwrap() < first.find("Pages are stale").unwrap(), "{page}");
    assert!(first.contains("met 3 times by 2 teams"), "{page}");
    // Themes by categories and by words; one that nothing is part of is not told.
    let theme = page.split("<tr>").find(|row| row.contains("Slow &#38; steady")).unwrap();
    assert!(theme.contains("a challenge for other teams too") && theme.contains(">TNL</a>"), "{theme}");
    assert!(theme.contains("0 in four quarters, 0 in the four before"), "{theme}");
    assert_eq!(rows_behind(&site, theme, "Slow &#38; steady</a>").await, 3);
    assert!(!page.contains("Never"), "{page}");
    // Old quarters are counted, and what has no column is no less met.
    let category = page.split("<tr>").find(|row| row.contains("/challenges?category=Builds")).unwrap();
    assert!(category.contains("data-head=\"Earlier:\">4<"), "{category}");
    let shared = page.split("id=\"shared\"").nth(1).unwrap();
    let id: String = site.world.sql("SELECT id FROM challenge WHERE title = 'Builds are slow'");
    for (team, many) in [("TNL", 2), ("Payments", 1)] {
        let cell = format!("data-head=\"{team}:\"><a href=\"/challenges/{id}#story\">{many}</a>");
        assert!(shared.contains(&cell), "{cell} is not in {shared}");
    }
    let topics = page.split("id=\"topics\"").nth(1).unwrap();
    assert!(topics.contains(">mysql 8</a>"), "{topics}");
    assert!(topics.contains("<a href=\"/minutes?on=2024-01-10\">10 January 2024</a>"), "{topics}");
    assert!(site.page("/minutes?on=2024-01-10").await.contains("MySQL 8, again"));
    let found = site.page("/search?q=mysql+8&kind=topic").await;
    assert!(found.contains("again"), "{found}");

    // A theme that is taken away is gone with the next pass.
    site.world.configure("");
    site.world.run(&["sync"]).await.ended(0);
    assert_eq!(site.world.sql::<i64>("SELECT count(*) FROM theme"), 0);
    site.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn minutes_are_listed_by_date_and_by_intention() {
    let site = acme().await;
    let page = site.page("/minutes").await;
    assert!(page.contains("3 meetings, the newest first"), "{page}");
    assert!(page.find("6 March 2024").unwrap() < page.find("10 January 2024").unwrap(), "{page}");
    assert!(page.contains("<a href=\"/tickets/jira:ARCH-1\">jira:ARCH-1</a> (undone)"), "{page}");
    assert!(!page.contains("<b>upgrades"), "{page}");
    assert!(page.contains("Dave asks the platform team"), "{page}");
    assert!(!page.contains("no later meeting took it up"), "{page}");
    let quests = site.page("/minutes?intention=quest").await;
    assert!(quests.contains("2 meetings with topics of this intention: quest"), "{quests}");
    assert!(!quests.contains("is late") && quests.contains("again"), "{quests}");
    let none = site.page("/minutes?intention=").await;
    assert!(none.contains("Something without an intention") && !none.contains("again"), "{none}");
    assert!(site.page("/minutes?intention=%3Cscript%3E").await.contains("&#60;script&#62;"));
    assert!(site.page("/minutes?page=9").await.contains("No meeting is on this page"));
    assert_eq!(site.get("ada", "/minutes?page=0").await.status, 400);
    site.world.sql_run(
        "INSERT INTO finding (fingerprint, code, severity, path, line, col, message, first_seen_at)
         VALUES ('f', 'dropped-follow-up', 'info', 'minutes.md', 7, 1, 'dropped', '2026-01-01T00:00:00Z')",
    );
    assert!(site.page("/minutes").await.contains("no later meeting took it up"));
    site.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn health_tells_what_is_not_known_and_why() {
    let site = acme().await;
    let page = site.page("/health").await;
    assert!(page.contains("Everything could be read and asked."), "{page}");
    assert!(page.contains("Every ticket that is cited was answered"), "{page}");
    assert!(page.contains("register.md") && page.contains("complete: 2 tickets asked for"), "{page}");
    assert!(page.contains("never backed up"), "{page}");
    site.world.jira_stage.fail(Mishap::Status(503));
    site.world.run(&["sync"]).await.ended(3);
    let page = site.page("/health").await;
    assert!(page.contains("1 tracker is in trouble; of 2 tickets nothing could be told the last time"), "{page}");
    assert!(page.contains("all were seen before") && page.contains("2 could not be asked"), "{page}");
    site.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_was_asked_for_is_not_called_fine_nor_kept_what_nobody_promised() {
    let world = World::new().await;
    world.register(&[("Builds are slow", "2021-01-01: x", "")]);
    let site = Site::of(world, "").await;
    let quiet = |page: String, says: &str| assert!(page.contains(says), "no `{says}` in {page}");
    quiet(site.page("/").await, "Nothing was promised yet: no challenge has a remedy.");
    quiet(site.page("/health").await, "Everything could be read and asked.");
    site.world.register(&[("Builds are slow", "2021-01-01: x", "ELSE-7")]);
    site.world.run(&["sync"]).await.ended(0);
    quiet(site.page("/").await, "No promise is broken as far as could be told.");
    quiet(site.page("/health").await, "1 reference is claimed by no tracker, and not asked for.");
    site.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_joins_a_challenge_by_a_patch_that_git_applies() {
    let site = acme().await;
    let id: String = site.world.sql("SELECT id FROM challenge WHERE title = 'Builds are slow'");
    assert!(site.page(&format!("/challenges/{id}")).await.contains(&format!("/us-too?challenge={id}")));
    let form = site.page(&format!("/us-too?challenge={id}")).await;
    assert!(form.contains("Us too") && !form.contains("role=\"alert\""), "{form}");
    let typed = format!("challenge={id}&team=Search&day=2024-05-05&text=a+%3Cb%3E+%7C+twice");
    let page = site.page(&format!("/us-too?{typed}")).await;
    assert!(page.contains("2024-05-05 (Search): a \\&#60;b\\&#62; \\| twice"), "{page}");
    let patch = site.get("ada", &format!("/us-too.patch?{typed}")).await;
    assert_eq!((patch.status, patch.kind.as_str()), (200, "text/x-diff; charset=utf-8"));
    // Nothing was written; what is applied is read by the next pass.
    let before = std::fs::read_to_string(site.world.path("register.md")).unwrap();
    assert!(!before.contains("Search"), "{before}");
    site.world.write("us-too.patch", &patch.body);
    let folder = site.world.path("");
    let git = std::process::Command::new("git").args(["apply", "us-too.patch"]).current_dir(&folder).status().unwrap();
    assert!(git.success(), "{}", patch.body);
    site.world.run(&["sync"]).await.ended(0);
    let told = "SELECT concat(date, ' ', teams, ' ', text) FROM anecdote WHERE teams LIKE '%Search%'";
    assert_eq!(site.world.sql::<String>(told), "2024-05-05 [\"Search\"] a <b> | twice");

    for (typed, wrong) in [
        ("team=&day=2024-05-05&text=x", "name the team"),
        ("team=A(b)&day=2024-05-05&text=x", "name the team"),
        ("team=A&day=soon&text=x", "the day is no date"),
        ("team=A&day=9999-05-05&text=x", "the day lies ahead"),
        ("team=A&day=2024-05-05&text=+", "say what happened"),
    ] {
        let page = site.page(&format!("/us-too?challenge={id}&{typed}")).await;
        assert!(page.contains(wrong) && page.contains("role=\"alert\""), "{typed}: {page}");
        assert_eq!(site.get("ada", &format!("/us-too.patch?challenge={id}&{typed}")).await.status, 400, "{typed}");
    }
    assert_eq!(site.get("ada", "/us-too?challenge=nothing").await.status, 404);
    std::fs::remove_file(site.world.path("register.md")).unwrap();
    let page = site.page(&format!("/us-too?{typed}")).await;
    assert!(page.contains("Add it by hand"), "{page}");
    let patch = site.get("ada", &format!("/us-too.patch?{typed}")).await;
    assert_eq!(patch.status, 400);
    assert!(patch.body.starts_with("this is to be added by hand, for"), "{}", patch.body);
    site.ends().await;
}
