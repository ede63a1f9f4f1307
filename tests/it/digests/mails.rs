//! Digests by mail: what a mail looks like, who gets one, what refusals mean, and how a reader leaves.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use dragnet::domain::channel::{Channel, Content, Letter, MailSecurity, MailServer, Then};
use dragnet::http::{Client, Limits};
use dragnet::notify::Notifier;

use super::smtp::{Habit, Smtp};
use crate::daemon::{stopped, wait_for};
use crate::world::{World, free_address, noon};

/// A world with a broken promise whose digest goes to these by mail; pages are at `address`.
async fn world(smtp: &Smtp, readers: &str, address: SocketAddr) -> World {
    let world = World::new().await;
    world.configure(&format!(
        "[[digest]]\nname = \"leads\"\nkind = \"mail\"\nto = [{readers}]\n\
         [mail]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\nfrom = \"dragnet <dragnet@example.org>\"\n\
         [serve]\nlisten = \"{address}\"\npublic_url = \"http://{address}\"\n\
         [schedule]\nsync = \"0 3 1 1 *\"\nfull = \"0 3 1 1 *\"\n",
        smtp.port
    ));
    world.register(&[("Builds are slow <b> &amp; Ümläute", "2020-01-01: x", "ARCH-1")]);
    world.jira.issue("ARCH-1").status("Closed", "done").resolution("Won't Do", noon("2021-01-01"));
    world.run(&["sync"]).await.ended(0);
    world
}

fn header<'m>(mail: &'m str, name: &str) -> Vec<&'m str> {
    let head = mail.split("\n\n").next().unwrap();
    head.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).collect()
}

/// The path at which the reader of a mail leaves.
fn leave(mail: &str) -> String {
    let address = header(mail, "List-Unsubscribe")[0].trim_matches(['<', '>']);
    url::Url::parse(address).unwrap().path().to_owned()
}

fn post(address: SocketAddr, path: &str, body: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let method = if body.is_empty() { "GET" } else { "POST" };
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_has_text_and_html_and_a_way_out() {
    let smtp = Smtp::new().await;
    let world = world(&smtp, "\"ada@example.org\", \"grace@example.org\"", free_address()).await;
    world.run(&["digest", "send", "--now"]).await.ended(0).complained(&["Sent 2 messages."]);
    let taken = smtp.taken();
    assert_eq!(taken.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["ada@example.org", "grace@example.org"]);
    let mail = &taken[0].text;
    assert_eq!(header(mail, "To"), ["ada@example.org"], "nobody sees the others");
    assert_eq!(header(mail, "From"), ["dragnet <dragnet@example.org>"]);
    assert_eq!(header(mail, "Subject"), ["[dragnet] leads: 1 new"]);
    assert_eq!(header(mail, "List-Unsubscribe-Post"), ["List-Unsubscribe=One-Click"]);
    assert_eq!(header(mail, "Auto-Submitted"), ["auto-generated"]);
    assert!(header(mail, "Content-Type")[0].starts_with("multipart/alternative"), "{mail}");
    assert!(mail.contains("Content-Type: text/plain") && mail.contains("Content-Type: text/html"), "{mail}");
    assert_ne!(leave(mail), leave(&taken[1].text), "each leaves by an address of their own");
    assert_ne!(header(mail, "Message-ID"), header(&taken[1].text, "Message-ID"));
    let doctor = world.run(&["doctor"]).await.out;
    assert!(doctor.contains("right     digest leads: 127.0.0.1 answers\n"), "{doctor}");
    assert_eq!(smtp.taken().len(), 2, "a look sends nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn b11_what_a_mail_server_says_is_taken_at_its_word() {
    let smtp = Smtp::new().await;
    let readers = "\"later@example.org\", \"nobody@example.org\", \"ada@example.org\"";
    let world = world(&smtp, readers, free_address()).await;
    smtp.behaves(&[
        Habit::AfterMail("later", "451 4.3.0 try again later, says Eve"),
        Habit::AtRecipient("nobody", "550 5.1.1 no such user, says Eve"),
    ]);
    let ran = world.run(&["digest", "send", "--now"]).await.ended(2);
    assert!(!ran.err.contains("Eve"), "servers' sentences are not told: {}", ran.err);
    ran.complained(&["digest leads: 127.0.0.1: it answered 451", "digest leads: 127.0.0.1: it answered 550"]);
    let reached: Vec<String> = smtp.taken().into_iter().map(|mail| mail.to).collect();
    assert_eq!(reached, ["later@example.org", "ada@example.org"], "the others get theirs");
    smtp.behaves(&[]);
    world.sql_run("UPDATE outbox SET due_at = '2020-01-01T00:00:00Z'");
    world.run(&["digest", "send"]).await.ended(0);
    let reached: Vec<String> = smtp.taken().into_iter().map(|mail| mail.to).collect();
    assert_eq!(reached[2..], ["later@example.org"], "whoever does not exist is not written to again");
    assert_eq!(world.sql::<i64>("SELECT sum(repeats) FROM digest"), 0, "it said that it did not take it");
}

/// Who takes a mail and does not say so may have it.
#[tokio::test(flavor = "multi_thread")]
async fn b11_a_mail_server_that_hangs_is_not_waited_for() {
    let smtp = Smtp::new().await;
    smtp.behaves(&[Habit::Silent("ada")]);
    let server = MailServer {
        host: "127.0.0.1".to_owned(),
        port: smtp.port,
        security: MailSecurity::None,
        login: None,
        from: "dragnet@example.org".to_owned(),
    };
    let channel = Channel::Mail(vec!["ada@example.org".to_owned()], Box::new(server));
    let stop = url::Url::parse("https://dragnet.example.org/unsubscribe/T").unwrap();
    let content = Content::Mail {
        subject: "one\r\nBcc: eve@example.org".to_owned(),
        text: "text".to_owned(),
        html: "<p>html".to_owned(),
        stop,
    };
    let letter = Letter { key: "k".into(), digest: "d".into(), recipient: "ada@example.org".into(), content };
    let notifier = Notifier::with_patience(&Client::new(Limits::default()).unwrap(), Duration::from_millis(500));
    let failed = notifier.send(&channel, &letter, noon("2026-11-23")).await.unwrap_err();
    assert_eq!((failed.then, failed.says.as_str()), (Then::AgainUnsure, "127.0.0.1 did not answer in time"));
    let mail = &smtp.taken()[0].text;
    assert!(header(mail, "Bcc").is_empty(), "a subject ends no header: {mail}");
    assert_eq!(header(mail, "Message-ID"), ["<k@example.org>"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_leaves_by_one_click_and_comes_back() {
    let (smtp, address) = (Smtp::new().await, free_address());
    let world = world(&smtp, "\"ada@example.org\", \"grace@example.org\"", address).await;
    world.run(&["digest", "send", "--now"]).await.ended(0);
    let path = leave(&smtp.taken()[0].text);
    let daemon = world.start(&["serve"]);
    wait_for("the page", || TcpStream::connect(address).ok()).await;
    let (status, page) = post(address, &path, "");
    assert_eq!(status, 200);
    assert!(page.contains("Get no more of these") && page.contains("form-action 'self'"), "{page}");
    let still = "SELECT count(*) FROM subscriber WHERE left_at IS NULL";
    assert_eq!(world.sql::<i64>(still), 2, "opening the page changes nothing");
    assert_eq!(post(address, &path, "x=y").0, 400);
    assert_eq!(post(address, "/unsubscribe/0000", "List-Unsubscribe=One-Click").0, 404);
    let (status, page) = post(address, &path, "List-Unsubscribe=One-Click");
    assert!(status == 200 && page.contains("You left the digest “leads”"), "{page}");
    assert_eq!(post(address, &path, "List-Unsubscribe=One-Click").0, 200, "twice is once");
    assert_eq!(world.sql::<i64>(still), 1);
    // Something new is told to whoever stayed.
    let say = |title: &str| world.register(&[(title, "2020-01-01: x", "ARCH-1"), ("Another pain", "", "")]);
    say("Builds are slow <b> &amp; Ümläute");
    world.run(&["sync"]).await.ended(0);
    world.run(&["digest", "send", "--now"]).await.ended(0).complained(&["leads: 1 message to send."]);
    assert_eq!(smtp.taken().last().unwrap().to, "grace@example.org");
    assert_eq!(post(address, &path, "Subscribe=Again").0, 200);
    assert_eq!(world.sql::<i64>(still), 2);
    stopped(daemon).await;
}
