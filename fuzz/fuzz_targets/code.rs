//! Comments of source files.
#![cfg_attr(fuzzing, no_main)]

dragnet_fuzz::target!(dragnet_fuzz::code);
