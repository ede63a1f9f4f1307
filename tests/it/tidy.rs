//! Holds the house in order: which room may know which, and that every file says what it is for.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const EDGES: &[&str] = &["clock", "config", "http", "sources", "store", "telemetry", "trackers"];
const THOUGHT: &[&str] = &["documents", "judge", "plan", "references", "report"];
/// In the order of `lib.rs`: each may call those before it.
const ERRANDS: &[&str] = &["sync", "check", "web", "daemon", "standin"];
/// Edges that go out to the world use its one client.
const USES_HTTP: &[&str] = &["sources", "trackers"];

/// Whether a file of room `from` may name room `to`.
fn allowed(from: &str, to: &str) -> bool {
    if from == to || from == "cli" {
        return true;
    }
    match to {
        "domain" => true,
        "http" if USES_HTTP.contains(&from) => true,
        // The stand-ins play the trackers' side: they know words only.
        _ if from == "standin" => false,
        _ => match ERRANDS.iter().position(|errand| *errand == from) {
            Some(own) => {
                EDGES.contains(&to)
                    || THOUGHT.contains(&to)
                    || ERRANDS.iter().position(|errand| *errand == to).is_some_and(|other| other < own)
            }
            None => false,
        },
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The room of a file below `src`: its first folder, or its name.
fn room(path: &Path) -> String {
    let inside = path.strip_prefix(root().join("src")).unwrap();
    inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned()
}

/// The rooms that a line of code names: what follows `crate::`, one by one or in braces.
fn named(line: &str) -> Vec<String> {
    let code = line.split("//").next().unwrap();
    code.match_indices("crate::")
        .flat_map(|(at, word)| {
            let rest = &code[at + word.len()..];
            let list = match rest.strip_prefix('{') {
                Some(list) => list.split('}').next().unwrap().split(',').map(str::trim).collect(),
                None => vec![rest],
            };
            list.into_iter()
                .map(|path| {
                    path.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect::<String>()
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn no_room_knows_what_it_should_not() {
    let rooms: BTreeSet<&str> = [&["domain", "cli"], EDGES, THOUGHT, ERRANDS].into_iter().flatten().copied().collect();
    let mut complaints = Vec::new();
    for path in rust_files(&root().join("src")) {
        let from = room(&path);
        if ["lib", "main"].contains(&from.as_str()) {
            continue;
        }
        assert!(rooms.contains(from.as_str()), "{}: a room that the house does not have", path.display());
        for (number, line) in std::fs::read_to_string(&path).unwrap().lines().enumerate() {
            for to in named(line) {
                if rooms.contains(to.as_str()) && !allowed(&from, &to) {
                    let at = path.strip_prefix(root()).unwrap().display();
                    complaints.push(format!("{at}:{}: `{from}` may not know `{to}`", number + 1));
                }
            }
        }
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn lib_lists_every_room_once() {
    let lib = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let listed: Vec<&str> = lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let known: BTreeSet<&str> = [&["domain", "cli"], EDGES, THOUGHT, ERRANDS].into_iter().flatten().copied().collect();
    assert_eq!(listed.iter().copied().collect::<BTreeSet<_>>(), known);
    assert_eq!(listed.len(), known.len());
}

#[test]
fn every_file_says_what_it_is_for_and_stays_readable() {
    let folders = ["src", "tests", "benches"].map(|folder| root().join(folder));
    for path in folders.iter().filter(|folder| folder.exists()).flat_map(|folder| rust_files(folder)) {
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//! "), "{}: does not open with a `//!` sentence", path.display());
        let lines = text.lines().count();
        assert!(lines <= 600, "{}: {lines} lines are more than a head holds", path.display());
    }
}
