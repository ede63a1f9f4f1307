//! What a pass tells of itself: a bar on a terminal, a line a step elsewhere.

use indicatif::{ProgressBar, ProgressStyle};

use super::output::Output;
use crate::sync::Step;

/// Shows the steps of a pass on standard error.
pub(super) struct Progress<'a> {
    output: &'a Output,
    bar: Option<ProgressBar>,
}

impl<'a> Progress<'a> {
    pub(super) fn new(output: &'a Output) -> Self {
        let bar = output.shows_progress().then(|| {
            let style =
                ProgressStyle::with_template("asking {bar:30} {pos} of {len} tickets").expect("a constant template");
            ProgressBar::new(0).with_style(style)
        });
        Self { output, bar }
    }

    pub(super) fn tell(&self, step: Step) {
        match step {
            Step::Waiting { holder } => self.line(&format!("another pass is at work ({holder}); waiting for it")),
            Step::Read { documents, references } => {
                self.line(&format!(
                    "read {}, {} in them",
                    count(documents, "document"),
                    count(references, "reference")
                ));
            }
            Step::Asking { tickets } => match &self.bar {
                Some(bar) => bar.set_length(tickets as u64),
                None => self.line(&format!("asking for {}", count(tickets, "ticket"))),
            },
            Step::Answered { tickets } => {
                if let Some(bar) = &self.bar {
                    bar.inc(tickets as u64);
                }
            }
            Step::Judged => {
                if let Some(bar) = &self.bar {
                    bar.finish_and_clear();
                }
            }
        }
    }

    fn line(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| self.output.say(text)),
            None => self.output.say(text),
        }
    }
}

/// `1 ticket`, `2 tickets`.
pub(super) fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
