//! Which tickets to ask for, in which order and in which way.

mod windows;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;

use crate::domain::details::Closing;
use crate::domain::known::Want;
use crate::domain::listing::{Home, Listing, Manner, Manners, OVERLAP, Plan, Window};
use crate::domain::lookup::{Ask, LookupKind};
use crate::domain::policy::Cadence;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::tracker::TrackerKind;

pub use windows::windows;

/// How much a pass asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach<'a> {
    /// Every ticket, each asked for itself: listings never show that one was deleted or moved.
    Full,
    /// Every ticket, by listings of what changed where these are cheaper.
    Everything,
    /// What is due, by listings of what changed where these are cheaper.
    Due,
    /// What was told longer ago than this, or not told the last time.
    Older(TimeDelta),
    /// What webhooks named since it was asked for.
    Nudged,
    /// This one.
    Only(&'a TicketId),
}

/// What planning goes by besides the tickets themselves.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// The time.
    pub now: Moment,
    /// How often tickets are asked for.
    pub cadence: Cadence,
    /// How far listings were followed.
    pub windows: &'a [Window],
    /// How trackers are asked; one that is not configured is missing.
    pub manners: &'a Manners,
}

/// What to ask for, each ticket once.
///
/// Where a limit cuts a pass short, what was asked first is what is known: so tickets that nothing was ever told
/// of come first, then those that documents cite before those that are only followed, promised fixes, then those whose
/// last answer is oldest. A question that a limit left unanswered counts for nothing here, or the same tickets would be
/// left out time and again.
///
/// A home whose tickets would take a request or more to ask for is listed instead, if we know where to go on from. The
/// listing speaks for all of its tickets that it can speak for, due or not: that costs nothing more.
pub fn due(wants: &[Want], reach: Reach<'_>, terms: Terms<'_>) -> Plan {
    let lists = matches!(reach, Reach::Everything | Reach::Due);
    let mut homes = if lists { listable(wants, terms) } else { BTreeMap::new() };
    homes.retain(|_, (window, covered)| {
        let due = covered.iter().filter(|want| is_due(want, reach, terms)).count();
        due >= terms.at_once(&window.home).max(2)
    });
    let ask = |want: &Want| ask(want, reach, terms);
    let is_listed =
        |want: &Want| homes.get(&Home::of(&want.ticket)).is_some_and(|(window, _)| speaks_for(window, want, terms));
    let mut due: Vec<&Want> = wants.iter().filter(|want| is_due(want, reach, terms) && !is_listed(want)).collect();
    due.sort_by_key(|want| (want.told_at.is_some(), want.followed, !want.remedy, want.told_at, want.ticket.clone()));
    due.dedup_by(|a, b| a.ticket == b.ticket);
    let listings = homes.into_values().map(|(window, covered)| Listing {
        window: window.clone(),
        age: terms.now - window.begun_at + OVERLAP,
        instead: covered.len().div_ceil(terms.at_once(&window.home)),
        asks: covered.into_iter().map(ask).collect(),
    });
    Plan { listings: listings.collect(), asks: due.into_iter().map(ask).collect() }
}

/// Every home whose listing we can go on with, and the tickets that it would speak for.
fn listable<'a>(wants: &'a [Want], terms: Terms<'a>) -> BTreeMap<Home, (&'a Window, Vec<&'a Want>)> {
    // A clock that was set back tells no age.
    let usable = terms.windows.iter().filter(|window| {
        terms.manner(&window.home).is_some_and(|manner| manner.credential == window.credential)
            && window.begun_at <= terms.now
    });
    let mut homes: BTreeMap<Home, (&Window, Vec<&Want>)> =
        usable.map(|window| (window.home.clone(), (window, Vec::new()))).collect();
    if homes.is_empty() {
        return homes;
    }
    for want in wants {
        if let Some((window, covered)) = homes.get_mut(&Home::of(&want.ticket))
            && speaks_for(window, want, terms)
        {
            covered.push(want);
        }
    }
    homes
}

/// Whether a listing from here on tells whether the ticket changed: it was plainly found in the pass that came as far as
/// this, or later, and was asked for itself not too long ago. What a webhook named is asked for itself: it may have been
/// deleted or moved.
fn speaks_for(window: &Window, want: &Want, terms: Terms<'_>) -> bool {
    want.lookup == Some(LookupKind::Found)
        && want.nudge.is_none()
        && want.good_at.is_some_and(|good| good >= window.begun_at && good <= terms.now)
        && want.listed_since.or(want.asked_at).is_some_and(|asked| terms.now - asked < terms.cadence.quiet_every)
}

fn ask(want: &Want, reach: Reach<'_>, terms: Terms<'_>) -> Ask {
    // Two changes within one second look like one. After the overlap no further one can have followed unseen, even if
    // the tracker's clock is some minutes off.
    let settled = want.updated_at.filter(|updated| want.good_at.is_some_and(|good| good - *updated >= OVERLAP));
    let looked_at = want.looked_at.as_ref().filter(|_| !is_looked_at_again(want, reach, terms));
    Ask {
        ticket: want.ticket.clone(),
        looked_at: left_alone(want, terms).or(looked_at).cloned(),
        open: want.closed == Some(false),
        settled,
        followed: want.followed,
        moved_to: want.moved_to.clone(),
    }
}

/// Whether a full pass looks again at a closing that did not change. That what landed was reverted is written beside the
/// change, and touches the ticket on GitHub in nothing. So promised fixes are looked at once more, and what decides on them.
fn is_looked_at_again(want: &Want, reach: Reach<'_>, terms: Terms<'_>) -> bool {
    let matters = (want.remedy || want.followed) && want.ticket.tracker().kind() == TrackerKind::GitHub;
    let closed = want.closed_at.filter(|_| reach == Reach::Full && matters);
    closed.is_some_and(|closed| is_worth_a_look(closed, want.last_look, terms.cadence, terms.now))
}

/// Whether what happened after a closing is worth another look: once a day until the closing is quiet, and then less and
/// less, a ticket that was closed ten times as long ago every ten days.
pub fn is_worth_a_look(closed: Moment, last: Option<Moment>, cadence: Cadence, now: Moment) -> bool {
    let Cadence { quiet_after, quiet_every, .. } = cadence;
    let times = (now - closed).num_seconds() / quiet_after.num_seconds().max(1);
    let pause = quiet_every.checked_mul(i32::try_from(times.max(1)).unwrap_or(i32::MAX)).unwrap_or(TimeDelta::MAX);
    last.is_none_or(|last| now - last >= pause)
}

/// The closing that is not to be looked at just now, for that failed before.
fn left_alone<'a>(want: &'a Want, terms: Terms<'_>) -> Option<&'a Arc<Closing>> {
    let unlooked = want.unlooked.as_ref()?;
    // A look that is to come was made under a wrong clock.
    let waits = unlooked.last <= terms.now && terms.now < unlooked.again_at(terms.cadence.quiet_every);
    waits.then_some(&unlooked.closing)
}

impl<'a> Terms<'a> {
    fn manner(&self, home: &Home) -> Option<&'a Manner> {
        self.manners.get(&home.tracker)
    }

    fn at_once(&self, home: &Home) -> usize {
        self.manner(home).map_or(1, |manner| manner.at_once.max(1))
    }
}

fn is_due(want: &Want, reach: Reach<'_>, terms: Terms<'_>) -> bool {
    match (reach, want.asked_at) {
        (Reach::Only(ticket), _) => want.ticket == *ticket,
        (Reach::Nudged, _) => want.nudge.is_some(),
        (Reach::Full | Reach::Everything, _) | (Reach::Due, None) => true,
        (Reach::Older(most), asked_at) => {
            let told = want.lookup.is_some_and(|lookup| lookup != LookupKind::Unknown);
            let young = |at: Moment| at <= terms.now && terms.now - at <= most;
            want.nudge.is_some() || !(told && asked_at.is_some_and(young))
        }
        (Reach::Due, Some(asked_at)) => {
            // An asking that is to come was made under a wrong clock.
            let age = terms.now - asked_at;
            want.nudge.is_some() || age < TimeDelta::zero() || age >= pause(want, terms.now, terms.cadence)
        }
    }
}

/// How long a ticket is left alone after it was asked for.
fn pause(want: &Want, now: Moment, cadence: Cadence) -> TimeDelta {
    match (want.lookup, want.closed) {
        (None | Some(LookupKind::Unknown), _) => TimeDelta::zero(),
        (Some(LookupKind::Hidden), _) => cadence.closed_every,
        (Some(LookupKind::Gone), _) => cadence.quiet_every,
        (_, Some(true)) if want.closed_at.is_some_and(|closed| now - closed >= cadence.quiet_after) => {
            cadence.quiet_every
        }
        (_, Some(true)) => cadence.closed_every,
        (_, Some(false) | None) => TimeDelta::zero(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Reach, Terms, due};
    use crate::domain::details::Closing;
    use crate::domain::known::Want;
    use crate::domain::lookup::LookupKind;
    use crate::domain::policy::Cadence;
    use crate::domain::time::Moment;

    fn terms(now: &str) -> Terms<'static> {
        static NOBODY: BTreeMap<crate::domain::tracker::TrackerId, crate::domain::listing::Manner> = BTreeMap::new();
        Terms { now: now.parse().unwrap(), cadence: Cadence::default(), windows: &[], manners: &NOBODY }
    }

    #[test]
    fn unseen_then_remedies_then_the_longest_unasked() {
        let want = |ticket: &str, remedy, asked: Option<&str>| Want {
            ticket: ticket.parse().unwrap(),
            remedy,
            followed: false,
            asked_at: asked.map(|at| at.parse().unwrap()),
            told_at: asked.map(|at| at.parse().unwrap()),
            lookup: None,
            closed: None,
            closed_at: None,
            looked_at: None,
            good_at: None,
            updated_at: None,
            listed_since: None,
            nudge: None,
            moved_to: None,
            last_look: None,
            unlooked: None,
        };
        let wants = [
            want("jira:A-1", false, Some("2026-01-01T00:00:00Z")),
            want("jira:A-2", true, Some("2026-01-03T00:00:00Z")),
            want("jira:A-3", true, Some("2026-01-02T00:00:00Z")),
            want("jira:A-4", false, None),
            want("jira:A-5", true, None),
            want("jira:A-6", true, Some("2026-01-05T00:00:00Z")),
        ];
        let keys: Vec<String> = due(&wants, Reach::Everything, terms("2026-06-30T12:00:00Z"))
            .asks
            .iter()
            .map(|ask| ask.ticket.key().to_string())
            .collect();
        assert_eq!(keys, ["A-5", "A-4", "A-3", "A-2", "A-6", "A-1"]);
    }

    #[test]
    fn what_a_webhook_named_is_due_at_once_and_alone_if_that_is_wanted() {
        let now: Moment = "2026-06-30T12:00:00Z".parse().unwrap();
        let want = |ticket: &str, nudge| Want {
            ticket: ticket.parse().unwrap(),
            remedy: true,
            followed: false,
            asked_at: Some(now),
            told_at: None,
            lookup: Some(LookupKind::Found),
            closed: Some(true),
            closed_at: Some(now),
            looked_at: None,
            good_at: Some(now),
            updated_at: None,
            listed_since: None,
            nudge,
            moved_to: None,
            last_look: None,
            unlooked: None,
        };
        let wants = [want("jira:A-1", None), want("jira:A-2", Some(7)), want("jira:A-3", None)];
        let third = "jira:A-3".parse().unwrap();
        let keys = |reach| {
            let plan = due(&wants, reach, terms("2026-06-30T12:00:00Z"));
            plan.asks.iter().map(|ask| ask.ticket.key().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(keys(Reach::Nudged), ["A-2"]);
        assert_eq!(keys(Reach::Due), ["A-2"]);
        assert_eq!(keys(Reach::Only(&third)), ["A-3"]);
        assert_eq!(keys(Reach::Everything).len(), 3);
    }

    #[test]
    fn a_full_pass_looks_at_promised_fixes_on_github_again_less_and_less() {
        let now: Moment = "2026-06-30T12:00:00Z".parse().unwrap();
        let days = |days| now - chrono::TimeDelta::days(days);
        for (ticket, remedy, closed, looked, reach, again) in [
            ("github:acme/rocket#1", true, 5, 1, Reach::Full, true),
            ("github:acme/rocket#1", true, 5, 0, Reach::Full, false),
            ("github:acme/rocket#1", true, 59, 1, Reach::Full, true),
            ("github:acme/rocket#1", true, 60, 1, Reach::Full, false),
            ("github:acme/rocket#1", true, 60, 2, Reach::Full, true),
            ("github:acme/rocket#1", true, 3000, 99, Reach::Full, false),
            ("github:acme/rocket#1", true, 3000, 100, Reach::Full, true),
            ("github:acme/rocket#1", true, 5, 1, Reach::Everything, false),
            ("github:acme/rocket#1", false, 5, 1, Reach::Full, false),
            ("jira:A-1", true, 5, 1, Reach::Full, false),
        ] {
            let closing = Closing {
                state: "closed".to_owned(),
                reason: None,
                closed_at: Some(days(closed)),
                updated_at: Some(days(closed)),
            };
            let want = Want {
                ticket: ticket.parse().unwrap(),
                remedy,
                followed: false,
                asked_at: Some(days(looked)),
                told_at: Some(days(looked)),
                lookup: Some(LookupKind::Found),
                closed: Some(true),
                closed_at: Some(days(closed)),
                looked_at: Some(closing.into()),
                good_at: Some(days(looked)),
                updated_at: Some(days(closed)),
                listed_since: None,
                nudge: None,
                moved_to: None,
                last_look: Some(days(looked)),
                unlooked: None,
            };
            let plan = due(&[want], reach, terms("2026-06-30T12:00:00Z"));
            assert_eq!(plan.asks[0].looked_at.is_none(), again, "{ticket}, {closed} days, looked at {looked} days ago");
        }
    }

    #[test]
    fn on_schedule_closed_tickets_are_asked_for_less_often() {
        use LookupKind::{Found, Gone, Hidden, Moved, Unknown};
        let now: Moment = "2026-06-30T12:00:00Z".parse().unwrap();
        let hours = |hours| now - chrono::TimeDelta::hours(hours);
        for (lookup, closed, closed_hours_ago, asked_hours_ago, is_due) in [
            (Found, Some(false), None, 0, true),
            (Unknown, Some(true), Some(9000), 0, true),
            (Found, Some(true), Some(24), 5, false),
            (Found, Some(true), Some(24), 6, true),
            (Found, Some(true), None, 5, false),
            (Moved, Some(true), Some(24 * 29), 6, true),
            (Moved, Some(true), Some(24 * 30), 6, false),
            (Found, Some(true), Some(24 * 300), 23, false),
            (Found, Some(true), Some(24 * 300), 24, true),
            (Hidden, None, None, 5, false),
            (Hidden, Some(false), None, 6, true),
            (Gone, None, None, 23, false),
            (Gone, None, None, 24, true),
            (Found, Some(true), Some(24), -1, true),
        ] {
            let want = Want {
                ticket: "jira:A-1".parse().unwrap(),
                remedy: true,
                followed: false,
                asked_at: Some(hours(asked_hours_ago)),
                told_at: Some(hours(asked_hours_ago)),
                lookup: Some(lookup),
                closed,
                closed_at: closed_hours_ago.map(hours),
                looked_at: None,
                good_at: None,
                updated_at: None,
                listed_since: None,
                nudge: None,
                moved_to: None,
                last_look: None,
                unlooked: None,
            };
            let asked = due(std::slice::from_ref(&want), Reach::Due, terms("2026-06-30T12:00:00Z")).asks;
            assert_eq!(!asked.is_empty(), is_due, "{want:?}");
            let most = chrono::TimeDelta::hours(6);
            let asked = due(std::slice::from_ref(&want), Reach::Older(most), terms("2026-06-30T12:00:00Z")).asks;
            let old = lookup == Unknown || !(0..=6).contains(&asked_hours_ago);
            assert_eq!(!asked.is_empty(), old, "{want:?}");
            assert_eq!(due(&[want], Reach::Full, terms("2026-06-30T12:00:00Z")).asks.len(), 1);
        }
    }
}
