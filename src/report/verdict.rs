//! One verdict by itself, as a line of JSON.

use serde::Serialize;

use crate::domain::ticket::TicketId;
use crate::domain::verdict::{Judgement, Verdict};

use super::json::{EvidenceOut, SCHEMA};

#[derive(Serialize)]
struct Line<'a> {
    schema: u32,
    id: &'a TicketId,
    verdict: Verdict,
    confidence: f64,
    evidence: Vec<EvidenceOut<'a>>,
}

/// The verdict on one ticket as one JSON object with a line's end behind it.
pub fn verdict_jsonl(id: &TicketId, judgement: &Judgement) -> String {
    let line = Line {
        schema: SCHEMA,
        id,
        verdict: judgement.verdict,
        confidence: judgement.confidence,
        evidence: judgement.evidence.iter().map(EvidenceOut::new).collect(),
    };
    let mut out = serde_json::to_string(&line).expect("our types have string keys and cannot fail to serialize");
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::verdict_jsonl;
    use crate::domain::verdict::{Evidence, Judgement, Side, Verdict};

    #[test]
    fn a_verdict_is_one_line() {
        let evidence = Evidence {
            rule: "jira-resolution".into(),
            side: Side::Undone,
            strength: 0.9,
            says: "OPS-7 was closed with\nthe resolution “Won't Do”".into(),
            source: Some("https://tracker.example/browse/OPS-7".into()),
            at: None,
        };
        let judgement = Judgement { verdict: Verdict::Undone, confidence: 0.9, evidence: vec![evidence] };
        insta::assert_snapshot!(
            verdict_jsonl(&"jira:OPS-7".parse().unwrap(), &judgement),
            @r#"{"schema":1,"id":"jira:OPS-7","verdict":"undone","confidence":0.9,"evidence":[{"rule":"jira-resolution","for":"undone","strength":0.9,"says":"OPS-7 was closed with\nthe resolution “Won't Do”","source":"https://tracker.example/browse/OPS-7","at":null}]}"#
        );
    }
}
