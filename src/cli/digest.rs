//! `dragnet digest`: what teams are told of what changed: a look at it beforehand, and sending it at once.

use std::path::Path;

use clap::Subcommand;
use tokio_util::sync::CancellationToken;

use super::failure::{Advice, Exit};
use super::output::Output;
use super::progress::count;
use super::serve::stop_on_signal;
use super::wiring;
use crate::config::{self, Config, DigestTo};
use crate::digest::{self, Taken};
use crate::domain::digest::Edition;
use crate::http::{Client, Limits};
use crate::notify::Notifier;
use crate::report::digest as drawn;

#[derive(Debug, Subcommand)]
pub(super) enum Digest {
    /// What a digest would tell now; nothing is sent and nothing remembered
    Preview(Preview),
    /// Send what waits to be sent and is due
    Send(Send),
}

#[derive(Debug, clap::Args)]
pub(super) struct Preview {
    /// Which digest, by its name in the configuration [default: the only one]
    #[arg(long, value_name = "NAME")]
    pub(super) to: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct Send {
    /// Only this digest, by its name in the configuration
    #[arg(long, value_name = "NAME", requires = "now")]
    pub(super) to: Option<String>,
    /// Take every digest's turn now instead of when its schedule says so, and try again what nobody took
    #[arg(long)]
    pub(super) now: bool,
}

pub(super) async fn digest(config: Option<&Path>, arguments: &Digest, output: &Output) -> anyhow::Result<Exit> {
    match arguments {
        Digest::Preview(arguments) => preview(config, arguments, output).await,
        Digest::Send(arguments) => send(config, arguments, output).await,
    }
}

async fn preview(config: Option<&Path>, arguments: &Preview, output: &Output) -> anyhow::Result<Exit> {
    let format = output.format(&["text", "json", "markdown", "html", "slack", "teams"])?;
    let config = wiring::configuration(config)?;
    let digest = the_one(&config, arguments.to.as_deref())?;
    let shop = wiring::reading_room(&config).await?;
    let (scope, zone, home) = (&digest.scope, digest.schedule.zone(), config.public_url.as_deref());
    let desk = drawn::Desk { name: &digest.name, scope, zone, home, mentions: &digest.mentions };
    let edition = digest::preview(&shop, &desk, shop.clock.now()).await?;
    output.data(&draw(&edition, format, digest))?;
    Ok(Exit::Fine)
}

fn draw(edition: &Edition, format: &str, digest: &config::Digest) -> String {
    // In a mail everybody finds an address of their own there.
    let stop = matches!(digest.to, DigestTo::Mail(_)).then(|| edition.home.clone()).flatten();
    let stop = stop.map(|home| format!("{home}/unsubscribe/TOKEN"));
    match format {
        "json" => format!("{:#}\n", drawn::json(edition)),
        "slack" => format!("{:#}\n", drawn::slack(edition)),
        "teams" => format!("{:#}\n", drawn::teams(edition)),
        "markdown" => drawn::issue(edition),
        "html" => format!("{}\n", drawn::html(edition, stop.as_deref())),
        _ => drawn::text(edition),
    }
}

/// The digest of this name, or the only one.
fn the_one<'c>(config: &'c Config, name: Option<&str>) -> anyhow::Result<&'c config::Digest> {
    let names = || config.digests.iter().map(|digest| digest.name.as_str()).collect::<Vec<_>>().join(", ");
    match (name, config.digests.as_slice()) {
        (_, []) => {
            Err(Advice::error("the configuration has no digest", "add a [[digest]]: docs/leads.md has an example"))
        }
        (None, [one]) => Ok(one),
        (None, _) => Err(Advice::error("there are several digests", format!("name one with --to: {}", names()))),
        (Some(name), all) => all.iter().find(|digest| digest.name.eq_ignore_ascii_case(name)).ok_or_else(|| {
            Advice::error(format!("there is no digest `{name}`"), format!("name one of these with --to: {}", names()))
        }),
    }
}

async fn send(config: Option<&Path>, arguments: &Send, output: &Output) -> anyhow::Result<Exit> {
    output.format(&["text"])?;
    let config = wiring::configuration(config)?;
    let only = arguments.to.as_deref().map(|name| the_one(&config, Some(name))).transpose()?;
    if config.digests.is_empty() {
        the_one(&config, None)?;
    }
    let digests = config.digest_settings()?;
    let shop = wiring::decision_room(&config).await?;
    shop.store.know_digests(digests.iter().map(|digest| digest.name.clone()).collect(), shop.clock.now()).await?;
    if arguments.now {
        shop.store.retry_letters(only.map(|only| only.name.as_str()), shop.clock.now()).await?;
        for settings in digests.iter().filter(|digest| only.is_none_or(|only| only.name == digest.name)) {
            let taken = digest::turn(&shop, settings, config.public_url.as_deref(), shop.clock.now()).await?;
            output.say(&match taken {
                Taken::Silent => format!("{}: nothing new.", settings.name),
                Taken::Posted(posted) => format!("{}: {} to send.", settings.name, count(posted, "message")),
                Taken::Meanwhile => format!("{}: the daemon took its turn just now.", settings.name),
            });
        }
    }
    let stop = CancellationToken::new();
    stop_on_signal(&stop)?;
    let notifier = Notifier::new(&Client::new(Limits::default())?);
    let round = digest::deliver(&shop.store, &shop.clock, &notifier, &digests, &stop).await?;
    output.say(&format!("Sent {}.", count(round.sent, "message")));
    Ok(match (round.later.is_empty(), round.given_up.is_empty()) {
        (_, false) => Exit::Wrong,
        (false, true) => Exit::CouldNotTell,
        (true, true) => Exit::Fine,
    })
}
