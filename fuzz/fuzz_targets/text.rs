//! The plain text of a wiki's page.
#![cfg_attr(fuzzing, no_main)]

dragnet_fuzz::target!(dragnet_fuzz::text);
