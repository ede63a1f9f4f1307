//! What a terminal shows that nothing else does: how far a pass is.

use std::process::{Command, Stdio};

use super::world::World;

/// Runs a program on a terminal of its own, and says what stood there.
const ON_A_TERMINAL: &str = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";

#[tokio::test(flavor = "multi_thread")]
async fn a_pass_shows_its_progress_on_a_terminal_and_in_lines_elsewhere() {
    let world = World::new().await;
    world.register(&[("Builds are slow", "2020-01-01: x", "ARCH-1 acme/rocket#1")]);
    world.jira.issue("ARCH-1");
    world.github.issue("acme/rocket", 1);
    let mut command = Command::new("python3");
    command.args(["-c", ON_A_TERMINAL, env!("CARGO_BIN_EXE_dragnet"), "sync"]).current_dir(world.path(""));
    command.env_clear().env("TERM", "xterm").env("HOME", world.path("")).stdin(Stdio::null());
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{shown}{}", String::from_utf8_lossy(&output.stderr));
    assert!(shown.contains("2 of 2 tickets") && shown.contains("read 1 document, 2 references in them"), "{shown}");
    assert!(!shown.contains("asking for 2 tickets"), "{shown}");

    let lines = world.run(&["sync"]).await.ended(0).err;
    assert!(lines.contains("asking for 2 tickets") && !lines.contains('\u{1b}'), "{lines}");
    assert_eq!(world.run(&["sync", "--quiet"]).await.ended(0).err, "");
}
