//! What the CI check prints: each finding at its path, line and column, and the totals last.

use serde::Serialize;

use crate::domain::finding::{Finding, Severity};
use crate::domain::place::Place;

use super::counts::Counts;
use super::json::{FindingOut, SCHEMA, write};
use super::sheet::{Sheet, Tone};
use super::{Report, Style, escape, words};

/// The findings that are at least as loud as `least`, in the order given, for a terminal or a log. The last line holds
/// the totals of all. What does not count (`counts`) rests on an answer that is too old, and says so.
pub fn check_text(
    report: &Report,
    findings: &[&Finding],
    least: Severity,
    counts: &dyn Fn(&Finding) -> bool,
    style: Style,
) -> String {
    let mut sheet = Sheet::new(style);
    for finding in findings.iter().filter(|finding| finding.severity >= least) {
        let tone = match finding.severity {
            Severity::Error => Tone::Bad,
            Severity::Warning => Tone::Warn,
            Severity::Info | Severity::Off => Tone::Dim,
        };
        let place = finding.place.as_ref().map(Place::to_string);
        let what = finding.ticket.as_ref().map(ToString::to_string);
        let at = place.or(what).map(|at| format!("{at}: ")).unwrap_or_default();
        let line = sheet.ink().say(&at).tone(tone, finding.severity.word());
        let line = line.tone(Tone::Strong, &format!(" {}", finding.code));
        let line = line.say(": ").say(&escape::plain(&finding.message, escape::SENTENCE));
        let line = match finding.rests_on.filter(|_| !counts(finding)) {
            Some(at) => line.tone(Tone::Dim, &format!(" (seen {}; does not count)", words::ago(at, report.now))),
            None => line,
        };
        // Not wrapped: editors and log viewers look for `path:line:column: ` and a message behind it on one line.
        sheet.whole("", &line);
        if let Some(hint) = &finding.hint {
            let line = sheet.ink().tone(Tone::Dim, "hint: ").say(hint);
            sheet.whole("    ", &line);
        }
    }
    let quiet = findings.iter().filter(|finding| finding.severity < least).count();
    let quiet = if quiet > 0 { format!("; -v shows {quiet} more") } else { String::new() };
    let line = sheet.ink().tone(Tone::Strong, &totals(report, findings)).say(&quiet);
    sheet.whole("", &line);
    sheet.done()
}

/// `3 findings (1 error, 2 warnings, 0 infos) in 12 challenges and 14 tickets; 2 tickets could not be asked for`
fn totals(report: &Report, findings: &[&Finding]) -> String {
    let Totals { errors, warnings, infos } = Totals::of(findings);
    let counts = report.counts();
    let found = match findings.len() {
        0 => "no findings".to_owned(),
        n => format!(
            "{} ({}, {}, {})",
            words::count(n, "finding"),
            words::count(errors, "error"),
            words::count(warnings, "warning"),
            words::count(infos, "info"),
        ),
    };
    let scope =
        format!("in {} and {}", words::count(counts.challenges, "challenge"), words::count(counts.tickets, "ticket"));
    let unknown = match counts.lookups.unknown {
        0 if report.complete => String::new(),
        0 => "; the pass did not finish".to_owned(),
        n => format!("; {} could not be asked for", words::count(n, "ticket")),
    };
    format!("{found} {scope}{unknown}")
}

/// The same findings and totals as JSON.
pub fn check_json(report: &Report, findings: &[&Finding], counts: &dyn Fn(&Finding) -> bool) -> String {
    write(&Checked {
        schema: SCHEMA,
        generated_at: words::rfc3339(report.now),
        complete: report.complete,
        totals: Totals::of(findings),
        counts: report.counts(),
        findings: findings
            .iter()
            .map(|finding| FindingChecked { finding: FindingOut::new(finding, report), counts: counts(finding) })
            .collect(),
    })
}

#[derive(Serialize)]
struct Checked<'a> {
    schema: u32,
    generated_at: String,
    complete: bool,
    totals: Totals,
    counts: Counts,
    findings: Vec<FindingChecked<'a>>,
}

#[derive(Serialize)]
struct FindingChecked<'a> {
    #[serde(flatten)]
    finding: FindingOut<'a>,
    /// Whether it may fail a build: what it rests on was seen in this run, or is young enough.
    counts: bool,
}

/// Findings by severity.
#[derive(Serialize)]
struct Totals {
    errors: usize,
    warnings: usize,
    infos: usize,
}

impl Totals {
    fn of(findings: &[&Finding]) -> Self {
        let of = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
        Self { errors: of(Severity::Error), warnings: of(Severity::Warning), infos: of(Severity::Info) }
    }
}
