//! What pages show, read by indexes and a page at a time: at most one index of what is listed is gone through, never the store.

mod changes;
mod depth;
pub(super) mod excerpt;
mod fresh;
mod leading;
pub(super) mod listed;
mod lists;
pub(super) mod ranked;
pub(super) mod search;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Store, StoreError};
use crate::domain::challenge::ChallengeId;
use crate::domain::changes::Changes;
use crate::domain::finding::Code;
use crate::domain::pages::{
    AsOf, Choice, Depth, Excerpt, Found, Front, Group, Grouped, Leaf, ListedFinding, ListedTicket, Register,
    SoughtKind, TicketChoice,
};
use crate::domain::portion::Closed;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::tracker::TrackerId;
use crate::domain::verdict::{Standing, Verdict};

/// Reading for pages. Pages of lists are counted from 1, and have at most `size` of what is listed.
impl Store {
    /// How fresh everything is.
    pub async fn as_of(&self) -> Result<AsOf, StoreError> {
        self.worker.read("read how fresh it is", fresh::as_of).await
    }

    /// What the first page shows; `since` is the day from which on what came is new.
    pub async fn front(&self, since: NaiveDate) -> Result<Front, StoreError> {
        self.worker.read("read the worst", move |tx| listed::front(tx, since)).await
    }

    /// What is other than it was at a moment; where `most` is told, only so many changes of each way are looked at, the newest.
    pub async fn changes(&self, since: Moment, most: Option<usize>) -> Result<Changes, StoreError> {
        self.worker.read("read what changed", move |tx| changes::since(tx, since, most)).await
    }

    /// The documents with challenges, in order of their paths.
    pub async fn registers(&self) -> Result<Vec<Register>, StoreError> {
        self.worker.read("read the registers", fresh::registers).await
    }

    /// One page of the challenges of a choice, and how many of all that it has stand where.
    pub async fn challenges(
        &self,
        choice: &Choice,
        size: usize,
        page: usize,
    ) -> Result<(Leaf<Excerpt>, BTreeMap<Standing, usize>), StoreError> {
        let (choice, after) = (choice.clone(), (page - 1).saturating_mul(size));
        let read = move |tx: &rusqlite::Connection| {
            let shown = excerpt::excerpt(tx, lists::leaf(tx, &choice, size, after)?)?;
            let standings = lists::standings(tx, &Choice { standing: None, ..choice.clone() })?;
            let chosen = standings.iter().filter(|(its, _)| choice.standing.is_none_or(|standing| standing == **its));
            let all = chosen.map(|(_, many)| many).sum();
            Ok((Leaf { shown, all, page, size }, standings))
        };
        self.worker.read("read challenges", read).await
    }

    /// How many challenges of a choice stand where.
    pub async fn standings(&self, choice: &Choice) -> Result<BTreeMap<Standing, usize>, StoreError> {
        let choice = choice.clone();
        self.worker.read("count challenges", move |tx| lists::standings(tx, &choice)).await
    }

    /// The challenges by category or team.
    pub async fn groups(&self, by: Grouped) -> Result<Vec<Group>, StoreError> {
        self.worker.read("count challenges", move |tx| lists::groups(tx, by)).await
    }

    /// One page of the tickets of a choice, and how many there are of each tracker with which verdict.
    pub async fn tickets(
        &self,
        choice: &TicketChoice,
        size: usize,
        page: usize,
    ) -> Result<(Leaf<Vec<ListedTicket>>, BTreeMap<(TrackerId, Verdict), usize>), StoreError> {
        let choice = choice.clone();
        let read =
            move |tx: &rusqlite::Connection| Ok((listed::leaf(tx, &choice, (size, page))?, listed::verdicts(tx)?));
        self.worker.read("read tickets", read).await
    }

    /// One page of the findings of a code, or of all, that nobody accepted; and how many there are of each.
    pub async fn findings(
        &self,
        code: Option<Code>,
        size: usize,
        page: usize,
    ) -> Result<(Leaf<Vec<ListedFinding>>, BTreeMap<Code, usize>), StoreError> {
        let read = move |tx: &rusqlite::Connection| Ok((listed::found(tx, code, (size, page))?, listed::findings(tx)?));
        self.worker.read("read findings", read).await
    }

    /// One page of what has all of these words, of one kind or of all.
    pub async fn search(
        &self,
        words: &[String],
        kind: Option<SoughtKind>,
        size: usize,
        page: usize,
    ) -> Result<Found, StoreError> {
        let words = words.to_vec();
        self.worker.read("search", move |tx| search::search(tx, &words, kind, (size, page))).await
    }

    /// All that is known of a challenge; `None` where no document in force has it. `matters` says which closings matter.
    pub async fn depth_of_challenge(
        &self,
        id: &ChallengeId,
        matters: fn(&Closed) -> bool,
    ) -> Result<Option<Depth>, StoreError> {
        let id = id.clone();
        self.worker.read("read a challenge", move |tx| depth::challenge(tx, &id, &matters)).await
    }

    /// All that is known of a ticket, cited or not.
    pub async fn depth_of_ticket(&self, id: &TicketId, matters: fn(&Closed) -> bool) -> Result<Depth, StoreError> {
        let id = id.clone();
        self.worker.read("read a ticket", move |tx| depth::ticket(tx, &id, &matters)).await
    }
}
