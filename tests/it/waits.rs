//! What a server asked us to wait for is waited for by all who ask it with the same credential, in later passes too.

use dragnet::standin::Mishap;

use super::sources_wiki::{Wiki, register};
use super::world::World;

/// A pause of an hour, asked for once.
fn an_hour() -> Mishap {
    Mishap::RetryAfter(429, "3600".to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn b1_a_wiki_that_asked_to_wait_is_not_asked_before_by_no_source_of_it() {
    for (wiki, below) in [(Wiki::cloud("page = 7").await, "/wiki"), (Wiki::data_center("page = 7").await, "")] {
        let api = wiki.stage.url.join(below).unwrap();
        let config = std::fs::read_to_string(wiki.world.path("dragnet.toml")).unwrap();
        let flavor = if below.is_empty() { "flavor = \"datacenter\"" } else { "" };
        let other = format!(
            "[[source]]\nname = \"other\"\nconfluence = \"https://acme.atlassian.net/wiki\"\napi_url = \"{api}\"\n{flavor}\n\
             page = 8\ntoken_file = \"wiki-token\"\n"
        );
        wiki.world.write("dragnet.toml", config + &other);
        wiki.pages.page(7, &register("Slow builds", "ARCH-1")).page(8, &register("Flaky tests", "ARCH-2"));
        assert_eq!(wiki.pass(0).await.len(), 2);
        wiki.stage.fail(an_hour().times(1));
        assert_eq!(wiki.pass(3).await.len(), 1, "one source was told, and the other did not ask");
        wiki.stage.forget();
        wiki.world.run(&["sync"]).await.ended(3).complained(&["not asked before ", "answered 429"]);
        assert!(wiki.stage.requests().is_empty(), "another process knows it");
        let report = wiki.world.report().await;
        assert_eq!(report["challenges"].as_array().unwrap().len(), 2, "the last good versions are in force");
        // Another account has limits of its own.
        wiki.pages.token("another");
        wiki.world.write("wiki-token", "another\n");
        assert_eq!(wiki.pass(0).await.len(), 2);
        wiki.pages.token("wiki-s3cret");
        wiki.world.write("wiki-token", "wiki-s3cret\n");
        assert_eq!(wiki.pass(3).await.len(), 0);
        wiki.world.the_wait_is_over();
        assert_eq!(wiki.pass(0).await.len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn b2_a_github_is_asked_for_tickets_files_and_documents_through_one_gate() {
    let world = World::new().await;
    world.github.token("github-s3cret");
    world.github.file("acme/handbook", "main", "a.md", "https://github.com/acme/handbook/issues/1\n");
    world.github.file("acme/handbook", "main", "b.md", "x").issue("acme/handbook", 1);
    world.write("notes.md", "https://github.com/acme/handbook/blob/main/b.md\n");
    let api = &world.github_stage.url;
    world.configure_sources(&format!(
        "[[source]]\nname = \"notes\"\npath = \"notes.md\"\n[[source]]\nname = \"handbook\"\nrepo = \"acme/handbook\"\n\
         path = \"*.md\"\napi_url = \"{api}\"\ntoken_file = \"github-token\"\n"
    ));
    let asked = async |code: i32| -> Vec<String> {
        world.github_stage.forget();
        world.run(&["sync"]).await.ended(code);
        let part = |path: &str| path.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
        world.github_stage.requests().iter().map(|one| part(&one.path)).filter(|part| part.len() < 10).collect()
    };
    assert_eq!(asked(0).await, ["HEAD", "graphql", "main"]);
    world.github_stage.fail(an_hour().on("/graphql").times(1));
    assert_eq!(asked(3).await, ["HEAD", "graphql"], "told of tickets, and no file was asked for");
    assert_eq!(asked(3).await, Vec::<String>::new());
    let seen: i64 = world.sql("SELECT count(*) FROM target WHERE lookup = 'found'");
    assert_eq!(seen, 1, "what is known of the file stays");
    world.the_wait_is_over();
    world.github_stage.fail(an_hour().on("/git/trees/HEAD").times(1));
    assert_eq!(asked(3).await, ["HEAD"], "told of a document, and no ticket was asked for");
    assert_eq!(asked(3).await, Vec::<String>::new());
    world.the_wait_is_over();
    assert_eq!(asked(0).await, ["HEAD", "graphql", "main"]);
    // What is used up of one quota leaves the others as they are.
    world.github.limits(0, 5000, 60);
    assert_eq!(asked(3).await, ["HEAD", "graphql"]);
    assert_eq!(asked(3).await, ["graphql"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn b1_an_address_that_asked_to_wait_is_not_asked_before() {
    let world = World::new().await;
    let url = world.github_stage.url.join("/shared").unwrap();
    world.configure_sources(&format!("[[source]]\nname = \"it\"\nurl = \"{url}\"\nallow = [\"127.0.0.1/32\"]\n"));
    world.github_stage.fail(an_hour());
    for says in ["answered 429", "not asked before "] {
        world.run(&["sync"]).await.ended(2).complained(&["cannot read `", says]);
        assert_eq!(world.github_stage.requests().len(), 1);
    }
}
