//! Findings on follow-ups of meetings that no later meeting took up.

use crate::domain::finding::Code;
use crate::domain::known::KnownDocument;
use crate::domain::series;

use super::Draft;
use crate::judge::follow_ups::{Agreed, Became, follow_ups};
use crate::judge::words;

pub(super) fn findings(documents: &[KnownDocument]) -> Vec<Draft> {
    let dropped = follow_ups(documents).into_iter().filter_map(|(agreed, became)| match became {
        Became::Dropped(since) => Some(dropped(agreed, since)),
        Became::Done | Became::Tracked | Became::TakenUp | Became::Open => None,
    });
    dropped.collect()
}

fn dropped(Agreed { meeting, follow_up, .. }: Agreed<'_>, since: usize) -> Draft {
    let who = follow_up.owner.as_ref().map(|owner| format!(" with {owner}")).unwrap_or_default();
    let meetings = if since == 1 {
        "the meeting since did not take it up".to_owned()
    } else {
        format!("none of the {since} meetings since took it up")
    };
    let (what, day) = (words::quoted(&follow_up.text), words::day(meeting.date));
    let message = format!("{what} was agreed on{who} on {day}, and {meetings}");
    Draft {
        place: Some(follow_up.place.clone()),
        hint: Some("link the ticket that does it, tick it off, or take it up in the next meeting".to_owned()),
        ..Draft::about(
            Code::DroppedFollowUp,
            // Not by the document: a meeting may stand in two.
            format!("{}|{}", meeting.date, series::plain(&follow_up.text)),
            message,
        )
    }
}
