//! `dragnet check`: for CI.

use std::path::Path;

use tokio_util::sync::CancellationToken;

use super::args::{Check, FailOn, OnUnknown};
use super::failure::{Advice, Exit};
use super::output::{Output, complain};
use super::progress::Progress;
use super::sync::tell_troubles;
use super::wiring;
use crate::check::{Conclusion, Terms, conclude, counts};
use crate::config::{Audience, Config, SourceSettings};
use crate::domain::document::Content;
use crate::domain::finding::{Finding, Severity};
use crate::report::{self, Report};
use crate::sync::{Outcome, Shop, sync};

pub(super) async fn check(config: Option<&Path>, arguments: &Check, output: &Output) -> anyhow::Result<Exit> {
    let format = output.format(&["text", "json"])?;
    let shop = shop(config, arguments).await?;
    let stop = CancellationToken::new();
    super::serve::stop_on_signal(&stop)?;
    let progress = Progress::new(output);
    let outcome = sync(&shop, &stop, &|step| progress.tell(step)).await?;
    refuse_unread(&outcome, !arguments.paths.is_empty())?;
    tell_troubles(&outcome);
    let terms = Terms {
        fail_on: match arguments.fail_on {
            FailOn::Error => Some(Severity::Error),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Info => Some(Severity::Info),
            FailOn::Never => None,
        },
        unknown_fails: arguments.on_unknown == OnUnknown::Fail,
        max_age: arguments.max_age,
    };
    let conclusion = conclude(&outcome, &terms);
    let told = Report::new(&outcome.known, &outcome.judged, shop.clock.now());
    // In the order of the documents, as compilers do; what has no place comes last.
    let mut findings: Vec<&Finding> = outcome.judged.findings.iter().collect();
    findings.sort_by(|a, b| (a.place.is_none(), &a.place).cmp(&(b.place.is_none(), &b.place)));
    let counts = |finding: &Finding| counts(finding, &outcome, &terms);
    // What is merely worth knowing would drown what is worth a look; it is counted, and shown when asked for.
    let least =
        if output.is_verbose() || terms.fail_on == Some(Severity::Info) { Severity::Info } else { Severity::Warning };
    output.data(&match format {
        "json" => report::check_json(&told, &findings, &counts),
        _ => report::check_text(&told, &findings, least, &counts, output.style()),
    })?;
    Ok(match conclusion {
        Conclusion::Fine => Exit::Fine,
        Conclusion::Findings => Exit::Findings,
        Conclusion::CouldNotTell => Exit::CouldNotTell,
        Conclusion::Refused => {
            for tracker in &outcome.refused {
                complain(&format!(
                    "error: {tracker} refused the credentials, and never accepted any before\n  hint: check the token and where it is sent (`api_url`, `email`)"
                ));
            }
            Exit::Wrong
        }
    })
}

/// The sources of the configuration with its store, or the paths named with a store that nothing outlives.
async fn shop(named: Option<&Path>, arguments: &Check) -> anyhow::Result<Shop> {
    if arguments.paths.is_empty() {
        let config = wiring::configuration(named)?;
        if config.sources.is_empty() {
            return Err(nothing_to_check());
        }
        return wiring::shop(&config).await;
    }
    let sources = arguments.paths.iter().map(|path| SourceSettings {
        name: path.clone(),
        folder: std::path::PathBuf::new(),
        path: path.clone(),
        content: Content::Auto,
        form: None,
        audience: Audience::Internal,
    });
    let config = match Config::find(named)? {
        Some(config) => config,
        None => Config::from_text(Path::new(""), "[[tracker]]\nname = \"github\"\nkind = \"github\"\n")?,
    };
    let claims = config.claims();
    wiring::passing_shop(&config, sources.collect(), claims).await
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
        return Err(nothing_to_check());
    }
    Ok(())
}

fn nothing_to_check() -> anyhow::Error {
    Advice::error(
        "nothing to check: no challenge and no ticket was found",
        "name documents that cite tickets; bare Jira keys count once a [[tracker]] claims their project",
    )
}
