//! One challenge: where it stands and why, what became of its tickets, and its story.

use std::collections::BTreeSet;

use askama::Template;

use super::room::{Room, fitted};
use super::show::{self, Pager, Source, exactly, name, side, source, title, to_ticket};
use super::{Frame, links};
use crate::domain::challenge::ChallengeId;
use crate::domain::finding::{Code, Finding};
use crate::domain::pages::{Choice, Leaf};
use crate::domain::reference::Role;
use crate::domain::time::Moment;
use crate::domain::verdict::Verdict;
use crate::report::challenge::{ON_THE_CARD, Row};
use crate::report::chip::Chip;
use crate::report::rows::Rows;
use crate::report::story::Entry;
use crate::report::ticket::Ticket;
use crate::report::view::{View, accepted};
use crate::report::why::challenge_story;
use crate::report::{Report, words};

#[derive(Template)]
#[template(path = "site/challenge.html")]
struct Page<'v> {
    frame: Frame<'v>,
    view: &'v View<'v>,
    row: &'v Row<'v>,
    story: Leaf<&'v [Entry]>,
    /// Findings that its remedies do not tell.
    others: &'v [&'v Finding],
    accepted: &'v [String],
    room: Room,
    /// How many of the flags that people decided on stood.
    flags: Option<String>,
    rows: Rows<'v>,
}

/// Teams that are named.
const TEAMS: usize = 20;

/// A title, some tickets, and how many more there are.
type Tickets<'v> = (&'static str, Vec<&'v Ticket<'v>>, usize);

/// The page of a challenge, with one page of its story; `None` where the report does not have it.
pub fn challenge(frame: Frame, report: &Report, id: &ChallengeId, page: usize) -> Option<String> {
    let view = View::new(report);
    let row = view.challenge(id)?;
    let others: Vec<_> = row.findings.iter().copied().filter(|finding| !ON_THE_CARD.contains(&finding.code)).collect();
    let waived = report.judged.waived.iter().filter(|waived| waived.finding.challenge.as_ref() == Some(id));
    let (story, accepted): (_, Vec<_>) = (challenge_story(&view, row), waived.map(accepted).collect());
    let flags = report.past.and_then(|past| show::flags(&past.flags));
    Some(fitted(|room| {
        let story = Leaf::of(&story, show::ENTRIES, page);
        let (others, accepted, flags) = (&others, &accepted, flags.clone());
        let rows = view.rows().without(&row.challenge.title);
        super::rendered(&Page { frame, view: &view, row, story, others, accepted, room, flags, rows })
    }))
}

impl<'v> Page<'v> {
    /// Where something is told. In which row is told once: it is the page's own.
    fn source(&self, told: &(impl ToString + ?Sized)) -> Source {
        show::source_in(told, &self.rows)
    }

    fn standing(&self) -> Chip {
        Chip::standing(self.row.standing)
    }

    fn judged(&self, ticket: &Ticket) -> Chip {
        Chip::verdict(ticket.verdict(), ticket.verdict_words())
    }

    fn state(&self, ticket: &Ticket) -> String {
        ticket.state(self.frame.now)
    }

    fn aside(&self, ticket: &Ticket) -> Option<String> {
        ticket.aside(self.frame.now)
    }

    fn flagged(&self) -> Option<Moment> {
        self.row.flagged_since(self.frame.now)
    }

    fn class(&self, ticket: &Ticket) -> &'static str {
        match ticket.verdict() {
            Verdict::Undone | Verdict::Missing => "is-bad",
            Verdict::Unverified | Verdict::Unknown => "is-warn",
            Verdict::Open => "is-open",
            Verdict::Done => "is-good",
        }
    }

    /// `first of all to look at`
    fn rank(&self) -> Option<String> {
        (self.row.priority > 0).then(|| format!("number {} of all challenges to look at", self.row.priority))
    }

    fn register_address(&self) -> String {
        let document = Some(self.row.challenge.place.path.to_string());
        links::challenges(&Choice { document, ..Choice::default() }, 1)
    }

    fn category_address(&self) -> String {
        links::challenges(&super::challenges::of_category(self.row), 1)
    }

    /// The teams that it happened to, each with the list of what did.
    fn teams(&self) -> Vec<(String, String)> {
        let linked = self.named().into_iter().take(TEAMS).map(|team| {
            let choice = Choice { team: Some(team.to_owned()), ..Choice::default() };
            (self.room.beginning(team), links::challenges(&choice, 1))
        });
        linked.collect()
    }

    fn named(&self) -> Vec<&'v str> {
        let named = self.row.challenge.anecdotes.iter().flat_map(|anecdote| &anecdote.teams);
        let mut seen = BTreeSet::new();
        named.map(|team| team.trim()).filter(|team| !team.is_empty() && seen.insert(team.to_lowercase())).collect()
    }

    fn more_teams(&self) -> Option<String> {
        self.named().len().checked_sub(TEAMS).filter(|more| *more > 0).map(|more| words::count(more, "more team"))
    }

    fn pager(&self) -> Option<Pager> {
        show::pager(&self.story, |page| links::story(links::challenge(&self.row.challenge.id), page))
    }

    /// Where another team joins it.
    fn us_too(&self) -> String {
        links::us_too("/us-too", &self.row.challenge.id, &[])
    }

    /// Whose it is, how that is known, and what else is theirs.
    fn owners(&self) -> Vec<(String, &'static str, String)> {
        let linked = self.row.owners.iter().map(|owner| {
            let choice = Choice { owner: Some(owner.name.clone()), ..Choice::default() };
            (name(&owner.name), owner.by.says(), links::challenges(&choice, 1))
        });
        linked.collect()
    }

    /// What may be decided on that is told of a ticket.
    fn decides(&self, ticket: &Ticket) -> Vec<(Code, String)> {
        let told = self
            .row
            .findings
            .iter()
            .filter(|finding| ON_THE_CARD.contains(&finding.code) && finding.ticket.as_ref() == Some(ticket.id));
        told.filter_map(|finding| Some((finding.code, self.frame.decide(finding)?))).collect()
    }

    fn tickets(&self) -> Vec<Tickets<'v>> {
        let parts = [("What was to end it", Role::Remedy), ("Mentioned", Role::Mention)];
        let parts = parts.into_iter().map(|(title, role)| {
            let mut tickets = self.row.cites(role, self.view);
            let all = tickets.len();
            tickets.truncate(self.room.of(25));
            let more = all - tickets.len();
            (title, tickets, more)
        });
        parts.filter(|(_, tickets, _)| !tickets.is_empty()).collect()
    }
}
