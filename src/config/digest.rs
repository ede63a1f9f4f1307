//! Digests as configured: of what they tell, when, and where they go; their secrets are fetched when something is sent.

use std::path::Path;

use chrono_tz::Tz;
use lettre::Address;
use lettre::message::Mailbox;
use toml::Spanned;
use url::Url;

use super::access::secret_place;
use super::check::{Checked, Names, address};
use super::credentials::{Asked, Credentials, SecretPlace, TokenPlace};
use super::error::{Places, Secret};
use super::file::{self, DigestKind};
use super::service::{schedule, zone};
use super::{Audience, Config, ConfigError, SourceSettings};
use crate::domain::channel::{Channel, Hook, IssuePlace, MailSecurity, MailServer};
use crate::domain::digest::{DigestSettings, Mentions, Scope, bare};
use crate::domain::finding::Severity;
use crate::domain::schedule::Schedule;
use crate::domain::tracker::is_loopback;

/// When digests go out unless the file says otherwise.
const WEEKLY: &str = "0 9 * * mon";

/// A name stands in headings, which some channels bound.
const LONGEST_NAME: usize = 60;

/// A digest as configured.
#[derive(Debug, Clone)]
pub struct Digest {
    /// Its name.
    pub name: String,
    /// Of which part of everything it tells.
    pub scope: Scope,
    /// When its turn comes.
    pub schedule: Schedule,
    /// Where it goes.
    pub to: DigestTo,
    /// How owners are addressed there.
    pub mentions: Mentions,
}

/// Where a digest goes, and where the secrets that this takes are.
#[derive(Debug, Clone)]
pub enum DigestTo {
    /// The place of the webhook's address.
    Slack(SecretPlace),
    /// The place of the webhook's address.
    Teams(SecretPlace),
    /// The places of the webhook's address and of what is signed with.
    Webhook(SecretPlace, SecretPlace),
    /// The readers.
    Mail(Vec<String>),
    /// The issue, and who edits it.
    Issue {
        /// Where the REST API is.
        api_url: Url,
        /// `owner/repo`
        repo: String,
        /// Its number.
        issue: u64,
        /// Who edits it.
        credentials: Box<Credentials>,
    },
}

/// The mail server as configured.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How what is said to it is kept secret.
    pub security: MailSecurity,
    /// Who mails are from.
    pub from: String,
    /// The account, and the place of its password.
    pub login: Option<(String, SecretPlace)>,
}

pub(super) fn public_url(text: Option<&Spanned<String>>, places: &Places<'_>) -> Checked<Option<String>> {
    let Some(text) = text else { return Ok(None) };
    let url = address(text, places)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(places.wrong(text.span(), "expected the page's address, without a query"));
    }
    Ok(Some(url.as_str().trim_end_matches('/').to_owned()))
}

pub(super) fn mail(raw: Option<file::Mail>, folder: &Path, places: &Places<'_>) -> Checked<Option<Mail>> {
    let Some(raw) = raw else { return Ok(None) };
    let host = raw.host.get_ref();
    if host.is_empty() || !host.chars().all(|c| c.is_ascii_alphanumeric() || "-.:".contains(c)) {
        return Err(places.wrong_with_hint(
            raw.host.span(),
            format!("`{host}` is no name of a server"),
            Some("expected such as \"smtp.example.org\"; the port is a key of its own"),
        ));
    }
    let security = raw.security.as_ref().map(|security| *security.get_ref()).unwrap_or_default();
    let local = ["localhost", "127.0.0.1", "::1"].contains(&host.as_str());
    if let (MailSecurity::None, Some(said), false) = (security, &raw.security, local) {
        return Err(places.wrong(said.span(), "`none` is for a server on this machine: `localhost`"));
    }
    let from = raw.from.get_ref();
    if from.parse::<Mailbox>().is_err() {
        let hint = Some("expected such as \"dragnet <dragnet@example.org>\"");
        return Err(places.wrong_with_hint(raw.from.span(), format!("`{from}` is no address to send from"), hint));
    }
    let names = ["password_file", "password_env"];
    let password = secret(names, [&raw.password_file, &raw.password_env], folder, places)?;
    let login = match (&raw.user, password) {
        (Some(user), Some(password)) => Some((user.get_ref().clone(), password)),
        (None, None) => None,
        (Some(user), None) => {
            let hint = Some("add password_file = \"…\" or password_env = \"…\"");
            return Err(places.wrong_with_hint(user.span(), "`user` without a password", hint));
        }
        (None, Some(_)) => return Err(places.wrong(raw.host.span(), "a password without a `user`")),
    };
    let usual = match security {
        MailSecurity::StartTls => 587,
        MailSecurity::Tls => 465,
        MailSecurity::None => 25,
    };
    Ok(Some(Mail { host: host.clone(), port: raw.port.unwrap_or(usual), security, from: from.clone(), login }))
}

/// What digests rest on beside their own blocks.
pub(super) struct Ground<'a> {
    pub(super) folder: &'a Path,
    pub(super) zone: Tz,
    pub(super) sources: &'a [SourceSettings],
    pub(super) mail: bool,
    pub(super) public_url: Option<&'a str>,
}

pub(super) fn digests(raw: Vec<file::Digest>, ground: &Ground<'_>, places: &Places<'_>) -> Checked<Vec<Digest>> {
    let mut names = Names::default();
    raw.into_iter()
        .map(|raw| {
            names.take(&raw.name, "digest", places)?;
            if raw.name.get_ref().chars().count() > LONGEST_NAME || raw.name.get_ref().chars().any(char::is_control) {
                return Err(places.wrong(raw.name.span(), format!("a name has {LONGEST_NAME} letters at most")));
            }
            only_where_it_counts(&raw, places)?;
            let zone = raw.timezone.as_ref().map_or(Ok(ground.zone), |text| zone(Some(text), places))?;
            let public = ground.sources.iter().filter(|source| source.audience == Audience::Public);
            Ok(Digest {
                to: to(&raw, ground, places)?,
                mentions: mentions(&raw, places)?,
                schedule: schedule(raw.schedule.as_ref(), WEEKLY, zone, places)?,
                scope: Scope {
                    severity: raw.severity.unwrap_or(Severity::Warning),
                    sources: (raw.audience == Audience::Public)
                        .then(|| public.map(|source| source.name.clone()).collect()),
                    teams: raw.teams,
                    categories: raw.categories,
                },
                name: raw.name.into_inner(),
            })
        })
        .collect()
}

/// Refuses keys that mean nothing for this way: whoever wrote one expects something of it.
fn only_where_it_counts(raw: &file::Digest, places: &Places<'_>) -> Checked<()> {
    use DigestKind::{GitHub, Mail, Slack, Teams, Webhook};
    let span = |key: &Option<Spanned<String>>| key.as_ref().map(Spanned::span);
    let hooks: &[DigestKind] = &[Slack, Teams, Webhook];
    for (key, span, kinds) in [
        ("url_file", span(&raw.url_file), hooks),
        ("url_env", span(&raw.url_env), hooks),
        ("secret_file", span(&raw.secret_file), &[Webhook]),
        ("secret_env", span(&raw.secret_env), &[Webhook]),
        ("to", raw.to.first().map(Spanned::span), &[Mail]),
        ("repo", span(&raw.repo), &[GitHub]),
        ("issue", raw.issue.as_ref().map(Spanned::span), &[GitHub]),
        ("api_url", span(&raw.api_url), &[GitHub]),
        ("token_file", span(&raw.token_file), &[GitHub]),
        ("token_env", span(&raw.token_env), &[GitHub]),
    ] {
        if let Some(span) = span.filter(|_| !kinds.contains(raw.kind.get_ref())) {
            let kinds: Vec<String> = kinds.iter().map(|kind| format!("`{}`", kind.word())).collect();
            return Err(places.wrong(span, format!("`{key}` is for a digest of kind {} only", kinds.join(" or "))));
        }
    }
    Ok(())
}

fn to(raw: &file::Digest, ground: &Ground<'_>, places: &Places<'_>) -> Checked<DigestTo> {
    let kind = *raw.kind.get_ref();
    let needs = |what: &str, hint: &str| {
        let message = format!("a digest of kind `{}` needs {what}", kind.word());
        places.wrong_with_hint(raw.kind.span(), message, Some(hint))
    };
    let hook = || {
        let place = secret(["url_file", "url_env"], [&raw.url_file, &raw.url_env], ground.folder, places)?;
        let hint =
            "add url_file = \"…\" or url_env = \"…\": whoever knows the address may send to it, so it is a secret";
        place.ok_or_else(|| needs("the webhook's address", hint))
    };
    match kind {
        DigestKind::Slack => Ok(DigestTo::Slack(hook()?)),
        DigestKind::Teams => Ok(DigestTo::Teams(hook()?)),
        DigestKind::Webhook => {
            let names = ["secret_file", "secret_env"];
            let signing = secret(names, [&raw.secret_file, &raw.secret_env], ground.folder, places)?;
            let hint = "add secret_file = \"…\" or secret_env = \"…\"";
            Ok(DigestTo::Webhook(hook()?, signing.ok_or_else(|| needs("a secret to sign with", hint))?))
        }
        DigestKind::Mail => {
            if !ground.mail {
                return Err(needs("a mail server", "add [mail] with host = \"…\" and from = \"…\""));
            }
            let secure = ground.public_url.and_then(|url| Url::parse(url).ok());
            if !secure.is_some_and(|url| url.scheme() == "https" || is_loopback(&url)) {
                let hint =
                    "add public_url = \"https://…\" under [serve]: readers leave a digest at an address below it";
                return Err(needs("the page's address, with https", hint));
            }
            let readers = raw.to.iter().map(|reader| match reader.get_ref().parse::<Address>() {
                Ok(address) => Ok(address.to_string()),
                Err(_) => Err(places.wrong(reader.span(), format!("`{}` is no mail address", reader.get_ref()))),
            });
            let readers = readers.collect::<Checked<Vec<_>>>()?;
            if readers.is_empty() {
                return Err(needs("readers", "add to = [\"team@example.org\"]"));
            }
            Ok(DigestTo::Mail(readers))
        }
        DigestKind::GitHub => issue(raw, ground, places, &needs),
    }
}

/// How owners are addressed: what Slack and GitHub know them by, and nothing else that would be sent as it is.
fn mentions(raw: &file::Digest, places: &Places<'_>) -> Checked<Mentions> {
    let word = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let kind = *raw.kind.get_ref();
    let mention = |(name, id): (&Spanned<String>, &Spanned<String>)| {
        let text = id.get_ref();
        let (right, expected) = match kind {
            DigestKind::Slack => {
                (word(text) && text.starts_with(['U', 'W', 'S']), "the id of a user (U…) or of a group of users (S…)")
            }
            DigestKind::GitHub => (text.split('/').count() <= 2 && text.split('/').all(word), "a login, or `org/team`"),
            _ => return Err(places.wrong(name.span(), "`mentions` are for digests of kind `slack` or `github` only")),
        };
        if right {
            Ok((bare(name.get_ref()), text.clone()))
        } else {
            Err(places.wrong(id.span(), format!("`{text}` addresses nobody (expected {expected})")))
        }
    };
    raw.mentions.iter().map(mention).collect()
}

fn issue(
    raw: &file::Digest,
    ground: &Ground<'_>,
    places: &Places<'_>,
    needs: &dyn Fn(&str, &str) -> ConfigError,
) -> Checked<DigestTo> {
    let (Some(repo), Some(issue)) = (&raw.repo, &raw.issue) else {
        return Err(needs("an issue", "add repo = \"owner/repo\" and issue = NUMBER, of an issue that is there"));
    };
    let plain = |part: &str| {
        part.chars().any(|c| c != '.') && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    if !repo.get_ref().split_once('/').is_some_and(|(owner, name)| plain(owner) && plain(name)) {
        return Err(places.wrong(repo.span(), "not a repository (expected `owner/repo`)"));
    }
    let api_url = match &raw.api_url {
        Some(url) => address(url, places)?,
        None => Url::parse("https://api.github.com").expect("a constant address"),
    };
    let names = ["token_file", "token_env"];
    let Some(SecretPlace { secret, place }) = secret(names, [&raw.token_file, &raw.token_env], ground.folder, places)?
    else {
        let hint = "add token_file = \"…\" or token_env = \"…\", of a token that may write issues and nothing else";
        return Err(needs("a token of its own", hint));
    };
    let goes_to = places.place(raw.api_url.as_ref().unwrap_or(repo).span());
    let credentials = Credentials { email: None, token: TokenPlace::Stored(secret), app: None, place, goes_to };
    Ok(DigestTo::Issue {
        api_url,
        repo: repo.get_ref().clone(),
        issue: *issue.get_ref(),
        credentials: Box::new(credentials),
    })
}

/// Where a secret is, if it is anywhere.
fn secret(
    names: [&str; 2],
    keys: [&Option<Spanned<String>>; 2],
    folder: &Path,
    places: &Places<'_>,
) -> Checked<Option<SecretPlace>> {
    let span = keys.iter().find_map(|key| key.as_ref()).map(Spanned::span);
    let stored = match secret_place(names, keys, folder, places)? {
        TokenPlace::Stored(stored) => Some(stored),
        TokenPlace::Usual => None,
    };
    Ok(stored.zip(span).map(|(secret, span)| SecretPlace { secret, place: places.place(span) }))
}

impl DigestKind {
    /// The word of the configuration.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Slack => "slack",
            Self::Teams => "teams",
            Self::Webhook => "webhook",
            Self::Mail => "mail",
            Self::GitHub => "github",
        }
    }
}

impl Config {
    /// The digests with their secrets, for sending.
    ///
    /// # Errors
    /// A secret that is not there or is of no use; any digest at all in CI, where anybody may have written the
    /// configuration.
    pub fn digest_settings(&self) -> Result<Vec<DigestSettings>, ConfigError> {
        if self.is_foreign() && !self.digests.is_empty() {
            return Err(ConfigError::Wrong {
                place: self.path.display().to_string(),
                message: "in CI, no digest is sent".to_owned(),
                hint: Some("leave that to the dragnet that serves".to_owned()),
            });
        }
        self.digests.iter().map(|digest| self.settings_of_digest(digest)).collect()
    }

    fn settings_of_digest(&self, digest: &Digest) -> Result<DigestSettings, ConfigError> {
        let whom = format!("digest `{}`", digest.name);
        let fetch = |SecretPlace { secret, place }: &SecretPlace| {
            self.fetch(secret).map_err(|message| ConfigError::Secret {
                what: Secret::Digest,
                place: place.clone(),
                whom: whom.clone(),
                message,
            })
        };
        let hook = |place: &SecretPlace| Ok(Hook(hook(&fetch(place)?, place, &whom)?));
        let channel = match &digest.to {
            DigestTo::Slack(place) => Channel::Slack(hook(place)?),
            DigestTo::Teams(place) => Channel::Teams(hook(place)?),
            DigestTo::Webhook(place, signing) => Channel::Webhook(hook(place)?, fetch(signing)?),
            DigestTo::Mail(readers) => {
                let mail = self.mail.as_ref().expect("a digest by mail is refused without a server");
                let login = mail.login.as_ref().map(|(user, place)| Ok((user.clone(), fetch(place)?))).transpose()?;
                let Mail { host, port, security, from, .. } = mail.clone();
                Channel::Mail(readers.clone(), Box::new(MailServer { host, port, security, login, from }))
            }
            DigestTo::Issue { api_url, repo, issue, credentials } => {
                let asked = Asked { what: "digest", name: &digest.name, api_url, own: false };
                let credential = credentials.fetch(&asked)?;
                Channel::Issue(IssuePlace { api_url: api_url.clone(), repo: repo.clone(), number: *issue, credential })
            }
        };
        let Digest { name, scope, schedule, mentions, .. } = digest.clone();
        Ok(DigestSettings { name, scope, schedule, channel, mentions })
    }
}

/// The address that a secret holds. It is never told what it was.
fn hook(secret: &secrecy::SecretString, place: &SecretPlace, whom: &str) -> Result<Url, ConfigError> {
    use secrecy::ExposeSecret;
    let url = Url::parse(secret.expose_secret()).ok().filter(|url| {
        (url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url))) && url.host_str().is_some()
    });
    url.ok_or_else(|| ConfigError::Wrong {
        place: place.place.clone(),
        message: format!("{whom}: the secret is no https address"),
        hint: Some("put the webhook's whole address there, and nothing else".to_owned()),
    })
}
