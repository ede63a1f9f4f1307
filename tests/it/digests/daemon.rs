//! Digests while the daemon runs: their turns, the outbox, and what is seen of both from outside.

use dragnet::standin::{Chat, Mishap};

use super::Story;
use crate::daemon::{get, stopped, wait_for};
use crate::world::free_address;

/// No pass on any day of a test but the first, and a digest whose turn was missed long ago.
const ONCE_A_YEAR: &str = "[schedule]\nsync = \"0 3 1 1 *\"\nfull = \"0 3 1 1 *\"\n";

async fn late() -> Story {
    let story = Story::with(Chat::Slack, "kind = \"slack\"\nschedule = \"0 9 1 * *\"", ONCE_A_YEAR).await;
    story.world.sql_run("INSERT INTO digest (name, since) VALUES ('payments', '2024-01-01T00:00:00Z')");
    story
}

#[tokio::test(flavor = "multi_thread")]
async fn turns_that_were_missed_are_made_up_for_by_one() {
    let story = late().await;
    let address = free_address().to_string();
    let daemon = story.world.start(&["serve", "--listen", &address]);
    wait_for("the digest", || (!story.arrived().is_empty()).then_some(())).await;
    let at = address.parse().unwrap();
    let counted = || {
        get(at, "/metrics").filter(|page| page.contains("{digest=\"payments\",channel=\"slack\",result=\"sent\"} 1"))
    };
    let metrics = wait_for("the count", counted).await;
    assert!(metrics.contains("dragnet_outbox_messages{digest=\"payments\",state=\"waiting\"} 0"), "{metrics}");
    let ready = get(at, "/readyz?verbose").unwrap();
    assert!(ready.contains("[+] digest payments: 1 sent"), "{ready}");
    let log = stopped(daemon).await;
    assert!(log.contains("digest payments: 1 to send") && log.contains("digest payments: sent"), "{log}");
    assert_eq!(story.arrived().len(), 1, "for years of months");
    assert!(!log.contains("s3cret"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_sent_by_the_next_daemon_and_trouble_is_seen() {
    let story = late().await;
    story.chat.fail(Mishap::Status(503));
    let address = free_address().to_string();
    let (at, seen) =
        (address.parse().unwrap(), |text: &str, at| get(at, "/readyz?verbose").filter(|page| page.contains(text)));
    let daemon = story.world.start(&["serve", "--listen", &address]);
    let says = "[!] digest payments: 1 to be tried again: 127.0.0.1 answered 503";
    wait_for("the trouble", || seen(says, at)).await;
    stopped(daemon).await;
    assert_eq!(story.arrived().len(), 0);
    story.chat.heal();
    story.time_passes();
    let daemon = story.world.start(&["serve", "--listen", &address]);
    wait_for("the digest", || (!story.arrived().is_empty()).then_some(())).await;
    wait_for("the good news", || seen("[+] digest payments: 1 sent", at)).await;
    stopped(daemon).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_that_is_new_waits_for_its_first_turn() {
    let story = Story::with(Chat::Slack, "kind = \"slack\"\nschedule = \"0 3 1 1 *\"", ONCE_A_YEAR).await;
    let address = free_address().to_string();
    let daemon = story.world.start(&["serve", "--listen", &address]);
    let at = address.parse().unwrap();
    wait_for("it to be known", || {
        get(at, "/readyz?verbose").filter(|page| page.contains("digest payments: nothing sent yet"))
    })
    .await;
    stopped(daemon).await;
    assert_eq!(story.arrived().len(), 0);
    let status = story.world.run(&["status"]).await.ended(0).out;
    assert!(status.contains("digest      payments: next turn 2"), "{status}");
}
