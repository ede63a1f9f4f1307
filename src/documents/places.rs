//! Where a form lets text be put without breaking what is there.

use pulldown_cmark::{Event, Parser, Tag};

use super::{html, markdown};
use crate::domain::document::Form;

/// What stands in the way from a byte to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shut {
    /// Text may be put behind it: a tag, a link, code between words.
    Behind,
    /// What is in it is no prose, and nothing is said of it: a block of code, a script.
    Silent,
}

/// The places of one document, found from its start to its end.
pub(super) struct Places {
    /// In order and apart.
    shut: Vec<(usize, usize, Shut)>,
    next: usize,
    end: usize,
}

impl Places {
    pub(super) fn new(source: &str, form: Form) -> Self {
        let mut shut = match form {
            Form::Markdown => of_markdown(source),
            _ => html::shut(source, form == Form::Storage),
        };
        shut.sort_by_key(|(from, ..)| *from);
        // Of what stands in something else, the outer one counts.
        let mut last = 0;
        shut.retain(|(from, to, _)| {
            let apart = *from >= last;
            last = if apart { *to } else { last };
            apart
        });
        Self { shut, next: 0, end: source.len() }
    }

    /// The first place at `at` or behind it; `at` never goes back. `None` where there is none to be.
    pub(super) fn at_or_behind(&mut self, mut at: usize) -> Option<usize> {
        let mut next = self.next;
        while let Some((from, to, shut)) = self.shut.get(next) {
            if *to <= at {
                next += 1;
            } else if *from >= at {
                break;
            } else if *shut == Shut::Silent {
                return None;
            } else {
                at = *to;
            }
        }
        self.next = next;
        (at <= self.end).then_some(at)
    }
}

fn of_markdown(source: &str) -> Vec<(usize, usize, Shut)> {
    let events = Parser::new_ext(source, markdown::OPTIONS).into_offset_iter();
    let definitions = events.reference_definitions().iter();
    let mut shut: Vec<_> =
        definitions.map(|(_, definition)| (definition.span.start, definition.span.end, Shut::Silent)).collect();
    for (event, span) in events {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::MetadataBlock(_)) => shut.push((span.start, span.end, Shut::Silent)),
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) | Event::Code(_) | Event::InlineHtml(_) => {
                shut.push((span.start, span.end, Shut::Behind));
            }
            Event::Start(Tag::HtmlBlock) => {
                let inside = html::shut(&source[span.clone()], false).into_iter();
                shut.extend(inside.map(|(from, to, shut)| (from + span.start, to.saturating_add(span.start), shut)));
            }
            _ => {}
        }
    }
    shut
}
