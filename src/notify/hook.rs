//! Messages to webhooks: those of chats as they want them, anybody's signed.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sha2::Sha256;

use super::{answered, site, unanswered};
use crate::domain::channel::{Hook, Undelivered};
use crate::domain::time::Moment;
use crate::http::Client;

/// Sends `body`. With a `secret` it is signed as Standard Webhooks has it: whoever checks that knows the sender, the age, and
/// by its id whether it came before. <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>
pub(super) async fn send(
    http: &Client,
    Hook(url): &Hook,
    secret: Option<&SecretString>,
    key: &str,
    body: &Value,
    now: Moment,
) -> Result<(), Undelivered> {
    let body = body.to_string();
    let mut request = http.plain(url).post(url.clone()).header("content-type", "application/json");
    if let Some(secret) = secret {
        let (id, at) = (format!("msg_{key}"), now.timestamp().to_string());
        let signature = signature(secret, &id, &at, &body);
        request = request
            .header("webhook-id", id)
            .header("webhook-timestamp", at)
            .header("webhook-signature", format!("v1,{signature}"));
    }
    // What is logged and told is the site's address only.
    let site = site(url);
    let response = request.body(body).send().await.map_err(|error| {
        let reached = !error.is_connect() && !error.is_builder();
        unanswered(http.fault(&site, &error.without_url()), reached)
    })?;
    let reply = http.read(&site, response.into()).await.map_err(|fault| unanswered(fault, true))?;
    answered(&reply)
}

/// HMAC-SHA256 over id, time and body, in base64. A secret that starts with `whsec_` is base64 itself, as the standard has it;
/// any other is taken as it is.
fn signature(secret: &SecretString, id: &str, at: &str, body: &str) -> String {
    let text = secret.expose_secret();
    let decoded = text.strip_prefix("whsec_").and_then(|secret| BASE64_STANDARD.decode(secret).ok());
    let key = decoded.unwrap_or_else(|| text.as_bytes().to_vec());
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes keys of any length");
    mac.update(format!("{id}.{at}.{body}").as_bytes());
    BASE64_STANDARD.encode(mac.finalize().into_bytes())
}

/// Whether anybody answers there. Nothing short of a message tells whether they take one, so that is not looked at.
pub(super) async fn examine(http: &Client, Hook(url): &Hook) -> Result<String, Undelivered> {
    let site = site(url);
    let host = site.host_str().unwrap_or_default();
    match http.plain(url).head(site.clone()).send().await {
        Ok(_) => Ok(format!("{host} answers; whether it takes messages, only one that is sent can tell")),
        Err(error) => Err(unanswered(http.fault(&site, &error.without_url()), false)),
    }
}

#[cfg(test)]
mod tests {
    use super::signature;

    #[test]
    fn it_is_signed_as_the_standard_has_it() {
        // The example of the standard's own libraries.
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned().into();
        let signed = signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", r#"{"test": 2432232314}"#);
        assert_eq!(signed, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
