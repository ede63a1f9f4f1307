//! The GraphQL endpoint of the stand-in: a small part of GitHub's schema, checked and answered as GitHub does it.

mod check;
mod closing;
mod execute;
mod parse;
mod schema;
mod search;

use serde_json::{Value, json};

use super::super::server::{Answer, Request};
use super::{Caller, State, limited};

/// A fault of the query itself.
#[derive(Debug)]
struct Complaint {
    message: String,
    /// What GitHub adds for programs: its code, and names.
    extensions: Value,
    at: parse::Position,
}

impl Complaint {
    fn new(at: parse::Position, message: String, extensions: Value) -> Self {
        Self { message, extensions, at }
    }

    fn json(&self) -> Value {
        json!({"message": self.message, "locations": [self.at.json()], "extensions": self.extensions})
    }
}

/// Answers one request.
pub(super) fn answer(state: &mut State, request: &Request, caller: Caller) -> Answer {
    if caller == Caller::Stranger {
        return Answer::message(401, "This endpoint requires you to be authenticated.");
    }
    let body: Value = match serde_json::from_slice(&request.body) {
        Ok(body) if request.method == "POST" => body,
        _ => return Answer::message(400, "Problems parsing JSON"),
    };
    let Some(text) = body["query"].as_str() else {
        return Answer::json(
            200,
            &json!({"errors": [{"message": "A query attribute must be specified and must be a string."}]}),
        );
    };
    if !state.graphql.spend() {
        let error = json!({"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 1."});
        return limited(Answer::json(200, &json!({"errors": [error]})), &state.graphql, "graphql");
    }
    let result = parse::document(text)
        .map_err(|complaint| vec![complaint])
        .and_then(|document| check::check(&document, state).map(|()| document));
    let answer = match result {
        Ok(document) => execute::execute(state, &document, &body["variables"]),
        Err(complaints) => json!({"errors": complaints.iter().map(Complaint::json).collect::<Vec<_>>()}),
    };
    limited(Answer::json(200, &answer), &state.graphql, "graphql")
}
