//! The words around a place: what editors and people look at, cut to what fits.

use crate::report::escape;

/// Characters kept before and after the words meant.
const AROUND: usize = 200;

/// A place in a file with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// The file, from the root of the checkout.
    pub file: String,
    /// How many characters are meant; at least one.
    pub length: u32,
    /// The bytes meant, in UTF-8 from the start of the line, counted from 1, the end not included.
    pub bytes: (usize, usize),
    before: String,
    marked: String,
    after: String,
}

impl Spot {
    /// The `length` characters at `column` (from 1) of `line`, which stands in `file`. Beyond the line's end nothing is meant.
    pub fn new(file: &str, line: &str, column: u32, length: usize) -> Self {
        let line = line.trim_end_matches(['\r', '\n']);
        let start = usize::try_from(column).unwrap_or(usize::MAX).saturating_sub(1);
        let start = line.char_indices().nth(start).map_or(line.len(), |(at, _)| at);
        let length = length.max(1);
        let end = line[start..].char_indices().nth(length).map_or(line.len(), |(at, _)| start + at);
        let from = line[..start].char_indices().rev().nth(AROUND).map_or(0, |(at, _)| at);
        Self {
            file: file.to_owned(),
            length: u32::try_from(line[start..end].chars().count().max(1)).unwrap_or(u32::MAX),
            bytes: (start + 1, end.max(start) + 1),
            before: escape::line(&line[from..start]),
            marked: escape::line(&line[start..end].chars().take(AROUND).collect::<String>()),
            after: escape::line(&line[end..].chars().take(AROUND).collect::<String>()),
        }
    }

    /// The words in `room` columns, and below them a pointer at those that are meant.
    pub(super) fn drawn(&self, room: usize) -> (String, String) {
        let wide = textwrap::core::display_width;
        let marked = cut(&self.marked, room);
        let left = room.saturating_sub(wide(&marked));
        // Two thirds in front: what a cell says of a ticket mostly stands before it.
        let front = self.before.trim_start();
        let before = if wide(front) <= left * 2 / 3 || wide(front) + wide(&self.after) <= left {
            front.to_owned()
        } else {
            let mut tail: Vec<char> = Vec::new();
            let mut used = 1;
            for c in front.chars().rev() {
                used += wide(c.encode_utf8(&mut [0; 4]));
                if used > left * 2 / 3 {
                    break;
                }
                tail.push(c);
            }
            std::iter::once('…').chain(tail.into_iter().rev()).collect()
        };
        let after = cut(self.after.trim_end(), left.saturating_sub(wide(&before)));
        let pointer = format!("{}{}", " ".repeat(wide(&before)), "^".repeat(wide(&marked).max(1)));
        (format!("{before}{marked}{after}"), pointer)
    }
}

/// The beginning of `text` that fits into `room` columns.
fn cut(text: &str, room: usize) -> String {
    let wide = textwrap::core::display_width;
    if wide(text) <= room {
        return text.to_owned();
    }
    let (mut out, mut used) = (String::new(), 1);
    for c in text.chars() {
        used += wide(c.encode_utf8(&mut [0; 4]));
        if used > room {
            break;
        }
        out.push(c);
    }
    out + "…"
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Spot;

    #[test]
    fn the_pointer_stands_under_the_words() {
        let line = format!("| {} | see 日本 A-1 and B-2 |", "long ".repeat(40));
        let column = u32::try_from(line.chars().take_while(|c| *c != 'B').count() + 1).unwrap();
        let (words, pointer) = Spot::new("a.md", &line, column, 3).drawn(40);
        insta::assert_snapshot!(format!("{words}\n{pointer}"), @"
        …ng  | see 日本 A-1 and B-2 |
                                ^^^
        ");
        let (words, pointer) = Spot::new("a.md", "short", 3, 2).drawn(40);
        assert_eq!((words.as_str(), pointer.as_str()), ("short", "  ^^"));
        assert_eq!(Spot::new("a.md", "äö B", 4, 1).bytes, (6, 7));
    }

    proptest! {
        #[test]
        fn any_line_and_column_fit_and_point_inside(line in "\\PC{0,300}", column in 1_u32..400, length in 0_usize..40, room in 20_usize..110) {
            let spot = Spot::new("p", &line, column, length);
            prop_assert!(spot.bytes.0 <= spot.bytes.1 && spot.bytes.1 <= line.len() + 1);
            let (words, pointer) = spot.drawn(room);
            let wide = textwrap::core::display_width;
            prop_assert!(wide(&words) <= room + 2, "{} columns: {words}", wide(&words));
            prop_assert!(!words.contains('\n') && pointer.trim_start().chars().all(|c| c == '^'));
        }
    }
}
