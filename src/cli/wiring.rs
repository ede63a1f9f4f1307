//! From a configuration to a shop that is ready to work.

use std::path::Path;
use std::sync::Arc;

use crate::clock::Clock;
use crate::config::{Config, ConfigError, SourceSettings};
use crate::http::{Client, Limits};
use crate::sources::Remotes;
use crate::store::{Store, StoreError};
use crate::sync::Shop;
use crate::trackers::Trackers;

/// The configuration named, or the one in the usual places; an error when there is none.
pub(super) fn configuration(named: Option<&Path>) -> anyhow::Result<Config> {
    Config::find(named)?.ok_or_else(|| ConfigError::None.into())
}

/// Everything that a pass needs, the store created where it is missing.
pub(super) async fn shop(config: &Config) -> anyhow::Result<Shop> {
    let store = Store::open(&config.store).await?;
    assemble(config, store, Some(asking(config, &Client::new(Limits::default())?)?))
}

/// What a rehearsal needs: the store as it is, an empty one where there is none.
pub(super) async fn rehearsal(config: &Config) -> anyhow::Result<Shop> {
    let store = match Store::open_existing(&config.store).await {
        Ok(store) => store,
        Err(_) if !config.store.exists() => Store::in_memory().await?,
        Err(error) => return Err(error.into()),
    };
    assemble(config, store, Some(asking(config, &Client::new(Limits::default())?)?))
}

/// What reading the store needs: nobody is asked, no secret is fetched, and a store that is missing is an error.
pub(super) async fn reading_room(config: &Config) -> anyhow::Result<Shop> {
    let store = Store::open_existing(&config.store).await?;
    assemble(config, store, None)
}

/// What a decision needs: the store to write to, which must be there, and nobody to ask.
pub(super) async fn decision_room(config: &Config) -> anyhow::Result<Shop> {
    if !config.store.exists() {
        return Err(StoreError::Missing { path: config.store.clone() }.into());
    }
    let store = Store::open(&config.store).await?;
    assemble(config, store, None)
}

/// Whom to ask, for tickets and for documents.
type Asking = (Trackers, Remotes);

/// Everybody that the configuration names, with their secrets.
pub(super) fn asking(config: &Config, http: &Client) -> anyhow::Result<Asking> {
    let trackers = config.tracker_settings()?;
    let remotes = Remotes::new(&config.remote_settings()?, http)?.with_forges(&trackers, http)?;
    Ok((Trackers::new(&trackers, http)?, remotes))
}

fn assemble(config: &Config, store: Store, asking: Option<Asking>) -> anyhow::Result<Shop> {
    let (trackers, remotes) = match asking {
        Some(asking) => asking,
        None => (Trackers::new(&[], &Client::new(Limits::default())?)?, Remotes::default()),
    };
    Ok(Shop {
        sources: config.sources.clone(),
        claims: config.claims(),
        policy: config.policy_of_now(),
        waivers: config.waivers.clone(),
        store,
        trackers,
        remotes: Arc::new(remotes),
        clock: Clock::system(),
        whole: true,
    })
}

/// The same shop under another configuration; store and clock stay.
pub(super) fn refit(shop: &Shop, config: &Config, (trackers, remotes): Asking) -> Shop {
    Shop {
        sources: config.sources.clone(),
        claims: config.claims(),
        policy: config.policy_of_now(),
        waivers: config.waivers.clone(),
        trackers,
        remotes: Arc::new(remotes),
        ..shop.clone()
    }
}

/// What checking by the store alone needs: no secret is fetched, and a store that is missing is an error.
pub(super) async fn unasking_shop(config: &Config) -> anyhow::Result<Shop> {
    Store::open_existing(&config.store).await?;
    assemble(config, Store::open(&config.store).await?, None)
}

/// A shop for documents named on the command line: nothing outlives the run. Secrets are fetched only if it `asks`.
pub(super) async fn passing_shop(config: &Config, sources: Vec<SourceSettings>, asks: bool) -> anyhow::Result<Shop> {
    let store = Store::in_memory().await?;
    let asking = if asks { Some(asking(config, &Client::new(Limits::default())?)?) } else { None };
    let shop = assemble(config, store, asking)?;
    Ok(Shop { sources, whole: false, ..shop })
}
