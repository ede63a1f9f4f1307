//! Who is asked, and who is not.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::{Names, Outside, is_no_such_name, is_public};
use crate::domain::lookup::TroubleKind;
use crate::domain::tracker::Credential;
use crate::http::{AT_ONCE, Gates, Limits};

#[test]
fn only_public_addresses_are_public() {
    for (address, public) in [
        ("140.82.121.3", true),
        ("1.1.1.1", true),
        ("100.63.255.255", true),
        ("100.128.0.0", true),
        ("172.15.255.255", true),
        ("172.32.0.0", true),
        ("0.0.0.0", false),
        ("10.1.2.3", false),
        ("100.64.0.1", false),
        ("100.127.255.255", false),
        ("127.0.0.1", false),
        ("127.255.255.255", false),
        ("169.254.169.254", false),
        ("168.63.129.16", false),
        ("168.63.129.17", true),
        ("172.16.0.1", false),
        ("172.31.255.255", false),
        ("192.0.0.8", false),
        ("192.0.2.1", false),
        ("192.168.1.1", false),
        ("198.18.0.1", false),
        ("198.19.255.255", false),
        ("203.0.113.9", false),
        ("224.0.0.1", false),
        ("255.255.255.255", false),
        ("2606:4700:4700::1111", true),
        ("2a00:1450:4001::1", true),
        ("::", false),
        ("::1", false),
        ("::ffff:127.0.0.1", false),
        ("::ffff:140.82.121.3", false),
        ("::7f00:1", false),
        ("64:ff9b::a00:1", false),
        ("2001::1", false),
        ("2001:db8::1", false),
        ("2002:7f00:1::", false),
        ("3fff::1", false),
        ("fc00::1", false),
        ("fd12:3456::1", false),
        ("fe80::1", false),
        ("ff02::1", false),
    ] {
        assert_eq!(is_public(address.parse().unwrap()), public, "{address}");
    }
}

#[test]
fn a_resolver_that_cannot_tell_says_nothing_of_a_name() {
    for (says, no_such_name) in [
        ("failed to lookup address information: Name or service not known", true),
        ("failed to lookup address information: Name does not resolve", true),
        ("failed to lookup address information: Temporary failure in name resolution", false),
        ("failed to lookup address information: No address associated with hostname", false),
        ("connection refused", false),
    ] {
        assert_eq!(is_no_such_name(&std::io::Error::other(says)), no_such_name, "{says}");
    }
}

/// Answers one connection after the other, and ends each, so that every request resolves its name anew.
async fn answer(listener: TcpListener) {
    while let Ok((mut connection, _)) = listener.accept().await {
        let mut asked = [0; 4096];
        let _ = connection.read(&mut asked).await;
        let says = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nhi";
        let _ = connection.write_all(says.as_bytes()).await;
    }
}

#[tokio::test]
async fn a_name_that_is_public_at_first_and_private_later_is_not_followed_there() {
    let inside = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = inside.local_addr().unwrap().port();
    // It stands for an address of the public internet.
    let public = TcpListener::bind(("127.0.0.2", port)).await.unwrap();
    tokio::spawn(answer(public));
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let names: Names = Arc::new(move |_| {
        let rebound = count.fetch_add(1, Ordering::Relaxed) > 0;
        let address = if rebound { [127, 0, 0, 1] } else { [127, 0, 0, 2] };
        Box::pin(async move { Ok(vec![(address, 0).into()]) })
    });
    let outside = Outside::set_up(
        Limits::default(),
        &[],
        &["127.0.0.2/32".parse().unwrap()],
        crate::http::Traffic::default(),
        names,
    )
    .unwrap();
    let url = format!("http://rebinding.example:{port}/").parse().unwrap();
    let gate = Gates::default().gate(&url, &Credential::Anonymous, 0, AT_ONCE);
    assert_eq!(&outside.fetch(&gate, &url, None).await.unwrap().body[..], b"hi");
    let trouble = outside.fetch(&gate, &url, None).await.unwrap_err();
    assert_eq!((trouble.kind, asked.load(Ordering::Relaxed)), (TroubleKind::Unasked, 2), "{}", trouble.says);
    let came = tokio::time::timeout(std::time::Duration::from_millis(100), inside.accept()).await;
    assert!(came.is_err(), "the listener inside was connected to");
}

/// Answers with this beginning, and then with a byte now and then, without end.
async fn dawdle(listener: TcpListener, head: &'static str) {
    while let Ok((mut connection, _)) = listener.accept().await {
        tokio::spawn(async move {
            let _ = connection.read(&mut [0; 4096]).await;
            let mut says = connection.write_all(head.as_bytes()).await;
            while says.is_ok() {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                says = connection.write_all(b"x").await;
            }
        });
    }
}

#[tokio::test]
async fn an_answer_that_does_not_end_is_not_waited_for() {
    let body = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 1000000\r\n\r\n";
    for head in ["HTTP/1.1 200 OK\r\nx-a: ", body] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        tokio::spawn(dawdle(listener, head));
        let limits = Limits { total_timeout: std::time::Duration::from_millis(700), ..Limits::default() };
        let networks = ["127.0.0.1/32".parse().unwrap()];
        let outside = Outside::with_networks(limits, &networks, crate::http::Traffic::default()).unwrap();
        let gate = Gates::default().gate(&url, &Credential::Anonymous, 0, AT_ONCE);
        let patience = std::time::Duration::from_secs(120);
        let trouble = tokio::time::timeout(patience, outside.fetch(&gate, &url, None)).await.unwrap().unwrap_err();
        assert_eq!(trouble.kind, TroubleKind::Outage, "{head:?}: {}", trouble.says);
        assert!(trouble.says.contains("did not answer within 0.7 s"), "{head:?}: {}", trouble.says);
    }
}
