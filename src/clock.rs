//! The clock edge: the only reader of the time.
