//! From the file as written to a configuration that every room may trust.

use std::collections::BTreeMap;
use std::path::Path;

use toml::Spanned;
use url::Url;

use super::access::credentials;
use super::credentials::{SecretPlace, Stored, named};
use super::digest::{Ground, digests, mail, public_url};
use super::error::{ConfigError, Places};
use super::owners::{teams, themes};
use super::record::records;
use super::service::{jitter, key, listen, ping, retention, schedule, zone};
use super::source::sources;
use super::visitors::visitors;
use super::{Audience, Config, Tracker, Visibility, file};
use crate::domain::challenge::ChallengeId;
use crate::domain::citation::Citing;
use crate::domain::finding::Code;
use crate::domain::policy::{Meaning, Meanings, Policy, Secrecy};
use crate::domain::remote::Home;
use crate::domain::ticket::TicketId;
use crate::domain::tracker::{TrackerId, TrackerKind};
use crate::domain::waiver::{Manner, Origin, Waiver};

/// In percent, where nothing else is configured.
const RESERVE: u8 = 10;

pub(super) type Checked<T> = Result<T, ConfigError>;

pub(super) fn check(file: file::File, places: &Places<'_>) -> Checked<Config> {
    let folder = places.path.parent().unwrap_or(Path::new(""));
    let zone = zone(file.schedule.timezone.as_ref(), places)?;
    let trackers = trackers(file.tracker, folder, places)?;
    let mut policy = policy(&file.policy, file.severity, places)?;
    policy.ownership.teams = teams(file.owner, &file.source, places)?;
    policy.themes = themes(file.theme, places)?;
    let sources = sources(file.source, folder, places)?;
    policy.meanings = trackers.iter().map(|tracker| (tracker.id.clone(), tracker.meanings.clone())).collect();
    let private = trackers.iter().filter(|tracker| tracker.visibility == Visibility::Private);
    let public = sources.iter().filter(|source| source.audience == Audience::Public);
    policy.secrecy = Secrecy {
        private: private.map(|tracker| tracker.id.clone()).collect(),
        public: public.map(|source| source.name.clone()).collect(),
    };
    let wikis = sources.iter().filter_map(|source| match &source.remote.as_ref()?.home {
        Home::Wiki(wiki) => Some(wiki.site.clone()),
        Home::Repository(_) | Home::Shared(_) => None,
    });
    policy.citing = Citing { wikis: wikis.collect(), records: records(file.record, folder, places)? };
    let mail = mail(file.mail, folder, places)?;
    let public_url = public_url(file.serve.public_url.as_ref(), places)?;
    let ground = Ground { folder, zone, sources: &sources, mail: mail.is_some(), public_url: public_url.as_deref() };
    let digests = digests(file.digest, &ground, places)?;
    Ok(Config {
        path: places.path.to_owned(),
        store: folder.join(file.store.path.as_deref().unwrap_or("dragnet.db")),
        digests,
        mail,
        public_url,
        sources,
        trackers,
        sync: schedule(file.schedule.sync.as_ref(), "*/15 * * * *", zone, places)?,
        full: schedule(file.schedule.full.as_ref(), "0 3 * * sun", zone, places)?,
        jitter: jitter(file.schedule.jitter.as_ref(), places)?,
        retention: retention(&file.retention, places)?,
        listen: listen(file.serve.listen.as_ref(), places)?,
        key: key(&file.serve, folder, places)?,
        ping: ping(file.serve.ping_url.as_ref(), places)?,
        visitors: visitors(&file.serve, folder, places)?,
        policy,
        waivers: file.waiver.into_iter().map(|waiver| self::waiver(waiver, places)).collect::<Checked<_>>()?,
        foreign: false,
        allowed_hosts: Vec::new(),
    })
}

fn trackers(trackers: Vec<file::Tracker>, folder: &Path, places: &Places<'_>) -> Checked<Vec<Tracker>> {
    let mut names = Names::default();
    let mut sites = Claimed::default();
    let mut projects = Claimed::default();
    let mut checked: Vec<Tracker> = Vec::new();
    for tracker in trackers {
        names.take(&tracker.name, "tracker", places)?;
        let first = !checked.iter().any(|other| other.id.kind() == tracker.kind);
        let tracker = self::tracker(tracker, first, folder, places, &mut sites, &mut projects)?;
        checked.push(tracker);
    }
    Ok(checked)
}

fn tracker(
    raw: file::Tracker,
    first: bool,
    folder: &Path,
    places: &Places<'_>,
    sites: &mut Claimed,
    projects: &mut Claimed,
) -> Checked<Tracker> {
    let name = raw.name.get_ref().clone();
    let id = if first { TrackerId::first(raw.kind) } else { TrackerId::named(raw.kind, &name) };
    let site = match (&raw.site, raw.kind) {
        (Some(site), _) => address(site, places)?,
        (None, TrackerKind::GitHub) => Url::parse("https://github.com").expect("a constant address"),
        (None, TrackerKind::Jira) => {
            return Err(places.wrong_with_hint(
                raw.name.span(),
                format!("tracker `{name}` has no `site`"),
                Some("add the address that its links start with: site = \"https://example.atlassian.net\""),
            ));
        }
    };
    let site_span = raw.site.as_ref().map_or(raw.name.span(), Spanned::span);
    sites.take(site_name(&site), &name, site_span, places)?;
    let mut former_sites = Vec::new();
    for former in &raw.former_sites {
        let url = address(former, places)?;
        sites.take(site_name(&url), &name, former.span(), places)?;
        former_sites.push(url);
    }
    let api_url = match &raw.api_url {
        Some(api_url) => address(api_url, places)?,
        None if raw.kind == TrackerKind::Jira => site.clone(),
        None => github_api(&site),
    };
    if let (Some(flavor), TrackerKind::GitHub) = (&raw.flavor, raw.kind) {
        return Err(places.wrong(flavor.span(), "`flavor` is for Jira only"));
    }
    let keys = raw.projects.iter().map(|project| {
        let key = project_key(project, raw.kind, places)?;
        projects.take(key.clone(), &name, project.span(), places)?;
        Ok(key)
    });
    let meanings = Meanings {
        resolutions: meanings(&raw.resolutions, raw.kind, "resolutions", places)?,
        statuses: meanings(&raw.statuses, raw.kind, "statuses", places)?,
    };
    Ok(Tracker {
        projects: keys.collect::<Checked<_>>()?,
        credentials: credentials(&raw, folder, places)?,
        webhook: webhook(&raw, folder, places),
        id,
        name,
        site,
        former_sites,
        api_url,
        flavor: raw.flavor.map(Spanned::into_inner),
        visibility: raw.visibility,
        evidence_repos: raw
            .evidence_repos
            .iter()
            .map(|repo| evidence_repo(repo, raw.kind, places))
            .collect::<Checked<_>>()?,
        meanings,
        token_expires: raw.token_expires.as_ref().map(|day| date(day, places)).transpose()?,
        reserve: reserve(raw.reserve.as_ref(), places)?,
    })
}

/// The user's own names, each once whatever its spelling.
fn meanings(
    names: &BTreeMap<Spanned<String>, Meaning>,
    kind: TrackerKind,
    key: &str,
    places: &Places<'_>,
) -> Checked<BTreeMap<String, Meaning>> {
    let mut meant: BTreeMap<String, &str> = BTreeMap::new();
    for name in names.keys() {
        if kind == TrackerKind::GitHub {
            return Err(places.wrong(name.span(), format!("`{key}` is for Jira only")));
        }
        let bare = Meanings::bare(name.get_ref());
        if bare.is_empty() {
            return Err(places.wrong(name.span(), "expected a name, as the tracker shows it"));
        }
        if let Some(other) = meant.insert(bare, name.get_ref()) {
            return Err(places.wrong(
                name.span(),
                format!("`{}` and `{other}` are one name: case and punctuation do not count", name.get_ref()),
            ));
        }
    }
    Ok(names.iter().map(|(name, meaning)| (Meanings::bare(name.get_ref()), *meaning)).collect())
}

fn evidence_repo(repo: &Spanned<String>, kind: TrackerKind, places: &Places<'_>) -> Checked<String> {
    if kind == TrackerKind::Jira {
        return Err(places.wrong(repo.span(), "`evidence_repos` are for GitHub only"));
    }
    repositories(repo, places)
}

/// `owner/repo`, or `owner/*` for all of an owner's.
pub(super) fn repositories(repo: &Spanned<String>, places: &Places<'_>) -> Checked<String> {
    let plain = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    match repo.get_ref().split_once('/') {
        Some((owner, name)) if plain(owner) && (name == "*" || plain(name)) => Ok(repo.get_ref().clone()),
        _ => {
            Err(places
                .wrong(repo.span(), "not a repository (expected `owner/repo`, or `owner/*` for all of an owner's)"))
        }
    }
}

/// The part of a quota that is left to others.
fn reserve(percent: Option<&Spanned<u8>>, places: &Places<'_>) -> Checked<u8> {
    match percent {
        None => Ok(RESERVE),
        Some(percent) if *percent.get_ref() <= 90 => Ok(*percent.get_ref()),
        Some(percent) => Err(places.wrong(percent.span(), "expected a part of a quota in percent, from 0 to 90")),
    }
}

fn webhook(raw: &file::Tracker, folder: &Path, places: &Places<'_>) -> Vec<SecretPlace> {
    let place = |text: &Spanned<String>, secret| SecretPlace { secret, place: places.place(text.span()) };
    let files = raw.webhook_secret_file.iter().map(|file| place(file, Stored::File(named(folder, file.get_ref()))));
    let variables = raw.webhook_secret_env.iter().map(|name| place(name, Stored::Env(name.get_ref().clone())));
    files.chain(variables).collect()
}

/// GitHub's REST root beside its site: <https://docs.github.com/rest> for github.com, `/api/v3` on Enterprise Server.
pub(super) fn github_api(site: &Url) -> Url {
    if site.host_str() == Some("github.com") {
        return Url::parse("https://api.github.com").expect("a constant address");
    }
    let mut api = site.clone();
    api.set_path(&format!("{}/api/v3", site.path().trim_end_matches('/')));
    api
}

pub(super) fn address(text: &Spanned<String>, places: &Places<'_>) -> Checked<Url> {
    let wrong = |what: String| {
        places.wrong_with_hint(text.span(), what, Some("expected an address such as \"https://example.atlassian.net\""))
    };
    let url = Url::parse(text.get_ref()).map_err(|error| wrong(format!("`{}`: {error}", text.get_ref())))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(wrong(format!("`{}` is not an http or https address", text.get_ref())));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("credentials do not belong into an address".to_owned()));
    }
    Ok(url)
}

/// One spelling for addresses that are the same site.
fn site_name(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}{port}{}", url.host_str().unwrap_or_default(), url.path().trim_end_matches('/')).to_ascii_lowercase()
}

fn project_key(project: &Spanned<String>, kind: TrackerKind, places: &Places<'_>) -> Checked<String> {
    if kind == TrackerKind::GitHub {
        return Err(places.wrong(project.span(), "`projects` is for Jira only"));
    }
    let key = project.get_ref();
    let mut letters = key.chars();
    let right = letters.next().is_some_and(|first| first.is_ascii_uppercase())
        && key.len() >= 2
        && letters.all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_');
    if right {
        Ok(key.clone())
    } else {
        Err(places
            .wrong(project.span(), format!("`{key}` is no project key (expected upper case, such as \"ARCHBOM\")")))
    }
}

fn policy(
    raw: &file::Policy,
    severity: BTreeMap<Spanned<String>, crate::domain::finding::Severity>,
    places: &Places<'_>,
) -> Checked<Policy> {
    let mut policy = Policy::default();
    let cadence = &mut policy.cadence;
    for (text, span) in [
        (&raw.stale_after, &mut policy.stale_after),
        (&raw.grace, &mut policy.grace),
        (&raw.closed_every, &mut cadence.closed_every),
        (&raw.quiet_after, &mut cadence.quiet_after),
        (&raw.quiet_every, &mut cadence.quiet_every),
    ] {
        if let Some(text) = text {
            *span = span_of_time(text, places)?;
        }
    }
    for (word, severity) in severity {
        policy.severity.insert(code(&word, places)?, severity);
    }
    Ok(policy)
}

pub(super) fn span_of_time(text: &Spanned<String>, places: &Places<'_>) -> Checked<chrono::TimeDelta> {
    humantime::parse_duration(text.get_ref()).ok().and_then(|span| chrono::TimeDelta::from_std(span).ok()).ok_or_else(
        || {
            let message = format!("`{}` is no span of time (expected such as \"90d\" or \"12 weeks\")", text.get_ref());
            places.wrong(text.span(), message)
        },
    )
}

fn code(word: &Spanned<String>, places: &Places<'_>) -> Checked<Code> {
    word.get_ref().parse().map_err(|()| {
        let known: Vec<&str> = Code::ALL.iter().map(|code| code.word()).collect();
        let closest = known
            .iter()
            .max_by(|a, b| strsim::jaro_winkler(a, word.get_ref()).total_cmp(&strsim::jaro_winkler(b, word.get_ref())));
        let hint = closest.map(|closest| format!("did you mean `{closest}`?"));
        places.wrong_with_hint(word.span(), format!("`{}` is no finding code", word.get_ref()), hint.as_deref())
    })
}

fn date(day: &Spanned<toml::value::Datetime>, places: &Places<'_>) -> Checked<chrono::NaiveDate> {
    let date = day.get_ref().date;
    date.and_then(|date| chrono::NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into()))
        .ok_or_else(|| places.wrong(day.span(), "expected a day, such as 2027-03-31"))
}

fn waiver(raw: file::Waiver, places: &Places<'_>) -> Checked<Waiver> {
    let until = date(&raw.until, places)?;
    if raw.reason.get_ref().trim().is_empty() {
        return Err(places.wrong(raw.reason.span(), "a waiver needs a reason"));
    }
    if raw.ticket.is_none() && raw.challenge.is_none() {
        return Err(places.wrong(raw.code.span(), "a waiver needs a `ticket` or a `challenge`"));
    }
    let ticket = raw
        .ticket
        .map(|text| {
            let id = text.get_ref().parse::<TicketId>();
            id.map_err(|error| places.wrong(text.span(), error.to_string()))
        })
        .transpose()?;
    Ok(Waiver {
        code: code(&raw.code, places)?,
        ticket,
        challenge: raw.challenge.map(|id| ChallengeId(id.into_inner())),
        by: raw.by,
        reason: raw.reason.into_inner(),
        until,
        manner: Manner::Accepted,
        from: Origin::Configuration(places.place(raw.code.span())),
    })
}

/// Names that must not be given twice.
#[derive(Default)]
pub(super) struct Names(Vec<String>);

impl Names {
    pub(super) fn take(&mut self, name: &Spanned<String>, what: &str, places: &Places<'_>) -> Checked<()> {
        if name.get_ref().trim().is_empty() {
            return Err(places.wrong(name.span(), format!("each {what} needs a name")));
        }
        // Ids of tickets are compared without case, so names that differ in nothing else would be one.
        if self.0.iter().any(|other| other.eq_ignore_ascii_case(name.get_ref())) {
            return Err(places.wrong(name.span(), format!("there are two {what}s named `{}`", name.get_ref())));
        }
        self.0.push(name.get_ref().clone());
        Ok(())
    }
}

/// Sites or projects, each with the tracker that claims it.
#[derive(Default)]
struct Claimed(BTreeMap<String, String>);

impl Claimed {
    fn take(&mut self, what: String, by: &str, span: std::ops::Range<usize>, places: &Places<'_>) -> Checked<()> {
        match self.0.get(&what) {
            Some(other) if other == by => Err(places.wrong(span, format!("`{what}` is claimed twice by `{by}`"))),
            Some(other) => {
                Err(places
                    .wrong(span, format!("`{what}` is claimed by tracker `{other}` already; a ticket has one home")))
            }
            None => {
                self.0.insert(what, by.to_owned());
                Ok(())
            }
        }
    }
}
