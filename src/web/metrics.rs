//! What Prometheus reads: the daemon's state, family by family.

use std::collections::BTreeMap;

use super::exposition::Page;
use super::vitals::State;
use super::webhooks::Told;
use crate::domain::channel::Mailbag;
use crate::domain::time::Moment;
use crate::domain::tracker::TrackerId;
use crate::http::Counts;

/// What stands beside the daemon's own state.
#[derive(Debug, Default)]
pub(super) struct Beside {
    pub(super) deliveries: BTreeMap<(TrackerId, Told), u64>,
    pub(super) received: BTreeMap<TrackerId, Moment>,
    pub(super) store_bytes: Option<u64>,
    pub(super) store_room: Option<u64>,
    pub(super) backed_up: Option<Moment>,
    /// The term of the last lease, and whether nobody else holds it.
    pub(super) lease: Option<(i64, bool)>,
    pub(super) traffic: Counts,
    /// What is to be sent, by digest.
    pub(super) outbox: Vec<Mailbag>,
}

/// The whole page. There is no label for a ticket or a challenge: their number has no bound.
pub(super) fn render(state: &State, beside: &Beside, now: Moment) -> String {
    let mut page = Page::default();
    page.family("dragnet_build_info", "gauge", "The version that runs; always 1.");
    page.sample("", &[("version", env!("CARGO_PKG_VERSION"))], 1);
    page.family("process_start_time_seconds", "gauge", "When the process started.");
    page.sample("", &[], state.started_at.timestamp());
    page.family(
        "dragnet_config_last_reload_successful",
        "gauge",
        "Whether the configuration was right when it was last read.",
    );
    page.sample("", &[], u8::from(state.misconfigured.is_none()));
    page.family(
        "dragnet_config_last_reload_success_timestamp_seconds",
        "gauge",
        "When the configuration in force was read.",
    );
    page.sample("", &[], state.configured_at.timestamp());
    passes(&mut page, state);
    known(&mut page, state, now);
    asked(&mut page, state, &beside.traffic);
    page.family("dragnet_webhook_deliveries_total", "counter", "Deliveries to webhooks by how they were answered.");
    for ((tracker, told), count) in &beside.deliveries {
        page.sample("", &[("source", &tracker.to_string()), ("result", told.word())], count);
    }
    page.family("dragnet_webhook_last_received_timestamp_seconds", "gauge", "When the last delivery was kept.");
    for (tracker, at) in &beside.received {
        page.sample("", &[("source", &tracker.to_string())], at.timestamp());
    }
    if let Some(bytes) = beside.store_bytes {
        page.family("dragnet_db_size_bytes", "gauge", "The size of the store.");
        page.sample("", &[], bytes);
    }
    if let Some(bytes) = beside.store_room {
        page.family("dragnet_db_free_bytes", "gauge", "What is free on the disk that the store stands on.");
        page.sample("", &[], bytes);
    }
    if let Some(at) = beside.backed_up {
        page.family("dragnet_backup_last_success_timestamp_seconds", "gauge", "When `dragnet backup` last made one.");
        page.sample("", &[], at.timestamp());
    }
    if let Some((term, is_ours)) = beside.lease {
        page.family("dragnet_leader", "gauge", "Whether no other process makes a pass on this store just now.");
        page.sample("", &[], u8::from(is_ours));
        page.family("dragnet_leader_term", "gauge", "The term of the last lease on passes; it grows by one with each.");
        page.sample("", &[], term);
    }
    outbox(&mut page, state, &beside.outbox, now);
    page.family("dragnet_panics_total", "counter", "Jobs that broke off inside dragnet: please report them.");
    page.sample("", &[], state.panics);
    page.into_text()
}

/// Nothing where there is no digest.
fn outbox(page: &mut Page, state: &State, bags: &[Mailbag], now: Moment) {
    if bags.is_empty() {
        return;
    }
    page.family("dragnet_outbox_messages", "gauge", "Messages that wait to be sent, and those that nobody takes.");
    for bag in bags {
        page.sample("", &[("digest", &bag.digest), ("state", "waiting")], bag.waiting);
        page.sample("", &[("digest", &bag.digest), ("state", "failed")], bag.failed);
    }
    page.family("dragnet_outbox_oldest_age_seconds", "gauge", "How long the message waits that waits longest.");
    for bag in bags {
        let age = bag.oldest.map_or(0, |oldest| (now - oldest).num_seconds().max(0));
        page.sample("", &[("digest", &bag.digest)], age);
    }
    page.family(
        "dragnet_notifications_total",
        "counter",
        "Messages that were sent, tries of which nobody knows whether the one before had arrived, and messages given up.",
    );
    for bag in bags {
        let channel = state.channels.get(&bag.digest).copied().unwrap_or_default();
        for (result, count) in [("sent", bag.sent), ("repeated", bag.repeats), ("failed", bag.refused)] {
            page.sample("", &[("digest", &bag.digest), ("channel", channel), ("result", result)], count);
        }
    }
}

fn passes(page: &mut Page, state: &State) {
    let name = "dragnet_pass_duration_seconds";
    page.family(name, "summary", "How long passes took that ended, by what they asked for.");
    for (what, (count, spent)) in &state.jobs {
        page.sample("_sum", &[("reach", what)], spent.as_secs_f64());
        page.sample("_count", &[("reach", what)], count);
    }
    page.family("dragnet_pass_failures_total", "counter", "Passes that could remember nothing.");
    page.sample("", &[], state.failures);
    page.family("dragnet_jobs", "gauge", "Jobs by what they do: ask, or wait for another process's pass to end.");
    let waiting = state.job.as_ref().is_some_and(|job| job.waiting);
    for (name, is_so) in [("running", state.job.is_some() && !waiting), ("waiting", waiting)] {
        page.sample("", &[("state", name)], u8::from(is_so));
    }
    page.family("dragnet_pass_running", "gauge", "Whether a pass runs now.");
    page.sample("", &[], u8::from(state.job.is_some()));
    if let Some(next) = state.next {
        page.family("dragnet_pass_next_timestamp_seconds", "gauge", "When the next pass is due.");
        page.sample("", &[], next.timestamp());
    }
}

/// What was asked of whom, and what is left to be asked.
fn asked(page: &mut Page, state: &State, traffic: &Counts) {
    page.family("dragnet_tracker_requests_total", "counter", "HTTP requests made to a tracker, repetitions included.");
    for (tracker, requests) in &state.requests {
        page.sample("", &[("tracker", &tracker.to_string())], requests);
    }
    page.family(
        "dragnet_http_requests_total",
        "counter",
        "HTTP requests to hosts that the configuration names, by status; `none` where there was no whole answer.",
    );
    for ((host, status), count) in traffic {
        let status = status.map_or_else(|| "none".to_owned(), |status| status.to_string());
        page.sample("", &[("host", host), ("code", &status)], count);
    }
    let quotas = || {
        let all =
            state.accounts.iter().flat_map(|(tracker, account)| account.quotas.iter().map(move |it| (tracker, it)));
        all.map(|(tracker, (name, quota))| (tracker.to_string(), name, quota))
    };
    page.family("dragnet_quota_remaining", "gauge", "What a tracker last told to be left of a quota.");
    for (tracker, name, quota) in quotas() {
        page.sample("", &[("tracker", &tracker), ("quota", name)], quota.left);
    }
    page.family("dragnet_quota_limit", "gauge", "How much a quota is when it is whole.");
    for (tracker, name, quota) in quotas() {
        page.sample("", &[("tracker", &tracker), ("quota", name)], quota.of);
    }
    page.family(
        "dragnet_quota_reset_timestamp_seconds",
        "gauge",
        "When a quota is whole again, or some of it comes back.",
    );
    for (tracker, name, quota) in quotas() {
        page.sample("", &[("tracker", &tracker), ("quota", name)], quota.back_at.timestamp());
    }
    page.family(
        "dragnet_credential_expiry_timestamp_seconds",
        "gauge",
        "When a tracker's credential ends, as it or the configuration says; absent where nobody does.",
    );
    for (tracker, at) in state.credentials_end() {
        page.sample("", &[("tracker", &tracker.to_string())], at.timestamp());
    }
}

fn known(page: &mut Page, state: &State, now: Moment) {
    let Some(summary) = &state.summary else { return };
    page.family("dragnet_pass_last_success_timestamp_seconds", "gauge", "When a tracker last answered as it should.");
    for tracker in &summary.trackers {
        if let Some(at) = tracker.worked_at {
            page.sample("", &[("tracker", &tracker.id.to_string())], at.timestamp());
        }
    }
    page.family(
        "dragnet_tracker_trouble",
        "gauge",
        "What was wrong when a tracker was last asked; absent when nothing was.",
    );
    for tracker in &summary.trackers {
        if let Some(trouble) = &tracker.trouble {
            page.sample("", &[("tracker", &tracker.id.to_string()), ("kind", trouble.kind.word())], 1);
        }
    }
    page.family(
        "dragnet_breaker_open",
        "gauge",
        "Whether a mass change of a tracker's tickets waits to be seen twice.",
    );
    for tracker in &summary.trackers {
        let held = summary.held.contains(&tracker.id);
        page.sample("", &[("tracker", &tracker.id.to_string())], u8::from(held));
    }
    page.family("dragnet_challenges", "gauge", "Challenges by standing.");
    for (standing, count) in &summary.standings {
        page.sample("", &[("standing", standing)], count);
    }
    page.family("dragnet_tickets", "gauge", "Tickets cited, by tracker and verdict.");
    for ((tracker, verdict), count) in &summary.verdicts {
        page.sample("", &[("tracker", &tracker.to_string()), ("verdict", verdict)], count);
    }
    page.family(
        "dragnet_ticket_oldest_check_age_seconds",
        "gauge",
        "How long ago the ticket was asked for that waits longest.",
    );
    for (tracker, asked_at) in &summary.oldest {
        let age = (now - *asked_at).num_seconds().max(0);
        page.sample("", &[("tracker", &tracker.to_string())], age);
    }
}

#[cfg(test)]
mod tests;
