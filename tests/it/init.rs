//! `dragnet init`: a configuration for the documents that are there, and a pipeline.

use super::check::acme;
use super::world::{World, repository};

#[tokio::test(flavor = "multi_thread")]
async fn init_proposes_what_it_finds_and_the_proposal_is_right() {
    let world = acme().await;
    world.write("notes.md", "See OPS-1, OPS-2 and FOO-3, https://ghe.example/a/b/issues/4 and UTF-8.\n");
    world.write("empty.md", "Nothing.\n");
    world.run(&["init"]).await.ended(2).complained(&["`dragnet.toml` is there already"]);
    std::fs::remove_file(world.path("dragnet.toml")).unwrap();
    let ran = world.run(&["init", "--ci", "github"]).await.ended(0);
    insta::assert_snapshot!(ran.err, @"
    wrote dragnet.toml for 2 documents; complete it where it says so, then: dragnet config check
    wrote .github/workflows/dragnet.yml
    ");
    insta::assert_snapshot!(std::fs::read_to_string(world.path("dragnet.toml")).unwrap(), @r#"
    # dragnet's configuration, proposed by `dragnet init`. config/dragnet.toml of dragnet's repository has every key.
    # `dragnet config check` says whether it is right.

    [store]
    path = "dragnet.db"     # keep it out of version control

    # prose, 4 references
    [[source]]
    name = "notes"
    path = "notes.md"

    # 3 challenges, 3 references
    [[source]]
    name = "register"
    path = "register.md"

    [[tracker]]
    name = "jira"
    kind = "jira"
    site = "https://acme.example"     # 1 link, such as ARCH-2 in register.md:4:63
    # Bare keys that belong here; take out what is none of its projects.
    projects = [
      "ARCH",     # named once, such as ARCH-1 in register.md:3:78
      "FOO",     # named once, such as FOO-3 in notes.md:1:22
      "OPS",     # named 2 times, such as OPS-1 in notes.md:1:5
    ]
    # email = "bot@example.com"                # Jira Cloud: the account of the token
    # token_env = "DRAGNET_JIRA_TOKEN"

    [[tracker]]
    name = "github"
    kind = "github"     # 1 reference, such as acme/rocket#7 in register.md:5:61
    # token_env = "GITHUB_TOKEN"     # absent: GITHUB_TOKEN, GH_TOKEN, `gh auth token`

    # ghe.example: 1 link that may be a ticket's, such as https://ghe.example/a/b/issues/4 in notes.md:1:29. Add a [[tracker]] if so.
    "#);
    world.run(&["config", "check"]).await.ended(0);
    let workflow = std::fs::read_to_string(world.path(".github/workflows/dragnet.yml")).unwrap();
    assert_eq!(workflow, std::fs::read_to_string(repository("deploy/github/workflow.yml")).unwrap());
    let world = World::new().await;
    std::fs::remove_file(world.path("dragnet.toml")).unwrap();
    world.run(&["init"]).await.ended(2).complained(&["no document that cites a ticket"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn init_proposes_a_folder_of_many_documents_as_one_source_that_takes_in_what_comes() {
    let world = World::new().await;
    std::fs::remove_file(world.path("dragnet.toml")).unwrap();
    for folder in ["docs/minutes", "odd[1]"] {
        std::fs::create_dir_all(world.path(folder)).unwrap();
    }
    world.write("docs/minutes.md", "See acme/rocket#1.\n");
    for day in ["01-10", "02-14", "03-20"] {
        let text = format!("# Minutes\n\n## 2024-{day}\n\n- [inform] (Dave) acme/rocket#2 is late\n");
        world.write(&format!("docs/minutes/2024-{day}.md"), text);
        world.write(&format!("odd[1]/{day}.md"), "acme/rocket#3\n");
    }
    world.run(&["init"]).await.ended(0).complained(&["for 7 documents"]);
    let written = std::fs::read_to_string(world.path("dragnet.toml")).unwrap();
    let sources: Vec<&str> = written.split("[[tracker]]").next().unwrap().split("\n\n").skip(2).collect();
    insta::assert_snapshot!(sources.join("\n\n"), @r#"
    # prose, 1 reference
    [[source]]
    name = "minutes"
    path = "docs/minutes.md"

    # 3 documents, 3 meetings, 3 references
    [[source]]
    name = "docs/minutes/*.md"
    path = "docs/minutes/*.md"

    # prose, 1 reference
    [[source]]
    name = "01-10"
    path = "odd[1]/01-10.md"

    # prose, 1 reference
    [[source]]
    name = "02-14"
    path = "odd[1]/02-14.md"

    # prose, 1 reference
    [[source]]
    name = "03-20"
    path = "odd[1]/03-20.md"
    "#);
    world.run(&["config", "check"]).await.ended(0);
    let local = format!("api_url = \"{}\"\n", world.github_stage.url);
    world.write("dragnet.toml", written.replace("kind = \"github\" ", &format!("{local}kind = \"github\" ")));
    for number in 1..=4 {
        world.github.issue("acme/rocket", number);
    }
    world.write("docs/minutes/2024-04-01.md", "# Minutes\n\n## 2024-04-01\n\n- [inform] (Dave) acme/rocket#4\n");
    world.run(&["sync"]).await.ended(0);
    let told = world.verdicts().await;
    assert!(told.iter().any(|told| told == "github:acme/rocket#4 open (found)"), "{told:?}");
}
