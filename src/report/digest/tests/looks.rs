//! A digest as text, as an issue, as JSON and as a mail, whole.

use crate::domain::digest::{Acceptance, Edition, Item, News, Problem};
use crate::domain::finding::Code;
use crate::domain::register::Turn;
use crate::domain::verdict::Standing;
use crate::report::digest::{html, issue, json, text};

use super::{at, before, day, whole};

pub(super) fn problem(code: Code, ticket: &str, accepted: Acceptance) -> Problem {
    Problem { code, ticket: Some(ticket.parse().unwrap()), since: before(), accepted }
}

pub(super) fn item(what: News, title: &str, problems: Vec<Problem>) -> Item {
    let challenge = Some(title.to_lowercase().replace(' ', "-"));
    let (title, owners) = (Some(title.to_owned()), Vec::new());
    Item { what, challenge, title, standing: None, problems, stood: None, owners, turn: None }
}

pub(super) fn edition() -> Edition {
    let broken = Item {
        standing: Some(Standing::BrokenPromise),
        stood: Some(Standing::Promised),
        owners: vec!["Payments".to_owned(), "Web <!channel> @all".to_owned()],
        ..item(News::New, "Builds are slow", vec![problem(Code::ClosedUndone, "jira:ARCH-1", Acceptance::Not)])
    };
    let link = Item {
        challenge: None,
        title: None,
        ..item(News::New, "", vec![problem(Code::BrokenLink, "github:acme/rocket#7", Acceptance::Not)])
    };
    let cleared = vec![
        problem(Code::StaleTicket, "jira:ARCH-2", Acceptance::Not),
        problem(Code::StaleTicket, "jira:ARCH-3", Acceptance::Snoozed),
    ];
    let waking = vec![problem(Code::ClosedUndone, "jira:ARCH-4", Acceptance::Ending(day("2026-12-01")))];
    Edition {
        digest: "payments".to_owned(),
        scope: whole(),
        since: at("2026-11-16T08:00:00Z"),
        at: at("2026-11-23T08:00:00Z"),
        zone: chrono_tz::Europe::Berlin,
        passed_at: Some(at("2026-11-23T07:45:00Z")),
        silent: vec![("github".to_owned(), Some(at("2026-11-22T23:30:00Z")))],
        broken: 3,
        items: vec![
            broken,
            link,
            item(News::Cleared, "Tests are flaky", cleared),
            item(News::Waking, "Certificates expire", waking),
            item(News::Added, "Docs are old", Vec::new()),
        ],
        home: Some("https://dragnet.example.org".to_owned()),
        mentions: [("payments".to_owned(), "S012AB".to_owned())].into(),
    }
}

/// Two things of it.
pub(super) fn short() -> Edition {
    let mut edition = edition();
    edition.items = vec![edition.items.swap_remove(0), edition.items.swap_remove(3)];
    edition
}

#[test]
fn as_text() {
    insta::assert_snapshot!(text(&edition()), @"
    payments: 2 new, 1 cleared, 1 about to wake, 1 added

    NEW
    - Builds are slow
      ARCH-1: a promised fix was closed, and its work not done
      was promised, is a broken promise now
      Owners: Payments, Web <!channel> @all
      https://dragnet.example.org/challenges/builds-are-slow
    - acme/rocket#7
      proven not to be there: deleted, or never opened

    CLEARED
    - Tests are flaky
      ARCH-2: no longer so: a promised fix that nobody touched for longer than agreed
      ARCH-3: put off: a promised fix that nobody touched for longer than agreed
      https://dragnet.example.org/challenges/tests-are-flaky

    ABOUT TO WAKE
    - Certificates expire
      ARCH-4: accepted until 1 December 2026: a promised fix was closed, and its work not done
      https://dragnet.example.org/challenges/certificates-expire

    NEW IN THE REGISTER
    - Docs are old
      https://dragnet.example.org/challenges/docs-are-old

    What changed since 16 November 2026. 3 broken promises stand.
    As of 23 November 2026, 08:45 (Europe/Berlin).
    github could not be asked for everything; it last answered on 23 November 2026, 00:30 (Europe/Berlin).
    https://dragnet.example.org/
    ");
    let quiet = Edition { items: Vec::new(), broken: 0, silent: Vec::new(), home: None, ..edition() };
    insta::assert_snapshot!(text(&quiet), @"
    payments: nothing new

    Nothing has changed since 16 November 2026. No promise is broken now. This is the monthly sign of life.
    As of 23 November 2026, 08:45 (Europe/Berlin).
    ");
}

#[test]
fn as_the_body_of_an_issue() {
    insta::assert_snapshot!(issue(&edition()).replace('\u{200b}', "(nothing)"), @r#"
    ## payments: 2 new, 1 cleared, 1 about to wake, 1 added

    ### New

    - **[Builds are slow](https://dragnet.example.org/challenges/builds-are-slow)**
      - ARCH-1: a promised fix was closed, and its work not done
      - was promised, is a broken promise now
      - Owners: @S012AB, Web &lt;!channel&gt; @(nothing)all
    - **acme/rocket\#(nothing)7**
      - proven not to be there: deleted, or never opened

    ### Cleared

    - **[Tests are flaky](https://dragnet.example.org/challenges/tests-are-flaky)**
      - ARCH-2: no longer so: a promised fix that nobody touched for longer than agreed
      - ARCH-3: put off: a promised fix that nobody touched for longer than agreed

    ### About to wake

    - **[Certificates expire](https://dragnet.example.org/challenges/certificates-expire)**
      - ARCH-4: accepted until 1 December 2026: a promised fix was closed, and its work not done

    ### New in the register

    - **[Docs are old](https://dragnet.example.org/challenges/docs-are-old)**

    What changed since 16 November 2026. 3 broken promises stand.
    As of 23 November 2026, 08:45 (Europe/Berlin).
    github could not be asked for everything; it last answered on 23 November 2026, 00:30 (Europe/Berlin).

    [Everything](https://dragnet.example.org/)
    "#);
}

#[test]
fn as_json() {
    insta::assert_snapshot!(outline(&json(&short()), 0), @r#"
    {
      "at": "2026-11-23T08:00:00Z",
      "broken_promises": 3,
      "categories": [],
      "digest": "payments",
      "items": [
        {
          "challenge": "builds-are-slow",
          "findings": [
            {
              "accepted": false,
              "code": "closed-undone",
              "first_seen": "2026-01-05T08:00:00Z",
              "manner": null,
              "ticket": "jira:ARCH-1",
              "until": null
            }
          ],
          "other_title": null,
          "owners": ["Payments","Web <!channel> @all"],
          "standing": "broken-promise",
          "stood": "promised",
          "title": "Builds are slow",
          "turn": null,
          "what": "new"
        },
        {
          "challenge": "certificates-expire",
          "findings": [
            {
              "accepted": true,
              "code": "closed-undone",
              "first_seen": "2026-01-05T08:00:00Z",
              "manner": "accepted",
              "ticket": "jira:ARCH-4",
              "until": "2026-12-01"
            }
          ],
          "other_title": null,
          "owners": [],
          "standing": null,
          "stood": null,
          "title": "Certificates expire",
          "turn": null,
          "what": "waking"
        }
      ],
      "passed_at": "2026-11-23T07:45:00Z",
      "schema": 1,
      "since": "2026-11-16T08:00:00Z",
      "teams": [],
      "url": "https://dragnet.example.org"
    }
    "#);
}

#[test]
fn as_html() {
    insta::assert_snapshot!(html(&short(), Some("https://dragnet.example.org/unsubscribe/T")), @r#"
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>payments: 1 new, 1 about to wake</title>
    </head>
    <body style="margin:0 auto;padding:24px 16px;max-width:640px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif">
    <p style="margin:0;opacity:.7">dragnet, 23 November 2026</p>
    <h1 style="margin:4px 0 16px;font-size:22px;line-height:1.3">payments: 1 new, 1 about to wake</h1>
    <h2 style="margin:24px 0 8px;font-size:16px">New</h2>
    <ul style="margin:0;padding-left:20px">
    <li style="margin:0 0 10px"><strong><a href="https://dragnet.example.org/challenges/builds-are-slow">Builds are slow</a></strong><br>ARCH-1: a promised fix was closed, and its work not done<br>was promised, is a broken promise now<br>Owners: Payments, Web &#60;!channel&#62; @all</li>
    </ul>
    <h2 style="margin:24px 0 8px;font-size:16px">About to wake</h2>
    <ul style="margin:0;padding-left:20px">
    <li style="margin:0 0 10px"><strong><a href="https://dragnet.example.org/challenges/certificates-expire">Certificates expire</a></strong><br>ARCH-4: accepted until 1 December 2026: a promised fix was closed, and its work not done</li>
    </ul>
    <div style="margin:24px 0 0;opacity:.8;font-size:14px">
    <p style="margin:0 0 4px">What changed since 16 November 2026. 3 broken promises stand.</p>
    <p style="margin:0 0 4px">As of 23 November 2026, 08:45 (Europe/Berlin).</p>
    <p style="margin:0 0 4px">github could not be asked for everything; it last answered on 23 November 2026, 00:30 (Europe/Berlin).</p>
    </div>
    <p style="margin:16px 0 0"><a href="https://dragnet.example.org/">Open dragnet</a></p>
    <p style="margin:24px 0 0;opacity:.8;font-size:13px"><a href="https://dragnet.example.org/unsubscribe/T">Get no more of these</a></p>
    </body>
    </html>
    "#);
}

#[test]
fn the_link_leads_to_what_the_digest_looks_at() {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    for (teams, categories, expected) in [
        (&[][..], &[][..], "https://dragnet.example.org/\n"),
        (&["A & B"], &[], "https://dragnet.example.org/challenges?owner=A+%26+B\n"),
        (&[], &["Builds"], "https://dragnet.example.org/challenges?category=Builds\n"),
        (&["A", "B"], &[], "https://dragnet.example.org/\n"),
        (&["A"], &["Builds"], "https://dragnet.example.org/\n"),
    ] {
        let mut edition = short();
        (edition.scope.teams, edition.scope.categories) = (names(teams), names(categories));
        assert!(text(&edition).ends_with(expected), "{}", text(&edition));
    }
}

#[test]
fn what_the_register_did_is_told_and_no_title_from_elsewhere() {
    let mut one = edition();
    let other = |title: &str| Some(title.to_owned());
    one.items = vec![
        Item { turn: Some((Turn::SplitFrom, other("Builds"))), ..item(News::Added, "Builds are slow", Vec::new()) },
        Item { turn: Some((Turn::CarriedOver, None)), ..item(News::Added, "Docs are old", Vec::new()) },
        Item { turn: Some((Turn::Retitled, other("Keys"))), ..item(News::Renamed, "Keys take days", Vec::new()) },
        Item { turn: Some((Turn::MergedInto, other("Builds"))), ..item(News::Removed, "Tests", Vec::new()) },
    ];
    (one.home, one.silent) = (None, Vec::new());
    insta::assert_snapshot!(text(&one), @"
    payments: 2 added, 1 renamed, 1 removed

    NEW IN THE REGISTER
    - Builds are slow
      split off from “Builds”
    - Docs are old
      carried over from another challenge

    RENAMED IN THE REGISTER
    - Keys take days
      was called “Keys” before

    GONE FROM THE REGISTER
    - Tests
      merged into “Builds”

    What changed since 16 November 2026. 3 broken promises stand.
    As of 23 November 2026, 08:45 (Europe/Berlin).
    ");
    let told = json(&one);
    assert_eq!(
        (&told["items"][3]["turn"], &told["items"][3]["other_title"]),
        (&"merged-into".into(), &"Builds".into())
    );
}

#[test]
fn at_most_seven_things_are_told() {
    let mut many = edition();
    many.items = (0..20).map(|n| item(News::New, &format!("Pain {n}"), Vec::new())).collect();
    let told = text(&many);
    assert_eq!(told.matches("- Pain").count(), 7, "{told}");
    assert!(told.contains("\nand 13 more\n"), "{told}");
    assert!(told.starts_with("payments: 20 new\n"), "{told}");
    let of_one = (0..9).map(|n| problem(Code::ClosedUndone, &format!("jira:A-{}", n + 1), Acceptance::Not)).collect();
    many.items = vec![item(News::New, "Pain", of_one)];
    let told = text(&many);
    assert_eq!((told.matches("  A-").count(), told.matches("  and 6 more").count()), (3, 1), "{told}");
}

/// JSON on as few lines as are read at a glance.
pub(super) fn outline(value: &serde_json::Value, depth: usize) -> String {
    let line = value.to_string();
    if 2 * depth + line.len() <= 110 {
        return line;
    }
    let (inner, outer) = ("  ".repeat(depth + 1), "  ".repeat(depth));
    let lines = |parts: Vec<String>| parts.join(&format!(",\n{inner}"));
    match value {
        serde_json::Value::Object(fields) => {
            let field =
                |(key, value): (&String, &serde_json::Value)| format!("\"{key}\": {}", outline(value, depth + 1));
            format!("{{\n{inner}{}\n{outer}}}", lines(fields.iter().map(field).collect()))
        }
        serde_json::Value::Array(items) => {
            format!("[\n{inner}{}\n{outer}]", lines(items.iter().map(|item| outline(item, depth + 1)).collect()))
        }
        _ => line,
    }
}
