//! The configuration: file and environment, checked into a type that every room may trust.
