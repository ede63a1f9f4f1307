//! Waivers that authors write into a document, each bound to the row or line in which it stands.

use super::marks::Ignored;
use crate::domain::document::{Owner, Passage};
use crate::domain::finding::{Code, Problem};
use crate::domain::place::Lines;
use crate::domain::waiver::Marker;

/// The waivers of a document, and what was meant as one and is none.
pub(super) fn read(
    ignored: Vec<Ignored>,
    source: &str,
    passages: &[Passage],
    lines: &Lines<'_>,
) -> (Vec<Marker>, Vec<Problem>) {
    let (mut markers, mut problems) = (Vec::new(), Vec::new());
    for Ignored { span, says } in ignored {
        let place = lines.place(span.start);
        let Some((code, until, reason)) = says else {
            problems.push(Problem {
                code: Code::MalformedRow,
                place,
                message: "this accepts nothing: a waiver names a finding code, a last day and a reason".to_owned(),
                hint: Some("write `<!-- dragnet: ignore closed-undone until 2027-01-31: why -->`".to_owned()),
            });
            continue;
        };
        let challenge = passages.iter().find_map(|passage| {
            let Owner::Challenge { challenge, .. } = passage.owner else { return None };
            let (first, last) = (lines.place(passage.span.start).line, lines.place(passage.span.end).line);
            (first..=last).contains(&place.line).then_some(challenge)
        });
        let line = if stands_alone(source, &span) { next_line(source, span.end, place.line) } else { place.line };
        markers.push(Marker { code, reason, until, place, challenge, line });
    }
    (markers, problems)
}

/// Whether nothing else stands on the lines of `span`.
fn stands_alone(source: &str, span: &std::ops::Range<usize>) -> bool {
    let before = source[..span.start].rsplit('\n').next().unwrap_or_default();
    let after = source[span.end..].split('\n').next().unwrap_or_default();
    before.trim().is_empty() && after.trim().is_empty()
}

/// The number of the first line behind `end`, which stands on a line after `line`'s start, that is not empty.
fn next_line(source: &str, end: usize, line: u32) -> u32 {
    let behind = source[end..].split('\n').skip(1).take_while(|text| text.trim().is_empty()).count();
    line.saturating_add(1).saturating_add(u32::try_from(behind).unwrap_or(u32::MAX))
}
