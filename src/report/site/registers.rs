//! The list of registers.

use askama::Template;

use super::room::{Room, fitted};
use super::show::{self, Pager, STANDINGS, exactly};
use super::{Frame, links};
use crate::domain::pages::{Choice, Leaf, Register};
use crate::domain::snapshot::Scope;
use crate::domain::verdict::Standing;
use crate::report::words;

#[derive(Template)]
#[template(path = "site/registers.html")]
struct Page<'v> {
    frame: Frame<'v>,
    leaf: &'v Leaf<&'v [Register]>,
    room: Room,
}

/// One page of the documents with challenges.
pub fn registers(frame: Frame, leaf: &Leaf<&[Register]>) -> String {
    fitted(|room| super::rendered(&Page { frame, leaf, room }))
}

impl Page<'_> {
    fn address(&self, register: &Register, standing: Option<Standing>) -> String {
        let document = Some(register.path.clone());
        links::challenges(&Choice { document, standing, ..Choice::default() }, 1)
    }

    fn trends(&self, register: &Register) -> String {
        links::trends("/trends", &Scope::Register(register.path.clone()))
    }

    fn many(&self, register: &Register, standing: &Standing) -> usize {
        register.standings.get(standing).copied().unwrap_or(0)
    }

    fn all(&self, register: &Register) -> usize {
        register.standings.values().sum()
    }

    fn pager(&self) -> Option<Pager> {
        let address = |page| if page > 1 { format!("/registers?page={page}") } else { "/registers".to_owned() };
        show::pager(self.leaf, address)
    }
}
