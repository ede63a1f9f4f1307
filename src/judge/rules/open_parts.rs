//! Rule: parts of the work that were open when the ticket was closed.

use super::{Rule, RuleDoc, told};
use crate::domain::details::Subtask;
use crate::domain::verdict::{Evidence, Side};
use crate::judge::case::Case;
use crate::judge::families::Names;

pub(super) const RULE: Rule = Rule {
    doc: RuleDoc {
        name: "open-parts",
        sees: "sub-tasks and sub-issues that are open, and boxes of the description that are not ticked, on a closed \
               ticket",
        counts: "weak against: people forget to tick boxes, and leave a part for later. The larger the share that is \
                 open, the more it counts; it never decides alone",
        fails: "where boxes belong to a template",
        example: "OPS-7 was closed with 2 of 3 sub-tasks open: a hint for undone",
    },
    look,
};

fn look(case: &Case<'_>) -> Vec<Evidence> {
    let Some(facts) = case.closed() else { return Vec::new() };
    let key = case.id.key();
    let mut evidence = Vec::new();
    let subtasks = &facts.details.subtasks;
    let open = subtasks.iter().filter(|subtask| is_open(case.names, subtask)).count();
    if open > 0 {
        let says = format!("{key} was closed with {open} of {} sub-tasks open", subtasks.len());
        evidence.push(told(case, &RULE.doc, Side::Undone, hint(open, subtasks.len()), says));
    }
    if let Some(boxes) = facts.details.boxes.filter(|boxes| boxes.unchecked > 0) {
        let (open, all) = (boxes.unchecked as usize, boxes.unchecked as usize + boxes.checked as usize);
        let says = format!("{key} was closed with {open} of {all} boxes not ticked");
        // None ticked at all: nobody kept them.
        let strength = if boxes.checked == 0 { 0.15 } else { hint(open, all) };
        evidence.push(told(case, &RULE.doc, Side::Undone, strength, says));
    }
    evidence
}

fn is_open(names: &Names, subtask: &Subtask) -> bool {
    match (subtask.closed, subtask.status.as_deref()) {
        (Some(closed), _) => !closed,
        (None, Some(status)) => names.is_open(status),
        (None, None) => false,
    }
}

fn hint(open: usize, all: usize) -> f64 {
    let share = open.min(all) as f64 / all.max(1) as f64;
    0.2 + 0.2 * share
}

#[cfg(test)]
mod tests {
    use crate::domain::details::{Boxes, Subtask};
    use crate::domain::verdict::Verdict::{Done, Undone, Unverified};
    use crate::judge::testing::{details, issue, jira, verdict};

    #[test]
    fn open_parts_are_a_hint_and_no_more() {
        for (resolution, statuses, expected) in [
            (None, &["Open", "In Progress"][..], Unverified),
            (Some("Fixed"), &["Open", "Closed", "Done"], Done),
            (Some("On Hold"), &["Open", "Open"], Undone),
            (None, &["Closed", "Fertig"], Unverified),
        ] {
            let mut ticket = jira("OPS-7", "Closed", resolution);
            let subtask = |status: &&str| Subtask { status: Some((*status).to_owned()), ..Subtask::default() };
            details(&mut ticket).subtasks = statuses.iter().map(subtask).collect();
            assert_eq!(verdict(&ticket), expected, "{resolution:?} {statuses:?}");
        }
    }

    #[test]
    fn boxes_are_counted() {
        let seen = |checked, unchecked| {
            let mut ticket = issue("acme/rocket#7", None, "2021-05-04");
            details(&mut ticket).boxes = Some(Boxes { checked, unchecked });
            let judged = crate::judge::ticket(&ticket, &[]);
            judged.evidence.iter().filter(|e| e.rule == "open-parts").map(|e| e.strength).sum::<f64>()
        };
        assert_eq!((seen(3, 0), seen(0, 0)), (0.0, 0.0));
        assert!(seen(1, 9) > seen(9, 1) && seen(9, 1) > seen(0, 5) && seen(0, 5) > 0.0);
    }
}
