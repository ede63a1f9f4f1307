//! Changes whose links people paste into descriptions and comments: pull requests and commits of a GitHub.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::details::{Details, Mention};
use crate::domain::time::Moment;

/// The most that is kept of one ticket, from the last.
const MOST: usize = 10;

static CHANGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"https?://[^\s/]+/([A-Za-z0-9][A-Za-z0-9-]{0,38})/([A-Za-z0-9._-]{1,100})/(?:pull/([1-9][0-9]{0,9})|commit/([0-9a-f]{7,40}))\b",
    )
    .expect("a constant pattern, built by every test of this file")
});

/// Every change that the texts name, each once, where it was named last.
pub(super) fn of(details: &Details) -> Vec<Mention> {
    let comments = details.comments.iter().map(|comment| (comment.text.as_str(), comment.at, comment.after_close));
    let texts = details.body.iter().map(|body| (body.as_str(), None, false)).chain(comments);
    let mut mentions: Vec<Mention> = Vec::new();
    for (text, at, after_close) in texts {
        for mention in named(text, at, after_close) {
            mentions.retain(|other| other.what != mention.what);
            mentions.push(mention);
        }
    }
    mentions.drain(..mentions.len().saturating_sub(MOST));
    mentions
}

fn named(text: &str, at: Option<Moment>, after_close: bool) -> impl Iterator<Item = Mention> {
    CHANGE.captures_iter(text).map(move |found| {
        let (is_pull, (_, [owner, repo, which])) = (found.get(3).is_some(), found.extract());
        Mention {
            kind: if is_pull { "pull" } else { "commit" }.to_owned(),
            what: format!("{owner}/{repo}{}{which}", if is_pull { '#' } else { '@' }),
            seen_in: "text".to_owned(),
            at,
            after_close,
            ..Mention::default()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::domain::details::{Comment, Details};

    #[test]
    fn links_to_changes_are_read_from_the_texts() {
        let comment = |text: &str| Comment { text: text.to_owned(), ..Comment::default() };
        let details = Details {
            body: Some("See https://github.com/acme/rocket/issues/3 and https://acme.example/browse/OPS-7.".to_owned()),
            comments: vec![
                comment("Opened [https://github.com/acme/rocket/pull/8|smart link] for it"),
                comment(
                    "landed as https://github.com/acme/rocket/commit/1a2b3c4d5e, in https://github.com/acme/rocket/pull/8/files.",
                ),
                comment("https://github.com/acme/rocket/pull/0 is none"),
            ],
            ..Details::default()
        };
        let told: Vec<String> = of(&details).iter().map(|it| format!("{} {}", it.kind, it.what)).collect();
        assert_eq!(told, ["commit acme/rocket@1a2b3c4d5e", "pull acme/rocket#8"]);
    }
}
