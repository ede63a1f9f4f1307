//! Bytes into text: UTF-8 or a clear word on why not.

/// Why bytes are no text that could be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undecodable {
    /// Nothing but white space.
    #[error("it is empty")]
    Empty,
    /// Starts with the mark of UTF-16.
    #[error("it is written in UTF-16, not in UTF-8")]
    Utf16,
    /// Holds a NUL byte, which no text does.
    #[error("it is a binary file: byte {offset} is NUL")]
    Binary {
        /// How many bytes stand before the first NUL.
        offset: usize,
    },
    /// Holds a byte that UTF-8 does not allow there.
    #[error("it is not UTF-8: byte 0x{byte:02x} at line {line}, column {column}")]
    NotUtf8 {
        /// Line of the first wrong byte, from 1.
        line: usize,
        /// Column of the first wrong byte in characters, from 1.
        column: usize,
        /// The first wrong byte.
        byte: u8,
    },
}

impl Undecodable {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Empty => "check the path, or whether the export that wrote it went through",
            Self::Utf16 | Self::NotUtf8 { .. } => "save it as UTF-8",
            Self::Binary { .. } => {
                "name the page as text, Markdown, HTML or CSV, not an image, archive or office document"
            }
        }
    }
}

/// The text of a document. A byte order mark is taken off, so columns count without it.
///
/// # Errors
/// When there is nothing in it, or when it is no UTF-8 text.
pub fn decode(bytes: &[u8]) -> Result<String, Undecodable> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Undecodable::Utf16);
    }
    if let Some(offset) = bytes.iter().position(|&byte| byte == 0) {
        return Err(Undecodable::Binary { offset });
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let before = String::from_utf8_lossy(&bytes[..at]);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
        Undecodable::NotUtf8 { line, column, byte: bytes[at] }
    })?;
    if text.trim().is_empty() { Err(Undecodable::Empty) } else { Ok(text.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::{Undecodable, decode};

    #[test]
    fn text_is_read_and_anything_else_is_named() {
        let not_utf8 = |line, column, byte| Err(Undecodable::NotUtf8 { line, column, byte });
        for (bytes, expected) in [
            (&b"# Register\n"[..], Ok("# Register\n".to_owned())),
            (b"\xef\xbb\xbfone", Ok("one".to_owned())),
            (b"", Err(Undecodable::Empty)),
            (b"\xef\xbb\xbf", Err(Undecodable::Empty)),
            (b" \r\n\t ", Err(Undecodable::Empty)),
            (b"ab\0c", Err(Undecodable::Binary { offset: 2 })),
            (b"\xff\xfea\0", Err(Undecodable::Utf16)),
            (b"\xef\xbb\xbfab\xff", not_utf8(1, 3, 0xff)),
            ("é\nüü".as_bytes(), Ok("é\nüü".to_owned())),
            (b"\xc3\xa9\n\xc3\xbc\xe9t\xe9", not_utf8(2, 2, 0xe9)),
            (b"cut \xe2\x82", not_utf8(1, 5, 0xe2)),
        ] {
            assert_eq!(decode(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn every_refusal_says_what_and_what_next() {
        let refusal = decode(b"a\nb\xe9").unwrap_err();
        assert_eq!(refusal.to_string(), "it is not UTF-8: byte 0xe9 at line 2, column 2");
        assert_eq!(refusal.hint(), "save it as UTF-8");
    }
}
