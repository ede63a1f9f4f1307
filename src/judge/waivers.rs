//! Findings that people accepted: set aside, never dropped; a waiver that ran out is a finding itself.

use chrono::NaiveDate;

use crate::domain::finding::{Code, Finding, Severity};
use crate::domain::judged::{Judged, Waived};
use crate::domain::policy::Policy;
use crate::domain::waiver::Waiver;

/// Sets aside the findings that a waiver in force matches, and adds a finding for each waiver that ran out. `today` is
/// the day in UTC. Only when everything was looked at (`full`) can a waiver be said to match nothing: what it covers may
/// stand in a document that was left out.
pub fn waive(mut judged: Judged, waivers: &[Waiver], policy: &Policy, today: NaiveDate, full: bool) -> Judged {
    let mut used = vec![false; waivers.len()];
    let mut kept = Vec::new();
    for finding in judged.findings {
        let matching = waivers.iter().position(|waiver| matches(waiver, &finding));
        match matching {
            Some(at) => {
                used[at] = true;
                // The day named is still covered.
                if waivers[at].until >= today {
                    judged.waived.push(Waived { finding, waiver: waivers[at].clone() });
                } else {
                    kept.push(finding);
                }
            }
            None => kept.push(finding),
        }
    }
    for (waiver, used) in waivers.iter().zip(used) {
        let ran_out = waiver.until < today;
        let code = match (ran_out, used) {
            (true, true) => Code::ExpiredWaiver,
            (true, false) if full => Code::ExpiredWaiver,
            (false, false) if full => Code::UnusedWaiver,
            _ => continue,
        };
        if policy.severity(code) != Severity::Off {
            kept.push(complaint(waiver, code, policy));
        }
    }
    judged.findings = kept;
    judged
}

fn matches(waiver: &Waiver, finding: &Finding) -> bool {
    waiver.code == finding.code
        && waiver.ticket.as_ref().is_none_or(|ticket| finding.ticket.as_ref() == Some(ticket))
        && waiver.challenge.as_ref().is_none_or(|challenge| finding.challenge.as_ref() == Some(challenge))
}

fn complaint(waiver: &Waiver, code: Code, policy: &Policy) -> Finding {
    let what = match (&waiver.ticket, &waiver.challenge) {
        (Some(ticket), _) => ticket.to_string(),
        (None, Some(challenge)) => challenge.to_string(),
        (None, None) => "everything".to_owned(),
    };
    let (message, hint) = if code == Code::ExpiredWaiver {
        let message =
            format!("the waiver of `{}` for {what} ran out on {} ({})", waiver.code, waiver.until, waiver.reason);
        (message, "decide again: mend what it covered, or give it a new end and reason")
    } else {
        (
            format!("the waiver of `{}` for {what} matches no finding", waiver.code),
            "remove it, or correct what it names",
        )
    };
    Finding {
        code,
        severity: policy.severity(code),
        challenge: waiver.challenge.clone(),
        ticket: waiver.ticket.clone(),
        role: None,
        place: None,
        message,
        hint: Some(hint.to_owned()),
        evidence: Vec::new(),
        first_seen: None,
        fingerprint: super::findings::fingerprint(code, &format!("{}|{what}", waiver.code)),
        rests_on: None,
    }
}
