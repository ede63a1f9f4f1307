//! Everything that needs more than one room.

// Said although every integration test is one: the lints for tests then hold in its helpers too.
#[cfg(test)]
mod trackers;
