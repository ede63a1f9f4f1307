//! Whether a delivery comes from who knows a secret: HMAC-SHA256 over the raw body, as GitHub and Jira sign.
//!
//! Both write `sha256=` and the digest in lower-case hexadecimal digits.
//! <https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries>,
//! <https://developer.atlassian.com/cloud/jira/platform/webhooks/#secure-admin-webhooks>

use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// A signature that could hold: of the right method and length. Whether it does, [`Signature::holds`] tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signature([u8; 32]);

impl Signature {
    /// Reads a header's value. Anything but `sha256=` and 64 lower-case digits is none.
    pub(super) fn read(header: &[u8]) -> Option<Self> {
        let digits = header.strip_prefix(b"sha256=")?;
        if digits.iter().any(u8::is_ascii_uppercase) {
            return None;
        }
        let mut digest = [0; 32];
        hex::decode_to_slice(digits, &mut digest).ok()?;
        Some(Self(digest))
    }

    /// Whether one of `secrets` made it over `body`. Each comparison takes the same time, whatever it finds.
    pub(super) fn holds(&self, body: &[u8], secrets: &[SecretString]) -> bool {
        secrets.iter().any(|secret| {
            let key = secret.expose_secret().as_bytes();
            let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
            mac.update(body);
            mac.verify_slice(&self.0).is_ok()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Signature;

    const SECRET: &str = "It's a Secret to Everybody";
    const DIGEST: &str = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    fn holds(header: &str, body: &str, secrets: &[&str]) -> Option<bool> {
        let secrets: Vec<_> = secrets.iter().map(|secret| (*secret).to_owned().into()).collect();
        Some(Signature::read(header.as_bytes())?.holds(body.as_bytes(), &secrets))
    }

    #[test]
    fn githubs_own_example_holds() {
        assert_eq!(holds(&format!("sha256={DIGEST}"), "Hello, World!", &[SECRET]), Some(true));
    }

    #[test]
    fn one_of_several_secrets_is_enough() {
        let header = format!("sha256={DIGEST}");
        assert_eq!(holds(&header, "Hello, World!", &["new", SECRET]), Some(true));
        assert_eq!(holds(&header, "Hello, World!", &["new", "newer"]), Some(false));
        assert_eq!(holds(&header, "Hello, World!", &[]), Some(false));
    }

    #[test]
    fn nothing_else_holds() {
        let upper = DIGEST.to_uppercase();
        let other = DIGEST.replacen('7', "8", 1);
        for (header, body, expected) in [
            (format!("sha256={other}"), "Hello, World!", Some(false)),
            (format!("sha256={DIGEST}"), "Hello, World", Some(false)),
            (format!("sha256={upper}"), "Hello, World!", None),
            (format!("SHA256={DIGEST}"), "Hello, World!", None),
            (format!("sha1={DIGEST}"), "Hello, World!", None),
            ("sha1=01dc10d0c83e72ed246219cdd91669667fe2ca59".to_owned(), "Hello, World!", None),
            (DIGEST.to_owned(), "Hello, World!", None),
            (format!("sha256={}", &DIGEST[1..]), "Hello, World!", None),
            (format!("sha256={DIGEST}00"), "Hello, World!", None),
            (format!("sha256= {DIGEST}"), "Hello, World!", None),
            ("sha256=".to_owned(), "Hello, World!", None),
            (String::new(), "Hello, World!", None),
        ] {
            assert_eq!(holds(&header, body, &[SECRET]), expected, "{header} over {body}");
        }
    }
}
