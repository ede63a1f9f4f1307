//! The body of one issue on GitHub, replaced: sending it twice changes nothing.

use ::http::Method;
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::{answered, unanswered};
use crate::domain::channel::{IssuePlace, Then, Undelivered};
use crate::http::{Call, Client, Pass, Reply};

#[derive(Deserialize)]
struct Issue {
    #[serde(default)]
    pull_request: Option<serde_json::Value>,
}

/// <https://docs.github.com/rest/issues/issues#update-an-issue>
pub(super) async fn send(http: &Client, place: &IssuePlace, body: &str) -> Result<(), Undelivered> {
    answered(&ask(http, place, Method::PATCH, Some(&json!({"body": body}))).await?)
}

/// <https://docs.github.com/rest/issues/issues#get-an-issue>
pub(super) async fn examine(http: &Client, place: &IssuePlace) -> Result<String, Undelivered> {
    let reply = ask(http, place, Method::GET, None).await?;
    answered(&reply)?;
    let name = format!("{}#{}", place.repo, place.number);
    let issue: Issue = reply.json().map_err(|trouble| Undelivered { says: trouble.says, then: Then::Never })?;
    if issue.pull_request.is_some() {
        return Err(Undelivered { says: format!("{name} is a pull request"), then: Then::Never });
    }
    Ok(format!("{name} is there; whether the token may edit it, only an edit can tell"))
}

async fn ask(
    http: &Client,
    place: &IssuePlace,
    method: Method,
    json: Option<&serde_json::Value>,
) -> Result<Reply, Undelivered> {
    let unusable = |says: String| Undelivered { says, then: Then::Never };
    let pass = Pass::new(&place.credential, &place.api_url).map_err(|error| unusable(error.to_string()))?;
    let base = place.api_url.as_str().trim_end_matches('/');
    let url = Url::parse(&format!("{base}/repos/{}/issues/{}", place.repo, place.number));
    let url = url.map_err(|error| unusable(format!("`{}` is no repository: {error}", place.repo)))?;
    // Done twice it is done once, so it does not matter whether somebody was reached.
    let call = Call { method, url, json, pass: &pass, tag: None };
    http.exchange(&call).await.map_err(|fault| unanswered(fault, false))
}
