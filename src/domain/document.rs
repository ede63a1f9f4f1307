//! A document as understood: its form, its kind, what stands in it, and which bytes belong to whom.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::challenge::Challenge;
use super::citation::Citation;
use super::finding::Problem;
use super::minutes::Meeting;
use super::place::Place;
use super::reference::{Role, Within};
use super::waiver::Marker;

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// Markdown with GitHub's tables.
    Markdown,
    /// The plain text that a wiki page leaves when it is extracted.
    Text,
    /// HTML, as browsers read it.
    Html,
    /// Confluence's storage format: XHTML with macros.
    Storage,
    /// Fields between commas, semicolons or tabs, one table.
    Csv,
    /// A source file, of which only the comments are read.
    Code,
}

/// What the configuration says a document is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Content {
    /// Found out from what stands in it.
    #[default]
    Auto,
    /// It holds a table of challenges.
    Register,
    /// It holds meetings by date.
    Minutes,
}

/// What the configuration says of how a document is to be read; the rest is found out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// What it is for.
    pub content: Content,
    /// How it is written; `None` to find out.
    pub form: Option<Form>,
    /// What its columns are called.
    pub headings: Headings,
    /// The address of the repository that it lives in, whose issues `#12` means.
    pub repository: Option<String>,
}

impl Reading {
    /// A document of this form.
    pub fn of(form: Form) -> Self {
        Self { form: Some(form), ..Self::default() }
    }
}

/// Words that stand above a register's columns, in any language, beside those that are known anyway.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Headings {
    /// Above the categories.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub category: Vec<String>,
    /// Above what the challenges are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub title: Vec<String>,
    /// Above what teams reported.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub anecdotes: Vec<String>,
    /// Above how often each was met.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub occurrences: Vec<String>,
    /// Above what is being done.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<String>,
    /// Above where it is being done: tickets and pull requests.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tickets: Vec<String>,
}

/// What a document is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// It holds a table of challenges.
    Register,
    /// It holds meetings by date.
    Minutes,
    /// Neither: text that may cite tickets.
    Prose,
}

/// Whose part of a document something stands in. Indices count within the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Owner {
    /// A challenge, and within it an anecdote or a note of its status where it is one of these.
    Challenge {
        /// Index into [`Document::challenges`].
        challenge: usize,
        /// Index into its anecdotes.
        anecdote: Option<u32>,
        /// Index into the notes of its status.
        note: Option<u32>,
    },
    /// A topic, its replies and follow-ups included.
    Topic {
        /// Index into [`Document::meetings`].
        meeting: usize,
        /// Index into its topics.
        topic: usize,
    },
    /// Nobody's: text around tables and meetings.
    Nobody,
}

/// A stretch of the source in which references are looked for. A register has four of them a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// The part of the document that it is.
    pub within: Within,
    /// Whose part.
    pub owner: Owner,
    /// Its bytes in [`Document::source`].
    pub span: Range<usize>,
    /// The role of whatever is cited in it, where that is known without reading what is said there.
    pub role: Option<Role>,
    /// What there is to say of it besides; absent where it is nothing, as of most.
    pub beside: Option<Box<Beside>>,
}

/// What only some passages have.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Beside {
    /// Links that the form marks as such, inside the passage, in order and without overlap.
    pub links: SmallVec<[Link; 1]>,
    /// Bytes inside the passage that are no prose (code, comments, our own marks): nothing is looked for there.
    pub mute: Vec<Range<usize>>,
    /// Other challenges whose cell the passage is as well, for it is merged over their rows.
    pub also: Vec<usize>,
}

impl Passage {
    /// One that belongs to nobody besides, with these links and mute bytes ([`Beside`]).
    pub fn new(
        within: Within,
        owner: Owner,
        span: Range<usize>,
        links: impl ExactSizeIterator<Item = Link>,
        mute: Vec<Range<usize>>,
    ) -> Self {
        let plain = links.len() == 0 && mute.is_empty();
        let beside = (!plain).then(|| Box::new(Beside { links: links.collect(), mute, also: Vec::new() }));
        Self { within, owner, span, role: None, beside }
    }

    /// [`Beside::links`].
    pub fn links(&self) -> &[Link] {
        self.beside.as_ref().map_or(&[], |beside| &beside.links)
    }

    /// [`Beside::mute`].
    pub fn mute(&self) -> &[Range<usize>] {
        self.beside.as_ref().map_or(&[], |beside| &beside.mute)
    }

    /// [`Beside::also`].
    pub fn also(&self) -> &[usize] {
        self.beside.as_ref().map_or(&[], |beside| &beside.also)
    }
}

/// A marked link: `[text](target)` in Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The bytes of the whole link.
    pub span: Range<usize>,
    /// The bytes of its target; within `span`, or elsewhere for a reference link's definition.
    pub target_span: Range<usize>,
    /// The address that it leads to, unescaped.
    pub target: String,
}

impl Link {
    /// The bytes of the link before its target and behind it.
    pub fn words(&self) -> [Range<usize>; 2] {
        let Self { span, target_span: target, .. } = self;
        if span.start <= target.start && target.end <= span.end {
            [span.start..target.start, target.end..span.end]
        } else {
            [span.clone(), span.end..span.end]
        }
    }
}

/// A table that is not read as a register, in a document that is no minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadTable {
    /// Where it starts.
    pub place: Place,
    /// Its headings, each shortened.
    pub headings: Vec<String>,
    /// The bytes of its rows in [`Document::source`], in order.
    pub rows: Vec<Range<usize>>,
}

/// A document as understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The document as the user named it.
    pub path: String,
    /// Its text.
    pub source: String,
    /// How it is written.
    pub form: Form,
    /// What it is for.
    pub kind: Kind,
    /// Its challenges, in order; empty unless it is a register.
    pub challenges: Vec<Challenge>,
    /// Its meetings, in order; empty unless it is minutes.
    pub meetings: Vec<Meeting>,
    /// Where references are looked for; in order and without overlap.
    pub passages: Vec<Passage>,
    /// What it cites besides tickets, where that was looked for.
    pub citations: Vec<Citation>,
    /// The address of the repository that it lives in, where that is known.
    pub repository: Option<String>,
    /// Its tables that are no registers.
    pub unread: Vec<UnreadTable>,
    /// What could not be understood whole.
    pub problems: Vec<Problem>,
    /// Waivers that its authors wrote into it.
    pub markers: Vec<Marker>,
}
