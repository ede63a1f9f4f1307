//! Names of documents that go on from year to year, and texts as they are compared.

use std::sync::LazyLock;

use regex::Regex;

/// A year, a span of years or an open one, in brackets or not: `(2017-2018)`, `2023`, `(2020+)`.
static YEARS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[(\[]?\b(?:19|20)\d\d(?:\s*[-–—/]\s*(?:(?:19|20)?\d\d)?|\s*\+)?(?:[)\]]|\b|$)")
        .expect("a constant pattern")
});

/// Builds what tells years, if nobody did yet.
pub fn prepare() {
    LazyLock::force(&YEARS);
}

/// The name that documents of one series share: their own without its years, and in lower case.
pub fn name(path: &str) -> String {
    plain(&YEARS.replace_all(path, " "))
}

/// The first year that a document's name says it is about.
pub fn year(path: &str) -> Option<u16> {
    YEARS.find(path)?.as_str().trim_start_matches(['(', '[']).get(..4)?.parse().ok()
}

/// A text as it is compared: lower case, letters and digits, single spaces.
pub fn plain(text: &str) -> String {
    let (mut plain, mut apart) = (String::with_capacity(text.len()), false);
    for c in text.chars() {
        if !c.is_alphanumeric() {
            apart = true;
            continue;
        }
        if std::mem::take(&mut apart) && !plain.is_empty() {
            plain.push(' ');
        }
        plain.extend(c.to_lowercase());
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{name, year};

    #[test]
    fn documents_of_a_series_share_a_name() {
        for (path, expected) in [
            ("Challenges (2017-2018)", "challenges"),
            ("Challenges (2020+)", "challenges"),
            ("Challenges", "challenges"),
            ("docs/minutes-2023.md", "docs minutes md"),
            ("docs/minutes-2024.md", "docs minutes md"),
            ("docs/2023/minutes.md", "docs minutes md"),
            ("docs/minutes [2019–20].md", "docs minutes md"),
            ("docs/rfc-20230.md", "docs rfc 20230 md"),
            ("pages/viewpage.action?pageId=2024", "pages viewpage action pageid"),
            ("2023", ""),
        ] {
            assert_eq!(name(path), expected, "{path}");
        }
        assert_eq!(year("Challenges (2017-2018)"), Some(2017));
        assert_eq!(year("Challenges (2020+)"), Some(2020));
        assert_eq!(year("Challenges"), None);
    }
}
