//! `dragnet annotate`: the status next to each ticket, and nothing else.

use super::world::{World, noon};

const REGISTER: &str = "# Pains\r\n\r\n| Category | Issue | Anecdotes | Occurrences | Status |\n|---|---|---|---|---|\n\
    | Builds | Slow \\| flaky | 2024-05-01 slow | 1 | [the fix](https://acme.example/browse/ARCH-1), ARCH-2 |\n\nAnd acme/rocket#3.\n";

/// A world that knows of three tickets: turned down, moved and done, open.
async fn world() -> World {
    let world = World::new().await;
    world.jira.issue("ARCH-1").status("Closed", "done").resolution("Won't Do", noon("2024-02-01"));
    world.jira.issue("ARCH-2");
    world.jira.moved("ARCH-2", "OPS-9");
    world.github.issue("acme/rocket", 3);
    world.write("register.md", REGISTER);
    world.run(&["sync"]).await.ended(0);
    world
}

fn read(world: &World, name: &str) -> String {
    String::from_utf8(std::fs::read(world.path(name)).unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_shown_written_checked_and_given_back_as_it_was() {
    let world = world().await;
    let shown = world.run(&["annotate", "register.md"]).await.ended(0);
    assert_eq!(read(&world, "register.md"), REGISTER, "only --write writes");
    insta::assert_snapshot!(shown.out, @r"
    --- a/register.md
    +++ b/register.md
    @@ -2,6 +2,6 @@
     
     | Category | Issue | Anecdotes | Occurrences | Status |
     |---|---|---|---|---|
    -| Builds | Slow \| flaky | 2024-05-01 slow | 1 | [the fix](https://acme.example/browse/ARCH-1), ARCH-2 |
    +| Builds | Slow \| flaky | 2024-05-01 slow | 1 | [the fix](https://acme.example/browse/ARCH-1)<!--dragnet:undone--> (closed, not done)<!--/dragnet-->, ARCH-2<!--dragnet:open--> (open, now OPS-9)<!--/dragnet--> |
     
    -And acme/rocket#3.
    +And acme/rocket#3<!--dragnet:open--> (open)<!--/dragnet-->.
    ");
    world.run(&["annotate", "--check", "register.md"]).await.ended(1).complained(&["1 document would change"]);
    world.run(&["annotate", "--write", "register.md"]).await.ended(0).complained(&["wrote 1 document"]);
    let written = read(&world, "register.md");
    world.run(&["annotate", "--check", "register.md"]).await.ended(0);
    world.run(&["annotate", "--write", "register.md"]).await.ended(0).complained(&["wrote 0 documents"]);
    assert_eq!(read(&world, "register.md"), written, "twice changes nothing more");

    let before = world.report().await;
    world.run(&["sync"]).await.ended(0);
    let after = world.report().await;
    for part in ["verdicts", "standings", "tickets"] {
        assert_eq!(before["counts"][part], after["counts"][part], "dragnet does not read its own words");
    }
    assert_eq!(before["challenges"][0]["id"], after["challenges"][0]["id"]);
    assert_eq!(before["challenges"][0]["title"], after["challenges"][0]["title"]);

    world.jira.issue("ARCH-1").status("To Do", "new");
    world.run(&["sync"]).await.ended(0);
    world.run(&["annotate", "--write", "register.md"]).await.ended(0);
    assert!(
        read(&world, "register.md").contains("ARCH-1)<!--dragnet:open--> (open)<!--/dragnet-->,"),
        "the status of now"
    );
    world.run(&["annotate", "--remove", "--write", "register.md"]).await.ended(0);
    assert_eq!(read(&world, "register.md"), REGISTER);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_a_wiki_gets_lozenges_and_keeps_its_byte_order_mark() {
    let world = world().await;
    let page = "\u{feff}<table><tr><th>Issue</th><th>Status</th></tr><tr><td>Slow</td><td>\
        <ac:structured-macro ac:name=\"jira\"><ac:parameter ac:name=\"key\">ARCH-1</ac:parameter></ac:structured-macro></td></tr></table>";
    world.write("page.xml", page);
    world.run(&["annotate", "--write", "page.xml"]).await.ended(0);
    let written = read(&world, "page.xml");
    assert!(written.starts_with("\u{feff}<table>"));
    let lozenge = "</ac:structured-macro><ac:structured-macro ac:name=\"status\" ac:schema-version=\"1\"><ac:parameter \
                   ac:name=\"colour\">Red</ac:parameter><ac:parameter ac:name=\"title\">⚑ closed, not done</ac:parameter>\
                   </ac:structured-macro></td>";
    assert!(written.contains(lozenge), "{written}");
    world.run(&["annotate", "--remove", "--write", "page.xml"]).await.ended(0);
    assert_eq!(read(&world, "page.xml"), page);
    world.write("list.csv", "Issue,Status\nSlow,ARCH-1\n");
    world.run(&["annotate", "list.csv"]).await.ended(2).complained(&["`list.csv` takes no statuses"]);
    world.run(&["annotate", "none.md"]).await.ended(2).complained(&["cannot read `none.md`"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nothing_is_known_of_gets_no_status() {
    let world = World::new().await;
    world.write("register.md", "ARCH-1 and ARCH-7\n");
    world.jira.issue("ARCH-7").status("Closed", "done").resolution("Done", noon("2024-02-01"));
    world.jira.hidden("ARCH-1");
    world.run(&["sync"]).await;
    world.run(&["annotate", "--write", "register.md"]).await.ended(0);
    let written = read(&world, "register.md");
    assert!(written.starts_with("ARCH-1 and ARCH-7<!--dragnet:"), "{written}");
}

#[tokio::test(flavor = "multi_thread")]
async fn under_ci_no_link_leads_out_of_the_checkout() {
    let world = world().await;
    let outside = tempfile::tempdir().unwrap();
    let theirs = outside.path().join("theirs.md");
    let text = "ARCH-1<!--dragnet:done--> (done)<!--/dragnet-->\n";
    std::fs::write(&theirs, text).unwrap();
    std::os::unix::fs::symlink(&theirs, world.path("link.md")).unwrap();
    let ci = [("CI", "true")];
    for arguments in [&["annotate", "--write", "link.md"][..], &["annotate", "--remove", "--write", "link.md"]] {
        let refused = world.run_with(&ci, arguments).await.ended(2);
        refused.complained(&["cannot read `link.md`: it leads out of the checkout"]);
    }
    assert_eq!(std::fs::read_to_string(&theirs).unwrap(), text);
    world.run(&["annotate", "--remove", "--write", "link.md"]).await.ended(0);
    assert_eq!(std::fs::read_to_string(&theirs).unwrap(), "ARCH-1\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_private_tracker_only_documents_of_the_team_tell() {
    let world = world().await;
    let config = read(&world, "dragnet.toml");
    let private = config.replace("kind = \"jira\"", "kind = \"jira\"\nvisibility = \"private\"");
    world.write("dragnet.toml", &private);
    world.write("other.markdown", REGISTER);
    world.run(&["annotate", "--write", "register.md", "other.markdown"]).await.ended(0);
    assert!(read(&world, "register.md").contains("ARCH-2<!--dragnet:open--> (open, now OPS-9)"));
    let told = REGISTER.replace("rocket#3", "rocket#3<!--dragnet:open--> (open)<!--/dragnet-->");
    assert_eq!(read(&world, "other.markdown"), told, "who reads what is no source is not known");
    world.write("dragnet.toml", private.replace("[[source]]", "[[source]]\naudience = \"public\""));
    world.run(&["annotate", "--write", "register.md"]).await.ended(0);
    assert_eq!(read(&world, "register.md"), told);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_written_or_takes_no_statuses_is_left_as_it_is() {
    let world = world().await;
    let file = world.path("register.md");
    let before = std::fs::metadata(&file).unwrap().permissions();
    let mut locked = before.clone();
    locked.set_readonly(true);
    std::fs::set_permissions(&file, locked).unwrap();
    let refused = world.run(&["annotate", "--write", "register.md"]).await.ended(2);
    refused.complained(&["cannot write `register.md`: it is read-only"]);
    assert_eq!(read(&world, "register.md"), REGISTER);
    std::fs::set_permissions(&file, before).unwrap();

    let quoted = "Issue,Status\nSlow,ARCH-1<!--dragnet:done--> (done)<!--/dragnet-->\n";
    world.write("list.csv", quoted);
    let refused = world.run(&["annotate", "--remove", "--write", "list.csv"]).await.ended(2);
    refused.complained(&["`list.csv` takes no statuses"]);
    assert_eq!(read(&world, "list.csv"), quoted);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_before_all_can_be() {
    let world = world().await;
    world.write("other.md", "See ARCH-1.\n");
    world.write("list.csv", "Issue,Status\nSlow,ARCH-1\n");
    let names = ["annotate", "--write", "register.md", "list.csv", "other.md"];
    world.run(&names).await.ended(2).complained(&["`list.csv` takes no statuses"]);
    assert_eq!(
        (read(&world, "register.md"), read(&world, "other.md")),
        (REGISTER.to_owned(), "See ARCH-1.\n".to_owned())
    );
    // The same file by two names is one document.
    world.run(&["annotate", "--write", "other.md", "./other.md"]).await.ended(0).complained(&["wrote 1 document"]);
    assert!(read(&world, "other.md").contains("ARCH-1<!--dragnet:undone-->"));
}
