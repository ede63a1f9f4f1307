//! A closer look without a token: GraphQL wants one, REST's timeline does not. One ticket at a time, for it costs a request
//! of the sixty that an hour allows.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::inquiry::{Outcome, Setback};
use super::closing::{Told, add};
use super::{Address, Asking, Step};
use crate::domain::details::Details;
use crate::domain::lookup::Answer;

/// Events on a page: the most that GitHub gives.
const PAGE: usize = 100;
/// Requests that one ticket may take. A long timeline has its first page read, and its last one if that fits.
const REQUESTS: u64 = 4;

impl Asking {
    /// Adds to a closed ticket what its timeline tells. What goes wrong here leaves the ticket as it is.
    pub(super) async fn timeline(&self, mut held: Answer) -> Outcome<Step> {
        let mut outcome = Outcome::new();
        match self.read_timeline(&mut held).await {
            Ok(()) => outcome.answers.push(held),
            Err(setback) => outcome.settle_for(vec![held], Setback::own(setback.trouble)),
        }
        outcome
    }

    async fn read_timeline(&self, held: &mut Answer) -> Result<(), Setback> {
        let Some(ticket) = held.lookup.ticket_mut() else { return Ok(()) };
        let Some(Address { owner, repo, number }) = Address::of(&ticket.id) else { return Ok(()) };
        let line = &self.github.line;
        let path = format!("/repos/{owner}/{repo}/issues/{number}/timeline?per_page={PAGE}");
        let reply = line.get(&path).await?;
        if let Some(refusal) = reply.refusal() {
            return Err(refusal.into());
        }
        let mut items: Vec<Value> = reply.json()?;
        let last = reply.header("link").and_then(last_page);
        if let Some(page) = last.filter(|_| line.requests() < REQUESTS) {
            let reply = line.get(&format!("{path}&page={page}")).await?;
            if let Some(refusal) = reply.refusal() {
                return Err(refusal.into());
            }
            items.extend(reply.json::<Vec<Value>>()?);
        }
        let home = format!("{owner}/{repo}");
        let itself = (home, number);
        let told = told(items, &itself);
        let before = std::mem::take(&mut ticket.details);
        add(ticket, told);
        // The ticket itself was told of before; the timeline adds what happened to it.
        let Details { comments, events, mentions, closing, .. } = std::mem::take(&mut ticket.details);
        ticket.details = Details { comments, events, mentions, closing, ..before };
        Ok(())
    }
}

/// The number of the last page, from GitHub's `Link` header.
fn last_page(link: &str) -> Option<u32> {
    let last = link.split(',').find(|part| part.contains("rel=\"last\""))?;
    let address = last.split_once('<')?.1.split_once('>')?.0;
    let query = address.split_once('?')?.1;
    query.split('&').find_map(|pair| pair.strip_prefix("page=")).and_then(|page| page.parse().ok())
}

/// An event of the timeline, the fields of all kinds side by side.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Happening {
    event: String,
    actor: Option<Value>,
    user: Option<Value>,
    author_association: Option<String>,
    created_at: Option<String>,
    body: Option<String>,
    html_url: Option<String>,
    commit_id: Option<String>,
    state_reason: Option<String>,
    source: Option<Source>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Source {
    issue: Option<Other>,
}

/// The ticket that mentions this one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Other {
    number: Option<u64>,
    title: Option<String>,
    state: Option<String>,
    body: Option<String>,
    closed_at: Option<String>,
    repository_url: Option<String>,
    pull_request: Option<Pull>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Pull {
    merged_at: Option<String>,
}

/// The timeline in the words of GraphQL, which says the same in another form.
fn told(items: Vec<Value>, itself: &(String, u64)) -> Told {
    let (mut events, mut mentions, mut comments) = (Vec::new(), Vec::new(), Vec::new());
    // An event of a shape that nobody foresaw tells nothing.
    for it in items.into_iter().filter_map(|item| serde_json::from_value::<Happening>(item).ok()) {
        let actor = account(it.actor.as_ref().or(it.user.as_ref()));
        let commit = it.commit_id.as_ref().map(|id| json!({"oid": id}));
        let typename = match it.event.as_str() {
            "commented" => {
                comments.push(json!({
                    "author": actor, "authorAssociation": it.author_association, "createdAt": it.created_at,
                    "body": it.body, "url": it.html_url,
                }));
                continue;
            }
            "cross-referenced" => {
                if let Some(source) = it.source.and_then(|source| source.issue).and_then(|other| target(&other)) {
                    let text = source["body"].as_str().unwrap_or_default();
                    let home = source["repository"]["nameWithOwner"].as_str().unwrap_or_default();
                    let closes = source["__typename"] == "PullRequest" && closes(text, home, itself);
                    mentions.push(json!({
                        "__typename": "CrossReferencedEvent", "actor": actor, "createdAt": it.created_at,
                        "source": source, "willCloseTarget": closes,
                    }));
                }
                continue;
            }
            "referenced" => {
                mentions.push(json!({
                    "__typename": "ReferencedEvent", "actor": actor, "createdAt": it.created_at, "commit": commit,
                }));
                continue;
            }
            "closed" => "ClosedEvent",
            "reopened" => "ReopenedEvent",
            "merged" => "MergedEvent",
            "converted_to_discussion" => "ConvertedToDiscussionEvent",
            _ => continue,
        };
        let mut event = json!({
            "__typename": typename, "actor": actor, "createdAt": it.created_at, "stateReason": it.state_reason,
        });
        event[if typename == "ClosedEvent" { "closer" } else { "commit" }] = json!(commit);
        events.push(event);
    }
    let nodes = |nodes: Vec<Value>| json!({"nodes": nodes});
    let last = comments.len().saturating_sub(COMMENTS);
    let told = json!({
        "events": nodes(events), "mentions": nodes(mentions), "comments": nodes(comments.split_off(last)),
    });
    serde_json::from_value(told).unwrap_or_default()
}

/// How many comments are kept, from the last: as many as GraphQL is asked for.
const COMMENTS: usize = 15;

fn account(user: Option<&Value>) -> Option<Value> {
    let user = user?;
    let kind = user.get("type").and_then(Value::as_str);
    Some(json!({"login": user.get("login")?.as_str()?, "__typename": kind}))
}

fn target(other: &Other) -> Option<Value> {
    let home = other.repository_url.as_deref().and_then(super::convert::home_of)?;
    let merged_at = other.pull_request.as_ref().and_then(|pull| pull.merged_at.clone());
    let state = if merged_at.is_some() { Some("merged".to_owned()) } else { other.state.clone() };
    Some(json!({
        "__typename": if other.pull_request.is_some() { "PullRequest" } else { "Issue" },
        "number": other.number?, "title": other.title, "state": state, "body": other.body,
        "closedAt": other.closed_at, "mergedAt": merged_at, "repository": {"nameWithOwner": home},
    }))
}

/// Whether a pull request's description says that it closes this ticket, in one of GitHub's words for it:
/// <https://docs.github.com/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue>
fn closes(text: &str, home: &str, (repo, number): &(String, u64)) -> bool {
    const WORDS: [&str; 9] = ["close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved"];
    let text = text.to_ascii_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let near = home.eq_ignore_ascii_case(repo);
    let whole = format!("{}#{number}", repo.to_ascii_lowercase());
    let short = format!("#{number}");
    words.windows(2).any(|pair| {
        let name = pair[1].trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        WORDS.contains(&pair[0].trim_end_matches(':')) && (name == whole || (near && name == short))
    })
}

#[cfg(test)]
mod tests {
    use super::{closes, last_page};

    #[test]
    fn the_last_page_stands_in_the_link() {
        let link = "<https://api.github.com/repositories/1/issues/2/timeline?per_page=100&page=2>; rel=\"next\", \
                    <https://api.github.com/repositories/1/issues/2/timeline?per_page=100&page=7>; rel=\"last\"";
        for (link, page) in [(link, Some(7)), ("<https://x.example/?page=1>; rel=\"first\"", None), ("", None)] {
            assert_eq!(last_page(link), page, "{link}");
        }
    }

    #[test]
    fn a_pull_request_says_in_github_s_words_what_it_closes() {
        let itself = ("acme/rocket".to_owned(), 7);
        for (home, text, expected) in [
            ("acme/rocket", "Fixes #7.", true),
            ("Acme/Rocket", "this\nresolved: #7, and more", true),
            ("acme/ship", "closes acme/rocket#7", true),
            ("acme/ship", "closes #7", false),
            ("acme/rocket", "fixes #77", false),
            ("acme/rocket", "see #7", false),
            ("acme/rocket", "prefixes #7", false),
            ("acme/rocket", "", false),
        ] {
            assert_eq!(closes(text, home, &itself), expected, "{home}: {text}");
        }
    }
}
