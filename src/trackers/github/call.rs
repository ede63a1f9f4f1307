//! GitHub on the line: octocrab carries the requests (token, base address), our client their connections and limits.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use ::http::header::{ACCEPT, IF_NONE_MATCH, LOCATION};
use ::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use octocrab::service::middleware::base_uri::BaseUriLayer;
use octocrab::service::middleware::extra_headers::ExtraHeadersLayer;
use octocrab::service::middleware::reqwest_connector::ReqwestConnector;
use octocrab::{AuthState, Octocrab, OctocrabBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use super::super::inquiry::Setback;
use super::app::App;
use crate::domain::lookup::{Trouble, TroubleKind};
use crate::domain::tracker::{CORE, Credential, TrackerSettings};
use crate::http::{AT_ONCE, Client, Fault, Gate, Reply, WHOLE, Weight};

/// The version of the REST interface that our wire types were written against.
const VERSION: &str = "2022-11-28";

/// The names of its other quotas.
const GRAPHQL: &str = "graphql";
const SEARCH: &str = "search";

/// The line to one GitHub. Every request is made by path, so that none can leave the origin of `api_url`, and octocrab
/// shows the token to paths only.
#[derive(Debug)]
pub(super) struct Line {
    /// Scheme, host and port.
    origin: Url,
    base: Uri,
    /// The path that REST's paths are under, without a slash at its end.
    rest: String,
    graphql: String,
    credential: Credential,
    /// Where the credential is an app's.
    app: Option<App>,
    /// Built with the first request: octocrab needs a running Tokio for it.
    octocrab: OnceLock<Octocrab>,
    http: Client,
    pub(super) gate: Gate,
    requests: AtomicU64,
}

/// What is sent to a path.
pub(super) enum Question<'a> {
    /// A GET with these headers.
    Get(HeaderMap),
    /// A POST that changes nothing.
    Post(&'a Value),
}

impl Question<'_> {
    /// A GET without headers of its own.
    pub(super) fn plain() -> Self {
        Self::Get(HeaderMap::new())
    }
}

impl Line {
    /// `None` when the address is none that requests can be made to.
    pub(super) fn new(settings: &TrackerSettings, app: Option<App>, http: Client) -> Option<Self> {
        let TrackerSettings { api_url: api, credential, reserve, .. } = settings;
        let origin: Url = api.join("/").ok()?;
        let base = origin.as_str().parse().ok()?;
        let rest = api.path().trim_end_matches('/').to_owned();
        // An Enterprise Server has its GraphQL beside REST, not under it.
        let graphql = match rest.strip_suffix("/v3") {
            Some(api) if api.ends_with("/api") => format!("{api}/graphql"),
            _ => format!("{rest}/graphql"),
        };
        // Without a credential there is nobody to leave anything to, and few enough requests to make them one by one: the
        // last one that is allowed is not passed.
        let (reserve, at_once) = if matches!(credential, Credential::Anonymous) { (0, 1) } else { (*reserve, AT_ONCE) };
        let gate = http.gates().gate(api, credential, reserve, at_once);
        Some(Self {
            origin,
            base,
            rest,
            graphql,
            credential: credential.clone(),
            app,
            octocrab: OnceLock::new(),
            http,
            gate,
            requests: AtomicU64::new(0),
        })
    }

    /// How many requests were made.
    pub(super) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// That few of GraphQL's points are left, if so.
    pub(super) fn is_low(&self) -> Option<Trouble> {
        self.gate.is_low(GRAPHQL)
    }

    /// That nothing of what is asked for first may be asked just now, if so.
    pub(super) fn is_shut(&self) -> Option<Trouble> {
        self.gate.is_shut(if self.is_anonymous() { CORE } else { GRAPHQL })
    }

    /// Takes in a limit that GraphQL tells with status 200.
    pub(super) fn limited(&self, reply: &Reply) -> Setback {
        self.setback(self.gate.limited(GRAPHQL, reply))
    }

    pub(super) fn is_anonymous(&self) -> bool {
        matches!(self.credential, Credential::Anonymous)
    }

    /// Asks REST for what is at `path`, which starts with `/repos`, say. A redirect is a reply.
    pub(super) async fn get(&self, path: &str) -> Result<Reply, Setback> {
        self.get_whole(&self.below_rest(path), &Question::plain()).await
    }

    /// The whole path of one of REST's.
    pub(super) fn below_rest(&self, path: &str) -> String {
        format!("{}{path}", self.rest)
    }

    /// Asks REST for what is at `path`, unless it is still what this tag stands for: then the reply is a 304.
    pub(super) async fn get_unless(&self, path: &str, tag: Option<&str>) -> Result<Reply, Setback> {
        let mut headers = HeaderMap::new();
        if let Some(tag) = tag.and_then(|tag| HeaderValue::from_str(tag).ok()) {
            headers.insert(IF_NONE_MATCH, tag);
        }
        self.get_whole(&self.below_rest(path), &Question::Get(headers)).await
    }

    /// Asks for what a redirect points to, if that is at the same origin.
    pub(super) async fn follow(&self, redirect: &Reply) -> Result<Reply, Setback> {
        let there = redirect.header(LOCATION.as_str()).and_then(|there| redirect.url.join(there).ok());
        match there {
            Some(there) if there.origin() == self.origin.origin() => {
                let query = there.query().map(|query| format!("?{query}")).unwrap_or_default();
                self.get_whole(&format!("{}{query}", there.path()), &Question::plain()).await
            }
            Some(there) => {
                let host = there.origin().ascii_serialization();
                Err(redirect.misread(&format!("points to another host ({host}), which is not followed")).into())
            }
            None => Err(redirect.misread("answered with a redirect to nowhere").into()),
        }
    }

    async fn get_whole(&self, path: &str, question: &Question<'_>) -> Result<Reply, Setback> {
        let scope = if path[self.rest.len().min(path.len())..].starts_with("/search/") { SEARCH } else { CORE };
        self.signed(Weight::Light, scope, path, question).await.map_err(|trouble| self.setback(trouble))
    }

    /// Sends a GraphQL query.
    pub(super) async fn graphql(&self, query: &Value) -> Result<Reply, Setback> {
        let asked = self.signed(Weight::Heavy, GRAPHQL, &self.graphql, &Question::Post(query)).await;
        asked.map_err(|trouble| self.setback(trouble))
    }

    /// That REST's quota is used up leaves GraphQL's as it is, and the other way round.
    fn setback(&self, trouble: Trouble) -> Setback {
        let apart = trouble.kind == TroubleKind::Limit && !self.is_anonymous();
        if apart && self.gate.is_shut(WHOLE).is_none() { Setback::spent(trouble) } else { Setback::whole(trouble) }
    }

    /// Asks with the credential; where that is an app's, with a token of its installation, renewed once when refused.
    async fn signed(&self, weight: Weight, scope: &str, path: &str, question: &Question<'_>) -> Result<Reply, Trouble> {
        let Some(app) = &self.app else { return self.ask(weight, scope, path, question, None).await };
        let token = app.token(self, None).await?;
        let reply = self.ask(weight, scope, path, question, Some(&token)).await?;
        if reply.status != StatusCode::UNAUTHORIZED {
            return Ok(reply);
        }
        let token = app.token(self, Some(&token)).await?;
        self.ask(weight, scope, path, question, Some(&token)).await
    }

    /// Asks with this token, or with what the line itself was given.
    pub(super) async fn ask(
        &self,
        weight: Weight,
        scope: &str,
        path: &str,
        question: &Question<'_>,
        token: Option<&SecretString>,
    ) -> Result<Reply, Trouble> {
        let url = self.origin.join(path).unwrap_or_else(|_| self.origin.clone());
        let read = |error: &octocrab::Error| self.http.fault(&url, error);
        let octocrab = match token {
            Some(token) => self.octocrab().user_access_token(token.clone()).map_err(|error| read(&error).trouble)?,
            None => self.octocrab().clone(),
        };
        let attempt = || async {
            self.requests.fetch_add(1, Ordering::Relaxed);
            let answered = match question {
                Question::Post(body) => octocrab._post(path, Some(body)).await,
                Question::Get(headers) => octocrab._get_with_headers(path, Some(headers.clone())).await,
            };
            match answered {
                Ok(response) => self.http.read(&url, response).await,
                Err(error) => Err::<Reply, Fault>(read(&error)),
            }
        };
        self.http.persist(weight, (&self.gate, scope), attempt).await
    }

    /// `build_with_reqwest` would add octocrab's own User-Agent beside ours, log every 5xx as an error of its own, and
    /// panic on a token that no header can carry; the same connector without these layers does none of that.
    fn octocrab(&self) -> &Octocrab {
        self.octocrab.get_or_init(|| {
            let auth = match (&self.app, &self.credential) {
                (Some(app), _) => AuthState::App(app.auth.clone()),
                (None, Credential::Bearer(token)) => AuthState::AccessToken { token: token.clone() },
                (None, Credential::Basic { user, token }) => {
                    AuthState::BasicAuth { username: user.clone(), password: token.expose_secret().to_owned() }
                }
                (None, Credential::Anonymous | Credential::App { .. }) => AuthState::None,
            };
            let headers = vec![
                (ACCEPT, HeaderValue::from_static("application/vnd.github+json")),
                (HeaderName::from_static("x-github-api-version"), HeaderValue::from_static(VERSION)),
            ];
            let Ok(octocrab) = OctocrabBuilder::new_empty()
                .with_service(ReqwestConnector::new(self.http.plain(&self.origin)))
                .with_layer(&ExtraHeadersLayer::new(headers.into()))
                .with_layer(&BaseUriLayer::new(self.base.clone()))
                .with_auth(auth)
                .build();
            octocrab
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Line;
    use crate::domain::tracker::{Credential, TrackerId, TrackerKind, TrackerSettings};
    use crate::http::{Client, Limits};

    #[test]
    fn graphql_is_where_github_has_it() {
        for (api, rest, graphql) in [
            ("https://api.github.com", "", "/graphql"),
            ("https://api.github.com/", "", "/graphql"),
            ("https://ghe.example.org/api/v3", "/api/v3", "/api/graphql"),
            ("https://ghe.example.org/api/v3/", "/api/v3", "/api/graphql"),
            ("https://gate.example.org/github", "/github", "/github/graphql"),
            ("https://gate.example.org/v3", "/v3", "/v3/graphql"),
        ] {
            let settings = TrackerSettings {
                id: TrackerId::first(TrackerKind::GitHub),
                name: "github".to_owned(),
                site: "https://github.com".parse().unwrap(),
                api_url: api.parse().unwrap(),
                flavor: None,
                credential: Credential::Anonymous,
                reserve: 10,
                evidence_repos: Vec::new(),
            };
            let line = Line::new(&settings, None, Client::new(Limits::default()).unwrap()).unwrap();
            assert_eq!((line.rest.as_str(), line.graphql.as_str()), (rest, graphql), "{api}");
        }
    }
}
