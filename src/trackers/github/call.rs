//! GitHub on the line: octocrab carries the requests (token, base address), our client their connections and limits.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use ::http::header::{ACCEPT, IF_NONE_MATCH, LOCATION};
use ::http::{HeaderMap, HeaderName, HeaderValue, Uri};
use octocrab::service::middleware::base_uri::BaseUriLayer;
use octocrab::service::middleware::extra_headers::ExtraHeadersLayer;
use octocrab::service::middleware::reqwest_connector::ReqwestConnector;
use octocrab::{AuthState, Octocrab, OctocrabBuilder};
use secrecy::ExposeSecret;
use serde_json::Value;
use url::Url;

use super::super::inquiry::Setback;
use crate::domain::lookup::Trouble;
use crate::domain::tracker::Credential;
use crate::http::{Client, Fault, Reply, Weight};

/// The version of the REST interface that our wire types were written against.
const VERSION: &str = "2022-11-28";

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
    /// Built with the first request: octocrab needs a running Tokio for it.
    octocrab: OnceLock<Octocrab>,
    http: Client,
    requests: AtomicU64,
    dry: Mutex<Option<Trouble>>,
    low: Mutex<Option<Trouble>>,
}

/// One part in so many of GraphQL's points is left for others that use the same token, and for asking what state
/// tickets are in: closings are not looked at with the last of them.
const RESERVE: u64 = 10;

impl Line {
    /// `None` when the address is none that requests can be made to.
    pub(super) fn new(api: &Url, credential: &Credential, http: Client) -> Option<Self> {
        let origin: Url = api.join("/").ok()?;
        let base = origin.as_str().parse().ok()?;
        let rest = api.path().trim_end_matches('/').to_owned();
        // An Enterprise Server has its GraphQL beside REST, not under it.
        let graphql = match rest.strip_suffix("/v3") {
            Some(api) if api.ends_with("/api") => format!("{api}/graphql"),
            _ => format!("{rest}/graphql"),
        };
        Some(Self {
            origin,
            base,
            rest,
            graphql,
            credential: credential.clone(),
            octocrab: OnceLock::new(),
            http,
            requests: AtomicU64::new(0),
            dry: Mutex::new(None),
            low: Mutex::new(None),
        })
    }

    /// How many requests were made.
    pub(super) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// The limit that the last replies used up, told once.
    pub(super) fn dry(&self) -> Option<Trouble> {
        self.dry.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// That few of GraphQL's points are left, if so.
    pub(super) fn is_low(&self) -> Option<Trouble> {
        self.low.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks REST for what is at `path`, which starts with `/repos`, say. A redirect is a reply.
    pub(super) async fn get(&self, path: &str) -> Result<Reply, Setback> {
        self.get_whole(&format!("{}{path}", self.rest)).await
    }

    /// Asks REST for what is at `path`, unless it is still what this tag stands for: then the reply is a 304.
    pub(super) async fn get_unless(&self, path: &str, tag: Option<&str>) -> Result<Reply, Setback> {
        let path = format!("{}{path}", self.rest);
        let mut headers = HeaderMap::new();
        if let Some(tag) = tag.and_then(|tag| HeaderValue::from_str(tag).ok()) {
            headers.insert(IF_NONE_MATCH, tag);
        }
        let ask = || self.octocrab()._get_with_headers(path.as_str(), Some(headers.clone()));
        self.persist(Weight::Light, &path, ask).await
    }

    /// Asks for what a redirect points to, if that is at the same origin.
    pub(super) async fn follow(&self, redirect: &Reply) -> Result<Reply, Setback> {
        let there = redirect.header(LOCATION.as_str()).and_then(|there| redirect.url.join(there).ok());
        match there {
            Some(there) if there.origin() == self.origin.origin() => {
                let query = there.query().map(|query| format!("?{query}")).unwrap_or_default();
                self.get_whole(&format!("{}{query}", there.path())).await
            }
            Some(there) => {
                let host = there.origin().ascii_serialization();
                Err(redirect.misread(&format!("points to another host ({host}), which is not followed")).into())
            }
            None => Err(redirect.misread("answered with a redirect to nowhere").into()),
        }
    }

    async fn get_whole(&self, path: &str) -> Result<Reply, Setback> {
        self.persist(Weight::Light, path, || self.octocrab()._get(path)).await
    }

    /// Sends a GraphQL query.
    pub(super) async fn graphql(&self, query: &Value) -> Result<Reply, Setback> {
        let path = &self.graphql;
        let reply = self.persist(Weight::Heavy, path, || self.octocrab()._post(path.as_str(), Some(query))).await?;
        let number = |name| reply.header(name).and_then(|text| text.parse::<u64>().ok());
        if let (Some(limit), Some(left)) = (number("x-ratelimit-limit"), number("x-ratelimit-remaining")) {
            let low = left < limit / RESERVE;
            *self.low.lock().unwrap_or_else(PoisonError::into_inner) = low.then(|| reply.nearly_limit(left));
        }
        Ok(reply)
    }

    async fn persist<B, A, F>(&self, weight: Weight, path: &str, ask: A) -> Result<Reply, Setback>
    where
        B: http_body_util::BodyExt<Data = bytes::Bytes, Error = octocrab::Error> + Unpin + Send,
        A: Fn() -> F + Send + Sync,
        F: Future<Output = octocrab::Result<::http::Response<B>>> + Send,
    {
        let url = self.origin.join(path).unwrap_or_else(|_| self.origin.clone());
        let attempt = || async {
            self.requests.fetch_add(1, Ordering::Relaxed);
            match ask().await {
                Ok(response) => self.http.read(&url, response).await,
                Err(error) => Err::<Reply, Fault>(self.http.fault(&url, &error)),
            }
        };
        let reply = self.http.persist(weight, attempt).await.map_err(Setback::whole)?;
        if reply.header("x-ratelimit-remaining") == Some("0") {
            *self.dry.lock().unwrap_or_else(PoisonError::into_inner) = Some(reply.limit());
        }
        Ok(reply)
    }

    /// `build_with_reqwest` would add octocrab's own User-Agent beside ours, log every 5xx as an error of its own, and
    /// panic on a token that no header can carry; the same connector without these layers does none of that.
    fn octocrab(&self) -> &Octocrab {
        self.octocrab.get_or_init(|| {
            let auth = match &self.credential {
                Credential::Anonymous => AuthState::None,
                Credential::Bearer(token) => AuthState::AccessToken { token: token.clone() },
                Credential::Basic { user, token } => {
                    AuthState::BasicAuth { username: user.clone(), password: token.expose_secret().to_owned() }
                }
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
    use crate::domain::tracker::Credential;
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
            let http = Client::new(Limits::default()).unwrap();
            let line = Line::new(&api.parse().unwrap(), &Credential::Anonymous, http).unwrap();
            assert_eq!((line.rest.as_str(), line.graphql.as_str()), (rest, graphql), "{api}");
        }
    }
}
