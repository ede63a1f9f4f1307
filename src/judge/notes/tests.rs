//! What notes claim, and what they do not.

use super::{Claim, claims, read, speaks_of_all};
use crate::domain::ticket::TicketId;
use crate::judge::case::NoteOn;
use crate::judge::testing::{challenge_id, place};

fn claims_of(text: &str) -> Vec<Claim> {
    let ticket: TicketId = "jira:OPS-7".parse().unwrap();
    claims(&ticket, text)
}

#[track_caller]
fn all_claim(claim: Claim, texts: &[&str]) {
    for text in texts {
        assert_eq!(claims_of(text).first(), Some(&claim), "{text}");
    }
}

#[test]
fn not_done_in_many_words() {
    all_claim(
        Claim::NotDone,
        &[
            "This ticket was not actually finished.",
            "this was never really done",
            "Never finished",
            "Not done.",
            "not fixed yet",
            "It wasn't fixed.",
            "It wasnt fixed",
            "Wasn’t completed, because the team was moved.",
            "The work was never started.",
            "The work on this was never completed",
            "OPS-7 was not completed.",
            "https://jira.example.com/browse/OPS-7 was not completed.",
            "Unfortunately, this has not been implemented.",
            "Update: still not resolved in 2024.",
            "As far as we know, this work has never been done.",
            "Incomplete.",
            "This is unfinished",
            "Left unfinished when the squad was dissolved",
            "This was abandoned.",
            "It was deprioritised in 2021",
            "Closed without doing the work.",
            "This was closed without being completed.",
            "Closed by a stale bot.",
            "This ticket was closed prematurely",
            "Nothing was done.",
            "No work was done on this ticket",
            "Nothing came of it.",
            "This still needs to be done.",
            "We never finished it.",
            "We didn't get to it",
            "Nobody did the work.",
            "The platform team never completed this",
            "We gave up on this in 2020.",
            "It cannot be fixed",
            "This will not be done.",
            "Won't fix",
            "This was marked as done, but never finished.",
            "Closed as Done although nobody ever did the work",
            "The ticket was closed and never worked on.",
            "See the OEP for the plan. Never finished.",
            "Ticket not completed",
            "The ticket's work was not finished.",
            "Closed but not done",
            "The ticket was closed without being worked on.",
            "The work never happened.",
            "We ended up not doing this.",
            "This will never be fixed",
            "was closed, but not actually completed",
            "TNL says this is not done yet",
            "The payments team told us that it was never finished",
            "neither was completed",
            "None of these tickets was finished.",
            "Neither of them was actually started",
            "The issue isn't fixed",
        ],
    );
}

#[test]
fn done_after_all() {
    all_claim(
        Claim::Done,
        &[
            "This was completed after all.",
            "this was finished after all",
            "TNL says this is done",
            "Done.",
            "Fixed in 2022",
            "This has since been completed.",
            "It was later finished by another team.",
            "This ticket was in fact completed",
            "Has been resolved now.",
            "The work is complete.",
            "We finished it in March.",
            "Implemented by OPS-12.",
        ],
    );
}

#[test]
fn in_part_and_taken_out_again() {
    all_claim(
        Claim::InPart,
        &[
            "Only partially done.",
            "This was not fully completed.",
            "Done in part.",
            "Fixed for the login page only",
            "Only the first phase was completed.",
            "Some of it was never done",
            "It was completed only for two services.",
            "Not done everywhere.",
            "This only covered some of the services",
        ],
    );
    all_claim(Claim::Reverted, &["This was reverted.", "Rolled back a week later", "It had to be rolled back."]);
    assert_eq!(claims_of("It was reverted and re-landed a week later."), []);
}

#[test]
fn checks_and_workarounds() {
    all_claim(
        Claim::OnlyChecked,
        &[
            "This ticket only tested one theory, which failed.",
            "It merely checked whether the cache was at fault.",
            "We just tried out an idea that didn't work.",
            "The hypothesis did not hold.",
            "Tried one idea that failed.",
            "Only investigated.",
            "This was a spike.",
            "Spike only",
            "Just an investigation.",
            "This was only a proof of concept",
        ],
    );
    all_claim(
        Claim::Workaround,
        &[
            "This is only a workaround.",
            "Only a work-around",
            "Just a hack.",
            "Short-term fix only",
            "It was a stop-gap until the rewrite.",
            "Added a hack to keep the shop going.",
            "We put in a temporary fix",
            "This was merely worked around",
            "It turned out to be only a quick fix",
        ],
    );
    all_claim(
        Claim::DidNotHelp,
        &[
            "It did not help.",
            "This didn't solve the problem.",
            "The underlying cause was not found.",
            "The problem persists.",
        ],
    );
    all_claim(
        Claim::Superseded,
        &[
            "Superseded by OPS-9.",
            "This was replaced by OPS-9",
            "Closed in favour of OPS-9",
            "Abandoned in favor of the new login.",
            "Moved to acme/rocket#7",
            "Duplicate of OPS-9",
            "See OPS-9 instead.",
        ],
    );
}

#[test]
fn what_speaks_of_something_else_claims_nothing() {
    for text in [
        "This may be simpler once the shop has moved out.",
        "This work might not be completed before the move.",
        "Depends on OPS-9, which was never finished.",
        "OPS-9 was not completed.",
        "The vendor's patch was never finished.",
        "The docs were drafted but never finished.",
        "The docs were drafted. They were never finished.",
        "The shop team never completed the migration.",
        "We never finished the documentation.",
        "Was this not completed?",
        "If this was not done, the build fails.",
        "This was not done until 2021.",
        "Not done by hand.",
        "This was not only fixed.",
        "It is not true that this was not completed.",
        "This was not abandoned.",
        "It is not incomplete",
        "No changes were needed.",
        "Nobody says this was completed",
        "TNL never said that this was done",
        "The vendor says the docs were never finished",
        "The docs were drafted, and were never finished.",
        "Closed without comment.",
        "This was not just a workaround.",
        "This is no hack",
        "It removed the workaround.",
        "A workaround exists in the meantime.",
        "Workaround: clear the cookies.",
        "Just checked: the page still loads.",
        "Complete the migration first.",
        "Superseded work is listed in the wiki.",
        "It is unclear whether this was done.",
        "We do not know if it was finished.",
        "It has not happened again since.",
        "Will be done when the move is over.",
        "This is done when the last service has moved.",
        "This was closed as done.",
        "Ask the platform team.",
        "Dropped support for Python 2.",
        "",
        "   ",
        "¿?",
        "...",
    ] {
        assert_eq!(claims_of(text), [], "{text}");
    }
}

#[test]
fn notes_in_further_words() {
    all_claim(
        Claim::InPart,
        &[
            "Partially completed.",
            "Half done.",
            "Completed except for the shop.",
            "Done for the shop only.",
            "Partly addressed.",
            "Only a partial fix.",
            "This was a partial solution.",
            "Completed in part.",
        ],
    );
    all_claim(
        Claim::Superseded,
        &[
            "Replaced by OPS-9.",
            "Continued in OPS-9.",
            "Now tracked in OPS-9",
            "Work moved to OPS-9.",
            "Obsoleted by OPS-9",
            "Superseded by the new login.",
        ],
    );
    all_claim(
        Claim::Done,
        &[
            "This is now complete.",
            "Finally fixed in March 2022.",
            "Has been completed since.",
            "Resolved.",
            "All done.",
            "This was actually completed in 2022.",
        ],
    );
    all_claim(
        Claim::DidNotHelp,
        &[
            "Did not fix the problem.",
            "Did not resolve the issue.",
            "The problem still occurs.",
            "We still see this.",
            "This still happens.",
            "Didn't help.",
        ],
    );
}

#[test]
fn not_done_in_further_words_and_what_is_not() {
    all_claim(
        Claim::NotDone,
        &[
            "Closed without any work.",
            "This hasn't happened.",
            "Was never picked up.",
            "Not completed as of 2023.",
            "Closed as stale; not done.",
            "Won't do.",
            "This was descoped.",
            "No one ever worked on this.",
            "Did not get done.",
            "This didn't get finished.",
            "It never got prioritized.",
            "Closed due to lack of time.",
            "Still to be done.",
            "Not really completed; see the follow-up.",
            "Abandoned",
            "This was not completed, despite being marked Done.",
            "The work was not completed.",
            "Closed, but the work was never done.",
            "This ticket got closed but isn't done.",
            "We never got around to this.",
        ],
    );
    for text in [
        "This work may be simplified when the shop is moved out.",
        "Owner: the shop team.",
        "Needs input.",
        "Waiting for the upgrade.",
        "Will be fixed by OPS-9.",
        "Should be done by summer.",
        "Takes three weeks.",
        "A similar problem in OPS-9 was fixed.",
        "The library was never upgraded.",
        "Other teams have not completed their part.",
        "Before this is done, nobody can move.",
        "Nobody has complained since.",
    ] {
        assert_eq!(claims_of(text), [], "{text}");
    }
}

#[test]
fn several_claims_come_in_order() {
    assert_eq!(claims_of("Never finished. Update: this was completed after all."), [Claim::NotDone, Claim::Done]);
    assert_eq!(claims_of("It was done, but later reverted."), [Claim::Done, Claim::Reverted]);
    assert_eq!(claims_of("Superseded by OPS-9, which was completed."), [Claim::Superseded]);
    assert_eq!(claims_of("Fixed in 2.1, but it did not help."), [Claim::Done, Claim::DidNotHelp]);
    assert_eq!(claims_of("done, but the issue isn't fixed"), [Claim::Done, Claim::DidNotHelp]);
    assert_eq!(claims_of("done, but this was not fixed"), [Claim::Done, Claim::NotDone]);
}

#[test]
fn a_note_may_speak_of_all_the_tickets_before_it() {
    for text in ["neither was completed", "Both were dropped.", "These two tickets were not done", "None of them was"] {
        assert!(speaks_of_all(text), "{text}");
    }
    for text in ["This was not completed", "none", "all done", "not both"] {
        assert!(!speaks_of_all(text), "{text}");
    }
}

#[test]
fn the_last_word_of_a_cell_takes_back_the_others() {
    let ticket: TicketId = "jira:OPS-7".parse().unwrap();
    let (here, there) = (challenge_id("here"), challenge_id("there"));
    let places = [place(1), place(2), place(3)];
    let notes = [
        NoteOn { challenge: &here, text: "Never finished.", place: &places[0] },
        NoteOn { challenge: &there, text: "Never finished.", place: &places[1] },
        NoteOn { challenge: &here, text: "This was completed after all.", place: &places[2] },
    ];
    let said: Vec<(Claim, bool)> = read(&ticket, &notes).iter().map(|said| (said.claim, said.taken_back)).collect();
    assert_eq!(said, [(Claim::NotDone, true), (Claim::NotDone, false), (Claim::Done, false)]);
}

#[test]
fn a_github_ticket_is_known_by_its_names() {
    let ticket: TicketId = "github:acme/rocket#7".parse().unwrap();
    for text in [
        "#7 was never finished",
        "acme/rocket#7 was never finished",
        "https://github.com/Acme/Rocket/issues/7 was never finished",
        "https://github.com/acme/rocket/pull/7 was never finished",
    ] {
        assert_eq!(claims(&ticket, text), [Claim::NotDone], "{text}");
    }
    assert_eq!(claims(&ticket, "#70 was never finished"), []);
    assert_eq!(claims(&ticket, "https://github.com/other/rocket/issues/7 was never finished"), []);
}

proptest::proptest! {
    #[test]
    fn any_text_can_be_read(text in "(?s).{0,200}") {
        let _ = claims_of(&text);
    }
}
