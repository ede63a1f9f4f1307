//! Text into references with their place and role.
//!
//! `tokens` finds what may name a ticket, `web` takes addresses apart, `address` says what they mean to those who claim sites,
//! `standards` knows the names that only look like keys, `wording` why a ticket is cited. What follows puts them together,
//! passage by passage.

mod address;
mod besides;
mod invitations;
mod linking;
mod naming;
mod standards;
#[cfg(test)]
mod tests;
mod tokens;
mod unread;
mod web;
mod wording;

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use self::address::{Meaning, cut};
pub use self::besides::besides;
pub use self::invitations::invitations;
pub use self::linking::link;
pub use self::naming::{mentioned, named, renamed, written};
use self::tokens::Sort;
use self::unread::Numbers;
use crate::domain::document::{Document, Link, Passage};
use crate::domain::finding::{Code, Problem};
use crate::domain::place::Lines;
use crate::domain::reference::{Page, Reference, Unclaimed, Within};
use crate::domain::ticket::{TicketId, TicketKey};
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
    link(document, &scan);
    scan
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
    /// Room for those of one passage.
    hits: Vec<Hit>,
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
            hits: Vec::new(),
            found: Scan::default(),
        }
    }

    fn passage(&mut self, passage: &Passage) {
        let mut hits = std::mem::take(&mut self.hits);
        let mut from = passage.span.start;
        for link in passage.links() {
            self.running_text(from..link.span.start, passage, None, &mut hits);
            self.link(link, passage, &mut hits);
            from = link.span.end;
        }
        self.running_text(from..passage.span.end, passage, None, &mut hits);
        if hits.len() > 1 {
            hits.sort_by_key(|hit| (hit.span.start, hit.span.end));
        }
        for hit in hits.drain(..) {
            self.keep(hit, passage);
        }
        self.hits = hits;
    }

    /// A marked link: its target, and what else its text names.
    fn link(&self, link: &Link, passage: &Passage, hits: &mut Vec<Hit>) {
        let what = self.address(&link.target);
        let inside = link.span.start <= link.target_span.start && link.target_span.end <= link.span.end;
        let named = if let What::Ticket(id, _) = &what { Some(id) } else { None };
        let said = hits.len();
        for stretch in link.words() {
            self.running_text(stretch, passage, named, hits);
        }
        // The target has said already that nobody claims it, or that it is no ticket; and always whose number it is.
        let told = named.is_none() && !matches!(what, What::Page(_));
        let of_text = hits.split_off(said);
        hits.extend(of_text.into_iter().filter(|hit| match hit.what {
            What::Ticket(..) => true,
            What::Number => false,
            _ => !told,
        }));
        let span = if inside { link.target_span.clone() } else { text_of(self.source, &link.span) };
        hits.push(Hit { span, what });
    }

    /// Everything named in a stretch outside code and comments, `but` one ticket that its link names already.
    fn running_text(&self, stretch: Range<usize>, passage: &Passage, but: Option<&TicketId>, hits: &mut Vec<Hit>) {
        let mut from = stretch.start;
        let first = passage.mute().partition_point(|mute| mute.end <= stretch.start);
        let silent = passage.mute()[first..].iter().take_while(|mute| mute.start < stretch.end);
        let ends = silent.map(|mute| (mute.start, mute.end)).chain([(stretch.end, stretch.end)]);
        for (end, next) in ends {
            // No name is shorter than `#1`.
            if from + 1 < end {
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
                Sort::Address => Some(self.address(slice)),
                Sort::BareAddress => {
                    let address = Some(self.address(&format!("https://{slice}")));
                    address.filter(|what| matches!(what, What::Ticket(..))).or_else(|| self.key_at_the_end(slice))
                }
                Sort::Repository { owner, repo, number } => self.repository(owner, repo, number),
                Sort::Number => Some(What::Number),
                Sort::Key { project, number } if but.is_some_and(|but| self.is_key_of(but, project, number)) => None,
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

    fn address(&self, address: &str) -> What {
        match address::meaning(address, self.claims) {
            Meaning::Ticket { id, url } => What::Ticket(id, Some(url)),
            Meaning::Malformed(why) => What::Malformed(why),
            Meaning::Unclaimed(home) => What::Unclaimed(home),
            Meaning::Nothing => What::Page(address.to_owned()),
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

    /// Whether a key means this ticket: what [`Self::key`] would say, without making an id of it.
    fn is_key_of(&self, ticket: &TicketId, project: &str, number: &str) -> bool {
        let own = matches!(ticket.key(), TicketKey::Jira { project: of, number: nth }
            if of == project && number.parse() == Ok(nth));
        own && self.claiming(project).is_some_and(|claim| claim.tracker == *ticket.tracker())
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
        let own = || Some(self.address(&self.numbers.address(text)?)).filter(|what| matches!(what, What::Ticket(..)));
        // What a link's text says alone never comes here: whose number it is, its address tells.
        let what = if matches!(hit.what, What::Number) { own().unwrap_or(What::Number) } else { hit.what };
        match what {
            What::Ticket(ticket, url) => {
                if ticket.tracker().kind() == TrackerKind::Jira {
                    let home = url.as_deref().and_then(|url| url.rsplit_once('/'));
                    match home.and_then(|(home, _)| home.strip_suffix("/browse")) {
                        Some(site) if self.sites.contains(site) => {}
                        Some(site) => _ = self.sites.insert(site.to_owned()),
                        None => self.bare.push(self.found.references.len()),
                    }
                }
                let (within, owner) = (passage.within, passage.owner);
                self.cited.push(at);
                let role = passage.role.unwrap_or_else(|| wording::role(within, before, behind));
                let text = text.to_owned();
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
