//! Findings into text, Markdown, HTML and JSON.
//!
//! Every format renders one `view`: what is grouped, counted and ordered is decided there once. What others wrote
//! (titles, notes, names, paths) passes `escape` on its way out, except into JSON, which keeps it whole.

mod badge;
mod challenge;
mod check;
mod chip;
mod citations;
mod counts;
mod csv;
mod decisions;
mod deeds;
mod diff;
pub mod digest;
mod escape;
mod exports;
mod html;
mod json;
mod markdown;
mod parse;
mod refs;
mod rows;
mod seen;
mod sheet;
mod since;
pub mod site;
mod story;
#[cfg(test)]
mod tests;
mod text;
mod ticket;
mod verdict;
mod view;
mod why;
mod words;

pub use badge::promises_badge;
pub use check::{
    Check, Checked, Spot, check_badge, check_github, check_gitlab, check_json, check_junit, check_markdown,
    check_rdjson, check_sarif, check_shields, check_text,
};
pub use counts::{Counts, Lookups, Standings, Verdicts};
pub use decisions::{decision_text, decisions_json, waiver_text, waivers_json};
pub use diff::{diff_json, diff_text};
pub use escape::message;
pub use exports::{acts_csv, acts_json, csv, feed, findings_csv, findings_json, snapshots_csv};
pub use html::html;
pub use json::json;
pub use markdown::markdown;
pub use parse::{parse_json, parse_text};
pub use refs::{refs_jsonl, refs_text};
pub use rows::Rows;
pub use since::{PARTS, since_html, since_json, since_markdown, since_text};
pub use text::text;
pub use verdict::verdict_jsonl;
pub use why::{why, why_challenge, why_challenge_json, why_json};

use askama::Template;

use crate::domain::judged::Judged;
use crate::domain::known::Known;
use crate::domain::past::Past;
use crate::domain::time::Moment;

/// What there is to report.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// All that is known.
    pub known: &'a Known,
    /// What judging made of it.
    pub judged: &'a Judged,
    /// The present moment; ages are counted up to it.
    pub now: Moment,
    /// Whether every source was read and every ticket answered for.
    pub complete: bool,
    /// How verdicts came about, for the stories that tell it.
    pub past: Option<&'a Past>,
}

impl<'a> Report<'a> {
    /// A report of everything known. It is complete when the last pass was, and nothing was cut short since.
    pub fn new(known: &'a Known, judged: &'a Judged, now: Moment) -> Self {
        let complete = known.last_run.as_ref().is_some_and(|run| run.complete);
        Self { known, judged, now, complete, past: None }
    }

    /// The totals, as every format shows them.
    pub fn counts(&self) -> Counts {
        view::View::new(self).counts
    }
}

/// A template as text.
fn rendered(page: &impl Template) -> String {
    page.render().expect("the templates call nothing that fails, and a string takes all that is written to it")
}

/// How text for a terminal is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether ANSI colours are written.
    pub color: bool,
    /// The terminal's width in columns.
    pub width: usize,
}

impl Default for Style {
    /// No colours, 100 columns.
    fn default() -> Self {
        Self { color: false, width: 100 }
    }
}
