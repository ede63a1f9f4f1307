//! What passes saw change of a ticket, a sentence for each time that something had.

use chrono::DateTime;

use crate::domain::known::Change;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;

use super::words;

/// Each time at which something was seen to have changed, with what, oldest first.
pub(super) fn changes(id: &TicketId, history: &[Change]) -> Vec<(Moment, String)> {
    let together = history.chunk_by(|one, next| one.seen_at == next.seen_at);
    together.filter_map(|changes| Some((changes.first()?.seen_at, sentence(id, changes)?))).collect()
}

fn sentence(id: &TicketId, changes: &[Change]) -> Option<String> {
    let of = |field: &str| changes.iter().find(|change| change.field == field);
    let after = |field: &str| of(field)?.after.as_deref().map(|value| told(field, value));
    if let Some(first) = of("lookup").filter(|lookup| lookup.before.is_none()) {
        let facts: Vec<String> = ["state", "reason"].into_iter().filter_map(after).collect();
        let moved = after("moved_to").map(|to| format!(", moved to {to}")).unwrap_or_default();
        return Some(if facts.is_empty() {
            format!("{id} was looked up for the first time: {}{moved}", first.after.as_deref().unwrap_or("no answer"))
        } else {
            format!("{id} was seen for the first time: {}{moved}", facts.join(", "))
        });
    }
    // Both follow from the state.
    let follows = |change: &&Change| of("state").is_some() && matches!(&*change.field, "status_category" | "closed");
    let parts: Vec<String> = changes.iter().filter(|change| !follows(change)).map(part).collect();
    (!parts.is_empty()).then(|| format!("{id} was seen to have changed: {}", parts.join("; ")))
}

/// `state from “To Do” to “Done”`
fn part(change: &Change) -> String {
    let Change { field, before, after, .. } = change;
    let quoted = |value: &String| format!("“{}”", told(field, value));
    let name = named(field);
    match (before.as_ref().map(quoted), after.as_ref().map(quoted)) {
        (Some(before), Some(after)) => format!("{name} from {before} to {after}"),
        (None, Some(after)) => format!("{name} now {after}"),
        (Some(before), None) => format!("{name} no longer told, which was {before}"),
        (None, None) => name.to_owned(),
    }
}

/// A field as people call it.
fn named(field: &str) -> &str {
    match field {
        "lookup" => "look-up",
        "moved_to" => "home",
        "status_category" => "category of its status",
        "closed_at" => "closing date",
        "closed_by" => "who closed it",
        "created_at" => "opening date",
        "duplicate_of" => "duplicate of",
        "native_id" => "the tracker's own number",
        other => other,
    }
}

/// A value as people write it: days for moments, words for GitHub's reasons.
fn told(field: &str, value: &str) -> String {
    match DateTime::parse_from_rfc3339(value) {
        Ok(at) if field.ends_with("_at") => words::day(at.date_naive()),
        _ if field == "reason" => value.replace('_', " "),
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::changes;
    use crate::domain::known::Change;

    #[test]
    fn what_was_seen_at_once_is_told_at_once() {
        let change = |minute: u32, field: &str, before: &str, after: &str| Change {
            seen_at: format!("2026-10-03T03:{minute:02}:00Z").parse().unwrap(),
            field: field.to_owned(),
            before: (!before.is_empty()).then(|| before.to_owned()),
            after: (!after.is_empty()).then(|| after.to_owned()),
        };
        let told = |history: &[Change]| -> Vec<String> {
            changes(&"jira:OPS-7".parse().unwrap(), history).into_iter().map(|(_, says)| says).collect()
        };
        let seen = [
            change(1, "lookup", "", "found"),
            change(1, "state", "", "closed"),
            change(1, "reason", "", "not_planned"),
            change(1, "closed_at", "", "2026-05-04T10:00:00Z"),
            change(2, "state", "closed", "open"),
            change(2, "closed", "true", "false"),
            change(2, "reason", "not_planned", ""),
            change(2, "closed_at", "2026-05-04T10:00:00Z", ""),
            change(3, "title", "Slow", "Too slow"),
            change(4, "lookup", "found", "moved"),
            change(4, "moved_to", "", "jira:NEW-7"),
        ];
        assert_eq!(
            told(&seen),
            [
                "jira:OPS-7 was seen for the first time: closed, not planned",
                "jira:OPS-7 was seen to have changed: state from “closed” to “open”; reason no longer told, which was \
                 “not planned”; closing date no longer told, which was “4 May 2026”",
                "jira:OPS-7 was seen to have changed: title from “Slow” to “Too slow”",
                "jira:OPS-7 was seen to have changed: look-up from “found” to “moved”; home now “jira:NEW-7”",
            ]
        );
        assert_eq!(told(&[change(1, "lookup", "", "gone")]), ["jira:OPS-7 was looked up for the first time: gone"]);
        assert_eq!(told(&[change(1, "closed", "false", "true")]).len(), 1);
        assert_eq!(told(&[]), [""; 0]);
    }
}
