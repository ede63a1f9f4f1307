//! What the names of Jira resolutions and statuses mean: a default map, to which a site's own names can be added.

/// What a name says of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// The work was done.
    Done,
    /// Somebody decided not to do the work, or nobody did it.
    Refused,
    /// Not done, as a rule; now and then such a name hides a finished fix.
    Doubtful,
    /// Put aside; says little.
    Shelved,
    /// Another ticket has the answer.
    TwoFaced,
    /// Says nothing, or is not known to us.
    Silent,
}

/// Names by family, written as [`bare`] leaves them. Names are per site and often translated: what is not listed is
/// silent, never guessed.
const NAMES: &[(Family, &[&str])] = &[
    (
        Family::Done,
        &[
            "done",
            "fixed",
            "resolved",
            "complete",
            "completed",
            "implemented",
            "delivered",
            "released",
            "deployed",
            "shipped",
            "merged",
            "landed",
            "finished",
            "solved",
            "fixedreleased",
            "donereleased",
            "fixedandreleased",
            "fixverified",
        ],
    ),
    (
        Family::Refused,
        &[
            "wontdo",
            "wontfix",
            "wontimplement",
            "wontresolve",
            "willnotdo",
            "willnotfix",
            "willnotimplement",
            "notdoing",
            "notdone",
            "notfixed",
            "nofix",
            "notplanned",
            "declined",
            "rejected",
            "denied",
            "refused",
            "abandoned",
            "withdrawn",
            "discarded",
            "dropped",
            "cancelled",
            "canceled",
            "cancelledbyuser",
            "timedout",
            "timeout",
            "expired",
            "autoclosed",
            "stale",
            "obsolete",
            "outofdate",
            "outdated",
            "outofscope",
            "deferred",
            "postponed",
            "later",
            "remind",
            "nolongerneeded",
            "nolongerrequired",
            "notneeded",
            "notrequired",
            "nolongerrelevant",
        ],
    ),
    (
        Family::Doubtful,
        &[
            "invalid",
            "incomplete",
            "cannotreproduce",
            "cantreproduce",
            "couldnotreproduce",
            "unabletoreproduce",
            "notreproducible",
            "unreproducible",
            "worksforme",
            "notabug",
            "notadefect",
            "notanissue",
            "notaproblem",
            "notourbug",
            "notapplicable",
            "worksasdesigned",
            "worksasintended",
            "workingasdesigned",
            "workingasintended",
            "asdesigned",
            "bydesign",
            "usererror",
            "needsmoreinfo",
            "needsmoreinformation",
            "moreinfoneeded",
            "insufficientinformation",
            "notenoughinformation",
            "insufficientdata",
            "noresponse",
        ],
    ),
    (Family::Shelved, &["hold", "onhold", "parked", "icebox", "backlog", "suspended"]),
    (
        Family::TwoFaced,
        &[
            "duplicate",
            "duplicated",
            "duplicateissue",
            "superseded",
            "supersededby",
            "replaced",
            "moved",
            "migrated",
            "split",
            "transferred",
        ],
    ),
];

/// The family of a resolution's or a status's name, whatever its case, spaces and punctuation.
pub(super) fn of(name: &str) -> Family {
    let bare = bare(name);
    // `Closed - Won't Do`, `Resolved as duplicate`: the first word only repeats that it is closed.
    let inner = ["closed", "resolved"].iter().find_map(|word| bare.strip_prefix(word)).unwrap_or_default();
    let inner = inner.strip_prefix("as").unwrap_or(inner);
    NAMES
        .iter()
        .find(|(_, names)| names.contains(&bare.as_str()))
        .or_else(|| NAMES.iter().find(|(_, names)| names.contains(&inner)))
        .map_or(Family::Silent, |(family, _)| *family)
}

/// Lower case, letters and digits only: `Won’t-Fix`, `WontFix` and `won't fix` are one name.
fn bare(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::{Family, NAMES, bare, of};

    #[test]
    fn names_are_read_whatever_their_spelling() {
        for (name, family) in [
            ("Won't Do", Family::Refused),
            ("Won’t Fix", Family::Refused),
            ("Wont Fix", Family::Refused),
            ("WONTFIX", Family::Refused),
            ("wont_do", Family::Refused),
            ("Closed - Won't Do", Family::Refused),
            ("Declined", Family::Refused),
            ("Obsolete", Family::Refused),
            ("Timed out", Family::Refused),
            ("Cannot Reproduce", Family::Doubtful),
            ("Can't reproduce", Family::Doubtful),
            ("Incomplete", Family::Doubtful),
            ("Invalid", Family::Doubtful),
            ("Not a Bug", Family::Doubtful),
            ("Works as designed", Family::Doubtful),
            ("On Hold", Family::Shelved),
            ("Duplicate", Family::TwoFaced),
            ("Resolved as duplicate", Family::TwoFaced),
            ("Superseded", Family::TwoFaced),
            ("Done", Family::Done),
            ("Fixed", Family::Done),
            ("Resolved", Family::Done),
            ("Complete", Family::Done),
            ("COMPLETED", Family::Done),
            // Close to a listed name is not the name.
            ("Not Done", Family::Refused),
            ("Done elsewhere", Family::Silent),
            ("Fixed upstream?", Family::Silent),
            ("Unresolved", Family::Silent),
            ("Closed", Family::Silent),
            ("Erledigt", Family::Silent),
            ("", Family::Silent),
        ] {
            assert_eq!(of(name), family, "{name}");
        }
    }

    #[test]
    fn every_name_is_listed_once_and_as_it_is_compared() {
        let all: Vec<&str> = NAMES.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        let once: std::collections::BTreeSet<&str> = all.iter().copied().collect();
        assert_eq!(all.len(), once.len());
        for name in all {
            assert_eq!(bare(name), name);
        }
    }
}
