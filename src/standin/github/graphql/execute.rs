//! Answers a valid query from the state.

use serde_json::{Map, Value, json};

use super::super::budget::RESET;
use super::super::rest::sees;
use super::super::{Caller, Entry, Repo, State, Ticket, Visibility, shapes};
use super::closing::{self, POINTER};
use super::parse::{Argument, Document, Field, Selection};
use super::schema::members;
use super::search;

/// What a selection is made on.
#[derive(Clone, Copy)]
enum Object<'a> {
    Query,
    RateLimit,
    Viewer,
    Repository(&'a Repo),
    Ticket(&'a Repo, u64, &'a Ticket),
}

impl Object<'_> {
    fn typename(&self) -> &'static str {
        match self {
            Self::Query => "Query",
            Self::RateLimit => "RateLimit",
            Self::Viewer => "User",
            Self::Repository(_) => "Repository",
            Self::Ticket(_, _, ticket) if ticket.is_pull => "PullRequest",
            Self::Ticket(..) => "Issue",
        }
    }
}

impl Object<'_> {
    fn is_closed(&self) -> bool {
        matches!(self, Self::Ticket(_, _, ticket) if ticket.closed.is_some())
    }
}

/// Answers with data, and errors where there are any.
pub(super) fn execute(state: &mut State, document: &Document, variables: &Value) -> Value {
    let mut run = Run { state, document, variables, errors: Vec::new(), asked: 0, met: Vec::new() };
    let data = run.object(Object::Query, &document.selection, Path::default());
    let (errors, met) = (run.errors, run.met);
    for key in met {
        if let Some((_, left)) = state.alias_errors.get_mut(&key) {
            *left = left.saturating_sub(1);
        }
    }
    if errors.is_empty() { json!({"data": data}) } else { json!({"data": data, "errors": errors}) }
}

/// Where a field stands: the keys above it, from the nearest.
#[derive(Clone, Copy, Default)]
struct Path<'a>(Option<(&'a Path<'a>, &'a str)>);

impl Path<'_> {
    fn to<'b>(&'b self, key: &'b str) -> Path<'b> {
        Path(Some((self, key)))
    }

    fn keys(&self) -> Vec<&str> {
        let mut keys: Vec<&str> = std::iter::successors(self.0, |(up, _)| up.0).map(|(_, key)| key).collect();
        keys.reverse();
        keys
    }
}

struct Run<'a> {
    state: &'a State,
    document: &'a Document,
    variables: &'a Value,
    errors: Vec<Value>,
    /// How many tickets were asked for so far.
    asked: usize,
    /// Tickets whose errors were met.
    met: Vec<(String, u64)>,
}

impl<'a> Run<'a> {
    fn object(&mut self, object: Object<'a>, selection: &'a [Selection], path: Path<'_>) -> Value {
        let mut told = Map::new();
        self.select(object, selection, path, &mut told);
        Value::Object(told)
    }

    fn select(
        &mut self,
        object: Object<'a>,
        selection: &'a [Selection],
        path: Path<'_>,
        told: &mut Map<String, Value>,
    ) {
        for item in selection {
            let (on, inner) = match item {
                Selection::Field(field) => {
                    let value = self.field(object, field, path.to(&field.key));
                    told.insert(field.key.clone(), value);
                    continue;
                }
                Selection::Inline(on, inner) => (on.as_deref(), inner),
                Selection::Spread(name, _) => match self.document.fragments.get(name) {
                    Some(fragment) => (Some(fragment.on.as_str()), &fragment.selection),
                    None => continue,
                },
            };
            if on.is_none_or(|on| members(on).contains(&object.typename())) {
                self.select(object, inner, path, told);
            }
        }
    }

    fn field(&mut self, object: Object<'a>, field: &'a Field, path: Path<'_>) -> Value {
        if field.name == "__typename" {
            return json!(object.typename());
        }
        match object {
            Object::Query => match field.name.as_str() {
                "repository" => self.repository(field, path),
                "repositoryOwner" => {
                    let login = self.argument(field, "login");
                    let whole = search::owned(self.state, login.as_str().unwrap_or_default());
                    self.project(&whole, &field.selection, path)
                }
                "rateLimit" => self.object(Object::RateLimit, &field.selection, path),
                "search" => {
                    let words = self.argument(field, "query");
                    let whole = search::found(self.state, words.as_str().unwrap_or_default());
                    self.project(&self.page(whole, field), &field.selection, path)
                }
                _ => self.object(Object::Viewer, &field.selection, path),
            },
            Object::RateLimit => match field.name.as_str() {
                "cost" => json!(1),
                "limit" => json!(self.state.graphql.limit),
                "remaining" => json!(self.state.graphql.remaining()),
                "used" => json!(self.state.graphql.used),
                "resetAt" => json!(chrono::DateTime::from_timestamp(RESET, 0).map(shapes::time)),
                _ => json!(0),
            },
            Object::Viewer => json!("octo-viewer"),
            Object::Repository(repo) => match field.name.as_str() {
                "id" => json!(format!("R_kgDO{:08X}", repo.id)),
                "databaseId" => json!(repo.id),
                "name" => json!(repo.name),
                "nameWithOwner" => json!(repo.full_name()),
                "url" => json!(format!("https://github.com/{}", repo.full_name())),
                "isPrivate" => json!(repo.visibility != Visibility::Public),
                "hasIssuesEnabled" => json!(repo.has_issues),
                "pullRequests" if matches!(repo.visibility, Visibility::WithoutIssues | Visibility::WithoutPulls) => {
                    self.error("FORBIDDEN", "Resource not accessible by personal access token", field, path)
                }
                "pullRequests" => {
                    let whole = search::pulls(repo);
                    self.project(&whole, &field.selection, path)
                }
                _ => self.ticket(repo, field, path),
            },
            Object::Ticket(repo, number, ticket) => match field.name.as_str() {
                "repository" => self.object(Object::Repository(repo), &field.selection, path),
                name => {
                    let duplicates =
                        !self.state.knows_argument || self.argument(field, "enableDuplicate") == json!(true);
                    fact(repo, number, ticket, duplicates, name)
                        .or_else(|| {
                            let whole = closing::field(repo, number, ticket, name)?;
                            Some(self.project(&self.page(whole, field), &field.selection, path))
                        })
                        .unwrap_or(Value::Null)
                }
            },
        }
    }

    /// A ticket of any repository.
    fn named(&self, (repo, number): &(String, u64)) -> Option<Object<'a>> {
        let repo = self.state.repos.get(&repo.to_ascii_lowercase()).filter(|repo| sees(repo, Caller::Known))?;
        match repo.entries.get(number) {
            Some(Entry::Ticket(ticket)) => Some(Object::Ticket(repo, *number, ticket)),
            _ => None,
        }
    }

    fn pointed(&self, value: &Value) -> Option<Object<'a>> {
        let pointer = value.get(POINTER)?;
        self.named(&(pointer[0].as_str()?.to_owned(), pointer[1].as_u64()?))
    }

    /// As much of a connection as is asked for.
    fn page(&self, mut whole: Value, field: &'a Field) -> Value {
        let Some(nodes) = whole.get_mut("nodes").and_then(Value::as_array_mut) else { return whole };
        if let Value::Array(wanted) = self.argument(field, "itemTypes") {
            nodes.retain(|node| {
                wanted.contains(&json!(closing::item_type(node["__typename"].as_str().unwrap_or_default())))
            });
        }
        if let Value::String(since) = self.argument(field, "since") {
            nodes.retain(|node| node["createdAt"].as_str() >= Some(since.as_str()));
        }
        if field.name == "closedByPullRequestsReferences" && self.argument(field, "includeClosedPrs") != json!(true) {
            nodes.retain(|node| self.pointed(node).is_some_and(|object| !object.is_closed()));
        }
        let number = |name: &str| self.argument(field, name).as_u64().and_then(|n| usize::try_from(n).ok());
        if let Some(first) = number("first") {
            nodes.truncate(first);
        }
        if let Some(last) = number("last") {
            nodes.drain(..nodes.len().saturating_sub(last));
        }
        whole
    }

    /// What is selected of an object that stands for itself.
    fn project(&mut self, value: &Value, selection: &'a [Selection], path: Path<'_>) -> Value {
        match value {
            Value::Array(list) => list.iter().map(|value| self.project(value, selection, path)).collect(),
            Value::Object(_) if value.get(POINTER).is_some() => match self.pointed(value) {
                Some(object) => self.object(object, selection, path),
                None => Value::Null,
            },
            Value::Object(_) if !selection.is_empty() => {
                let mut told = Map::new();
                self.pick(value, selection, path, &mut told);
                Value::Object(told)
            }
            _ => value.clone(),
        }
    }

    fn pick(&mut self, value: &Value, selection: &'a [Selection], path: Path<'_>, told: &mut Map<String, Value>) {
        for item in selection {
            let (on, inner) = match item {
                Selection::Field(field) => {
                    let picked = self.project(&value[field.name.as_str()], &field.selection, path);
                    told.insert(field.key.clone(), picked);
                    continue;
                }
                Selection::Inline(on, inner) => (on.as_deref(), inner),
                Selection::Spread(name, _) => match self.document.fragments.get(name) {
                    Some(fragment) => (Some(fragment.on.as_str()), &fragment.selection),
                    None => continue,
                },
            };
            let typename = value["__typename"].as_str().unwrap_or_default();
            if on.is_none_or(|on| members(on).contains(&typename)) {
                self.pick(value, inner, path, told);
            }
        }
    }

    fn repository(&mut self, field: &'a Field, path: Path<'_>) -> Value {
        let text = |value: Value| value.as_str().unwrap_or_default().to_owned();
        let name = format!("{}/{}", text(self.argument(field, "owner")), text(self.argument(field, "name")));
        let mut key = name.to_ascii_lowercase();
        if let Some(now) =
            self.state.renamed.get(&key).filter(|_| self.argument(field, "followRenames") != json!(false))
        {
            key = now.to_ascii_lowercase();
        }
        match self.state.repos.get(&key).filter(|repo| sees(repo, Caller::Known)) {
            Some(repo) if repo.visibility == Visibility::SingleSignOn => {
                let said = "Resource protected by organization SAML enforcement. You must grant your OAuth token access to this organization.";
                self.error("FORBIDDEN", said, field, path)
            }
            Some(repo) => self.object(Object::Repository(repo), &field.selection, path),
            None => {
                let said = format!("Could not resolve to a Repository with the name '{name}'.");
                self.error("NOT_FOUND", &said, field, path)
            }
        }
    }

    fn ticket(&mut self, repo: &'a Repo, field: &'a Field, path: Path<'_>) -> Value {
        let number = self.argument(field, "number").as_u64().unwrap_or_default();
        self.asked += 1;
        let largest =
            self.state.largest_query.as_ref().filter(|(name, _)| name.is_empty() || *name == self.document.name);
        if let Some((_, largest)) = largest.filter(|(_, largest)| self.asked > *largest) {
            // The error names the field that ran out; what comes after it is left out without a word.
            return if self.asked == largest + 1 {
                self.error("RESOURCE_LIMITS_EXCEEDED", "Resource limits for this query exceeded.", field, path)
            } else {
                Value::Null
            };
        }
        let key = (repo.full_name().to_ascii_lowercase(), number);
        if let Some((kind, _)) = self.state.alias_errors.get(&key).filter(|(_, left)| *left > 0) {
            self.met.push(key);
            return self.error(kind, "Something went wrong while executing your query.", field, path);
        }
        let closing_error = self.state.closing_errors.get(&key).filter(|_| self.document.name == "Closings");
        if closing_error.is_some_and(|kind| kind == "FORBIDDEN") {
            // What is withheld is null, and the rest is told all the same.
            let inside = path.to("mentions");
            self.error("FORBIDDEN", "Resource not accessible by personal access token", field, inside.to("nodes"));
        } else if let Some(kind) = closing_error {
            return self.error(kind, "Something went wrong while executing your query.", field, path);
        }
        let (kind, words) = match field.name.as_str() {
            "issue" => (Some(false), "an Issue"),
            "pullRequest" => (Some(true), "a PullRequest"),
            _ => (None, "an issue or pull request"),
        };
        let shown = repo.visibility != Visibility::WithoutIssues;
        match repo.entries.get(&number) {
            Some(Entry::Ticket(ticket))
                if shown
                    && !(ticket.is_pull && repo.visibility == Visibility::WithoutPulls)
                    && kind.is_none_or(|is_pull| is_pull == ticket.is_pull)
                    && (ticket.is_pull || repo.has_issues) =>
            {
                self.object(Object::Ticket(repo, number, ticket), &field.selection, path)
            }
            // Transferred issues too: only REST tells where they went.
            _ => {
                let said = format!("Could not resolve to {words} with the number of {number}.");
                self.error("NOT_FOUND", &said, field, path)
            }
        }
    }

    fn error(&mut self, kind: &str, message: &str, field: &Field, path: Path<'_>) -> Value {
        self.errors
            .push(json!({"type": kind, "path": path.keys(), "locations": [field.at.json()], "message": message}));
        Value::Null
    }

    fn argument(&self, field: &Field, name: &str) -> Value {
        let value = field.arguments.iter().find(|(key, _)| key == name).map(|(_, value)| value);
        match value {
            Some(Argument::Literal(value)) => value.clone(),
            Some(Argument::Variable(variable)) => self.variables[variable.as_str()].clone(),
            None => Value::Null,
        }
    }
}

/// One scalar of a ticket.
fn fact(repo: &Repo, number: u64, ticket: &Ticket, duplicates: bool, name: &str) -> Option<Value> {
    let closing = ticket.closed.as_ref();
    let merging = closing.filter(|closing| closing.merged);
    Some(match name {
        "id" => json!(shapes::node_id(ticket)),
        "number" => json!(number),
        "title" => json!(ticket.title),
        "url" => json!(shapes::html_url(repo, number, ticket)),
        "state" if merging.is_some() => json!("MERGED"),
        "state" => json!(if closing.is_some() { "CLOSED" } else { "OPEN" }),
        "stateReason" => match closing.map(|closing| closing.reason.as_deref()) {
            // As long as there is the argument, a duplicate answers something else without it.
            Some(Some("duplicate")) if !duplicates => json!("NOT_PLANNED"),
            Some(reason) => json!(reason.map(str::to_ascii_uppercase)),
            None => json!(ticket.reopened.then_some("REOPENED")),
        },
        "closed" => json!(closing.is_some()),
        "closedAt" => json!(closing.map(|closing| shapes::time(closing.at))),
        "createdAt" => json!(shapes::time(ticket.created_at)),
        "updatedAt" => json!(shapes::time(ticket.updated_at)),
        "merged" => json!(merging.is_some()),
        "mergedAt" => json!(merging.map(|closing| shapes::time(closing.at))),
        "isDraft" => json!(false),
        "headRefName" => json!(ticket.story.branch.clone().unwrap_or_else(|| format!("patch-{number}"))),
        _ => return None,
    })
}
