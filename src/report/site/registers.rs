//! The list of registers.

use askama::Template;

use super::{Frame, links};
use crate::domain::pages::Register;
use crate::report::escape::{SENTENCE, TITLE, plain};
use crate::report::words;

#[derive(Template)]
#[template(path = "site/registers.html")]
struct Registers<'a> {
    frame: Frame<'a>,
    registers: &'a [Register],
}

/// The documents with challenges.
pub fn registers(frame: Frame, registers: &[Register]) -> String {
    super::rendered(&Registers { frame, registers })
}

impl Registers<'_> {
    fn name(&self, register: &Register) -> String {
        plain(&register.path, TITLE)
    }

    fn address(&self, register: &Register) -> String {
        links::register(&register.path)
    }

    fn trouble(&self, register: &Register) -> Option<String> {
        register.trouble.as_ref().map(|trouble| plain(trouble, SENTENCE))
    }

    fn challenges(&self, register: &Register) -> String {
        words::count(register.challenges, "challenge")
    }
}
