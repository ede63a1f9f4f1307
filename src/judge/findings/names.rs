//! Findings on names: resolutions of which nobody has said what they mean. Once for each tracker, and never guessed.

use std::collections::BTreeMap;

use crate::domain::finding::Code;
use crate::domain::policy::Meanings;
use crate::domain::tracker::{TrackerId, TrackerKind};

use super::{Draft, Scene};
use crate::judge::rows;
use crate::judge::words;

pub(super) fn findings(scene: &Scene<'_>) -> Vec<Draft> {
    /// A name as it is spelled first, with the tickets closed under it.
    type Unmapped<'a> = BTreeMap<String, (&'a str, Vec<String>)>;
    let mut trackers: BTreeMap<&TrackerId, (Unmapped<'_>, Draft)> = BTreeMap::new();
    for (ticket, cited) in scene.citations {
        let facts = scene.known.tickets.get(*ticket).and_then(|known| known.facts.as_ref());
        let Some(facts) = facts.filter(|facts| facts.closed && ticket.tracker().kind() == TrackerKind::Jira) else {
            continue;
        };
        let Some(name) = facts.reason.as_deref().map(str::trim).filter(|name| !name.is_empty()) else { continue };
        if scene.names.of(ticket).is_unmapped(name) {
            let tracker = ticket.tracker();
            let (unmapped, draft) = trackers.entry(tracker).or_insert_with(|| {
                (Unmapped::new(), Draft::about(Code::UnmappedResolution, tracker.to_string(), String::new()))
            });
            draft.place = draft.place.take().into_iter().chain(rows::first_place(cited)).min();
            unmapped.entry(Meanings::bare(name)).or_insert((name, Vec::new())).1.push(ticket.key().to_string());
        }
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
