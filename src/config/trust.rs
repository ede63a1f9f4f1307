//! What a configuration may do in CI, where anybody who opens a pull request may have written it.
//!
//! It sends nothing to a host that the run itself does not name, takes no variable that was not meant for it, and reads
//! nothing outside of the checkout. Nothing in a configuration is ever expanded or run.

use std::path::{Path, PathBuf};

use secrecy::SecretString;
use url::Url;

use super::credentials::{Asked, Credentials, Stored, TokenPlace, is_of_service};
use super::{Config, ConfigError, env};
use crate::domain::remote::Repository;

/// Variables that are meant for dragnet.
const OURS: &str = "DRAGNET_";
/// GitHub's token of the run; it goes to GitHub's own host only.
const GITHUB_TOKEN: &str = "GITHUB_TOKEN";

/// What those runners set that do not set `CI`: Azure Pipelines, Jenkins, TeamCity, AWS CodeBuild. Their pages on predefined
/// variables name them.
const RUNNERS: [&str; 4] = ["TF_BUILD", "JENKINS_URL", "TEAMCITY_VERSION", "CODEBUILD_BUILD_ID"];

/// Whether this is a CI run: `CI` says so, with whatever word, or that it is none; else a runner does.
fn is_ci() -> bool {
    is_ci_by(env::var)
}

fn is_ci_by(var: impl Fn(&str) -> Option<String>) -> bool {
    match var("CI") {
        Some(word) => !["false", "0", "no"].iter().any(|no| word.eq_ignore_ascii_case(no)),
        None => RUNNERS.iter().any(|runner| var(runner).is_some()),
    }
}

/// Whether `api_url` is where the GitHub of this run is asked: github.com's, or the one that the runner names.
pub(super) fn is_own_github(api_url: &Url) -> bool {
    let of_run = env::var("GITHUB_API_URL").and_then(|url| Url::parse(&url).ok());
    let same = |other: &Url| other.origin() == api_url.origin();
    api_url.host_str() == Some("api.github.com") || of_run.as_ref().is_some_and(same)
}

/// Why a foreign configuration may not take a secret from there.
fn refusal(stored: &Stored) -> Option<String> {
    match stored {
        Stored::Env(name) if !name.starts_with(OURS) => {
            Some(format!("a configuration may not name the variable {name}"))
        }
        Stored::File(path) if is_of_service(path) || !is_below_here(path) => {
            Some(format!("`{}` may not be read", path.display()))
        }
        Stored::Env(_) | Stored::File(_) => None,
    }
}

impl Config {
    /// Takes it as foreign where this run says that it is one of CI's.
    #[must_use]
    pub fn of_this_run(mut self) -> Self {
        self.foreign = is_ci();
        self
    }

    /// A webhook's or a page's secret, or why there is none.
    pub(super) fn fetch(&self, stored: &Stored) -> Result<SecretString, String> {
        match refusal(stored).filter(|_| self.foreign) {
            Some(why) => Err(format!("in CI, {why}")),
            None => stored.fetch().map(SecretString::from),
        }
    }

    /// Lets trackers and sources at these hosts be asked in CI, besides GitHub's own: `host`, `host:port` where it
    /// is not the usual one, and `host/owner/repo` for a repository other than the run's.
    pub fn allow_hosts(&mut self, hosts: &[String]) {
        self.allowed_hosts.extend(hosts.iter().map(|host| host.to_ascii_lowercase()));
    }

    /// A configuration for where there is none: the GitHub of this run, or github.com.
    pub fn without_file() -> Result<Self, ConfigError> {
        let mut text = "[[tracker]]\nname = \"github\"\nkind = \"github\"\n".to_owned();
        for (key, variable) in [("site", "GITHUB_SERVER_URL"), ("api_url", "GITHUB_API_URL")] {
            // What is no address is no business of ours; the runner sets both or none.
            if let Some(url) = env::var(variable).and_then(|url| Url::parse(&url).ok()) {
                text += &format!("{key} = \"{url}\"\n");
            }
        }
        Ok(Self::from_text(Path::new(""), &text)?.of_this_run())
    }

    /// The folder that documents of this configuration may not lead out of; `None` for a trusted one's.
    pub fn fence(&self, checkout: impl FnOnce() -> PathBuf) -> Option<PathBuf> {
        self.foreign.then(checkout)
    }

    /// Refuses a store outside of where a foreign configuration may write: the present folder, and its own.
    pub(super) fn admit_store(&self) -> Result<(), ConfigError> {
        let own = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !self.foreign || [Path::new("."), own].iter().any(|folder| is_written_below(folder, &self.store)) {
            return Ok(());
        }
        Err(ConfigError::Wrong {
            place: self.path.display().to_string(),
            message: format!("in CI, the store `{}` may not be written", self.store.display()),
            hint: Some("name a file of the checkout under `[store]` as `path`".to_owned()),
        })
    }

    /// Whether anybody who opens a pull request may have written it.
    pub(super) fn is_foreign(&self) -> bool {
        self.foreign
    }

    /// Refuses a tracker or a source to which this run must not talk.
    pub(super) fn admit(&self, asked: &Asked<'_>, credentials: &Credentials) -> Result<(), ConfigError> {
        if !self.foreign {
            return Ok(());
        }
        let host = asked.api_url.host_str().unwrap_or_default();
        // Another port is another service.
        let host = asked.api_url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let wrong = |place: &str, message: String, hint: String| {
            let message = format!("{asked}: in CI, {message}");
            Err(ConfigError::Wrong { place: place.to_owned(), message, hint: Some(hint) })
        };
        if !asked.own && !self.is_allowed(&host) {
            return wrong(
                &credentials.goes_to,
                format!("{host} is asked only if the run allows it"),
                format!("add `--allow-host {host}` to the command, or {host} to DRAGNET_ALLOW_HOSTS"),
            );
        }
        match &credentials.token {
            TokenPlace::Stored(Stored::Env(name)) if name == GITHUB_TOKEN && asked.own => Ok(()),
            TokenPlace::Stored(Stored::Env(name)) if name == GITHUB_TOKEN => wrong(
                &credentials.place,
                format!("{GITHUB_TOKEN} goes to GitHub's own host only"),
                format!("hand the token over in a variable that starts with {OURS}"),
            ),
            TokenPlace::Stored(stored) => match refusal(stored) {
                Some(what) => wrong(
                    &credentials.place,
                    what,
                    format!("hand the token over in a variable that starts with {OURS}, with token_env"),
                ),
                None => Ok(()),
            },
            TokenPlace::Usual => Ok(()),
        }
    }

    /// Refuses a repository on the run's own GitHub other than the run's: a token may read it that whoever wrote the
    /// configuration may not.
    pub(super) fn admit_repository(
        &self,
        asked: &Asked<'_>,
        repository: &Repository,
        place: &str,
    ) -> Result<(), ConfigError> {
        let name = &repository.name;
        let of_run = env::var("GITHUB_REPOSITORY").is_some_and(|own| own.eq_ignore_ascii_case(name));
        let entry = format!("{}/{name}", repository.site.host_str().unwrap_or_default());
        if !self.foreign || !asked.own || of_run || self.is_allowed(&entry) {
            return Ok(());
        }
        Err(ConfigError::Wrong {
            place: place.to_owned(),
            message: format!(
                "{asked}: in CI, {name}, which is not the run's own repository, is read only if the run allows it"
            ),
            hint: Some(format!("add `--allow-host {entry}` to the command, or {entry} to DRAGNET_ALLOW_HOSTS")),
        })
    }

    /// Whether the run, which nobody's configuration can change, names this.
    fn is_allowed(&self, entry: &str) -> bool {
        let listed = env::var("DRAGNET_ALLOW_HOSTS").unwrap_or_default();
        let listed = listed.split([',', ' ']);
        listed.chain(self.allowed_hosts.iter().map(String::as_str)).any(|one| one.eq_ignore_ascii_case(entry))
    }
}

/// Whether a path leads to somewhere below the present folder, links followed, and not to what git keeps there. What is
/// not there leads nowhere.
fn is_below_here(path: &Path) -> bool {
    let (Ok(here), Ok(path)) = (Path::new(".").canonicalize(), path.canonicalize()) else { return true };
    is_below(&here, &path)
}

fn is_below(folder: &Path, path: &Path) -> bool {
    path.strip_prefix(folder).is_ok_and(|below| below.iter().all(|part| part != ".git"))
}

/// Whether a file at `path` would be written below `folder`, links followed: a link that leads nowhere would make a file
/// where it leads.
fn is_written_below(folder: &Path, path: &Path) -> bool {
    let Ok(folder) = folder.canonicalize() else { return false };
    if path.symlink_metadata().is_ok() {
        return path.canonicalize().is_ok_and(|real| is_below(&folder, &real));
    }
    let above = path.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // A folder that is not there cannot be written to.
    above.canonicalize().map_or(true, |real| is_below(&folder, &real))
}

#[cfg(test)]
mod tests {
    use super::is_ci_by;

    #[test]
    fn every_runner_is_known_and_a_run_may_say_that_it_is_none() {
        for (variables, ci) in [
            (&[][..], false),
            (&[("CI", "true")], true),
            (&[("CI", "1")], true),
            (&[("CI", "True")], true),
            (&[("CI", "woodpecker")], true),
            (&[("TF_BUILD", "True")], true),
            (&[("JENKINS_URL", "https://jenkins.example/")], true),
            (&[("TEAMCITY_VERSION", "2026.1")], true),
            (&[("CODEBUILD_BUILD_ID", "rocket:1")], true),
            (&[("CI", "false"), ("JENKINS_URL", "https://jenkins.example/")], false),
            (&[("CI", "0")], false),
            (&[("BUILD_NUMBER", "7")], false),
        ] {
            let var = |name: &str| variables.iter().find(|(one, _)| *one == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(is_ci_by(var), ci, "{variables:?}");
        }
    }
}
