//! Rule: Jira's fix versions, and whether they were released.

use super::{Rule, RuleDoc, told};
use crate::domain::tracker::TrackerKind;
use crate::domain::verdict::{Evidence, Side};
use crate::judge::case::Case;
use crate::judge::families::Family;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        name: "fix-version",
        sees: "the fix versions of a closed Jira ticket, whether one of them was released, and the family of its \
               resolution",
        counts: "a released version beside a resolution that says done is strong for the work, and beside no resolution \
                 good. Beside “Won't Fix” and its kin it says nothing: many teams set the version for planning and \
                 leave it. A version that was never released says nothing",
        fails: "where a release manager moves everything closed into the version that ships",
        example: "OPS-7 is “Fixed” in 2.1, which was released: for done",
    },
    look,
};

fn look(case: &Case<'_>) -> Vec<Evidence> {
    let Some(facts) = case.closed().filter(|facts| facts.id.tracker().kind() == TrackerKind::Jira) else {
        return Vec::new();
    };
    let mut released: Vec<&str> = facts
        .details
        .fix_versions
        .iter()
        .filter(|version| version.released == Some(true))
        .map(|version| version.name.trim())
        .collect();
    released.sort_unstable();
    let Some(name) = released.first() else { return Vec::new() };
    let resolution = facts.reason.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let ended = case.names.status(&facts.state);
    let (side, strength, beside) = match resolution.map(|name| case.names.resolution(name)) {
        _ if matches!(ended, Family::Refused | Family::Doubtful | Family::TwoFaced) => {
            (Side::Neither, 0.0, ", which says nothing beside the status in which it ended")
        }
        Some(Family::Done) => (Side::Done, 0.8, ""),
        None => (Side::Done, 0.74, ""),
        Some(_) => (Side::Neither, 0.0, ", which says nothing beside its resolution"),
    };
    let says = format!("{} has the fix version “{name}”, which was released{beside}", case.id.key());
    vec![told(case, &RULE.doc, side, strength, says)]
}

#[cfg(test)]
mod tests {
    use crate::domain::details::FixVersion;
    use crate::domain::verdict::Verdict::{Done, Undone, Unverified};
    use crate::judge::testing::{details, jira, verdict};

    #[test]
    fn a_released_version_counts_beside_the_right_resolution() {
        for (status, resolution, released, expected) in [
            ("Closed", Some("Fixed"), Some(true), Done),
            ("Closed", None, Some(true), Done),
            ("Closed", None, Some(false), Unverified),
            ("Closed", None, None, Unverified),
            ("Closed", Some("Won't Fix"), Some(true), Undone),
            ("Closed", Some("Cannot Reproduce"), Some(true), Undone),
            ("Closed", Some("Duplicate"), Some(true), Unverified),
            ("Cancelled", None, Some(true), Undone),
        ] {
            let mut ticket = jira("OPS-7", status, resolution);
            details(&mut ticket).fix_versions = vec![FixVersion { name: "2.1".into(), released }];
            assert_eq!(verdict(&ticket), expected, "{status} {resolution:?} {released:?}");
        }
    }
}
