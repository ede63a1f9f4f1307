//! What is known, a portion at a time: some rows of a register, or some tickets that no row cites, with all that judging
//! them takes.
//!
//! 1. Every challenge and every cited ticket belongs to one portion; a ticket to that of the first challenge that cites it.
//! 2. Of a portion's tickets everything is there that a verdict rests on: the tickets that they point at or that took
//!    their place by a note, the notes of any row on any of these, and every place that cites those which belong to the
//!    portion.
//! 3. What is no part of what is known as a whole is in no portion either.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::{Connection, params};

use super::columns::{AsJson, AsText, Cells, number, rows};
use super::{decisions, documents, elsewhere, follows, references, register, tickets};
use crate::domain::decision::Decision;
use crate::domain::document::Owner;
use crate::domain::follow::HOPS;
use crate::domain::known::{Known, KnownDocument};
use crate::domain::portion::Own;
use crate::domain::ticket::TicketId;

/// Rows that cite what a page shows; a page is to be read in a moment, and what is cited oftener needs no more of them.
const ROWS_OF_A_PAGE: i64 = 100;

/// Which portion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cut {
    /// Rows of a register, by their positions.
    Rows { document: String, from: usize, to: usize },
    /// Tickets that no row cites.
    Loose(Vec<TicketId>),
    /// What a page shows: some rows, by their documents and positions, with all tickets that they cite; or one ticket, and
    /// the rows that cite it.
    Page { rows: BTreeSet<Row>, ticket: Option<TicketId> },
}

/// The portions of what is known at one moment.
pub(super) struct Portions {
    /// The documents in force without what stands in them.
    documents: BTreeMap<String, KnownDocument>,
    /// Tickets that no document cites and closed ones point at; absent where it is not worth finding all of them, and
    /// whatever was asked for and is not cited counts as one.
    followed: Option<BTreeSet<TicketId>>,
    decisions: BTreeMap<TicketId, Decision>,
}

impl Portions {
    pub(super) fn of(on: &Connection) -> rusqlite::Result<Self> {
        let documents =
            documents::headings(on)?.into_iter().map(|document| (document.path.clone(), document)).collect();
        let followed = Some(references::followed(on)?.into_iter().collect());
        Ok(Self { documents, followed, decisions: decisions::decisions(on)? })
    }

    /// Enough of them to read one page.
    pub(super) fn of_a_page(on: &Connection) -> rusqlite::Result<Self> {
        let documents = documents::headings(on)?;
        let documents = documents.into_iter().map(|document| (document.path.clone(), document)).collect();
        Ok(Self { documents, followed: None, decisions: decisions::decisions(on)? })
    }

    /// Which there are, with so many rows, or tickets that no row cites, in each.
    pub(super) fn cuts(&self, on: &Connection, size: usize) -> rusqlite::Result<Vec<Cut>> {
        let count = "SELECT document, count(*) FROM challenge GROUP BY document ORDER BY document";
        let registers: Vec<(String, usize)> = rows(on, count, [], |cells| Ok((cells.take()?, cells.number()?)))?;
        let registers = registers.iter().filter(|(path, _)| self.documents.contains_key(path));
        let cut = |(path, all): &(String, usize)| {
            let (path, all) = (path.clone(), *all);
            (0..all).step_by(size).map(move |from| Cut::Rows { document: path.clone(), from, to: all.min(from + size) })
        };
        let mut cuts: Vec<Cut> = registers.flat_map(cut).collect();
        let loose = "SELECT min(reference.ticket) FROM reference
                     JOIN document ON document.path = reference.document AND document.retired_at IS NULL
                     GROUP BY reference.ticket HAVING count(reference.challenge) = 0";
        let loose: Vec<TicketId> = rows(on, loose, [], |cells| Ok(cells.take::<AsText<_>>()?.0))?;
        cuts.extend(loose.chunks(size).map(|some| Cut::Loose(some.to_vec())));
        Ok(cuts)
    }

    /// One of them.
    pub(super) fn read(&self, on: &Connection, cut: &Cut) -> rusqlite::Result<(Known, Own)> {
        let (mut cited, own, merged) = match cut {
            Cut::Rows { document, from, to } => {
                let (cited, own) = cited_by(on, document, *from, *to)?;
                (cited, own, merged_into(on, document, *from, *to)?)
            }
            Cut::Loose(tickets) => (tickets.clone(), tickets.iter().cloned().collect(), BTreeSet::new()),
            Cut::Page { rows, ticket } => {
                let mut cited: Vec<TicketId> = ticket.iter().cloned().collect();
                let mut merged = BTreeSet::new();
                for (document, at) in rows {
                    cited.extend(cited_by(on, document, *at, at + 1)?.0);
                    merged.extend(merged_into(on, document, *at, at + 1)?);
                }
                let own = match ticket {
                    Some(ticket) => BTreeSet::from([ticket.clone()]),
                    None => cited.iter().cloned().collect(),
                };
                (cited, own, merged)
            }
        };
        cited.extend(merged.iter().cloned());
        let mut known = Known { decisions: self.decisions_on(&cited), ..Known::default() };
        let (mut cited, mut followed) = (BTreeSet::from_iter(cited), BTreeSet::new());
        self.follow(on, &mut known, &mut cited, &mut followed)?;
        known.tickets = tickets::of(on, &cited)?;
        known.followed = tickets::of(on, &followed)?;
        for (id, elsewhere) in elsewhere::of(on, cited.iter().chain(&followed))? {
            if let Some(ticket) = known.tickets.get_mut(&id).or_else(|| known.followed.get_mut(&id)) {
                ticket.elsewhere = Some(elsewhere);
            }
        }
        let noted: Vec<&TicketId> = cited.iter().chain(&followed).collect();
        let mut shelf = Rows::default();
        match cut {
            Cut::Rows { document, from, to } => (*from..*to).for_each(|at| shelf.want(document, at)),
            Cut::Loose(_) => {}
            Cut::Page { rows, .. } => shelf.wanted.clone_from(rows),
        }
        let own_rows = shelf.wanted.clone();
        shelf.with_notes(on, &noted)?;
        let most = if matches!(cut, Cut::Page { .. }) { ROWS_OF_A_PAGE } else { -1 };
        shelf.citing(on, &own, most)?;
        shelf.citing(on, &merged, most)?;
        known.documents = shelf.read(on, &self.documents, &own_rows, &own)?;
        let challenges = own_rows.iter().filter_map(|row| shelf.at(&known.documents, row)).collect();
        Ok((known, Own { challenges, tickets: own }))
    }

    fn decisions_on(&self, cited: &[TicketId]) -> BTreeMap<TicketId, Decision> {
        let on = cited.iter().filter_map(|ticket| self.decisions.get(ticket));
        on.map(|decision| (decision.ticket.clone(), decision.clone())).collect()
    }

    /// Goes along what tickets point at, and what notes name as having taken their place, as far as verdicts carry.
    fn follow(
        &self,
        on: &Connection,
        known: &mut Known,
        cited: &mut BTreeSet<TicketId>,
        followed: &mut BTreeSet<TicketId>,
    ) -> rusqlite::Result<()> {
        let mut newest: Vec<TicketId> = cited.iter().cloned().collect();
        // The last ones are asked for what became of them, and what they name counts for that.
        for _ in 0..HOPS + 2 {
            let follows = follows::of(on, &newest)?;
            let pointed_at = follows.values().flatten().map(|follow| follow.to.clone());
            let next: BTreeSet<TicketId> = pointed_at.chain(references::heirs_of(on, &newest)?).collect();
            known.follows.extend(follows);
            newest = next.into_iter().filter(|id| !cited.contains(id) && !followed.contains(id)).collect();
            let elsewhere = references::cited_among(on, &newest)?;
            let asked = if self.followed.is_some() { BTreeSet::new() } else { tickets::asked_among(on, &newest)? };
            let followers = self.followed.as_ref().unwrap_or(&asked);
            newest.retain(|id| elsewhere.contains(id) || followers.contains(id));
            for id in &newest {
                match (elsewhere.get(id), followers.get(id)) {
                    (Some(id), _) => cited.insert(id.clone()),
                    (None, Some(id)) => followed.insert(id.clone()),
                    (None, None) => false,
                };
            }
            if newest.is_empty() {
                break;
            }
        }
        Ok(())
    }
}

/// The tickets that some rows of a register cite, and those of them that belong to these rows: no earlier row cites them.
fn cited_by(
    on: &Connection,
    document: &str,
    from: usize,
    to: usize,
) -> rusqlite::Result<(Vec<TicketId>, BTreeSet<TicketId>)> {
    let sql = "SELECT min(cited.ticket),
                      NOT EXISTS (SELECT 1 FROM reference AS other
                                  JOIN document ON document.path = other.document AND document.retired_at IS NULL
                                  WHERE other.ticket = cited.ticket AND other.challenge IS NOT NULL
                                        AND (other.document, other.challenge) < (?1, ?2))
               FROM reference AS cited WHERE document = ?1 AND challenge >= ?2 AND challenge < ?3
               GROUP BY cited.ticket";
    let cited: Vec<(TicketId, bool)> =
        rows(on, sql, params![document, number(from), number(to)], |cells| Ok((cells.text()?, cells.take()?)))?;
    let spelled = references::cited_among(on, cited.iter().map(|(ticket, _)| ticket))?;
    let own: BTreeSet<&TicketId> = cited.iter().filter(|(_, own)| *own).map(|(ticket, _)| ticket).collect();
    let own = spelled.iter().filter(|ticket| own.contains(ticket)).cloned().collect();
    Ok((spelled.into_iter().collect(), own))
}

/// Tickets that rows of a register have and do not cite: they stand in a status cell that is merged with one above.
fn merged_into(on: &Connection, document: &str, from: usize, to: usize) -> rusqlite::Result<BTreeSet<TicketId>> {
    let sql = "SELECT DISTINCT had.value FROM challenge, json_each(challenge.tickets) AS had
               WHERE challenge.document = ?1 AND challenge.position >= ?2 AND challenge.position < ?3
                     AND NOT EXISTS (SELECT 1 FROM reference
                                     WHERE reference.document = challenge.document
                                           AND reference.challenge = challenge.position
                                           AND reference.ticket = had.value)";
    let had: Vec<TicketId> =
        rows(on, sql, params![document, number(from), number(to)], |cells| Ok(cells.take::<AsText<_>>()?.0))?;
    references::cited_among(on, &had)
}

/// A row of a register: its document and its position.
pub(super) type Row = (String, usize);

/// Some rows of registers and what they cite, in their documents.
pub(super) fn rows_of(
    on: &Connection,
    headings: &BTreeMap<String, KnownDocument>,
    wanted: &BTreeSet<Row>,
) -> rusqlite::Result<Vec<KnownDocument>> {
    let mut shelf = Rows { wanted: wanted.clone(), ..Rows::default() };
    shelf.read(on, headings, wanted, &BTreeSet::new())
}

/// The rows of a portion while they are read.
#[derive(Default)]
struct Rows {
    wanted: BTreeSet<Row>,
    /// Where each stands: the index of its challenge in its document.
    index: HashMap<Row, usize>,
}

impl Rows {
    fn want(&mut self, document: &str, at: usize) {
        self.wanted.insert((document.to_owned(), at));
    }

    /// Wants the rows that note anything and cite one of these: a note on any of them counts, wherever it stands.
    fn with_notes(&mut self, on: &Connection, tickets: &[&TicketId]) -> rusqlite::Result<()> {
        let noting = "SELECT DISTINCT reference.document, reference.challenge FROM json_each(?1) AS wanted
                      CROSS JOIN reference ON reference.ticket = wanted.value
                      JOIN document ON document.path = reference.document AND document.retired_at IS NULL
                      WHERE EXISTS (SELECT 1 FROM note
                                    WHERE note.document = reference.document AND note.challenge = reference.challenge)";
        let read = |cells: &mut Cells<'_>| Ok((cells.take()?, cells.number()?));
        self.wanted.extend(rows(on, noting, [AsJson(tickets)], read)?);
        Ok(())
    }

    /// Wants the rows that cite one of these, and no more than so many where that is not negative.
    fn citing(&mut self, on: &Connection, tickets: &BTreeSet<TicketId>, most: i64) -> rusqlite::Result<()> {
        let citing = "SELECT DISTINCT reference.document, reference.challenge FROM json_each(?1) AS wanted
                      CROSS JOIN reference ON reference.ticket = wanted.value
                      JOIN document ON document.path = reference.document AND document.retired_at IS NULL
                      WHERE reference.challenge IS NOT NULL LIMIT ?2";
        let read = |cells: &mut Cells<'_>| Ok((cells.take()?, cells.number()?));
        self.wanted.extend(rows(on, citing, params![AsJson(tickets), most], read)?);
        Ok(())
    }

    /// The documents with these rows alone, and with what cites the portion's own tickets outside of any row. Anecdotes
    /// are there where the row itself is judged.
    fn read(
        &mut self,
        on: &Connection,
        headings: &BTreeMap<String, KnownDocument>,
        own_rows: &BTreeSet<Row>,
        own: &BTreeSet<TicketId>,
    ) -> rusqlite::Result<Vec<KnownDocument>> {
        let mut documents: BTreeMap<String, KnownDocument> = BTreeMap::new();
        for (path, challenge, at) in register::of(on, &self.wanted)? {
            let Some(heading) = headings.get(&path) else { continue };
            let document = documents.entry(path.clone()).or_insert_with(|| heading.clone());
            self.index.insert((path, at), document.challenges.len());
            document.challenges.push(challenge);
        }
        for (row, anecdote) in register::anecdotes_of(on, own_rows)? {
            if let (Some(at), Some(document)) = (self.index.get(&row), documents.get_mut(&row.0)) {
                document.challenges[*at].anecdotes.push(anecdote);
            }
        }
        for (row, note) in register::notes_of(on, &self.wanted)? {
            if let (Some(at), Some(document)) = (self.index.get(&row), documents.get_mut(&row.0)) {
                document.challenges[*at].status.notes.push(note);
            }
        }
        let within = references::within(on, &self.wanted)?;
        for (path, mut reference) in within.into_iter().chain(references::outside(on, own)?) {
            let Some(heading) = headings.get(&path) else { continue };
            if let Owner::Challenge { challenge, .. } = &mut reference.owner {
                let Some(at) = self.index.get(&(path.clone(), *challenge)) else { continue };
                *challenge = *at;
            }
            documents.entry(path).or_insert_with(|| heading.clone()).references.push(reference);
        }
        Ok(documents.into_values().collect())
    }

    /// Where a row came to stand: the index of its document, and its own in that.
    fn at(&self, documents: &[KnownDocument], row: &Row) -> Option<(usize, usize)> {
        let document = documents.binary_search_by(|document| document.path.as_str().cmp(&row.0)).ok()?;
        Some((document, *self.index.get(row)?))
    }
}
