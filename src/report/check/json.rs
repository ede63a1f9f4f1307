//! The check as JSON: the findings of the report with what they mean for the build, and the totals.

use serde::Serialize;

use super::{Check, Totals};
use crate::report::counts::Counts;
use crate::report::json::{FindingOut, SCHEMA, WaivedOut, write};
use crate::report::words;

/// The check as one JSON object, indented, with a line's end behind it.
pub fn check_json(check: &Check) -> String {
    let report = &check.report;
    write(&Whole {
        schema: SCHEMA,
        generated_at: words::rfc3339(report.now),
        complete: report.complete,
        totals: Totals::of(&check.findings),
        counts: report.counts(),
        findings: check
            .findings
            .iter()
            .map(|one| FindingChecked {
                finding: FindingOut::new(one.finding, report),
                counts: one.counts,
                known: one.known,
                fails: one.fails,
            })
            .collect(),
        waived: report.judged.waived.iter().map(|waived| WaivedOut::new(waived, report)).collect(),
        troubles: &check.troubles,
    })
}

#[derive(Serialize)]
struct Whole<'a> {
    schema: u32,
    generated_at: String,
    complete: bool,
    totals: Totals,
    counts: Counts,
    findings: Vec<FindingChecked<'a>>,
    waived: Vec<WaivedOut<'a>>,
    troubles: &'a [String],
}

#[derive(Serialize)]
struct FindingChecked<'a> {
    #[serde(flatten)]
    finding: FindingOut<'a>,
    /// Whether what it rests on was seen in this run, or is young enough.
    counts: bool,
    /// Whether the baseline holds it.
    known: bool,
    /// Whether it fails the build.
    fails: bool,
}
