//! The comments around a closing, where an answer brought only some of many: read from the end, page by page, until the
//! closing is in sight.

use super::super::inquiry::{Outcome, Setback};
use super::convert::{AFTER, BEFORE, around, comment};
use super::wire::{Comments, Remark};
use super::{Asking, Step, mentions, version};
use crate::domain::details::Comment;
use crate::domain::lookup::Answer;
use crate::domain::ticket::Ticket;
use crate::domain::time::Moment;
use crate::domain::tracker::Flavor;

/// Comments on a page: the most that Jira Cloud gives.
const PAGE: usize = 100;
/// Requests that one ticket may take. Where people talked on for longer than that, the end of it is what there is.
const REQUESTS: usize = 10;

impl Asking {
    /// Adds to a closed ticket what was said around its closing, and has its way to the closing looked at then. What
    /// cannot be had leaves the ticket as it is.
    pub(super) async fn comments(&self, flavor: Flavor, mut held: Answer) -> Outcome<Step> {
        let mut outcome = Outcome::new();
        if self.comments.is_out() {
            outcome.answers.push(held);
            return outcome;
        }
        let read = match held.lookup.ticket_mut() {
            Some(ticket) => self.read_comments(flavor, ticket).await,
            None => Ok(()),
        };
        match read {
            Ok(()) => self.closings.tell(&mut outcome, held.asked, held.lookup, Step::Closings),
            Err(setback) => outcome.settle_for(vec![held], setback.with_a_look()),
        }
        self.comments.went(&outcome);
        outcome
    }

    async fn read_comments(&self, flavor: Flavor, ticket: &mut Ticket) -> Result<(), Setback> {
        let Some(id) = ticket.native_id.as_deref() else { return Ok(()) };
        let path = ["rest", "api", version(flavor), "issue", id, "comment"];
        let (closed_at, told) = (ticket.closed_at, &ticket.details.comments);
        let all = ticket.details.comment_count.and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
        let (mut last, mut from, mut left): (Vec<Comment>, _, _) = (Vec::new(), all, REQUESTS);
        while left > 0 && from > 0 && !is_in_sight(&last, told, closed_at) {
            let to = from;
            from = to.saturating_sub(PAGE);
            let page = self.span(&path, (from, to), &mut left).await?;
            let page = page.iter().map(|remark| comment(remark, closed_at, &ticket.url));
            last.splice(..0, page);
        }
        let details = &mut ticket.details;
        let mut comments = std::mem::take(&mut details.comments);
        comments.retain(|one| !last.iter().any(|other| is_same(one, other)));
        comments.append(&mut last);
        comments.sort_by_key(|comment| comment.at);
        details.comments = around(comments, closed_at, |comment| comment.at);
        details.comments_cut = false;
        details.mentions = mentions::of(details);
        Ok(())
    }

    /// The comments from one place to another, in the order in which they were made, as far as `left` requests bring
    /// them. A page may hold fewer than asked for, and none at all where comments were deleted meanwhile.
    async fn span(
        &self,
        path: &[&str],
        (mut from, to): (usize, usize),
        left: &mut usize,
    ) -> Result<Vec<Remark>, Setback> {
        let line = &self.jira.line;
        let mut read = Vec::new();
        while from < to && *left > 0 {
            *left -= 1;
            let (start, most) = (from.to_string(), (to - from).to_string());
            let query = [("startAt", &*start), ("maxResults", &*most), ("orderBy", "created")];
            let reply = line.get(path, &query).await?;
            if let Some(refusal) = reply.refusal() {
                return Err(Setback::refused_look(&reply, refusal, line.is_anonymous()));
            }
            let page: Comments = reply.json().map_err(Setback::own)?;
            let mut page = page.comments.ok_or_else(|| Setback::own(reply.misread("sent no `comments`")))?;
            page.truncate(to - from);
            if page.is_empty() {
                break;
            }
            from += page.len();
            read.extend(page);
        }
        Ok(read)
    }
}

/// Whether what was said around the closing is among the last comments, or among those told before. A Jira that tells
/// only some of them beside a ticket tells the first or the last ones.
fn is_in_sight(last: &[Comment], told: &[Comment], closed_at: Option<Moment>) -> bool {
    let is_before = |comment: &&Comment| closed_at.is_none_or(|closed| comment.at.is_none_or(|at| at <= closed));
    if last.iter().filter(is_before).count() >= BEFORE {
        return true;
    }
    let are_first = !last.is_empty() && !told.iter().any(|one| last.iter().any(|other| is_same(one, other)));
    are_first && told.iter().filter(|comment| !is_before(comment)).count() >= AFTER
}

fn is_same(one: &Comment, other: &Comment) -> bool {
    (&one.url, one.at, &one.text) == (&other.url, other.at, &other.text)
}

#[cfg(test)]
mod tests {
    use super::is_in_sight;
    use crate::domain::details::Comment;
    use crate::domain::time::Moment;

    fn day(day: i64) -> Moment {
        "2026-01-01T00:00:00Z".parse::<Moment>().unwrap() + chrono::TimeDelta::days(day)
    }

    #[test]
    fn a_closing_is_in_sight_where_enough_was_said_on_its_sides() {
        let said = |days: std::ops::Range<i64>| -> Vec<Comment> {
            days.map(|at| Comment { at: Some(day(at)), text: at.to_string(), ..Comment::default() }).collect()
        };
        for (last, told, closed, expected) in [
            (100..200, 0..100, Some(150), true),
            // Eleven before it are not twelve.
            (100..200, 0..100, Some(110), false),
            (100..200, 0..100, Some(111), true),
            // Those told are the first ones, and five of them came after the closing.
            (100..200, 0..100, Some(94), true),
            (100..200, 0..100, Some(95), false),
            // Those told are the last ones: what came before them is not known.
            (100..200, 150..200, Some(105), false),
            (100..200, 0..100, None, true),
            (0..0, 0..100, Some(50), false),
        ] {
            let (last, told) = (said(last), said(told));
            assert_eq!(is_in_sight(&last, &told, closed.map(day)), expected, "closed on {closed:?}");
        }
    }
}
