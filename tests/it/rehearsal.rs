//! `sync --dry-run`: what would be asked and what that would cost, without asking or writing anything.

use serde_json::Value;

use super::world::{World, noon};

fn many(world: &World) {
    let mut rows = String::from("| Category | Issue | Anecdotes | Occurrences | Status |\n|---|---|---|---|---|\n");
    for number in 1..=130 {
        let ticket = match number % 2 {
            0 => format!("ARCH-{number}"),
            _ => format!("https://github.com/acme/rocket/issues/{number}"),
        };
        rows += &format!("| Pains | Pain {number} | 2021-01-01: ouch | 1 | {ticket} |\n");
        match number % 2 {
            0 => drop(world.jira.issue(&format!("ARCH-{number}"))),
            _ => drop(world.github.issue("acme/rocket", number).closed_as("completed", noon("2021-05-01"))),
        }
    }
    world.write("register.md", rows);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_says_what_a_pass_then_takes_and_leaves_no_trace() {
    let world = World::new().await;
    many(&world);
    let ran = world.run(&["sync", "--dry-run"]).await.ended(0);
    assert_eq!(
        ran.out,
        "Would ask for 130 tickets. Nothing was asked, nothing was written.\n\
         jira: 65 tickets in 1 request, then at most 1 request to look at 65 closings at most, \
         then at most 65 requests for evidence of closed remedies.\n\
         github: 65 tickets in 1 request, then at most 3 requests to look at 65 closings at most; \
         at most 10 of the 5000 points of an hour (0.2 %).\n"
    );
    assert!(world.github_stage.requests().is_empty() && world.jira_stage.requests().is_empty());
    assert!(!world.path("dragnet.db").exists());

    world.run(&["sync"]).await.ended(0);
    assert_eq!((world.github_stage.requests().len(), world.jira_stage.requests().len()), (4, 1));
    let before = std::fs::read(world.path("dragnet.db")).unwrap();
    let ran = world.run(&["sync", "--dry-run", "--format", "json"]).await.ended(0);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(told["trackers"][1]["further_requests_at_most"], 0, "every closing was looked at");
    assert_eq!(told["trackers"][1]["hourly_quota"]["takes"], 1);
    assert_eq!(told["trackers"][0]["closings_at_most"], 0, "all of them are open");
    assert_eq!((world.github_stage.requests().len(), world.jira_stage.requests().len()), (4, 1));
    assert_eq!(std::fs::read(world.path("dragnet.db")).unwrap(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_tells_listings_from_questions() {
    let world = World::new().await;
    let tickets = |from: u64, to: u64| -> String {
        (from..=to).map(|n| format!("https://github.com/acme/rocket/issues/{n} ARCH-{n}\n")).collect()
    };
    for n in 1..=130 {
        world.github.issue("acme/rocket", n);
        world.jira.issue(&format!("ARCH-{n}"));
    }
    world.write("a.md", tickets(1, 120));
    world.run(&["sync"]).await.ended(0);
    world.write("a.md", tickets(1, 130));
    let ran = world.run(&["sync", "--dry-run"]).await.ended(0);
    assert_eq!(
        ran.out,
        "Would ask for 260 tickets. Nothing was asked, nothing was written.\n\
         jira: 130 tickets, 120 of them by 1 listing of what changed (which is asked for on top), the others in 1 \
         request, then at most 1 request to look at 10 closings at most.\n\
         github: 130 tickets, 120 of them by 1 listing of what changed (which is asked for on top), the others in 1 \
         request, then at most 1 request to look at 10 closings at most; at most 4 of the 5000 points of an hour (0.1 %).\n"
    );
    let ran = world.run(&["sync", "--dry-run", "--full"]).await.ended(0);
    assert!(ran.out.contains("github: 130 tickets in 2 requests"), "{}", ran.out);
    let before = (world.github_stage.requests().len(), world.jira_stage.requests().len());
    world.run(&["sync"]).await.ended(0);
    let asked = (world.github_stage.requests().len() - before.0, world.jira_stage.requests().len() - before.1);
    assert_eq!(asked, (2, 2), "a listing, and the new ones");
}

/// What was told of each tracker, and what the pass after it took: tickets, least and most requests.
async fn agrees(world: &World, full: bool, what: &str) {
    let arguments = |more: &'static str| {
        let mut arguments = vec!["sync", "--format", "json", more];
        arguments.retain(|argument| !argument.is_empty());
        arguments.extend(full.then_some("--full"));
        arguments
    };
    let json = |ran: super::world::Ran| -> Value { serde_json::from_str(&ran.ended(0).out).unwrap() };
    let told = json(world.run(&arguments("--dry-run")).await);
    let made = json(world.run(&arguments("")).await);
    let number = |value: &Value| value.as_u64().unwrap();
    assert_eq!(number(&told["tickets"]), number(&made["asked"]), "{what}");
    for tracker in told["trackers"].as_array().unwrap() {
        let name = tracker["tracker"].as_str().unwrap();
        let least = number(&tracker["requests"]) + number(&tracker["listings"]);
        let most = least + number(&tracker["further_requests_at_most"]) + number(&tracker["evidence_requests_at_most"]);
        let asked = number(&made["requests"][name]);
        assert!((least..=most).contains(&asked), "{what}: {name} took {asked}, told were {least} to {most}");
    }
}

/// Whatever is known and whoever is asked, a pass takes what its rehearsal told of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_pass_takes_what_its_rehearsal_told() {
    let anonymous = |world: &World| {
        let config = std::fs::read_to_string(world.path("dragnet.toml")).unwrap();
        world.write(
            "dragnet.toml",
            config
                .lines()
                .filter(|line| !line.contains("token_file"))
                .fold(String::new(), |all, line| all + line + "\n"),
        );
    };
    type Way = fn(&World);
    let ways: [(&str, bool, Way); 4] = [
        ("Cloud", false, |_| {}),
        ("Data Center", true, |_| {}),
        ("evidence", false, |world| {
            world.github.repo("acme/rocket");
            world.configure("evidence_repos = [\"acme/rocket\"]");
        }),
        ("strangers", false, |_| {}),
    ];
    for (what, center, arrange) in ways {
        let world = if center { World::with_data_center().await } else { World::new().await };
        arrange(&world);
        let strangers = what == "strangers";
        let tickets: u64 = if strangers { 20 } else { 260 };
        if strangers {
            anonymous(&world);
        }
        let mut rows = Vec::new();
        for number in 1..=tickets {
            let minutes = chrono::TimeDelta::minutes(number.cast_signed());
            let (key, at) = (format!("ARCH-{number}"), noon("2021-05-01") + minutes);
            let (issue, ticket) = (world.jira.issue(&key), world.github.issue("acme/rocket", number));
            if number % 2 == 0 {
                issue.status("Done", "done").resolution("Done", at);
                ticket.closed_as("completed", at);
            }
            rows.push(format!("| Pains | Pain {number} | 2020-01-01: ouch | 1 | {key} acme/rocket#{number} |"));
        }
        let head = "| Category | Issue | Anecdotes | Occurrences | Status |\n|---|---|---|---|---|";
        world.write("register.md", format!("{head}\n{}\n", rows.join("\n")));
        agrees(&world, false, &format!("{what}: for the first time")).await;
        agrees(&world, false, &format!("{what}: nothing changed")).await;
        agrees(&world, true, &format!("{what}: in full")).await;
        for number in tickets + 1..=tickets + 7 {
            world.jira.issue(&format!("ARCH-{number}"));
            world.github.issue("acme/rocket", number).closed_as("completed", noon("2021-05-01"));
            rows.push(format!("| Pains | Pain {number} | 2020-01-01: ouch | 1 | ARCH-{number} acme/rocket#{number} |"));
        }
        world.write("register.md", format!("{head}\n{}\n", rows.join("\n")));
        agrees(&world, false, &format!("{what}: a few more")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_would_be_asked_for_is_said() {
    let world = World::new().await;
    world.write("register.md", "See https://github.com/acme/rocket/issues/1\n");
    world.write("dragnet.toml", "[[source]]\nname = \"d\"\npath = \"*.md\"\n");
    let ran = world.run(&["sync", "--dry-run"]).await;
    assert!(ran.out.contains("Would ask for 0 tickets."), "{}", ran.out);
    world.write("lost.md", [0xff, 0xfe, 0x00, 0xd8, 0x00]);
    world.run(&["sync", "--dry-run"]).await.ended(3).complained(&["lost.md"]);
}
