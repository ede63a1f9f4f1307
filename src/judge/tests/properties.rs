//! What holds for any input.

use proptest::prelude::*;

use super::judged;
use crate::domain::document::Owner;
use crate::domain::finding::Code;
use crate::domain::known::KnownTicket;
use crate::domain::lookup::LookupKind;
use crate::domain::reference::Role;
use crate::domain::verdict::{Standing, Verdict};
use crate::judge::testing::{Register, gone, issue, jira, open, pull, unseen};

/// Any of the sorts of tickets that there are, under one key.
fn any_ticket(number: usize) -> impl Strategy<Value = KnownTicket> {
    let resolution = prop::option::of(prop::sample::select(vec![
        "Done",
        "Won't Do",
        "Duplicate",
        "Invalid",
        "Cannot Reproduce",
        "Something Else",
    ]));
    let status = prop::sample::select(vec!["Closed", "Done", "Cancelled"]);
    let reason = prop::option::of(prop::sample::select(vec!["completed", "not_planned", "duplicate"]));
    let closed = prop::sample::select(vec!["2015-05-05", "2021-08-15", "2024-02-29"]);
    let key = format!("OPS-{}", number + 1);
    let github = format!("acme/shop#{}", number + 1);
    let ticket = prop_oneof![
        (status, resolution).prop_map({
            let key = key.clone();
            move |(status, resolution)| jira(&key, status, resolution)
        }),
        (reason, closed).prop_map({
            let github = github.clone();
            move |(reason, closed)| issue(&github, reason, closed)
        }),
        prop::option::of(any::<bool>()).prop_map(move |merged| pull(&github, merged)),
        Just(open(&key, "2026-01-01")),
        Just(unseen(&key, LookupKind::Hidden)),
        Just(unseen(&key, LookupKind::Unknown)),
    ];
    (ticket, 0..6u8).prop_map(|(mut ticket, now)| match now {
        0 => gone(ticket),
        1 => {
            ticket.lookup = LookupKind::Unknown;
            ticket
        }
        _ => ticket,
    })
}

const NOTES: [&str; 5] =
    ["Never finished.", "This was completed after all.", "Only a workaround.", "Superseded by OPS-2.", "See the wiki."];

fn any_register() -> impl Strategy<Value = Register> {
    let tickets = [any_ticket(0).boxed(), any_ticket(1).boxed(), any_ticket(2).boxed(), any_ticket(3).boxed()];
    let dates = prop::sample::select(vec!["2020-01-01", "2021-08", "~2021-09", "2025", "?"]);
    let challenge = (
        prop::collection::vec(0..4usize, 0..3),
        prop::collection::vec(dates, 0..3),
        prop::option::of(prop::sample::select(NOTES.to_vec())),
        prop::option::of(0..4usize),
    );
    (tickets, prop::collection::vec(challenge, 1..4)).prop_map(|(tickets, challenges)| {
        let id = |at: usize| tickets[at].id.to_string();
        let mut register = Register::new();
        for (at, (remedies, dates, note, mention)) in challenges.into_iter().enumerate() {
            let remedies: Vec<String> = remedies.into_iter().map(id).collect();
            let remedies: Vec<&str> = remedies.iter().map(String::as_str).collect();
            let notes: Vec<(&str, &str)> = note.into_iter().zip(remedies.first()).map(|(n, t)| (*t, n)).collect();
            register = register.challenge(&format!("challenge {at}"), &remedies, &dates, &notes);
            if let Some(mention) = mention {
                register = register.mention(&id(mention));
            }
        }
        tickets.iter().fold(register, |register, ticket| register.knows(ticket.clone()))
    })
}

const ON_CLOSINGS: [Code; 5] =
    [Code::Reverted, Code::ClosedUndone, Code::RemedyDidNotHelp, Code::RecurredAfterClose, Code::ClosedUnverified];

proptest! {
    #[test]
    fn judging_is_deterministic(register in any_register()) {
        prop_assert_eq!(judged(&register), judged(&register));
    }

    #[test]
    fn the_order_of_what_is_known_does_not_matter(register in any_register()) {
        let mut turned = Register { known: register.known.clone() };
        let document = &mut turned.known.documents[0];
        let last = document.challenges.len() - 1;
        document.challenges.reverse();
        document.references.reverse();
        for challenge in &mut document.challenges {
            challenge.status.notes.reverse();
            challenge.anecdotes.reverse();
        }
        for reference in &mut document.references {
            if let Owner::Challenge { challenge, .. } = &mut reference.owner {
                *challenge = last - *challenge;
            }
        }
        let (one, other) = (judged(&register), judged(&turned));
        prop_assert_eq!(&one.tickets, &other.tickets);
        // Anecdotes are numbered in that one's message.
        let findings = |judged: &crate::domain::judged::Judged| -> Vec<_> {
            judged.findings.iter().filter(|f| f.code != Code::IncompleteAnecdote).cloned().collect()
        };
        prop_assert_eq!(findings(&one), findings(&other));
        let by_id = |judged: &crate::domain::judged::Judged| -> std::collections::BTreeMap<_, _> {
            judged.challenges.iter().map(|c| (c.id.clone(), (c.standing, c.priority, c.because.clone()))).collect()
        };
        prop_assert_eq!(by_id(&one), by_id(&other));
    }

    #[test]
    fn what_was_never_seen_is_found_nothing_against(mut register in any_register()) {
        for ticket in register.known.tickets.values_mut() {
            *ticket = KnownTicket::unasked(ticket.id.clone());
        }
        let judged = judged(&register);
        prop_assert!(judged.findings.iter().all(|finding| finding.ticket.is_none()));
        prop_assert!(judged.tickets.values().all(|judgement| judgement.verdict == Verdict::Unknown));
        prop_assert!(judged.challenges.iter().all(|c| matches!(c.standing, Standing::NoRemedy | Standing::Unknown)));
    }

    #[test]
    fn an_outage_changes_no_verdict_and_makes_no_finding(register in any_register()) {
        let before = judged(&register);
        let mut out = Register { known: register.known.clone() };
        for ticket in out.known.tickets.values_mut() {
            ticket.lookup = LookupKind::Unknown;
            ticket.lookup_says = Some("answered 503".to_owned());
        }
        let after = judged(&out);
        let verdicts = |judged: &crate::domain::judged::Judged| -> Vec<_> {
            judged.tickets.values().map(|judgement| (judgement.verdict, judgement.confidence.to_bits())).collect()
        };
        prop_assert_eq!(verdicts(&before), verdicts(&after));
        let had: Vec<&str> = before.findings.iter().map(|finding| finding.fingerprint.as_str()).collect();
        prop_assert!(after.findings.iter().all(|finding| had.contains(&finding.fingerprint.as_str())));
    }

    #[test]
    fn a_challenge_and_ticket_have_one_closing_finding_at_most(register in any_register()) {
        let findings = judged(&register).findings;
        let mut seen = std::collections::BTreeSet::new();
        for finding in findings.iter().filter(|finding| ON_CLOSINGS.contains(&finding.code)) {
            prop_assert!(seen.insert((finding.challenge.clone(), finding.ticket.clone())));
            prop_assert_eq!(finding.role, Some(Role::Remedy));
            prop_assert!(!finding.evidence.is_empty());
        }
        let names: std::collections::BTreeSet<_> = findings.iter().map(|finding| &finding.fingerprint).collect();
        prop_assert_eq!(names.len(), findings.len());
    }

    #[test]
    fn priorities_count_from_one(register in any_register()) {
        let judged = judged(&register);
        let mut priorities: Vec<usize> = judged.challenges.iter().map(|challenge| challenge.priority).collect();
        priorities.sort_unstable();
        prop_assert!(priorities.into_iter().eq(1..=judged.challenges.len()));
    }
}
