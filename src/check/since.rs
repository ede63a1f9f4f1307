//! What a branch touches: the challenges and references that were added or changed since it left another.
//!
//! Rows and citations are compared by what they say, over all documents together: one that only moved, or whose document
//! was renamed, is untouched.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use super::spots;
use crate::config::SourceSettings;
use crate::documents;
use crate::domain::challenge::Challenge;
use crate::domain::document::{Document, Owner};
use crate::domain::finding::{Code, Finding};
use crate::domain::known::Known;
use crate::domain::place::Place;
use crate::domain::ticket::TicketId;
use crate::domain::tracker::Claims;
use crate::references;
use crate::sources::Base;
use crate::sync;

/// What was added or changed.
#[derive(Debug, Clone, Default)]
pub struct Touched {
    /// The tickets cited there.
    pub tickets: BTreeSet<TicketId>,
    /// The documents that are not what they were, each by itself, and sources that cannot be listed.
    pub sources: Vec<SourceSettings>,
    /// Challenges, by document and index in it.
    challenges: BTreeSet<(String, usize)>,
    /// Where the citations stand.
    places: BTreeSet<Place>,
    /// Lines that were not there, by document and number.
    lines: BTreeSet<(String, u32)>,
}

/// How often the same was said before.
#[derive(Default)]
struct Said {
    challenges: HashMap<String, usize>,
    citations: HashMap<String, usize>,
    lines: HashMap<String, usize>,
}

/// Takes one away where there is one; true when there was none left.
fn is_new(pool: &mut HashMap<String, usize>, said: &str) -> bool {
    match pool.get_mut(said) {
        Some(left) if *left > 0 => {
            *left -= 1;
            false
        }
        _ => true,
    }
}

impl Touched {
    /// Compares the documents of `sources` with `base`. A document that cannot be read, or could not be then, counts as
    /// new: nothing of it is passed over.
    pub fn since(base: &Base, sources: &[SourceSettings], claims: &Claims) -> Self {
        let mut touched = Self::default();
        let mut now = Vec::new();
        for source in sources {
            let Ok(files) = sync::files(source) else {
                touched.sources.push(source.clone());
                continue;
            };
            for (path, file) in files {
                let below = file.as_ref().ok().and_then(|file| spots::below(base.root(), file));
                if below.as_deref().is_some_and(|file| base.holds(file)) {
                    continue;
                }
                touched.sources.push(SourceSettings { path: path.clone(), ..source.clone() });
                if let Ok(text) = sync::text_of(source, &file) {
                    now.push(understood(&path, text, source, claims));
                }
            }
        }
        let mut said = Said::default();
        for file in base.changed().filter(|file| is_document(file, sources)) {
            let text = base.bytes(file).ok().and_then(|bytes| documents::decode(&bytes).ok());
            let plain = SourceSettings::named(file);
            let as_source = sources.iter().find(|source| source.path == file).unwrap_or(&plain);
            if let Some(text) = text {
                said.keep(&understood(file, text, as_source, claims));
            }
        }
        for document in now {
            touched.add(&document, &mut said);
        }
        touched
    }

    fn add(&mut self, one: &(Document, references::Scan), said: &mut Said) {
        let (document, scan) = one;
        for (nth, challenge) in document.challenges.iter().enumerate() {
            if is_new(&mut said.challenges, &words_of(challenge)) {
                self.challenges.insert((document.path.clone(), nth));
            }
        }
        let lines: Vec<&str> = document.source.lines().collect();
        for reference in &scan.references {
            let new = match reference.owner {
                Owner::Challenge { challenge, .. } => self.challenges.contains(&(document.path.clone(), challenge)),
                _ => is_new(&mut said.citations, &citation(reference, &lines)),
            };
            if new {
                self.places.insert(reference.place.clone());
                self.tickets.insert(reference.ticket.clone());
            }
        }
        for (number, line) in (1_u32..).zip(&lines) {
            if is_new(&mut said.lines, line.trim()) {
                self.lines.insert((document.path.clone(), number));
            }
        }
    }

    /// Whether nothing was.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.challenges.is_empty() && self.places.is_empty()
    }

    /// How many challenges and references.
    pub(super) fn counts(&self) -> (usize, usize) {
        (self.challenges.len(), self.places.len())
    }

    /// Whether the line of a place was not there.
    pub(super) fn wrote(&self, place: &Place) -> bool {
        self.lines.contains(&(place.path.to_string(), place.line))
    }

    /// Whether a finding is about something that was touched; if so it stands there, and not where the same was before.
    pub(super) fn takes(&self, finding: &mut Finding, known: &Known) -> bool {
        let Some(place) = finding.place.clone() else { return false };
        // A waiver touches nothing but its own line.
        if finding.code.is_on_waivers() {
            return self.wrote(&place);
        }
        if finding.code == Code::UnreadableSource || self.places.contains(&place) {
            return true;
        }
        if matches!(finding.code, Code::BrokenLink | Code::MovedTicket | Code::HiddenTicket) {
            let touched = cited(finding).find(|place| self.places.contains(place));
            let is_touched = touched.is_some();
            finding.place = touched.or(Some(place));
            return is_touched;
        }
        if let Some(id) = &finding.challenge {
            return known.documents.iter().any(|document| {
                let nth = document.challenges.iter().position(|challenge| challenge.id == *id);
                nth.is_some_and(|nth| self.challenges.contains(&(document.path.clone(), nth)))
            });
        }
        self.wrote(&place)
    }
}

/// Where the tickets of a finding on links are cited, as its evidence says.
pub(super) fn cited(finding: &Finding) -> impl Iterator<Item = Place> {
    let citations = finding.evidence.iter().filter(|one| one.rule == "citation");
    citations.filter_map(|one| one.source.as_ref()?.parse().ok())
}

impl Said {
    fn keep(&mut self, one: &(Document, references::Scan)) {
        let (document, scan) = one;
        for challenge in &document.challenges {
            *self.challenges.entry(words_of(challenge)).or_default() += 1;
        }
        let lines: Vec<&str> = document.source.lines().collect();
        for reference in scan.references.iter().filter(|one| !matches!(one.owner, Owner::Challenge { .. })) {
            *self.citations.entry(citation(reference, &lines)).or_default() += 1;
        }
        for line in lines {
            *self.lines.entry(line.trim().to_owned()).or_default() += 1;
        }
    }
}

fn understood(path: &str, text: String, source: &SourceSettings, claims: &Claims) -> (Document, references::Scan) {
    let mut document = documents::read(path, text, &source.reading);
    let scan = references::cite(&mut document, claims);
    (document, scan)
}

/// Whether a file of the past may have been a document: it ends as one of those that are checked.
fn is_document(file: &str, sources: &[SourceSettings]) -> bool {
    let ending = |path: &str| Path::new(path).extension().map(std::ffi::OsStr::to_ascii_lowercase);
    sources.iter().any(|source| {
        let any = source.path.ends_with('*') && ending(&source.path).is_none();
        any || ending(&source.path) == ending(file)
    })
}

/// All that a challenge says, without where it stands.
fn words_of(challenge: &Challenge) -> String {
    let anecdotes = challenge.anecdotes.iter().map(|one| (&one.date, one.approximate, &one.teams, &one.text));
    let notes = challenge.status.notes.iter().map(|one| (&one.ticket, &one.text));
    format!(
        "{:?}",
        (
            &challenge.category,
            &challenge.title,
            challenge.occurrences,
            &challenge.tickets,
            &challenge.status.text,
            anecdotes.collect::<Vec<_>>(),
            notes.collect::<Vec<_>>()
        )
    )
}

/// A ticket with the words of the line in which it is cited.
fn citation(reference: &crate::domain::reference::Reference, lines: &[&str]) -> String {
    let nth = usize::try_from(reference.place.line).unwrap_or(usize::MAX).saturating_sub(1);
    format!("{} {}", reference.ticket, lines.get(nth).map_or("", |line| line.trim()))
}
