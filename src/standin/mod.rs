//! Trackers, a wiki and chats that answer on loopback, for `demo` and the tests.
//!
//! They keep state, speak real HTTP and answer in the full form that the official descriptions ask for, so that what
//! works against them works against the real ones. They can also misbehave in every way that trackers and networks do.

mod chat;
mod confluence;
mod github;
mod jira;
mod mishap;
mod server;

pub use chat::Chat;
pub use confluence::Confluence;
pub use github::{GitHub, Habit};
pub use jira::Jira;
pub use mishap::{Fault, Mishap};
pub use server::{Exchange, Running, Site, serve, serve_on};
