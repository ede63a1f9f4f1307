//! `dragnet doctor`: does everything that it needs work? What does not comes with what to do.

mod channels;

use std::fmt::Write;
use std::path::Path;

use super::failure::{self, Exit};
use super::output::Output;
use super::progress::count;
use super::waiting::Waiting;
use super::wiring;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::document::Kind;
use crate::domain::lookup::{Trouble, TroubleKind};
use crate::domain::remote::{Fetched, Held, What};
use crate::domain::time::Moment;
use crate::domain::tracker::{Greeting, TrackerKind};
use crate::http::{Client, Limits};
use crate::sources::{self, Remotes};
use crate::store::Store;
use crate::sync;
use crate::trackers::Trackers;

/// The clocks of a tracker and of this machine may differ by so many seconds.
const SKEW: i64 = 60;

/// So many days before a token ends it is time to renew it.
const SOON: i64 = 14;

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum How {
    Right,
    /// Works, and should be looked at.
    Doubtful,
    /// Could not be told now.
    Unknown,
    /// Does not work.
    Wrong,
}

impl How {
    fn word(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Doubtful => "doubtful",
            Self::Unknown => "unknown",
            Self::Wrong => "wrong",
        }
    }
}

/// One thing that was looked at.
struct Check {
    how: How,
    what: String,
    says: String,
    /// What to do, for everything that is not right.
    fix: Option<String>,
}

impl Check {
    fn right(what: impl Into<String>, says: impl Into<String>) -> Self {
        Self { how: How::Right, what: what.into(), says: says.into(), fix: None }
    }

    fn not(how: How, what: impl Into<String>, says: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { how, what: what.into(), says: says.into(), fix: Some(fix.into()) }
    }

    fn error(what: impl Into<String>, error: &anyhow::Error) -> Self {
        let fix = failure::advice(error).unwrap_or_else(|| "see what the message names".to_owned());
        Self::not(How::Wrong, what, failure::causes(error), fix)
    }
}

pub(super) async fn doctor(config: Option<&Path>, output: &Output) -> anyhow::Result<Exit> {
    let format = output.format(&["text", "json"])?;
    let config = wiring::configuration(config)?;
    let now = Clock::system().now();
    let mut checks = vec![Check::right("configuration", config.path.display().to_string())];
    checks.extend(secrets(&config));
    let store = look_at_store(&config, now, &mut checks).await;
    checks.push(schedule(&config, store.as_ref(), now).await);
    sources(&config, store.as_ref(), now, &mut checks).await?;
    trackers(&config, now, &mut checks).await;
    webhooks(&config, store.as_ref(), &mut checks).await;
    checks.extend(channels::look(&config, store.as_ref()).await);
    closings(&config, store.as_ref(), &mut checks).await;
    output.data(&match format {
        "json" => format!("{:#}\n", json(&checks)),
        _ => text(&checks),
    })?;
    Ok(match checks.iter().map(|check| check.how).max() {
        Some(How::Wrong) => Exit::Wrong,
        Some(How::Unknown) => Exit::CouldNotTell,
        _ => Exit::Fine,
    })
}

/// Secrets that the configuration names and that are not there.
fn secrets(config: &Config) -> Vec<Check> {
    let fetched = [config.webhook_settings().map(drop), config.serve_token().map(drop)];
    fetched.into_iter().filter_map(Result::err).map(|error| Check::error("secrets", &error.into())).collect()
}

async fn look_at_store(config: &Config, now: Moment, checks: &mut Vec<Check>) -> Option<Store> {
    let store = match Store::open_existing(&config.store).await {
        Ok(store) => store,
        Err(error) => {
            checks.push(Check::error("store", &error.into()));
            return None;
        }
    };
    if let Some(kind) = Store::far(&config.store) {
        let says =
            format!("{} is on another machine ({kind}): SQLite's log cannot be shared there", config.store.display());
        let fix = "put it on a disk of this machine; `dragnet backup` can write to the other one";
        checks.push(Check::not(How::Doubtful, "store", says, fix));
    }
    checks.push(match store.look_through().await {
        Ok(()) => Check::right("store", format!("{} is whole", config.store.display())),
        Err(error) => Check::error("store", &error.into()),
    });
    if let Ok(Some(run)) = store.last_run().await
        && run.started_at > now
    {
        let says = format!("the last pass is said to have begun at {}, which is to come", run.started_at);
        checks.push(Check::not(How::Doubtful, "clock", says, "set this machine's clock, by NTP for choice"));
    }
    Some(store)
}

/// Whether passes come as the schedule says: none of the last two firings may have been missed.
async fn schedule(config: &Config, store: Option<&Store>, now: Moment) -> Check {
    let what = "schedule";
    let Some(next) = config.sync.next_after(now) else {
        return Check::not(How::Wrong, what, format!("{} never fires again", config.sync), "change `schedule.sync`");
    };
    let last = match store {
        Some(store) => store.last_run().await.ok().flatten(),
        None => None,
    };
    let Some(last) = last else {
        let fix = "run `dragnet sync`, or start `dragnet serve`";
        return Check::not(How::Doubtful, what, "there was no pass yet", fix);
    };
    let due = config.sync.next_after(last.started_at).and_then(|due| config.sync.next_after(due));
    if due.is_some_and(|due| due < now) {
        let says = format!("the last pass began at {}, and {} fired twice since", last.started_at, config.sync);
        return Check::not(How::Doubtful, what, says, "is `dragnet serve` running? its log tells what keeps it");
    }
    Check::right(what, format!("last pass at {}, next at {next}", last.started_at))
}

/// Whether each source can be read now; of one that cannot, which version is in force.
async fn sources(config: &Config, store: Option<&Store>, now: Moment, checks: &mut Vec<Check>) -> anyhow::Result<()> {
    let remotes = config
        .remote_settings()
        .map_err(anyhow::Error::from)
        .and_then(|settings| Ok(Remotes::new(&settings, &Client::new(Limits::default())?)?));
    let remotes = match remotes {
        Ok(remotes) => remotes,
        Err(error) => {
            checks.push(Check::error("sources", &error));
            return Ok(());
        }
    };
    let known = match store {
        Some(store) => store.known().await?.documents,
        None => Vec::new(),
    };
    for source in &config.sources {
        let what = format!("source {}", source.name);
        let held = match store {
            Some(store) => store.held(&source.name).await?,
            None => Held::default(),
        };
        let trouble = match remotes.fetch(&source.name, &held).await {
            Some(fetched) => match fetched.and_then(told) {
                Ok(says) => {
                    checks.push(Check::right(what, says));
                    continue;
                }
                Err(trouble) => {
                    let how = match trouble.kind {
                        TroubleKind::Outage | TroubleKind::Limit => How::Unknown,
                        _ => How::Wrong,
                    };
                    (how, trouble.says, sources::hint(trouble.kind).to_owned())
                }
            },
            None => match sync::files(source) {
                Ok(files) => {
                    let unread = files.iter().find_map(|(_, file)| sync::text_of(source, file).err());
                    match unread {
                        None => {
                            checks.push(Check::right(what, format!("{} can be read", count(files.len(), "file"))));
                            continue;
                        }
                        Some((says, fix)) => (How::Wrong, says, fix),
                    }
                }
                Err(error) => (How::Wrong, error.to_string(), error.hint()),
            },
        };
        let (how, mut says, fix) = trouble;
        let in_force = known.iter().filter(|one| one.source == source.name && one.kind != Kind::Prose);
        if let Some(oldest) = in_force.filter_map(|one| one.read_at).min() {
            let days = (now - oldest).num_days();
            let _ = write!(says, "; its version of {}, {days} days old, is in force", oldest.date_naive());
        }
        checks.push(Check::not(how, what, says, fix));
    }
    Ok(())
}

/// What there is to say of a source that was fetched, or the first trouble with one of its documents.
fn told(fetched: Fetched) -> Result<String, Trouble> {
    let number = fetched.documents.len();
    for piece in fetched.documents {
        if let What::Unread(trouble) = piece.what {
            return Err(trouble);
        }
    }
    Ok(format!("{} can be fetched", count(number, "document")))
}

async fn trackers(config: &Config, now: Moment, checks: &mut Vec<Check>) {
    let trackers = config
        .tracker_settings()
        .map_err(anyhow::Error::from)
        .and_then(|settings| Ok(Trackers::new(&settings, &Client::new(Limits::default())?)?));
    let trackers = match trackers {
        Ok(trackers) => trackers,
        Err(error) => return checks.push(Check::error("trackers", &error)),
    };
    let ends = config.credentials_end();
    for tracker in &config.trackers {
        let what = format!("tracker {}", tracker.id);
        match trackers.examine(&tracker.id).await {
            Ok(mut greeting) => {
                let told = ends.get(&tracker.id).copied();
                greeting.expires = greeting.expires.into_iter().chain(told).min();
                checks.extend(greeted(&what, tracker.id.kind(), &greeting, now));
            }
            Err(Trouble { kind, says }) => checks.push(match kind {
                TroubleKind::Credentials | TroubleKind::Hidden => {
                    let fix = "renew the token, or give it the permissions that docs/trackers.md lists";
                    Check::not(How::Wrong, what, says, fix)
                }
                TroubleKind::Limit => Check::not(How::Unknown, what, says, "try again when the limit is lifted"),
                TroubleKind::Misread => Check::not(How::Wrong, what, says, "correct `api_url` or `flavor`"),
                TroubleKind::Outage | TroubleKind::Unasked => {
                    Check::not(How::Unknown, what, says, "try again later; from here, can that address be reached?")
                }
            }),
        }
    }
}

/// What there is to say of a tracker that answers.
fn greeted(what: &str, kind: TrackerKind, greeting: &Greeting, now: Moment) -> Vec<Check> {
    let mut checks = Vec::new();
    let mut says = if greeting.anonymous { "answers, without credentials" } else { "knows us" }.to_owned();
    if let Some(scopes) = &greeting.scopes {
        let _ = write!(says, "; scopes: {}", if scopes.is_empty() { "none" } else { scopes });
    }
    if let Some((left, of)) = greeting.quota {
        let _ = write!(says, "; {left} of {of} requests an hour are left");
    }
    checks.push(Check::right(what, says));
    if greeting.anonymous && kind == TrackerKind::GitHub {
        let says = "only 60 requests an hour, and no private repository";
        checks.push(Check::not(How::Doubtful, what, says, "give it a token: `token_file` or `token_env`"));
    }
    if greeting.scopes.as_deref().is_some_and(|scopes| scopes.split(", ").any(|scope| TOO_MUCH.contains(&scope))) {
        let says = "the token may do more than read";
        checks.push(Check::not(How::Doubtful, what, says, "docs/trackers.md lists the least that is needed"));
    }
    if let Some((left, of)) = greeting.quota.filter(|(left, of)| left * 10 < *of) {
        let says = format!("{left} of {of} requests are left in this hour");
        checks.push(Check::not(How::Doubtful, what, says, "who else uses this token? give dragnet one of its own"));
    }
    if let Some(expires) = greeting.expires {
        let days = (expires - now).num_days();
        let says = format!("the token ends at {expires}, in {days} days");
        checks.push(if days < SOON {
            Check::not(How::Doubtful, what, says, "renew it; a new one counts from the next pass")
        } else {
            Check::right(what, says)
        });
    }
    if let Some(skew) = greeting.date.map(|date| (now - date).num_seconds()).filter(|skew| skew.abs() > SKEW) {
        let says = format!("its clock and this machine's differ by {} seconds", skew.abs());
        checks.push(Check::not(How::Doubtful, what, says, "set this machine's clock, by NTP for choice"));
    }
    checks
}

/// Scopes of classic tokens that reading never needs: <https://docs.github.com/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps>
const TOO_MUCH: [&str; 7] =
    ["admin:org", "admin:repo_hook", "delete_repo", "admin:enterprise", "workflow", "write:packages", "admin:gpg_key"];

async fn webhooks(config: &Config, store: Option<&Store>, checks: &mut Vec<Check>) {
    let received = match store {
        Some(store) => store.last_deliveries().await.unwrap_or_default(),
        None => std::collections::BTreeMap::new(),
    };
    for tracker in config.trackers.iter().filter(|tracker| !tracker.webhook.is_empty()) {
        let what = format!("webhook {}", tracker.id);
        checks.push(match received.get(&tracker.id) {
            Some(at) => Check::right(what, format!("last delivery at {at}")),
            None => {
                let path = format!("/webhooks/{}/{}", tracker.id.kind(), tracker.name);
                let fix = format!("does the tracker reach {path}, and does it sign with the same secret?");
                Check::not(How::Doubtful, what, "there was no delivery yet", fix)
            }
        });
    }
}

/// Closings that could not be looked at closely.
async fn closings(config: &Config, store: Option<&Store>, checks: &mut Vec<Check>) {
    let Some(store) = store else { return };
    match store.unlooked().await {
        Ok(unlooked) => {
            for (tracker, says) in Waiting::of(&unlooked, config.policy.cadence).lines() {
                let fix = "`dragnet sync` tells why when it is tried again; docs/trackers.md lists what it takes";
                checks.push(Check::not(How::Doubtful, format!("closings {tracker}"), says, fix));
            }
        }
        Err(error) => checks.push(Check::error("closings", &error.into())),
    }
}

fn text(checks: &[Check]) -> String {
    let mut text = String::new();
    for Check { how, what, says, fix } in checks {
        let _ = writeln!(text, "{:<9} {what}: {says}", how.word());
        if let Some(fix) = fix {
            let _ = writeln!(text, "          fix: {fix}");
        }
    }
    text
}

fn json(checks: &[Check]) -> serde_json::Value {
    let check = |check: &Check| serde_json::json!({"what": check.what, "how": check.how.word(), "says": check.says, "fix": check.fix});
    serde_json::json!({"schema": 1, "checks": checks.iter().map(check).collect::<Vec<_>>()})
}
