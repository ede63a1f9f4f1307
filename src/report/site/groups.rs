//! Challenges counted by category or by team.

use askama::Template;

use super::show::{self, Pager, STANDINGS};
use super::{Frame, links};
use crate::domain::pages::{Choice, Group, Grouped, Leaf};
use crate::domain::verdict::Standing;
use crate::report::words;

#[derive(Template)]
#[template(path = "site/groups.html")]
struct Page<'v> {
    frame: Frame<'v>,
    by: Grouped,
    leaf: &'v Leaf<&'v [Group]>,
}

/// One page of the categories or teams, those with the most broken promises first.
pub fn groups(frame: Frame, by: Grouped, leaf: &Leaf<&[Group]>) -> String {
    super::rendered(&Page { frame, by, leaf })
}

/// The challenges of a group that stand there, or all.
pub(super) fn choice(group: &Group, by: Grouped, standing: Option<Standing>) -> Choice {
    let name = Some(group.name.clone());
    match by {
        Grouped::Category => Choice { category: name, standing, ..Choice::default() },
        Grouped::Team => Choice { team: name, standing, ..Choice::default() },
    }
}

impl Page<'_> {
    fn heading(&self) -> &'static str {
        match self.by {
            Grouped::Category => "Categories",
            Grouped::Team => "Teams",
        }
    }

    fn one(&self) -> &'static str {
        match self.by {
            Grouped::Category => "Category",
            Grouped::Team => "Team",
        }
    }

    fn counted(&self) -> String {
        match self.by {
            Grouped::Category => words::counted(self.leaf.all, "category", "categories"),
            Grouped::Team => {
                let teams = words::count(self.leaf.all, "team");
                format!("{teams} named in anecdotes; a challenge that several met counts for each")
            }
        }
    }

    fn name(&self, group: &Group) -> String {
        show::category(&group.name)
    }

    fn address(&self, group: &Group, standing: Option<Standing>) -> String {
        links::challenges(&choice(group, self.by, standing), 1)
    }

    fn pager(&self) -> Option<Pager> {
        let path = match self.by {
            Grouped::Category => "/categories",
            Grouped::Team => "/teams",
        };
        show::pager(self.leaf, |page| if page > 1 { format!("{path}?page={page}") } else { path.to_owned() })
    }
}
