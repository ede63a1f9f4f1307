//! The page of what people decided: what is accepted and until when, whose verdicts stand in the place of the rules', and the
//! audit trail.

use askama::Template;

use super::room::{Room, fitted};
use super::{Frame, links, show};
use crate::domain::act::{Act, Deed};
use crate::domain::decision::{Decision, Flags};
use crate::domain::verdict::Verdict;
use crate::domain::waiver::{NOTICE, Origin, Waiver};
use crate::report::escape::{NAME, SENTENCE, plain};
use crate::report::words;

/// Waivers, and decisions, on one page.
const ROWS: usize = 100;

/// What there is to tell of decisions.
#[derive(Debug)]
pub struct Decisions {
    /// Every waiver that was not taken back, in any order.
    pub waivers: Vec<Waiver>,
    /// The verdicts of people, newest first, each with whether something is known since that was not then.
    pub decided: Vec<(Decision, bool)>,
    /// How often the rules' flags stood.
    pub flags: Flags,
    /// A stretch of the audit trail, newest first.
    pub trail: Vec<Act>,
    /// Where the stretch before it ends, if there is one.
    pub older: Option<i64>,
    /// Whether the reader came from newer entries.
    pub is_older: bool,
    /// Whether something was just decided.
    pub just_decided: bool,
    /// Whether who reads may decide.
    pub may_decide: bool,
}

#[derive(Template)]
#[template(path = "site/decisions.html")]
struct Page<'a> {
    frame: Frame<'a>,
    told: &'a Decisions,
    waivers: &'a [&'a Waiver],
    room: Room,
}

/// What people decided, as a page.
pub fn decisions(frame: Frame, told: &Decisions) -> String {
    let mut waivers: Vec<&Waiver> = told.waivers.iter().collect();
    waivers.sort_by_key(|waiver| waiver.until);
    fitted(|room| super::rendered(&Page { frame, told, waivers: &waivers, room }))
}

impl Page<'_> {
    fn flags(&self) -> Option<String> {
        show::flags(&self.told.flags)
    }

    /// What covers something now; snoozes that are over are told by nothing but the trail.
    fn covering(&self) -> impl Iterator<Item = &Waiver> {
        let today = self.frame.now.date_naive();
        let all = self.waivers.iter().copied();
        all.filter(move |waiver| waiver.until >= today || !waiver.manner.is_snooze())
    }

    fn in_force(&self) -> Vec<&Waiver> {
        self.covering().take(self.room.of(ROWS)).collect()
    }

    fn decided(&self) -> impl Iterator<Item = &(Decision, bool)> {
        self.told.decided.iter().take(self.room.of(ROWS))
    }

    fn left_off(&self, all: usize) -> usize {
        all.saturating_sub(self.room.of(ROWS))
    }

    fn until(&self, waiver: &Waiver) -> String {
        waiver.manner.lasting(&words::day(waiver.until))
    }

    /// That it ran out, or ends soon.
    fn ending(&self, waiver: &Waiver) -> Option<String> {
        let left = waiver.until - self.frame.now.date_naive();
        match left.num_days() {
            ..0 => Some("ran out".to_owned()),
            0 => Some("ends today".to_owned()),
            days if left < NOTICE => {
                Some(format!("ends in {}", words::count(usize::try_from(days).unwrap_or_default(), "day")))
            }
            _ => None,
        }
    }

    fn about(&self, waiver: &Waiver) -> Vec<(String, String)> {
        let ticket = waiver.ticket.as_ref().map(|id| (links::ticket(id), plain(&id.to_string(), NAME)));
        let challenge = waiver.challenge.as_ref().map(|id| (links::challenge(id), plain(&id.0, NAME)));
        ticket.into_iter().chain(challenge).collect()
    }

    fn from(&self, waiver: &Waiver) -> String {
        plain(&waiver.from.to_string(), SENTENCE)
    }

    fn number(&self, waiver: &Waiver) -> Option<i64> {
        match &waiver.from {
            Origin::Store { number, .. } if self.told.may_decide => Some(*number),
            _ => None,
        }
    }

    fn line(&self, text: &str) -> String {
        self.room.line(text)
    }

    fn name(&self, text: &Option<String>) -> String {
        text.as_deref().filter(|name| !name.is_empty()).map_or("not told".to_owned(), |name| plain(name, NAME))
    }

    fn ticket(&self, decision: &Decision) -> (String, String) {
        (links::ticket(&decision.ticket), plain(&decision.ticket.to_string(), NAME))
    }

    fn rules(&self, decision: &Decision) -> String {
        let judgement = &decision.then.judgement;
        words::verdict(judgement.verdict, judgement.confidence)
    }

    /// Whether the person and the rules were of different minds.
    fn contradicts(&self, decision: &Decision) -> bool {
        let rules = decision.then.judgement.verdict;
        decision.verdict != rules && matches!(rules, Verdict::Done | Verdict::Undone | Verdict::Unverified)
    }

    fn day(&self, decision: &Decision) -> String {
        words::dated(decision.at, self.frame.now)
    }

    /// Where to decide on it again.
    fn again(&self, decision: &Decision) -> Option<String> {
        self.told.may_decide.then(|| links::decide_on_ticket(&decision.ticket))
    }

    fn act(&self, act: &Act) -> &'static str {
        match act.deed {
            Deed::Accepted => "accepted",
            Deed::Snoozed => "put off",
            Deed::Decided => "gave a verdict",
            Deed::TookBack => "took back",
            Deed::Woke => "came back",
        }
    }

    fn minute(&self, act: &Act) -> String {
        words::minute(act.at)
    }

    fn who(&self, act: &Act) -> String {
        if act.deed == Deed::Woke { "its ticket".to_owned() } else { self.name(&act.by) }
    }

    fn of(&self, act: &Act) -> Vec<(String, String)> {
        let ticket = act.ticket.as_ref().map(|id| (links::ticket(id), plain(&id.to_string(), NAME)));
        let challenge = act.challenge.as_ref().map(|id| (links::challenge(id), plain(&id.0, NAME)));
        ticket.into_iter().chain(challenge).collect()
    }
}
