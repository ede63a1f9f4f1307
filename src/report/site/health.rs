//! How the data are: sources, trackers, passes, and what is not known and why.

use askama::Template;

use super::room::{Room, fitted};
use super::show::{exactly, name};
use super::{Frame, links};
use crate::domain::finding::Code;
use crate::domain::health::{Health, HeldDocument, Untold};
use crate::domain::known::Run;
use crate::domain::lookup::LookupKind;
use crate::domain::pages::TicketChoice;
use crate::report::words;

#[derive(Template)]
#[template(path = "site/health.html")]
struct Page<'v> {
    frame: Frame<'v>,
    health: &'v Health,
    room: Room,
}

/// The page of the data's health.
pub fn health(frame: Frame, health: &Health) -> String {
    fitted(|room| super::rendered(&Page { frame, health, room }))
}

impl Page<'_> {
    /// What there is to worry about, in a sentence.
    fn gist(&self) -> String {
        let troubled = self.health.trackers.iter().filter(|tracker| tracker.trouble.is_some()).count();
        let untold: usize = self.health.untold.iter().map(|untold| untold.tickets).sum();
        let mut told = Vec::new();
        if self.health.troubled > 0 {
            told.push(format!("{} cannot be read", words::count(self.health.troubled, "document")));
        }
        if troubled > 0 {
            told.push(format!("{} in trouble", words::counted(troubled, "tracker is", "trackers are")));
        }
        if untold > 0 {
            told.push(format!("of {} nothing could be told the last time", words::count(untold, "ticket")));
        }
        let unclaimed: usize = self.health.unclaimed.iter().map(|(_, many)| many).sum();
        if unclaimed > 0 {
            let those = words::counted(unclaimed, "reference is", "references are");
            told.push(format!("{those} claimed by no tracker, and not asked for"));
        }
        if told.is_empty() { "Everything could be read and asked.".to_owned() } else { format!("{}.", told.join("; ")) }
    }

    fn left_off(&self) -> usize {
        self.health.all_documents.saturating_sub(self.health.documents.len())
    }

    fn problems(&self, document: &HeldDocument) -> Option<String> {
        (document.problems > 0)
            .then(|| words::counted(document.problems, "place not understood", "places not understood"))
    }

    /// How a pass went.
    fn run(&self, run: &Run) -> String {
        let asked = words::count(run.asked, "ticket");
        match (run.ended_at, run.complete, run.unknown) {
            (None, ..) => "runs, or was killed".to_owned(),
            (Some(_), true, _) => format!("complete: {asked} asked for"),
            (Some(_), false, 0) => format!("not complete: {asked} asked for"),
            (Some(_), false, unknown) => format!("not complete: {asked} asked for, {unknown} could not be asked"),
        }
    }

    fn lasted(&self, run: &Run) -> Option<String> {
        let seconds = (run.ended_at? - run.started_at).num_seconds();
        Some(words::counted(usize::try_from(seconds).unwrap_or_default(), "second", "seconds"))
    }

    fn tickets(&self, untold: &Untold) -> String {
        links::tickets(&TicketChoice { tracker: Some(untold.tracker.clone()), verdict: None }, 1)
    }

    fn why(&self, untold: &Untold) -> String {
        let says = untold.says.as_deref().map_or("no reason is told".to_owned(), |says| self.room.line(says));
        match untold.lookup {
            LookupKind::Hidden => format!("not shown to us: {says}"),
            _ => says,
        }
    }

    fn seen(&self, untold: &Untold) -> String {
        match untold.tickets - untold.seen_before.min(untold.tickets) {
            0 => "all were seen before, and what was true then stands".to_owned(),
            never => format!("{never} never seen"),
        }
    }

    fn example(&self, untold: &Untold) -> (Option<String>, String) {
        (untold.example.parse().ok().map(|id| links::ticket(&id)), name(&untold.example))
    }
}
