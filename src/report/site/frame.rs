//! What stands around every page: where else to go, what to search, and how fresh all of it is.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use super::super::{escape, words};
use super::{STYLE, links};
use crate::domain::finding::Finding;
use crate::domain::known::KnownTracker;
use crate::domain::pages::{AsOf, Progress, SourceAge};
use crate::domain::time::Moment;

/// Sources named in the strip, and those in trouble that are; further ones are counted.
const SOURCES: usize = 6;
const TROUBLED: usize = 20;

/// A part of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What needs somebody.
    Front,
    /// What changed.
    Changes,
    /// Challenges by rank, or by category or team.
    Challenges,
    /// The registers as people know them.
    Registers,
    /// The tickets cited.
    Tickets,
    /// What is worth a person's time, by what it says.
    Findings,
    /// What was searched for.
    Search,
    /// What to invest in, and what speaks for it.
    Patterns,
    /// What meetings talked about.
    Minutes,
    /// How the data are.
    Health,
    /// Thirteen weeks.
    Trends,
    /// What people decided.
    Decisions,
}

impl Part {
    /// Those that can be gone to, with their addresses and names, in the order in which they stand.
    const NAMED: &'static [(Self, &'static str, &'static str)] = &[
        (Self::Front, "/", "Needs a look"),
        (Self::Changes, "/changes", "Changes"),
        (Self::Challenges, "/challenges", "Challenges"),
        (Self::Registers, "/registers", "Registers"),
        (Self::Tickets, "/tickets", "Tickets"),
        (Self::Findings, "/findings", "Findings"),
        (Self::Patterns, "/patterns", "Patterns"),
        (Self::Trends, "/trends", "Trends"),
        (Self::Minutes, "/minutes", "Minutes"),
        (Self::Decisions, "/decisions", "Decisions"),
        (Self::Health, "/health", "Health"),
    ];
}

/// What every page needs around it.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// The part that the page belongs to.
    pub part: Part,
    /// How fresh what it shows is.
    pub as_of: &'a AsOf,
    /// The present moment.
    pub now: Moment,
    /// What was searched for, on the page that shows it.
    pub search: &'a str,
    /// Whether who reads may decide.
    pub may_decide: bool,
}

/// A place to go to.
pub(super) struct Destination {
    pub(super) address: &'static str,
    pub(super) name: &'static str,
    pub(super) here: bool,
}

/// Something that is as old as it is.
pub(super) struct Freshness {
    pub(super) name: String,
    pub(super) says: String,
    pub(super) at: Option<Moment>,
    pub(super) trouble: Option<String>,
}

impl Frame<'_> {
    /// Where who reads may decide on a finding.
    pub(super) fn decide(&self, finding: &Finding) -> Option<String> {
        let can_be = finding.ticket.is_some() || finding.challenge.is_some();
        (self.may_decide && can_be).then(|| links::decide_on_finding(finding))
    }

    pub(super) fn style(&self) -> &'static str {
        style_address()
    }

    pub(super) fn destinations(&self) -> impl Iterator<Item = Destination> {
        let here = self.part;
        Part::NAMED.iter().map(move |&(part, address, name)| Destination { address, name, here: part == here })
    }

    /// What was searched for, as it may be searched for again.
    pub(super) fn searched(&self) -> String {
        escape::plain(self.search, escape::SENTENCE)
    }

    pub(super) fn minute(&self) -> String {
        words::minute(self.now)
    }

    pub(super) fn exactly(&self, at: &Moment) -> String {
        words::rfc3339(*at)
    }

    pub(super) fn ago(&self, at: &Moment) -> String {
        words::ago(*at, self.now)
    }

    pub(super) fn dated(&self, at: &Moment) -> String {
        words::dated(*at, self.now)
    }

    /// The pass that runs, sources and trackers, each with its age; sources in trouble come first.
    pub(super) fn fresh(&self) -> Vec<Freshness> {
        let (named, _) = self.named();
        let sources = named.into_iter().map(source);
        self.as_of.running.iter().map(progress).chain(sources).chain(self.as_of.trackers.iter().map(tracker)).collect()
    }

    /// What is to be said of the sources that are not named.
    pub(super) fn unnamed(&self) -> Option<String> {
        let (_, others) = self.named();
        let troubled = others.iter().filter(|source| source.troubled > 0).count();
        let sources = words::count(others.len(), "more source");
        match (others.len(), troubled) {
            (0, _) => None,
            (_, 0) => Some(format!("and {sources}, read without trouble")),
            (_, troubled) => Some(format!("and {sources}, {troubled} of them with documents that cannot be read now")),
        }
    }

    /// The sources that are named, and the others.
    fn named(&self) -> (Vec<&SourceAge>, Vec<&SourceAge>) {
        let mut sources: Vec<&SourceAge> = self.as_of.sources.iter().collect();
        sources.sort_by_key(|source| source.troubled == 0);
        let troubled = sources.iter().filter(|source| source.troubled > 0).count();
        let others = sources.split_off(sources.len().min(troubled.clamp(SOURCES, TROUBLED)));
        (sources, others)
    }
}

fn progress(progress: &Progress) -> Freshness {
    let Progress { since, asked, answered, waiting } = progress;
    let says = match (waiting, asked) {
        (true, _) => "waits for another one to end, since".to_owned(),
        (false, 0) => "reads the documents, since".to_owned(),
        (false, _) => format!("asks: {answered} of {} answered, since", words::count(*asked, "ticket")),
    };
    Freshness { name: "A pass".to_owned(), says, at: Some(*since), trouble: None }
}

fn source(source: &SourceAge) -> Freshness {
    let documents = words::count(source.troubled, "document");
    Freshness {
        name: escape::plain(&source.name, escape::NAME),
        says: if source.read_at.is_some() { "read" } else { "never read" }.to_owned(),
        at: source.read_at,
        trouble: (source.troubled > 0).then(|| format!("{documents} not readable now")),
    }
}

fn tracker(tracker: &KnownTracker) -> Freshness {
    Freshness {
        name: escape::plain(&tracker.id.to_string(), escape::NAME),
        says: if tracker.worked_at.is_some() { "answered" } else { "never answered" }.to_owned(),
        at: tracker.worked_at,
        trouble: tracker.trouble.as_ref().map(|trouble| escape::plain(&trouble.says, escape::TITLE)),
    }
}

/// `/style.css?` and a fingerprint.
pub(super) fn style_address() -> &'static str {
    static ADDRESS: LazyLock<String> = LazyLock::new(|| {
        let print = format!("{:x}", Sha256::digest(STYLE));
        format!("/style.css?{}", &print[..12])
    });
    &ADDRESS
}
