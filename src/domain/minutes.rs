//! Minutes: meetings by date and what was brought up in them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::challenge::Challenge;
use super::place::Place;
use super::series;
use super::ticket::TicketId;

/// One meeting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Meeting {
    /// The day.
    pub date: NaiveDate,
    /// Where its date stands.
    pub place: Place,
    /// Whether the notes say that it did not take place.
    pub skipped: bool,
    /// What was brought up, in order.
    pub topics: Vec<Topic>,
}

/// One subject of a meeting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Topic {
    /// `inform`, `quest`, `musings/questions` …: the page's own word in lower case.
    pub intention: Option<String>,
    /// Who brought it up.
    pub speaker: Option<String>,
    /// What it is about.
    pub text: String,
    /// Where its line starts.
    pub place: Place,
    /// Whether the form has lost what would tell a topic from a reply, so that this is our reading.
    pub assumed: bool,
    /// What was said to it.
    pub replies: Vec<Reply>,
    /// What was agreed.
    pub follow_ups: Vec<FollowUp>,
    /// Tickets cited in it and in its replies, once, in order of first appearance.
    pub tickets: Vec<TicketId>,
    /// Where its links lead, and those of its replies, that name no ticket but a place in a page.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
}

/// Whether a link in the document at `from` leads to a challenge: to its id or its title as a place in a document of the
/// register's name, or to its page on dragnet's own site.
pub fn leads_to(link: &str, from: &str, challenge: &Challenge) -> bool {
    let (address, anchor) = link.split_once('#').unwrap_or((link, ""));
    let (id, anchor) = (challenge.id.0.as_str(), decoded(anchor));
    if address.strip_suffix(id).is_some_and(|page| page.ends_with("/challenges/")) {
        return true;
    }
    let title = series::plain(&challenge.title);
    let there = &*challenge.place.path;
    let same =
        if address.is_empty() { from == there } else { name(address).is_some_and(|named| name(there) == Some(named)) };
    same && (anchor == id || !title.is_empty() && series::plain(&anchor) == title)
}

/// What tells a document from its neighbours: a wiki's page by its number, any other by the last part of its address.
fn name(address: &str) -> Option<String> {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let number =
        |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit()));
    let by_query = query.split('&').find_map(|pair| number(pair.strip_prefix("pageId=")?));
    let by_path = || path.split_once("/pages/").and_then(|(_, rest)| number(rest.split('/').next()?));
    let last = || path.rsplit('/').next().filter(|last| !last.is_empty()).map(decoded);
    by_query.or_else(by_path).or_else(last)
}

/// A part of an address without its escapes.
fn decoded(part: &str) -> String {
    let pair = format!("x={}", part.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(pair.as_bytes()).next().map_or_else(String::new, |(_, part)| part.into_owned())
}

/// One line said to a topic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// Who said it, where given.
    pub speaker: Option<String>,
    /// What was said.
    pub text: String,
    /// Where it starts.
    pub place: Place,
}

/// Something that a meeting agreed somebody would do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FollowUp {
    /// Who, where given.
    pub owner: Option<String>,
    /// What.
    pub text: String,
    /// Where it starts.
    pub place: Place,
    /// Whether the notes say that it was done.
    #[serde(default)]
    pub done: bool,
    /// Whether it links to anything.
    #[serde(default)]
    pub linked: bool,
    /// Tickets cited in it.
    #[serde(default)]
    pub tickets: Vec<TicketId>,
}

/// A topic in a challenge's story: one that links to it, or one whose words are like its title's, which is a guess and told
/// as one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// Where it stands.
    pub place: Place,
    /// The day of its meeting.
    pub date: NaiveDate,
    /// What it is about.
    pub text: String,
}

#[cfg(test)]
mod tests {
    use super::leads_to;
    use crate::domain::challenge::{Challenge, ChallengeId, Status};
    use crate::domain::place::Place;

    fn challenge(path: &str) -> Challenge {
        Challenge {
            id: ChallengeId("slow-tests-7f3a".to_owned()),
            category: None,
            title: "Slow tests (CI)".to_owned(),
            place: Place { path: path.into(), line: 3, column: 1 },
            occurrences: None,
            anecdotes: Vec::new(),
            status: Status::default(),
            tickets: Vec::new(),
        }
    }

    #[test]
    fn a_link_leads_to_a_challenge_by_its_page_and_its_id_or_title() {
        const WIKI: &str = "https://acme.example/wiki/pages/viewpage.action?pageId=77";
        for (link, path, expected) in [
            ("challenges.md#slow-tests-7f3a", "docs/challenges.md", true),
            ("../challenges.md#slow-tests-ci", "docs/challenges.md", true),
            ("https://github.com/a/b/blob/main/docs/challenges.md#slow-tests-ci", "docs/challenges.md", true),
            ("https://acme.example/wiki/spaces/ENG/pages/77/Challenges#Slow-tests-(CI)", WIKI, true),
            ("https://acme.example/wiki/pages/viewpage.action?pageId=77#slow%20tests%20ci", WIKI, true),
            ("https://acme.example/wiki/pages/viewpage.action?pageId=78#slow-tests-7f3a", WIKI, false),
            ("#slow-tests-ci", "minutes.md", true),
            ("#slow-tests-ci", "docs/challenges.md", false),
            ("challenges.md", "docs/challenges.md", false),
            ("challenges.md#", "docs/challenges.md", false),
            ("challenges.md#slow", "docs/challenges.md", false),
            ("plan.md#slow-tests-7f3a", "docs/challenges.md", false),
            ("https://dragnet.example/challenges/slow-tests-7f3a", "docs/challenges.md", true),
            ("https://dragnet.example/challenges/slow-tests", "docs/challenges.md", false),
        ] {
            assert_eq!(leads_to(link, "minutes.md", &challenge(path)), expected, "{link} to {path}");
        }
    }
}
