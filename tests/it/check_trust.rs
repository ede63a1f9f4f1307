//! What a configuration from a pull request cannot do on a runner.

use super::check::acme;

const CI: (&str, &str) = ("CI", "true");

/// A host with its port, as a run names it.
fn host(url: &url::Url) -> String {
    url.authority().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn under_ci_only_hosts_that_the_run_names_are_asked() {
    let world = acme().await;
    let (jira, github) = (host(&world.jira_stage.url), host(&world.github_stage.url));
    let ran = world.run_with(&[CI], &["check"]).await.ended(2);
    assert!(
        ran.err.contains(&format!("dragnet.toml:10:11: tracker `acme`: in CI, {jira} is asked only if")),
        "{}",
        ran.err
    );
    assert!(ran.err.contains(&format!("--allow-host {jira}")), "{}", ran.err);
    // Another port is another service.
    for other in ["127.0.0.1", "127.0.0.1:1"] {
        world.run_with(&[CI], &["check", "--allow-host", other]).await.ended(2).complained(&["is asked only if"]);
    }
    // Jenkins and Azure Pipelines do not set `CI`.
    for runner in [("JENKINS_URL", "https://jenkins.example/"), ("TF_BUILD", "True")] {
        world.run_with(&[runner], &["check"]).await.ended(2).complained(&["is asked only if"]);
    }
    assert_eq!((world.jira_stage.requests().len(), world.github_stage.requests().len()), (0, 0));
    world.run_with(&[("CI", "false"), ("JENKINS_URL", "https://jenkins.example/")], &["check"]).await.ended(1);
    world.run_with(&[CI], &["check", "--allow-host", &jira, "--allow-host", &github]).await.ended(1);
    world.run_with(&[CI, ("DRAGNET_ALLOW_HOSTS", &format!("x.example, {jira} {github}"))], &["sync"]).await.ended(0);
    // Nobody is asked, so nobody needs leave.
    world.run_with(&[CI], &["check", "--no-network"]).await.ended(0);
    world.run_with(&[CI], &["check", "--offline"]).await.ended(1);
}

#[tokio::test(flavor = "multi_thread")]
async fn under_ci_only_variables_meant_for_it_are_read_and_nothing_is_expanded() {
    let world = acme().await;
    let config = std::fs::read_to_string(world.path("dragnet.toml")).unwrap();
    let with = |from: &str, to: &str| world.write("dragnet.toml", config.replacen(from, to, 1));
    let (jira, github) = (host(&world.jira_stage.url), host(&world.github_stage.url));
    let allowed = ["check", "--allow-host", jira.as_str(), "--allow-host", github.as_str()];
    let variables =
        [CI, ("AWS_SECRET_ACCESS_KEY", "s3cret"), ("GITHUB_TOKEN", "s3cret"), ("DRAGNET_JIRA", "jira-s3cret")];
    for (to, word) in [
        ("token_env = \"AWS_SECRET_ACCESS_KEY\"", "may not name the variable AWS_SECRET_ACCESS_KEY"),
        ("token_env = \"GITHUB_TOKEN\"", "GITHUB_TOKEN goes to GitHub's own host only"),
        ("token_file = \"/etc/passwd\"", "`/etc/passwd` may not be read"),
        ("token_file = \"${GITHUB_TOKEN}\"", "cannot read `${GITHUB_TOKEN}`"),
    ] {
        with("token_file = \"jira-token\"", to);
        let ran = world.run_with(&variables, &allowed).await.ended(2).complained(&[word]);
        assert!(!ran.err.contains("s3cret"), "{}", ran.err);
    }
    with("token_file = \"jira-token\"", "token_env = \"DRAGNET_JIRA\"");
    world.run_with(&variables, &allowed).await.ended(1);
    // The runner's own token goes to the GitHub that the runner names, and nowhere else.
    let here = world.github_stage.url.to_string();
    with("token_file = \"github-token\"", "token_env = \"GITHUB_TOKEN\"");
    world.run_with(&variables, &allowed).await.ended(2).complained(&["GITHUB_TOKEN goes to GitHub's own host"]);
    world.run_with(&[&variables[..], &[("GITHUB_API_URL", &here)]].concat(), &allowed).await.ended(1);
}

#[tokio::test(flavor = "multi_thread")]
async fn under_ci_documents_outside_of_the_checkout_stay_unread() {
    let world = acme().await;
    let outside = tempfile::tempdir().unwrap();
    let secret = outside.path().join("secret.md");
    std::fs::write(&secret, "ARCH-1 s3cret https://github.com/acme/rocket/issues/7").unwrap();
    std::os::unix::fs::symlink(&secret, world.path("linked.md")).unwrap();
    let ran = world.run_with(&[CI], &["check", "linked.md", "--no-network"]).await.ended(2);
    assert!(ran.err.contains("cannot read `linked.md`: it leads out of the checkout"), "{}", ran.err);
    let ran = world.run_with(&[CI], &["check", "--no-network"]).await.ended(3);
    assert!(ran.err.contains("it leads out of the checkout") && !ran.out.contains("s3cret"), "{}{}", ran.out, ran.err);
    std::fs::remove_file(world.path("linked.md")).unwrap();
    let config = std::fs::read_to_string(world.path("dragnet.toml")).unwrap();
    world.write("dragnet.toml", config.replace("\"*.md\"", &format!("\"{}\"", secret.display())));
    let ran = world.run_with(&[CI], &["check", "--no-network"]).await.ended(3);
    assert!(ran.err.contains("it leads out of the checkout"), "{}", ran.err);
    // What there is outside is not listed either, whichever way a pattern leads there.
    std::os::unix::fs::symlink(outside.path(), world.path("folder")).unwrap();
    let all = format!("{}/*", outside.path().display());
    let missing = outside.path().join("missing.md");
    for pattern in [all.as_str(), "folder/*", "*/*.md", "*/../../*", missing.to_str().unwrap()] {
        world.write("dragnet.toml", config.replace("\"*.md\"", &format!("\"{pattern}\"")));
        let ran = world.run_with(&[CI], &["check", "--no-network"]).await.ended(3);
        assert_eq!(ran.err.matches("leads out").count(), 1, "{pattern}: {}", ran.err);
        assert!(ran.err.contains(&format!("cannot read `{pattern}`: it leads out of the checkout")), "{}", ran.err);
        assert!(!format!("{}{}", ran.out, ran.err).contains("secret.md"), "{pattern}: {}{}", ran.out, ran.err);
    }
    std::os::unix::fs::symlink(&secret, world.path("dragnet-baseline.json")).unwrap();
    let ran = world.run_with(&[CI], &["check", "--no-network", "--pipeline"]).await.ended(2);
    assert!(ran.err.contains("`dragnet-baseline.json`: it leads out of the checkout"), "{}", ran.err);
    std::fs::remove_file(world.path("dragnet-baseline.json")).unwrap();
    // Whoever writes the command line may name what they like.
    world.run_with(&[CI], &["check", "--no-network", secret.to_str().unwrap()]).await.ended(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn under_ci_nothing_is_written_outside_of_the_checkout_and_what_git_keeps_stays_unread() {
    let world = acme().await;
    let outside = tempfile::tempdir().unwrap();
    let config = std::fs::read_to_string(world.path("dragnet.toml")).unwrap();
    let there = outside.path().join("there.db");
    std::os::unix::fs::symlink(&there, world.path("linked.db")).unwrap();
    std::os::unix::fs::symlink(outside.path(), world.path("folder")).unwrap();
    let (jira, github) = (host(&world.jira_stage.url), host(&world.github_stage.url));
    let allowed = ["check", "--allow-host", jira.as_str(), "--allow-host", github.as_str()];
    let above = format!("../{}.db", outside.path().file_name().unwrap().to_str().unwrap());
    for store in [there.to_str().unwrap(), above.as_str(), "linked.db", "folder/x.db", ".git/x.db"] {
        std::fs::create_dir_all(world.path(".git")).unwrap();
        world.write("dragnet.toml", format!("[store]\npath = \"{store}\"\n{config}"));
        let ran = world.run_with(&[CI], &allowed).await.ended(2);
        assert!(ran.err.contains("in CI, the store `") && ran.err.contains("may not be written"), "{}", ran.err);
    }
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
    assert!(!world.path(&above).exists());
    world.write("dragnet.toml", format!("[store]\npath = \"below.db\"\n{config}"));
    world.run_with(&[CI], &allowed).await.ended(1);
    // A checkout leaves the run's credentials there.
    world.write(".git/config", "extraheader = AUTHORIZATION: basic s3cret ARCH-0\n");
    let ran = world.run_with(&[CI], &["check", "--no-network", ".git/config"]).await.ended(2);
    assert!(ran.err.contains("cannot read `.git/config`") && !ran.out.contains("s3cret"), "{}{}", ran.out, ran.err);
    world.write("dragnet.toml", config.replacen("token_file = \"jira-token\"", "token_file = \".git/config\"", 1));
    world.run_with(&[CI], &allowed).await.ended(2).complained(&["`.git/config` may not be read"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_wrote_is_no_command_to_the_runner() {
    let world = acme().await;
    // A name, a tracker's name and a path are others' words as well, and standard error is read for commands too.
    world.write("b\n::error::b.md", b"\0");
    let ran = world.run(&["check"]).await.ended(1);
    assert!(ran.err.contains("cannot read `b\n:\u{200b}:error::b.md`"), "{}", ran.err);
    std::fs::remove_file(world.path("b\n::error::b.md")).unwrap();
    let config = std::fs::read_to_string(world.path("dragnet.toml")).unwrap();
    world.write("dragnet.toml", config.replacen("name = \"acme\"", "name = \"\"\"a\n::error::x\"\"\"", 1));
    let ran = world.run_with(&[CI], &["check"]).await.ended(2);
    assert!(!ran.err.lines().any(|line| line.trim_start().starts_with("::")), "{}", ran.err);
    world.write("dragnet.toml", config);
    world.write("a.md", "::error::x ##[error]y https://github.com/acme/rocket/issues/7 %0A::set-output\n");
    for format in ["text", "github"] {
        let out = world.run(&["check", "a.md", "--format", format]).await.ended(1).out;
        let commands = out.lines().filter(|line| line.trim_start().starts_with("::")).count();
        assert_eq!(commands, usize::from(format == "github"), "{out}");
        assert!(!out.contains("##["), "{out}");
    }
}
