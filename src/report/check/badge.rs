//! The check as a badge: a picture, or what <https://shields.io/badges/endpoint-badge> draws one of.

use serde_json::json;

use super::{Check, Totals};
use crate::report::badge::{GREEN, GREY, RED, YELLOW, picture};
use crate::report::json::write;
use crate::report::words;

/// What a badge says on the left.
const LABEL: &str = "tickets";

/// The badge as a picture: SVG without scripts, styles or links.
pub fn check_badge(check: &Check) -> String {
    let (message, (_, color)) = says(check);
    picture(LABEL, &message, color)
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
