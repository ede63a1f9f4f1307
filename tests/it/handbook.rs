//! docs/operations.md as a story: every command in it is run, in its order, on a machine that is like the one it speaks of.
//!
//! The machine's folders stand below the world's own. `systemctl` and `dpkg` are played: what they do to the daemon is what
//! the unit says. deploy/debian/try.sh installs the package for good.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use dragnet::standin::{self, Chat};

use super::world::{World, free_address, repository};

/// What `systemctl` does to a service whose unit is ours.
const SYSTEMCTL: &str = r#"#!/bin/sh
set -e
pid() { cat "$MACHINE/pid"; }
start() { "$DRAGNET" serve --config "$MACHINE/etc/dragnet/dragnet.toml" 2>> "$MACHINE/log" & echo $! > "$MACHINE/pid"; }
stop() { kill -s TERM "$(pid)"; while kill -s 0 "$(pid)" 2> /dev/null; do sleep 0.1; done; }
case "$*" in
  "enable --now dragnet"|"start dragnet") start;;
  "stop dragnet") stop;;
  "restart dragnet") stop; start;;
  "reload dragnet") "$DRAGNET" config check --quiet --config "$MACHINE/etc/dragnet/dragnet.toml"; kill -s HUP "$(pid)";;
  "kill --signal=USR1 dragnet") kill -s USR1 "$(pid)";;
  *) echo "systemctl $*: not played" >&2; exit 64;;
esac
"#;

/// What `dpkg` does once the package is on the machine: it stays, and the daemon that ran is started again.
const DPKG: &str = r#"#!/bin/sh
set -e
[ "$1" = --install ] || exit 64
if [ -e "$MACHINE/pid" ]; then systemctl restart dragnet; fi
"#;

/// The lines of the page's shell blocks, without what is said behind them.
fn commands() -> Vec<String> {
    let page = std::fs::read_to_string(repository("docs/operations.md")).unwrap();
    let blocks = page.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let lines = blocks.flat_map(str::lines).map(|line| line.split(" #").next().unwrap().trim());
    lines.filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn script(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// The service, ended whatever becomes of the story.
struct Service<'a>(&'a World);

impl Drop for Service<'_> {
    fn drop(&mut self) {
        let end = "kill -s KILL \"$(cat pid)\" 2> /dev/null";
        let _ = Command::new("sh").args(["-c", end]).current_dir(self.0.path("")).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_of_the_operations_page_works_in_its_order() {
    let world = World::new().await;
    world.register(&[("Builds are slow", "2020-01-01: x", "ARCH-1 acme/rocket#7")]);
    world.jira.issue("ARCH-1");
    world.github.issue("acme/rocket", 7);
    for folder in ["bin", "etc/dragnet", "var/lib/dragnet", "var/backups"] {
        std::fs::create_dir_all(world.path(folder)).unwrap();
    }
    let (store, address) = (world.path("var/lib/dragnet/dragnet.db").display().to_string(), free_address());
    let (never, chat) = ("0 3 1 1 *", standin::serve(Chat::Slack).await.unwrap());
    world.write("chat", format!("{}{}\n", chat.url.as_str().trim_end_matches('/'), Chat::Slack.path()));
    world.configure(&format!(
        "[[digest]]\nname = \"leads\"\nkind = \"slack\"\nurl_file = \"chat\"\nschedule = \"{never}\"\n[store]\npath = \"{store}\"\n[serve]\nlisten = \"{address}\"\n[schedule]\nsync = \"{never}\"\nfull = \"{never}\"\n"
    ));
    let here = world.path("").display().to_string();
    let config = std::fs::read_to_string(world.path("dragnet.toml")).unwrap();
    let config = config.replace("path = \"*.md\"", &format!("path = \"{here}*.md\""));
    let config = config.replace("_file = \"", &format!("_file = \"{here}"));
    world.write("etc/dragnet/dragnet.toml", &config);
    // What is found without being named is the same file.
    world.write("dragnet.toml", config);
    script(&world.path("bin/systemctl"), SYSTEMCTL);
    script(&world.path("bin/dpkg"), DPKG);
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_dragnet"), world.path("bin/dragnet")).unwrap();

    let _service = Service(&world);
    let commands = commands();
    assert!(commands.len() > 20, "{commands:?}");
    for command in commands {
        let on_this_machine = ["/etc/dragnet/", "/var/backups/"]
            .iter()
            .fold(command.clone(), |command, folder| command.replace(folder, &format!("{here}{}", &folder[1..])));
        let attempt = async || {
            let mut shell = Command::new("sh");
            shell.args(["-e", "-c", &on_this_machine]).current_dir(world.path("")).env_clear();
            shell.env("PATH", format!("{here}bin:/usr/bin:/bin")).env("HOME", world.path(""));
            shell.env("MACHINE", here.trim_end_matches('/')).env("DRAGNET", env!("CARGO_BIN_EXE_dragnet"));
            // A daemon that is started must not hold the story's own pipes open.
            let said = std::fs::File::create(world.path("said")).unwrap();
            shell.stdin(Stdio::null()).stdout(said.try_clone().unwrap()).stderr(said);
            let status = tokio::task::spawn_blocking(move || shell.status().unwrap()).await.unwrap();
            (status.success(), std::fs::read_to_string(world.path("said")).unwrap())
        };
        // Whoever asks for its health right after a start may come before it listens.
        let mut patience = if command.contains("health") || command.contains("status") { 600 } else { 1 };
        loop {
            let (worked, said) = attempt().await;
            patience -= 1;
            if worked {
                break;
            }
            let log = std::fs::read_to_string(world.path("log")).unwrap_or_default();
            assert!(patience > 0, "`{command}` failed:\n{said}\n--- the daemon's log\n{log}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    let kept = std::fs::read_dir(world.path("var/lib/dragnet")).unwrap().map(|file| file.unwrap().file_name());
    assert!(kept.into_iter().any(|name| name.to_string_lossy().contains(".before-")), "what was replaced is kept");
    let log = std::fs::read_to_string(world.path("log")).unwrap();
    assert!(log.contains("the configuration was read anew"), "{log}");
    assert_eq!(log.matches(" stopped").count(), log.matches(" stopping").count(), "{log}");
}
