//! Whose a challenge is: by the configuration, else by the teams that its anecdotes name, else by those whom its remedies are
//! assigned to, else by the file of code owners. The first of these that says anything says it all.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::rows::Row;
use crate::domain::known::{Known, KnownDocument};
use crate::domain::owner::{OwnedBy, Owner, Ownership, Team};
use crate::domain::ticket::{TicketId, TicketKey};

/// Who owns what, ready to be asked.
#[derive(Debug)]
pub(super) struct Owners<'a> {
    teams: &'a [Team],
    /// What the configuration calls each name and alias, by its bare form; the first team that has one keeps it.
    called: HashMap<String, &'a str>,
    /// Patterns of code owners in the order of the file, each with whom it names.
    code: Vec<(Gitignore, &'a [String])>,
    /// What they say of documents that were asked for: a register has many rows.
    asked: Mutex<BTreeMap<String, Vec<String>>>,
}

impl<'a> Owners<'a> {
    pub(super) fn new(ownership: &'a Ownership) -> Self {
        let pattern = |(pattern, owners): &'a (String, Vec<String>)| {
            let mut builder = GitignoreBuilder::new("");
            // Negation and what cannot be read match nothing here, as with those who made the form.
            if pattern.starts_with('!') || builder.add_line(None, pattern).is_err() {
                return None;
            }
            Some((builder.build().ok()?, owners.as_slice()))
        };
        let code = ownership.code_owners.iter().filter_map(pattern).collect();
        let mut called = HashMap::new();
        for team in &ownership.teams {
            for name in std::iter::once(&team.name).chain(&team.aliases) {
                called.entry(bare(name)).or_insert(team.name.as_str());
            }
        }
        Self { teams: &ownership.teams, called, code, asked: Mutex::default() }
    }

    /// The owners of a challenge, each once.
    pub(super) fn of(&self, row: &Row<'_>, known: &Known) -> Vec<Owner> {
        let Some(document) = known.documents.get(row.document) else { return Vec::new() };
        let ways: [(OwnedBy, &dyn Fn() -> Vec<String>); 4] = [
            (OwnedBy::Configuration, &|| self.configured(row, document)),
            (OwnedBy::Anecdote, &|| self.told(row)),
            (OwnedBy::Assignee, &|| self.assigned(row, known)),
            (OwnedBy::CodeOwners, &|| self.code_owners(&document.path)),
        ];
        let named = ways.into_iter().map(|(by, names)| (by, names())).find(|(_, names)| !names.is_empty());
        let (by, names) = named.unwrap_or((OwnedBy::Configuration, Vec::new()));
        let mut seen = BTreeSet::new();
        names.into_iter().filter(|name| seen.insert(bare(name))).map(|name| Owner { name, by }).collect()
    }

    fn configured(&self, row: &Row<'_>, document: &KnownDocument) -> Vec<String> {
        let challenge = row.challenge;
        let is = |names: &[String], name: &str| names.iter().any(|one| bare(one) == bare(name));
        let owns = |team: &&Team| {
            team.challenges.contains(&challenge.id.0)
                || challenge.category.as_deref().is_some_and(|category| is(&team.categories, category))
                || is(&team.sources, &document.source)
                || row.remedies.iter().any(|remedy| team.homes.iter().any(|home| is_in(&remedy.ticket, home)))
        };
        self.teams.iter().find(owns).map(|team| team.name.clone()).into_iter().collect()
    }

    fn told(&self, row: &Row<'_>) -> Vec<String> {
        let teams = row.challenge.anecdotes.iter().flat_map(|anecdote| &anecdote.teams);
        teams.map(|name| self.called(name)).collect()
    }

    fn assigned(&self, row: &Row<'_>, known: &Known) -> Vec<String> {
        let facts = row.remedies.iter().filter_map(|remedy| known.ticket(&remedy.ticket)?.facts.as_deref());
        facts.filter_map(|facts| facts.details.assignee.as_deref()).map(|name| self.called(name)).collect()
    }

    fn code_owners(&self, path: &str) -> Vec<String> {
        // What lies elsewhere is none of the repository's.
        if path.starts_with('/') || path.contains("://") || path.split('/').any(|part| part == "..") {
            return Vec::new();
        }
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(owners) = asked.get(path) {
            return owners.clone();
        }
        let matches = |pattern: &Gitignore| pattern.matched_path_or_any_parents(path, false).is_ignore();
        let last = self.code.iter().rev().find(|(pattern, _)| matches(pattern));
        let owners = last.map(|(_, owners)| owners.iter().map(|owner| self.called(owner)).collect());
        asked.entry(path.to_owned()).or_insert(owners.unwrap_or_default()).clone()
    }

    /// What the configuration calls them.
    fn called(&self, name: &str) -> String {
        let known = self.called.get(&bare(name));
        known.map_or_else(|| name.split_whitespace().collect::<Vec<_>>().join(" "), |team| (*team).to_owned())
    }
}

/// Case, spaces and the sign before a handle do not count.
fn bare(name: &str) -> String {
    name.trim_start_matches('@').split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Whether a ticket lives in a Jira project, in `owner/repo`, or anywhere of an owner's (`owner/*`).
fn is_in(ticket: &TicketId, home: &str) -> bool {
    match (ticket.key(), home.split_once('/')) {
        (TicketKey::Jira { project, .. }, None) => project.eq_ignore_ascii_case(home),
        (TicketKey::GitHub { owner, repo, .. }, Some((whose, which))) => {
            owner.eq_ignore_ascii_case(whose) && (which == "*" || repo.eq_ignore_ascii_case(which))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Owners, is_in};
    use crate::domain::owner::{OwnedBy, Ownership, Team};
    use crate::judge::rows;
    use crate::judge::testing::{Register, details, id, jira};

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn team(name: &str) -> Team {
        Team { name: name.to_owned(), ..Team::default() }
    }

    /// The owners of one challenge, whose one remedy is assigned to Ada, and how they are known.
    fn owners(teams: &[&str], ownership: &Ownership) -> (Vec<String>, Option<OwnedBy>) {
        let mut ticket = jira("OPS-7", "Closed", Some("Won't Do"));
        details(&mut ticket).assignee = Some("Ada".to_owned());
        let register = Register::new().challenge("slow builds", &["jira:OPS-7"], &["2021-01-01"], &[]).knows(ticket);
        let mut known = register.known;
        known.documents[0].challenges[0].anecdotes[0].teams = names(teams);
        known.documents[0].challenges[0].category = Some("Builds".to_owned());
        let rows = rows::rows(&known);
        let owners = Owners::new(ownership).of(&rows[0], &known);
        let by = owners.first().map(|owner| owner.by);
        (owners.into_iter().map(|owner| owner.name).collect(), by)
    }

    #[test]
    fn the_configuration_goes_before_anecdotes_and_these_before_assignees() {
        let none = Ownership::default();
        assert_eq!(owners(&[], &none), (names(&["Ada"]), Some(OwnedBy::Assignee)));
        assert_eq!(
            owners(&["Payments", "payments ", "TNL"], &none),
            (names(&["Payments", "TNL"]), Some(OwnedBy::Anecdote))
        );
        for of in [
            Team { categories: names(&["builds"]), ..team("Tools") },
            Team { sources: names(&["Challenges"]), ..team("Tools") },
            Team { homes: names(&["OPS"]), ..team("Tools") },
        ] {
            let own = Ownership { teams: vec![team("Nobody"), of.clone(), of], ..none.clone() };
            assert_eq!(owners(&["Payments"], &own), (names(&["Tools"]), Some(OwnedBy::Configuration)));
        }
        // What a team is called elsewhere is one name here.
        let own = Ownership {
            teams: vec![Team { aliases: names(&["pay team", "@ada"]), ..team("Payments") }],
            ..none.clone()
        };
        assert_eq!(owners(&["Pay  Team", "payments"], &own).0, names(&["Payments"]));
        assert_eq!(owners(&[], &own), (names(&["Payments"]), Some(OwnedBy::Assignee)));
    }

    #[test]
    fn code_owners_are_those_of_the_last_pattern_that_matches() {
        let text =
            "# all\n* @acme/all\n\n/docs/ @acme/docs ada@example.com # both\ndocs/*.txt\n[Section]\n*.csv @acme/data\n";
        let own = Ownership { code_owners: Ownership::code_owners(text), ..Ownership::default() };
        let owners = Owners::new(&own);
        for (path, expected) in [
            ("register.md", &["@acme/all"][..]),
            ("docs/a/register.md", &["@acme/docs", "ada@example.com"]),
            ("docs/register.txt", &[]),
            ("docs/register.csv", &["@acme/data"]),
            ("/etc/register.md", &[]),
            ("../register.md", &[]),
            ("https://wiki.example/1", &[]),
        ] {
            assert_eq!(owners.code_owners(path), names(expected), "{path}");
        }
    }

    #[test]
    fn a_ticket_lives_in_its_project_or_repository() {
        for (ticket, home, expected) in [
            ("jira:OPS-7", "ops", true),
            ("jira:OPS-7", "OP", false),
            ("github:Acme/shop#7", "acme/*", true),
            ("github:acme/shop#7", "acme/Shop", true),
            ("github:acme/shop#7", "acme/shops", false),
            ("github:acme/shop#7", "acme", false),
            ("jira:OPS-7", "ops/*", false),
        ] {
            assert_eq!(is_in(&id(ticket), home), expected, "{ticket} in {home}");
        }
    }
}
