//! The order of findings: what a lead should care about first. Severity is for CI and has no say in it.

use crate::domain::finding::Code;

use super::Draft;

/// Broken promises, pain that came back, remedies that did not help, broken and moved links, forgotten remedies,
/// closings without proof, then hygiene. Within each the heaviest first; equals by place.
pub(super) fn sort(drafts: &mut [Draft]) {
    drafts.sort_by(|a, b| {
        tier(a.code)
            .cmp(&tier(b.code))
            .then_with(|| b.weight.total_cmp(&a.weight))
            .then_with(|| a.place.cmp(&b.place))
            .then_with(|| a.ticket.cmp(&b.ticket))
            .then_with(|| a.challenge.cmp(&b.challenge))
            .then_with(|| a.identity.cmp(&b.identity))
    });
}

fn tier(code: Code) -> u8 {
    match code {
        Code::Reverted | Code::ClosedUndone => 0,
        Code::RecurredAfterClose => 1,
        Code::RemedyDidNotHelp => 2,
        Code::BrokenLink => 3,
        Code::MovedTicket => 4,
        Code::StaleTicket => 5,
        Code::ClosedUnverified => 6,
        Code::NoteOutdated => 7,
        Code::DecisionOutdated => 7,
        Code::HiddenTicket | Code::DeadLink => 8,
        Code::ExpiredWaiver | Code::EndingWaiver => 9,
        Code::PrivateLink => 10,
        Code::UnreadableSource => 11,
        Code::MalformedRow => 12,
        Code::MalformedReference => 13,
        Code::UntrackedChallenge => 14,
        Code::OccurrenceMismatch => 15,
        Code::IncompleteAnecdote => 16,
        Code::UnmappedResolution | Code::UnclaimedReference | Code::UnreadTable => 17,
        Code::DroppedFollowUp => 18,
        Code::UnusedWaiver => 19,
    }
}

#[cfg(test)]
mod tests {
    use super::tier;
    use crate::domain::finding::Code;

    #[test]
    fn broken_promises_come_before_links_and_links_before_hygiene() {
        let mut codes = Code::ALL.to_vec();
        codes.sort_by_key(|code| tier(*code));
        let at = |code: Code| codes.iter().position(|c| *c == code).unwrap();
        for (first, second) in [
            (Code::ClosedUndone, Code::RecurredAfterClose),
            (Code::RecurredAfterClose, Code::RemedyDidNotHelp),
            (Code::RemedyDidNotHelp, Code::BrokenLink),
            (Code::BrokenLink, Code::MovedTicket),
            (Code::MovedTicket, Code::StaleTicket),
            (Code::StaleTicket, Code::ClosedUnverified),
            (Code::ClosedUnverified, Code::UntrackedChallenge),
        ] {
            assert!(at(first) < at(second), "{first} before {second}");
        }
    }
}
