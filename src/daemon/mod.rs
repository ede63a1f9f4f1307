//! The schedule, and stopping.
