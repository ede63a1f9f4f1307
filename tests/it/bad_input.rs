//! Files, configurations and stores that are no good: each says what, where and what next, and loses nothing.

use super::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_is_no_good_is_named_with_a_next_step() {
    let world = World::new().await;
    std::fs::create_dir(world.path("folder")).unwrap();
    world.write("empty.md", "");
    world.write("latin1.md", b"caf\xe9 | b |");
    world.write("zeros.md", b"a\0b");
    for (name, words) in [
        ("none.md", ["cannot read `none.md`: no such file", "hint: check the spelling"]),
        ("folder", ["cannot read `folder`: it is a directory", "hint: name the files in it"]),
        ("empty.md", ["cannot read `empty.md`: ", "hint: "]),
        ("latin1.md", ["not UTF-8", "hint: save it as UTF-8"]),
        ("zeros.md", ["cannot read `zeros.md`: ", "hint: "]),
    ] {
        for command in ["parse", "refs"] {
            let ran = world.run(&[command, name]).await.ended(2).complained(&words);
            assert_eq!(ran.out, "", "{command} {name}");
            world.write("before.txt", b"what stood there");
            world.run(&[command, name, "--output", "before.txt"]).await.ended(2).complained(&words);
            assert_eq!(std::fs::read(world.path("before.txt")).unwrap(), b"what stood there", "{command} {name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_documents_those_before_one_that_is_no_good_are_told() {
    let world = World::new().await;
    let names: Vec<String> = (0..40).map(|n| format!("{n:02}.md")).collect();
    for (n, name) in names.iter().enumerate() {
        world.write(name, format!("See ARCH-{}.\n", n + 1));
    }
    let files = names.iter().map(String::as_str);
    let refs: Vec<&str> = ["refs", "--project", "ARCH", "--format", "json"].into_iter().chain(files).collect();
    let all = world.run(&refs).await.ended(0).out;
    let cited = |out: &str| -> Vec<String> {
        let ids = out.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["ticket"].clone());
        ids.map(|id| id.as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(cited(&all), (1..=40).map(|n| format!("jira:ARCH-{n}")).collect::<Vec<_>>());
    world.write("35.md", b"caf\xe9");
    let some = world.run(&refs).await.ended(2).complained(&["`35.md`", "not UTF-8"]).out;
    assert_eq!(cited(&some), cited(&all)[..35]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_no_good_is_a_problem_with_its_place() {
    let world = World::new().await;
    let problems = |out: &str| -> Vec<String> {
        let parsed: serde_json::Value = serde_json::from_str(out).unwrap();
        let problems = parsed["problems"].as_array().unwrap();
        problems.iter().map(|p| format!("{}:{} {}", p["place"]["line"], p["place"]["column"], p["code"])).collect()
    };
    world.write("wide.md", "| Category | Issue | Status |\n|---|---|---|\n| a | b | c | d | e |\n| f | g | h |\n");
    let ran = world.run(&["parse", "wide.md"]).await.ended(0);
    assert_eq!(problems(&ran.out).len(), 1, "{}", ran.out);
    assert!(problems(&ran.out)[0].starts_with("3:"), "{}", ran.out);
    assert!(ran.out.contains("\"title\": \"b\"") && ran.out.contains("\"title\": \"g\""), "{}", ran.out);

    world.configure("");
    world.write("dragnet.toml", "[[source]]\nname = \"r\"\npath = \"lacking.md\"\ncontent = \"register\"\n");
    world.write("lacking.md", "| Colour | Shape |\n|---|---|\n| red | round |\n");
    world.run(&["sync"]).await.ended(0);
    let report = world.report().await;
    assert!(report["findings"].to_string().contains("malformed-row"), "{report:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_megabytes_are_refused_and_fifteen_are_read() {
    let world = World::new().await;
    let row = format!("| a | b {} | 2021-01-01: c | 1 | ARCH-1 |\n", "x".repeat(1000));
    let head = "| Category | Issue | Anecdotes | Occurrences | Status |\n|---|---|---|---|---|\n";
    let rows = |megabytes: usize| megabytes * 1024 * 1024 / row.len();
    world.write("large.md", head.to_owned() + &row.repeat(rows(15)));
    let ran = world.run(&["refs", "large.md", "--format", "json"]).await.ended(0);
    assert_eq!(ran.out.lines().count(), rows(15));
    world.write("larger.md", head.to_owned() + &row.repeat(rows(50)));
    world
        .run(&["refs", "larger.md"])
        .await
        .ended(2)
        .complained(&["`larger.md`: it has 49 MB, more than the 16 MB", "hint: "]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configuration_that_is_no_good_is_named_with_line_and_column() {
    let world = World::new().await;
    for (text, words) in [
        ("[[source]]\nname = \"a\"\npath = \"a.md\"\ncontents = \"x\"\n", "dragnet.toml:4:1: unknown field `contents`"),
        ("[[tracker]]\nname = \"j\"\nkind = \"jira\"\n", "dragnet.toml:2:8: tracker `j` has no `site`"),
    ] {
        world.write("dragnet.toml", text);
        for command in [&["config", "check"][..], &["sync"], &["check"], &["serve"], &["report"]] {
            let ran = world.run(command).await.ended(2).complained(&[words]);
            assert_eq!(ran.out, "");
        }
    }
    std::fs::remove_file(world.path("dragnet.toml")).unwrap();
    world.run(&["sync"]).await.ended(2).complained(&["no configuration", "hint: "]);
    world.run(&["sync", "--config", "none.toml"]).await.ended(2).complained(&["cannot read configuration `none.toml`"]);
    world.run(&["refs", "a.md", "--project", "o ps"]).await.ended(2).complained(&["expected project keys"]);
    world.run(&["sync", "--conifg", "x"]).await.ended(2).complained(&["--config"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn config_check_prints_what_the_configuration_means() {
    let world = World::new().await;
    world.write("a.md", "text");
    world.configure("[schedule]\nsync = \"0 7 * * mon-fri\"\ntimezone = \"Europe/Berlin\"");
    let ran = world.run(&["config", "check"]).await.ended(0);
    assert!(ran.out.starts_with("dragnet.toml is right.\n"), "{}", ran.out);
    assert!(ran.out.contains("documents: *.md (1 file, 4 bytes)"), "{}", ran.out);
    assert!(ran.out.contains(" 07:00 CE"), "{}", ran.out);
    assert!(!ran.out.contains("s3cret"));
    std::fs::remove_file(world.path("jira-token")).unwrap();
    world.run(&["config", "check"]).await.ended(2).complained(&["no token for tracker `acme`", "hint: "]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_no_good_is_left_as_it_is() {
    let world = World::new().await;
    world.write("a.md", "ARCH-1");
    for command in ["report", "why"] {
        let arguments = if command == "why" { vec!["why", "ARCH-1"] } else { vec![command] };
        world.run(&arguments).await.ended(2).complained(&["dragnet.db", "hint: "]);
    }
    world.write("dragnet.db", "this is a letter, and a long one at that, not a database of any kind");
    world.run(&["sync"]).await.ended(2).complained(&["dragnet.db", "hint: "]);
    assert!(std::fs::read_to_string(world.path("dragnet.db")).unwrap().starts_with("this is a letter"));

    std::fs::remove_file(world.path("dragnet.db")).unwrap();
    world.jira.issue("ARCH-1");
    world.run(&["sync"]).await.ended(0);
    let store = rusqlite::Connection::open(world.path("dragnet.db")).unwrap();
    store.pragma_update(None, "user_version", 4711).unwrap();
    drop(store);
    world.run(&["sync"]).await.ended(2).complained(&["4711", "newer", "hint: "]);
    world.run(&["report"]).await.ended(2).complained(&["4711"]);
}
