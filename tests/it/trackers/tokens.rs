//! Every kind of token: how it is shown, where, and what links look like beside it.

use dragnet::domain::tracker::{Credential, Flavor, TrackerSettings};
use dragnet::standin::{GitHub, Jira, serve};

use super::{ask, github_at, jira_at, trackers};

fn bearer(token: &str) -> Credential {
    Credential::Bearer(token.to_owned().into())
}

fn basic(token: &str) -> Credential {
    Credential::Basic { user: "bot@acme.example".to_owned(), token: token.to_owned().into() }
}

#[tokio::test]
async fn githubs_tokens_are_all_shown_as_bearer() {
    // Classic, fine-grained, a workflow's and an installation's, an OAuth app's, a user's by an app.
    for token in ["ghp_classic", "github_pat_fine_grained", "ghs_workflow", "gho_oauth", "ghu_user"] {
        let github = GitHub::new();
        github.token(token).issue("acme/rocket", 1);
        if token.starts_with("ghs_") {
            github.app_token();
        }
        let running = serve(github).await.unwrap();
        let settings = [github_at(&running.url, bearer(token))];
        let trackers = trackers(&settings);
        let told = ask(&trackers, &["github:acme/rocket#1"]).await;
        assert_eq!(told.ticket("github:acme/rocket#1").title, "Ticket 1");
        trackers.recognise(&settings[0].id).await.unwrap();
        let shown = format!("Bearer {token}");
        assert!(running.requests().iter().all(|it| it.header("authorization") == Some(shown.as_str())), "{token}");
    }
}

/// An API token asks at the site; a scoped one and OAuth's only through the gateway, below a path of the site's own. Links
/// are the site's all the same.
#[tokio::test]
async fn jiras_tokens_are_shown_where_each_belongs() {
    let gateway = "/ex/jira/1324a887-45db-1bf4-1e99-ef0ff456d421";
    for (jira, path, credential, flavor) in [
        (Jira::cloud(), "", basic("api-token"), Flavor::Cloud),
        (Jira::cloud(), gateway, basic("scoped-token"), Flavor::Cloud),
        (Jira::cloud(), gateway, bearer("oauth-token"), Flavor::Cloud),
        (Jira::data_center(), "", bearer("personal-access-token"), Flavor::DataCenter),
    ] {
        match &credential {
            Credential::Basic { user, token } => jira.account(user, secrecy(token)),
            Credential::Bearer(token) => jira.token(secrecy(token)),
            _ => unreachable!("the table has none"),
        };
        jira.issue("ARCH-1");
        let running = serve(jira).await.unwrap();
        let api_url = running.url.join(path).unwrap();
        for flavor in [None, Some(flavor)] {
            let settings = [TrackerSettings {
                api_url: api_url.clone(),
                credential: credential.clone(),
                ..jira_at(&running.url, flavor)
            }];
            let trackers = trackers(&settings);
            let told = ask(&trackers, &["jira:ARCH-1"]).await;
            let ticket = told.ticket("jira:ARCH-1");
            assert_eq!(ticket.url, "https://acme.atlassian.net/browse/ARCH-1");
            trackers.recognise(&settings[0].id).await.unwrap();
        }
        assert!(running.requests().iter().all(|it| it.path.starts_with(path) && it.status == 200));
    }
}

fn secrecy(token: &secrecy::SecretString) -> &str {
    secrecy::ExposeSecret::expose_secret(token)
}
