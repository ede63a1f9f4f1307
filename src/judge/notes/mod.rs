//! Reading a register's note on a ticket: what it claims of the ticket's work, if it speaks of that at all.
//!
//! A note is cut into sentences and those into clauses. A clause claims something only if it is *about the ticket*: its
//! subject is the ticket, its work, a pronoun for it, "we", or left out. What stands under another subject, in a
//! question or in a condition is left alone, so that "the vendor's patch was never finished" accuses nobody.

mod grammar;
mod patterns;
#[cfg(test)]
mod tests;
mod vocabulary;

use std::collections::BTreeMap;

use crate::domain::challenge::ChallengeId;
use crate::domain::ticket::{TicketId, TicketKey};

use super::case::NoteOn;
use grammar::{GRAMMAR, Subject};

/// What a note claims of its ticket's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Claim {
    /// It was not done.
    NotDone,
    /// A part of it was done.
    InPart,
    /// It was done, and taken out again.
    Reverted,
    /// It was done.
    Done,
    /// It only checked something: a spike, a hypothesis.
    OnlyChecked,
    /// It was a workaround, a hack, a short-term fix.
    Workaround,
    /// It was done and did not help.
    DidNotHelp,
    /// Another ticket took its place.
    Superseded,
    /// Nothing that we can read.
    Other,
}

impl Claim {
    /// Which claims answer each other: the later takes back the earlier.
    fn on_the_work(self) -> Option<bool> {
        match self {
            Self::NotDone | Self::InPart | Self::Reverted => Some(false),
            Self::Done => Some(true),
            _ => None,
        }
    }
}

/// One claim of one note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Said<'a> {
    /// The note.
    pub(super) note: NoteOn<'a>,
    /// What it claims.
    pub(super) claim: Claim,
    /// Whether a later word in the same cell says the opposite.
    pub(super) taken_back: bool,
}

/// What `notes`, given in order of their places, claim of `ticket`. Each note gives at least one claim.
pub(super) fn read<'a>(ticket: &TicketId, notes: &[NoteOn<'a>]) -> Vec<Said<'a>> {
    let mut said: Vec<Said<'a>> = Vec::new();
    for note in notes {
        let mut claims = claims(ticket, note.text);
        if claims.is_empty() {
            claims.push(Claim::Other);
        }
        said.extend(claims.into_iter().map(|claim| Said { note: *note, claim, taken_back: false }));
    }
    let mut last_word: BTreeMap<&ChallengeId, bool> = BTreeMap::new();
    for said in said.iter_mut().rev() {
        if let Some(done) = said.claim.on_the_work() {
            let last = *last_word.entry(said.note.challenge).or_insert(done);
            said.taken_back = last != done;
        }
    }
    said
}

/// The claims of one text in order, each kind once.
pub(super) fn claims(ticket: &TicketId, text: &str) -> Vec<Claim> {
    let mut claims: Vec<Claim> = Vec::new();
    let mut about_the_ticket = true;
    for sentence in sentences(text) {
        if sentence.ends_with('?') {
            continue;
        }
        for (at, clause) in clauses(sentence).into_iter().enumerate() {
            let clause = normalised(ticket, clause);
            if clause.is_empty() {
                continue;
            }
            let subject = GRAMMAR.subject(&clause);
            let mut claim = GRAMMAR.claim(&clause);
            // "Done, but the issue is not fixed": what was done did not help.
            if claim == Some(Claim::NotDone) && claims.contains(&Claim::Done) && GRAMMAR.persists.is_match(&clause) {
                claim = Some(Claim::DidNotHelp);
            }
            about_the_ticket = match subject {
                Subject::Ticket => true,
                Subject::Pronoun | Subject::LeftOut => about_the_ticket,
                // The first clause of a sentence may leave its subject out and claim something at once.
                Subject::Other if claim.is_some() => about_the_ticket || at == 0,
                Subject::Other => false,
            };
            if let Some(claim) = claim.filter(|claim| about_the_ticket && !claims.contains(claim)) {
                claims.push(claim);
                // "Superseded by X, which was completed": the pronoun means the other one.
                about_the_ticket = claim != Claim::Superseded;
            }
        }
    }
    claims
}

/// The one of `others` that a note names first as having taken the ticket's place.
pub(super) fn heir<'a>(ticket: &TicketId, text: &str, others: &[&'a TicketId]) -> Option<&'a TicketId> {
    if !claims(ticket, text).contains(&Claim::Superseded) {
        return None;
    }
    let mut tokens = text.split_whitespace().map(bare);
    tokens.find_map(|token| others.iter().copied().find(|other| *other != ticket && names(other, token)))
}

/// A word without the punctuation around it.
fn bare(token: &str) -> &str {
    token.trim_matches(|c: char| !c.is_alphanumeric() && c != '#')
}

/// Whether a note speaks of every ticket cited before it in its cell: "neither was completed".
pub(super) fn speaks_of_all(text: &str) -> bool {
    let plain = text.split_whitespace().map(|word| spelled_out(word).join(" "));
    GRAMMAR.all.is_match(&plain.collect::<Vec<_>>().join(" "))
}

/// Cuts at full stops, but not inside `2.1` or an address.
fn sentences(text: &str) -> Vec<&str> {
    let mut cut = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let ends_here = chars.peek().is_none_or(|(_, next)| next.is_whitespace());
        if c == '\n' || (matches!(c, '.' | '!' | '?' | ';') && ends_here) {
            let end = at + c.len_utf8();
            cut.push(text[start..end].trim());
            start = end;
        }
    }
    cut.push(text[start..].trim());
    cut.retain(|sentence| !sentence.is_empty());
    cut
}

/// Cuts at commas, brackets, dashes and colons, which fall away, and before words that open a clause of their own.
fn clauses(sentence: &str) -> Vec<&str> {
    let mut cut = Vec::new();
    let mut start = 0;
    for found in GRAMMAR.boundaries.captures_iter(sentence) {
        let Some(whole) = found.get(0) else { continue };
        cut.push(sentence[start..whole.start()].trim());
        start = if found.name("mark").is_some() { whole.end() } else { whole.start() };
    }
    cut.push(sentence[start..].trim());
    cut.retain(|clause| !clause.is_empty());
    cut
}

/// Lower case, short forms written out, punctuation gone, the ticket's own name as `this ticket`, others as `otherkey`.
fn normalised(ticket: &TicketId, clause: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for token in clause.split_whitespace() {
        let token = bare(token);
        if names(ticket, token) {
            words.extend(["this".to_owned(), "ticket".to_owned()]);
        } else if GRAMMAR.key.is_match(token) || token.contains("://") {
            words.push("otherkey".to_owned());
        } else {
            words.extend(spelled_out(token));
        }
    }
    words.join(" ")
}

/// Whether a word is the ticket's key, or ends its address.
fn names(ticket: &TicketId, token: &str) -> bool {
    let token = token.to_ascii_lowercase();
    match ticket.key() {
        key @ TicketKey::Jira { .. } => {
            let key = key.to_string().to_ascii_lowercase();
            token == key || token.strip_suffix(key.as_str()).is_some_and(|before| before.ends_with("/browse/"))
        }
        TicketKey::GitHub { owner, repo, number } => {
            let home = format!("{owner}/{repo}").to_ascii_lowercase();
            token == format!("#{number}")
                || token == format!("{home}#{number}")
                || ["issues", "pull"].iter().any(|kind| token.ends_with(&format!("/{home}/{kind}/{number}")))
        }
    }
}

/// `Wasn’t` → `was not`, `re-landed` → `re landed`.
fn spelled_out(token: &str) -> Vec<String> {
    let lower = token.to_lowercase().replace(['’', '‘', '`'], "'");
    let full = match lower.as_str() {
        "can't" | "cannot" => "can not".to_owned(),
        "won't" | "wont" => "will not".to_owned(),
        "it's" => "it is".to_owned(),
        "that's" => "that is".to_owned(),
        "isnt" | "wasnt" | "didnt" | "hasnt" | "doesnt" | "werent" | "arent" | "havent" => {
            format!("{} not", &lower[..lower.len() - 2])
        }
        _ => match lower.strip_suffix("n't") {
            Some(verb) => format!("{verb} not"),
            None => lower.replace('\'', ""),
        },
    };
    full.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
