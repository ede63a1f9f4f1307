//! What others wrote, made harmless: for a terminal, for Markdown, for links.
//!
//! Titles, notes, names and paths come from documents and trackers that anybody may write to. What is shown must
//! neither steer the terminal, nor reorder the line around it, nor become markup, nor ping a team.

use url::Url;

/// Characters of a title that are shown; the rest becomes an ellipsis.
pub(super) const TITLE: usize = 160;
/// Characters of a sentence that are shown.
pub(super) const SENTENCE: usize = 600;
/// Characters of a name, a state or a reason that are shown.
pub(super) const NAME: usize = 80;
/// Addresses longer than this are no links to a ticket.
const ADDRESS: usize = 500;

/// One line of `text` with at most `limit` characters: white space folded, control characters made visible,
/// what reorders or hides text taken away.
pub(super) fn plain(text: &str, limit: usize) -> String {
    let mut out = String::new();
    let (mut used, mut gap) = (0, false);
    for c in text.chars() {
        if c.is_whitespace() {
            gap = used > 0;
            continue;
        }
        let Some(c) = visible(c) else { continue };
        let width = usize::from(gap) + 1;
        if used + width > limit {
            out.push('…');
            break;
        }
        if gap {
            out.push(' ');
        }
        out.push(c);
        used += width;
        gap = false;
    }
    out
}

/// The character to show for one that is not white space; `None` for those that only hide or mark.
fn visible(c: char) -> Option<char> {
    match c {
        // Control pictures: an escape sequence reads `␛[31m`, and does nothing.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)),
        '\u{7f}' => Some('\u{2421}'),
        // The second set of controls, what turns the order of a line around, and what XML cannot hold.
        '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}' | '\u{fffe}' | '\u{ffff}' => {
            Some('\u{fffd}')
        }
        // Invisible: direction marks, zero-width spaces, soft hyphens, annotation and tag characters. The joiners
        // U+200C and U+200D stay; Persian and emoji need them.
        '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2060}'..='\u{2065}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => None,
        c => Some(c),
    }
}

/// `text` character by character, each space as it stands, made as harmless as [`plain`] makes it.
pub(super) fn line(text: &str) -> String {
    text.chars().filter_map(|c| if c.is_whitespace() { Some(' ') } else { visible(c) }).collect()
}

/// `text` for the log of a CI run, where a line that starts with `::`, or holds `##[` anywhere, is a command to the
/// runner. What reads so is pulled apart by a space of no width.
pub(super) fn log(text: &str) -> String {
    let lines = text.split('\n').map(|line| {
        let command = line.trim_start();
        let led = &line[..line.len() - command.len()];
        let line = match command.strip_prefix("::") {
            Some(rest) => format!("{led}:\u{200b}:{rest}"),
            None => line.to_owned(),
        };
        line.replace("##[", "##\u{200b}[").replace("##vso[", "##\u{200b}vso[")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A message of ours with what others wrote in it (a name, a path, a setting), for standard error: its lines stay lines, and
/// neither steer a terminal nor command a runner.
pub fn message(text: &str) -> String {
    log(&text.split('\n').map(line).collect::<Vec<_>>().join("\n"))
}

/// `text` for a terminal, where more than one line is kept: each line by itself is [`plain`].
pub(super) fn title(text: &str) -> String {
    let title = plain(text, TITLE);
    if title.is_empty() { "(no title)".to_owned() } else { title }
}

/// `text` as Markdown that shows exactly its [`plain`] form and does nothing: no markup, no HTML, no new table cell,
/// no list, no mention.
pub(super) fn markdown(text: &str, limit: usize) -> String {
    let text = plain(text, limit);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let mut out = String::with_capacity(text.len() + 8);
    for (at, c) in text.char_indices() {
        match c {
            // A backslash does not stop a mention: GitHub looks for them after rendering.
            '@' => out.push_str("@\u{200b}"),
            '#' => out.push_str("\\#\u{200b}"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '{' | '}' | '|' | '~' | '$' => out.extend(['\\', c]),
            '-' | '+' | '=' if at == 0 => out.extend(['\\', c]),
            '.' | ')' if at == digits && digits > 0 => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

/// A path, a place or an id as inline code in Markdown, or as escaped text where code could be broken out of.
pub(super) fn code(text: &str) -> String {
    let line = plain(text, SENTENCE);
    if line.is_empty() || line.contains(['`', '|', '\\']) { markdown(text, SENTENCE) } else { format!("`{line}`") }
}

/// An address that may become a link: http or https, normalised, without user name and password. Nothing in it can
/// end a Markdown link or a table cell.
pub(super) fn link(address: &str) -> Option<String> {
    if address.len() > ADDRESS {
        return None;
    }
    let mut url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    let mut out = String::new();
    for c in url.as_str().chars() {
        match c {
            '|' => out.push_str("%7C"),
            '(' => out.push_str("%28"),
            ')' => out.push_str("%29"),
            '`' => out.push_str("%60"),
            '\\' => out.push_str("%5C"),
            c if c.is_control() || c.is_whitespace() => return None,
            c => out.push(c),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::{code, link, markdown, message, plain};

    #[test]
    fn a_line_cannot_steer_the_terminal() {
        for (text, shown) in [
            ("  two\r\n words\t", "two words"),
            ("\u{1b}[31mred\u{1b}[0m", "␛[31mred␛[0m"),
            ("bell\u{7} del\u{7f} nul\0", "bell␇ del␡ nul␀"),
            ("csi\u{9b}31m", "csi\u{fffd}31m"),
            ("a\u{202e}txt.exe", "a\u{fffd}txt.exe"),
            ("a\u{2066}b\u{2069}", "a\u{fffd}b\u{fffd}"),
            ("no\u{fffe}xml\u{ffff}", "no\u{fffd}xml\u{fffd}"),
            ("zero\u{200b}width\u{feff}", "zerowidth"),
            ("line\u{2028}paragraph\u{2029}next\u{85}", "line paragraph next"),
            ("👩\u{200d}💻 می\u{200c}خواهم", "👩\u{200d}💻 می\u{200c}خواهم"),
            ("tag\u{e0041}\u{e0042}", "tag"),
            ("", ""),
        ] {
            assert_eq!(plain(text, 100), shown, "{text:?}");
        }
    }

    #[test]
    fn a_message_commands_no_runner() {
        for (text, shown) in [
            ("error: a\n  hint: b", "error: a\n  hint: b"),
            ("cannot read `a\n::error::x`", "cannot read `a\n:\u{200b}:error::x`"),
            ("a\r::error::x", "a ::error::x"),
            ("\u{1b}[2J ##[error]x", "␛[2J ##\u{200b}[error]x"),
        ] {
            assert_eq!(message(text), shown);
        }
    }

    #[test]
    fn what_is_too_long_ends_in_an_ellipsis() {
        for (text, limit, shown) in [
            ("abcdef", 6, "abcdef"),
            ("abcdefg", 6, "abcdef…"),
            ("abc def", 4, "abc…"),
            ("äöü", 2, "äö…"),
            ("abc   ", 3, "abc"),
        ] {
            assert_eq!(plain(text, limit), shown);
        }
        assert_eq!(plain(&"x".repeat(65_536), 160).chars().count(), 161);
    }

    #[test]
    fn markdown_shows_text_and_does_nothing() {
        for (text, shown) in [
            ("a | b", r"a \| b"),
            ("[click](javascript:alert(1))", r"\[click\](javascript:alert(1))"),
            ("`code` *bold* _it_ ~s~ $x$", r"\`code\` \*bold\* \_it\_ \~s\~ \$x\$"),
            ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
            ("ping @openedx/team", "ping @\u{200b}openedx/team"),
            ("see #12", "see \\#\u{200b}12"),
            ("- item", r"\- item"),
            ("1. item", r"1\. item"),
            ("2021) item", r"2021\) item"),
            ("=== x", r"\=== x"),
            ("&lt; \\", r"&amp;lt; \\"),
            ("two\nlines", "two lines"),
        ] {
            assert_eq!(markdown(text, 200), shown, "{text:?}");
        }
    }

    #[test]
    fn code_cannot_be_broken_out_of() {
        for (text, shown) in [("docs/a.md:1:2", "`docs/a.md:1:2`"), ("a`b", r"a\`b"), ("a|b", r"a\|b"), ("", "")] {
            assert_eq!(code(text), shown);
        }
    }

    #[test]
    fn only_web_addresses_become_links() {
        for (address, target) in [
            ("https://example.org/browse/A-1", Some("https://example.org/browse/A-1")),
            ("HTTP://example.org", Some("http://example.org/")),
            ("javascript:alert(1)", None),
            ("data:text/html,x", None),
            (" java\nscript:alert(1)", None),
            ("//example.org", None),
            ("docs/challenges.md:3:1", None),
            ("https://user:secret@example.org/a", Some("https://example.org/a")),
            ("https://example.org/a(b)|c`\"<>", Some("https://example.org/a%28b%29%7Cc%60%22%3C%3E")),
            ("https://exämple.org/", Some("https://xn--exmple-cua.org/")),
        ] {
            assert_eq!(link(address).as_deref(), target, "{address:?}");
        }
        assert_eq!(link(&format!("https://example.org/{}", "a".repeat(3_000))), None);
    }
}
