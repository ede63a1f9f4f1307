//! Lists for other programs: findings, decisions and snapshots as CSV and JSON, and what came and went as an Atom feed.

use askama::Template;
use serde::Serialize;

use super::csv::Csv;
use super::decisions::WaiverOut;
use super::json::{SCHEMA, write};
use super::site::feed_link;
use super::{Report, escape, rendered, words};
use crate::domain::act::Act;
use crate::domain::challenge::ChallengeId;
use crate::domain::decision::Decision;
use crate::domain::finding::{Code, Finding, Severity};
use crate::domain::pages::{Leaf, ListedFinding, News};
use crate::domain::place::Place;
use crate::domain::snapshot::Snapshot;
use crate::domain::ticket::TicketId;
use crate::domain::time::Moment;
use crate::domain::verdict::{Standing, Verdict};
use crate::domain::waiver::Waiver;

const FINDING: [&str; 9] =
    ["code", "severity", "message", "to clear it", "challenge", "title", "ticket", "place", "first seen"];

fn finding_row(finding: &Finding, title: Option<&str>) -> [String; 9] {
    let text = |text: Option<String>| text.unwrap_or_default();
    [
        finding.code.word().to_owned(),
        finding.severity.word().to_owned(),
        finding.message.clone(),
        finding.hint.clone().unwrap_or_default(),
        text(finding.challenge.as_ref().map(ToString::to_string)),
        title.unwrap_or_default().to_owned(),
        text(finding.ticket.as_ref().map(ToString::to_string)),
        text(finding.place.as_ref().map(ToString::to_string)),
        text(finding.first_seen.map(words::rfc3339)),
    ]
}

/// The findings of a report, a row each.
pub fn csv(report: &Report) -> String {
    let documents = report.known.documents.iter();
    let titles: std::collections::BTreeMap<&ChallengeId, &str> =
        documents.flat_map(|it| &it.challenges).map(|challenge| (&challenge.id, challenge.title.as_str())).collect();
    let mut csv = Csv::new(&FINDING);
    for finding in &report.judged.findings {
        let title = finding.challenge.as_ref().and_then(|id| titles.get(id).copied());
        csv.row(&finding_row(finding, title));
    }
    csv.done()
}

/// One page of a list of findings, a row each.
pub fn findings_csv(leaf: &Leaf<Vec<ListedFinding>>) -> String {
    let mut csv = Csv::new(&FINDING);
    leaf.shown.iter().for_each(|listed| csv.row(&finding_row(&listed.finding, listed.title.as_deref())));
    csv.done()
}

#[derive(Serialize)]
struct Findings<'a> {
    schema: u32,
    generated_at: String,
    /// How many there are on all pages.
    all: usize,
    page: usize,
    pages: usize,
    findings: Vec<FindingOut<'a>>,
}

#[derive(Serialize)]
struct FindingOut<'a> {
    code: &'static str,
    severity: Severity,
    challenge: Option<&'a ChallengeId>,
    title: Option<&'a str>,
    ticket: Option<&'a TicketId>,
    place: Option<&'a Place>,
    message: &'a str,
    hint: Option<&'a str>,
    first_seen: Option<String>,
    fingerprint: &'a str,
}

/// One page of a list of findings, as one JSON object.
pub fn findings_json(leaf: &Leaf<Vec<ListedFinding>>, now: Moment) -> String {
    let findings = leaf.shown.iter().map(|ListedFinding { finding, title }| FindingOut {
        code: finding.code.word(),
        severity: finding.severity,
        challenge: finding.challenge.as_ref(),
        title: title.as_deref(),
        ticket: finding.ticket.as_ref(),
        place: finding.place.as_ref(),
        message: &finding.message,
        hint: finding.hint.as_deref(),
        first_seen: finding.first_seen.map(words::rfc3339),
        fingerprint: &finding.fingerprint,
    });
    let (all, page, pages) = (leaf.all, leaf.page, leaf.pages());
    write(&Findings {
        schema: SCHEMA,
        generated_at: words::rfc3339(now),
        all,
        page,
        pages,
        findings: findings.collect(),
    })
}

/// A stretch of the audit trail, a row for each entry.
pub fn acts_csv(acts: &[Act]) -> String {
    let mut csv = Csv::new(&["number", "at", "by", "deed", "code", "ticket", "challenge", "before", "after", "reason"]);
    for act in acts {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        csv.row(&[
            act.number.to_string(),
            words::rfc3339(act.at),
            text(&act.by),
            act.deed.word().to_owned(),
            act.code.map(|code| code.word().to_owned()).unwrap_or_default(),
            act.ticket.as_ref().map(ToString::to_string).unwrap_or_default(),
            act.challenge.as_ref().map(ToString::to_string).unwrap_or_default(),
            text(&act.before),
            text(&act.after),
            text(&act.reason),
        ]);
    }
    csv.done()
}

#[derive(Serialize)]
struct Decided<'a> {
    schema: u32,
    generated_at: String,
    waivers: Vec<WaiverOut<'a>>,
    decisions: Vec<DecisionOut<'a>>,
    audit: Vec<ActOut<'a>>,
    /// Where older entries of the audit trail begin, if there are any.
    before: Option<i64>,
}

#[derive(Serialize)]
struct DecisionOut<'a> {
    ticket: &'a TicketId,
    verdict: Verdict,
    by: &'a str,
    reason: &'a str,
    at: String,
    /// What the rules said then.
    rules: Verdict,
    /// Whether something is known since that was not then.
    outdated: bool,
}

#[derive(Serialize)]
struct ActOut<'a> {
    number: i64,
    at: String,
    by: Option<&'a str>,
    deed: &'static str,
    code: Option<&'static str>,
    ticket: Option<&'a TicketId>,
    challenge: Option<&'a ChallengeId>,
    before: Option<&'a str>,
    after: Option<&'a str>,
    reason: Option<&'a str>,
}

/// Everything that is decided, and a stretch of the audit trail; `before` is where an older one begins.
pub fn acts_json(
    waivers: &[Waiver],
    decided: &[(Decision, bool)],
    acts: &[Act],
    before: Option<i64>,
    now: Moment,
) -> String {
    let decisions = decided.iter().map(|(decision, outdated)| DecisionOut {
        ticket: &decision.ticket,
        verdict: decision.verdict,
        by: &decision.by,
        reason: &decision.reason,
        at: words::rfc3339(decision.at),
        rules: decision.then.judgement.verdict,
        outdated: *outdated,
    });
    let audit = acts.iter().map(|act| ActOut {
        number: act.number,
        at: words::rfc3339(act.at),
        by: act.by.as_deref(),
        deed: act.deed.word(),
        code: act.code.map(Code::word),
        ticket: act.ticket.as_ref(),
        challenge: act.challenge.as_ref(),
        before: act.before.as_deref(),
        after: act.after.as_deref(),
        reason: act.reason.as_deref(),
    });
    write(&Decided {
        schema: SCHEMA,
        generated_at: words::rfc3339(now),
        waivers: waivers.iter().map(WaiverOut::new).collect(),
        decisions: decisions.collect(),
        audit: audit.collect(),
        before,
    })
}

/// Snapshots, a row for each day.
pub fn snapshots_csv(snapshots: &[Snapshot]) -> String {
    let mut columns = vec!["day"];
    columns.extend(Standing::ALL.iter().map(|standing| standing.word()));
    columns.extend(Verdict::ALL.iter().map(|verdict| verdict.word()));
    columns.extend(["found", "cleared", "median age in days"]);
    // `unknown` is a standing and a verdict.
    columns[5] = "standing unknown";
    let mut csv = Csv::new(&columns);
    for Snapshot { day, counts } in snapshots {
        let mut cells = vec![day.to_string()];
        cells.extend(Standing::ALL.iter().map(|it| counts.standings.get(it).copied().unwrap_or(0).to_string()));
        cells.extend(Verdict::ALL.iter().map(|it| counts.verdicts.get(it).copied().unwrap_or(0).to_string()));
        let median = counts.ages.median.map(|days| days.to_string()).unwrap_or_default();
        cells.extend([counts.found.to_string(), counts.cleared.to_string(), median]);
        csv.row(&cells);
    }
    csv.done()
}

#[derive(Template)]
#[template(path = "site/feed.xml")]
struct Feed<'a> {
    news: &'a [News],
    updated: String,
}

/// What came and went, the newest first, as an Atom feed (RFC 4287); links are relative to where it is served.
pub fn feed(news: &[News], now: Moment) -> String {
    let updated = words::rfc3339(news.first().map_or(now, |news| news.at));
    rendered(&Feed { news, updated })
}

impl Feed<'_> {
    fn title(&self, news: &News) -> String {
        let what = if news.cleared { "cleared" } else { "found" };
        escape::plain(&format!("{what}: {}", news.finding.message), escape::SENTENCE)
    }

    fn at(&self, news: &News) -> String {
        words::rfc3339(news.at)
    }

    /// A name that stays: a finding that comes back is another entry.
    fn id(&self, news: &News) -> String {
        let what = if news.cleared { "cleared" } else { "found" };
        format!("urn:dragnet:{}:{what}:{}", news.finding.fingerprint, news.at.timestamp())
    }

    fn link(&self, news: &News) -> String {
        feed_link(&news.finding)
    }

    fn says(&self, news: &News) -> String {
        let Finding { code, challenge, ticket, hint, .. } = &news.finding;
        let ticket = ticket.as_ref().map(|id| format!("; ticket {id}")).unwrap_or_default();
        let challenge = challenge.as_ref().map(|id| format!("; challenge {id}")).unwrap_or_default();
        let hint = hint.as_ref().filter(|_| !news.cleared).map(|hint| format!("; to clear it: {hint}"));
        escape::plain(&format!("{code}{ticket}{challenge}{}", hint.unwrap_or_default()), escape::SENTENCE)
    }
}
