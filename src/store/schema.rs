//! The schema's versions, and how a store comes from one to the next.

use rusqlite::{Connection, TransactionBehavior};

/// `drgn` in ASCII: marks an SQLite file as a dragnet store.
pub(super) const APPLICATION_ID: i32 = 0x6472_676e;

/// Append-only: the version of a schema is the number of entries applied. Released entries are never edited.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("schema/v1.sql"),
    include_str!("schema/v2.sql"),
    include_str!("schema/v3.sql"),
    include_str!("schema/v4.sql"),
    include_str!("schema/v5.sql"),
    include_str!("schema/v6.sql"),
    include_str!("schema/v7.sql"),
    include_str!("schema/v8.sql"),
    include_str!("schema/v9.sql"),
    include_str!("schema/v10.sql"),
    include_str!("schema/v11.sql"),
    include_str!("schema/v12.sql"),
    include_str!("schema/v13.sql"),
    include_str!("schema/v14.sql"),
    include_str!("schema/v15.sql"),
    include_str!("schema/v16.sql"),
    include_str!("schema/v17.sql"),
    include_str!("schema/v18.sql"),
    include_str!("schema/v19.sql"),
    include_str!("schema/v20.sql"),
];

/// The views of the newest version. Nothing of ours reads them, so they are made anew with every migration: a table
/// that one looks at could not be changed otherwise.
const VIEWS: &str = include_str!("schema/views.sql");

/// What makes way for them.
const NO_VIEWS: &str = "DROP VIEW IF EXISTS tickets_now; DROP VIEW IF EXISTS challenges_now;
    DROP VIEW IF EXISTS citations_now; DROP VIEW IF EXISTS findings_now; DROP VIEW IF EXISTS history;";

/// The version that this program reads and writes.
pub(super) fn known_version() -> i64 {
    version_of(MIGRATIONS)
}

fn version_of(migrations: &[&str]) -> i64 {
    i64::try_from(migrations.len()).expect("a list in memory is shorter than i64::MAX")
}

/// What the file at the other end of a connection turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recognised {
    /// An SQLite file without anything in it: a store that was never filled.
    Empty,
    /// A store of this program's version.
    Ours,
    /// A store of an earlier version, which a migration brings to this one.
    Older(i64),
    /// A store of a version that this program does not know.
    Newer(i64),
    /// Another program's database.
    Foreign,
}

/// Tells whose database this is. Writes nothing.
pub(super) fn recognise(connection: &Connection) -> rusqlite::Result<Recognised> {
    // One moment of it: another process may be making it a store right now.
    let connection = connection.unchecked_transaction()?;
    let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version = version(&connection)?;
    if application == APPLICATION_ID {
        return Ok(compare(version, known_version()));
    }
    let objects: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(if application == 0 && version == 0 && objects == 0 { Recognised::Empty } else { Recognised::Foreign })
}

/// What a store of version `found` is to a program that knows `known`.
fn compare(found: i64, known: i64) -> Recognised {
    match found {
        ..=0 => Recognised::Foreign,
        older if older < known => Recognised::Older(older),
        newer if newer > known => Recognised::Newer(newer),
        _ => Recognised::Ours,
    }
}

/// The version of the schema in the file.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Writes the version that stands there: a write that changes nothing.
pub(super) fn rewrite_version(transaction: &Connection) -> rusqlite::Result<()> {
    transaction.pragma_update(None, "user_version", version(transaction)?)
}

/// Applies what is missing, each entry in one transaction: a kill leaves a whole version, the old or the new one.
pub(super) fn migrate(connection: &mut Connection, migrations: &[&str]) -> rusqlite::Result<()> {
    while version(connection)? < version_of(migrations) {
        let step = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Read again under the write lock: another process may have come first.
        let from = version(&step)?;
        let Some(sql) = usize::try_from(from).ok().and_then(|from| migrations.get(from)) else { break };
        step.execute_batch(NO_VIEWS)?;
        step.execute_batch(sql)?;
        if from + 1 == known_version() {
            step.execute_batch(VIEWS)?;
        }
        step.pragma_update(None, "application_id", APPLICATION_ID)?;
        step.pragma_update(None, "user_version", from + 1)?;
        step.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_leaves_the_version_before_whole() {
        let mut connection = Connection::open_in_memory().unwrap();
        let broken = [MIGRATIONS[0], "CREATE TABLE extra (x INTEGER) STRICT; SELECT no_such_function();"];
        assert!(migrate(&mut connection, &broken).is_err());
        assert_eq!(version(&connection).unwrap(), 1);
        let extra: i64 = connection
            .query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'extra'", [], |row| row.get(0))
            .unwrap();
        assert_eq!(extra, 0);
        assert_eq!(recognise(&connection).unwrap(), Recognised::Older(1));
    }

    #[test]
    fn steps_are_taken_once_and_in_order_and_keep_what_is_there() {
        let mut connection = Connection::open_in_memory().unwrap();
        assert_eq!(recognise(&connection).unwrap(), Recognised::Empty);
        migrate(&mut connection, &[MIGRATIONS[0]]).unwrap();
        connection.execute("INSERT INTO run (started_at) VALUES ('2026-01-01T00:00:00Z')", []).unwrap();
        let longer = [MIGRATIONS[0], "CREATE TABLE two (x INTEGER) STRICT;", "INSERT INTO two SELECT seq FROM run;"];
        migrate(&mut connection, &longer).unwrap();
        migrate(&mut connection, &longer).unwrap();
        assert_eq!(version(&connection).unwrap(), 3);
        let copied: i64 = connection.query_row("SELECT count(*) FROM two", [], |row| row.get(0)).unwrap();
        assert_eq!(copied, 1);
    }

    #[test]
    fn a_store_of_the_first_version_keeps_what_is_in_it() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &MIGRATIONS[..1]).unwrap();
        connection.execute("INSERT INTO run (started_at) VALUES ('2026-01-01T00:00:00Z')", []).unwrap();
        migrate(&mut connection, MIGRATIONS).unwrap();
        let (runs, parked): (i64, i64) = connection
            .query_row("SELECT (SELECT count(*) FROM run), (SELECT count(*) FROM parked)", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .unwrap();
        assert_eq!((runs, parked, version(&connection).unwrap()), (1, 0, known_version()));
    }

    #[test]
    fn what_surrounds_closings_is_kept_when_it_moves_to_a_table_of_its_own() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &MIGRATIONS[..11]).unwrap();
        let tickets = r#"INSERT INTO ticket (id, lookup, asked_at, details) VALUES
            ('jira:A-1', 'found', '2026-01-01T00:00:00Z', '{"closing":{"at":"then"},"labels":["a"]}'),
            ('jira:A-2', 'found', '2026-01-01T00:00:00Z', '{"labels":[]}'),
            ('jira:A-3', 'found', '2026-01-01T00:00:00Z', NULL)"#;
        connection.execute(tickets, []).unwrap();
        migrate(&mut connection, MIGRATIONS).unwrap();
        let sql = "SELECT id, closing, told FROM ticket LEFT JOIN detail ON detail.ticket = ticket.id ORDER BY id";
        let mut kept = connection.prepare(sql).unwrap();
        let kept = kept.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        let kept: Vec<(String, Option<String>, Option<String>)> = kept.map(Result::unwrap).collect();
        let text = |text: &str| Some(text.to_owned());
        let told = text(r#"{"closing":{"at":"then"},"labels":["a"]}"#);
        assert_eq!(kept[0], ("jira:A-1".to_owned(), text(r#"{"at":"then"}"#), told));
        assert_eq!(kept[1], ("jira:A-2".to_owned(), None, text(r#"{"labels":[]}"#)));
        assert_eq!(kept[2], ("jira:A-3".to_owned(), None, None));
    }

    #[test]
    fn what_was_decided_before_there_was_an_audit_trail_opens_it() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &MIGRATIONS[..13]).unwrap();
        connection
            .execute_batch(
                "INSERT INTO waiver (code, ticket, decided_by, reason, until, decided_at, ended_at) VALUES
                    ('closed-undone', 'jira:A-1', 'Ada', 'later', '2026-03-01', '2026-01-01T00:00:00Z', '2026-01-03T00:00:00Z'),
                    ('closed-undone', 'jira:A-1', 'Bob', 'later still', '2026-04-01', '2026-01-03T00:00:00Z', '2026-01-04T00:00:00Z');
                 INSERT INTO decision (ticket, verdict, decided_by, reason, decided_at, basis) VALUES
                    ('jira:A-2', 'done', 'Ada', 'it shipped', '2026-01-02T00:00:00Z', '{}');",
            )
            .unwrap();
        migrate(&mut connection, MIGRATIONS).unwrap();
        let sql =
            "SELECT concat_ws(' ', substr(at, 9, 2), decided_by, deed, ticket, before, after) FROM audit ORDER BY seq";
        let mut told = connection.prepare(sql).unwrap();
        let told: Vec<String> = told.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        assert_eq!(
            told,
            [
                "01 Ada accepted jira:A-1 accepted until 2026-03-01",
                "02 Ada decided jira:A-2 done",
                "03 Bob accepted jira:A-1 accepted until 2026-04-01",
                "04 took-back jira:A-1 accepted until 2026-04-01",
            ]
        );
    }

    #[test]
    fn what_a_store_of_before_knows_is_listed_and_found() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &MIGRATIONS[..13]).unwrap();
        connection
            .execute_batch(
                r#"INSERT INTO document (path, source, first_seen_at) VALUES ('a.md', 's', '2026-01-01T00:00:00Z');
                INSERT INTO document (path, source, first_seen_at, retired_at)
                VALUES ('b.md', 's', '2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z');
                INSERT INTO challenge (document, position, id, category, title, line, col, status, tickets) VALUES
                    ('a.md', 0, 'slow', ' Builds ', 'Builds are slow', 3, 1, 'OPS-1', '["jira:OPS-1"]'),
                    ('a.md', 1, 'new', NULL, 'Tests fail', 4, 1, '', '[]'),
                    ('b.md', 0, 'old', 'Builds', 'Was retired', 3, 1, '', '[]');
                INSERT INTO anecdote (document, challenge, position, approximate, teams, text, line, col, tickets) VALUES
                    ('a.md', 0, 0, 0, '["Payments","Search"]', 'a release waited', 3, 1, '[]'),
                    ('a.md', 0, 1, 0, '["payments"," "]', 'again', 3, 9, '[]');
                INSERT INTO standing (challenge, judged_at, standing, because, priority, current)
                VALUES ('slow', '2026-01-02T00:00:00Z', 'broken-promise', 'x', 1, 1);
                INSERT INTO verdict (ticket, judged_at, verdict, confidence, evidence, current)
                VALUES ('jira:OPS-1', '2026-01-02T00:00:00Z', 'undone', 0.9, '[]', 1);
                INSERT INTO ticket (id, lookup, asked_at, title) VALUES ('jira:OPS-1', 'found', '2026-01-01T00:00:00Z', 'A cache');
                INSERT INTO meeting (document, position, date, line, col, skipped) VALUES ('a.md', 0, '2026-01-01', 1, 1, 0);
                INSERT INTO topic (document, meeting, position, text, line, col, assumed, replies, follow_ups, tickets)
                VALUES ('a.md', 0, 0, 'the upgrade', 2, 1, 0, '[{"text":"it waits"}]', '[]', '[]');"#,
            )
            .unwrap();
        migrate(&mut connection, MIGRATIONS).unwrap();
        let all = |sql: &str| -> Vec<String> {
            let mut rows = connection.prepare(sql).unwrap();
            rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
        };
        let ranked =
            "SELECT concat_ws(' ', challenge, category, standing, priority, since) FROM ranked ORDER BY position";
        assert_eq!(all(ranked), ["slow Builds broken-promise 1 2026-01-02T00:00:00Z", "new  unknown 4294967295"]);
        let teams = "SELECT concat_ws(' ', challenge, team, standing) FROM ranked_team ORDER BY team";
        assert_eq!(all(teams), ["slow Payments broken-promise", "slow Search broken-promise"]);
        assert_eq!(all("SELECT concat_ws(' ', what, name, tracker, many) FROM tally"), ["verdict undone jira 1"]);
        let found = |words: &str| {
            let sql =
                "SELECT concat_ws(' ', kind, name) FROM sought JOIN sought_row ON id = sought.rowid WHERE sought MATCH";
            all(&format!("{sql} '{words}'"))
        };
        assert_eq!(found("waited payments"), ["challenge slow"]);
        assert_eq!(found("retired"), ["challenge old"]);
        assert_eq!(found("cache"), ["ticket jira:OPS-1"]);
        assert_eq!(found("upgrade waits"), ["topic 0/0"]);
    }

    #[test]
    fn what_trackers_asked_us_to_wait_for_is_kept_for_all_who_ask_there() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &MIGRATIONS[..17]).unwrap();
        let wait = |scope: &str| {
            format!(
                r#"{{"scope":"{scope}","credential":"c","until":"2026-01-01T01:00:00Z","trouble":{{"kind":"limit","says":"slow"}}}}"#
            )
        };
        for (id, api, waits) in [
            ("github", "https://api.example/", format!("[{},{}]", wait("core"), wait("graphql"))),
            ("jira", "http://127.0.0.1:8080/jira", format!("[{}]", wait(""))),
            ("jira@new", "https://new.example/", "[]".to_owned()),
        ] {
            let sql = "INSERT INTO tracker (id, api_url, waits) VALUES (?1, ?2, ?3)";
            connection.execute(sql, [id, api, &waits]).unwrap();
        }
        migrate(&mut connection, MIGRATIONS).unwrap();
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        let waits = crate::store::trackers::waits(&connection, now).unwrap();
        let told: Vec<String> =
            waits.iter().map(|it| format!("{} {} {} {}", it.origin, it.scope, it.reserve, it.trouble.says)).collect();
        let expected =
            ["http://127.0.0.1:8080  0 slow", "https://api.example core 0 slow", "https://api.example graphql 0 slow"];
        assert_eq!(told, expected);
    }

    #[test]
    fn databases_of_others_are_told_apart() {
        for (sql, expected) in [
            ("PRAGMA application_id = 252006673", Recognised::Foreign),
            ("PRAGMA user_version = 4", Recognised::Foreign),
            ("PRAGMA application_id = 0x6472676e", Recognised::Foreign),
            ("PRAGMA application_id = 0x6472676e; PRAGMA user_version = -1", Recognised::Foreign),
            ("PRAGMA application_id = 0x6472676e; PRAGMA user_version = 99", Recognised::Newer(99)),
            ("CREATE TABLE moz_places (id INTEGER)", Recognised::Foreign),
            ("SELECT 1", Recognised::Empty),
        ] {
            let connection = Connection::open_in_memory().unwrap();
            connection.execute_batch(sql).unwrap();
            assert_eq!(recognise(&connection).unwrap(), expected, "{sql}");
        }
    }

    #[test]
    fn versions_are_told_apart() {
        for (found, known, expected) in [
            (-1, 3, Recognised::Foreign),
            (0, 3, Recognised::Foreign),
            (1, 3, Recognised::Older(1)),
            (2, 3, Recognised::Older(2)),
            (3, 3, Recognised::Ours),
            (4, 3, Recognised::Newer(4)),
        ] {
            assert_eq!(compare(found, known), expected, "{found} of {known}");
        }
    }

    #[test]
    fn every_table_says_what_it_is_for() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, MIGRATIONS).unwrap();
        let mut tables = connection
            .prepare(
                "SELECT name, sql FROM sqlite_schema JOIN pragma_table_list USING (name)
                                WHERE pragma_table_list.type IN ('table', 'view') AND name NOT LIKE 'sqlite%'",
            )
            .unwrap();
        let tables: Vec<(String, String)> =
            tables.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
        assert!(tables.len() > 15);
        for (name, sql) in tables {
            let second_line = sql.lines().nth(1).unwrap_or_default().trim();
            assert!(second_line.starts_with("-- "), "{name} opens without a comment");
        }
    }
}
