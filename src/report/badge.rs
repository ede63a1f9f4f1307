//! Badges: small pictures that say one thing, and what broken promises there are as one.

use std::collections::BTreeMap;

use crate::domain::verdict::Standing;

/// The colours of shields.io, by name and as drawn.
pub(super) const RED: (&str, &str) = ("red", "#e05d44");
pub(super) const YELLOW: (&str, &str) = ("yellow", "#dfb317");
pub(super) const GREEN: (&str, &str) = ("brightgreen", "#4c1");
pub(super) const GREY: (&str, &str) = ("lightgrey", "#9f9f9f");

/// A badge as a picture, in our own words only: SVG without scripts, styles or links.
pub(super) fn picture(label: &str, message: &str, color: &str) -> String {
    let (left, right) = (wide(label), wide(message));
    let (all, at_left, at_right) = (left + right, left / 2, left + right / 2);
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{all}" height="20" role="img" aria-label="{label}: {message}">
<title>{label}: {message}</title>
<rect width="{all}" height="20" rx="3" fill="{color}"/>
<path d="M3 0h{left_edge}v20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z" fill="#555"/>
<g fill="#fff" text-anchor="middle" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11">
<text x="{at_left}" y="14">{label}</text>
<text x="{at_right}" y="14">{message}</text>
</g>
</svg>
"##,
        left_edge = left - 3,
    )
}

/// How many promises are broken among challenges that stand so. Where some are unknown, nobody says that all are kept.
pub fn promises_badge(standings: &BTreeMap<Standing, usize>) -> String {
    let of = |standing| standings.get(&standing).copied().unwrap_or(0);
    let (message, (_, color)) = match (of(Standing::BrokenPromise), of(Standing::Unknown), standings.is_empty()) {
        (_, _, true) => ("none known".to_owned(), GREY),
        (0, 0, _) => ("none broken".to_owned(), GREEN),
        (0, unknown, _) => (format!("{unknown} unknown"), YELLOW),
        (broken, ..) => (format!("{broken} broken"), RED),
    };
    picture("promises", &message, color)
}

/// Pixels that `text` takes with its margins, about.
fn wide(text: &str) -> usize {
    text.chars().count() * 13 / 2 + 12
}
