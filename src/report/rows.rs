//! The rows of registers that were fetched: whoever looks a place up where such a register lives sees rows there, and
//! neither lines nor columns.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::{escape, words};
use crate::domain::document::Owner;
use crate::domain::known::{Known, KnownDocument};
use crate::domain::place::Place;

/// The titles of rows by the places in them that anything is told of, lines and columns.
type Titles<'a> = BTreeMap<(u32, u32), &'a str>;

/// The titles of rows by document and place, but for the one that is told already.
#[derive(Debug, Clone, Default)]
pub struct Rows<'a> {
    documents: Rc<BTreeMap<&'a str, Titles<'a>>>,
    /// Empty, as no challenge's title is, where none is told.
    told: &'a str,
}

impl<'a> Rows<'a> {
    /// The rows of all documents that were fetched.
    pub fn of(known: &'a Known) -> Self {
        let fetched = known.documents.iter().filter(|document| words::is_fetched(&document.path));
        let documents = fetched.map(|document| (document.path.as_str(), titles(document))).collect();
        Self { documents: Rc::new(documents), told: "" }
    }

    /// All but those with this title, for whom that is told above.
    pub(super) fn without(&self, title: &'a str) -> Self {
        Self { documents: Rc::clone(&self.documents), told: title }
    }

    /// The title of the row in which a place stands, as it is shown.
    pub(super) fn title(&self, place: &Place) -> Option<String> {
        let (title, beside) = self.near(place)?;
        (beside.is_empty() && title != self.told).then(|| escape::title(title))
    }

    /// In which row a place stands, in words; where that cannot be told and no line tells it either, near which.
    pub(super) fn row(&self, place: &Place) -> Option<String> {
        let (title, beside) = self.near(place)?;
        // What starts a page is told of all of it.
        let told =
            if beside.is_empty() { title != self.told } else { words::line(place).is_none() && place.column > 1 };
        told.then(|| format!("row “{}”{beside}", escape::title(title)))
    }

    /// The row in which a place stands, or beside which. A row has its bytes to itself, so what stands between two places of
    /// a row stands in it; what stands behind the last one may stand there as well, or in the next row in front of its title.
    fn near(&self, place: &Place) -> Option<(&'a str, &'static str)> {
        let rows = self.documents.get(&*place.path)?;
        let at = (place.line, place.column);
        let before = rows.range(..=at).next_back().map(|(_, title)| *title);
        let after = rows.range(at..).next().map(|(_, title)| *title);
        match (before, after) {
            (Some(title), after) => Some((title, if after == before { "" } else { " or below" })),
            (None, after) => after.map(|title| (title, " or above")),
        }
    }

    /// A place as people look it up: [`words::place`], and in which row.
    pub(super) fn place(&self, place: &Place) -> String {
        let told = words::place(place);
        match self.row(place) {
            Some(row) => format!("{told}{} {row}", if words::line(place).is_some() { "," } else { "" }),
            None => told,
        }
    }

    /// The same of a place or a link as it is told of evidence.
    pub(super) fn source(&self, told: &str) -> String {
        told.parse::<Place>().map_or_else(|()| told.to_owned(), |its| self.place(&its))
    }
}

fn titles(document: &KnownDocument) -> Titles<'_> {
    let mut titles = BTreeMap::new();
    for challenge in &document.challenges {
        let anecdotes = challenge.anecdotes.iter().map(|anecdote| &anecdote.place);
        let notes = challenge.status.notes.iter().map(|note| &note.place);
        let places = std::iter::once(&challenge.place).chain(anecdotes).chain(notes);
        titles.extend(places.map(|place| ((place.line, place.column), challenge.title.as_str())));
    }
    for reference in &document.references {
        let Owner::Challenge { challenge, .. } = reference.owner else { continue };
        // A cell that is merged over several rows is told to stand in the first of them.
        if let Some(challenge) = document.challenges.get(challenge) {
            titles.entry((reference.place.line, reference.place.column)).or_insert(&challenge.title);
        }
    }
    titles
}
