//! Challenges counted by category, by team or by owner.

use askama::Template;

use super::room::{Room, fitted};
use super::show::{self, Pager, STANDINGS};
use super::{Frame, links};
use crate::domain::pages::{Choice, Group, Grouped, Leaf};
use crate::domain::snapshot::Scope;
use crate::domain::verdict::Standing;
use crate::report::words;

#[derive(Template)]
#[template(path = "site/groups.html")]
struct Page<'v> {
    frame: Frame<'v>,
    by: Grouped,
    leaf: &'v Leaf<&'v [Group]>,
    room: Room,
}

/// One page of the categories or teams, those with the most broken promises first.
pub fn groups(frame: Frame, by: Grouped, leaf: &Leaf<&[Group]>) -> String {
    fitted(|room| super::rendered(&Page { frame, by, leaf, room }))
}

/// The challenges of a group that stand there, or all.
pub(super) fn choice(group: &Group, by: Grouped, standing: Option<Standing>) -> Choice {
    let name = Some(group.name.clone());
    match by {
        Grouped::Category => Choice { category: name, standing, ..Choice::default() },
        Grouped::Team => Choice { team: name, standing, ..Choice::default() },
        Grouped::Owner => Choice { owner: name, standing, ..Choice::default() },
    }
}

fn path(by: Grouped) -> &'static str {
    match by {
        Grouped::Category => "/categories",
        Grouped::Team => "/teams",
        Grouped::Owner => "/owners",
    }
}

impl Page<'_> {
    fn heading(&self) -> &'static str {
        match self.by {
            Grouped::Category => "Categories",
            Grouped::Team => "Teams",
            Grouped::Owner => "Owners",
        }
    }

    /// What else they are counted by.
    fn others(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let all = [(Grouped::Category, "category"), (Grouped::Team, "team"), (Grouped::Owner, "owner")];
        all.into_iter().filter(|(by, _)| *by != self.by).map(|(by, name)| (path(by), name))
    }

    fn one(&self) -> &'static str {
        match self.by {
            Grouped::Category => "Category",
            Grouped::Team => "Team",
            Grouped::Owner => "Owner",
        }
    }

    fn counted(&self) -> String {
        match self.by {
            Grouped::Category => words::counted(self.leaf.all, "category", "categories"),
            Grouped::Team => {
                let teams = words::count(self.leaf.all, "team");
                format!("{teams} named in anecdotes; a challenge that several met counts for each")
            }
            Grouped::Owner => {
                "whose challenges are: by the configuration, else the team named in an anecdote, else whom a \
                               remedy is assigned to, else CODEOWNERS"
                    .to_owned()
            }
        }
    }

    fn name(&self, group: &Group) -> String {
        match self.by {
            Grouped::Owner if group.name.is_empty() => "no owner".to_owned(),
            _ => self.room.title(&show::category(&group.name)),
        }
    }

    fn all(&self, group: &Group) -> String {
        links::challenges(&choice(group, self.by, None), 1)
    }

    /// Those of a group that stand there. A name that is a text would weigh more than all that the page tells: the list of all
    /// of them leads on from there.
    fn standing_there(&self, group: &Group, standing: &Standing) -> Option<String> {
        let address = links::challenges(&choice(group, self.by, Some(*standing)), 1);
        Some(address).filter(|address| address.len() <= self.room.of(700))
    }

    /// How it went over time, where that is counted: snapshots know what teams own and not what they met.
    fn trends(&self, group: &Group) -> Option<String> {
        let name = group.name.clone();
        let scope = match self.by {
            Grouped::Category => Scope::Category(name),
            Grouped::Owner => Scope::Team(name),
            Grouped::Team => return None,
        };
        Some(links::trends("/trends", &scope))
    }

    fn pager(&self) -> Option<Pager> {
        let path = path(self.by);
        show::pager(self.leaf, |page| if page > 1 { format!("{path}?page={page}") } else { path.to_owned() })
    }
}
