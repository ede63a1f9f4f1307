//! The page for Prometheus, whole.

use std::time::{Duration, Instant};

use super::*;
use crate::domain::known::KnownTracker;
use crate::domain::lookup::{Trouble, TroubleKind};
use crate::domain::tracker::{Account, Quota};
use crate::web::vitals::{Job, Summary, Vitals};

fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

/// A state that has everything.
fn state() -> State {
    let vitals = Vitals::new(at("2026-11-21T10:00:00Z"));
    let (jira, github): (TrackerId, TrackerId) = ("jira".parse().unwrap(), "github@a\"b".parse().unwrap());
    let mut state = vitals.state().clone();
    state.misconfigured = Some("no".to_owned());
    state.next = Some(at("2026-11-21T10:15:00Z"));
    state.jobs = [("full", (1, Duration::from_millis(1250))), ("named", (2, Duration::from_millis(500)))].into();
    state.failures = 3;
    state.panics = 1;
    state.requests = [(jira.clone(), 12)].into();
    let quota = |left| Quota { left, of: 5000, back_at: at("2026-11-21T11:00:00Z") };
    let quotas = [("core".to_owned(), quota(4711)), (String::new(), quota(0))].into();
    let expires = Some(at("2027-01-01T00:00:00Z"));
    state.told([(github.clone(), Account { quotas, expires })].into());
    // Whoever says nothing takes nothing back.
    state.told([(github.clone(), Account::default())].into());
    state.ends = [(jira.clone(), at("2026-12-01T00:00:00Z")), (github.clone(), at("2028-01-01T00:00:00Z"))].into();
    state.job = Some(Job {
        what: "full",
        since: state.started_at,
        step: Instant::now(),
        waiting: false,
        asked: 1,
        answered: 0,
    });
    let trouble = Trouble { kind: TroubleKind::Credentials, says: "refused".to_owned() };
    let tracker = |id: &TrackerId, trouble| KnownTracker {
        id: id.clone(),
        worked_at: Some(at("2026-11-21T09:59:00Z")),
        trouble,
        asked_at: None,
    };
    state.summary = Some(Summary {
        standings: [("cleared", 2), ("broken-promise", 1)].into(),
        verdicts: [((jira.clone(), "done"), 4), ((jira.clone(), "open"), 0)].into(),
        oldest: [(jira.clone(), at("2026-11-21T09:00:00Z"))].into(),
        held: [jira.clone()].into(),
        trackers: vec![tracker(&jira, Some(trouble)), tracker(&github, None)],
    });
    state
}

/// The whole page.
fn page() -> String {
    let jira: TrackerId = "jira".parse().unwrap();
    let beside = Beside {
        deliveries: [((jira.clone(), Told::Kept), 5), ((jira.clone(), Told::Forged), 1)].into(),
        received: [(jira, at("2026-11-21T09:30:00Z"))].into(),
        store_bytes: Some(4096),
        store_room: Some(8192),
        lease: Some((7, true)),
        traffic: [(("a.example".to_owned(), Some(200)), 11), (("a.example".to_owned(), None), 1)].into(),
        backed_up: Some(at("2026-11-21T04:00:00Z")),
        outbox: Vec::new(),
    };
    render(&state(), &beside, at("2026-11-21T10:00:30Z"))
}

/// What asking is told by begins with this.
const ASKED: &str = "# HELP dragnet_tracker_requests_total";

#[test]
fn what_is_told_of_the_daemon_and_of_what_is_known() {
    let page = page();
    insta::assert_snapshot!(page.split_once(ASKED).unwrap().0, @r#"
    # HELP dragnet_build_info The version that runs; always 1.
    # TYPE dragnet_build_info gauge
    dragnet_build_info{version="0.1.0"} 1
    # HELP process_start_time_seconds When the process started.
    # TYPE process_start_time_seconds gauge
    process_start_time_seconds 1795255200
    # HELP dragnet_config_last_reload_successful Whether the configuration was right when it was last read.
    # TYPE dragnet_config_last_reload_successful gauge
    dragnet_config_last_reload_successful 0
    # HELP dragnet_config_last_reload_success_timestamp_seconds When the configuration in force was read.
    # TYPE dragnet_config_last_reload_success_timestamp_seconds gauge
    dragnet_config_last_reload_success_timestamp_seconds 1795255200
    # HELP dragnet_pass_duration_seconds How long passes took that ended, by what they asked for.
    # TYPE dragnet_pass_duration_seconds summary
    dragnet_pass_duration_seconds_sum{reach="full"} 1.25
    dragnet_pass_duration_seconds_count{reach="full"} 1
    dragnet_pass_duration_seconds_sum{reach="named"} 0.5
    dragnet_pass_duration_seconds_count{reach="named"} 2
    # HELP dragnet_pass_failures_total Passes that could remember nothing.
    # TYPE dragnet_pass_failures_total counter
    dragnet_pass_failures_total 3
    # HELP dragnet_jobs Jobs by what they do: ask, or wait for another process's pass to end.
    # TYPE dragnet_jobs gauge
    dragnet_jobs{state="running"} 1
    dragnet_jobs{state="waiting"} 0
    # HELP dragnet_pass_running Whether a pass runs now.
    # TYPE dragnet_pass_running gauge
    dragnet_pass_running 1
    # HELP dragnet_pass_next_timestamp_seconds When the next pass is due.
    # TYPE dragnet_pass_next_timestamp_seconds gauge
    dragnet_pass_next_timestamp_seconds 1795256100
    # HELP dragnet_pass_last_success_timestamp_seconds When a tracker last answered as it should.
    # TYPE dragnet_pass_last_success_timestamp_seconds gauge
    dragnet_pass_last_success_timestamp_seconds{tracker="jira"} 1795255140
    dragnet_pass_last_success_timestamp_seconds{tracker="github@a\"b"} 1795255140
    # HELP dragnet_tracker_trouble What was wrong when a tracker was last asked; absent when nothing was.
    # TYPE dragnet_tracker_trouble gauge
    dragnet_tracker_trouble{tracker="jira",kind="credentials"} 1
    # HELP dragnet_breaker_open Whether a mass change of a tracker's tickets waits to be seen twice.
    # TYPE dragnet_breaker_open gauge
    dragnet_breaker_open{tracker="jira"} 1
    dragnet_breaker_open{tracker="github@a\"b"} 0
    # HELP dragnet_challenges Challenges by standing.
    # TYPE dragnet_challenges gauge
    dragnet_challenges{standing="broken-promise"} 1
    dragnet_challenges{standing="cleared"} 2
    # HELP dragnet_tickets Tickets cited, by tracker and verdict.
    # TYPE dragnet_tickets gauge
    dragnet_tickets{tracker="jira",verdict="done"} 4
    dragnet_tickets{tracker="jira",verdict="open"} 0
    # HELP dragnet_ticket_oldest_check_age_seconds How long ago the ticket was asked for that waits longest.
    # TYPE dragnet_ticket_oldest_check_age_seconds gauge
    dragnet_ticket_oldest_check_age_seconds{tracker="jira"} 3630
    "#);
}

#[test]
fn what_is_told_of_asking_of_webhooks_and_of_the_store() {
    let page = page();
    insta::assert_snapshot!(page[page.find(ASKED).unwrap()..], @r#"
    # HELP dragnet_tracker_requests_total HTTP requests made to a tracker, repetitions included.
    # TYPE dragnet_tracker_requests_total counter
    dragnet_tracker_requests_total{tracker="jira"} 12
    # HELP dragnet_http_requests_total HTTP requests to hosts that the configuration names, by status; `none` where there was no whole answer.
    # TYPE dragnet_http_requests_total counter
    dragnet_http_requests_total{host="a.example",code="none"} 1
    dragnet_http_requests_total{host="a.example",code="200"} 11
    # HELP dragnet_quota_remaining What a tracker last told to be left of a quota.
    # TYPE dragnet_quota_remaining gauge
    dragnet_quota_remaining{tracker="github@a\"b",quota=""} 0
    dragnet_quota_remaining{tracker="github@a\"b",quota="core"} 4711
    # HELP dragnet_quota_limit How much a quota is when it is whole.
    # TYPE dragnet_quota_limit gauge
    dragnet_quota_limit{tracker="github@a\"b",quota=""} 5000
    dragnet_quota_limit{tracker="github@a\"b",quota="core"} 5000
    # HELP dragnet_quota_reset_timestamp_seconds When a quota is whole again, or some of it comes back.
    # TYPE dragnet_quota_reset_timestamp_seconds gauge
    dragnet_quota_reset_timestamp_seconds{tracker="github@a\"b",quota=""} 1795258800
    dragnet_quota_reset_timestamp_seconds{tracker="github@a\"b",quota="core"} 1795258800
    # HELP dragnet_credential_expiry_timestamp_seconds When a tracker's credential ends, as it or the configuration says; absent where nobody does.
    # TYPE dragnet_credential_expiry_timestamp_seconds gauge
    dragnet_credential_expiry_timestamp_seconds{tracker="jira"} 1796083200
    dragnet_credential_expiry_timestamp_seconds{tracker="github@a\"b"} 1798761600
    # HELP dragnet_webhook_deliveries_total Deliveries to webhooks by how they were answered.
    # TYPE dragnet_webhook_deliveries_total counter
    dragnet_webhook_deliveries_total{source="jira",result="kept"} 5
    dragnet_webhook_deliveries_total{source="jira",result="forged"} 1
    # HELP dragnet_webhook_last_received_timestamp_seconds When the last delivery was kept.
    # TYPE dragnet_webhook_last_received_timestamp_seconds gauge
    dragnet_webhook_last_received_timestamp_seconds{source="jira"} 1795253400
    # HELP dragnet_db_size_bytes The size of the store.
    # TYPE dragnet_db_size_bytes gauge
    dragnet_db_size_bytes 4096
    # HELP dragnet_db_free_bytes What is free on the disk that the store stands on.
    # TYPE dragnet_db_free_bytes gauge
    dragnet_db_free_bytes 8192
    # HELP dragnet_backup_last_success_timestamp_seconds When `dragnet backup` last made one.
    # TYPE dragnet_backup_last_success_timestamp_seconds gauge
    dragnet_backup_last_success_timestamp_seconds 1795233600
    # HELP dragnet_leader Whether no other process makes a pass on this store just now.
    # TYPE dragnet_leader gauge
    dragnet_leader 1
    # HELP dragnet_leader_term The term of the last lease on passes; it grows by one with each.
    # TYPE dragnet_leader_term gauge
    dragnet_leader_term 7
    # HELP dragnet_panics_total Jobs that broke off inside dragnet: please report them.
    # TYPE dragnet_panics_total counter
    dragnet_panics_total 1
    "#);
}

#[test]
fn what_is_to_be_sent() {
    let outbox = vec![Mailbag {
        digest: "payments".to_owned(),
        waiting: 2,
        oldest: Some(at("2026-11-21T09:58:00Z")),
        failed: 1,
        sent: 40,
        repeats: 3,
        refused: 2,
        ..Mailbag::default()
    }];
    let channels = [("payments".to_owned(), "slack")].into();
    let state = State { channels, ..state() };
    let page = render(&state, &Beside { outbox, ..Beside::default() }, at("2026-11-21T10:00:30Z"));
    let (_, page) = page.split_once("# HELP dragnet_outbox_messages ").unwrap();
    let (page, _) = page.split_once("# HELP dragnet_panics_total").unwrap();
    insta::assert_snapshot!(page, @r#"
    Messages that wait to be sent, and those that nobody takes.
    # TYPE dragnet_outbox_messages gauge
    dragnet_outbox_messages{digest="payments",state="waiting"} 2
    dragnet_outbox_messages{digest="payments",state="failed"} 1
    # HELP dragnet_outbox_oldest_age_seconds How long the message waits that waits longest.
    # TYPE dragnet_outbox_oldest_age_seconds gauge
    dragnet_outbox_oldest_age_seconds{digest="payments"} 150
    # HELP dragnet_notifications_total Messages that were sent, tries of which nobody knows whether the one before had arrived, and messages given up.
    # TYPE dragnet_notifications_total counter
    dragnet_notifications_total{digest="payments",channel="slack",result="sent"} 40
    dragnet_notifications_total{digest="payments",channel="slack",result="repeated"} 3
    dragnet_notifications_total{digest="payments",channel="slack",result="failed"} 2
    "#);
}

/// The names, with their labels, that dashboards and alerts of others rest on; more may come, and none goes.
const LASTING: &str = "
    dragnet_build_info dragnet_config_last_reload_successful dragnet_config_last_reload_success_timestamp_seconds
    dragnet_pass_duration_seconds dragnet_pass_last_success_timestamp_seconds{tracker} dragnet_challenges{standing}
    dragnet_tickets{tracker,verdict} dragnet_ticket_oldest_check_age_seconds{tracker} dragnet_http_requests_total{host,code}
    dragnet_quota_remaining{tracker} dragnet_quota_reset_timestamp_seconds{tracker}
    dragnet_credential_expiry_timestamp_seconds{tracker} dragnet_webhook_deliveries_total{source,result}
    dragnet_webhook_last_received_timestamp_seconds{source} dragnet_notifications_total{channel,result}
    dragnet_outbox_oldest_age_seconds dragnet_jobs{state} dragnet_leader dragnet_leader_term dragnet_breaker_open{tracker}
    dragnet_db_size_bytes dragnet_backup_last_success_timestamp_seconds dragnet_panics_total";

#[test]
fn every_name_that_lasts_is_there_with_its_labels() {
    let outbox = vec![Mailbag { digest: "payments".to_owned(), ..Mailbag::default() }];
    let page = page() + &render(&state(), &Beside { outbox, ..Beside::default() }, at("2026-11-21T10:00:30Z"));
    for lasting in LASTING.split_whitespace() {
        let (name, labels) = lasting.trim_end_matches('}').split_once('{').unwrap_or((lasting, ""));
        assert!(page.contains(&format!("# TYPE {name} ")), "{name} is gone");
        for label in labels.split(',').filter(|label| !label.is_empty()) {
            let has = |line: &str| line.starts_with(&format!("{name}{{")) && line.contains(&format!("{label}=\""));
            assert!(page.lines().any(has), "{name} has no label {label}");
        }
    }
}
