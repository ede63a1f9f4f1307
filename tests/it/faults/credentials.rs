//! Credentials that stop working, for a moment or for good: trouble with the tracker, never with a ticket.

use dragnet::domain::lookup::TroubleKind;
use dragnet::standin::Mishap;

use super::Case;
use super::mass::thirty;

#[tokio::test(flavor = "multi_thread")]
async fn b4_a_token_that_ends_in_the_middle_of_a_pass_flags_nothing() {
    let case = Case::new().await;
    case.world.jira.token("jira-s3cret");
    case.world.github.token("github-s3cret");
    assert!(case.pass().await.pass.run.complete);
    // The state of tickets is told, then the token ends: what surrounds a new closing cannot be asked for.
    case.world.github.issue("acme/rocket", 1).comment("ada", "Any news?", super::noon("2026-05-30"));
    case.forget();
    case.world.github_stage.fail(Mishap::Status(401).on_body("query Closings"));
    let outcome = case.pass().await;
    case.unharmed(&outcome);
    assert!(!outcome.pass.run.complete);
    assert_eq!(case.requests(), (1, 2));
    case.world.github_stage.heal();

    for (tracker, stage) in [("github", &case.world.github_stage), ("jira", &case.world.jira_stage)] {
        stage.fail(Mishap::Status(401));
        case.forget();
        let says = case.troubled_pass(tracker, TroubleKind::Credentials).await;
        assert!(says.contains("answered 401 Unauthorized"), "{says}");
        assert_eq!(stage.requests().len(), 1, "401 is not tried again");
        stage.heal();
    }
    // The token is another one now, and the next pass reads it.
    case.world.github.token("renewed");
    case.troubled_pass("github", TroubleKind::Credentials).await;
    case.world.write("github-token", "renewed\n");
    case.recovers().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b4_an_app_whose_installation_is_revoked_overturns_nothing() {
    let case = Case::new().await;
    let world = &case.world;
    let config = std::fs::read_to_string(world.path("dragnet.toml")).unwrap();
    let app = "app_id = 7\napp_key_file = \"app.pem\"";
    world.write("dragnet.toml", config.replace("token_file = \"github-token\"", app));
    // What is missing or wrong is found out before anything is asked.
    let complaint = world.run(&["config", "check"]).await.ended(2);
    complaint.complained(&["dragnet.toml:20:16: no key for tracker `github`: cannot read", "hint: "]);
    world.write("app.pem", "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----\n");
    let complaint = world.run(&["config", "check"]).await.ended(2);
    complaint.complained(&["tracker `github`: cannot sign as its app: the app's key is no RSA private key", "hint: "]);
    world.write("app.pem", include_str!("../trackers/app.pem"));
    world.run(&["config", "check"]).await.ended(0);

    world.github.app(7, &[(12, "acme")]);
    case.forget();
    assert!(case.pass().await.pass.run.complete);
    assert_eq!(case.requests(), (1, 3), "the installation, its token, and one question");
    world.github.app_revoked();
    let says = case.troubled_pass("github", TroubleKind::Credentials).await;
    assert!(says.contains("the app is installed nowhere"), "{says}");
    world.github.app(7, &[(12, "acme"), (34, "globex")]);
    let says = case.troubled_pass("github", TroubleKind::Credentials).await;
    assert!(says.contains("set `installation_id` to one of 12 (acme), 34 (globex)"), "{says}");
    world.github.app(7, &[(12, "acme")]);
    case.recovers().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b4_a_project_that_is_hidden_all_at_once_is_about_the_credentials() {
    let world = thirty().await;
    let history: i64 = world.sql("SELECT count(*) FROM ticket_change");
    world.jira.project_hidden("ARCH");
    let ran = world.run(&["check"]).await.ended(3).complained(&["every ticket is hidden"]);
    assert!(!ran.out.contains("hidden-ticket"), "{}", ran.out);
    assert_eq!(super::mass::count(&world, "open").await, 30);
    assert_eq!(world.sql::<i64>("SELECT count(*) FROM ticket_change"), history);
    let counts = world.report().await["counts"]["lookups"].clone();
    let answered = counts.as_object().unwrap().values().map(|number| number.as_u64().unwrap()).sum::<u64>();
    assert_eq!(answered, 30, "{counts}");
    // Shown again, and a change gets through.
    world
        .jira
        .project_shown("ARCH")
        .issue("ARCH-7")
        .status("Closed", "done")
        .resolution("Won't Do", super::noon("2021-05-01"));
    world.run(&["sync"]).await.ended(0);
    assert_eq!((super::mass::count(&world, "open").await, super::mass::count(&world, "undone").await), (29, 1));
}
