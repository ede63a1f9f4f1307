//! The HTML page: self-contained, well-formed, readable in both themes.

use std::collections::BTreeSet;

use super::sample::{World, challenge, document, stands};
use super::world::{outage, quiet, sample};
use crate::domain::document::Kind;
use crate::domain::verdict::Standing;
use crate::report::html;

const CSS: &str = include_str!("../templates/page.css");

fn pages() -> Vec<String> {
    [sample(), outage(), quiet(), World::empty()].iter().map(|world| html(&world.report())).collect()
}

#[test]
fn the_page_needs_nothing_else() {
    for page in pages() {
        for foreign in ["<script", "<link", "<img", "@import", "url(", "src=", "http-equiv=\"refresh\"", "style=\""] {
            assert!(!page.contains(foreign), "{foreign}");
        }
        assert!(page.len() < 100_000, "{}", page.len());
    }
}

#[test]
fn every_element_is_closed_and_every_name_leads_somewhere() {
    for page in pages() {
        let body = page.split("<body>").nth(1).unwrap();
        let mut open = vec!["html", "body"];
        let (mut ids, mut wanted) = (BTreeSet::new(), BTreeSet::new());
        for piece in body.split('<').skip(1) {
            let tag = piece.split('>').next().unwrap();
            let name = tag.trim_start_matches('/').split([' ', '>']).next().unwrap();
            match (tag.starts_with('/'), name == "br") {
                (true, _) => assert_eq!(open.pop(), Some(name)),
                (false, true) => {}
                (false, false) => open.push(name),
            }
            let attribute =
                |of: &str| Some(tag.split_once(&format!(" {of}=\""))?.1.split('"').next().unwrap().to_owned());
            if let Some(id) = attribute("id") {
                assert!(ids.insert(id.clone()), "twice: {id}");
            }
            wanted.extend(attribute("aria-labelledby"));
            wanted.extend(attribute("href").and_then(|href| Some(href.strip_prefix('#')?.to_owned())));
            if name == "th" && !tag.starts_with('/') {
                assert!(attribute("scope").is_some(), "{tag}");
            }
        }
        assert!(open.is_empty(), "left open: {open:?}");
        assert_eq!(wanted.difference(&ids).collect::<Vec<_>>(), Vec::<&String>::new());
    }
}

#[test]
fn a_large_register_is_cut_with_a_note() {
    let mut world = World::empty();
    let mut register = document("docs/large.md", Kind::Register);
    for n in 0..1_000 {
        register.challenges.push(challenge(n, "Any", &format!("Challenge number {n}"), None));
    }
    world.judged.challenges = register
        .challenges
        .iter()
        .enumerate()
        .map(|(at, of)| stands(at, of, Standing::BrokenPromise, at + 1, "Its remedy was closed without the work."))
        .collect();
    world.known.documents = vec![register];
    let page = html(&world.report());
    assert!(page.contains("… and 900 more.") && page.contains("… and 975 more."));
    assert!(page.len() < 100_000, "{}", page.len());
}

/// The colours of one theme by name; the first `:root` is light, the second dark.
fn theme(n: usize) -> impl Fn(&str) -> [f64; 3] {
    let block = CSS.split(":root {").nth(n + 1).unwrap().split('}').next().unwrap();
    move |name| {
        let hex = block.split_once(&format!("--{name}: #")).unwrap().1.split(';').next().unwrap();
        let hex = if hex.len() == 3 { hex.chars().flat_map(|c| [c, c]).collect() } else { hex.to_owned() };
        [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0)
    }
}

/// The contrast ratio of WCAG 2.2.
fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let linear = |c: f64| if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
    let luminance = |[r, g, b]: [f64; 3]| 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn text_stands_out_in_both_themes() {
    for n in [0, 1] {
        let color = theme(n);
        let on_paper = ["ink", "soft", "link", "good", "bad"].map(|ink| [(ink, "paper"), (ink, "sheet")]).concat();
        let on_chips =
            [("bad", "bad-bg"), ("warn", "warn-bg"), ("good", "good-bg"), ("open", "open-bg"), ("quiet", "quiet-bg")];
        for (ink, paper) in on_paper.into_iter().chain(on_chips) {
            let ratio = contrast(color(ink), color(paper));
            assert!(ratio >= 4.5, "theme {n}: {ink} on {paper} has {ratio:.2}");
        }
    }
}
