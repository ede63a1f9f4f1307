//! Which bytes of a document belong to whom: what is known to belong to somebody, and around it the text that is nobody's.

use std::ops::Range;
use std::vec::IntoIter;

use super::layout::trim;
use crate::domain::document::{Link, Owner, Passage};
use crate::domain::reference::{Role, Within};

/// A stretch that belongs to somebody.
#[derive(Debug, Clone)]
pub(super) struct Stretch {
    /// The part of the document that it is.
    pub(super) within: Within,
    /// Whose part; [`Owner::Nobody`] where nothing is to be looked for in it.
    pub(super) owner: Owner,
    /// Its bytes.
    pub(super) span: Range<usize>,
    /// [`Passage::role`].
    pub(super) role: Option<Role>,
}

/// All passages of a document in order, the text between the stretches included, each with those of the links and the mute
/// bytes that lie in it. `marks` are our own marks, in which nothing is looked for either; `around` is what lies between the
/// stretches.
pub(super) fn fill(
    text: &str,
    mut stretches: Vec<Stretch>,
    (links, mut mute): (Vec<Link>, Vec<Range<usize>>),
    marks: &[Range<usize>],
    around: Within,
) -> Vec<Passage> {
    stretches.sort_by_key(|stretch| stretch.span.start);
    mute.extend_from_slice(marks);
    let (links, mute) = (links.into_iter(), merged(mute));
    // One for each, and as much around them as there can be: growing would copy what is large already.
    let passages = Vec::with_capacity(2 * stretches.len() + 1);
    let mut filler = Filler { text, links, mute, around, silence: 0, passages };
    let mut from = 0;
    for Stretch { within, owner, span, role } in stretches {
        let span = span.start.max(from)..span.end;
        if span.start >= span.end {
            filler.share(within, owner, span.end);
            continue;
        }
        filler.text(from..span.start);
        from = span.end;
        if owner != Owner::Nobody {
            filler.push(within, owner, span, role);
        }
    }
    filler.text(from..text.len());
    filler.passages
}

/// The same bytes in order and without overlap.
fn merged(mut spans: Vec<Range<usize>>) -> Vec<Range<usize>> {
    spans.sort_by_key(|span| span.start);
    let mut merged = Vec::<Range<usize>>::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut().filter(|last| span.start <= last.end) {
            Some(last) => last.end = last.end.max(span.end),
            None => merged.push(span),
        }
    }
    merged
}

struct Filler<'a> {
    text: &'a str,
    /// From the first one on that does not lie before the present passage.
    links: IntoIter<Link>,
    mute: Vec<Range<usize>>,
    around: Within,
    /// The first mute range that does not lie before the present passage.
    silence: usize,
    passages: Vec<Passage>,
}

impl Filler<'_> {
    fn text(&mut self, span: Range<usize>) {
        let between = &self.text[span.clone()];
        // Between cells there is a pipe.
        let letters = |byte: u8| byte.is_ascii_alphabetic() || !byte.is_ascii();
        if between.bytes().any(letters) && between.contains(char::is_alphabetic) {
            self.push(self.around, Owner::Nobody, trim(self.text, span), None);
        }
    }

    /// A cell that is merged over rows belongs to the challenges of all of them.
    fn share(&mut self, within: Within, owner: Owner, end: usize) {
        let same = |passage: &&mut Passage| passage.within == within && passage.span.end == end;
        if let Owner::Challenge { challenge, .. } = owner
            && let Some(passage) = self.passages.iter_mut().rev().find(same)
        {
            passage.beside.get_or_insert_default().also.push(challenge);
        }
    }

    fn push(&mut self, within: Within, owner: Owner, span: Range<usize>, role: Option<Role>) {
        let before = self.links.as_slice().iter().take_while(|link| link.span.start < span.start).count();
        self.links.by_ref().take(before).for_each(drop);
        let links = self.links.as_slice().iter().take_while(|link| link.span.end <= span.end).count();
        self.silence += self.mute[self.silence..].iter().take_while(|mute| mute.end <= span.start).count();
        let silent = self.mute[self.silence..].iter().take_while(|mute| mute.start < span.end).count();
        let silent = &self.mute[self.silence..self.silence + silent];
        let within_it = |mute: &Range<usize>| mute.start.max(span.start)..mute.end.min(span.end);
        let mute = if silent.is_empty() { Vec::new() } else { silent.iter().map(within_it).collect() };
        let links = self.links.by_ref().take(links);
        self.passages.push(Passage { role, ..Passage::new(within, owner, span, links, mute) });
    }
}

#[cfg(test)]
mod tests {
    use super::merged;

    #[test]
    fn mute_bytes_that_overlap_are_one_stretch() {
        assert_eq!(merged(vec![8..9, 0..6, 1..2, 5..7]), [0..7, 8..9]);
    }
}
