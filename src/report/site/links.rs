//! Addresses within the site.

use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use url::form_urlencoded::Serializer;

use crate::domain::challenge::ChallengeId;
use crate::domain::finding::{Code, Finding};
use crate::domain::pages::{Choice, SoughtKind, TicketChoice};
use crate::domain::place::Place;
use crate::domain::snapshot::Scope;
use crate::domain::ticket::TicketId;
use crate::domain::verdict::{Standing, Verdict};

/// The page of a challenge.
pub(super) fn challenge(id: &ChallengeId) -> String {
    below("/challenges/", &id.0)
}

/// The page of a ticket.
pub(super) fn ticket(id: &TicketId) -> String {
    below("/tickets/", &id.to_string())
}

/// A page of the challenges of a choice; those of one document stand in its register.
pub(super) fn challenges(choice: &Choice, page: usize) -> String {
    let Choice { document, standing, category, team, owner, theme, quarter, ticket, since } = choice;
    let path = document.as_ref().map_or("/challenges".to_owned(), |path| below("/registers/", path));
    let since = since.map(|day| day.to_string());
    let (quarter, ticket) = (quarter.map(|it| it.to_string()), ticket.as_ref().map(ToString::to_string));
    let filters = [
        ("standing", standing.map(Standing::word)),
        ("category", category.as_deref()),
        ("team", team.as_deref()),
        ("owner", owner.as_deref()),
        ("theme", theme.as_deref()),
        ("quarter", quarter.as_deref()),
        ("ticket", ticket.as_deref()),
        ("since", since.as_deref()),
    ];
    with(path, &filters, page)
}

/// A page of the tickets of a choice.
pub(super) fn tickets(choice: &TicketChoice, page: usize) -> String {
    let tracker = choice.tracker.as_ref().map(ToString::to_string);
    let verdict = choice.verdict.map(Verdict::word);
    with("/tickets".to_owned(), &[("verdict", verdict), ("tracker", tracker.as_deref())], page)
}

/// A page of the findings of a code, or of all.
pub(super) fn findings(code: Option<Code>, page: usize) -> String {
    findings_at("/findings", code, page)
}

/// The same of another list of them.
pub(super) fn findings_at(path: &str, code: Option<Code>, page: usize) -> String {
    with(path.to_owned(), &[("code", code.map(Code::word))], page)
}

/// Where a team joins a challenge, with what it typed.
pub(super) fn us_too(path: &str, id: &ChallengeId, typed: &[(&str, &String)]) -> String {
    let mut given = vec![("challenge", Some(id.0.as_str()))];
    given.extend(typed.iter().map(|(name, value)| (*name, Some(value.as_str()))));
    with(path.to_owned(), &given, 1)
}

/// The trends of a scope, or their numbers.
pub(super) fn trends(path: &str, of: &Scope) -> String {
    let (word, name) = of.parts();
    with(path.to_owned(), &[("of", Some(&format!("{word}:{name}")))], 1)
}

/// A page of the minutes, of topics of one intention or of all.
pub(super) fn minutes(intention: Option<&str>, page: usize) -> String {
    with("/minutes".to_owned(), &[("intention", intention)], page)
}

/// A page of what was said on a day, of topics of one intention or of all.
pub(super) fn meetings(on: NaiveDate, intention: Option<&str>, page: usize) -> String {
    with("/minutes".to_owned(), &[("on", Some(&on.to_string())), ("intention", intention)], page)
}

/// Where minutes tell of a topic of a day.
pub(super) fn topic(on: NaiveDate, place: &Place) -> String {
    let anchor = anchor(place);
    format!("{}#{anchor}", with("/minutes".to_owned(), &[("on", Some(&on.to_string())), ("at", Some(&anchor))], 1))
}

/// The name of a topic within a page: documents have long names, and one meeting may stand in several.
pub(super) fn anchor(place: &Place) -> String {
    let print = format!("{:x}", Sha256::digest(place.path.as_bytes()));
    format!("t{}-{}-{}", &print[..8], place.line, place.column)
}

/// A page of what changed since a day, of one part or of all.
pub(super) fn changes(since: NaiveDate, part: Option<&str>, page: usize) -> String {
    with("/changes".to_owned(), &[("since", Some(&since.to_string())), ("part", part)], page)
}

/// A page of what was searched for.
pub(super) fn search(words: &str, kind: Option<SoughtKind>, page: usize) -> String {
    with("/search".to_owned(), &[("q", Some(words)), ("kind", kind.map(SoughtKind::word))], page)
}

/// A page of the story that stands on the page of something.
pub(super) fn story(of: String, page: usize) -> String {
    format!("{}#story", with(of, &[], page))
}

/// A path with what is given of the query, and the number of a page that is not the first.
fn with(path: String, given: &[(&str, Option<&str>)], page: usize) -> String {
    let mut query = Serializer::new(String::new());
    query.extend_pairs(given.iter().filter_map(|(name, value)| Some((name, (*value)?))));
    if page > 1 {
        query.append_pair("page", &page.to_string());
    }
    let query = query.finish();
    if query.is_empty() { path } else { format!("{path}?{query}") }
}

/// Where to decide on a finding.
pub(super) fn decide_on_finding(finding: &Finding) -> String {
    format!("/decide?finding={}", finding.fingerprint)
}

/// Where to decide on the verdict on a ticket.
pub(super) fn decide_on_ticket(id: &TicketId) -> String {
    below("/decide?ticket=", &id.to_string())
}

/// The address of `name` below `root`. Slashes stay where browsers leave them alone: they take away `.` and `..`, and some
/// proxies fold slashes that follow each other.
fn below(root: &str, name: &str) -> String {
    let stays = name.split('/').all(|part| !matches!(part, "" | "." | ".."));
    let mut address = root.to_owned();
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b':' | b'@' => {
                address.push(char::from(byte));
            }
            b'/' if stays => address.push('/'),
            byte => address.push_str(&format!("%{byte:02X}")),
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_to_its_name_and_nowhere_else() {
        for (name, address) in [
            ("docs/challenges.md", "/x/docs/challenges.md"),
            ("../a/b.md", "/x/..%2Fa%2Fb.md"),
            ("https://wiki.example/a", "/x/https:%2F%2Fwiki.example%2Fa"),
            ("github:acme/shop#12", "/x/github:acme/shop%2312"),
            ("a?b&c=\"<ü>", "/x/a%3Fb%26c%3D%22%3C%C3%BC%3E"),
        ] {
            assert_eq!(below("/x/", name), address);
        }
    }

    #[test]
    fn filters_and_the_page_stand_in_the_address() {
        let choice = Choice::default();
        assert_eq!(challenges(&choice, 1), "/challenges");
        let broken = Choice { standing: Some(Standing::BrokenPromise), team: Some("A&B".to_owned()), ..choice };
        assert_eq!(challenges(&broken, 1), "/challenges?standing=broken-promise&team=A%26B");
        let document = Some("a b.md".to_owned());
        let since = "2026-11-15".parse().ok();
        let chosen = Choice { document, category: Some(String::new()), since, ..Choice::default() };
        assert_eq!(challenges(&chosen, 3), "/registers/a%20b.md?category=&since=2026-11-15&page=3");
        assert_eq!(search("a \"b\"", Some(SoughtKind::Topic), 2), "/search?q=a+%22b%22&kind=topic&page=2");
    }
}
