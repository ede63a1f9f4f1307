//! What `check` writes, of hostile input and of too much of it, for `outputs.mjs` to hold against the published schemas.

use std::path::PathBuf;

use super::world::{World, noon};

/// What others may write into titles, names and documents, to break out of any of the formats.
const HOSTILE: &str = "\u{1b}[31m\u{9b}2J\u{0}\u{7}\u{b}\u{fffe}\u{ffff}\u{202e}]]> --> \\ud800 \\u0000 &#0; &bogus; \
    </testcase><script>alert(1)</script> \"><img src=x onerror=alert(1)> =HYPERLINK(\"http://x\") @all #1 \
    [x](javascript:alert(1)) | a ::error::x %0A::set-output name=x::y ##[error]z ##vso[task.x] 👩\u{200d}💻 ';--";

/// Makes a check in every format; the files are called NAME and the format.
async fn put(world: &World, name: &str, code: i32) {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/target/acceptance/outputs"));
    std::fs::create_dir_all(&folder).unwrap();
    let mut arguments = vec!["check".to_owned(), "-v".to_owned()];
    for format in ["text", "json", "github", "sarif", "junit", "gitlab", "rdjson", "markdown", "badge", "shields"] {
        arguments.extend(["--format".to_owned(), format!("{format}={}/{name}.{format}", folder.display())]);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    world.run(&arguments).await.ended(code);
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_input() {
    let world = World::new().await;
    let line = HOSTILE.replace('|', "\\|").replace('\0', "");
    world.register(&[
        (&line, "2021-05-03 (Payments): slow", &format!("ARCH-1 {line}")),
        ("Logins fail", &line, &format!("https://github.com/acme/rocket/issues/7 ({line})")),
        (
            "Tests flake",
            "2020-02-01",
            "ARCH-0, ARCH-2, <!-- dragnet: ignore malformed-reference until 2000-01-01: ]]&\u{7} -->",
        ),
    ]);
    world.write("a,b:c ]]>&<b>\u{1b}[1m\n::error::%25.md", "ARCH-0 https://github.com/acme/rocket/issues/8\n");
    world.configure(&format!(
        "[[waiver]]\ncode = \"closed-undone\"\nticket = \"jira:ARCH-1\"\nby = \"x\"\nreason = {}\nuntil = 2999-01-01\n",
        serde_json::to_string(&HOSTILE.replace(['\u{0}', '\u{1b}', '\u{7}', '\u{b}', '\u{fffe}', '\u{ffff}'], ""))
            .unwrap()
    ));
    world.jira.issue("ARCH-1").titled(HOSTILE).status(HOSTILE, "done").resolution("Won't Do", noon("2020-05-01"));
    world.jira.issue("ARCH-2").titled(HOSTILE).status("Closed", "done").resolution(HOSTILE, noon("2020-05-01"));
    world.github.repo("acme/rocket");
    put(&world, "hostile", 1).await;
    // A surrogate that stands alone, a file that is no text.
    world.write("wide.md", b"\xff\xfe\x00\xd8ARCH-3");
    world.jira_stage.refuse().await;
    world.github_stage.refuse().await;
    put(&world, "outage", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_to_say() {
    let world = World::new().await;
    world.write("page.md", "ARCH-1 is on its way.\n");
    world.jira.issue("ARCH-1");
    put(&world, "clean", 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn findings_beyond_every_limit() {
    let world = World::new().await;
    let mut rows = Vec::new();
    for n in 1..=6_000 {
        rows.push((format!("Pain {n}"), format!("https://github.com/acme/rocket/issues/{n}")));
        if n % 100 != 0 {
            world.github.issue("acme/rocket", n).closed_as("not_planned", noon("2020-05-01"));
        }
    }
    let rows: Vec<_> =
        rows.iter().map(|(title, status)| (title.as_str(), "2021-05-03: slow", status.as_str())).collect();
    world.register(&rows);
    put(&world, "many", 1).await;
}
