//! Sentences in a form that patterns can be written for: lower case, short forms written out, references and versions
//! as marks.
//!
//! `We won't: fixed in acme/rocket#7 (v2.1)!` reads ` we will not , fixed in @ref , @version `.

use std::sync::LazyLock;

use regex::Regex;

/// One sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sentence<'a> {
    /// As it was written.
    pub(super) raw: &'a str,
    /// Its words with single spaces between and around them.
    pub(super) words: String,
    /// The references in it: where their mark stands in `words`, and what they name.
    pub(super) references: Vec<(usize, String)>,
}

/// A line at least this long may have been wrapped by a mailer.
const WRAPPED: usize = 55;

/// Cuts text into sentences: at full stops, but not inside `2.1` or an address, at empty lines, at list items, and at
/// the ends of short lines.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let mut cut = Vec::new();
    let (mut start, mut line) = (0, 0);
    for (at, byte) in bytes.iter().enumerate() {
        let next = bytes.get(at + 1).copied();
        let ends = match byte {
            b'\n' => {
                let width = at - line;
                line = at + 1;
                width < WRAPPED || next.is_none_or(|next| matches!(next, b'\n' | b'-' | b'*' | b'#'))
            }
            b'.' | b'!' | b'?' | b';' => next.is_none_or(|next| next.is_ascii_whitespace()),
            _ => false,
        };
        if ends {
            cut.push(text[start..=at].trim());
            start = at + 1;
        }
    }
    cut.push(text[start..].trim());
    cut.retain(|sentence| !sentence.is_empty());
    cut
}

/// `the "not planned" section`, `"won't fix" shows up`: words in quotation marks that only name a thing.
static NAMES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?i)(^|\b(?:an?|the|this|that|your|our|my|its|new|old|another|each|every|of) )["“”][^"“”]{1,100}["“”] +([a-z])"#,
    )
    .expect("a constant pattern")
});

impl<'a> Sentence<'a> {
    pub(super) fn new(raw: &'a str) -> Self {
        let mut sentence = Self { raw, words: String::with_capacity(raw.len() + 16), references: Vec::new() };
        sentence.words.push(' ');
        let said = if raw.contains(['"', '“']) { NAMES.replace_all(raw, "${1}snippet $2") } else { raw.into() };
        for token in said.split(|c: char| c.is_whitespace() || matches!(c, '|' | '[' | ']')) {
            sentence.token(token);
        }
        sentence
    }

    fn token(&mut self, token: &str) {
        // Most tokens are bare words.
        if token.bytes().next_back().is_some_and(|last| last.is_ascii_alphanumeric())
            && token.starts_with(|first: char| first.is_ascii_alphanumeric())
        {
            return self.word(token);
        }
        let opens = token.starts_with(['(', '{', '—', '–']);
        let inner = token.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '#' | '@' | '~'));
        let closes = inner.ends_with([',', ')', ':', '—', '–', '}', '…', ';']) || matches!(token, "-" | "--");
        let inner = inner.trim_end_matches(|c: char| !c.is_alphanumeric());
        if opens {
            self.comma();
        }
        if !inner.is_empty() {
            self.word(inner);
        }
        if closes {
            self.comma();
        }
    }

    fn comma(&mut self) {
        if !self.words.ends_with(", ") {
            self.words.push_str(", ");
        }
    }

    fn word(&mut self, token: &str) {
        // Letters alone name nothing.
        if token.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            let start = self.words.len();
            self.words.extend(token.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
            if let Some(full) = spelled_out(&self.words[start..]) {
                self.words.replace_range(start.., &full);
            }
            self.words.push(' ');
            return;
        }
        if let Some(mark) = self.mark(token) {
            self.words.push_str(mark);
            self.words.push(' ');
            return;
        }
        let lower: String =
            token.chars().map(|c| if matches!(c, '’' | '‘' | '`') { '\'' } else { c.to_ascii_lowercase() }).collect();
        let full = spelled_out(&lower);
        let full = full.as_deref().unwrap_or(&lower);
        for part in full.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()) {
            self.words.push_str(part);
            self.words.push(' ');
        }
    }

    /// The mark of a token that names something, if it does.
    fn mark(&mut self, token: &str) -> Option<&'static str> {
        if let Some(address) = token.find("://") {
            return Some(self.address(&token[address + 3..]));
        }
        if let Some(rest) = token.strip_prefix(['@', '~']) {
            return rest.starts_with(|c: char| c.is_alphanumeric()).then_some("@user");
        }
        if let Some((home, number)) = token.rsplit_once('#') {
            if is_number(number) && (home.is_empty() || home.contains('/')) {
                return Some(self.names(token.to_owned()));
            }
            let word = home.to_ascii_lowercase();
            if is_number(number) && matches!(word.as_str(), "pr" | "gh" | "issue" | "bug" | "ticket" | "pull" | "mr") {
                return Some(self.names(format!("#{number}")));
            }
        }
        if let Some((project, number)) = token.rsplit_once('-')
            && is_number(number)
            && project.len() >= 2
            && project.starts_with(|c: char| c.is_ascii_uppercase())
            && project.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        {
            return match project {
                // Standards look like keys.
                "UTF" | "SHA" | "ISO" | "RFC" | "CVE" | "AES" | "MD" | "ECMA" | "PEP" | "IEEE" => None,
                "GH" | "PR" => Some(self.names(format!("#{number}"))),
                _ => Some(self.names(token.to_owned())),
            };
        }
        if is_number(token) && token.len() <= 7 && self.counts_tickets() {
            return Some(self.names(format!("#{token}")));
        }
        if is_version(token) {
            return Some("@version");
        }
        is_commit(token, &self.words).then_some("@sha")
    }

    fn names(&mut self, what: String) -> &'static str {
        self.references.push((self.words.len(), what));
        "@ref"
    }

    /// Whether the last word says that a bare number names a ticket.
    fn counts_tickets(&self) -> bool {
        [" pull request ", " pr ", " issue ", " ticket ", " bug ", " gh "].iter().any(|lead| self.words.ends_with(lead))
    }

    /// `github.com/acme/rocket/pull/7/files#r1` and its like, without the scheme.
    fn address(&mut self, address: &str) -> &'static str {
        let path = address.split(['?', '#']).next().unwrap_or(address);
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != "-").collect();
        for (at, part) in parts.iter().enumerate() {
            let Some(next) = parts.get(at + 1) else { break };
            match *part {
                "pull" | "issues" | "merge_requests" | "pulls" if at >= 3 && is_number(next) => {
                    return self.names(format!("{}/{}#{next}", parts[at - 2], parts[at - 1]));
                }
                "browse" if next.rsplit_once('-').is_some_and(|(_, number)| is_number(number)) => {
                    return self.names((*next).to_owned());
                }
                "commit" | "commits" | "changeset" | "rev" => return "@sha",
                _ => {}
            }
        }
        "@url"
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// `2.1`, `v2.1.0-rc1`, `3.x`
fn is_version(token: &str) -> bool {
    let token = token.strip_prefix(['v', 'V']).unwrap_or(token);
    let mut parts = token.split('.');
    let number = |part: &str| part.starts_with(|c: char| c.is_ascii_digit());
    parts.next().is_some_and(is_number) && parts.next().is_some_and(|minor| number(minor) || minor == "x")
}

/// A git hash, a Subversion revision, or a number behind `revision`.
fn is_commit(token: &str, before: &str) -> bool {
    let hex = (7..=40).contains(&token.len())
        && token.bytes().all(|b| b.is_ascii_hexdigit())
        && token.bytes().any(|b| b.is_ascii_digit());
    let svn = token.strip_prefix('r').is_some_and(|number| number.len() >= 4 && is_number(number));
    let revision =
        is_number(token) && ["revision ", "revisions ", "rev ", "changeset "].iter().any(|w| before.ends_with(w));
    (hex && (!is_number(token) || token.len() == 40)) || svn || revision
}

/// `won't` → `will not`, `it's` → `it is`; nothing where the word stands as it is.
fn spelled_out(lower: &str) -> Option<String> {
    Some(match lower {
        "can't" | "cannot" | "cant" => "can not".to_owned(),
        "won't" | "wont" => "will not".to_owned(),
        "wontfix" | "wont-fix" => "will not fix".to_owned(),
        "favour" => "favor".to_owned(),
        "isnt" | "wasnt" | "didnt" | "hasnt" | "doesnt" | "werent" | "arent" | "havent" | "couldnt" | "dont" => {
            format!("{} not", &lower[..lower.len() - 2])
        }
        _ => {
            let (stem, verb) = lower.rsplit_once('\'')?;
            match verb {
                "t" => format!("{} not", stem.strip_suffix('n')?),
                "s" if matches!(stem, "it" | "that" | "there" | "this" | "here" | "what" | "he" | "she") => {
                    format!("{stem} is")
                }
                "ve" => format!("{stem} have"),
                "re" => format!("{stem} are"),
                "ll" => format!("{stem} will"),
                "d" => format!("{stem} would"),
                "m" => format!("{stem} am"),
                _ => return None,
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Sentence, sentences};

    #[test]
    fn sentences_end_where_they_end() {
        for (text, expected) in [
            ("Fixed in 2.1. Thanks!", &["Fixed in 2.1.", "Thanks!"][..]),
            ("See https://example.org/a.b?c d. End", &["See https://example.org/a.b?c d.", "End"]),
            ("short line\nanother", &["short line", "another"]),
            (
                "a line that was wrapped by a mailer because it had got too\nlong for it\n\nnew",
                &["a line that was wrapped by a mailer because it had got too\nlong for it", "new"],
            ),
            ("- one\n- two", &["- one", "- two"]),
            ("", &[]),
        ] {
            assert_eq!(sentences(text), expected, "{text}");
        }
    }

    #[test]
    fn words_are_plain_and_references_marks() {
        for (raw, words, references) in [
            (
                "We won't: fixed in acme/rocket#7 (v2.1)!",
                " we will not , fixed in @ref , @version ",
                &["acme/rocket#7"][..],
            ),
            ("It’s what we'd do", " it is what we would do ", &[]),
            ("Can't, cannot, don't, didnt", " can not , can not , do not , did not ", &[]),
            ("WONTFIX", " will not fix ", &[]),
            ("It has a \"not planned\" section", " it has a snippet section ", &[]),
            ("Closing as \"won't fix\" then", " closing as will not fix then ", &[]),
            ("Closed by OPS-7 and UTF-8", " closed by @ref and utf 8 ", &["OPS-7"]),
            ("PR #12, PR#13, pull request 14", " pr @ref , @ref , pull request @ref ", &["#12", "#13", "#14"]),
            ("https://github.com/acme/rocket/pull/7/files#r12.", " @ref ", &["acme/rocket#7"]),
            ("[OPS-7|https://jira.example/browse/OPS-7]", " @ref @ref ", &["OPS-7", "OPS-7"]),
            ("https://github.com/acme/rocket/commit/1a2b3c4d", " @sha ", &[]),
            ("landed as 1a2b3c4d, r10283, revision 982", " landed as @sha , @sha , revision @sha ", &[]),
            ("@ada: re-opened 20210504", " @user , re opened 20210504 ", &[]),
            ("", " ", &[]),
        ] {
            let sentence = Sentence::new(raw);
            assert_eq!(sentence.words, words, "{raw}");
            let named: Vec<&str> = sentence.references.iter().map(|(_, what)| what.as_str()).collect();
            assert_eq!(named, references, "{raw}");
            for (at, _) in &sentence.references {
                assert!(sentence.words[*at..].starts_with("@ref"), "{raw}");
            }
        }
    }
}
