//! What a ticket points at when it was closed as a duplicate, superseded or moved, and what became of that.

use super::Closing;
use super::landings::same;
use crate::judge::families::{Family, Names};
use crate::judge::speech::Claim;

/// Another ticket that is said to have taken this one's place.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::judge) struct Target {
    /// Its name; absent where only a place is named ("moved to our Jira").
    pub(in crate::judge) what: Option<String>,
    /// How it is related.
    pub(in crate::judge) claim: Claim,
    /// What became of it.
    pub(in crate::judge) fate: Fate,
    /// How sure that is, from 0 to 1.
    pub(in crate::judge) sure: f64,
    /// How much the pointing itself counts, from 0 to 1: who points, and when.
    pub(in crate::judge) weight: f64,
}

/// Another ticket that was asked for and judged as well.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::judge) struct Other {
    /// Its name within its tracker.
    pub(in crate::judge) name: String,
    /// What became of it.
    pub(in crate::judge) fate: Fate,
    /// How sure that is, from 0 to 1.
    pub(in crate::judge) sure: f64,
}

/// What became of the other ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::judge) enum Fate {
    /// Its work was done, or merged.
    Done,
    /// It is closed; whether the work was done is not told.
    Closed,
    /// It was closed without the work.
    Undone,
    /// It is open.
    Open,
    /// It was looked at, and nothing shows whether the work was done.
    Unverified,
    /// It is proven to be gone.
    Gone,
    /// It points back to this one.
    Loop,
    /// It points on, further than tickets are followed.
    Beyond,
    /// Not told.
    Unknown,
}

impl Fate {
    /// As the end of a sentence that starts with the other ticket.
    pub(in crate::judge) fn told(self) -> &'static str {
        match self {
            Self::Done => "was done",
            Self::Closed => "is closed",
            Self::Undone => "was closed without the work",
            Self::Open => "is open: the work is promised there",
            Self::Unverified => "is closed, and nothing shows its work either",
            Self::Gone => "is gone",
            Self::Loop => "points back to it",
            Self::Beyond => "points on, further than dragnet follows",
            Self::Unknown => "decides, and we do not see what became of it",
        }
    }
}

impl Closing<'_> {
    /// What it points at, in a fixed order, each once.
    pub(in crate::judge) fn targets(&self) -> Vec<Target> {
        let mut targets: Vec<Target> = self.linked();
        for heard in self.heard.iter().filter(|heard| !heard.after) {
            for said in &heard.said {
                if !matches!(said.claim, Claim::Duplicate | Claim::Superseded | Claim::Moved) {
                    continue;
                }
                let weight = heard.near * heard.speaker.weight(true);
                let own = self.ticket.id.key().to_string();
                match said.target.as_deref() {
                    Some(what) if same(self, what, &own) => {}
                    Some(what) => targets.push(self.target(what, said.claim, weight)),
                    None => {
                        let (claim, fate) = (said.claim, Fate::Unknown);
                        targets.push(Target { what: None, claim, fate, sure: 1.0, weight });
                    }
                }
            }
        }
        let duplicate_of = self.ticket.duplicate_of.as_ref();
        targets.extend(duplicate_of.map(|id| self.target(&id.key().to_string(), Claim::Duplicate, 1.0)));
        targets.sort_by(|a, b| (&a.what, a.claim).cmp(&(&b.what, b.claim)).then_with(|| b.weight.total_cmp(&a.weight)));
        targets.dedup_by(|later, first| later.what == first.what);
        targets
    }

    /// Jira's own links. Only one direction says that this ticket gave way.
    fn linked(&self) -> Vec<Target> {
        let gave_way = |relation: &str| {
            let relation = relation.to_ascii_lowercase();
            if ["duplicates", "is a duplicate of", "is duplicate of", "duplicate of"].contains(&relation.as_str()) {
                return Some(Claim::Duplicate);
            }
            ["superseded by", "replaced by", "obsoleted by", "subsumed by", "moved to", "is superceded by"]
                .iter()
                .any(|sign| relation.contains(sign))
                .then_some(Claim::Superseded)
        };
        let links = self.ticket.details.issue_links.iter();
        links.filter_map(|link| Some(self.target(&link.key, gave_way(&link.relation)?, 1.0))).collect()
    }

    fn target(&self, what: &str, claim: Claim, weight: f64) -> Target {
        let other = self.others.iter().find(|other| same(self, &other.name, what));
        // What was never seen is known by what this one's own links and mentions tell of it.
        let judged = other.filter(|other| other.fate != Fate::Unknown);
        let (fate, sure) = judged.map_or_else(|| (self.fate(what), 1.0), |other| (other.fate, other.sure));
        Target { what: Some(what.to_owned()), claim, fate, sure, weight }
    }

    /// What became of a ticket, as far as this one's links and mentions tell.
    fn fate(&self, what: &str) -> Fate {
        let details = &self.ticket.details;
        let linked = details.issue_links.iter().filter(|link| link.key.eq_ignore_ascii_case(what));
        let mut fates: Vec<Fate> =
            linked.map(|link| jira_fate(self.names, link.resolution.as_deref(), link.status.as_deref())).collect();
        let mentioned = details.mentions.iter().filter(|mention| same(self, &mention.what, what));
        fates.extend(mentioned.map(|mention| match mention.state.as_deref() {
            Some("merged") => Fate::Done,
            Some("closed") if mention.kind == "pull" => Fate::Undone,
            Some("closed") => Fate::Closed,
            Some("open") => Fate::Open,
            _ => Fate::Unknown,
        }));
        fates.into_iter().min().unwrap_or(Fate::Unknown)
    }
}

fn jira_fate(names: &Names, resolution: Option<&str>, status: Option<&str>) -> Fate {
    let told = |name: Option<&str>| name.map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
    let resolution = told(resolution).map(|name| names.resolution(&name));
    match (resolution, told(status).map(|name| names.status(&name))) {
        (Some(Family::Done), _) => Fate::Done,
        (Some(Family::Refused | Family::Doubtful), _) | (None, Some(Family::Refused | Family::Doubtful)) => {
            Fate::Undone
        }
        (Some(_), _) => Fate::Unknown,
        (None, Some(_)) => {
            let status = status.unwrap_or_default().to_ascii_lowercase();
            if names.is_open(&status) {
                Fate::Open
            } else if ["closed", "resolved", "done", "verified"].contains(&status.as_str()) {
                Fate::Closed
            } else {
                Fate::Unknown
            }
        }
        (None, None) => Fate::Unknown,
    }
}
