//! Once a day, what is over and older than the policy keeps is removed, beside the passes.

use chrono::TimeDelta;

use crate::domain::retention::{Keep, Past, Retention};
use crate::domain::time::Moment;
use crate::store::{Store, StoreError};

/// How long after one removal the next is due; a little less than a day, so that a daily pass finds it due.
const EVERY: TimeDelta = TimeDelta::hours(23);

/// Removes what is old enough, if that is due. What goes wrong is told: nothing rests on it.
pub(super) async fn remove_what_is_old(store: Store, retention: Retention, now: Moment) {
    match remove(&store, &retention, now).await {
        Ok(Some(removed)) if removed.is_empty() => tracing::debug!("nothing is older than the policy keeps it"),
        Ok(Some(removed)) => {
            tracing::info!("removed what is older than `[retention]` keeps it: {}", removed.join(", "));
        }
        Ok(None) => {}
        Err(error) => tracing::warn!("cannot remove what is old: {:#}", anyhow::Error::from(error)),
    }
}

/// What was removed, in words; `None` where it is not due.
async fn remove(store: &Store, retention: &Retention, now: Moment) -> Result<Option<Vec<String>>, StoreError> {
    // A time that is to come was noted under a wrong clock.
    if store.last_removal().await?.is_some_and(|last| (last..last + EVERY).contains(&now)) {
        return Ok(None);
    }
    store.note_removal(now).await?;
    let mut removed = Vec::new();
    for past in Past::ALL {
        let Keep::For(age) = past.kept(retention) else { continue };
        let count = store.forget(past, now - age).await?;
        if count > 0 {
            removed.push(format!("{} {count}", past.word()));
        }
    }
    Ok(Some(removed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_is_done_once_a_day_by_what_the_policy_says() {
        let store = Store::in_memory().await.unwrap();
        let writer = store.unfenced();
        let at = |text: &str| -> Moment { text.parse().unwrap() };
        for day in 1..=9 {
            let started_at = at(&format!("2026-01-0{day}T00:00:00Z"));
            let id = writer.begin_run(started_at).await.unwrap();
            let run = crate::domain::known::Run {
                started_at,
                ended_at: Some(started_at),
                complete: true,
                asked: 0,
                unknown: 0,
            };
            writer.end_run(id, &run).await.unwrap();
        }
        let retention = |passes| Retention { passes, ..Retention::default() };
        let (week, ever) = (Keep::For(TimeDelta::days(7)), Keep::Forever);
        for (now, keep, expected) in [
            ("2026-01-10T00:00:00Z", ever, Some(vec![])),
            ("2026-01-10T22:00:00Z", week, None),
            ("2026-01-11T00:00:00Z", week, Some(vec!["pass 3".to_owned()])),
            ("2026-01-11T12:00:00Z", week, None),
            ("2026-01-01T00:00:00Z", week, Some(vec![])),
            ("2026-01-20T00:00:00Z", week, Some(vec!["pass 5".to_owned()])),
        ] {
            assert_eq!(remove(&store, &retention(keep), at(now)).await.unwrap(), expected, "{now}");
        }
    }
}
