//! Findings that people accepted: set aside, never dropped; a waiver that ran out is a finding itself.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::domain::challenge::ChallengeId;
use crate::domain::document::Owner;
use crate::domain::finding::{Code, Finding, Severity};
use crate::domain::judged::{Judged, Waived};
use crate::domain::known::{Known, KnownTicket};
use crate::domain::lookup::LookupKind;
use crate::domain::policy::Policy;
use crate::domain::ticket::TicketId;
use crate::domain::waiver::{NOTICE, Origin, Waiver};

use super::words;

/// Sets aside the findings that a waiver in force matches, and adds a finding for each waiver that ran out or soon will.
/// `today` is the day in UTC, `untold` as for [`Waiving::complaints`].
pub fn waive(
    mut judged: Judged,
    waivers: &[Waiver],
    policy: &Policy,
    today: NaiveDate,
    untold: Option<&Untold>,
) -> Judged {
    let mut waiving = Waiving::new(waivers, today);
    waiving.sift(&mut judged);
    judged.findings.extend(waiving.complaints(policy, untold));
    judged
}

/// What the last look-up of tickets did not tell: that nothing is found there proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Untold {
    tickets: BTreeSet<TicketId>,
    /// Of the challenges that cite them.
    challenges: BTreeSet<ChallengeId>,
    /// Of the lines on which they are cited, by document and number.
    lines: BTreeSet<(Arc<str>, u32)>,
    /// Nobody knows of what.
    anything: bool,
}

impl Untold {
    /// Something, and nobody knows of what.
    pub fn anything() -> Self {
        Self { anything: true, ..Self::default() }
    }

    /// Of what is known, or of a portion of it.
    pub fn of(known: &Known) -> Self {
        let proves =
            |ticket: &KnownTicket| matches!(ticket.lookup, LookupKind::Found | LookupKind::Moved | LookupKind::Gone);
        let told = |id: &TicketId| known.ticket(id).is_some_and(proves);
        let mut untold = Self::default();
        for id in known.tickets.keys() {
            // The verdict on a ticket rests on those that it points at as well.
            let mut beyond = known.follows.get(id).into_iter().flatten();
            if !told(id) || beyond.any(|follow| !told(&follow.to)) {
                untold.tickets.insert(id.clone());
            }
        }
        for document in &known.documents {
            for reference in document.references.iter().filter(|one| untold.tickets.contains(&one.ticket)) {
                untold.lines.insert((Arc::clone(&reference.place.path), reference.place.line));
                if let Owner::Challenge { challenge, .. } = reference.owner {
                    untold.challenges.extend(document.challenges.get(challenge).map(|one| one.id.clone()));
                }
            }
        }
        untold
    }

    /// Adds that of another portion.
    pub fn add(&mut self, other: Self) {
        self.tickets.extend(other.tickets);
        self.challenges.extend(other.challenges);
        self.lines.extend(other.lines);
        self.anything |= other.anything;
    }

    /// Whether a waiver is about any of it.
    fn concerns(&self, waiver: &Waiver) -> bool {
        match (&waiver.ticket, &waiver.challenge, &waiver.from) {
            _ if self.anything => true,
            (Some(ticket), ..) => self.tickets.contains(ticket),
            (None, Some(challenge), _) => self.challenges.contains(challenge),
            (None, None, Origin::Document { place, line }) => self.lines.contains(&(Arc::clone(&place.path), *line)),
            (None, None, _) => !self.tickets.is_empty(),
        }
    }
}

/// Waivers and what they were good for, while findings come in.
pub struct Waiving<'a> {
    waivers: &'a [Waiver],
    today: NaiveDate,
    used: Vec<bool>,
    missed: Vec<bool>,
}

impl<'a> Waiving<'a> {
    /// Before any finding came. `today` is the day in UTC.
    pub fn new(waivers: &'a [Waiver], today: NaiveDate) -> Self {
        Self { waivers, today, used: vec![false; waivers.len()], missed: vec![false; waivers.len()] }
    }

    /// Sets aside the findings that a waiver in force matches.
    pub fn sift(&mut self, judged: &mut Judged) {
        for finding in std::mem::take(&mut judged.findings) {
            let matching: Vec<usize> =
                (0..self.waivers.len()).filter(|at| accepts(&self.waivers[*at], &finding)).collect();
            matching.iter().for_each(|at| self.used[*at] = true);
            // The day named is still covered. One that was renewed elsewhere covers for one that ran out.
            match matching.iter().find(|at| self.waivers[**at].until >= self.today) {
                Some(at) => judged.waived.push(Waived { finding, waiver: self.waivers[*at].clone() }),
                None => {
                    matching.iter().for_each(|at| self.missed[*at] = true);
                    judged.findings.push(finding);
                }
            }
        }
        // What is not told yet is there all the same: a waiver for it is not idle.
        for finding in &judged.withheld {
            let matching = self.waivers.iter().zip(&mut self.used).filter(|(waiver, _)| accepts(waiver, finding));
            matching.for_each(|(_, used)| *used = true);
        }
    }

    /// A finding for each waiver that ran out or soon will, after all other findings came. That one matches nothing can
    /// only be said where everything was looked at, and of what could be told: `untold` is the rest; `None` where
    /// documents were left out, and what a waiver covers may stand in those. One that stands in a document that was looked at
    /// is there to be mended all the same.
    pub fn complaints(self, policy: &Policy, untold: Option<&Untold>) -> Vec<Finding> {
        // A snooze ends by itself: what it covered is told again, and that says it all.
        let decisions = self.waivers.iter().enumerate().filter(|(_, waiver)| !waiver.manner.is_snooze());
        let complaints = decisions.filter_map(|(at, waiver)| {
            let ran_out = waiver.until < self.today;
            let ends_soon = !ran_out && waiver.until - self.today < NOTICE;
            let code = match (ran_out, self.used[at]) {
                (true, true) if self.missed[at] => Code::ExpiredWaiver,
                (true, false) if untold.is_some() || waiver.is_written() => Code::ExpiredWaiver,
                (false, false) if untold.is_some_and(|untold| !untold.concerns(waiver)) => Code::UnusedWaiver,
                (false, true) if ends_soon => Code::EndingWaiver,
                _ => return None,
            };
            (policy.severity(code) != Severity::Off).then(|| complaint(waiver, code, policy))
        });
        complaints.collect()
    }
}

/// Whether a waiver is about this finding.
pub fn accepts(waiver: &Waiver, finding: &Finding) -> bool {
    waiver.code == finding.code
        && waiver.ticket.as_ref().is_none_or(|ticket| finding.ticket.as_ref() == Some(ticket))
        && match &waiver.challenge {
            Some(challenge) => {
                finding.challenge.as_ref() == Some(challenge) || on_its_line(waiver, finding) == Some(true)
            }
            None => on_its_line(waiver, finding) != Some(false),
        }
}

/// Whether a finding stands on the line for which an author wrote the waiver; `None` for one of elsewhere.
fn on_its_line(waiver: &Waiver, finding: &Finding) -> Option<bool> {
    let Origin::Document { place, line } = &waiver.from else { return None };
    Some(finding.place.as_ref().is_some_and(|found| (&found.path, found.line) == (&place.path, *line)))
}

fn complaint(waiver: &Waiver, code: Code, policy: &Policy) -> Finding {
    let about = waiver.about();
    let written = if let Origin::Document { place, .. } = &waiver.from { Some(place) } else { None };
    let identity = match written {
        Some(place) => format!("{}|{about}|{}|{}", waiver.code, place.path, waiver.reason),
        None => format!("{}|{about}", waiver.code),
    };
    let what = format!("the waiver of `{}` for {about}", waiver.code);
    let (until, reason, from) = (words::day(waiver.until), &waiver.reason, &waiver.from);
    let (message, hint) = match code {
        Code::ExpiredWaiver => (
            format!("{what} ran out on {until} ({reason}; {from})"),
            "decide again: mend what it covered, or give it a new end and reason".to_owned(),
        ),
        Code::EndingWaiver => (
            format!("{what} ends on {until} ({reason}; {from})"),
            "decide again before that: mend what it covers, or give it a new end and reason".to_owned(),
        ),
        _ => (
            format!("{what} matches no finding ({reason}; {from})"),
            match from {
                Origin::Configuration(_) | Origin::Document { .. } => "remove it, or correct what it names".to_owned(),
                Origin::Store { number, .. } => format!("remove it: dragnet waive --remove {number}"),
            },
        ),
    };
    Finding {
        code,
        severity: policy.severity(code),
        challenge: waiver.challenge.clone(),
        ticket: waiver.ticket.clone(),
        role: None,
        place: written.cloned(),
        message,
        hint: Some(hint),
        evidence: Vec::new(),
        first_seen: None,
        fingerprint: super::findings::fingerprint(code, &identity),
        rests_on: None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Untold, waive};
    use crate::domain::finding::Code;
    use crate::domain::policy::Policy;
    use crate::domain::waiver::{Manner, Origin, Waiver};
    use crate::judge::testing::{Register, day, id, jira, moment};

    fn waiver(code: Code, until: &str) -> Waiver {
        Waiver {
            code,
            ticket: Some(id("jira:OPS-7")),
            challenge: None,
            by: None,
            reason: "later".to_owned(),
            until: day(until),
            manner: Manner::Accepted,
            from: Origin::Configuration("dragnet.toml:9:8".to_owned()),
        }
    }

    /// Codes found on 1 June 2026 on the waivers given, and how many findings are set aside.
    fn found(waivers: &[Waiver], full: bool) -> (Vec<Code>, usize) {
        let register = Register::new().challenge("slow builds", &["jira:OPS-7"], &["2021-01-01"], &[]).knows(jira(
            "OPS-7",
            "Closed",
            Some("Won't Do"),
        ));
        let judged = crate::judge::judge(&register.known, &Policy::default(), moment("2026-06-01"));
        let untold = Untold::of(&register.known);
        let judged = waive(judged, waivers, &Policy::default(), day("2026-06-01"), full.then_some(&untold));
        (judged.findings.iter().map(|finding| finding.code).collect(), judged.waived.len())
    }

    #[test]
    fn a_waiver_holds_until_its_last_day_and_speaks_up_before_and_after() {
        use Code::{ClosedUndone, EndingWaiver, ExpiredWaiver, StaleTicket, UnusedWaiver};
        for (code, until, full, expected) in [
            (ClosedUndone, "2026-12-01", true, (vec![], 1)),
            (ClosedUndone, "2026-06-15", true, (vec![], 1)),
            (ClosedUndone, "2026-06-14", true, (vec![EndingWaiver], 1)),
            (ClosedUndone, "2026-06-01", false, (vec![EndingWaiver], 1)),
            (ClosedUndone, "2026-05-31", false, (vec![ClosedUndone, ExpiredWaiver], 0)),
            (StaleTicket, "2026-06-03", true, (vec![ClosedUndone, UnusedWaiver], 0)),
            (StaleTicket, "2026-06-03", false, (vec![ClosedUndone], 0)),
            (StaleTicket, "2026-05-31", true, (vec![ClosedUndone, ExpiredWaiver], 0)),
            (StaleTicket, "2026-05-31", false, (vec![ClosedUndone], 0)),
        ] {
            assert_eq!(found(&[waiver(code, until)], full), expected, "{code} until {until}, {full}");
        }
    }

    #[test]
    fn one_that_was_renewed_is_no_reproach() {
        let old = waiver(Code::ClosedUndone, "2026-05-31");
        let new = waiver(Code::ClosedUndone, "2026-09-01");
        assert_eq!(found(&[old.clone(), new.clone()], true), (vec![], 1));
        assert_eq!(found(&[new, old], true), (vec![], 1));
    }

    #[test]
    fn a_waiver_for_what_is_not_told_yet_is_not_idle() {
        let register = Register::new().challenge("slow builds", &["jira:OPS-7"], &["2021-01-01"], &[]).knows(jira(
            "OPS-7",
            "Closed",
            Some("Won't Do"),
        ));
        let policy = Policy { grace: chrono::TimeDelta::days(3), ..Policy::default() };
        let waivers = [waiver(Code::ClosedUndone, "2021-06-01"), waiver(Code::Reverted, "2021-06-01")];
        for (today, expected) in [("2021-05-05", &[Code::UnusedWaiver][..]), ("2021-05-09", &[Code::UnusedWaiver])] {
            let judged = crate::judge::judge(&register.known, &policy, moment(today));
            let withheld = usize::from(today < "2021-05-07");
            assert_eq!(judged.withheld.len(), withheld, "{today}");
            let judged = waive(judged, &waivers, &policy, day(today), Some(&Untold::default()));
            assert_eq!(judged.findings.iter().map(|f| f.code).collect::<Vec<_>>(), expected, "{today}");
            assert_eq!(judged.waived.len(), 1 - withheld, "{today}");
        }
    }
}
