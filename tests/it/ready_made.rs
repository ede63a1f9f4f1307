//! What is ready to be copied into other repositories: the action, the templates, the hook, and what `init` writes.

use std::process::Command;

use yaml_rust2::{Yaml, YamlLoader};

use super::check::acme;
use super::world::{World, repository};

fn yaml(name: &str) -> Yaml {
    let text = std::fs::read_to_string(repository(name)).unwrap();
    YamlLoader::load_from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}")).remove(0)
}

/// Every string in it.
fn strings(yaml: &Yaml) -> Vec<String> {
    match yaml {
        Yaml::String(text) => vec![text.clone()],
        Yaml::Array(list) => list.iter().flat_map(strings).collect(),
        Yaml::Hash(map) => map.iter().flat_map(|(key, value)| [strings(key), strings(value)].concat()).collect(),
        _ => Vec::new(),
    }
}

/// The calls of the program in it.
fn commands(yaml: &Yaml) -> Vec<String> {
    let lines = strings(yaml).into_iter().flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>());
    lines.filter_map(|line| line.trim().strip_prefix("dragnet ").map(str::to_owned)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_templates_are_yaml_and_their_commands_are_understood() {
    let world = acme().await;
    let files = [
        "deploy/github/action.yml",
        "deploy/github/workflow.yml",
        "deploy/gitlab/dragnet.gitlab-ci.yml",
        ".pre-commit-hooks.yaml",
    ];
    let mut understood = 0;
    for file in files {
        for command in commands(&yaml(file)) {
            let words: Vec<&str> = command.split_whitespace().collect();
            let ran = world.run(&words).await;
            assert!(
                !ran.err.contains("Usage:") && ran.code == Some(if command.contains("no-network") { 0 } else { 1 }),
                "{file}: {command}\n{}",
                ran.err
            );
            understood += 1;
        }
    }
    assert_eq!(understood, 3);
    for report in ["gl-code-quality-report.json", "dragnet.xml", "dragnet.sarif"] {
        assert!(world.path(report).exists(), "{report}");
    }
    // Nothing that others choose is put into a script.
    for text in strings(&yaml("deploy/github/action.yml"))
        .iter()
        .filter(|text| text.contains("dragnet ") || text.contains("bash "))
    {
        assert!(!text.contains("${{"), "{text}");
    }
}

/// Runs the action's script as a runner would, with the program on the path.
fn action(world: &World, variables: &[(&str, &str)]) -> (i32, String) {
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_dragnet")).parent().unwrap();
    let path = format!("{}:{}", program.display(), option_env!("PATH").unwrap_or("/usr/local/bin:/usr/bin:/bin"));
    let mut command = Command::new("bash");
    command.arg(repository("deploy/github/check.sh")).current_dir(world.path("")).env_clear();
    let output =
        command.env("PATH", path).env("HOME", world.path("")).envs(variables.iter().copied()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap(), text(&output.stdout) + &text(&output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_action_fails_on_what_is_broken_and_lets_a_pull_request_pass_an_outage() {
    let world = acme().await;
    let (code, said) = action(&world, &[("SARIF", "out.sarif")]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("::error file=register.md,line=5"), "{said}");
    assert!(world.path("out.sarif").exists());
    let (code, said) = action(&world, &[("ARGUMENTS", "--fail-on never -q")]);
    assert_eq!(code, 0, "{said}");
    world.github_stage.refuse().await;
    world.jira_stage.refuse().await;
    assert_eq!(action(&world, &[]).0, 3);
    let (code, said) = action(&world, &[("GITHUB_BASE_REF", "main")]);
    assert!(code == 0 && said.contains("::warning title=dragnet::not everything could be told"), "{said}");
    // A pull request without the branch that it goes to is a mistake of the workflow, and no outage.
    let (code, said) = action(&world, &[("GITHUB_BASE_REF", "main"), ("GITHUB_EVENT_NAME", "pull_request")]);
    assert!(code == 2 && said.contains("repository"), "{said}");
}

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
async fn completions_and_the_manual_are_printed() {
    let world = World::new().await;
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = world.run(&["completions", shell]).await.ended(0);
        assert!(ran.out.contains("diff-base"), "{shell}");
    }
    let manual = world.run(&["man"]).await.ended(0).out;
    for word in [".TH dragnet 1", "dragnet check", "diff\\-base", "Exit codes"] {
        assert!(manual.contains(word), "{word}");
    }
}

/// The README's section on CI: its shell lines, and the steps of its workflow.
fn section_on_ci() -> (Vec<String>, Yaml) {
    let readme = std::fs::read_to_string(repository("README.md")).unwrap();
    let (_, section) = readme.split_once("## In CI\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let block = |language: &str| {
        let (_, block) = section.split_once(&format!("```{language}\n")).unwrap();
        block.split("```").next().unwrap().to_owned()
    };
    let steps = YamlLoader::load_from_str(&block("yaml")).unwrap().remove(0);
    (block("sh").lines().map(str::to_owned).collect(), steps)
}

/// Runs a script as a runner would, with the program on the path, in an environment of its own.
fn run_as_written(world: &World, script: &str, variables: &[(&str, &str)]) -> (i32, String) {
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_dragnet")).parent().unwrap();
    let path = format!("{}:{}", program.display(), option_env!("PATH").unwrap_or("/usr/local/bin:/usr/bin:/bin"));
    let api = world.github_stage.url.to_string();
    let mut command = Command::new("bash");
    command.args(["-e", "-c", script]).current_dir(world.path("")).env_clear().env("PATH", path);
    command.env("HOME", world.path("")).env("CI", "true").env("GITHUB_API_URL", api).envs(variables.iter().copied());
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap(), text(&output.stdout) + &text(&output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_readme_s_section_on_ci_runs_as_written() {
    let world = World::new().await;
    std::fs::remove_file(world.path("dragnet.toml")).unwrap();
    std::fs::create_dir(world.path("docs")).unwrap();
    world.github.issue("acme/rocket", 1);
    world.github.deleted("acme/rocket", 7);
    world.write(
        "docs/challenges.md",
        "| Issue | Status |\n|---|---|\n| Slow | acme/rocket#1 |\n| Red | acme/rocket#7 |\n",
    );
    let (lines, steps) = section_on_ci();
    let git = |script: &str| {
        let identity = "git -c user.name=a -c user.email=a@b.example -c commit.gpgsign=false";
        let (code, said) = run_as_written(&world, &script.replace("git", identity), &[]);
        assert_eq!(code, 0, "{script}: {said}");
    };
    git("git init -q -b main");
    for (nth, line) in lines.iter().enumerate() {
        let (code, said) = run_as_written(&world, line, &[("GITHUB_TOKEN", "t0ken")]);
        // The register holds a broken link from the start: the bare check fails, and the baseline takes it.
        assert_eq!(code, i32::from(nth == 1), "{line}: {said}");
        if nth == 0 {
            // All that offline adds: where the GitHub of this run is.
            let text = std::fs::read_to_string(world.path("dragnet.toml")).unwrap();
            let here = format!("kind = \"github\"\napi_url = \"{}\"", world.github_stage.url);
            world.write("dragnet.toml", text.replacen("kind = \"github\"", &here, 1));
        }
    }
    for made in ["dragnet.toml", ".github/workflows/dragnet.yml", "dragnet-baseline.json"] {
        assert!(world.path(made).exists(), "{made}");
    }
    world.write(".gitignore", "dragnet.db*\n*-token\n");
    git("git add -A; git commit -q -m all; git update-ref refs/remotes/origin/main main; git switch -q -c work");
    // The steps of the workflow, on a pull request that touches nothing, then on one that cites what is gone.
    let run = |event: &[(&str, &str)]| {
        let step = steps.as_vec().unwrap().iter().find(|step| !step["run"].is_badvalue()).unwrap();
        let set: Vec<(String, String)> = step["env"]
            .as_hash()
            .into_iter()
            .flatten()
            .map(|(key, value)| {
                (key.as_str().unwrap().to_owned(), value.as_str().unwrap().replace("${{ github.token }}", "t0ken"))
            })
            .collect();
        let mut all: Vec<(&str, &str)> = set.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        all.extend(event);
        run_as_written(&world, step["run"].as_str().unwrap(), &all)
    };
    assert!(steps.as_vec().unwrap().iter().any(|step| step["with"]["fetch-depth"].as_i64() == Some(0)));
    let pull = [("GITHUB_BASE_REF", "main"), ("GITHUB_EVENT_NAME", "pull_request")];
    let (code, said) = run(&pull);
    assert!(code == 0 && said.contains("no findings in what changed"), "{said}");
    let text = std::fs::read_to_string(world.path("docs/challenges.md")).unwrap();
    world.write("docs/challenges.md", text + "| Flaky | acme/rocket#7 |\n");
    git("git add -A; git commit -q -m more");
    let (code, said) = run(&pull);
    assert!(code == 1 && said.contains("::error file=docs/challenges.md,line=5,col=11"), "{said}");
    assert!(world.path("dragnet.sarif").exists());
    // At night everything is looked at.
    let (code, said) = run(&[("GITHUB_EVENT_NAME", "schedule")]);
    assert!(code == 1 && said.contains("::error file=docs/challenges.md,line=4"), "{said}");
    assert!(world.github_stage.requests().iter().all(|asked| asked.header("authorization") == Some("Bearer t0ken")));
}
