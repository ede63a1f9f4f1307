//! Bytes of a document into a register or minutes, one file per form.
