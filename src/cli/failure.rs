//! Exit codes, and how an error is told: what, where, what next.

use crate::config::ConfigError;
use crate::sources::{GitError, SourceError};
use crate::store::StoreError;
use crate::trackers::TrackersError;

/// How a command ends. The numbers are the contract's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Fine.
    Fine = 0,
    /// `check`: findings at or above `--fail-on`. `health`: the daemon is not well, which container checks expect as 1.
    Findings = 1,
    /// Usage, configuration, credentials refused, or an internal error.
    Wrong = 2,
    /// Something was unknown.
    CouldNotTell = 3,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// An error with what to do next, for errors that have no room of their own.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(super) struct Advice {
    pub(super) message: String,
    pub(super) hint: String,
}

impl Advice {
    pub(super) fn error(message: impl Into<String>, hint: impl Into<String>) -> anyhow::Error {
        Self { message: message.into(), hint: hint.into() }.into()
    }
}

/// The error as people read it: the chain of causes on one line, the next step on another.
pub(super) fn tell(error: &anyhow::Error) -> String {
    let hint = advice(error).map(|hint| format!("\n  hint: {hint}")).unwrap_or_default();
    format!("error: {}{hint}", causes(error))
}

/// The chain of causes. An error that repeats its cause in its own words is told once.
pub(super) fn causes(error: &anyhow::Error) -> String {
    let mut causes: Vec<String> = Vec::new();
    for cause in error.chain().map(ToString::to_string) {
        if !causes.last().is_some_and(|outer| outer.ends_with(&cause)) {
            causes.push(cause);
        }
    }
    causes.join(": ")
}

/// The next step, where one is known.
pub(super) fn advice(error: &anyhow::Error) -> Option<String> {
    // Advice given as context is wrapped, and only the outermost error gives it back.
    let advice = error.downcast_ref::<Advice>().map(|advice| advice.hint.clone());
    advice.or_else(|| error.chain().find_map(hint))
}

fn hint(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    if let Some(error) = error.downcast_ref::<Advice>() {
        return Some(error.hint.clone());
    }
    if let Some(error) = error.downcast_ref::<ConfigError>() {
        return error.hint();
    }
    if let Some(error) = error.downcast_ref::<SourceError>() {
        return Some(error.hint());
    }
    if let Some(error) = error.downcast_ref::<GitError>() {
        return Some(error.hint());
    }
    if let Some(error) = error.downcast_ref::<TrackersError>() {
        return error.hint().map(str::to_owned);
    }
    error.downcast_ref::<StoreError>().and_then(StoreError::hint)
}
