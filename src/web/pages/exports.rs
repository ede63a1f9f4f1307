//! Lists for other programs: CSV, JSON, and a feed of what came and went.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::Visit;
use super::query::Query;
use super::visit::Failed;
use crate::domain::act::Act;
use crate::domain::finding::Code;
use crate::domain::pages::Choice;
use crate::report::{self, site};

/// Rows in one answer; a `Link` leads to the next ones (RFC 8288).
const ROWS: usize = 10_000;

/// Entries of the feed.
const NEWS: usize = 100;

fn told(kind: &'static str, body: String, next: Option<String>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ];
    let mut answer = (headers, body).into_response();
    if let Some(next) = next.and_then(|next| HeaderValue::try_from(format!("<{next}>; rel=\"next\"")).ok()) {
        answer.headers_mut().insert(header::LINK, next);
    }
    answer
}

const CSV: &str = "text/csv; charset=utf-8; header=present";
const JSON: &str = "application/json";

/// `GET /findings.csv?code=&page=`
pub(super) async fn findings_csv(visit: Visit, query: Query) -> Result<Response, Failed> {
    let code = query.word("code", Code::ALL, Code::word)?;
    let (leaf, _) = visit.shop.store.findings(code, ROWS, query.page()?).await?;
    let next = (leaf.page < leaf.pages()).then(|| site::findings_address("/findings.csv", code, leaf.page + 1));
    Ok(told(CSV, report::findings_csv(&leaf), next))
}

/// `GET /findings.json?code=&page=`
pub(super) async fn findings_json(visit: Visit, query: Query) -> Result<Response, Failed> {
    let code = query.word("code", Code::ALL, Code::word)?;
    let (leaf, _) = visit.shop.store.findings(code, ROWS, query.page()?).await?;
    let next = (leaf.page < leaf.pages()).then(|| site::findings_address("/findings.json", code, leaf.page + 1));
    Ok(told(JSON, report::findings_json(&leaf, visit.now), next))
}

/// `GET /findings.atom?code=`: the last that came and went.
pub(super) async fn feed(visit: Visit, query: Query) -> Result<Response, Failed> {
    let code = query.word("code", Code::ALL, Code::word)?;
    let news = visit.shop.store.news(code, NEWS).await?;
    Ok(told("application/atom+xml; charset=utf-8", report::feed(&news, visit.now), None))
}

/// `GET /badge.svg`, with the filters of `/challenges`: how many promises are broken.
pub(super) async fn badge(visit: Visit, query: Query) -> Result<Response, Failed> {
    let choice = super::lists::choice(&query, query.text("document").map(str::to_owned))?;
    let standings = visit.shop.store.standings(&Choice { standing: None, ..choice }).await?;
    Ok(told("image/svg+xml", report::promises_badge(&standings), None))
}

/// A stretch of the audit trail of at most so many entries, and the number before which an older one begins.
pub(super) async fn trail(visit: &Visit, query: &Query, most: usize) -> Result<(Vec<Act>, Option<i64>), Failed> {
    let mut acts = visit.shop.store.audit(query.read("before")?, most + 1).await?;
    let more = acts.len() > most;
    acts.truncate(most);
    let before = acts.last().filter(|_| more).map(|act| act.number);
    Ok((acts, before))
}

/// `GET /decisions.csv?before=`: the audit trail.
pub(super) async fn decisions_csv(visit: Visit, query: Query) -> Result<Response, Failed> {
    let (acts, before) = trail(&visit, &query, ROWS).await?;
    Ok(told(CSV, report::acts_csv(&acts), before.map(|before| format!("/decisions.csv?before={before}"))))
}

/// `GET /decisions.json?before=`: what is in force, and the audit trail.
pub(super) async fn decisions_json(visit: Visit, query: Query) -> Result<Response, Failed> {
    let (acts, before) = trail(&visit, &query, ROWS).await?;
    let (waivers, decided) = (visit.waivers().await?, visit.shop.store.decided().await?);
    let next = before.map(|before| format!("/decisions.json?before={before}"));
    Ok(told(JSON, report::acts_json(&waivers, &decided, &acts, before, visit.now), next))
}

/// `GET /trends.csv?of=`: every snapshot of a scope, a row a day.
pub(super) async fn trends_csv(visit: Visit, query: Query) -> Result<Response, Failed> {
    let snapshots = visit.shop.store.snapshots(&query.scope()?, chrono::NaiveDate::MIN).await?;
    Ok(told(CSV, report::snapshots_csv(&snapshots), None))
}
