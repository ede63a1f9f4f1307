//! What judging made of all that is known.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::challenge::ChallengeId;
use super::decision::{Decided, Flags};
use super::finding::{Code, Finding};
use super::owner::Owner;
use super::ticket::TicketId;
use super::verdict::{Judgement, Standing, Verdict};
use super::waiver::Waiver;

/// What judging made of all that is known at one moment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Judged {
    /// The verdict on every ticket cited; a person's where one decided.
    pub tickets: BTreeMap<TicketId, Judgement>,
    /// The decisions in force, each beside what the rules say.
    pub decided: BTreeMap<TicketId, Decided>,
    /// The verdict on every ticket that is only followed.
    pub followed: BTreeMap<TicketId, Judgement>,
    /// Every challenge, in the order of the documents.
    pub challenges: Vec<JudgedChallenge>,
    /// What is worth a person's time, what a lead should care about first coming first. Findings of severity `off`
    /// are left out.
    pub findings: Vec<Finding>,
    /// Findings that people accepted, each with the decision.
    pub waived: Vec<Waived>,
    /// Findings that are not told yet, because the team's grace or a release is waited for.
    pub withheld: Vec<Finding>,
    /// What is waited for, by the ticket that a finding is withheld on: the end of a sentence.
    pub waiting: BTreeMap<TicketId, String>,
}

/// The findings that say of a promise that it was not kept.
pub const FLAGS: [Code; 4] = [Code::ClosedUndone, Code::Reverted, Code::RemedyDidNotHelp, Code::RecurredAfterClose];

impl Judged {
    /// How often the rules flagged a ticket and a person decided on that, and how often the flag stood: a finding that was
    /// accepted is true, and so is a verdict that was confirmed.
    pub fn flags(&self) -> Flags {
        // Who puts a finding off says nothing of it.
        let waived = || self.waived.iter().filter(|waived| !waived.waiver.manner.is_snooze());
        let flags = waived().filter(|waived| FLAGS.contains(&waived.finding.code));
        let accepted: BTreeSet<_> = flags.map(|waived| &waived.finding.fingerprint).collect();
        let doubted = self.decided.iter().filter(|(ticket, decided)| {
            let waived = waived().any(|waived| waived.finding.ticket.as_ref() == Some(ticket));
            decided.decision.then.judgement.verdict == Verdict::Undone && !waived
        });
        let (mut decided, mut stood) = (accepted.len(), accepted.len());
        for (_, one) in doubted {
            decided += 1;
            stood += usize::from(one.decision.verdict == Verdict::Undone);
        }
        Flags { decided, stood }
    }

    /// The verdict on a ticket, cited or followed.
    pub fn ticket(&self, id: &TicketId) -> Option<&Judgement> {
        self.tickets.get(id).or_else(|| self.followed.get(id))
    }
}

/// A finding that a person accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Waived {
    /// The finding.
    pub finding: Finding,
    /// The decision.
    pub waiver: Waiver,
}

/// What an earlier judging came to, as it is remembered.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LastJudged {
    /// The verdict on every ticket, and how sure it was.
    pub verdicts: BTreeMap<TicketId, (Verdict, f64)>,
    /// Where every challenge stood.
    pub standings: BTreeMap<ChallengeId, Standing>,
}

/// Where one challenge stands.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedChallenge {
    /// Index into the documents known.
    pub document: usize,
    /// Index into that document's challenges.
    pub challenge: usize,
    /// Its lasting name.
    pub id: ChallengeId,
    /// Where it stands.
    pub standing: Standing,
    /// Its rank among all challenges, from 1: what to look at first.
    pub priority: usize,
    /// Why it stands there and ranks so, in a sentence.
    pub because: String,
    /// Since when its promise is broken, where it is and that is known.
    pub broken_on: Option<NaiveDate>,
    /// Whose it is; empty where nobody is known to own it.
    pub owners: Vec<Owner>,
    /// The themes of the configuration that it is part of.
    pub themes: Vec<String>,
}
