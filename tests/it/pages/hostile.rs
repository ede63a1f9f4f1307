//! Hostile titles, notes and names on every page: shown as text, and nothing else.

use super::{Site, links, text, well_formed};
use crate::world::{World, noon};

/// What others may write where a page shows it.
const NASTY: [&str; 7] = [
    "<img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>",
    "</title><script>alert(1)</script>",
    "javascript:alert(1)",
    "{{ 7*7 }} {% raw %}",
    "over\u{202e}drive \u{2066}isolated\u{2069}",
    "' onmouseover='alert(1)",
];

#[tokio::test(flavor = "multi_thread")]
async fn h1_h2_h6_g3_what_others_write_is_shown_and_does_nothing() {
    let world = World::new().await;
    // A table's cells are told apart by bars and its text is Markdown; what stands in HTML is text there.
    let mut register =
        "<table><tr><th>Category</th><th>Issue</th><th>Anecdotes</th><th>Occurrences</th><th>Status</th></tr>\n"
            .to_owned();
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    for (at, nasty) in NASTY.iter().enumerate() {
        let nasty = escaped(nasty);
        register += &format!(
            "<tr><td>{nasty}</td><td>Pain {at} {nasty}</td><td>2023-01-0{} ({nasty}): met {nasty}</td><td>1</td>\
             <td>ARCH-{} Note: This was never finished. {nasty}</td></tr>\n",
            at + 1,
            at + 1
        );
        let key = format!("ARCH-{}", at + 1);
        world.jira.issue(&key).titled(NASTY[at]).status(NASTY[at], "done").resolution(NASTY[at], noon("2023-02-01"));
    }
    world.write("register.html", register + "</table>\n");
    world.write(
        "minutes.md",
        "# 2023-06-07\n\n* [quest] Dave: see ARCH-1 `<script>alert(1)</script>`\n    * Erin: <img src=x>\n",
    );
    world.configure_sources(
        "[[source]]\nname = \"<b>documents</b>\"\npath = \"*.*ml\"\n[[source]]\nname = \"m\"\npath = \"*.md\"\n",
    );
    let site = Site::of(&world).await;
    let mut pages = site.all();
    for query in ["pain", "%3Cscript%3E", "onmouseover", "database"] {
        let path = format!("/search?q={query}");
        pages.insert(path.clone(), site.page(&path));
    }
    assert!(pages.keys().filter(|path| path.starts_with("/challenges/")).count() == NASTY.len(), "{:?}", pages.keys());
    for (path, body) in &pages {
        well_formed(path, body);
        for active in ["<img", "<svg", "<script", "<b>documents", "\u{202e}", "\u{2066}", "' onmouseover='", "49 "] {
            let is_chart = active == "<svg" && path.starts_with("/trends");
            // What is chosen is sent back as it is named, and nobody is shown that.
            let turns = ["\u{202e}", "\u{2066}"].contains(&active);
            let is_value = turns && path.starts_with("/trends") && !text(body).contains(active);
            assert!(is_chart || is_value || !body.contains(active), "{path}: {active}\n{body}");
        }
        for (address, _) in links(body) {
            let stays = address.starts_with('/') || address.starts_with('#');
            assert!(
                stays || address.starts_with("https://acme.example/") || address.starts_with("http://127.0.0.1:"),
                "{path}: {address}"
            );
        }
    }
    let shown = text(&pages["/challenges"]);
    for nasty in NASTY.iter().filter(|nasty| !nasty.contains('\u{202e}')) {
        assert!(shown.contains(nasty), "{nasty} is shown as it was written: {shown}");
    }
    site.stop().await;
}
