//! What minutes say: meetings and their topics.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use super::columns::{AsJson, AsText, Cells, astray, number, rows};
use super::documents::Shelf;
use crate::domain::challenge::Challenge;
use crate::domain::minutes::{Meeting, Suggestion, Topic, leads_to};
use crate::domain::series;
use crate::domain::ticket::TicketId;

/// Puts these meetings in the place of those that the document had.
pub(super) fn replace(transaction: &Connection, document: &str, meetings: &[Meeting]) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM meeting WHERE document = ?1", [document])?;
    let mut meeting_row = transaction.prepare_cached(
        "INSERT INTO meeting (document, position, date, line, col, skipped) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let mut topic_row = transaction.prepare_cached(
        "INSERT INTO topic (document, meeting, position, intention, speaker, text, line, col, assumed, replies,
             follow_ups, tickets, links)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?;
    for (position, meeting) in meetings.iter().enumerate() {
        let position = number(position);
        let place = &meeting.place;
        meeting_row.execute(params![
            document,
            position,
            AsText(meeting.date),
            place.line,
            place.column,
            meeting.skipped
        ])?;
        for (index, topic) in meeting.topics.iter().enumerate() {
            topic_row.execute(params![
                document,
                position,
                number(index),
                topic.intention,
                topic.speaker,
                topic.text,
                topic.place.line,
                topic.place.column,
                topic.assumed,
                AsJson(&topic.replies),
                AsJson(&topic.follow_ups),
                AsJson(&topic.tickets),
                AsJson(&topic.links)
            ])?;
        }
    }
    Ok(())
}

/// A meeting without its topics, from its day, its place and whether it was skipped.
pub(super) fn read_meeting(path: &str, cells: &mut Cells<'_>) -> rusqlite::Result<Meeting> {
    Ok(Meeting { date: cells.text()?, place: cells.place(path)?, skipped: cells.take()?, topics: Vec::new() })
}

/// What [`read_topic`] reads.
pub(super) const TOPIC: &str = "intention, speaker, text, line, col, assumed, replies, follow_ups, tickets, links";

/// A topic, from [`TOPIC`].
pub(super) fn read_topic(path: &str, cells: &mut Cells<'_>) -> rusqlite::Result<Topic> {
    Ok(Topic {
        intention: cells.take()?,
        speaker: cells.take()?,
        text: cells.take()?,
        place: cells.place(path)?,
        assumed: cells.take()?,
        replies: cells.json()?,
        follow_ups: cells.json()?,
        tickets: cells.json()?,
        links: cells.json()?,
    })
}

/// Topics of documents in force that link to a challenge, in order of time.
pub(super) fn linking(on: &Connection, challenge: &Challenge) -> rusqlite::Result<Vec<Suggestion>> {
    let sql = "SELECT topic.document, topic.line, topic.col, meeting.date, topic.text, topic.links FROM topic
               JOIN meeting ON meeting.document = topic.document AND meeting.position = topic.meeting
               JOIN document ON document.path = topic.document AND document.retired_at IS NULL
               WHERE topic.links != '[]' ORDER BY meeting.date, topic.document, topic.position";
    let found = rows(on, sql, [], |cells| {
        let path: String = cells.take()?;
        let (place, date, text) = (cells.place(&path)?, cells.text()?, cells.take::<String>()?);
        let links: Vec<String> = cells.json()?;
        let leads = links.iter().any(|link| leads_to(link, &path, challenge));
        Ok(leads.then_some(Suggestion { place, date, text }))
    })?;
    Ok(found.into_iter().flatten().collect())
}

/// As many topics are suggested.
const SUGGESTED: usize = 3;

/// As many topics are looked through for that, the latest: years of meetings, and still no matter for a page.
const LOOKED_THROUGH: usize = 3_000;

/// Topics of documents in force whose words are like a title's, the likest first and of those the latest; those that cite one
/// of `tickets`, or are among those `linked`, belong to it anyway and are left out. A suggestion, and no more.
pub(super) fn similar(
    on: &Connection,
    title: &str,
    tickets: &[TicketId],
    linked: &[Suggestion],
) -> rusqlite::Result<Vec<Suggestion>> {
    let plain = series::plain(title);
    // Short words are in every title.
    let wanted: BTreeSet<String> = plain.split(' ').filter(|word| word.chars().count() > 3).map(stem).collect();
    if wanted.len() < 2 {
        return Ok(Vec::new());
    }
    let sql = "SELECT topic.document, topic.line, topic.col, meeting.date, topic.text, topic.tickets FROM meeting
               CROSS JOIN topic ON topic.document = meeting.document AND topic.meeting = meeting.position
               JOIN document ON document.path = topic.document AND document.retired_at IS NULL
               ORDER BY meeting.date DESC LIMIT ?1";
    let found = rows(on, sql, [number(LOOKED_THROUGH)], |cells| {
        let path: String = cells.take()?;
        let (place, date, text) = (cells.place(&path)?, cells.text()?, cells.take::<String>()?);
        let stems: BTreeSet<String> = series::plain(&text).split(' ').map(stem).collect();
        let shared = wanted.intersection(&stems).count();
        if shared < 2 || 2 * shared < wanted.len() {
            return Ok(None);
        }
        let cited: Vec<TicketId> = cells.json()?;
        let belongs =
            cited.iter().any(|ticket| tickets.contains(ticket)) || linked.iter().any(|one| one.place == place);
        Ok((!belongs).then_some((shared, Suggestion { place, date, text })))
    })?;
    let mut found: Vec<(usize, Suggestion)> = found.into_iter().flatten().collect();
    found.sort_by_key(|(shared, _)| std::cmp::Reverse(*shared));
    Ok(found.into_iter().map(|(_, topic)| topic).take(SUGGESTED).collect())
}

/// The beginning of a word, which its endings leave.
fn stem(word: &str) -> String {
    word.chars().take(5).collect::<String>().trim_end_matches('s').to_owned()
}

/// Reads the meetings of all documents on the shelf.
pub(super) fn fill(connection: &Connection, shelf: &mut Shelf) -> rusqlite::Result<()> {
    let meetings = "SELECT document, date, line, col, skipped FROM meeting ORDER BY document, position";
    shelf.fill(connection, meetings, |document, cells| {
        document.meetings.push(read_meeting(&document.path, cells)?);
        Ok(())
    })?;
    let topics = format!("SELECT document, meeting, {TOPIC} FROM topic ORDER BY document, meeting, position");
    shelf.fill(connection, &topics, |document, cells| {
        let meeting = cells.number()?;
        let topic = read_topic(&document.path, cells)?;
        let meeting =
            document.meetings.get_mut(meeting).ok_or_else(|| astray("a topic of a meeting that is not there"))?;
        meeting.topics.push(topic);
        Ok(())
    })
}

/// One topic, by where its meeting and it stand in their document, and its meeting without the others.
pub(super) fn topic(
    connection: &Connection,
    document: &str,
    meeting: usize,
    at: usize,
) -> rusqlite::Result<Option<(Meeting, Topic)>> {
    let (meeting, at) = (number(meeting), number(at));
    let met = "SELECT date, line, col, skipped FROM meeting WHERE document = ?1 AND position = ?2";
    let met = rows(connection, met, params![document, meeting], |cells| read_meeting(document, cells))?;
    let told = format!("SELECT {TOPIC} FROM topic WHERE document = ?1 AND meeting = ?2 AND position = ?3");
    let told = rows(connection, &told, params![document, meeting, at], |cells| read_topic(document, cells))?;
    Ok(met.into_iter().zip(told).next())
}
