//! Documents in a wiki: read when their version is another, kept when the wiki fails.

use dragnet::standin::{self, Confluence, Mishap, Running};

use super::daemon::{get, stopped, wait_for};
use super::sources::documents;
use super::world::{World, free_address, noon};

/// A register in storage format of one row, whose remedy is named by a macro.
pub(crate) fn register(title: &str, key: &str) -> String {
    format!(
        "<h1>Pains</h1><table><tbody><tr><th>Category</th><th>Issue</th><th>Anecdotes</th><th>Occurrences</th>\
         <th>Status</th></tr><tr><td>Builds</td><td>{title}</td><td><p>2024-05-01 &ndash; slow again</p></td><td>1</td>\
         <td><ac:structured-macro ac:name=\"jira\"><ac:parameter ac:name=\"server\">Jira</ac:parameter>\
         <ac:parameter ac:name=\"key\">{key}</ac:parameter></ac:structured-macro></td></tr></tbody></table>"
    )
}

/// A world whose only source stands in a wiki.
pub(crate) struct Wiki {
    pub(crate) world: World,
    pub(crate) pages: Confluence,
    pub(crate) stage: Running,
}

impl Wiki {
    pub(crate) async fn cloud(which: &str) -> Self {
        Self::new(Confluence::cloud(), "/wiki", "", which).await
    }

    pub(crate) async fn data_center(which: &str) -> Self {
        Self::new(Confluence::data_center(), "", "flavor = \"datacenter\"", which).await
    }

    async fn new(pages: Confluence, below: &str, flavor: &str, which: &str) -> Self {
        let world = World::new().await;
        for (key, day) in [("ARCH-1", "2024-02-01"), ("ARCH-2", "2024-02-02"), ("ARCH-3", "2024-02-03")] {
            world.jira.issue(key).status("Closed", "done").resolution("Won't Do", noon(day));
        }
        let stage = standin::serve(pages.clone()).await.unwrap();
        pages.token("wiki-s3cret");
        world.write("wiki-token", "wiki-s3cret\n");
        let api = stage.url.join(below).unwrap();
        let wiki = format!(
            "[[source]]\nname = \"wiki\"\nconfluence = \"https://acme.atlassian.net/wiki\"\napi_url = \"{api}\"\n{flavor}\n\
             {which}\ntoken_file = \"wiki-token\"\n"
        );
        world.configure_sources(&wiki);
        Self { world, pages, stage }
    }

    /// Makes a pass that ends with `code`, and says what was asked of the wiki.
    pub(crate) async fn pass(&self, code: i32) -> Vec<String> {
        self.stage.forget();
        self.world.run(&["sync"]).await.ended(code);
        self.stage.requests().into_iter().map(|exchange| exchange.path).collect()
    }

    /// The documents in force: what is said of each, and the challenges that stand in them.
    async fn documents(&self) -> Vec<String> {
        documents(&self.world).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_read_when_its_version_is_another_and_else_only_asked_for_that() {
    let wiki = Wiki::cloud("page = 7").await;
    wiki.pages.page(7, &register("Slow builds", "ARCH-1"));
    assert_eq!(wiki.pass(0).await, ["/wiki/api/v2/pages/7?body-format=storage"]);
    let report = wiki.world.report().await;
    let finding = &report["findings"][0];
    assert_eq!((&finding["code"], &finding["ticket"]), (&"closed-undone".into(), &"jira:ARCH-1".into()));
    let page = "https://acme.atlassian.net/wiki/pages/viewpage.action?pageId=7";
    assert_eq!(report["tickets"][0]["cited"][0]["place"]["path"], page);
    let id = report["challenges"][0]["id"].as_str().unwrap().to_owned();

    assert_eq!(wiki.pass(0).await, ["/wiki/api/v2/pages/7"]);
    assert_eq!(
        wiki.documents().await,
        ["viewpage.action?pageId=7: Slow builds".replace("viewpage.action?pageId=", "")]
    );

    wiki.pages.page(7, &register("Slower builds", "ARCH-1"));
    assert_eq!(wiki.pass(0).await.len(), 2);
    let report = wiki.world.report().await;
    assert_eq!(report["challenges"][0]["title"], "Slower builds");
    assert_eq!(report["challenges"][0]["id"], id.as_str(), "it is the same challenge");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_told_of_a_page_leads_to_the_page_and_its_row() {
    let wiki = Wiki::cloud("page = 7").await;
    wiki.pages.page(7, &register("Slow builds", "ARCH-1"));
    wiki.pass(0).await;
    let page = "https://acme.atlassian.net/wiki/pages/viewpage.action?pageId=7";
    let id: String = wiki.world.sql("SELECT id FROM challenge");
    // A wiki keeps a page on one line, whose number leads nobody anywhere. Of a challenge its row is told above.
    for (what, expected) in [("ARCH-1", format!("({page} row “Slow builds”)")), (&id, format!("({page})"))] {
        let why = wiki.world.run(&["why", what]).await.ended(0).out;
        let why = why.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(why.contains(&expected) && !why.contains("line 1") && !why.contains("pageId=7:"), "{why}");
    }
    let address = free_address();
    let daemon = wiki.world.start(&["serve", "--listen", &address.to_string()]);
    wait_for("the pages", || get(address, "/healthz")).await;
    let mut told = wiki.world.run(&["report", "--format", "html"]).await.ended(0).out;
    let ticket = "/tickets/jira:ARCH-1";
    for (path, says) in
        [(&*format!("/challenges/{id}"), "source"), (ticket, "source, row “Slow builds”"), ("/findings", "source")]
    {
        let shown = get(address, path).unwrap();
        assert!(shown.contains(&format!("<a href=\"{page}\" rel=\"noreferrer\">{says}</a>")), "{path}: {shown}");
        told += &shown;
    }
    told += &wiki.world.run(&["report", "--format", "markdown"]).await.ended(0).out;
    told += &wiki.world.run(&["report"]).await.ended(0).out;
    assert!(!told.contains("pageId=7:") && !told.contains("line 1"), "{told}");
    stopped(daemon).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_tells_the_row_of_a_page_in_every_format() {
    let wiki = Wiki::cloud("page = 7").await;
    // The second row ends with what is nearly a ticket, behind which nothing else is known of the row.
    let nearly = "<tr><td>Builds</td><td>Lost caches</td><td></td><td>1</td><td>See ARCH-0</td></tr>\
                  <tr><td>Tests</td><td>Flaky tests</td><td></td><td>1</td><td></td></tr></tbody>";
    wiki.pages.page(7, &register("Slow builds", "ARCH-1").replace("</tbody>", nearly));
    let page = "https://acme.atlassian.net/wiki/pages/viewpage.action?pageId=7";
    let beside = "row “Lost caches” or below";
    for (format, says) in [
        ("text", [format!("{page} row “Slow builds”: warning closed-undone: "), format!("{page} {beside}: ")]),
        ("markdown", [format!("| `{page} row “Slow builds”` | **closed-undone** "), format!("| `{page} {beside}` |")]),
        ("github", ["%0Ain row “Slow builds”".to_owned(), format!("%0Ain {beside}")]),
        ("gitlab", ["; in row “Slow builds”".to_owned(), format!("; in {beside}")]),
        ("rdjson", ["\\nin row “Slow builds”".to_owned(), format!("\\nin {beside}")]),
        ("junit", ["without the work\nin row “Slow builds”".to_owned(), format!("\nin {beside}")]),
        ("sarif", ["\"name\": \"Slow builds\"".to_owned(), format!("\\nin {beside}")]),
    ] {
        let told = wiki.world.run(&["check", "--fail-on", "never", "--format", format]).await.ended(0).out;
        for says in says {
            assert!(told.contains(&says), "{format}: {says} in {told}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_under_one_come_and_go_and_none_is_lost_for_being_hidden() {
    let both = [Wiki::cloud("under = 1").await, Wiki::data_center("under = 1").await];
    for wiki in both {
        wiki.pages.page(1, "<p>Registers</p>").page(2, &register("Slow builds", "ARCH-1"));
        wiki.pages.page(3, &register("Flaky tests", "ARCH-2")).page(4, &register("No access", "ARCH-3"));
        wiki.pages.under(2, 1).under(3, 1).under(4, 3).page(5, &register("Elsewhere", "ARCH-3"));
        wiki.pages.lists(1);
        wiki.pass(0).await;
        assert_eq!(wiki.documents().await, ["1: ", "2: Slow builds", "3: Flaky tests", "4: No access"]);
        assert!(wiki.pass(0).await.iter().all(|path| !path.contains("body")), "nothing changed, nothing is read");

        wiki.pages.moved_out(2).restrict(4).page(3, &register("Flakier tests", "ARCH-2"));
        wiki.pass(3).await;
        assert_eq!(wiki.documents().await, ["1: ", "3: Flakier tests", "4: No access (trouble)"]);
        wiki.pages.trash(3);
        wiki.pass(3).await;
        assert_eq!(wiki.documents().await, ["1: ", "4: No access (trouble)"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_found_by_their_label() {
    let both = [Wiki::cloud("label = \"register\"").await, Wiki::data_center("label = \"register\"").await];
    for wiki in both {
        wiki.pages.page(2, &register("Slow builds", "ARCH-1")).label(2, "register").label(2, "another");
        wiki.pages
            .page(3, &register("Flaky tests", "ARCH-2"))
            .label(3, "register")
            .page(4, "<p>x</p>")
            .label(4, "another");
        wiki.pages.lists(1);
        wiki.pass(0).await;
        assert_eq!(wiki.documents().await, ["2: Slow builds", "3: Flaky tests"]);
        assert!(wiki.pass(0).await.iter().all(|path| !path.contains("body")));
        wiki.pages.delete(2).delete(3);
        wiki.pass(3).await;
        assert_eq!(wiki.documents().await, ["2: Slow builds (trouble)", "3: Flaky tests (trouble)"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_goes_when_it_is_meant_no_more_and_not_for_being_left_out_of_a_listing() {
    for which in ["label = \"register\"", "under = 1"] {
        for wiki in [Wiki::cloud(which).await, Wiki::data_center(which).await] {
            wiki.pages.page(1, "<p>Registers</p>");
            for (page, title) in [(2, "Slow builds"), (3, "Flaky tests"), (4, "No access"), (5, "Stays")] {
                wiki.pages.page(page, &register(title, "ARCH-1")).label(page, "register").under(page, 1);
            }
            wiki.pass(0).await;
            let told = async || wiki.documents().await.into_iter().filter(|one| one != "1: ").collect::<Vec<_>>();
            assert_eq!(told().await, ["2: Slow builds", "3: Flaky tests", "4: No access", "5: Stays"], "{which}");

            wiki.pages.unlist(2).archive(3).unlabel(4, "register").moved_out(4);
            for _ in 0..2 {
                wiki.pass(3).await;
                assert_eq!(told().await, ["2: Slow builds (trouble)", "5: Stays"], "{which}");
            }
            wiki.pages.archive(2);
            wiki.pass(0).await;
            assert_eq!(told().await, ["5: Stays"], "{which}");
        }
    }
    // Where the source names the one page, nobody but a person knows what takes its place.
    let wiki = Wiki::cloud("page = 7").await;
    wiki.pages.page(7, &register("Slow builds", "ARCH-1"));
    wiki.pass(0).await;
    wiki.pages.archive(7);
    wiki.pass(3).await;
    assert_eq!(wiki.documents().await, ["7: Slow builds (trouble)"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wiki_that_fails_leaves_the_last_good_version_in_force_and_its_age_is_told() {
    let wiki = Wiki::cloud("page = 7").await;
    wiki.pages.page(7, &register("Slow builds", "ARCH-1"));
    wiki.stage.fail(Mishap::LoginPage);
    let ran = wiki.world.run(&["sync"]).await.ended(2);
    ran.complained(&["cannot read `https://acme.atlassian.net/wiki/pages/viewpage.action?pageId=7`", "a login page"]);
    wiki.stage.heal();
    wiki.pass(0).await;
    for mishap in [Mishap::Status(503), Mishap::Status(401), Mishap::HalfJson, Mishap::WrongShape, Mishap::LoginPage] {
        wiki.stage.fail(mishap.clone());
        wiki.pages.page(7, "<p>now empty</p>");
        wiki.pass(3).await;
        assert_eq!(wiki.documents().await, ["7: Slow builds (trouble)"], "{mishap:?}");
        wiki.stage.heal();
    }
    wiki.stage.refuse().await;
    wiki.pass(3).await;
    wiki.world.sql_run("UPDATE document SET read_at = '2024-01-02T03:04:05Z'");
    let report = wiki.world.run(&["report"]).await.ended(0);
    assert!(report.out.contains("years ago") && report.out.contains("cannot connect"), "{}", report.out);
    let doctor = wiki.world.run(&["doctor"]).await;
    assert!(doctor.out.contains("source wiki: cannot connect"), "{}", doctor.out);
    assert!(doctor.out.contains("its version of 2024-01-02"), "{}", doctor.out);
    // What asks nobody goes by what is at hand.
    let offline = wiki.world.run(&["check", "--offline", "--max-age", "999d", "--format", "json"]).await;
    assert!(offline.out.contains("closed-undone"), "{}\n{}", offline.out, offline.err);
    wiki.stage.resume().await.unwrap();
    // That a page holds nothing any more is believed when it is seen again.
    wiki.pass(3).await;
    assert_eq!(wiki.documents().await, ["7: Slow builds (trouble)"]);
    wiki.pass(0).await;
    assert_eq!(wiki.documents().await, ["7: "]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_asks_no_source() {
    let wiki = Wiki::cloud("page = 7").await;
    wiki.pages.page(7, &register("Slow builds", "ARCH-1"));
    wiki.world.run(&["sync", "--dry-run"]).await.complained(&["it has not been fetched yet"]);
    assert!(wiki.stage.requests().is_empty());
    wiki.pass(0).await;
    wiki.stage.forget();
    let ran = wiki.world.run(&["sync", "--dry-run"]).await.ended(0);
    assert!(ran.out.contains('1'), "{}", ran.out);
    assert!(wiki.stage.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_without_end_or_of_more_than_a_source_may_mean_is_trouble() {
    for which in ["label = \"register\"", "under = 1"] {
        for wiki in [Wiki::cloud(which).await, Wiki::data_center(which).await] {
            wiki.pages
                .page(1, "<p>Registers</p>")
                .page(2, &register("Slow builds", "ARCH-1"))
                .label(2, "register")
                .under(2, 1);
            wiki.pass(0).await;
            for page in 3..1004 {
                wiki.pages.page(page, "<p>x</p>").label(page, "register").under(page, 1);
            }
            let ran = wiki.world.run(&["sync"]).await.ended(3);
            assert!(ran.err.contains("more than 1000"), "{which}: {}", ran.err);
            let told = wiki.documents().await;
            assert!(told.contains(&"2: Slow builds (trouble)".to_owned()), "{which}: {told:?}");
        }
        let wiki = Wiki::cloud(which).await;
        wiki.pages
            .page(1, "<p>Registers</p>")
            .page(2, &register("Slow builds", "ARCH-1"))
            .label(2, "register")
            .under(2, 1);
        wiki.pages.endless();
        wiki.world.run(&["sync"]).await.ended(2).complained(&["names a next page that was read already"]);
        assert!(wiki.stage.requests().len() < 10, "{which}: it is not followed on and on");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_earlier_program_kept_and_nobody_can_decode_is_told_where_nobody_is_asked() {
    let wiki = Wiki::cloud("page = 7").await;
    wiki.pages.page(7, &register("Slow builds", "ARCH-1"));
    wiki.pass(0).await;
    wiki.world.sql_run("UPDATE copy SET body = x'0000'");
    wiki.world
        .run(&["sync", "--dry-run"])
        .await
        .complained(&["cannot read `https://acme.atlassian.net/wiki/pages/viewpage"]);
    wiki.pass(3).await;
    assert_eq!(wiki.documents().await, ["7: Slow builds (trouble)"]);
}
