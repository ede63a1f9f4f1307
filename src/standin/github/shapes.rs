//! GitHub's REST objects with every property that its description requires.

use serde_json::{Map, Value, json};

use super::story::Remark;
use super::{Moment, Repo, Ticket, Visibility};

/// Where links for people lead.
const SITE: &str = "https://github.com";
/// Where the users that we made up are described.
const NOREPLY: u64 = 583_231;

/// As GitHub writes a moment.
pub(super) fn time(at: Moment) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

/// The id that lasts over moves.
pub(super) fn node_id(ticket: &Ticket) -> String {
    format!("{}_kwDO{:08X}", if ticket.is_pull { "PR" } else { "I" }, ticket.id)
}

/// The link that a person would open.
pub(super) fn html_url(repo: &Repo, number: u64, ticket: &Ticket) -> String {
    format!("{SITE}/{}/{}/{number}", repo.full_name(), if ticket.is_pull { "pull" } else { "issues" })
}

/// `simple-user`
pub(super) fn user(login: &str, base: &str) -> Value {
    let url = format!("{base}/users/{login}");
    json!({
        "login": login, "id": NOREPLY, "node_id": "MDQ6VXNlcjU4MzIzMQ==", "gravatar_id": "",
        "avatar_url": format!("https://avatars.githubusercontent.com/u/{NOREPLY}?v=4"),
        "url": url, "html_url": format!("{SITE}/{login}"),
        "followers_url": format!("{url}/followers"), "following_url": format!("{url}/following{{/other_user}}"),
        "gists_url": format!("{url}/gists{{/gist_id}}"), "starred_url": format!("{url}/starred{{/owner}}{{/repo}}"),
        "subscriptions_url": format!("{url}/subscriptions"), "organizations_url": format!("{url}/orgs"),
        "repos_url": format!("{url}/repos"), "events_url": format!("{url}/events{{/privacy}}"),
        "received_events_url": format!("{url}/received_events"), "type": if login.ends_with("[bot]") { "Bot" } else { "User" }, "user_view_type": "public",
        "site_admin": false,
    })
}

/// `rate-limit-overview`
pub(super) fn rate_limit(state: &super::State) -> Value {
    let budget = |budget: &super::Budget| json!({"limit": budget.limit, "remaining": budget.remaining(), "used": budget.used, "reset": super::budget::RESET});
    let (core, graphql) = (budget(&state.core), budget(&state.graphql));
    json!({"resources": {"core": core, "graphql": graphql, "search": core}, "rate": core})
}

/// `installation`
pub(super) fn installation(app: u64, id: u64, account: &str, suspended: bool, base: &str) -> Value {
    let began = time(super::start());
    json!({
        "id": id, "app_id": app, "app_slug": "dragnet", "target_id": NOREPLY, "target_type": "Organization",
        "account": user(account, base), "repository_selection": "selected", "single_file_name": null, "events": [],
        "permissions": {"contents": "read", "issues": "read", "metadata": "read", "pull_requests": "read"},
        "access_tokens_url": format!("{base}/app/installations/{id}/access_tokens"),
        "repositories_url": format!("{base}/installation/repositories"),
        "html_url": format!("{SITE}/organizations/{account}/settings/installations/{id}"),
        "created_at": began, "updated_at": began, "suspended_at": suspended.then_some(began),
        "suspended_by": suspended.then(|| user("octo-admin", base)),
    })
}

/// `public-user`
pub(super) fn public_user(login: &str, base: &str) -> Value {
    let began = time(super::start());
    let more = json!({
        "name": null, "company": null, "blog": null, "location": null, "email": null, "hireable": null, "bio": null,
        "public_repos": 0, "public_gists": 0, "followers": 0, "following": 0, "created_at": began, "updated_at": began,
    });
    merge(user(login, base), more)
}

/// `reaction-rollup`: nobody reacts here.
fn reactions(url: &str) -> Value {
    json!({
        "url": format!("{url}/reactions"), "total_count": 0, "+1": 0, "-1": 0, "laugh": 0, "confused": 0, "heart": 0,
        "hooray": 0, "eyes": 0, "rocket": 0,
    })
}

/// `issue-comment`: the n-th of a ticket, from 0.
pub(super) fn comment(
    repo: &Repo,
    (number, ticket): (u64, &Ticket),
    (nth, remark): (u64, &Remark),
    base: &str,
) -> Value {
    // Ids grow from ticket to ticket, with room for all that is said about one.
    let id = ticket.id * 1_000_000 + nth;
    let repo_url = format!("{base}/repos/{}", repo.full_name());
    let url = format!("{repo_url}/issues/comments/{id}");
    json!({
        "id": id, "node_id": format!("IC_{id}"), "url": url, "issue_url": format!("{repo_url}/issues/{number}"),
        "html_url": format!("{}#issuecomment-{id}", html_url(repo, number, ticket)), "user": user(&remark.by, base),
        "author_association": "MEMBER", "body": remark.text, "created_at": time(remark.at),
        "updated_at": time(remark.at), "performed_via_github_app": null, "reactions": reactions(&url),
    })
}

/// `issue`
pub(super) fn issue(repo: &Repo, number: u64, ticket: &Ticket, base: &str) -> Value {
    let repo_url = format!("{base}/repos/{}", repo.full_name());
    let url = format!("{repo_url}/issues/{number}");
    let closing = ticket.closed.as_ref();
    let reason = match closing {
        Some(closing) => closing.reason.clone(),
        None => ticket.reopened.then(|| "reopened".to_owned()),
    };
    let mut issue = json!({
        "id": ticket.id, "node_id": node_id(ticket), "number": number, "title": ticket.title, "body": body(ticket),
        "url": url, "repository_url": repo_url, "html_url": html_url(repo, number, ticket),
        "labels_url": format!("{url}/labels{{/name}}"), "comments_url": format!("{url}/comments"),
        "events_url": format!("{url}/events"), "timeline_url": format!("{url}/timeline"),
        "user": user(&ticket.author, base), "labels": labels(repo, ticket, base),
        "milestone": milestone(repo, ticket, base),
        "assignee": ticket.story.assignee.as_ref().map(|login| user(login, base)),
        "assignees": ticket.story.assignee.iter().map(|login| user(login, base)).collect::<Vec<_>>(),
        "state": if closing.is_some() { "closed" } else { "open" }, "state_reason": reason,
        "locked": false, "active_lock_reason": null, "comments": ticket.story.remarks.len(),
        "author_association": ticket.story.association.as_deref().unwrap_or("MEMBER"),
        "created_at": time(ticket.created_at), "updated_at": time(ticket.updated_at),
        "closed_at": closing.map(|closing| time(closing.at)),
        "closed_by": closing.map(|closing| user(&closing.by, base)),
        "performed_via_github_app": null, "reactions": reactions(&url),
    });
    if ticket.is_pull {
        let page = html_url(repo, number, ticket);
        issue["draft"] = json!(false);
        issue["pull_request"] = json!({
            "url": format!("{repo_url}/pulls/{number}"), "html_url": page,
            "diff_url": format!("{page}.diff"), "patch_url": format!("{page}.patch"),
            "merged_at": closing.filter(|closing| closing.merged).map(|closing| time(closing.at)),
        });
    }
    issue
}

fn body(ticket: &Ticket) -> Option<&str> {
    Some(ticket.story.body.as_str()).filter(|body| !body.is_empty())
}

fn labels(repo: &Repo, ticket: &Ticket, base: &str) -> Vec<Value> {
    let label = |(i, name): (usize, &String)| {
        json!({
            "id": i + 1, "node_id": format!("LA_{i}"), "name": name, "description": null, "color": "ededed",
            "default": false, "url": format!("{base}/repos/{}/labels/{i}", repo.full_name()),
        })
    };
    ticket.story.labels.iter().enumerate().map(label).collect()
}

fn milestone(repo: &Repo, ticket: &Ticket, base: &str) -> Value {
    let Some(title) = &ticket.story.milestone else { return Value::Null };
    let url = format!("{base}/repos/{}/milestones/1", repo.full_name());
    let began = time(super::start());
    json!({
        "url": url, "html_url": format!("{SITE}/{}/milestone/1", repo.full_name()), "labels_url": format!("{url}/labels"),
        "id": 1, "node_id": "MI_1", "number": 1, "state": "open", "title": title, "description": null,
        "creator": user(&repo.owner, base), "open_issues": 1, "closed_issues": 1, "created_at": began,
        "updated_at": began, "closed_at": null, "due_on": null,
    })
}

/// `pull-request`
pub(super) fn pull(repo: &Repo, number: u64, ticket: &Ticket, base: &str) -> Value {
    let repo_url = format!("{base}/repos/{}", repo.full_name());
    let (url, issue_url) = (format!("{repo_url}/pulls/{number}"), format!("{repo_url}/issues/{number}"));
    let page = html_url(repo, number, ticket);
    let closing = ticket.closed.as_ref();
    let merging = closing.filter(|closing| closing.merged);
    let sha = format!("{:040x}", ticket.id);
    let end = |name: &str| {
        json!({
            "label": format!("{}:{name}", repo.owner), "ref": name, "sha": sha,
            "repo": repository(repo, base), "user": user(&repo.owner, base),
        })
    };
    let link = |href: String| json!({"href": href});
    let addresses = json!({
        "id": ticket.id, "node_id": node_id(ticket), "number": number, "title": ticket.title, "body": null,
        "url": url, "html_url": page, "diff_url": format!("{page}.diff"), "patch_url": format!("{page}.patch"),
        "issue_url": issue_url, "commits_url": format!("{url}/commits"),
        "review_comments_url": format!("{url}/comments"), "review_comment_url": format!("{repo_url}/pulls/comments{{/number}}"),
        "comments_url": format!("{issue_url}/comments"), "statuses_url": format!("{repo_url}/statuses/{sha}"),
        "_links": {
            "self": link(url.clone()), "html": link(page.clone()), "issue": link(issue_url.clone()),
            "comments": link(format!("{issue_url}/comments")), "review_comments": link(format!("{url}/comments")),
            "review_comment": link(format!("{repo_url}/pulls/comments{{/number}}")),
            "commits": link(format!("{url}/commits")), "statuses": link(format!("{repo_url}/statuses/{sha}")),
        },
    });
    let state = json!({
        "state": if closing.is_some() { "closed" } else { "open" }, "locked": false, "active_lock_reason": null,
        "user": user(&ticket.author, base), "labels": [], "milestone": null, "assignee": null, "assignees": [],
        "requested_reviewers": [], "requested_teams": [], "draft": false, "auto_merge": null,
        "created_at": time(ticket.created_at), "updated_at": time(ticket.updated_at),
        "closed_at": closing.map(|closing| time(closing.at)), "merged_at": merging.map(|closing| time(closing.at)),
        "merged": merging.is_some(), "merged_by": merging.map(|closing| user(&closing.by, base)),
        "merge_commit_sha": merging.map(|_| &sha), "mergeable": null, "rebaseable": null, "mergeable_state": "unknown",
        "head": end("a-branch"), "base": end("main"), "author_association": "MEMBER", "maintainer_can_modify": false,
        "comments": 0, "review_comments": 0, "commits": 1, "additions": 1, "deletions": 0, "changed_files": 1,
    });
    merge(addresses, state)
}

/// Two objects as one.
fn merge(one: Value, other: Value) -> Value {
    match (one, other) {
        (Value::Object(mut one), Value::Object(other)) => {
            one.extend(other);
            Value::Object(one)
        }
        (one, _) => one,
    }
}

/// Links of a repository: property, and what comes after its own address.
const LINKS: [(&str, &str); 37] = [
    ("archive_url", "/{archive_format}{/ref}"),
    ("assignees_url", "/assignees{/user}"),
    ("blobs_url", "/git/blobs{/sha}"),
    ("branches_url", "/branches{/branch}"),
    ("collaborators_url", "/collaborators{/collaborator}"),
    ("comments_url", "/comments{/number}"),
    ("commits_url", "/commits{/sha}"),
    ("compare_url", "/compare/{base}...{head}"),
    ("contents_url", "/contents/{+path}"),
    ("contributors_url", "/contributors"),
    ("deployments_url", "/deployments"),
    ("downloads_url", "/downloads"),
    ("events_url", "/events"),
    ("forks_url", "/forks"),
    ("git_commits_url", "/git/commits{/sha}"),
    ("git_refs_url", "/git/refs{/sha}"),
    ("git_tags_url", "/git/tags{/sha}"),
    ("hooks_url", "/hooks"),
    ("issue_comment_url", "/issues/comments{/number}"),
    ("issue_events_url", "/issues/events{/number}"),
    ("issues_url", "/issues{/number}"),
    ("keys_url", "/keys{/key_id}"),
    ("labels_url", "/labels{/name}"),
    ("languages_url", "/languages"),
    ("merges_url", "/merges"),
    ("milestones_url", "/milestones{/number}"),
    ("notifications_url", "/notifications{?since,all,participating}"),
    ("pulls_url", "/pulls{/number}"),
    ("releases_url", "/releases{/id}"),
    ("stargazers_url", "/stargazers"),
    ("statuses_url", "/statuses/{sha}"),
    ("subscribers_url", "/subscribers"),
    ("subscription_url", "/subscription"),
    ("tags_url", "/tags"),
    ("teams_url", "/teams"),
    ("trees_url", "/git/trees{/sha}"),
    ("url", ""),
];

/// `full-repository`, which is also a `repository`.
pub(super) fn repository(repo: &Repo, base: &str) -> Value {
    let full_name = repo.full_name();
    let url = format!("{base}/repos/{full_name}");
    let page = format!("{SITE}/{full_name}");
    let private = repo.visibility != Visibility::Public;
    let open = repo.entries.values().filter(|entry| matches!(entry, super::Entry::Ticket(t) if t.closed.is_none()));
    let open = open.count();
    let began = time(super::start());
    let links: Map<String, Value> =
        LINKS.iter().map(|(name, path)| ((*name).to_owned(), json!(format!("{url}{path}")))).collect();
    let facts = json!({
        "id": repo.id, "node_id": format!("R_kgDO{:08X}", repo.id), "name": repo.name, "full_name": full_name,
        "owner": user(&repo.owner, base), "private": private, "visibility": if private { "private" } else { "public" },
        "html_url": page, "description": null, "fork": false, "homepage": null, "language": null, "license": null,
        "clone_url": format!("{page}.git"), "git_url": format!("git://github.com/{full_name}.git"),
        "ssh_url": format!("git@github.com:{full_name}.git"), "svn_url": page, "mirror_url": null,
    });
    let settings = json!({
        "archived": false, "disabled": false, "default_branch": "main", "is_template": false, "topics": [],
        "has_issues": repo.has_issues, "has_projects": true, "has_wiki": false, "has_pages": false,
        "has_downloads": true, "has_discussions": false, "allow_forking": true, "web_commit_signoff_required": false,
        "forks": 0, "forks_count": 0, "stargazers_count": 0, "watchers": 0, "watchers_count": 0, "network_count": 0,
        "subscribers_count": 0, "size": 1, "open_issues": open, "open_issues_count": open,
        "created_at": began, "updated_at": began, "pushed_at": began,
    });
    merge(merge(Value::Object(links), facts), settings)
}
