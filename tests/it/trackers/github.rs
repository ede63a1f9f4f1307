//! GitHub told apart: found, moved, gone, hidden.

use dragnet::domain::lookup::{Lookup, LookupKind, TroubleKind};
use dragnet::domain::ticket::TicketKind;
use dragnet::domain::tracker::Credential;
use dragnet::standin::{GitHub, Mishap, Running, serve};

use super::{Told, ask, at, github_at, token, trackers};

async fn told(github: &GitHub, credential: Credential, tickets: &[&str]) -> (Told, Running) {
    let running = serve(github.clone()).await.unwrap();
    let told = ask(&trackers(&[github_at(&running.url, credential)]), tickets).await;
    (told, running)
}

/// Both ways of asking must read the same facts.
#[tokio::test]
async fn how_a_ticket_was_closed_is_read_alike_by_both_ways() {
    let github = GitHub::new();
    github.issue("acme/rocket", 1).titled("Slow \"start\"").updated(at("2026-02-01"));
    github.issue("acme/rocket", 2).closed_as("completed", at("2026-01-02"));
    github.issue("acme/rocket", 3).closed_as("not_planned", at("2026-01-03"));
    github.issue("acme/rocket", 4).closed_as("duplicate", at("2026-01-04"));
    github.issue("acme/rocket", 5).closed(at("2026-01-05"));
    github.issue("acme/rocket", 6).closed_as("completed", at("2026-01-06")).reopened(at("2026-01-07"));
    github.pull("acme/rocket", 7).merged(at("2026-01-08"));
    github.pull("acme/rocket", 8).closed_unmerged(at("2026-01-09"));
    github.pull("acme/rocket", 9);
    let ids: Vec<_> = (1..=9).map(|n| format!("github:acme/rocket#{n}")).collect();
    let ids: Vec<_> = ids.iter().map(String::as_str).collect();
    let mut read = Vec::new();
    for credential in [token(), Credential::Anonymous] {
        let (told, _running) = told(&github, credential, &ids).await;
        let lines = ids.iter().map(|id| {
            assert_eq!(told.kind(id), LookupKind::Found, "{id}");
            let t = told.ticket(id);
            let closed_at = t.closed_at.map(|at| at.date_naive().to_string());
            format!(
                "{:?} {} closed={} {:?} merged={:?} {:?} {}",
                t.kind, t.state, t.closed, t.reason, t.merged, closed_at, t.url
            )
        });
        read.push(lines.collect::<Vec<_>>().join("\n"));
        assert_eq!(told.ticket(ids[0]).title, "Slow \"start\"");
        assert_eq!(told.ticket(ids[0]).updated_at, Some(at("2026-02-01")));
        assert!(told.ticket(ids[0]).native_id.is_some());
        assert!(told.health().worked && told.health().trouble.is_none());
    }
    assert_eq!(read[0], read[1]);
    insta::assert_snapshot!(read[0], @r#"
    Issue open closed=false None merged=None None https://github.com/acme/rocket/issues/1
    Issue closed closed=true Some("completed") merged=None Some("2026-01-02") https://github.com/acme/rocket/issues/2
    Issue closed closed=true Some("not_planned") merged=None Some("2026-01-03") https://github.com/acme/rocket/issues/3
    Issue closed closed=true Some("duplicate") merged=None Some("2026-01-04") https://github.com/acme/rocket/issues/4
    Issue closed closed=true None merged=None Some("2026-01-05") https://github.com/acme/rocket/issues/5
    Issue open closed=false None merged=None None https://github.com/acme/rocket/issues/6
    Pull merged closed=true None merged=Some(true) Some("2026-01-08") https://github.com/acme/rocket/pull/7
    Pull closed closed=true None merged=Some(false) Some("2026-01-09") https://github.com/acme/rocket/pull/8
    Pull open closed=false None merged=Some(false) None https://github.com/acme/rocket/pull/9
    "#);
}

#[tokio::test]
async fn without_the_argument_a_later_server_still_tells_duplicates() {
    let github = GitHub::new();
    github.without_enable_duplicate().issue("acme/rocket", 1).closed_as("duplicate", at("2026-01-04"));
    let running = serve(github).await.unwrap();
    let trackers = trackers(&[github_at(&running.url, token())]);
    for requests in [3, 5] {
        let told = ask(&trackers, &["github:acme/rocket#1"]).await;
        assert_eq!(told.ticket("github:acme/rocket#1").reason.as_deref(), Some("duplicate"));
        // Found out once, remembered from then on.
        assert_eq!(running.requests().len(), requests);
    }
}

#[tokio::test]
async fn a_transferred_issue_has_moved_with_its_story() {
    let github = GitHub::new();
    github.issue("acme/rocket", 5).titled("Leaks").closed_as("completed", at("2026-01-02"));
    github.transferred("acme/rocket", 5, "acme/ship", 77);
    for credential in [token(), Credential::Anonymous] {
        let (told, _running) = told(&github, credential, &["github:acme/rocket#5"]).await;
        let Lookup::Moved { to, ticket: Some(ticket) } = told.lookup("github:acme/rocket#5") else { panic!("moved") };
        assert_eq!(to.to_string(), "github:acme/ship#77");
        assert_eq!((ticket.title.as_str(), ticket.state.as_str()), ("Leaks", "closed"));
        assert_eq!(ticket.url, "https://github.com/acme/ship/issues/77");
    }
}

#[tokio::test]
async fn a_ticket_of_a_renamed_repository_has_moved() {
    let github = GitHub::new();
    github.issue("acme/old", 5);
    github.issue("acme/old", 6);
    github.transferred("acme/old", 6, "acme/ship", 7);
    github.renamed("acme/old", "acme/new");
    for credential in [token(), Credential::Anonymous] {
        let (told, _running) =
            told(&github, credential, &["github:Acme/Old#5", "github:acme/old#6", "github:acme/NEW#5"]).await;
        for (id, now) in [("github:acme/old#5", "github:acme/new#5"), ("github:acme/old#6", "github:acme/ship#7")] {
            let Lookup::Moved { to, .. } = told.lookup(id) else { panic!("{:?}", told.lookup(id)) };
            assert_eq!(to.to_string(), now);
        }
        // Another spelling is no other place.
        assert_eq!(told.kind("github:acme/new#5"), LookupKind::Found);
    }
}

#[tokio::test]
async fn a_transfer_out_of_sight_is_hidden_not_gone() {
    let github = GitHub::new();
    github.transferred("acme/rocket", 5, "acme/secret", 1);
    github.private("acme/secret");
    let (told, _running) = told(&github, token(), &["github:acme/rocket#5"]).await;
    assert_eq!(told.says("github:acme/rocket#5"), "it was moved to a place that these credentials do not show");
    assert_eq!(told.kind("github:acme/rocket#5"), LookupKind::Hidden);
}

/// Mostly GitHub tells of such an issue as closed, and of the event. It may as well lead from the issue to the discussion.
#[tokio::test]
async fn an_issue_that_leads_to_a_discussion_is_gone_and_says_where_to() {
    let github = GitHub::new();
    github.deleted("acme/rocket", 7);
    let running = serve(github).await.unwrap();
    let ours = running.url.join("/repos/acme/rocket/discussions/40?x=1").unwrap();
    for (there, kind, says) in [
        (ours.as_str(), LookupKind::Gone, "it was converted to a discussion: http"),
        ("/acme/rocket/discussions/40", LookupKind::Gone, "it was converted to a discussion: http"),
        ("https://github.com/acme/rocket/discussions/40", LookupKind::Gone, "github.com/acme/rocket/discussions/40"),
        ("https://evil.example/acme/rocket/discussions/40", LookupKind::Unknown, "another host"),
        ("https://github.com/login?to=/discussions/40", LookupKind::Unknown, "another host"),
    ] {
        running.heal();
        running.fail(Mishap::Redirect(there.to_owned()).at("/repos/acme/rocket/issues/7"));
        let told = ask(&trackers(&[github_at(&running.url, token())]), &["github:acme/rocket#7"]).await;
        assert_eq!(told.kind("github:acme/rocket#7"), kind, "{there}");
        let said = told.says("github:acme/rocket#7");
        assert!(said.contains(says), "{said}");
    }
}

#[tokio::test]
async fn gone_is_said_with_its_proof_only() {
    let github = GitHub::new();
    github.issue("acme/rocket", 1);
    github.deleted("acme/rocket", 2);
    github.issue("acme/secret", 1);
    github.private("acme/secret");
    github.issue("acme/inside", 1);
    github.internal("acme/inside");
    github.issue("acme/half", 1);
    github.issues_withheld("acme/half");
    github.pull("acme/issues", 1);
    github.pulls_withheld("acme/issues");
    let ids = [
        "github:acme/rocket#2",
        "github:acme/rocket#99",
        "github:acme/rocket#99999999999",
        "github:acme/secret#1",
        "github:acme/secret#2",
        "github:acme/nowhere#1",
        "github:acme/inside#9",
        "github:acme/half#1",
        "github:acme/issues#1",
        "github:a b/c#1",
        "github:../x#1",
    ];
    let (told, running) = told(&github, token(), &ids).await;
    let lines: Vec<_> = ids.iter().map(|id| format!("{id} {}: {}", told.kind(id).word(), told.says(id))).collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    github:acme/rocket#2 gone: GitHub answers 410: #2 was deleted from acme/rocket
    github:acme/rocket#99 gone: acme/rocket is visible, and has no issue or pull request #99
    github:acme/rocket#99999999999 gone: acme/rocket is visible, and has no issue or pull request #99999999999
    github:acme/secret#1 hidden: acme/secret is not visible with these credentials (404)
    github:acme/secret#2 hidden: acme/secret is not visible with these credentials (404)
    github:acme/nowhere#1 hidden: acme/nowhere is not visible with these credentials (404)
    github:acme/inside#9 gone: acme/inside is visible, and has no issue or pull request #9
    github:acme/half#1 hidden: acme/half is visible, but not all its tickets are with these credentials
    github:acme/issues#1 hidden: acme/issues is visible, but not all its tickets are with these credentials
    github:a b/c#1 hidden: `a b/c#1` can be no ticket of a GitHub
    github:../x#1 hidden: `../x#1` can be no ticket of a GitHub
    ");
    assert!(told.health().worked && told.health().trouble.is_none());
    let looks = |path: &str| running.requests().iter().filter(|exchange| exchange.path == path).count();
    for home in ["rocket", "secret", "half"] {
        assert_eq!(looks(&format!("/repos/acme/{home}")), 1, "{home} is looked at once");
    }
}

#[tokio::test]
async fn issues_switched_off_are_not_deleted_issues() {
    let github = GitHub::new();
    github.issue("acme/rocket", 1);
    github.pull("acme/rocket", 2).merged(at("2026-01-02"));
    github.issues_disabled("acme/rocket");
    for credential in [token(), Credential::Anonymous] {
        let (told, _running) = told(&github, credential, &["github:acme/rocket#1", "github:acme/rocket#2"]).await;
        assert_eq!(told.kind("github:acme/rocket#1"), LookupKind::Hidden);
        assert_eq!(told.says("github:acme/rocket#1"), "acme/rocket has its issues switched off");
        let pull = told.ticket("github:acme/rocket#2");
        assert_eq!((pull.kind, pull.merged), (TicketKind::Pull, Some(true)));
    }
}

#[tokio::test]
async fn single_sign_on_hides_with_its_reason() {
    let github = GitHub::new();
    github.issue("acme/guarded", 1);
    github.single_sign_on("acme/guarded").issue("acme/rocket", 1);
    let (told, _running) = told(&github, token(), &["github:acme/guarded#1", "github:acme/rocket#1"]).await;
    assert_eq!(told.kind("github:acme/guarded#1"), LookupKind::Hidden);
    assert!(told.says("github:acme/guarded#1").contains("SAML enforcement"));
    assert_eq!(told.kind("github:acme/rocket#1"), LookupKind::Found);
}

#[tokio::test]
async fn everything_hidden_is_about_permissions() {
    let github = GitHub::new();
    for number in 1..=3 {
        github.issue("acme/secret", number);
    }
    github.private("acme/secret");
    let ids = ["github:acme/secret#1", "github:acme/secret#2", "github:acme/secret#3"];
    let (all, _running) = told(&github, token(), &ids).await;
    assert!(ids.iter().all(|id| all.kind(id) == LookupKind::Hidden));
    assert_eq!(all.troubled(), TroubleKind::Hidden);
    assert!(!all.health().worked);
    // One hidden ticket is a hidden ticket.
    let (one, _running) = told(&github, token(), &ids[..1]).await;
    assert!(one.health().worked && one.health().trouble.is_none());
}

#[tokio::test]
async fn an_enterprise_server_has_graphql_beside_rest() {
    let github = GitHub::new();
    github.issue("acme/rocket", 1);
    let running = serve(github).await.unwrap();
    let mut settings = github_at(&running.url.join("/api/v3").unwrap(), token());
    settings.site = "https://ghe.acme.example/".parse().unwrap();
    let told = ask(&trackers(&[settings]), &["github:acme/rocket#1", "github:acme/rocket#2"]).await;
    assert_eq!(told.ticket("github:acme/rocket#1").url, "https://ghe.acme.example/acme/rocket/issues/1");
    assert_eq!(told.kind("github:acme/rocket#2"), LookupKind::Gone);
    let mut paths: Vec<_> = running.requests().into_iter().map(|exchange| exchange.path).collect();
    paths.sort();
    assert_eq!(paths, ["/api/graphql", "/api/v3/repos/acme/rocket", "/api/v3/repos/acme/rocket/issues/2"]);
}
