//! The daemon killed again and again, at any moment, while tickets change and digests are sent.

use std::time::{Duration, Instant};

use super::world::{World, free_address, noon};
use super::{DIGEST, TIME_PASSES, all_is_well, all_was_told, ask, below, chat, fill};

/// How often it is killed: `DRAGNET_KILLS`, or five hundred times.
fn kills() -> u64 {
    std::env::var("DRAGNET_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(500)
}

#[tokio::test(flavor = "multi_thread")]
async fn a2_kills_at_random_lose_nothing_that_was_answered() {
    let world = World::new().await;
    let tickets = fill(&world, 100);
    let chat = chat(&world).await;
    world.configure(DIGEST);
    world.jira_stage.latency(Duration::from_millis(5));
    world.github_stage.latency(Duration::from_millis(5));
    let (mut seed, mut stored) = (0x2545_f491_4f6c_dd1d_u64, 0);
    for round in 0..kills() {
        // xorshift: any spread of moments will do, and the same one each night.
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let address = free_address();
        let mut daemon =
            below(&world, &["/usr/bin/env"], &["serve", "--listen", &address.to_string()]).spawn().unwrap();
        // Now and then it comes as far as sending what the last pass found.
        let longest = if round % 10 == 0 { 4_000 } else { 900 };
        let end = Instant::now() + Duration::from_millis(seed % longest);
        let n = round % 100 + 1;
        let now = chrono::Utc::now();
        let issue = world.jira.now(now).issue(&format!("ARCH-{n}")).titled(&format!("Kill {round}"));
        // Every hundred kills a promise is broken that was none, or made again: there is something to tell.
        match round / 100 % 2 {
            0 => issue.status("Closed", "done").resolution("Won't Do", noon("2021-01-01")).updated(now),
            _ => issue.status("Open", "new").updated(now),
        };
        while Instant::now() < end {
            ask(address, "GET", "/readyz", "", "");
            std::thread::sleep(Duration::from_millis(10));
        }
        daemon.kill().unwrap();
        daemon.wait().unwrap();
        let there = world.path("dragnet.db").metadata().is_ok_and(|file| file.len() > 0);
        if there && world.sql::<i64>("SELECT count(*) FROM sqlite_schema WHERE name = 'ticket'") > 0 {
            assert_eq!(world.sql::<String>("PRAGMA quick_check"), "ok", "kill {round}");
            let now: i64 = world.sql("SELECT count(*) FROM ticket WHERE good_at IS NOT NULL");
            assert!(now >= stored, "kill {round}: {now} tickets are known where there were {stored}");
            stored = now;
            if round % 10 == 9 {
                // One pass that comes to its end: there is news, the digest's turn has come, and who was killed is gone.
                world.run(&["sync"]).await.ended(0);
                world.sql_run("UPDATE digest SET told_at = '2020-01-01T00:00:00Z'");
            }
            world.sql_run(TIME_PASSES);
        }
    }
    println!("killed {} times; {stored} of {tickets} tickets were known by then", kills());
    // One that was killed at once may not have made a store.
    world.run(&["sync"]).await.ended(0);
    all_was_told(&world, &chat, kills()).await;
    all_is_well(&world, tickets).await;
    for round in kills().saturating_sub(100)..kills() {
        let id = round % 100 + 1;
        let title: String = world.sql(&format!("SELECT title FROM ticket WHERE id = 'jira:ARCH-{id}'"));
        assert_eq!(title, format!("Kill {round}"), "a change between two kills was lost");
    }
}
