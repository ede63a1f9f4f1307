//! What of a comment its writer said: without quotations, code, markup, greetings of importers and bots' boilerplate.
//!
//! Jira's markup, Markdown and HTML mails are told apart by what stands in the text, because archives mix them.

use std::sync::LazyLock;

use regex::Regex;

/// Longer comments say what matters for a closing at their beginning.
const MOST: usize = 4_000;

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern, built by every test of this room")
}

/// Blocks that are not the writer's own words. An excerpt may cut a block open; the rest of it then falls away.
static BLOCKS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?is)<!--.*?(?:-->|\z)|```.*?(?:```|\z)|~~~.*?(?:~~~|\z)|\{code[^}\n]*\}.*?(?:\{code\}|\z)|\{noformat[^}\n]*\}.*?(?:\{noformat\}|\z)|\{quote\}.*?(?:\{quote\}|\z)|<(?:pre|blockquote)[^>]*>.*?(?:</(?:pre|blockquote)>|\z)",
    )
});

/// Tags, panels and colours, which only dress the words.
static DRESS: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?is)</?[a-z][^<>]*>|\{(?:html|color|panel|info|note|tip|warning|anchor|adf)[^}\n]*\}|!\[[^\]]*\]\([^)]*\)")
});

/// Where somebody else's mail begins.
static OTHERS_MAIL: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?im)^(?:on .{5,80}(?:wrote|writes):|-{2,} ?(?:original|forwarded) message|reply to this email|you are receiving this|from: .{3,80}@).*",
    )
});

/// Lines that an importer, a template or a mirror wrote.
static BOILERPLATE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^(?:imported from |originally reported by|migrated from |this (?:issue|bug) was (?:imported|migrated)|#{1,6} |h[1-6]\. |\|.*\||bq\. |[-*] \[[ x]\])",
    )
});

/// What importers put in front of somebody's words.
static PREFIX: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?i)^(?:github )?(?:comment|\(?comment by|reply) (?:from|by) [^:\s]{1,40}(?: [^:\s]{1,40})?: ?")
});

/// Inline code and Jira's monospace: only a name of a commit stays.
static INLINE: LazyLock<Regex> = LazyLock::new(|| regex(r"`([^`\n]{1,200})`|\{\{(.{1,200}?)\}\}"));

/// Builds the patterns by which comments are read, if nobody did yet.
pub(super) fn prepare() {
    for pattern in [&BLOCKS, &DRESS, &OTHERS_MAIL, &BOILERPLATE, &PREFIX, &INLINE, &PASSED_ON, &CHAT] {
        LazyLock::force(pattern);
    }
}

/// The writer's own words, one line for each line of theirs.
pub(super) fn own_words(text: &str) -> String {
    let text = beginning(text);
    let mut text = std::borrow::Cow::Borrowed(text);
    let has = |text: &str, signs: &[char]| text.contains(signs);
    if has(&text, &['<', '`', '~', '{']) {
        text = BLOCKS.replace_all(&text, "\n").into_owned().into();
        text = DRESS.replace_all(&text, " ").into_owned().into();
        text = INLINE.replace_all(&text, |found: &regex::Captures<'_>| code(found)).into_owned().into();
    }
    if let Some(mail) = OTHERS_MAIL.find(&text) {
        // Some answer above the mail that they quote, others below each passage of it.
        let below = text[mail.end()..].lines().any(|line| line.starts_with('>'));
        let rest = if below { &text[mail.end()..] } else { "" };
        text = format!("{}\n{rest}", &text[..mail.start()]).into();
    }
    let mut own = String::with_capacity(text.len());
    for line in text.lines().map(str::trim) {
        if line.starts_with('>') || line.starts_with("&gt;") || BOILERPLATE.is_match(line) {
            own.push('\n');
            continue;
        }
        own.push_str(PREFIX.find(line).map_or(line, |prefix| &line[prefix.end()..]));
        own.push('\n');
    }
    own
}

/// What introduces somebody else's answer that is passed on as the writer's own.
static PASSED_ON: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\b(?:answers?|answered|repl(?:y|ies|ied)|responses?|responded|verdict|irc|slack|discord|chat|e?mail|said|says|told me)\b[^.\n]{0,60}:\s*\z",
    )
});

/// Where each line of a chat's log says when it was written and by whom.
static CHAT: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?m)^(?:\s*>)*\s*(?:\[?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?\]?)?\s*(?:<[^<>\n]{1,40}>)?\s*"));

/// Whether a comment only closes or thanks: what was said before it is then what it closes for.
pub(in crate::judge) fn only_closes(text: &str) -> bool {
    const WORDS: [&str; 36] = [
        "closing", "close", "closed", "issue", "ticket", "pr", "bug", "this", "that", "it", "then", "so", "now", "for",
        "the", "i", "will", "am", "let", "us", "me", "ok", "okay", "yes", "yeah", "agreed", "right", "thanks", "thank",
        "you", "as", "agree", "with", "per", "above", "thus",
    ];
    let own = text.lines().map(str::trim).filter(|line| !line.starts_with('>') && !line.starts_with("Imported from "));
    own.map(super::plain)
        .all(|line| line.split_whitespace().all(|word| word == "," || word.starts_with('@') || WORDS.contains(&word)))
}

/// The answer that a comment passes on, where all that its writer adds is where it comes from (`Answer from IRC:` and a
/// block), or that they close for it (`> This is not a bug` and `Closing`). `own` are the writer's own words.
pub(super) fn answer_passed_on(text: &str, own: &str) -> Option<String> {
    /// Who says more speaks for themselves.
    const LEAD: usize = 80;
    let lead = own.trim();
    if lead.len() > LEAD || !text.contains(['>', '`', '{']) || lead.lines().count() > 1 {
        return None;
    }
    let text = beginning(text);
    let answer = if PASSED_ON.is_match(lead) {
        let (_, block) = text.split_once(lead)?;
        let block = block.trim().trim_matches('`').trim_start_matches("{quote}").trim_end_matches("{quote}");
        CHAT.replace_all(block, "").into_owned()
    } else if lead.to_ascii_lowercase().contains("clos") && only_closes(lead) {
        let quoted = text.lines().filter_map(|line| line.trim_start().strip_prefix('>'));
        quoted.map(str::trim).collect::<Vec<_>>().join("\n")
    } else {
        return None;
    };
    Some(answer).filter(|answer| !answer.trim().is_empty())
}

fn beginning(text: &str) -> &str {
    match text.char_indices().nth(MOST) {
        Some((at, _)) => &text[..at],
        None => text,
    }
}

fn code(found: &regex::Captures<'_>) -> String {
    let inside = found.get(1).or_else(|| found.get(2)).map_or("", |inside| inside.as_str());
    let names_a_commit = (7..=40).contains(&inside.len()) && inside.chars().all(|c| c.is_ascii_hexdigit());
    if names_a_commit { inside.to_owned() } else { "snippet".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{answer_passed_on, own_words};

    #[test]
    fn an_answer_that_is_passed_on_is_the_writers_word() {
        for (text, expected) in [
            ("Answer from IRC:\n\n```\n[14:44] <ada> we won't tag these\n```", Some("we won't tag these")),
            ("Bob replied on the list:\n> There are no plans.\n> Sorry.", Some("There are no plans.\nSorry.")),
            ("> This is not a bug\n\nClosing", Some("This is not a bug")),
            ("> Nobody needs it.\n\nAgreed, closing this then.", Some("Nobody needs it.")),
            ("> This is not a bug\n\nIt is. Closing", None),
            ("> This is not a bug\n\nFixed.", None),
            ("Closing.", None),
            // A log, a greeting, or more than an introduction.
            ("Output:\n```\nwon't fix\n```", None),
            ("On Friday Ada wrote:\n> won't fix", None),
            ("Ada said:\n> won't fix\nI disagree.", None),
            ("Answer from IRC: it is done.", None),
        ] {
            let told = answer_passed_on(text, &own_words(text)).map(|answer| answer.trim().to_owned());
            assert_eq!(told.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn only_the_writers_own_words_stay() {
        for (text, expected) in [
            ("Fixed in #12.", "Fixed in #12."),
            ("> won't fix this\n\nI disagree.", "I disagree."),
            ("bq. won't fix this\nI disagree.", "I disagree."),
            ("{quote}won't fix{quote} I disagree.", "I disagree."),
            ("See:\n```\nerror: won't fix\n```\nStill there.", "See: Still there."),
            ("See:\n```\nerror: cut off by the exc", "See:"),
            ("{code:java}\nwontfix();\n{code}\nDone.", "Done."),
            ("The `wontfix` label is `1a2b3c4d`.", "The snippet label is 1a2b3c4d."),
            ("{html}<div><p>This is\ndone.</p></div>{html}", "This is done."),
            ("<!-- bot: stale -->Done.", "Done."),
            ("Thanks!\nOn Fri, 4 May 2021, Ada <ada@example.org> wrote:\nwon't fix", "Thanks!"),
            ("On Fri, 4 May 2021, Ada wrote:\n\n> it leaks\n\nThis is not a bug.", "This is not a bug."),
            ("GitHub comment from ada: This is fixed.", "This is fixed."),
            ("Imported from the old tracker, closed there as invalid", ""),
            ("### Expected behaviour\nIt closes.", "It closes."),
            ("- [ ] I searched for duplicates\nA real word.", "A real word."),
            ("", ""),
        ] {
            assert_eq!(own_words(text).split_whitespace().collect::<Vec<_>>().join(" "), expected, "{text}");
        }
    }
}
