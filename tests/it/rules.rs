//! `docs/rules.md` says of every verdict rule what the code says of it.

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
