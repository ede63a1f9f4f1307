//! The report as one self-contained page: no script, nothing loaded from elsewhere, readable light, dark and printed.

use askama::Template;

use crate::domain::finding::Finding;
use crate::domain::minutes::{Meeting, Topic};
use crate::domain::reference::Role;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::verdict::{Standing, Verdict};

use super::challenge::Row;
use super::chip::Chip;
use super::site::show::{self, Source, exactly, line, name, side, source, title};
use super::ticket::Ticket;
use super::view::View;
use super::{Report, rendered, words};

/// Broken promises told in full.
const CARDS: usize = 25;
/// Rows of one table.
const ROWS: usize = 100;

/// The report as one self-contained HTML page.
pub fn html(report: &Report) -> String {
    let view = View::new(report);
    let mut cards = view.standing(Standing::BrokenPromise);
    cards.truncate(CARDS);
    let whole = Whole { view: &view, quiet: view.all_quiet(), cards };
    rendered(&whole)
}

#[derive(Template)]
#[template(path = "page.html")]
struct Whole<'v> {
    view: &'v View<'v>,
    quiet: Option<String>,
    /// The broken promises told in full.
    cards: Vec<&'v Row<'v>>,
}

impl<'v> Whole<'v> {
    /// How many challenges stand where, without those that are nowhere.
    fn totals(&self) -> Vec<(Chip, usize)> {
        let of = |standing| (Chip::standing(standing), self.view.standing(standing).len());
        let order =
            [Standing::BrokenPromise, Standing::Promised, Standing::NoRemedy, Standing::Cleared, Standing::Unknown];
        order.into_iter().map(of).filter(|(_, n)| *n > 0).collect()
    }

    fn cited(&self) -> String {
        words::count(self.view.counts.tickets, "ticket")
    }

    /// Whether a challenge is told in full on the page.
    fn has_card(&self, row: &Row) -> bool {
        self.cards.iter().any(|other| other.priority == row.priority && other.challenge.id == row.challenge.id)
    }

    /// How many rows of a list of `all` are not on the page.
    fn left_off(&self, all: usize) -> usize {
        all.saturating_sub(ROWS)
    }

    fn cards_left_off(&self) -> usize {
        self.view.counts.standings.broken_promise.saturating_sub(CARDS)
    }

    fn rows(&self) -> impl Iterator<Item = &'v Row<'v>> {
        self.view.challenges.iter().take(ROWS)
    }

    /// Remedies first, and among equals by id.
    fn tickets(&self) -> Vec<&'v Ticket<'v>> {
        let mut tickets: Vec<&Ticket> = self.view.tickets.values().collect();
        tickets.sort_by_key(|ticket| (!ticket.is_remedy(), worst_first(ticket.verdict())));
        tickets.truncate(ROWS);
        tickets
    }

    fn topics(&self) -> impl Iterator<Item = &'v (&'v Meeting, &'v Topic)> {
        self.view.topics.iter().take(ROWS)
    }

    fn findings<'f>(&self, findings: &'f [&'f Finding]) -> impl Iterator<Item = &'f &'f Finding> {
        findings.iter().take(ROWS)
    }

    fn ticket(&self, id: &TicketId) -> Option<&'v Ticket<'v>> {
        self.view.tickets.get(id)
    }

    /// The title of the row that a finding is about.
    fn title_of(&self, finding: &Finding) -> Option<String> {
        finding.challenge.as_ref().and_then(|id| self.view.challenge(id)).map(|row| title(&row.challenge.title))
    }

    fn source(&self, told: &(impl ToString + ?Sized)) -> Source {
        show::source_in(told, self.view.rows())
    }

    /// The same on a row's own card, which tells the row already.
    fn source_beside(&self, told: &(impl ToString + ?Sized), row: &Row) -> Source {
        show::source_in(told, &self.view.rows().without(&row.challenge.title))
    }

    fn now(&self) -> Moment {
        self.view.now()
    }

    fn state(&self, ticket: &Ticket) -> String {
        ticket.state(self.now())
    }

    fn ago(&self, at: &Moment) -> String {
        words::ago(*at, self.now())
    }

    fn dated(&self, at: &Moment) -> String {
        words::dated(*at, self.now())
    }
}

fn worst_first(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Undone => 0,
        Verdict::Missing => 1,
        Verdict::Unverified => 2,
        Verdict::Unknown => 3,
        Verdict::Open => 4,
        Verdict::Done => 5,
    }
}

fn day(meeting: &Meeting) -> String {
    words::day(meeting.date)
}

/// Whether a row of the register says why it stands where it stands; the absence of a remedy needs no reason.
fn worth_saying(row: &Row) -> bool {
    row.standing != Standing::NoRemedy && !row.because.is_empty()
}

/// A ticket's verdict in one word.
fn verdict(ticket: &Ticket) -> Chip {
    Chip::verdict(ticket.verdict(), ticket.verdict().word().to_owned())
}

/// A ticket's verdict with how sure it is.
fn judged(ticket: &Ticket) -> Chip {
    Chip::verdict(ticket.verdict(), ticket.verdict_words())
}

fn standing(row: &Row) -> Chip {
    Chip::standing(row.standing)
}

fn severity(finding: &Finding) -> Chip {
    Chip::severity(finding.severity)
}
