//! What one server allows us: every request passes here before it is made, and every reply is read for what it says of
//! limits.
//!
//! 1. What must be waited for is waited for by all requests alike, in place where that is short.
//! 2. What takes longer shuts the gate: nothing more is asked until then, and the wait can outlive the process.
//! 3. A quota is not used up: a reserve is left for others who use the same credential.
//! 4. No more requests than a few are under way at a time, whoever makes them.
//! 5. Quotas of different names (GitHub's REST and GraphQL) are apart; limits that are about us as a whole hold for all.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use super::reply::Reply;
use crate::domain::lookup::Trouble;
use crate::domain::time::Moment;
use crate::domain::tracker::{Account, Quota, Wait};

/// The scope of limits that are about us as a whole.
pub const WHOLE: &str = "";

/// How many requests at a time a server takes from one credential without taking it amiss.
pub const AT_ONCE: usize = 4;

/// One part in so many of a quota is left, beyond the reserve, for the questions that matter most.
const LOW: u64 = 10;

/// The gate to one server, for one credential.
#[derive(Debug)]
pub struct Gate {
    /// In percent of a quota.
    reserve: u8,
    credential: String,
    at_once: usize,
    turns: Semaphore,
    scopes: Mutex<BTreeMap<String, Scope>>,
    told: Mutex<Told>,
}

/// What replies told of the credential.
#[derive(Debug, Default)]
struct Told {
    /// What is left of each quota, of how much, and when it comes back.
    quotas: BTreeMap<String, (u64, u64, Instant)>,
    expires: Option<Moment>,
}

/// What is known of one quota.
#[derive(Debug, Default)]
struct Scope {
    shut: Option<Shut>,
    /// That little is left, if so.
    low: Option<Trouble>,
}

/// Why and until when nothing may be asked.
#[derive(Debug, Clone)]
struct Shut {
    until: Instant,
    trouble: Trouble,
    /// Until when, where an earlier pass was told.
    recalled: Option<Moment>,
}

impl Gate {
    /// An open gate. `reserve` is the part of each quota, in percent, that is left to others; `credential` says whose limits
    /// these are; `at_once` requests may be under way at a time.
    pub fn new(reserve: u8, credential: String, at_once: usize) -> Self {
        Self {
            reserve,
            credential,
            at_once,
            turns: Semaphore::new(at_once),
            scopes: Mutex::default(),
            told: Mutex::default(),
        }
    }

    /// How many requests may be under way at a time.
    pub fn at_once(&self) -> usize {
        self.at_once
    }

    /// Waits for its turn, which lasts until it is dropped.
    pub(super) async fn turn(&self) -> SemaphorePermit<'_> {
        self.turns.acquire().await.expect("nobody closes it")
    }

    fn scopes(&self) -> MutexGuard<'_, BTreeMap<String, Scope>> {
        self.scopes.lock().unwrap_or_else(PoisonError::into_inner)
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
        let (scopes, now) = (self.scopes(), Instant::now());
        let shut = [scope, WHOLE].into_iter().filter_map(|name| scopes.get(name)?.shut.as_ref());
        shut.filter(|shut| shut.until > now).max_by_key(|shut| shut.until).cloned()
    }

    /// Why nothing at all may be asked just now, if so.
    pub fn is_shut(&self, scope: &str) -> Option<Trouble> {
        self.longest(scope).map(|shut| shut.tell())
    }

    /// That little is left of a quota, so that only what matters most should be asked.
    pub fn is_low(&self, scope: &str) -> Option<Trouble> {
        self.scopes().get(scope)?.low.clone()
    }

    /// Lets nobody pass for a while. A longer wait that is in force already stays.
    pub(super) fn shut(&self, scope: &str, pause: Duration, trouble: Trouble) {
        let shut = Shut { until: Instant::now() + pause, trouble, recalled: None };
        let mut scopes = self.scopes();
        let known = &mut scopes.entry(scope.to_owned()).or_default().shut;
        if known.as_ref().is_none_or(|known| known.until < shut.until) {
            *known = Some(shut);
        }
    }

    /// What was told of the credential and of its quotas, from `now` on.
    pub fn account(&self, now: Moment) -> Account {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
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
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
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
        self.scopes().entry(scope.to_owned()).or_default().low = low.then(|| reply.nearly_limit(allowance.left));
        if allowance.left <= floor {
            let trouble = if allowance.left == 0 { reply.limit() } else { reply.nearly_limit(allowance.left) };
            self.shut(scope, allowance.until_above(floor), trouble);
        }
    }

    /// Takes in a reply that is a limit: what it is about must wait as long as it says.
    pub fn limited(&self, scope: &str, reply: &Reply) -> Trouble {
        self.note(scope, reply);
        let trouble = reply.limit();
        self.shut(if reply.is_used_up() { scope } else { WHOLE }, reply.pause(), trouble.clone());
        trouble
    }

    /// Waits as earlier passes were told to, and for nothing else.
    pub fn recall(&self, waits: &[Wait], now: Moment) {
        let mut scopes = BTreeMap::new();
        for wait in waits.iter().filter(|wait| wait.credential == self.credential) {
            let Ok(left) = (wait.until - now).to_std() else { continue };
            let shut = Shut { until: Instant::now() + left, trouble: wait.trouble.clone(), recalled: Some(wait.until) };
            scopes.insert(wait.scope.clone(), Scope { shut: Some(shut), low: None });
        }
        *self.scopes() = scopes;
    }

    /// What must be waited for, from `now` on.
    pub fn waits(&self, now: Moment) -> Vec<Wait> {
        let wait = |(scope, known): (&String, &Scope)| {
            let shut = known.shut.as_ref()?;
            let left = shut.until.saturating_duration_since(Instant::now());
            let until = shut.recalled.unwrap_or(now + TimeDelta::seconds(i64::try_from(left.as_secs()).ok()? + 1));
            (!left.is_zero()).then(|| Wait {
                scope: scope.clone(),
                credential: self.credential.clone(),
                until,
                trouble: shut.trouble.clone(),
            })
        };
        self.scopes().iter().filter_map(wait).collect()
    }
}

impl Shut {
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
mod tests {
    use std::time::Duration;

    use ::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

    use super::{AT_ONCE, Gate, WHOLE};
    use crate::domain::lookup::{Trouble, TroubleKind};
    use crate::domain::time::Moment;
    use crate::domain::tracker::{Quota, Wait};
    use crate::http::Reply;

    fn limit(says: &str) -> Trouble {
        Trouble { kind: TroubleKind::Limit, says: says.to_owned() }
    }

    #[tokio::test]
    async fn what_is_short_is_waited_for_and_what_is_long_is_told() {
        let (gate, patience) = (Gate::new(0, "m".to_owned(), AT_ONCE), Duration::from_secs(60));
        gate.enter("core", patience).await.unwrap();
        gate.shut("core", Duration::from_millis(80), limit("longer"));
        gate.shut("core", Duration::from_millis(1), limit("shorter"));
        assert_eq!(gate.is_shut("graphql"), None);
        let before = std::time::Instant::now();
        gate.enter("core", patience).await.unwrap();
        assert!(before.elapsed() >= Duration::from_millis(75));
        gate.shut(WHOLE, Duration::from_secs(3600), limit("an hour"));
        for scope in ["core", "graphql", WHOLE] {
            assert_eq!(gate.enter(scope, patience).await, Err(limit("an hour")));
        }
    }

    #[tokio::test]
    async fn a_wait_outlives_the_gate_but_not_the_credential() {
        let now: Moment = "2026-06-01T12:00:00Z".parse().unwrap();
        let until = now + chrono::TimeDelta::hours(1);
        let trouble = limit("x answered 429");
        let waits = [Wait { scope: "core".to_owned(), credential: "mine".to_owned(), until, trouble: trouble.clone() }];
        let gate = Gate::new(0, "mine".to_owned(), AT_ONCE);
        gate.recall(&waits, now);
        let says = "not asked before 2026-06-01 13:00 UTC, as it told an earlier pass: x answered 429";
        assert_eq!(gate.is_shut("core"), Some(limit(says)));
        assert_eq!(gate.is_shut("graphql"), None);
        // What is passed on is what was told, not the telling of it.
        assert_eq!(gate.waits(now), waits);
        gate.recall(&waits, until);
        assert_eq!((gate.is_shut("core"), gate.waits(until)), (None, Vec::new()));

        let other = Gate::new(0, "another".to_owned(), AT_ONCE);
        other.recall(&waits, now);
        assert_eq!(other.is_shut("core"), None);

        // What is told now is told from now on, to the second after its end.
        gate.shut(WHOLE, Duration::from_secs(120), trouble);
        let told = &gate.waits(now)[0];
        assert!((119..=120).contains(&(told.until - now).num_seconds()), "{told:?}");
    }

    #[tokio::test]
    async fn what_is_left_and_when_a_token_ends_is_told_by_quota() {
        let reply = |headers: &[(&'static str, &str)]| {
            let value = |text: &str| HeaderValue::from_str(text).unwrap();
            let headers: HeaderMap =
                headers.iter().map(|(name, text)| (HeaderName::from_static(name), value(text))).collect();
            let url = "https://api.example.org/x".parse().unwrap();
            Reply { url, status: StatusCode::OK, headers, body: "{}".into() }
        };
        let date = ("date", "Wed, 21 Oct 2026 07:28:00 GMT");
        let (of, reset) = (("x-ratelimit-limit", "5000"), ("x-ratelimit-reset", "1792567980"));
        let ends = ("github-authentication-token-expiration", "2026-12-31 23:59:59 UTC");
        let (gate, now): (_, Moment) =
            (Gate::new(0, "mine".to_owned(), AT_ONCE), "2026-10-21T07:28:00Z".parse().unwrap());
        assert_eq!(gate.account(now), Default::default());
        gate.heed("core", &reply(&[date, of, reset, ("x-ratelimit-remaining", "4800"), ends]));
        gate.heed("core", &reply(&[date, of, reset, ("x-ratelimit-remaining", "4799")]));
        gate.limited("search", &reply(&[date, of, reset, ("x-ratelimit-remaining", "0")]));
        // What is no moment makes none.
        let fill = ("x-ratelimit-fillrate", "1");
        for never in ["18446744073709551615", "9000000000000"] {
            let interval = ("x-ratelimit-interval-seconds", never);
            gate.heed("never", &reply(&[date, of, fill, interval, ("x-ratelimit-remaining", "4999")]));
        }
        // That it is nearly used up says no number.
        gate.heed("other", &reply(&[("x-ratelimit-nearlimit", "true")]));
        // Quotas outlive what must be waited for.
        gate.recall(&[], now);
        let account = gate.account(now);
        let quota = |name: &str| account.quotas[name].clone();
        assert_eq!(account.quotas.keys().collect::<Vec<_>>(), ["core", "search"]);
        let Quota { left, of, back_at } = quota("core");
        assert_eq!((left, of), (4799, 5000));
        assert!((290..=300).contains(&(back_at - now).num_seconds()), "{back_at}");
        assert_eq!(quota("search").left, 0);
        assert_eq!(account.expires, Some("2026-12-31T23:59:59Z".parse().unwrap()));
    }
}
