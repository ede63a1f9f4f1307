//! The configuration in force as a file again: defaults written out, secrets by their place only.

use chrono::TimeDelta;
use serde::Serialize;
use serde_json::{Value, json};

use super::credentials::{Credentials, Stored, TokenPlace};
use super::service::FOREVER;
use super::{Audience, Config, Digest, DigestTo, Mail, Remote, SecretPlace, SourceSettings, Tracker};
use crate::domain::citation::Records;
use crate::domain::document::Headings;
use crate::domain::finding::Code;
use crate::domain::owner::Team;
use crate::domain::remote::{Home, Pages, Repository};
use crate::domain::retention::Keep;
use crate::domain::theme::Theme;
use crate::domain::waiver::Waiver;

impl Config {
    /// The same as TOML.
    pub fn in_force_toml(&self) -> String {
        let file = toml::Table::try_from(self.in_force()).map(|mut file| {
            // TOML has dates of its own, and the file is to have them.
            for (block, key) in [("waiver", "until"), ("tracker", "token_expires")] {
                for block in file.get_mut(block).and_then(toml::Value::as_array_mut).into_iter().flatten() {
                    let text = block.get_mut(key);
                    if let Some((day, text)) = text.and_then(|text| Some((text.as_str()?.parse().ok()?, text))) {
                        *text = toml::Value::Datetime(day);
                    }
                }
            }
            file
        });
        let text = file.and_then(|file| toml::to_string_pretty(&file));
        text.expect("a checked configuration is tables, lists, numbers and text")
    }

    /// What is in force, under the keys of the file and in its shape; what is not set is left out. It can be read as a
    /// configuration again, but for addresses that hold a secret: of these only the host is told.
    pub fn in_force(&self) -> Value {
        let policy = &self.policy;
        let severity: serde_json::Map<String, Value> =
            Code::ALL.iter().map(|code| (code.word().to_owned(), json!(policy.severity(*code)))).collect();
        let visitors = &self.visitors;
        let tls = visitors.tls.as_ref();
        let mut serve = json!({
            "listen": self.listen,
            "public_url": self.public_url,
            "ping_url": self.ping.as_ref().map(hidden),
            "users_file": visitors.users_file.as_ref().map(|file| &file.path),
            "trusted_proxies": visitors.proxies,
            "user_header": (!visitors.proxies.is_empty()).then_some(&visitors.user_header),
            "open": visitors.open,
            "rate": visitors.rate,
            "tls_cert_file": tls.map(|(cert, _)| &cert.path),
            "tls_key_file": tls.map(|(_, key)| &key.path),
        });
        if let (Some(key), Value::Object(serve)) = (&self.key, &mut serve) {
            let (name, place) = told(&key.secret, "token_file", "token_env");
            serve.insert(name.to_owned(), json!(place));
        }
        without_nothing(json!({
            "store": { "path": self.store },
            "source": self.sources.iter().map(source).collect::<Vec<_>>(),
            "record": policy.citing.records.iter().map(record).collect::<Vec<_>>(),
            "tracker": self.trackers.iter().map(tracker).collect::<Vec<_>>(),
            "schedule": {
                "sync": self.sync.text(),
                "full": self.full.text(),
                "timezone": self.sync.zone().name(),
                "jitter": humantime::format_duration(self.jitter).to_string(),
            },
            "retention": {
                "passes": keep(self.retention.passes),
                "deliveries": keep(self.retention.deliveries),
                "history": keep(self.retention.history),
            },
            "serve": serve,
            "policy": {
                "stale_after": span(policy.stale_after),
                "grace": span(policy.grace),
                "closed_every": span(policy.cadence.closed_every),
                "quiet_after": span(policy.cadence.quiet_after),
                "quiet_every": span(policy.cadence.quiet_every),
            },
            "severity": severity,
            "waiver": self.waivers.iter().map(waiver).collect::<Vec<_>>(),
            "theme": policy.themes.iter().map(theme).collect::<Vec<_>>(),
            "owner": policy.ownership.teams.iter().map(team).collect::<Vec<_>>(),
            "digest": self.digests.iter().map(digest).collect::<Vec<_>>(),
            "mail": self.mail.as_ref().map(mail),
        }))
    }
}

fn source(source: &SourceSettings) -> Value {
    let mut told = json!({
        "name": source.name,
        "content": source.reading.content,
        "form": source.reading.form,
        "audience": source.audience,
        "annotate": source.annotate,
    });
    let Value::Object(fields) = &mut told else { return told };
    if source.reading.headings != Headings::default() {
        fields.insert("columns".to_owned(), json!(source.reading.headings));
    }
    let Some(Remote { home, credentials: of }) = &source.remote else {
        fields.insert("path".to_owned(), json!(source.folder.join(&source.path)));
        return told;
    };
    let home = match home {
        Home::Wiki(wiki) => {
            let (key, value) = match &wiki.pages {
                Pages::One(page) => ("page", json!(page)),
                Pages::Under(page) => ("under", json!(page)),
                Pages::Labelled(label) => ("label", json!(label)),
            };
            json!({"confluence": wiki.site, "api_url": wiki.api_url, "flavor": wiki.flavor, key: value})
        }
        Home::Repository(Repository { site, api_url, name, branch, path }) => {
            let repo = format!("{}/{name}", site.as_str().trim_end_matches('/'));
            json!({"repo": repo, "api_url": api_url, "branch": branch, "path": path})
        }
        Home::Shared(shared) => json!({"url": hidden(&shared.url), "allow": shared.allow}),
    };
    fields.extend(home.as_object().cloned().unwrap_or_default());
    fields.extend(credentials(of));
    told
}

fn record(record: &Records) -> Value {
    json!({"name": record.name, "pattern": record.pattern, "path": record.folder.join(&record.path)})
}

fn tracker(tracker: &Tracker) -> Value {
    let mut told = json!({
        "name": tracker.name,
        "kind": tracker.id.kind(),
        "site": tracker.site,
        "former_sites": tracker.former_sites,
        "api_url": tracker.api_url,
        "flavor": tracker.flavor,
        "projects": tracker.projects,
        "visibility": tracker.visibility,
        "evidence_repos": tracker.evidence_repos,
        "reserve": tracker.reserve,
        "token_expires": tracker.token_expires,
        "resolutions": tracker.meanings.resolutions,
        "statuses": tracker.meanings.statuses,
    });
    if let Value::Object(told) = &mut told {
        told.extend(credentials(&tracker.credentials));
        told.extend(webhook(&tracker.webhook));
    }
    told
}

fn credentials(credentials: &Credentials) -> Vec<(String, Value)> {
    let Credentials { email, token, app, .. } = credentials;
    let names = if app.is_some() { ("app_key_file", "app_key_env") } else { ("token_file", "token_env") };
    let place = match token {
        TokenPlace::Stored(stored) => Some(told(stored, names.0, names.1)),
        TokenPlace::Usual => None,
    };
    let app = app.iter().flat_map(|app| [("app_id", json!(app.id)), ("installation_id", json!(app.installation))]);
    let place = place.map(|(name, place)| (name, json!(place)));
    let all = app.chain([("email", json!(email))]).chain(place);
    all.map(|(name, value)| (name.to_owned(), value)).collect()
}

fn webhook(secrets: &[SecretPlace]) -> Vec<(String, Value)> {
    let of = |wanted: &str| -> Vec<String> {
        let all = secrets.iter().map(|place| told(&place.secret, "file", "env"));
        all.filter_map(|(name, place)| (name == wanted).then_some(place)).collect()
    };
    let both = [("webhook_secret_file", of("file")), ("webhook_secret_env", of("env"))];
    both.into_iter()
        .filter(|(_, places)| !places.is_empty())
        .map(|(name, places)| (name.to_owned(), json!(places)))
        .collect()
}

/// The key under which a secret's place stands, and the place.
fn told<'a>(stored: &Stored, file: &'a str, env: &'a str) -> (&'a str, String) {
    match stored {
        Stored::File(path) => (file, path.display().to_string()),
        Stored::Env(name) => (env, name.clone()),
    }
}

fn digest(digest: &Digest) -> Value {
    let Digest { name, scope, schedule, to, mentions } = digest;
    let hook =
        |kind: &str, place: &SecretPlace| vec![("kind".to_owned(), json!(kind)), named(place, "url_file", "url_env")];
    let way = match to {
        DigestTo::Slack(place) => hook("slack", place),
        DigestTo::Teams(place) => hook("teams", place),
        DigestTo::Webhook(place, signing) => {
            hook("webhook", place).into_iter().chain([named(signing, "secret_file", "secret_env")]).collect()
        }
        DigestTo::Mail(readers) => vec![("kind".to_owned(), json!("mail")), ("to".to_owned(), json!(readers))],
        DigestTo::Issue { api_url, repo, issue, credentials: of } => {
            let told = [
                ("kind", json!("github")),
                ("repo", json!(repo)),
                ("issue", json!(issue)),
                ("api_url", json!(api_url)),
            ];
            told.map(|(key, value)| (key.to_owned(), value)).into_iter().chain(credentials(of)).collect()
        }
    };
    let mut told = json!({
        "name": name,
        "schedule": schedule.text(),
        "timezone": schedule.zone().name(),
        "teams": scope.teams,
        "categories": scope.categories,
        "severity": scope.severity,
        "mentions": mentions,
        "audience": if scope.sources.is_some() { Audience::Public } else { Audience::Internal },
    });
    if let Value::Object(told) = &mut told {
        told.extend(way);
    }
    told
}

fn mail(mail: &Mail) -> Value {
    let Mail { host, port, security, from, login } = mail;
    let mut told = json!({"host": host, "port": port, "security": security, "from": from});
    if let (Some((user, place)), Value::Object(told)) = (login, &mut told) {
        told.extend([("user".to_owned(), json!(user)), named(place, "password_file", "password_env")]);
    }
    told
}

/// A secret's place under its key.
fn named(place: &SecretPlace, file: &str, env: &str) -> (String, Value) {
    let (name, place) = told(&place.secret, file, env);
    (name.to_owned(), json!(place))
}

fn waiver(waiver: &Waiver) -> Value {
    let Waiver { code, ticket, challenge, by, reason, until, manner: _, from: _ } = waiver;
    json!({ "code": code, "ticket": ticket, "challenge": challenge, "by": by, "reason": reason, "until": until })
}

fn theme(Theme { name, categories, words }: &Theme) -> Value {
    json!({ "name": name, "categories": categories, "words": words })
}

fn team(team: &Team) -> Value {
    let Team { name, aliases, challenges, categories, sources, homes } = team;
    let (repositories, projects): (Vec<&String>, Vec<&String>) = homes.iter().partition(|home| home.contains('/'));
    json!({ "name": name, "aliases": aliases, "challenges": challenges, "categories": categories, "sources": sources,
            "projects": projects, "repositories": repositories })
}

/// An address whose path is as good as a secret.
fn hidden(url: &url::Url) -> String {
    format!("{}/…", url.origin().ascii_serialization())
}

/// In the largest unit that measures it whole: months and years of a library's making are nobody's.
fn span(span: TimeDelta) -> String {
    match span.num_seconds() {
        0 => "0s".to_owned(),
        seconds if seconds % 86_400 == 0 => format!("{}d", seconds / 86_400),
        seconds if seconds % 3_600 == 0 => format!("{}h", seconds / 3_600),
        seconds => format!("{seconds}s"),
    }
}

fn keep(keep: Keep) -> String {
    match keep {
        Keep::For(time) => span(time),
        Keep::Forever => FOREVER.to_owned(),
    }
}

/// Leaves out what is not set, at any depth: a file has no word for it.
fn without_nothing(value: impl Serialize) -> Value {
    match json!(value) {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key, without_nothing(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(without_nothing).collect(),
        other => other,
    }
}
