//! The check as workflow commands, which GitHub Actions shows as annotations, the worst first.
//!
//! The commands and how they are escaped: <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>.
//! A step shows ten annotations of a kind; whatever is left over is printed as lines of text, so nothing is lost.

use std::collections::BTreeMap;

use super::{Check, Checked};
use crate::domain::finding::Severity;
use crate::report::escape;

/// Annotations of one kind that a step shows.
const SHOWN: usize = 10;

/// The findings that are at least as loud as `least`, and the totals.
pub fn check_github(check: &Check, least: Severity) -> String {
    let mut out = String::new();
    let mut rest = Vec::new();
    let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
    if check.in_part {
        out += &untold(check);
        shown.insert("warning", 1);
    }
    for one in check.worst_first(least) {
        let kind = kind(one);
        let so_far = shown.entry(kind).or_default();
        *so_far += 1;
        if *so_far <= SHOWN {
            out += &command(kind, one, check);
        } else {
            rest.push(one);
        }
    }
    if !rest.is_empty() {
        out += &format!("GitHub shows {SHOWN} annotations of a kind; these are the others:\n");
    }
    for one in rest {
        let at = one.at(&check.rows).map(|at| format!("{at}: ")).unwrap_or_default();
        let line = format!("{at}{} {}: {}", one.finding.severity.word(), one.finding.code, one.finding.message);
        let also = one.also(&check.rows).map(|also| format!("; {also}")).unwrap_or_default();
        out += &(escape::log(&(escape::plain(&line, 2 * escape::SENTENCE) + &also)) + "\n");
    }
    out + &check.totals() + "\n"
}

/// One annotation for all that could not be told, in a few lines.
fn untold(check: &Check) -> String {
    let mut says = "not everything could be told".to_owned();
    for trouble in check.troubles.iter().take(5) {
        says += &format!("\n{}", escape::plain(trouble, escape::SENTENCE));
    }
    format!("::warning title=dragnet::{}\n", data(&says))
}

/// What was there before is nothing that the change did.
fn kind(one: &Checked) -> &'static str {
    match one.finding.severity {
        _ if one.known => "notice",
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Off => "notice",
    }
}

fn command(kind: &str, one: &Checked, check: &Check) -> String {
    let mut properties = format!("file={}", property(&escape::plain(one.file(&check.home), escape::SENTENCE)));
    if one.finding.place.is_some() {
        let (line, column) = one.position();
        properties += &format!(",line={line},col={column}");
        if let Some(spot) = &one.spot {
            properties += &format!(",endColumn={}", column.saturating_add(spot.length));
        }
    }
    let title = property(&format!("dragnet: {}", one.finding.code));
    format!("::{kind} {properties},title={title}::{}\n", data(&one.message(&check.rows)))
}

/// What stands behind the second `::`.
fn data(text: &str) -> String {
    escape::log(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
