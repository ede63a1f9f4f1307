//! What one page tells in depth: a challenge or a ticket, judged by itself as the whole would be.

use std::collections::BTreeMap;

use super::{Shop, judging};
use crate::domain::challenge::ChallengeId;
use crate::domain::finding::Finding;
use crate::domain::judged::Judged;
use crate::domain::known::Known;
use crate::domain::pages::Depth;
use crate::domain::past::Past;
use crate::domain::portion::{Closed, Outline};
use crate::domain::ticket::TicketId;
use crate::judge::{self, Judging, Waiving};

/// One challenge or one ticket in depth.
#[derive(Debug, Clone)]
pub struct Told {
    /// What is known of it and around it.
    pub known: Known,
    /// What that means now. Findings are those that the last judging made too, so that pages and lists agree.
    pub judged: Judged,
    /// How that came about.
    pub past: Past,
    /// Challenges that cite the ticket; those far down the list are not in `known`.
    pub citing: usize,
}

/// A challenge; `None` where no document in force has it.
pub async fn challenge(shop: &Shop, id: &ChallengeId) -> anyhow::Result<Option<Told>> {
    let depth = shop.store.depth_of_challenge(id, by_hand).await?;
    Ok(depth.map(|depth| told(shop, depth)))
}

/// A ticket; `None` where no document in force cites it and nobody ever asked for it.
pub async fn ticket(shop: &Shop, id: &TicketId) -> anyhow::Result<Option<Told>> {
    let depth = shop.store.depth_of_ticket(id, by_hand).await?;
    let mut references = depth.known.documents.iter().flat_map(|document| &document.references);
    let is_cited = references.any(|reference| reference.ticket == *id);
    let was_asked_for = depth.known.ticket(id).is_some_and(|known| known.asked_at.is_some());
    Ok((is_cited || was_asked_for).then(|| told(shop, depth)))
}

/// The findings that the last judging made, each as it was found just now where it was found again. Some are told once for
/// all that is known (a renamed project with all its tickets), and only the last judging has them.
fn agreed(found: Vec<Finding>, last: Vec<Finding>) -> Vec<Finding> {
    let mut last: BTreeMap<String, Finding> = last.into_iter().map(|it| (it.fingerprint.clone(), it)).collect();
    let found = found.into_iter().filter_map(|finding| {
        let first_seen = last.remove(&finding.fingerprint)?.first_seen;
        Some(Finding { first_seen, ..finding })
    });
    let mut agreed: Vec<Finding> = found.collect();
    agreed.extend(last.into_values());
    agreed
}

fn by_hand(closed: &Closed) -> bool {
    judge::by_hand(closed)
}

fn told(shop: &Shop, depth: Depth) -> Told {
    let Depth { known, own, closings, findings, ranks, waivers, past, citing } = depth;
    let now = shop.clock.now();
    // Which trackers show nothing and which registers name no team only decides whether findings are told one by one, and
    // that the last judging knew.
    let judging = Judging::new(&Outline { closings, ..Outline::default() }, &shop.policy, now);
    let (mut judged, rest) = judging.tell(judging.part(&known, Some(&own)));
    judged.challenges = judging.rest(rest, &[]).challenges;
    for challenge in &mut judged.challenges {
        challenge.priority = ranks.get(&challenge.id).copied().unwrap_or(0);
    }
    judged.findings = agreed(judged.findings, findings);
    let waivers: Vec<_> = shop.waivers.iter().cloned().chain(waivers).filter(judging::counts).collect();
    Waiving::new(&waivers, now.date_naive()).sift(&mut judged);
    Told { known, judged, past, citing }
}
