//! `check --code`: what comments of source files cite.

use super::check::acme;

const RUST: &str = "// See https://github.com/acme/rocket/issues/7.\nconst LINK: &str = \"acme/rocket#7\";\n";

#[tokio::test(flavor = "multi_thread")]
async fn comments_of_source_files_are_checked_and_strings_are_not() {
    let world = acme().await;
    std::fs::create_dir_all(world.path("src/deep")).unwrap();
    world.write("src/main.rs", RUST);
    world.write("src/deep/x.py", "x = 'ARCH-2 # ARCH-3'  # until ARCH-4 is done\n");
    world.write("src/data.json", "{\"see\": \"acme/rocket#7\"}\n");
    world.jira.issue("ARCH-4");
    world.run(&["check", "src"]).await.ended(2).complained(&["there is no Markdown below `src`"]);
    let ran = world.run(&["check", "--code", "src"]).await.ended(1);
    insta::assert_snapshot!(ran.out, @"
    src/main.rs:1:8: error broken-link: acme/rocket#7 does not exist any more, or never did
        1 | // See https://github.com/acme/rocket/issues/7.
          |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        hint: correct the link to acme/rocket#7, or remove it
    1 finding (1 error, 0 warnings, 0 infos) in 0 challenges and 2 tickets
    ");
    // One file, a glob, and together with the sources of the configuration.
    world.run(&["check", "--code", "src/deep/x.py"]).await.ended(0);
    let ran = world.run(&["check", "--code", "src/*.rs"]).await.ended(1);
    assert!(ran.out.contains("src/main.rs:1:8: error broken-link"), "{}", ran.out);
    let ran = world.run(&["check", "--code"]).await.ended(1);
    // A ticket is told once, where it is cited first; that of the comment in Python is the fourth.
    assert!(ran.out.contains("in 3 challenges and 4 tickets"), "{}", ran.out);
    std::fs::remove_file(world.path("dragnet.toml")).unwrap();
    let (api, run) = (world.github_stage.url.to_string(), ["check", "--code"]);
    let ran = world.run_with(&[("GITHUB_API_URL", &api), ("GITHUB_TOKEN", "t0ken")], &run).await.ended(1);
    assert!(ran.err.contains("no configuration: checking 3 files of this folder"), "{}", ran.err);
}
