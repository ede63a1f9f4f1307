//! Digests to chats, webhooks and an issue: what arrives, and what follows from each way of failing.

use std::time::Duration;

use dragnet::standin::{Chat, Mishap};
use serde_json::Value;

use super::Story;
use crate::daemon::{ended, wait_for};
use crate::world::{World, noon, signal};

/// The chats, each with the word of the configuration.
const CHATS: [(Chat, &str); 2] = [(Chat::Slack, "slack"), (Chat::Teams, "teams")];

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_is_told_once_and_then_there_is_silence() {
    let fresh = "[severity]\nstale-ticket = \"off\"\n";
    let story = Story::with(Chat::Slack, "kind = \"slack\"", fresh).await;
    let preview = story.world.run(&["digest", "preview"]).await.ended(0);
    assert!(
        preview.out.starts_with("payments: 1 new\n\nNEW\n- Builds are slow\n  ARCH-1: a promised fix"),
        "{}",
        preview.out
    );
    assert_eq!(story.chat.requests().len(), 0, "a look sends nothing");
    story.send().await.ended(0).complained(&["payments: 1 message to send.", "Sent 1 message."]);
    let arrived = story.arrived();
    assert!(arrived[0].contains("\"Builds are slow\"") && arrived[0].contains("payments: 1 new"), "{arrived:?}");
    story.send().await.ended(0).complained(&["payments: nothing new.", "Sent 0 messages."]);
    assert_eq!(story.arrived().len(), 1);
    // Something else comes up, and what was told before is over.
    let rows = [("Builds are slow", "2020-01-01: x", "ARCH-1"), ("Tests are flaky", "2020-01-01: x", "ARCH-2")];
    story.world.register(&rows);
    story.world.jira.issue("ARCH-1").status("To Do", "new");
    story.world.jira.issue("ARCH-2").status("Closed", "done").resolution("Won't Do", noon("2021-01-01"));
    story.world.run(&["sync"]).await.ended(0);
    let preview = story.world.run(&["digest", "preview"]).await.ended(0).out;
    assert!(preview.contains("CLEARED\n- Builds are slow\n"), "{preview}");
    story.send().await.ended(0);
    let arrived = story.arrived();
    assert_eq!(arrived.len(), 2);
    assert!(arrived[1].contains("Tests are flaky") && arrived[1].contains("was a broken promise, is promised now"));
    assert!(story.world.run(&["digest", "preview"]).await.ended(0).out.contains("nothing new"));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_team_s_own_is_told_and_nobody_is_named() {
    let digest = "kind = \"teams\"\nteams = [\"Payments\"]\nseverity = \"info\"";
    let story = Story::new(Chat::Teams, digest).await;
    story.world.register(&[
        ("Builds are slow", "2020-01-01 (Web): x", "ARCH-1"),
        ("Cards expire", "2020-01-01 (Payments): x", "ARCH-2. Note: Grace Hopper closed this without doing it."),
    ]);
    let issue = story.world.jira.issue("ARCH-2").status("Closed", "done").resolution("Won't Do", noon("2021-01-01"));
    drop(issue);
    story.world.run(&["sync"]).await.ended(0);
    let known: String = story.world.sql("SELECT group_concat(teams) FROM anecdote");
    assert_eq!(known, "[\"Web\"],[\"Payments\"]", "the register names both teams");
    story.send().await.ended(0);
    let arrived = story.arrived();
    assert_eq!(arrived.len(), 1);
    assert!(arrived[0].contains("Cards expire") && !arrived[0].contains("Builds are slow"), "{arrived:?}");
    assert!(!arrived[0].contains("Hopper"), "{arrived:?}");
    assert!(arrived[0].contains("\"Owner: Payments\""), "{arrived:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn owners_alone_are_addressed_and_once() {
    let digest = "kind = \"slack\"\nteams = [\"Shop\"]\nmentions = { shop = \"S0SHOP\", Ada = \"U0ADA\" }";
    let story = Story::with(Chat::Slack, digest, "[[owner]]\nname = \"Shop\"\nprojects = [\"ARCH\"]\n").await;
    story.world.register(&[
        ("Builds are slow", "2020-01-01 (Web): Ada said so", "ARCH-1"),
        ("Ada: tests are flaky", "2020-01-01: x", "ARCH-2"),
        ("Docs are old", "2020-01-01: x", ""),
    ]);
    story.world.jira.issue("ARCH-2").status("Closed", "done").resolution("Won't Do", noon("2021-01-01"));
    story.world.run(&["sync"]).await.ended(0);
    story.send().await.ended(0);
    let arrived = story.arrived().remove(0);
    assert_eq!(arrived.matches("usergroup_id\":\"S0SHOP").count(), 1, "{arrived}");
    assert!(arrived.contains("Builds are slow") && arrived.contains("tests are flaky"), "{arrived}");
    assert!(!arrived.contains("U0ADA") && !arrived.contains("Docs are old"), "{arrived}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_no_challenge_is_told_where_everything_is() {
    let story = Story::new(Chat::Slack, "kind = \"slack\"").await;
    story.world.write("notes.md", "We said so in ARCH-404.");
    story.world.run(&["sync"]).await.ended(0);
    let preview = async || story.world.run(&["digest", "preview"]).await.ended(0).out;
    assert!(preview().await.contains("- ARCH-404\n  proven not to be there"), "{}", preview().await);
    let all = std::fs::read_to_string(story.world.path("dragnet.toml")).unwrap();
    story.world.write("dragnet.toml", all.replace("kind = \"slack\"", "kind = \"slack\"\ncategories = [\"Pains\"]"));
    let told = preview().await;
    assert!(told.contains("- Builds are slow\n") && !told.contains("ARCH-404"), "{told}");
    story.world.write("dragnet.toml", all.replace("kind = \"slack\"", "kind = \"slack\"\nseverity = \"error\""));
    let told = preview().await;
    assert!(told.contains("ARCH-404") && !told.contains("a promised fix was closed"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn h6_a_public_digest_tells_of_public_sources_only() {
    let story = Story::new(Chat::Slack, "kind = \"slack\"\naudience = \"public\"").await;
    story.send().await.ended(0);
    let arrived = story.arrived();
    assert!(arrived[0].contains("payments: nothing new") && !arrived[0].contains("Builds"), "{arrived:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn h6_nothing_that_a_private_tracker_said_is_in_any_message() {
    let story = Story::new(Chat::Slack, "kind = \"slack\"").await;
    let config = std::fs::read_to_string(story.world.path("dragnet.toml")).unwrap();
    story.world.write("dragnet.toml", config.replace("kind = \"jira\"", "kind = \"jira\"\nvisibility = \"private\""));
    let issue = story.world.jira.issue("ARCH-1").titled("Marker of a title").described("Marker of a text");
    drop(issue.comment("Marker of a name", "Marker of a comment: we won't do this.", noon("2021-01-01")));
    story.world.write("notes.md", "We said so in ARCH-1 and in ARCH-404.");
    story.world.run(&["sync", "--full"]).await.ended(0);
    for format in ["text", "json", "markdown", "html", "slack", "teams"] {
        let told = story.world.run(&["digest", "preview", "--format", format]).await.ended(0).out;
        assert!(told.contains("Builds are slow") && !told.contains("Marker"), "{format}: {told}");
    }
    story.send().await.ended(0);
    assert!(story.arrived()[0].contains("ARCH-1") && !story.arrived()[0].contains("Marker"), "{:?}", story.arrived());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_register_did_with_a_challenge_is_told() {
    let story = Story::new(Chat::Slack, "kind = \"slack\"").await;
    let (locks, disks) = ("2024-05-01: waited for locks", "2024-05-02: waited for disks");
    let pass = async |rows: &[(&str, &str, &str)]| {
        story.world.register(rows);
        story.world.run(&["sync"]).await.ended(0);
        let told = story.world.run(&["digest", "preview"]).await.ended(0).out;
        story.send().await.ended(0);
        told
    };
    pass(&[("Slow builds", &format!("{locks}<br>{disks}"), "ARCH-1")]).await;
    let told = pass(&[("Slow builds", locks, "ARCH-1"), ("Disks are slow", disks, "")]).await;
    assert!(told.contains("NEW IN THE REGISTER\n- Disks are slow\n  split off from “Slow builds”\n"), "{told}");
    let told = pass(&[("Builds are slow", &format!("{locks}<br>{disks}"), "ARCH-1")]).await;
    assert!(told.starts_with("payments: 1 renamed, 1 removed\n"), "{told}");
    assert!(told.contains("- Builds are slow\n  was called “Slow builds” before\n"), "{told}");
    assert!(told.contains("- Disks are slow\n  merged into “Builds are slow”\n"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_that_cannot_lead_to_the_pages_is_warned_of() {
    let story = Story::new(Chat::Slack, "kind = \"slack\"").await;
    let warning = "warning: digests have no link to the pages: add public_url under [serve]";
    let told = story.world.run(&["config", "check"]).await.ended(0).out;
    assert!(told.contains(warning), "{told}");
    let told: Value =
        serde_json::from_str(&story.world.run(&["config", "check", "--format", "json"]).await.ended(0).out).unwrap();
    assert_eq!(told["warnings"][0], warning.strip_prefix("warning: ").unwrap());
    let more = "[serve]\npublic_url = \"https://dragnet.example.org\"\n";
    let story = Story::with(Chat::Slack, "kind = \"slack\"", more).await;
    let told = story.world.run(&["config", "check"]).await.ended(0).out;
    assert!(!told.contains("warning"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn b11_a_limit_is_kept_and_the_others_get_theirs() {
    for (chat, kind) in CHATS {
        limited(chat, kind).await;
    }
}

async fn limited(chat: Chat, kind: &str) {
    let more = "[[digest]]\nname = \"bot\"\nkind = \"webhook\"\nurl_file = \"other\"\nsecret_file = \"signing\"\n";
    let bot = dragnet::standin::serve(Chat::Hook).await.unwrap();
    let story = Story::new(chat, &format!("kind = \"{kind}\"")).await;
    story.world.write("other", format!("{}{}", bot.url.as_str().trim_end_matches('/'), Chat::Hook.path()));
    story.world.configure(&format!("[[digest]]\nname = \"payments\"\nkind = \"{kind}\"\nurl_file = \"hook\"\n{more}"));
    story.chat.fail(Mishap::RetryAfter(429, "7200".to_owned()));
    let failed = story.send().await.ended(3).complained(&["digest payments: 127.0.0.1 answered 429 Too Many Requests"]);
    assert!(!failed.err.contains("s3cret"), "an address is a secret: {}", failed.err);
    assert_eq!(bot.requests().len(), 1, "the others get theirs");
    let waits: f64 =
        story.world.sql("SELECT (julianday(due_at) - julianday(queued_at)) * 24 FROM outbox WHERE sent_at IS NULL");
    assert!((1.99..3.0).contains(&waits), "two hours were asked for: {waits}");
    story.chat.heal();
    story.world.run(&["digest", "send"]).await.ended(0);
    assert_eq!(story.arrived().len(), 0, "not before it is time");
    story.time_passes();
    story.world.run(&["digest", "send"]).await.ended(0);
    assert_eq!(story.arrived().len(), 1);
    assert_eq!(story.world.sql::<i64>("SELECT sum(repeats) FROM digest"), 0, "nothing came twice");
    let signed = &bot.requests()[0];
    assert!(signed.header("webhook-signature").is_some_and(|signature| signature.starts_with("v1,")));
    assert_eq!(signed.json()["items"][0]["title"], "Builds are slow");
}

#[tokio::test(flavor = "multi_thread")]
async fn b11_a_channel_that_is_gone_is_told_and_left_alone() {
    for (chat, kind) in CHATS {
        gone(chat, kind).await;
    }
}

async fn gone(chat: Chat, kind: &str) {
    let story = Story::new(chat, &format!("kind = \"{kind}\"")).await;
    for status in [404, 410] {
        story.world.sql_run("DELETE FROM digest; DELETE FROM outbox;");
        story.chat.forget();
        story.chat.fail(Mishap::Status(status));
        let loud = [("DRAGNET_LOG", "trace")];
        let failed = story.world.run_with(&loud, &["digest", "send", "--now"]).await.ended(2);
        let failed = failed.complained(&["not tried again before `dragnet digest send --now`"]);
        assert!(!failed.err.contains("s3cret"), "{}", failed.err);
        story.time_passes();
        story.world.run(&["digest", "send"]).await.ended(0);
        assert_eq!(story.chat.requests().len(), 1, "it is not knocked at again");
        let told = story.world.run(&["status"]).await.ended(0).out;
        assert!(told.contains(&format!("0 waiting, 1 given up: 127.0.0.1 answered {status}")), "{told}");
        let doctor = story.world.run(&["doctor"]).await.ended(2).out;
        assert!(doctor.contains("wrong     digest payments: 1 that nobody takes"), "{doctor}");
        // Once it is mended, nothing is lost.
        story.chat.heal();
        let sent = story.world.run_with(&loud, &["digest", "send", "--now"]).await.ended(0);
        assert!(!sent.err.contains("s3cret"), "{}", sent.err);
        assert_eq!(story.arrived().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn b11_what_may_have_arrived_is_sent_again_and_counted() {
    let story = Story::new(Chat::Hook, "kind = \"webhook\"\nsecret_file = \"signing\"").await;
    story.chat.fail(Mishap::Status(500));
    story.send().await.ended(3);
    story.chat.heal();
    story.time_passes();
    story.world.run(&["digest", "send"]).await.ended(0);
    let ids: Vec<_> = story.chat.requests().iter().map(|one| one.header("webhook-id").unwrap().to_owned()).collect();
    assert_eq!((ids.len(), ids[0] == ids[1]), (2, true), "whoever gets it twice can tell: {ids:?}");
    assert_eq!(story.world.sql::<i64>("SELECT sum(repeats) FROM digest"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn b11_a_chat_that_fails_gets_it_again() {
    for (chat, kind) in CHATS {
        let story = Story::new(chat, &format!("kind = \"{kind}\"")).await;
        // Whoever answers 500 may have taken it.
        for (nth, (status, repeats)) in [(500, 1), (503, 0)].into_iter().enumerate() {
            story.world.sql_run("DELETE FROM digest; DELETE FROM outbox;");
            story.chat.fail(Mishap::Status(status));
            story.send().await.ended(3).complained(&[&format!("digest payments: 127.0.0.1 answered {status}")]);
            story.chat.heal();
            story.time_passes();
            story.world.run(&["digest", "send"]).await.ended(0);
            assert_eq!(story.arrived().len(), nth + 1, "{kind} {status}");
            assert_eq!(story.world.sql::<i64>("SELECT sum(repeats) FROM digest"), repeats, "{kind} {status}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_digest_alone_is_tried_again() {
    let more = "[[digest]]\nname = \"others\"\nkind = \"slack\"\nurl_file = \"hook\"\n";
    let story = Story::with(Chat::Slack, "kind = \"slack\"", more).await;
    story.chat.fail(Mishap::Status(404));
    story.send().await.ended(2);
    story.chat.heal();
    story.world.run(&["digest", "send", "--now", "--to", "others"]).await.ended(0).complained(&["Sent 1 message."]);
    let given_up: String = story.world.sql("SELECT group_concat(digest) FROM outbox WHERE failed_at IS NOT NULL");
    assert_eq!(given_up, "payments", "nobody asked for it");
    story.send().await.ended(0).complained(&["Sent 1 message."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_between_sending_and_recording_loses_nothing_and_is_counted() {
    let story = Story::new(Chat::Slack, "kind = \"slack\"").await;
    // It arrives, and is answered when we are gone.
    story.chat.latency(Duration::from_secs(600));
    let sending = story.world.start(&["digest", "send", "--now"]);
    wait_for("the message", || (story.chat.busiest() > 0).then_some(())).await;
    signal(&sending, "KILL");
    let (code, _) = ended(sending).await;
    assert_eq!(code, None);
    story.chat.latency(Duration::ZERO);
    assert_eq!(story.world.sql::<i64>("SELECT count(*) FROM outbox WHERE trying IS NOT NULL AND sent_at IS NULL"), 1);
    story.world.run(&["digest", "send"]).await.ended(0);
    assert_eq!(story.arrived().len(), 0, "whoever tries may be at it still");
    story.time_passes();
    story.world.run(&["digest", "send"]).await.ended(0);
    assert_eq!(story.arrived().len(), 1);
    assert_eq!(story.world.sql::<i64>("SELECT sum(repeats) FROM digest"), 1);
    story.send().await.ended(0).complained(&["payments: nothing new."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_before_anything_was_sent_is_no_repeat() {
    let story = Story::new(Chat::Slack, "kind = \"slack\"").await;
    story.chat.refuse().await;
    story.send().await.ended(3).complained(&["digest payments: cannot connect to http://127.0.0.1"]);
    story.chat.resume().await.unwrap();
    story.time_passes();
    story.world.run(&["digest", "send"]).await.ended(0);
    assert_eq!((story.arrived().len(), story.world.sql::<i64>("SELECT sum(repeats) FROM digest")), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_that_is_taken_out_is_left_alone_until_it_comes_back() {
    let story = Story::new(Chat::Slack, "kind = \"slack\"").await;
    story.chat.fail(Mishap::Status(404));
    story.send().await.ended(2);
    story.chat.heal();
    let configured = std::fs::read_to_string(story.world.path("dragnet.toml")).unwrap();
    let other = configured.replace("\"payments\"", "\"others\"");
    story.world.write("dragnet.toml", &other);
    story.send().await.ended(0).complained(&["others: 1 message to send."]);
    assert_eq!(story.arrived().len(), 1);
    assert!(!story.world.run(&["doctor"]).await.out.contains("payments"));
    story.world.write("dragnet.toml", &configured);
    story.send().await.ended(0).complained(&["payments: nothing new.", "Sent 1 message."]);
    assert_eq!(story.arrived().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_issue_is_kept_up_to_date() {
    let world = World::new().await;
    let (github, token) = (&world.github_stage.url, "token_file = \"issue-token\"");
    world.write("issue-token", "issue-s3cret");
    world.configure(&format!(
        "[[digest]]\nname = \"open\"\nkind = \"github\"\nrepo = \"acme/handbook\"\nissue = 7\napi_url = \"{github}\"\n{token}\n"
    ));
    world.github.issue("acme/handbook", 7);
    world.register(&[("Builds are slow @acme/all acme/rocket#1", "2020-01-01: x", "ARCH-1")]);
    world.jira.issue("ARCH-1").status("Closed", "done").resolution("Won't Do", noon("2021-01-01"));
    world.run(&["sync"]).await.ended(0);
    world.run(&["digest", "send", "--now"]).await.ended(0);
    let edits: Vec<_> = world.github_stage.requests().into_iter().filter(|one| one.method == "PATCH").collect();
    assert_eq!((edits.len(), edits[0].path.as_str()), (1, "/repos/acme/handbook/issues/7"));
    assert_eq!(edits[0].header("authorization"), Some("Bearer issue-s3cret"));
    let answer: Value = serde_json::from_slice(&edits[0].response).unwrap();
    let body = answer["body"].as_str().unwrap();
    assert!(body.starts_with("## open: 1 new") && body.contains("Builds are slow"), "{body}");
    assert!(!body.contains("@acme") && !body.contains("rocket#1"), "nobody is pinged, nothing is linked: {body}");
    let doctor = world.run(&["doctor"]).await.out;
    assert!(doctor.contains("right     digest open: acme/handbook#7 is there"), "{doctor}");
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_looks_at_channels_without_sending() {
    let story = Story::new(Chat::Slack, "kind = \"slack\"").await;
    let told = story.world.run(&["doctor"]).await.out;
    assert!(told.contains("right     digest payments: 127.0.0.1 answers"), "{told}");
    assert!(story.chat.requests().iter().all(|one| one.method == "HEAD" && one.path == "/"), "nothing is sent");
    assert!(!told.contains("s3cret"), "{told}");
    story.chat.refuse().await;
    let told = story.world.run(&["doctor"]).await.out;
    assert!(told.contains("unknown   digest payments: cannot connect to http://127.0.0.1"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn under_ci_nothing_is_sent_and_a_name_that_is_wrong_is_said() {
    let story = Story::new(Chat::Slack, "kind = \"slack\"").await;
    let refused = story.world.run_with(&[("CI", "true")], &["digest", "send", "--now"]).await.ended(2);
    refused.complained(&["in CI, no digest is sent"]);
    assert_eq!(story.chat.requests().len(), 0);
    let wrong = story.world.run(&["digest", "preview", "--to", "paymnets"]).await.ended(2);
    wrong.complained(&["there is no digest `paymnets`", "hint: name one of these with --to: payments"]);
    for format in ["text", "json", "markdown", "html", "slack", "teams"] {
        let shown = story.world.run(&["digest", "preview", "--to", "PAYMENTS", "--format", format]).await.ended(0).out;
        assert!(shown.contains("Builds are slow"), "{format}: {shown}");
    }
}
