//! Whether a record's ticket is open, by whatever of it says so.

use super::moments::moment;
use super::shape::Record;
use crate::domain::tracker::TrackerKind;
use crate::judge::families::{self, Family};

/// Whether it is closed; nothing where the record tells nothing of it. The tracker's own word goes first, then what only
/// closed tickets have.
pub(super) fn closed(record: &Record, tracker: TrackerKind) -> Option<bool> {
    let own = match tracker {
        TrackerKind::GitHub => github(record),
        TrackerKind::Jira => jira(record),
    };
    own.or_else(|| {
        let dates = [&record.closed_at, &record.resolutiondate];
        let dated = dates.into_iter().flatten().any(|text| moment(text).is_some());
        (merged(record) == Some(true) || dated).then_some(true)
    })
    .or_else(|| by_events(record))
}

/// Whether it was merged, where the record tells.
pub(super) fn merged(record: &Record) -> Option<bool> {
    let by_state = || record.state.as_deref().is_some_and(|state| state.eq_ignore_ascii_case("merged"));
    let dated = || record.merged_at.as_deref().and_then(moment).is_some();
    record.merged.or_else(|| (by_state() || dated()).then_some(true))
}

fn github(record: &Record) -> Option<bool> {
    match record.state.as_deref().unwrap_or_default().to_ascii_lowercase().as_str() {
        "open" => Some(false),
        "closed" | "merged" => Some(true),
        _ => match record.state_reason.as_deref()?.to_ascii_lowercase().as_str() {
            "completed" | "not_planned" | "duplicate" => Some(true),
            "reopened" => Some(false),
            _ => None,
        },
    }
}

/// The status category decides. Where a record lacks it, a status whose name ends tickets, or a resolution.
fn jira(record: &Record) -> Option<bool> {
    if let Some(category) = told(record.status_category.as_deref()) {
        return Some(category.eq_ignore_ascii_case("done"));
    }
    if let Some(status) = told(record.status.as_deref()) {
        let ends = matches!(families::of(status), Family::Done | Family::Refused | Family::TwoFaced);
        return Some(ends || status.eq_ignore_ascii_case("closed"));
    }
    told(record.resolution.as_deref()).map(|name| !name.eq_ignore_ascii_case("unresolved"))
}

fn told(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// The last of what opens and closes. Undated ones stand in order.
fn by_events(record: &Record) -> Option<bool> {
    let turns = record.events.iter().filter_map(|event| {
        let closes = match event.event.as_deref()? {
            "closed" | "merged" => true,
            "reopened" => false,
            _ => return None,
        };
        Some((event.date.as_deref().and_then(moment), closes))
    });
    turns.max_by_key(|(at, _)| *at).map(|(_, closes)| closes)
}
