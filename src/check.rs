//! The CI check.
