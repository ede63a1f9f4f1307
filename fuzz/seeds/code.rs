//! What it is for: see OPS-1.

/// `OPS-2` is why /* a/b#3 */ this is here.
fn f() -> &'static str {
    // TODO(https://x.example/browse/OPS-1): take it out
    r#"// OPS-3"#
}
/* a /* nested */ comment of OPS-2 */
