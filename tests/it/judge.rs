//! `dragnet judge` as a program: records in, verdicts out, in order, whatever stands between them.

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn judge(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dragnet"))
        .arg("judge")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that ends without reading closes the pipe, which is its right.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// What was answered: id and verdict of each line.
fn verdicts(output: &Output) -> Vec<(String, String)> {
    let lines = std::str::from_utf8(&output.stdout).unwrap().lines();
    lines
        .map(|line| {
            let answer: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(answer["schema"], 1);
            assert!((0.0..=1.0).contains(&answer["confidence"].as_f64().unwrap()));
            assert!(answer["evidence"].is_array());
            (answer["id"].as_str().unwrap().to_owned(), answer["verdict"].as_str().unwrap().to_owned())
        })
        .collect()
}

fn messages(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

const CANCELLED: &str = r#"{"id": "jira:OPS-7", "status": "Cancelled", "status_category": "done", "unheard_of": []}"#;
const MERGED: &str = r#"{"id": "github:acme/rocket#8", "kind": "pull", "state": "merged", "merged": true}"#;

#[test]
fn records_are_answered_in_order() {
    let output = judge(&["-"], format!("{CANCELLED}\n\n{MERGED}").as_bytes());
    assert_eq!(output.status.code(), Some(0), "{}", messages(&output));
    let expected = [("jira:OPS-7", "undone"), ("github:acme/rocket#8", "done")];
    assert_eq!(verdicts(&output), expected.map(|(id, verdict)| (id.to_owned(), verdict.to_owned())));
    assert_eq!(messages(&output), "");
}

#[test]
fn bad_lines_are_named_and_the_others_answered() {
    let mut input = format!("{CANCELLED}\nnonsense\n").into_bytes();
    input.extend(b"\xff\xfe\n\r\n{\"id\": 7}\n");
    input.extend(MERGED.as_bytes());
    let output = judge(&["-"], &input);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(verdicts(&output).len(), 2);
    let told: Vec<&str> = messages(&output).lines().map(|line| line.split_inclusive(':').nth(1).unwrap()).collect();
    assert_eq!(told, [" line 2:", " line 3:", " line 5:"], "{}", messages(&output));
}

#[test]
fn a_file_is_read_and_its_absence_told() {
    let folder = tempfile::tempdir().unwrap();
    let (records, answers) = (folder.path().join("records.jsonl"), folder.path().join("answers.jsonl"));
    std::fs::write(&records, format!("\u{feff}{MERGED}\n")).unwrap();
    let output = judge(&[records.to_str().unwrap(), "--output", answers.to_str().unwrap()], b"");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0), "{}", messages(&output));
    assert!(std::fs::read_to_string(&answers).unwrap().starts_with(r#"{"schema":1,"id":"github:acme/rocket#8","#));

    let output = judge(&[folder.path().join("none.jsonl").to_str().unwrap()], b"");
    assert_eq!(output.status.code(), Some(2));
    assert!(messages(&output).starts_with("error: cannot read `"), "{}", messages(&output));
    assert!(messages(&output).contains("hint: "));
}

#[test]
fn no_other_format_is_known() {
    let output = judge(&["-", "--format", "text"], MERGED.as_bytes());
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
}
