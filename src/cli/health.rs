//! `dragnet health`: is the daemon up? For container checks, which have no shell.

use std::path::Path;

use ::http::Method;

use super::args::Health;
use super::failure::{Advice, Exit};
use super::output::Output;
use super::wiring;
use crate::domain::tracker::Credential;
use crate::http::{Call, Client, Limits, Pass};

pub(super) async fn health(config: Option<&Path>, arguments: &Health, output: &Output) -> anyhow::Result<Exit> {
    output.format(&["text"])?;
    let mut url = match &arguments.url {
        Some(url) => url.clone(),
        None => format!("http://{}", wiring::configuration(config)?.listen).parse()?,
    };
    url.set_path(if arguments.ready { "/readyz" } else { "/healthz" });
    let pass = Pass::new(&Credential::Anonymous, &url)?;
    let client = Client::new(Limits::default())?;
    let call = Call { method: Method::GET, url: url.clone(), json: None, pass: &pass, tag: None };
    let reply = client.exchange(&call).await.map_err(|fault| {
        Advice::error(fault.trouble.says, "start `dragnet serve`, or name where it listens with --url")
    });
    let reply = match reply {
        Ok(reply) => reply,
        Err(error) => {
            super::output::complain(&super::failure::tell(&error));
            return Ok(Exit::Findings);
        }
    };
    output.data(&String::from_utf8_lossy(&reply.body))?;
    Ok(if reply.status.is_success() { Exit::Fine } else { Exit::Findings })
}
