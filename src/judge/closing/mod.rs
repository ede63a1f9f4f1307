//! What surrounds the last closing of a ticket, read once for all rules: who closed it and how, what was said near it,
//! what landed, and what it points at.
//!
//! Only the last closing counts. What was said before a reopening counts for little, what landed before it half, and
//! what is said long after the closing counts where it takes the closing back or proves the work, for sweeps come late.

mod landings;
mod people;
mod targets;

use chrono::TimeDelta;

use crate::domain::details::{Comment, Event};
use crate::domain::ticket::Ticket;
use crate::domain::time::Moment;

use super::families::Names;
use super::speech::{self, Claim, Utterance};

pub(super) use landings::{Landing, Revert, Sign, says_revert};
pub(super) use people::{Speaker, is_bot, is_merge_bot, is_stale_bot};
pub(super) use targets::{Fate, Other};

/// How many comments before the closing are listened to, and how many after it.
const LISTEN: usize = 12;

/// What was said within this time after the closing belongs to it.
const AT_ONCE: TimeDelta = TimeDelta::days(1);

/// How strongly "works for me" claims it when whoever made the report says so.
const ITS_AUTHOR_SEES_IT_GONE: f64 = 0.7;

/// A complaint before the closing is hardly the reason of it.
const COMPLAINT: f64 = 0.4;

/// The last closing.
#[derive(Debug)]
pub(super) struct Closing<'a> {
    /// The ticket.
    pub(super) ticket: &'a Ticket,
    /// What the names of its tracker mean.
    names: &'a Names,
    /// What became of others that it may point at, where they were asked for.
    others: &'a [Other],
    /// When it was closed.
    pub(super) at: Option<Moment>,
    /// Who closed it.
    pub(super) by: Option<&'a str>,
    /// The event of it, where events are told.
    pub(super) event: Option<&'a Event>,
    /// What was said around it, oldest first.
    pub(super) heard: Vec<Heard<'a>>,
    /// Work that landed.
    pub(super) landings: Vec<Landing>,
    /// Work that was taken out again.
    pub(super) reverts: Vec<Revert>,
}

/// One comment that claims something.
#[derive(Debug)]
pub(super) struct Heard<'a> {
    /// The comment.
    pub(super) comment: &'a Comment,
    /// Who speaks.
    pub(super) speaker: Speaker,
    /// Whether it came after the closing, and not with it.
    pub(super) after: bool,
    /// How long after, where the times tell.
    pub(super) later: Option<TimeDelta>,
    /// How near to the closing it stands, from 0 to 1.
    pub(super) near: f64,
    /// What it claims.
    pub(super) said: Vec<Utterance>,
}

impl Heard<'_> {
    /// How much one of its claims counts.
    pub(super) fn weight(&self, utterance: &Utterance) -> f64 {
        let complains = match utterance.claim {
            // Whoever waits for the work says until its last day that it is not there.
            Claim::NotDone | Claim::Silence => matches!(self.speaker, Speaker::Author | Speaker::Passerby),
            _ => false,
        };
        let weight = utterance.strength * self.near * self.speaker.weight(utterance.claim.side() == Some(true));
        if complains { weight * COMPLAINT } else { weight }
    }
}

impl<'a> Closing<'a> {
    /// The last closing of a closed ticket.
    pub(super) fn new(ticket: &'a Ticket, others: &'a [Other], names: &'a Names) -> Self {
        Self::heeding(ticket, others, names, |_| true)
    }

    /// The same for what is told of other tickets alone: who names none is not listened to.
    pub(super) fn naming(ticket: &'a Ticket, names: &'a Names) -> Self {
        Self::heeding(ticket, &[], names, |comment| speech::may_name_a_ticket(&comment.text))
    }

    fn heeding(ticket: &'a Ticket, others: &'a [Other], names: &'a Names, heeds: impl Fn(&Comment) -> bool) -> Self {
        let details = &ticket.details;
        let event =
            details.events.iter().filter(|event| event.kind == "closed").max_by_key(|event| (event.at, &event.actor));
        let by = ticket.closed_by.as_deref().or_else(|| event.and_then(|event| event.actor.as_deref()));
        let at = ticket.closed_at.or_else(|| event.and_then(|event| event.at));
        let mut closing =
            Self { ticket, others, names, at, by, event, heard: Vec::new(), landings: Vec::new(), reverts: Vec::new() };
        closing.heard = closing.listen(heeds);
        closing.landings = landings::landings(&closing);
        closing.reverts = landings::reverts(&closing, &closing.landings);
        landings::take_out(&mut closing.landings, &closing.reverts);
        if let Some(reopened) = closing.reopened_at() {
            landings::doubt_before(&mut closing.landings, reopened);
        }
        closing
    }

    /// Whether nothing landed that we know of, and the tracker's reason leaves room for work.
    pub(super) fn lacks_landings(&self) -> bool {
        self.landings.is_empty() && !landings::is_refused(self)
    }

    /// When it was reopened last before this closing.
    pub(super) fn reopened_at(&self) -> Option<Moment> {
        let reopened = self.ticket.details.events.iter().filter(|event| self.reopens(event));
        reopened.filter_map(|event| event.at).filter(|at| self.at.is_none_or(|closed| *at <= closed)).max()
    }

    /// GitHub tells reopenings as such; on Jira it is the way from a status where work is over to one where it is not.
    fn reopens(&self, event: &Event) -> bool {
        let moved = event.value.as_deref().filter(|_| event.kind == "status").and_then(|value| value.split_once('→'));
        event.kind == "reopened"
            || moved
                .is_some_and(|(left, entered)| self.names.is_over(left.trim()) && self.names.is_open(entered.trim()))
    }

    /// Whether something came after the closing: by its time, and where there is none by the source's own word.
    pub(super) fn is_after(&self, at: Option<Moment>, told: bool) -> bool {
        match (at, self.at) {
            (Some(at), Some(closed)) => at > closed + AT_ONCE,
            _ => told,
        }
    }

    /// The comments up to the closing and those after it, oldest first.
    fn told(&self) -> (Vec<&'a Comment>, Vec<&'a Comment>) {
        let mut comments: Vec<&Comment> = self.ticket.details.comments.iter().collect();
        if comments.iter().all(|comment| comment.at.is_some()) {
            comments.sort_by(|a, b| (a.at, &a.author, &a.text).cmp(&(b.at, &b.author, &b.text)));
        }
        comments.into_iter().partition(|comment| !self.is_after(comment.at, comment.after_close))
    }

    /// What a person said last before the closing, besides closing it.
    pub(super) fn last_said(&self) -> Option<&'a Comment> {
        let by_program = |comment: &&Comment| comment.bot || comment.author.as_deref().is_some_and(is_bot);
        self.told().0.into_iter().rev().find(|comment| !by_program(comment) && !speech::only_closes(&comment.text))
    }

    fn listen(&self, heeds: impl Fn(&Comment) -> bool) -> Vec<Heard<'a>> {
        let (before, after) = self.told();
        let before = before[before.len().saturating_sub(LISTEN)..].iter().copied().filter(|comment| heeds(comment));
        let mut heard = self.before(&before.collect::<Vec<_>>());
        let late = after.into_iter().take(LISTEN).filter(|comment| heeds(comment));
        let late = late.map(|comment| self.hear(comment, true, LATE));
        heard.extend(late);
        heard.retain(|heard| !heard.said.is_empty());
        heard
    }

    fn hear(&self, comment: &'a Comment, after: bool, near: f64) -> Heard<'a> {
        let speaker = Speaker::of(comment, self.ticket, self.by);
        let later = comment.at.zip(self.at).map(|(at, closed)| at - closed);
        let mut said = speech::listen(&comment.text);
        // What the ticket is about is no word on what became of it: "bulk close works" under "Bulk close of accounts".
        let may_be_the_subject = |said: &Utterance| {
            said.claim.side() == Some(false) && said.claim != Claim::Mistake && said.phrase.contains(' ')
        };
        if said.iter().any(may_be_the_subject) {
            let about = speech::plain(&self.ticket.title);
            said.retain(|said| !may_be_the_subject(said) || !about.contains(&format!(" {} ", said.phrase)));
        }
        // Where the ticket asks for an end, that something is not supported any more says that it came.
        if said.iter().any(|said| said.claim == Claim::Obsolete) && asks_for_an_end(&self.ticket.title) {
            let ends = said.iter_mut().filter(|said| said.claim == Claim::Obsolete);
            ends.for_each(|said| said.strength = said.strength.min(speech::NO_MORE_THAN_A_DOUBT));
        }
        // "Works for me" dismisses a report, unless whoever made the report says it.
        let ticket_author = &self.ticket.details.author;
        if comment.author.is_some() && comment.author == *ticket_author {
            let dismissals = said.iter_mut().filter(|said| said.claim == Claim::NotReproduced);
            dismissals.for_each(|said| {
                (said.claim, said.strength) = (Claim::Gone, said.strength.max(ITS_AUTHOR_SEES_IT_GONE));
            });
        }
        // "My mistake" takes a report back where its author says so; from whoever answers it, it admits one.
        if comment.author.is_some() && ticket_author.is_some() && comment.author != *ticket_author {
            let admitted =
                said.iter_mut().filter(|said| said.claim == Claim::NotABug && speech::is_own_fault(&said.phrase));
            admitted.for_each(|said| said.strength = said.strength.min(speech::NO_MORE_THAN_A_DOUBT));
        }
        // An insider who tells the cause of their own ticket found it at home, as often to mend it there.
        let is_found = |phrase: &str| speech::tells_a_cause(phrase) || phrase.contains("misconfigured");
        let insider = matches!(comment.association.as_deref(), Some("OWNER" | "MEMBER" | "COLLABORATOR"));
        if insider && comment.author.is_some() && comment.author == *ticket_author {
            let found = said.iter_mut().filter(|said| said.claim == Claim::NotABug && is_found(&said.phrase));
            found.for_each(|said| said.strength = said.strength.min(speech::NO_MORE_THAN_A_DOUBT));
        }
        if speaker == Speaker::Bot {
            said.retain(|said| said.claim == Claim::Landed && reports_a_merge(&said.sentence));
        }
        Heard { comment, speaker, after, later, near, said }
    }

    /// What was said up to the closing. The later, the nearer; a report of work pushes nothing away, so that adding
    /// one never weakens another.
    fn before(&self, comments: &[&'a Comment]) -> Vec<Heard<'a>> {
        let reopened = self.reopened_at();
        let mut heard: Vec<Heard<'a>> = Vec::new();
        let (mut rank, mut reopening) = (0_usize, false);
        for comment in comments.iter().rev() {
            let mut one = self.hear(comment, false, 1.0);
            let claims = |claim: Claim| one.said.iter().any(|said| said.claim == claim);
            if claims(Claim::Reopened) && one.speaker != Speaker::Passerby {
                // What stands in the comment that reopens was said of the earlier closing as well.
                reopening = true;
            }
            one.near = match one.later.map(|later| -later) {
                Some(ahead) => near_in_time(ahead).max(if rank == 0 { 0.9 } else { 0.0 }),
                None => near_in_rank(rank),
            };
            let earlier = comment.at.zip(reopened).is_some_and(|(at, reopened)| at < reopened);
            if reopening || earlier {
                one.near *= BEFORE_REOPENING;
            }
            let reports_work = one.said.iter().any(|said| said.claim.side() == Some(true));
            // "Closing." behind an answer closes because of that answer.
            let says_nothing = one.said.is_empty() && speech::only_closes(&comment.text);
            if !reports_work && !says_nothing && one.speaker != Speaker::Bot {
                rank += 1;
            }
            heard.push(one);
        }
        heard.reverse();
        heard
    }
}

/// `Remove support for 2.x`, `Drop the exporter`
fn asks_for_an_end(title: &str) -> bool {
    const ENDS: [&str; 14] = [
        "remove",
        "removing",
        "drop",
        "dropping",
        "delete",
        "retire",
        "disable",
        "deprecate",
        "stop",
        "kill",
        "purge",
        "decommission",
        "rid",
        "sunset",
    ];
    speech::plain(title).split(' ').filter(|word| !word.is_empty()).take(5).any(|word| ENDS.contains(&word))
}

/// Programs that mirror a repository tell of merges. Much else that programs write only sounds like it.
fn reports_a_merge(sentence: &str) -> bool {
    let sentence = sentence.to_ascii_lowercase();
    ["merged", "committed", "landed"].iter().any(|verb| sentence.contains(verb)) && !sentence.contains("conflict")
}

/// What comes after the closing is weighed by its own rule; as a word around the closing it counts for little.
const LATE: f64 = 0.3;

/// What was said before a reopening was said of another closing.
const BEFORE_REOPENING: f64 = 0.3;

fn near_in_time(ahead: TimeDelta) -> f64 {
    const STEPS: [(i64, f64); 4] = [(3, 1.0), (30, 0.88), (180, 0.7), (730, 0.5)];
    STEPS.iter().find(|(days, _)| ahead.num_days() <= *days).map_or(0.4, |(_, near)| *near)
}

fn near_in_rank(rank: usize) -> f64 {
    [1.0, 0.92, 0.75, 0.6, 0.5].get(rank).copied().unwrap_or(0.4)
}
