//! The check as Markdown, for a comment or the summary of a job. It pings nobody.

use super::{Check, Checked};
use crate::domain::finding::Severity;
use crate::report::escape::{self, SENTENCE, code, markdown as md};
use crate::report::words;

/// Bytes that a summary may have, with room for what others wrote into it: GitHub takes 1 MiB of a step,
/// <https://docs.github.com/actions/reference/workflow-commands-for-github-actions#step-isolation-and-limits>.
const MOST: usize = 900 * 1024;

/// The findings that are at least as loud as `least`, the worst first, as a table under the totals. What does not fit is
/// counted.
pub fn check_markdown(check: &Check, least: Severity) -> String {
    let mut page = format!("**dragnet**: {}\n", md(&check.totals(), SENTENCE));
    for trouble in check.troubles.iter().take(50) {
        page += &format!("\n> {}\n", md(trouble, SENTENCE));
    }
    let findings = check.worst_first(least);
    if !findings.is_empty() {
        page += "\n| | Where | What |\n| --- | --- | --- |\n";
    }
    for (nth, one) in findings.iter().enumerate() {
        let row = row(one, check);
        if page.len() + row.len() > MOST {
            page += &format!("\n{} more findings, the least severe, were left out.\n", findings.len() - nth);
            break;
        }
        page += &row;
    }
    escape::log(&page)
}

fn row(one: &Checked, check: &Check) -> String {
    let finding = one.finding;
    let at = one.at(&check.rows).map(|at| code(&at)).unwrap_or_default();
    let hint = finding.hint.as_deref().map(|hint| format!("<br>{}", md(hint, SENTENCE))).unwrap_or_default();
    let also = one.also(&check.rows).map(|also| format!("<br>{}", md(&also, MOST))).unwrap_or_default();
    let aside = match (one.counts, one.known) {
        (false, _) => " (seen earlier; does not count)",
        (true, true) => " (in the baseline)",
        (true, false) => "",
    };
    format!(
        "| {} {} | {at} | **{}** {}{aside}{also}{hint} |\n",
        words::severity_mark(finding.severity),
        if one.fails { "fails" } else { finding.severity.word() },
        finding.code,
        md(&finding.message, SENTENCE),
    )
}
