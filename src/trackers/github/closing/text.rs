//! Texts of tickets: cut to a bounded length, and their task-list boxes counted.

use crate::domain::details::Boxes;

/// The most that is kept of a description, in characters.
const DESCRIPTION: usize = 4000;
/// The most that is kept of a comment.
const COMMENT: usize = 1200;

/// The beginning of a description; `None` for an empty one.
pub(in super::super) fn description(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.chars().take(DESCRIPTION).collect())
}

/// The beginning of a comment.
pub(super) fn comment(text: &str) -> String {
    text.trim().chars().take(COMMENT).collect()
}

/// Task-list boxes, as GitHub draws them: items of a list, outside of code.
pub(in super::super) fn boxes(text: &str) -> Option<Boxes> {
    let mut boxes = Boxes::default();
    let mut fenced = false;
    for line in text.lines().map(str::trim_start) {
        if line.starts_with("```") || line.starts_with("~~~") {
            fenced = !fenced;
        }
        match item(line).filter(|_| !fenced) {
            Some(true) => boxes.checked += 1,
            Some(false) => boxes.unchecked += 1,
            None => {}
        }
    }
    (boxes != Boxes::default()).then_some(boxes)
}

/// Whether a line is an item with a box, and the box is checked.
fn item(line: &str) -> Option<bool> {
    let (sign, rest) = line.split_once(char::is_whitespace)?;
    let ordered = || sign.strip_suffix(['.', ')']).is_some_and(|n| n.parse::<u32>().is_ok());
    if !matches!(sign, "-" | "*" | "+") && !ordered() {
        return None;
    }
    let rest = rest.trim_start();
    let after = rest.get(3..).filter(|after| after.starts_with(char::is_whitespace) && !after.trim().is_empty());
    match (&rest.get(..3), after) {
        (Some("[x]" | "[X]"), Some(_)) => Some(true),
        (Some("[ ]"), Some(_)) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{boxes, description};

    #[test]
    fn boxes_are_counted_where_github_draws_them() {
        for (text, counted) in [
            ("- [x] one\n- [ ] two\n  * [X] three", Some((2, 1))),
            ("1. [ ] one\n2) [x] two", Some((1, 1))),
            ("```\n- [ ] code\n```\n+ [x] real", Some((1, 0))),
            ("[x] no item\n- [y] no box\n- [ ]\n-[x] no space\n- [](link)", None),
            ("- é[x] one", None),
            ("", None),
        ] {
            assert_eq!(boxes(text).map(|boxes| (boxes.checked, boxes.unchecked)), counted, "{text}");
        }
    }

    #[test]
    fn a_description_is_cut_between_characters() {
        assert_eq!(description("  \n"), None);
        assert_eq!(description(&"é".repeat(9000)).unwrap().chars().count(), 4000);
    }
}
