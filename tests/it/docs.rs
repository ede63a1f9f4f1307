//! What the documents say of the program is true of it.

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

#[test]
fn every_promise_names_a_test_that_exists() {
    let promises = std::fs::read_to_string(repository("docs/promises.md")).unwrap();
    let source = |module: &str| -> String {
        let path = match module {
            "faults" | "pages" => {
                let files = std::fs::read_dir(repository("tests/it").join(module)).unwrap();
                return files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
            }
            "crash" | "disk" | "handles" | "kills" | "narrow" | "soak" => {
                return std::fs::read_to_string(repository(&format!("tests/nightly/{module}.rs"))).unwrap();
            }
            "report" => "src/report/tests",
            "store" => "src/store/tests",
            "digests" => "tests/it/digests",
            "trackers" => "tests/it/trackers",
            "listings" => "tests/it/listings",
            _ => return std::fs::read_to_string(repository(&format!("tests/it/{module}.rs"))).unwrap(),
        };
        assert!(repository(path).is_dir(), "{path}");
        String::new()
    };
    let named = promises.split('`').skip(1).step_by(2).filter(|text| text.contains("::"));
    let mut count = 0;
    for test in named {
        let (module, name) = test.split_once("::").unwrap();
        let name = name.split('…').next().unwrap().trim_end_matches('_');
        let source = source(module);
        let name = if ["faults", "pages"].contains(&module) { name.rsplit("::").next().unwrap() } else { name };
        assert!(source.is_empty() || source.contains(&format!("fn {name}")), "{test}");
        count += 1;
    }
    assert!(count >= 12);
}
