//! Challenges' lasting ids: pinned, recognised, or made from the title.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::domain::challenge::{Anecdote, Challenge, ChallengeId};
use crate::domain::known::KnownChallenge;
use crate::domain::series::plain;
use crate::domain::ticket::TicketId;

/// How alike two titles must be when nothing else speaks for the match; and when tickets or anecdotes do.
const ALIKE: f64 = 0.62;
const ALIKE_WITH_MORE: f64 = 0.2;
/// Titles are compared by no more than their beginning.
const COMPARED: usize = 120;
/// Beyond as many pairs only those that share a ticket or an anecdote are compared.
const MOST_PAIRS: usize = 40_000;
/// Of so many known challenges with one title each is weighed for a row with that title.
const MOST_NAMESAKES: usize = 16;

/// Gives challenges their lasting ids, unique among them and unlike those that other documents hold: `elsewhere` tells
/// whether one does.
///
/// An id that the document pins stays: any that is not made from the challenge's present title counts as such, so ids
/// given before stay too. Otherwise a challenge takes the id of the known one with the same title, or, best match first
/// and each only once, of one with shared tickets, shared anecdotes or a similar title: whatever it is called, a row with all
/// the tickets, or all the anecdotes, that a known one had is that one. What matches nothing gets a slug of its title with a
/// short hash.
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
    if known.is_empty() {
        return Vec::new();
    }
    let titles: HashSet<String> = known.iter().map(|known| plain(&known.title)).collect();
    let present: HashSet<String> = challenges.iter().map(|challenge| plain(&challenge.title)).collect();
    let open: Vec<usize> = (0..challenges.len())
        .filter(|&n| given[n].is_none() && !titles.contains(&plain(&challenges[n].title)))
        .collect();
    let left: Vec<usize> =
        (0..known.len()).filter(|&n| free[n] && !present.contains(&plain(&known[n].title))).collect();
    let told = Told::of(challenges, known, &open, &left);
    let pairs: BTreeSet<(usize, usize)> = if open.len().saturating_mul(left.len()) <= MOST_PAIRS {
        open.iter().flat_map(|&challenge| left.iter().map(move |&nth| (challenge, nth))).collect()
    } else {
        let mut pairs = with_shared_tickets(challenges, known, &open, &left);
        pairs.extend(told.shared.keys());
        pairs
    };
    let mut scored: Vec<(f64, usize, usize)> = pairs
        .into_iter()
        .filter_map(|(challenge, nth)| {
            let (of, known) = (&challenges[challenge], &known[nth]);
            let (titles, tickets) = (similar(&of.title, &known.title), shared(&of.tickets, &known.tickets));
            let anecdotes = told.part(challenge, nth);
            let enough = if tickets + anecdotes > 0.0 { ALIKE_WITH_MORE } else { ALIKE };
            (titles >= enough || tickets >= 1.0 || anecdotes >= 1.0).then_some((
                titles + tickets + anecdotes,
                challenge,
                nth,
            ))
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

/// Which anecdotes of known challenges stand in which rows. One that stands in several on either side says nothing of any.
struct Told {
    /// How many of the known challenge's stand in the row.
    shared: BTreeMap<(usize, usize), usize>,
    /// How many each known challenge had alone.
    had: HashMap<usize, usize>,
}

impl Told {
    fn of(challenges: &[Challenge], known: &[KnownChallenge], open: &[usize], left: &[usize]) -> Self {
        let mut rows: HashMap<String, Option<usize>> = HashMap::new();
        for &row in open {
            let told: BTreeSet<String> = challenges[row].anecdotes.iter().filter_map(Anecdote::fingerprint).collect();
            for one in told {
                rows.entry(one).and_modify(|row| *row = None).or_insert(Some(row));
            }
        }
        let mut holders: HashMap<&str, Option<usize>> = HashMap::new();
        for &nth in left {
            for one in known[nth].anecdotes.iter().collect::<BTreeSet<_>>() {
                holders.entry(one).and_modify(|nth| *nth = None).or_insert(Some(nth));
            }
        }
        let (mut shared, mut had) = (BTreeMap::new(), HashMap::new());
        for (one, nth) in holders {
            let Some(nth) = nth else { continue };
            *had.entry(nth).or_insert(0) += 1;
            if let Some(Some(row)) = rows.get(one) {
                *shared.entry((*row, nth)).or_insert(0) += 1;
            }
        }
        Self { shared, had }
    }

    /// The part of a known challenge's anecdotes that stand in a row, from 0 to 1.
    fn part(&self, row: usize, nth: usize) -> f64 {
        self.shared.get(&(row, nth)).map_or(0.0, |&shared| ratio(shared, self.had[&nth]))
    }
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
mod tests;
