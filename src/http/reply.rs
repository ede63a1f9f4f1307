//! A reply as it came, and the careful reading of it: what is no answer must never pass for one.

use std::fmt::Write as _;

use ::http::{HeaderMap, StatusCode, header};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use url::Url;

use super::fault::shown;
use crate::domain::lookup::{Trouble, TroubleKind};
use crate::domain::tracker::Greeting;

/// A reply as it came: nothing followed, nothing decoded but its compression.
#[derive(Debug, Clone)]
pub struct Reply {
    /// What was asked.
    pub url: Url,
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its whole body.
    pub body: Bytes,
}

/// What trackers say beside an error status. GitHub uses `message`, Jira `errorMessages` or `message`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Complaint {
    message: Option<String>,
    #[serde(default)]
    error_messages: Vec<String>,
}

impl Reply {
    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The address asked, as messages show it.
    pub fn asked(&self) -> String {
        shown(&self.url)
    }

    /// The body as JSON of the shape wanted.
    ///
    /// # Errors
    /// [`TroubleKind::Misread`] when it is empty, a web page, cut off, no JSON, or of another shape.
    pub fn json<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Trouble> {
        if self.body.is_empty() {
            return Err(self.misread("answered with an empty body instead of JSON"));
        }
        if let Some(other) = self.other_than_json() {
            return Err(self.misread(&format!("answered with {other} instead of JSON")));
        }
        serde_json::from_slice(&self.body).map_err(|error| match error.classify() {
            serde_json::error::Category::Eof => {
                self.misread(&format!("sent half a JSON ({} bytes, then nothing)", self.body.len()))
            }
            serde_json::error::Category::Data => self.misread(&format!("sent a JSON of an unknown shape: {error}")),
            _ => self.misread(&format!("sent a broken JSON: {error}")),
        })
    }

    /// What the body is where it is not said to be JSON. A body without a declared type gets the benefit of the doubt.
    fn other_than_json(&self) -> Option<String> {
        let declared = self.header(header::CONTENT_TYPE.as_str()).unwrap_or_default();
        let kind = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if kind.contains("html") || self.body.trim_ascii_start().first() == Some(&b'<') {
            let text = String::from_utf8_lossy(&self.body).to_lowercase();
            let login = ["log in", "login", "sign in", "password"].iter().any(|word| text.contains(word));
            let page = if login { "a login page" } else { "a web page" };
            let kind = if kind.is_empty() { "text/html" } else { &kind };
            return Some(format!("{page} ({kind})"));
        }
        (!kind.is_empty() && !kind.contains("json")).then(|| format!("`{kind}`"))
    }

    /// What the tracker says beside an error status, shortened; `None` when it says nothing in its own form.
    pub fn complaint(&self) -> Option<String> {
        let Complaint { message, error_messages } = self.json().ok()?;
        let text = message.or_else(|| error_messages.into_iter().next())?;
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        (!text.is_empty()).then(|| text.chars().take(200).collect())
    }

    /// Whether it is a limit: 429, or a 403 that says so. A 403 without such signs is about permissions.
    pub fn is_limit(&self) -> bool {
        self.status == StatusCode::TOO_MANY_REQUESTS
            || (self.status == StatusCode::FORBIDDEN
                && (self.headers.contains_key(header::RETRY_AFTER) || self.says_limit()))
    }

    fn says_limit(&self) -> bool {
        self.header("x-ratelimit-remaining") == Some("0")
            || self.complaint().is_some_and(|text| {
                let text = text.to_ascii_lowercase();
                text.contains("rate limit") || text.contains("abuse detection")
            })
    }

    /// When the limit is lifted, where GitHub's or Jira's headers tell, for people.
    fn lifted(&self) -> Option<String> {
        if let Some(pause) = self.retry_after() {
            return Some(format!("it asks for a pause of {} s", pause.as_secs()));
        }
        let until = match self.reset() {
            Some(reset) => reset.format("%Y-%m-%d %H:%M UTC").to_string(),
            None => self.header("x-ratelimit-reset")?.to_owned(),
        };
        Some(format!("it is lifted at {until}"))
    }

    /// When the token that was shown ends, where that is told: GitHub does, as `2026-12-31 23:59:59 UTC` or with an offset.
    pub(super) fn expires(&self) -> Option<DateTime<Utc>> {
        let text = self.header("github-authentication-token-expiration")?.replace(" UTC", " +0000");
        Some(DateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S %z").ok()?.to_utc())
    }

    /// What the headers say of the credentials shown. GitHub:
    /// <https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api>.
    pub fn greeting(&self) -> Greeting {
        let number = |name| self.header(name)?.parse::<u64>().ok();
        Greeting {
            anonymous: false,
            scopes: self.header("x-oauth-scopes").map(str::to_owned),
            expires: self.expires(),
            quota: number("x-ratelimit-remaining").zip(number("x-ratelimit-limit")),
            date: self.sent(),
        }
    }

    /// A limit, with when it ends.
    pub fn limit(&self) -> Trouble {
        let mut says = format!("{} answered {}: a rate limit is reached", self.asked(), self.status);
        if let Some(reason) = self.header("ratelimit-reason") {
            let _ = write!(says, " ({reason})");
        }
        if let Some(lifted) = self.lifted() {
            let _ = write!(says, ", {lifted}");
        }
        Trouble { kind: TroubleKind::Limit, says }
    }

    /// That a limit is near, and the rest is left for what matters more and to others.
    pub fn nearly_limit(&self, left: u64) -> Trouble {
        let lifted = self.lifted().map(|lifted| format!("; {lifted}")).unwrap_or_default();
        let says = format!(
            "{} has {left} points left, which are kept for other questions and for others{lifted}",
            self.asked()
        );
        Trouble { kind: TroubleKind::Limit, says }
    }

    /// An answer that is no answer.
    pub fn misread(&self, what: &str) -> Trouble {
        Trouble { kind: TroubleKind::Misread, says: format!("{} {what}", self.asked()) }
    }

    /// What a status other than success means for a request that should have worked; `None` for success.
    ///
    /// A caller that knows better what a 403, 404 or 410 means there reads them before.
    pub fn refusal(&self) -> Option<Trouble> {
        if self.status.is_success() {
            return None;
        }
        if self.is_limit() {
            return Some(self.limit());
        }
        let (kind, what) = match self.status.as_u16() {
            401 => (TroubleKind::Credentials, "the credentials were refused"),
            403 => (TroubleKind::Credentials, "the credentials are not allowed to ask"),
            300..=399 => (TroubleKind::Misread, "redirects are not followed; is `api_url` right?"),
            400..=499 => (TroubleKind::Misread, "is `api_url` right?"),
            _ => (TroubleKind::Outage, ""),
        };
        let mut says = format!("{} answered {}", self.asked(), self.status);
        if let Some(there) = self.header(header::LOCATION.as_str()) {
            let _ = write!(says, " (to {})", there.split(['?', '#']).next().unwrap_or_default());
        } else if let Some(said) = self.complaint() {
            let _ = write!(says, " (\"{said}\")");
        }
        if !what.is_empty() {
            let _ = write!(says, ": {what}");
        }
        Some(Trouble { kind, says })
    }
}

#[cfg(test)]
mod tests {
    use ::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
    use serde_json::Value;
    use url::Url;

    use super::Reply;
    use crate::domain::lookup::TroubleKind;

    fn reply(status: u16, headers: &[(&'static str, &str)], body: &str) -> Reply {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        Reply {
            url: Url::parse("https://api.example.org/x?token=1").unwrap(),
            status: StatusCode::from_u16(status).unwrap(),
            headers: map,
            body: body.to_owned().into(),
        }
    }

    #[test]
    fn what_is_no_json_is_named() {
        let json = ("content-type", "application/json; charset=utf-8");
        for (headers, body, says) in [
            (&[json][..], "", "answered with an empty body instead of JSON"),
            (&[json], r#"{"a": [1, 2"#, "sent half a JSON (11 bytes, then nothing)"),
            (&[json], r#"{"a": nope}"#, "sent a broken JSON: expected ident at line 1 column 8"),
            (
                &[("content-type", "text/html")],
                "<html><form>Log in: <input type=password></form>",
                "answered with a login page (text/html) instead of JSON",
            ),
            (&[], "  <!doctype html><p>Down for maintenance", "answered with a web page (text/html) instead of JSON"),
            (&[("content-type", "text/plain")], "{}", "answered with `text/plain` instead of JSON"),
        ] {
            let trouble = reply(200, headers, body).json::<Value>().unwrap_err();
            assert_eq!(trouble.kind, TroubleKind::Misread);
            assert_eq!(trouble.says, format!("https://api.example.org/x {says}"));
        }
        assert!(reply(200, &[], "{}").json::<Value>().is_ok());
        assert!(reply(200, &[("content-type", "application/vnd.github+json")], "{}").json::<Value>().is_ok());
        assert!(reply(200, &[json], "[]").json::<Vec<u8>>().is_ok_and(|list| list.is_empty()));
    }

    #[test]
    fn what_is_said_of_a_token_is_read() {
        let headers = [
            ("x-oauth-scopes", "repo, read:org"),
            ("x-ratelimit-limit", "5000"),
            ("x-ratelimit-remaining", "4999"),
            ("date", "Wed, 21 Oct 2026 07:28:00 GMT"),
        ];
        for (end, expected) in [
            ("2026-12-31 23:59:59 UTC", Some("2026-12-31T23:59:59Z")),
            ("2026-12-31 23:59:59 +0200", Some("2026-12-31T21:59:59Z")),
            ("soon", None),
        ] {
            let end = ("github-authentication-token-expiration", end);
            let greeting = reply(200, &[&headers[..], &[end]].concat(), "{}").greeting();
            assert_eq!(greeting.expires, expected.map(|at| at.parse().unwrap()));
            assert_eq!((greeting.scopes.as_deref(), greeting.quota), (Some("repo, read:org"), Some((4999, 5000))));
            assert_eq!(greeting.date, Some("2026-10-21T07:28:00Z".parse().unwrap()));
        }
        assert_eq!(reply(200, &[], "{}").greeting(), Default::default());
    }

    #[test]
    fn a_403_is_a_limit_only_when_it_says_so() {
        let said = r#"{"message": "You have exceeded a secondary rate limit."}"#;
        for (status, headers, body, limit) in [
            (403, &[][..], r#"{"message": "Resource not accessible by personal access token"}"#, false),
            (403, &[("retry-after", "60")], "{}", true),
            (403, &[("x-ratelimit-remaining", "0")], "{}", true),
            (403, &[("x-ratelimit-remaining", "12")], said, true),
            (429, &[], "", true),
            (404, &[("x-ratelimit-remaining", "0")], "{}", false),
        ] {
            assert_eq!(reply(status, headers, body).is_limit(), limit, "{status} {headers:?} {body}");
        }
    }

    #[test]
    fn a_refusal_says_what_where_and_what_next() {
        let mut lines = Vec::new();
        for (status, headers, body) in [
            (401, &[][..], r#"{"message": "Bad credentials"}"#),
            (403, &[], r#"{"errorMessages": ["Forbidden"]}"#),
            (404, &[], r#"{"message": "Not Found"}"#),
            (429, &[("retry-after", "120")], "<html>"),
            (403, &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1800000000")], "{}"),
            (302, &[("location", "https://login.example.org/")], ""),
            (503, &[], "busy"),
        ] {
            let trouble = reply(status, headers, body).refusal().unwrap();
            lines.push(format!("{:?}: {}", trouble.kind, trouble.says));
        }
        insta::assert_snapshot!(lines.join("\n"), @r#"
        Credentials: https://api.example.org/x answered 401 Unauthorized ("Bad credentials"): the credentials were refused
        Credentials: https://api.example.org/x answered 403 Forbidden ("Forbidden"): the credentials are not allowed to ask
        Misread: https://api.example.org/x answered 404 Not Found ("Not Found"): is `api_url` right?
        Limit: https://api.example.org/x answered 429 Too Many Requests: a rate limit is reached, it asks for a pause of 120 s
        Limit: https://api.example.org/x answered 403 Forbidden: a rate limit is reached, it is lifted at 2027-01-15 08:00 UTC
        Misread: https://api.example.org/x answered 302 Found (to https://login.example.org/): redirects are not followed; is `api_url` right?
        Outage: https://api.example.org/x answered 503 Service Unavailable
        "#);
        assert_eq!(reply(200, &[], "").refusal(), None);
    }
}
