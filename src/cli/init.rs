//! `dragnet init`: a commented configuration for the documents that are there.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use anyhow::Context;

use super::args::{Init, Pipeline};
use super::failure::{Advice, Exit};
use super::output::Output;
use super::progress::count;
use crate::config::Config;
use crate::documents;
use crate::domain::document::{Document, Kind, Reading};
use crate::domain::ticket::TicketKey;
use crate::domain::tracker::{Claims, TrackerKind};
use crate::references::{self, Scan};
use crate::{sources, sync};

/// What is written, and where.
const CONFIGURATION: &str = "dragnet.toml";
const WORKFLOW: (&str, &str) = (".github/workflows/dragnet.yml", include_str!("../../deploy/github/workflow.yml"));
const GITLAB: (&str, &str) = ("dragnet.gitlab-ci.yml", include_str!("../../deploy/gitlab/dragnet.gitlab-ci.yml"));

pub(super) fn init(arguments: &Init, output: &Output) -> anyhow::Result<Exit> {
    refuse_existing(CONFIGURATION)?;
    let found = found()?;
    let text = configuration(&found);
    // What is proposed has to be right.
    Config::from_text(Path::new(CONFIGURATION), &text).context("the proposal is wrong")?;
    put(CONFIGURATION, &text)?;
    output.say(&format!(
        "wrote {CONFIGURATION} for {}; complete it where it says so, then: dragnet config check",
        count(found.len(), "document")
    ));
    let (path, text) = match arguments.ci {
        Some(Pipeline::Github) => WORKFLOW,
        Some(Pipeline::Gitlab) => GITLAB,
        None => return Ok(Exit::Fine),
    };
    refuse_existing(path)?;
    put(path, text)?;
    output.say(&format!("wrote {path}"));
    Ok(Exit::Fine)
}

fn refuse_existing(path: &str) -> anyhow::Result<()> {
    if Path::new(path).exists() {
        return Err(Advice::error(format!("`{path}` is there already"), "move it away to have it written anew"));
    }
    Ok(())
}

fn put(path: &str, text: &str) -> anyhow::Result<()> {
    if let Some(folder) = Path::new(path).parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    }
    std::fs::write(path, text).with_context(|| format!("cannot write `{path}`"))
}

/// The Markdown here that says anything of tickets.
fn found() -> anyhow::Result<Vec<(Document, Scan)>> {
    let claims = Claims::without_configuration(&[]);
    let mut found = Vec::new();
    for path in sources::markdown_below(Path::new("."))? {
        let Ok(text) = sync::read_text(Path::new(&path)) else { continue };
        let mut document = documents::read(&path, text, &Reading::default());
        let scan = references::cite(&mut document, &claims);
        if !(document.challenges.is_empty() && scan.references.is_empty() && scan.unclaimed.is_empty()) {
            found.push((document, scan));
        }
    }
    if found.is_empty() {
        return Err(Advice::error(
            "there is no document that cites a ticket: no Markdown below this folder does",
            "run it where the documents are, or start from config/dragnet.toml of dragnet's repository",
        ));
    }
    Ok(found)
}

/// How often something was named, and where for example.
#[derive(Default)]
struct Named {
    times: usize,
    example: String,
}

impl Named {
    fn again(&mut self, times: usize, example: impl FnOnce() -> String) {
        if self.times == 0 {
            self.example = example();
        }
        self.times += times;
    }
}

/// What the documents name.
#[derive(Default)]
struct Names {
    /// Jira sites by their address, each with the projects of its links.
    jiras: BTreeMap<String, (Named, BTreeMap<String, Named>)>,
    github: Named,
    /// Projects of bare keys.
    keys: BTreeMap<String, Named>,
    /// Hosts with links that look like tickets.
    hosts: BTreeMap<String, Named>,
}

fn names(found: &[(Document, Scan)]) -> Names {
    let mut names = Names::default();
    for (_, scan) in found {
        for reference in &scan.references {
            let example = || format!("{} in {}", reference.ticket.key(), reference.place);
            let url = reference.url.as_deref().unwrap_or_default();
            match (reference.ticket.key(), url.rsplit_once("/browse/")) {
                (TicketKey::Jira { project, .. }, Some((site, _))) => {
                    let (named, projects) = names.jiras.entry(site.to_owned()).or_default();
                    named.again(1, example);
                    projects.entry(project.to_owned()).or_default().again(1, example);
                }
                _ if reference.ticket.tracker().kind() == TrackerKind::GitHub => names.github.again(1, example),
                _ => {}
            }
        }
        for unclaimed in &scan.unclaimed {
            let example = || format!("{} in {}", unclaimed.example, unclaimed.place);
            let of = if unclaimed.home.contains('.') { &mut names.hosts } else { &mut names.keys };
            of.entry(unclaimed.home.clone()).or_default().again(unclaimed.count, example);
        }
    }
    names
}

fn configuration(found: &[(Document, Scan)]) -> String {
    let mut text = "# dragnet's configuration, proposed by `dragnet init`. config/dragnet.toml of dragnet's repository has every key.\n\
                    # `dragnet config check` says whether it is right.\n\n\
                    [store]\npath = \"dragnet.db\"     # keep it out of version control\n"
        .to_owned();
    let mut taken = BTreeSet::new();
    for Proposed { name, path, documents } in proposed(found) {
        let name = if taken.insert(name.clone()) { name } else { path.clone() };
        let (says, name, path) = (said(&documents), quoted(&name), quoted(&path));
        let _ = write!(text, "\n# {says}\n[[source]]\nname = {name}\npath = {path}\n");
    }
    trackers(&mut text, &names(found));
    text
}

/// A source that is proposed.
struct Proposed<'a> {
    /// Its file's or its folder's; another may have the same.
    name: String,
    path: String,
    documents: Vec<&'a (Document, Scan)>,
}

/// A folder with so many documents will have more: it is proposed as a whole.
const MANY: usize = 3;

/// Each document by itself, and as a pattern what stands together in a folder.
fn proposed(found: &[(Document, Scan)]) -> Vec<Proposed<'_>> {
    let mut together: BTreeMap<String, Vec<&(Document, Scan)>> = BTreeMap::new();
    for one in found {
        together.entry(pattern(&one.0.path)).or_default().push(one);
    }
    let mut proposed = Vec::new();
    for (pattern, documents) in together {
        let folder = Path::new(&pattern).parent().filter(|folder| !folder.as_os_str().is_empty());
        // A folder whose name is a pattern itself cannot be written as one that is meant.
        if documents.len() >= MANY && folder.is_none_or(|folder| !folder.to_string_lossy().contains(['*', '?', '['])) {
            let name = folder.and_then(Path::file_name).map(|name| name.to_string_lossy().to_lowercase());
            proposed.push(Proposed { name: name.unwrap_or_else(|| "documents".to_owned()), path: pattern, documents });
            continue;
        }
        proposed.extend(documents.into_iter().map(|one| {
            let path = one.0.path.clone();
            let stem = Path::new(&path).file_stem().map(|stem| stem.to_string_lossy().to_lowercase());
            Proposed { name: stem.unwrap_or_else(|| path.clone()), path, documents: vec![one] }
        }));
    }
    proposed.sort_by(|a, b| a.path.cmp(&b.path));
    proposed
}

/// `docs/*.md` for `docs/a.md`
fn pattern(path: &str) -> String {
    let ending = Path::new(path).extension().map(|ending| format!(".{}", ending.to_string_lossy()));
    Path::new(path).with_file_name(format!("*{}", ending.unwrap_or_default())).display().to_string()
}

/// `12 challenges, 14 references`; of several documents how many they are.
fn said(documents: &[&(Document, Scan)]) -> String {
    let sum = |of: &dyn Fn(&(Document, Scan)) -> usize| documents.iter().map(|one| of(one)).sum::<usize>();
    let mut parts = Vec::new();
    if documents.len() > 1 {
        parts.push(count(documents.len(), "document"));
    }
    for (number, what) in [
        (sum(&|(document, _)| document.challenges.len()), "challenge"),
        (sum(&|(document, _)| document.meetings.len()), "meeting"),
    ] {
        if number > 0 {
            parts.push(count(number, what));
        }
    }
    if documents.iter().all(|(document, _)| document.kind == Kind::Prose) {
        parts.push("prose".to_owned());
    }
    let unclaimed = |scan: &Scan| scan.unclaimed.iter().map(|one| one.count).sum::<usize>();
    parts.push(count(sum(&|(_, scan)| scan.references.len() + unclaimed(scan)), "reference"));
    parts.join(", ")
}

fn trackers(text: &mut String, names: &Names) {
    let one_site = names.jiras.len() == 1;
    for (nth, (site, (named, projects))) in names.jiras.iter().enumerate() {
        let name = if nth == 0 { "jira".to_owned() } else { format!("jira-{}", nth + 1) };
        let _ = write!(
            text,
            "\n[[tracker]]\nname = \"{name}\"\nkind = \"jira\"\nsite = {}     # {}, such as {}\n",
            quoted(site),
            count(named.times, "link"),
            plain(&named.example)
        );
        let _ = writeln!(text, "# Bare keys that belong here; take out what is none of its projects.");
        let mut keys: BTreeMap<&str, &Named> = projects.iter().map(|(key, named)| (key.as_str(), named)).collect();
        if one_site {
            keys.extend(names.keys.iter().map(|(key, named)| (key.as_str(), named)));
        }
        list(text, &keys);
        text.push_str("# email = \"bot@example.com\"                # Jira Cloud: the account of the token\n");
        let _ = writeln!(text, "# token_env = \"DRAGNET_{}_TOKEN\"", name.to_uppercase().replace('-', "_"));
    }
    if !one_site && !names.keys.is_empty() {
        text.push_str(
            "\n# These look like keys of Jira, and no single link says of which: complete the site, and uncomment.\n",
        );
        let mut proposal =
            "[[tracker]]\nname = \"jira\"\nkind = \"jira\"\nsite = \"https://example.atlassian.net\"\n".to_owned();
        list(&mut proposal, &names.keys.iter().map(|(key, named)| (key.as_str(), named)).collect());
        for line in proposal.lines() {
            let _ = writeln!(text, "# {line}");
        }
    }
    if names.github.times > 0 {
        let _ = write!(
            text,
            "\n[[tracker]]\nname = \"github\"\nkind = \"github\"     # {}, such as {}\n# token_env = \"GITHUB_TOKEN\"     # absent: GITHUB_TOKEN, GH_TOKEN, `gh auth token`\n",
            count(names.github.times, "reference"),
            plain(&names.github.example)
        );
    }
    for (host, named) in &names.hosts {
        let _ = write!(
            text,
            "\n# {host}: {} that may be a ticket's, such as {}. Add a [[tracker]] if so.\n",
            count(named.times, "link"),
            plain(&named.example)
        );
    }
}

/// `projects`, one a line with how often it was named.
fn list(text: &mut String, keys: &BTreeMap<&str, &Named>) {
    text.push_str("projects = [\n");
    for (key, named) in keys {
        let _ =
            writeln!(text, "  {},     # named {}, such as {}", quoted(key), times(named.times), plain(&named.example));
    }
    text.push_str("]\n");
}

fn times(n: usize) -> String {
    if n == 1 { "once".to_owned() } else { format!("{n} times") }
}

/// A TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// What others wrote, on one line of a comment.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(120).collect()
}
