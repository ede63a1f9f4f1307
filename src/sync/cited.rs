//! What documents cite besides tickets: looked at once a day, and by every full pass.
//!
//! A record's file is read; a wiki's page and a repository's file are asked for. What cannot be told proves nothing.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

use super::health::remember_waits;
use super::{Shop, read_text};
use crate::documents;
use crate::domain::citation::{KnownTarget, Look, Records, Sort};
use crate::domain::lookup::{LookupKind, Trouble, TroubleKind};
use crate::domain::time::Moment;
use crate::plan::Reach;
use crate::sources;
use crate::store::Lease;

/// How long what was looked at is left alone by passes on schedule.
const PAUSE: TimeDelta = TimeDelta::days(1);
/// Pages and files that a pass looks at, the longest unseen first.
const MOST: usize = 200;

/// Looks at what is cited and due.
pub(super) async fn look(shop: &Shop, lease: &Lease, reach: Reach<'_>, stop: &CancellationToken) -> anyhow::Result<()> {
    let now = shop.clock.now();
    let full = matches!(reach, Reach::Full | Reach::Everything);
    let (mut due, mut left): (BTreeMap<Sort, Vec<String>>, _) = (BTreeMap::new(), MOST);
    for (sort, target, asked_at) in shop.store.targets().await? {
        // A file of this machine costs nothing.
        let free = sort == Sort::Record;
        if free || left > 0 && (full || asked_at.is_none_or(|at| now - at >= PAUSE)) {
            left -= usize::from(!free);
            due.entry(sort).or_default().push(target);
        }
    }
    let records = due.remove(&Sort::Record).unwrap_or_default();
    let looked = shop.policy.citing.records.iter().flat_map(|kind| of_kind(kind, &records)).collect();
    remember(shop, lease, looked, now).await?;
    for (sort, mut targets) in due {
        // What one request tells stands together.
        targets.sort();
        for some in targets.chunk_by(|one, other| sort == Sort::File && branch(one) == branch(other)) {
            let looking = shop.remotes.look(sort, some);
            let Some(looked) = stop.run_until_cancelled(looking).await else { return Ok(()) };
            remember(shop, lease, looked, shop.clock.now()).await?;
            remember_waits(shop, &shop.store.under(lease)).await?;
        }
    }
    Ok(())
}

/// The address of the branch that a file stands at: `…/OWNER/REPO`, and the branch's name.
fn branch(file: &str) -> Option<(&str, &str)> {
    let (repo, rest) = file.split_once("/blob/")?;
    Some((repo, rest.split('/').next()?))
}

/// What looking at each gave.
type Looked = Vec<(String, Result<Look, Trouble>)>;

async fn remember(shop: &Shop, lease: &Lease, mut looked: Looked, now: Moment) -> anyhow::Result<()> {
    // What a limit kept us from stays due.
    looked.retain(|(_, look)| !look.as_ref().is_err_and(|trouble| trouble.kind == TroubleKind::Limit));
    if looked.is_empty() {
        return Ok(());
    }
    let known = looked.into_iter().map(|(target, look)| known(target, look, now)).collect();
    Ok(shop.store.under(lease).remember_targets(known).await?)
}

fn known(target: String, look: Result<Look, Trouble>, now: Moment) -> KnownTarget {
    let (lookup, says, title, status) = match look {
        Ok(Look::Found { title, status }) => (LookupKind::Found, None, title, status),
        Ok(Look::Gone { proof }) => (LookupKind::Gone, Some(proof), None, None),
        Err(Trouble { kind: TroubleKind::Hidden, says }) => (LookupKind::Hidden, Some(says), None, None),
        Err(Trouble { says, .. }) => (LookupKind::Unknown, Some(says), None, None),
    };
    let proven = Some(lookup).filter(|lookup| matches!(lookup, LookupKind::Found | LookupKind::Gone));
    KnownTarget { target, lookup, says, title, status, asked_at: now, proven, proven_at: proven.map(|_| now) }
}

/// The records of one kind among those cited, by the files that there are.
fn of_kind(kind: &Records, cited: &[String]) -> Looked {
    let own = |target: &&String| target.rsplit_once('-').is_some_and(|(name, _)| name == kind.name);
    let mut own = cited.iter().filter(own).peekable();
    if own.peek().is_none() {
        return Vec::new();
    }
    let files = sources::files(&kind.folder, &kind.path);
    own.map(|target| {
        let files = match &files {
            Ok(files) => files,
            Err(error) => {
                let says = format!("{error}; {}", error.hint());
                return (target.clone(), Err(Trouble { kind: TroubleKind::Unasked, says }));
            }
        };
        let number = target.rsplit('-').next().unwrap_or_default();
        let found = files.iter().find(|found| number_of(&found.name) == Some(number));
        let look = match found {
            None => Ok(Look::Gone { proof: format!("no file of `{}` has its number", kind.path) }),
            Some(found) => sources::inside(kind.fence.as_deref(), &found.file)
                .map_err(|error| error.to_string())
                .and_then(|()| read_text(&found.file).map_err(|(trouble, _)| trouble))
                .map(|text| {
                    let documents::Record { title, status } = documents::record(&text);
                    Look::Found { title, status }
                })
                .map_err(|says| Trouble { kind: TroubleKind::Outage, says }),
        };
        (target.clone(), look)
    })
    .collect()
}

/// The first number in a file's name, without zeros in front.
fn number_of(path: &str) -> Option<&str> {
    let name = path.rsplit(['/', '\\']).next()?;
    let start = name.find(|c: char| c.is_ascii_digit())?;
    let digits = &name[start..];
    let digits = &digits[..digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len())];
    let bare = digits.trim_start_matches('0');
    Some(if bare.is_empty() { &digits[digits.len() - 1..] } else { bare })
}

#[cfg(test)]
mod tests {
    use super::number_of;

    #[test]
    fn a_record_s_number_stands_in_its_file_s_name() {
        for (path, expected) in [
            ("docs/2024/0012-use-sqlite.md", Some("12")),
            ("oep-0066-user-authorization.rst", Some("66")),
            ("0000-template.md", Some("0")),
            ("adr/7.md", Some("7")),
            ("2024/index.md", None),
        ] {
            assert_eq!(number_of(path), expected, "{path}");
        }
    }
}
