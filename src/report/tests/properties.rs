//! What holds whatever the documents and trackers say.

use proptest::prelude::*;

use super::hostile::{NASTY, blocks, poisoned, tags, terminal};
use super::sample::World;
use super::world::sample;
use crate::domain::finding::Code;
use crate::domain::lookup::LookupKind;
use crate::report::challenge::ON_THE_CARD;
use crate::report::view::{SECTIONS, View};
use crate::report::{Style, html, json, markdown};

/// Texts that anybody may write: any characters at all, mixed with what is known to hurt.
pub(super) fn written() -> impl Strategy<Value = String> {
    let piece = prop_oneof![any::<String>(), prop::sample::select(NASTY).prop_map(str::to_owned), "[\\PC\\pC]{0,20}"];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

/// The sample with some of what is known and judged taken away, and with any answers.
fn worlds() -> impl Strategy<Value = World> {
    let kinds = vec![LookupKind::Found, LookupKind::Moved, LookupKind::Gone, LookupKind::Hidden, LookupKind::Unknown];
    let lookups = prop::collection::vec(prop::sample::select(kinds), 14);
    let kept = || prop::collection::vec(any::<bool>(), 16);
    (lookups, kept(), kept(), kept(), kept(), any::<bool>()).prop_map(
        |(lookups, known, judged, stood, found, complete)| {
            let mut world = sample();
            world.complete = complete;
            for (ticket, lookup) in world.known.tickets.values_mut().zip(lookups) {
                ticket.lookup = lookup;
            }
            let mut keep = known.into_iter().cycle();
            world.known.tickets.retain(|_, _| keep.next().unwrap_or(true));
            let mut keep = judged.into_iter().cycle();
            world.judged.tickets.retain(|_, _| keep.next().unwrap_or(true));
            let mut keep = stood.into_iter().cycle();
            world.judged.challenges.retain(|_| keep.next().unwrap_or(true));
            let mut keep = found.into_iter().cycle();
            world.judged.findings.retain(|_| keep.next().unwrap_or(true));
            world
        },
    )
}

/// `text` without the colour codes that we write ourselves.
fn without_our_colors(text: &str) -> String {
    let codes = ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[31m", "\u{1b}[32m", "\u{1b}[33m"];
    codes.iter().fold(text.to_owned(), |text, code| text.replace(code, ""))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_terminal_gets_text_and_our_colours_only(written in written(), color: bool, width in 0usize..200) {
        for out in terminal(&poisoned(&written), Style { color, width }) {
            let out = if color { without_our_colors(&out) } else { out };
            prop_assert_eq!(out.chars().find(|c| c.is_control() && *c != '\n'), None);
        }
    }

    #[test]
    fn json_always_parses_and_keeps_what_was_written(written in written()) {
        let told: serde_json::Value = serde_json::from_str(&json(&poisoned(&written).report())).unwrap();
        prop_assert_eq!(told["challenges"][0]["title"].as_str(), Some(written.as_str()));
    }

    #[test]
    fn what_is_written_changes_no_structure(written in written()) {
        // A last letter, so that something is left when all the rest is invisible.
        let written = written + "x";
        prop_assert_eq!(blocks(&written), blocks("clean"));
        prop_assert_eq!(tags(&written), tags("clean"));
    }

    #[test]
    fn counts_add_up(world in worlds()) {
        let counts = world.report().counts();
        let lookups = counts.lookups;
        prop_assert_eq!(lookups.found + lookups.moved + lookups.gone + lookups.hidden + lookups.unknown, counts.tickets);
        let verdicts = counts.verdicts;
        let sum = verdicts.open + verdicts.done + verdicts.undone + verdicts.unverified + verdicts.missing + verdicts.unknown;
        prop_assert_eq!(sum, counts.tickets);
        let of = counts.standings;
        prop_assert_eq!(of.no_remedy + of.promised + of.broken_promise + of.cleared + of.unknown, counts.challenges);
        prop_assert_eq!((counts.tickets, counts.challenges), (14, 12));
    }

    #[test]
    fn every_format_takes_every_world(world in worlds()) {
        let (page, md) = (html(&world.report()), markdown(&world.report()));
        let headline = View::new(&world.report()).headline();
        prop_assert!(page.contains(&headline) && md.contains(&headline));
        for out in terminal(&world, Style::default()) {
            prop_assert!(out.ends_with('\n'));
        }
    }

    #[test]
    fn every_finding_is_told_once(world in worlds()) {
        let report = world.report();
        let view = View::new(&report);
        let sections: usize = view.sections.iter().map(|section| section.findings.len()).sum();
        let chores: usize = view.chores.iter().map(|(_, n)| n).sum();
        let cards: usize = view
            .standing(crate::domain::verdict::Standing::BrokenPromise)
            .iter()
            .map(|row| row.on_the_card().count())
            .sum();
        let untracked = world.judged.findings.iter().filter(|finding| finding.code == Code::UntrackedChallenge).count();
        prop_assert_eq!(sections + chores + cards + untracked, world.judged.findings.len());
    }
}

#[test]
fn no_code_stands_in_two_sections_and_none_of_weight_is_mere_housekeeping() {
    for code in Code::ALL {
        let n = SECTIONS.iter().filter(|(_, codes)| codes.contains(code)).count();
        let chore = n == 0;
        assert!(n <= 1, "{code}");
        assert!(!chore || code.default_severity() == crate::domain::finding::Severity::Info, "{code} is lost");
        assert!(!chore || !ON_THE_CARD.contains(code), "{code} is told only on a card");
    }
}
