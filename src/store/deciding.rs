//! The verbs with which people decide, and what there is to see of that. They need no lease: no pass decides.

use super::error::StoreError;
use super::pages::excerpt;
use super::{Store, audit, decisions, markers};
use crate::domain::act::{Act, Withdrawal};
use crate::domain::decision::{Decision, Flags};
use crate::domain::finding::Finding;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::verdict::Judgement;
use crate::domain::waiver::Waiver;

impl Store {
    /// Accepts a finding or puts it off, in the place of an earlier waiver on the same; gives the waiver's number. Where it
    /// says that it comes from is not kept: from now on it comes from the store.
    pub async fn waive(&self, waiver: &Waiver, now: Moment) -> Result<i64, StoreError> {
        let waiver = waiver.clone();
        self.worker.write("remember a waiver", None, move |tx| decisions::waive(tx, &waiver, now)).await
    }

    /// Takes a waiver back. False when there is none of that number.
    pub async fn unwaive(&self, number: i64, back: Withdrawal) -> Result<bool, StoreError> {
        self.worker.write("take a waiver back", None, move |tx| decisions::unwaive(tx, number, &back)).await
    }

    /// The waivers that were given by command or page and not taken back, oldest first; those whose time ran out are among
    /// them.
    pub async fn waivers(&self) -> Result<Vec<Waiver>, StoreError> {
        self.worker.read("read the waivers", decisions::waivers).await
    }

    /// The waivers that authors wrote into documents in force, in order of their places.
    pub async fn markers(&self) -> Result<Vec<Waiver>, StoreError> {
        self.worker.read("read the waivers", markers::waivers).await
    }

    /// The finding of this fingerprint, if it is made now; without its evidence, which stands with the verdict.
    pub async fn finding(&self, fingerprint: &str) -> Result<Option<Finding>, StoreError> {
        let fingerprint = fingerprint.to_owned();
        self.worker.read("read a finding", move |tx| excerpt::finding(tx, &fingerprint)).await
    }

    /// What was judged of a ticket last; a person's verdict where one decided.
    pub async fn judgement(&self, ticket: &TicketId) -> Result<Option<Judgement>, StoreError> {
        let ticket = ticket.clone();
        self.worker.read("read a verdict", move |tx| excerpt::verdict(tx, &ticket)).await
    }

    /// Puts a person's verdict in force, in the place of an earlier one on the same ticket.
    pub async fn decide(&self, decision: &Decision) -> Result<(), StoreError> {
        let decision = decision.clone();
        self.worker.write("remember a decision", None, move |tx| decisions::decide(tx, &decision)).await
    }

    /// Leaves a ticket to the rules again. False when nobody had decided on it.
    pub async fn withdraw_decision(&self, ticket: &TicketId, back: Withdrawal) -> Result<bool, StoreError> {
        let ticket = ticket.clone();
        self.worker.write("take a decision back", None, move |tx| decisions::withdraw(tx, &ticket, &back)).await
    }

    /// Every decision ever made on a ticket, oldest first, each with when it was taken back or replaced.
    pub async fn decisions(&self, ticket: &TicketId) -> Result<Vec<(Decision, Option<Moment>)>, StoreError> {
        let ticket = ticket.clone();
        self.worker.read("read a ticket's decisions", move |tx| decisions::history(tx, &ticket)).await
    }

    /// The verdicts of people that are in force, each with whether what is known has changed since; newest first.
    pub async fn decided(&self) -> Result<Vec<(Decision, bool)>, StoreError> {
        self.worker.read("read the decisions", decisions::in_force).await
    }

    /// The verdict of a person that is in force on a ticket.
    pub async fn decision(&self, ticket: &TicketId) -> Result<Option<Decision>, StoreError> {
        let ended = self.decisions(ticket).await?.pop();
        Ok(ended.filter(|(_, ended)| ended.is_none()).map(|(decision, _)| decision))
    }

    /// How often people decided on a flag of the rules, and how often it stood.
    pub async fn flags(&self) -> Result<Flags, StoreError> {
        self.worker.read("count the decisions", decisions::flags).await
    }

    /// At most so many entries of the audit trail, newest first; those before the number given where one is.
    pub async fn audit(&self, before: Option<i64>, most: usize) -> Result<Vec<Act>, StoreError> {
        self.worker.read("read the audit trail", move |tx| audit::page(tx, before, most)).await
    }
}
