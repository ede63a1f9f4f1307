//! The check in the diagnostic format of reviewdog: <https://github.com/reviewdog/reviewdog/tree/master/proto/rdf>.

use serde_json::{Value, json};

use super::Check;
use crate::domain::finding::Severity;
use crate::report::json::write;

/// Every finding as a diagnostic. Columns count bytes there.
pub fn check_rdjson(check: &Check) -> String {
    let diagnostics: Vec<Value> = check
        .findings
        .iter()
        .map(|one| {
            let finding = one.finding;
            let mut location = json!({ "path": one.file(&check.home) });
            if finding.place.is_some() {
                let (line, _) = one.position();
                location["range"] = match &one.spot {
                    Some(spot) => json!({
                        "start": { "line": line, "column": spot.bytes.0 },
                        "end": { "line": line, "column": spot.bytes.1 },
                    }),
                    None => json!({ "start": { "line": line } }),
                };
            }
            json!({
                "message": one.message(&check.rows),
                "location": location,
                "severity": severity(finding.severity),
                "code": { "value": finding.code.word() },
            })
        })
        .collect();
    write(&json!({ "source": { "name": "dragnet" }, "severity": "WARNING", "diagnostics": diagnostics }))
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Info | Severity::Off => "INFO",
    }
}
