//! Tables into challenges: each row's cells, the category that goes on, and whose bytes are whose.

mod skim;

use std::collections::HashSet;
use std::ops::Range;

use super::cells::Cells;
use super::columns::{self, Column, Own};
use super::layout::{Layout, Row, RowCells, Table, trim};
use super::marks::Pin;
use super::passages::Stretch;
use super::sections::{self, Section};
use super::status::Remark;
use super::{Depth, anecdotes, contents, headings, identity, row, status};
use crate::domain::challenge::{Anecdote, Challenge, ChallengeId, Note, Status};
use crate::domain::document::{Content, Owner, UnreadTable};
use crate::domain::finding::{Code, Problem};
use crate::domain::place::Lines;
use crate::domain::reference::Within;

/// What a document's tables say.
#[derive(Debug, Default)]
pub(super) struct Register {
    /// Their challenges, in order.
    pub(super) challenges: Vec<Challenge>,
    /// Whose bytes are whose.
    pub(super) stretches: Vec<Stretch>,
    /// What could not be understood whole.
    pub(super) problems: Vec<Problem>,
    /// Tables that are none, and of which nothing was said.
    pub(super) unread: Vec<UnreadTable>,
    /// Whether any table has the columns of a register.
    pub(super) found: bool,
}

/// Reads every table that lists challenges; where there is none, headings that do.
pub(super) fn read(
    layout: &Layout<'_>,
    pins: &[Pin],
    lines: &Lines<'_>,
    content: Content,
    own: &Own,
    depth: Depth,
) -> Register {
    let mut reader =
        Reader { layout, lines, pins, own, register: Register::default(), pinned: HashSet::new(), placed: None };
    let mut past = skim::Past::default();
    let headers: Vec<Vec<Column>> = layout.tables.iter().map(|table| reader.header(table)).collect();
    reader.register.found = headers.iter().any(|columns| columns::make_a_register(columns));
    for (table, columns) in layout.tables.iter().zip(&headers) {
        if columns::make_a_register(columns) {
            match depth {
                Depth::Whole => reader.table(table, columns),
                Depth::Citations => reader.skim(table, columns, &mut past),
            }
        } else if columns::come_near(columns) || content == Content::Register && !reader.register.found {
            reader.refuse(table);
        } else {
            reader.pass_over(table);
        }
    }
    if !reader.register.found {
        for section in sections::find(layout, content == Content::Register, own) {
            reader.section(&section);
        }
        reader.register.found = !reader.register.challenges.is_empty();
    }
    if content == Content::Register && layout.tables.is_empty() && !reader.register.found {
        let message = "no table of challenges in this document".to_owned();
        reader.problem(0, message, Some(EXPECTED.to_owned()));
    }
    let mut register = reader.register;
    identity::assign(&mut register.challenges, &[], |_| false);
    register
}

/// What a table needs, for hints.
const EXPECTED: &str = "a register's table has a column for the challenge (`Issue`, `Challenge`, `Problem`, `Title`) \
                        and at least one for anecdotes, occurrences or status; `columns` of its [[source]] names other words";

/// What the cells of a row tell, beside what the challenge is.
#[derive(Debug, Default)]
struct Told {
    anecdotes: Vec<Anecdote>,
    occurrences: Option<u32>,
    status: Status,
}

struct Reader<'a> {
    layout: &'a Layout<'a>,
    lines: &'a Lines<'a>,
    pins: &'a [Pin],
    own: &'a Own,
    register: Register,
    pinned: HashSet<String>,
    /// Where the heading starts whose bytes have been given to a challenge as its category last.
    placed: Option<usize>,
}

impl Reader<'_> {
    fn header(&self, table: &Table) -> Vec<Column> {
        headings::name(&self.headings(table), self.own, |nth| contents::of(self.layout, table, nth))
    }

    fn problem(&mut self, at: usize, message: String, hint: Option<String>) {
        self.register.problems.push(Problem { code: Code::MalformedRow, place: self.lines.place(at), message, hint });
    }

    fn headings(&self, table: &Table) -> Vec<String> {
        table.header.cells.iter().map(|cell| self.layout.prose.read(cell.clone())).collect()
    }

    fn pass_over(&mut self, table: &Table) {
        let headings = self.headings(table).iter().map(|heading| shortened(heading)).collect();
        let rows = table.rows.iter().map(|row| row.span.clone()).collect();
        self.register.unread.push(UnreadTable { place: self.lines.place(table.header.span.start), headings, rows });
    }

    fn refuse(&mut self, table: &Table) {
        let found: Vec<String> = self.headings(table).iter().map(|heading| shortened(heading)).collect();
        let message = format!("the table is not read as a register: its columns are `{}`", found.join("`, `"));
        self.problem(table.header.span.start, message, Some(EXPECTED.to_owned()));
    }

    fn table(&mut self, table: &Table, columns: &[Column]) {
        let mut category: Option<String> = None;
        let mut above: Option<Range<usize>> = None;
        for row in &table.rows {
            let placed = row::place(self.layout.text, row, columns, table.collapsed, category.is_some());
            let misplaced = || row::misplaced(self.layout.text, &placed.cells).filter(|_| !table.collapsed);
            if let Some(odd) = placed.odd.or_else(misplaced) {
                let hint = "give the row one cell for each column, and write `\\|` for a pipe inside a cell".to_owned();
                self.problem(row.span.start, odd, Some(hint));
            }
            let mut cells = Cells::from(placed.cells);
            let read = |column| cells.get(column).map(|cell: &Range<usize>| self.layout.prose.read(cell.clone()));
            let Some(title) = read(Column::Title).filter(|title| !title.is_empty()) else {
                if !cells.is_empty() {
                    let message = "the row has no title, so it is no challenge".to_owned();
                    self.problem(row.span.start, message, Some("name the challenge in its title column".to_owned()));
                }
                category = self.category(&mut cells, category);
                continue;
            };
            let named = cells.get(Column::Title).cloned();
            if above.is_some() && above == named {
                self.go_on(row, cells);
                continue;
            }
            above = named;
            category = self.category(&mut cells, category);
            self.challenge(row, &cells, title, category.clone());
        }
    }

    /// The category of a row where `above` is that of the rows above it; a cell that names none is none.
    fn category(&self, cells: &mut Cells, above: Option<String>) -> Option<String> {
        let Some(cell) = cells.get(Column::Category) else { return above };
        let said = self.layout.prose.read(cell.clone());
        if said.is_empty() || is_ditto(&said) {
            cells.remove(Column::Category);
            above
        } else if names_nothing(&said) {
            cells.remove(Column::Category);
            None
        } else {
            Some(said)
        }
    }

    /// A challenge that is a heading with what stands below it.
    fn section(&mut self, section: &Section) {
        let Section { span, category, cells } = section;
        let title = cells.get(Column::Title).map(|cell| self.layout.prose.read(cell.clone())).unwrap_or_default();
        if title.is_empty() {
            return;
        }
        let mut cells = cells.clone();
        let named = cells.get(Column::Category).or(category.as_ref()).map(|cell| self.layout.prose.read(cell.clone()));
        // The sections of a category stand together, and the first of them has its bytes.
        if let Some(above) = category.clone().filter(|above| self.placed != Some(above.start)) {
            let start = above.start;
            if cells.put(Column::Category, above) {
                self.placed = Some(start);
            }
        }
        self.challenge(&Row { span: span.clone(), cells: RowCells::new() }, &cells, title, named);
    }

    /// A further row of the challenge above, with whose title its own is merged: it adds what it has of its own.
    fn go_on(&mut self, row: &Row, cells: Cells) {
        let nth = self.register.challenges.len() - 1;
        let own = cells.filter_map(|(column, cell)| (cell.start >= row.span.start).then_some((column, cell)));
        let Told { anecdotes, occurrences: count, status } = self.told(nth, &own);
        let challenge = &mut self.register.challenges[nth];
        challenge.anecdotes.extend(anecdotes);
        challenge.status.notes.extend(status.notes);
        let text = [std::mem::take(&mut challenge.status.text), status.text];
        challenge.status.text = text.iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join(" ");
        challenge.occurrences = match (challenge.occurrences, count) {
            (Some(before), Some(more)) => Some(before.saturating_add(more)),
            (before, more) => before.or(more),
        };
    }

    fn challenge(&mut self, row: &Row, cells: &Cells, title: String, category: Option<String>) {
        let nth = self.register.challenges.len();
        let place = self.lines.place(cells.get(Column::Title).map_or(row.span.start, |cell| cell.start));
        for (column, within) in [(Column::Category, Within::Category), (Column::Title, Within::Title)] {
            if let Some(cell) = cells.get(column) {
                self.own(nth, within, None, None, cell.clone());
            }
        }
        let Told { anecdotes, occurrences, status } = self.told(nth, cells);
        let id = ChallengeId(self.pinned(&row.span).unwrap_or_default());
        let tickets = Vec::new();
        let challenge = Challenge { id, category, title, place, occurrences, anecdotes, status, tickets };
        self.register.challenges.push(challenge);
    }

    /// What the cells of a row tell of its challenge, every one of them the challenge's.
    fn told(&mut self, nth: usize, cells: &Cells) -> Told {
        let mut told = Told::default();
        // A challenge of several rows has some already.
        let mut notes = self.register.challenges.get(nth).map_or(0, |above| above.status.notes.len());
        for (column, cell) in cells.all() {
            match column {
                Column::Anecdotes => told.anecdotes = self.anecdotes(nth, cell),
                Column::Occurrences => {
                    self.leave_out_number(cell);
                    told.occurrences = self.occurrences(cell);
                }
                Column::Status | Column::Remedy => {
                    let said = self.notes(nth, notes, cell);
                    notes += said.len();
                    told.status.notes.extend(said);
                    if column == Column::Status {
                        told.status.text = self.layout.prose.read(cell.clone());
                    }
                }
                Column::Other => self.own_other(nth, cell),
                Column::Category | Column::Title => {}
            }
        }
        told
    }

    fn own(
        &mut self,
        challenge: usize,
        within: Within,
        anecdote: Option<usize>,
        note: Option<usize>,
        span: Range<usize>,
    ) {
        let span = trim(self.layout.text, span);
        if span.is_empty() {
            return;
        }
        let index = |nth: usize| u32::try_from(nth).expect("a row has fewer than it has bytes");
        let owner = Owner::Challenge { challenge, anecdote: anecdote.map(index), note: note.map(index) };
        self.register.stretches.push(Stretch { within, owner, span, role: None });
    }

    /// Whatever a row cites, its challenge is why.
    fn own_other(&mut self, challenge: usize, cell: &Range<usize>) {
        if self.layout.text[cell.clone()].contains(char::is_alphabetic) {
            self.own(challenge, Within::Text, None, None, cell.clone());
        } else {
            self.leave_out_number(cell);
        }
    }

    /// A number that stands alone in a cell of no ticket's is none, whatever words the text around it has.
    fn leave_out_number(&mut self, cell: &Range<usize>) {
        let says = &self.layout.text[cell.clone()];
        if says.contains('#') && !says.contains(char::is_alphabetic) {
            self.leave_out(cell);
        }
    }

    /// A cell in which nothing is cited, and which is a challenge's all the same.
    fn leave_out(&mut self, cell: &Range<usize>) {
        let stretch = Stretch { within: Within::Text, owner: Owner::Nobody, span: cell.clone(), role: None };
        self.register.stretches.push(stretch);
    }

    /// The notes of a cell, behind as many as its challenge has already; the rest of it is where remedies are named.
    fn own_notes(&mut self, challenge: usize, before: usize, cell: &Range<usize>, notes: &[Remark]) {
        let mut from = cell.start;
        for (nth, Remark { span, .. }) in notes.iter().enumerate() {
            self.own(challenge, Within::Status, None, None, from..span.start);
            self.own(challenge, Within::Note, None, Some(before + nth), span.clone());
            from = span.end;
        }
        self.own(challenge, Within::Status, None, None, from..cell.end);
    }

    fn anecdotes(&mut self, challenge: usize, cell: &Range<usize>) -> Vec<Anecdote> {
        let (reports, oddities) = anecdotes::divide(self.layout.text, cell);
        for (at, message) in oddities {
            let hint = "start each anecdote on a line of its own with its date: `2021-08-14: …`".to_owned();
            self.problem(at, message, Some(hint));
        }
        // A challenge of several rows has some already.
        let before = self.register.challenges.get(challenge).map_or(0, |above| above.anecdotes.len());
        let mut anecdotes = Vec::with_capacity(reports.len());
        for (nth, report) in reports.into_iter().enumerate() {
            anecdotes.push(Anecdote {
                date: report.date,
                approximate: report.approximate,
                teams: report.teams,
                text: self.layout.prose.read(report.says),
                place: self.lines.place(report.span.start),
                tickets: Vec::new(),
            });
            self.own(challenge, Within::Anecdote, Some(before + nth), None, report.span);
        }
        anecdotes
    }

    fn occurrences(&mut self, cell: &Range<usize>) -> Option<u32> {
        let read = self.layout.prose.read(cell.clone());
        let plain = read.trim_start_matches(['~', '≈', '>', '≥', ' ']).to_lowercase();
        let plain = ["about ", "around ", "at least ", "ca. ", "c. "]
            .iter()
            .find_map(|word| plain.strip_prefix(word))
            .unwrap_or(&plain);
        let digits =
            ["+", "times", "time", "x", "×"].iter().find_map(|end| plain.strip_suffix(end)).unwrap_or(plain).trim();
        if let Ok(count) = digits.parse() {
            return Some(count);
        }
        if !matches!(plain, "" | "-" | "–" | "—" | "?" | "n/a" | "none" | "unknown") {
            let message = format!("`{}` stands where the occurrences are counted, and is no number", shortened(&read));
            self.problem(cell.start, message, None);
        }
        None
    }

    /// The notes of a cell about remedies, behind as many as its challenge has already.
    fn notes(&mut self, challenge: usize, before: usize, cell: &Range<usize>) -> Vec<Note> {
        let first = self.layout.links.partition_point(|link| link.span.end <= cell.start);
        let remarks = status::notes(self.layout.text, cell, &self.layout.links[first..]);
        self.own_notes(challenge, before, cell, &remarks);
        let note = |remark: Remark| {
            let text = self.layout.prose.read(remark.says);
            Note { ticket: None, text, place: self.lines.place(remark.span.start) }
        };
        remarks.into_iter().map(note).collect()
    }

    /// The id that the row pins, unless it is none or another row has it.
    fn pinned(&mut self, line: &Range<usize>) -> Option<String> {
        let first = self.pins.partition_point(|pin| pin.at < line.start);
        // One that stands behind the row, on its last line, is the row's as well.
        let behind = |pin: &&Pin| pin.at < line.end || !self.layout.text[line.end..pin.at].contains('\n');
        let pin = self.pins.get(first).filter(behind)?;
        let hint = Some("an id is made of letters, digits, `.`, `_` and `-`, and stands once in a document".to_owned());
        match &pin.id {
            None => self.problem(pin.at, "the pinned id cannot be read".to_owned(), hint),
            Some(id) if self.pinned.insert(id.clone()) => return Some(id.clone()),
            Some(id) => self.problem(pin.at, format!("the id `{id}` is pinned to another challenge already"), hint),
        }
        None
    }
}

/// Whether a cell only points to the one above it.
fn is_ditto(said: &str) -> bool {
    matches!(said, "\"" | "″" | "“" | "”" | "''" | "〃" | "^" | "↑" | "-" | "–" | "—")
        || ["ditto", "same", "same as above", "as above"].iter().any(|word| said.eq_ignore_ascii_case(word))
}

/// Whether a cell says that there is nothing to name.
fn names_nothing(said: &str) -> bool {
    said.chars().all(|c| c.is_ascii_punctuation() || matches!(c, '…' | '·' | '•'))
        || ["n/a", "none"].iter().any(|word| said.eq_ignore_ascii_case(word))
}

/// Enough of a text for a message.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
