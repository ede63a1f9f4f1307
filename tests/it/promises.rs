//! What becomes of promises, through the whole program: a team's own names, crowds, grace, roles, stopgaps, notes and
//! anecdotes, from what trackers serve to what a lead reads.

use chrono::{NaiveDate, TimeDelta};
use dragnet::clock::Clock;
use dragnet::domain::time::Moment;
use serde_json::Value;

use super::world::{World, noon};

const PAIN: &str = "2020-02-01 (Payments): nobody could log in";

async fn jiras() -> [World; 2] {
    [World::new().await, World::with_data_center().await]
}

/// Noon so many days ago.
fn ago(days: i64) -> Moment {
    noon(&(Clock::system().now().date_naive() - TimeDelta::days(days)).to_string())
}

fn day(at: Moment) -> NaiveDate {
    at.date_naive()
}

/// `code ticket` of every finding on a promise.
fn flags(report: &Value) -> Vec<String> {
    let about = ["untracked-challenge", "occurrence-mismatch", "incomplete-anecdote", "unmapped-resolution"];
    let findings = report["findings"].as_array().unwrap().iter();
    let told = findings.filter(|finding| !about.contains(&finding["code"].as_str().unwrap()));
    told.map(|f| format!("{} {}", f["code"].as_str().unwrap(), f["ticket"].as_str().unwrap_or_default())).collect()
}

fn ticket<'a>(report: &'a Value, id: &str) -> &'a Value {
    let tickets = report["tickets"].as_array().unwrap();
    tickets.iter().find(|ticket| ticket["id"] == id).unwrap_or_else(|| panic!("{id} is not reported"))
}

fn verdict<'a>(report: &'a Value, id: &str) -> &'a str {
    ticket(report, id)["verdict"].as_str().unwrap()
}

async fn synced(world: &World) -> Value {
    world.run(&["sync"]).await.ended(0);
    world.report().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_says_what_its_own_names_mean() {
    for world in jiras().await {
        world.register(&[("Logins fail", PAIN, "ARCH-1, ARCH-2, ARCH-3")]);
        world.jira.issue("ARCH-1").status("Zu", "done").resolution("Erledigt", noon("2021-05-01"));
        world.jira.issue("ARCH-2").status("Zu", "done").resolution("Liegt", noon("2021-05-01"));
        world.jira.issue("ARCH-3").status("Abgeblasen", "done");
        let report = synced(&world).await;
        for id in ["jira:ARCH-1", "jira:ARCH-2", "jira:ARCH-3"] {
            assert_eq!(verdict(&report, id), "unverified", "{id}");
        }
        let unmapped = |report: &Value| {
            let findings = report["findings"].as_array().unwrap().iter();
            findings.filter(|finding| finding["code"] == "unmapped-resolution").count()
        };
        assert_eq!(unmapped(&report), 1);

        let path = world.path("dragnet.toml");
        let own = "[tracker.resolutions]\n\"erledigt\" = \"done\"\n\"Liegt\" = \"undone\"\n\
                   [tracker.statuses]\n\"Abgeblasen\" = \"undone\"\n";
        let config = std::fs::read_to_string(path).unwrap();
        world.write("dragnet.toml", config.replacen("\"jira-token\"\n", &format!("\"jira-token\"\n{own}"), 1));
        // The store is judged anew by the words of the team: nobody is asked.
        world.jira_stage.forget();
        let report = world.report().await;
        let all = ["jira:ARCH-1", "jira:ARCH-2", "jira:ARCH-3"].map(|id| verdict(&report, id).to_owned());
        assert_eq!(all, ["done", "undone", "undone"]);
        assert_eq!(unmapped(&report), 0);
        assert!(world.jira_stage.requests().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_reproaches_nothing_that_was_fixed_before_it() {
    let at = noon("2021-05-01");
    for world in jiras().await {
        let mut cell = String::new();
        world.github.pull("acme/rocket", 99).titled("Keep sessions").merged(noon("2020-11-05"));
        for n in 1..=12 {
            cell += &format!("ARCH-{n}, https://github.com/acme/rocket/issues/{n}, ");
            world.jira.issue(&format!("ARCH-{n}")).status("Closed", "done").category_changed(at).moved_through(
                &["Open", "Closed"],
                "Grace H",
                at,
            );
            world.github.issue("acme/rocket", n).closed(at).closed_by("grace");
        }
        world.jira.issue("ARCH-1").resolution("Fixed", noon("2020-11-05")).fix_version("1.9", true);
        world.github.issue("acme/rocket", 1).closing_pull("acme/rocket", 99);
        world.register(&[("Logins fail", PAIN, cell.trim_end_matches(", "))]);
        let report = synced(&world).await;
        for (fixed, swept) in [("jira:ARCH-1", "jira:ARCH-2"), ("github:acme/rocket#1", "github:acme/rocket#2")] {
            assert_eq!(verdict(&report, fixed), "done", "{}", ticket(&report, fixed)["evidence"]);
            let seen = ticket(&report, swept)["evidence"].as_array().unwrap();
            assert!(seen.iter().any(|one| one["rule"] == "sweep"), "{swept}: {seen:?}");
            assert_ne!(verdict(&report, swept), "done", "{swept}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_closed_a_moment_ago_is_not_flagged_yet_and_that_is_told() {
    for world in jiras().await {
        world.configure("[policy]\ngrace = \"3d\"\n");
        world.register(&[("Logins fail", PAIN, "ARCH-1"), ("Builds are slow", PAIN, "ARCH-2")]);
        world.jira.issue("ARCH-1").status("Closed", "done").resolution("Won't Do", ago(1));
        world.jira.issue("ARCH-2").status("In Progress", "indeterminate").updated(ago(1));
        assert_eq!(flags(&synced(&world).await), [""; 0]);
        // Closed long ago by its own dates, and told only now.
        world.jira.issue("ARCH-2").status("Closed", "done").resolution("Won't Do", ago(40));
        let report = synced(&world).await;
        assert_eq!(flags(&report), [""; 0]);
        for id in ["jira:ARCH-1", "jira:ARCH-2"] {
            assert_eq!(verdict(&report, id), "undone");
            let waits = ticket(&report, id)["waits"].as_str().unwrap();
            assert!(waits.starts_with("nothing is flagged on ARCH-") && waits.contains(" before "), "{waits}");
            let why = world.run(&["why", id]).await.ended(0).out;
            let why = why.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(why.contains(waits), "{why}");
        }
        // Without grace both are flagged at once, from the same answers.
        world.configure("");
        let mut flagged = flags(&world.report().await);
        flagged.sort();
        assert_eq!(flagged, ["closed-undone jira:ARCH-1", "closed-undone jira:ARCH-2"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meetings_follow_up_is_not_flagged_within_grace_either() {
    for world in jiras().await {
        world.write(
            "minutes.md",
            "# Minutes\n\n## 2023-12-13\n\n- [inform] (Dave) logins fail\n  - [ ] Dave will do ARCH-1\n",
        );
        world.jira.issue("ARCH-1").status("Closed", "done").resolution("Won't Do", ago(1));
        world.configure("[policy]\ngrace = \"3d\"\n");
        let report = synced(&world).await;
        assert_eq!(flags(&report), [""; 0]);
        assert!(ticket(&report, "jira:ARCH-1")["waits"].as_str().unwrap().contains(" before "));
        world.configure("");
        assert_eq!(flags(&world.report().await), ["closed-undone jira:ARCH-1"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_cell_that_is_merged_over_rows_promises_for_all_of_them() {
    for world in jiras().await {
        world.configure("[[source]]\nname = \"page\"\npath = \"register.html\"\n");
        world.write("notes.md", "Nothing yet.\n");
        world.write(
            "register.html",
            "<table><tr><th>Issue</th><th>Anecdotes</th><th>Occurrences</th><th>Status</th></tr>
             <tr><td>Slow builds</td><td>2020-02-01 (Payments): an hour</td><td>1</td>
             <td rowspan=2>ARCH-1 Note: This was never finished.</td></tr>
             <tr><td>Flaky tests</td><td>2020-02-01 (Search): again and again</td><td>1</td></tr>
             <tr><td>Logins fail</td><td>2020-02-01 (Search): nobody got in</td><td>1</td><td></td></tr></table>",
        );
        world.jira.issue("ARCH-1").status("Closed", "done").resolution("Fixed", noon("2021-05-01"));
        let report = synced(&world).await;
        assert_eq!(flags(&report), ["closed-undone jira:ARCH-1"; 2]);
        let standings: Vec<&str> =
            report["challenges"].as_array().unwrap().iter().map(|one| one["standing"].as_str().unwrap()).collect();
        assert_eq!(standings, ["broken-promise", "broken-promise", "no-remedy"]);
        // One citation, however many rows it spans.
        assert_eq!(ticket(&report, "jira:ARCH-1")["cited"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_closed_and_not_released_may_still_be_met() {
    for world in jiras().await {
        let met = format!("{PAIN}<br>{} (Payments): again", day(ago(10)));
        world.register(&[("Logins fail", &met, "ARCH-1")]);
        world.jira.issue("ARCH-1").status("Closed", "done").resolution("Fixed", ago(30)).fix_version("2.1", false);
        let report = synced(&world).await;
        assert_eq!((flags(&report), verdict(&report, "jira:ARCH-1")), (vec![], "done"));
        assert_eq!(ticket(&report, "jira:ARCH-1")["waits"], "ARCH-1 waits for the release of 2.1");

        world.jira.issue("ARCH-2").status("Closed", "done").resolution("Fixed", ago(30)).fix_version("2.0", true);
        world.register(&[("Logins fail", &met, "ARCH-2")]);
        assert_eq!(flags(&synced(&world).await), ["recurred-after-close jira:ARCH-2"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_beside_a_ticket_tells_why_it_is_cited() {
    let world = World::new().await;
    for n in 1..=5 {
        world.jira.issue(&format!("ARCH-{n}")).status("Closed", "done").resolution("Won't Do", noon("2021-05-01"));
    }
    world.register(&[
        ("An incident", PAIN, "caused by ARCH-1"),
        ("A request", PAIN, "created ARCH-2 to restart the workers"),
        ("A promise", PAIN, "ARCH-3"),
        ("A promise in an anecdote", "2020-02-01 (Payments): would have been solved by ARCH-4", "in discussion"),
        ("Seen in an anecdote", "2020-02-01 (Payments): like ARCH-5", "in discussion"),
    ]);
    let report = synced(&world).await;
    let mut flagged = flags(&report);
    flagged.sort();
    assert_eq!(flagged, ["closed-undone jira:ARCH-3", "closed-undone jira:ARCH-4"]);
    let standings: Vec<&str> =
        report["challenges"].as_array().unwrap().iter().map(|one| one["standing"].as_str().unwrap()).collect();
    assert_eq!(standings.iter().filter(|standing| **standing == "no-remedy").count(), 3, "{standings:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopgap_was_done_and_did_not_help() {
    for world in jiras().await {
        let at = noon("2021-05-01");
        world.register(&[
            ("Logins fail", PAIN, "ARCH-1"),
            ("Builds are slow", PAIN, "https://github.com/acme/rocket/issues/7"),
            ("Mail is late", PAIN, "ARCH-2 Note: only a workaround."),
        ]);
        world.jira.issue("ARCH-1").status("Closed", "done").resolution("Fixed", at);
        world.jira.issue("ARCH-1").assigned("Ada L").comment("Ada L", "I added a hack that restarts the pump.", at);
        world.jira.issue("ARCH-2").status("Closed", "done").resolution("Fixed", at);
        let words = "This merely checked a theory, which turned out to be wrong.";
        world.github.issue("acme/rocket", 7).closed_as("completed", noon("2023-05-01")).comment(
            "octo-closer",
            words,
            noon("2023-05-01"),
        );
        let report = synced(&world).await;
        let mut flagged = flags(&report);
        flagged.sort();
        assert_eq!(
            flagged,
            [
                "remedy-did-not-help github:acme/rocket#7",
                "remedy-did-not-help jira:ARCH-1",
                "remedy-did-not-help jira:ARCH-2"
            ]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_and_the_tracker_contradict_each_other_in_both_directions() {
    for world in jiras().await {
        world.register(&[
            ("Logins fail", PAIN, "ARCH-1 Note: This was never finished."),
            ("Builds are slow", PAIN, "https://github.com/acme/rocket/issues/7 Note: This was never finished."),
            ("Mail is late", PAIN, "ARCH-2 Note: Done in part."),
        ]);
        for key in ["ARCH-1", "ARCH-2"] {
            world.jira.issue(key).status("Closed", "done").resolution("Fixed", noon("2021-05-01"));
        }
        world.github.pull("acme/rocket", 8).titled("Start faster").merged(noon("2023-05-01"));
        world.github.issue("acme/rocket", 7).closed_as("completed", noon("2023-05-01")).closing_pull("acme/rocket", 8);
        let report = synced(&world).await;
        let mut flagged = flags(&report);
        flagged.sort();
        assert_eq!(
            flagged,
            ["closed-undone jira:ARCH-1", "closed-undone jira:ARCH-2", "note-outdated github:acme/rocket#7"]
        );
        let in_part = report["findings"].as_array().unwrap().iter().find(|f| f["ticket"] == "jira:ARCH-2").unwrap();
        assert!(in_part["message"].as_str().unwrap().contains("its work was done in part"), "{in_part}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_took_a_remedys_place_answers_for_it() {
    for world in jiras().await {
        let at = noon("2021-05-01");
        world.jira.issue("ARCH-1").status("Closed", "done");
        world.jira.issue("ARCH-2").status("In Progress", "indeterminate").updated(ago(1));
        world.register(&[("Logins fail", PAIN, "ARCH-1 Note: Superseded by ARCH-2.")]);
        let report = synced(&world).await;
        assert_eq!((verdict(&report, "jira:ARCH-1"), flags(&report)), ("undone", vec![]));
        assert_eq!(report["challenges"][0]["standing"], "promised");
        let says = ticket(&report, "jira:ARCH-1")["evidence"][0]["says"].as_str().unwrap();
        assert_eq!(says, "the register notes that ARCH-2 took its place, which is open: the work is promised there");

        world.jira.issue("ARCH-2").status("Closed", "done").resolution("Fixed", at);
        let report = synced(&world).await;
        assert_eq!((verdict(&report, "jira:ARCH-1"), flags(&report)), ("done", vec![]));
        assert_eq!(report["challenges"][0]["standing"], "cleared");

        world.jira.issue("ARCH-2").resolution("Won't Do", at);
        let report = synced(&world).await;
        assert_eq!(verdict(&report, "jira:ARCH-1"), "undone");
        assert_eq!(flags(&report), ["closed-undone jira:ARCH-2"], "flagged once, on what was to do the work");
        assert_eq!(report["challenges"][0]["standing"], "broken-promise");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approximate_date_counts_only_when_all_of_it_is_later() {
    for (date, flagged) in [("~May, 2021", false), ("~June, 2021", true), ("2021-05", false), ("2021-05-05", true)] {
        let world = World::new().await;
        world.jira.issue("ARCH-1").status("Closed", "done").resolution("Fixed", noon("2021-05-04"));
        let met = format!("{PAIN}<br>{date} (Payments): again");
        world.register(&[("Logins fail", &met, "ARCH-1")]);
        let report = synced(&world).await;
        let expected = if flagged { vec!["recurred-after-close jira:ARCH-1".to_owned()] } else { vec![] };
        assert_eq!((flags(&report), verdict(&report, "jira:ARCH-1")), (expected, "done"), "{date}");
        if date.starts_with("~June") {
            let says = report["findings"][0]["message"].as_str().unwrap();
            assert!(says.contains("around June 2021"), "{says}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merged_status_cell_counts_in_a_long_register_wherever_it_is_read_in_parts() {
    let world = World::new().await;
    world.configure("[[source]]\nname = \"page\"\npath = \"register.html\"\n");
    world.write("notes.md", "Nothing yet.\n");
    let row = |n: usize, status: &str| {
        format!("<tr><td>Pain {n}</td><td>2020-02-01 (Payments): an hour</td><td>1</td>{status}</tr>")
    };
    // A register is judged 250 rows at a time.
    let status = |n: usize| match n {
        3 => "<td>ARCH-2</td>",
        249 => "<td rowspan=2>ARCH-1 and ARCH-2</td>",
        250 => "",
        _ => "<td></td>",
    };
    let rows: String = (0..255).map(|n| row(n, status(n))).collect();
    let head = "<tr><th>Issue</th><th>Anecdotes</th><th>Occurrences</th><th>Status</th></tr>";
    world.write("register.html", format!("<table>{head}{rows}</table>"));
    for key in ["ARCH-1", "ARCH-2"] {
        world.jira.issue(key).status("Closed", "done").resolution("Won't Do", noon("2021-05-01"));
    }
    world.run(&["sync"]).await.ended(0);
    let again = world.run(&["judge", "--store", "--diff"]).await.ended(0).out;
    assert_eq!(again, "0 of 2 verdicts and 0 of 255 standings would change.\n");
    let broken: i64 = world.sql("SELECT count(*) FROM challenges_now WHERE standing = 'broken-promise'");
    assert_eq!(broken, 3);
}
