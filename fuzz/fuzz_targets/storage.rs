//! Confluence's storage format.
#![cfg_attr(fuzzing, no_main)]

dragnet_fuzz::target!(dragnet_fuzz::storage);
