//! The first page: what was closed and is not done, worst first; what is new; and where it is.

use askama::Template;

use super::room::{Room, fitted};
use super::show::{self, name, to_ticket, verdict};
use super::{Frame, links};
use crate::domain::finding::Code;
use crate::domain::pages::{Choice, Front, Group, Grouped};
use crate::domain::reference::Role;
use crate::domain::verdict::Standing;
use crate::report::challenge::{ON_THE_CARD, Row};
use crate::report::chip::Chip;
use crate::report::view::View;
use crate::report::{Report, words};

#[derive(Template)]
#[template(path = "site/front.html")]
struct Page<'v> {
    frame: Frame<'v>,
    front: &'v Front,
    view: &'v View<'v>,
    rows: &'v [&'v Row<'v>],
    room: Room,
}

/// Words, how many, and where these are listed.
type Count = (String, usize, String);

/// The first page.
pub fn front(frame: Frame, front: &Front) -> String {
    let report = Report::new(&front.worst.known, &front.worst.judged, frame.now);
    let view = View::new(&report);
    let rows = view.in_order(&front.worst.order);
    fitted(|room| super::rendered(&Page { frame, front, view: &view, rows: &rows, room }))
}

fn standing(standing: Standing) -> Choice {
    Choice { standing: Some(standing), ..Choice::default() }
}

impl Page<'_> {
    fn many(&self, standing: Standing) -> usize {
        self.front.standings.get(&standing).copied().unwrap_or(0)
    }

    fn broken(&self) -> usize {
        self.many(Standing::BrokenPromise)
    }

    fn broken_address(&self) -> String {
        links::challenges(&standing(Standing::BrokenPromise), 1)
    }

    /// `4 broken promises in 12 challenges`
    fn headline(&self) -> String {
        let broken = match self.broken() {
            0 => "No broken promises".to_owned(),
            n => words::count(n, "broken promise"),
        };
        match self.front.standings.values().sum() {
            0 => "No challenges found".to_owned(),
            all => format!("{broken} in {}", words::count(all, "challenge")),
        }
    }

    /// What must be known before the rest is trusted.
    fn caution(&self) -> Option<&'static str> {
        match &self.frame.as_of.last_run {
            None => Some("No pass has ended yet: what stands here is what was read so far."),
            Some(run) if !run.complete => {
                Some("The last pass could not read or ask everything; some of this is older than the rest.")
            }
            Some(_) => None,
        }
    }

    fn quiet(&self) -> &'static str {
        let unasked = self.front.findings.contains_key(&Code::UnclaimedReference);
        let untold = self.caution().is_some() || unasked || self.many(Standing::Unknown) > 0;
        let promised = self.many(Standing::Promised) + self.many(Standing::Cleared) > 0;
        match (self.front.standings.is_empty(), untold, promised) {
            (true, ..) => "No document with challenges was read yet.",
            (false, true, _) => "No promise is broken as far as could be told.",
            (false, false, false) => "Nothing was promised yet: no challenge has a remedy.",
            (false, false, true) => "Every promise is kept or still open. Enjoy the quiet.",
        }
    }

    /// How many challenges stand where, the broken promises always among them.
    fn totals(&self) -> Vec<(Chip, usize, String)> {
        let shown = show::STANDINGS.into_iter().filter(|one| *one == Standing::BrokenPromise || self.many(*one) > 0);
        let total = |one: Standing| {
            let mut chip = Chip::standing(one);
            if one == Standing::BrokenPromise && self.many(one) != 1 {
                chip.words.push('s');
            }
            (chip, self.many(one), links::challenges(&standing(one), 1))
        };
        shown.map(total).collect()
    }

    fn since(&self) -> String {
        words::day(self.front.since)
    }

    fn new_address(&self) -> String {
        links::challenges(&Choice { since: Some(self.front.since), ..standing(Standing::BrokenPromise) }, 1)
    }

    fn changes_address(&self) -> String {
        links::changes(self.front.since, None, 1)
    }

    fn address(&self, row: &Row) -> String {
        links::challenge(&row.challenge.id)
    }

    fn category_address(&self, row: &Row) -> String {
        links::challenges(&super::challenges::of_category(row), 1)
    }

    /// Broken promises by category and by team, and what else is worth a look; each with the address of the whole list.
    fn groups(&self) -> Vec<(&'static str, Vec<Count>, (String, &'static str))> {
        let by = |groups: &[Group], by: Grouped| -> Vec<Count> {
            let count = |group: &Group| {
                let choice = super::groups::choice(group, by, Some(Standing::BrokenPromise));
                (show::category(&group.name), group.of(Standing::BrokenPromise), links::challenges(&choice, 1))
            };
            groups.iter().map(count).collect()
        };
        let found = self.front.findings.iter().filter(|(code, _)| worth_a_look(**code));
        let found = found.map(|(code, many)| (code.word().replace('-', " "), *many, links::findings(Some(*code), 1)));
        let all = |many: usize, one: &str, many_words: &str| words::counted(many, one, many_words);
        let lists = vec![
            (
                "Broken promises by category",
                by(&self.front.categories, Grouped::Category),
                (format!("all of {}", all(self.front.all_categories, "category", "categories")), "/categories"),
            ),
            (
                "Broken promises by team",
                by(&self.front.teams, Grouped::Team),
                (format!("all of {}", all(self.front.all_teams, "team", "teams")), "/teams"),
            ),
            ("Also worth a look", found.collect(), ("all findings".to_owned(), "/findings")),
        ];
        lists.into_iter().filter(|(_, counts, _)| !counts.is_empty()).collect()
    }
}

/// Whether findings of a code say more than the broken promises and the standings do.
fn worth_a_look(code: Code) -> bool {
    !ON_THE_CARD.contains(&code) && code != Code::UntrackedChallenge
}
