//! Findings that rest on the documents alone: challenges nobody promised to fix, counts that do not add up, anecdotes
//! that lack something, and what could not be read.

use std::collections::BTreeMap;

use crate::domain::challenge::Challenge;
use crate::domain::finding::Code;
use crate::domain::known::KnownDocument;
use crate::domain::place::Place;
use crate::domain::portion::Habit;
use crate::domain::reference::Unclaimed;
use crate::domain::verdict::Standing;

use super::{Draft, Repeats, Scene, identity};
use crate::judge::priority;
use crate::judge::words;

/// What is to be said of challenges one by one.
pub(super) fn on_challenges(scene: &Scene<'_>) -> Vec<Draft> {
    let drafts = scene.rows.iter().zip(scene.stood).flat_map(|(row, stood)| {
        let challenge = row.challenge;
        let untracked = (stood.standing == Standing::NoRemedy).then(|| untracked(challenge));
        let told_at_once = scene.nameless.contains_key(&scene.known.documents[row.document].path);
        [untracked, mismatch(challenge), incomplete(challenge, told_at_once)].into_iter().flatten()
    });
    drafts.collect()
}

/// What is to be said of the documents in force as such. `nameless` are those that hardly ever name a team.
pub(super) fn findings(documents: &[KnownDocument], nameless: &BTreeMap<String, Habit>) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = nameless.iter().map(|(path, habit)| told_at_once(path, habit)).collect();
    for document in documents {
        drafts.extend(unreadable(document));
        drafts.extend(problems(document));
    }
    drafts.extend(unclaimed(documents));
    drafts
}

fn on_challenge(code: Code, challenge: &Challenge, message: String, hint: String) -> Draft {
    Draft {
        challenge: Some(challenge.id.clone()),
        place: Some(challenge.place.clone()),
        hint: Some(hint),
        weight: priority::pain(challenge),
        ..Draft::about(code, identity(Some(&challenge.id), None), message)
    }
}

fn untracked(challenge: &Challenge) -> Draft {
    let hint = "link the ticket that is to fix it in the status cell".to_owned();
    on_challenge(Code::UntrackedChallenge, challenge, "no ticket promises to fix this challenge".to_owned(), hint)
}

fn mismatch(challenge: &Challenge) -> Option<Draft> {
    let counted = usize::try_from(challenge.occurrences?).ok()?;
    let dated = challenge.anecdotes.iter().filter(|anecdote| anecdote.date.is_some()).count();
    (counted < dated).then(|| {
        let message =
            format!("{} counted, and {} dated", words::count(counted, "occurrence"), words::count(dated, "anecdote"));
        let hint = format!("raise the number of occurrences to {dated}");
        on_challenge(Code::OccurrenceMismatch, challenge, message, hint)
    })
}

/// Whether a register hardly ever names a team: a habit is told once, not for every row.
pub(in crate::judge) fn is_nameless(habit: &Habit) -> bool {
    /// As many rows are told one by one.
    const FEW: usize = 3;
    habit.challenges > FEW && 2 * habit.nameless > habit.anecdotes
}

fn told_at_once(path: &str, habit: &Habit) -> Draft {
    let message = format!("{} of {} lack a team", habit.nameless, words::count(habit.anecdotes, "anecdote"));
    Draft {
        place: habit.first.clone(),
        hint: Some("say to which team each happened, or turn `incomplete-anecdote` off".to_owned()),
        ..Draft::about(Code::IncompleteAnecdote, format!("{path}|teams"), message)
    }
}

/// One finding for a challenge, whatever its anecdotes lack; lacking teams are left out where they are told at once.
fn incomplete(challenge: &Challenge, told_at_once: bool) -> Option<Draft> {
    let anecdotes = &challenge.anecdotes;
    let which = |lacks: &dyn Fn(usize) -> bool| -> Option<String> {
        let found: Vec<String> = (0..anecdotes.len()).filter(|at| lacks(*at)).map(|at| (at + 1).to_string()).collect();
        match (found.len(), anecdotes.len()) {
            (0, _) => None,
            (1, 1) => Some("the anecdote".to_owned()),
            (2.., all) if found.len() == all => Some("all anecdotes".to_owned()),
            (1, _) => Some(format!("anecdote {}", found[0])),
            _ => Some(format!("anecdotes {}", words::list(&found, 10))),
        }
    };
    let undated = which(&|at| anecdotes[at].date.is_none());
    let nameless = which(&|at| !told_at_once && anecdotes[at].teams.is_empty());
    let lacks = |who: &str, what: &str| {
        let verb = if who.contains("anecdotes") { "lack" } else { "lacks" };
        format!("{who} {verb} {what}")
    };
    let (message, hint) = match (undated, nameless) {
        (None, None) => return None,
        (Some(who), Some(same)) if who == same => {
            (lacks(&who, "a date and a team"), "say when it happened and to whom")
        }
        (Some(who), None) => (lacks(&who, "a date"), "say when it happened"),
        (None, Some(who)) => (lacks(&who, "a team"), "say to which team it happened"),
        (Some(undated), Some(nameless)) => (
            format!("{}; {}", lacks(&undated, "a date"), lacks(&nameless, "a team")),
            "say when it happened and to whom",
        ),
    };
    let first = anecdotes.iter().find(|anecdote| anecdote.date.is_none() || !told_at_once && anecdote.teams.is_empty());
    let mut draft = on_challenge(Code::IncompleteAnecdote, challenge, message, hint.to_owned());
    draft.place = first.map(|anecdote| anecdote.place.clone());
    Some(draft)
}

fn unreadable(document: &KnownDocument) -> Option<Draft> {
    let trouble = document.trouble.as_ref()?;
    let message = match document.read_at {
        Some(read_at) => format!("{trouble}; its version of {} is in force", words::day_of(read_at)),
        None => trouble.clone(),
    };
    Some(Draft {
        place: Some(Place { path: document.path.as_str().into(), line: 1, column: 1 }),
        hint: Some(format!("see that `{}` can be read again", document.path)),
        ..Draft::about(Code::UnreadableSource, document.path.clone(), message)
    })
}

fn problems(document: &KnownDocument) -> Vec<Draft> {
    let mut repeats = Repeats::default();
    let problems = document.problems.iter().map(|problem| Draft {
        place: Some(problem.place.clone()),
        hint: problem.hint.clone(),
        ..Draft::about(
            problem.code,
            repeats.tell_apart(format!("{}|{}|{}", problem.code, document.path, problem.message)),
            problem.message.clone(),
        )
    });
    problems.collect()
}

/// One finding for each prefix or host, with counts over all documents.
fn unclaimed(documents: &[KnownDocument]) -> Vec<Draft> {
    let mut homes: BTreeMap<String, (&Unclaimed, usize)> = BTreeMap::new();
    for unclaimed in documents.iter().flat_map(|document| &document.unclaimed) {
        let (first, count) = homes.entry(unclaimed.home.to_lowercase()).or_insert((unclaimed, 0));
        *count += unclaimed.count;
        if unclaimed.place < first.place {
            *first = unclaimed;
        }
    }
    let drafts = homes.into_iter().map(|(identity, (first, count))| {
        let (home, example) = (&first.home, &first.example);
        let message = format!("no tracker claims {home}: named {}, for example {example}", words::times(count));
        let hint = if home.contains('.') {
            format!("configure a tracker for {home} if its tickets matter")
        } else {
            format!("add {home} to the projects of a tracker if its tickets matter")
        };
        Draft {
            place: Some(first.place.clone()),
            hint: Some(hint),
            weight: f64::from(u32::try_from(count).unwrap_or(u32::MAX)),
            ..Draft::about(Code::UnclaimedReference, identity, message)
        }
    });
    drafts.collect()
}
