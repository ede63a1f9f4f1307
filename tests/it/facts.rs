//! What each rule of the verdict needs is truly fetched: from GitHub, from Jira Cloud and from a Jira Data Center.

use dragnet::standin::{GitHub, Jira};
use serde_json::Value;

use super::world::{World, noon};

const REPO: &str = "acme/rocket";

/// A ticket that shows the rule something, by its number.
type OnGitHub = fn(&GitHub, u64);
type OnJira = fn(&Jira, &str);

/// Sees on GitHub.
const GITHUB: &[(&str, OnGitHub)] = &[
    ("tracker-state", |gh, n| drop(gh.issue(REPO, n).closed(noon("2021-05-01")))),
    ("closing-event", |gh, n| drop(gh.issue(REPO, n).closed(noon("2021-05-01")).closed_by_commit("c0ffee"))),
    ("pull-request", |gh, n| drop(gh.pull(REPO, n).merged(noon("2021-05-01")))),
    ("landed-change", |gh, n| {
        gh.pull(REPO, n + 1000).titled("Start faster").merged(noon("2021-05-01"));
        gh.issue(REPO, n).closed(noon("2021-05-01")).closing_pull(REPO, n + 1000);
    }),
    ("reverted", |gh, n| {
        gh.pull(REPO, n)
            .titled("Start much faster")
            .merged(noon("2021-05-01"))
            .reverted_by(n + 1000, noon("2021-05-09"));
    }),
    ("github-reason", |gh, n| drop(gh.issue(REPO, n).closed_as("not_planned", noon("2021-05-01")))),
    ("labels", |gh, n| drop(gh.issue(REPO, n).labelled("wontfix").closed(noon("2021-05-01")))),
    ("given-way", |gh, n| {
        gh.issue(REPO, n + 1000);
        gh.issue(REPO, n).closed(noon("2021-05-01")).duplicate_of(REPO, n + 1000, noon("2021-05-01"));
    }),
    ("moved", |gh, n| drop(gh.issue(REPO, n).converted_to_discussion(3, noon("2021-05-01")))),
    ("closing-words", |gh, n| {
        gh.issue(REPO, n).closed(noon("2021-05-01")).comment("octo-closer", "We won't do this.", noon("2021-05-01"));
    }),
    ("taken-back", |gh, n| {
        gh.issue(REPO, n).closed(noon("2021-05-01")).comment("ada", "This still happens.", noon("2021-05-20"));
    }),
    ("inactivity", |gh, n| drop(gh.issue(REPO, n).closed(noon("2021-05-01")).closed_by("stale[bot]"))),
    ("sweep", |gh, n| {
        let words = "Bulk close of everything in 1.x";
        gh.issue(REPO, n).closed(noon("2021-05-01")).comment("octo-closer", words, noon("2021-05-01"));
    }),
    ("stopgap", |gh, n| {
        let words = "Added a short term fix.";
        gh.issue(REPO, n).closed(noon("2021-05-01")).comment("octo-closer", words, noon("2021-05-01"));
    }),
    ("closed-at-once", |gh, n| {
        let opened = noon("2021-05-01");
        let closed = opened + chrono::TimeDelta::minutes(9);
        gh.issue(REPO, n).author("newcomer", "NONE").opened(opened).closed(closed);
    }),
    ("open-parts", |gh, n| drop(gh.issue(REPO, n).body("- [x] a\n- [ ] b").closed(noon("2021-05-01")))),
];

fn closed(jira: &Jira, key: &str, resolution: &str) {
    jira.issue(key).status("Closed", "done").resolution(resolution, noon("2021-05-01"));
}

/// Sees on Jira of both kinds.
const JIRA: &[(&str, OnJira)] = &[
    ("tracker-state", |jira, key| closed(jira, key, "Done")),
    ("landed-change", |jira, key| {
        let words = "Merged https://github.com/acme/rocket/pull/7";
        closed(jira, key, "Done");
        jira.issue(key).comment("Ada L", words, noon("2021-04-30"));
    }),
    ("jira-resolution", |jira, key| closed(jira, key, "Won't Do")),
    ("jira-status", |jira, key| drop(jira.issue(key).status("Cancelled", "done"))),
    ("fix-version", |jira, key| {
        closed(jira, key, "Fixed");
        jira.issue(key).fix_version("1.0", true);
    }),
    ("given-way", |jira, key| {
        closed(jira, key, "Duplicate");
        jira.issue(key).link("duplicates", "ARCH-999");
    }),
    ("moved", |jira, key| {
        closed(jira, key, "Invalid");
        jira.issue(key).comment("Jane Reporter", "I moved this to OPS-999.", noon("2021-05-01"));
    }),
    ("closing-words", |jira, key| {
        closed(jira, key, "Done");
        jira.issue(key).comment("Jane Reporter", "We won't do this.", noon("2021-05-01"));
    }),
    ("taken-back", |jira, key| {
        closed(jira, key, "Done");
        jira.issue(key).comment("Jane Reporter", "This still happens.", noon("2021-05-20"));
    }),
    ("reverted", |jira, key| {
        closed(jira, key, "Done");
        jira.issue(key).comment("Jane Reporter", "This was reverted, it broke the build.", noon("2021-05-09"));
    }),
    ("inactivity", |jira, key| {
        closed(jira, key, "Done");
        jira.issue(key).comment("Stale Bot", "Closing due to inactivity.", noon("2021-05-01"));
    }),
    ("sweep", |jira, key| {
        closed(jira, key, "Done");
        jira.issue(key).comment("Jane Reporter", "Bulk close of everything in 1.x", noon("2021-05-01"));
    }),
    ("stopgap", |jira, key| {
        closed(jira, key, "Done");
        jira.issue(key).of_type("Spike");
    }),
    ("open-parts", |jira, key| {
        closed(jira, key, "Done");
        jira.issue(key).subtask("ARCH-999");
    }),
    ("straight-to-done", |jira, key| {
        closed(jira, key, "Done");
        jira.issue(key).moved_through(&["To Do", "Closed"], "Grace H", noon("2021-05-01"));
    }),
];

/// Rules that look at documents or at what we watched, and those that one tracker has no facts for.
const NOT_ON_GITHUB: [&str; 8] = [
    "register-note",
    "decision",
    "recurrence",
    "reopening",
    "jira-resolution",
    "jira-status",
    "fix-version",
    "straight-to-done",
];
const NOT_ON_JIRA: [&str; 9] = [
    "register-note",
    "decision",
    "recurrence",
    "reopening",
    "closing-event",
    "pull-request",
    "github-reason",
    "labels",
    "closed-at-once",
];

/// The rules that gave evidence on a ticket of the report.
fn rules<'a>(report: &'a Value, id: &str) -> Vec<&'a str> {
    let tickets = report["tickets"].as_array().unwrap();
    let ticket = tickets.iter().find(|ticket| ticket["id"] == id).unwrap_or_else(|| panic!("{id} is not reported"));
    ticket["evidence"].as_array().unwrap().iter().map(|one| one["rule"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn github_is_asked_for_all_that_the_rules_look_at() {
    let world = World::new().await;
    let mut text = String::new();
    for ((_, tell), number) in GITHUB.iter().zip(1..) {
        tell(&world.github, number);
        text += &format!("https://github.com/{REPO}/issues/{number}\n\n");
    }
    world.write("cited.md", text);
    world.run(&["sync"]).await.ended(0);
    let report = world.report().await;
    for ((rule, _), number) in GITHUB.iter().zip(1..) {
        let seen = rules(&report, &format!("github:{REPO}#{number}"));
        assert!(seen.contains(rule), "{rule} saw nothing, only {seen:?}");
    }
    let told: Vec<&str> = GITHUB.iter().map(|(rule, _)| *rule).chain(NOT_ON_GITHUB).collect();
    assert_eq!(missing(&told), Vec::<&str>::new(), "a rule without a story on GitHub");
}

#[tokio::test(flavor = "multi_thread")]
async fn both_kinds_of_jira_are_asked_for_all_that_the_rules_look_at() {
    for world in [World::new().await, World::with_data_center().await] {
        world.jira.issue("ARCH-999");
        world.jira.issue("OPS-999");
        world.github.pull(REPO, 7).merged(noon("2021-04-30"));
        let mut rows = Vec::new();
        for ((_, tell), number) in JIRA.iter().zip(1..) {
            tell(&world.jira, &format!("ARCH-{number}"));
            rows.push((format!("Pain {number}"), format!("ARCH-{number}")));
        }
        let rows: Vec<(&str, &str, &str)> =
            rows.iter().map(|(title, key)| (title.as_str(), "2020-02-01: red", key.as_str())).collect();
        world.register(&rows);
        world.run(&["sync"]).await.ended(0);
        let report = world.report().await;
        for ((rule, _), number) in JIRA.iter().zip(1..) {
            let seen = rules(&report, &format!("jira:ARCH-{number}"));
            assert!(seen.contains(rule), "{rule} saw nothing, only {seen:?}");
        }
    }
    let told: Vec<&str> = JIRA.iter().map(|(rule, _)| *rule).chain(NOT_ON_JIRA).collect();
    assert_eq!(missing(&told), Vec::<&str>::new(), "a rule without a story on Jira");
}

/// Twenty remarks of later years hide what was said at the closing, unless it is looked for there.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_at_the_closing_is_heard_under_much_that_was_said_since() {
    for world in [World::new().await, World::with_data_center().await] {
        world.register(&[("A", "2020-02-01: red", "ARCH-1, https://github.com/acme/rocket/issues/7")]);
        let at = noon("2021-05-01");
        closed(&world.jira, "ARCH-1", "Done");
        world.jira.issue("ARCH-1").comment("Jane Reporter", "We won't do this.", at);
        world.github.issue(REPO, 7).closed(at).comment("octo-closer", "We won't do this.", at);
        for day in 1..=20 {
            let later = noon("2024-01-01") + chrono::TimeDelta::days(day);
            world.jira.issue("ARCH-1").comment("Ada L", "The build is blue today.", later);
            world.github.issue(REPO, 7).comment("ada", "The build is blue today.", later);
        }
        world.run(&["sync"]).await.ended(0);
        let report = world.report().await;
        for id in ["jira:ARCH-1", "github:acme/rocket#7"] {
            assert!(rules(&report, id).contains(&"closing-words"), "{id}");
        }
    }
}

fn missing<'a>(told: &[&str]) -> Vec<&'a str> {
    dragnet::judge::rules().iter().map(|rule| rule.name).filter(|name| !told.contains(name)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_that_was_closed_again_while_we_watched_is_told_so() {
    for world in [World::new().await, World::with_data_center().await] {
        world.register(&[("A", "2020-02-01: red", "ARCH-1, https://github.com/acme/rocket/issues/7")]);
        let close = |day: &str| {
            world.jira.issue("ARCH-1").status("Closed", "done").resolution("Fixed", noon(day));
            world.github.issue(REPO, 7).closed_as("completed", noon(day));
        };
        close("2023-05-01");
        world.run(&["sync"]).await.ended(0);
        world.github.issue(REPO, 7).reopened(noon("2023-06-01"));
        close("2023-07-01");
        world.run(&["sync"]).await.ended(0);
        let report = world.report().await;
        for id in ["jira:ARCH-1", "github:acme/rocket#7"] {
            assert!(rules(&report, id).contains(&"reopening"), "{id}");
        }
    }
}
