//! Challenges' lasting ids: pinned, recognised, or made from the title.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::domain::challenge::{Challenge, ChallengeId};
use crate::domain::known::KnownChallenge;
use crate::domain::series::plain;
use crate::domain::ticket::TicketId;

/// How alike two titles must be when nothing else speaks for the match; and when tickets do.
const ALIKE: f64 = 0.62;
const ALIKE_WITH_TICKETS: f64 = 0.2;
/// Titles are compared by no more than their beginning.
const COMPARED: usize = 120;
/// Beyond as many pairs only those that share a ticket are compared.
const MOST_PAIRS: usize = 40_000;
/// Of so many known challenges with one title each is weighed for a row with that title.
const MOST_NAMESAKES: usize = 16;

/// Gives challenges their lasting ids, unique among them and unlike those that other documents hold: `elsewhere` tells
/// whether one does.
///
/// An id that the document pins stays: any that is not made from the challenge's present title counts as such, so ids
/// given before stay too. Otherwise a challenge takes the id of the known one with the same title, or, best match first
/// and each only once, of one with shared tickets or a similar title. What matches nothing gets a slug of its title
/// with a short hash.
pub fn assign(challenges: &mut [Challenge], known: &[KnownChallenge], elsewhere: impl Fn(&ChallengeId) -> bool) {
    let mut taken: HashSet<String> = HashSet::new();
    let mut given: Vec<Option<String>> = vec![None; challenges.len()];
    for (challenge, id) in challenges.iter().zip(&mut given) {
        let present = &challenge.id.0;
        let pinned = !present.is_empty() && !is_made_from(challenge, present) && !elsewhere(&challenge.id);
        if pinned && taken.insert(present.clone()) {
            *id = Some(present.clone());
        }
    }
    let is_free = |known: &KnownChallenge| !taken.contains(&known.id.0) && !elsewhere(&known.id);
    let mut free: Vec<bool> = known.iter().map(is_free).collect();
    let mut take = |challenge: usize, nth: usize, given: &mut Vec<Option<String>>, free: &mut Vec<bool>| {
        if free[nth] && given[challenge].is_none() && taken.insert(known[nth].id.0.clone()) {
            free[nth] = false;
            given[challenge] = Some(known[nth].id.0.clone());
        }
    };
    for matches in [same_titles(challenges, known), alike(challenges, known, &given, &free)] {
        for (challenge, nth) in matches {
            take(challenge, nth, &mut given, &mut free);
        }
    }
    let mut used: HashMap<String, u64> = HashMap::new();
    for (challenge, id) in challenges.iter_mut().zip(given) {
        challenge.id = ChallengeId(id.unwrap_or_else(|| {
            let variant = used.entry(format!("{}\n{:?}", challenge.title, challenge.category)).or_default();
            loop {
                let fresh = made_from(challenge, *variant);
                *variant += 1;
                if !elsewhere(&ChallengeId(fresh.clone())) && taken.insert(fresh.clone()) {
                    return fresh;
                }
            }
        }));
    }
}

/// Pairs of the same title; those that share more tickets first, then in the order of both.
fn same_titles(challenges: &[Challenge], known: &[KnownChallenge]) -> Vec<(usize, usize)> {
    let mut by_title: HashMap<String, Vec<usize>> = HashMap::new();
    for (nth, known) in known.iter().enumerate() {
        by_title.entry(plain(&known.title)).or_default().push(nth);
    }
    let mut pairs = Vec::new();
    for (challenge, of) in challenges.iter().enumerate() {
        for &nth in by_title.get(&plain(&of.title)).into_iter().flatten().take(MOST_NAMESAKES) {
            pairs.push((shared(&of.tickets, &known[nth].tickets), challenge, nth));
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    pairs.into_iter().map(|(_, challenge, nth)| (challenge, nth)).collect()
}

/// Pairs of those without a match so far that are alike enough, best first.
fn alike(
    challenges: &[Challenge],
    known: &[KnownChallenge],
    given: &[Option<String>],
    free: &[bool],
) -> Vec<(usize, usize)> {
    let titles: HashSet<String> = known.iter().map(|known| plain(&known.title)).collect();
    let present: HashSet<String> = challenges.iter().map(|challenge| plain(&challenge.title)).collect();
    let open: Vec<usize> = (0..challenges.len())
        .filter(|&n| given[n].is_none() && !titles.contains(&plain(&challenges[n].title)))
        .collect();
    let left: Vec<usize> =
        (0..known.len()).filter(|&n| free[n] && !present.contains(&plain(&known[n].title))).collect();
    let pairs: BTreeSet<(usize, usize)> = if open.len().saturating_mul(left.len()) <= MOST_PAIRS {
        open.iter().flat_map(|&challenge| left.iter().map(move |&nth| (challenge, nth))).collect()
    } else {
        with_shared_tickets(challenges, known, &open, &left)
    };
    let mut scored: Vec<(f64, usize, usize)> = pairs
        .into_iter()
        .filter_map(|(challenge, nth)| {
            let (of, known) = (&challenges[challenge], &known[nth]);
            let (titles, tickets) = (similar(&of.title, &known.title), shared(&of.tickets, &known.tickets));
            let enough = if tickets > 0.0 { ALIKE_WITH_TICKETS } else { ALIKE };
            (titles >= enough || tickets >= 1.0).then_some((titles + tickets, challenge, nth))
        })
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    scored.into_iter().map(|(_, challenge, nth)| (challenge, nth)).collect()
}

fn with_shared_tickets(
    challenges: &[Challenge],
    known: &[KnownChallenge],
    open: &[usize],
    left: &[usize],
) -> BTreeSet<(usize, usize)> {
    let mut citing: BTreeMap<&TicketId, Vec<usize>> = BTreeMap::new();
    for &nth in left {
        for ticket in &known[nth].tickets {
            citing.entry(ticket).or_default().push(nth);
        }
    }
    let found = |ticket| citing.get(ticket).into_iter().flatten().take(MOST_NAMESAKES).copied();
    open.iter().flat_map(|&n| challenges[n].tickets.iter().flat_map(found).map(move |nth| (n, nth))).collect()
}

/// How much two sets of tickets have in common, from 0 to 1.
fn shared(a: &[TicketId], b: &[TicketId]) -> f64 {
    let (a, b): (BTreeSet<_>, BTreeSet<_>) = (a.iter().collect(), b.iter().collect());
    let both = a.union(&b).count();
    if both == 0 { 0.0 } else { ratio(a.intersection(&b).count(), both) }
}

/// How alike two titles are, from 0 to 1: by their letters, or by their words in any order.
fn similar(a: &str, b: &str) -> f64 {
    let (a, b): (String, String) =
        (plain(a).chars().take(COMPARED).collect(), plain(b).chars().take(COMPARED).collect());
    let (in_a, in_b): (BTreeSet<_>, BTreeSet<_>) = (a.split(' ').collect(), b.split(' ').collect());
    let words = ratio(2 * in_a.intersection(&in_b).count(), in_a.len() + in_b.len());
    strsim::normalized_levenshtein(&a, &b).max(words)
}

#[expect(clippy::cast_precision_loss, reason = "counts of words and tickets are small")]
fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

/// An id from what a challenge says: by its title; for a second one of that title by its category too; then numbered.
fn made_from(challenge: &Challenge, variant: u64) -> String {
    let title = plain(&challenge.title);
    let category = challenge.category.as_deref().map(plain).unwrap_or_default();
    let hash = match variant {
        0 => short_hash(&title),
        1 => short_hash(&format!("{title}\n{category}")),
        n => short_hash(&format!("{title}\n{category}\n{n}")),
    };
    format!("{}-{hash}", slug(&title))
}

/// Whether an id was made from this challenge's title: the slug is its own, and some hash follows.
fn is_made_from(challenge: &Challenge, id: &str) -> bool {
    let hash = id.strip_prefix(&format!("{}-", slug(&plain(&challenge.title))));
    hash.is_some_and(|hash| hash.len() == 6 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The first words of a title, ASCII letters and digits only, joined by hyphens.
fn slug(title: &str) -> String {
    let mut slug = String::new();
    for word in title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if slug.len() + word.len() >= 40 && !slug.is_empty() {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.extend(word.chars().take(40));
    }
    if slug.is_empty() { "challenge".to_owned() } else { slug }
}

fn short_hash(text: &str) -> String {
    Sha256::digest(text).iter().take(3).fold(String::new(), |mut hash, byte| {
        write!(hash, "{byte:02x}").expect("a string takes everything");
        hash
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::assign;
    use crate::domain::challenge::{Challenge, ChallengeId, Status};
    use crate::domain::known::KnownChallenge;
    use crate::domain::place::Place;

    fn challenge(title: &str, category: &str, tickets: &[&str]) -> Challenge {
        Challenge {
            id: ChallengeId(String::new()),
            category: Some(category.to_owned()),
            title: title.to_owned(),
            place: Place { path: "r".to_owned(), line: 1, column: 1 },
            occurrences: None,
            anecdotes: Vec::new(),
            status: Status::default(),
            tickets: tickets.iter().map(|id| id.parse().unwrap()).collect(),
        }
    }

    fn known(id: &str, title: &str, tickets: &[&str]) -> KnownChallenge {
        let tickets = tickets.iter().map(|id| id.parse().unwrap()).collect();
        KnownChallenge { id: ChallengeId(id.to_owned()), title: title.to_owned(), tickets }
    }

    fn ids(challenges: &[Challenge]) -> Vec<&str> {
        challenges.iter().map(|challenge| challenge.id.0.as_str()).collect()
    }

    #[test]
    fn a_new_challenge_is_named_after_its_title() {
        let mut rows = [
            challenge("Slow: the nightly build waits for locks nobody holds", "CI", &[]),
            challenge("Slow build", "CI", &[]),
            challenge("Slow build", "Release", &[]),
            challenge("Slow build", "Release", &[]),
            challenge("→", "CI", &[]),
        ];
        assign(&mut rows, &[], |_| false);
        insta::assert_snapshot!(ids(&rows).join("\n"), @"
        slow-the-nightly-build-waits-for-locks-7132b2
        slow-build-1107b0
        slow-build-5b0a87
        slow-build-624a8a
        challenge-e3b0c4
        ");
    }

    #[test]
    fn ids_stay_when_asked_again() {
        let mut rows = [challenge("A", "x", &[]), challenge("A", "x", &[]), challenge("B", "x", &[])];
        rows[2].id = ChallengeId("pinned".to_owned());
        assign(&mut rows, &[], |_| false);
        let before = rows.clone();
        assign(&mut rows, &[known("else", "B", &[]), known("pinned", "A", &[])], |_| false);
        assert_eq!(rows, before);
        assert_eq!(rows[2].id.0, "pinned");
    }

    #[test]
    fn a_row_is_recognised_by_title_tickets_or_likeness() {
        let all = [
            known("k1", "Login cookie expires at random", &["jira:A-1"]),
            known("k2", "Slow nightly build", &["jira:A-2", "jira:A-3"]),
            known("k3", "Tokens take days to get", &[]),
            known("k4", "Merge conflicts are hard to see", &["jira:A-9"]),
        ];
        for (title, tickets, expected) in [
            ("login cookie expires at random", &[][..], Some("k1")),
            ("Login cookie sometimes expires at random", &[], Some("k1")),
            ("At random, login cookie expires", &[], Some("k1")),
            ("Builds at night are slow", &["jira:A-2", "jira:A-3"], Some("k2")),
            ("Nightly slowness", &["jira:A-2"], Some("k2")),
            ("Completely different words", &["jira:A-9", "jira:A-7"], None),
            ("Tokens take weeks to get", &[], Some("k3")),
            ("Dashboards lie", &[], None),
        ] {
            let mut rows = [challenge(title, "c", tickets)];
            assign(&mut rows, &all, |_| false);
            let found = all.iter().find(|known| known.id == rows[0].id).map(|known| known.id.0.as_str());
            assert_eq!(found, expected, "{title}");
        }
    }

    #[test]
    fn each_known_challenge_is_matched_once_and_best_first() {
        let all = [known("k1", "Slow build", &["jira:A-1"]), known("k2", "Slow build", &["jira:A-2"])];
        let mut rows = [
            challenge("Slow builds", "c", &["jira:A-1"]),
            challenge("Slow build", "c", &["jira:A-2"]),
            challenge("Slow build", "c", &["jira:A-1"]),
        ];
        assign(&mut rows, &all, |_| false);
        assert_eq!(&ids(&rows)[1..], ["k2", "k1"]);
        assert!(rows[0].id.0.starts_with("slow-builds-"));
    }

    #[test]
    fn a_new_row_with_an_old_title_does_not_take_the_reworded_rows_id() {
        let mut first = [challenge("Slow build", "c", &["jira:A-1"])];
        assign(&mut first, &[], |_| false);
        let id = first[0].id.0.clone();
        let mut rows = [challenge("Slow build", "c", &[]), challenge("Lock contention", "c", &["jira:A-1"])];
        assign(&mut rows, &[known(&id, "Lock contention", &["jira:A-1"])], |_| false);
        assert_eq!(rows[1].id.0, id);
        assert_ne!(rows[0].id.0, id);
    }

    proptest! {
        #[test]
        fn ids_are_unique_and_lasting(
            titles in prop::collection::vec("[ab →]{0,3}", 0..8),
            old in prop::collection::vec("[ab →]{0,3}", 0..8),
        ) {
            let all: Vec<_> = old.iter().enumerate().map(|(n, title)| known(&format!("k{n}"), title, &[])).collect();
            let mut rows: Vec<_> = titles.iter().map(|title| challenge(title, "c", &[])).collect();
            assign(&mut rows, &all, |_| false);
            let once = rows.clone();
            assign(&mut rows, &all, |_| false);
            prop_assert_eq!(&rows, &once);
            let unique: std::collections::HashSet<_> = ids(&once).into_iter().collect();
            prop_assert_eq!(unique.len(), once.len());
        }
    }
}
