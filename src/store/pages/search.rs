//! The index that searching goes by, kept in the transactions that change documents and tickets; and searching.
//!
//! A challenge stands in it with its anecdotes, a topic with its replies and follow-ups, a ticket with its name and title.
//! What says the same words as before is left as it is.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use rusqlite::{Connection, OptionalExtension, params};

use super::{excerpt, listed, lists};
use crate::domain::challenge::{Challenge, ChallengeId};
use crate::domain::minutes::{Meeting, Topic};
use crate::domain::pages::{Found, Hit, Leaf, SoughtKind};
use crate::domain::theme::other_form;
use crate::domain::ticket::TicketId;
use crate::store::columns::{AsText, cannot_store, number, rows};
use crate::store::minutes;

/// Rows that are weighed against each other; of words that are in more, the first ones are.
const WEIGHED: usize = 2_000;

/// What one row of the index says.
struct Entry {
    kind: SoughtKind,
    name: String,
    title: String,
    body: String,
    at: Option<(usize, usize)>,
}

impl Entry {
    fn challenge(challenge: &Challenge) -> Self {
        let mut body = vec![challenge.category.as_deref().unwrap_or_default(), &challenge.status.text];
        for anecdote in &challenge.anecdotes {
            body.push(&anecdote.text);
            body.extend(anecdote.teams.iter().map(String::as_str));
        }
        let (name, title) = (challenge.id.0.clone(), challenge.title.clone());
        Self { kind: SoughtKind::Challenge, name, title, body: body.join(" "), at: None }
    }

    fn topic(topic: &Topic, at: (usize, usize)) -> Self {
        let mut body: Vec<&str> = topic.intention.iter().chain(&topic.speaker).map(String::as_str).collect();
        for reply in &topic.replies {
            body.extend(reply.speaker.as_deref());
            body.push(&reply.text);
        }
        for follow_up in &topic.follow_ups {
            body.extend(follow_up.owner.as_deref());
            body.push(&follow_up.text);
        }
        let body = body.join(" ");
        let name = format!("{:016x}", print(&topic.text, &body));
        Self { kind: SoughtKind::Topic, name, title: topic.text.clone(), body, at: Some(at) }
    }
}

/// A fingerprint of some words. Another compiler may make another one of them: then they are put in once more.
fn print(title: &str, body: &str) -> i64 {
    let mut hasher = DefaultHasher::new();
    (title, body).hash(&mut hasher);
    hasher.finish().cast_signed()
}

/// A row of the index as it is: its number, its fingerprint and where it stands.
type Row = (i64, i64, Option<(usize, usize)>);

/// Puts what a document says into the index, in the place of what it said.
pub(in crate::store) fn document(
    on: &Connection,
    path: &str,
    challenges: &[Challenge],
    meetings: &[Meeting],
) -> rusqlite::Result<()> {
    let sql = "SELECT kind, name, id, print, meeting, topic FROM sought_row WHERE document = ?1";
    let mut before: HashMap<(SoughtKind, String), Row> = rows(on, sql, [path], |cells| {
        let key = (cells.text()?, cells.take()?);
        let (id, print) = (cells.take()?, cells.take()?);
        Ok((key, (id, print, cells.maybe_number()?.zip(cells.maybe_number()?))))
    })?
    .into_iter()
    .collect();
    let topics = meetings.iter().enumerate().flat_map(|(m, meeting)| {
        let topics = meeting.topics.iter().enumerate();
        topics.map(move |(t, topic)| Entry::topic(topic, (m, t)))
    });
    for entry in challenges.iter().map(Entry::challenge).chain(topics) {
        let was = before.remove(&(entry.kind, entry.name.clone()));
        put(on, Some(path), &entry, was)?;
    }
    for (id, ..) in before.values() {
        remove(on, *id)?;
    }
    Ok(())
}

/// Puts a ticket into the index, under its name and its title.
pub(in crate::store) fn ticket(on: &Connection, id: &TicketId, title: Option<&str>) -> rusqlite::Result<()> {
    let sql = "SELECT id, print FROM sought_row WHERE kind = 'ticket' AND name = ?1";
    let was = on.prepare_cached(sql)?.query_row([AsText(id)], |row| Ok((row.get(0)?, row.get(1)?, None))).optional()?;
    let name = id.to_string();
    let title = format!("{name} {}", title.unwrap_or_default());
    put(on, None, &Entry { kind: SoughtKind::Ticket, name, title, body: String::new(), at: None }, was)
}

fn put(on: &Connection, document: Option<&str>, entry: &Entry, was: Option<Row>) -> rusqlite::Result<()> {
    let print = print(&entry.title, &entry.body);
    let (meeting, topic) = entry.at.map(|(meeting, topic)| (number(meeting), number(topic))).unzip();
    let id = match was {
        Some((_, before, at)) if before == print && at == entry.at => return Ok(()),
        Some((id, before, _)) => {
            let sql = "UPDATE sought_row SET print = ?2, meeting = ?3, topic = ?4 WHERE id = ?1";
            on.prepare_cached(sql)?.execute(params![id, print, meeting, topic])?;
            if before == print {
                return Ok(());
            }
            on.prepare_cached("DELETE FROM sought WHERE rowid = ?1")?.execute([id])?;
            id
        }
        None => {
            let sql =
                "INSERT INTO sought_row (kind, document, name, print, meeting, topic) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            on.prepare_cached(sql)?.execute(params![
                AsText(entry.kind),
                document,
                entry.name,
                print,
                meeting,
                topic
            ])?;
            on.last_insert_rowid()
        }
    };
    let sql = "INSERT INTO sought (rowid, title, body) VALUES (?1, ?2, ?3)";
    on.prepare_cached(sql)?.execute(params![id, entry.title, entry.body])?;
    Ok(())
}

fn remove(on: &Connection, id: i64) -> rusqlite::Result<()> {
    on.prepare_cached("DELETE FROM sought WHERE rowid = ?1")?.execute([id])?;
    on.prepare_cached("DELETE FROM sought_row WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// A row of the index that has the words.
struct Match {
    kind: SoughtKind,
    document: String,
    name: String,
    topic: Option<(usize, usize)>,
}

/// What of the documents in force, and of the tickets that they cite, has all of these words; what fits best comes first.
/// Where a kind is named, the page has that kind alone.
pub(super) fn search(
    on: &Connection,
    words: &[String],
    kind: Option<SoughtKind>,
    (size, page): (usize, usize),
) -> rusqlite::Result<Found> {
    let mut matches = match query(words) {
        Some(query) => matches(on, &query)?,
        None => Vec::new(),
    };
    let more = matches.len() > WEIGHED;
    matches.truncate(WEIGHED);
    let mut kinds: BTreeMap<SoughtKind, usize> = BTreeMap::new();
    for one in &matches {
        *kinds.entry(one.kind).or_default() += 1;
    }
    matches.retain(|one| kind.is_none_or(|kind| one.kind == kind));
    let all = matches.len();
    let (mut hits, mut order) = (Vec::new(), Vec::new());
    for Match { kind, document, name, topic } in matches.into_iter().skip((page - 1) * size).take(size) {
        match kind {
            SoughtKind::Challenge => {
                let id = ChallengeId(name);
                if let Some(row) = lists::place(on, &id)? {
                    order.push((id.clone(), row));
                    hits.push(Hit::Challenge(id));
                }
            }
            SoughtKind::Ticket => {
                let listed = listed::listed(on, &name.parse().map_err(cannot_store)?)?;
                hits.extend(listed.map(|ticket| Hit::Ticket(Box::new(ticket))));
            }
            SoughtKind::Topic => {
                if let Some((meeting, at)) = topic {
                    let told = minutes::topic(on, &document, meeting, at)?;
                    hits.extend(told.map(|told| Hit::Topic(Box::new(told))));
                }
            }
        }
    }
    let challenges = excerpt::excerpt(on, order)?;
    Ok(Found { kinds, more, leaf: Leaf { shown: hits, all, page, size }, challenges })
}

fn matches(on: &Connection, query: &str) -> rusqlite::Result<Vec<Match>> {
    // Rows that nothing in force stands behind do not count among those that are weighed.
    let sql = "SELECT kind, coalesce(document, ''), name, meeting, topic
               FROM (SELECT sought.rowid AS id, bm25(sought, 8.0, 1.0) AS score
                     FROM sought CROSS JOIN sought_row ON sought_row.id = sought.rowid
                     WHERE sought MATCH ?1 AND CASE kind
                         WHEN 'ticket' THEN EXISTS (SELECT 1 FROM verdict WHERE ticket = sought_row.name AND current = 1)
                         ELSE EXISTS (SELECT 1 FROM document WHERE path = sought_row.document AND retired_at IS NULL) END
                     LIMIT ?2) AS hit
               JOIN sought_row USING (id) ORDER BY score, id";
    rows(on, sql, params![query, number(WEIGHED + 1)], |cells| {
        let (kind, document, name) = (cells.text()?, cells.take()?, cells.take()?);
        Ok(Match { kind, document, name, topic: cells.maybe_number()?.zip(cells.maybe_number()?) })
    })
}

/// What FTS5 is asked: each word as a string of its own, so that nothing in it means anything but itself, in its short form or
/// its long one where it has both; the last one may go on. Nothing where no word has a letter or a digit.
fn query(words: &[String]) -> Option<String> {
    let words: Vec<&String> = words.iter().filter(|word| word.chars().any(char::is_alphanumeric)).collect();
    let quoted = |word: &str| format!("\"{}\"", word.replace('\0', " ").replace('"', "\"\""));
    let (last, others) = words.split_last()?;
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let mut asked = String::new();
    let mut was_two = false;
    for (word, goes_on) in others.iter().map(|word| (word, "")).chain([(last, " *")]) {
        let other = other_form(&bare(word));
        // Two that stand side by side are both looked for; beside brackets that has to be said.
        asked += match (asked.is_empty(), was_two || other.is_some()) {
            (true, _) => "",
            (false, true) => " AND ",
            (false, false) => " ",
        };
        asked += &match other {
            Some(other) => format!("({}{goes_on} OR {})", quoted(word), quoted(other)),
            None => format!("{}{goes_on}", quoted(word)),
        };
        was_two = other.is_some();
    }
    Some(asked)
}

#[cfg(test)]
mod tests {
    use super::query;

    #[test]
    fn a_word_means_nothing_but_itself() {
        for (words, asked) in [
            (&["builds"][..], Some("\"builds\" *")),
            (&["OR", "NEAR(a"], Some("\"OR\" \"NEAR(a\" *")),
            (&["A11y", "l10n"], Some("(\"A11y\" OR \"accessibility\") AND (\"l10n\" * OR \"localization\")")),
            (&["x", "i18n", "y", "z"], Some("\"x\" AND (\"i18n\" OR \"internationalization\") AND \"y\" \"z\" *")),
            (&["accessibility?"], Some("(\"accessibility?\" * OR \"a11y\")")),
            (&["a\"b*"], Some("\"a\"\"b*\" *")),
            (&["title:", "--", "^"], Some("\"title:\" *")),
            (&["-", "*", "\"\""], None),
            (&[], None),
        ] {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            assert_eq!(query(&words).as_deref(), asked);
        }
    }
}
