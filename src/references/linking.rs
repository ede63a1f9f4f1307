//! Which tickets the parts of a document cite: from its references back into its challenges, notes and topics.

use std::collections::{HashMap, HashSet};

use super::Scan;
use super::besides::link_topics;
use crate::domain::document::{Document, Owner};
use crate::domain::place::{Lines, Place};
use crate::domain::reference::{Reference, Within};
use crate::domain::ticket::TicketId;

/// Writes into a document which tickets its challenges, anecdotes, notes and topics cite. Of its passages only those matter
/// that are merged over rows.
pub fn link(document: &mut Document, scan: &Scan) {
    for challenge in &mut document.challenges {
        challenge.tickets.clear();
        challenge.anecdotes.iter_mut().for_each(|anecdote| anecdote.tickets.clear());
        challenge.status.notes.iter_mut().for_each(|note| note.ticket = None);
    }
    for topic in document.meetings.iter_mut().flat_map(|meeting| &mut meeting.topics) {
        topic.tickets.clear();
        topic.follow_ups.iter_mut().for_each(|agreed| agreed.tickets.clear());
    }
    // Whose status cells are whose as well, in order: where each starts and ends.
    let lines = Lines::new(&document.path, &document.source);
    let merged = document.passages.iter().filter(|passage| is_status(passage.within) && !passage.also().is_empty());
    let merged: Vec<(Place, Place, Vec<usize>)> = merged
        .map(|passage| (lines.place(passage.span.start), lines.place(passage.span.end), passage.also().to_vec()))
        .collect();
    let shared = |at: &Place| {
        let before = merged.partition_point(|(start, _, _)| start <= at).checked_sub(1)?;
        let (_, end, also) = &merged[before];
        (at < end).then_some(also)
    };
    let mut seen: HashSet<(usize, Option<usize>, &TicketId)> = HashSet::new();
    // Of challenges with notes, what stands in their status cells.
    let mut in_status: HashMap<usize, Vec<&Reference>> = HashMap::new();
    for reference in &scan.references {
        match reference.owner {
            Owner::Challenge { challenge, anecdote, .. } => {
                let row = &mut document.challenges[challenge];
                if seen.insert((challenge, None, &reference.ticket)) {
                    row.tickets.push(reference.ticket.clone());
                }
                if let Some(anecdote) = anecdote.map(|nth| nth as usize)
                    && seen.insert((challenge, Some(anecdote), &reference.ticket))
                {
                    row.anecdotes[anecdote].tickets.push(reference.ticket.clone());
                }
                if is_status(reference.within) {
                    let others = shared(&reference.place).into_iter().flatten().copied();
                    for of in std::iter::once(challenge).chain(others) {
                        let row = &mut document.challenges[of];
                        if !row.status.notes.is_empty() {
                            in_status.entry(of).or_default().push(reference);
                        }
                        if seen.insert((of, None, &reference.ticket)) {
                            row.tickets.push(reference.ticket.clone());
                        }
                    }
                }
            }
            Owner::Topic { meeting, topic } => {
                let topic_of = &mut document.meetings[meeting].topics[topic];
                if seen.insert((meeting, Some(topic), &reference.ticket)) {
                    topic_of.tickets.push(reference.ticket.clone());
                }
                // They stand in order of their places, each up to the next.
                let before = topic_of.follow_ups.partition_point(|agreed| agreed.place <= reference.place);
                if reference.within == Within::FollowUp
                    && let Some(agreed) = topic_of.follow_ups[..before].last_mut()
                    && !agreed.tickets.contains(&reference.ticket)
                {
                    agreed.tickets.push(reference.ticket.clone());
                }
            }
            Owner::Nobody => {}
        }
    }
    link_topics(document, &scan.pages);
    for (challenge, cited) in in_status {
        // A note in front of the only ticket of its cell speaks of that one too.
        let only = cited.first().filter(|first| cited.iter().all(|reference| reference.ticket == first.ticket));
        for note in &mut document.challenges[challenge].status.notes {
            let before = cited.partition_point(|reference| reference.place < note.place).checked_sub(1);
            note.ticket = before.map(|nth| cited[nth]).or(only.copied()).map(|reference| reference.ticket.clone());
        }
    }
}

fn is_status(within: Within) -> bool {
    matches!(within, Within::Status | Within::Note)
}
