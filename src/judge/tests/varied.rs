//! Tickets in many styles, from plain tables: none that was plainly done is called undone, whatever was said before and
//! after; and closings without the work are seen in the words that people really use.
//!
//! `cases/*.txt` hold one ticket a paragraph. The first line tells the sort and the closing; `@-3 bob MEMBER: …` is a
//! comment three days before it.

use chrono::TimeDelta;

use crate::domain::details::{Boxes, Comment, Event, FixVersion, IssueLink, Mention, Subtask};
use crate::domain::known::KnownTicket;
use crate::domain::time::Moment;
use crate::domain::verdict::{Judgement, Verdict};
use crate::judge::closing::Closing;
use crate::judge::families::Names;
use crate::judge::points;
use crate::judge::testing::{closed_event, commit, details, issue, jira, mention, moment, pull};
use crate::judge::trail::pointers;

const DONE: &str = include_str!("cases/done.txt");
const UNDONE: &str = include_str!("cases/undone.txt");

fn cases(table: &str) -> impl Iterator<Item = &str> {
    table.split("\n\n").filter(|case| !case.trim().is_empty())
}

/// Everything that anybody says in the tables.
pub(in crate::judge) fn sayings() -> Vec<&'static str> {
    let lines = DONE.lines().chain(UNDONE.lines()).filter(|line| line.starts_with('@'));
    lines.filter_map(|line| line.split_once(": ").map(|(_, text)| text)).collect()
}

/// `Won't Do` in quotation marks is one word, `-` is none.
fn words(line: &str) -> Vec<String> {
    let mut quoted = false;
    let mark = |c: char| {
        quoted ^= c == '"';
        c == ' ' && !quoted
    };
    line.trim().split(mark).map(|word| word.trim_matches('"').to_owned()).collect()
}

fn told(word: &str) -> Option<&str> {
    Some(word).filter(|word| *word != "-")
}

fn days_from(closed: Moment, days: &str) -> Moment {
    closed + TimeDelta::days(days.parse().unwrap())
}

/// The ticket of one paragraph.
fn ticket(case: &str) -> KnownTicket {
    let mut lines = case.trim().lines();
    let head = words(lines.next().unwrap());
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let mut ticket = match head[..] {
        ["issue", reason, on, "by", who] => {
            let mut ticket = issue("acme/rocket#7", told(reason), on);
            ticket.facts.as_mut().unwrap().closed_by = Some(who.to_owned());
            ticket
        }
        ["pull", merged, on, "by", who] => {
            let mut ticket = pull("acme/rocket#7", Some(merged == "merged"));
            let facts = ticket.facts.as_mut().unwrap();
            (facts.closed_at, facts.closed_by) = (Some(moment(on)), Some(who.to_owned()));
            ticket
        }
        ["jira", sort, status, resolution, on] => {
            let mut ticket = jira("OPS-7", status, told(resolution));
            ticket.facts.as_mut().unwrap().closed_at = told(on).map(moment);
            details(&mut ticket).issue_type = Some(sort.to_owned());
            ticket
        }
        _ => panic!("{case}"),
    };
    let github = ticket.id.to_string().starts_with("github");
    let facts = ticket.facts.as_mut().unwrap();
    let closed = facts.closed_at.unwrap_or_else(|| moment("2020-01-01"));
    facts.created_at = Some(closed - TimeDelta::days(500));
    facts.details.author = Some("eve".to_owned());
    facts.details.author_association = github.then(|| "NONE".to_owned());
    if let Some(by) = &facts.closed_by {
        facts.details.events.push(Event { at: Some(closed), ..closed_event(by, "2020-01-01") });
    }
    for line in lines {
        told_by(&mut ticket, closed, line);
    }
    ticket
}

fn told_by(ticket: &mut KnownTicket, closed: Moment, line: &str) {
    if let Some(said) = line.strip_prefix('@') {
        let (who, text) = said.split_once(": ").unwrap_or_else(|| panic!("{line}"));
        return details(ticket).comments.push(comment(closed, &words(who), text));
    }
    let words = words(line);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if let ["title", ..] = words[..] {
        ticket.facts.as_mut().unwrap().title = line["title ".len()..].to_owned();
        return;
    }
    let details = details(ticket);
    match words[..] {
        ["author", who, association] => {
            (details.author, details.author_association) = (Some(who.to_owned()), Some(association.to_owned()));
        }
        ["labels", ..] => details.labels = line["labels ".len()..].split(", ").map(str::to_owned).collect(),
        ["labeled", days, what] => details.events.push(Event {
            kind: "labeled".to_owned(),
            value: Some(what.to_owned()),
            at: Some(days_from(closed, days)),
            ..Event::default()
        }),
        ["milestone", name] => details.milestone = Some(name.to_owned()),
        ["boxes", checked, all] => {
            let checked: u32 = checked.parse().unwrap();
            details.boxes = Some(Boxes { checked, unchecked: all.parse::<u32>().unwrap() - checked });
        }
        ["versions", name, released] => {
            details.fix_versions.push(FixVersion { name: name.to_owned(), released: Some(released == "released") });
        }
        ["subtasks", done, open] => {
            let parts = [("Done", done), ("Open", open)];
            for (status, n) in parts {
                let part = Subtask { key: "OPS-8".to_owned(), status: Some(status.to_owned()), closed: None };
                details.subtasks.extend(vec![part; n.parse().unwrap()]);
            }
        }
        ["status", ..] => details.events.push(Event {
            kind: "status".to_owned(),
            value: Some(line["status ".len()..].to_owned()),
            ..Event::default()
        }),
        ["reopened", days, who] => details.events.push(Event {
            kind: "reopened".to_owned(),
            at: Some(days_from(closed, days)),
            ..closed_event(who, "2020-01-01")
        }),
        ["converted"] => details.events.push(Event {
            kind: "converted_to_discussion".to_owned(),
            at: Some(closed),
            ..Event::default()
        }),
        ["closed-by-commit"] => details.events[0].commit = Some("1a2b3c4d5e6f".to_owned()),
        ["closed-by-pull", what] => details.events[0].pull = Some(what.to_owned()),
        ["commit", days, who] => details
            .mentions
            .push(Mention { at: Some(days_from(closed, days)), ..commit("9a8b7c6d5e", who, "2020-01-01") }),
        ["issue-link", what, state, title] => {
            details.mentions.push(mention("issue", what, "text", state, Some(title)));
        }
        ["pull", what, state, days, how, ..] => {
            let title = line.split_once('"').map(|(_, title)| title.trim_end_matches('"').replace('\\', ""));
            let seen_in = if how == "text" { "text" } else { "event" };
            let mut told = mention("pull", what, seen_in, state, title.as_deref());
            if how == "closing" {
                told.event = Some("closing".to_owned());
            }
            told.closed_at = Some(days_from(closed, days)).filter(|_| state != "open");
            told.at = Some(closed - TimeDelta::days(40));
            details.mentions.push(told);
        }
        ["link", relation, key, resolution, ..] => details.issue_links.push(IssueLink {
            relation: relation.to_owned(),
            key: key.to_owned(),
            status: words.get(4).map(|status| (*status).to_owned()),
            resolution: told(resolution).map(str::to_owned),
        }),
        _ => panic!("{line}"),
    }
}

fn comment(closed: Moment, who: &[String], text: &str) -> Comment {
    let [days, who, association] = who else { panic!("{who:?}") };
    Comment {
        author: Some(who.clone()),
        association: told(association).map(str::to_owned),
        at: told(days).map(|days| days_from(closed, days)),
        text: text.replace("\\n", "\n"),
        ..Comment::default()
    }
}

/// What people say around any ticket, and what says nothing of the work on a ticket that was plainly done.
const CHATTER: [&str; 8] = [
    "@-15 kim NONE: Is anybody working on this? It looks abandoned.",
    "@-200 bob MEMBER: We have no time for this right now.",
    "@-60 stale[bot] NONE: This has been marked as stale because it has not had recent activity.",
    "@-45 bob MEMBER: Works for me, I cannot reproduce it.",
    "@-1 eve NONE: Still not fixed in the last release!",
    "@30 kim NONE: I have the same problem, still broken for me.",
    "@700 eve NONE: This happens again with the new version. Please reopen.",
    "@400 lock[bot] NONE: This was locked due to inactivity. Closed as stale issues go.",
];

fn shown(case: &str, judged: &Judgement) -> String {
    let lines = judged.evidence.iter().map(|e| format!("    {:?} {:.2} {}: {}\n", e.side, e.strength, e.rule, e.says));
    format!("{case}\n  -> {} {}\n{}\n", judged.verdict.word(), judged.confidence, lines.collect::<String>())
}

fn unlike(cases: impl Iterator<Item = String>, fine: impl Fn(Verdict) -> bool) -> Vec<String> {
    let judged = cases.map(|case| (crate::judge::ticket(&ticket(&case), &[]), case));
    judged.filter(|(judged, _)| !fine(judged.verdict)).map(|(judged, case)| shown(&case, &judged)).collect()
}

#[test]
fn what_was_plainly_done_is_seen_as_done() {
    let wrong = unlike(cases(DONE).map(str::to_owned), |verdict| verdict == Verdict::Done);
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases(DONE).count(), wrong.join("\n"));
}

#[test]
fn chatter_never_makes_what_was_done_undone() {
    let noisy = cases(DONE).flat_map(|case| CHATTER.map(|noise| format!("{}\n{noise}", case.trim())));
    let wrong = unlike(noisy, |verdict| verdict != Verdict::Undone);
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn closings_without_the_work_are_seen() {
    let wrong = unlike(cases(UNDONE).map(str::to_owned), |verdict| verdict == Verdict::Undone);
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases(UNDONE).count(), wrong.join("\n"));
}

#[test]
fn whoever_names_no_ticket_is_not_missed_where_only_names_count() {
    let tickets: Vec<KnownTicket> = cases(DONE).chain(cases(UNDONE)).map(ticket).collect();
    let mut named = 0;
    for facts in tickets.iter().filter_map(|ticket| ticket.facts.as_deref()).filter(|facts| facts.closed) {
        let names = Names::default();
        let pointers = pointers(&Closing::new(facts, &[], &names));
        assert_eq!(points(facts), pointers, "{facts:?}");
        named += pointers.len();
    }
    assert!(named > 20, "{named}");
}
