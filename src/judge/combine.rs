//! From evidence to a verdict: a small sum that a person can redo on paper.
//!
//! 1. The witnesses of one side are pooled: the chance that at least one of them is right, each erring on its own
//!    (noisy-or). Two witnesses of 0.75 make 0.94. That a remedy *did not help* says that somebody worked on it, so it
//!    counts for *done* at three quarters of its strength.
//! 2. The sides are weighed: of the ways in which exactly one side is right, how large is the share of this one?
//!    Without a witness against it the share is 1; against an equally strong side it is a half.
//! 3. A side's confidence is its pooled strength times its share. The better side gives the verdict if it reaches
//!    [`DECIDES`]; otherwise the ticket is *unverified*. A weak hint alone never decides.
//!
//! More evidence for a side never lowers that side's confidence. Absent facts have no witness and count nothing.

use crate::domain::verdict::{Evidence, Side, Verdict};

/// From this confidence on a side gives the verdict.
pub(super) const DECIDES: f64 = 0.6;

/// No witness is proof: the other side keeps a chance, so that the shares stay defined.
const SUREST: f64 = 0.99;

/// How much of *did not help* counts for *done*.
const WORKED_ON: f64 = 0.75;

/// The verdict on a closed ticket, and how sure it is.
pub(super) fn weigh(evidence: &[Evidence]) -> (Verdict, f64) {
    let (done, undone) = confidences(evidence);
    if done >= DECIDES && done >= undone {
        (Verdict::Done, done)
    } else if undone >= DECIDES {
        (Verdict::Undone, undone)
    } else {
        (Verdict::Unverified, rounded(1.0 - done.max(undone)))
    }
}

/// The confidence of *done* and of *undone*.
pub(super) fn confidences(evidence: &[Evidence]) -> (f64, f64) {
    let done = pooled(evidence, |side| match side {
        Side::Done => 1.0,
        Side::DidNotHelp => WORKED_ON,
        _ => 0.0,
    });
    let undone = pooled(evidence, |side| if side == Side::Undone { 1.0 } else { 0.0 });
    (rounded(done * share(done, undone)), rounded(undone * share(undone, done)))
}

fn pooled(evidence: &[Evidence], counts: impl Fn(Side) -> f64) -> f64 {
    let mut strengths: Vec<f64> =
        evidence.iter().map(|e| e.strength.clamp(0.0, SUREST) * counts(e.side)).filter(|s| *s > 0.0).collect();
    // Products of floats depend on their order; the order of evidence must not matter.
    strengths.sort_by(f64::total_cmp);
    (1.0 - strengths.iter().map(|s| 1.0 - s).product::<f64>()).min(SUREST)
}

fn share(mine: f64, other: f64) -> f64 {
    let (alone, against) = (mine * (1.0 - other), other * (1.0 - mine));
    if alone + against == 0.0 { 0.0 } else { alone / (alone + against) }
}

fn rounded(confidence: f64) -> f64 {
    (confidence * 100.0).round() / 100.0
}

/// Strongest first; equals by rule, source and words, so that the order of input never shows.
pub(super) fn sort(evidence: &mut [Evidence]) {
    evidence.sort_by(|a, b| {
        b.strength
            .total_cmp(&a.strength)
            .then_with(|| a.rule.cmp(&b.rule))
            .then_with(|| a.source.cmp(&b.source))
            .then_with(|| a.says.cmp(&b.says))
    });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{confidences, weigh};
    use crate::domain::verdict::{Evidence, Side, Verdict};

    fn evidence(side: Side, strength: f64) -> Evidence {
        Evidence { rule: "test".into(), side, strength, says: String::new(), source: None, at: None }
    }

    #[test]
    fn sides_are_pooled_and_weighed() {
        use Side::{DidNotHelp, Done, Neither, Undone};
        for (witnesses, verdict, confidence) in [
            (&[][..], Verdict::Unverified, 1.0),
            (&[(Neither, 0.99)], Verdict::Unverified, 1.0),
            (&[(Done, 0.45)], Verdict::Unverified, 0.55),
            (&[(Undone, 0.5)], Verdict::Unverified, 0.5),
            (&[(Done, 0.75)], Verdict::Done, 0.75),
            (&[(Done, 0.75), (Done, 0.75)], Verdict::Done, 0.94),
            (&[(Undone, 0.9)], Verdict::Undone, 0.9),
            (&[(Undone, 0.95), (Done, 0.75)], Verdict::Undone, 0.82),
            (&[(Undone, 0.95), (Done, 0.9)], Verdict::Undone, 0.64),
            (&[(Undone, 0.85), (Done, 0.75)], Verdict::Unverified, 0.44),
            (&[(Undone, 0.9), (Done, 0.9)], Verdict::Unverified, 0.55),
            (&[(DidNotHelp, 0.85)], Verdict::Done, 0.64),
            (&[(DidNotHelp, 0.85), (Undone, 0.9)], Verdict::Undone, 0.75),
            (&[(Undone, 1.0), (Done, 1.0)], Verdict::Unverified, 0.5),
        ] {
            let given: Vec<Evidence> = witnesses.iter().map(|(side, strength)| evidence(*side, *strength)).collect();
            assert_eq!(weigh(&given), (verdict, confidence), "{witnesses:?}");
        }
    }

    fn any_evidence() -> impl Strategy<Value = Vec<Evidence>> {
        let side =
            prop::sample::select(vec![Side::Done, Side::Undone, Side::DidNotHelp, Side::Neither, Side::Recurred]);
        prop::collection::vec((side, 0.0..=1.0f64).prop_map(|(side, strength)| evidence(side, strength)), 0..8)
    }

    proptest! {
        #[test]
        fn more_evidence_for_a_side_never_lowers_it(mut given in any_evidence(), strength in 0.0..=1.0f64) {
            let (done, undone) = confidences(&given);
            given.push(evidence(Side::Done, strength));
            let (more, less) = confidences(&given);
            prop_assert!(more >= done && less <= undone);
        }

        #[test]
        fn the_order_of_evidence_does_not_matter(given in any_evidence()) {
            let backwards: Vec<Evidence> = given.iter().rev().cloned().collect();
            prop_assert_eq!(weigh(&given), weigh(&backwards));
        }

        #[test]
        fn confidence_is_a_share(given in any_evidence()) {
            let (_, confidence) = weigh(&given);
            prop_assert!((0.0..=1.0).contains(&confidence));
        }
    }
}
