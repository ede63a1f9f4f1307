//! Arguments, exit codes, one file per command, and the wiring.
