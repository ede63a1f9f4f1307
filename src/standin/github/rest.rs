//! The REST endpoints of the stand-in.

use serde_json::{Value, json};

use super::super::server::{Answer, Request};
use super::{Caller, Entry, Repo, State, Ticket, Visibility, comments, files, listing, shapes, timeline};

/// Answers one request below the REST root.
pub(super) fn answer(state: &State, request: &Request, path: &str, base: &str, caller: Caller) -> Answer {
    let parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
    match (request.method.as_str(), parts.as_slice()) {
        ("GET", _) => {}
        // It was edited already, by whoever may.
        ("PATCH", ["repos", _, _, "issues", _]) if caller == Caller::Known => {}
        ("PATCH", ["repos", _, _, "issues", _]) => return Answer::message(401, "Requires authentication"),
        _ => return not_found(),
    }
    match parts.as_slice() {
        ["user"] if state.is_app => Answer::message(403, "Resource not accessible by integration"),
        ["rate_limit"] => Answer::json(200, &shapes::rate_limit(state)),
        ["user"] if caller == Caller::Known => Answer::json(200, &shapes::public_user("octo-reader", base)),
        ["user"] => Answer::message(401, "Requires authentication"),
        ["users", login] => Answer::json(200, &shapes::public_user(login, base)),
        // Nobody here shows to which organisations they belong.
        ["users", _, "orgs"] => Answer::json(200, &json!([])),
        ["repos", owner, name, rest @ ..] => {
            let full_name = format!("{owner}/{name}").to_ascii_lowercase();
            if let Some(repo) = state.renamed.get(&full_name).and_then(|to| state.repos.get(&to.to_ascii_lowercase())) {
                let rest: String = rest.iter().map(|part| format!("/{part}")).collect();
                return if sees(repo, caller) {
                    moved(&format!("{base}/repositories/{}{rest}", repo.id))
                } else {
                    not_found()
                };
            }
            match state.repos.get(&full_name) {
                Some(repo) => within(state, repo, request, rest, base, caller),
                None => not_found(),
            }
        }
        ["repositories", id, rest @ ..] => match state.repos.values().find(|repo| repo.id.to_string() == **id) {
            Some(repo) => within(state, repo, request, rest, base, caller),
            None => not_found(),
        },
        _ => not_found(),
    }
}

/// Gives an issue the description that the request holds, if it is there.
pub(super) fn edit(state: &mut State, request: &Request, path: &str) {
    let parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
    let ["repos", owner, name, "issues", number] = parts.as_slice() else { return };
    let repo = state.repos.get_mut(&format!("{owner}/{name}").to_ascii_lowercase());
    let entry = repo.zip(number.parse().ok()).and_then(|(repo, number)| repo.entries.get_mut(&number));
    let told: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    if let (Some(Entry::Ticket(ticket)), Some(body)) = (entry, told["body"].as_str()) {
        body.clone_into(&mut ticket.story.body);
    }
}

/// Whether the repository itself is visible.
pub(super) fn sees(repo: &Repo, caller: Caller) -> bool {
    match repo.visibility {
        Visibility::Public => true,
        Visibility::Internal | Visibility::WithoutIssues | Visibility::WithoutPulls | Visibility::SingleSignOn => {
            caller == Caller::Known
        }
        Visibility::Private => false,
    }
}

fn within(state: &State, repo: &Repo, request: &Request, rest: &[&str], base: &str, caller: Caller) -> Answer {
    if !sees(repo, caller) {
        return not_found();
    }
    if repo.visibility == Visibility::SingleSignOn {
        let url = "https://github.com/orgs/acme/sso?authorization_request=A1";
        return Answer::json(
            403,
            &json!({
                "message": "Resource protected by organization SAML enforcement. You must grant your OAuth token access to this organization.",
                "documentation_url": "https://docs.github.com/articles/authenticating-to-a-github-organization-with-saml-single-sign-on/",
                "status": "403",
            }),
        )
        .with("x-github-sso", &format!("required; url={url}"));
    }
    let withheld = repo.visibility == Visibility::WithoutIssues;
    let pulls_withheld = withheld || repo.visibility == Visibility::WithoutPulls;
    match rest {
        [] => Answer::json(200, &shapes::repository(repo, base)),
        ["git", "trees", branch] => files::tree(repo, request, branch, base).unwrap_or_else(not_found),
        ["git", "blobs", sha] => files::blob(repo, sha, base).unwrap_or_else(not_found),
        ["issues", ..] | ["pulls", _] if withheld => not_found(),
        ["issues", ..] if !repo.has_issues => gone("Issues are disabled for this repo"),
        ["issues"] => listing::answer(repo, request, base, state.habit),
        ["issues", "comments"] => comments::of_repo(repo, request, base),
        ["issues", number] => match number.parse().ok().and_then(|number| repo.entries.get_key_value(&number)) {
            Some((_, Entry::Ticket(ticket))) if ticket.is_pull && pulls_withheld => not_found(),
            Some((number, Entry::Ticket(ticket))) => Answer::json(200, &shapes::issue(repo, *number, ticket, base)),
            Some((_, Entry::Transferred { repo, number })) => match state.repos.get(&repo.to_ascii_lowercase()) {
                Some(home) => moved(&format!("{base}/repositories/{}/issues/{number}", home.id)),
                None => not_found(),
            },
            Some((_, Entry::Deleted)) => gone("This issue was deleted"),
            None => not_found(),
        },
        ["issues", number, part @ ("timeline" | "comments")] => match ticket(repo, number) {
            Some(entry) if *part == "comments" => comments::of_ticket(repo, entry, request, base),
            Some(entry) => timeline::answer(state, repo, entry, request, base),
            None => not_found(),
        },
        ["pulls"] if pulls_withheld => Answer::message(403, "Resource not accessible by personal access token"),
        // Enough to show that they are shown.
        ["pulls"] => Answer::json(200, &json!([])),
        ["pulls", number] => match ticket(repo, number).filter(|(_, ticket)| ticket.is_pull && !pulls_withheld) {
            Some((number, ticket)) => Answer::json(200, &shapes::pull(repo, number, ticket, base)),
            None => not_found(),
        },
        _ => not_found(),
    }
}

/// The ticket of a repository that has this number and is there.
fn ticket<'a>(repo: &'a Repo, number: &str) -> Option<(u64, &'a Ticket)> {
    let number = number.parse().ok()?;
    match repo.entries.get(&number)? {
        Entry::Ticket(ticket) => Some((number, ticket)),
        Entry::Transferred { .. } | Entry::Deleted => None,
    }
}

/// The page that a person would see, as far as a program that follows links cares.
pub(super) fn page(state: &State, owner: &str, name: &str, number: &str) -> Answer {
    let repo = state.repos.get(&format!("{owner}/{name}").to_ascii_lowercase());
    let is_shown = repo.is_some_and(|repo| sees(repo, Caller::Stranger) && ticket(repo, number).is_some());
    if is_shown {
        Answer::page(200, &format!("<!doctype html><title>{owner}/{name}#{number}</title>"))
    } else {
        Answer::page(404, "<!doctype html><title>Page not found</title>")
    }
}

fn not_found() -> Answer {
    Answer::json(
        404,
        &json!({"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"}),
    )
}

fn gone(message: &str) -> Answer {
    Answer::json(
        410,
        &json!({"message": message, "documentation_url": "https://docs.github.com/rest/issues/issues#get-an-issue", "status": "410"}),
    )
}

fn moved(there: &str) -> Answer {
    let body = json!({"message": "Moved Permanently", "url": there, "documentation_url": "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects"});
    Answer::json(301, &body).with("location", there)
}
