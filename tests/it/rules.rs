//! `docs/rules.md` says of every finding code and verdict rule what the code says of it.

use std::fmt::Write;

#[test]
fn the_rules_are_documented_as_they_are() {
    let mut expected = String::new();
    for rule in dragnet::judge::rules() {
        let _ = write!(
            expected,
            "\n## `{}`\n\n- **Sees** {}.\n- **Counts** {}.\n- **Fails** {}.\n- **Example** {}.\n",
            rule.name, rule.sees, rule.counts, rule.fails, rule.example
        );
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (_, told) = text.split_once("<!-- rules -->\n").unwrap();
    assert!(
        told == expected,
        "docs/rules.md is not what the code says; behind `<!-- rules -->` should stand:\n{expected}"
    );
}

#[test]
fn the_finding_codes_are_documented_as_they_are() {
    let mut expected = "| code | severity | says |\n| --- | --- | --- |\n".to_owned();
    for code in dragnet::domain::finding::Code::ALL {
        let _ = writeln!(expected, "| `{code}` | {} | {} |", code.default_severity().word(), code.says());
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(&expected), "docs/rules.md lacks what the code says:\n{expected}");
}
