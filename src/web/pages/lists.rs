//! Pages that list: challenges, registers, categories, teams, owners, tickets, findings.

use axum::extract::Path;
use axum::response::Response;

use super::query::Query;
use super::visit::Failed;
use super::{Visit, missing, page};
use crate::domain::finding::Code;
use crate::domain::pages::{Choice, Grouped, Leaf, TicketChoice};
use crate::domain::verdict::{Standing, Verdict};
use crate::report::site::{self, Part};

/// Rows on one page of a list.
const ROWS: usize = 100;

/// The same where each row counts and links by its name many times.
const COUNTED: usize = 50;

/// What the filters in an address choose.
pub(super) fn choice(query: &Query, document: Option<String>) -> Result<Choice, Failed> {
    Ok(Choice {
        document,
        standing: query.word("standing", &Standing::ALL, Standing::word)?,
        category: query.text("category").map(|category| category.trim().to_owned()),
        team: query.text("team").map(|team| team.trim().to_owned()).filter(|team| !team.is_empty()),
        owner: query.text("owner").map(|owner| owner.trim().to_owned()),
        theme: query.text("theme").map(str::to_owned).filter(|theme| !theme.is_empty()),
        quarter: query.read("quarter")?,
        ticket: query.read("ticket")?,
        since: query.read("since")?,
    })
}

/// `GET /challenges`: a choice of challenges, worst first.
pub(super) async fn challenges(visit: Visit, query: Query) -> Result<Response, Failed> {
    let choice = choice(&query, None)?;
    let (leaf, standings) = visit.shop.store.challenges(&choice, ROWS, query.page()?).await?;
    Ok(page(site::challenges(visit.frame(Part::Challenges), &choice, &leaf, &standings)))
}

/// `GET /registers/…`: a register in its own order.
pub(super) async fn register(visit: Visit, Path(path): Path<String>, query: Query) -> Result<Response, Failed> {
    let choice = choice(&query, Some(path))?;
    let (leaf, standings) = visit.shop.store.challenges(&choice, ROWS, query.page()?).await?;
    if standings.is_empty() && choice == (Choice { document: choice.document.clone(), ..Choice::default() }) {
        return Ok(missing(&visit, Part::Registers, "No document in force of that name has challenges."));
    }
    Ok(page(site::challenges(visit.frame(Part::Registers), &choice, &leaf, &standings)))
}

/// `GET /registers`: the documents with challenges.
pub(super) async fn registers(visit: Visit, query: Query) -> Result<Response, Failed> {
    let registers = visit.shop.store.registers().await?;
    Ok(page(site::registers(visit.frame(Part::Registers), &Leaf::of(&registers, COUNTED, query.page()?))))
}

/// `GET /categories`
pub(super) async fn categories(visit: Visit, query: Query) -> Result<Response, Failed> {
    groups(&visit, Grouped::Category, &query).await
}

/// `GET /teams`
pub(super) async fn teams(visit: Visit, query: Query) -> Result<Response, Failed> {
    groups(&visit, Grouped::Team, &query).await
}

/// `GET /owners`
pub(super) async fn owners(visit: Visit, query: Query) -> Result<Response, Failed> {
    groups(&visit, Grouped::Owner, &query).await
}

async fn groups(visit: &Visit, by: Grouped, query: &Query) -> Result<Response, Failed> {
    let groups = visit.shop.store.groups(by).await?;
    Ok(page(site::groups(visit.frame(Part::Challenges), by, &Leaf::of(&groups, COUNTED, query.page()?))))
}

/// `GET /tickets`: the tickets cited, by verdict and tracker.
pub(super) async fn tickets(visit: Visit, query: Query) -> Result<Response, Failed> {
    let verdict = query.word("verdict", &Verdict::ALL, Verdict::word)?;
    let choice = TicketChoice { verdict, tracker: query.read("tracker")? };
    let (leaf, counts) = visit.shop.store.tickets(&choice, ROWS, query.page()?).await?;
    Ok(page(site::tickets(visit.frame(Part::Tickets), &choice, &leaf, &counts)))
}

/// `GET /findings`: what is worth a person's time, by what it says.
pub(super) async fn findings(visit: Visit, query: Query) -> Result<Response, Failed> {
    let code = query.word("code", Code::ALL, Code::word)?;
    let (leaf, counts) = visit.shop.store.findings(code, ROWS, query.page()?).await?;
    Ok(page(site::findings(visit.frame(Part::Findings), code, &leaf, &counts)))
}
