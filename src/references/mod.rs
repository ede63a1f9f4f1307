//! Text into references with their place and role.
//!
//! `tokens` finds what may name a ticket, `address` says what a link means to those who claim sites, `standards` knows
//! the names that only look like keys, `wording` why a ticket is cited. What follows puts them together, passage by passage.

mod address;
mod besides;
mod invitations;
mod naming;
mod standards;
#[cfg(test)]
mod tests;
mod tokens;
mod unread;
mod wording;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

use self::address::{Meaning, cut};
pub use self::besides::besides;
pub use self::invitations::invitations;
pub use self::naming::{mentioned, named, renamed, written};
use self::tokens::Sort;
use self::unread::Numbers;
use crate::domain::document::{Document, Link, Owner, Passage};
use crate::domain::finding::{Code, Problem};
use crate::domain::place::{Lines, Place};
use crate::domain::reference::{Page, Reference, Unclaimed, Within};
use crate::domain::ticket::TicketId;
use crate::domain::tracker::{Claim, Claims, TrackerKind};

/// What a document cites.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scan {
    /// Every citation of a ticket, in document order.
    pub references: Vec<Reference>,
    /// What looks like a ticket and nobody claims, in order of first appearance.
    pub unclaimed: Vec<Unclaimed>,
    /// What nearly is a ticket, in document order.
    pub problems: Vec<Problem>,
    /// Links to something else, in document order.
    pub pages: Vec<Page>,
}

/// Finds every ticket that a document cites. A marked link whose text names the same ticket is one citation.
pub fn scan(document: &Document, claims: &Claims) -> Scan {
    let mut scanner = Scanner::new(&document.path, &document.source, claims);
    scanner.numbers.repository.clone_from(&document.repository);
    for passage in &document.passages {
        scanner.passage(passage);
    }
    scanner.link_bare_keys();
    scanner.tell_what_is_missing(document);
    scanner.found
}

/// Scans a document, and writes into it which tickets its challenges, anecdotes, notes and topics cite.
pub fn cite(document: &mut Document, claims: &Claims) -> Scan {
    let scan = scan(document, claims);
    for challenge in &mut document.challenges {
        challenge.tickets.clear();
        challenge.anecdotes.iter_mut().for_each(|anecdote| anecdote.tickets.clear());
        challenge.status.notes.iter_mut().for_each(|note| note.ticket = None);
    }
    for topic in document.meetings.iter_mut().flat_map(|meeting| &mut meeting.topics) {
        topic.tickets.clear();
        topic.follow_ups.iter_mut().for_each(|agreed| agreed.tickets.clear());
    }
    // Whose status cells are whose as well, in order: where each starts and ends.
    let lines = Lines::new(&document.path, &document.source);
    let merged = document.passages.iter().filter(|passage| is_status(passage.within) && !passage.also.is_empty());
    let merged: Vec<(Place, Place, Vec<usize>)> = merged
        .map(|passage| (lines.place(passage.span.start), lines.place(passage.span.end), passage.also.clone()))
        .collect();
    let shared = |at: &Place| {
        let before = merged.partition_point(|(start, _, _)| start <= at).checked_sub(1)?;
        let (_, end, also) = &merged[before];
        (at < end).then_some(also)
    };
    let mut seen: HashSet<(usize, Option<usize>, &TicketId)> = HashSet::new();
    let mut in_status: HashMap<usize, Vec<&Reference>> = HashMap::new();
    for reference in &scan.references {
        match reference.owner {
            Owner::Challenge { challenge, anecdote, .. } => {
                let row = &mut document.challenges[challenge];
                if seen.insert((challenge, None, &reference.ticket)) {
                    row.tickets.push(reference.ticket.clone());
                }
                if let Some(anecdote) = anecdote
                    && seen.insert((challenge, Some(anecdote), &reference.ticket))
                {
                    row.anecdotes[anecdote].tickets.push(reference.ticket.clone());
                }
                if is_status(reference.within) {
                    in_status.entry(challenge).or_default().push(reference);
                    for other in shared(&reference.place).into_iter().flatten() {
                        in_status.entry(*other).or_default().push(reference);
                        if seen.insert((*other, None, &reference.ticket)) {
                            document.challenges[*other].tickets.push(reference.ticket.clone());
                        }
                    }
                }
            }
            Owner::Topic { meeting, topic } => {
                let topic_of = &mut document.meetings[meeting].topics[topic];
                if seen.insert((meeting, Some(topic), &reference.ticket)) {
                    topic_of.tickets.push(reference.ticket.clone());
                }
                // They stand in order of their places, each up to the next.
                let before = topic_of.follow_ups.partition_point(|agreed| agreed.place <= reference.place);
                if reference.within == Within::FollowUp
                    && let Some(agreed) = topic_of.follow_ups[..before].last_mut()
                    && !agreed.tickets.contains(&reference.ticket)
                {
                    agreed.tickets.push(reference.ticket.clone());
                }
            }
            Owner::Nobody => {}
        }
    }
    besides::link_topics(document, &scan.pages);
    for (challenge, cited) in in_status {
        // A note in front of the only ticket of its cell speaks of that one too.
        let only = cited.first().filter(|first| cited.iter().all(|reference| reference.ticket == first.ticket));
        for note in &mut document.challenges[challenge].status.notes {
            let before = cited.partition_point(|reference| reference.place < note.place).checked_sub(1);
            note.ticket = before.map(|nth| cited[nth]).or(only.copied()).map(|reference| reference.ticket.clone());
        }
    }
    scan
}

fn is_status(within: Within) -> bool {
    matches!(within, Within::Status | Within::Note)
}

struct Scanner<'a> {
    source: &'a str,
    claims: &'a Claims,
    lines: Lines<'a>,
    /// Indices of references to bare keys of a tracker whose site nobody has named.
    bare: Vec<usize>,
    /// The Jira sites seen, for them.
    sites: BTreeSet<String>,
    homes: HashMap<String, usize>,
    /// Where each reference stands, in bytes.
    cited: Vec<usize>,
    numbers: Numbers,
    found: Scan,
}

/// Why a number is none of a ticket.
const NO_ZERO: &str = "tickets are numbered from 1";

/// What a stretch of a passage turned out to be.
struct Hit {
    span: Range<usize>,
    what: What,
}

enum What {
    Ticket(TicketId, Option<String>),
    Malformed(String),
    Unclaimed(String),
    /// An issue or pull request of a repository that is not named.
    Number,
    Page(String),
}

impl<'a> Scanner<'a> {
    fn new(path: &'a str, source: &'a str, claims: &'a Claims) -> Self {
        Self {
            source,
            claims,
            lines: Lines::new(path, source),
            bare: Vec::new(),
            sites: BTreeSet::new(),
            homes: HashMap::new(),
            cited: Vec::new(),
            numbers: Numbers::default(),
            found: Scan::default(),
        }
    }

    fn passage(&mut self, passage: &Passage) {
        let mut hits = Vec::new();
        let mut from = passage.span.start;
        for link in &passage.links {
            self.running_text(from..link.span.start, passage, None, &mut hits);
            self.link(link, passage, &mut hits);
            from = link.span.end;
        }
        self.running_text(from..passage.span.end, passage, None, &mut hits);
        hits.sort_by_key(|hit| (hit.span.start, hit.span.end));
        for hit in hits {
            self.keep(hit, passage);
        }
    }

    /// A marked link: its target, and what else its text names.
    fn link(&self, link: &Link, passage: &Passage, hits: &mut Vec<Hit>) {
        let what = match address::meaning(&link.target, self.claims) {
            Meaning::Ticket { id, url } => Some(What::Ticket(id, Some(url))),
            Meaning::Malformed(why) => Some(What::Malformed(why)),
            Meaning::Unclaimed(home) => Some(What::Unclaimed(home)),
            Meaning::Nothing => Some(What::Page(link.target.clone())),
        };
        let inside = link.span.start <= link.target_span.start && link.target_span.end <= link.span.end;
        let (text, rest) = if inside {
            (link.span.start..link.target_span.start, link.target_span.end..link.span.end)
        } else {
            (link.span.clone(), link.span.end..link.span.end)
        };
        let named = if let Some(What::Ticket(id, _)) = &what { Some(id.clone()) } else { None };
        let said = hits.len();
        for stretch in [text, rest] {
            self.running_text(stretch, passage, named.as_ref(), hits);
        }
        if let Some(what) = what {
            // The target has said already that nobody claims it, or that it is no ticket; and always whose number it is.
            let told = named.is_none() && !matches!(what, What::Page(_));
            let of_text = hits.split_off(said).into_iter().filter(|hit| match hit.what {
                What::Ticket(..) => true,
                What::Number => false,
                _ => !told,
            });
            hits.extend(of_text.collect::<Vec<_>>());
            let span = if inside { link.target_span.clone() } else { text_of(self.source, &link.span) };
            hits.push(Hit { span, what });
        }
    }

    /// Everything named in a stretch outside code and comments, `but` one ticket that its link names already.
    fn running_text(&self, stretch: Range<usize>, passage: &Passage, but: Option<&TicketId>, hits: &mut Vec<Hit>) {
        let mut from = stretch.start;
        let first = passage.mute.partition_point(|mute| mute.end <= stretch.start);
        let silent = passage.mute[first..].iter().take_while(|mute| mute.start < stretch.end);
        let ends = silent.map(|mute| (mute.start, mute.end)).chain([(stretch.end, stretch.end)]);
        for (end, next) in ends {
            if from < end {
                self.tokens(from..end, but, hits);
            }
            from = from.max(next);
        }
    }

    fn tokens(&self, stretch: Range<usize>, but: Option<&TicketId>, hits: &mut Vec<Hit>) {
        let text = &self.source[stretch.clone()];
        for token in tokens::all(text) {
            let slice = &text[token.span.clone()];
            let what = match token.sort {
                Sort::Address => self.address(slice),
                Sort::BareAddress => {
                    let address = self.address(&format!("https://{slice}"));
                    address.filter(|what| matches!(what, What::Ticket(..))).or_else(|| self.key_at_the_end(slice))
                }
                Sort::Repository { owner, repo, number } => self.repository(owner, repo, number),
                Sort::Number => Some(What::Number),
                Sort::Key { project, number } => self.key(project, number),
            };
            // A link's address says whose the key is that nobody claims.
            let same = |what: &What| match (what, but) {
                (What::Ticket(id, _), Some(but)) => id == but,
                (What::Unclaimed(_), Some(but)) => but.key().to_string().eq_ignore_ascii_case(slice),
                _ => false,
            };
            if let Some(what) = what.filter(|what| !same(what)) {
                hits.push(Hit { span: stretch.start + token.span.start..stretch.start + token.span.end, what });
            }
        }
    }

    fn address(&self, address: &str) -> Option<What> {
        match address::meaning(address, self.claims) {
            Meaning::Ticket { id, url } => Some(What::Ticket(id, Some(url))),
            Meaning::Malformed(why) => Some(What::Malformed(why)),
            Meaning::Unclaimed(home) => Some(What::Unclaimed(home)),
            Meaning::Nothing => Some(What::Page(address.to_owned())),
        }
    }

    /// `some/path/browse/KEY-1` on no site of anybody still names the key.
    fn key_at_the_end(&self, path: &str) -> Option<What> {
        let (project, number) = path.rsplit('/').next()?.rsplit_once('-')?;
        let claim = self.claiming(project)?;
        let number = number.parse().ok().filter(|number| *number > 0)?;
        let id = TicketId::jira(claim.tracker.clone(), project, number);
        let url = claim.link(id.key());
        Some(What::Ticket(id, url))
    }

    fn claiming(&self, project: &str) -> Option<&Claim> {
        self.claims.0.iter().find(|claim| claim.projects.iter().any(|key| key == project))
    }

    fn key(&self, project: &str, number: &str) -> Option<What> {
        let Some(claim) = self.claiming(project) else {
            // `GH-12` is how GitHub itself shortens what `#12` says.
            let unclaimed = if project == "GH" { What::Number } else { What::Unclaimed(project.to_owned()) };
            return (number != "0" && !standards::is_one(project)).then_some(unclaimed);
        };
        if number == "0" {
            return Some(What::Malformed(NO_ZERO.to_owned()));
        }
        let Ok(number) = number.parse() else {
            return Some(What::Malformed(format!("`{}` is too large for a ticket's number", cut(number))));
        };
        let id = TicketId::jira(claim.tracker.clone(), project, number);
        let url = claim.link(id.key());
        Some(What::Ticket(id, url))
    }

    /// A short form belongs to the first GitHub that is claimed.
    fn repository(&self, owner: &str, repo: &str, number: &str) -> Option<What> {
        let Some(claim) = self.claims.0.iter().find(|claim| claim.tracker.kind() == TrackerKind::GitHub) else {
            return (number != "0").then(|| What::Unclaimed("github.com".to_owned()));
        };
        if number == "0" {
            return Some(What::Malformed(NO_ZERO.to_owned()));
        }
        let Ok(number) = number.parse() else {
            return Some(What::Malformed(format!("`{}` is too large for an issue's number", cut(number))));
        };
        let id = TicketId::github(claim.tracker.clone(), owner, repo, number);
        let url = claim.link(id.key());
        Some(What::Ticket(id, url))
    }

    fn keep(&mut self, hit: Hit, passage: &Passage) {
        let (at, place) = (hit.span.start, self.lines.place(hit.span.start));
        // The address of a reference link stands outside of its passage, between nothing.
        let between = |start: usize, end: usize| self.source.get(start..end).unwrap_or_default();
        let (before, behind) = (between(passage.span.start, hit.span.start), between(hit.span.end, passage.span.end));
        let text = &self.source[hit.span];
        let own = || self.address(&self.numbers.address(text)?).filter(|what| matches!(what, What::Ticket(..)));
        // What a link's text says alone never comes here: whose number it is, its address tells.
        let what = if matches!(hit.what, What::Number) { own().unwrap_or(What::Number) } else { hit.what };
        match what {
            What::Ticket(ticket, url) => {
                if ticket.tracker().kind() == TrackerKind::Jira {
                    match url.as_deref().and_then(|url| url.rsplit_once("/browse/")) {
                        Some((site, _)) if self.sites.contains(site) => {}
                        Some((site, _)) => _ = self.sites.insert(site.to_owned()),
                        None => self.bare.push(self.found.references.len()),
                    }
                }
                let (within, owner) = (passage.within, passage.owner);
                self.cited.push(at);
                let (text, role) = (text.to_owned(), wording::role(within, before, behind));
                self.found.references.push(Reference { ticket, url, place, text, within, role, owner });
            }
            What::Malformed(why) => self.found.problems.push(Problem {
                code: Code::MalformedReference,
                place,
                message: format!("`{}` looks like a ticket and is none: {why}", cut(text)),
                hint: Some("correct the link, or take it out".to_owned()),
            }),
            // In code such numbers are of the repository that the code is in.
            What::Number if passage.within == Within::Code => {}
            What::Number => self.numbers.met(text, place),
            What::Page(address) => self.found.pages.push(Page { address, place, owner: passage.owner }),
            What::Unclaimed(home) => match self.homes.get(&home) {
                Some(nth) => self.found.unclaimed[*nth].count += 1,
                None => {
                    self.homes.insert(home.clone(), self.found.unclaimed.len());
                    self.found.unclaimed.push(Unclaimed { home, example: cut(text), place, count: 1 });
                }
            },
        }
    }

    /// What cites tickets, or seems to, without saying enough.
    fn tell_what_is_missing(&mut self, document: &Document) {
        self.found.problems.extend(unread::tables(&document.unread, &self.cited));
        self.found.problems.extend(std::mem::take(&mut self.numbers).problem());
        self.found.problems.sort_by(|a, b| a.place.cmp(&b.place));
    }

    /// Bare keys of a Jira whose site nobody has configured lead to the one site that the document links to, if it is one.
    fn link_bare_keys(&mut self) {
        let mut sites = self.sites.iter();
        let (Some(site), None) = (sites.next(), sites.next()) else { return };
        for nth in &self.bare {
            let reference = &mut self.found.references[*nth];
            reference.url = Some(format!("{site}/browse/{}", reference.ticket.key()));
        }
    }
}

/// The bytes between the brackets of `[text][label]`.
fn text_of(source: &str, link: &Range<usize>) -> Range<usize> {
    if !source[link.clone()].starts_with('[') {
        // The words of a page's link may hold brackets as well, which mean nothing there.
        return link.clone();
    }
    let mut depth = 0_usize;
    for (offset, byte) in source[link.clone()].bytes().enumerate() {
        match byte {
            b'[' => depth += 1,
            b']' if depth == 1 && offset > 1 => return link.start + 1..link.start + offset,
            b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    link.clone()
}
