//! Which tickets to ask for, in which order.

use crate::domain::known::Want;
use crate::domain::lookup::Ask;

/// The tickets to ask for, each once.
///
/// Where a limit cuts a pass short, what was asked first is what is known: so tickets never seen come first, then
/// promised fixes, then those whose last answer is oldest.
pub fn due(wants: &[Want]) -> Vec<Ask> {
    let mut due: Vec<&Want> = wants.iter().collect();
    due.sort_by_key(|want| (want.asked_at.is_some(), !want.remedy, want.asked_at, want.ticket.clone()));
    due.dedup_by(|a, b| a.ticket == b.ticket);
    due.into_iter()
        .map(|want| Ask {
            ticket: want.ticket.clone(),
            looked_at: want.looked_at.clone(),
            open: want.closed == Some(false),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::due;
    use crate::domain::known::Want;

    #[test]
    fn unseen_then_remedies_then_the_longest_unasked() {
        let want = |ticket: &str, remedy, asked: Option<&str>| Want {
            ticket: ticket.parse().unwrap(),
            remedy,
            asked_at: asked.map(|at| at.parse().unwrap()),
            lookup: None,
            closed: None,
            looked_at: None,
        };
        let wants = [
            want("jira:A-1", false, Some("2026-01-01T00:00:00Z")),
            want("jira:A-2", true, Some("2026-01-03T00:00:00Z")),
            want("jira:A-3", true, Some("2026-01-02T00:00:00Z")),
            want("jira:A-4", false, None),
            want("jira:A-5", true, None),
            want("jira:A-6", true, Some("2026-01-05T00:00:00Z")),
        ];
        let keys: Vec<String> = due(&wants).iter().map(|ask| ask.ticket.key().to_string()).collect();
        assert_eq!(keys, ["A-5", "A-4", "A-3", "A-2", "A-6", "A-1"]);
    }
}
