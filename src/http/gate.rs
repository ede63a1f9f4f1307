//! What one server allows us: every request passes here before it is made, and every reply is read for what it says of
//! limits.
//!
//! 1. What must be waited for is waited for by all requests alike, in place where that is short.
//! 2. What takes longer shuts the gate: nothing more is asked until then, and the wait can outlive the process.
//! 3. A quota is not used up: a reserve is left for others who use the same credential.
//! 4. No more requests than a few are under way at a time, whoever makes them.
//! 5. Whoever asks one server with one credential, for tickets or for documents, passes one gate.
//! 6. Quotas of different names (GitHub's REST and GraphQL) are apart; limits that are about us as a whole hold for all.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;
use url::Url;

use super::reply::Reply;
use crate::domain::lookup::Trouble;
use crate::domain::time::Moment;
use crate::domain::tracker::{Account, Credential, Quota, Wait};

/// The scope of limits that are about us as a whole.
pub const WHOLE: &str = "";

/// How many requests at a time a server takes from one credential without taking it amiss.
pub const AT_ONCE: usize = 4;

/// One part in so many of a quota is left, beyond the reserve, for the questions that matter most.
const LOW: u64 = 10;

/// All gates of a process. Cheap to clone; clones share them.
#[derive(Debug, Clone, Default)]
pub struct Gates(Arc<Mutex<BTreeMap<Whose, Arc<Known>>>>);

/// A server's origin (scheme, host and port), and the fingerprint of the credential that is shown there.
type Whose = (String, String);

/// The gate to one server for one credential, as one of those who pass it sees it.
#[derive(Debug, Clone)]
pub struct Gate {
    /// In percent of a quota: what is left to others by those who pass here.
    reserve: u8,
    known: Arc<Known>,
}

/// What is known to all who pass a gate.
#[derive(Debug)]
struct Known {
    at_once: AtomicUsize,
    turns: OnceLock<Semaphore>,
    /// What must be waited for, by scope and reserve: it holds for those who leave as much, or more.
    shut: Mutex<BTreeMap<(String, u8), Shut>>,
    told: Mutex<Told>,
}

/// What replies told of the credential.
#[derive(Debug, Default)]
struct Told {
    /// What is left of each quota, of how much, and when it comes back.
    quotas: BTreeMap<String, (u64, u64, Instant)>,
    /// The quotas of which little is left.
    low: BTreeMap<String, Trouble>,
    expires: Option<Moment>,
}

/// The reserve of those who leave nothing: what holds for them holds for all.
const NOTHING: u8 = 0;

/// Why and until when nothing may be asked.
#[derive(Debug, Clone)]
struct Shut {
    until: Instant,
    trouble: Trouble,
    /// Until when, where an earlier pass was told.
    recalled: Option<Moment>,
}

impl Gates {
    /// The gate to the origin of `api` for a credential. `reserve` is the part of each quota, in percent, that is left to
    /// others by whoever passes the gate by this view of it; `at_once` requests may be under way at a time, or as few as
    /// others want who share it.
    pub fn gate(&self, api: &Url, credential: &Credential, reserve: u8, at_once: usize) -> Gate {
        let whose = (api.origin().ascii_serialization(), credential.fingerprint());
        let known = Arc::clone(self.all().entry(whose).or_insert_with(|| {
            Arc::new(Known {
                at_once: AtomicUsize::new(at_once),
                turns: OnceLock::new(),
                shut: Mutex::default(),
                told: Mutex::default(),
            })
        }));
        known.at_once.fetch_min(at_once, Ordering::Relaxed);
        Gate { reserve, known }
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<Whose, Arc<Known>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits as earlier passes were told to, and for nothing else.
    pub fn recall(&self, waits: &[Wait], now: Moment) {
        for ((origin, credential), known) in &*self.all() {
            let own = waits.iter().filter(|wait| wait.origin == *origin && wait.credential == *credential);
            *known.shut() =
                own.filter_map(|wait| Some(((wait.scope.clone(), wait.reserve), Shut::of(wait, now)?))).collect();
            known.told().low.clear();
        }
    }

    /// What must be waited for, from `now` on.
    pub fn waits(&self, now: Moment) -> Vec<Wait> {
        let all = self.all();
        all.iter().flat_map(|(whose, known)| known.waits(whose, now)).collect()
    }
}

impl Known {
    fn shut(&self) -> MutexGuard<'_, BTreeMap<(String, u8), Shut>> {
        self.shut.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn waits(&self, (origin, credential): &Whose, now: Moment) -> Vec<Wait> {
        let wait = |((scope, reserve), shut): (&(String, u8), &Shut)| {
            let left = shut.until.saturating_duration_since(Instant::now());
            let until = shut.recalled.unwrap_or(now + TimeDelta::seconds(i64::try_from(left.as_secs()).ok()? + 1));
            (!left.is_zero()).then(|| Wait {
                origin: origin.clone(),
                credential: credential.clone(),
                scope: scope.clone(),
                reserve: *reserve,
                until,
                trouble: shut.trouble.clone(),
            })
        };
        self.shut().iter().filter_map(wait).collect()
    }
}

impl Gate {
    /// How many requests may be under way at a time.
    pub fn at_once(&self) -> usize {
        self.known.at_once.load(Ordering::Relaxed)
    }

    /// Waits for its turn, which lasts until it is dropped.
    pub(super) async fn turn(&self) -> SemaphorePermit<'_> {
        // Everybody who passes it was set up before anybody asks.
        let turns = self.known.turns.get_or_init(|| Semaphore::new(self.at_once()));
        turns.acquire().await.expect("nobody closes it")
    }

    /// Waits until a request may be made, or says why not, if that takes longer than `patience`.
    pub(super) async fn enter(&self, scope: &str, patience: Duration) -> Result<(), Trouble> {
        while let Some(shut) = self.longest(scope) {
            if shut.until.saturating_duration_since(Instant::now()) > patience {
                return Err(shut.tell());
            }
            tokio::time::sleep_until(shut.until).await;
        }
        Ok(())
    }

    /// The latest end of what holds for this scope.
    fn longest(&self, scope: &str) -> Option<Shut> {
        let (shut, now) = (self.known.shut(), Instant::now());
        let holds = |(name, reserve): &(String, u8)| [scope, WHOLE].contains(&&**name) && *reserve <= self.reserve;
        let shut = shut.iter().filter(|(of, shut)| holds(of) && shut.until > now).map(|(_, shut)| shut);
        shut.max_by_key(|shut| shut.until).cloned()
    }

    /// Why nothing at all may be asked just now, if so.
    pub fn is_shut(&self, scope: &str) -> Option<Trouble> {
        self.longest(scope).map(|shut| shut.tell())
    }

    /// That little is left of a quota, so that only what matters most should be asked.
    pub fn is_low(&self, scope: &str) -> Option<Trouble> {
        self.known.told().low.get(scope).cloned()
    }

    /// Lets nobody pass for a while. A longer wait that is in force already stays.
    pub(super) fn shut(&self, scope: &str, pause: Duration, trouble: Trouble) {
        self.shut_for(NOTHING, scope, pause, trouble);
    }

    /// The same for those who leave so much to others.
    fn shut_for(&self, reserve: u8, scope: &str, pause: Duration, trouble: Trouble) {
        let shut = Shut { until: Instant::now() + pause, trouble, recalled: None };
        let mut all = self.known.shut();
        let before = all.get(&(scope.to_owned(), reserve));
        if before.is_none_or(|before| before.until < shut.until) {
            all.insert((scope.to_owned(), reserve), shut);
        }
    }

    /// What was told of the credential and of its quotas, from `now` on.
    pub fn account(&self, now: Moment) -> Account {
        let told = self.known.told();
        let quota = |(scope, (left, of, back)): (&String, &(u64, u64, Instant))| {
            let seconds = i64::try_from(back.saturating_duration_since(Instant::now()).as_secs()).ok()?;
            // A moment that no calendar has is none that was meant.
            let back_at = now.checked_add_signed(TimeDelta::try_seconds(seconds)?)?;
            Some((scope.clone(), Quota { left: *left, of: *of, back_at }))
        };
        Account { quotas: told.quotas.iter().filter_map(quota).collect(), expires: told.expires }
    }

    /// Remembers what a reply tells of the credential.
    fn note(&self, scope: &str, reply: &Reply) {
        let mut told = self.known.told();
        told.expires = reply.expires().or(told.expires);
        if let Some(allowance) = reply.allowance().filter(|allowance| allowance.counted)
            && let Some(back) = Instant::now().checked_add(allowance.back)
        {
            told.quotas.insert(scope.to_owned(), (allowance.left, allowance.limit, back));
        }
    }

    /// Takes in what a reply says of the quota that it was counted on.
    pub(super) fn heed(&self, scope: &str, reply: &Reply) {
        self.note(scope, reply);
        let Some(allowance) = reply.allowance() else { return };
        let floor = allowance.limit.saturating_mul(self.reserve.into()) / 100;
        let low = allowance.left <= floor + allowance.limit / LOW;
        if low {
            self.known.told().low.insert(scope.to_owned(), reply.nearly_limit(allowance.left));
        } else {
            self.known.told().low.remove(scope);
        }
        if allowance.left == 0 {
            self.shut(scope, allowance.until_above(floor), reply.limit());
        } else if allowance.left <= floor {
            let trouble = reply.nearly_limit(allowance.left);
            self.shut_for(self.reserve, scope, allowance.until_above(floor), trouble);
        }
    }

    /// Takes in a reply that is a limit: what it is about must wait as long as it says.
    pub fn limited(&self, scope: &str, reply: &Reply) -> Trouble {
        self.note(scope, reply);
        let trouble = reply.limit();
        self.shut(if reply.is_used_up() { scope } else { WHOLE }, reply.pause(), trouble.clone());
        trouble
    }
}

impl Shut {
    /// What an earlier pass was told to wait for, if that is not over.
    fn of(wait: &Wait, now: Moment) -> Option<Self> {
        let left = (wait.until - now).to_std().ok()?;
        Some(Self { until: Instant::now() + left, trouble: wait.trouble.clone(), recalled: Some(wait.until) })
    }

    fn tell(&self) -> Trouble {
        let Trouble { kind, says } = &self.trouble;
        match self.recalled {
            Some(until) => {
                let until = until.format("%Y-%m-%d %H:%M UTC");
                Trouble { kind: *kind, says: format!("not asked before {until}, as it told an earlier pass: {says}") }
            }
            None => self.trouble.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
