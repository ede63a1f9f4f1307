//! Lists for other programs: what is in them, and that nothing in them runs anywhere.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::site::Site;
use super::world::{World, noon};

/// A register whose author means no good.
async fn hostile() -> Site {
    let world = World::new().await;
    world.register(&[
        ("=HYPERLINK(1) & \"x\"", "2020-02-01 (@Payments): an hour", "ARCH-1"),
        ("Logins fail", "2020-02-01 (Payments): no", "ARCH-2"),
    ]);
    world.jira.issue("ARCH-1").status("Closed", "done").resolution("Won't Do", noon("2020-05-01"));
    world.jira.issue("ARCH-2").status("Closed", "done").resolution("Won't Do", noon("2020-05-01"));
    Site::of(world, "").await
}

/// A list with what differs from run to run taken out.
fn steady(text: &str) -> String {
    let mut told =
        regex::Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ").unwrap().replace_all(text, "MOMENT").into_owned();
    for (pattern, name) in
        [(r"urn:dragnet:[0-9a-f]{16}:(\w+):\d+", "urn:dragnet:PRINT:$1:SECOND"), (r"-[0-9a-f]{4,}\b", "-HASH")]
    {
        told = regex::Regex::new(pattern).unwrap().replace_all(&told, name).into_owned();
    }
    told.replace("\r\n", "\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn findings_are_told_as_csv_json_and_a_feed() {
    let site = hostile().await;
    let csv = site.get("ada", "/findings.csv?code=closed-undone").await;
    assert_eq!((csv.status, csv.kind.as_str()), (200, "text/csv; charset=utf-8; header=present"));
    insta::assert_snapshot!(steady(&csv.body), @r###"
    "code","severity","message","to clear it","challenge","title","ticket","place","first seen"
    "closed-undone","warning","ARCH-2 was closed as Won't Do on 1 May 2020 without the work","reopen ARCH-2, or link the ticket that does the work; if it was done after all, say so in a note","logins-fail-HASH","Logins fail","jira:ARCH-2","register.md:4:57","MOMENT"
    "closed-undone","warning","ARCH-1 was closed as Won't Do on 1 May 2020 without the work","reopen ARCH-1, or link the ticket that does the work; if it was done after all, say so in a note","hyperlink-1-x-HASH","'=HYPERLINK(1) & ""x""","jira:ARCH-1","register.md:3:71","MOMENT"
    "###);
    let json: Value = serde_json::from_str(&site.get("ada", "/findings.json?code=closed-undone").await.body).unwrap();
    assert_eq!((&json["all"], &json["page"], &json["pages"]), (&2.into(), &1.into(), &1.into()));
    let first = json["findings"].as_array().unwrap().iter().find(|it| it["ticket"] == "jira:ARCH-1").unwrap();
    assert_eq!((&first["code"], &first["title"]), (&"closed-undone".into(), &"=HYPERLINK(1) & \"x\"".into()));
    assert_eq!(site.get("ada", "/findings.csv?code=nonsense").await.status, 400);

    // What is cleared is news as well.
    site.world.register(&[("=HYPERLINK(1) & \"x\"", "2020-02-01 (@Payments): an hour", "ARCH-1")]);
    site.world.run(&["sync"]).await.ended(0);
    let feed = site.get("ada", "/findings.atom?code=closed-undone").await;
    assert_eq!(feed.kind, "application/atom+xml; charset=utf-8");
    insta::assert_snapshot!(steady(&feed.body), @r###"
    <?xml version="1.0" encoding="utf-8"?>
    <feed xmlns="http://www.w3.org/2005/Atom">
    <title>dragnet: findings that came and went</title>
    <id>urn:dragnet:findings</id>
    <updated>MOMENT</updated>
    <author><name>dragnet</name></author>
    <link rel="alternate" href="/findings"/>
    <entry>
    <title>cleared: ARCH-2 was closed as Won&#39;t Do on 1 May 2020 without the work</title>
    <id>urn:dragnet:PRINT:cleared:SECOND</id>
    <updated>MOMENT</updated>
    <link rel="alternate" href="/challenges/logins-fail-HASH"/>
    <category term="closed-undone"/>
    <summary>closed-undone; ticket jira:ARCH-2; challenge logins-fail-HASH</summary>
    </entry>
    <entry>
    <title>found: ARCH-2 was closed as Won&#39;t Do on 1 May 2020 without the work</title>
    <id>urn:dragnet:PRINT:found:SECOND</id>
    <updated>MOMENT</updated>
    <link rel="alternate" href="/challenges/logins-fail-HASH"/>
    <category term="closed-undone"/>
    <summary>closed-undone; ticket jira:ARCH-2; challenge logins-fail-HASH; to clear it: reopen ARCH-2, or link the ticket that does the work; if it was done after all, say so in a note</summary>
    </entry>
    <entry>
    <title>found: ARCH-1 was closed as Won&#39;t Do on 1 May 2020 without the work</title>
    <id>urn:dragnet:PRINT:found:SECOND</id>
    <updated>MOMENT</updated>
    <link rel="alternate" href="/challenges/hyperlink-1-x-HASH"/>
    <category term="closed-undone"/>
    <summary>closed-undone; ticket jira:ARCH-1; challenge hyperlink-1-x-HASH; to clear it: reopen ARCH-1, or link the ticket that does the work; if it was done after all, say so in a note</summary>
    </entry>
    </feed>
    "###);
    // Somebody else reads it as XML.
    let read = "import sys, xml.dom.minidom as m; print(len(m.parse(sys.stdin).getElementsByTagName('entry')))";
    let mut python =
        Command::new("python3").args(["-c", read]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    python.stdin.take().unwrap().write_all(feed.body.as_bytes()).unwrap();
    assert_eq!(String::from_utf8(python.wait_with_output().unwrap().stdout).unwrap().trim(), "3");

    let report = site.world.run(&["report", "--format", "csv"]).await.ended(0).out;
    assert!(report.starts_with("\"code\",\"severity\"") && report.contains("\"'=HYPERLINK(1) & \"\"x"), "{report}");
    site.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn decisions_and_trends_are_told_as_csv_and_json() {
    let site = hostile().await;
    let fields =
        [("choice", "verdict"), ("ticket", "jira:ARCH-2"), ("reason", "=cmd|' /C calc'!A0"), ("verdict", "undone")];
    assert_eq!(site.send("bob", &fields).await.status, 303);
    insta::assert_snapshot!(steady(&site.get("ada", "/decisions.csv").await.body), @r###"
    "number","at","by","deed","code","ticket","challenge","before","after","reason"
    "1","MOMENT","bob","decided","","jira:ARCH-2","","undone, by the rules","undone","'=cmd|' /C calc'!A0"
    "###);
    let json: Value = serde_json::from_str(&site.get("ada", "/decisions.json").await.body).unwrap();
    assert_eq!(json["schema"], 1);
    assert_eq!(
        (&json["decisions"][0]["verdict"], &json["decisions"][0]["rules"]),
        (&"undone".into(), &"undone".into())
    );
    assert_eq!((&json["audit"][0]["by"], &json["before"]), (&"bob".into(), &Value::Null));
    let badge = site.get("ada", "/badge.svg").await;
    assert_eq!((badge.status, badge.kind.as_str()), (200, "image/svg+xml"));
    assert!(badge.body.contains("<title>promises: ") && !badge.body.contains("<script"), "{}", badge.body);
    assert!(site.get("ada", "/badge.svg?team=nobody").await.body.contains("<title>promises: none known</title>"));
    assert_eq!(site.get("ada", "/badge.svg?standing=x").await.status, 400);
    let wrong = site.get("ada", "/trends.csv?of=nonsense").await;
    assert_eq!(wrong.status, 400);
    assert!(wrong.body.starts_with("`nonsense` is nothing that trends are of"), "{}", wrong.body);
    let trends = site.get("ada", "/trends.csv").await.body;
    let (heads, day) = trends.split_once("\r\n").unwrap();
    assert_eq!(heads.split(',').count(), day.trim().split(',').count(), "{trends}");
    assert!(heads.contains("\"standing unknown\"") && heads.contains("\"unknown\",\"found\""), "{heads}");
    site.ends().await;
}
