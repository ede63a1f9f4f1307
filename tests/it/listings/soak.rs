//! Ten thousand changes, clocks that are off, and not one of them missed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use dragnet::domain::known::KnownTicket;
use dragnet::domain::ticket::TicketId;
use dragnet::domain::time::Moment;
use dragnet::standin::{GitHub, Jira};

use super::Stage;

/// Numbers that look random and are the same in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// One change of any ticket, at the tracker's time.
fn change(dice: &mut Dice, github: &GitHub, jira: &Jira, at: Moment) {
    let (number, what) = (dice.roll(120) + 1, dice.roll(6));
    let title = format!("Title {}", dice.roll(1_000_000));
    if dice.roll(2) == 0 {
        let issue = github.issue(if dice.roll(2) == 0 { "acme/rocket" } else { "acme/ship" }, number);
        match what {
            0 => drop(issue.closed_as("completed", at)),
            1 => drop(issue.reopened(at)),
            _ => drop(issue.titled(&title).updated(at)),
        }
    } else {
        let issue = jira.issue(&format!("{}-{number}", if dice.roll(2) == 0 { "ARCH" } else { "OPS" }));
        match what {
            0 => drop(issue.status("Done", "done").resolution("Done", at)),
            1 => drop(issue.status("To Do", "new").updated(at)),
            _ => drop(issue.titled(&title).updated(at)),
        }
    }
}

/// B10: clocks ten minutes off, an index that lags, many changes within one second, changes between pages: what changes
/// then is in no index for a while, and pulls what is behind it forward.
async fn soak(jira: Jira, minutes_off: i64, seed: u64) {
    let homes = ["acme/rocket#", "acme/ship#", "ARCH-", "OPS-"];
    let cited: Vec<String> = (1..=120).flat_map(|n| homes.map(|home| format!("{home}{n}"))).collect();
    let stage = Stage::new(jira, &cited.join(" ")).await;
    let dice = Arc::new(Mutex::new(Dice(seed)));
    let tracker_time = |stage: &Stage| stage.shop.clock.now() + TimeDelta::minutes(minutes_off);
    for n in 1..=120 {
        stage.github.issue("acme/rocket", n);
        stage.github.issue("acme/ship", n);
        stage.jira.issue(&format!("ARCH-{n}"));
        stage.jira.issue(&format!("OPS-{n}"));
    }
    stage.jira.lagging(TimeDelta::minutes(5));
    stage.pass().await;
    let mut changes = 0;
    let mut listed = 0;
    for _ in 0..12 {
        let minutes = i64::try_from(dice.lock().unwrap().roll(40)).unwrap() + 1;
        stage.later(minutes);
        let now = tracker_time(&stage);
        stage.jira.now(now);
        for _ in 0..280 {
            let mut dice = dice.lock().unwrap();
            let ago = TimeDelta::seconds(i64::try_from(dice.roll(60 * minutes.unsigned_abs())).unwrap());
            change(&mut dice, &stage.github, &stage.jira, now - if changes % 3 == 0 { TimeDelta::zero() } else { ago });
            changes += 1;
        }
        let (own_dice, github, jira) = (Arc::clone(&dice), stage.github.clone(), stage.jira.clone());
        let happens = move || (0..5).for_each(|_| change(&mut own_dice.lock().unwrap(), &github, &jira, now));
        let happens_there = happens.clone();
        stage.github.between_pages(move |_| happens());
        stage.jira.between_pages(move |_| happens_there());
        stage.pass().await;
        listed +=
            stage.asked().iter().filter(|asked| asked.starts_with("GET") || asked.contains("/search/jql")).count();
    }
    assert!(changes * 3 >= 10_000 && listed >= 12, "{changes} changes, {listed} listings");
    stage.github.between_pages(|_| {});
    stage.jira.between_pages(|_| {});
    stage.later(10);
    stage.jira.now(tracker_time(&stage));
    stage.pass().await;
    let by_listing = facts(&stage).await;
    let history = stage.history().await;
    stage.full().await;
    let by_asking = facts(&stage).await;
    let missed: Vec<_> = by_asking.iter().filter(|(id, told)| by_listing.get(id) != Some(told)).collect();
    assert!(missed.is_empty(), "missed: {missed:?}; listed as {:?}", by_listing.get(missed[0].0));
    assert_eq!(by_listing.len(), by_asking.len());
    assert_eq!(stage.history().await, history, "asking for all of them tells nothing new");
}

/// What the soak changes, of every ticket.
async fn facts(stage: &Stage) -> BTreeMap<TicketId, (String, String, Option<Moment>)> {
    let known = stage.shop.store.known().await.unwrap();
    let fact = |(id, ticket): (TicketId, KnownTicket)| {
        let facts = ticket.facts.unwrap();
        (id, (facts.title, facts.state, facts.updated_at))
    };
    known.tickets.into_iter().map(fact).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn b10_ten_thousand_changes_are_all_seen_whatever_the_clocks_say() {
    soak(Jira::cloud(), 10, 12).await;
    soak(Jira::cloud(), -10, 4).await;
    soak(Jira::data_center(), -10, 3).await;
}
