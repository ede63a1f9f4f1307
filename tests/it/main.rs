//! The integration tests: one binary, a file per subject.

// Said although every integration test is one: the lints for tests then hold in its helpers too.
#[cfg(test)]
mod judge;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod trackers;
