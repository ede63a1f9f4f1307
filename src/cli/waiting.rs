//! Closings that wait for a closer look, in words: a look that is put off because it failed is not put off in silence.

use std::collections::BTreeMap;

use super::output::complain;
use super::progress::count;
use crate::domain::known::Unlooked;
use crate::domain::policy::Cadence;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::tracker::TrackerId;
use crate::sync::Shop;

/// What waits, by tracker.
pub(super) struct Waiting(BTreeMap<TrackerId, Group>);

/// The closings of one tracker that wait.
struct Group {
    closings: usize,
    /// Since when looking fails.
    since: Moment,
    /// From when on it is tried again.
    again: Moment,
}

impl Waiting {
    /// As the store of this shop knows it.
    pub(super) async fn at(shop: &Shop) -> anyhow::Result<Self> {
        Ok(Self::of(&shop.store.unlooked().await?, shop.policy.cadence))
    }

    /// Of these closings.
    pub(super) fn of(unlooked: &BTreeMap<TicketId, Unlooked>, cadence: Cadence) -> Self {
        let mut groups: BTreeMap<TrackerId, Group> = BTreeMap::new();
        for (ticket, unlooked) in unlooked {
            let again = unlooked.again_at(cadence.quiet_every);
            let first = Group { closings: 0, since: unlooked.since, again };
            let group = groups.entry(ticket.tracker().clone()).or_insert(first);
            group.closings += 1;
            group.since = group.since.min(unlooked.since);
            group.again = group.again.min(again);
        }
        Self(groups)
    }

    /// A sentence for each tracker.
    pub(super) fn lines(&self) -> impl Iterator<Item = (&TrackerId, String)> {
        self.0.iter().map(|(tracker, Group { closings, since, again })| {
            let minute = |at: &Moment| at.format("%Y-%m-%d %H:%M UTC");
            let says = format!(
                "{} not looked at closely, which fails since {}; it is tried again from {} on",
                count(*closings, "closing"),
                minute(since),
                minute(again)
            );
            (tracker, says)
        })
    }

    /// Says it as warnings, on standard error.
    pub(super) fn warn(&self) {
        for (tracker, says) in self.lines() {
            complain(&format!("warning: {tracker}: {says}"));
        }
    }

    /// How many of this tracker.
    pub(super) fn closings(&self, tracker: &TrackerId) -> usize {
        self.0.get(tracker).map_or(0, |group| group.closings)
    }

    /// How many, by tracker.
    pub(super) fn json(&self) -> serde_json::Value {
        let number = |(tracker, group): (&TrackerId, &Group)| (tracker.to_string(), group.closings.into());
        serde_json::Value::Object(self.0.iter().map(number).collect())
    }
}
