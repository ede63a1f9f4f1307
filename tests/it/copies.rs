//! The store as a file: backed up while passes write, put back, looked through, and served by one daemon only.

use std::io::{Seek, SeekFrom, Write};
use std::process::Child;

use rusqlite::Connection;

use super::daemon::{ended, get, stopped, wait_for};
use super::world::{World, free_address, noon, repository, signal};

/// A world whose store holds the answers of one pass.
async fn synced() -> World {
    let world = World::new().await;
    world.register(&[
        ("Builds are slow", "2020-01-01: x", "ARCH-1"),
        ("Tests are flaky", "2020-02-01: y", "acme/app#2"),
    ]);
    world.jira.issue("ARCH-1").status("Closed", "done").resolution("Won't Do", noon("2024-03-01"));
    world.github.issue("acme/app", 2);
    world.run(&["sync"]).await.ended(0);
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn a9_a_backup_made_while_a_pass_writes_is_one_moment_and_comes_back_whole() {
    let world = synced().await;
    let before = world.verdicts().await;
    for ticket in 100..400 {
        world.jira.issue(&format!("ARCH-{ticket}"));
    }
    let many: String = (100..400).map(|ticket| format!("ARCH-{ticket} ")).collect();
    world.write("more.md", format!("# More\n\n{many}\n"));
    let mut pass = world.start(&["sync"]);
    let mut copies = 0;
    while pass.try_wait().unwrap().is_none() {
        copies += 1;
        let name = format!("backup-{copies}.db");
        let made = world.run(&["backup", &name]).await.ended(0);
        assert!(made.out.starts_with(&format!("Backed up to {name} (")), "{}", made.out);
        let whole = world.run(&["verify", &name, "--format", "json"]).await.ended(0);
        let whole: serde_json::Value = serde_json::from_str(&whole.out).unwrap();
        assert!(whole["tickets"].as_u64().unwrap() >= 2, "{whole}");
    }
    assert!(copies > 0, "the pass ended before a backup was made");
    std::fs::remove_file(world.path("more.md")).unwrap();
    world.run(&["sync"]).await.ended(0);
    world.run(&["backup", "last.db"]).await.ended(0);
    let refused = world.run(&["backup", "last.db"]).await.ended(2);
    refused
        .complained(&["cannot write `last.db`: there is a file already", "hint: name another file, or add `--force`"]);
    world.run(&["backup", "last.db", "--force"]).await.ended(0);
    let status = world.run(&["status"]).await.ended(0);
    assert!(status.out.contains("last backup"), "{}", status.out);

    for ending in ["", "-wal", "-shm", ".lock"] {
        let _ = std::fs::remove_file(world.path(&format!("dragnet.db{ending}")));
    }
    world.run(&["restore", "last.db"]).await.ended(0);
    assert_eq!(world.verdicts().await, before);
    world.run(&["sync"]).await.ended(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn restoring_overwrites_nothing_unasked_and_keeps_what_it_replaces() {
    let world = synced().await;
    world.run(&["backup", "good.db"]).await.ended(0);
    let refused = world.run(&["restore", "good.db"]).await.ended(2);
    refused.complained(&["cannot write `dragnet.db`: there is a file already", "--force"]);

    world.sql_run("DELETE FROM verdict");
    let replaced = world.run(&["restore", "good.db", "--force", "--format", "json"]).await.ended(0);
    let told: serde_json::Value = serde_json::from_str(&replaced.out).unwrap();
    let kept = Connection::open(world.path(told["kept"].as_str().unwrap())).unwrap();
    let count = |store: &Connection| store.query_row("SELECT count(*) FROM verdict", [], |row| row.get::<_, i64>(0));
    assert_eq!(count(&kept).unwrap(), 0, "what was replaced is as it was");
    assert!(world.sql::<i64>("SELECT count(*) FROM verdict") > 0);

    // What is no backup is refused before anything is touched.
    world.write("text.db", "no database at all, and long enough to look at");
    Connection::open(world.path("foreign.db")).unwrap().execute_batch("CREATE TABLE places (id)").unwrap();
    damage(&world, "good.db", "damaged.db");
    for (file, words) in [
        ("none.db", "there is none yet"),
        ("text.db", "not an SQLite database"),
        ("foreign.db", "another program's database"),
        ("damaged.db", "the file is damaged"),
    ] {
        world.run(&["restore", file, "--force"]).await.ended(2).complained(&[words]);
        world.run(&["verify", file]).await.ended(2).complained(&[words]);
    }
    assert!(world.sql::<i64>("SELECT count(*) FROM verdict") > 0);
    let left: Vec<_> = std::fs::read_dir(world.path("")).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with(".dragnet-")), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_a_lost_store_left_behind_is_not_taken_for_the_backups() {
    let world = synced().await;
    world.run(&["backup", "good.db"]).await.ended(0);
    // A process that is killed leaves its log; then the store's own file is lost.
    let open = Connection::open(world.path("dragnet.db")).unwrap();
    open.execute_batch("UPDATE ticket SET title = 'from the log'").unwrap();
    std::fs::copy(world.path("dragnet.db-wal"), world.path("left")).unwrap();
    drop(open);
    std::fs::remove_file(world.path("dragnet.db")).unwrap();
    std::fs::rename(world.path("left"), world.path("dragnet.db-wal")).unwrap();
    world.run(&["restore", "good.db"]).await.ended(0);
    assert_eq!(world.sql::<i64>("SELECT count(*) FROM ticket WHERE title = 'from the log'"), 0);
    world.run(&["verify"]).await.ended(0);
}

/// Waits for the daemon's end, which must be that of one whose store is damaged.
async fn ended_by_damage(daemon: Child) {
    let (code, log) = ended(daemon).await;
    assert_eq!(code, Some(2), "{log}");
    for words in ["the file is damaged", "hint: put a backup in its place with `dragnet restore BACKUP --force`"] {
        assert!(log.contains(words), "no `{words}` in\n{log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a6_a_damaged_store_ends_the_daemon_with_what_to_do() {
    let world = synced().await;
    world.run(&["backup", "good.db"]).await.ended(0);
    damage(&world, "dragnet.db", "dragnet.db");
    ended_by_damage(world.start(&["serve", "--listen", &free_address().to_string()])).await;
    world.run(&["doctor"]).await.ended(2);
    world.run(&["restore", "good.db", "--force"]).await.ended(0);
    world.run(&["sync"]).await.ended(0);
}

/// A world whose next pass is due next year, and whose store holds many tickets.
async fn resting() -> World {
    let world = synced().await;
    world.configure("[schedule]\nsync = \"0 3 1 1 *\"\nfull = \"0 3 1 1 *\"\n");
    for ticket in 100..400 {
        world.jira.issue(&format!("ARCH-{ticket}"));
    }
    let many: String = (100..400).map(|ticket| format!("ARCH-{ticket} ")).collect();
    world.write("more.md", format!("# More\n\n{many}\n"));
    world.run(&["sync"]).await.ended(0);
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn a6_damage_that_nothing_has_read_yet_is_found_at_the_start() {
    let world = resting().await;
    spoil(&world, "ticket_change");
    ended_by_damage(world.start(&["serve", "--listen", &free_address().to_string()])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a6_damage_that_a_page_finds_ends_the_daemon() {
    let world = resting().await;
    let address = free_address();
    let daemon = world.start(&["serve", "--listen", &address.to_string()]);
    let looked = || get(address, "/readyz?verbose").filter(|told| told.contains("[+] store: can be written\n"));
    wait_for("the look through the store", looked).await;
    spoil(&world, "ticket_change");
    // Whoever is answered after that is told of trouble; there may be nobody who answers any more.
    if let Some(page) = get(address, "/tickets/jira:ARCH-1").filter(|page| !page.is_empty()) {
        assert!(page.starts_with("HTTP/1.1 500"), "{page}");
    }
    ended_by_damage(daemon).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a6_a_log_that_is_cut_short_loses_its_last_writes_and_nothing_else() {
    let world = resting().await;
    let title = "SELECT title FROM ticket WHERE id = 'jira:ARCH-100'";
    let first = world.sql::<String>(title);
    std::fs::copy(world.path("dragnet.db"), world.path("folded.db")).unwrap();
    let open = Connection::open(world.path("dragnet.db")).unwrap();
    open.execute_batch("PRAGMA wal_autocheckpoint = 0").unwrap();
    let written = ["one", "two", "three"].map(|word| {
        open.execute("UPDATE ticket SET title = ?1 WHERE id = 'jira:ARCH-100'", [word]).unwrap();
        std::fs::metadata(world.path("dragnet.db-wal")).unwrap().len()
    });
    std::fs::copy(world.path("dragnet.db-wal"), world.path("log")).unwrap();
    drop(open);
    let log = std::fs::read(world.path("log")).unwrap();
    let [one, two, three] = written.map(|length| usize::try_from(length).unwrap());
    for (length, expected) in [
        (0, first.as_str()),
        (31, &first),
        (one - 1, &first),
        (one, "one"),
        (two - 4000, "one"),
        (two, "two"),
        (three - 1, "two"),
        (three, "three"),
    ] {
        let _ = std::fs::remove_file(world.path("dragnet.db-shm"));
        std::fs::copy(world.path("folded.db"), world.path("dragnet.db")).unwrap();
        world.write("dragnet.db-wal", &log[..length]);
        // Whoever is killed leaves its name in the lock.
        world.write("dragnet.db.lock", "pid 1 on a machine that lost its power\n");
        let address = free_address();
        let daemon = world.start(&["serve", "--listen", &address.to_string()]);
        wait_for("readiness", || get(address, "/readyz").filter(|told| told.ends_with("\nready\n"))).await;
        assert_eq!(world.sql::<String>(title), expected, "{length} of {three}");
        stopped(daemon).await;
    }
    // A log that is lost when half of it was folded in cannot be made up for, and is not passed over.
    let _ = std::fs::remove_file(world.path("dragnet.db-wal"));
    let pages = std::fs::read(world.path("dragnet.db")).unwrap();
    world.write("dragnet.db", &pages[..pages.len() / 8192 * 4096]);
    ended_by_damage(world.start(&["serve", "--listen", &free_address().to_string()])).await;
    world.run(&["sync"]).await.ended(2).complained(&["the file is damaged", "hint: put a backup in its place"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a7_a_second_daemon_is_refused_and_the_first_goes_on() {
    let world = synced().await;
    world.run(&["backup", "good.db"]).await.ended(0);
    let (first, second) = (free_address(), free_address().to_string());
    let daemon = world.start(&["serve", "--listen", &first.to_string()]);
    wait_for("the page", || get(first, "/healthz")).await;
    let words = ["cannot use store `", "it is served by pid ", "hint: stop that process first"];
    world.run(&["serve", "--listen", &second]).await.ended(2).complained(&words);
    world.run(&["restore", "good.db", "--force"]).await.ended(2).complained(&words);
    // Reading, deciding and passes by hand go on beside it.
    world.run(&["report"]).await.ended(0);
    world.run(&["sync"]).await.ended(0);
    assert!(get(first, "/healthz").is_some());
    // The system gives the lock back whatever way the daemon ends.
    signal(&daemon, "KILL");
    ended(daemon).await;
    let again = free_address();
    let daemon = world.start(&["serve", "--listen", &again.to_string()]);
    wait_for("the page again", || get(again, "/healthz")).await;
    signal(&daemon, "TERM");
    assert_eq!(ended(daemon).await.0, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn people_ask_the_store_with_sql() {
    let world = synced().await;
    let asked: String = world.sql(
        "SELECT challenges_now.standing || ': ' || citations_now.ticket || ' ' || tickets_now.verdict
         FROM challenges_now JOIN citations_now ON citations_now.challenge = challenges_now.id
         JOIN tickets_now ON tickets_now.id = citations_now.ticket WHERE challenges_now.title = 'Builds are slow'",
    );
    assert_eq!(asked, "broken-promise: jira:ARCH-1 undone");
    assert_eq!(world.sql::<i64>("SELECT count(*) FROM findings_now WHERE code = 'closed-undone'"), 1);
    assert_eq!(world.sql::<i64>("SELECT count(*) FROM history WHERE what = 'verdict' AND new_value = 'undone'"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_views_have_the_columns_that_the_page_says_and_its_queries_run() {
    let world = synced().await;
    let page = std::fs::read_to_string(repository("docs/store.md")).unwrap();
    let store = Connection::open(world.path("dragnet.db")).unwrap();
    let mut views = 0;
    for row in page.lines().filter_map(|line| line.strip_prefix("| `")) {
        let cells: Vec<&str> = row.split(" | ").collect();
        let view = cells[0].trim_end_matches('`');
        let said: Vec<String> =
            cells[2].split(", ").map(|name| name.trim_matches(['`', ' ', '|']).to_owned()).collect();
        let statement = store.prepare(&format!("SELECT * FROM {view}")).unwrap();
        assert_eq!(said, statement.column_names().collect::<Vec<_>>(), "{view}");
        views += 1;
    }
    let made =
        store.query_row("SELECT count(*) FROM sqlite_schema WHERE type = 'view'", [], |row| row.get::<_, i32>(0));
    assert_eq!(made.unwrap(), views);
    let queries = page.split("```sql").nth(1).unwrap().split("```").next().unwrap();
    for query in queries.split_inclusive(';').filter(|query| query.contains("SELECT")) {
        let mut statement = store.prepare(query).unwrap();
        assert!(statement.query([]).unwrap().next().unwrap().is_some(), "nothing comes of\n{query}");
    }
}

/// Writes `from` to `to` with a page in its middle that says nothing any more.
fn damage(world: &World, from: &str, to: &str) {
    let bytes = std::fs::read(world.path(from)).unwrap();
    std::fs::write(world.path(to), &bytes).unwrap();
    let mut file = std::fs::OpenOptions::new().write(true).open(world.path(to)).unwrap();
    // The root of the second table and what follows: the schema on the first page stays readable.
    file.seek(SeekFrom::Start(4096)).unwrap();
    file.write_all(&[0xa5; 4 * 4096]).unwrap();
}

/// Makes the pages of a table's rows say nothing any more.
fn spoil(world: &World, table: &str) {
    let leaves = format!("SELECT group_concat(pageno) FROM dbstat WHERE name = '{table}' AND pagetype = 'leaf'");
    let leaves: String = world.sql(&leaves);
    let mut file = std::fs::OpenOptions::new().write(true).open(world.path("dragnet.db")).unwrap();
    for page in leaves.split(',') {
        file.seek(SeekFrom::Start((page.parse::<u64>().unwrap() - 1) * 4096)).unwrap();
        file.write_all(&[0xa5; 4096]).unwrap();
    }
}
