//! The check for a terminal or a log: each finding at its path, line and column with a pointer at it, the totals last.

use super::{Check, Checked};
use crate::domain::finding::Severity;
use crate::report::sheet::{Sheet, Tone};
use crate::report::{Style, escape, words};

/// The findings that are at least as loud as `least`. The last line holds the totals of all. What does not count rests
/// on an answer that is too old, and says so.
pub fn check_text(check: &Check, least: Severity, style: Style) -> String {
    let mut sheet = Sheet::new(style);
    check.loud(least).for_each(|one| put(&mut sheet, one, check, style));
    let quiet = check.findings.len() - check.loud(least).count();
    let quiet = if quiet > 0 { format!("; -v shows {quiet} more") } else { String::new() };
    let line = sheet.ink().tone(Tone::Strong, &check.totals()).say(&quiet);
    sheet.whole("", &line);
    escape::log(&sheet.done())
}

fn put(sheet: &mut Sheet, one: &Checked, check: &Check, style: Style) {
    let finding = one.finding;
    let tone = match finding.severity {
        Severity::Error => Tone::Bad,
        Severity::Warning => Tone::Warn,
        Severity::Info | Severity::Off => Tone::Dim,
    };
    let at = one.at(&check.rows).map(|at| format!("{at}: ")).unwrap_or_default();
    let line = sheet.ink().say(&at).tone(tone, finding.severity.word());
    let line = line.tone(Tone::Strong, &format!(" {}", finding.code));
    let line = line.say(": ").say(&escape::plain(&finding.message, escape::SENTENCE));
    let line = match finding.rests_on.filter(|_| !one.counts) {
        Some(at) => line.tone(Tone::Dim, &format!(" (seen {}; does not count)", words::ago(at, check.report.now))),
        None if one.known => line.tone(Tone::Dim, " (in the baseline)"),
        None => line,
    };
    // Not wrapped: editors and log viewers look for `path:line:column: ` and a message behind it on one line.
    sheet.whole("", &line);
    if let (Some(spot), Some(place)) = (&one.spot, &finding.place) {
        let number = format!("{:>5} | ", place.line);
        let (words, pointer) = spot.drawn(style.width.clamp(40, 120).saturating_sub(number.len()));
        let line = sheet.ink().tone(Tone::Dim, number.trim()).gap(1).drawing(Tone::Plain, &words);
        sheet.whole(&" ".repeat(number.len() - number.trim_start().len()), &line);
        let line = sheet.ink().tone(Tone::Dim, "|").gap(1).drawing(tone, &pointer);
        sheet.whole(&" ".repeat(number.len() - 2), &line);
    }
    if let Some(also) = one.also(&check.rows) {
        let line = sheet.ink().tone(Tone::Dim, &also);
        sheet.whole("    ", &line);
    }
    if let Some(hint) = &finding.hint {
        let line = sheet.ink().tone(Tone::Dim, "hint: ").say(hint);
        sheet.whole("    ", &line);
    }
}
