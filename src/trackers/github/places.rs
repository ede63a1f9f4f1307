//! Which of the repositories to be searched these credentials see.
//!
//! A search of what is not shown finds nothing and does not say why. So before anything is searched for, each place shows
//! itself: a repository with its pull requests, an owner with a repository at least.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::GitHub;
use crate::domain::lookup::{Trouble, TroubleKind};

/// Places in one query; each is a connection.
const PLACES: usize = 100;

impl GitHub {
    /// Those of the places to be searched that are shown, as they are configured; and what is to be said of the others.
    ///
    /// # Errors
    /// When GitHub could not be asked.
    pub(in crate::trackers) async fn shown_places(&self) -> Result<(Vec<String>, Option<Trouble>), Trouble> {
        let (mut shown, mut others) = (Vec::new(), Vec::new());
        for places in self.evidence_repos().chunks(PLACES) {
            let (reply, data) = self.whole(&query(places)).await.map_err(|failed| failed.trouble)?;
            for (at, place) in places.iter().enumerate() {
                let told = data.get(&format!("p{at}"));
                let told = told.ok_or_else(|| reply.misread("told nothing of a repository to be searched"))?;
                let list = if shows(told) { &mut shown } else { &mut others };
                list.push(place.clone());
            }
        }
        let says = || format!("no evidence is looked for in {}: not shown to these credentials", others.join(", "));
        let trouble = (!others.is_empty()).then(|| Trouble { kind: TroubleKind::Unasked, says: says() });
        Ok((shown, trouble))
    }
}

/// Whether a place is shown: a repository with its pull requests, however many, or an owner with a repository.
fn shows(told: &Value) -> bool {
    let count = |of: &str| told.get(of).and_then(|list| list.get("totalCount")?.as_u64());
    count("pullRequests").is_some() || count("repositories").is_some_and(|repositories| repositories > 0)
}

fn query(places: &[String]) -> Value {
    let (mut declared, mut asked, mut variables) = (Vec::new(), String::new(), Map::new());
    for (at, place) in places.iter().enumerate() {
        let (owner, name) = place.split_once('/').unwrap_or((place, "*"));
        variables.insert(format!("o{at}"), json!(owner));
        declared.push(format!("$o{at}: String!"));
        let _ = if name == "*" {
            writeln!(
                asked,
                "  p{at}: repositoryOwner(login: $o{at}) {{ __typename repositories(first: 1) {{ totalCount }} }}"
            )
        } else {
            variables.insert(format!("n{at}"), json!(name));
            declared.push(format!("$n{at}: String!"));
            writeln!(
                asked,
                "  p{at}: repository(owner: $o{at}, name: $n{at}) {{ pullRequests(first: 1) {{ totalCount }} }}"
            )
        };
    }
    let text =
        format!("query Places({}) {{\n  rateLimit {{ cost remaining resetAt }}\n{asked}}}\n", declared.join(", "));
    json!({"query": text, "variables": variables})
}

#[cfg(test)]
mod tests {
    use super::query;

    #[test]
    fn places_are_asked_for_together() {
        let query = query(&["acme/rocket".to_owned(), "acme-labs/*".to_owned()]);
        insta::assert_snapshot!(query["query"].as_str().unwrap(), @r"
        query Places($o0: String!, $n0: String!, $o1: String!) {
          rateLimit { cost remaining resetAt }
          p0: repository(owner: $o0, name: $n0) { pullRequests(first: 1) { totalCount } }
          p1: repositoryOwner(login: $o1) { __typename repositories(first: 1) { totalCount } }
        }
        ");
        insta::assert_snapshot!(query["variables"], @r#"{"n0":"rocket","o0":"acme","o1":"acme-labs"}"#);
    }
}
