//! Stores as each version left them, with something in every table: brought to this version whole.

use rusqlite::Connection;
use tempfile::TempDir;

use crate::store::{Store, schema};

/// What stands in a table, for stores of this version and later ones.
const SAMPLES: &[(usize, &str, &str)] = &[
    (1, "lease", "('pass', NULL, 7, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', '2026-01-01T00:01:00Z')"),
    (1, "run (started_at, ended_at, complete)", "('2026-01-01T00:00:00Z', '2026-01-01T00:00:09Z', 1)"),
    (1, "document (path, source, form, kind, fingerprint, first_seen_at, read_at)",
     "('a.md', 'docs', 'markdown', 'register', 'f', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')"),
    (1, "challenge (document, position, id, title, line, col, status, tickets)",
     "('a.md', 0, 'slow-1a2b', 'Slow', 3, 3, 'OPS-7', '[\"jira:OPS-7\"]')"),
    (1, "challenge_seen (document, id, first_seen_at)", "('a.md', 'slow-1a2b', '2026-01-01T00:00:00Z')"),
    (1, "anecdote (document, challenge, position, date, approximate, teams, text, line, col, tickets)",
     "('a.md', 0, 0, '2020-01', 0, '[]', 'x', 3, 9, '[]')"),
    (1, "note (document, challenge, position, ticket, text, line, col)", "('a.md', 0, 0, 'jira:OPS-7', 'never done', 3, 20)"),
    (1, "meeting (document, position, date, line, col, skipped)", "('a.md', 0, '2023-12-13', 9, 1, 0)"),
    (1, "topic (document, meeting, position, text, line, col, assumed, replies, follow_ups, tickets)",
     "('a.md', 0, 0, 'x', 10, 1, 0, '[]', '[]', '[]')"),
    (1, "reference (document, position, ticket, line, col, text, within, role, challenge)",
     "('a.md', 0, 'jira:OPS-7', 3, 14, 'OPS-7', 'status', 'remedy', 0)"),
    (1, "unclaimed (document, position, home, example, line, col, count)", "('a.md', 0, 'XY', 'XY-1', 4, 1, 2)"),
    (1, "problem (document, position, code, line, col, message)", "('a.md', 0, 'malformed-row', 5, 1, 'm')"),
    (1, "tracker (id, worked_at, asked_at)", "('jira', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')"),
    (1, "ticket (id, lookup, asked_at, proven, proven_at, good_at, tracker_id, url, kind, title, closed, state)",
     "('jira:OPS-7', 'found', '2026-01-01T00:00:00Z', 'found', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 'jira:OPS-7',
       'https://j.example/browse/OPS-7', 'issue', 'Slow', 1, 'Closed')"),
    (1, "ticket_change (ticket, seq, seen_at, field, new_value)", "('jira:OPS-7', 1, '2026-01-01T00:00:00Z', 'lookup', 'found')"),
    (1, "verdict (ticket, judged_at, verdict, confidence, evidence, current)",
     "('jira:OPS-7', '2026-01-01T00:00:00Z', 'undone', 0.9, '[]', 1)"),
    (1, "standing (challenge, judged_at, standing, because, priority, current)",
     "('slow-1a2b', '2026-01-01T00:00:00Z', 'broken-promise', 'b', 1, 1)"),
    (1, "finding (fingerprint, code, severity, challenge, ticket, message, first_seen_at)",
     "('f1', 'closed-undone', 'warning', 'slow-1a2b', 'jira:OPS-7', 'm', '2026-01-01T00:00:00Z')"),
    (2, "parked (ticket, turn, parked_at)", "('jira:OPS-8', 'closed', '2026-01-01T00:00:00Z')"),
    (3, "waiver (code, ticket, decided_by, reason, until, decided_at)",
     "('closed-undone', 'jira:OPS-7', 'ada', 'r', '2027-01-01', '2026-01-01T00:00:00Z')"),
    (3, "decision (ticket, verdict, decided_by, reason, decided_at, basis)",
     "('jira:OPS-7', 'done', 'ada', 'r', '2026-01-01T00:00:00Z',
       '{\"judgement\": {\"verdict\": \"undone\", \"confidence\": 0.9, \"evidence\": []}, \"closing\": null}')"),
    (4, "listing (tracker, place, credential, begun_at)", "('jira', '*', 'c', '2026-01-01T00:00:00Z')"),
    (5, "marker (document, position, code, reason, until, line, col, covers)",
     "('a.md', 0, 'closed-undone', 'r', '2027-01-01', 3, 1, 3)"),
    (6, "delivery (tracker, id, received_at, nudged)", "('jira', 'd1', '2026-01-01T00:00:00Z', 1)"),
    (6, "nudge (ticket, delivery)", "('jira:OPS-7', 1)"),
    (8, "follow (ticket, target, why)", "('jira:OPS-7', 'jira:OPS-9', 'named')"),
    (8, "elsewhere (ticket, looked_at, closing, scope, mentions)", "('jira:OPS-7', '2026-01-01T00:00:00Z', '{}', '*', '[]')"),
    (9, "chore (name, done_at)", "('backup', '2026-01-01T00:00:00Z')"),
    (10, "unlooked (ticket, closing, since, last)", "('jira:OPS-7', '{}', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')"),
    (18, "wait (origin, credential, scope, reserve, until, trouble, trouble_says)",
     "('https://j.example', 'c', '', 0, '2026-01-01T01:00:00Z', 'limit', 'slow down')"),
    (11, "fetched (source, tag)", "('wiki', 't')"),
    (11, "copy (source, path, version, fetched_at, body)", "('wiki', 'p', 'v', '2026-01-01T00:00:00Z', x'00')"),
    (12, "detail (ticket, told)", "('jira:OPS-7', '{}')"),
    (14, "written (path, at)", "('a.md', '2026-01-01T00:00:00Z')"),
    (14, "ranked (challenge, document, position, category, standing, priority, since)",
     "('slow-1a2b', 'a.md', 0, '', 'broken-promise', 1, '2026-01-01T00:00:00Z')"),
    (14, "ranked_team (challenge, team, standing)", "('slow-1a2b', 'Payments', 'broken-promise')"),
    (14, "ranked_count (grouped, folded, standing, name, many)", "('all', '', 'broken-promise', '', 1)"),
    (14, "tally (what, name, tracker, many)", "('verdict', 'undone', 'jira', 1)"),
    (14, "sought_row (id, kind, name, print)", "(1, 'ticket', 'jira:OPS-7', 0)"),
    (14, "sought (rowid, title, body)", "(1, 'jira:OPS-7 Slow', '')"),
    (14, "digest (name, since, told_at)", "('leads', '2026-01-01T00:00:00Z', '2026-01-05T09:00:00Z')"),
    (14, "subscriber (digest, address, token)", "('leads', 'ada@example.com', 't')"),
    (14, "outbox (key, digest, recipient, content, queued_at, due_at)",
     "('k', 'leads', '', '{}', '2026-01-05T09:00:00Z', '2026-01-05T09:00:00Z')"),
    (14, "citation (document, position, sort, target, line, col, count)", "('a.md', 0, 'login', 'docs.example', 5, 1, 2)"),
    (14, "target (target, lookup, asked_at)", "('https://docs.example/x', 'unknown', '2026-01-01T00:00:00Z')"),
    (14, "register_change (document, challenge, title, turn, version, seen_at)",
     "('a.md', 'slow-1a2b', 'Slow', 'appeared', 'v', '2026-01-01T00:00:00Z')"),
    (15, "audit (at, decided_by, deed, ticket, reason, after)",
     "('2026-01-01T00:00:00Z', 'ada', 'decided', 'jira:OPS-7', 'r', 'done')"),
    (15, "owner (challenge, position, name, owned_by)", "('slow-1a2b', 0, 'Payments', 'configuration')"),
    (15, "snapshot (scope, name, day, counts)", "('all', '', '2026-01-01', '{}')"),
    (16, "theme (challenge, name)", "('slow-1a2b', 'builds')"),
    (16, "pattern (kind, what, met, many)", "('theme', 'builds', '2020-Q1', 1)"),
    (16, "pattern_basis (id, basis)", "(1, 'f')"),
    // Last: it goes when anything changes that judging looks at.
    (12, "judging (id, terms, since, until)", "(1, 't', '2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z')"),
];

/// What a later version takes away, because the next judging says it again: the table, and the version that does.
const SAID_AGAIN: &[(&str, usize)] = &[("judging", 16), ("owner", 16)];

/// Every table but those that SQLite keeps for itself.
fn tables(store: &Connection) -> Vec<String> {
    let sql = "SELECT name FROM pragma_table_list
               WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite!_%' ESCAPE '!'";
    let mut statement = store.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn count(store: &Connection, table: &str) -> i64 {
    store.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn a10_a_store_of_every_version_keeps_what_is_in_it() {
    let folder = TempDir::new().unwrap();
    for version in 1..=schema::MIGRATIONS.len() {
        let path = folder.path().join(format!("{version}.db"));
        let mut old = Connection::open(&path).unwrap();
        schema::migrate(&mut old, &schema::MIGRATIONS[..version]).unwrap();
        let samples = || SAMPLES.iter().filter(|(since, ..)| *since <= version);
        for (_, columns, row) in samples() {
            old.execute(&format!("INSERT INTO {columns} VALUES {row}"), [])
                .unwrap_or_else(|error| panic!("version {version}, {columns}: {error}"));
        }
        for table in tables(&old) {
            assert!(count(&old, &table) > 0, "version {version}: nothing stands in `{table}`");
        }
        drop(old);
        // Reading alone changes nothing of it.
        let bytes = std::fs::read(&path).unwrap();
        if version < schema::MIGRATIONS.len() {
            let refused = Store::open_existing(&path).await.unwrap_err().to_string();
            assert!(refused.contains(&format!("it has schema version {version}")), "{refused}");
        }
        let contents = Store::inspect(&path).await.unwrap();
        assert_eq!((contents.version, contents.tickets), (i64::try_from(version).unwrap(), 1));
        assert_eq!(std::fs::read(&path).unwrap(), bytes, "version {version}");

        let store = Store::open(&path).await.unwrap();
        let known = store.known().await.unwrap();
        assert_eq!(
            (known.documents.len(), known.tickets.len(), known.first_seen.len()),
            (1, 1, 1),
            "version {version}"
        );
        assert_eq!(
            (known.decisions.len(), known.waivers.len()),
            (usize::from(version >= 3), usize::from(version >= 3))
        );
        assert_eq!(store.history(&"jira:OPS-7".parse().unwrap()).await.unwrap().len(), 1);
        store.look_through().await.unwrap();
        drop(store);
        let new = Connection::open(&path).unwrap();
        for (_, columns, _) in samples() {
            let table = columns.split(' ').next().unwrap();
            let is_left = SAID_AGAIN.iter().all(|(again, taken)| *again != table || *taken <= version);
            assert_eq!(count(&new, table), i64::from(is_left), "version {version}, {table}");
        }
    }
}
