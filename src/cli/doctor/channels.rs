//! Can digests be sent? Each channel is looked at without sending anything, and what became of the last message is told.

use super::{Check, How};
use crate::config::Config;
use crate::domain::channel::{Mailbag, Then};
use crate::http::{Client, Limits};
use crate::notify::Notifier;
use crate::store::Store;

pub(super) async fn look(config: &Config, store: Option<&Store>) -> Vec<Check> {
    if config.digests.is_empty() {
        return Vec::new();
    }
    let (digests, http) = match (config.digest_settings(), Client::new(Limits::default())) {
        (Ok(digests), Ok(http)) => (digests, http),
        (Err(error), _) => return vec![Check::error("digests", &error.into())],
        (_, Err(error)) => return vec![Check::error("digests", &error.into())],
    };
    let bags = match store {
        Some(store) => store.mailbags().await.unwrap_or_default(),
        None => Vec::new(),
    };
    let notifier = Notifier::new(&http);
    let mut checks = Vec::new();
    for digest in &digests {
        let what = format!("digest {}", digest.name);
        checks.push(match notifier.examine(&digest.channel).await {
            Ok(says) => Check::right(&what, says),
            Err(failed) if failed.then == Then::Never => {
                Check::not(How::Wrong, &what, failed.says, "correct where it goes, or the secret of that")
            }
            Err(failed) => {
                let fix = "try again later; from here, can that be reached, and is the account right?";
                Check::not(How::Unknown, &what, failed.says, fix)
            }
        });
        checks.extend(bags.iter().find(|bag| bag.digest == digest.name).and_then(|bag| last(&what, bag)));
    }
    checks
}

/// What became of what was to be sent.
fn last(what: &str, bag: &Mailbag) -> Option<Check> {
    let says = bag.says.as_deref().unwrap_or("not tried yet");
    match (bag.failed, bag.waiting) {
        (0, 0) => bag.spoke_at.map(|at| Check::right(what, format!("last message from {at}"))),
        (0, waiting) => {
            let fix = "`dragnet serve` tries it again by itself, `dragnet digest send --now` at once";
            Some(Check::not(How::Doubtful, what, format!("{waiting} waiting to be sent: {says}"), fix))
        }
        (failed, _) => {
            let fix = "mend that; then `dragnet digest send --now` tries it again";
            Some(Check::not(How::Wrong, what, format!("{failed} that nobody takes: {says}"), fix))
        }
    }
}
