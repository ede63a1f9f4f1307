//! What others write neither steers a terminal, nor becomes markup, nor pings anybody.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::checked::check;
use super::sample::{World, id};
use super::world::sample;
use crate::domain::decision::Flags;
use crate::domain::finding::{Code, Severity};
use crate::domain::lookup::{LookupKind, Trouble, TroubleKind};
use crate::domain::pages::{AsOf, Choice, Excerpt, Found, Front, Group, Hit, Leaf, SoughtKind, SourceAge};
use crate::domain::verdict::Standing;
use crate::report::site::{self, Frame, Part};
use crate::report::{Style, check_text, html, json, markdown, text, why, why_challenge};

/// Every text of the sample that a document or a tracker gives, replaced by `text`.
pub(super) fn poisoned(text: &str) -> World {
    let mut world = sample();
    let own = || text.to_owned();
    for document in &mut world.known.documents {
        document.path = own();
        document.trouble = Some(own());
        for challenge in &mut document.challenges {
            (challenge.title, challenge.category, challenge.status.text) = (own(), Some(own()), own());
            challenge.place.path = own().into();
            challenge.status.notes.iter_mut().for_each(|note| note.text = own());
            for anecdote in &mut challenge.anecdotes {
                (anecdote.text, anecdote.teams, anecdote.place.path) = (own(), vec![own()], own().into());
            }
        }
        for topic in document.meetings.iter_mut().flat_map(|meeting| &mut meeting.topics) {
            (topic.text, topic.intention, topic.speaker) = (own(), Some(own()), Some(own()));
        }
        for reference in &mut document.references {
            (reference.url, reference.text, reference.place.path) = (Some(own()), own(), own().into());
        }
    }
    for ticket in world.known.tickets.values_mut() {
        ticket.lookup_says = Some(own());
        ticket.history.iter_mut().for_each(|change| change.after = Some(own()));
        if let Some(facts) = &mut ticket.facts {
            (facts.title, facts.state, facts.url) = (own(), own(), own());
            (facts.reason, facts.closed_by) = (Some(own()), Some(own()));
        }
        if ticket.lookup == LookupKind::Moved {
            ticket.lookup = LookupKind::Unknown;
        }
    }
    for tracker in &mut world.known.trackers {
        tracker.trouble = Some(Trouble { kind: TroubleKind::Outage, says: own() });
    }
    for judgement in world.judged.tickets.values_mut() {
        for one in &mut judgement.evidence {
            (one.says, one.rule, one.source) = (own(), own(), Some(own()));
        }
    }
    world.judged.challenges.iter_mut().for_each(|judged| judged.because = own());
    for finding in &mut world.judged.findings {
        (finding.message, finding.hint) = (own(), Some(own()));
        finding.place.iter_mut().for_each(|place| place.path = own().into());
    }
    world
}

/// Everything that the room writes for a terminal.
pub(super) fn terminal(world: &World, style: Style) -> Vec<String> {
    let report = world.report();
    let mut all = vec![text(&report, style), check_text(&check(world), Severity::Info, style)];
    all.extend(why(&report, &id("jira:ARCHBOM-1202"), style));
    all.extend(why_challenge(&report, &world.known.documents[0].challenges[2].id, style));
    all
}

pub(super) const NASTY: &[&str] = &[
    "\u{1b}]0;owned\u{7}\u{1b}[2J\u{1b}[31mred",
    "\u{9b}31m \u{90}q\u{9c} nul\0 del\u{7f}",
    "over\u{202e}drive \u{2066}isolated\u{2069}",
    "<img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>",
    "</style></title><script>alert(1)</script>",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "[click](javascript:alert(1)) | cell",
    "`code` **bold** ![img](https://evil.example/x.png)",
    "@openedx/everybody <!channel> @here #1",
    "{{ view }} {% raw %}",
    "line one\r\nline two\n\n# heading\n- item",
    "::error file=a::b%0A::set-output",
    "",
    "   ",
];

#[test]
fn nothing_steers_the_terminal() {
    for nasty in NASTY {
        for out in terminal(&poisoned(nasty), Style { color: false, width: 80 }) {
            let bad = |c: &char| {
                c.is_control() && *c != '\n'
                    || ('\u{202a}'..='\u{202e}').contains(c)
                    || ('\u{2066}'..='\u{2069}').contains(c)
            };
            assert_eq!(out.chars().find(bad), None, "{nasty:?}");
        }
    }
}

#[test]
fn nothing_becomes_markup_in_markdown() {
    for nasty in NASTY.iter().filter(|nasty| !nasty.trim().is_empty()) {
        assert_eq!(blocks(nasty), blocks("clean"), "{nasty:?}");
    }
}

#[test]
fn nobody_is_pinged_and_no_other_ticket_is_touched() {
    // GitHub looks for both in the rendered text, outside of code and links.
    let sigil = regex::Regex::new("(?:^|[^0-9A-Za-z])[@#][0-9A-Za-z]").unwrap();
    for nasty in ["@openedx/everybody", "(@here)", "see #12", "a@b @c#d #4"] {
        let (out, mut quiet) = (markdown(&poisoned(nasty).report()), 0);
        for event in Parser::new_ext(&out, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Link { .. }) => quiet += 1,
                Event::End(TagEnd::Link) => quiet -= 1,
                Event::Text(text) if quiet == 0 => assert!(!sigil.is_match(&text), "{nasty:?}: {text}"),
                _ => {}
            }
        }
    }
}

/// The blocks and marks that a reader of Markdown sees in the report when everything written is `text`.
pub(super) fn blocks(text: &str) -> Vec<String> {
    let out = markdown(&poisoned(text).report());
    let dialect = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let named = |event: Event| match event {
        Event::Text(_) | Event::Code(_) => None,
        other => Some(format!("{other:?}")),
    };
    Parser::new_ext(&out, dialect | Options::ENABLE_FOOTNOTES | Options::ENABLE_MATH).filter_map(named).collect()
}

#[test]
fn nothing_becomes_markup_in_html() {
    for nasty in NASTY.iter().filter(|nasty| !nasty.trim().is_empty()) {
        assert_eq!(tags(nasty), tags("clean"), "{nasty:?}");
        let out = html(&poisoned(nasty).report());
        assert!(!out.contains("href=\"javascript:") && !out.contains("href=\"data:"), "{nasty:?}");
        assert!(!out.contains('\u{202e}'), "{nasty:?}");
    }
    assert!(tags("clean").iter().all(|tag| !["script", "img", "svg", "iframe", "object"].contains(&tag.as_str())));
}

/// The names of all elements that the page opens, in order, when everything written is `text`.
pub(super) fn tags(text: &str) -> Vec<String> {
    elements(&html(&poisoned(text).report()))
}

/// The names of all elements that a page opens, in order.
fn elements(page: &str) -> Vec<String> {
    let opens = page.match_indices('<').map(|(at, _)| &page[at + 1..]);
    opens
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
        .map(|rest| rest.chars().take_while(char::is_ascii_alphanumeric).collect())
        .collect()
}

/// The pages of the site when everything written is `text`: the first one, a list, a challenge, a ticket, a search.
fn pages(text: &str) -> Vec<String> {
    let world = poisoned(text);
    let report = world.report();
    let known = world.known.clone();
    let order: Vec<_> = known.documents.iter().flat_map(|it| &it.challenges).map(|it| it.id.clone()).collect();
    let source = SourceAge { name: text.to_owned(), documents: 1, read_at: Some(report.now), troubled: 1 };
    let as_of = AsOf { sources: vec![source], trackers: known.trackers.clone(), last_run: None, running: None };
    let frame = Frame { part: Part::Front, as_of: &as_of, now: report.now, search: text, may_decide: true };
    let excerpt = Excerpt { known, judged: world.judged.clone(), order: order.clone() };
    let group = Group { name: text.to_owned(), standings: [(Standing::BrokenPromise, 2)].into() };
    let front = Front {
        standings: group.standings.clone(),
        since: report.now.date_naive(),
        new: 1,
        worst: excerpt.clone(),
        categories: vec![group.clone()],
        all_categories: 1,
        teams: vec![group.clone()],
        all_teams: 1,
        findings: [(Code::BrokenLink, 1)].into(),
        flags: Flags { decided: 2, stood: 1 },
    };
    let all = order.len();
    let leaf = Leaf { shown: excerpt.clone(), all, page: 2, size: 1 };
    let choice = Choice { category: Some(text.to_owned()), team: Some(text.to_owned()), ..Choice::default() };
    let hits = order.iter().map(|id| Hit::Challenge(id.clone())).collect();
    let found = Found {
        kinds: [(SoughtKind::Challenge, all)].into(),
        more: false,
        leaf: Leaf { shown: hits, all, page: 1, size: 25 },
        challenges: excerpt,
    };
    vec![
        site::front(frame, &front),
        site::challenges(frame, &choice, &leaf, &group.standings),
        site::challenge(frame, &report, &order[2], 1).unwrap(),
        site::ticket(frame, &report, &id("jira:ARCHBOM-1202"), 1, 1).unwrap(),
        // No word of it is searched for, so nothing is marked.
        site::search(Frame { search: "", ..frame }, &found, None, None),
        site::notice(frame, "There is no such page", text),
    ]
}

#[test]
fn nothing_becomes_markup_on_the_pages_of_the_site() {
    let clean: Vec<_> = pages("clean").iter().map(|page| elements(page)).collect();
    for nasty in NASTY.iter().filter(|nasty| !nasty.trim().is_empty()) {
        for (page, clean) in pages(nasty).iter().zip(&clean) {
            assert_eq!(&elements(page), clean, "{nasty:?}");
            for address in page.split("href=\"").skip(1) {
                assert!(address.starts_with(['/', '#']) || address.starts_with("http"), "{nasty:?}: {address}");
            }
            let steering = page.find(['\u{202e}', '\u{1b}']).map(|at| &page[page.floor_char_boundary(at - 80)..at]);
            assert_eq!(steering, None, "{nasty:?}");
        }
    }
}

#[test]
fn json_stays_json() {
    for nasty in NASTY {
        let told: serde_json::Value = serde_json::from_str(&json(&poisoned(nasty).report())).unwrap();
        assert_eq!(told["challenges"][0]["title"], *nasty);
    }
}

#[test]
fn a_huge_title_is_cut_for_people() {
    let world = poisoned(&"x".repeat(65_536));
    for out in terminal(&world, Style { color: false, width: 100 }) {
        assert!(out.len() < 40_000, "{}", out.len());
    }
    assert!(markdown(&world.report()).len() < 60_000);
    let page = html(&world.report());
    assert!(page.len() < 160_000 && page.contains("xxx…"), "{}", page.len());
}
