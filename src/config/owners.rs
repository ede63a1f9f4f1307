//! Who owns what: the teams of the configuration, and the file of code owners beside it; and the themes of challenges.

use toml::Spanned;

use super::check::{Checked, Names, repositories};
use super::error::Places;
use super::{Config, file};
use crate::domain::owner::{Ownership, Team};
use crate::domain::policy::Policy;
use crate::domain::theme::Theme;

/// Where the file of code owners is looked for, as GitHub and GitLab do, from the configuration's folder.
const CODE_OWNERS: [&str; 4] = [".github/CODEOWNERS", ".gitlab/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/// The teams, each with what is its own.
pub(super) fn teams(owners: Vec<file::Owner>, sources: &[file::Source], places: &Places<'_>) -> Checked<Vec<Team>> {
    let mut names = Names::default();
    let mut teams = Vec::new();
    for owner in owners {
        names.take(&owner.name, "owner", places)?;
        for source in &owner.sources {
            if !sources.iter().any(|one| one.name.get_ref() == source.get_ref()) {
                return Err(places.wrong(source.span(), format!("no source is named `{}`", source.get_ref())));
            }
        }
        let mut homes = Vec::new();
        for project in &owner.projects {
            homes.push(project_key(project, places)?);
        }
        for repository in &owner.repositories {
            homes.push(repositories(repository, places)?);
        }
        let file::Owner { name, aliases, challenges, categories, sources, .. } = owner;
        let sources: Vec<String> = sources.into_iter().map(Spanned::into_inner).collect();
        if [&challenges, &categories, &sources, &homes, &aliases].iter().all(|list| list.is_empty()) {
            let (what, hint) = (
                "this owner owns nothing",
                "add `categories`, `projects`, `repositories`, `sources`, `challenges` or `aliases`",
            );
            return Err(places.wrong_with_hint(name.span(), what, Some(hint)));
        }
        teams.push(Team { name: name.into_inner(), aliases, challenges, categories, sources, homes });
    }
    Ok(teams)
}

/// The themes, each with what makes a challenge part of it.
pub(super) fn themes(themes: Vec<file::Theme>, places: &Places<'_>) -> Checked<Vec<Theme>> {
    let mut names = Names::default();
    let checked = themes.into_iter().map(|theme| {
        names.take(&theme.name, "theme", places)?;
        let file::Theme { name, categories, words } = theme;
        if categories.is_empty() && words.is_empty() {
            let hint = Some("add `categories` or `words`");
            return Err(places.wrong_with_hint(name.span(), "nothing is part of this theme", hint));
        }
        Ok(Theme { name: name.into_inner(), categories, words })
    });
    checked.collect()
}

fn project_key(project: &Spanned<String>, places: &Places<'_>) -> Checked<String> {
    let key = project.get_ref();
    if key.is_empty() || key.contains('/') || key.contains(char::is_whitespace) {
        return Err(places.wrong(project.span(), format!("`{key}` is no project key (expected such as \"ARCHBOM\")")));
    }
    Ok(key.clone())
}

impl Config {
    /// What the team tolerates and who owns what, with the file of code owners as it is now.
    pub fn policy_of_now(&self) -> Policy {
        let mut policy = self.policy.clone();
        policy.ownership.code_owners = self.code_owners();
        policy
    }

    fn code_owners(&self) -> Vec<(String, Vec<String>)> {
        let folder = self.path.parent().unwrap_or(std::path::Path::new(""));
        let file = CODE_OWNERS.iter().map(|name| folder.join(name)).find(|path| path.is_file());
        match file.as_ref().map(std::fs::read_to_string) {
            None => Vec::new(),
            Some(Ok(text)) => Ownership::code_owners(&text),
            Some(Err(error)) => {
                let path = file.unwrap_or_default();
                tracing::warn!("cannot read `{}`: {error}; it names no owner", path.display());
                Vec::new()
            }
        }
    }
}
