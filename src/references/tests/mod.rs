//! What is cited, by tables: documents are made by hand here, so that only the scanning is asked about.

mod besides;
mod citing;

use std::ops::Range;

use url::Url;

use super::{Scan, scan};
use crate::domain::document::{Document, Form, Kind, Link, Owner, Passage, UnreadTable};
use crate::domain::finding::Code;
use crate::domain::place::Lines;
use crate::domain::reference::Within;
use crate::domain::tracker::{Claim, Claims, TrackerId, TrackerKind};

/// A document of passages that follow each other. `[text](target)` is a marked link, `` `…` `` is mute.
fn document(passages: &[(Within, Owner, &str)]) -> Document {
    let mut source = String::new();
    let mut made = Vec::new();
    for (within, owner, text) in passages {
        let start = source.len();
        source.push_str(text);
        let links = links(text, start);
        let ticks: Vec<usize> = text.match_indices('`').map(|(at, _)| start + at).collect();
        let mute = ticks.chunks_exact(2).map(|pair| pair[0]..pair[1] + 1).collect();
        made.push(Passage::new(*within, *owner, start..source.len(), links.into_iter(), mute));
        source.push('\n');
    }
    let (form, kind) = (Form::Markdown, Kind::Prose);
    let (challenges, meetings, problems) = (Vec::new(), Vec::new(), Vec::new());
    Document {
        path: "p".to_owned(),
        source,
        form,
        kind,
        challenges,
        meetings,
        passages: made,
        citations: Vec::new(),
        repository: None,
        unread: Vec::new(),
        problems,
        markers: Vec::new(),
    }
}

fn links(text: &str, start: usize) -> Vec<Link> {
    let mut links = Vec::new();
    for (middle, _) in text.match_indices("](") {
        let open = text[..middle].rfind('[').unwrap();
        let close = middle + text[middle..].find(')').unwrap();
        links.push(Link {
            span: start + open..start + close + 1,
            target_span: start + middle + 2..start + close,
            target: text[middle + 2..close].to_owned(),
        });
    }
    links
}

fn jira(name: Option<&str>, site: &str, former: &[&str], projects: &[&str]) -> Claim {
    Claim {
        tracker: name.map_or(TrackerId::first(TrackerKind::Jira), |name| TrackerId::named(TrackerKind::Jira, name)),
        site: Some(Url::parse(site).unwrap()),
        former_sites: former.iter().map(|site| Url::parse(site).unwrap()).collect(),
        projects: projects.iter().map(|&key| key.to_owned()).collect(),
    }
}

fn github(name: Option<&str>, site: &str) -> Claim {
    Claim {
        tracker: name.map_or(TrackerId::first(TrackerKind::GitHub), |name| TrackerId::named(TrackerKind::GitHub, name)),
        site: Some(Url::parse(site).unwrap()),
        former_sites: Vec::new(),
        projects: Vec::new(),
    }
}

/// Two Jiras (one beneath a path, one renamed), two GitHubs.
fn claims() -> Claims {
    Claims(vec![
        jira(None, "https://jira.example", &["https://old.example:8443"], &["OPS", "A1", "MY_APP"]),
        jira(Some("dc"), "http://corp.example/jira/", &[], &["CORP"]),
        github(None, "https://github.com"),
        github(Some("ghe"), "https://ghe.example"),
    ])
}

fn scanned(text: &str, claims: &Claims) -> Scan {
    scan(&document(&[(Within::Text, Owner::Nobody, text)]), claims)
}

/// Everything that a text turned out to hold: tickets with their slice, `!slice` where malformed, `?home×count`.
fn shown(text: &str, claims: &Claims) -> String {
    let scan = scanned(text, claims);
    let mut all: Vec<String> = scan.references.iter().map(|found| format!("{}={}", found.ticket, found.text)).collect();
    all.extend(scan.problems.iter().map(|problem| format!("!{}", problem.message.split('`').nth(1).unwrap())));
    all.extend(scan.unclaimed.iter().map(|found| format!("?{}×{}", found.home, found.count)));
    all.join(" | ")
}

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    let claims = claims();
    for (text, expected) in cases {
        assert_eq!(shown(text, &claims), *expected, "{text}");
    }
}

#[test]
fn bare_keys_of_claimed_projects_are_tickets() {
    check(&[
        ("OPS-84", "jira:OPS-84=OPS-84"),
        ("see OPS-84.", "jira:OPS-84=OPS-84"),
        ("(OPS-84), OPS-85; OPS-86", "jira:OPS-84=OPS-84 | jira:OPS-85=OPS-85 | jira:OPS-86=OPS-86"),
        ("OPS-84/OPS-85", "jira:OPS-84=OPS-84 | jira:OPS-85=OPS-85"),
        ("**OPS-84** _OPS-85_ \"OPS-86\"", "jira:OPS-84=OPS-84 | jira:OPS-85=OPS-85 | jira:OPS-86=OPS-86"),
        ("OPS-84: x, OPS-85-", "jira:OPS-84=OPS-84 | jira:OPS-85=OPS-85"),
        ("OPS-84’s end–OPS-85—OPS-86", "jira:OPS-84=OPS-84 | jira:OPS-85=OPS-85 | jira:OPS-86=OPS-86"),
        ("A1-7 and MY_APP-3", "jira:A1-7=A1-7 | jira:MY_APP-3=MY_APP-3"),
        ("CORP-5", "jira@dc:CORP-5=CORP-5"),
        ("feature/OPS-84", "jira:OPS-84=OPS-84"),
        ("done.OPS-84", "jira:OPS-84=OPS-84"),
        ("OPS-84.Then", "jira:OPS-84=OPS-84"),
        ("OPS-84\nOPS-84", "jira:OPS-84=OPS-84 | jira:OPS-84=OPS-84"),
        ("#OPS-84", "jira:OPS-84=OPS-84"),
    ]);
}

#[test]
fn what_only_contains_a_key_is_none() {
    check(&[
        ("ops-84 Ops-84", ""),
        ("OPS-084 OPS- OPS84 OPS-00", ""),
        ("OPS-0, FOO-0 and UTF-0", "!OPS-0"),
        ("X-OPS-1 X-OPS-0", ""),
        ("OPS-1-2 OPS-0-2 OPS-1a", ""),
        ("OPS-84x xOPS-84 éOPS-84", ""),
        ("OPS-84.5 OPS-84.patch", ""),
        ("foo_OPS-84 OPS-84_foo", ""),
        ("a@OPS-84 OPS-84@b", ""),
        ("v1.OPS-84", ""),
        ("`OPS-84`", ""),
        ("OPS-99999999999999999999", "!OPS-99999999999999999999"),
    ]);
}

#[test]
fn standards_are_no_tickets() {
    check(&[
        ("OEP-18 UTF-8 SHA-256 CVE-2024-1234 ISO-8859 RFC-2119 WCAG-2 AES-256 IPV-6 COVID-19", ""),
        ("UTC-5 PEP-8 NIP-98 ADR-12 TLS-1.2 HTTP-2 MD-5 RSA-2048 IEEE-754 GPT-4", ""),
        ("X-1 T-1000 B-52", ""),
    ]);
    let claims = Claims(vec![jira(None, "https://jira.example", &[], &["RFC"])]);
    assert_eq!(shown("RFC-7", &claims), "jira:RFC-7=RFC-7");
}

#[test]
fn what_nobody_claims_is_said_once_for_each_home() {
    check(&[
        ("FOO-1, FOO-2 and BAR-3", "?FOO×2 | ?BAR×1"),
        ("https://jira.other.example/browse/FOO-1 https://JIRA.other.example/browse/BAR-2", "?jira.other.example×2"),
        (
            "https://forge.example/a/b/issues/1 https://gitlab.example/a/b/-/merge_requests/2",
            "?forge.example×1 | ?gitlab.example×1",
        ),
        ("https://other.example:8080/a/b/pull/3", "?other.example:8080×1"),
        ("[FOO-1](https://jira.other.example/browse/FOO-1)", "?jira.other.example×1"),
        (
            "https://wiki.example/browse/shoes-12 https://news.example/2021/08/issues https://x.example/a/b/issues/new",
            "",
        ),
    ]);
    let scan = scanned("see FOO-12 or FOO-13", &claims());
    assert_eq!((scan.unclaimed[0].example.as_str(), scan.unclaimed[0].place.column), ("FOO-12", 5));
    let nobody = Claims(Vec::new());
    assert_eq!(shown("https://github.com/a/b/pull/1 a/b#2", &nobody), "?github.com×2");
}

#[test]
fn links_to_a_jira_name_its_tickets() {
    check(&[
        ("https://jira.example/browse/OPS-84", "jira:OPS-84=https://jira.example/browse/OPS-84"),
        ("http://JIRA.example/browse/NEW-1", "jira:NEW-1=http://JIRA.example/browse/NEW-1"),
        ("<https://jira.example/browse/ops-84>", "jira:OPS-84=https://jira.example/browse/ops-84"),
        (
            "https://jira.example/browse/OPS-84?focusedId=12&page=x#comment-12",
            "jira:OPS-84=https://jira.example/browse/OPS-84?focusedId=12&page=x#comment-12",
        ),
        (
            "https://jira.example/jira/software/c/projects/OPS/boards/7?selectedIssue=OPS-2",
            "jira:OPS-2=https://jira.example/jira/software/c/projects/OPS/boards/7?selectedIssue=OPS-2",
        ),
        (
            "https://jira.example/projects/OPS/issues/OPS-3?filter=x",
            "jira:OPS-3=https://jira.example/projects/OPS/issues/OPS-3?filter=x",
        ),
        (
            "https://jira.example/servicedesk/customer/portal/4/OPS-5",
            "jira:OPS-5=https://jira.example/servicedesk/customer/portal/4/OPS-5",
        ),
        ("https://jira.example/rest/api/2/issue/OPS-5", "jira:OPS-5=https://jira.example/rest/api/2/issue/OPS-5"),
        ("http://corp.example/jira/browse/CORP-1", "jira@dc:CORP-1=http://corp.example/jira/browse/CORP-1"),
        ("https://corp.example/browse/CORP-1", "?corp.example×1"),
        ("https://old.example:8443/browse/OPS-6", "jira:OPS-6=https://old.example:8443/browse/OPS-6"),
        ("https://old.example/browse/FOO-6", "?old.example×1"),
        ("jira.example/browse/OPS-84.", "jira:OPS-84=jira.example/browse/OPS-84"),
        ("https://jira.example/browse/OPS https://jira.example/browse/ https://jira.example/wiki/x", ""),
        ("https://jira.example/issues/?jql=project=OPS", ""),
    ]);
}

#[test]
fn links_to_github_name_its_tickets() {
    check(&[
        ("https://github.com/a/b/issues/12", "github:a/b#12=https://github.com/a/b/issues/12"),
        ("https://github.com/a/b/pull/12/files", "github:a/b#12=https://github.com/a/b/pull/12/files"),
        ("https://github.com/a/b/pull/12/commits/0af3", "github:a/b#12=https://github.com/a/b/pull/12/commits/0af3"),
        ("https://github.com/a/b/pulls/12", "github:a/b#12=https://github.com/a/b/pulls/12"),
        (
            "https://www.GitHub.com/a/b.c/issues/12#issuecomment-9",
            "github:a/b.c#12=https://www.GitHub.com/a/b.c/issues/12#issuecomment-9",
        ),
        ("https://github.com/a/b/pull/12#discussion_r9", "github:a/b#12=https://github.com/a/b/pull/12#discussion_r9"),
        ("https://github.com/a/b/issues/12?x=y", "github:a/b#12=https://github.com/a/b/issues/12?x=y"),
        ("https://api.github.com/repos/a/b/issues/12", "github:a/b#12=https://api.github.com/repos/a/b/issues/12"),
        ("https://ghe.example/a/b/pull/12", "github@ghe:a/b#12=https://ghe.example/a/b/pull/12"),
        (
            "https://ghe.example/api/v3/repos/a/b/pulls/12",
            "github@ghe:a/b#12=https://ghe.example/api/v3/repos/a/b/pulls/12",
        ),
        ("github.com/a/b/pull/12", "github:a/b#12=github.com/a/b/pull/12"),
        ("https://github.com/a/b/issues https://github.com/a/b/issues/new https://github.com/a/b/pulls?q=x", ""),
        ("https://github.com/pulls?q=is%3Apr https://github.com/a/b/blob/main/issues/1", ""),
        ("https://github.com/orgs/a/issues/1 https://github.com/a/b/discussions/4", ""),
    ]);
}

#[test]
fn an_address_ends_where_the_sentence_goes_on() {
    let cases = [
        "{}.", "({})", "\"{}\"", "'{}'", "**{}**", "_{}_", "<{}>", "[{}]", "{}, then", "{}; {}x:", "see {}!", "“{}”",
        "{}).",
    ];
    for case in cases {
        let link = "https://github.com/a/b/issues/12";
        let scan = scanned(&case.replacen("{}", link, 1), &claims());
        assert_eq!(scan.references.first().map(|found| found.text.as_str()), Some(link), "{case}");
    }
    check(&[("(https://jira.example/browse/OPS-1?x=(y))", "jira:OPS-1=https://jira.example/browse/OPS-1?x=(y)")]);
}

#[test]
fn short_forms_name_a_repository() {
    check(&[
        ("a/b#12", "github:a/b#12=a/b#12"),
        ("(open-x/docs.open.org#449).", "github:open-x/docs.open.org#449=open-x/docs.open.org#449"),
        ("Issue #449 · open-x/docs.open.org", "github:open-x/docs.open.org#449=Issue #449 · open-x/docs.open.org"),
        ("Fix it · Pull Request #12 · a/b.", "github:a/b#12=Pull Request #12 · a/b"),
        ("x/a/b#12 docs/readme.md#12 a/b#12c a/b#01 /b#0 /b#1 a/#1 #0", ""),
        ("a/b#0", "!a/b#0"),
        ("mail@a/b#12 -a/b#1", ""),
        ("https://x.example/a/b#12", ""),
        ("acme/OPS-1#3", "github:acme/OPS-1#3=acme/OPS-1#3"),
        ("a/b#99999999999999999999999", "!a/b#99999999999999999999999"),
    ]);
}

#[test]
fn numbers_without_a_repository_are_told_once_for_all() {
    for (text, expected) in [
        ("see #12", "`#12` names no repository"),
        ("#12 and PR #13, Issue #14", "`#12` names no repository (3 times)"),
        ("(#205-#210), #7/#8", "`#205` names no repository (4 times)"),
        ("<td>#3</td> **#4** _#5_", "`#3` names no repository (3 times)"),
        ("GH-7", "`GH-7` names no repository"),
        ("done in #7.", "`#7` names no repository"),
        ("[#12](https://github.com/a/b/pull/12) [#13](https://x.example) [#14](https://forge.example/a/b/pull/14)", ""),
        ("a/b#12 #0 x#12 page.md#12 &#39; #12px #1.5 #12-3 ##12 #1,000 #123456789", ""),
        ("the #1 complaint, it is #2, ## #3 builds", ""),
        ("color:#333 fill=\"#333\" (#fff)", ""),
    ] {
        let problems = scanned(text, &claims()).problems;
        let told: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        assert_eq!(told.join(" | "), expected, "{text}");
    }
    let problem = scanned("see #12", &claims()).problems.remove(0);
    assert_eq!((problem.code, problem.place.column), (Code::UnclaimedReference, 5));
    assert_eq!(problem.hint.as_deref(), Some("write `owner/repo#12`, or link it"));
    let code = document(&[(Within::Code, Owner::Nobody, "TODO(#12)")]);
    assert_eq!(scan(&code, &claims()).problems, []);
}

#[test]
fn tables_of_tickets_that_are_no_registers_are_told_by_their_headings() {
    let rows = ["OPS-1 x", "y OPS-2", "none", "FOO-3"];
    let mut document = document(&rows.map(|row| (Within::Text, Owner::Nobody, row)));
    let spans: Vec<Range<usize>> = document.passages.iter().map(|passage| passage.span.clone()).collect();
    let ends = |rows: Range<usize>| spans[rows].to_vec();
    let place = Lines::new("p", &document.source).place(0);
    let table = |rows| UnreadTable { place: place.clone(), headings: vec!["Name".to_owned(), "Jira".to_owned()], rows };
    for (rows, told) in [(0..2, 1), (0..3, 1), (0..4, 0), (1..2, 0), (1..3, 0)] {
        document.unread = vec![table(ends(rows.clone()))];
        assert_eq!(scan(&document, &claims()).problems.len(), told, "{rows:?}");
    }
    document.unread = vec![table(ends(0..2))];
    insta::assert_snapshot!(scan(&document, &claims()).problems[0].message, @"most rows of this table cite tickets, and it is not read as a register: its columns are `Name`, `Jira`");
}

#[test]
fn a_claimed_trackers_link_that_nearly_is_a_ticket_is_malformed() {
    check(&[
        ("https://jira.example/browse/OPS-", "!https://jira.example/browse/OPS-"),
        ("https://jira.example/browse/1202", "!https://jira.example/browse/1202"),
        ("https://jira.example/browse/OPS-0", "!https://jira.example/browse/OPS-0"),
        ("https://jira.example/browse/OPS-12x", "!https://jira.example/browse/OPS-12x"),
        (
            "https://jira.example/browse/OPS-99999999999999999999",
            "!https://jira.example/browse/OPS-99999999999999999999",
        ),
        ("https://github.com/a/b/issues/abc", "!https://github.com/a/b/issues/abc"),
        ("https://github.com/a/b/pull/0", "!https://github.com/a/b/pull/0"),
        ("[x](https://github.com/a/b/pull/12a)", "!https://github.com/a/b/pull/12a"),
        ("https://github.com/a/b/pull/99999999999999999999", "!https://github.com/a/b/pull/99999999999999999999"),
    ]);
    let problem = scanned("https://github.com/a/b/pull/0", &claims()).problems.remove(0);
    insta::assert_snapshot!(problem.message, @"`https://github.com/a/b/pull/0` looks like a ticket and is none: `0` is no number of an issue or pull request");
}

#[test]
fn a_marked_link_is_one_citation() {
    check(&[
        ("[OPS-1](https://jira.example/browse/OPS-1)", "jira:OPS-1=https://jira.example/browse/OPS-1"),
        ("[the fix](https://github.com/a/b/pull/3)", "github:a/b#3=https://github.com/a/b/pull/3"),
        ("[a/B#3](https://github.com/a/b/pull/3)", "github:a/b#3=https://github.com/a/b/pull/3"),
        ("[`OPS-1`](https://jira.example/browse/OPS-1)", "jira:OPS-1=https://jira.example/browse/OPS-1"),
        ("[OPS-2 by](https://github.com/a/b/pull/3)", "jira:OPS-2=OPS-2 | github:a/b#3=https://github.com/a/b/pull/3"),
        ("[OPS-2](https://x.example) OPS-3", "jira:OPS-2=OPS-2 | jira:OPS-3=OPS-3"),
        ("[FOO-1](https://jira.example/browse/FOO-1)", "jira:FOO-1=https://jira.example/browse/FOO-1"),
        ("[FOO-2](https://jira.example/browse/FOO-1) FOO-1", "jira:FOO-1=https://jira.example/browse/FOO-1 | ?FOO×2"),
    ]);
}

#[test]
fn a_reference_links_text_stands_for_its_distant_target() {
    let mut document = document(&[(Within::Status, Owner::Nobody, "see [the fix][f] now")]);
    let target = "https://github.com/a/b/pull/3".to_owned();
    document.passages[0].beside.get_or_insert_default().links =
        [Link { span: 4..16, target_span: 100..129, target }].into();
    let found = scan(&document, &claims()).references;
    assert_eq!((found.len(), found[0].text.as_str(), found[0].place.column), (1, "the fix", 6));
}

#[test]
fn without_a_configuration_every_jira_link_counts() {
    let claims = Claims::without_configuration(&["ops".to_owned()]);
    for (text, expected) in [
        ("https://a.atlassian.net/browse/FOO-1", "jira:FOO-1=https://a.atlassian.net/browse/FOO-1"),
        ("https://x.example/jira/browse/FOO-1", "jira:FOO-1=https://x.example/jira/browse/FOO-1"),
        ("https://jira.x.example/browse/foo-1", "jira:FOO-1=https://jira.x.example/browse/foo-1"),
        ("https://x.example/browse/ops-1", "jira:OPS-1=https://x.example/browse/ops-1"),
        ("https://shop.example/browse/shoes-12 https://shop.example/browse/12", ""),
        ("https://x.example/browse/FOO-", "!https://x.example/browse/FOO-"),
        ("https://a.atlassian.net/browse/12", "!https://a.atlassian.net/browse/12"),
        ("https://a.atlassian.net/wiki/spaces/X/pages/1", ""),
        ("FOO-1", "?FOO×1"),
        ("https://forge.example/a/b/pull/1", "?forge.example×1"),
    ] {
        assert_eq!(shown(text, &claims), expected, "{text}");
    }
}

#[test]
fn links_lead_to_where_a_person_would_go() {
    let url = |text: &str, claims: &Claims| scanned(text, claims).references[0].url.clone();
    let some = |url: &str| Some(url.to_owned());
    for (text, expected) in [
        ("OPS-1", "https://jira.example/browse/OPS-1"),
        ("CORP-1", "http://corp.example/jira/browse/CORP-1"),
        ("https://old.example:8443/browse/ops-1?focusedId=3", "https://jira.example/browse/OPS-1"),
        ("https://api.github.com/repos/a/b/pulls/3", "https://github.com/a/b/pull/3"),
        ("https://github.com/a/issues/issues/3#x", "https://github.com/a/issues/issues/3"),
        ("a/b#3", "https://github.com/a/b/issues/3"),
    ] {
        assert_eq!(url(text, &claims()), some(expected), "{text}");
    }
    let without = Claims::without_configuration(&["OPS".to_owned()]);
    for (text, expected) in [
        ("OPS-1", None),
        ("OPS-1 https://a.atlassian.net/browse/X-1", None),
        (
            "OPS-1 https://a.atlassian.net/jira/software/projects/XY/issues/XY-1",
            some("https://a.atlassian.net/browse/OPS-1"),
        ),
        ("OPS-1 https://x.example/jira/browse/XY-1", some("https://x.example/jira/browse/OPS-1")),
        ("OPS-1 https://a.atlassian.net/browse/XY-1 https://b.atlassian.net/browse/XY-1", None),
    ] {
        assert_eq!(url(text, &without), expected, "{text}");
    }
}
