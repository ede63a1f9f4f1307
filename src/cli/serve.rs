//! `dragnet serve`: the daemon.

use std::path::Path;

use anyhow::Context;
use tokio_util::sync::CancellationToken;

use super::args::Serve;
use super::failure::{Advice, Exit};
use super::output::Output;
use super::wiring;
use crate::daemon::{self, Orders};
use crate::http::{Client, Limits};
use crate::sync::Shop;
use crate::trackers::Trackers;

pub(super) async fn serve(config: Option<&Path>, arguments: &Serve, output: &Output) -> anyhow::Result<Exit> {
    // The page has its own address for each format, and the log is text.
    output.format(&["text"])?;
    let config = wiring::configuration(config)?;
    let address = arguments.listen.unwrap_or(config.listen);
    // The page shows everything to everybody who can reach it; who may do that is decided by later settings.
    if !address.ip().is_loopback() {
        return Err(Advice::error(
            format!("refusing to listen on {address}: the page has no login yet"),
            "listen on 127.0.0.1 and put a proxy with a login in front of it",
        ));
    }
    let shop = wiring::shop(&config).await?;
    let listener =
        tokio::net::TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}")).context(
            Advice { message: "cannot start".to_owned(), hint: "choose another address with --listen".to_owned() },
        )?;
    let stop = CancellationToken::new();
    stop_on_signal(&stop)?;
    let http = Client::new(Limits::default())?;
    let renew = move || {
        Ok(Orders {
            shop: Shop { trackers: Trackers::new(&config.tracker_settings()?, &http)?, ..shop.clone() },
            sync: config.sync.clone(),
            full: config.full.clone(),
            webhooks: config.webhook_settings()?,
        })
    };
    daemon::serve(renew()?, listener, stop, renew).await?;
    Ok(Exit::Fine)
}

/// SIGTERM and SIGINT ask for a clean stop; a second one ends the process at once.
pub(super) fn stop_on_signal(stop: &CancellationToken) -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for signals")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for signals")?;
    let stop = stop.clone();
    tokio::spawn(async move {
        for _ in 0..2 {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if stop.is_cancelled() {
                end_at_once();
            }
            stop.cancel();
        }
    });
    Ok(())
}

#[expect(clippy::disallowed_methods, clippy::exit, reason = "a second signal means now; the store survives a kill")]
fn end_at_once() -> ! {
    std::process::exit(130)
}
