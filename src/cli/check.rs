//! `dragnet check`: for CI.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Component, Path};

use anyhow::Context;
use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

use super::args::{Check, FailOn, OnUnknown};
use super::failure::{Advice, Exit};
use super::output::{Output, complain};
use super::progress::{Progress, count};
use super::sync::tell_troubles;
use super::wiring;
use crate::check::{self, Answers, Conclusion, Made, Terms, Tolerance};
use crate::config::{self, Config, SourceSettings, Visibility};
use crate::domain::finding::Severity;
use crate::report;
use crate::sources;
use crate::store::Store;
use crate::sync::{Outcome, Shop};

/// The formats that a check is written in.
const FORMATS: &[&str] = &["text", "json", "github", "sarif", "junit", "gitlab", "rdjson", "markdown"];

/// What standard input is called in places.
const STANDARD_INPUT: &str = "stdin";

pub(super) async fn check(named: Option<&Path>, arguments: &Check, output: &Output) -> anyhow::Result<Exit> {
    let formats = output.formats(FORMATS)?;
    let config = Config::find(named)?;
    let sources = sources(config.as_ref(), arguments, output)?;
    let mut config = match config {
        Some(config) => config,
        None => Config::without_file()?,
    };
    config.allow_hosts(&arguments.allow_host);
    let terms = terms(&config, arguments, sources.is_some()).await?;
    let named = sources.is_some();
    let mut shop = shop(&config, &terms, sources).await?;
    // A path typed by whoever wrote the workflow may lead anywhere; a configuration, and a link in the checkout, may not.
    let fence = Config::fence(sources::checkout);
    let typed_out = |path: &str| {
        Path::new(path).is_absolute() || Path::new(path).components().any(|part| part == Component::ParentDir)
    };
    for source in shop.sources.iter_mut().filter(|source| !(named && typed_out(&source.path))) {
        source.fence.clone_from(&fence);
    }
    let stop = CancellationToken::new();
    super::serve::stop_on_signal(&stop)?;
    let progress = Progress::new(output);
    let made = check::check(&shop, terms, &stop, &|step| progress.tell(step)).await?;
    refuse_unread(&made.outcome, named)?;
    tell_troubles(&made.outcome);
    // What is merely worth knowing would drown what is worth a look; it is counted, and shown when asked for.
    let shows_all = output.is_verbose() || arguments.fail_on == FailOn::Info;
    write(&made, &formats, if shows_all { Severity::Info } else { Severity::Warning }, output)?;
    Ok(exit(&made))
}

/// Writes every format to its place, and GitHub's summary of the job where it takes one.
fn write(
    made: &Made,
    formats: &[(&str, Option<std::path::PathBuf>)],
    least: Severity,
    output: &Output,
) -> anyhow::Result<()> {
    let told = made.told();
    for (format, file) in formats {
        let style = if file.is_none() { output.style() } else { report::Style::default() };
        let text = match *format {
            "json" => report::check_json(&told),
            "github" => report::check_github(&told, least),
            "sarif" => report::check_sarif(&told),
            "junit" => report::check_junit(&told),
            "gitlab" => report::check_gitlab(&told),
            "rdjson" => report::check_rdjson(&told),
            "markdown" => report::check_markdown(&told, least),
            _ => report::check_text(&told, least, style),
        };
        output.data_to(file.as_ref(), &text)?;
        if *format == "github"
            && let Some(summary) = config::var("GITHUB_STEP_SUMMARY")
        {
            let mut file = std::fs::OpenOptions::new().create(true).append(true).open(&summary);
            let text = report::check_markdown(&told, least);
            file.as_mut()
                .map_err(|error| std::io::Error::new(error.kind(), error.to_string()))
                .and_then(|file| file.write_all(text.as_bytes()))
                .with_context(|| format!("cannot write the job's summary `{summary}`"))?;
        }
    }
    Ok(())
}

fn exit(made: &Made) -> Exit {
    match made.conclusion {
        Conclusion::Fine => Exit::Fine,
        Conclusion::Findings => Exit::Findings,
        Conclusion::CouldNotTell => Exit::CouldNotTell,
        Conclusion::Refused => {
            for tracker in &made.outcome.refused {
                complain(&format!(
                    "error: {tracker} refused the credentials, and never accepted any before\n  hint: check the token and where it is sent (`api_url`, `email`)"
                ));
            }
            Exit::Wrong
        }
    }
}

async fn terms(config: &Config, arguments: &Check, named: bool) -> anyhow::Result<Terms> {
    let day = TimeDelta::days(1);
    let answers = if arguments.no_network {
        Answers::Nobodys
    } else if arguments.offline && named {
        // What the configuration's store knows, for documents that are none of its sources.
        Answers::Known(Store::open_existing(&config.store).await?.known().await?.tickets)
    } else if arguments.offline {
        Answers::Known(BTreeMap::new())
    } else {
        Answers::OfTrackers
    };
    let private = config.trackers.iter().filter(|tracker| tracker.visibility == Visibility::Private);
    Ok(Terms {
        fail_on: match arguments.fail_on {
            FailOn::Error => Some(Severity::Error),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Info => Some(Severity::Info),
            FailOn::Never => None,
        },
        tolerance: match (arguments.max_unknown, arguments.on_unknown) {
            (Some(tolerance), _) => tolerance,
            (None, OnUnknown::Fail) => Tolerance::Nothing,
            (None, OnUnknown::Warn) => Tolerance::Everything,
        },
        max_age: arguments.max_age.unwrap_or(if arguments.offline { day } else { TimeDelta::zero() }),
        private: private.map(|tracker| tracker.id.clone()).collect(),
        home: if config.path.as_os_str().is_empty() { ".".to_owned() } else { config.path.display().to_string() },
        answers,
    })
}

/// The documents named, or the Markdown of the folder where neither they nor a configuration are; `None` for the sources
/// of the configuration.
fn sources(config: Option<&Config>, arguments: &Check, output: &Output) -> anyhow::Result<Option<Vec<SourceSettings>>> {
    if arguments.paths.is_empty() {
        if let Some(config) = config {
            return if config.sources.is_empty() {
                Err(nothing_to_check("the configuration names no source"))
            } else {
                Ok(None)
            };
        }
        let found = sources::markdown_below(Path::new("."))?;
        if found.is_empty() {
            return Err(nothing_to_check("there is no configuration, and no Markdown below this folder"));
        }
        output.say(&format!("no configuration: checking {} of this folder", count(found.len(), "Markdown file")));
        return Ok(Some(found.iter().map(|path| SourceSettings::named(path)).collect()));
    }
    let mut sources = Vec::new();
    for path in &arguments.paths {
        if path == "-" {
            let text = Some(standard_input()?);
            sources.push(SourceSettings { text, ..SourceSettings::named(STANDARD_INPUT) });
        } else if Path::new(path).is_dir() {
            let found = sources::markdown_below(Path::new(path))?;
            if found.is_empty() {
                return Err(nothing_to_check(&format!("there is no Markdown below `{path}`")));
            }
            sources.extend(found.iter().map(|path| SourceSettings::named(path)));
        } else {
            sources.push(SourceSettings::named(path));
        }
    }
    Ok(Some(sources))
}

fn standard_input() -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(sources::LARGEST + 1).read_to_end(&mut bytes).context("cannot read standard input")?;
    if bytes.len() as u64 > sources::LARGEST {
        return Err(Advice::error("cannot read standard input: it is too large", "split the document"));
    }
    crate::documents::decode(&bytes)
        .map_err(|error| Advice::error(format!("cannot read standard input: {error}"), error.hint()))
}

/// The sources of the configuration with its store, or the documents named with a store that nothing outlives.
async fn shop(config: &Config, terms: &Terms, sources: Option<Vec<SourceSettings>>) -> anyhow::Result<Shop> {
    let asks = matches!(terms.answers, Answers::OfTrackers);
    match sources {
        None if matches!(terms.answers, Answers::Nobodys) => {
            let shop = wiring::passing_shop(config, config.sources.clone(), false).await?;
            Ok(Shop { whole: true, ..shop })
        }
        None if asks => wiring::shop(config).await,
        None => wiring::unasking_shop(config).await,
        Some(sources) => wiring::passing_shop(config, sources, asks).await,
    }
}

/// A path that was named and cannot be read is a mistake of the call, and so is having nothing to check.
fn refuse_unread(outcome: &Outcome, named: bool) -> anyhow::Result<()> {
    if named && let Some(lost) = outcome.unreadable.first() {
        return Err(Advice::error(lost.trouble.clone(), lost.hint.clone()));
    }
    // What nobody claims was found all the same, and is told as such.
    let empty = outcome.known.documents.iter().all(|document| {
        document.challenges.is_empty() && document.references.is_empty() && document.unclaimed.is_empty()
    });
    if empty && outcome.unreadable.is_empty() {
        let documents = count(outcome.known.documents.len(), "document");
        return Err(nothing_to_check(&format!("no challenge and no ticket was found in {documents}")));
    }
    Ok(())
}

fn nothing_to_check(because: &str) -> anyhow::Error {
    Advice::error(
        format!("nothing to check: {because}"),
        "name documents that cite tickets; bare Jira keys count once a [[tracker]] claims their project",
    )
}
