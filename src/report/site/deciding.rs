//! The page on which a person decides on a finding or a verdict: what it is about, what is in force, and a form for each
//! choice. What was typed is kept where something is wrong with it.

use std::borrow::Borrow;

use askama::Template;
use chrono::NaiveDate;

use super::show::{source, title};
use super::{Frame, links};
use crate::domain::act::LONGEST_REASON;
use crate::domain::decision::Decision;
use crate::domain::finding::Finding;
use crate::domain::place::Place;
use crate::domain::ticket::TicketId;
use crate::domain::verdict::{Judgement, Verdict};
use crate::domain::waiver::{LONGEST, Origin, Waiver};
use crate::report::escape::{NAME, SENTENCE, plain};
use crate::report::words;

/// What a person may choose to do; each has a form of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Accept the finding.
    Accept,
    /// Put it off.
    Snooze,
    /// Give a verdict.
    Verdict,
    /// Take the acceptance or the snooze back.
    Unwaive,
    /// Take the verdict back.
    Withdraw,
}

impl Choice {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Accept, Self::Snooze, Self::Verdict, Self::Unwaive, Self::Withdraw];

    /// The word that a form sends.
    pub fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Snooze => "snooze",
            Self::Verdict => "verdict",
            Self::Unwaive => "unwaive",
            Self::Withdraw => "withdraw",
        }
    }
}

/// What is decided on.
#[derive(Debug, Default)]
pub struct Subject {
    /// The finding.
    pub finding: Option<Finding>,
    /// The title of its challenge, where that stands in a document in force.
    pub title: Option<String>,
    /// The waiver that covers it, if one does: one of the store before those that only an edit takes back.
    pub waiver: Option<Waiver>,
    /// The ticket whose verdict it is about.
    pub ticket: Option<TicketId>,
    /// Its verdict, as it is shown.
    pub judgement: Option<Judgement>,
    /// The verdict of a person that is in force on it.
    pub decision: Option<Decision>,
}

/// What was typed, and what is wrong with it.
#[derive(Debug)]
pub struct Tried {
    /// In which form.
    pub choice: Choice,
    /// The reason.
    pub reason: String,
    /// The last day.
    pub until: String,
    /// Until the ticket changes.
    pub until_change: bool,
    /// The verdict.
    pub verdict: String,
    /// What is wrong with it, in a sentence.
    pub wrong: String,
}

#[derive(Template)]
#[template(path = "site/decide.html")]
struct Decide<'a> {
    frame: Frame<'a>,
    subject: &'a Subject,
    tried: Option<&'a Tried>,
}

/// The page on which to decide on this.
pub fn decide(frame: Frame, subject: &Subject, tried: Option<&Tried>) -> String {
    super::rendered(&Decide { frame, subject, tried })
}

impl Decide<'_> {
    fn title(&self) -> String {
        let ticket = self.subject.ticket.as_ref().map(|ticket| plain(&ticket.to_string(), NAME));
        match (&self.subject.finding, ticket) {
            (Some(finding), Some(ticket)) => format!("Decide on {} for {ticket}", finding.code),
            (Some(finding), None) => format!("Decide on {}", finding.code),
            (None, Some(ticket)) => format!("Decide on the verdict on {ticket}"),
            (None, None) => "Decide".to_owned(),
        }
    }

    /// Whether it can be accepted from here: a waiver is for a ticket or a challenge.
    fn can_be_waived(&self) -> bool {
        self.subject.finding.as_ref().is_some_and(|finding| finding.ticket.is_some() || finding.challenge.is_some())
    }

    /// Whether there is a verdict that could be contradicted: that a ticket is open is its tracker's word.
    fn can_be_judged(&self) -> bool {
        self.subject.judgement.as_ref().is_some_and(|judgement| judgement.verdict != Verdict::Open)
    }

    fn verdict(&self) -> Option<String> {
        self.subject.judgement.as_ref().map(|judgement| words::verdict(judgement.verdict, judgement.confidence))
    }

    fn verdicts(&self) -> [(&'static str, &'static str, bool); 3] {
        let choices = [
            (Verdict::Done, "the work was done"),
            (Verdict::Undone, "it was closed without the work"),
            (Verdict::Unverified, "nothing shows either way"),
        ];
        let tried = self.tried.map(|tried| tried.verdict.as_str());
        choices.map(|(verdict, says)| (verdict.word(), says, tried == Some(verdict.word())))
    }

    fn waiver(&self) -> Option<String> {
        let waiver = self.subject.waiver.as_ref()?;
        let lasting = waiver.manner.lasting(&words::day(waiver.until));
        let by = waiver.by.as_deref().map(|by| format!(" by {by}")).unwrap_or_default();
        Some(plain(&format!("{lasting}{by}: {}", waiver.reason), SENTENCE))
    }

    /// Whether it covers nothing any more.
    fn is_over(&self) -> bool {
        self.subject.waiver.as_ref().is_some_and(|waiver| waiver.until < self.today())
    }

    /// Where a waiver stands that only an edit takes back.
    fn stands_at(&self) -> Option<String> {
        self.subject.waiver.as_ref().map(|waiver| plain(&waiver.from.to_string(), SENTENCE))
    }

    fn number(&self) -> Option<i64> {
        match &self.subject.waiver.as_ref()?.from {
            Origin::Store { number, .. } => Some(*number),
            Origin::Configuration(_) | Origin::Document { .. } => None,
        }
    }

    fn decision(&self) -> Option<String> {
        let Decision { verdict, by, reason, at, .. } = self.subject.decision.as_ref()?;
        let on = words::day(at.date_naive());
        Some(plain(&format!("{}, decided by {by} on {on}: {reason}", verdict.word()), SENTENCE))
    }

    fn line(&self, text: &str) -> String {
        plain(text, SENTENCE)
    }

    fn first_seen(&self) -> Option<String> {
        self.subject.finding.as_ref()?.first_seen.map(|at| words::dated(at, self.frame.now))
    }

    fn place(&self) -> Option<&Place> {
        self.subject.finding.as_ref()?.place.as_ref()
    }

    fn challenge(&self) -> Option<(String, String)> {
        let id = self.subject.finding.as_ref()?.challenge.as_ref()?;
        Some((links::challenge(id), self.subject.title.as_deref().map_or_else(|| plain(&id.0, NAME), title)))
    }

    fn ticket(&self) -> Option<(String, String)> {
        let id = self.subject.ticket.as_ref()?;
        Some((links::ticket(id), plain(&id.to_string(), NAME)))
    }

    fn code(&self) -> &'static str {
        self.subject.finding.as_ref().map_or("CODE", |finding| finding.code.word())
    }

    fn fingerprint(&self) -> &str {
        self.subject.finding.as_ref().map_or("", |finding| &finding.fingerprint)
    }

    fn ticket_id(&self) -> String {
        self.subject.ticket.as_ref().map(ToString::to_string).unwrap_or_default()
    }

    /// What was typed into the form of this choice. Templates hand over values and references alike.
    fn tried(&self, choice: impl Borrow<Choice>) -> Option<&Tried> {
        self.tried.filter(|tried| tried.choice == *choice.borrow())
    }

    fn today(&self) -> NaiveDate {
        self.frame.now.date_naive()
    }

    fn last_day(&self) -> NaiveDate {
        self.today() + LONGEST
    }
}
