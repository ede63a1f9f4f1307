//! Closer looks that fail: the tickets are told of all the same, and a look that fails again and again is tried less.

use dragnet::domain::lookup::{LookupKind, TroubleKind};
use dragnet::domain::ticket::TicketId;
use dragnet::domain::verdict::Verdict;
use dragnet::standin::Mishap;
use dragnet::sync::Outcome;

use super::super::world::noon;
use super::Case;

impl Case {
    /// A promised fix is closed at either tracker, undone.
    fn closes(&self, number: u64) {
        let at = noon("2026-05-01");
        self.world.jira.issue(&format!("ARCH-{number}")).status("Closed", "done").resolution("Won't Do", at);
        self.world.github.issue("acme/rocket", number).closed_as("not_planned", at);
    }

    /// Every ticket is told of, and these are known to be closed undone.
    #[track_caller]
    fn told(&self, outcome: &Outcome, number: u64) {
        assert!(outcome.pass.run.complete, "{:?}", outcome.known.trackers);
        assert_eq!(outcome.pass.lookups, [(LookupKind::Found, 10)].into());
        for id in [format!("jira:ARCH-{number}"), format!("github:acme/rocket#{number}")] {
            let id: TicketId = id.parse().unwrap();
            assert_eq!(outcome.judged.tickets[&id].verdict, Verdict::Undone, "{id}");
        }
    }

    /// Looks at closings since the last time, at either tracker.
    fn looks(&self) -> (usize, usize) {
        let (jira, github) = (self.world.jira_stage.requests(), self.world.github_stage.requests());
        self.forget();
        let closings = github.iter().filter(|it| String::from_utf8_lossy(&it.request).contains("query Closings"));
        (jira.iter().filter(|it| it.path.contains("/changelog")).count(), closings.count())
    }
}

/// After the first failure the next pass tries again; from then on it is left alone for as long as it failed already.
#[tokio::test(flavor = "multi_thread")]
async fn a_look_that_fails_in_every_pass_is_tried_less_and_less() {
    let case = Case::new().await;
    let world = &case.world;
    world.jira_stage.fail(Mishap::Status(500).on("/changelog"));
    world.github_stage.fail(Mishap::Status(500).on_body("query Closings"));
    case.closes(2);
    let mut tried = Vec::new();
    for quarter in 0..20 {
        let outcome = case.pass().await;
        case.told(&outcome, 2);
        match case.looks() {
            (0, 0) => {}
            (1, 1) => {
                tried.push(quarter);
                let troubles = outcome.known.trackers.iter().filter(|tracker| tracker.trouble.is_some());
                assert_eq!(troubles.count(), 2, "it is told where it was tried");
            }
            other => panic!("{other:?}"),
        }
        case.later(900);
    }
    assert_eq!(tried, [0, 1, 2, 4, 8, 16]);
    // A change is a reason to try at once.
    let at = noon("2026-05-02");
    world.jira.issue("ARCH-2").updated(at);
    world.github.issue("acme/rocket", 2).updated(at);
    case.pass().await;
    assert_eq!(case.looks(), (1, 1));
    // And what was looked at in the end is not looked at again.
    world.jira_stage.heal();
    world.github_stage.heal();
    for (later, looks) in [(86_400, (1, 1)), (3600, (0, 0)), (3600, (0, 0))] {
        case.later(later);
        case.told(&case.pass().await, 2);
        assert_eq!(case.looks(), looks);
    }
}

/// What is put off is said, by whatever tells of the pass.
#[tokio::test(flavor = "multi_thread")]
async fn a_look_that_is_put_off_is_not_put_off_in_silence() {
    let case = Case::new().await;
    let world = &case.world;
    world.jira_stage.fail(Mishap::Status(500).on("/changelog"));
    case.closes(2);
    case.pass().await;
    // It failed for years, and a moment ago once more: so it is left alone for a day.
    let now = dragnet::clock::Clock::system().now().to_rfc3339();
    world.sql_run(&format!("UPDATE unlooked SET since = '2020-01-01T00:00:00Z', last = '{now}'"));
    case.looks();
    let says = "closing not looked at closely, which fails since 2020-01-01 00:00 UTC; it is tried again from ";
    for command in ["sync", "check"] {
        let ran = world.run(&[command]).await.ended(0);
        assert!(ran.err.contains(&format!("warning: jira: 1 {says}")), "{command}: {}", ran.err);
    }
    assert_eq!(case.looks().0, 0);
    let ran = world.run(&["sync", "--format", "json"]).await.ended(0);
    let told: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(told["closings_not_looked_at"], serde_json::json!({"jira": 1}));
    let status = world.run(&["status"]).await.ended(0).out;
    assert!(status.contains(&format!("closings    jira: 1 {says}")), "{status}");
    let doctor = world.run(&["doctor"]).await.out;
    assert!(doctor.contains(&format!("doubtful  closings jira: 1 {says}")), "{doctor}");
    // What was looked at in the end is not said any more.
    world.sql_run("UPDATE unlooked SET last = '2020-01-01T00:00:00Z'");
    world.jira_stage.heal();
    let ran = world.run(&["sync"]).await.ended(0);
    assert!(!ran.err.contains("closely"), "{}", ran.err);
    assert!(!world.run(&["status"]).await.ended(0).out.contains("closely"));
}

/// Jira Cloud tells strangers of tickets, and need not tell them the way to a closing.
#[tokio::test(flavor = "multi_thread")]
async fn a_look_that_is_refused_is_no_refusal_of_the_tickets() {
    for anonymous in [true, false] {
        let case = Case::new().await;
        if anonymous {
            let config = std::fs::read_to_string(case.world.path("dragnet.toml")).unwrap();
            case.world.write("dragnet.toml", config.replace("token_file = \"jira-token\"", ""));
        }
        for (number, status) in [(2, 403), (3, 404), (4, 400), (5, 401)] {
            case.closes(number);
            case.world.jira_stage.fail(Mishap::Status(status).on("/changelog"));
            case.world.jira_stage.fail(Mishap::Status(status).on_body(r#""expand":["changelog"]"#));
            let outcome = case.pass().await;
            let jira = outcome.known.trackers.iter().find(|known| known.id.to_string() == "jira").unwrap();
            let kind = jira.trouble.as_ref().unwrap().kind;
            if status == 401 && !anonymous {
                // These credentials were accepted a moment ago, and are not any more.
                assert_eq!((kind, outcome.pass.run.complete), (TroubleKind::Credentials, false));
                continue;
            }
            assert!(!matches!(kind, TroubleKind::Credentials | TroubleKind::Hidden), "{status}");
            case.told(&outcome, number);
            case.world.jira_stage.heal();
        }
    }
}

/// Heavy queries that fail leave the light ones as they are, and are not sent by the hundred.
#[tokio::test(flavor = "multi_thread")]
async fn looks_that_fail_keep_no_ticket_from_being_told_of() {
    for mishap in [Mishap::Status(500), Mishap::Status(403), Mishap::CutOff, Mishap::LoginPage] {
        let case = Case::new().await;
        let mut notes = String::from("# Notes\n\n");
        for number in 100..700 {
            case.world.github.issue("acme/rocket", number).closed_as("completed", noon("2026-05-01"));
            notes += &format!("https://github.com/acme/rocket/issues/{number}\n");
        }
        case.world.write("notes.md", notes);
        case.world.github_stage.fail(mishap.clone().on_body("query Closings"));
        let outcome = case.pass().await;
        assert_eq!(outcome.pass.lookups, [(LookupKind::Found, 610)].into(), "{mishap:?}");
        let (_, looks) = case.looks();
        assert!((4..24).contains(&looks), "{mishap:?}: {looks}");
    }
}

/// A revert is written beside what it takes out, and touches the ticket in nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_revert_that_comes_later_is_seen_by_a_full_pass() {
    for days in [3, 40, 400] {
        let case = Case::new().await;
        let github = &case.world.github;
        let at = noon("2026-05-31");
        github.pull("acme/rocket", 8).titled("Start much faster").merged(at);
        github.issue("acme/rocket", 2).closed_as("completed", at).closed_by_pull("acme/rocket", 8);
        let verdict_now = |outcome: &Outcome| outcome.judged.tickets[&"github:acme/rocket#2".parse().unwrap()].verdict;
        assert_eq!(verdict_now(&case.pass().await), Verdict::Done);
        case.looks();
        // Within the day nothing is looked at again.
        case.later(3600);
        assert_eq!((verdict_now(&case.pass().await), case.looks().1), (Verdict::Done, 0));
        case.later(days * 86_400);
        github.pull("acme/rocket", 8).reverted_by(9, case.clock.now());
        assert_eq!(verdict_now(&case.pass().await), Verdict::Undone, "{days} days later");
        assert_eq!(case.looks(), (0, 1), "what landed is written on GitHub only");
    }
}
