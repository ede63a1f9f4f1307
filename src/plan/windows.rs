//! Where listings can begin after a pass that asked for tickets themselves.

use std::collections::BTreeMap;

use chrono::{SubsecRound, TimeDelta};

use crate::domain::known::Want;
use crate::domain::listing::{Home, Manners, OVERLAP, Window};
use crate::domain::lookup::LookupKind;
use crate::domain::time::Moment;

/// The windows that a pass makes possible: one of each home that has none, and of each whose tickets that were found
/// were all seen since the pass began. `wants` is what is known after it, `before` the windows that are kept, `took` how
/// long the asking took.
///
/// A ticket may have changed after it was answered and before another one was that tells of a later change. Both lie
/// within the pass, so its length is what such a listing must reach back; nobody's clock comes into it.
pub fn windows(wants: &[Want], before: &[Window], manners: &Manners, began: Moment, took: TimeDelta) -> Vec<Window> {
    let mut homes: BTreeMap<Home, Seen> = BTreeMap::new();
    for want in wants.iter().filter(|want| want.lookup == Some(LookupKind::Found)) {
        let seen = homes.entry(Home::of(&want.ticket)).or_default();
        if want.good_at.is_some_and(|good| good >= began) {
            seen.some = true;
            seen.newest = seen.newest.max(want.updated_at);
        } else {
            seen.missed = true;
        }
    }
    let mut windows = Vec::new();
    for (home, seen) in homes.into_iter().filter(|(_, seen)| seen.some) {
        let Some(manner) = manners.get(&home.tracker) else { continue };
        let before = before.iter().find(|window| window.home == home && window.credential == manner.credential);
        // Listed in this pass, which tells more; or still good for those that were not seen in it.
        if before.is_some_and(|window| window.begun_at >= began || seen.missed) {
            continue;
        }
        let since = match manner.time {
            Some(time) => Some(time - took),
            None => seen.newest.map(|newest| newest - took.max(OVERLAP)),
        };
        let since = since.map(|since| since.trunc_subsecs(0));
        // Where a listing came further before, there it can go on: everything was seen since.
        let since = since.max(before.and_then(|window| window.since));
        let tag = before.filter(|window| window.since == since).and_then(|window| window.tag.clone());
        let credential = manner.credential.clone();
        windows.push(Window { home, credential, since, tag, begun_at: began });
    }
    windows
}

/// What a pass saw of a home.
#[derive(Default)]
struct Seen {
    /// The last change among the tickets seen in it.
    newest: Option<Moment>,
    some: bool,
    /// Whether any ticket that was found before was not seen in it.
    missed: bool,
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::windows;
    use crate::domain::known::Want;
    use crate::domain::listing::{Home, Manner, Manners, Window};
    use crate::domain::lookup::{Ask, LookupKind};
    use crate::domain::policy::Cadence;
    use crate::domain::ticket::TicketId;
    use crate::domain::time::Moment;
    use crate::domain::tracker::{TrackerId, TrackerKind};
    use crate::plan::{Reach, Terms, due};

    const BEGAN: &str = "2026-06-01T12:00:00Z";

    fn at(minutes: i64) -> Moment {
        BEGAN.parse::<Moment>().unwrap() + TimeDelta::minutes(minutes)
    }

    /// An open ticket of `acme/rocket`, seen a minute after the pass began, changed an hour before.
    fn want(number: u64) -> Want {
        Want {
            ticket: format!("github:acme/rocket#{number}").parse().unwrap(),
            remedy: true,
            followed: false,
            asked_at: Some(at(1)),
            told_at: Some(at(1)),
            lookup: Some(LookupKind::Found),
            closed: Some(false),
            closed_at: None,
            looked_at: None,
            good_at: Some(at(1)),
            updated_at: Some(at(-60)),
            listed_since: None,
            nudge: None,
            moved_to: None,
            last_look: None,
            unlooked: None,
        }
    }

    fn manners(at_once: usize) -> Manners {
        let manner = Manner { at_once, credential: "ours".to_owned(), time: None };
        [(TrackerId::first(TrackerKind::GitHub), manner)].into()
    }

    fn window() -> Window {
        let ticket: TicketId = "github:Acme/Rocket#1".parse().unwrap();
        Window {
            home: Home::of(&ticket),
            credential: "ours".to_owned(),
            since: Some(at(-75)),
            tag: None,
            begun_at: at(0),
        }
    }

    #[test]
    fn a_window_begins_before_the_last_change_by_as_much_as_the_asking_took() {
        let mut wants = vec![want(1), want(2)];
        wants[1].updated_at = Some(at(-600));
        let windows = |wants: &[Want], before: &[Window], took| {
            windows(wants, before, &manners(100), at(0), TimeDelta::minutes(took))
        };
        assert_eq!(windows(&wants, &[], 2), [window()]);
        assert_eq!(windows(&wants, &[], 40)[0].since, Some(at(-100)));
        assert_eq!(windows(&wants, &[window()], 2), [], "it was listed in this pass");
        let further = Window { since: Some(at(-20)), tag: Some("t".to_owned()), begun_at: at(-15), ..window() };
        let kept = Window { begun_at: at(0), ..further.clone() };
        assert_eq!(windows(&wants, std::slice::from_ref(&further), 2), [kept], "what listings came to is kept");
        let strange = Window { credential: "theirs".to_owned(), ..further };
        assert_eq!(windows(&wants, &[strange], 2), [window()]);
        wants[1].good_at = Some(at(-1));
        let old = Window { begun_at: at(-15), ..window() };
        assert_eq!(windows(&wants, &[], 2), [window()], "it does not speak for the one that was not seen");
        assert_eq!(windows(&wants, std::slice::from_ref(&old), 2), [], "the old one does");
        wants[1].lookup = Some(LookupKind::Hidden);
        assert_eq!(windows(&wants, &[old], 2), [window()], "nobody lists what is not shown");
    }

    #[test]
    fn where_a_tracker_tells_the_time_a_window_begins_when_the_pass_did() {
        let mut manners = manners(100);
        manners.values_mut().for_each(|manner| manner.time = Some(at(33)));
        let made = windows(&[want(1)], &[], &manners, at(0), TimeDelta::minutes(3));
        assert_eq!(made, [Window { since: Some(at(30)), ..window() }]);
    }

    #[test]
    fn a_listing_speaks_for_what_was_found_in_time_and_asked_for_within_a_day() {
        let told = |change: fn(&mut Want)| {
            let mut wants: Vec<Want> = (1..=5).map(want).collect();
            change(&mut wants[0]);
            let (windows, manners) = ([window()], manners(4));
            let terms = Terms { now: at(15), cadence: Cadence::default(), windows: &windows, manners: &manners };
            let plan = due(&wants, Reach::Everything, terms);
            assert_eq!(plan.tickets(), 5);
            plan.listings[0].asks.len()
        };
        for (speaks, change) in [
            (true, (|_| {}) as fn(&mut Want)),
            (true, |want| want.good_at = Some(at(0))),
            (false, |want| want.good_at = Some(at(-1))),
            (false, |want| want.good_at = Some(at(20))),
            (false, |want| want.lookup = Some(LookupKind::Moved)),
            (false, |want| want.lookup = Some(LookupKind::Unknown)),
            (false, |want| want.lookup = None),
            (false, |want| want.listed_since = Some(at(15 - 24 * 60))),
            (true, |want| want.listed_since = Some(at(16 - 24 * 60))),
            (true, |want| want.closed = Some(true)),
        ] {
            assert_eq!(told(change), if speaks { 5 } else { 4 });
        }
    }

    #[test]
    fn what_is_cheaper_is_done() {
        let wants: Vec<Want> = (1..=100).map(want).collect();
        let quiet: Vec<Want> = wants.iter().map(|want| Want { closed: Some(true), ..want.clone() }).collect();
        let strange = Window { credential: "theirs".to_owned(), ..window() };
        for (wants, reach, at_once, window, now, listed) in [
            (&wants, Reach::Everything, 100, window(), 15, 100),
            (&wants, Reach::Everything, 101, window(), 15, 0),
            (&wants, Reach::Everything, 1, window(), 15, 100),
            (&wants, Reach::Due, 100, window(), 15, 100),
            (&quiet, Reach::Due, 100, window(), 15, 0),
            (&quiet, Reach::Everything, 100, window(), 15, 100),
            (&wants, Reach::Full, 100, window(), 15, 0),
            (&wants, Reach::Everything, 100, strange, 15, 0),
            (&wants, Reach::Everything, 100, window(), -1, 0),
        ] {
            let (windows, manners) = ([window], manners(at_once));
            let terms = Terms { now: at(now), cadence: Cadence::default(), windows: &windows, manners: &manners };
            let plan = due(wants, reach, terms);
            let by_listing: usize = plan.listings.iter().map(|listing| listing.asks.len()).sum();
            assert_eq!(by_listing, listed);
        }
    }

    #[test]
    fn a_change_is_settled_once_no_further_one_can_hide_behind_it() {
        let settled = |good: i64, updated: i64| {
            let want = Want { good_at: Some(at(good)), updated_at: Some(at(updated)), ..want(1) };
            let (windows, manners) = ([window()], manners(100));
            let terms = Terms { now: at(15), cadence: Cadence::default(), windows: &windows, manners: &manners };
            let [Ask { settled, .. }] = &due(&[want], Reach::Everything, terms).asks[..] else { panic!() };
            *settled
        };
        assert_eq!(settled(15, 0), Some(at(0)));
        assert_eq!(settled(14, 0), None);
        assert_eq!(settled(0, 10), None, "the tracker's clock is ahead");
    }
}
