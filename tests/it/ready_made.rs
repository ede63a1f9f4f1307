//! What is ready to be copied into other repositories: the action, the templates, the hook, and the README's section on CI.

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
    world.write(".gitignore", "dragnet.db*\n*-token\n");
    git(&world, "git init -q -b main; git add -A; git commit -q -m all; git update-ref refs/remotes/origin/main main");
    let (code, said) = action(&world, &[("SARIF", "out.sarif")]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("::error file=register.md,line=5"), "{said}");
    assert!(world.path("out.sarif").exists());
    let (code, said) = action(&world, &[("ARGUMENTS", "--fail-on never -q")]);
    assert_eq!(code, 0, "{said}");
    world.github_stage.refuse().await;
    world.jira_stage.refuse().await;
    assert_eq!(action(&world, &[]).0, 3);
    let pull = ("GITHUB_BASE_REF", "main");
    let (code, said) = action(&world, &[pull]);
    assert!(code == 0 && said.contains("no findings in what changed") && !said.contains("::warning"), "{said}");
    // What it touches could not be told: that is said, and stops nobody, unless it is asked to.
    world.write("notes.md", "ARCH-2 and acme/rocket#1.\n");
    let (code, said) = action(&world, &[pull]);
    assert!(code == 0 && said.contains("::warning title=dragnet::not everything could be told%0A"), "{said}");
    assert_eq!(action(&world, &[pull, ("ARGUMENTS", "--on-unknown fail")]).0, 3);
    // A pull request in a checkout without the branch that it goes to is a mistake of the workflow, and no outage.
    let (code, said) = action(&world, &[("GITHUB_BASE_REF", "trunk")]);
    assert!(code == 2 && said.contains("git knows no commit `origin/trunk`"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hook_takes_the_files_that_are_committed_and_asks_nobody() {
    let world = World::new().await;
    let hook = yaml(".pre-commit-hooks.yaml")[0].clone();
    // What merely warns is shown all the same: pre-commit hides what a hook says that passes.
    assert_eq!(hook["verbose"].as_bool(), Some(true));
    let entry = hook["entry"].as_str().unwrap().strip_prefix("dragnet ").unwrap().to_owned();
    let commit = async |files: &[&str]| world.run(&[&entry.split(' ').collect::<Vec<_>>()[..], files].concat()).await;
    world.write("plain.md", "Nothing cited.\n");
    world.write("good.md", "ARCH-1 and acme/rocket#1\n");
    world.write("wrong.md", "https://github.com/acme/rocket/issues/0\n");
    world.write("over.md", "ARCH-2 <!-- dragnet: ignore closed-undone until 2024-01-31: the rewrite comes -->\n");
    commit(&["plain.md"]).await.ended(0);
    commit(&["plain.md", "good.md"]).await.ended(0);
    let ran = commit(&["good.md", "wrong.md"]).await.ended(0);
    assert!(ran.out.contains("wrong.md:1:1: warning malformed-reference: "), "{}", ran.out);
    let ran = commit(&["over.md", "plain.md"]).await.ended(1);
    assert!(ran.out.contains("over.md:1:8: error expired-waiver: "), "{}", ran.out);
    assert_eq!((world.jira_stage.requests().len(), world.github_stage.requests().len()), (0, 0));
    assert!(!world.path("dragnet.db").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_no_dragnet_yet_installs_it() {
    let world = World::new().await;
    world.write("cargo", "#!/bin/sh\necho cargo \"$@\"\n");
    std::fs::set_permissions(world.path("cargo"), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let install = |script: &str, variables: &[(&str, &str)]| {
        let mut command = Command::new("/bin/bash");
        command.args(["-e", "-c", script]).env_clear().env("PATH", world.path("")).envs(variables.iter().copied());
        let output = command.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.success(), text(&output.stdout) + &text(&output.stderr))
    };
    let step = |name: &str, steps: &Yaml| {
        let found = steps.as_vec().unwrap().iter().find(|step| step["name"].as_str() == Some(name)).unwrap().clone();
        found["run"].as_str().unwrap().to_owned()
    };
    let of_action = step("Install dragnet", &yaml("deploy/github/action.yml")["runs"]["steps"]);
    let (done, said) = install(&of_action, &[("GITHUB_ACTION_PATH", "/a/deploy/github")]);
    assert!(done && said.starts_with("cargo install --locked --path /a/deploy/github/../.."), "{said}");
    let of_workflow = step("Install dragnet", &yaml("deploy/github/workflow.yml")["jobs"]["check"]["steps"]);
    let gitlab = yaml("deploy/gitlab/dragnet.gitlab-ci.yml");
    let of_gitlab = gitlab["dragnet"]["before_script"][0].as_str().unwrap().to_owned();
    for (script, variable) in [(&of_workflow, "DRAGNET"), (&of_gitlab, "DRAGNET_REPOSITORY")] {
        let (done, said) = install(script, &[(variable, "https://forge.example/a/dragnet")]);
        assert!(done && said == "cargo install --locked --git https://forge.example/a/dragnet dragnet\n", "{said}");
        // Nobody said where it is to be had.
        let (done, said) = install(script, &[(variable, "")]);
        assert!(!done && said.contains("DRAGNET_REPOSITORY"), "{said}");
    }
    world.write("dragnet", "");
    std::fs::set_permissions(world.path("dragnet"), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    for script in [&of_action, &of_workflow, &of_gitlab] {
        let (done, said) = install(script, &[]);
        assert!(done && !said.contains("cargo"), "{said}");
    }
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
    let manual = world.run(&["man", "--configuration"]).await.ended(0).out;
    for told in [
        ".TH dragnet.toml 5\n",
        ".SH [[tracker]]\nThe trackers to ask, a block each.",
        ".SS [source.columns]\n",
        ".TP\n\\fBrate\\fR\nHow many requests a second one address may make",
        ".TP\n\\fBkind\\fR\nWhat speaks at the other end. One of: jira, github.\n",
        ".SH [severity]\nHow loud findings are, by their codes. One of: ",
    ] {
        assert!(manual.contains(told), "{told}\n{manual}");
    }
    let schema = world.run(&["config", "schema"]).await.ended(0).out;
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let tables = schema["$defs"].as_object().unwrap().values();
    for key in tables.filter_map(|table| table["properties"].as_object()).flat_map(|keys| keys.keys()) {
        let named = manual.contains(&format!("\\fB{key}\\fR")) || manual.contains(&format!(".{key}]"));
        assert!(named, "{key}");
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

/// The script of the step that checks, for which the token of the run is there.
fn checking(steps: &Yaml) -> String {
    let check = |step: &&Yaml| step["run"].as_str().is_some_and(|run| run.contains("dragnet check"));
    let step = steps.as_vec().unwrap().iter().find(check).unwrap();
    assert_eq!(step["env"]["GITHUB_TOKEN"].as_str(), Some("${{ github.token }}"));
    step["run"].as_str().unwrap().to_owned()
}

/// Runs git in the world's folder as somebody.
fn git(world: &World, script: &str) {
    let identity = "git -c user.name=a -c user.email=a@b.example -c commit.gpgsign=false";
    let (code, said) = run_as_written(world, &script.replace("git ", &format!("{identity} ")), &[]);
    assert_eq!(code, 0, "{script}: {said}");
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
    world.github.deleted("acme/rocket", 8);
    world.write(
        "docs/challenges.md",
        "| Issue | Status |\n|---|---|\n| Slow | acme/rocket#1 |\n| Red | acme/rocket#7 |\n",
    );
    let (lines, steps) = section_on_ci();
    git(&world, "git init -q -b main");
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
    git(
        &world,
        "git add -A; git commit -q -m all; git update-ref refs/remotes/origin/main main; git switch -q -c work",
    );
    assert!(steps.as_vec().unwrap().iter().any(|step| step["with"]["fetch-depth"].as_i64() == Some(0)));
    // The README's steps, the workflow that `init` wrote, and the template of GitLab come to the same.
    let written = std::fs::read_to_string(world.path(".github/workflows/dragnet.yml")).unwrap();
    let workflow = YamlLoader::load_from_str(&written).unwrap().remove(0)["jobs"]["check"]["steps"].clone();
    let gitlab = yaml("deploy/gitlab/dragnet.gitlab-ci.yml")["dragnet"].clone();
    let of_gitlab = gitlab["script"][0].as_str().unwrap().to_owned();
    let github = [steps, workflow].map(|steps| checking(&steps));
    let run = |script: &str, event: &[(&str, &str)]| {
        run_as_written(&world, script, &[event, &[("GITHUB_TOKEN", "t0ken")]].concat())
    };
    let (code, base) = run_as_written(&world, "git rev-parse main", &[]);
    assert_eq!(code, 0, "{base}");
    let pull = [("GITHUB_BASE_REF", "main"), ("GITHUB_EVENT_NAME", "pull_request")];
    let merge = [("CI_MERGE_REQUEST_DIFF_BASE_SHA", base.trim())];
    let night = [("GITHUB_EVENT_NAME", "schedule")];
    let each = || github.iter().map(|script| (script.as_str(), &pull[..])).chain([(of_gitlab.as_str(), &merge[..])]);
    // A pull request that touches nothing; and at night everything is looked at, and what was broken before is known.
    for (script, event) in each() {
        let (code, said) = run(script, event);
        assert!(code == 0 && said.contains("no findings in what changed"), "{said}");
        let (code, said) = run(script, &night);
        assert!(code == 0 && said.contains("2 of them in the baseline") && !said.contains("::error"), "{said}");
    }
    // One that cites what is gone: that stands at its line, and at night as well.
    let text = std::fs::read_to_string(world.path("docs/challenges.md")).unwrap();
    world.write("docs/challenges.md", text + "| Flaky | acme/rocket#8 |\n");
    git(&world, "git add -A; git commit -q -m more");
    for (script, event) in each() {
        for (code, said) in [run(script, event), run(script, &night)] {
            assert!(code == 1 && said.contains("docs/challenges.md") && said.contains("acme/rocket#8"), "{said}");
        }
    }
    assert!(run(&github[0], &pull).1.contains("::error file=docs/challenges.md,line=5,col=11"));
    assert!(world.path("dragnet.sarif").exists() && world.path("gl-code-quality-report.json").exists());
    assert!(world.github_stage.requests().iter().all(|asked| asked.header("authorization") == Some("Bearer t0ken")));
    // An outage stops no pull request, and is told at night. GitLab makes a warning of 3.
    world.github_stage.refuse().await;
    for (script, event) in each() {
        let code = run(script, event).0;
        assert_eq!(code, if script == of_gitlab { 3 } else { 0 });
        assert_eq!(run(script, &night).0, 3);
    }
    assert_eq!(gitlab["allow_failure"]["exit_codes"].as_i64(), Some(3));
}
