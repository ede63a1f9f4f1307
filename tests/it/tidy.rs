//! Holds the house in order: which room may know which, and that every file says what it is for.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const EDGES: &[&str] = &["clock", "config", "http", "notify", "sources", "store", "telemetry", "trackers"];
const THOUGHT: &[&str] = &["documents", "judge", "plan", "references", "report"];
/// In the order of `lib.rs`: each may call those before it.
const ERRANDS: &[&str] = &["sync", "check", "digest", "web", "daemon", "standin"];
/// Edges that go out to the world use its one client.
const USES_HTTP: &[&str] = &["notify", "sources", "trackers"];

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

/// The rooms that code names, each with its line: what follows `crate::`, one by one or in braces that may span lines
/// and hold braces of their own.
fn named(text: &str) -> Vec<(usize, String)> {
    let code: Vec<&str> = text.lines().map(|line| line.split("//").next().unwrap()).collect();
    let code = code.join("\n");
    let mut named = Vec::new();
    for (at, word) in code.match_indices("crate::") {
        let start = at + word.len();
        let mut depth = 0;
        // Names stand where a list begins and after each of its own commas.
        let mut fresh = true;
        for (offset, letter) in code[start..].char_indices() {
            match letter {
                '{' => depth += 1,
                '}' if depth == 1 => break,
                '}' => depth -= 1,
                ',' if depth == 1 => fresh = true,
                _ if letter.is_whitespace() => {}
                _ if fresh && depth <= 1 => {
                    let name = code[start + offset..].split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap();
                    named.push((code[..start + offset].matches('\n').count() + 1, name.to_owned()));
                    fresh = false;
                    if depth == 0 {
                        break;
                    }
                }
                _ => {}
            }
        }
    }
    named
}

#[test]
fn names_are_found_in_lists_that_nest_and_span_lines() {
    let text = "use crate::store::Store; // not crate::web\nuse crate::{\n    judge::{self, sync},\n    \
                http, documents::read,\n};\nlet x = crate::plan::due(crate::clock::now());";
    let found: Vec<String> = named(text).into_iter().map(|(line, room)| format!("{line} {room}")).collect();
    assert_eq!(found, ["1 store", "3 judge", "4 http", "4 documents", "6 plan", "6 clock"]);
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
        for (line, to) in named(&std::fs::read_to_string(&path).unwrap()) {
            if rooms.contains(to.as_str()) && !allowed(&from, &to) {
                let at = path.strip_prefix(root()).unwrap().display();
                complaints.push(format!("{at}:{line}: `{from}` may not know `{to}`"));
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
        assert!(lines <= 410, "{}: {lines} lines are more than a head holds", path.display());
    }
}
