//! Which tickets to ask for, in which order.

use chrono::TimeDelta;

use crate::domain::known::Want;
use crate::domain::lookup::{Ask, LookupKind};
use crate::domain::policy::Cadence;
use crate::domain::time::Moment;

/// How much a pass asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Every ticket.
    Everything,
    /// What is due at this moment.
    Due(Moment, Cadence),
}

/// The tickets to ask for, each once.
///
/// Where a limit cuts a pass short, what was asked first is what is known: so tickets never seen come first, then
/// promised fixes, then those whose last answer is oldest.
pub fn due(wants: &[Want], reach: Reach) -> Vec<Ask> {
    let mut due: Vec<&Want> = wants.iter().filter(|want| is_due(want, reach)).collect();
    due.sort_by_key(|want| (want.asked_at.is_some(), !want.remedy, want.asked_at, want.ticket.clone()));
    due.dedup_by(|a, b| a.ticket == b.ticket);
    due.into_iter()
        .map(|want| Ask {
            ticket: want.ticket.clone(),
            looked_at: want.looked_at.clone(),
            open: want.closed == Some(false),
        })
        .collect()
}

fn is_due(want: &Want, reach: Reach) -> bool {
    let (Reach::Due(now, cadence), Some(asked_at)) = (reach, want.asked_at) else { return true };
    now - asked_at >= pause(want, now, cadence)
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
    use super::{Reach, due};
    use crate::domain::known::Want;
    use crate::domain::lookup::LookupKind;
    use crate::domain::policy::Cadence;
    use crate::domain::time::Moment;

    #[test]
    fn unseen_then_remedies_then_the_longest_unasked() {
        let want = |ticket: &str, remedy, asked: Option<&str>| Want {
            ticket: ticket.parse().unwrap(),
            remedy,
            asked_at: asked.map(|at| at.parse().unwrap()),
            lookup: None,
            closed: None,
            closed_at: None,
            looked_at: None,
        };
        let wants = [
            want("jira:A-1", false, Some("2026-01-01T00:00:00Z")),
            want("jira:A-2", true, Some("2026-01-03T00:00:00Z")),
            want("jira:A-3", true, Some("2026-01-02T00:00:00Z")),
            want("jira:A-4", false, None),
            want("jira:A-5", true, None),
            want("jira:A-6", true, Some("2026-01-05T00:00:00Z")),
        ];
        let keys: Vec<String> = due(&wants, Reach::Everything).iter().map(|ask| ask.ticket.key().to_string()).collect();
        assert_eq!(keys, ["A-5", "A-4", "A-3", "A-2", "A-6", "A-1"]);
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
        ] {
            let want = Want {
                ticket: "jira:A-1".parse().unwrap(),
                remedy: true,
                asked_at: Some(hours(asked_hours_ago)),
                lookup: Some(lookup),
                closed,
                closed_at: closed_hours_ago.map(hours),
                looked_at: None,
            };
            let asked = due(std::slice::from_ref(&want), Reach::Due(now, Cadence::default()));
            assert_eq!(!asked.is_empty(), is_due, "{want:?}");
            assert_eq!(due(&[want], Reach::Everything).len(), 1);
        }
    }
}
