//! Digests: what changed for a team since it was told last, as a message for each way that it goes.
//!
//! What anybody may write to (titles, names of teams) is quoted as text that no channel reads as markup; what trackers,
//! notes and people said is not quoted at all, and nobody is named: the link leads to all that.

mod chat;
mod compose;
mod layout;
mod leave;
mod mail;
mod plain;
#[cfg(test)]
mod tests;

pub use chat::{slack, teams};
pub use compose::{Desk, compose, is_due, mark_ending};
pub use leave::{Farewell, farewell};
pub use mail::{html, subject};
pub use plain::{issue, json, text};
