//! What closed tickets point at, as tickets to be asked for as well.

use std::collections::BTreeMap;

use crate::domain::follow::{Follow, Quest, Why};
use crate::domain::lookup::Answer;
use crate::domain::ticket::{Ticket, TicketId};
use crate::domain::tracker::{Claims, TrackerKind};
use crate::{judge, references};

/// The most tickets that one ticket gave way to which are followed. Who names more names none.
const GAVE_WAY: usize = 3;
/// The most that it names otherwise, from the last.
const NAMED: usize = 5;

/// What these tickets point at, of those that are closed and whose closing was looked at just now. Without such a look
/// it is what it was.
pub(super) fn follows(answers: &[Answer], claims: &Claims) -> BTreeMap<TicketId, Vec<Follow>> {
    let looked_at = answers.iter().filter_map(|answer| Some((&answer.asked, answer.lookup.ticket()?)));
    let looked_at = looked_at.filter(|(_, ticket)| ticket.details.closing.is_some());
    looked_at.map(|(asked, ticket)| (asked.clone(), of(asked, ticket, claims))).collect()
}

fn of(asked: &TicketId, ticket: &Ticket, claims: &Claims) -> Vec<Follow> {
    let pointers = judge::points(ticket).into_iter().filter_map(|pointer| {
        let to = references::named(&pointer.what, &ticket.id, claims)?;
        Some(Follow { to, why: pointer.why, at: pointer.at })
    });
    let mut follows: Vec<Follow> = pointers.chain(pasted(ticket, claims)).collect();
    follows.retain(|follow| follow.to != *asked && follow.to != ticket.id);
    // The last that is named is nearest to the closing.
    follows.sort_by(|a, b| (a.why, b.at, &a.to).cmp(&(b.why, a.at, &b.to)));
    let mut once = std::collections::BTreeSet::new();
    follows.retain(|follow| once.insert((follow.why, follow.to.clone())));
    let of = |why: Why, most: usize| follows.iter().filter(move |follow| follow.why == why).take(most).cloned();
    of(Why::GaveWay, GAVE_WAY).chain(of(Why::Named, NAMED)).collect()
}

/// The pull requests among the links beside a ticket.
pub(super) fn linked(quest: &Quest, links: &[String], claims: &Claims) -> Vec<Follow> {
    let pulls = links.iter().filter(|link| link.contains("/pull/"));
    let ids = pulls.flat_map(|link| references::mentioned(link, claims));
    let mut follows: Vec<Follow> = ids
        .filter(|to| to.tracker().kind() == TrackerKind::GitHub && *to != quest.ticket)
        .map(|to| Follow { to, why: Why::Linked, at: None })
        .collect();
    follows.truncate(NAMED);
    follows
}

/// Links to pull requests that people paste into a Jira, whose own tickets tell nothing of what landed.
fn pasted(ticket: &Ticket, claims: &Claims) -> Vec<Follow> {
    if ticket.id.tracker().kind() != TrackerKind::Jira {
        return Vec::new();
    }
    let comments = ticket.details.comments.iter().map(|comment| (comment.text.as_str(), comment.at));
    let texts = ticket.details.body.iter().map(|body| (body.as_str(), None)).chain(comments);
    texts
        .filter(|(text, _)| text.contains("/pull/"))
        .flat_map(|(text, at)| references::mentioned(text, claims).into_iter().map(move |to| (to, at)))
        .filter(|(to, _)| to.tracker().kind() == TrackerKind::GitHub)
        .map(|(to, at)| Follow { to, why: Why::Named, at })
        .collect()
}
