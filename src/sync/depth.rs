//! What one page tells in depth: a challenge or a ticket, judged by itself as the whole would be.

use super::{Shop, judging};
use crate::domain::challenge::ChallengeId;
use crate::domain::judged::Judged;
use crate::domain::known::Known;
use crate::domain::pages::Depth;
use crate::domain::portion::{Closed, Outline};
use crate::domain::ticket::TicketId;
use crate::judge::{self, Judging, Waiving};
use crate::report::Past;

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

/// A ticket. What nobody cites or asked for has no facts and no verdict.
pub async fn ticket(shop: &Shop, id: &TicketId) -> anyhow::Result<Told> {
    Ok(told(shop, shop.store.depth_of_ticket(id, by_hand).await?))
}

fn by_hand(closed: &Closed) -> bool {
    judge::by_hand(closed)
}

fn told(shop: &Shop, depth: Depth) -> Told {
    let Depth { known, own, closings, ranks, waivers, verdicts, standings, decisions, citing } = depth;
    let now = shop.clock.now();
    // Which trackers show nothing and which registers name no team only decides whether findings are told one by one, and
    // that the last judging knew.
    let judging = Judging::new(&Outline { closings, ..Outline::default() }, &shop.policy, now);
    let (mut judged, rest) = judging.tell(judging.part(&known, Some(&own)));
    judged.challenges = judging.rest(rest, &[]).challenges;
    for challenge in &mut judged.challenges {
        challenge.priority = ranks.get(&challenge.id).copied().unwrap_or(0);
    }
    judged.findings.retain(|finding| known.first_seen.contains_key(&finding.fingerprint));
    for finding in &mut judged.findings {
        finding.first_seen = known.first_seen.get(&finding.fingerprint).copied();
    }
    let waivers: Vec<_> = waivers.into_iter().chain(shop.waivers.iter().cloned()).filter(judging::counts).collect();
    Waiving::new(&waivers, now.date_naive()).sift(&mut judged);
    let past = Past { verdicts, standings, decisions };
    Told { known, judged, past, citing }
}
