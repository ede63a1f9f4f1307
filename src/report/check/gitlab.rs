//! The check as a report of GitLab's Code Quality.
//!
//! The keys that GitLab reads: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>. Each element
//! is also a whole issue of Code Climate's format, from which GitLab's comes.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Check;
use crate::domain::finding::Severity;
use crate::report::json::write;

/// Every finding as one element of an array.
pub fn check_gitlab(check: &Check) -> String {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let issues: Vec<Value> = check
        .findings
        .iter()
        .map(|one| {
            let finding = one.finding;
            // GitLab drops what shares a fingerprint.
            let times = seen.entry(&finding.fingerprint).or_default();
            *times += 1;
            let more = if *times > 1 { format!("-{times}") } else { String::new() };
            let (line, _) = one.position();
            json!({
                "type": "issue",
                "categories": ["Clarity"],
                "description": one.message(&check.rows).replace('\n', "; "),
                "check_name": finding.code.word(),
                "fingerprint": format!("{}{more}", finding.fingerprint),
                "severity": severity(finding.severity, one.fails),
                "location": { "path": one.file(&check.home), "lines": { "begin": line, "end": line } },
            })
        })
        .collect();
    write(&issues)
}

fn severity(severity: Severity, fails: bool) -> &'static str {
    match severity {
        Severity::Error if fails => "critical",
        Severity::Error | Severity::Warning if fails => "major",
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Info | Severity::Off => "info",
    }
}
