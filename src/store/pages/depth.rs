//! All that is known of one challenge or one ticket: what its page judges and tells.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use rusqlite::{Connection, params};

use super::excerpt::{COLUMNS, read_finding};
use super::lists;
use crate::domain::challenge::ChallengeId;
use crate::domain::document::Owner;
use crate::domain::known::KnownDocument;
use crate::domain::minutes::Meeting;
use crate::domain::pages::Depth;
use crate::domain::past::Past;
use crate::domain::portion::Closed;
use crate::domain::ticket::TicketId;
use crate::store::columns::{AsJson, AsText, Cells, number, rows};
use crate::store::portions::{Cut, Portions, Row};
use crate::store::{decisions, markers, minutes, outline, past, runs, trackers};

/// Challenges whose stories a ticket's page tells; those further on cite it as well.
const STORIES: usize = 25;

/// How far closings may be apart to belong together, and more.
const AT_ONCE: TimeDelta = TimeDelta::minutes(15);

/// Of a challenge of the documents in force.
pub(super) fn challenge(
    on: &Connection,
    id: &ChallengeId,
    matters: &dyn Fn(&Closed) -> bool,
) -> rusqlite::Result<Option<Depth>> {
    let Some(row) = lists::place(on, id)? else { return Ok(None) };
    let cut = Cut::Page { rows: BTreeSet::from([row]), ticket: None };
    let found = format!("SELECT {COLUMNS} FROM finding WHERE challenge = ?1 AND cleared_at IS NULL");
    let findings = rows(on, &found, [&id.0], read_finding)?;
    let depth = read(on, &cut, matters)?;
    let told = depth.known.documents.iter().flat_map(|document| &document.challenges).find(|its| its.id == *id);
    let past = told.map(|told| past::of_challenge(on, told)).transpose()?.unwrap_or_default();
    Ok(Some(Depth { findings, past, ..depth }))
}

/// Of a ticket; whether it is known at all shows in what is known.
pub(super) fn ticket(on: &Connection, id: &TicketId, matters: &dyn Fn(&Closed) -> bool) -> rusqlite::Result<Depth> {
    let citing = "FROM reference JOIN document ON document.path = reference.document AND document.retired_at IS NULL
                  WHERE ticket = ?1 AND challenge IS NOT NULL";
    let first = format!("SELECT DISTINCT document, challenge {citing} ORDER BY document, challenge LIMIT ?2");
    let first: BTreeSet<Row> =
        rows(on, &first, params![AsText(id), number(STORIES)], |cells| Ok((cells.take()?, cells.number()?)))?
            .into_iter()
            .collect();
    let count = format!("SELECT count(*) FROM (SELECT DISTINCT document, challenge {citing})");
    let citing = on.query_row(&count, [AsText(id)], |row| Cells::of(row).number())?;
    let depth = read(on, &Cut::Page { rows: first, ticket: Some(id.clone()) }, matters)?;
    let found = format!("SELECT {COLUMNS} FROM finding WHERE ticket = ?1 AND cleared_at IS NULL");
    let findings = rows(on, &found, [AsText(id)], read_finding)?;
    let told = depth.known.documents.iter().flat_map(|document| &document.challenges);
    let told = told.filter(|its| its.tickets.contains(id)).map(|its| its.id.clone()).collect();
    Ok(Depth { citing, findings, past: past::of_ticket(on, id, &told)?, ..depth })
}

fn read(on: &Connection, cut: &Cut, matters: &dyn Fn(&Closed) -> bool) -> rusqlite::Result<Depth> {
    let (mut known, own) = Portions::of_a_page(on)?.read(on, cut)?;
    for document in &mut known.documents {
        topics(on, document)?;
    }
    let mut closings: BTreeMap<TicketId, Closed> = BTreeMap::new();
    for facts in known.tickets.values().filter_map(|known| known.facts.as_deref()) {
        if let (true, Some(by), Some(at)) = (facts.closed, &facts.closed_by, facts.closed_at) {
            let near = outline::closings_of(on, by, (at - AT_ONCE, at + AT_ONCE), matters)?;
            closings.extend(near.into_iter().map(|closed| (closed.ticket.clone(), closed)));
        }
    }
    let challenges: BTreeSet<&ChallengeId> =
        own.challenges.iter().map(|&(document, at)| &known.documents[document].challenges[at].id).collect();
    let ranked = "SELECT ranked.challenge, priority FROM json_each(?1) AS wanted
                  CROSS JOIN ranked ON ranked.challenge = wanted.value WHERE since IS NOT NULL";
    let ranks = rows(on, ranked, [AsJson(&challenges)], |cells| Ok((ChallengeId(cells.take()?), cells.number()?)))?;
    (known.trackers, known.last_run) = (trackers::all(on)?, runs::last(on)?);
    let waivers = decisions::waivers(on)?.into_iter().chain(markers::waivers(on)?).collect();
    Ok(Depth {
        known,
        own,
        closings: closings.into_values().collect(),
        findings: Vec::new(),
        ranks: ranks.into_iter().collect(),
        waivers,
        past: Past::default(),
        citing: 0,
    })
}

/// Reads the topics that the references of a document stand in, each in a meeting of its own.
fn topics(on: &Connection, document: &mut KnownDocument) -> rusqlite::Result<()> {
    let KnownDocument { path, references, meetings, .. } = document;
    for reference in references {
        if let Owner::Topic { meeting, topic } = reference.owner
            && let Some((meeting, topic)) = minutes::topic(on, path, meeting, topic)?
        {
            reference.owner = Owner::Topic { meeting: meetings.len(), topic: 0 };
            meetings.push(Meeting { topics: vec![topic], ..meeting });
        }
    }
    Ok(())
}
