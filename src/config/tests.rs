//! Configurations that are right, and each way of being wrong with its place.

mod columns;
mod digests;

use std::path::Path;

use chrono::TimeDelta;
use secrecy::ExposeSecret;

use super::{Config, ConfigError};
use crate::domain::finding::{Code, Severity};
use crate::domain::policy::Meaning;
use crate::domain::retention::{Keep, Retention};
use crate::domain::tracker::{Credential, Flavor};

fn read(text: &str) -> Result<Config, ConfigError> {
    Config::from_text(Path::new("etc/dragnet.toml"), text)
}

const JIRA: &str = "[[tracker]]\nname = \"j\"\nkind = \"jira\"\nsite = \"https://j.example\"\n";

const GITHUB: &str = "[[tracker]]\nname = \"g\"\nkind = \"github\"\n";

#[test]
fn an_empty_file_is_a_configuration() {
    let config = read("").unwrap();
    assert_eq!(config.store, Path::new("etc/dragnet.db"));
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.sync.to_string(), "*/15 * * * * (UTC)");
    assert_eq!(config.policy.stale_after.num_days(), 90);
}

/// A configuration that says something about everything.
fn everything() -> String {
    format!(
        "{}{JIRA}{}",
        r#"
store.path = "/var/lib/dragnet/dragnet.db"
[[source]]
name = "challenges"
path = "docs/*.md"
content = "register"
audience = "public"
columns = { title = ["Hindernis"], status = ["Stand", "Maßnahme"], tickets = ["Vorgang"] }
"#,
        r#"
former_sites = ["https://old.example"]
api_url = "https://gateway.example/ex/jira/1"
flavor = "datacenter"
projects = ["AB", "C_3"]
visibility = "private"
email = "bot@example.com"
token_file = "secrets/jira"
webhook_secret_file = ["old", "new"]
webhook_secret_env = ["HOOK"]
[tracker.resolutions]
"Erledigt" = "done"
"Nicht zu reparieren" = "undone"
[tracker.statuses]
"Abgebrochen" = "undone"
[[tracker]]
name = "ghe"
kind = "github"
site = "https://ghe.example"
app_id = 123
app_key_env = "GHE_KEY"
installation_id = 456
reserve = 25
token_expires = 2027-01-31
evidence_repos = ["openedx/*"]
[[tracker]]
name = "github"
kind = "github"
[schedule]
sync = "0 7 * * 1-5"
full = "0 3 * * sun"
timezone = "Europe/Berlin"
[retention]
passes = "1y"
history = "104 weeks"
[serve]
listen = "[::1]:9000"
rate = 50
ping_url = "https://ping.example/s3cret"
public_url = "https://dragnet.example/"
token_file = "operator"
[policy]
stale_after = "12 weeks"
grace = "2d"
quiet_every = "2 days"
[severity]
untracked-challenge = "off"
[[waiver]]
code = "closed-undone"
ticket = "jira:AB-1"
by = "payments"
reason = "accepted until the rewrite"
until = 2027-03-31
[[digest]]
name = "payments"
kind = "slack"
url_file = "payments-slack"
timezone = "Asia/Kolkata"
teams = ["Payments"]
categories = ["Builds"]
severity = "error"
mentions = { Payments = "S012AB" }
[[digest]]
name = "cards"
kind = "teams"
url_env = "CARDS"
[[digest]]
name = "bot"
kind = "webhook"
url_env = "BOT"
secret_file = "signing"
schedule = "@daily"
[[digest]]
name = "leads"
kind = "mail"
to = ["ada@example.org", "leads@example.org"]
[[digest]]
name = "open"
kind = "github"
repo = "example/handbook"
issue = 12
token_env = "ISSUES"
audience = "public"
[mail]
host = "smtp.example.org"
from = "dragnet <dragnet@example.org>"
user = "dragnet"
password_env = "MAIL"
"#
    )
}

#[test]
fn every_key_of_the_contract_is_read() {
    let config = read(&everything()).unwrap();
    assert_eq!((config.sources[0].folder.to_str(), config.sources[0].path.as_str()), (Some("etc"), "docs/*.md"));
    let ids: Vec<String> = config.trackers.iter().map(|tracker| tracker.id.to_string()).collect();
    assert_eq!(ids, ["jira", "github", "github@github"]);
    assert_eq!(config.trackers[0].flavor, Some(Flavor::DataCenter));
    assert_eq!(config.trackers[1].api_url.as_str(), "https://ghe.example/api/v3");
    assert_eq!(config.trackers[2].api_url.as_str(), "https://api.github.com/");
    let app = config.trackers[1].credentials.app.as_ref().map(|app| (app.id, app.installation));
    assert_eq!((app, config.trackers[1].reserve), (Some((123, Some(456))), 25));
    assert_eq!((config.trackers[2].credentials.app.is_some(), config.trackers[2].reserve), (false, 10));
    let Retention { passes, deliveries, history } = config.retention;
    assert_eq!([passes, history], [Keep::For(TimeDelta::minutes(525_960)), Keep::For(TimeDelta::weeks(104))]);
    assert_eq!(deliveries, Retention::default().deliveries);
    let ends: Vec<String> = config.credentials_end().values().map(ToString::to_string).collect();
    assert_eq!(ends, ["2027-01-31 00:00:00 UTC"]);
    assert_eq!(config.policy.severity(Code::UntrackedChallenge), Severity::Off);
    assert_eq!((config.policy.stale_after.num_days(), config.policy.grace.num_days()), (84, 2));
    let meanings = &config.policy.meanings[&config.trackers[0].id];
    assert_eq!(meanings.resolutions["erledigt"], Meaning::Done);
    assert_eq!(meanings.resolutions["nichtzureparieren"], Meaning::Undone);
    assert_eq!(meanings.statuses["abgebrochen"], Meaning::Undone);
    assert_eq!(
        (config.policy.cadence.quiet_every.num_hours(), config.policy.cadence.closed_every.num_hours()),
        (48, 6)
    );
    assert_eq!(config.waivers[0].until.to_string(), "2027-03-31");
    assert_eq!(config.claims().0[0].projects, ["AB", "C_3"]);
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let second = JIRA.replace("\"j\"", "\"k\"").replace("j.example", "k.example");
    for (text, expected) in [
        ("stoer = 1".to_owned(), "1:1: unknown field `stoer`, expected one of"),
        ("[[source]]\nname = \"a\"".to_owned(), "2:8: source `a` does not say where its documents are"),
        ("[retention]\npasses = \"6d\"".to_owned(), "2:10: what is over is kept for a week at least (or `forever`)"),
        ("[retention]\nhistory = \"ever\"".to_owned(), "2:11: `ever` is no span of time"),
        (
            "[[source]]\nname = \"a\"\npath = \"a.md\"\nannotate = \"write\"".to_owned(),
            "4:12: `annotate` is for a source with `confluence` only",
        ),
        ("[store]\npath = 7".to_owned(), "2:8: invalid type: integer `7`, expected a string"),
        ("[store".to_owned(), "1:7: "),
        ("[[tracker]]\nname = \"j\"\nkind = \"jira\"".to_owned(), "2:8: tracker `j` has no `site`"),
        (
            "[[tracker]]\nname = \"j\"\nkind = \"svn\"".to_owned(),
            "3:8: unknown variant `svn`, expected `jira` or `github`",
        ),
        (JIRA.replace("https://j.example", "j.example"), "4:8: `j.example`: relative URL without a base"),
        (
            JIRA.replace("https://j.example", "ftp://j.example"),
            "4:8: `ftp://j.example` is not an http or https address",
        ),
        (JIRA.replace("https://j", "https://a:b@j"), "4:8: credentials do not belong into an address"),
        (format!("{JIRA}{JIRA}"), "6:8: there are two trackers named `j`"),
        (format!("{JIRA}{}", JIRA.replace("\"j\"", "\"k\"")), "8:8: `j.example` is claimed by tracker `j` already"),
        (format!("{JIRA}projects = [\"A1\"]\n{second}projects = [\"A1\"]"), "10:13: `A1` is claimed by tracker `j`"),
        (format!("{JIRA}projects = [\"arch\"]"), "5:13: `arch` is no project key"),
        (format!("{JIRA}email = \"a@b.c\""), "5:9: `email` without a token"),
        (
            format!("{JIRA}token_env = \"A\"\ntoken_file = \"B\""),
            "6:14: `token_file` and `token_env` exclude each other",
        ),
        (
            format!("{JIRA}[tracker.resolutions]\n\"Erledigt\" = \"fixed\""),
            "6:14: unknown variant `fixed`, expected one of `done`, `undone`, `duplicate`, `nothing`",
        ),
        (
            format!("{JIRA}[tracker.resolutions]\nErledigt = \"done\"\n\"erledigt!\" = \"undone\""),
            "7:1: `erledigt!` and `Erledigt` are one name: case and punctuation do not count",
        ),
        (format!("{JIRA}[tracker.statuses]\n\"…\" = \"done\""), "6:1: expected a name, as the tracker shows it"),
        (
            "[[tracker]]\nname = \"g\"\nkind = \"github\"\n[tracker.resolutions]\nFixed = \"done\"".to_owned(),
            "5:1: `resolutions` is for Jira only",
        ),
        ("[policy]\ngrace = \"soon\"".to_owned(), "2:9: `soon` is no span of time"),
        (format!("{JIRA}app_id = 1\napp_key_env = \"K\""), "5:10: `app_id` is for GitHub only"),
        (format!("{GITHUB}app_id = 1"), "4:10: `app_id` without the app's key"),
        (format!("{GITHUB}app_id = 0.5"), "4:10: invalid type: floating point `0.5`, expected u64"),
        (format!("{GITHUB}app_key_env = \"K\""), "4:15: a key or an installation without its app"),
        (format!("{GITHUB}installation_id = 7"), "4:19: a key or an installation without its app"),
        (
            format!("{GITHUB}app_id = 1\napp_key_env = \"K\"\napp_key_file = \"k\""),
            "6:16: `app_key_file` and `app_key_env` exclude each other",
        ),
        (
            format!("{GITHUB}app_id = 1\napp_key_env = \"K\"\ntoken_env = \"T\""),
            "6:13: a token and an app exclude each other",
        ),
        (format!("{GITHUB}reserve = 95"), "4:11: expected a part of a quota in percent, from 0 to 90"),
        ("[schedule]\nsync = \"* * * *\"".to_owned(), "2:8: `* * * *`: expected five fields"),
        ("[schedule]\ntimezone = \"Mars/Base\"".to_owned(), "2:12: `Mars/Base` is no time zone"),
        ("[serve]\nlisten = \"8080\"".to_owned(), "2:10: `8080` is no address to listen on"),
        ("[policy]\nstale_after = \"soon\"".to_owned(), "2:15: `soon` is no span of time"),
        ("[severity]\nclosed-undon = \"off\"".to_owned(), "2:1: `closed-undon` is no finding code"),
        (
            "[[waiver]]\ncode = \"closed-undone\"\nreason = \"x\"\nuntil = 2027-01-01".to_owned(),
            "2:8: a waiver needs a `ticket` or a `challenge`",
        ),
        (
            "[[waiver]]\ncode = \"closed-undone\"\nticket = \"A-1\"\nreason = \"x\"\nuntil = 2027-01-01".to_owned(),
            "3:10: not a ticket id: `A-1`",
        ),
        // No waiver without an end, wherever it is given.
        (
            "[[waiver]]\ncode = \"closed-undone\"\nticket = \"jira:A-1\"\nreason = \"x\"".to_owned(),
            "1:1: missing field `until`",
        ),
    ] {
        assert_wrong(&text, expected);
    }
}

#[test]
fn nobody_could_be_answered_at_a_rate_of_nothing() {
    assert_wrong("[serve]\nrate = 0", "2:8: expected requests a second, 1 or more");
}

fn assert_wrong(text: &str, expected: &str) {
    let error = read(text).expect_err(text).to_string();
    let expected = format!("etc/dragnet.toml:{expected}");
    assert!(error.starts_with(&expected), "{text}\n  gave {error}\n  not  {expected}");
}

#[test]
fn a_token_is_read_when_asked_for_and_kept_off_plain_http() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("token"), "s3cret\n").unwrap();
    let config = |site: &str, token: &str| {
        let text = JIRA.replace("https://j.example", site) + "email = \"a@b.c\"\n" + token;
        Config::from_text(&folder.path().join("dragnet.toml"), &text).unwrap().tracker_settings()
    };
    for site in ["https://j.example", "http://127.0.0.1:99", "http://localhost:99", "http://[::1]:99"] {
        let settings = config(site, "token_file = \"token\"").unwrap();
        let Credential::Basic { user, token } = &settings[0].credential else { panic!("{settings:?}") };
        assert_eq!((user.as_str(), token.expose_secret()), ("a@b.c", "s3cret"));
        assert!(!format!("{settings:?}").contains("s3cret"));
    }
    let error = config("http://j.example", "token_file = \"token\"").unwrap_err();
    assert!(matches!(error, ConfigError::Plain { .. }), "{error}");
    assert!(
        error.to_string().contains("dragnet.toml:4:8: tracker `j`: refusing to send a token to http://j"),
        "{error}"
    );
    let error = config("https://j.example", "api_url = \"http://a.example\"\ntoken_file = \"token\"").unwrap_err();
    assert!(error.to_string().contains("dragnet.toml:6:11: tracker `j`: refusing"), "{error}");
    let error = config("https://j.example", "token_file = \"none\"").unwrap_err();
    assert!(error.to_string().contains("dragnet.toml:6:14: no token for tracker `j`: cannot read"), "{error}");
    let error = config("https://j.example", "token_env = \"DRAGNET_NO_SUCH_VARIABLE\"").unwrap_err();
    assert!(error.to_string().contains("dragnet.toml:6:13: no token"), "{error}");
    assert!(error.to_string().ends_with("the environment variable DRAGNET_NO_SUCH_VARIABLE is not set"), "{error}");
}

#[test]
fn a_webhook_has_all_the_secrets_that_are_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("old"), "old-s3cret\n").unwrap();
    std::fs::write(folder.path().join("new"), "new-s3cret").unwrap();
    let webhooks = |more: &str| {
        let text = format!("{JIRA}{more}");
        Config::from_text(&folder.path().join("dragnet.toml"), &text).unwrap().webhook_settings()
    };
    assert!(webhooks("").unwrap().is_empty());
    let both = webhooks("webhook_secret_file = [\"new\", \"old\"]").unwrap();
    let secrets: Vec<&str> = both[0].secrets.iter().map(ExposeSecret::expose_secret).collect();
    assert_eq!((both[0].name.as_str(), secrets.as_slice()), ("j", &["new-s3cret", "old-s3cret"][..]));
    assert!(!format!("{both:?}").contains("s3cret"));
    let error = webhooks("webhook_secret_file = [\"new\", \"gone\"]").unwrap_err();
    assert!(error.to_string().contains("dragnet.toml:5:31: no webhook secret for tracker `j`: cannot read"), "{error}");
    let error = webhooks("webhook_secret_env = [\"DRAGNET_NO_SUCH_VARIABLE\"]").unwrap_err();
    assert!(error.to_string().contains("no webhook secret for tracker `j`: the environment variable"), "{error}");
}

#[test]
fn the_example_in_the_repository_loads() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/dragnet.toml");
    Config::load(&path).unwrap();
}

#[test]
fn what_is_in_force_can_be_read_again_and_is_the_same() {
    for text in [String::new(), everything()] {
        let config = read(&text).unwrap();
        let shown = config.in_force_toml();
        assert!(!shown.contains("s3cret"), "{shown}");
        // The folder is part of each path by now.
        let again = Config::from_text(Path::new("dragnet.toml"), &shown.replace("ping_url", "# ping_url")).unwrap();
        let mut expected = config.in_force();
        if let Some(serve) = expected["serve"].as_object_mut() {
            serve.remove("ping_url");
        }
        assert_eq!(again.in_force(), expected);
    }
}

/// The keys of an object of the schema, each with its table in front.
fn keys(schema: &serde_json::Value, object: &serde_json::Value, table: &str) -> Vec<String> {
    let object = match object["$ref"].as_str().or_else(|| object["items"]["$ref"].as_str()) {
        Some(definition) => schema.pointer(definition.trim_start_matches('#')).unwrap(),
        None => object,
    };
    let Some(properties) = object["properties"].as_object() else { return vec![table.to_owned()] };
    properties.iter().flat_map(|(key, object)| keys(schema, object, &format!("{table}.{key}"))).collect()
}

#[test]
fn the_schema_has_every_key_and_the_example_explains_it() {
    let schema = Config::schema();
    assert_eq!(schema["additionalProperties"], false, "what is unknown is refused");
    let example = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("config/dragnet.toml")).unwrap();
    let mut keys: Vec<String> = keys(&schema, &schema, "");
    keys.retain(|key| key != ".severity");
    assert!(keys.len() > 40, "{keys:?}");
    for key in keys {
        let name = key.rsplit('.').next().unwrap();
        let said = example.lines().any(|line| {
            let line = line.trim_start_matches(['#', ' ']);
            line.starts_with(&format!("{name} =")) || line.starts_with(&format!("[tracker.{name}]"))
        });
        let beside = example.contains(&format!("or {name}")) || example.contains(&format!("{name} ="));
        assert!(said || beside, "config/dragnet.toml does not tell of `{key}`");
    }
    let described = |object: &serde_json::Value| object["description"].as_str().is_some_and(|text| !text.is_empty());
    let definitions = schema["$defs"].as_object().unwrap().values().chain([&schema]);
    for (key, property) in definitions.filter_map(|object| object["properties"].as_object()).flatten() {
        assert!(described(property), "`{key}` has no description");
    }
}
