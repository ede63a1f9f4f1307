//! Bytes of documents, from where they live.
