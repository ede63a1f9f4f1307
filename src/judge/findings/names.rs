//! Findings on names: resolutions of which nobody has said what they mean. Once for each tracker, and never guessed.

use std::collections::BTreeMap;

use crate::domain::finding::Code;
use crate::domain::place::Place;
use crate::domain::policy::Meanings;
use crate::domain::ticket::TicketId;
use crate::domain::tracker::{TrackerId, TrackerKind};

use super::{Draft, Scene};
use crate::judge::rows;
use crate::judge::words;

/// A ticket closed under a name that nobody mapped.
#[derive(Debug, Clone)]
pub(in crate::judge) struct Unmapped {
    ticket: TicketId,
    name: String,
    place: Option<Place>,
}

/// Every ticket closed under a name that nobody mapped.
pub(in crate::judge) fn unmapped(scene: &Scene<'_>) -> Vec<Unmapped> {
    let unmapped = scene.citations.iter().filter_map(|(ticket, cited)| {
        let facts = scene.known.tickets.get(*ticket).and_then(|known| known.facts.as_ref())?;
        let name = facts.reason.as_deref().map(str::trim).filter(|name| !name.is_empty())?;
        let closed = facts.closed && ticket.tracker().kind() == TrackerKind::Jira;
        (closed && scene.names.of(ticket).is_unmapped(name)).then(|| Unmapped {
            ticket: (*ticket).clone(),
            name: name.to_owned(),
            place: rows::first_place(cited),
        })
    });
    unmapped.collect()
}

pub(super) fn findings(unmapped: &[Unmapped]) -> Vec<Draft> {
    /// A name as it is spelled first, with the tickets closed under it.
    type Names<'a> = BTreeMap<String, (&'a str, Vec<String>)>;
    let mut unmapped: Vec<&Unmapped> = unmapped.iter().collect();
    unmapped.sort_by_key(|one| &one.ticket);
    let mut trackers: BTreeMap<&TrackerId, (Names<'_>, Draft)> = BTreeMap::new();
    for Unmapped { ticket, name, place } in unmapped {
        let tracker = ticket.tracker();
        let (names, draft) = trackers.entry(tracker).or_insert_with(|| {
            (Names::new(), Draft::about(Code::UnmappedResolution, tracker.to_string(), String::new()))
        });
        draft.place = draft.place.take().into_iter().chain(place.clone()).min();
        names.entry(Meanings::bare(name)).or_insert((name, Vec::new())).1.push(ticket.key().to_string());
    }
    let drafts = trackers.into_iter().map(|(tracker, (unmapped, draft))| {
        let names: Vec<String> = unmapped.values().map(|(name, tickets)| format!("“{name}” ({})", words::list(tickets, 3))).collect();
        let example = unmapped.values().map(|(name, _)| *name).next().unwrap_or_default();
        Draft {
            message: format!("nobody has said what these resolutions of {tracker} mean: {}", words::list(&names, 10)),
            hint: Some(format!("say it below the tracker: [tracker.resolutions] \"{example}\" = \"done\" (or undone, duplicate, nothing)")),
            ..draft
        }
    });
    drafts.collect()
}
