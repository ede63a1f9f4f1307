//! The breaker: when one pass would turn a good part of a tracker's tickets closed, gone or hidden at once, a lost
//! permission or a tracker that misbehaves is likelier than the truth. Then nothing of it is believed until the next pass
//! sees the same, and the tracker knows us by our credentials; or without credentials, shows another ticket as it was.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Confirmed;
use crate::domain::known::{Turn, Want};
use crate::domain::lookup::{Answer, Lookup, LookupKind, Trouble, TroubleKind};
use crate::domain::ticket::TicketId;
use crate::domain::tracker::TrackerId;

/// So many turns at least are too many for one pass …
const MANY: usize = 20;
/// … if they are one in so many of the tracker's tickets that were seen before.
const PART: usize = 5;

/// What was known before the pass, and the answers that would turn it.
#[derive(Default)]
pub(super) struct Breaker {
    /// The tickets that were seen before: whether each was closed, and whether it was hidden the last time.
    before: HashMap<TicketId, (bool, bool)>,
    /// How many tickets of each tracker were seen before.
    seen: BTreeMap<TrackerId, usize>,
    kept: BTreeMap<TrackerId, Vec<(Turn, Answer)>>,
    /// Trackers that told of a ticket what was known of it.
    steady: BTreeSet<TrackerId>,
    /// Trackers of which a person says that what was parked is true.
    confirmed: Confirmed,
}

/// What to do with the answers that were kept back.
pub(super) struct Sorted {
    /// Those to be believed at once.
    pub(super) believed: Vec<Answer>,
    /// Those that the pass before saw alike, to be believed if the tracker knows us.
    pub(super) confirmed: Vec<(Turn, Answer)>,
    /// Those to be parked, with why.
    pub(super) parked: Vec<(Turn, Answer)>,
    pub(super) trouble: Option<Trouble>,
    /// Whether some other ticket is as it was known.
    pub(super) steady: bool,
}

impl Breaker {
    /// With what is wanted and known, before anything is asked.
    pub(super) fn new(wants: &[Want], confirmed: Confirmed) -> Self {
        let mut seen: BTreeMap<TrackerId, usize> = BTreeMap::new();
        let mut before = HashMap::new();
        for (want, closed) in wants.iter().filter_map(|want| Some((want, want.closed?))) {
            *seen.entry(want.ticket.tracker().clone()).or_default() += 1;
            before.insert(want.ticket.clone(), (closed, want.lookup == Some(LookupKind::Hidden)));
        }
        Self { before, seen, kept: BTreeMap::new(), steady: BTreeSet::new(), confirmed }
    }

    /// Keeps back the answers that would turn what is known; gives the others.
    pub(super) fn sift(&mut self, answers: Vec<Answer>) -> Vec<Answer> {
        let mut plain = Vec::new();
        for answer in answers {
            match self.turn(&answer) {
                Some(turn) => {
                    let tracker = answer.asked.tracker().clone();
                    self.kept.entry(tracker).or_default().push((turn, answer));
                }
                None => {
                    if self.is_known(&answer) {
                        self.steady.insert(answer.asked.tracker().clone());
                    }
                    plain.push(answer);
                }
            }
        }
        plain
    }

    /// Whether an answer shows a ticket that was seen before.
    fn is_known(&self, answer: &Answer) -> bool {
        let shows = matches!(answer.lookup.kind(), LookupKind::Found | LookupKind::Moved);
        shows && self.before.contains_key(&answer.asked)
    }

    /// What the answer would turn its ticket into; `None` where that is nothing new.
    fn turn(&self, answer: &Answer) -> Option<Turn> {
        let (was_closed, was_hidden) = *self.before.get(&answer.asked)?;
        match &answer.lookup {
            Lookup::Gone { .. } => Some(Turn::Gone),
            Lookup::Hidden { .. } => (!was_hidden).then_some(Turn::Hidden),
            Lookup::Found(ticket) | Lookup::Moved { ticket: Some(ticket), .. } => {
                (ticket.closed && !was_closed).then_some(Turn::Closed)
            }
            Lookup::Unchanged | Lookup::Moved { ticket: None, .. } | Lookup::Unknown(_) => None,
        }
    }

    /// Decides about one tracker once it was asked for all its tickets. `parked` is what earlier passes parked.
    pub(super) fn sort(&mut self, tracker: &TrackerId, parked: &BTreeMap<TicketId, Turn>) -> Sorted {
        let (kept, steady) = (self.kept.remove(tracker).unwrap_or_default(), self.steady.contains(tracker));
        let (confirmed, fresh): (Vec<_>, Vec<_>) =
            kept.into_iter().partition(|(turn, answer)| parked.get(&answer.asked) == Some(turn));
        // A person's word makes asking the tracker whether it knows us needless, and holds for what that person saw.
        let told = self.confirmed.contains(tracker);
        let (mut believed, confirmed): (Vec<_>, _) = if told {
            (confirmed.into_iter().map(|(_, answer)| answer).collect(), Vec::new())
        } else {
            (Vec::new(), confirmed)
        };
        let seen = self.seen.get(tracker).copied().unwrap_or(0);
        if fresh.len() < MANY || fresh.len() * PART < seen {
            believed.extend(fresh.into_iter().map(|(_, answer)| answer));
            return Sorted { believed, confirmed, parked: Vec::new(), trouble: None, steady };
        }
        let count = |turn: Turn| fresh.iter().filter(|(other, _)| *other == turn).count();
        let turned: Vec<String> = [Turn::Closed, Turn::Gone, Turn::Hidden]
            .into_iter()
            .filter(|turn| count(*turn) > 0)
            .map(|turn| format!("{} {}", count(turn), turn.word()))
            .collect();
        let says = format!(
            "{} of {seen} tickets turned at once ({}): not believed until the next pass sees the same, or \
             `dragnet sync --confirm {tracker}` says so",
            fresh.len(),
            turned.join(", ")
        );
        let trouble = Some(Trouble { kind: TroubleKind::Misread, says });
        Sorted { believed, confirmed, parked: fresh, trouble, steady }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Breaker, Confirmed, Sorted};
    use crate::domain::known::{Turn, Want};
    use crate::domain::lookup::{Answer, Lookup, LookupKind};
    use crate::domain::tracker::{TrackerId, TrackerKind};

    fn want(number: usize, closed: Option<bool>) -> Want {
        Want {
            ticket: format!("jira:A-{number}").parse().unwrap(),
            remedy: true,
            followed: false,
            asked_at: None,
            told_at: None,
            lookup: closed.map(|_| LookupKind::Found),
            closed,
            closed_at: None,
            looked_at: None,
            good_at: None,
            updated_at: None,
            listed_since: None,
            nudge: None,
            moved_to: None,
            last_look: None,
            unlooked: None,
        }
    }

    fn gone(number: usize) -> Answer {
        let lookup = Lookup::Gone { proof: "410".to_owned() };
        Answer { asked: format!("jira:A-{number}").parse().unwrap(), lookup }
    }

    fn sorted(seen: usize, gone_now: usize, parked: usize) -> Sorted {
        sorted_for(Confirmed::new(), seen, gone_now, parked)
    }

    fn sorted_for(confirmed: Confirmed, seen: usize, gone_now: usize, parked: usize) -> Sorted {
        let wants: Vec<Want> = (1..=seen).map(|n| want(n, Some(true))).collect();
        let mut breaker = Breaker::new(&wants, confirmed);
        assert!(breaker.sift((1..=gone_now).map(gone).collect()).is_empty());
        let parked: BTreeMap<_, _> = (1..=parked).map(|n| (gone(n).asked, Turn::Gone)).collect();
        breaker.sort(&TrackerId::first(TrackerKind::Jira), &parked)
    }

    #[test]
    fn a_fifth_and_twenty_at_least_are_too_many() {
        for (seen, gone_now, parked, believed, confirmed, held) in [
            (100, 20, 0, 0, 0, 20),
            (101, 20, 0, 20, 0, 0),
            (100, 19, 0, 19, 0, 0),
            (20, 20, 0, 0, 0, 20),
            (19, 19, 0, 19, 0, 0),
            (100, 60, 60, 0, 60, 0),
            (100, 60, 50, 10, 50, 0),
            (100, 60, 40, 0, 40, 20),
        ] {
            let Sorted { believed: b, confirmed: c, parked: p, trouble, .. } = sorted(seen, gone_now, parked);
            assert_eq!((b.len(), c.len(), p.len()), (believed, confirmed, held), "{gone_now} of {seen}");
            assert_eq!(trouble.is_some(), held > 0);
        }
    }

    #[test]
    fn a_persons_word_holds_for_what_was_parked_and_no_more() {
        let jira = TrackerId::first(TrackerKind::Jira);
        for (confirmed, parked, believed, waiting, held) in
            [(Some(jira.clone()), 60, 60, 0, 0), (Some(jira), 40, 40, 0, 20), (None, 60, 0, 60, 0)]
        {
            let sorted = sorted_for(confirmed.into_iter().collect(), 100, 60, parked);
            let counts = (sorted.believed.len(), sorted.confirmed.len(), sorted.parked.len());
            assert_eq!(counts, (believed, waiting, held));
        }
    }

    #[test]
    fn what_was_never_seen_or_is_no_news_turns_nothing() {
        let mut hidden_before = want(2, Some(false));
        hidden_before.lookup = Some(LookupKind::Hidden);
        let mut breaker = Breaker::new(&[want(1, None), hidden_before], Confirmed::new());
        let hidden = Lookup::Hidden { because: "404".to_owned() };
        let again = Answer { asked: "jira:A-2".parse().unwrap(), lookup: hidden };
        assert_eq!(breaker.sift(vec![gone(1), again]).len(), 2);
    }
}
