//! Tables with separators.
#![cfg_attr(fuzzing, no_main)]

dragnet_fuzz::target!(dragnet_fuzz::csv);
