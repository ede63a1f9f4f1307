//! The trackers of the demo and the tickets in them, modelled on what a real register cites.

use secrecy::SecretString;
use url::Url;

use crate::domain::time::Moment;
use crate::domain::tracker::{Claim, Claims, Credential, Flavor, TrackerId, TrackerKind, TrackerSettings};
use crate::standin::{GitHub, Jira, Running, serve};

/// Both trackers, playing.
pub(super) struct Cast {
    jira: Jira,
    github: GitHub,
    jira_stage: Running,
    github_stage: Running,
}

fn at(day: &str) -> Moment {
    format!("{day}T12:00:00Z").parse().expect("a constant day")
}

impl Cast {
    /// Both trackers with their tickets, listening on loopback.
    pub(super) async fn on_stage() -> std::io::Result<Self> {
        let (jira, github) = (jira(), github());
        let (jira_stage, github_stage) = (serve(jira.clone()).await?, serve(github.clone()).await?);
        Ok(Self { jira, github, jira_stage, github_stage })
    }

    pub(super) fn the_promise_is_closed(&self) {
        self.jira.issue("ARCHBOM-1218").status("Done", "done").resolution("Done", at("2024-03-28"));
    }

    pub(super) async fn jira_goes_down(&self) {
        self.jira_stage.refuse().await;
    }

    pub(super) async fn jira_comes_back(&self) -> std::io::Result<()> {
        self.jira_stage.resume().await
    }

    pub(super) fn one_moves_and_one_is_deleted(&self) {
        self.github.transferred("openedx/wg-frontend", 126, "openedx/frontend-working-group", 12);
        self.github.deleted("openedx/docs.openedx.org", 449);
    }

    /// What both call their own: the real sites' links.
    pub(super) fn claims(&self) -> Claims {
        let claim = |settings: TrackerSettings, projects: &[&str]| Claim {
            tracker: settings.id,
            site: Some(settings.site),
            former_sites: Vec::new(),
            projects: projects.iter().map(ToString::to_string).collect(),
        };
        let [jira, github] = self.settings();
        Claims(vec![claim(jira, &["ARCHBOM", "BOM", "AA", "INFRA", "SRE"]), claim(github, &[])])
    }

    /// How both are reached: where they play.
    pub(super) fn settings(&self) -> [TrackerSettings; 2] {
        let tracker = |kind, site: &str, stage: &Running, flavor| TrackerSettings {
            id: TrackerId::first(kind),
            name: kind.to_string(),
            site: Url::parse(site).expect("a constant address"),
            api_url: stage.url.clone(),
            flavor,
            credential: Credential::Bearer(SecretString::from("demo")),
            evidence_repos: Vec::new(),
            reserve: 0,
        };
        [
            tracker(TrackerKind::Jira, "https://openedx.atlassian.net", &self.jira_stage, Some(Flavor::Cloud)),
            tracker(TrackerKind::GitHub, "https://github.com", &self.github_stage, None),
        ]
    }
}

fn jira() -> Jira {
    let jira = Jira::cloud();
    let open = |key: &str, title: &str, opened: &str| {
        jira.issue(key).titled(title).opened(at(opened));
    };
    let closed = |key: &str, title: &str, opened: &str, resolution: &str, day: &str| {
        let ticket = jira.issue(key).titled(title).opened(at(opened));
        ticket.status("Closed", "done").resolution(resolution, at(day));
    };
    closed("INFRA-39", "Restart the tools build server", "2020-04-06", "Done", "2020-04-06");
    closed("BOM-1161", "Why main was red: what the removal broke", "2020-02-27", "Done", "2020-03-05");
    closed("ARCHBOM-1202", "Put the token settings in one place", "2020-05-04", "Won't Do", "2021-05-04");
    closed("AA-664", "Accounts are activated without the mail", "2021-02-10", "Done", "2021-02-18");
    closed("ARCHBOM-107", "Token authentication on every endpoint by default", "2019-04-01", "Done", "2020-06-01");
    open("ARCHBOM-1218", "Token cookies in the local set-up", "2020-05-14");
    closed("ARCHBOM-1152", "Renew tokens before their signature expires", "2019-11-21", "Done", "2020-02-03");
    closed("ARCHBOM-1150", "Does the clock of the page explain empty tokens?", "2020-03-20", "Done", "2020-04-02");
    closed("SRE-84", "Add admins of the catalogue", "2020-06-09", "Done", "2020-06-11");
    jira
}

fn github() -> GitHub {
    let github = GitHub::new();
    let issue = |repo: &str, number, title: &str, day: &str| github.issue(repo, number).titled(title).opened(at(day));
    issue("openedx/docs.openedx.org", 449, "Bring the architecture diagrams up to date", "2023-12-18");
    issue("openedx/edx-platform", 32609, "API improvements", "2023-06-28");
    issue("openedx/wg-frontend", 126, "Look into the new page framework", "2022-09-20")
        .closed_as("not_planned", at("2023-03-01"));
    issue("edx/edx-arch-experiments", 93, "What replaces the desktop container engine", "2022-10-17")
        .closed_as("completed", at("2023-10-02"));
    let pull = github.pull("edx/edx-platform", 26582).titled("Accept tokens at the activation endpoint");
    pull.opened(at("2021-02-15")).merged(at("2021-02-17"));
    github
}
