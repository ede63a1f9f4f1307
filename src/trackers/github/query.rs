//! The GraphQL queries that we send. They are checked against the official schema.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::Address;
use crate::domain::ticket::TicketId;

/// A query and what its aliases stand for.
pub(super) struct Query {
    /// The request's body.
    pub(super) body: Value,
    /// The repositories asked for; the first is `r0`.
    pub(super) homes: Vec<HomeAsked>,
}

impl Query {
    /// Where a ticket is answered: the alias of its repository, and its number.
    pub(super) fn alias(&self, ticket: &TicketId) -> Option<(String, u64)> {
        let Address { owner, repo, number } = Address::of(ticket)?;
        let at = self.homes.iter().position(|home| home.is(owner, repo))?;
        Some((format!("r{at}"), number))
    }
}

/// The tickets asked for in one repository. The alias of number 12 is `t12`.
pub(super) struct HomeAsked {
    owner: String,
    repo: String,
    pub(super) tickets: Vec<(u64, TicketId)>,
}

impl HomeAsked {
    fn is(&self, owner: &str, repo: &str) -> bool {
        self.owner.eq_ignore_ascii_case(owner) && self.repo.eq_ignore_ascii_case(repo)
    }
}

/// State and change of up to a hundred tickets, for one point.
///
/// `duplicates` says whether the server must be told that it may answer `DUPLICATE`: older ones say something else
/// unless asked, newer ones refuse the argument. Tickets whose address fits no query are left out.
pub(super) fn light(tickets: &[TicketId], duplicates: bool) -> Query {
    of("Tickets", tickets, &FACTS.replace("(DUPLICATES)", if duplicates { "(enableDuplicate: true)" } else { "" }))
}

/// What the fragment `ticket` among `fragments` asks for, of each of these tickets.
pub(super) fn of(name: &str, tickets: &[TicketId], fragments: &str) -> Query {
    with(name, tickets, fragments, |_| String::new())
}

/// The same, with what `more` says to ask of each ticket besides.
pub(super) fn with(name: &str, tickets: &[TicketId], fragments: &str, more: impl Fn(&TicketId) -> String) -> Query {
    let mut homes: Vec<HomeAsked> = Vec::new();
    for ticket in tickets {
        let Some(Address { owner, repo, number }) = Address::of(ticket) else { continue };
        match homes.iter_mut().find(|home| home.is(owner, repo)) {
            Some(home) => home.tickets.push((number, ticket.clone())),
            None => homes.push(HomeAsked {
                owner: owner.to_owned(),
                repo: repo.to_owned(),
                tickets: vec![(number, ticket.clone())],
            }),
        }
    }
    Query { body: json!({"query": document(name, &homes, fragments, more), "variables": variables(&homes)}), homes }
}

fn variables(homes: &[HomeAsked]) -> Map<String, Value> {
    let names = homes.iter().enumerate();
    names.flat_map(|(i, home)| [(format!("o{i}"), json!(home.owner)), (format!("n{i}"), json!(home.repo))]).collect()
}

fn document(name: &str, homes: &[HomeAsked], fragments: &str, more: impl Fn(&TicketId) -> String) -> String {
    let declared: Vec<_> = (0..homes.len()).map(|i| format!("$o{i}: String!, $n{i}: String!")).collect();
    let mut text = format!("query {name}({}) {{\n  rateLimit {{ cost remaining resetAt }}\n", declared.join(", "));
    for (i, home) in homes.iter().enumerate() {
        let _ = writeln!(text, "  r{i}: repository(owner: $o{i}, name: $n{i}) {{");
        for (number, ticket) in &home.tickets {
            let more = more(ticket);
            let _ = writeln!(text, "    t{number}: issueOrPullRequest(number: {number}) {{ ...ticket{more} }}");
        }
        text.push_str("  }\n");
    }
    text.push_str("}\n");
    text.push_str(fragments);
    text
}

/// `state` has another type on each side of the union, so one side needs an alias.
const FACTS: &str = "\
fragment ticket on IssueOrPullRequest {
  __typename
  ... on Issue {
    id number title url state stateReason(DUPLICATES) createdAt updatedAt closedAt
    repository { nameWithOwner }
  }
  ... on PullRequest {
    id number title url prState: state createdAt updatedAt closedAt merged mergedAt
    repository { nameWithOwner }
  }
}
";

#[cfg(test)]
mod tests {
    use super::light;

    #[test]
    fn tickets_of_one_repository_stand_together() {
        let tickets: Vec<_> = ["github:acme/rocket#7", "github:Acme/Rocket#8", "github:acme/ship#7"]
            .map(|id| id.parse().unwrap())
            .to_vec();
        let query = light(&tickets, true);
        insta::assert_snapshot!(query.body["query"].as_str().unwrap(), @r"
        query Tickets($o0: String!, $n0: String!, $o1: String!, $n1: String!) {
          rateLimit { cost remaining resetAt }
          r0: repository(owner: $o0, name: $n0) {
            t7: issueOrPullRequest(number: 7) { ...ticket }
            t8: issueOrPullRequest(number: 8) { ...ticket }
          }
          r1: repository(owner: $o1, name: $n1) {
            t7: issueOrPullRequest(number: 7) { ...ticket }
          }
        }
        fragment ticket on IssueOrPullRequest {
          __typename
          ... on Issue {
            id number title url state stateReason(enableDuplicate: true) createdAt updatedAt closedAt
            repository { nameWithOwner }
          }
          ... on PullRequest {
            id number title url prState: state createdAt updatedAt closedAt merged mergedAt
            repository { nameWithOwner }
          }
        }
        ");
        insta::assert_snapshot!(query.body["variables"], @r#"{"n0":"rocket","n1":"ship","o0":"acme","o1":"acme"}"#);
        assert!(light(&tickets, false).body["query"].as_str().unwrap().contains("state stateReason createdAt"));
    }
}
