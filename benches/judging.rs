//! How long judging takes: 100,000 tickets with what surrounds their closings, and one page's worth.
//!
//! `cargo bench --bench judging` prints both and ends with 1 where a mark is missed.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use dragnet::domain::known::KnownTicket;
use dragnet::domain::verdict::Verdict;
use dragnet::judge;

const TICKETS: usize = 100_000;
const PAGE: usize = 100;
const MARK: Duration = Duration::from_secs(3);
const MARK_OF_A_PAGE: Duration = Duration::from_millis(20);

/// Comments as people write them: most of them about the matter, the last one about the closing.
const TALK: [&str; 6] = [
    "I looked into this. The pump is started before the valve has reported that it is open, so that the pressure rises \
     for a moment and the sensor gives up. Maybe we should wait for the valve.\n\n```\nwait(valve).then(start)\n```",
    "> could you try the newer firmware?\n\nI did, with the same result. See the log below, and the one from Tuesday.",
    "Any news on this? We meet it about once a week on the test stand, and have to restart everything afterwards.",
    "Thanks for the report! Which version of the controller is it, and does it happen with a cold tank as well?",
    "+1",
    "The same here since we moved the sensors. It works if one starts the pump by hand, which is no way to live.",
];
const LAST: [&str; 6] = [
    "Fixed in #12, will be part of 2.1. Feel free to reopen if it isn't fixed for you.",
    "We have no plans to do this; closing.",
    "Duplicate of #9",
    "Closing, this is no longer supported.",
    "I just committed this, thanks.",
    "Closing.",
];

fn record(number: usize) -> String {
    let comments: Vec<String> = (0..number % 5)
        .map(|at| TALK[(number + at) % TALK.len()])
        .chain([LAST[number % LAST.len()]])
        .enumerate()
        .map(|(at, text)| {
            serde_json::json!({"author": format!("ada{at}"), "date": format!("2021-05-0{}T00:00:00Z", at + 1),
                "excerpt": text, "author_association": "MEMBER"})
            .to_string()
        })
        .collect();
    let comments = comments.join(",");
    if number.is_multiple_of(2) {
        format!(
            r##"{{"id":"github:acme/rocket#{}","state":"closed","closed_at":"2021-05-07T00:00:00Z","closed_by":"ada1",
            "comments":[{comments}],"links":[{{"kind":"pull","ref":"acme/rocket#12","from":"event","state":"merged",
            "title":"Wait for the valve","closed_at":"2021-05-06T00:00:00Z"}}]}}"##,
            number + 100
        )
    } else {
        format!(
            r#"{{"id":"jira:OPS-{}","status":"Closed","status_category":"done","resolution":"Fixed",
            "resolutiondate":"2021-05-07T00:00:00.000+0000","comments":[{comments}]}}"#,
            number + 1
        )
    }
}

/// The judging of some tickets, spread over the machine's cores.
fn judged(tickets: &[KnownTicket]) -> usize {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(2);
    std::thread::scope(|scope| {
        let parts: Vec<_> = tickets
            .chunks(tickets.len().div_ceil(threads))
            .map(|part| {
                let undone = |ticket: &&KnownTicket| judge::ticket(ticket, &[]).verdict == Verdict::Undone;
                scope.spawn(move || part.iter().filter(undone).count())
            })
            .collect();
        parts.into_iter().map(|part| part.join().expect("judging does not panic")).sum()
    })
}

fn main() -> ExitCode {
    let tickets: Vec<KnownTicket> =
        (0..TICKETS).map(|number| judge::record(&record(number)).expect("records of our own")).collect();
    // The phrases are compiled once in a process; that is not part of any ticket.
    judged(&tickets[..PAGE]);
    let mut fine = true;
    for (what, tickets, mark) in [("all", &tickets[..], MARK), ("a page", &tickets[..PAGE], MARK_OF_A_PAGE)] {
        let started = Instant::now();
        let undone = judged(tickets);
        let took = started.elapsed();
        fine &= took < mark;
        report(&format!("{what}: {} tickets in {took:?} (mark {mark:?}), {undone} undone", tickets.len()));
    }
    if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn report(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}
