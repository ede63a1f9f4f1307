//! `dragnet annotate`: documents with each ticket's status next to it, as a difference or written back.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use similar::TextDiff;

use super::failure::{Advice, Exit};
use super::output::{Output, complain};
use super::progress::count;
use super::wiring;
use crate::documents;
use crate::domain::document::{Content, Form};
use crate::domain::tracker::Claims;
use crate::sync::{self, Said};

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
    said: Said,
    /// What the configuration says of files that are its sources.
    sources: Vec<(PathBuf, Content, Option<Form>)>,
}

pub(super) async fn annotate(config: Option<&Path>, arguments: &Annotate, output: &Output) -> anyhow::Result<Exit> {
    output.format(&["text"])?;
    let pen = if arguments.remove { None } else { Some(pen(config).await?) };
    let (mut diff, mut changed) = (String::new(), 0);
    for file in &arguments.files {
        let text = sync::read_text(file).map_err(|(trouble, hint)| Advice::error(trouble, hint))?;
        let after = match &pen {
            None => documents::without_statuses(&text),
            Some(pen) => pen.annotated(file, &text)?,
        };
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

async fn pen(config: Option<&Path>) -> anyhow::Result<Pen> {
    let config = wiring::configuration(config)?;
    let shop = wiring::reading_room(&config).await?;
    let (known, judged) = sync::judge_all(&shop).await?;
    let mut sources = Vec::new();
    for source in &config.sources {
        let files =
            sync::files(source).unwrap_or_default().into_iter().filter_map(|(_, file)| file.ok()?.canonicalize().ok());
        sources.extend(files.map(|file| (file, source.content, source.form)));
    }
    Ok(Pen { claims: config.claims(), said: sync::said(&known, &judged), sources })
}

impl Pen {
    fn annotated(&self, file: &Path, text: &str) -> anyhow::Result<String> {
        let real = file.canonicalize().unwrap_or_else(|_| file.to_owned());
        let source = self.sources.iter().find(|(known, ..)| *known == real);
        let (content, form) = source.map_or((Content::Auto, None), |(_, content, form)| (*content, *form));
        let name = file.display().to_string();
        sync::annotated(&name, text, content, form, &self.claims, &self.said).ok_or_else(|| {
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
    let folder = real.parent().unwrap_or(Path::new("."));
    let mut fresh = tempfile::NamedTempFile::new_in(folder).with_context(doing)?;
    let mark = std::fs::read(&real).with_context(doing)?.starts_with(MARK);
    fresh.write_all(if mark { MARK } else { b"" }).with_context(doing)?;
    fresh.write_all(after.as_bytes()).with_context(doing)?;
    let facts = std::fs::metadata(&real).with_context(doing)?;
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
