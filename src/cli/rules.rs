//! `dragnet rules`: every finding code and verdict rule.

use std::fmt::Write;

use super::failure::Exit;
use super::output::Output;
use crate::domain::finding::Code;
use crate::judge;

pub(super) fn rules(output: &Output) -> anyhow::Result<Exit> {
    let format = output.format(&["text", "json"])?;
    output.data(&match format {
        "json" => format!("{:#}\n", json()),
        _ => text(),
    })?;
    Ok(Exit::Fine)
}

fn text() -> String {
    let mut text = "Finding codes\n\n".to_owned();
    for code in Code::ALL {
        let _ = writeln!(text, "  {:<22}{:<9}{}", code.word(), code.default_severity().word(), code.says());
    }
    text += "\nRules of the verdict\n";
    for rule in judge::rules() {
        let _ = write!(
            text,
            "\n  {}\n    sees     {}\n    counts   {}\n    fails    {}\n    example  {}\n",
            rule.name, rule.sees, rule.counts, rule.fails, rule.example
        );
    }
    text
}

fn json() -> serde_json::Value {
    let codes: Vec<serde_json::Value> = Code::ALL
        .iter()
        .map(|code| serde_json::json!({"code": code.word(), "severity": code.default_severity().word(), "says": code.says()}))
        .collect();
    let rules: Vec<serde_json::Value> = judge::rules()
        .iter()
        .map(|rule| {
            serde_json::json!({"rule": rule.name, "sees": rule.sees, "counts": rule.counts, "fails": rule.fails, "example": rule.example})
        })
        .collect();
    serde_json::json!({"schema": 1, "codes": codes, "rules": rules})
}
