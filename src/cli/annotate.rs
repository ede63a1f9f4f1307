//! `dragnet annotate`: documents with each ticket's status next to it, as a difference or written back.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use similar::TextDiff;

use super::desk::Desk;
use super::failure::{Advice, Exit};
use super::output::{Output, complain};
use super::progress::count;
use super::wiring;
use crate::config::{Audience, Config};
use crate::domain::tracker::Claims;
use crate::sources;
use crate::sync::{self, Annotated, Said};

#[derive(Debug, clap::Args)]
pub(super) struct Annotate {
    /// The documents: Markdown, HTML or Confluence's storage format
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print what would change, which is what is done unless told otherwise; with --check as well
    #[arg(long, conflicts_with = "write")]
    diff: bool,
    /// Write the documents
    #[arg(long, conflicts_with = "check")]
    write: bool,
    /// Take the statuses out again
    #[arg(long)]
    remove: bool,
    /// Exit with 1 if a document would change
    #[arg(long)]
    check: bool,
}

/// What is written, and in which words.
struct Pen {
    claims: Claims,
    /// Into a document that only the team and its neighbours read.
    said: Said,
    /// Into any other.
    said_in_public: Said,
}

pub(super) async fn annotate(config: Option<&Path>, arguments: &Annotate, output: &Output) -> anyhow::Result<Exit> {
    output.format(&["text"])?;
    let (config, pen) = if arguments.remove {
        (Config::find(config)?.map_or_else(Config::without_file, Ok)?, None)
    } else {
        let config = wiring::configuration(config)?;
        let pen = pen(&config).await?;
        (config, Some(pen))
    };
    let changes = changes(&config, pen.as_ref(), &arguments.files)?;
    if arguments.write {
        write_all(&changes)?;
        output.say(&format!("wrote {}", count(changes.len(), "document")));
    }
    if arguments.diff || !(arguments.write || arguments.check) {
        output.data(&changes.iter().map(Change::diff).collect::<String>())?;
    }
    if arguments.check && !changes.is_empty() {
        let documents = count(changes.len(), "document");
        complain(&format!("{documents} would change; `dragnet annotate --write` writes them"));
        return Ok(Exit::Findings);
    }
    Ok(Exit::Fine)
}

/// A document that is to be written.
struct Change<'a> {
    file: &'a Path,
    before: String,
    after: String,
}

impl Change<'_> {
    fn diff(&self) -> String {
        let (name, lines) = (self.file.display(), TextDiff::from_lines(&self.before, &self.after));
        lines.unified_diff().context_radius(3).header(&format!("a/{name}"), &format!("b/{name}")).to_string()
    }
}

/// What would be written into each of these files, those left out that stay as they are. Where one cannot be read or takes
/// no statuses, nothing is written into any.
fn changes<'a>(config: &Config, pen: Option<&Pen>, files: &'a [PathBuf]) -> anyhow::Result<Vec<Change<'a>>> {
    let (desk, fence) = (Desk::new(config), config.fence(sources::checkout));
    let (mut changes, mut seen) = (Vec::new(), BTreeSet::new());
    for file in files {
        sources::inside(fence.as_deref(), file)?;
        let before = sync::read_text(file).map_err(|(trouble, hint)| Advice::error(trouble, hint))?;
        if !seen.insert(file.canonicalize().unwrap_or_else(|_| file.clone())) {
            continue;
        }
        let Annotated { text: after, left_out } = annotated(&desk, file, &before, pen)?;
        if left_out > 0 {
            let statuses = if left_out == 1 { "1 status".to_owned() } else { format!("{left_out} statuses") };
            complain(&format!("left {statuses} out of `{}`: it would be read in another way", file.display()));
        }
        if after != before {
            changes.push(Change { file, before, after });
        }
    }
    Ok(changes)
}

/// Writes every document. Where one cannot be written, those before it are, and that is said.
fn write_all(changes: &[Change<'_>]) -> anyhow::Result<()> {
    for (nth, Change { file, before, after }) in changes.iter().enumerate() {
        if let Err(error) = write(file, before, after) {
            let left = changes.len() - nth;
            if changes.len() > 1 {
                complain(&format!("wrote {}, and {left} not", count(nth, "document")));
            }
            return Err(error);
        }
    }
    Ok(())
}

async fn pen(config: &Config) -> anyhow::Result<Pen> {
    let shop = wiring::reading_room(config).await?;
    let said = sync::said(&shop.store).await?;
    let said_in_public = sync::said_in_public(&said, &config.policy.secrecy.private);
    Ok(Pen { claims: config.claims(), said_in_public, said })
}

/// The document as the pen writes it; without any status where there is no pen.
fn annotated(desk: &Desk, file: &Path, text: &str, pen: Option<&Pen>) -> anyhow::Result<Annotated> {
    let (name, reading) = (file.display().to_string(), desk.reading(file));
    // Nobody knows who reads a file that is no source.
    let public =
        desk.sources(file).next().is_none() || desk.sources(file).any(|source| source.audience == Audience::Public);
    let annotated = match pen {
        None => sync::bared(&name, text, &reading).map(|text| Annotated { text, left_out: 0 }),
        Some(pen) => {
            let said = if public { &pen.said_in_public } else { &pen.said };
            sync::annotated(&name, text, &reading, &pen.claims, said)
        }
    };
    annotated.ok_or_else(|| {
        Advice::error(
            format!("`{name}` takes no statuses: it is no Markdown, HTML or Confluence storage"),
            "leave it out",
        )
    })
}

/// The byte order mark, which reading takes off.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Puts the text in the place of the file's, whole or not at all, unless somebody wrote to it meanwhile.
fn write(file: &Path, before: &str, after: &str) -> anyhow::Result<()> {
    let doing = || format!("cannot write `{}`", file.display());
    let real = file.canonicalize().with_context(doing)?;
    let facts = std::fs::metadata(&real).with_context(doing)?;
    if facts.permissions().readonly() {
        return Err(Advice::error(format!("{}: it is read-only", doing()), "let it be written, or leave it out"));
    }
    // Its folder may let a file be replaced that this user may not write.
    std::fs::OpenOptions::new().write(true).open(&real).with_context(doing)?;
    let folder = real.parent().unwrap_or(Path::new("."));
    let mut fresh = tempfile::NamedTempFile::new_in(folder).with_context(doing)?;
    let mark = std::fs::read(&real).with_context(doing)?.starts_with(MARK);
    fresh.write_all(if mark { MARK } else { b"" }).with_context(doing)?;
    fresh.write_all(after.as_bytes()).with_context(doing)?;
    fresh.as_file().set_permissions(facts.permissions()).with_context(doing)?;
    fresh.as_file().sync_all().with_context(doing)?;
    let now = std::fs::read(&real).with_context(doing)?;
    if now.strip_prefix(MARK).unwrap_or(&now) != before.as_bytes() {
        let hint = "call it again";
        return Err(Advice::error(format!("`{}` was changed meanwhile", file.display()), hint));
    }
    fresh.persist(&real).map_err(|error| error.error).with_context(doing)?;
    Ok(())
}
