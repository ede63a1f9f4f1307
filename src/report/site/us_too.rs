//! “Us too”: a form for what a team met, and the patch that puts it into the register.

use askama::Template;

use super::{Frame, links};
use crate::domain::challenge::ChallengeId;

/// What was typed, and what came of it.
#[derive(Debug, Default)]
pub struct UsToo {
    /// The team.
    pub team: String,
    /// The day, as it was typed.
    pub day: String,
    /// What happened.
    pub text: String,
    /// What is wrong with it.
    pub wrong: Option<String>,
    /// The line as a register has it, once nothing is wrong.
    pub line: Option<String>,
    /// The patch, where a program can write it.
    pub patch: Option<String>,
    /// Why it cannot.
    pub by_hand: Option<String>,
}

#[derive(Template)]
#[template(path = "site/us-too.html")]
struct Page<'a> {
    frame: Frame<'a>,
    id: &'a ChallengeId,
    title: String,
    told: &'a UsToo,
}

/// The page on which a team joins a challenge.
pub fn us_too(frame: Frame, id: &ChallengeId, title: &str, told: &UsToo) -> String {
    super::rendered(&Page { frame, id, title: super::show::title(title), told })
}

impl Page<'_> {
    /// The patch, where it is no longer than a page may be.
    fn patch(&self) -> Option<&str> {
        self.told.patch.as_deref().filter(|patch| patch.len() < 20_000)
    }

    fn challenge(&self) -> String {
        links::challenge(self.id)
    }

    fn download(&self) -> String {
        links::us_too(
            "/us-too.patch",
            self.id,
            &[("team", &self.told.team), ("day", &self.told.day), ("text", &self.told.text)],
        )
    }
}
