//! dragnet asks of every ticket that a register of engineering challenges cites: was the work done?
//!
//! The rooms below stand in reading order. Words name things; edges talk to the world; thought is pure; errands put
//! edges and thought together, a page each. `tests/it/tidy.rs` holds which room may know which.

pub mod domain;

pub mod clock;
pub mod config;
pub mod http;
pub mod notify;
pub mod sources;
pub mod store;
pub mod telemetry;
pub mod trackers;

pub mod documents;
pub mod judge;
pub mod plan;
pub mod references;
pub mod report;

pub mod check;
pub mod daemon;
pub mod digest;
pub mod standin;
pub mod sync;
pub mod web;

pub mod cli;

/// Takes a quarter less time and a third less memory than glibc's in a pass (docs/measurements.md); `.cargo/config.toml`
/// says how it is set.
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;
