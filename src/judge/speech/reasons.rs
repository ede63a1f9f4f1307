//! Closings that give a reason in words of their own: who closes because something is not there, or not so, may close without
//! the work. What is denied may as well be the trouble, so it is never more than a doubt.

use super::grammar::Found;
use super::{Claim, NO_MORE_THAN_A_DOUBT, among};

/// Words that deny.
const DENIALS: &str = " not no never nobody none nothing without lack lacks lacking neither cannot hardly too ";

/// Words of a change or of trouble: what is denied may be the trouble, or the rest of the work.
const OF_CHANGES: &str = " fix fixed fixes merge merged release released deploy deployed deployment done complete completed \
    finished resolved solved implemented landed shipped live upgrade upgraded upgrading update updated change changed \
    changes rollout migration migrated patched error errors problem problems crash crashes fail fails failed \
    failure failures complaint complaints trouble regression regressions warning warnings reports happen happens happened \
    occur occurs occurred seen see longer more anymore open left objection objections remain remains remaining work \
    works working pass passes passed test tests green verified confirmed yet until unless if when but now again already \
    since duplicate dup reproduce reproduced reproducible @sha @version @ref ";

/// `Closing as there wasn't any follow-up`, `nobody sent a patch, so closing`.
pub(super) fn closes_for_what_is_not(words: &str) -> Option<Found> {
    const VERBS: [&str; 4] = [" closing ", " i will close ", " i am closing ", " going to close "];
    // Most sentences speak of no closing.
    words.contains(" clos").then_some(())?;
    let place = VERBS.iter().filter_map(|verb| words.find(verb).map(|at| (at, verb.len())));
    let (start, length) = place.min()?;
    let stays_open = words[..start].ends_with(" not");
    let any = |list: &str| words.split(' ').any(|word| among(list, word));
    (any(DENIALS) && !any(OF_CHANGES) && !stays_open).then_some(Found {
        claim: Claim::GaveUp,
        strength: NO_MORE_THAN_A_DOUBT,
        start,
        end: start + length,
    })
}

#[cfg(test)]
mod tests {
    use super::closes_for_what_is_not;
    use crate::judge::speech::plain;

    #[test]
    fn who_closes_for_what_is_not_there_closes_without_the_work() {
        for (text, without) in [
            ("Closing as there wasn't any follow-up.", true),
            ("Nobody sent a patch, so closing.", true),
            ("I don't think that we want to go there, so I'm closing this.", true),
            ("This has too many unknowns, closing", true),
            // What is not there is the trouble, or nothing is denied.
            ("No complaints in production, so closing.", false),
            ("I don't see any errors, closing.", false),
            ("Nothing left, closing.", false),
            ("Not needed any more with 2.1, closing.", false),
            ("Closing as done.", false),
            ("Nobody sent a patch.", false),
            ("I'm not going to close this.", false),
            ("Closing unless somebody objects, no hurry.", false),
        ] {
            assert_eq!(closes_for_what_is_not(&plain(text)).is_some(), without, "{text}");
        }
    }
}
