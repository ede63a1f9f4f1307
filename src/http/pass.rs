//! A credential that knows the one origin it may be shown to.

use ::http::HeaderValue;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use secrecy::ExposeSecret;
use url::{Origin, Url};

use crate::domain::tracker::Credential;

/// A credential together with the one origin (scheme, host and port) that it may be shown to.
#[derive(Debug, Clone)]
pub struct Pass {
    home: Origin,
    /// Marked as sensitive, so that nothing prints it.
    header: Option<HeaderValue>,
}

/// Why a credential cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the token holds characters that no HTTP header can carry")]
pub struct PassError;

impl Pass {
    /// Binds a credential to the origin of `home`.
    ///
    /// # Errors
    /// When the token holds characters that no header can carry, a line break say.
    pub fn new(credential: &Credential, home: &Url) -> Result<Self, PassError> {
        let text = match credential {
            // An app shows tokens that it is given later on, and its own signature: both are its tracker's matter.
            Credential::Anonymous | Credential::App { .. } => None,
            Credential::Bearer(token) => Some(format!("Bearer {}", token.expose_secret())),
            Credential::Basic { user, token } => {
                Some(format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{}", token.expose_secret()))))
            }
        };
        let header =
            text.map(|text| HeaderValue::from_str(&text)).transpose().map_err(|_| PassError)?.map(|mut value| {
                value.set_sensitive(true);
                value
            });
        Ok(Self { home: home.origin(), header })
    }

    /// What to show at `url`: nothing unless its origin is the one this credential belongs to.
    pub fn header_for(&self, url: &Url) -> Option<&HeaderValue> {
        self.header.as_ref().filter(|_| url.origin() == self.home)
    }

    /// Whether there is anything to show at all.
    pub fn is_anonymous(&self) -> bool {
        self.header.is_none()
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::Pass;
    use crate::domain::tracker::Credential;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn a_credential_is_shown_at_home_only() {
        let pass =
            Pass::new(&Credential::Bearer("s3cret".to_owned().into()), &url("https://api.example.org/v3")).unwrap();
        for (there, shown) in [
            ("https://api.example.org/graphql", true),
            ("https://api.example.org:443/other", true),
            ("https://api.example.org:8443/", false),
            ("http://api.example.org/", false),
            ("https://example.org/", false),
            ("https://api.example.org.evil.test/", false),
        ] {
            assert_eq!(pass.header_for(&url(there)).is_some(), shown, "{there}");
        }
    }

    #[test]
    fn nothing_prints_the_secret() {
        let basic = Credential::Basic { user: "bot@example.org".to_owned(), token: "s3cret".to_owned().into() };
        for credential in [Credential::Bearer("s3cret".to_owned().into()), basic] {
            let pass = Pass::new(&credential, &url("https://example.org")).unwrap();
            let printed = format!("{pass:?} {credential:?}");
            assert!(!printed.contains("s3cret") && !printed.contains("czNjcmV0"), "{printed}");
        }
    }

    #[test]
    fn basic_authentication_is_user_colon_token() {
        let basic = Credential::Basic { user: "bot@example.org".to_owned(), token: "s3cret".to_owned().into() };
        let home = url("https://example.org");
        let pass = Pass::new(&basic, &home).unwrap();
        assert_eq!(pass.header_for(&home).unwrap().to_str().unwrap(), "Basic Ym90QGV4YW1wbGUub3JnOnMzY3JldA==");
    }

    #[test]
    fn a_token_with_a_line_break_is_refused() {
        let credential = Credential::Bearer("s3cret\n".to_owned().into());
        assert!(Pass::new(&credential, &url("https://example.org")).is_err());
    }
}
