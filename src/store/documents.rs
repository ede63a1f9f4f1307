//! Documents: the last good version of each, replaced whole or not at all.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::BufWriter;

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::columns::{AsJson, AsText, Cells, cannot_store, rows};
use super::pages::{ranked, search};
use super::{citations, history, markers, minutes, references, register};
use crate::domain::challenge::Challenge;
use crate::domain::citation::Citation;
use crate::domain::document::{Document, Form, Kind};
use crate::domain::finding::Problem;
use crate::domain::known::KnownDocument;
use crate::domain::minutes::Meeting;
use crate::domain::reference::{Reference, Unclaimed};
use crate::domain::time::Moment;
use crate::domain::waiver::Marker;

/// One version of a document: everything that was understood of it, without its text.
pub(super) struct Version {
    pub(super) source: String,
    pub(super) path: String,
    form: Form,
    kind: Kind,
    challenges: Vec<Challenge>,
    meetings: Vec<Meeting>,
    references: Vec<Reference>,
    unclaimed: Vec<Unclaimed>,
    problems: Vec<Problem>,
    markers: Vec<Marker>,
    citations: Vec<Citation>,
}

impl Version {
    /// Puts a version together. The document's own problems stand first; `more` adds those that are not among them.
    pub(super) fn of(
        source: &str,
        document: Document,
        references: Vec<Reference>,
        unclaimed: Vec<Unclaimed>,
        mut more: Vec<Problem>,
    ) -> Self {
        let Document { path, form, kind, challenges, meetings, mut problems, markers, citations, .. } = document;
        let name = |problem: &Problem| (problem.code, problem.place.clone(), problem.message.clone());
        let own: HashSet<_> = problems.iter().map(name).collect();
        more.retain(|problem| !own.contains(&name(problem)));
        problems.append(&mut more);
        Self {
            source: source.to_owned(),
            path,
            form,
            kind,
            challenges,
            meetings,
            references,
            unclaimed,
            problems,
            markers,
            citations,
        }
    }

    /// SHA-256 of everything that would be stored. Not of the bytes read: a changed claim or a better parser makes
    /// another version of the same bytes.
    fn fingerprint(&self) -> rusqlite::Result<String> {
        let all = (
            (self.form, self.kind),
            (&self.challenges, &self.meetings),
            (&self.references, &self.unclaimed, &self.problems, &self.markers, &self.citations),
        );
        let mut into = BufWriter::new(Sha256::new());
        serde_json::to_writer(&mut into, &all).map_err(cannot_store)?;
        let hash = into.into_inner().map_err(|error| cannot_store(error.into_error()))?;
        Ok(format!("{:x}", hash.finalize()))
    }
}

/// Puts this version in force. One that is already in force is only marked as read.
pub(super) fn remember(transaction: &Connection, version: &Version, now: Moment) -> rusqlite::Result<()> {
    let path = version.path.as_str();
    let fingerprint = version.fingerprint()?;
    let in_force: Option<Option<String>> = transaction
        .prepare_cached("SELECT fingerprint FROM document WHERE path = ?1")?
        .query_row([path], |row| row.get(0))
        .optional()?;
    let changed = in_force.as_ref().and_then(Option::as_ref) != Some(&fingerprint);
    if changed {
        history::note(transaction, &version.source, path, &fingerprint, &version.challenges, now)?;
    }
    transaction.execute(
        "INSERT INTO document (path, source, form, kind, fingerprint, first_seen_at, read_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
         ON CONFLICT (path) DO UPDATE SET source = excluded.source, form = excluded.form, kind = excluded.kind,
             fingerprint = excluded.fingerprint, read_at = excluded.read_at, digest = NULL,
             trouble = NULL, trouble_at = NULL, retired_at = NULL",
        params![path, version.source, AsText(version.form), AsText(version.kind), fingerprint, AsText(now)],
    )?;
    if !changed {
        return ranked::back(transaction, path);
    }
    register::replace(transaction, path, &version.challenges, now)?;
    minutes::replace(transaction, path, &version.meetings)?;
    references::replace(transaction, path, &version.references, &version.unclaimed, &version.problems)?;
    citations::replace(transaction, path, &version.citations)?;
    markers::replace(transaction, path, &version.markers)?;
    ranked::follow(transaction, path)?;
    search::document(transaction, path, &version.challenges, &version.meetings)
}

/// Marks a document as read if the version in force came of the same; how many references it has.
pub(super) fn confirm(
    transaction: &Connection,
    source: &str,
    path: &str,
    digest: &str,
    now: Moment,
) -> rusqlite::Result<Option<usize>> {
    let same = transaction.execute(
        "UPDATE document SET source = ?1, read_at = ?4, trouble = NULL, trouble_at = NULL, retired_at = NULL
         WHERE path = ?2 AND digest = ?3",
        params![source, path, digest, AsText(now)],
    )?;
    if same == 0 {
        return Ok(None);
    }
    ranked::back(transaction, path)?;
    let references = "SELECT count(*) FROM reference WHERE document = ?1";
    transaction.query_row(references, [path], |row| Cells::of(row).number()).map(Some)
}

/// Notes what the version in force came of.
pub(super) fn come_of(transaction: &Connection, path: &str, digest: &str) -> rusqlite::Result<()> {
    transaction.execute("UPDATE document SET digest = ?2 WHERE path = ?1", [path, digest])?;
    Ok(())
}

/// Keeps the version in force, if there is one, and notes why there is no newer one.
pub(super) fn remember_unreadable(
    transaction: &Connection,
    source: &str,
    path: &str,
    trouble: &str,
    now: Moment,
) -> rusqlite::Result<()> {
    transaction.execute(
        "INSERT INTO document (path, source, first_seen_at, trouble, trouble_at) VALUES (?1, ?2, ?3, ?4, ?3)
         ON CONFLICT (path) DO UPDATE SET source = excluded.source, trouble = excluded.trouble,
             trouble_at = excluded.trouble_at, retired_at = NULL",
        params![path, source, AsText(now), trouble],
    )?;
    ranked::back(transaction, path)
}

/// Takes every document out of force that is not among `keep` (source, path).
pub(super) fn retire_except(
    transaction: &Connection,
    keep: &HashSet<(String, String)>,
    now: Moment,
) -> rusqlite::Result<()> {
    let in_force = "SELECT source, path FROM document WHERE retired_at IS NULL";
    for named in rows(transaction, in_force, [], |cells| Ok((cells.take()?, cells.take()?)))? {
        if !keep.contains(&named) {
            transaction
                .execute("UPDATE document SET retired_at = ?2 WHERE path = ?1", params![named.1, AsText(now)])?;
            ranked::follow(transaction, &named.1)?;
        }
    }
    Ok(())
}

/// The documents in force while the tables below them are read.
pub(super) struct Shelf {
    documents: Vec<KnownDocument>,
    by_path: HashMap<String, usize>,
}

impl Shelf {
    fn of(documents: Vec<KnownDocument>) -> Self {
        let by_path = documents.iter().enumerate().map(|(at, document)| (document.path.clone(), at)).collect();
        Self { documents, by_path }
    }

    /// Runs a query whose first column is the document's path, and gives each row with its document to `fill`. Rows of
    /// retired documents are passed over.
    pub(super) fn fill(
        &mut self,
        connection: &Connection,
        sql: &str,
        mut fill: impl FnMut(&mut KnownDocument, &mut Cells<'_>) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<()> {
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let mut cells = Cells::of(row);
            if let Some(&at) = self.by_path.get(cells.str()?) {
                fill(&mut self.documents[at], &mut cells)?;
            }
        }
        Ok(())
    }
}

/// Every document in force without what stands in it, in order of their paths. One that was never read is empty prose.
pub(super) fn headings(connection: &Connection) -> rusqlite::Result<Vec<KnownDocument>> {
    let sql = "SELECT source, path, kind, read_at, trouble FROM document
               WHERE retired_at IS NULL ORDER BY path";
    rows(connection, sql, [], read_heading)
}

/// The same of these documents alone, by their paths.
pub(super) fn some_headings<'a>(
    connection: &Connection,
    paths: impl Iterator<Item = &'a String>,
) -> rusqlite::Result<BTreeMap<String, KnownDocument>> {
    let sql = "SELECT source, path, kind, read_at, trouble FROM document
               WHERE path IN (SELECT value FROM json_each(?1)) AND retired_at IS NULL";
    let paths: BTreeSet<&String> = paths.collect();
    let read = rows(connection, sql, [AsJson(paths)], read_heading)?;
    Ok(read.into_iter().map(|document| (document.path.clone(), document)).collect())
}

fn read_heading(cells: &mut Cells<'_>) -> rusqlite::Result<KnownDocument> {
    Ok(KnownDocument {
        source: cells.take()?,
        path: cells.take()?,
        kind: cells.maybe_text()?.unwrap_or(Kind::Prose),
        read_at: cells.maybe_text()?,
        trouble: cells.take()?,
        challenges: Vec::new(),
        meetings: Vec::new(),
        references: Vec::new(),
        citations: Vec::new(),
        unclaimed: Vec::new(),
        problems: Vec::new(),
        markers: Vec::new(),
    })
}

/// Every document in force with all that it says, in order of their paths.
pub(super) fn in_force(connection: &Connection) -> rusqlite::Result<Vec<KnownDocument>> {
    let mut shelf = Shelf::of(headings(connection)?);
    register::fill(connection, &mut shelf)?;
    minutes::fill(connection, &mut shelf)?;
    references::fill(connection, &mut shelf)?;
    references::fill_remarks(connection, &mut shelf)?;
    citations::fill(connection, &mut shelf)?;
    markers::fill(connection, &mut shelf)?;
    Ok(shelf.documents)
}

/// Every document in force with what judging makes of it as a whole: its meetings, what it cites besides tickets, what looks like tickets in it and what could
/// not be understood, and no rows or references.
pub(super) fn covers(connection: &Connection) -> rusqlite::Result<Vec<KnownDocument>> {
    let mut shelf = Shelf::of(headings(connection)?);
    minutes::fill(connection, &mut shelf)?;
    citations::fill(connection, &mut shelf)?;
    references::fill_remarks(connection, &mut shelf)?;
    Ok(shelf.documents)
}
