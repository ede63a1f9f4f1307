//! Trackers that answer on loopback, for `demo` and the tests.
