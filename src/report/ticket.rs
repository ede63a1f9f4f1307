//! One cited ticket as reports speak of it: where it is cited, what was last seen, and how sure we are.

use crate::domain::challenge::Challenge;
use crate::domain::decision::Decided;
use crate::domain::known::KnownTicket;
use crate::domain::lookup::LookupKind;
use crate::domain::minutes::{Meeting, Topic};
use crate::domain::reference::{Reference, Role};
use crate::domain::ticket::{Ticket as Facts, TicketId, TicketKind};
use crate::domain::time::Moment;
use crate::domain::verdict::{Evidence, Judgement, Verdict};

use super::{Report, escape, words};

/// One cited ticket.
pub(super) struct Ticket<'a> {
    pub(super) id: &'a TicketId,
    pub(super) cited: Vec<Citation<'a>>,
    known: Option<&'a KnownTicket>,
    judgement: Option<&'a Judgement>,
    decided: Option<&'a Decided>,
    waits: Option<&'a str>,
}

/// One place where a ticket is cited, and whose it is.
#[derive(Clone, Copy)]
pub(super) struct Citation<'a> {
    pub(super) reference: &'a Reference,
    pub(super) challenge: Option<&'a Challenge>,
    pub(super) topic: Option<(&'a Meeting, &'a Topic)>,
}

impl<'a> Ticket<'a> {
    pub(super) fn new(report: &Report<'a>, id: &'a TicketId, cited: Vec<Citation<'a>>) -> Self {
        let Report { known, judged, .. } = report;
        let (known, judgement, decided) = (known.ticket(id), judged.ticket(id), judged.decided.get(id));
        let waits = judged.waiting.get(id).map(String::as_str);
        Self { id, cited, known, judgement, decided, waits }
    }

    /// What a person decided of it, beside what the rules say.
    pub(super) fn decided(&self) -> Option<&'a Decided> {
        self.decided
    }

    pub(super) fn known(&self) -> Option<&'a KnownTicket> {
        self.known
    }

    pub(super) fn facts(&self) -> Option<&'a Facts> {
        self.known?.facts.as_deref()
    }

    pub(super) fn lookup(&self) -> LookupKind {
        self.known.map_or(LookupKind::Unknown, |known| known.lookup)
    }

    /// What is decided; nothing decided is `unknown`.
    pub(super) fn verdict(&self) -> Verdict {
        self.judgement.map_or(Verdict::Unknown, |judgement| judgement.verdict)
    }

    /// From 0 to 1, and always a number.
    pub(super) fn confidence(&self) -> f64 {
        let confidence = self.judgement.map_or(0.0, |judgement| judgement.confidence);
        if confidence.is_nan() { 0.0 } else { (confidence.clamp(0.0, 1.0) * 1000.0).round() / 1000.0 }
    }

    pub(super) fn evidence(&self) -> &'a [Evidence] {
        self.judgement.map_or(&[], |judgement| &judgement.evidence)
    }

    /// `undone, proven`; `done, decided by Ada (the rules: undone, likely)`.
    pub(super) fn verdict_words(&self) -> String {
        let Some(Decided { decision, rules, .. }) = self.decided else {
            return words::verdict(self.verdict(), self.confidence());
        };
        let (by, rules) = (escape::plain(&decision.by, escape::NAME), words::verdict(rules.verdict, rules.confidence));
        format!("{}, decided by {by} (the rules: {rules})", decision.verdict.word())
    }

    /// The address to open, as told by the tracker or else as cited; not checked.
    pub(super) fn url(&self) -> Option<&'a str> {
        let told = self.facts().map(|facts| facts.url.as_str()).filter(|url| !url.is_empty());
        told.or_else(|| self.cited.iter().find_map(|citation| citation.reference.url.as_deref()))
    }

    /// The address to open, if it is one of the web.
    pub(super) fn link(&self) -> Option<String> {
        let cited = || self.cited.iter().find_map(|citation| citation.reference.url.as_deref());
        self.url().and_then(escape::link).or_else(|| cited().and_then(escape::link))
    }

    pub(super) fn title(&self) -> Option<&'a str> {
        self.facts().map(|facts| facts.title.as_str()).filter(|title| !title.trim().is_empty())
    }

    pub(super) fn is_remedy(&self) -> bool {
        self.cited.iter().any(|citation| citation.reference.role == Role::Remedy)
    }

    /// When what is shown of it was last true.
    pub(super) fn checked_at(&self) -> Option<Moment> {
        self.known.and_then(|known| known.good_at.max(known.proven_at))
    }

    /// `closed as Won't Do on 4 May 2021, 5 years ago`: the state as the tracker told it last.
    pub(super) fn state(&self, now: Moment) -> String {
        let Some(facts) = self.facts() else {
            return match self.lookup() {
                LookupKind::Gone => "gone".to_owned(),
                LookupKind::Found | LookupKind::Moved => "state not told".to_owned(),
                LookupKind::Hidden | LookupKind::Unknown => "never seen".to_owned(),
            };
        };
        state_of(facts, now)
    }

    /// What a finding on it waits for, if one is not told yet.
    pub(super) fn waits(&self) -> Option<&'a str> {
        self.waits
    }

    /// What must be said beside the state: that it moved, is gone, is older than the last attempt to ask, or is not flagged
    /// yet.
    pub(super) fn aside(&self, now: Moment) -> Option<String> {
        let known = self.known?;
        let says = known.lookup_says.as_deref().map(|says| escape::plain(says, 240)).filter(|says| !says.is_empty());
        let because = says.as_ref().map(|says| format!(" ({says})")).unwrap_or_default();
        let since = match (known.good_at, &known.facts) {
            (Some(at), Some(_)) => format!("; what is shown was true {}", words::ago(at, now)),
            _ => String::new(),
        };
        match known.lookup {
            LookupKind::Found => self.waits.map(str::to_owned),
            LookupKind::Moved => Some(match &known.moved_to {
                Some(to) => format!("moved to {}", escape::plain(&to.to_string(), escape::TITLE)),
                None => format!("moved{because}"),
            }),
            LookupKind::Gone => Some(match &known.facts {
                Some(_) => format!("gone now{because}{since}"),
                None => says.unwrap_or_else(|| "proven not to be there".to_owned()),
            }),
            LookupKind::Hidden => Some(format!("not visible with the credentials in use{because}{since}")),
            LookupKind::Unknown => Some(format!("could not be asked{because}{since}")),
        }
    }
}

/// The state that `facts` tell, in words.
pub(super) fn state_of(facts: &Facts, now: Moment) -> String {
    let name = |text: &str| escape::plain(text, escape::NAME);
    let state = name(&facts.state);
    if !facts.closed {
        let quiet = facts.updated_at.map(|at| format!(", untouched since {}", words::dated(at, now)));
        let state = if state.is_empty() { "open".to_owned() } else { state };
        return format!("{state}{}", quiet.unwrap_or_default());
    }
    let how = closing_of(facts);
    let when = facts.closed_at.map(|at| format!(" on {}", words::dated(at, now)));
    format!("{how}{}", when.unwrap_or_default())
}

/// How a closed ticket was closed: `merged`, `closed as Won't Do`.
pub(super) fn closing_of(facts: &Facts) -> String {
    let name = |text: &str| escape::plain(text, escape::NAME);
    let (state, reason) = (name(&facts.state), name(facts.reason.as_deref().unwrap_or_default()));
    match (facts.merged, facts.kind) {
        (Some(true), _) => "merged".to_owned(),
        (Some(false), TicketKind::Pull) => "closed without merging".to_owned(),
        _ if !reason.is_empty() => format!("closed as {}", reason.replace('_', " ")),
        _ if state.is_empty() || state.eq_ignore_ascii_case("closed") => "closed (no reason told)".to_owned(),
        _ => format!("closed as {state} (no reason told)"),
    }
}
