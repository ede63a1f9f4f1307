//! Statuses written into a document and taken out again.
#![cfg_attr(fuzzing, no_main)]

dragnet_fuzz::target!(dragnet_fuzz::annotate);
