//! How it is checked: the arguments and the configuration as terms.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;
use chrono::TimeDelta;

use super::super::args::{Check, FailOn, OnUnknown};
use super::super::failure::Advice;
use crate::check::{Answers, Baseline, Before, Terms, Tolerance};
use crate::config::{Config, var};
use crate::domain::finding::Severity;
use crate::domain::tracker::{Credential, is_loopback};
use crate::http::{Limits, Outside};
use crate::sources::{self, Base};
use crate::store::Store;

/// What a baseline is called where nobody gives it another name.
pub(super) const BASELINE: &str = "dragnet-baseline.json";

/// The arguments with what `--pipeline` says where they say nothing.
pub(super) fn piped(arguments: &Check) -> Check {
    let mut piped = arguments.clone();
    if arguments.pipeline && arguments.write_baseline.is_none() {
        piped.diff_base.get_or_insert_with(|| AUTO.to_owned());
        let usual = || Some(PathBuf::from(BASELINE)).filter(|usual| usual.exists());
        piped.baseline = piped.baseline.or_else(usual);
        if target().is_some() && arguments.max_unknown.is_none() {
            piped.on_unknown.get_or_insert(OnUnknown::Warn);
        }
    }
    piped
}

/// What the arguments and the configuration say of how to check the documents of `shop`.
pub(super) async fn terms(config: &Config, arguments: &Check, named: bool) -> anyhow::Result<Terms> {
    let day = TimeDelta::days(1);
    let answers = if arguments.no_network {
        Answers::Nobodys
    } else if let Some(server) = &arguments.server {
        Answers::OfServer(server.clone(), server_credential(server)?)
    } else if arguments.offline && named {
        // What the configuration's store knows, for documents that are none of its sources.
        Answers::Known(Store::open_existing(&config.store).await?.known().await?.tickets)
    } else if arguments.offline {
        Answers::Known(BTreeMap::new())
    } else {
        Answers::OfTrackers
    };
    Ok(Terms {
        fail_on: match arguments.fail_on {
            FailOn::Error => Some(Severity::Error),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Info => Some(Severity::Info),
            FailOn::Never => None,
        },
        tolerance: match (arguments.max_unknown, arguments.on_unknown) {
            (Some(tolerance), _) => tolerance,
            (None, Some(OnUnknown::Warn)) => Tolerance::Everything,
            (None, _) => Tolerance::Nothing,
        },
        max_age: arguments.max_age.unwrap_or(if arguments.offline || arguments.server.is_some() {
            day
        } else {
            TimeDelta::zero()
        }),
        private: config.policy.secrecy.private.clone(),
        home: if config.path.as_os_str().is_empty() { ".".to_owned() } else { config.path.display().to_string() },
        answers,
        baseline: baseline(config, arguments)?,
        only_new: arguments.only_new,
        touched: None,
        links: arguments.links.then(|| Outside::new(Limits::default(), &arguments.allow_host)).transpose()?,
    })
}

fn baseline(config: &Config, arguments: &Check) -> anyhow::Result<Before> {
    if let Some(path) = arguments.baseline.as_deref().filter(|path| !super::leads_out(path)) {
        sources::inside(config.fence(sources::checkout).as_deref(), path)
            .map_err(|error| Advice::error(error.to_string(), error.hint()))?;
    }
    Ok(match &arguments.baseline {
        // What is written down now fails nobody from now on.
        _ if arguments.write_baseline.is_some() => Before::Everything,
        Some(path) => Before::These(read(path)?),
        None => Before::Nothing,
    })
}

pub(super) fn read(path: &Path) -> anyhow::Result<Baseline> {
    let text = std::fs::read_to_string(path).with_context(|| Advice {
        message: format!("cannot read the baseline `{}`", path.display()),
        hint: format!("write one: dragnet check --write-baseline {}", path.display()),
    })?;
    Baseline::read(&text).map_err(|error| {
        Advice::error(
            format!("`{}` is no baseline: {error}", path.display()),
            format!("write it anew: dragnet check --write-baseline {}", path.display()),
        )
    })
}

/// For `--diff-base`: what the pull or merge request of this run goes to.
const AUTO: &str = "auto";

/// What the pull or merge request of this run goes to, if it is one.
fn target() -> Option<String> {
    let branch = var("GITHUB_BASE_REF").map(|branch| format!("origin/{branch}"));
    branch.or_else(|| var("CI_MERGE_REQUEST_DIFF_BASE_SHA"))
}

/// The state that `--diff-base` means; `None` where `auto` finds none, and everything is looked at.
pub(super) fn base(named: &str) -> anyhow::Result<Option<Base>> {
    let found = if named == AUTO { target() } else { Some(named.to_owned()) };
    found.map(|reference| Base::find(&reference)).transpose().map_err(Into::into)
}

/// What the daemon of `--server` is shown: a user's name and password with a colon between, or its operator's token.
fn server_credential(server: &url::Url) -> anyhow::Result<Credential> {
    let Some(told) = var("DRAGNET_SERVER_TOKEN") else { return Ok(Credential::Anonymous) };
    if server.scheme() != "https" && !is_loopback(server) {
        return Err(Advice::error(
            format!("refusing to send DRAGNET_SERVER_TOKEN to {server}, which is neither https nor on this machine"),
            "use the daemon's https address",
        ));
    }
    Ok(match told.split_once(':') {
        Some((user, password)) => Credential::Basic { user: user.to_owned(), token: password.into() },
        None => Credential::Bearer(told.into()),
    })
}
