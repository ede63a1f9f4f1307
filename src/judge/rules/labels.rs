//! Rule: GitHub labels that say what became of a ticket.

use super::{Rule, RuleDoc, told};
use crate::domain::tracker::TrackerKind;
use crate::domain::verdict::{Evidence, Side};
use crate::judge::case::Case;
use crate::judge::families::{self, Family};

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        name: "labels",
        sees: "the labels of a closed GitHub ticket whose names, or the part behind `:` or `/`, are those of a \
               resolution: `wontfix`, `invalid`, `status: declined`, `resolution/fixed`, `Merged`",
        counts: "a label is set by somebody who triages: a refusal counts against, a good deal less certain than the \
                 reason of a closing; `fixed` and `merged` count for the work. `stale` and the like are set by programs \
                 and often left behind: a hint",
        fails: "where a label was set early and the project thought better of it",
        example: "acme/rocket#7 is labelled `wontfix`: for undone",
    },
    look,
};

fn look(case: &Case<'_>) -> Vec<Evidence> {
    let Some(facts) = case.closed().filter(|facts| facts.id.tracker().kind() == TrackerKind::GitHub) else {
        return Vec::new();
    };
    let spoken: Vec<(Side, f64, &str)> = facts.details.labels.iter().filter_map(|label| speaks(label)).collect();
    // One of each side: labels come in families.
    [Side::Done, Side::Undone]
        .into_iter()
        .filter_map(|side| {
            let of_side = spoken.iter().filter(|(other, ..)| *other == side);
            let (_, strength, label) = of_side.max_by(|a, b| a.1.total_cmp(&b.1).then(a.2.cmp(b.2)))?;
            let says = format!("{} is labelled “{label}”", case.id.key());
            Some(told(case, &RULE.doc, side, *strength, says))
        })
        .collect()
}

/// Whether it is a label of programs that close what nobody touches.
pub(super) fn is_stale_label(label: &str) -> bool {
    const NAMES: [&str; 7] = ["stale", "rotten", "inactive", "expired", "autoclosed", "auto-closed", "no-response"];
    NAMES.iter().any(|name| bare(label).eq_ignore_ascii_case(name))
}

/// Without what it is filed under: `status: declined`.
fn bare(label: &str) -> &str {
    label.rsplit([':', '/']).next().unwrap_or(label).trim()
}

fn speaks(label: &str) -> Option<(Side, f64, &str)> {
    if is_stale_label(label) {
        return Some((Side::Undone, 0.4, label));
    }
    let name = bare(label);
    let lower = name.to_ascii_lowercase();
    match families::of(name) {
        Family::Refused => Some((Side::Undone, 0.7, label)),
        Family::Doubtful if lower.starts_with("need") => None,
        Family::Doubtful => Some((Side::Undone, 0.64, label)),
        // `complete` and `resolved` are words of many workflows; these are of landed work.
        Family::Done if matches!(lower.as_str(), "merged" | "fixed" | "released" | "landed" | "shipped") => {
            Some((Side::Done, 0.75, label))
        }
        Family::Done => Some((Side::Done, 0.5, label)),
        Family::Shelved | Family::TwoFaced | Family::Silent => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::verdict::Verdict::{Done, Undone, Unverified};
    use crate::judge::testing::{details, issue, jira, verdict};

    #[test]
    fn labels_that_name_a_resolution_speak() {
        for (label, expected) in [
            ("wontfix", Undone),
            ("status: won't fix", Undone),
            ("resolution/invalid", Undone),
            ("not a bug", Undone),
            ("Merged", Done),
            ("stale", Unverified),
            ("duplicate", Unverified),
            ("needs more info", Unverified),
            ("bug", Unverified),
            ("A-wontfix-label", Unverified),
        ] {
            let mut ticket = issue("acme/rocket#7", None, "2021-05-04");
            details(&mut ticket).labels = vec![label.to_owned()];
            assert_eq!(verdict(&ticket), expected, "{label}");
        }
        // Jira's labels are anybody's words.
        let mut ticket = jira("OPS-7", "Closed", None);
        details(&mut ticket).labels = vec!["wontfix".to_owned()];
        assert_eq!(verdict(&ticket), Unverified);
    }
}
