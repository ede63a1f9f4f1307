//! The report as JSON, under the names of the contract.

use serde::Serialize;

use crate::domain::challenge::{Anecdote, Challenge, ChallengeId, Status};
use crate::domain::decision::{Decided, Flags};
use crate::domain::document::Kind;
use crate::domain::finding::{Finding, Severity};
use crate::domain::judged::Waived;
use crate::domain::known::{KnownDocument, KnownTracker};
use crate::domain::lookup::TroubleKind;
use crate::domain::minutes::Meeting;
use crate::domain::owner::Owner;
use crate::domain::place::Place;
use crate::domain::reference::{Role, Within};
use crate::domain::register::{SeenChange, Turn};
use crate::domain::ticket::{TicketId, TicketKind};
use crate::domain::time::Moment;
use crate::domain::tracker::TrackerId;
use crate::domain::verdict::{Evidence, Side, Standing, Verdict};
use crate::domain::waiver::{Manner, Waiver};

use super::Report;
use super::challenge::Row;
use super::citations::CitationOut;
use super::counts::Counts;
use super::ticket::{Citation, Ticket};
use super::view::View;
use super::words::rfc3339;

/// The number of this shape. A field may be added without a new number.
pub(super) const SCHEMA: u32 = 1;

/// The report as one JSON object, indented, with a line's end behind it.
pub fn json(report: &Report) -> String {
    let view = View::new(report);
    write(&Whole {
        schema: SCHEMA,
        generated_at: rfc3339(report.now),
        complete: report.complete,
        counts: view.counts,
        flags: report.judged.flags(),
        tickets: view.tickets.values().map(TicketOut::new).collect(),
        challenges: view.challenges.iter().map(ChallengeOut::new).collect(),
        meetings: report.known.documents.iter().flat_map(|document| &document.meetings).collect(),
        findings: report.judged.findings.iter().map(|finding| FindingOut::new(finding, report)).collect(),
        waived: report.judged.waived.iter().map(|waived| WaivedOut::new(waived, report)).collect(),
        register_changes: report.known.register.iter().map(ChangeOut::new).collect(),
        citations: super::citations::all(report.known),
        sources: report.known.documents.iter().map(SourceOut::new).collect(),
        trackers: report.known.trackers.iter().map(TrackerOut::new).collect(),
    })
}

/// Indented JSON with a line's end behind it. A runner takes `##[` and `##vso[` for commands wherever they stand in its log;
/// inside of strings, where alone they can, they are written so that they read the same and are none.
pub(super) fn write(value: &impl Serialize) -> String {
    let out = serde_json::to_string_pretty(value).expect("our types have string keys and cannot fail to serialize");
    out.replace("##[", "#\\u0023[").replace("##vso[", "#\\u0023vso[") + "\n"
}

#[derive(Serialize)]
struct Whole<'a> {
    schema: u32,
    generated_at: String,
    complete: bool,
    counts: Counts,
    flags: Flags,
    tickets: Vec<TicketOut<'a>>,
    challenges: Vec<ChallengeOut<'a>>,
    meetings: Vec<&'a Meeting>,
    findings: Vec<FindingOut<'a>>,
    waived: Vec<WaivedOut<'a>>,
    register_changes: Vec<ChangeOut<'a>>,
    citations: Vec<CitationOut<'a>>,
    sources: Vec<SourceOut<'a>>,
    trackers: Vec<TrackerOut<'a>>,
}

/// What changed about a challenge from one version of its document to the next.
#[derive(Serialize)]
struct ChangeOut<'a> {
    at: String,
    document: &'a str,
    version: &'a str,
    challenge: &'a ChallengeId,
    title: &'a str,
    turn: Turn,
    other: Option<&'a ChallengeId>,
    text: Option<&'a str>,
}

impl<'a> ChangeOut<'a> {
    fn new(seen: &'a SeenChange) -> Self {
        let change = &seen.change;
        Self {
            at: rfc3339(seen.at),
            document: &seen.document,
            version: &seen.version,
            challenge: &change.challenge,
            title: &change.title,
            turn: change.turn,
            other: change.other.as_ref(),
            text: change.text.as_deref(),
        }
    }
}

/// One cited ticket.
#[derive(Serialize)]
pub(super) struct TicketOut<'a> {
    id: &'a TicketId,
    url: Option<&'a str>,
    title: Option<&'a str>,
    kind: Option<TicketKind>,
    state: Option<&'a str>,
    reason: Option<&'a str>,
    created_at: Option<String>,
    updated_at: Option<String>,
    closed_at: Option<String>,
    lookup: &'static str,
    lookup_says: Option<&'a str>,
    moved_to: Option<&'a TicketId>,
    verdict: Verdict,
    confidence: f64,
    checked_at: Option<String>,
    asked_at: Option<String>,
    evidence: Vec<EvidenceOut<'a>>,
    /// What a person decided, and what the rules say themselves; absent where nobody did.
    #[serde(skip_serializing_if = "Option::is_none")]
    decided: Option<DecidedOut<'a>>,
    /// What a finding on it waits for that is not told yet; absent where nothing is withheld.
    #[serde(skip_serializing_if = "Option::is_none")]
    waits: Option<&'a str>,
    cited: Vec<CitedOut<'a>>,
}

impl<'a> TicketOut<'a> {
    pub(super) fn new(ticket: &Ticket<'a>) -> Self {
        let (known, facts) = (ticket.known(), ticket.facts());
        let time = |at: Option<Moment>| at.map(rfc3339);
        Self {
            id: ticket.id,
            url: ticket.url(),
            title: facts.map(|facts| facts.title.as_str()),
            kind: facts.map(|facts| facts.kind),
            state: facts.map(|facts| facts.state.as_str()),
            reason: facts.and_then(|facts| facts.reason.as_deref()),
            created_at: time(facts.and_then(|facts| facts.created_at)),
            updated_at: time(facts.and_then(|facts| facts.updated_at)),
            closed_at: time(facts.and_then(|facts| facts.closed_at)),
            lookup: ticket.lookup().word(),
            lookup_says: known.and_then(|known| known.lookup_says.as_deref()),
            moved_to: known.and_then(|known| known.moved_to.as_ref()),
            verdict: ticket.verdict(),
            confidence: ticket.confidence(),
            checked_at: time(ticket.checked_at()),
            asked_at: time(known.and_then(|known| known.asked_at)),
            evidence: ticket.evidence().iter().map(EvidenceOut::new).collect(),
            decided: ticket.decided().map(DecidedOut::new),
            waits: ticket.waits(),
            cited: ticket.cited.iter().map(CitedOut::new).collect(),
        }
    }
}

/// A person's verdict beside the rules' own.
#[derive(Serialize)]
pub(super) struct DecidedOut<'a> {
    by: &'a str,
    reason: &'a str,
    at: String,
    rules_verdict: Verdict,
    rules_confidence: f64,
    news: Vec<EvidenceOut<'a>>,
}

impl<'a> DecidedOut<'a> {
    pub(super) fn new(decided: &'a Decided) -> Self {
        let Decided { decision, rules, news } = decided;
        Self {
            by: &decision.by,
            reason: &decision.reason,
            at: rfc3339(decision.at),
            rules_verdict: rules.verdict,
            rules_confidence: rules.confidence,
            news: news.iter().map(EvidenceOut::new).collect(),
        }
    }
}

/// One reason.
#[derive(Serialize)]
pub(super) struct EvidenceOut<'a> {
    rule: &'a str,
    #[serde(rename = "for")]
    side: Side,
    strength: Option<f64>,
    says: &'a str,
    source: Option<&'a str>,
    at: Option<String>,
}

impl<'a> EvidenceOut<'a> {
    pub(super) fn new(evidence: &'a Evidence) -> Self {
        Self {
            rule: &evidence.rule,
            side: evidence.side,
            strength: evidence.strength.is_finite().then(|| (evidence.strength * 1000.0).round() / 1000.0),
            says: &evidence.says,
            source: evidence.source.as_deref(),
            at: evidence.at.map(rfc3339),
        }
    }
}

#[derive(Serialize)]
struct CitedOut<'a> {
    place: &'a Place,
    within: Within,
    role: Role,
    challenge: Option<&'a ChallengeId>,
    topic: Option<TopicOut<'a>>,
}

#[derive(Serialize)]
struct TopicOut<'a> {
    meeting: String,
    text: &'a str,
    place: &'a Place,
}

impl<'a> CitedOut<'a> {
    fn new(citation: &Citation<'a>) -> Self {
        Self {
            place: &citation.reference.place,
            within: citation.reference.within,
            role: citation.reference.role,
            challenge: citation.challenge.map(|challenge| &challenge.id),
            topic: citation.topic.map(|(meeting, topic)| TopicOut {
                meeting: meeting.date.to_string(),
                text: &topic.text,
                place: &topic.place,
            }),
        }
    }
}

/// One challenge with where it stands.
#[derive(Serialize)]
pub(super) struct ChallengeOut<'a> {
    id: &'a ChallengeId,
    category: Option<&'a str>,
    title: &'a str,
    place: &'a Place,
    occurrences: Option<u32>,
    anecdotes: &'a [Anecdote],
    status: &'a Status,
    tickets: &'a [TicketId],
    standing: Standing,
    priority: Option<usize>,
    because: &'a str,
    /// Since when its promise is broken, where it is and that is known.
    broken_on: Option<chrono::NaiveDate>,
    owners: &'a [Owner],
}

impl<'a> ChallengeOut<'a> {
    pub(super) fn new(row: &Row<'a>) -> Self {
        let Challenge { id, category, title, place, occurrences, anecdotes, status, tickets } = row.challenge;
        Self {
            id,
            category: category.as_deref(),
            title,
            place,
            occurrences: *occurrences,
            anecdotes,
            status,
            tickets,
            standing: row.standing,
            priority: (row.priority > 0).then_some(row.priority),
            because: row.because,
            broken_on: row.broken_on,
            owners: row.owners,
        }
    }
}

/// One finding.
#[derive(Serialize)]
pub(super) struct FindingOut<'a> {
    code: &'static str,
    severity: Severity,
    challenge: Option<&'a ChallengeId>,
    ticket: Option<&'a TicketId>,
    role: Option<Role>,
    place: Option<&'a Place>,
    message: &'a str,
    hint: Option<&'a str>,
    evidence: Vec<EvidenceOut<'a>>,
    first_seen: String,
    fingerprint: &'a str,
}

impl<'a> FindingOut<'a> {
    pub(super) fn new(finding: &'a Finding, report: &Report) -> Self {
        let remembered = report.known.first_seen.get(&finding.fingerprint).copied();
        Self {
            code: finding.code.word(),
            severity: finding.severity,
            challenge: finding.challenge.as_ref(),
            ticket: finding.ticket.as_ref(),
            role: finding.role,
            place: finding.place.as_ref(),
            message: &finding.message,
            hint: finding.hint.as_deref(),
            evidence: finding.evidence.iter().map(EvidenceOut::new).collect(),
            first_seen: rfc3339(finding.first_seen.or(remembered).unwrap_or(report.now)),
            fingerprint: &finding.fingerprint,
        }
    }
}

/// A finding that a person accepted.
#[derive(Serialize)]
pub(super) struct WaivedOut<'a> {
    finding: FindingOut<'a>,
    by: Option<&'a str>,
    reason: &'a str,
    until: chrono::NaiveDate,
    manner: Manner,
    from: String,
}

impl<'a> WaivedOut<'a> {
    pub(super) fn new(waived: &'a Waived, report: &Report) -> Self {
        let Waiver { by, reason, until, manner, from, .. } = &waived.waiver;
        let finding = FindingOut::new(&waived.finding, report);
        Self { finding, by: by.as_deref(), reason, until: *until, manner: *manner, from: from.to_string() }
    }
}

#[derive(Serialize)]
struct SourceOut<'a> {
    name: &'a str,
    path: &'a str,
    kind: Kind,
    read_at: Option<String>,
    trouble: Option<&'a str>,
}

impl<'a> SourceOut<'a> {
    fn new(document: &'a KnownDocument) -> Self {
        Self {
            name: &document.source,
            path: &document.path,
            kind: document.kind,
            read_at: document.read_at.map(rfc3339),
            trouble: document.trouble.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct TrackerOut<'a> {
    id: &'a TrackerId,
    worked_at: Option<String>,
    asked_at: Option<String>,
    trouble: Option<&'a str>,
    trouble_kind: Option<TroubleKind>,
}

impl<'a> TrackerOut<'a> {
    fn new(tracker: &'a KnownTracker) -> Self {
        Self {
            id: &tracker.id,
            worked_at: tracker.worked_at.map(rfc3339),
            asked_at: tracker.asked_at.map(rfc3339),
            trouble: tracker.trouble.as_ref().map(|trouble| trouble.says.as_str()),
            trouble_kind: tracker.trouble.as_ref().map(|trouble| trouble.kind),
        }
    }
}
