//! Closings by the dozen, seen across all tickets known: who closed how many within minutes. Comments rarely say so.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::closing::{is_bot, is_merge_bot};
use crate::domain::details::Event;
use crate::domain::known::Known;
use crate::domain::portion::Closed;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::tracker::TrackerId;

/// Closings by one person within this time belong together.
pub(super) const AT_ONCE: TimeDelta = TimeDelta::minutes(10);

/// How many other tickets the same person closed within minutes of each; tickets without others are left out.
pub(super) fn crowds(closings: &[Closed]) -> BTreeMap<TicketId, usize> {
    let mut by_person: BTreeMap<(&TrackerId, &str), Vec<(Moment, &TicketId)>> = BTreeMap::new();
    for Closed { ticket, by, at, .. } in closings {
        by_person.entry((ticket.tracker(), by)).or_default().push((*at, ticket));
    }
    let mut crowds = BTreeMap::new();
    for closings in by_person.values_mut() {
        closings.sort_unstable();
        let (mut first, mut behind) = (0, 0);
        for (at, id) in closings.iter() {
            while closings[first].0 + AT_ONCE < *at {
                first += 1;
            }
            while closings.get(behind).is_some_and(|(other, _)| *other <= *at + AT_ONCE) {
                behind += 1;
            }
            let others = behind - first - 1;
            if others > 0 {
                crowds.insert((*id).clone(), others);
            }
        }
    }
    crowds
}

/// The closings by hand among all that is known.
pub(super) fn closings(known: &Known) -> Vec<Closed> {
    let closed = known.tickets.iter().filter_map(|(id, ticket)| {
        let facts = ticket.facts.as_ref().filter(|facts| facts.closed && facts.merged != Some(true))?;
        let (by, at) = (facts.closed_by.as_deref()?, facts.closed_at?);
        let closed = || Closed { ticket: id.clone(), by: by.to_owned(), at, events: Vec::new() };
        by_hand(by, &facts.details.events).then(closed)
    });
    closed.collect()
}

/// Whether a person closed it with their own hands. Whoever pushes a branch closes all that its commits name in one second,
/// and programs that merge close what they merge.
pub(super) fn by_hand(by: &str, events: &[Event]) -> bool {
    let landed = |commit: Option<&String>| commit.is_some_and(|name| !name.is_empty());
    let by_change = events
        .iter()
        .any(|event| event.kind == "closed" && (landed(event.commit.as_ref()) || landed(event.pull.as_ref())));
    !by_change && !is_bot(by) && !is_merge_bot(by)
}
