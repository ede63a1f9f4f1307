//! The whole way over both real pages, and a record of every exchange with the stand-ins for `validate.mjs`.

use std::io::Write;

use dragnet::domain::details::Closing;
use dragnet::domain::follow::Quest;
use dragnet::domain::ticket::TicketId;
use dragnet::domain::tracker::{Credential, Flavor, TrackerId, TrackerKind, TrackerSettings};
use dragnet::http::{Client, Limits};
use dragnet::standin::{self, Confluence, Exchange, GitHub, Jira, Running};
use dragnet::trackers::Trackers;
use serde_json::Value;

use super::shared;
use super::world::{World, noon, repository};

const JIRA_TICKETS: [&str; 9] = [
    "INFRA-39",
    "BOM-1161",
    "ARCHBOM-1202",
    "AA-664",
    "ARCHBOM-107",
    "ARCHBOM-1218",
    "ARCHBOM-1152",
    "ARCHBOM-1150",
    "SRE-84",
];

/// The real pages, cited tickets in all states that trackers know.
async fn real_pages() -> World {
    let world = World::new().await;
    let (jira, github) = (&world.jira_stage.url, &world.github_stage.url);
    let mut sources = String::new();
    for page in ["challenges", "arch-hours"] {
        let path = shared(&format!("seeds/{page}-page.txt"));
        sources += &format!("[[source]]\nname = \"{page}\"\npath = \"{}\"\n", path.display());
    }
    world.write(
        "dragnet.toml",
        format!(
            r#"{sources}
[[tracker]]
name = "openedx"
kind = "jira"
site = "https://openedx.atlassian.net"
api_url = "{jira}"
flavor = "cloud"
projects = ["ARCHBOM", "BOM", "AA", "INFRA", "SRE"]
[[tracker]]
name = "github"
kind = "github"
api_url = "{github}"
token_file = "github-token"
"#
        ),
    );
    for key in JIRA_TICKETS {
        world.jira.issue(key).status("Closed", "done").resolution("Done", noon("2020-07-01"));
    }
    world.jira.issue("ARCHBOM-1202").resolution("Won't Do", noon("2021-05-04"));
    world.jira.issue("ARCHBOM-1218").status("To Do", "new");
    world.github.pull("edx/edx-platform", 26582).merged(noon("2021-02-17"));
    world.github.issue("openedx/docs.openedx.org", 449);
    world.github.issue("openedx/edx-platform", 32609).closed_as("completed", noon("2024-01-01"));
    world.github.issue("openedx/wg-frontend", 126).closed_as("not_planned", noon("2023-03-01"));
    world.github.issue("edx/edx-arch-experiments", 93).closed_as("duplicate", noon("2023-03-01"));
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn both_real_pages_go_the_whole_way() {
    let world = real_pages().await;
    world.run(&["sync"]).await.ended(0);
    let report = world.report().await;
    assert_eq!(report["tickets"].as_array().unwrap().len(), 14);
    assert_eq!(report["counts"]["tickets"], 14);
    assert_eq!(report["counts"]["lookups"]["found"], 14);
    assert_eq!(report["counts"]["challenges"], 12);
    let standing = |title: &str| -> String {
        let challenges = report["challenges"].as_array().unwrap();
        let found = challenges.iter().find(|one| one["title"].as_str().unwrap().starts_with(title)).unwrap();
        found["standing"].as_str().unwrap().to_owned()
    };
    for (title, expected) in [
        ("Messy JWT", "broken-promise"),          // noted, turned down
        ("LMS missing", "broken-promise"),        // closed in July 2020, met again in February 2021
        ("JWT Cookie seems", "promised"),         // open
        ("JWT Expired", "broken-promise"),        // noted
        ("JWT Cookie Refresh", "broken-promise"), // the hypothesis did not pan out
        ("Managing admin access", "no-remedy"),   // SRE-84 is an incident, whatever became of it
        ("Networking problems", "no-remedy"),
    ] {
        assert_eq!(standing(title), expected, "{title}");
    }

    world.run(&["check"]).await.ended(0);
    world.github.deleted("openedx/docs.openedx.org", 449);
    world.run(&["check"]).await.ended(1);
    world.github.transferred("openedx/wg-frontend", 126, "openedx/frontend", 7);
    world.jira.moved("AA-664", "ACCOUNTS-12");
    world.jira.hidden("SRE-84");
    world.run(&["sync"]).await.ended(0);
    let lookups = &world.report().await["counts"]["lookups"];
    assert_eq!(lookups, &serde_json::json!({"found": 10, "moved": 2, "gone": 1, "hidden": 1, "unknown": 0}));
    let before = world.report().await;

    write_down("jira", &world.jira_stage);
    write_down("github", &world.github_stage);
    world.jira_stage.refuse().await;
    world.github_stage.refuse().await;
    world.run(&["check"]).await.ended(3);
    let after = world.report().await;
    assert_eq!(after["counts"]["lookups"]["unknown"], 14);
    for part in ["verdicts", "standings"] {
        assert_eq!(after["counts"][part], before["counts"][part]);
    }
    for (now, then) in after["tickets"].as_array().unwrap().iter().zip(before["tickets"].as_array().unwrap()) {
        assert_eq!(now["checked_at"], then["checked_at"], "the age of the last good answer stays beside it");
    }
}

/// What the pages do not make trackers say: Data Center has no official description, so Cloud and GitHub alone; without a
/// token; renamed, private and missing homes.
#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_answer_is_written_down() {
    let (jira, github) = (Jira::cloud(), GitHub::new());
    let (jira_stage, github_stage) =
        (standin::serve(jira.clone()).await.unwrap(), standin::serve(github.clone()).await.unwrap());
    jira.issue("A1-1");
    jira.issue("A1-9").status("Cancelled", "done");
    jira.moved("A1-2", "B1-5");
    jira.moved("A1-3", "B1-6");
    jira.hidden("A1-4");
    jira.project_hidden("C1");
    surround(&jira, &github);
    github.issue("acme/rocket", 2).reopened(noon("2024-01-01"));
    github.pull("acme/rocket", 3).closed_unmerged(noon("2024-01-01"));
    github.pull("acme/rocket", 4).merged(noon("2024-01-01"));
    github.issue("acme/old", 5);
    github.renamed("acme/old", "acme/new");
    github.transferred("acme/rocket", 6, "acme/engine", 1);
    github.deleted("acme/rocket", 7);
    github.private("acme/secret");
    let text = "A1-1 A1-2 A1-3 A1-4 A1-9 A1-77 C1-1 acme/rocket#1 acme/rocket#2 acme/rocket#3 acme/rocket#4 acme/old#5 \
                acme/rocket#6 acme/rocket#7 acme/rocket#99 acme/secret#1 acme/nowhere#1";
    for token in ["", "token_file = \"github-token\"\n"] {
        let world = World::new().await;
        world.write("cited.md", text);
        world.write(
            "dragnet.toml",
            format!(
                "[[source]]\nname = \"d\"\npath = \"cited.md\"\n\
                 [[tracker]]\nname = \"j\"\nkind = \"jira\"\nsite = \"https://j.example\"\napi_url = \"{}\"\n\
                 projects = [\"A1\", \"C1\"]\n\
                 [[tracker]]\nname = \"g\"\nkind = \"github\"\napi_url = \"{}\"\n{token}",
                jira_stage.url, github_stage.url
            ),
        );
        world.run(&["sync"]).await;
        let lookups = world.report().await["counts"]["lookups"].clone();
        let sum: u64 = lookups.as_object().unwrap().values().map(|number| number.as_u64().unwrap()).sum();
        assert_eq!(sum, 17, "{lookups}");
        assert_eq!(lookups["unknown"], 0, "{lookups}");
    }
    // A closing looked at without a token.
    let world = World::new().await;
    let link = ["why", "https://github.com/acme/rocket/issues/1", "--api-url", github_stage.url.as_str()];
    world.run(&link).await.ended(0);
    recognise(&jira_stage, &github_stage).await;
    write_down("jira", &jira_stage);
    write_down("github", &github_stage);
}

/// Listings of what changed: whole, unchanged, and of more pages than one.
#[tokio::test(flavor = "multi_thread")]
async fn listings_are_written_down() {
    let world = World::new().await;
    let cited: String = (1..=220).map(|n| format!("https://github.com/acme/rocket/issues/{n} ARCH-{n}\n")).collect();
    world.write("cited.md", cited);
    for n in 1..=220 {
        world.jira.issue(&format!("ARCH-{n}"));
        world.github.issue("acme/rocket", n);
    }
    let now = noon("2026-06-01");
    world.jira.now(now).page(50);
    world.run(&["sync"]).await.ended(0);
    for n in 1..=120 {
        world.jira.issue(&format!("ARCH-{n}")).updated(now);
        world.github.issue("acme/rocket", n).updated(now - chrono::TimeDelta::minutes(i64::try_from(n).unwrap()));
    }
    for _ in 0..3 {
        world.run(&["sync"]).await.ended(0);
    }
    assert!(world.github_stage.requests().iter().any(|exchange| exchange.status == 304));
    write_down("jira", &world.jira_stage);
    write_down("github", &world.github_stage);
}

/// What other programs ask of the stand-in, which stands beside dragnet in benches/peers: comments, and people.
#[tokio::test(flavor = "multi_thread")]
async fn what_peers_ask_is_written_down() {
    let world = World::new().await;
    for (n, remarks) in [(1, 40), (2, 0), (3, 2)] {
        let mut issue = world.github.issue("acme/rocket", n);
        for remark in 0..remarks {
            issue = issue.comment("ada", &format!("The {remark}. remark"), noon("2024-01-01"));
        }
    }
    let get = async |path: &str| {
        let url = world.github_stage.url.join(path).unwrap();
        let request = reqwest::Client::new().get(url).header("user-agent", "peer").header("accept", "application/json");
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        let next = answer.headers().get("link").is_some_and(|link| link.to_str().unwrap().contains("rel=\"next\""));
        let body: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        (body.as_array().map_or(0, Vec::len), next)
    };
    assert_eq!(get("repos/acme/rocket/issues/1/comments").await, (30, true));
    assert_eq!(get("repos/acme/rocket/issues/1/comments?page=2").await, (10, false));
    assert_eq!(get("repos/acme/rocket/issues/2/comments").await, (0, false));
    assert_eq!(get("repos/acme/rocket/issues/comments?per_page=100").await, (42, false));
    get("users/ada").await;
    get("users/ada/orgs").await;
    write_down("github", &world.github_stage);
}

/// The issue that a digest keeps up to date.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_digest_asks_is_written_down() {
    let world = World::new().await;
    world.configure(&format!(
        "[[digest]]\nname = \"open\"\nkind = \"github\"\nrepo = \"acme/handbook\"\nissue = 7\napi_url = \"{}\"\n\
         token_file = \"github-token\"\n",
        world.github_stage.url
    ));
    world.github.issue("acme/handbook", 7);
    world.register(&[("Builds are slow", "2020-01-01: x", "")]);
    world.run(&["sync"]).await.ended(0);
    world.github_stage.forget();
    world.run(&["digest", "send", "--now"]).await.ended(0);
    world.run(&["doctor"]).await;
    assert!(world.github_stage.requests().iter().any(|exchange| exchange.method == "PATCH" && exchange.status == 200));
    write_down("github", &world.github_stage);
}

/// Sources that are no files: a wiki's pages in every way of naming them, a repository's files.
#[tokio::test(flavor = "multi_thread")]
async fn what_sources_are_asked_is_written_down() {
    let (world, wiki) = (World::new().await, Confluence::cloud());
    let stage = standin::serve(wiki.clone()).await.unwrap();
    wiki.account("bot@example.org", "wiki-s3cret").lists(1);
    world.write("wiki-token", "wiki-s3cret");
    for page in 1..5 {
        wiki.page(page, "<p>ARCH-1</p>");
    }
    wiki.under(2, 1).under(3, 1).under(4, 3).label(2, "register").label(4, "register").label(4, "other");
    world.github.file("acme/handbook", "main", "a.md", "ARCH-1");
    world.jira.issue("ARCH-1");
    let source = |name: &str, which: &str| {
        format!(
            "[[source]]\nname = \"{name}\"\nconfluence = \"https://{name}.atlassian.net/wiki\"\napi_url = \"{}wiki\"\n{which}\n\
             email = \"bot@example.org\"\ntoken_file = \"wiki-token\"\n",
            stage.url
        )
    };
    let handbook = format!(
        "[[source]]\nname = \"handbook\"\nrepo = \"acme/handbook\"\npath = \"*.md\"\napi_url = \"{}\"\ntoken_file = \"github-token\"\n",
        world.github_stage.url
    );
    let sources = [
        source("one", "page = 1\nannotate = \"write\""),
        source("tree", "under = 1"),
        source("label", "label = \"register\""),
        handbook,
    ];
    world.configure_sources(&sources.concat());
    wiki.meanwhile(1, "<p>ARCH-1 again</p>");
    world.run(&["sync"]).await.ended(0);
    world.run(&["sync"]).await.ended(0);
    assert!(stage.requests().iter().filter(|exchange| exchange.method == "PUT").map(|one| one.status).eq([409, 200]));
    wiki.trash(4).delete(2);
    world.run(&["sync"]).await.ended(3);
    write_down("confluence", &stage);
    write_down("github", &world.github_stage);
}

/// All that can surround a closing.
fn surround(jira: &Jira, github: &GitHub) {
    let (before, then, after) = (noon("2023-12-31"), noon("2024-01-01"), noon("2024-01-02"));
    github.issue("acme/rocket", 20).closed_as("completed", before).converted_to_discussion(3, then);
    github.issue("acme/rocket", 1).author("ada", "CONTRIBUTOR").assigned("grace").labelled("bug").milestone("v2");
    github
        .issue("acme/rocket", 1)
        .body("- [x] measure")
        .closed_as("not_planned", before)
        .reopened(before)
        .comment("stale[bot]", "Any news?", before)
        .closed_as("completed", then)
        .closed_by_pull("acme/rocket", 4)
        .duplicate_of("acme/rocket", 20, then)
        .mentioned_by("acme/rocket", 20)
        .referenced_by("c0ffee", "Mention it", after)
        .sub_issue("acme/rocket", 20);
    github.pull("acme/rocket", 4).titled("Start faster").merged(then).reverted_by(21, after);
    jira.issue("A1-9")
        .of_type("Bug")
        .described("Takes a minute.\nSee A1-1.")
        .labelled("slow")
        .assigned("Grace H")
        .fix_version("1.2", true)
        .link("is duplicated by", "A1-1")
        .subtask("A1-1")
        .comment("Automation[bot]", "Closed by rule", then)
        .moved_through(&["To Do", "In Progress", "Cancelled"], "Grace H", then);
    // Of these some are left out beside the issue.
    for _ in 0..150 {
        jira.issue("A1-9").comment("Ada L", "And after that?", after);
    }
}

/// Who the credentials belong to is asked only after mass changes, and evidence is looked for last.
async fn recognise(jira: &Running, github: &Running) {
    let settings = [(TrackerKind::Jira, jira), (TrackerKind::GitHub, github)].map(|(kind, stage)| TrackerSettings {
        id: TrackerId::first(kind),
        name: kind.to_string(),
        site: stage.url.clone(),
        api_url: stage.url.clone(),
        flavor: (kind == TrackerKind::Jira).then_some(Flavor::Cloud),
        credential: Credential::Bearer("token".to_owned().into()),
        evidence_repos: ["acme/rocket", "acme/*", "acme/secret", "nobody/*"].map(str::to_owned).to_vec(),
        reserve: 0,
    });
    let trackers = Trackers::new(&settings, &Client::new(Limits::default()).unwrap()).unwrap();
    for tracker in settings {
        trackers.recognise(&tracker.id).await.unwrap();
    }
    look_for_evidence(&trackers).await;
}

/// Places that are shown and places that are not, searches, and links beside a ticket.
async fn look_for_evidence(trackers: &Trackers) {
    let (grounds, troubles) = trackers.shown_grounds().await;
    assert_eq!(troubles.len(), 1, "two of the places are not shown");
    let ticket: TicketId = "jira:A1-9".parse().unwrap();
    let closing = Closing { state: "Cancelled".to_owned(), ..Closing::default() };
    let quest = Quest { key: ticket.clone(), ticket, closing, links: true };
    let (found, troubles) = trackers.look_for(vec![quest], &grounds.unwrap()).await;
    assert_eq!((found.len(), troubles.len()), (1, 0), "{troubles:?}");
}

/// What the client itself put into the head, without what follows from the connection and the body's length.
fn headers(exchange: &Exchange) -> Value {
    let own = exchange.headers.iter().filter(|(name, _)| !matches!(name.as_str(), "host" | "content-length"));
    own.map(|(name, value)| (name.to_string(), value.to_str().unwrap())).collect()
}

/// Adds what a stand-in was asked and answered to the record.
fn write_down(tracker: &str, stage: &Running) {
    let folder = repository("target/acceptance");
    std::fs::create_dir_all(&folder).unwrap();
    let mut record =
        std::fs::OpenOptions::new().create(true).append(true).open(folder.join("exchanges.jsonl")).unwrap();
    for exchange in stage.requests() {
        let body = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap_or(Value::Null);
        let line = serde_json::json!({
            "tracker": tracker,
            "method": exchange.method,
            "path": exchange.path,
            "headers": headers(&exchange),
            "request": body(&exchange.request),
            "status": exchange.status,
            "response": body(&exchange.response),
        });
        // In one go: tests beside each other write here too.
        record.write_all(format!("{line}\n").as_bytes()).unwrap();
    }
}
