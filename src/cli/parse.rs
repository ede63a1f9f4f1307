//! `dragnet parse` and `dragnet refs`: documents as understood, asking nobody.

use std::io::{ErrorKind, Write};
use std::path::Path;

use anyhow::Context;

use super::args::{Parse, Projects, Refs};
use super::desk::Desk;
use super::failure::{Advice, Exit};
use super::output::{Output, complain};
use crate::config::Config;
use crate::domain::document::{Document, Reading};
use crate::domain::finding::{Code, Problem};
use crate::domain::reference::Unclaimed;
use crate::domain::shares;
use crate::domain::tracker::Claims;
use crate::references::Scan;
use crate::report::Style;
use crate::{documents, references, report, sync};

/// So many documents are read before what they cite is written: however many there are, no more are held.
const ROUND: usize = 16;

pub(super) fn parse(config: Option<&Path>, arguments: &Parse, output: &Output) -> anyhow::Result<Exit> {
    let format = output.format(&["json", "text"])?;
    let (claims, desk) = terms(config, &arguments.projects)?;
    let mut document = read(documents::read, &arguments.file, &desk)?;
    let scan = references::cite(&mut document, &claims);
    tell(&mut document, &scan);
    output.data(&match format {
        "text" => report::parse_text(&document, output.style()),
        _ => report::parse_json(&document),
    })?;
    Ok(Exit::Fine)
}

pub(super) fn refs(config: Option<&Path>, arguments: &Refs, output: &Output) -> anyhow::Result<Exit> {
    let format = output.format(&["text", "json"])?;
    let (claims, desk) = terms(config, &arguments.projects)?;
    let style = output.style();
    let mut out = None;
    for files in arguments.files.chunks(ROUND) {
        for cited in shares::each(files, 1, |file| cited(file, format, style, &claims, &desk)) {
            let (found, problems) = cited?;
            // What `--output` names stays as it is where nothing could be read.
            let out = match &mut out {
                Some(out) => out,
                None => out.insert(output.stream()?),
            };
            match out.write_all(found.as_bytes()) {
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(Exit::Fine),
                written => written.context("cannot write what is cited")?,
            }
            for problem in problems {
                let severity = problem.code.default_severity().word();
                complain(&format!("{severity}: {}: {}", problem.place, problem.message));
            }
        }
    }
    Ok(Exit::Fine)
}

/// What one document cites, in a format, and what is to be said of it besides.
fn cited(
    file: &Path,
    format: &str,
    style: Style,
    claims: &Claims,
    desk: &Desk,
) -> anyhow::Result<(String, Vec<Problem>)> {
    let mut document = read(documents::skim, file, desk)?;
    let scan = references::scan(&document, claims);
    tell(&mut document, &scan);
    let data = match format {
        "json" => report::refs_jsonl(&scan.references),
        _ => report::refs_text(&scan.references, &scan.unclaimed, style),
    };
    // Text shows the unclaimed among the rest; lines of JSON have no room for them.
    let shown = |problem: &Problem| scan.unclaimed.iter().any(|unclaimed| unclaimed.place == problem.place);
    document.problems.retain(|problem| match problem.code {
        Code::MalformedReference => true,
        Code::UnclaimedReference => format == "json" || !shown(problem),
        _ => false,
    });
    Ok((data, document.problems))
}

/// A configuration's claims with the projects named added, and how its sources are read; without a configuration what holds
/// anyway.
fn terms(named: Option<&Path>, projects: &Projects) -> anyhow::Result<(Claims, Desk)> {
    let Some(config) = Config::find(named)? else {
        return Ok((Claims::without_configuration(&projects.keys), Desk::default()));
    };
    let claims = if config.trackers.is_empty() {
        Claims::without_configuration(&projects.keys)
    } else {
        claims(&config, projects)
    };
    Ok((claims, Desk::new(&config)))
}

fn claims(config: &Config, projects: &Projects) -> Claims {
    let mut claims = config.claims();
    let claimed = |key: &String| claims.0.iter().any(|claim| claim.projects.contains(key));
    let unclaimed: Vec<String> = projects.keys.iter().filter(|key| !claimed(key)).cloned().collect();
    if !unclaimed.is_empty() {
        match claims.0.iter_mut().find(|claim| claim.tracker.kind() == crate::domain::tracker::TrackerKind::Jira) {
            Some(jira) => jira.projects.extend(unclaimed),
            None => claims.0.extend(Claims::without_configuration(&unclaimed).0.into_iter().take(1)),
        }
    }
    claims
}

type Understand = fn(&str, String, &Reading) -> Document;

fn read(understand: Understand, file: &Path, desk: &Desk) -> anyhow::Result<Document> {
    let text = sync::read_text(file).map_err(|(trouble, hint)| Advice::error(trouble, hint))?;
    Ok(understand(&file.display().to_string(), text, &desk.reading(file)))
}

/// Puts what was found wrong with its citations among a document's problems.
fn tell(document: &mut Document, scan: &Scan) {
    document.problems.extend(scan.problems.iter().cloned());
    document.problems.extend(scan.unclaimed.iter().map(unclaimed));
}

fn unclaimed(unclaimed: &Unclaimed) -> Problem {
    let times = if unclaimed.count == 1 { "once".to_owned() } else { format!("{} times", unclaimed.count) };
    Problem {
        code: Code::UnclaimedReference,
        place: unclaimed.place.clone(),
        message: format!(
            "`{}` looks like a ticket, and no tracker claims {} (met {times})",
            unclaimed.example, unclaimed.home
        ),
        // A host has dots, a project's key has none.
        hint: Some(if unclaimed.home.contains('.') {
            "claim it with a [[tracker]] in the configuration".to_owned()
        } else {
            format!("claim it with --project {}, or in a [[tracker]] of the configuration", unclaimed.home)
        }),
    }
}
