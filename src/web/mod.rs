//! The page, and what machines ask for.
