//! The integration tests: one binary, a file per subject.

mod tidy;
mod trackers;
