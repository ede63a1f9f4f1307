//! What else shows the work of a closed Jira ticket: links beside it, and merged pull requests that name its key.

use std::collections::{BTreeMap, BTreeSet};

use super::github::SEARCHES;
use super::{Desk, Trackers};
use crate::domain::details::Mention;
use crate::domain::follow::Quest;
use crate::domain::lookup::{Forecast, Trouble};
use crate::domain::ticket::TicketId;
use crate::domain::tracker::TrackerId;

/// What was found of one ticket.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// What it was looked for.
    pub quest: Quest,
    /// Merged pull requests that name it.
    pub mentions: Vec<Mention>,
    /// Addresses that it links to.
    pub links: Vec<String>,
}

/// Where evidence is looked for: the places to be searched at each GitHub, and whether there is one that links could lead
/// to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grounds(BTreeMap<TrackerId, Vec<String>>);

impl Grounds {
    /// In words that change when the answer may. Empty where there is nowhere to look.
    pub fn scope(&self) -> String {
        let githubs = self.0.iter().map(|(id, places)| format!("{id} {}", places.join(" ")));
        githubs.collect::<Vec<_>>().join("; ")
    }

    /// Trackers with places to be searched.
    pub fn searched(&self) -> impl Iterator<Item = &TrackerId> {
        self.0.iter().filter(|(_, places)| !places.is_empty()).map(|(tracker, _)| tracker)
    }

    /// Whether there are places to be searched.
    pub fn are_searched(&self) -> bool {
        self.searched().next().is_some()
    }
}

impl Trackers {
    /// Where evidence is to be looked for, as the configuration says.
    pub fn grounds(&self) -> Grounds {
        let githubs = self.desks.iter().filter_map(|(id, seat)| match &seat.desk {
            Desk::GitHub(github) => Some((id.clone(), github.evidence_repos().to_vec())),
            Desk::Jira(_) => None,
        });
        Grounds(githubs.collect())
    }

    /// Those of it that the credentials in use are shown, by asking; what is not shown cannot be searched. `None` beside
    /// trouble that kept us from asking; otherwise the trouble says what is not shown.
    pub async fn shown_grounds(&self) -> (Option<Grounds>, BTreeMap<TrackerId, Trouble>) {
        let (Grounds(mut grounds), mut troubles, mut whole) = (self.grounds(), BTreeMap::new(), true);
        for (id, seat) in self.desks.iter() {
            let Desk::GitHub(github) = &seat.desk else { continue };
            match github.shown_places().await {
                Ok((shown, trouble)) => {
                    grounds.insert(id.clone(), shown);
                    troubles.extend(trouble.map(|trouble| (id.clone(), trouble)));
                }
                Err(trouble) => {
                    whole = false;
                    troubles.insert(id.clone(), trouble);
                }
            }
        }
        (whole.then_some(Grounds(grounds)), troubles)
    }

    /// Looks for evidence. A quest is in the answer only if all that could tell was asked; what kept the others from it
    /// is told by tracker, and none of them is asked again after it failed.
    pub async fn look_for(
        &self,
        quests: Vec<Quest>,
        grounds: &Grounds,
    ) -> (Vec<Evidence>, BTreeMap<TrackerId, Trouble>) {
        let mut troubles: BTreeMap<TrackerId, Trouble> = BTreeMap::new();
        let mut found: Vec<Evidence> = Vec::new();
        for quest in quests {
            let links = match self.desks.get(quest.key.tracker()).map(|seat| &seat.desk) {
                Some(Desk::Jira(jira)) if quest.links => {
                    if troubles.contains_key(quest.key.tracker()) {
                        continue;
                    }
                    match jira.links(&quest.key).await {
                        Ok(links) => links,
                        Err(trouble) => {
                            troubles.insert(quest.key.tracker().clone(), trouble);
                            continue;
                        }
                    }
                }
                _ => Vec::new(),
            };
            found.push(Evidence { quest, mentions: Vec::new(), links });
        }
        for (id, seat) in self.desks.iter() {
            let Desk::GitHub(github) = &seat.desk else { continue };
            let Some(places) = grounds.0.get(id).filter(|places| !places.is_empty() && !found.is_empty()) else {
                continue;
            };
            let keys: BTreeSet<String> = found.iter().map(|one| one.quest.key.key().to_string()).collect();
            let (mut merged, trouble) = github.merged_for(&keys.into_iter().collect::<Vec<_>>(), places).await;
            troubles.extend(trouble.map(|trouble| (id.clone(), trouble)));
            found.retain_mut(|one| match merged.get_mut(&one.quest.key.key().to_string()) {
                Some(mentions) => {
                    one.mentions.append(&mut mentions.clone());
                    true
                }
                None => false,
            });
        }
        (found, troubles)
    }

    /// Adds to a forecast what looking for evidence of these tickets would take at most.
    pub fn forecast_evidence(&self, forecasts: &mut Vec<Forecast>, tickets: &[TicketId]) {
        if self.grounds() == Grounds::default() || tickets.is_empty() {
            return;
        }
        for (id, seat) in self.desks.iter() {
            let requests = match &seat.desk {
                Desk::GitHub(github) if github.evidence_repos().is_empty() => 0,
                // One more to find out which of the places are shown.
                Desk::GitHub(github) => (tickets.len() * github.searches_a_key()).div_ceil(SEARCHES) + 1,
                Desk::Jira(_) => tickets.iter().filter(|ticket| ticket.tracker() == id).count(),
            };
            if requests == 0 {
                continue;
            }
            if !forecasts.iter().any(|forecast| forecast.tracker == *id) {
                forecasts.push(Forecast::nothing(id.clone()));
            }
            for forecast in forecasts.iter_mut().filter(|forecast| forecast.tracker == *id) {
                forecast.evidence = requests;
                if let Some(quota) = forecast.quota.as_mut().filter(|quota| quota.of == "points") {
                    quota.takes += requests;
                }
            }
        }
        forecasts.sort_by(|a, b| a.tracker.cmp(&b.tracker));
    }
}
