//! What comments claim, with the traps.

use super::Claim::{self, *};
use super::listen;

/// What is claimed. A hint is no claim.
fn claims(text: &str) -> Vec<Claim> {
    let mut claims: Vec<Claim> = listen(text).iter().map(|said| said.claim).filter(|claim| *claim != Hinted).collect();
    claims.sort_unstable();
    claims.dedup();
    claims
}

#[test]
fn words_for_the_work() {
    for (text, expected) in [
        ("Fixed in #12.", &[FixedBy][..]),
        ("Fixed by https://github.com/acme/rocket/pull/12", &[FixedBy]),
        ("This was fixed in OPS-9 last week", &[FixedBy]),
        ("I just committed this. Thanks, Ada.", &[Landed]),
        ("Committed revision 98213.", &[Landed]),
        ("Merged to master.", &[Landed]),
        ("Your pull request was merged into main", &[Landed]),
        ("landed as 1a2b3c4d", &[Landed]),
        ("I've merged it.", &[Landed]),
        ("The nozzle task is now done.", &[Fixed]),
        ("This is done now.", &[Fixed]),
        ("Closing as fixed.", &[Fixed]),
        ("It has already been implemented.", &[Fixed]),
        ("Verified on 2.1, works as it should.", &[Verified]),
        ("QA passed", &[Verified]),
        ("This no longer happens.", &[Gone]),
        ("It does not crash anymore", &[Gone]),
        ("Works now, thank you", &[Gone]),
    ] {
        assert_eq!(claims(text), expected, "{text}");
    }
}

#[test]
fn words_against_it() {
    for (text, expected) in [
        ("We won't fix this.", &[Refused][..]),
        ("wontfix", &[Refused]),
        ("There are no plans to support it", &[Refused]),
        ("This is out of scope for the rocket.", &[Refused]),
        ("We're not going to do this.", &[Refused]),
        ("We decided not to.", &[Refused]),
        ("Closing as invalid", &[Refused]),
        ("This is not a bug.", &[NotABug]),
        ("Sorry, my mistake", &[NotABug]),
        ("Works as designed.", &[NotABug]),
        ("Wrong repository, please ask elsewhere.", &[Elsewhere]),
        ("Closing for lack of interest", &[GaveUp]),
        ("I no longer have time for this", &[GaveUp]),
        ("Closing due to inactivity", &[Silence]),
        ("Closing, no response from the reporter.", &[Silence]),
        ("That version is no longer supported", &[Obsolete]),
        ("This ticket is obsolete", &[Obsolete]),
        ("Bulk closing old tickets", &[Silence]),
        ("I cannot reproduce this", &[NotReproduced]),
        ("This was never implemented", &[NotDone, StillThere]),
        ("Test ticket, please ignore", &[Mistake]),
    ] {
        assert_eq!(claims(text), expected, "{text}");
    }
}

#[test]
fn words_that_point_elsewhere_name_their_target() {
    for (text, claim, target) in [
        ("Duplicate of #12", Duplicate, Some("#12")),
        ("dupe of acme/rocket#12.", Duplicate, Some("acme/rocket#12")),
        ("Closing in favour of OPS-9", Superseded, Some("OPS-9")),
        ("Superseded by #14.", Superseded, Some("#14")),
        ("This is tracked in OPS-9 now.", Superseded, Some("OPS-9")),
        ("Moved to acme/ideas#3", Moved, Some("acme/ideas#3")),
        ("We have moved this to our Jira.", Moved, None),
    ] {
        let said = listen(text);
        let found = said.iter().find(|said| said.claim == claim).unwrap_or_else(|| panic!("{text}: {said:?}"));
        assert_eq!(found.target.as_deref(), target, "{text}");
    }
}

#[test]
fn traps_are_left_alone() {
    for text in [
        // Negation, condition, wish, question.
        "This does NOT fix #12.",
        "Was it fixed in #12?",
        "If this is fixed in #12, we can close it.",
        "Please reopen if it is not fixed.",
        "This needs to be fixed in 2.1.",
        "I hope this will be fixed in 2.1",
        "It should be merged before the release",
        "We do not consider this out of scope.",
        // Somebody else's words.
        "> won't fix\n\nWhat now?",
        "```\nclosed as invalid\n```",
        // Mere talk about closing.
        "The stale bot is too eager",
        "Please add a won't fix label",
        // Nothing at all.
        "Thanks!",
        "",
    ] {
        assert_eq!(claims(text), &[], "{text}");
    }
    // Both in one: the condition falls away.
    assert_eq!(claims("Fixed in #12. Feel free to reopen if this isn't fixed."), [FixedBy]);
}

#[test]
fn what_has_changed_is_hinted_at() {
    let hinted = |text: &str| listen(text).iter().any(|said| said.claim == Hinted);
    for text in [
        "The importer now skips such rows.",
        "It now exits with 2.",
        "The importer lists invalid rows now.",
        "The timeouts are gone since the pool is larger",
        "Nothing left to do after #12 and #13.",
        "All green on the nightly for two weeks.",
        "The fix is on the 4.x branch.",
        "There you go: #71",
    ] {
        assert!(hinted(text), "{text}");
    }
    for text in [
        "It does not work again.",
        "This should be out in 2.1.",
        "If it now works, please tell.",
        "No fix is out.",
        "This now seems stale",
        "It was closed 3 years ago.",
    ] {
        assert!(!hinted(text), "{text}");
    }
}

#[test]
fn a_guess_counts_for_less() {
    let strength = |text: &str| listen(text)[0].strength;
    assert!(strength("I guess this was fixed in #12") < strength("This was fixed in #12"));
}
