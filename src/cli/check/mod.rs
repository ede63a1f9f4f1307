//! `dragnet check`: for CI.

mod inputs;
mod terms;

use std::io::Write;
use std::path::{Component, Path};

use anyhow::Context;
use tokio_util::sync::CancellationToken;

use self::inputs::nothing_to_check;
use self::terms::BASELINE;
use super::args::{Check, FailOn};
use super::failure::{Advice, Exit};
use super::output::{Output, complain};
use super::progress::{Progress, count};
use super::sync::tell_troubles;
use super::waiting::Waiting;
use super::wiring;
use crate::check::{self, Answers, Conclusion, Made, Terms, Touched};
use crate::config::{self, Config, SourceSettings};
use crate::domain::finding::Severity;
use crate::report;
use crate::sources;
use crate::sync::{Outcome, Shop};

/// The formats that a check is written in.
const FORMATS: &[&str] =
    &["text", "json", "github", "sarif", "junit", "gitlab", "rdjson", "markdown", "badge", "shields"];

/// So many new findings at once look like an old repository that is checked for the first time.
const MANY: usize = 20;

pub(super) async fn check(named: Option<&Path>, arguments: &Check, output: &Output) -> anyhow::Result<Exit> {
    let formats = output.formats(FORMATS)?;
    let arguments = &terms::piped(arguments);
    let config = Config::find(named)?;
    let sources = inputs::sources(config.as_ref(), arguments, output)?;
    let mut config = match config {
        Some(config) => config,
        None => Config::without_file()?,
    };
    config.allow_hosts(&arguments.allow_host);
    // A check writes nowhere.
    config.sources.iter_mut().for_each(|source| source.annotate = None);
    let named = sources.is_some();
    let base = arguments.diff_base.as_deref().map(terms::base).transpose()?;
    let sources =
        if matches!(base, Some(Some(_))) { sources.or_else(|| Some(config.sources.clone())) } else { sources };
    let mut terms = terms::terms(&config, arguments, sources.is_some()).await?;
    let mut shop = shop(&config, &terms, sources).await?;
    // A path typed by whoever wrote the workflow may lead anywhere; a configuration, and a link in the checkout, may not.
    let fence = config.fence(sources::checkout);
    for source in shop.sources.iter_mut().filter(|source| !(named && leads_out(Path::new(&source.path)))) {
        source.fence.clone_from(&fence);
    }
    shop.policy.citing.records.iter_mut().for_each(|records| records.fence.clone_from(&fence));
    match base {
        Some(Some(base)) => {
            let touched = Touched::since(&base, &shop.sources, &shop.claims);
            if touched.is_empty() {
                output.say("nothing that is checked has changed");
            }
            shop.sources.clone_from(&touched.sources);
            terms.touched = Some(touched);
        }
        Some(None) => output.say("no pull or merge request: looking at everything"),
        None => {}
    }
    let stop = CancellationToken::new();
    super::serve::stop_on_signal(&stop)?;
    let progress = Progress::new(output);
    let made = check::check(&shop, terms, &stop, &|step| progress.tell(step)).await?;
    refuse_unread(&made.outcome, named, arguments.allow_empty || arguments.diff_base.is_some())?;
    tell_troubles(&made.outcome.pass, &made.outcome.known.trackers);
    Waiting::at(&shop).await?.warn();
    if let Some(trouble) = &made.trouble {
        complain(&format!("warning: {trouble}\n  hint: `--server` is the address of a running `dragnet serve`"));
    }
    if let Some(untold) = &made.untold {
        complain(&format!("warning: {untold}"));
    }
    // What is merely worth knowing would drown what is worth a look; it is counted, and shown when asked for.
    let shows_all = output.is_verbose() || arguments.fail_on == FailOn::Info;
    ratchet(&made, arguments, output)?;
    write(&made, &formats, if shows_all { Severity::Info } else { Severity::Warning }, output)?;
    let exit = exit(&made);
    // The program ends: to take apart what is known of thousands of tickets would only keep it.
    std::mem::forget(made);
    Ok(exit)
}

/// Whether a path leads elsewhere by its own words.
fn leads_out(path: &Path) -> bool {
    path.is_absolute() || path.components().any(|part| part == Component::ParentDir)
}

/// The baseline: written, pruned, or proposed.
fn ratchet(made: &Made, arguments: &Check, output: &Output) -> anyhow::Result<()> {
    let put = |path: &Path, text: &str| {
        std::fs::write(path, text).with_context(|| format!("cannot write the baseline `{}`", path.display()))
    };
    if let Some(path) = &arguments.write_baseline {
        put(path, &made.present.write())?;
        output.say(&format!("wrote {} to `{}`", count(made.present.len(), "finding"), path.display()));
        if made.conclusion == Conclusion::CouldNotTell {
            complain("warning: what could not be told is not in the baseline");
        }
    }
    if let (Some(path), false) = (&arguments.baseline, made.stale.is_empty()) {
        let stale = count(made.stale.len(), "line");
        if arguments.prune {
            let kept = terms::read(path)?.without(&made.stale);
            put(path, &kept.write())?;
            output.say(&format!("took {stale} from `{}`", path.display()));
        } else {
            let named: Vec<String> = made.stale.iter().take(5).map(ToString::to_string).collect();
            let more = if made.stale.len() > named.len() { ", …" } else { "" };
            complain(&format!(
                "warning: {stale} of `{}` match nothing any more: {}{more}\n  hint: `--prune` takes them out",
                path.display(),
                named.join(", ")
            ));
        }
    }
    let bare = arguments.baseline.is_none() && arguments.write_baseline.is_none() && arguments.diff_base.is_none();
    let loud = made.outcome.judged.findings.iter().filter(|finding| finding.severity >= Severity::Warning).count();
    if bare && loud >= MANY {
        complain(&format!(
            "hint: {loud} findings to look at. To start from here and hear of new ones only:\n  \
             dragnet check --write-baseline {BASELINE}\n  dragnet check --baseline {BASELINE} --only-new"
        ));
    }
    Ok(())
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
            "badge" => report::check_badge(&told),
            "shields" => report::check_shields(&told),
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
            for tracker in &made.outcome.pass.refused {
                complain(&format!(
                    "error: {tracker} refused the credentials, and never accepted any before\n  hint: check the token and where it is sent (`api_url`, `email`)"
                ));
            }
            Exit::Wrong
        }
    }
}

/// The sources of the configuration with its store, or the documents named with a store that nothing outlives.
async fn shop(config: &Config, terms: &Terms, sources: Option<Vec<SourceSettings>>) -> anyhow::Result<Shop> {
    let asks = matches!(terms.answers, Answers::OfTrackers);
    let of_nobody = matches!(terms.answers, Answers::Nobodys);
    let passing = of_nobody || matches!(terms.answers, Answers::OfServer(..));
    // Where nobody is asked no waiver is called unused, and one that ran out has to be told at some time.
    let whole = sources.is_none() || of_nobody;
    let shop = match sources {
        None if asks => return wiring::shop(config).await,
        None if !passing => return wiring::unasking_shop(config).await,
        None => wiring::passing_shop(config, config.sources.clone(), false).await?,
        Some(sources) => wiring::passing_shop(config, sources, asks).await?,
    };
    Ok(Shop { whole, ..shop })
}

/// A path that was named and cannot be read is a mistake of the call, and so is having nothing to check.
fn refuse_unread(outcome: &Outcome, named: bool, may_be_empty: bool) -> anyhow::Result<()> {
    if named && let Some(lost) = outcome.pass.unreadable.first() {
        return Err(Advice::error(lost.trouble.clone(), lost.hint.clone()));
    }
    // What nobody claims was found all the same, and so was what can be no ticket: both are told as such.
    let empty = outcome.known.documents.iter().all(|document| {
        let nothing_cited = document.references.is_empty() && document.unclaimed.is_empty();
        nothing_cited && document.challenges.is_empty() && document.problems.is_empty()
    });
    if empty && outcome.pass.unreadable.is_empty() && !may_be_empty {
        let documents = count(outcome.known.documents.len(), "document");
        return Err(nothing_to_check(&format!("no challenge and no ticket was found in {documents}")));
    }
    Ok(())
}
