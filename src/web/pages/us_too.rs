//! “Us too”: what a team met becomes a patch to the register. Nothing is changed by it, so whoever may read may ask.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;

use super::query::Query;
use super::visit::Failed;
use super::{Visit, missing, page};
use crate::documents::Joined;
use crate::domain::act;
use crate::domain::challenge::ChallengeId;
use crate::report::site::{self, Part, UsToo};
use crate::sync::{self, Patch};

/// `GET /us-too?challenge=ID&team=&day=&text=`: the form, and the patch once it is filled.
pub(super) async fn form(visit: Visit, query: Query) -> Result<Response, Failed> {
    let id = ChallengeId(query.text("challenge").unwrap_or_default().to_owned());
    let Some((title, _)) = visit.shop.store.row_of(&id).await? else { return Ok(nothing(&visit)) };
    let is_filled = query.text("team").is_some();
    let mut told = UsToo {
        team: act::one_line(query.text("team").unwrap_or_default()),
        day: query.text("day").map_or_else(|| visit.now.date_naive().to_string(), str::to_owned),
        text: act::one_line(query.text("text").unwrap_or_default()),
        ..UsToo::default()
    };
    if is_filled {
        match joined(&told, visit.now.date_naive()) {
            Err(wrong) => told.wrong = Some(wrong),
            Ok(joined) => {
                told.line = Some(joined.line());
                match sync::join(&visit.shop, &id, joined).await? {
                    None => return Ok(nothing(&visit)),
                    Some(Patch::Patch(patch)) => told.patch = Some(patch),
                    Some(Patch::ByHand(why)) => told.by_hand = Some(why),
                }
            }
        }
    }
    Ok(page(site::us_too(visit.frame(Part::Challenges), &id, &title, &told)))
}

fn nothing(visit: &Visit) -> Response {
    missing(visit, Part::Challenges, "No document in force has a challenge of that name.")
}

/// `GET /us-too.patch`, with the same behind the question mark: the patch alone.
pub(super) async fn patch(visit: Visit, query: Query) -> Result<Response, Failed> {
    let id = ChallengeId(query.text("challenge").unwrap_or_default().to_owned());
    let text = |name: &str| act::one_line(query.text(name).unwrap_or_default());
    let told = UsToo { team: text("team"), day: text("day"), text: text("text"), ..UsToo::default() };
    let joined = joined(&told, visit.now.date_naive()).map_err(super::query::Senseless)?;
    match sync::join(&visit.shop, &id, joined).await? {
        Some(Patch::Patch(patch)) => {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static("text/x-diff; charset=utf-8")),
                (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"us-too.patch\"")),
            ];
            Ok((headers, patch).into_response())
        }
        Some(Patch::ByHand(why)) => Err(Failed::Senseless(format!("this is to be added by hand, for {why}"))),
        None => Ok(nothing(&visit)),
    }
}

/// What was typed, if nothing is wrong with it.
fn joined(told: &UsToo, today: NaiveDate) -> Result<Joined, String> {
    let team = told.team.clone();
    if team.is_empty() || team.chars().count() > 40 || team.contains(['(', ')', ':', '|', '<', ';']) {
        return Err("name the team, in at most 40 letters and without brackets and colons".to_owned());
    }
    let day: NaiveDate = told.day.parse().map_err(|_| "the day is no date; write it as 2027-03-31".to_owned())?;
    if day > today {
        return Err("the day lies ahead".to_owned());
    }
    let text = act::reason(&told.text).map_err(|_| "say what happened, in at most 500 characters".to_owned())?;
    Ok(Joined { day, team, text })
}
