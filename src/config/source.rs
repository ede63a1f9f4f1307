//! The sources: files, or documents that are fetched, which are a wiki's pages, a repository's files, or stand at an address.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use ipnet::IpNet;
use toml::Spanned;
use url::Url;

use super::access::secret_place;
use super::check::{Checked, Names, address, github_api};
use super::columns::headings;
use super::credentials::{Asked, Credentials, TokenPlace};
use super::error::{ConfigError, Places};
use super::{Config, SourceSettings, file, trust};
use crate::domain::document::{Form, Reading};
use crate::domain::remote::{Home, Pages, RemoteSettings, Repository, Shared, Wiki, WikiFlavor};

/// Where a source's documents are fetched from, and where the secret for it is.
#[derive(Debug, Clone)]
pub struct Remote {
    /// Where they live.
    pub home: Home,
    /// Who asks.
    pub credentials: Credentials,
}

impl Remote {
    /// The address of the repository that the documents live in.
    fn repository(&self) -> Option<String> {
        let Home::Repository(Repository { site, name, .. }) = &self.home else { return None };
        Some(format!("{}/{name}", site.as_str().trim_end_matches('/')))
    }
}

/// The sources, each with where its documents are.
pub(super) fn sources(sources: Vec<file::Source>, folder: &Path, places: &Places<'_>) -> Checked<Vec<SourceSettings>> {
    let mut names = Names::default();
    let mut homes: BTreeMap<String, String> = BTreeMap::new();
    sources
        .into_iter()
        .map(|source| {
            names.take(&source.name, "source", places)?;
            let remote = remote(&source, folder, places)?;
            let path = match &remote {
                Some(remote) => remote.home.to_string(),
                None => file_or_glob(source.path.as_ref().unwrap_or(&source.name), places)?,
            };
            if remote.is_some()
                && let Some(other) = homes.insert(path.clone(), source.name.get_ref().clone())
            {
                return Err(places.wrong(source.name.span(), format!("source `{other}` reads the same documents")));
            }
            let wiki = remote.as_ref().is_some_and(|remote| matches!(remote.home, Home::Wiki(_)));
            Ok(SourceSettings {
                name: source.name.into_inner(),
                folder: folder.to_owned(),
                path,
                reading: Reading {
                    content: source.content,
                    form: source.form.or(wiki.then_some(Form::Storage)),
                    headings: headings(source.columns, places)?,
                    repository: remote.as_ref().and_then(Remote::repository),
                },
                audience: source.audience,
                fence: None,
                text: None,
                remote,
                annotate: source.annotate.map(Spanned::into_inner),
            })
        })
        .collect()
}

/// A pattern of files.
pub(super) fn file_or_glob(path: &Spanned<String>, places: &Places<'_>) -> Checked<String> {
    if path.get_ref().is_empty() {
        return Err(places.wrong(path.span(), "expected a path to a file, or a glob"));
    }
    glob::Pattern::new(path.get_ref()).map_err(|error| places.wrong(path.span(), format!("not a glob: {error}")))?;
    Ok(path.get_ref().clone())
}

/// Where a source's documents are fetched from; `None` for files.
fn remote(raw: &file::Source, folder: &Path, places: &Places<'_>) -> Checked<Option<Remote>> {
    let kinds = [
        ("confluence", raw.confluence.as_ref()),
        ("repo", raw.repo.as_ref()),
        ("url", raw.url.as_ref()),
        ("path", raw.path.as_ref().filter(|_| raw.repo.is_none())),
    ];
    let mut named = kinds.into_iter().filter_map(|(key, value)| Some((key, value?)));
    let Some((kind, at)) = named.next() else {
        return Err(places.wrong_with_hint(
            raw.name.span(),
            format!("source `{}` does not say where its documents are", raw.name.get_ref()),
            Some("add a path = \"…\", or one of confluence, repo and url: docs/sources.md"),
        ));
    };
    if let Some((other, at)) = named.next() {
        return Err(places.wrong(at.span(), format!("`{kind}` and `{other}` exclude each other")));
    }
    only_where_it_counts(raw, kind, places)?;
    let home = match kind {
        "confluence" => Home::Wiki(wiki(raw, at, places)?),
        "repo" => Home::Repository(repository(raw, at, places)?),
        "url" => Home::Shared(shared(raw, at, places)?),
        _ => return Ok(None),
    };
    let token = secret_place(["token_file", "token_env"], [&raw.token_file, &raw.token_env], folder, places)?;
    let email = raw.email.as_ref();
    if let (Some(email), TokenPlace::Usual) = (email, &token) {
        let hint = Some("add token_file = \"…\" or token_env = \"…\"");
        return Err(places.wrong_with_hint(email.span(), "`email` without a token", hint));
    }
    let place = [&raw.token_file, &raw.token_env].into_iter().flatten().next().unwrap_or(&raw.name);
    let credentials = Credentials {
        email: email.map(|email| email.get_ref().clone()),
        token,
        app: None,
        place: places.place(place.span()),
        goes_to: places.place(raw.api_url.as_ref().unwrap_or(at).span()),
    };
    Ok(Some(Remote { home, credentials }))
}

/// A key, where it stands if it does, and the kinds of source that it is for.
type Key<'a> = (&'a str, Option<Range<usize>>, &'a [&'a str]);

/// Refuses keys that mean nothing for this kind of source: whoever wrote one expects something of it.
fn only_where_it_counts(raw: &file::Source, kind: &str, places: &Places<'_>) -> Checked<()> {
    let span = |key: &Option<Spanned<String>>| key.as_ref().map(Spanned::span);
    let number = |key: &Option<Spanned<u64>>| key.as_ref().map(Spanned::span);
    let keys: [Key<'_>; 11] = [
        ("page", number(&raw.page), &["confluence"]),
        ("under", number(&raw.under), &["confluence"]),
        ("label", span(&raw.label), &["confluence"]),
        ("flavor", raw.flavor.as_ref().map(Spanned::span), &["confluence"]),
        ("email", span(&raw.email), &["confluence"]),
        ("annotate", raw.annotate.as_ref().map(Spanned::span), &["confluence"]),
        ("branch", span(&raw.branch), &["repo"]),
        ("allow", raw.allow.first().map(Spanned::span), &["url"]),
        ("api_url", span(&raw.api_url), &["confluence", "repo"]),
        ("token_file", span(&raw.token_file), &["confluence", "repo"]),
        ("token_env", span(&raw.token_env), &["confluence", "repo"]),
    ];
    for (key, span, kinds) in keys {
        if let Some(span) = span.filter(|_| !kinds.contains(&kind)) {
            return Err(places.wrong(span, format!("`{key}` is for a source with `{}` only", kinds.join("` or `"))));
        }
    }
    Ok(())
}

fn wiki(raw: &file::Source, at: &Spanned<String>, places: &Places<'_>) -> Checked<Wiki> {
    let site = address(at, places)?;
    let pages = match (&raw.page, &raw.under, &raw.label) {
        (Some(page), None, None) => Pages::One(*page.get_ref()),
        (None, Some(page), None) => Pages::Under(*page.get_ref()),
        (None, None, Some(label)) => Pages::Labelled(self::label(label, places)?),
        _ => {
            let message = "expected one of `page`, `under` and `label` beside `confluence`";
            let hint = Some("a page's number stands in its address: …/pages/NUMBER/…");
            return Err(places.wrong_with_hint(at.span(), message, hint));
        }
    };
    let api_url = raw.api_url.as_ref().map_or(Ok(site.clone()), |url| address(url, places))?;
    let of_cloud =
        |url: &Url| url.host_str().is_some_and(|host| host.ends_with(".atlassian.net") || host == "api.atlassian.com");
    let found = if of_cloud(&site) || of_cloud(&api_url) { WikiFlavor::Cloud } else { WikiFlavor::DataCenter };
    let flavor = raw.flavor.as_ref().map_or(found, |flavor| *flavor.get_ref());
    Ok(Wiki { site, api_url, flavor, pages })
}

/// Confluence makes labels of lower case letters, digits, `-` and `_`, and much else in other alphabets; quotes would end
/// the search.
fn label(label: &Spanned<String>, places: &Places<'_>) -> Checked<String> {
    let text = label.get_ref();
    if text.is_empty() || text.chars().any(|c| c.is_whitespace() || c.is_control() || "\"\\/?#".contains(c)) {
        return Err(places.wrong(label.span(), "expected a label, as the page shows it"));
    }
    Ok(text.clone())
}

fn repository(raw: &file::Source, at: &Spanned<String>, places: &Places<'_>) -> Checked<Repository> {
    let wrong =
        || places.wrong(at.span(), "not a repository (expected `owner/repo`, or `https://github.com/owner/repo`)");
    let (site, name) = if at.get_ref().contains("://") {
        let mut site = address(at, places)?;
        let parts: Vec<String> = site.path().split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        let [above @ .., owner, name] = parts.as_slice() else { return Err(wrong()) };
        site.set_path(&above.join("/"));
        (site, format!("{owner}/{}", name.trim_end_matches(".git")))
    } else {
        (Url::parse("https://github.com").expect("a constant address"), at.get_ref().clone())
    };
    let plain = |part: &str| {
        !part.is_empty()
            && part.chars().any(|c| c != '.')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    if !name.split_once('/').is_some_and(|(owner, name)| plain(owner) && plain(name)) {
        return Err(wrong());
    }
    let Some(path) = &raw.path else {
        let hint = Some("add the file or a glob, from the repository's root: path = \"docs/*.md\"");
        return Err(places.wrong_with_hint(at.span(), "`repo` without a `path`", hint));
    };
    let api_url = raw.api_url.as_ref().map_or_else(|| Ok(github_api(&site)), |url| address(url, places))?;
    let branch = raw.branch.as_ref().map(|branch| branch.get_ref().clone());
    Ok(Repository { site, api_url, name, branch, path: file_or_glob(path, places)? })
}

fn shared(raw: &file::Source, at: &Spanned<String>, places: &Places<'_>) -> Checked<Shared> {
    let network = |text: &Spanned<String>| {
        text.get_ref().parse::<IpNet>().map_err(|_| {
            places.wrong(text.span(), format!("`{}` is no network (expected such as 10.1.0.0/16)", text.get_ref()))
        })
    };
    let mut url = address(at, places)?;
    url.set_fragment(None);
    Ok(Shared { url, allow: raw.allow.iter().map(network).collect::<Checked<_>>()? })
}

impl Config {
    /// The sources that are fetched, with their secrets.
    pub fn remote_settings(&self) -> Result<Vec<RemoteSettings>, ConfigError> {
        let remotes = self.sources.iter().filter_map(|source| Some((source, source.remote.as_ref()?)));
        remotes.map(|(source, remote)| self.settings_of_source(source, remote)).collect()
    }

    fn settings_of_source(&self, source: &SourceSettings, remote: &Remote) -> Result<RemoteSettings, ConfigError> {
        let api_url = remote.home.api_url();
        let own = matches!(remote.home, Home::Repository(_)) && trust::is_own_github(api_url);
        let asked = Asked { what: "source", name: &source.name, api_url, own };
        self.admit(&asked, &remote.credentials)?;
        if let Home::Repository(repository) = &remote.home {
            self.admit_repository(&asked, repository, &remote.credentials.goes_to)?;
        }
        if self.is_foreign() && matches!(&remote.home, Home::Shared(shared) if !shared.allow.is_empty()) {
            return Err(ConfigError::Wrong {
                place: remote.credentials.goes_to.clone(),
                message: format!("{asked}: in CI, a configuration may not `allow` networks"),
                hint: Some("take `allow` out, or leave this source to a dragnet of your own".to_owned()),
            });
        }
        if self.is_foreign() && source.annotate.is_some() {
            return Err(ConfigError::Wrong {
                place: remote.credentials.goes_to.clone(),
                message: format!("{asked}: in CI, nothing is written into a wiki"),
                hint: Some("leave `annotate` to a dragnet of your own".to_owned()),
            });
        }
        let credential = remote.credentials.fetch(&asked)?;
        Ok(RemoteSettings { name: source.name.clone(), home: remote.home.clone(), credential })
    }
}
