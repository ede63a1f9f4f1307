//! `dragnet serve`: the daemon.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::Context;
use tokio_util::sync::CancellationToken;

use super::args::{LogFormat, Serve};
use super::failure::{Advice, Exit};
use super::output::Output;
use super::wiring;
use crate::config::{Config, var};
use crate::daemon::{self, Digests, Orders, Post, Renewal};
use crate::http::{Client, Limits};
use crate::store::{Instance, Store};
use crate::sync::Shop;
use crate::telemetry::Form;
use crate::telemetry::systemd::Manager;
use crate::web::Tls;

pub(super) async fn serve(config: Option<&Path>, arguments: &Serve, output: &Output) -> anyhow::Result<Exit> {
    // The page has its own address for each format, and the log is text.
    output.format(&["text"])?;
    let config = wiring::configuration(config)?;
    let address = arguments.listen.unwrap_or(config.listen);
    // The page shows everything to everybody who comes in.
    if !address.ip().is_loopback() && !config.access()?.guarded && !config.visitors.open {
        return Err(Advice::error(
            format!("refusing to listen on {address}: whoever reaches it could read everything"),
            "under [serve] name a `users_file` (`dragnet user` writes it) or `trusted_proxies`, or say `open = true`",
        ));
    }
    if let Some(kind) = Store::far(&config.store) {
        tracing::warn!(
            "store `{}` is on another machine ({kind}): SQLite's log cannot be shared there, so nothing else may open it; \
             put it on a disk of this machine",
            config.store.display()
        );
    }
    let instance = Instance::take(&config.store)?;
    let shop = wiring::shop(&config).await?;
    let listener =
        tokio::net::TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}")).context(
            Advice { message: "cannot start".to_owned(), hint: "choose another address with --listen".to_owned() },
        )?;
    let stop = CancellationToken::new();
    stop_on_signal(&stop)?;
    let file = config.path.clone();
    let manager = Manager::new(var("NOTIFY_SOCKET").as_deref(), var("WATCHDOG_USEC").as_deref());
    let http = Client::new(Limits::default())?;
    let office = Office { http: http.clone(), shop, config: Mutex::new(config) };
    let after_a_crash = instance.follows_a_crash();
    let post = Post { listener, file: Some(file), manager, http, after_a_crash, stop };
    daemon::serve(post, move |renewal| office.orders(renewal)).await?;
    Ok(Exit::Fine)
}

/// The form of the daemon's log: the journal's where standard error goes there, which `JOURNAL_STREAM` tells by its device and
/// inode (systemd.exec(5)).
pub(super) fn log_form(format: LogFormat) -> Form {
    use std::os::unix::fs::MetadataExt;
    let journal = var("JOURNAL_STREAM").zip(std::fs::metadata("/proc/self/fd/2").ok());
    match format {
        LogFormat::Json => Form::Json,
        LogFormat::Text if journal.is_some_and(|(stream, own)| stream == format!("{}:{}", own.dev(), own.ino())) => {
            Form::Journal
        }
        LogFormat::Text => Form::Text,
    }
}

/// Where the daemon's orders are written.
struct Office {
    /// The configuration in force.
    config: Mutex<Config>,
    shop: Shop,
    http: Client,
}

impl Office {
    fn orders(&self, renewal: Renewal) -> anyhow::Result<Orders> {
        let mut in_force = self.config.lock().unwrap_or_else(PoisonError::into_inner);
        if renewal == Renewal::Secrets {
            return self.follow(&in_force);
        }
        let config = Config::load(&in_force.path)?;
        let orders = self.follow(&config)?;
        for (what, same) in
            [("serve.listen", config.listen == in_force.listen), ("store.path", config.store == in_force.store)]
        {
            if !same {
                tracing::warn!("`{what}` is another now, which counts after a restart");
            }
        }
        *in_force = config;
        Ok(orders)
    }

    fn follow(&self, config: &Config) -> anyhow::Result<Orders> {
        Ok(Orders {
            shop: wiring::refit(&self.shop, config, wiring::asking(config, &self.http)?),
            sync: config.sync.clone(),
            full: config.full.clone(),
            jitter: config.jitter,
            webhooks: config.webhook_settings()?,
            digests: Digests { all: config.digest_settings()?, home: config.public_url.clone() },
            ping: config.ping.clone(),
            retention: config.retention,
            ends: config.credentials_end(),
            access: config.access()?,
            key: config.serve_token()?,
            tls: config.identity()?.as_ref().map(Tls::new).transpose()?,
        })
    }
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
