//! Jira told apart: found, moved, gone, hidden; Cloud and Data Center.

use dragnet::domain::lookup::{Lookup, LookupKind, TroubleKind};
use dragnet::domain::tracker::{Credential, Flavor};
use dragnet::standin::{Jira, Running, serve};

use super::{Told, ask, at, jira_at, trackers};

async fn told(jira: &Jira, flavor: Option<Flavor>, tickets: &[&str]) -> (Told, Running) {
    let running = serve(jira.clone()).await.unwrap();
    let told = ask(&trackers(&[jira_at(&running.url, flavor)]), tickets).await;
    (told, running)
}

fn both() -> [Jira; 2] {
    [Jira::cloud(), Jira::data_center()]
}

#[tokio::test]
async fn status_resolution_and_dates_are_read() {
    for jira in both() {
        jira.issue("ARCH-1").titled("Split the monolith");
        jira.issue("ARCH-2").status("Closed", "done").resolution("Won't Do", at("2026-01-02"));
        jira.issue("ARCH-3").status("Fertig", "done").category_changed(at("2026-01-03"));
        jira.issue("ARCH-4").status("In Review", "indeterminate");
        jira.issue("ARCH-5").status("Closed", "done").resolution("Duplicate", at("2026-01-05")).duplicates("OTHER-7");
        let ids = ["jira:ARCH-1", "jira:ARCH-2", "jira:ARCH-3", "jira:ARCH-4", "jira:ARCH-5"];
        let (told, _running) = told(&jira, None, &ids).await;
        let lines = ids.map(|id| {
            let t = told.ticket(id);
            let category = t.status_category.as_deref().unwrap();
            let duplicate = t.duplicate_of.as_ref().map(ToString::to_string);
            format!("{} ({category}) closed={} {:?} {:?} {}", t.state, t.closed, t.reason, duplicate, t.url)
        });
        insta::allow_duplicates! {
            insta::assert_snapshot!(lines.join("\n"), @r#"
            To Do (new) closed=false None None https://acme.atlassian.net/browse/ARCH-1
            Closed (done) closed=true Some("Won't Do") None https://acme.atlassian.net/browse/ARCH-2
            Fertig (done) closed=true None None https://acme.atlassian.net/browse/ARCH-3
            In Review (indeterminate) closed=false None None https://acme.atlassian.net/browse/ARCH-4
            Closed (done) closed=true Some("Duplicate") Some("jira:OTHER-7") https://acme.atlassian.net/browse/ARCH-5
            "#);
        }
        assert_eq!(told.ticket(ids[0]).title, "Split the monolith");
        assert_eq!(told.ticket(ids[1]).closed_at, Some(at("2026-01-02")));
        assert!(told.ticket(ids[0]).native_id.is_some() && told.ticket(ids[0]).created_at.is_some());
        assert!(told.health().worked && told.health().trouble.is_none());
    }
}

#[tokio::test]
async fn without_a_resolution_cloud_tells_when_it_was_closed_by_the_category() {
    let jira = Jira::cloud();
    jira.issue("ARCH-3").status("Done", "done").category_changed(at("2026-01-03"));
    let (told, _running) = told(&jira, Some(Flavor::Cloud), &["jira:ARCH-3"]).await;
    let ticket = told.ticket("jira:ARCH-3");
    assert_eq!((ticket.closed_at, ticket.reason.as_deref()), (Some(at("2026-01-03")), None));
}

#[tokio::test]
async fn a_new_key_is_a_move_one_or_many_at_a_time() {
    for jira in both() {
        jira.issue("ARCH-1").titled("Here");
        for number in 2..=4 {
            jira.issue(&format!("ARCH-{number}")).titled(&format!("Was {number}"));
            jira.moved(&format!("ARCH-{number}"), &format!("BOM-{}", number + 10));
        }
        let (one, running) = told(&jira, None, &["jira:ARCH-1", "jira:ARCH-2"]).await;
        let Lookup::Moved { to, ticket: Some(ticket) } = one.lookup("jira:ARCH-2") else { panic!("moved") };
        assert_eq!((to.to_string().as_str(), ticket.title.as_str()), ("jira:BOM-12", "Was 2"));
        assert_eq!(ticket.url, "https://acme.atlassian.net/browse/BOM-12");
        assert_eq!(running.requests().len(), 2, "the flavor, and one for both: nothing is in doubt");

        let ids = ["jira:ARCH-1", "jira:ARCH-2", "jira:ARCH-3", "jira:ARCH-4", "jira:BOM-14"];
        let (many, _running) = told(&jira, None, &ids).await;
        assert_eq!(many.kind("jira:BOM-14"), LookupKind::Found);
        for number in 2..=4 {
            let Lookup::Moved { to, ticket: Some(ticket) } = many.lookup(&format!("jira:ARCH-{number}")) else {
                panic!("moved")
            };
            assert_eq!(to.to_string(), format!("jira:BOM-{}", number + 10));
            assert_eq!(ticket.title, format!("Was {number}"));
        }
    }
}

#[tokio::test]
async fn gone_is_said_with_its_proof_only() {
    for jira in both() {
        jira.issue("ARCH-1");
        jira.issue("ARCH-20");
        jira.hidden("ARCH-7");
        jira.deleted("ARCH-8");
        jira.deleted("ARCH-30");
        jira.issue("SECRET-1");
        jira.project_hidden("SECRET");
        let ids = [
            "jira:ARCH-21",
            "jira:ARCH-30",
            "jira:ARCH-7",
            "jira:ARCH-8",
            "jira:SECRET-1",
            "jira:SECRET-9",
            "jira:NONE-1",
            "jira:A/B-1",
        ];
        let asked: Vec<_> = ids.iter().copied().chain(["jira:ARCH-1"]).collect();
        let (told, running) = told(&jira, None, &asked).await;
        let lines: Vec<_> = ids.iter().map(|id| format!("{id} {}: {}", told.kind(id).word(), told.says(id))).collect();
        insta::allow_duplicates! {
            insta::assert_snapshot!(lines.join("\n"), @r"
            jira:ARCH-21 gone: ARCH is visible, and its highest ticket is ARCH-20
            jira:ARCH-30 gone: ARCH is visible, and its highest ticket is ARCH-20
            jira:ARCH-7 hidden: Jira does not show ARCH-7: it was deleted, or is not for these credentials
            jira:ARCH-8 hidden: Jira does not show ARCH-8: it was deleted, or is not for these credentials
            jira:SECRET-1 hidden: project SECRET is not visible with these credentials
            jira:SECRET-9 hidden: project SECRET is not visible with these credentials
            jira:NONE-1 hidden: project NONE is not visible with these credentials
            jira:A/B-1 hidden: `A/B-1` can be no key of a Jira
            ");
        }
        assert!(told.health().worked && told.health().trouble.is_none());
        let projects = running
            .requests()
            .into_iter()
            .filter(|exchange| exchange.json()["jql"].as_str().is_some_and(|jql| jql.starts_with("project")));
        assert_eq!(projects.count(), 3, "each project is looked at once");
    }
}

#[tokio::test]
async fn a_key_that_is_busy_is_asked_for_again_and_never_gone() {
    let jira = Jira::cloud();
    for number in 1..=3 {
        jira.issue(&format!("ARCH-{number}"));
    }
    jira.busy("ARCH-2", 1).busy("ARCH-3", 9);
    let (told, _running) = told(&jira, Some(Flavor::Cloud), &["jira:ARCH-1", "jira:ARCH-2", "jira:ARCH-3"]).await;
    assert_eq!(told.kind("jira:ARCH-2"), LookupKind::Found);
    assert_eq!(told.trouble("jira:ARCH-3").kind, TroubleKind::Outage);
    assert!(
        told.says("jira:ARCH-3")
            .ends_with("could not fetch ARCH-3: The issue could not be retrieved. Please try again.")
    );
}

#[tokio::test]
async fn everything_hidden_is_about_permissions() {
    for jira in both() {
        for number in 1..=3 {
            jira.issue(&format!("ARCH-{number}"));
        }
        jira.project_hidden("ARCH");
        let (told, _running) = told(&jira, None, &["jira:ARCH-1", "jira:ARCH-2", "jira:ARCH-3"]).await;
        assert!(told.answers.iter().all(|answer| answer.lookup.kind() == LookupKind::Hidden));
        assert_eq!(told.troubled(), TroubleKind::Hidden);
        assert_eq!(
            told.health().trouble.as_ref().unwrap().says,
            "every ticket is hidden: project ARCH is not visible with these credentials"
        );
        assert!(!told.health().worked);
    }
}

#[tokio::test]
async fn a_data_center_that_gives_small_pages_is_read_to_the_end() {
    let jira = Jira::data_center();
    for number in 1..=95 {
        jira.issue(&format!("ARCH-{number}"));
    }
    jira.page(30);
    let running = serve(jira).await.unwrap();
    let ids: Vec<_> = (1..=95).map(|n| format!("jira:ARCH-{n}")).collect();
    let ids: Vec<_> = ids.iter().map(String::as_str).collect();
    let told = ask(&trackers(&[jira_at(&running.url, Some(Flavor::DataCenter))]), &ids).await;
    assert!(ids.iter().all(|id| told.kind(id) == LookupKind::Found));
    assert_eq!(running.requests().len(), 4);
}

#[tokio::test]
async fn the_flavor_is_found_out_once() {
    for jira in both() {
        jira.issue("ARCH-1");
        let running = serve(jira).await.unwrap();
        let trackers = trackers(&[jira_at(&running.url, None)]);
        for _ in 0..3 {
            ask(&trackers, &["jira:ARCH-1"]).await;
        }
        let infos = running.requests().iter().filter(|exchange| exchange.path.ends_with("/serverInfo")).count();
        assert_eq!((infos, running.requests().len()), (1, 4));
    }
}

#[tokio::test]
async fn credentials_are_shown_in_the_form_that_each_flavor_wants() {
    let cloud = Jira::cloud();
    cloud.account("bot@acme.example", "jira-token").issue("ARCH-1");
    let (basic, _running) = told(&cloud, None, &["jira:ARCH-1"]).await;
    assert_eq!(basic.kind("jira:ARCH-1"), LookupKind::Found);

    let center = Jira::data_center();
    center.token("personal").issue("ARCH-1");
    let running = serve(center).await.unwrap();
    let mut settings = jira_at(&running.url, None);
    settings.credential = Credential::Bearer("personal".to_owned().into());
    let bearer = ask(&trackers(&[settings]), &["jira:ARCH-1"]).await;
    assert_eq!(bearer.kind("jira:ARCH-1"), LookupKind::Found);
}

#[tokio::test]
async fn a_hundred_keys_a_request_and_a_few_requests_at_a_time() {
    for jira in both() {
        for number in 1..=1050 {
            jira.issue(&format!("ARCH-{number}"));
        }
        let running = serve(jira).await.unwrap();
        running.latency(std::time::Duration::from_millis(20));
        let ids: Vec<_> = (1..=1050).map(|n| format!("jira:ARCH-{n}")).collect();
        let ids: Vec<_> = ids.iter().map(String::as_str).collect();
        let told = ask(&trackers(&[jira_at(&running.url, None)]), &ids).await;
        assert!(ids.iter().all(|id| told.kind(id) == LookupKind::Found));
        assert_eq!(running.requests().len(), 12);
        assert!((2..=4).contains(&running.busiest()), "{}", running.busiest());
        for exchange in running.requests() {
            let keys = exchange.json()["issueIdsOrKeys"].as_array().map_or(0, Vec::len);
            assert!(keys <= 100, "{keys}");
        }
    }
}
