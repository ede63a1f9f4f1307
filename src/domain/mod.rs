//! The words: what dragnet talks about. Nothing here reads, asks, decides or prints.

pub mod access;
pub mod challenge;
pub mod decision;
pub mod delivery;
pub mod details;
pub mod document;
pub mod finding;
pub mod follow;
pub mod inquiry;
pub mod judged;
pub mod known;
pub mod listing;
pub mod lookup;
pub mod minutes;
pub mod overview;
pub mod place;
pub mod policy;
pub mod portion;
pub mod reference;
pub mod remote;
pub mod schedule;
pub mod ticket;
pub mod time;
pub mod tracker;
pub mod verdict;
pub mod waiver;
