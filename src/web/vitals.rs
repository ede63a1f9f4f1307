//! How the daemon is: what it does now, what it did, and what went wrong. The daemon writes it, pages show it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::domain::known::KnownTracker;
use crate::domain::overview::Overview;
use crate::domain::pages::Progress;
use crate::domain::time::Moment;
use crate::domain::tracker::{Account, TrackerId};
use crate::domain::verdict::{Standing, Verdict};

/// How long the scheduler may be silent: it moves at least twice as often.
const SILENCE: Duration = Duration::from_secs(60);

/// How long a job may go on without a step. Every request has its own limit, which is far below this.
const NO_STEP: Duration = Duration::from_secs(900);

/// How the daemon is. Cheap to clone; all clones are the same.
#[derive(Debug, Clone)]
pub struct Vitals(Arc<Mutex<State>>);

/// What is known of it.
#[derive(Debug, Clone)]
pub struct State {
    /// When it started.
    pub started_at: Moment,
    /// When the scheduler last moved.
    pub beat: Instant,
    /// Whether whoever served the store before ended without closing it.
    pub after_a_crash: bool,
    /// Whether the whole store was looked through since. Passes and digests wait for that.
    pub looked: bool,
    /// What runs now.
    pub job: Option<Job>,
    /// When the next pass is due.
    pub next: Option<Moment>,
    /// When the configuration in force was read.
    pub configured_at: Moment,
    /// Why the last configuration could not be read, if so.
    pub misconfigured: Option<String>,
    /// Jobs that ended well, by what they asked for: how many, and for how long in all.
    pub jobs: BTreeMap<&'static str, (u64, Duration)>,
    /// Jobs that could not remember anything.
    pub failures: u64,
    /// Jobs that broke off inside dragnet.
    pub panics: u64,
    /// Requests made, by tracker.
    pub requests: BTreeMap<TrackerId, u64>,
    /// What trackers told of their quotas and of the credentials in use.
    pub accounts: BTreeMap<TrackerId, Account>,
    /// When credentials end, as the configuration says.
    pub ends: BTreeMap<TrackerId, Moment>,
    /// What the last job found; absent until there was one.
    pub summary: Option<Summary>,
}

/// A job that runs.
#[derive(Debug, Clone)]
pub struct Job {
    /// What it asks for: `full`, `scheduled`, `named`.
    pub what: &'static str,
    /// When it began.
    pub since: Moment,
    /// When it last took a step.
    pub step: Instant,
    /// Whether another process holds the store, for however long its pass takes.
    pub waiting: bool,
    /// How many tickets it asks for.
    pub asked: usize,
    /// How many of them are answered.
    pub answered: usize,
}

/// What is known of the trackers and documents, in numbers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Summary {
    /// Challenges by standing.
    pub standings: BTreeMap<&'static str, usize>,
    /// Tickets by tracker and verdict.
    pub verdicts: BTreeMap<(TrackerId, &'static str), usize>,
    /// The oldest asking for a ticket, by tracker.
    pub oldest: BTreeMap<TrackerId, Moment>,
    /// Trackers whose answers are not believed until they are seen twice.
    pub held: BTreeSet<TrackerId>,
    /// Every tracker ever asked.
    pub trackers: Vec<KnownTracker>,
}

impl Summary {
    /// The numbers of what is known; `held` are the trackers with answers that are not believed yet.
    pub fn of(overview: Overview, held: BTreeSet<TrackerId>) -> Self {
        let standing = |one: Standing| (one.word(), overview.standings.get(&one).copied().unwrap_or(0));
        let standings = Standing::ALL.into_iter().map(standing).collect();
        let judged: BTreeSet<&TrackerId> = overview.verdicts.keys().map(|(tracker, _)| tracker).collect();
        let verdicts = judged.into_iter().flat_map(|tracker| {
            let all = Verdict::ALL.map(|verdict| (tracker.clone(), verdict));
            all.map(|key| {
                let count = overview.verdicts.get(&key).copied().unwrap_or(0);
                ((key.0, key.1.word()), count)
            })
        });
        let verdicts = verdicts.collect();
        Self { standings, verdicts, oldest: overview.oldest, held, trackers: overview.trackers }
    }
}

impl Vitals {
    /// A daemon that starts now.
    pub fn new(now: Moment) -> Self {
        Self(Arc::new(Mutex::new(State {
            started_at: now,
            beat: Instant::now(),
            after_a_crash: false,
            looked: false,
            job: None,
            next: None,
            configured_at: now,
            misconfigured: None,
            jobs: BTreeMap::new(),
            failures: 0,
            panics: 0,
            requests: BTreeMap::new(),
            accounts: BTreeMap::new(),
            ends: BTreeMap::new(),
            summary: None,
        })))
    }

    /// How far the job is that runs, if one does.
    pub fn progress(&self) -> Option<Progress> {
        let state = self.state();
        let Job { since, asked, answered, waiting, .. } = *state.job.as_ref()?;
        Some(Progress { since, asked, answered, waiting })
    }

    /// What is known now. Held for as long as the result lives, so shortly.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Takes in what trackers told of their quotas and credentials during a job. Whoever was not asked told nothing, and what
    /// it told before stands.
    pub fn told(&mut self, accounts: BTreeMap<TrackerId, Account>) {
        for (tracker, told) in accounts {
            let account = self.accounts.entry(tracker).or_default();
            account.quotas.extend(told.quotas);
            account.expires = told.expires.or(account.expires);
        }
    }

    /// When the credential of each tracker ends: as it told itself, or as the configuration says, whichever is earlier.
    pub fn credentials_end(&self) -> BTreeMap<&TrackerId, Moment> {
        let told = self.accounts.iter().filter_map(|(tracker, account)| Some((tracker, account.expires?)));
        let mut ends: BTreeMap<_, _> = told.collect();
        for (tracker, at) in &self.ends {
            let end = ends.entry(tracker).or_insert(*at);
            *end = (*end).min(*at);
        }
        ends
    }

    /// What is wrong with the scheduler, if anything is: one that is idle moves all the same.
    pub fn stuck(&self, now: Instant) -> Option<String> {
        let silent = now.saturating_duration_since(self.beat);
        if silent > SILENCE {
            return Some(format!("the scheduler has not moved for {} seconds", silent.as_secs()));
        }
        let job = self.job.as_ref().filter(|job| !job.waiting)?;
        let silent = now.saturating_duration_since(job.step);
        (silent > NO_STEP).then(|| {
            format!("a job ({}) that runs since {} took no step for {} seconds", job.what, job.since, silent.as_secs())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stuck_scheduler_is_told_from_an_idle_one_and_a_stuck_job_from_a_long_one() {
        let vitals = Vitals::new("2026-11-21T10:00:00Z".parse().unwrap());
        let mut state = vitals.state();
        let start = state.beat;
        let after = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(state.stuck(after(59)), None, "nothing to do is no trouble");
        assert_eq!(state.stuck(after(61)).unwrap(), "the scheduler has not moved for 61 seconds");
        state.job =
            Some(Job { what: "full", since: state.started_at, step: start, waiting: false, asked: 9, answered: 2 });
        state.beat = after(899);
        assert_eq!(state.stuck(after(900)), None);
        let stuck = "a job (full) that runs since 2026-11-21 10:00:00 UTC took no step for 901 seconds";
        assert_eq!(state.stuck(after(901)).unwrap(), stuck);
        state.job.as_mut().unwrap().waiting = true;
        assert_eq!(state.stuck(after(901)), None, "another process has its turn");
        state.job.as_mut().unwrap().waiting = false;
        state.job.as_mut().unwrap().step = after(800);
        assert_eq!(state.stuck(after(901)), None);
    }
}
