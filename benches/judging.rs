//! How long it takes to read from the store and judge 100,000 tickets with what surrounds their closings, and one page's
//! worth: at once, as reports do, and in portions, as passes do.
//!
//! `cargo bench --bench judging` prints both and ends with 1 where a goal is missed.

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use dragnet::clock::Clock;
use dragnet::config::Config;
use dragnet::domain::document::{Content, Reading};
use dragnet::domain::judged::Judged;
use dragnet::domain::known::KnownTicket;
use dragnet::domain::lookup::{Answer, Lookup};
use dragnet::domain::policy::Policy;
use dragnet::domain::verdict::Verdict;
use dragnet::http::{Client, Limits};
use dragnet::store::Store;
use dragnet::sync::{self, Shop};
use dragnet::trackers::Trackers;
use dragnet::{documents, judge, references};

const CONFIG: &str = "[[tracker]]\nname = \"j\"\nkind = \"jira\"\nsite = \"https://j.example\"\nprojects = [\"OPS\"]\n\
                      [[tracker]]\nname = \"g\"\nkind = \"github\"\n";

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

/// A store on disk with a register that cites so many tickets, and what trackers told of them.
async fn store(folder: &Path, tickets: usize) -> Store {
    let known: Vec<KnownTicket> =
        (0..tickets).map(|number| judge::record(&record(number)).expect("records of our own")).collect();
    let mut text = "| Category | Issue | Anecdotes | Occurrences | Status |\n|---|---|---|---|---|\n".to_owned();
    for (row, pair) in known.chunks(2).enumerate() {
        let cited: Vec<String> = pair.iter().map(|ticket| ticket.id.key().to_string()).collect();
        let _ = writeln!(text, "| c | Pain {row} | 2021-06-01: met it | 2 | {} |", cited.join(" "));
    }
    let claims = Config::from_text(Path::new("dragnet.toml"), CONFIG).expect("a configuration of our own").claims();
    let mut read = documents::read("register.md", text, &Reading { content: Content::Register, ..Reading::default() });
    let scan = references::cite(&mut read, &claims);
    assert_eq!(scan.references.len(), tickets, "every ticket is cited");
    documents::identity::assign(&mut read.challenges, &[], |_| false);
    let store = Store::open(&folder.join(format!("{tickets}.db"))).await.expect("a store in a folder of our own");
    let (writer, now) = (store.unfenced(), Clock::system().now());
    let remembered = writer.remember_document("r", read, scan.references, scan.unclaimed, scan.problems, now);
    remembered.await.expect("the register is stored");
    let mut answers = known.into_iter().map(|ticket| Answer {
        lookup: Lookup::Found(ticket.facts.expect("a record tells of its ticket")),
        asked: ticket.id,
    });
    loop {
        let batch: Vec<Answer> = answers.by_ref().take(1000).collect();
        if batch.is_empty() {
            return store;
        }
        writer.remember_answers(&batch, now).await.expect("answers are stored");
    }
}

/// Reads all that is known and judges it; how long each took.
async fn judged(store: &Store) -> (Duration, Duration, Judged) {
    let begun = Instant::now();
    let known = store.known().await.expect("a store of our own");
    let read = begun.elapsed();
    let judged = judge::judge(&known, &Policy::default(), Clock::system().now());
    (read, begun.elapsed() - read, judged)
}

/// Has a pass judge everything in portions and hold it against what it remembers.
async fn judged_in_portions(store: &Store) -> Duration {
    let config = Config::from_text(Path::new("dragnet.toml"), CONFIG).expect("a configuration of our own");
    let client = Client::new(Limits::default()).expect("a client that asks nobody");
    let shop = Shop {
        sources: Vec::new(),
        claims: config.claims(),
        policy: Policy::default(),
        waivers: Vec::new(),
        store: store.clone(),
        trackers: Trackers::new(&[], &client).expect("no tracker to speak of"),
        remotes: std::sync::Arc::default(),
        clock: Clock::system(),
        whole: true,
    };
    let begun = Instant::now();
    sync::rejudge(&shop).await.expect("a store of our own");
    begun.elapsed()
}

#[tokio::main]
async fn main() -> ExitCode {
    let folder = tempfile::tempdir().expect("a folder for the bench");
    let mut fine = true;
    for (tickets, mark) in [(PAGE, MARK_OF_A_PAGE), (TICKETS, MARK)] {
        let store = store(folder.path(), tickets).await;
        // The phrases are compiled once in a process, and the file is in memory then as it is for a daemon.
        drop(judged(&store).await);
        let (reading, judging, judged) = judged(&store).await;
        let took = reading + judging;
        judged_in_portions(&store).await;
        let in_portions = judged_in_portions(&store).await;
        fine &= took < mark && in_portions < mark;
        let undone = judged.tickets.values().filter(|judgement| judgement.verdict == Verdict::Undone).count();
        print(&format!(
            "{tickets} tickets: {took:.1?} (goal {mark:?}): {reading:.1?} to read, {judging:.1?} to judge; {undone} undone; in \
             portions: {in_portions:.1?}"
        ));
    }
    if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[expect(clippy::print_stdout, reason = "a benchmark is there to print")]
fn print(line: &str) {
    println!("{line}");
}
