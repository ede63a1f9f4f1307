//! What is cited besides tickets, by a table.

use url::Url;

use super::{document, scan};
use crate::domain::citation::{Citing, Records};
use crate::domain::document::Owner;
use crate::domain::reference::Within;
use crate::domain::tracker::Claims;
use crate::references::besides;

fn told(text: &str) -> Vec<String> {
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
    let document = document(&[(Within::Text, Owner::Nobody, text)]);
    let found = besides(&document, &scan(&document, &claims), &citing, &claims);
    let told = |one: &crate::domain::citation::Citation| {
        format!("{} {} {}:{} x{}", one.sort.word(), one.target, one.place.line, one.place.column, one.count)
    };
    found.iter().map(told).collect()
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
