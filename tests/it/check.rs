//! `dragnet check` as a pipeline meets it: what it takes, and each exit code.

use dragnet::standin::Mishap;

use super::world::{World, noon};

/// One ticket that is gone, one that is fine, one remedy closed without the work.
pub(crate) async fn acme() -> World {
    let world = World::new().await;
    world.register(&[
        ("Builds are slow", "May 3, 2021 (Payments): an hour for a typo", "ARCH-1"),
        ("Logins fail", "2020-02-01: nobody could log in", "https://acme.example/browse/ARCH-2"),
        ("Tests flake", "2020-02-01: red for no reason", "https://github.com/acme/rocket/issues/7"),
    ]);
    world.jira.issue("ARCH-1").status("Closed", "done").resolution("Won't Do", noon("2020-05-01"));
    world.jira.issue("ARCH-2").status("Closed", "done").resolution("Fixed", noon("2020-05-01"));
    world.github.issue("acme/rocket", 1);
    world.github.deleted("acme/rocket", 7);
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn exit_0_nothing_that_fails() {
    let world = acme().await;
    world.github.issue("acme/rocket", 7);
    let ran = world.run(&["check"]).await.ended(0);
    // What was closed without the work is told as a warning, and fails nobody.
    assert!(ran.out.contains("warning closed-undone"), "{}", ran.out);
    world.run(&["check", "--fail-on", "never"]).await.ended(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn exit_1_findings_at_or_above_the_severity_that_fails() {
    let world = acme().await;
    world.run(&["check"]).await.ended(1);
    world.run(&["check", "--fail-on", "never"]).await.ended(0);
    world.configure("[severity]\nbroken-link = \"warning\"");
    world.run(&["check"]).await.ended(0);
    world.run(&["check", "--fail-on", "warning"]).await.ended(1);
    world.configure("[severity]\nbroken-link = \"off\"\nclosed-undone = \"error\"");
    world.run(&["check"]).await.ended(1);
}

#[tokio::test(flavor = "multi_thread")]
async fn exit_1_is_no_count() {
    let world = World::new().await;
    let links: Vec<String> = (1..=256).map(|n| format!("- https://github.com/acme/rocket/issues/{n}\n")).collect();
    world.github.repo("acme/rocket");
    world.write("page.md", links.concat());
    let ran = world.run(&["check", "page.md"]).await.ended(1);
    assert!(ran.out.contains("256 findings (256 errors"), "{}", ran.out.lines().last().unwrap());
    // 6,000 is no multiple of 256, and more than any reader shows.
    let zeros: String = (1..=6_000).map(|n| format!("| Pain {n} | ARCH-0 |\n")).collect();
    world.write("register.md", format!("| Issue | Status |\n|---|---|\n{zeros}"));
    world.configure("[severity]\nuntracked-challenge = \"off\"");
    let ran = world.run(&["check", "register.md", "--no-network"]).await.ended(0);
    assert!(ran.out.contains("6000 findings (0 errors, 6000 warnings"), "{}", ran.out.lines().last().unwrap());
    let ran = world.run(&["check", "register.md", "--no-network", "--fail-on", "warning", "--format", "github"]).await;
    let ran = ran.ended(1);
    assert_eq!(ran.out.lines().filter(|line| line.starts_with("::warning ")).count(), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_is_broken_in_several_places_is_told_once_with_all_of_them() {
    let world = acme().await;
    world.write("b.md", "See acme/rocket#7.\n\nAgain: https://github.com/acme/rocket/issues/7\n");
    let ran =
        world.run(&["check", "*.md", "--format", "text", "--format", "github=out.txt", "--format", "markdown=out.md"]);
    let ran = ran.await.ended(1);
    insta::assert_snapshot!(ran.out, @"
    b.md:1:5: error broken-link: acme/rocket#7 does not exist any more, or never did
        1 | See acme/rocket#7.
          |     ^^^^^^^^^^^^^
        also at b.md:3:8, register.md:5:61
        hint: link the ticket that took the place of acme/rocket#7, or correct the link
    register.md:3:78: warning closed-undone: ARCH-1 was closed as Won't Do on 1 May 2020 without the work
        3 | | Pains | Builds are slow | May 3, 2021 (Payments): an hour for a typo | 1 | ARCH-1 |
          |                                                                              ^^^^^^
        hint: reopen ARCH-1, or link the ticket that does the work; if it was done after all, say so in a note
    4 findings (1 error, 1 warning, 2 infos) in 3 challenges and 3 tickets; -v shows 2 more
    ");
    let read = |name| std::fs::read_to_string(world.path(name)).unwrap();
    assert!(read("out.txt").contains("%0Aalso at b.md:3:8, register.md:5:61%0A"), "{}", read("out.txt"));
    assert!(read("out.md").contains("<br>also at b.md"), "{}", read("out.md"));
}

#[tokio::test(flavor = "multi_thread")]
async fn exit_1_goes_before_3() {
    let world = acme().await;
    world.jira_stage.refuse().await;
    let ran = world.run(&["check"]).await.ended(1).complained(&["jira: ", "connection refused"]);
    assert!(ran.out.contains("error broken-link: acme/rocket#7") && !ran.out.contains("ARCH-"), "{}", ran.out);
    // The other way round: what is proven gone on Jira, while GitHub is down.
    let world = acme().await;
    world.register(&[("Slow", "2020-02-01", "ARCH-9"), ("Flaky", "2020-02-01", "acme/rocket#7")]);
    world.github_stage.refuse().await;
    let ran = world.run(&["check"]).await.ended(1).complained(&["github: ", "connection refused"]);
    assert!(ran.out.contains("error broken-link: ARCH-9") && !ran.out.contains("rocket"), "{}", ran.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn exit_2_goes_before_1_when_credentials_never_worked() {
    let world = acme().await;
    world.jira_stage.fail(Mishap::Status(401));
    let ran = world.run(&["check"]).await.ended(2).complained(&["error: jira refused the credentials"]);
    // What the other tracker proved is told all the same.
    assert!(ran.out.contains("error broken-link: acme/rocket#7"), "{}", ran.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn exit_2_mistakes_of_the_call() {
    let world = acme().await;
    world.write("empty.md", "Nothing to see.\n");
    world.write("nothing.md", "");
    std::fs::create_dir(world.path("folder")).unwrap();
    for (arguments, words) in [
        (&["check", "none.md"][..], &["cannot read `none.md`: no such file"][..]),
        (&["check", "*.rst"], &["`*.rst` matches no file"]),
        (&["check", "empty.md"], &["nothing to check: no challenge and no ticket was found in 1 document"]),
        (&["check", "folder"], &["nothing to check: there is no Markdown below `folder`"]),
        (&["check", "--max-age", "soon"], &["`soon` is no span of time"]),
        (&["check", "--max-unknown", "-1%"], &["unexpected argument"]),
        (&["check", "--max-unknown", "some"], &["neither a number of tickets nor a share"]),
        (&["check", "--offline", "--no-network"], &["cannot be used with"]),
        (&["check", "--offline"], &["dragnet.db"]),
        (&["check", "--format", "svg"], &["`svg` is no format of this command"]),
        (&["check", "--format", "json", "--format", "sarif"], &["two formats would go to the same place"]),
        (&["check", "--format", "sarif=none/x.sarif"], &["cannot write `none/x.sarif`"]),
    ] {
        world.run(arguments).await.ended(2).complained(words);
    }
    world.run_fed("", &["check", "-"]).await.ended(2).complained(&["cannot read standard input"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn exit_2_credentials_that_never_worked_and_3_when_they_did() {
    let world = acme().await;
    world.github.issue("acme/rocket", 7);
    world.jira_stage.fail(Mishap::Status(401));
    world.run(&["check"]).await.ended(2).complained(&["error: jira refused the credentials"]);
    world.jira_stage.heal();
    world.run(&["check"]).await.ended(0);
    world.jira_stage.fail(Mishap::Status(401));
    world.run(&["check"]).await.ended(3);
}

#[tokio::test(flavor = "multi_thread")]
async fn exit_3_an_outage_and_only_old_answers() {
    let world = acme().await;
    world.run(&["check"]).await.ended(1);
    world.github_stage.refuse().await;
    world.run(&["check"]).await.ended(3);
    world.run(&["check", "--max-age", "1h"]).await.ended(1);
    world.run(&["check", "--on-unknown", "warn"]).await.ended(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn exit_3_a_source_that_cannot_be_read_whatever_fails() {
    let world = acme().await;
    world.github.issue("acme/rocket", 7);
    world.configure("[severity]\nstale-ticket = \"off\"\nclosed-undone = \"off\"\nrecurred-after-close = \"off\"\n[[source]]\nname = \"wiki\"\npath = \"wiki.md\"");
    let strict = ["check", "--fail-on", "warning"];
    // It was never read, so no version of it is in force.
    let ran = world.run(&strict).await.ended(3);
    insta::assert_snapshot!(ran.out, @"
    wiki.md:1:1: warning unreadable-source: cannot read `wiki.md`: no such file
        hint: see that `wiki.md` can be read again
    3 findings (0 errors, 1 warning, 2 infos) in 3 challenges and 3 tickets; the pass did not finish; -v shows 2 more
    ");
    world.write("wiki.md", "See ARCH-2.\n");
    world.run(&strict).await.ended(0);
    std::fs::remove_file(world.path("wiki.md")).unwrap();
    let ran = world.run(&strict).await.ended(3);
    assert!(ran.out.contains("cannot read `wiki.md`: no such file; its version of "), "{}", ran.out);
    world.run(&[&strict[..], &["--on-unknown", "warn"]].concat()).await.ended(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_known_well_enough_is_not_asked_for_again() {
    let world = acme().await;
    world.run(&["check", "--max-age", "1h"]).await.ended(1);
    let asked = || (world.jira_stage.requests().len(), world.github_stage.requests().len());
    let before = asked();
    // Not even when nobody could be asked, and what was proven then counts.
    world.run(&["check", "--max-age", "1h"]).await.ended(1);
    assert_eq!(asked(), before);
    world.github_stage.refuse().await;
    world.run(&["check", "--max-age", "1h"]).await.ended(1);
    // What is new is asked for, and it alone is unknown: one of four.
    world.write("new.md", "acme/rocket#1 it is.\n");
    world.github.issue("acme/rocket", 7);
    world.configure("[severity]\nbroken-link = \"warning\"");
    world.run(&["check", "--max-age", "1h"]).await.ended(3);
    world.run(&["check", "--max-age", "1h", "--max-unknown", "24%"]).await.ended(3);
    world.run(&["check", "--max-age", "1h", "--max-unknown", "25%"]).await.ended(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn so_much_may_be_unknown() {
    let world = acme().await;
    world.github.issue("acme/rocket", 7);
    world.github_stage.refuse().await;
    // One ticket of three.
    for (most, code) in [("0", 3), ("1", 0), ("33%", 3), ("34%", 0), ("100%", 0)] {
        world.run(&["check", "--max-unknown", most]).await.ended(code);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_network_only_what_is_written_is_checked() {
    let world = acme().await;
    world.write("register.md", "| Issue | Status |\n|---|---|\n| Slow | ARCH-0 |\n");
    world.configure(
        "[severity]\nmalformed-reference = \"error\"\n[[waiver]]\ncode = \"closed-undone\"\nticket = \"jira:ARCH-1\"\nreason = \"later\"\nuntil = 2999-01-01",
    );
    std::fs::remove_file(world.path("jira-token")).unwrap();
    let ran = world.run(&["check", "--no-network"]).await.ended(1);
    insta::assert_snapshot!(ran.out, @"
    register.md:3:10: error malformed-reference: `ARCH-0` looks like a ticket and is none: tickets are numbered from 1
        3 | | Slow | ARCH-0 |
          |          ^
        hint: correct the link, or take it out
    2 findings (1 error, 0 warnings, 1 info) in 1 challenge and 0 tickets; nobody was asked; -v shows 1 more
    ");
    assert!(!world.path("dragnet.db").exists());
    assert_eq!((world.jira_stage.requests().len(), world.github_stage.requests().len()), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn offline_goes_by_the_store_while_that_is_young_enough() {
    let world = acme().await;
    world.run(&["sync"]).await.ended(0);
    std::fs::remove_file(world.path("jira-token")).unwrap();
    let asked = world.jira_stage.requests().len();
    world.run(&["check", "--offline"]).await.ended(1);
    world.run(&["check", "--offline", "--max-age", "0"]).await.ended(3);
    // Documents that are none of the sources, by the same store; what it never heard of is unknown.
    world.write("other.txt", "ARCH-2 was it.\n");
    world.run(&["check", "--offline", "other.txt"]).await.ended(0);
    world.write("other.txt", "ARCH-3 was it.\n");
    world.run(&["check", "--offline", "other.txt"]).await.ended(3);
    assert_eq!(world.jira_stage.requests().len(), asked);
    assert_eq!(world.report().await["counts"]["challenges"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn standard_input_globs_and_folders_are_taken() {
    let world = acme().await;
    std::fs::create_dir(world.path("notes")).unwrap();
    world.write("notes/a.md", "See https://github.com/acme/rocket/issues/7.\n");
    world.write("notes/b.md", "See https://github.com/acme/rocket/issues/1.\n");
    world.write("notes/c.txt", "See https://github.com/acme/rocket/issues/1000.\n");
    let text = "Once more https://github.com/acme/rocket/issues/7.\n";
    let ran = world.run_fed(text, &["check", "-"]).await.ended(1);
    insta::assert_snapshot!(ran.out, @"
    stdin:1:11: error broken-link: acme/rocket#7 does not exist any more, or never did
        1 | Once more https://github.com/acme/rocket/issues/7.
          |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        hint: correct the link to acme/rocket#7, or remove it
    1 finding (1 error, 0 warnings, 0 infos) in 0 challenges and 1 ticket
    ");
    let ran = world.run(&["check", "notes"]).await.ended(1);
    insta::assert_snapshot!(ran.out, @"
    notes/a.md:1:5: error broken-link: acme/rocket#7 does not exist any more, or never did
        1 | See https://github.com/acme/rocket/issues/7.
          |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        hint: correct the link to acme/rocket#7, or remove it
    1 finding (1 error, 0 warnings, 0 infos) in 0 challenges and 2 tickets
    ");
    world.run(&["check", "notes/[b]*"]).await.ended(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_configuration_the_markdown_of_the_repository_is_checked() {
    let world = acme().await;
    std::fs::remove_file(world.path("dragnet.toml")).unwrap();
    world.write("README.md", "Done in https://github.com/acme/rocket/issues/1 and acme/rocket#7.\n");
    let api = world.github_stage.url.to_string();
    let variables = [("GITHUB_TOKEN", "t0ken"), ("GITHUB_API_URL", api.as_str()), ("CI", "true")];
    let ran = world.run_with(&variables, &["check"]).await.ended(1);
    assert!(ran.err.contains("no configuration: checking 2 Markdown files of this folder"), "{}", ran.err);
    assert!(ran.out.contains("README.md:1:53: error broken-link"), "{}", ran.out);
    assert!(world.github_stage.requests().iter().all(|asked| asked.header("authorization") == Some("Bearer t0ken")));
    for document in ["README.md", "register.md"] {
        std::fs::remove_file(world.path(document)).unwrap();
    }
    world.run(&["check"]).await.ended(2).complained(&["nothing to check: there is no configuration, and no Markdown"]);
}
