//! What is removed when it is old enough, and what never is.

use super::minute;
use crate::domain::retention::Past;
use crate::store::Store;

/// A store with something of every kind; moments are years of January.
async fn aged() -> Store {
    let store = Store::in_memory().await.unwrap();
    let sql = "
        INSERT INTO run (seq, started_at, ended_at) VALUES (1, '2020-01-01T00:00:00Z', '2020-01-01T00:01:00Z'),
            (2, '2021-01-01T00:00:00Z', NULL), (3, '2022-01-01T00:00:00Z', '2022-01-01T00:01:00Z'),
            (4, '2023-01-01T00:00:00Z', NULL);
        INSERT INTO delivery (seq, tracker, id, received_at, nudged) VALUES (1, 'jira', 'a', '2020-01-01T00:00:00Z', 0),
            (2, 'jira', 'b', '2020-01-02T00:00:00Z', 1), (3, 'jira', 'c', '2020-01-03T00:00:00Z', 0),
            (4, 'github', 'a', '2020-01-01T00:00:00Z', 0), (5, 'jira', 'd', '2025-01-01T00:00:00Z', 0);
        INSERT INTO nudge VALUES ('jira:A-1', 2);
        INSERT INTO document (path, source, first_seen_at, retired_at) VALUES ('a.md', 's', '2019-01-01T00:00:00Z', NULL),
            ('old.md', 's', '2019-01-01T00:00:00Z', '2020-06-01T00:00:00Z'),
            ('late.md', 's', '2019-01-01T00:00:00Z', '2025-06-01T00:00:00Z');
        INSERT INTO challenge (document, position, id, title, line, col, status, tickets)
            VALUES ('a.md', 0, 'here', 'Here', 1, 1, '', '[]'), ('old.md', 0, 'gone', 'Gone', 1, 1, '', '[]');
        INSERT INTO reference (document, position, ticket, line, col, text, within, role)
            VALUES ('a.md', 0, 'jira:A-1', 1, 1, 'A-1', 'status', 'remedy'),
                   ('old.md', 0, 'jira:OLD-1', 1, 1, 'OLD-1', 'status', 'remedy'),
                   ('late.md', 0, 'jira:LATE-1', 1, 1, 'LATE-1', 'status', 'remedy');
        INSERT INTO ticket (id, lookup, asked_at) VALUES ('jira:a-1', 'found', '2020-01-01T00:00:00Z'),
            ('jira:OLD-1', 'found', '2020-01-01T00:00:00Z'), ('jira:LATE-1', 'found', '2020-01-01T00:00:00Z'),
            ('jira:TO-1', 'found', '2020-01-01T00:00:00Z'), ('jira:LONE-1', 'found', '2020-01-01T00:00:00Z'),
            ('jira:LONE-2', 'found', '2025-01-01T00:00:00Z'), ('jira:SAID-1', 'found', '2020-01-01T00:00:00Z');
        INSERT INTO sought_row (id, kind, document, name, print) VALUES (1, 'challenge', 'a.md', 'here', 0),
            (2, 'challenge', 'old.md', 'gone', 0), (3, 'ticket', NULL, 'jira:A-1', 0), (4, 'ticket', NULL, 'jira:LONE-1', 0);
        INSERT INTO sought (rowid, title, body) VALUES (1, 'here', ''), (2, 'gone', ''), (3, 'A 1', ''), (4, 'LONE 1', '');
        INSERT INTO follow VALUES ('jira:A-1', 'jira:TO-1', 'named', NULL), ('jira:LONE-1', 'jira:LONE-3', 'named', NULL);
        INSERT INTO decision (ticket, verdict, decided_by, reason, decided_at, basis)
            VALUES ('jira:SAID-1', 'done', 'ada', 'seen', '2020-01-01T00:00:00Z', '{}');
        INSERT INTO ticket_change (ticket, seq, seen_at, field) VALUES ('jira:A-1', 1, '2019-01-01T00:00:00Z', 'lookup'),
            ('jira:LONE-1', 1, '2019-01-01T00:00:00Z', 'lookup');
        INSERT INTO verdict (seq, ticket, judged_at, verdict, confidence, evidence, current) VALUES
            (1, 'jira:A-1', '2019-01-01T00:00:00Z', 'open', 1, '[]', 0),
            (2, 'jira:A-1', '2020-01-01T00:00:00Z', 'done', 1, '[]', 0),
            (3, 'jira:A-1', '2025-01-01T00:00:00Z', 'undone', 1, '[]', 1),
            (4, 'jira:NOBODY-1', '2019-01-01T00:00:00Z', 'open', 1, '[]', 0),
            (5, 'jira:LATE-1', '2019-01-01T00:00:00Z', 'open', 1, '[]', 0);
        INSERT INTO standing (seq, challenge, judged_at, standing, because, priority, current) VALUES
            (1, 'here', '2019-01-01T00:00:00Z', 'promised', '', 1, 0), (2, 'here', '2020-01-01T00:00:00Z', 'cleared', '', 1, 0),
            (3, 'here', '2025-01-01T00:00:00Z', 'promised', '', 1, 1), (4, 'nowhere', '2019-01-01T00:00:00Z', 'promised', '', 1, 0);
        INSERT INTO finding (seq, fingerprint, code, severity, message, first_seen_at, cleared_at) VALUES
            (1, 'a', 'closed-undone', 'warning', 'm', '2018-01-01T00:00:00Z', '2019-01-01T00:00:00Z'),
            (2, 'a', 'closed-undone', 'warning', 'm', '2018-01-01T00:00:00Z', NULL),
            (3, 'b', 'closed-undone', 'warning', 'm', '2018-01-01T00:00:00Z', '2025-01-01T00:00:00Z');";
    store.worker.write("fill", None, move |tx| tx.execute_batch(sql)).await.unwrap();
    store
}

async fn left(store: &Store, sql: &'static str) -> String {
    let all = move |tx: &rusqlite::Connection| {
        tx.query_row(&format!("SELECT coalesce(group_concat(it, ' '), '') FROM ({sql})"), [], |row| row.get(0))
    };
    store.worker.read("read", all).await.unwrap()
}

#[tokio::test]
async fn what_is_over_goes_when_it_is_old_enough_and_nothing_that_a_verdict_rests_on() {
    let store = aged().await;
    for (past, removed, sql, stays) in [
        (Past::Passes, 2, "SELECT seq AS it FROM run ORDER BY seq", "3 4"),
        // One is not followed yet, another tells when its sender was heard last.
        (Past::Deliveries, 2, "SELECT seq AS it FROM delivery ORDER BY seq", "2 4 5"),
        // The second one was in force when what is kept begins; the fifth may be again.
        (Past::Verdicts, 2, "SELECT seq AS it FROM verdict ORDER BY seq", "2 3 5"),
        (Past::Standings, 2, "SELECT seq AS it FROM standing ORDER BY seq", "2 3"),
        (Past::Findings, 1, "SELECT seq AS it FROM finding ORDER BY seq", "2 3"),
        (Past::Documents, 1, "SELECT path AS it FROM document ORDER BY path", "a.md late.md"),
        (
            Past::Tickets,
            2,
            "SELECT id AS it FROM ticket ORDER BY id",
            "jira:a-1 jira:LATE-1 jira:LONE-2 jira:SAID-1 jira:TO-1",
        ),
    ] {
        assert_eq!(store.forget(past, "2024-01-01T00:00:00Z".parse().unwrap()).await.unwrap(), removed, "{past:?}");
        assert_eq!(left(&store, sql).await, stays, "{past:?}");
    }
    assert_eq!(left(&store, "SELECT ticket AS it FROM ticket_change").await, "jira:A-1");
    assert_eq!(left(&store, "SELECT target AS it FROM follow").await, "jira:TO-1");
    assert_eq!(left(&store, "SELECT id AS it FROM challenge").await, "here");
    assert_eq!(left(&store, "SELECT name AS it FROM sought_row ORDER BY id").await, "here jira:A-1");
    assert_eq!(left(&store, "SELECT rowid AS it FROM sought ORDER BY rowid").await, "1 3");
    for past in Past::ALL {
        assert_eq!(store.forget(past, "2024-01-01T00:00:00Z".parse().unwrap()).await.unwrap(), 0, "{past:?} again");
    }
}

#[tokio::test]
async fn many_go_step_by_step_and_that_it_was_done_is_known() {
    let store = Store::in_memory().await.unwrap();
    let fill = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1234)
                INSERT INTO finding (fingerprint, code, severity, message, first_seen_at, cleared_at)
                SELECT n, 'closed-undone', 'info', 'm', '2018-01-01T00:00:00Z', '2019-01-01T00:00:00Z' FROM n";
    store.worker.write("fill", None, move |tx| tx.execute_batch(fill)).await.unwrap();
    assert_eq!(store.forget(Past::Findings, minute(0)).await.unwrap(), 1234);
    assert_eq!(store.last_removal().await.unwrap(), None);
    store.note_removal(minute(3)).await.unwrap();
    assert_eq!(store.last_removal().await.unwrap(), Some(minute(3)));
}
