//! Whatever judging reads makes it due when it changes: held against what SQLite says that judging reads.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex};

use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

use super::{answer, closed_ticket, found, minute, minutes, register};
use crate::domain::follow::{Follow, Why};
use crate::store::Store;
use crate::store::desk::Reading;

/// Tables and their columns.
type Columns = BTreeMap<String, BTreeSet<String>>;

/// Tables whose rows come, go and change with their document, whose fingerprint is of all of them.
const OF_DOCUMENTS: [&str; 10] =
    ["anecdote", "challenge", "citation", "marker", "meeting", "note", "problem", "reference", "topic", "unclaimed"];

/// Changes that make no judging due, each with the reason.
const NO_CHANGE: [(&str, &str, &str); 21] = [
    ("document", "path", "another path is another document, which comes and goes"),
    ("document", "title", "is in the fingerprint"),
    ("document", "form", "how it was read; what that came to is in the fingerprint"),
    ("document", "kind", "the same"),
    ("document", "first_seen_at", "never changes"),
    ("document", "read_at", "that it was read again and is as it was is no change"),
    ("document", "trouble_at", "the trouble itself is one"),
    ("document", "digest", "of its bytes, which may say the same in another way"),
    ("elsewhere", "ticket", "another ticket is another row"),
    ("elsewhere", "looked_at", "that it was looked for again and is as it was is no change"),
    ("elsewhere", "scope", "says where to look, and nothing of what was found"),
    ("target", "target", "another target is another row"),
    ("target", "asked_at", "that it was looked for again and is as it was is no change"),
    ("target", "proven_at", "the same"),
    ("ticket", "id", "another ticket is another row"),
    ("ticket", "asked_at", "dates that depend on it are counted in the judging's own end"),
    ("ticket", "proven_at", "the same"),
    ("ticket", "good_at", "the same; the first one comes with facts that were not there"),
    ("ticket", "closing", "stands among the details as well, which are watched"),
    ("ticket", "listed_since", "says how it is to be asked for"),
    ("ticket", "last_look", "the same"),
];

/// A store in which something of everything stands.
async fn filled(path: &Path) {
    let store = Store::open(path).await.unwrap();
    let writer = store.unfenced();
    for read in [register("a.md"), minutes("b.md")] {
        let super::Read { document, references, unclaimed, problems } = read;
        writer.remember_document("s", document, references, unclaimed, problems, minute(0)).await.unwrap();
    }
    let follow = Follow { to: super::id("jira:OPS-9"), why: Why::GaveWay, at: None };
    let follows = [(super::id("jira:OPS-7"), vec![follow])].into();
    let told = ["jira:OPS-7", "jira:OPS-9"].map(|id| answer(id, found(closed_ticket(id, "Won't Do"))));
    writer.remember_told(&told, follows, &[], minute(1)).await.unwrap();
}

/// What judging reads of a store.
fn read_by_judging(path: &Path) -> Columns {
    let seen = Arc::new(Mutex::new(Columns::new()));
    let told = Arc::clone(&seen);
    let mut connection = Connection::open(path).unwrap();
    let watch = move |context: AuthContext<'_>| {
        if let AuthAction::Read { table_name, column_name } = context.action {
            told.lock().unwrap().entry(table_name.to_owned()).or_default().insert(column_name.to_owned());
        }
        Authorization::Allow
    };
    connection.authorizer(Some(watch)).unwrap();
    let reading = Reading::of(&connection, path, "judge").unwrap();
    reading.documents().unwrap();
    reading.waivers().unwrap();
    reading.outline(&|_| true).unwrap();
    let portions = reading.portions(1).unwrap();
    assert!(portions.len() > 2, "rows, and tickets that no row cites");
    for portion in portions {
        let (known, _) = reading.portion(&portion).unwrap();
        assert!(!known.documents.is_empty() || !known.tickets.is_empty());
    }
    drop(reading);
    let seen = std::mem::take(&mut *seen.lock().unwrap());
    // What JSON holds is of the columns that it is read from.
    seen.into_iter().filter(|(table, _)| !table.starts_with("json_") && !table.starts_with("sqlite_")).collect()
}

/// The triggers of a table that make judging due, as written, by their event.
fn triggers(connection: &Connection, table: &str) -> BTreeMap<&'static str, String> {
    let sql =
        "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?1 AND sql LIKE '%DELETE FROM judging%'";
    let mut read = connection.prepare(sql).unwrap();
    let all: Vec<String> = read.query_map([table], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let of = |event: &'static str| {
        let trigger = all.iter().find(|sql| sql.contains(&format!("AFTER {event} ")))?;
        Some((event, trigger.clone()))
    };
    ["INSERT", "UPDATE", "DELETE"].into_iter().filter_map(of).collect()
}

fn columns(connection: &Connection, table: &str) -> BTreeSet<String> {
    let mut read = connection.prepare("SELECT name FROM pragma_table_info(?1)").unwrap();
    read.query_map([table], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// Whether a text has this word.
fn has(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|one| one == word)
}

#[tokio::test]
async fn whatever_judging_reads_makes_it_due() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dragnet.db");
    filled(&path).await;
    let read = read_by_judging(&path);
    let connection = Connection::open(&path).unwrap();
    let mut excused: BTreeSet<(&str, &str, &str)> = BTreeSet::new();
    for table in read.keys().filter(|table| !OF_DOCUMENTS.contains(&table.as_str())) {
        let triggers = triggers(&connection, table);
        // A ticket's history is only ever added to.
        let expected: &[&str] = if table == "ticket_change" { &["INSERT"] } else { &["DELETE", "INSERT", "UPDATE"] };
        assert_eq!(triggers.keys().copied().collect::<Vec<_>>(), expected, "{table}");
        let Some(update) = triggers.get("UPDATE") else { continue };
        let Some((of, when)) = update.split_once("WHEN") else { continue };
        let (when, _) = when.split_once("BEGIN").unwrap();
        for column in columns(&connection, table) {
            let listed = of.contains(" UPDATE OF ");
            let is_watched = has(when, &column) && (!listed || has(of, &column));
            let reason = NO_CHANGE.iter().find(|(of, name, _)| of == table && *name == column);
            assert!(is_watched != reason.is_some(), "{table}.{column} is watched or has a reason, and not both");
            excused.extend(reason);
        }
    }
    assert_eq!(excused.len(), NO_CHANGE.len(), "every reason is for something");
}
