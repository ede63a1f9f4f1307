//! Text into references with their place and role.
