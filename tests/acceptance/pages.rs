//! What stands in the two real pages, as a person reads them.

use dragnet::domain::theme::Raised;
use serde_json::Value;

use super::shared;
use super::world::World;

const PROJECTS: &str = "ARCHBOM,BOM,AA,INFRA,SRE";

async fn parse(name: &str) -> Value {
    let world = World::new().await;
    std::fs::remove_file(world.path("dragnet.toml")).unwrap();
    let page = shared(&format!("seeds/{name}"));
    let ran = world.run(&["parse", page.to_str().unwrap(), "--project", PROJECTS]).await.ended(0);
    serde_json::from_str(&ran.out).unwrap()
}

async fn refs(name: &str) -> Vec<Value> {
    let world = World::new().await;
    std::fs::remove_file(world.path("dragnet.toml")).unwrap();
    let page = shared(&format!("seeds/{name}"));
    let ran = world.run(&["refs", page.to_str().unwrap(), "--project", PROJECTS, "--format", "json"]).await.ended(0);
    assert_eq!(ran.err, "", "nothing on the page looks like a ticket of somebody else");
    let source = std::fs::read_to_string(&page).unwrap();
    let found: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for reference in &found {
        let number = |key: &str| usize::try_from(reference[key].as_u64().unwrap()).unwrap();
        let line = source.lines().nth(number("line") - 1).unwrap();
        let rest: String = line.chars().skip(number("column") - 1).collect();
        assert!(rest.starts_with(reference["text"].as_str().unwrap()), "{reference}");
    }
    found
}

/// Category, beginning of the title, dates of the anecdotes (`~` approximate, `-` none), occurrences, cited tickets.
const ROWS: [(&str, &str, &str, Option<u64>, &str); 12] = [
    ("Jenkins and Test Infrastructure Issues", "Networking problems", "2020-04-06", Some(2), "jira:INFRA-39"),
    ("Jenkins and Test Infrastructure Issues", "edx-platform master flaky", "2020-03-03", Some(1), "jira:BOM-1161"),
    ("Authentication Clean-up", "Messy JWT related", "~2021-08", Some(2), "jira:ARCHBOM-1202"),
    (
        "Authentication Clean-up",
        "LMS missing JwtAuthentication",
        "2021-02-16 2020-05-05",
        Some(2),
        "jira:AA-664 github:edx/edx-platform#26582 jira:ARCHBOM-107",
    ),
    ("Authentication Clean-up", "JWT Cookie seems broken", "2020-05-13", Some(2), "jira:ARCHBOM-1218"),
    ("Authentication Clean-up", "JWT Expired Signature", "2019-11-20", Some(1), "jira:ARCHBOM-1152"),
    ("Authentication Clean-up", "Authentication in pact", "-", None, ""),
    ("Authentication Clean-up", "JWT Cookie Refresh sometimes", "-", None, "jira:ARCHBOM-1150"),
    ("Credentials for integrations", "Getting Google, Github", "2020-06-09", Some(2), ""),
    ("Authorization", "Managing admin access", "2020-06-10", Some(3), "jira:SRE-84"),
    ("Pipeline", "Security Merge Conflicts", "2020-09-18", Some(1), ""),
    ("Masquerading", "Can be error-prone", "-", Some(1), ""),
];

#[tokio::test(flavor = "multi_thread")]
async fn the_register_has_its_twelve_challenges() {
    let page = parse("challenges-page.txt").await;
    assert_eq!((&page["form"], &page["kind"]), (&Value::from("text"), &Value::from("register")));
    let challenges = page["challenges"].as_array().unwrap();
    assert_eq!(challenges.len(), ROWS.len());
    for (challenge, (category, title, dates, occurrences, tickets)) in challenges.iter().zip(ROWS) {
        assert_eq!(challenge["category"], category, "{title}");
        assert!(challenge["title"].as_str().unwrap().starts_with(title), "{}", challenge["title"]);
        let told: Vec<String> = challenge["anecdotes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|anecdote| match (anecdote["date"].as_str(), anecdote["approximate"].as_bool().unwrap()) {
                (Some(date), true) => format!("~{date}"),
                (Some(date), false) => date.to_owned(),
                (None, _) => "-".to_owned(),
            })
            .collect();
        assert_eq!(told.join(" "), dates, "{title}");
        assert_eq!(challenge["occurrences"].as_u64(), occurrences, "{title}");
        let cited: Vec<&str> = challenge["tickets"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
        assert_eq!(cited.join(" "), tickets, "{title}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn three_notes_stand_in_status_cells_and_one_in_an_anecdote() {
    let page = parse("challenges-page.txt").await;
    let challenges = page["challenges"].as_array().unwrap();
    let notes: Vec<(&str, &str)> = challenges
        .iter()
        .flat_map(|challenge| challenge["status"]["notes"].as_array().unwrap())
        .map(|note| (note["ticket"].as_str().unwrap(), note["text"].as_str().unwrap()))
        .collect();
    let not_completed = "This ticket was not actually completed.";
    assert_eq!(
        notes,
        [
            ("jira:ARCHBOM-1202", not_completed),
            ("jira:ARCHBOM-1152", not_completed),
            ("jira:ARCHBOM-1150", "This ticket just checked a particular hypothesis which didn't pan out."),
        ]
    );
    let anecdote = challenges[2]["anecdotes"][0]["text"].as_str().unwrap();
    assert!(anecdote.ends_with("ecommerce is moved externally."), "{anecdote}");
    // The two links that stand for statuses without a note.
    for row in [3, 4] {
        assert!(
            challenges[row]["status"]["text"].as_str().unwrap().starts_with("https://openedx.atlassian.net/browse/")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_register_cites_ten_tickets_in_ten_places() {
    let found = refs("challenges-page.txt").await;
    let told: Vec<String> = found
        .iter()
        .map(|one| format!("{} {} {}", one["line"], one["ticket"].as_str().unwrap(), one["role"].as_str().unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            "14 jira:INFRA-39 mention",
            "15 jira:BOM-1161 mention",
            "16 jira:ARCHBOM-1202 remedy",
            "17 jira:AA-664 mention",
            "17 github:edx/edx-platform#26582 mention",
            "17 jira:ARCHBOM-107 remedy",
            "18 jira:ARCHBOM-1218 remedy",
            "19 jira:ARCHBOM-1152 remedy",
            "21 jira:ARCHBOM-1150 remedy",
            "23 jira:SRE-84 mention",
        ]
    );
}

/// Every meeting with the number of its lines that open with an intention, counted on the page.
const MEETINGS: [(&str, usize); 18] = [
    ("2023-12-20", 1),
    ("2023-12-13", 5),
    ("2023-12-06", 0),
    ("2023-11-30", 1),
    ("2023-11-15", 6),
    ("2023-11-08", 7),
    ("2023-11-01", 5),
    ("2023-10-25", 0),
    ("2023-10-18", 4),
    ("2023-10-11", 5),
    ("2023-10-04", 3),
    ("2023-09-27", 4),
    ("2023-09-20", 1),
    ("2023-09-13", 6),
    ("2023-09-06", 3),
    ("2023-08-30", 8),
    ("2023-08-23", 5),
    ("2023-08-16", 5),
];

#[tokio::test(flavor = "multi_thread")]
async fn the_minutes_have_their_eighteen_meetings() {
    let page = parse("arch-hours-page.txt").await;
    assert_eq!((&page["form"], &page["kind"]), (&Value::from("text"), &Value::from("minutes")));
    let meetings = page["meetings"].as_array().unwrap();
    let intending = |meeting: &Value| {
        meeting["topics"].as_array().unwrap().iter().filter(|topic| topic["intention"].is_string()).count()
    };
    let told: Vec<(&str, usize)> =
        meetings.iter().map(|meeting| (meeting["date"].as_str().unwrap(), intending(meeting))).collect();
    assert_eq!(told, MEETINGS);
    assert_eq!(MEETINGS.iter().map(|(_, topics)| topics).sum::<usize>(), 69);
    let skipped: Vec<&Value> = meetings.iter().filter(|meeting| meeting["skipped"] == true).collect();
    assert_eq!(skipped.len(), 1);
    assert_eq!(skipped[0]["date"], "2023-10-25");
    assert_eq!(skipped[0]["topics"], Value::from(Vec::<Value>::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_8_and_accessibility_return_in_the_minutes() {
    let page = parse("arch-hours-page.txt").await;
    let texts = |topic: &Value, of: &str| -> Vec<String> {
        topic[of].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap().to_owned()).collect()
    };
    let mut raised = Vec::new();
    for meeting in page["meetings"].as_array().unwrap() {
        for topic in meeting["topics"].as_array().unwrap() {
            raised.push(Raised {
                day: meeting["date"].as_str().unwrap().parse().unwrap(),
                text: topic["text"].as_str().unwrap().to_owned(),
                said: [texts(topic, "replies"), texts(topic, "follow_ups")].concat(),
            });
        }
    }
    let returning = dragnet::judge::returning(&raised);
    let told: Vec<&str> = returning.iter().map(|one| one.words.as_str()).collect();
    let days = |words: &str| returning.iter().find(|one| one.words == words).map_or(0, |one| one.days.len());
    assert!(days("mysql 8") >= 4 && days("accessibility") >= 3, "{returning:#?}");
    for noise in ["people", "best", "set", "anything", "table", "write", "something", "maybe", "mysql"] {
        assert!(!told.contains(&noise), "{noise} among {told:?}");
    }
    assert!(told.len() <= 30, "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn topics_carry_the_pages_own_words_and_speakers() {
    let page = parse("arch-hours-page.txt").await;
    let meetings = page["meetings"].as_array().unwrap();
    let topic = |date: &str, start: &str| -> (Value, Value) {
        let meeting = meetings.iter().find(|meeting| meeting["date"] == date).unwrap();
        let topics = meeting["topics"].as_array().unwrap();
        let found = topics.iter().find(|topic| topic["text"].as_str().unwrap().starts_with(start));
        let found = found.unwrap_or_else(|| panic!("no topic `{start}` on {date}: {topics:#?}"));
        (found["intention"].clone(), found["speaker"].clone())
    };
    for (date, start, intention, speaker) in [
        ("2023-12-20", "New Relic", None, Some("Dave")),
        ("2023-12-20", "I made a terrible diagram", Some("inform"), Some("Kelly")),
        ("2023-12-13", "How’s the MySQL 8.0", Some("quest"), Some("Dave")),
        ("2023-12-13", "How deep are architecture", Some("quest"), None),
        ("2023-12-06", "What is bad about installing", None, Some("Ned")),
        ("2023-11-15", "Mapping people", Some("musings/questions"), Some("Ned")),
        ("2023-11-15", "If we’re trying to design", Some("question"), Some("Hilary")),
        ("2023-10-18", "edx-search research", Some("informish"), Some("Andy")),
        ("2023-10-11", "A11y in CI", Some("quest"), Some("Jeff Witt")),
        ("2023-09-20", "Axim would like to remove", None, Some("Ned")),
        ("2023-09-20", "api access", Some("quest"), Some("Hilary")),
        ("2023-09-13", "Please educate new devs", Some("request"), Some("Ned")),
        ("2023-09-06", "How can we quickly determine", Some("inform/quest"), Some("Robert")),
        ("2023-08-23", "Any patterns that folks like", Some("quest"), Some("Alex D.")),
    ] {
        assert_eq!(topic(date, start), (Value::from(intention), Value::from(speaker)), "{date} {start}");
    }
    let speakers = page.to_string();
    assert!(speakers.contains("\"speaker\":\"Robert\""), "`[Robert]` on a line of its own is a speaker");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_minutes_cite_four_issues_in_five_places() {
    let found = refs("arch-hours-page.txt").await;
    let told: Vec<(&str, &str)> =
        found.iter().map(|one| (one["ticket"].as_str().unwrap(), one["role"].as_str().unwrap())).collect();
    assert_eq!(
        told,
        [
            ("github:openedx/docs.openedx.org#449", "mention"),
            ("github:openedx/edx-platform#32609", "mention"),
            ("github:openedx/wg-frontend#126", "mention"),
            ("github:openedx/wg-frontend#126", "mention"),
            ("github:edx/edx-arch-experiments#93", "mention"),
        ]
    );
    assert_eq!(found.iter().filter(|one| one["text"].as_str().unwrap().starts_with("Issue #")).count(), 2);
}
