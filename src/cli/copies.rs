//! `dragnet backup`, `restore` and `verify`: the store as a file.

use std::path::{Path, PathBuf};

use super::failure::{Exit, causes};
use super::output::Output;
use super::progress::count;
use super::wiring;
use crate::clock::Clock;
use crate::store::{Contents, Store};

#[derive(Debug, clap::Args)]
pub(super) struct Backup {
    /// The file to write
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// Replace the file if it is there
    #[arg(long)]
    pub(super) force: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Restore {
    /// The backup
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// Replace the store that is there, which is kept beside it under another name
    #[arg(long)]
    pub(super) force: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Verify {
    /// A backup, or any store, instead of the configuration's
    #[arg(value_name = "FILE")]
    pub(super) file: Option<PathBuf>,
}

/// How data about files is written.
const FORMATS: &[&str] = &["text", "json"];

pub(super) async fn backup(config: Option<&Path>, arguments: &Backup, output: &Output) -> anyhow::Result<Exit> {
    let format = output.format(FORMATS)?;
    let store = wiring::configuration(config)?.store;
    output.say(&format!("copying `{}`", store.display()));
    let contents = Store::back_up(&store, &arguments.file, arguments.force).await?;
    // The copy is what was asked for; a store that may only be read, or is of an older version, remembers nothing of it.
    if let Err(error) = note(&store).await {
        output.say(&format!("note: the store does not remember this backup: {}", causes(&error)));
    }
    tell(output, format, "Backed up to", &arguments.file, &contents, None)
}

async fn note(store: &Path) -> anyhow::Result<()> {
    // Opening for writing brings a store to this version, which a backup of the old one must not do in passing.
    Store::open_existing(store).await?;
    Ok(Store::open(store).await?.note_backup(Clock::system().now()).await?)
}

pub(super) async fn restore(config: Option<&Path>, arguments: &Restore, output: &Output) -> anyhow::Result<Exit> {
    let format = output.format(FORMATS)?;
    let store = wiring::configuration(config)?.store;
    output.say(&format!("copying `{}`", arguments.file.display()));
    let (contents, kept) = Store::restore(&arguments.file, &store, arguments.force, Clock::system().now()).await?;
    tell(output, format, "Restored", &store, &contents, kept.as_deref())
}

pub(super) async fn verify(config: Option<&Path>, arguments: &Verify, output: &Output) -> anyhow::Result<Exit> {
    let format = output.format(FORMATS)?;
    let file = match &arguments.file {
        Some(file) => file.clone(),
        None => wiring::configuration(config)?.store,
    };
    let contents = Store::inspect(&file).await?;
    tell(output, format, "Whole:", &file, &contents, None)
}

/// Tells what was done with `file`, what is in it, and where what it replaced was `kept`.
fn tell(
    output: &Output,
    format: &str,
    done: &str,
    file: &Path,
    contents: &Contents,
    kept: Option<&Path>,
) -> anyhow::Result<Exit> {
    let Contents { bytes, version, documents, challenges, tickets, last_pass } = contents;
    let number = |n: &u64| usize::try_from(*n).unwrap_or(usize::MAX);
    output.data(&match format {
        "json" => {
            let told = serde_json::json!({
                "schema": 1, "path": file, "bytes": bytes, "version": version, "documents": documents,
                "challenges": challenges, "tickets": tickets, "last_pass": last_pass, "kept": kept,
            });
            format!("{told:#}\n")
        }
        _ => {
            let last = last_pass.as_ref().map_or("no pass yet".to_owned(), |at| format!("last pass {at}"));
            let kept = kept.map(|kept| format!("What it replaced is kept: {}\n", kept.display())).unwrap_or_default();
            format!(
                "{done} {} ({bytes} bytes, schema version {version}): {}, {}, {}, {last}\n{kept}",
                file.display(),
                count(number(documents), "document"),
                count(number(challenges), "challenge"),
                count(number(tickets), "ticket"),
            )
        }
    })?;
    Ok(Exit::Fine)
}
