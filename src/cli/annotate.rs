//! `dragnet annotate`: documents with each ticket's status next to it, as a difference or written back.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use similar::TextDiff;

use super::failure::{Advice, Exit};
use super::output::{Output, complain};
use super::progress::count;
use super::wiring;
use crate::config::{Audience, Config, SourceSettings};
use crate::domain::document::Content;
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

/// What the configuration says of files.
struct Desk {
    /// The files that are its sources.
    sources: Vec<(PathBuf, SourceSettings)>,
    /// The folder that no file may lead out of.
    fence: Option<PathBuf>,
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
    let (desk, pen) = if arguments.remove {
        let config = Config::find(config)?;
        (desk(&config.map_or_else(Config::without_file, Ok)?), None)
    } else {
        let config = wiring::configuration(config)?;
        (desk(&config), Some(pen(&config).await?))
    };
    let (mut diff, mut changed) = (String::new(), 0);
    for file in &arguments.files {
        sources::inside(desk.fence.as_deref(), file)?;
        let text = sync::read_text(file).map_err(|(trouble, hint)| Advice::error(trouble, hint))?;
        let Annotated { text: after, left_out } = desk.annotated(file, &text, pen.as_ref())?;
        if left_out > 0 {
            let statuses = if left_out == 1 { "1 status".to_owned() } else { format!("{left_out} statuses") };
            complain(&format!("left {statuses} out of `{}`: it would be read in another way", file.display()));
        }
        if after == text {
            continue;
        }
        changed += 1;
        let name = file.display();
        if arguments.write {
            write(file, &text, &after)?;
        } else {
            let lines = TextDiff::from_lines(&text, &after);
            diff +=
                &lines.unified_diff().context_radius(3).header(&format!("a/{name}"), &format!("b/{name}")).to_string();
        }
    }
    if arguments.write {
        output.say(&format!("wrote {}", count(changed, "document")));
    }
    if arguments.diff || !(arguments.write || arguments.check) {
        output.data(&diff)?;
    }
    if arguments.check && changed > 0 {
        complain(&format!("{} would change; `dragnet annotate --write` writes them", count(changed, "document")));
        return Ok(Exit::Findings);
    }
    Ok(Exit::Fine)
}

fn desk(config: &Config) -> Desk {
    let mut sources = Vec::new();
    for source in &config.sources {
        let files =
            sync::files(source).unwrap_or_default().into_iter().filter_map(|(_, file)| file.ok()?.canonicalize().ok());
        sources.extend(files.map(|file| (file, source.clone())));
    }
    Desk { sources, fence: config.fence(sources::checkout) }
}

async fn pen(config: &Config) -> anyhow::Result<Pen> {
    let shop = wiring::reading_room(config).await?;
    let said = sync::said(&shop.store).await?;
    let said_in_public = sync::said_in_public(&said, &config.policy.secrecy.private);
    Ok(Pen { claims: config.claims(), said_in_public, said })
}

impl Desk {
    /// The document as the pen writes it; without any status where there is no pen.
    fn annotated(&self, file: &Path, text: &str, pen: Option<&Pen>) -> anyhow::Result<Annotated> {
        let real = file.canonicalize().unwrap_or_else(|_| file.to_owned());
        let sources = || self.sources.iter().filter(|(known, _)| *known == real).map(|(_, source)| source);
        let (content, form) = sources().next().map_or((Content::Auto, None), |source| (source.content, source.form));
        // Nobody knows who reads a file that is no source.
        let public = sources().next().is_none() || sources().any(|source| source.audience == Audience::Public);
        let name = file.display().to_string();
        let annotated = match pen {
            None => sync::bared(&name, text, form).map(|text| Annotated { text, left_out: 0 }),
            Some(pen) => {
                let said = if public { &pen.said_in_public } else { &pen.said };
                sync::annotated(&name, text, content, form, &pen.claims, said)
            }
        };
        annotated.ok_or_else(|| {
            Advice::error(
                format!("`{name}` takes no statuses: it is no Markdown, HTML or Confluence storage"),
                "leave it out",
            )
        })
    }
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
