//! The only reader of the environment.

use std::path::PathBuf;

/// A variable's value; `None` when it is unset, empty or not UTF-8.
pub fn var(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
    let value = std::env::var(name).ok();
    value.filter(|value| !value.is_empty())
}

/// Who sits at the keyboard: as git signs commits here, else as the system calls them.
pub fn user_name() -> Option<String> {
    let git = || {
        let output = std::process::Command::new("git")
            .args(["config", "user.name"])
            .stdin(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .output()
            .ok()
            .filter(|output| output.status.success())?;
        let name = String::from_utf8(output.stdout).ok()?.trim().to_owned();
        (!name.is_empty()).then_some(name)
    };
    var("GIT_AUTHOR_NAME").or_else(git).or_else(|| var("USER")).or_else(|| var("LOGNAME"))
}

/// Where a configuration is looked for when none is named: here, then the user's, then the machine's.
pub(super) fn usual_places() -> Vec<PathBuf> {
    let user = var("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| var("HOME").map(|home| PathBuf::from(home).join(".config")))
        .map(|folder| folder.join("dragnet").join("dragnet.toml"));
    [Some(PathBuf::from("dragnet.toml")), user, Some(PathBuf::from("/etc/dragnet/dragnet.toml"))]
        .into_iter()
        .flatten()
        .collect()
}

/// What `gh auth token` prints, where the GitHub command line is installed and logged in to github.com.
pub(super) fn gh_auth_token() -> Option<String> {
    let output = std::process::Command::new("gh")
        .args(["auth", "token", "--hostname", "github.com"])
        .stdin(std::process::Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let token = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (!token.is_empty()).then_some(token)
}
