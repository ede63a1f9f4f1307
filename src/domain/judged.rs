//! What judging made of all that is known.

use std::collections::BTreeMap;

use super::challenge::ChallengeId;
use super::finding::Finding;
use super::ticket::TicketId;
use super::verdict::{Judgement, Standing};
use super::waiver::Waiver;

/// What judging made of all that is known at one moment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Judged {
    /// The verdict on every ticket cited.
    pub tickets: BTreeMap<TicketId, Judgement>,
    /// Every challenge, in the order of the documents.
    pub challenges: Vec<JudgedChallenge>,
    /// What is worth a person's time, what a lead should care about first coming first. Findings of severity `off`
    /// are left out.
    pub findings: Vec<Finding>,
    /// Findings that people accepted, each with the decision.
    pub waived: Vec<Waived>,
}

/// A finding that a person accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Waived {
    /// The finding.
    pub finding: Finding,
    /// The decision.
    pub waiver: Waiver,
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
}
