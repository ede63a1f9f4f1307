//! What is cited besides tickets, by a table.

use url::Url;

use super::{document, scan};
use crate::domain::citation::{Citation, Citing, Records, Sort};
use crate::domain::document::{Document, Owner};
use crate::domain::place::Place;
use crate::domain::reference::Within;
use crate::domain::tracker::Claims;
use crate::references::besides;

fn told(text: &str) -> Vec<String> {
    told_of(&document(&[(Within::Text, Owner::Nobody, text)]))
}

fn told_of(document: &Document) -> Vec<String> {
    let records = |name: &str, pattern: &str| Records {
        name: name.to_owned(),
        pattern: pattern.to_owned(),
        folder: "docs".into(),
        path: "adr/*.md".to_owned(),
        fence: None,
    };
    let citing = Citing {
        wikis: vec![Url::parse("https://acme.atlassian.net/wiki").unwrap()],
        records: vec![records("ADR", r"\bADR[- ]?(\d+)\b"), records("OEP", r"\bOEP-(\d+)\b")],
    };
    let mut claims = Claims::without_configuration(&[]);
    claims.0[0].site = Some(Url::parse("https://jira.example").unwrap());
    let found = besides(document, &scan(document, &claims), &citing, &claims);
    let told = |one: &Citation| {
        format!("{} {} {}:{} x{}", one.sort.word(), one.target, one.place.line, one.place.column, one.count)
    };
    found.iter().map(told).collect()
}

#[test]
fn what_a_macro_asks_for_is_a_search_at_the_jira_that_it_names() {
    for (target, expected) in [
        ("project = OPS", "search https://jira.example/issues/?jql=project+%3D+OPS p:3 x1"),
        (
            "https://jira.example/issues/?jql=project+%3D+OPS",
            "search https://jira.example/issues/?jql=project+%3D+OPS p:3 x1",
        ),
        (
            "https://other.example/issues/?jql=project+%3D+OPS",
            "search https://other.example/issues/?jql=project+%3D+OPS p:3 x1",
        ),
    ] {
        let place = Place { path: "p".into(), line: 3, column: 7 };
        let cited = Citation { sort: Sort::Search, target: target.to_owned(), place, count: 1 };
        let document = Document { citations: vec![cited], ..document(&[]) };
        assert_eq!(told_of(&document), [expected.replace("p:3", "3:7")]);
    }
}

#[test]
fn each_sort_is_known_by_its_words_or_address() {
    for (text, expected) in [
        ("see ADR-0012, ADR 12", vec!["record ADR-12 1:5 x1", "record ADR-12 1:15 x1"]),
        ("[OEP-66](https://docs.example/oep-66.html)", vec!["record OEP-66 1:2 x1", "elsewhere docs.example 1:10 x1"]),
        ("`ADR-1`", vec![]),
        (
            "https://jira.example/issues/?jql=project%3DOPS",
            vec!["search https://jira.example/issues/?jql=project%3DOPS 1:1 x1"],
        ),
        ("https://jira.example/issues/?filter=7", vec!["search https://jira.example/issues/?filter=7 1:1 x1"]),
        (
            "https://jira.example/jira/software/c/projects/OPS/issues/?jql=x",
            vec!["search https://jira.example/jira/software/c/projects/OPS/issues/?jql=x 1:1 x1"],
        ),
        (
            "https://jira.example/projects/OPS/issues/?filter=allopenissues",
            vec!["search https://jira.example/projects/OPS/issues/?filter=allopenissues 1:1 x1"],
        ),
        (
            "https://jira.example/secure/IssueNavigator.jspa?jqlQuery=x&y=",
            vec!["search https://jira.example/secure/IssueNavigator.jspa?jqlQuery=x&y= 1:1 x1"],
        ),
        ("https://jira.example/projects/OPS/issues/?jql=", vec!["elsewhere jira.example 1:1 x1"]),
        ("https://jira.example/projects/OPS/boards/7?filter=1", vec!["elsewhere jira.example 1:1 x1"]),
        ("https://jira.example/issues/", vec!["elsewhere jira.example 1:1 x1"]),
        ("https://github.com/a/b/issues?q=is%3Aopen", vec!["search https://github.com/a/b/issues?q=is%3Aopen 1:1 x1"]),
        ("https://github.com/a/b/issues", vec!["elsewhere github.com 1:1 x1"]),
        (
            "https://github.com/a/b/blob/main/docs/x.md#L7",
            vec!["file https://github.com/a/b/blob/main/docs/x.md 1:1 x1"],
        ),
        ("https://github.com/a/b/tree/main/docs", vec!["file https://github.com/a/b/blob/main/docs 1:1 x1"]),
        ("https://github.com/a/b/tree/main", vec!["elsewhere github.com 1:1 x1"]),
        (
            "https://acme.atlassian.net/wiki/spaces/ENG/pages/730005583/Divergence",
            vec!["page https://acme.atlassian.net/wiki/pages/viewpage.action?pageId=730005583 1:1 x1"],
        ),
        (
            "https://other.atlassian.net/wiki/spaces/ENG/pages/7/x https://docs.google.com/document/d/1 https://docs.google.com/d/2",
            vec!["login other.atlassian.net 1:1 x1", "login docs.google.com 1:55 x2"],
        ),
        ("mailto:a@example.org ftp://example.org/x", vec![]),
    ] {
        assert_eq!(told(text), expected, "{text}");
    }
}
