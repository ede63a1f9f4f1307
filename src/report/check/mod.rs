//! What the CI check gives out: every finding at its place, one file per format.

mod badge;
mod github;
mod gitlab;
mod json;
mod junit;
mod markdown;
mod rdjson;
mod sarif;
mod spot;
mod text;

pub use badge::{check_badge, check_shields};
pub use github::check_github;
pub use gitlab::check_gitlab;
pub use json::check_json;
pub use junit::check_junit;
pub use markdown::check_markdown;
pub use rdjson::check_rdjson;
pub use sarif::check_sarif;
pub use spot::Spot;
pub use text::check_text;

use crate::domain::finding::{Code, Finding, Severity};
use crate::domain::place::Place;

use super::{Report, Rows, escape, words};

/// Other places of one finding that are told one by one; the rest is counted.
const PLACES: usize = 20;

/// A check to be told.
#[derive(Debug, Clone)]
pub struct Check<'a> {
    /// What is known and what was made of it.
    pub report: Report<'a>,
    /// What was found, in the order of the documents; what has no place comes last.
    pub findings: Vec<Checked<'a>>,
    /// The file to which findings without a place belong, from the root of the checkout: the configuration.
    pub home: String,
    /// What could not be read or asked, a sentence each.
    pub troubles: Vec<String>,
    /// Whether the check ends with "could not tell".
    pub could_not_tell: bool,
    /// Whether more could not be told than is tolerated one by one, even if the check lets that pass.
    pub in_part: bool,
    /// How many tickets nothing is known of that counts.
    pub unknown: usize,
    /// How many challenges and references were looked at, where that is not all of them.
    pub scope: Option<(usize, usize)>,
    /// Whether it was meant to ask nobody and to go by no answer.
    pub unasked: bool,
    /// The rows of documents whose lines nobody sees.
    pub rows: Rows<'a>,
}

/// A finding with what it means for the build.
#[derive(Debug, Clone)]
pub struct Checked<'a> {
    /// The finding.
    pub finding: &'a Finding,
    /// Whether what it rests on was seen in this run, or is young enough.
    pub counts: bool,
    /// Whether the baseline holds it.
    pub known: bool,
    /// Whether it fails the build.
    pub fails: bool,
    /// The words around its place.
    pub spot: Option<Spot>,
    /// Where else the same holds, in the order of the documents.
    pub elsewhere: &'a [Place],
}

impl Check<'_> {
    /// The findings at least as loud as `least`, in the order of the documents, and whatever comes of a date if nobody
    /// acts: that a waiver ends soon is no use later.
    fn loud(&self, least: Severity) -> impl Iterator<Item = &Checked<'_>> {
        self.findings.iter().filter(move |one| one.finding.severity >= least || one.finding.code == Code::EndingWaiver)
    }

    /// The same, the worst first.
    fn worst_first(&self, least: Severity) -> Vec<&Checked<'_>> {
        let mut findings: Vec<&Checked> = self.loud(least).collect();
        findings.sort_by_key(|one| (!one.fails, std::cmp::Reverse(one.finding.severity)));
        findings
    }

    /// `3 findings (1 error, 2 warnings, 0 infos) in 12 challenges and 14 tickets; 2 tickets could not be asked for`
    fn totals(&self) -> String {
        let Totals { errors, warnings, infos, known } = Totals::of(&self.findings);
        let counts = self.report.counts();
        let mut totals = match self.findings.len() {
            0 => "no findings".to_owned(),
            n => format!(
                "{} ({}, {}, {})",
                words::count(n, "finding"),
                words::count(errors, "error"),
                words::count(warnings, "warning"),
                words::count(infos, "info"),
            ),
        };
        totals += &match self.scope {
            Some((challenges, references)) => format!(
                " in what changed ({} and {})",
                words::count(challenges, "challenge"),
                words::count(references, "reference")
            ),
            None => format!(
                " in {} and {}",
                words::count(counts.challenges, "challenge"),
                words::count(counts.tickets, "ticket")
            ),
        };
        if known > 0 {
            totals += &format!("; {known} of them in the baseline");
        }
        match self.unknown {
            _ if self.unasked => totals += "; nobody was asked",
            0 if self.report.complete => {}
            0 => totals += "; the pass did not finish",
            n => totals += &format!("; {} could not be asked for", words::count(n, "ticket")),
        }
        totals
    }
}

impl Checked<'_> {
    /// `docs/challenges.md:16:410`, a wiki's page and the row, the ticket where there is no place, or nothing.
    fn at(&self, rows: &Rows) -> Option<String> {
        let place = self.finding.place.as_ref().map(|place| rows.place(place));
        place.or_else(|| self.finding.ticket.as_ref().map(ToString::to_string))
    }

    /// The file of its place from the root of the checkout; `home` when it has none.
    fn file<'b>(&'b self, home: &'b str) -> &'b str {
        match (&self.spot, &self.finding.place) {
            (Some(spot), _) => &spot.file,
            (None, Some(place)) => &place.path,
            (None, None) => home,
        }
    }

    /// Its line and column; the first ones when it has none.
    fn position(&self) -> (u32, u32) {
        self.finding.place.as_ref().map_or((1, 1), |place| (place.line, place.column))
    }

    /// `also at docs/a.md:3:7, docs/b.md:9:1 and 3 more`, if it holds elsewhere as well.
    fn also(&self, rows: &Rows) -> Option<String> {
        let (told, rest) = self.elsewhere.split_at(self.elsewhere.len().min(PLACES));
        let told: Vec<String> = told.iter().map(|place| escape::plain(&rows.place(place), escape::SENTENCE)).collect();
        let rest = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
        (!told.is_empty()).then(|| format!("also at {}{rest}", told.join(", ")))
    }

    /// What is wrong, in which row where no line tells, where else, and what would clear it, on one line each.
    fn message(&self, rows: &Rows) -> String {
        let mut message = escape::plain(&self.finding.message, escape::SENTENCE);
        if let Some(row) = self.finding.place.as_ref().and_then(|place| rows.row(place)) {
            message += &format!("\nin {row}");
        }
        if let Some(also) = self.also(rows) {
            message += &format!("\n{also}");
        }
        if let Some(hint) = &self.finding.hint {
            message += &format!("\nhint: {}", escape::plain(hint, escape::SENTENCE));
        }
        message
    }
}

/// Findings by severity, and how many of all the baseline holds.
#[derive(serde::Serialize)]
struct Totals {
    errors: usize,
    warnings: usize,
    infos: usize,
    known: usize,
}

impl Totals {
    fn of(findings: &[Checked<'_>]) -> Self {
        let of = |severity| findings.iter().filter(|one| one.finding.severity == severity).count();
        let known = findings.iter().filter(|one| one.known).count();
        Self { errors: of(Severity::Error), warnings: of(Severity::Warning), infos: of(Severity::Info), known }
    }
}

/// A path as the path of an address: `/` between its parts, everything else that means something there encoded.
fn as_uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.replace('\\', "/").bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
