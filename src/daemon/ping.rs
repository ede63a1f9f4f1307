//! A dead man's switch: a service that raises the alarm when it is not told for too long that all is well.

use ::http::Method;
use url::Url;

use crate::domain::tracker::Credential;
use crate::http::{Call, Client, Pass};

/// Tells it. Whoever knows the address can tell it too, so the log names the host only.
pub(super) async fn ping(http: Client, url: Url) {
    let host = url.host_str().unwrap_or_default().to_owned();
    let Ok(pass) = Pass::new(&Credential::Anonymous, &url) else { return };
    match http.exchange(&Call { method: Method::GET, url, json: None, pass: &pass, tag: None }).await {
        Ok(reply) if reply.status.is_success() => tracing::debug!("told the dead man's switch at {host}"),
        Ok(reply) => tracing::warn!("the dead man's switch at {host} answered {}", reply.status),
        Err(_) => tracing::warn!("cannot reach the dead man's switch at {host}"),
    }
}
