//! `--diff-base`: a branch is asked about what it touches, and about nothing else.

use std::process::Command;

use super::check::acme;
use super::world::{Ran, World};

/// Runs git in the world's folder.
fn git(world: &World, arguments: &[&str]) {
    let identity = ["-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false"];
    let mut command = Command::new("git");
    command.args(identity).args(arguments).current_dir(world.path(""));
    let output = command.output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn commit(world: &World) {
    git(world, &["add", "-A"]);
    git(world, &["commit", "-q", "--allow-empty", "-m", "a change"]);
}

/// The usual world as a repository whose branch `work` starts from `main`.
async fn repository() -> World {
    let world = acme().await;
    world.write(".gitignore", "*-token\ndragnet.*\n");
    world.write("notes.md", "See https://github.com/acme/rocket/issues/7 once.\n\nAnd ARCH-2.\n");
    git(&world, &["init", "-q", "-b", "main"]);
    commit(&world);
    git(&world, &["switch", "-q", "-c", "work"]);
    world
}

/// The world's own variables are none, and git has to be found all the same.
async fn check(world: &World, arguments: &[&str]) -> Ran {
    let path = option_env!("PATH").unwrap_or("/usr/local/bin:/usr/bin:/bin");
    let all: Vec<&str> = ["check", "--diff-base", "main"].iter().chain(arguments).copied().collect();
    world.run_with(&[("PATH", path)], &all).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_branch_leaves_alone_is_not_looked_at() {
    let world = repository().await;
    let ran = check(&world, &[]).await.ended(0);
    assert_eq!(ran.out, "no findings in what changed (0 challenges and 0 references)\n");
    assert_eq!((world.jira_stage.requests().len(), world.github_stage.requests().len()), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn renamed_documents_and_moved_rows_are_untouched() {
    let world = repository().await;
    std::fs::create_dir(world.path("docs")).unwrap();
    std::fs::rename(world.path("notes.md"), world.path("moved.md")).unwrap();
    let text = std::fs::read_to_string(world.path("register.md")).unwrap();
    let rows: Vec<&str> = text.lines().collect();
    world.write("register.md", [&["# Moved", ""], &rows[..2], &[rows[4]]].concat().join("\n"));
    world.write("second.md", [&rows[..2], &[rows[3], rows[2]]].concat().join("\n"));
    for committed in [false, true] {
        if committed {
            commit(&world);
        }
        let ran = check(&world, &[]).await.ended(0);
        assert_eq!(ran.out, "no findings in what changed (0 challenges and 0 references)\n", "{committed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_about_no_ticket_is_untouched_in_a_document_that_was_renamed_and_new_where_it_is_written_anew() {
    let world = repository().await;
    let wrong = "See https://github.com/acme/rocket/issues/0.\n";
    world.write("a.md", wrong);
    world.run(&["check", "a.md", "--write-baseline", "base.json"]).await.ended(0);
    commit(&world);
    git(&world, &["branch", "-f", "main", "work"]);
    let strict = ["--fail-on", "warning", "--baseline", "base.json"];
    std::fs::rename(world.path("a.md"), world.path("b.md")).unwrap();
    let ran = check(&world, &strict).await.ended(0);
    assert!(ran.out.starts_with("no findings in what changed"), "{}", ran.out);
    world.write("c.md", wrong);
    let ran = check(&world, &strict).await.ended(1);
    assert!(ran.out.contains("c.md:1:5: warning malformed-reference: "), "{}", ran.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_note_and_a_new_citation_are_looked_at_where_they_stand() {
    let world = repository().await;
    let text = std::fs::read_to_string(world.path("register.md")).unwrap();
    world.write("register.md", text.replace("| ARCH-1 |", "| ARCH-1 Note: nobody finished this. |"));
    let ran = check(&world, &["--fail-on", "warning"]).await.ended(1);
    assert!(ran.out.contains("register.md:3:78: warning closed-undone"), "{}", ran.out);
    assert!(!ran.out.contains("broken-link"), "{}", ran.out);
    assert!(ran.out.ends_with("in what changed (1 challenge and 1 reference)\n"), "{}", ran.out);
    // The same broken link is cited elsewhere for long; here it is new.
    world.write(
        "notes.md",
        "See https://github.com/acme/rocket/issues/7 once.\n\nAnd ARCH-2.\n\nTwice acme/rocket#7.\n",
    );
    let ran = check(&world, &[]).await.ended(1);
    assert!(ran.out.contains("notes.md:5:7: error broken-link"), "{}", ran.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiver_that_ran_out_is_told_where_its_line_is_touched() {
    let world = repository().await;
    let text = std::fs::read_to_string(world.path("register.md")).unwrap();
    let mark =
        |until: &str| format!("| ARCH-1 <!-- dragnet: ignore closed-undone until {until}: the rewrite comes --> |");
    world.write("register.md", text.replace("| ARCH-1 |", &mark("2020-01-01")));
    let ran = check(&world, &[]).await.ended(1);
    assert!(ran.out.contains("register.md:3:85: error expired-waiver"), "{}", ran.out);
    // What others let run out is told to whoever touches it, and at night.
    commit(&world);
    git(&world, &["branch", "-f", "main"]);
    world.write("new.md", "ARCH-2 it is.\n");
    check(&world, &[]).await.ended(0);
    world.run(&["check"]).await.ended(1);
    world.write("register.md", text.replace("| ARCH-1 |", &mark("2020-01-02")));
    check(&world, &[]).await.ended(1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_what_is_not_touched_is_no_matter() {
    let world = repository().await;
    world.write("new.md", "ARCH-2 it is.\n");
    world.github_stage.refuse().await;
    check(&world, &[]).await.ended(0);
    world.jira_stage.refuse().await;
    check(&world, &[]).await.ended(3);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_base_is_found_by_itself_in_a_pull_request() {
    let world = repository().await;
    let path = option_env!("PATH").unwrap_or("/usr/local/bin:/usr/bin:/bin");
    git(&world, &["update-ref", "refs/remotes/origin/main", "main"]);
    let auto = ["check", "--diff-base", "auto"];
    world.run_with(&[("PATH", path), ("GITHUB_BASE_REF", "main")], &auto).await.ended(0);
    let ran = world.run_with(&[("PATH", path)], &auto).await.ended(1);
    assert!(ran.err.contains("no pull or merge request: looking at everything"), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_base_that_cannot_be_read_is_a_mistake_of_the_call() {
    let world = repository().await;
    let path = option_env!("PATH").unwrap_or("/usr/local/bin:/usr/bin:/bin");
    let with = async |reference: &str| {
        world.run_with(&[("PATH", path)], &["check", &format!("--diff-base={reference}")]).await.ended(2)
    };
    with("nowhere")
        .await
        .complained(&["git knows no commit `nowhere`", "name a branch, tag or commit that was fetched"]);
    with("--output=x").await.complained(&["git knows no commit `--output=x`"]);
    git(&world, &["switch", "-q", "--orphan", "other"]);
    world.write("a.md", "ARCH-1\n");
    commit(&world);
    with("main").await.complained(&["`main` and the present state have no commit in common"]);
    git(&world, &["switch", "-q", "work"]);
    commit(&world);
    let clone = format!("file://{}", world.path("").display());
    git(&world, &["clone", "-q", "--depth", "1", &clone, "shallow"]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_dragnet"));
    command.args(["check", "--diff-base", "origin/main", "notes.md"]).current_dir(world.path("shallow"));
    let output = command.env_clear().env("PATH", path).env("HOME", world.path("")).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("in this shallow clone") && said.contains("fetch-depth: 0"), "{said}");
    std::fs::remove_dir_all(world.path(".git")).unwrap();
    with("main").await.complained(&["cannot read this folder's repository", "not a git repository"]);
    let ran = world.run_with(&[("PATH", "/nowhere")], &["check", "--diff-base", "main"]).await.ended(2);
    assert!(ran.err.contains("cannot run git"), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_branch_with_a_history_answers_for_its_own_work_only() {
    let world = repository().await;
    let text = std::fs::read_to_string(world.path("register.md")).unwrap();
    // The branch renames the register, changes a note in it and moves a row, over several commits.
    git(&world, &["mv", "register.md", "challenges.md"]);
    commit(&world);
    let noted = text.replace("| ARCH-1 |", "| ARCH-1 Note: nobody finished this. |");
    let rows: Vec<&str> = noted.lines().collect();
    world.write("challenges.md", [&rows[..2], &[rows[4], rows[3], rows[2]]].concat().join("\n"));
    commit(&world);
    // Somebody breaks a link on the other branch in the meantime.
    git(&world, &["switch", "-q", "main"]);
    world.write("theirs.md", "See acme/rocket#7 again.\n");
    commit(&world);
    git(&world, &["switch", "-q", "work"]);
    for merged in [false, true] {
        if merged {
            git(&world, &["merge", "-q", "--no-edit", "main"]);
        }
        let ran = check(&world, &["--fail-on", "warning"]).await.ended(1);
        assert!(ran.out.contains("challenges.md:5:78: warning closed-undone"), "{merged}: {}", ran.out);
        assert!(!ran.out.contains("rocket#7"), "{merged}: {}", ran.out);
        assert!(ran.out.ends_with("in what changed (1 challenge and 1 reference)\n"), "{merged}: {}", ran.out);
    }
    // Taken back before the end, it is as if it had never been.
    git(&world, &["revert", "--no-edit", "-m", "1", "HEAD"]);
    world.write("challenges.md", &text);
    commit(&world);
    let ran = check(&world, &["--fail-on", "warning"]).await.ended(0);
    assert_eq!(ran.out, "no findings in what changed (0 challenges and 0 references)\n");
}
