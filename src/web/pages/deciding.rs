//! Deciding from the page: a form for each choice, and a redirect once something is decided, so that loading the page again
//! decides nothing again.

use axum::Extension;
use axum::extract::{Form, Query};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tokio::sync::mpsc;

use super::visit::Failed;
use super::{Visit, missing, page};
use crate::domain::act::{self, NoReason, Withdrawal};
use crate::domain::decision::{Basis, Decision};
use crate::domain::ticket::{Ticket, TicketId};
use crate::domain::verdict::Verdict;
use crate::domain::waiver::{self, LONGEST, Manner, Origin, Waiver};
use crate::judge;
use crate::report::site::{self, Choice, Part, Subject, Tried};

/// Who asks for judging anew: one that waits stands for all.
pub(in crate::web) type Bell = mpsc::Sender<()>;

/// What is to be decided on.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    finding: String,
    #[serde(default)]
    ticket: String,
    waiver: Option<i64>,
}

/// What a form sends.
#[derive(Debug, Deserialize)]
pub(super) struct Sent {
    choice: String,
    #[serde(default)]
    finding: String,
    #[serde(default)]
    ticket: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    until_change: String,
    #[serde(default)]
    verdict: String,
    number: Option<i64>,
}

/// `GET /decide?finding=FINGERPRINT`, `?ticket=ID` or `?waiver=NUMBER`: what there is to decide on it.
pub(super) async fn form(visit: Visit, Query(wanted): Query<Wanted>) -> Result<Response, Failed> {
    match subject(&visit, &wanted).await? {
        Some(subject) => Ok(page(site::decide(visit.frame(Part::Decisions), &subject, None))),
        None => Ok(nothing(&visit)),
    }
}

fn nothing(visit: &Visit) -> Response {
    missing(visit, Part::Decisions, "What was to be decided on is not found any more: it was cleared or taken back.")
}

/// `POST /decide`: 303 to what is decided now, or 422 and the form with what is wrong.
pub(super) async fn decide(
    Extension(bell): Extension<Bell>,
    visit: Visit,
    Form(sent): Form<Sent>,
) -> Result<Response, Failed> {
    let Some(choice) = Choice::ALL.into_iter().find(|choice| choice.word() == sent.choice) else {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, "nobody offers this choice\n").into_response());
    };
    let wanted = Wanted { finding: sent.finding.clone(), ticket: sent.ticket.clone(), waiver: sent.number };
    let Some(subject) = subject(&visit, &wanted).await? else { return Ok(nothing(&visit)) };
    match act(&visit, choice, &subject, &sent).await? {
        Ok(()) => {
            // One that waits already is as good.
            let _ = bell.try_send(());
            Ok((StatusCode::SEE_OTHER, [(header::LOCATION, "/decisions?decided=yes#trail")]).into_response())
        }
        Err(wrong) => {
            let Sent { reason, until, until_change, verdict, .. } = sent;
            let until_change = !until_change.is_empty();
            let tried = Tried { choice, reason, until, until_change, verdict, wrong };
            let form = page(site::decide(visit.frame(Part::Decisions), &subject, Some(&tried)));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, form).into_response())
        }
    }
}

/// What is known of what is to be decided on; nothing where it is not there any more.
async fn subject(visit: &Visit, wanted: &Wanted) -> anyhow::Result<Option<Subject>> {
    let (store, today, waivers) = (&visit.shop.store, visit.now.date_naive(), visit.waivers().await?);
    let numbered =
        |waiver: &&Waiver| matches!(waiver.from, Origin::Store { number, .. } if Some(number) == wanted.waiver);
    let waiver = waivers.iter().find(numbered).cloned();
    let finding = if wanted.finding.is_empty() { None } else { store.finding(&wanted.finding).await? };
    let title = match finding.as_ref().and_then(|finding| finding.challenge.as_ref()) {
        Some(challenge) => store.row_of(challenge).await?.map(|(title, _)| title),
        None => None,
    };
    let covers = || {
        let finding = finding.as_ref()?;
        let in_force = waivers.iter().filter(|waiver| waiver.until >= today && judge::accepts(waiver, finding));
        in_force.min_by_key(|waiver| !matches!(waiver.from, Origin::Store { .. })).cloned()
    };
    let waiver = waiver.or_else(covers);
    let named = wanted.ticket.parse::<TicketId>().ok();
    let named = finding.as_ref().and_then(|finding| finding.ticket.clone()).or(named);
    let ticket = named.or_else(|| waiver.as_ref().and_then(|waiver| waiver.ticket.clone()));
    let (judgement, decision) = match &ticket {
        Some(ticket) => (store.judgement(ticket).await?, store.decision(ticket).await?),
        None => (None, None),
    };
    let nothing = finding.is_none() && waiver.is_none() && judgement.is_none() && decision.is_none();
    Ok((!nothing).then_some(Subject { finding, title, waiver, ticket, judgement, decision }))
}

/// Does it, or says what is wrong with it.
async fn act(visit: &Visit, choice: Choice, subject: &Subject, sent: &Sent) -> anyhow::Result<Result<(), String>> {
    let reason = match act::reason(&sent.reason) {
        Ok(reason) => reason,
        Err(wrong @ NoReason::Empty) => return Ok(Err(format!("{wrong}: say why, for whoever reads this later"))),
        Err(wrong @ NoReason::TooLong) => return Ok(Err(format!("{wrong}: say it in a sentence"))),
    };
    // The operator's token has no name.
    let by = act::one_line(visit.visitor.name.as_deref().unwrap_or("the operator"));
    let (store, now) = (&visit.shop.store, visit.now);
    let back = || Withdrawal { by: Some(by.clone()), reason: Some(reason.clone()), at: now };
    match choice {
        Choice::Accept | Choice::Snooze => {
            let Some(waiver) = waiver(visit, choice, subject, sent, by, reason) else {
                return Ok(Err("this can be accepted in its document only".to_owned()));
            };
            match waiver {
                Ok(waiver) => store.waive(&waiver, now).await?,
                Err(wrong) => return Ok(Err(wrong)),
            };
        }
        Choice::Verdict => match decision(visit, subject, &sent.verdict, by, reason).await? {
            Ok(decision) => store.decide(&decision).await?,
            Err(wrong) => return Ok(Err(wrong)),
        },
        Choice::Unwaive => {
            let number = sent.number.unwrap_or_default();
            if !store.unwaive(number, back()).await? {
                return Ok(Err("somebody took it back already".to_owned()));
            }
        }
        Choice::Withdraw => {
            let taken = match &subject.ticket {
                Some(ticket) => store.withdraw_decision(ticket, back()).await?,
                None => false,
            };
            if !taken {
                return Ok(Err("somebody took it back already".to_owned()));
            }
        }
    }
    Ok(Ok(()))
}

/// The waiver that was asked for; none where it would be about no ticket and no challenge.
fn waiver(
    visit: &Visit,
    choice: Choice,
    subject: &Subject,
    sent: &Sent,
    by: String,
    reason: String,
) -> Option<Result<Waiver, String>> {
    let finding = subject.finding.as_ref()?;
    if finding.ticket.is_none() && finding.challenge.is_none() {
        return None;
    }
    let waits = choice == Choice::Snooze && !sent.until_change.is_empty();
    if waits && finding.ticket.is_none() {
        return Some(Err("there is no ticket here that could change: name a day".to_owned()));
    }
    let today = visit.now.date_naive();
    let named = match sent.until.trim() {
        "" => None,
        day => match day.parse() {
            Ok(day) => Some(day),
            Err(_) => return Some(Err("the last day is no date; write it as 2027-03-31".to_owned())),
        },
    };
    let until = match waiver::end(named.or_else(|| waits.then_some(today + LONGEST)), today) {
        Ok(until) => until,
        Err(wrong) => return Some(Err(format!("{wrong}; name a day up to {}", today + LONGEST))),
    };
    let manner = match choice {
        Choice::Snooze if waits => Manner::UntilChange,
        Choice::Snooze => Manner::Snoozed,
        _ => Manner::Accepted,
    };
    Some(Ok(Waiver {
        code: finding.code,
        ticket: finding.ticket.clone(),
        challenge: finding.challenge.clone(),
        by: Some(by),
        reason,
        until,
        manner,
        from: Origin::Configuration(String::new()),
    }))
}

/// The verdict that was given, with what is known now.
async fn decision(
    visit: &Visit,
    subject: &Subject,
    verdict: &str,
    by: String,
    reason: String,
) -> anyhow::Result<Result<Decision, String>> {
    let (store, now) = (&visit.shop.store, visit.now);
    let given = [Verdict::Done, Verdict::Undone, Verdict::Unverified].into_iter().find(|one| one.word() == verdict);
    let Some(verdict) = given else { return Ok(Err("choose a verdict".to_owned())) };
    let (Some(ticket), Some(remembered)) = (&subject.ticket, &subject.judgement) else {
        return Ok(Err("nothing was judged of this ticket yet".to_owned()));
    };
    let Some(known) = store.ticket(ticket).await? else {
        return Ok(Err("nothing is known of this ticket yet".to_owned()));
    };
    let judgement = judge::by_the_rules(remembered.clone(), &known);
    if judgement.verdict == Verdict::Open {
        return Ok(Err("the ticket is open: its tracker says so, and no rule".to_owned()));
    }
    let closing = known.facts.as_deref().and_then(Ticket::closing);
    Ok(Ok(Decision { ticket: ticket.clone(), verdict, by, reason, at: now, then: Basis { judgement, closing } }))
}
