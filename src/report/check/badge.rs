//! The check as a badge: a picture, or what <https://shields.io/badges/endpoint-badge> draws one of.

use serde_json::json;

use super::{Check, Totals};
use crate::report::json::write;
use crate::report::words;

/// What a badge says on the left.
const LABEL: &str = "tickets";

/// The colours of shields.io, by name and as drawn.
const RED: (&str, &str) = ("red", "#e05d44");
const YELLOW: (&str, &str) = ("yellow", "#dfb317");
const GREEN: (&str, &str) = ("brightgreen", "#4c1");
const GREY: (&str, &str) = ("lightgrey", "#9f9f9f");

/// The badge as a picture: SVG without scripts, styles or links.
pub fn check_badge(check: &Check) -> String {
    let (message, (_, color)) = says(check);
    let (left, right) = (wide(LABEL), wide(&message));
    let (all, at_left, at_right) = (left + right, left / 2, left + right / 2);
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{all}" height="20" role="img" aria-label="{LABEL}: {message}">
<title>{LABEL}: {message}</title>
<rect width="{all}" height="20" rx="3" fill="{color}"/>
<path d="M3 0h{left_edge}v20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z" fill="#555"/>
<g fill="#fff" text-anchor="middle" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11">
<text x="{at_left}" y="14">{LABEL}</text>
<text x="{at_right}" y="14">{message}</text>
</g>
</svg>
"##,
        left_edge = left - 3,
    )
}

/// The badge as shields.io's endpoint JSON.
pub fn check_shields(check: &Check) -> String {
    let (message, (color, _)) = says(check);
    write(&json!({ "schemaVersion": 1, "label": LABEL, "message": message, "color": color }))
}

/// What it says, in our own words only, and how that is coloured. What fails goes before what could not be told.
fn says(check: &Check) -> (String, (&'static str, &'static str)) {
    let failing = check.findings.iter().filter(|one| one.fails).count();
    let Totals { errors, warnings, .. } = Totals::of(&check.findings);
    match (failing, check.could_not_tell, errors + warnings) {
        (0, true, _) => ("could not tell".to_owned(), GREY),
        (0, false, 0) => ("fine".to_owned(), GREEN),
        (0, false, loud) => (words::count(loud, "finding"), YELLOW),
        (failing, _, _) => (format!("{failing} failing"), RED),
    }
}

/// Pixels that `text` takes with its margins, about.
fn wide(text: &str) -> usize {
    text.chars().count() * 13 / 2 + 12
}
