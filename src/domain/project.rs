//! Where tickets live, a project or a repository: held once for all ids of its tickets.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use rustc_hash::FxBuildHasher;

use super::tracker::TrackerId;

/// A project of a Jira, or a repository of a GitHub.
#[derive(Debug)]
pub(super) struct Project {
    /// Of [`Self::tracker`] and the names without case, made once: ids are looked up by the hundred thousand.
    hash: u64,
    pub(super) tracker: TrackerId,
    /// The project's key, or who owns the repository, as written.
    pub(super) owner: Box<str>,
    /// The repository, as written; absent for a Jira.
    pub(super) repo: Option<Box<str>>,
}

/// Those that a thread has met last, by a hash of their spelling that is quicker than it is good. A register names thousands
/// of tickets in a few dozen of them; where two want one slot, or two threads meet the same, it is held twice, and nobody can
/// tell.
const SLOTS: u16 = 512;

thread_local! {
    static MET: RefCell<Vec<Option<Arc<Project>>>> = RefCell::new(vec![None; usize::from(SLOTS)]);
}

impl Project {
    /// The project or repository of these names.
    pub(super) fn of(tracker: TrackerId, owner: &str, repo: Option<&str>) -> Arc<Self> {
        // As it is spelled: one that a document spells otherwise than its tracker should not put itself out all the time.
        let spelled = FxBuildHasher.hash_one((&tracker, owner, repo));
        MET.with_borrow_mut(|met| {
            let slot = u16::try_from(spelled % u64::from(SLOTS)).expect("less than the number of slots");
            let slot = &mut met[usize::from(slot)];
            let same = |it: &&Arc<Self>| it.tracker == tracker && *it.owner == *owner && it.repo.as_deref() == repo;
            let project = match slot.as_ref().filter(same) {
                Some(project) => return Arc::clone(project),
                None => {
                    let hash = hash(&tracker, owner, repo);
                    Arc::new(Self { hash, tracker, owner: owner.into(), repo: repo.map(Into::into) })
                }
            };
            *slot = Some(Arc::clone(&project));
            project
        })
    }
}

/// One for all spellings that are equal.
fn hash(tracker: &TrackerId, owner: &str, repo: Option<&str>) -> u64 {
    let mut hasher = DefaultHasher::new();
    tracker.hash(&mut hasher);
    for name in [Some(owner), repo].into_iter().flatten() {
        folded(name).for_each(|byte| hasher.write_u8(byte));
        hasher.write_u8(b'/');
    }
    hasher.finish()
}

fn folded(name: &str) -> impl Iterator<Item = u8> + '_ {
    name.bytes().map(|byte| byte.to_ascii_lowercase())
}

impl Hash for Project {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.hash.hash(state);
    }
}

impl PartialEq for Project {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Project {}

impl PartialOrd for Project {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Project {
    /// By tracker, then project or owner and repository. GitHub's names have no case; Jira's are in upper case.
    fn cmp(&self, other: &Self) -> Ordering {
        if std::ptr::eq(self, other) {
            return Ordering::Equal;
        }
        self.tracker.cmp(&other.tracker).then_with(|| folded(&self.owner).cmp(folded(&other.owner))).then_with(
            || match (&self.repo, &other.repo) {
                (Some(one), Some(two)) => folded(one).cmp(folded(two)),
                (one, two) => one.is_some().cmp(&two.is_some()),
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::Arc;

    use super::{Project, SLOTS};
    use crate::domain::ticket::TicketId;
    use crate::domain::tracker::{TrackerId, TrackerKind};

    #[test]
    fn a_project_is_held_once_and_equal_wherever_it_was_met() {
        let rocket = |owner| Project::of(TrackerId::first(TrackerKind::GitHub), owner, Some("rocket"));
        let here = rocket("acme");
        assert!(Arc::ptr_eq(&here, &rocket("acme")));
        let there = std::thread::spawn(move || rocket("acme")).join().unwrap();
        assert!(!Arc::ptr_eq(&here, &there));
        assert_eq!(here, there);
        assert_eq!(*rocket("Acme").owner, *"Acme", "each keeps its spelling");
        assert!(Arc::ptr_eq(&here, &rocket("acme")), "and its place");
        assert_eq!(here, rocket("ACME"));
        assert_ne!(here, Project::of(TrackerId::named(TrackerKind::GitHub, "ghe"), "acme", Some("rocket")));
    }

    #[test]
    fn more_projects_than_are_kept_stay_apart() {
        let all: HashSet<TicketId> =
            (0..4 * SLOTS).chain(0..4 * SLOTS).map(|n| format!("github:acme/r{n}#1").parse().unwrap()).collect();
        assert_eq!(all.len(), 4 * usize::from(SLOTS));
        assert!(all.contains(&"github:ACME/R7#1".parse().unwrap()));
    }
}
