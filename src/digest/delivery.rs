//! Sending what waits in the outbox, one message after the other.

use std::time::Duration;

use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::domain::channel::{Channel, Parcel, Then, Undelivered};
use crate::domain::digest::DigestSettings;
use crate::domain::time::Moment;
use crate::notify::Notifier;
use crate::store::{Store, Tried};

/// The pause after the first try that failed; it doubles.
const PAUSE: TimeDelta = TimeDelta::minutes(1);

/// The longest pause of our own.
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(1);

/// The longest pause that is asked of us and kept.
const PATIENCE: TimeDelta = TimeDelta::days(1);

/// What could not be sent for so long is given up: it tells of a week that is long past.
const GIVE_UP: TimeDelta = TimeDelta::days(14);

/// What came of emptying the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Round {
    /// How many messages were sent.
    pub sent: usize,
    /// Those that are to be tried again, each by its digest with what went wrong.
    pub later: Vec<(String, String)>,
    /// Those that nobody takes.
    pub given_up: Vec<(String, String)>,
}

/// Sends what is due until there is nothing, or until `stop`, and notes what came of each. Whatever goes wrong with one, the
/// others get theirs.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn deliver(
    store: &Store,
    clock: &Clock,
    notifier: &Notifier,
    digests: &[DigestSettings],
    stop: &CancellationToken,
) -> anyhow::Result<Round> {
    let mut round = Round::default();
    while !stop.is_cancelled()
        && let Some(parcel) = store.take_letter(clock.now()).await?
    {
        let digest = parcel.letter.digest.clone();
        let tried = match channel(digests, &parcel) {
            Ok(channel) => match notifier.send(channel, &parcel.letter, clock.now()).await {
                Ok(()) => Tried::Sent,
                Err(failed) => after(&parcel, failed, clock.now()),
            },
            Err(says) => {
                tracing::warn!("digest {digest}: dropped a message: {says}");
                Tried::Dropped
            }
        };
        match &tried {
            Tried::Dropped => {}
            Tried::Sent => {
                round.sent += 1;
                tracing::info!("digest {digest}: sent");
            }
            Tried::Later { says, due, .. } => {
                tracing::warn!("digest {digest}: {says}; trying again at {due}");
                round.later.push((digest, says.clone()));
            }
            Tried::GivenUp { says } => {
                tracing::error!("digest {digest}: {says}; not tried again before `dragnet digest send --now`");
                round.given_up.push((digest, says.clone()));
            }
        }
        store.note_try(parcel.number, tried, clock.now()).await?;
    }
    Ok(round)
}

/// The way that a message goes, if its digest and its reader are still configured.
fn channel<'d>(digests: &'d [DigestSettings], parcel: &Parcel) -> Result<&'d Channel, &'static str> {
    let digest = digests.iter().find(|digest| digest.name == parcel.letter.digest);
    match digest.map(|digest| &digest.channel) {
        None => Err("no digest of this name is configured here"),
        Some(Channel::Mail(readers, _)) if !readers.contains(&parcel.letter.recipient) => {
            Err("it is not to go to this reader any more")
        }
        Some(channel) => Ok(channel),
    }
}

/// What follows from a try that failed.
fn after(parcel: &Parcel, failed: Undelivered, now: Moment) -> Tried {
    let Undelivered { says, then } = failed;
    if then == Then::Never {
        return Tried::GivenUp { says };
    }
    if now - parcel.queued_at > GIVE_UP {
        return Tried::GivenUp { says: format!("{says}, for {} days now", GIVE_UP.num_days()) };
    }
    let asked = match then {
        Then::Again(Some(pause)) => whole_seconds(pause).min(PATIENCE),
        _ => TimeDelta::zero(),
    };
    let own = PAUSE * 2_i32.pow(parcel.tries.saturating_sub(1).min(10));
    Tried::Later { due: now + own.min(LONGEST_PAUSE).max(asked), unsure: then == Then::AgainUnsure, says }
}

fn whole_seconds(pause: Duration) -> TimeDelta {
    i64::try_from(pause.as_secs()).map_or(PATIENCE, |seconds| TimeDelta::try_seconds(seconds).unwrap_or(PATIENCE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::channel::{Content, Letter};

    fn at(text: &str) -> Moment {
        text.parse().unwrap()
    }

    fn parcel(tries: u32) -> Parcel {
        let content = Content::Markdown(String::new());
        let letter = Letter { key: "k".into(), digest: "d".into(), recipient: String::new(), content };
        Parcel { number: 1, letter, queued_at: at("2026-11-23T08:00:00Z"), tries }
    }

    #[test]
    fn pauses_grow_and_what_is_asked_for_is_kept() {
        let hour = Duration::from_secs(3_600);
        for (tries, then, due) in [
            (1, Then::Again(None), Some("2026-11-23T09:01:00Z")),
            (3, Then::Again(None), Some("2026-11-23T09:04:00Z")),
            (40, Then::Again(None), Some("2026-11-23T10:00:00Z")),
            (1, Then::AgainUnsure, Some("2026-11-23T09:01:00Z")),
            (1, Then::Again(Some(2 * hour)), Some("2026-11-23T11:00:00Z")),
            (5, Then::Again(Some(Duration::from_secs(2))), Some("2026-11-23T09:16:00Z")),
            (1, Then::Again(Some(Duration::from_secs(u64::MAX))), Some("2026-11-24T09:00:00Z")),
            (1, Then::Never, None),
        ] {
            let failed = Undelivered { says: "no".into(), then };
            let came = after(&parcel(tries), failed, at("2026-11-23T09:00:00Z"));
            let expected = match due {
                Some(due) => Tried::Later { due: at(due), unsure: then == Then::AgainUnsure, says: "no".into() },
                None => Tried::GivenUp { says: "no".into() },
            };
            assert_eq!(came, expected, "{tries} {then:?}");
        }
    }

    #[test]
    fn what_cannot_be_sent_for_two_weeks_is_given_up() {
        let failed = Undelivered { says: "no".into(), then: Then::Again(None) };
        let came = after(&parcel(300), failed, at("2026-12-08T08:00:00Z"));
        assert_eq!(came, Tried::GivenUp { says: "no, for 14 days now".into() });
    }
}
