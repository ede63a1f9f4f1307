//! Listening to comments: what people claim of the work when they write around a closing.
//!
//! A comment is stripped of what its writer did not say (`clean`), cut into sentences with plain words (`sentence`), and
//! searched for phrases (`lexicon`, `decisions`, `against`, `silence`, `pointing`, `hints`) by `grammar` that no negation,
//! condition, wish or mere talk voids (`voids`); some it leaves no more of than a doubt (`doubts`). Where no phrase stands,
//! closings that give a reason in words of their own are understood by what they deny (`reasons`). Questions claim nothing.
//! Who spoke, and when, is for the rules to weigh.

mod against;
mod asides;
mod clean;
mod decisions;
mod deeds;
mod doubts;
mod grammar;
mod hints;
mod lexicon;
mod literals;
mod pointing;
mod reasons;
mod sentence;
mod silence;
#[cfg(test)]
mod tests;
mod things;
mod voids;

pub(super) use clean::only_closes;
pub(super) use doubts::NO_MORE_THAN_A_DOUBT;
use grammar::{Found, GRAMMAR};
use sentence::{Sentence, sentences};

/// Builds the grammar, and what takes comments apart, if nobody did yet.
pub(super) fn prepare() {
    std::sync::LazyLock::force(&GRAMMAR);
    clean::prepare();
}

/// What a sentence claims of the ticket's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Claim {
    /// It was merged, committed, released.
    Landed,
    /// A change, a ticket or a version that is named fixed it.
    FixedBy,
    /// It is fixed, done, implemented.
    Fixed,
    /// Something was done about it: taken for granted, or said of a part.
    Worked,
    /// Somebody looked, and it is fixed.
    Verified,
    /// It does not happen any more.
    Gone,
    /// Somebody decided against the work.
    Refused,
    /// There is nothing to fix.
    NotABug,
    /// Others are to do it, or it was asked in the wrong place.
    Elsewhere,
    /// Nobody has the time or the interest.
    GaveUp,
    /// Nobody spoke or answered for long.
    Silence,
    /// Time has passed it by.
    Obsolete,
    /// It was closed with many others.
    Swept,
    /// Nobody could reproduce it.
    NotReproduced,
    /// There is another way to live with it.
    Instead,
    /// It was not done.
    NotDone,
    /// It should never have been opened.
    Mistake,
    /// Another ticket asks for the same.
    Duplicate,
    /// Another ticket took its place.
    Superseded,
    /// It goes on in another place.
    Moved,
    /// What was done is a stopgap, or only checked something.
    Stopgap,
    /// The trouble is still there.
    StillThere,
    /// The work was taken out again.
    Reverted,
    /// It was brought back after that.
    Relanded,
    /// The ticket is opened again.
    Reopened,
    /// It sounds as if something had changed.
    Hinted,
}

impl Claim {
    /// Whether it speaks for the work or against it, if it does by itself.
    pub(super) fn side(self) -> Option<bool> {
        match self {
            Self::Landed
            | Self::FixedBy
            | Self::Fixed
            | Self::Worked
            | Self::Verified
            | Self::Gone
            | Self::Relanded => Some(true),
            Self::Refused
            | Self::NotABug
            | Self::Elsewhere
            | Self::GaveUp
            | Self::Silence
            | Self::Obsolete
            | Self::Swept
            | Self::NotReproduced
            | Self::Instead
            | Self::NotDone
            | Self::Mistake => Some(false),
            Self::Duplicate
            | Self::Superseded
            | Self::Moved
            | Self::Stopgap
            | Self::StillThere
            | Self::Reverted
            | Self::Reopened
            | Self::Hinted => None,
        }
    }
}

/// One claim of one comment.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Utterance {
    /// What is claimed.
    pub(super) claim: Claim,
    /// How strongly the words themselves claim it.
    pub(super) strength: f64,
    /// The words that claim it, in the plain form that phrases are written for.
    pub(super) phrase: String,
    /// The sentence as it was written.
    pub(super) sentence: String,
    /// The ticket or change that it names, if it names one.
    pub(super) target: Option<String>,
}

/// What a comment claims, in order; each claim once, at its strongest, and what only hints once a sentence.
pub(super) fn listen(text: &str) -> Vec<Utterance> {
    let own = clean::own_words(text);
    let own = clean::answer_passed_on(text, &own).unwrap_or(own);
    let mut said: Vec<Utterance> = Vec::new();
    // What was said before in this comment without refusing anything.
    let mut before: Vec<&str> = Vec::new();
    let mut stated = sentences(&own);
    stated.retain(|raw| !raw.trim_end_matches('!').ends_with('?'));
    for raw in &stated {
        let sentence = Sentence::new(raw);
        let mut found = strongest(GRAMMAR.find(&sentence.words), &sentence.words);
        if found.iter().all(|found| found.claim.side().is_none() && found.claim != Claim::Hinted) {
            found.extend(reasons::closes_for_what_is_not(&sentence.words));
        }
        let refuses = found.iter().any(|found| found.claim.side() == Some(false));
        let stated_before = refuses && before.iter().any(|raw| asides::states(&Sentence::new(raw).words));
        let aside = stated_before && asides::is_of_its_own(&sentence.words);
        let acts = refuses && deeds::tells_of_work(&sentence.words);
        let acted = acts || (refuses && stated.iter().any(|raw| deeds::tells_of_work(&Sentence::new(raw).words)));
        if !refuses {
            before.push(raw);
        }
        for found in found {
            let phrase = sentence.words[found.start..found.end].trim().to_owned();
            let in_passing = aside
                || (stated_before
                    && found.claim == Claim::Refused
                    && asides::refuses_a_thing(&sentence.words, found.start, found.end));
            let doubtful = (in_passing && asides::can_be(found.claim))
                || (acted && deeds::explain(found.claim, &sentence.words, &phrase, acts));
            let most = if doubtful { NO_MORE_THAN_A_DOUBT } else { 1.0 };
            let strength = found.strength.min(most) * certainty(&sentence.words);
            let target = sentence
                .references
                .iter()
                .find(|(at, _)| *at >= found.start && *at < found.end + "@ref ".len())
                .map(|(_, what)| what.clone());
            let utterance =
                Utterance { claim: found.claim, strength, phrase, sentence: sentence.raw.to_owned(), target };
            let is_the_same = |other: &Utterance| {
                let elsewhere = other.claim == Claim::Hinted && other.sentence != utterance.sentence;
                other.claim == utterance.claim && other.target == utterance.target && !elsewhere
            };
            match said.iter_mut().find(|other| is_the_same(other)) {
                Some(other) if other.strength >= strength => {}
                Some(other) => *other = utterance,
                None => said.push(utterance),
            }
        }
    }
    said
}

/// Whether any sentence of a comment begins by telling what its writer did.
pub(super) fn tells_of_a_deed(text: &str) -> bool {
    sentences(&clean::own_words(text)).into_iter().any(|raw| deeds::tells_of_work(&Sentence::new(raw).words))
}

/// Whether a text may name a ticket or a change: every name of one has a number in it.
pub(super) fn may_name_a_ticket(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

/// A text in the plain words that phrases are written for.
pub(super) fn plain(text: &str) -> String {
    Sentence::new(text).words
}

/// Whether a word is one of a list of words between single spaces.
fn among(list: &str, word: &str) -> bool {
    !word.is_empty() && list.contains(&format!(" {word} "))
}

/// Whether a phrase is `my mistake`, `it turned out to be a permissions problem` or one of their kin.
pub(super) fn is_own_fault(phrase: &str) -> bool {
    let words = || phrase.split(' ');
    let of_others = words().any(|word| matches!(word, "your" | "their" | "user" | "not"));
    !of_others && (tells_a_cause(phrase) || words().any(|word| matches!(word, "my" | "our" | "mine" | "ours")))
}

/// Whether a phrase tells where trouble came from.
pub(super) fn tells_a_cause(phrase: &str) -> bool {
    phrase.split(' ').any(|word| matches!(word, "turned" | "turns" | "caused" | "due" | "because"))
}

/// A sentence claims one thing for the work and one against it; what points elsewhere stays whole.
fn strongest(found: Vec<Found>, words: &str) -> Vec<Found> {
    let mut kept: Vec<Found> = Vec::new();
    for found in found {
        let side = found.claim.side();
        match kept.iter_mut().find(|other| side.is_some() && other.claim.side() == side) {
            Some(other) if other.strength >= found.strength => {}
            Some(other) => *other = found,
            None => kept.push(found),
        }
    }
    told_once(&mut kept, words);
    kept
}

/// What the same words claim twice is said once: "a hypothesis which didn't pan out" was looked into, and "the experiment
/// failed" gives up.
fn told_once(kept: &mut Vec<Found>, words: &str) {
    let all = kept.clone();
    let overlap = |a: &Found, b: &Found| a.start < b.end && b.start < a.end;
    let looked_into =
        |gap: &Found| ["hypothesis", "theory"].iter().any(|what| words[gap.start..gap.end].contains(what));
    kept.retain(|found| match found.claim {
        Claim::Stopgap => looked_into(found) || !all.iter().any(|it| it.claim == Claim::GaveUp && overlap(it, found)),
        Claim::GaveUp => !all.iter().any(|gap| gap.claim == Claim::Stopgap && looked_into(gap) && overlap(gap, found)),
        _ => true,
    });
}

/// A guess counts for less.
fn certainty(words: &str) -> f64 {
    const HEDGES: [&str; 12] = [
        " maybe ",
        " perhaps ",
        " might ",
        " i guess ",
        " probably ",
        " i think ",
        " i assume ",
        " i suppose ",
        " may ",
        " presumably ",
        " possibly ",
        " i suspect ",
    ];
    if HEDGES.iter().any(|hedge| words.contains(hedge)) { 0.85 } else { 1.0 }
}
