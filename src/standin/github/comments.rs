//! Comments as REST lists them: those of one ticket, or of a whole repository.

use serde_json::Value;

use super::super::server::{Answer, Request};
use super::paging::Page;
use super::{Entry, Moment, Repo, Ticket, shapes};

/// A page of one ticket's comments, in the order in which they were made.
pub(super) fn of_ticket(repo: &Repo, entry: (u64, &Ticket), request: &Request, base: &str) -> Answer {
    let address = format!("{base}/repositories/{}/issues/{}/comments", repo.id, entry.0);
    listed(of(repo, entry, base), request, &address)
}

/// A page of all comments of a repository, in the order of their ids.
pub(super) fn of_repo(repo: &Repo, request: &Request, base: &str) -> Answer {
    let tickets = repo.entries.iter().filter_map(|(number, entry)| match entry {
        Entry::Ticket(ticket) => Some((*number, ticket)),
        Entry::Transferred { .. } | Entry::Deleted => None,
    });
    let mut tickets: Vec<_> = tickets.collect();
    tickets.sort_by_key(|(_, ticket)| ticket.id);
    let comments = tickets.into_iter().flat_map(|entry| of(repo, entry, base));
    listed(comments, request, &format!("{base}/repositories/{}/issues/comments", repo.id))
}

/// A comment still to be written out: a page shows few of them.
type Comment<'a> = (Moment, Box<dyn Fn() -> Value + 'a>);

fn of<'a>(repo: &'a Repo, (number, ticket): (u64, &'a Ticket), base: &'a str) -> impl Iterator<Item = Comment<'a>> {
    (0..).zip(&ticket.story.remarks).map(move |(nth, remark)| -> Comment<'a> {
        (remark.at, Box::new(move || shapes::comment(repo, (number, ticket), (nth, remark), base)))
    })
}

fn listed<'a>(comments: impl Iterator<Item = Comment<'a>>, request: &Request, address: &str) -> Answer {
    let since: Option<Moment> = request.parameter("since").and_then(|since| since.parse().ok());
    let comments: Vec<_> = comments.filter(|(at, _)| since.is_none_or(|since| *at >= since)).collect();
    let (page, all) = (Page::asked_for(request), comments.len());
    let answer = Answer::json(200, &page.of(comments).map(|(_, written)| written()).collect());
    if page.goes_on(all) { page.linked(answer, request, address, all) } else { answer }
}
