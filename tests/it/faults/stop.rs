//! Stopping while nobody answers.

use dragnet::standin::Mishap;

use super::super::daemon::{ended, wait_for};
use super::super::world::{free_address, signal};
use super::Case;

#[tokio::test(flavor = "multi_thread")]
async fn b12_sigterm_while_everything_answers_429_stops_and_loses_nothing() {
    let case = Case::new().await;
    let world = &case.world;
    case.forget();
    for stage in [&world.jira_stage, &world.github_stage] {
        stage.fail(Mishap::RetryAfter(429, "4".to_owned()));
    }
    let daemon = world.start(&["serve", "--listen", &free_address().to_string()]);
    wait_for("the first questions", || {
        (!world.jira_stage.requests().is_empty() && !world.github_stage.requests().is_empty()).then_some(())
    })
    .await;
    signal(&daemon, "TERM");
    let (code, log) = ended(daemon).await;
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("stopped"), "{log}");
    assert!(!log.contains("cut the pass"), "it stops by itself: {log}");
    assert_eq!(world.sql::<String>("PRAGMA integrity_check"), "ok");
    assert_eq!(world.sql::<i64>("SELECT count(*) FROM ticket_change"), case.history);
    for stage in [&world.jira_stage, &world.github_stage] {
        stage.heal();
    }
    world.the_wait_is_over();
    case.unharmed(&case.pass().await);
    case.recovers().await;
}
