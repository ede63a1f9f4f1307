//! Merged pull requests that name a Jira key, searched for in the repositories that the configuration names.
//!
//! GitHub's search finds words, not keys: what it brings counts only where the key itself stands in it. A search that
//! failed has told nothing, not even that there is nothing.

use std::collections::{BTreeMap, VecDeque};

use ::http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::GitHub;
use super::batch::failure;
use super::closing::{Target, keep_telling, undoing};
use super::convert::moment;
use super::wire::{GraphError, GraphReply, NodeRepository, User};
use crate::domain::details::Mention;
use crate::domain::lookup::Trouble;
use crate::http::Reply;

/// Searches in one query. Each is eleven connections, a hundred of which cost a point, and each takes the server a while.
pub(in crate::trackers) const SEARCHES: usize = 10;
/// The longest search that GitHub takes, in characters.
const LONGEST: usize = 256;

/// What is asked of each pull request found. It is checked against the official schema.
const PULL: &str = "\
fragment pull on PullRequest {
  __typename number title body headRefName mergedAt
  author { login }
  repository { nameWithOwner }
  mentions: timelineItems(last: 10, itemTypes: [CROSS_REFERENCED_EVENT]) {
    nodes { __typename ...crossReference }
  }
}
fragment crossReference on CrossReferencedEvent {
  actor { __typename login }
  createdAt
  source {
    __typename
    ... on PullRequest { number title state body closedAt mergedAt repository { nameWithOwner } }
  }
}
";

/// One search: the key that it is for, and its words.
#[derive(Debug, Clone)]
struct Search<'a> {
    key: &'a str,
    words: String,
}

/// A pull request that was found.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    number: Option<u64>,
    title: Option<String>,
    body: Option<String>,
    head_ref_name: Option<String>,
    merged_at: Option<String>,
    author: Option<User>,
    repository: Option<NodeRepository>,
}

impl GitHub {
    /// The repositories to search, where there are any and there is a token to do it with.
    pub(in crate::trackers) fn evidence_repos(&self) -> &[String] {
        if self.line.is_anonymous() { &[] } else { &self.evidence_repos }
    }

    /// How many searches one key takes.
    pub(in crate::trackers) fn searches_a_key(&self) -> usize {
        searches("KEY-1", self.evidence_repos()).len()
    }

    /// Searches for each of these keys. A key is in the answer only if it was searched for in all these places; what kept
    /// the others from it is told beside.
    pub(in crate::trackers) async fn merged_for(
        &self,
        keys: &[String],
        places: &[String],
    ) -> (BTreeMap<String, Vec<Mention>>, Option<Trouble>) {
        let mut found: BTreeMap<String, Vec<Mention>> = BTreeMap::new();
        let all: Vec<Search<'_>> = keys.iter().flat_map(|key| searches(key, places)).collect();
        let mut waiting: VecDeque<Vec<Search<'_>>> = all.chunks(SEARCHES).map(<[_]>::to_vec).collect();
        while let Some(batch) = waiting.pop_front() {
            match self.search(&batch).await {
                Ok(pulls) => {
                    for (search, pulls) in batch.iter().zip(pulls) {
                        found.entry(search.key.to_owned()).or_default().extend(pulls);
                    }
                }
                Err(Failed { too_much: true, .. }) if batch.len() > 1 => {
                    let (one, other) = batch.split_at(batch.len() / 2);
                    waiting.push_front(other.to_vec());
                    waiting.push_front(one.to_vec());
                }
                Err(Failed { trouble, .. }) => {
                    let unsearched = waiting.iter().flatten().chain(&batch);
                    unsearched.for_each(|search| _ = found.remove(search.key));
                    return (found, Some(trouble));
                }
            }
        }
        (found, None)
    }

    /// One query; what each search found, in their order.
    async fn search(&self, searches: &[Search<'_>]) -> Result<Vec<Vec<Mention>>, Failed> {
        let (reply, data) = self.whole(&query(searches)).await?;
        let pulls = searches.iter().enumerate().map(|(at, search)| {
            let nodes = data.get(&format!("s{at}")).and_then(|found| found.get("nodes")?.as_array());
            let nodes = nodes.ok_or_else(|| reply.misread("told nothing of a search"))?;
            let mut mentions = nodes.iter().flat_map(|node| mentions(node, search.key)).collect();
            keep_telling(&mut mentions);
            Ok(mentions)
        });
        pulls.collect::<Result<_, Trouble>>().map_err(Failed::from)
    }

    /// The data that answers a query, with the reply that it came in. An answer with a part that failed is none.
    pub(super) async fn whole(&self, query: &Value) -> Result<(Reply, Map<String, Value>), Failed> {
        if let Some(low) = self.line.is_low() {
            return Err(low.into());
        }
        let reply = self.line.graphql(query).await.map_err(|setback| Failed::from(setback.trouble))?;
        if let Some(trouble) = reply.refusal() {
            let too_much = matches!(reply.status, StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT);
            return Err(Failed { trouble, too_much });
        }
        let GraphReply { data, errors } = reply.json()?;
        let errors = errors.unwrap_or_default();
        if errors.iter().any(GraphError::is_limit) {
            return Err(self.line.limited(&reply).trouble.into());
        }
        // What is withheld inside a pull request (its author, say) is left out of it.
        if errors.iter().any(GraphError::is_failure) {
            return Err(Failed { trouble: failure(&reply, &errors), too_much: true });
        }
        let data = data.ok_or_else(|| reply.misread("sent neither data nor errors"))?;
        Ok((reply, data))
    }
}

/// Why a query gave nothing, and whether asking for less may help.
pub(super) struct Failed {
    pub(super) trouble: Trouble,
    too_much: bool,
}

impl From<Trouble> for Failed {
    fn from(trouble: Trouble) -> Self {
        Self { trouble, too_much: false }
    }
}

/// The searches for one key: as few as GitHub's bound on their length allows. Qualifiers of the same kind mean *or*.
fn searches<'a>(key: &'a str, repos: &[String]) -> Vec<Search<'a>> {
    let mut searches: Vec<Search<'a>> = Vec::new();
    for repo in repos {
        let place = match repo.strip_suffix("/*") {
            Some(owner) => format!(" user:{owner}"),
            None => format!(" repo:{repo}"),
        };
        match searches.last_mut().filter(|last| last.words.len() + place.len() <= LONGEST) {
            Some(last) => last.words.push_str(&place),
            None => searches.push(Search { key, words: format!("is:pr is:merged \"{key}\"{place}") }),
        }
    }
    searches
}

fn query(searches: &[Search<'_>]) -> Value {
    let numbers = 0..searches.len();
    let declared: Vec<String> = numbers.clone().map(|at| format!("$q{at}: String!")).collect();
    let asked: String = numbers
        .map(|at| {
            format!("  s{at}: search(type: ISSUE, query: $q{at}, first: 10) {{ issueCount nodes {{ ...pull }} }}\n")
        })
        .collect();
    let text = format!(
        "query Evidence({}) {{\n  rateLimit {{ cost remaining resetAt }}\n{asked}}}\n{PULL}",
        declared.join(", ")
    );
    let words = searches.iter().enumerate();
    let variables: Map<String, Value> = words.map(|(at, search)| (format!("q{at}"), json!(search.words))).collect();
    json!({"query": text, "variables": variables})
}

/// The pull request as a mention of the key, if it was merged and truly names it; and what took it out again, whether that
/// names the key or not.
fn mentions(node: &Value, key: &str) -> Vec<Mention> {
    let Some(mention) = mention(node, key) else { return Vec::new() };
    let work: Target = serde_json::from_value(node.clone()).unwrap_or_default();
    let undone = undoing(&work, None).filter(|it| it.state.as_deref() == Some("merged"));
    let undone: Vec<Mention> = undone.map(|it| Mention { seen_in: "search".to_owned(), ..it }).collect();
    std::iter::once(mention).chain(undone).collect()
}

fn mention(node: &Value, key: &str) -> Option<Mention> {
    let found: Found = serde_json::from_value(node.clone()).ok()?;
    let merged_at = moment(found.merged_at.as_deref())?;
    let title = found.title.unwrap_or_default();
    let where_named = if names(&title, key) {
        "title"
    } else if names(&found.head_ref_name?.to_ascii_uppercase(), key) {
        "branch"
    } else if names(found.body.as_deref().unwrap_or_default(), key) {
        "body"
    } else {
        return None;
    };
    Some(Mention {
        kind: "pull".to_owned(),
        what: format!("{}#{}", found.repository?.name_with_owner?, found.number?),
        seen_in: "search".to_owned(),
        event: Some(where_named.to_owned()),
        actor: found.author.and_then(|author| author.login),
        title: Some(title),
        state: Some("merged".to_owned()),
        closed_at: Some(merged_at),
        ..Mention::default()
    })
}

/// Whether a text holds the key itself: `OPS-1` stands neither in `OPS-12` nor in `DEVOPS-1`.
fn names(text: &str, key: &str) -> bool {
    text.match_indices(key).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + key.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, names, query, searches};

    #[test]
    fn a_key_is_named_by_itself_only() {
        for (text, named) in [
            ("OPS-1: start faster", true),
            ("[OPS-1] start faster", true),
            ("start faster (OPS-1)", true),
            ("FEATURE/OPS-1-START-FASTER", true),
            ("ADA_OPS-1_START", true),
            ("OPS-12: start faster", false),
            ("DEVOPS-1: start faster", false),
            ("OPS-1A", false),
            ("OPS 1", false),
            ("OPS-11 and OPS-1.", true),
        ] {
            assert_eq!(names(text, "OPS-1"), named, "{text}");
        }
    }

    #[test]
    fn a_search_is_as_long_as_github_allows() {
        let repos: Vec<String> = (0..30).map(|n| format!("acme/a-repository-{n}")).chain(["acme/*".into()]).collect();
        let all = searches("OPS-1", &repos);
        assert!(all.len() > 1 && all.iter().all(|search| search.words.len() <= LONGEST));
        let places: usize = all.iter().map(|search| search.words.matches(':').count() - 2).sum();
        assert_eq!(places, 31, "each repository once");
        assert!(searches("OPS-1", &[]).is_empty());
    }

    #[test]
    fn searches_go_together_in_one_query() {
        let repos = ["acme/rocket".to_owned(), "acme-labs/*".to_owned()];
        let both: Vec<_> = ["OPS-1", "OPS-2"].iter().flat_map(|key| searches(key, &repos)).collect();
        let query = query(&both);
        insta::assert_snapshot!(query["query"].as_str().unwrap(), @r"
        query Evidence($q0: String!, $q1: String!) {
          rateLimit { cost remaining resetAt }
          s0: search(type: ISSUE, query: $q0, first: 10) { issueCount nodes { ...pull } }
          s1: search(type: ISSUE, query: $q1, first: 10) { issueCount nodes { ...pull } }
        }
        fragment pull on PullRequest {
          __typename number title body headRefName mergedAt
          author { login }
          repository { nameWithOwner }
          mentions: timelineItems(last: 10, itemTypes: [CROSS_REFERENCED_EVENT]) {
            nodes { __typename ...crossReference }
          }
        }
        fragment crossReference on CrossReferencedEvent {
          actor { __typename login }
          createdAt
          source {
            __typename
            ... on PullRequest { number title state body closedAt mergedAt repository { nameWithOwner } }
          }
        }
        ");
        insta::assert_snapshot!(query["variables"]["q1"].as_str().unwrap(), @r#"is:pr is:merged "OPS-2" repo:acme/rocket user:acme-labs"#);
    }
}
