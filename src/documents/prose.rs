//! How stretches of a document read, markup left out.

use std::borrow::Cow;
use std::ops::Range;

use super::markdown;
use crate::domain::place::partition_point_near;

/// How stretches of a document read, markup left out.
#[derive(Debug)]
pub(super) enum Prose<'a> {
    /// Every byte as it stands.
    Verbatim(&'a str),
    /// Only pieces of it.
    Marked(Marked<'a>),
}

/// Pieces of a text; what lies between them is markup.
#[derive(Debug)]
pub(super) struct Marked<'a> {
    /// All of it.
    pub(super) text: &'a str,
    /// Those that a reader sees, in order and without overlap, but for those of `rows`.
    pub(super) pieces: Vec<Piece>,
    /// Plain rows of Markdown tables, in order. A register holds thousands of them, and of most little is read: whoever reads in
    /// one takes it apart.
    pub(super) rows: Vec<Range<usize>>,
}

/// Bytes that a reader sees.
#[derive(Debug)]
pub(super) struct Piece {
    /// The bytes.
    pub(super) span: Range<usize>,
    /// What they read as; `None` when as they stand.
    pub(super) reads: Option<Cow<'static, str>>,
}

/// What lies before the stretch that was asked for last.
#[derive(Debug, Default)]
pub(super) struct Before {
    pieces: usize,
    rows: usize,
}

impl Piece {
    /// Adds one behind the others, of whose last it is a part where both read as they stand and nothing is between them: parsers
    /// divide text at whatever might have been markup.
    pub(super) fn append(pieces: &mut Vec<Self>, span: &Range<usize>, reads: Option<Cow<'static, str>>) {
        match pieces.last_mut().filter(|last| last.reads.is_none() && last.span.end == span.start) {
            Some(last) if reads.is_none() => last.span.end = span.end,
            _ => pieces.push(Self { span: span.clone(), reads }),
        }
    }

    /// How it reads as far as it lies in `span` of its text.
    fn read<'t>(&'t self, text: &'t str, span: &Range<usize>) -> &'t str {
        let within = || &text[self.span.start.max(span.start)..self.span.end.min(span.end)];
        self.reads.as_deref().unwrap_or_else(within)
    }
}

impl<'a> Marked<'a> {
    /// All pieces of a text, in order and without overlap.
    pub(super) fn new(text: &'a str, pieces: Vec<Piece>) -> Self {
        Self { text, pieces, rows: Vec::new() }
    }

    /// Hands out the pieces that reach into `span`, in order. `before`: where it was looked for the last time.
    pub(super) fn each(&self, span: &Range<usize>, before: &mut Before, mut put: impl FnMut(&Piece)) {
        before.pieces = partition_point_near(&self.pieces, before.pieces, |piece| piece.span.end <= span.start);
        before.rows = partition_point_near(&self.rows, before.rows, |row| row.end <= span.start);
        let mut pieces = self.pieces[before.pieces..].iter().take_while(|piece| piece.span.start < span.end).peekable();
        for row in self.rows[before.rows..].iter().take_while(|row| row.start < span.end) {
            while let Some(piece) = pieces.next_if(|piece| piece.span.start < row.start) {
                put(piece);
            }
            markdown::pieces_in(self.text, row, span, &mut put);
        }
        pieces.for_each(put);
    }

    /// Whether `span` is a cell of a plain row that starts with a letter or digit, as most do: then it need not be taken apart.
    fn opens_with_words(&self, span: &Range<usize>, before: &mut Before) -> bool {
        before.rows = partition_point_near(&self.rows, before.rows, |row| row.end <= span.start);
        let Some(row) = self.rows.get(before.rows).filter(|row| row.start < span.start) else { return false };
        let (in_front, cell) = self.text.as_bytes().split_at(span.start);
        let in_front = &in_front[row.start..];
        let blanks = in_front.iter().rev().take_while(|byte| **byte == b' ').count();
        cell[..span.len()].first().is_some_and(u8::is_ascii_alphanumeric)
            && in_front[..in_front.len() - blanks].ends_with(b"|")
    }
}

impl<'a> Prose<'a> {
    /// Only these pieces of a text.
    pub(super) fn marked(text: &'a str, pieces: Vec<Piece>) -> Self {
        Self::Marked(Marked::new(text, pieces))
    }

    /// Whether anything is left of `span` when it is read. `before`: what lay before the span that was asked for last.
    pub(super) fn says(&self, span: &Range<usize>, before: &mut Before) -> bool {
        let seen = |text: &str| text.contains(|c: char| !c.is_whitespace());
        match self {
            Self::Verbatim(text) => seen(&text[span.clone()]),
            Self::Marked(marked) if marked.opens_with_words(span, before) => true,
            Self::Marked(marked) => {
                let mut says = false;
                marked.each(span, before, |piece| says = says || seen(piece.read(marked.text, span)));
                says
            }
        }
    }

    /// How `span` reads, white space folded and none at the ends.
    pub(super) fn read(&self, span: Range<usize>) -> String {
        let mut folded = String::new();
        let mut pending = false;
        let mut put = |text: &str| {
            let mut rest = text;
            loop {
                let words = rest.trim_start();
                pending |= words.len() < rest.len();
                if words.is_empty() {
                    break;
                }
                if std::mem::take(&mut pending) && !folded.is_empty() {
                    folded.push(' ');
                }
                let end = words.find(char::is_whitespace).unwrap_or(words.len());
                folded.push_str(&words[..end]);
                rest = &words[end..];
            }
        };
        match self {
            Self::Verbatim(text) => put(&text[span]),
            Self::Marked(marked) => {
                let mut end = span.start;
                marked.each(&span, &mut Before::default(), |piece| {
                    // Markup that ends a line ends a word.
                    if marked.text.get(end..piece.span.start).is_some_and(|markup| markup.contains('\n')) {
                        put("\n");
                    }
                    end = piece.span.end;
                    put(piece.read(marked.text, &span));
                });
            }
        }
        folded
    }
}

#[cfg(test)]
mod tests {
    use super::{Piece, Prose};

    #[test]
    fn markup_is_not_read() {
        let text = "a **b**  &amp;\n c";
        let piece = |span, reads: Option<&'static str>| Piece { span, reads: reads.map(Into::into) };
        let prose = Prose::marked(
            text,
            vec![piece(0..2, None), piece(4..5, None), piece(7..9, None), piece(9..14, Some("&")), piece(14..17, None)],
        );
        assert_eq!(prose.read(0..text.len()), "a b & c");
        assert_eq!(prose.read(4..9), "b");
        assert_eq!(prose.read(5..7), "");
        assert_eq!(Prose::Verbatim(text).read(0..7), "a **b**");
    }
}
