//! What the documents say of the program is true of it.

use std::path::Path;

use super::world::{World, repository};

/// Lines of shell blocks that call the program, from the README and the pages for users.
fn commands() -> Vec<String> {
    let pages = ["README.md", "docs/operations.md", "docs/leads.md", "docs/ci.md"];
    let text: String = pages.map(|page| std::fs::read_to_string(repository(page)).unwrap()).join("\n");
    text.lines()
        .filter_map(|line| line.strip_prefix("dragnet "))
        .map(|line| line.split('#').next().unwrap().trim().to_owned())
        .collect()
}

/// What a shell makes of a command: what stands between double quotes is one word.
fn words(command: &str) -> Vec<&str> {
    let parts = command.split('"').enumerate();
    parts.flat_map(|(at, part)| if at % 2 == 1 { vec![part] } else { part.split_whitespace().collect() }).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_in_the_documents_is_understood() {
    let world = World::new().await;
    std::fs::create_dir_all(world.path("docs")).unwrap();
    std::fs::copy(repository("config/sample/challenges.md"), world.path("docs/challenges.md")).unwrap();
    std::fs::copy(repository("config/sample/challenges.md"), world.path("challenges.md")).unwrap();
    let commands = commands();
    assert!(commands.len() >= 10, "{commands:?}");
    for command in commands {
        let words = words(&command);
        if words[0] == "serve" || command.contains("/etc/") {
            // These run for ever or on another machine; that their arguments exist is what can be tried.
            let mut help = words.clone();
            help.push("--help");
            world.run(&help).await.ended(0);
            continue;
        }
        let ran = world.run(&words).await;
        assert!(!ran.err.contains("Usage:"), "`dragnet {command}` is not understood:\n{}", ran.err);
        assert_ne!(ran.code, None, "`dragnet {command}` was ended by a signal");
    }
}

/// What stands in a file or in all files of a folder.
fn sources(path: &Path) -> String {
    if path.is_file() {
        return std::fs::read_to_string(path).unwrap();
    }
    std::fs::read_dir(path).unwrap().map(|entry| sources(&entry.unwrap().path())).collect()
}

/// Whether there is such a test, or such a module where no test is named: `module::…::name_that_begins_so_…`.
fn is_a_test(named: &str) -> bool {
    let parts: Vec<&str> = named.split("::").collect();
    ["tests/it", "tests/nightly", "src"].iter().any(|root| {
        let (mut path, mut rest) = (repository(root), parts.as_slice());
        while let [part, more @ ..] = rest {
            let file = path.join(format!("{part}.rs"));
            let next = if file.is_file() && !path.join(part).is_dir() { file } else { path.join(part) };
            if !next.exists() {
                break;
            }
            (path, rest) = (next, more);
        }
        match rest {
            [] | ["…"] if rest.len() < parts.len() => true,
            [name] if rest.len() < parts.len() => sources(&path).contains(&function(name)),
            _ => false,
        }
    })
}

/// How a function is written whose name begins so.
fn function(name: &str) -> String {
    format!("fn {}", name.trim_end_matches('…').trim_end_matches('_'))
}

#[test]
fn every_promise_names_tests_files_and_targets_that_exist() {
    let promises = std::fs::read_to_string(repository("docs/promises.md")).unwrap();
    let makefile = std::fs::read_to_string(repository("Makefile")).unwrap();
    let rows = promises.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---"));
    let mut count = 0;
    for row in rows {
        let backed = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        let named: Vec<&str> = backed.split('`').skip(1).step_by(2).collect();
        assert!(!named.is_empty() || backed == "test", "nothing backs this: {row}");
        let (files, tests): (Vec<&str>, Vec<&str>) = named.into_iter().partition(|one| one.contains('/'));
        assert!(files.iter().all(|file| repository(file).exists()), "{row}");
        for test in tests {
            let there = match test.strip_prefix("make ") {
                Some(target) => makefile.contains(&format!("\n{target}:")),
                None if test.contains("::") => is_a_test(test),
                // It stands in a file that is named beside it.
                None => files.iter().any(|file| sources(&repository(file)).contains(&function(test))),
            };
            assert!(there, "there is no `{test}`: {row}");
            count += 1;
        }
    }
    assert!(count > 100, "{count}");
    assert!(!is_a_test("daemon::no_such_test_…") && !is_a_test("nowhere::…"));
}
