//! The check as SARIF 2.1.0, for code scanning.
//!
//! The standard: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>. GitHub keeps 5,000 results of a run,
//! <https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>,
//! so that many are given, the worst first, and the file says what was left out.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Check, Checked, as_uri};
use crate::domain::finding::{Code, Severity};
use crate::domain::judged::Waived;
use crate::domain::waiver::Origin;
use crate::report::json::write;
use crate::report::{escape, words};

/// Results that GitHub keeps of one run.
const MOST: usize = 5_000;

/// Every finding as a result, what people accepted as a suppressed one.
pub fn check_sarif(check: &Check) -> String {
    let findings = check.worst_first(Severity::Off);
    let codes: BTreeMap<Code, usize> = Code::ALL.iter().enumerate().map(|(nth, code)| (*code, nth)).collect();
    let shown = findings.iter().take(MOST).map(|one| result(one, check, &codes));
    let waived = check.report.judged.waived.iter().map(|waived| suppressed(waived, check, &codes));
    let results: Vec<Value> = shown.chain(waived).take(MOST).collect();
    write(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "dragnet",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": Code::ALL.iter().map(|code| rule(*code)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "automationDetails": { "id": "dragnet/" },
            "invocations": [{
                "executionSuccessful": check.report.complete,
                "endTimeUtc": words::rfc3339(check.report.now),
                "toolExecutionNotifications": notifications(check, findings.len()),
            }],
            "results": results,
        }],
    }))
}

/// What a reader of the results must know besides.
fn notifications(check: &Check, findings: usize) -> Vec<Value> {
    let left_out = findings.checked_sub(MOST).filter(|more| *more > 0);
    let left_out = left_out.map(|more| format!("{more} more findings, the least severe, were left out"));
    let troubles = check.troubles.iter().map(|trouble| escape::plain(trouble, escape::SENTENCE));
    troubles.chain(left_out).map(|text| json!({ "level": "warning", "message": { "text": text } })).collect()
}

fn rule(code: Code) -> Value {
    json!({
        "id": code.word(),
        "shortDescription": { "text": code.says() },
        "defaultConfiguration": { "level": level(code.default_severity()) },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
        Severity::Off => "none",
    }
}

fn result(one: &Checked, check: &Check, codes: &BTreeMap<Code, usize>) -> Value {
    let finding = one.finding;
    let mut place = json!({ "artifactLocation": { "uri": as_uri(one.file(&check.home)) } });
    if finding.place.is_some() {
        let (line, column) = one.position();
        place["region"] = json!({ "startLine": line, "startColumn": column });
        if let Some(spot) = &one.spot {
            place["region"]["endColumn"] = column.saturating_add(spot.length).into();
        }
    }
    let mut location = json!({ "physicalLocation": place });
    if let Some(row) = finding.place.as_ref().and_then(|place| check.rows.title(place)) {
        location["logicalLocations"] = json!([{ "kind": "row", "name": row }]);
    }
    let mut result = json!({
        "ruleId": finding.code.word(),
        "ruleIndex": codes[&finding.code],
        "level": level(finding.severity),
        "message": { "text": one.message(&check.rows) },
        "locations": [location],
        "partialFingerprints": { "dragnet/v1": finding.fingerprint },
    });
    if one.known {
        result["baselineState"] = "unchanged".into();
    }
    if let Some(ticket) = &finding.ticket {
        result["properties"] = json!({ "ticket": ticket.to_string(), "counts": one.counts });
    }
    result
}

fn suppressed(waived: &Waived, check: &Check, codes: &BTreeMap<Code, usize>) -> Value {
    let one =
        Checked { finding: &waived.finding, counts: true, known: false, fails: false, spot: None, elsewhere: &[] };
    let reason = format!("{} (until {})", waived.waiver.reason, waived.waiver.until);
    let mut result = result(&one, check, codes);
    result["suppressions"] = json!([{
        "kind": if matches!(waived.waiver.from, Origin::Document { .. }) { "inSource" } else { "external" },
        "status": "accepted",
        "justification": escape::plain(&reason, escape::SENTENCE),
    }]);
    result
}
