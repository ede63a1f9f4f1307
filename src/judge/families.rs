//! What the names of Jira resolutions and statuses mean: a default map, and before it the user's own for a site.

use std::collections::BTreeMap;

use crate::domain::policy::{Meaning, Meanings, Policy};
use crate::domain::ticket::TicketId;
use crate::domain::tracker::TrackerId;

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

/// Names by family, written as [`Meanings::bare`] leaves them. Names are per site and often translated: what is not listed is
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
    let bare = Meanings::bare(name);
    // `Closed - Won't Do`, `Resolved as duplicate`: the first word only repeats that it is closed.
    let inner = ["closed", "resolved"].iter().find_map(|word| bare.strip_prefix(word)).unwrap_or_default();
    let inner = inner.strip_prefix("as").unwrap_or(inner);
    NAMES
        .iter()
        .find(|(_, names)| names.contains(&bare.as_str()))
        .or_else(|| NAMES.iter().find(|(_, names)| names.contains(&inner)))
        .map_or(Family::Silent, |(family, _)| *family)
}

/// The names of one tracker: the user's own first, then the default map.
#[derive(Debug, Default)]
pub(super) struct Names {
    resolutions: BTreeMap<String, Family>,
    statuses: BTreeMap<String, Family>,
}

impl Names {
    /// With the user's own names.
    pub(super) fn new(meanings: &Meanings) -> Self {
        let families = |names: &BTreeMap<String, Meaning>| {
            names.iter().map(|(name, meaning)| (name.clone(), meant(*meaning))).collect()
        };
        Self { resolutions: families(&meanings.resolutions), statuses: families(&meanings.statuses) }
    }

    /// The family of a resolution.
    pub(super) fn resolution(&self, name: &str) -> Family {
        self.resolutions.get(&Meanings::bare(name)).copied().unwrap_or_else(|| of(name))
    }

    /// The family of a status in which a ticket is closed.
    pub(super) fn status(&self, name: &str) -> Family {
        self.statuses.get(&Meanings::bare(name)).copied().unwrap_or_else(|| of(name))
    }

    /// Whether a status is one in which work is over, done or not.
    pub(super) fn is_over(&self, status: &str) -> bool {
        let family = self.status(status);
        !matches!(family, Family::Silent | Family::Shelved) || matches!(&*Meanings::bare(status), "closed" | "verified")
    }

    /// Whether a status is one in which work waits or goes on.
    pub(super) fn is_open(&self, status: &str) -> bool {
        const OPEN: [&str; 10] = [
            "open",
            "reopened",
            "todo",
            "inprogress",
            "indevelopment",
            "inreview",
            "backlog",
            "new",
            "planned",
            "blocked",
        ];
        self.status(status) == Family::Silent && OPEN.contains(&&*Meanings::bare(status))
    }

    /// Whether nobody has said yet what a resolution means.
    pub(super) fn is_unmapped(&self, name: &str) -> bool {
        !self.resolutions.contains_key(&Meanings::bare(name)) && of(name) == Family::Silent
    }
}

/// The names of every tracker.
#[derive(Debug)]
pub(super) struct Tongues<'a> {
    own: BTreeMap<&'a TrackerId, Names>,
    usual: Names,
}

impl<'a> Tongues<'a> {
    /// As the policy says.
    pub(super) fn new(policy: &'a Policy) -> Self {
        let own = policy.meanings.iter().map(|(tracker, meanings)| (tracker, Names::new(meanings)));
        Self { own: own.collect(), usual: Names::default() }
    }

    /// Those of a ticket's tracker.
    pub(super) fn of(&self, ticket: &TicketId) -> &Names {
        self.own.get(ticket.tracker()).unwrap_or(&self.usual)
    }
}

fn meant(meaning: Meaning) -> Family {
    match meaning {
        Meaning::Done => Family::Done,
        Meaning::Undone => Family::Refused,
        Meaning::Duplicate => Family::TwoFaced,
        Meaning::Nothing => Family::Silent,
    }
}

#[cfg(test)]
mod tests {
    use super::{Family, NAMES, Names, of};
    use crate::domain::policy::{Meaning, Meanings};

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
    fn the_users_own_names_come_first() {
        let one = |name: &str, meaning| [(Meanings::bare(name), meaning)].into();
        let mut meanings =
            Meanings { resolutions: one("Erledigt", Meaning::Done), statuses: one("Fini", Meaning::Undone) };
        meanings.resolutions.insert(Meanings::bare("Fixed"), Meaning::Nothing);
        let names = Names::new(&meanings);
        for (name, family) in [
            ("ERLEDIGT", Family::Done),
            ("Fixed", Family::Silent),
            ("Won't Do", Family::Refused),
            ("Fini", Family::Silent),
        ] {
            assert_eq!(names.resolution(name), family, "{name}");
        }
        assert_eq!((names.status("fini"), names.status("Erledigt")), (Family::Refused, Family::Silent));
        let unmapped = ["Erledigt", "Fixed", "Done", "Fini"].map(|name| names.is_unmapped(name));
        assert_eq!(unmapped, [false, false, false, true]);
    }

    #[test]
    fn every_name_is_listed_once_and_as_it_is_compared() {
        let all: Vec<&str> = NAMES.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        let once: std::collections::BTreeSet<&str> = all.iter().copied().collect();
        assert_eq!(all.len(), once.len());
        for name in all {
            assert_eq!(Meanings::bare(name), name);
        }
    }
}
