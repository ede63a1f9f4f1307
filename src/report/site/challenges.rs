//! Lists of challenges: a choice of them by rank, or a register in its own order.

use std::collections::BTreeMap;

use askama::Template;

use super::room::{Room, fitted};
use super::show::{self, Pager, Tab, name, to_ticket, verdict};
use super::{Frame, links};
use crate::domain::pages::{Choice, Excerpt, Leaf};
use crate::domain::reference::Role;
use crate::domain::ticket::TicketId;
use crate::domain::verdict::Standing;
use crate::report::challenge::Row;
use crate::report::view::View;
use crate::report::{Report, words};

#[derive(Template)]
#[template(path = "site/challenges.html")]
struct Page<'v> {
    frame: Frame<'v>,
    choice: &'v Choice,
    leaf: &'v Leaf<Excerpt>,
    standings: &'v BTreeMap<Standing, usize>,
    view: &'v View<'v>,
    rows: &'v [&'v Row<'v>],
    room: Room,
}

/// One page of the challenges of a choice; `standings` are those of the choice without its standing.
pub fn challenges(
    frame: Frame,
    choice: &Choice,
    leaf: &Leaf<Excerpt>,
    standings: &BTreeMap<Standing, usize>,
) -> String {
    let report = Report::new(&leaf.shown.known, &leaf.shown.judged, frame.now);
    let view = View::new(&report);
    let rows = view.in_order(&leaf.shown.order);
    fitted(|room| super::rendered(&Page { frame, choice, leaf, standings, view: &view, rows: &rows, room }))
}

/// The challenges of the category of one.
pub(super) fn of_category(row: &Row) -> Choice {
    let category = row.challenge.category.as_deref().unwrap_or_default().trim().to_owned();
    Choice { category: Some(category), ..Choice::default() }
}

impl Page<'_> {
    fn heading(&self) -> String {
        self.choice.document.as_ref().map_or("Challenges".to_owned(), name)
    }

    /// `14 challenges, worst first`
    fn counted(&self) -> String {
        let many = words::count(self.leaf.all, "challenge");
        let order = if self.choice.document.is_some() { "as they stand in the document" } else { "worst first" };
        if self.leaf.all > 1 { format!("{many}, {order}") } else { many }
    }

    fn to(&self, choice: &Choice) -> String {
        links::challenges(choice, 1)
    }

    /// What was chosen besides the standing and the document, and the list without that.
    fn chosen(&self) -> Vec<(String, String)> {
        let choice = self.choice;
        let mut chosen = Vec::new();
        if let Some(category) = &choice.category {
            let without = Choice { category: None, ..choice.clone() };
            chosen.push((format!("category: {}", show::category(category)), self.to(&without)));
        }
        if let Some(team) = &choice.team {
            let without = Choice { team: None, ..choice.clone() };
            chosen.push((format!("team: {}", name(team)), self.to(&without)));
        }
        if let Some(owner) = &choice.owner {
            let without = Choice { owner: None, ..choice.clone() };
            let told = if owner.is_empty() { "no owner".to_owned() } else { format!("owner: {}", name(owner)) };
            chosen.push((told, self.to(&without)));
        }
        if let Some(theme) = &choice.theme {
            let without = Choice { theme: None, ..choice.clone() };
            chosen.push((format!("theme: {}", name(theme)), self.to(&without)));
        }
        if let Some(quarter) = choice.quarter {
            let without = Choice { quarter: None, ..choice.clone() };
            chosen.push((format!("met in {quarter}"), self.to(&without)));
        }
        if let Some(ticket) = &choice.ticket {
            let without = Choice { ticket: None, ..choice.clone() };
            chosen.push((format!("ticket: {}", name(ticket)), self.to(&without)));
        }
        if let Some(since) = choice.since {
            let without = Choice { since: None, ..choice.clone() };
            chosen.push((format!("since {}", words::day(since)), self.to(&without)));
        }
        chosen
    }

    fn tabs(&self) -> Vec<Tab> {
        let tab = |standing: Option<Standing>, words: &str, many| Tab {
            address: self.to(&Choice { standing, ..self.choice.clone() }),
            words: words.to_owned(),
            many,
            more: false,
            here: self.choice.standing == standing,
        };
        let all = tab(None, "all", self.standings.values().sum());
        let some = show::STANDINGS.into_iter().filter_map(|standing| {
            let many = self.standings.get(&standing).copied().unwrap_or(0);
            let is_shown = many > 0 || self.choice.standing == Some(standing);
            is_shown.then(|| tab(Some(standing), words::standing(standing), many))
        });
        std::iter::once(all).chain(some).collect()
    }

    fn pager(&self) -> Option<Pager> {
        show::pager(self.leaf, |page| links::challenges(self.choice, page))
    }

    fn address(&self, row: &Row) -> String {
        links::challenge(&row.challenge.id)
    }

    /// The list of its category. A name that is a text would weigh more than all that the row tells.
    fn category_address(&self, row: &Row) -> Option<String> {
        let Choice { document, standing, .. } = self.choice.clone();
        Some(self.to(&Choice { document, standing, ..of_category(row) })).filter(|address| address.len() <= 300)
    }

    /// When the last things that were told happened, and how they begin.
    fn anecdotes(&self, row: &Row) -> Vec<(Option<String>, String)> {
        let mut all: Vec<_> = row.challenge.anecdotes.iter().enumerate().collect();
        all.sort_by_key(|(at, it)| std::cmp::Reverse((it.date.map(|date| date.latest()), *at)));
        all.into_iter().take(self.room.of(3)).map(|(_, it)| (words::told(it), self.room.beginning(&it.text))).collect()
    }

    /// How its status cell begins, where it says more than which tickets there are.
    fn says(&self, row: &Row) -> Option<String> {
        let is_a_ticket = |word: &str| {
            let word = word.trim_matches(|c: char| c.is_ascii_punctuation());
            let key = |id: &TicketId| id.to_string().split_once(':').is_some_and(|(_, key)| word.ends_with(key));
            row.tickets.iter().any(|(id, _)| key(id))
        };
        let words = row.challenge.status.text.split_whitespace();
        let rest = words.skip_while(|word| is_a_ticket(word)).collect::<Vec<_>>().join(" ");
        (!rest.is_empty()).then(|| self.room.beginning(&rest))
    }

    fn times(&self, row: &Row) -> Option<String> {
        let often = row.challenge.occurrences.filter(|n| *n > 0)?;
        Some(words::times(usize::try_from(often).unwrap_or(usize::MAX)))
    }
}
