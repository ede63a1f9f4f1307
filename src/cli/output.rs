//! Data to standard output or a file, messages to standard error.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use anyhow::Context;

use super::args::{Common, When};
use super::failure::Advice;
use crate::report::{self, Style};

/// Where data and messages go, and in which style.
#[derive(Debug)]
pub(super) struct Output {
    file: Option<PathBuf>,
    color: When,
    quiet: bool,
    verbose: bool,
    formats: Vec<String>,
}

impl Output {
    pub(super) fn new(common: &Common) -> Self {
        Self {
            file: common.output.clone(),
            color: common.color,
            quiet: common.quiet > 0,
            verbose: common.verbose > 0,
            formats: common.format.clone(),
        }
    }

    /// The format asked for, which must be one of `known`; the first of them when none was asked for.
    pub(super) fn format(&self, known: &[&'static str]) -> anyhow::Result<&'static str> {
        match self.formats.as_slice() {
            [] => Ok(known[0]),
            [asked] => one_of(asked, known),
            _ => Err(Advice::error("`--format` is given more than once", "only `check` writes several formats")),
        }
    }

    /// The formats asked for, each with the file that it goes to; `None` for where data goes. The first of `known` when
    /// none was asked for.
    pub(super) fn formats(&self, known: &[&'static str]) -> anyhow::Result<Vec<(&'static str, Option<PathBuf>)>> {
        if self.formats.is_empty() {
            return Ok(vec![(known[0], None)]);
        }
        let mut formats = Vec::new();
        for asked in &self.formats {
            formats.push(match asked.split_once('=') {
                Some((format, file)) if !file.is_empty() => (one_of(format, known)?, Some(PathBuf::from(file))),
                _ => (one_of(asked, known)?, None),
            });
        }
        if formats.iter().filter(|(_, file)| file.is_none()).count() > 1 {
            return Err(Advice::error(
                "two formats would go to the same place",
                "name a file for all but one: `--format text --format sarif=dragnet.sarif`",
            ));
        }
        Ok(formats)
    }

    /// Writes data to `file`, or to where data goes.
    pub(super) fn data_to(&self, file: Option<&PathBuf>, text: &str) -> anyhow::Result<()> {
        match file {
            Some(path) => std::fs::write(path, text).with_context(|| format!("cannot write `{}`", path.display())),
            None => self.data(text),
        }
    }

    /// Writes data. A reader that went away (`| head`) is no error.
    pub(super) fn data(&self, text: &str) -> anyhow::Result<()> {
        if let Some(path) = &self.file {
            return std::fs::write(path, text).with_context(|| format!("cannot write `{}`", path.display()));
        }
        let mut out = std::io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                Err(error).context("cannot write to standard output")
            }
            _ => Ok(()),
        }
    }

    /// Where data goes that is written as it comes. A reader that went away is the caller's to notice.
    pub(super) fn stream(&self) -> anyhow::Result<Box<dyn Write>> {
        Ok(match &self.file {
            Some(path) => {
                Box::new(std::fs::File::create(path).with_context(|| format!("cannot write `{}`", path.display()))?)
            }
            None => Box::new(std::io::stdout().lock()),
        })
    }

    /// Writes a message for people, unless they asked for quiet.
    pub(super) fn say(&self, text: &str) {
        if !self.quiet {
            complain(text);
        }
    }

    /// Writes what people need to know, however quiet they want it.
    pub(super) fn tell(&self, text: &str) {
        complain(text);
    }

    /// Whether they asked for more.
    pub(super) fn is_verbose(&self) -> bool {
        self.verbose
    }

    /// How text for people looks where it goes.
    pub(super) fn style(&self) -> Style {
        let terminal = self.file.is_none() && std::io::stdout().is_terminal();
        Style { color: self.in_color(terminal), width: width(terminal) }
    }

    /// Whether the log and messages on standard error are coloured.
    pub(super) fn messages_in_color(&self) -> bool {
        self.in_color(std::io::stderr().is_terminal())
    }

    /// Whether progress may move on the screen.
    pub(super) fn shows_progress(&self) -> bool {
        !self.quiet && std::io::stderr().is_terminal()
    }

    fn in_color(&self, terminal: bool) -> bool {
        match self.color {
            When::Always => true,
            When::Never => false,
            // https://no-color.org, and terminals that say that they can do nothing.
            When::Auto => {
                let plain = crate::config::var("TERM").is_some_and(|kind| kind == "dumb");
                terminal && !plain && crate::config::var("NO_COLOR").is_none()
            }
        }
    }
}

fn one_of(asked: &str, known: &[&'static str]) -> anyhow::Result<&'static str> {
    known.iter().find(|format| **format == asked).copied().ok_or_else(|| {
        Advice::error(format!("`{asked}` is no format of this command"), format!("choose one of: {}", known.join(", ")))
    })
}

/// Writes to standard error whatever happens; when even that is closed there is nobody left to tell.
pub(super) fn complain(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", report::message(text));
}

/// The columns to fill: the terminal's, within what reads well.
fn width(terminal: bool) -> usize {
    let columns = if terminal { textwrap::termwidth() } else { 100 };
    columns.clamp(40, 110)
}
