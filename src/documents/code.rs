//! Source files: what stands in comments is prose, everything else is code in which nothing is looked for.
//!
//! Which files are written in a language is ripgrep's table (the `ignore` crate); how its comments and strings are written
//! stands here, language by language, and no more of it than telling the two apart takes. What is read wrongly costs a
//! citation or brings one too many, and never anything else.

use std::ops::Range;
use std::path::Path;
use std::sync::LazyLock;

use ignore::types::{Types, TypesBuilder};

use super::layout::Layout;
use super::prose::Prose;

/// How comments and strings of some languages are written.
struct Syntax {
    /// The languages, by ripgrep's names.
    languages: &'static [&'static str],
    /// What begins a comment that ends with its line.
    line: &'static [&'static str],
    /// Comments with a beginning and an end.
    block: &'static [(&'static str, &'static str)],
    /// Strings, the longest beginning first.
    strings: &'static [Quote],
    /// Whether `'` holds a single character, and stands alone elsewhere.
    characters: bool,
    /// Whether what begins a comment does so only at the start of a word, as `#` in a shell.
    apart: bool,
}

/// A string's marks.
struct Quote {
    open: &'static str,
    close: &'static str,
    /// Whether a backslash takes the meaning from the character behind it.
    escapes: bool,
    /// Whether it may go on to the next line. One that may not, and does not end, is none.
    lines: bool,
}

const fn quote(mark: &'static str) -> Quote {
    Quote { open: mark, close: mark, escapes: true, lines: false }
}

const fn long(open: &'static str, close: &'static str, escapes: bool) -> Quote {
    Quote { open, close, escapes, lines: true }
}

const DOUBLE: Quote = quote("\"");
const SINGLE: Quote = quote("'");
const C_COMMENTS: &[(&str, &str)] = &[("/*", "*/")];
const NO_STRINGS: Syntax =
    Syntax { languages: &[], line: &[], block: &[], strings: &[], characters: false, apart: false };

const SYNTAXES: &[Syntax] = &[
    Syntax {
        languages: &["c", "cpp", "objc", "objcpp", "cuda", "protobuf", "thrift", "solidity", "verilog", "sv", "vala"],
        line: &["//"],
        block: C_COMMENTS,
        strings: &[DOUBLE],
        characters: true,
        ..NO_STRINGS
    },
    Syntax {
        languages: &["csharp", "java", "kotlin", "scala", "swift", "d"],
        line: &["//"],
        block: C_COMMENTS,
        strings: &[long("\"\"\"", "\"\"\"", false), DOUBLE],
        characters: true,
        ..NO_STRINGS
    },
    Syntax {
        languages: &["rust", "zig"],
        line: &["//"],
        block: C_COMMENTS,
        strings: &[
            long("r##\"", "\"##", false),
            long("r#\"", "\"#", false),
            long("r\"", "\"", false),
            long("\"", "\"", true),
        ],
        characters: true,
        ..NO_STRINGS
    },
    Syntax {
        languages: &["go"],
        line: &["//"],
        block: C_COMMENTS,
        strings: &[DOUBLE, long("`", "`", false)],
        characters: true,
        ..NO_STRINGS
    },
    Syntax {
        languages: &["js", "ts", "dart", "groovy", "gradle", "less", "sass", "stylus", "qml"],
        line: &["//"],
        block: C_COMMENTS,
        strings: &[long("\"\"\"", "\"\"\"", true), long("'''", "'''", true), DOUBLE, SINGLE, long("`", "`", true)],
        ..NO_STRINGS
    },
    Syntax { languages: &["css"], block: C_COMMENTS, strings: &[DOUBLE, SINGLE], ..NO_STRINGS },
    Syntax {
        languages: &["php", "tf", "nix"],
        line: &["//", "#"],
        block: C_COMMENTS,
        strings: &[DOUBLE, SINGLE],
        apart: true,
        ..NO_STRINGS
    },
    Syntax {
        languages: &["py", "elixir", "julia", "bazel", "cython", "gdscript", "meson", "nim"],
        line: &["#"],
        strings: &[long("\"\"\"", "\"\"\"", true), long("'''", "'''", true), DOUBLE, SINGLE],
        ..NO_STRINGS
    },
    Syntax {
        languages: &[
            "sh",
            "ruby",
            "perl",
            "raku",
            "r",
            "yaml",
            "toml",
            "make",
            "cmake",
            "docker",
            "fish",
            "awk",
            "tcl",
            "puppet",
            "crystal",
            "graphql",
            "systemd",
            "coffeescript",
        ],
        line: &["#"],
        strings: &[DOUBLE, SINGLE],
        apart: true,
        ..NO_STRINGS
    },
    Syntax { languages: &["ps"], line: &["#"], block: &[("<#", "#>")], strings: &[DOUBLE, SINGLE], ..NO_STRINGS },
    Syntax { languages: &["sql"], line: &["--"], block: C_COMMENTS, strings: &[SINGLE, DOUBLE], ..NO_STRINGS },
    Syntax { languages: &["lua"], line: &["--"], block: &[("--[[", "]]")], strings: &[DOUBLE, SINGLE], ..NO_STRINGS },
    Syntax {
        languages: &["haskell", "elm", "purs"],
        line: &["--"],
        block: &[("{-", "-}")],
        strings: &[DOUBLE],
        characters: true,
        ..NO_STRINGS
    },
    Syntax { languages: &["ada", "vhdl"], line: &["--"], strings: &[DOUBLE], characters: true, ..NO_STRINGS },
    Syntax { languages: &["lisp", "elisp", "clojure", "racket"], line: &[";"], strings: &[DOUBLE], ..NO_STRINGS },
    Syntax { languages: &["tex", "erlang"], line: &["%"], ..NO_STRINGS },
    Syntax { languages: &["ocaml", "fsharp"], block: &[("(*", "*)")], line: &["//"], strings: &[DOUBLE], ..NO_STRINGS },
    Syntax { languages: &["xml"], block: &[("<!--", "-->")], ..NO_STRINGS },
];

/// Each syntax with the files that are written in it.
static FILES: LazyLock<Vec<(Types, &Syntax)>> = LazyLock::new(|| {
    let types = |syntax: &Syntax| {
        let mut builder = TypesBuilder::new();
        builder.add_defaults();
        syntax.languages.iter().for_each(|language| _ = builder.select(language));
        builder.build().unwrap_or_else(|_| Types::empty())
    };
    SYNTAXES.iter().map(|syntax| (types(syntax), syntax)).collect()
});

fn syntax(path: &Path) -> Option<&'static Syntax> {
    FILES.iter().find(|(types, _)| types.matched(path, false).is_whitelist()).map(|(_, syntax)| *syntax)
}

/// Whether a file is written in a language whose comments are known.
pub fn is_code(path: &Path) -> bool {
    syntax(path).is_some()
}

/// Takes a source file apart: everything but its comments is mute. Without a language that is known there are none.
pub(super) fn lay_out<'a>(path: &str, text: &'a str) -> Layout<'a> {
    let comments = syntax(Path::new(path)).map(|syntax| comments(text, syntax)).unwrap_or_default();
    let (mut mute, mut from) = (Vec::new(), 0);
    for comment in comments {
        mute.push(from..comment.start);
        from = comment.end;
    }
    mute.push(from..text.len());
    mute.retain(|span| !span.is_empty());
    Layout { text, prose: Prose::Verbatim(text), tables: Vec::new(), lines: Vec::new(), links: Vec::new(), mute }
}

/// The bytes of every comment, without the marks around them.
fn comments(text: &str, syntax: &Syntax) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let end_of_line = || at + rest.find('\n').unwrap_or(rest.len());
        let apart = !syntax.apart || stands_apart(&text[..at]);
        if let Some((open, close)) = syntax.block.iter().find(|(open, _)| rest.starts_with(open)) {
            let from = at + open.len();
            let to = text[from..].find(close).map_or(text.len(), |length| from + length);
            found.push(from..to);
            at = (to + close.len()).min(text.len());
        } else if let Some(mark) = syntax.line.iter().find(|mark| apart && rest.starts_with(**mark)) {
            found.push(at + mark.len()..end_of_line());
            at = end_of_line();
        } else if c == '\'' && syntax.characters {
            at += character(rest);
        } else if let Some(quote) = syntax.strings.iter().find(|quote| rest.starts_with(quote.open)) {
            at += quote.open.len() + string(&rest[quote.open.len()..], quote).unwrap_or(0);
        } else {
            at += c.len_utf8();
        }
    }
    found
}

/// Whether a word could begin behind `before`.
fn stands_apart(before: &str) -> bool {
    before.chars().next_back().is_none_or(|c| c.is_whitespace() || ";()]},".contains(c))
}

/// How many bytes a character between `'` takes, its marks included; one where it is none, such as a lifetime.
fn character(rest: &str) -> usize {
    let inside = &rest[1..];
    let escaped = inside.starts_with('\\');
    let first = inside.chars().take(1 + usize::from(escaped)).map(char::len_utf8).sum::<usize>();
    let close = match inside.get(first..) {
        // `'\u{1f600}'` is the longest that there is.
        Some(behind) if escaped => behind.bytes().take(10).position(|byte| byte == b'\'').map(|more| first + more),
        Some(behind) if behind.starts_with('\'') => Some(first),
        _ => None,
    };
    close.map_or(1, |close| close + 2)
}

/// How many bytes a string takes behind its beginning, its end included; `None` where its line ends before. A long one
/// that never ends takes all that is left.
fn string(inside: &str, quote: &Quote) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        if std::mem::take(&mut escaped) {
            continue;
        }
        if inside[at..].starts_with(quote.close) {
            return Some(at + quote.close.len());
        }
        if c == '\n' && !quote.lines {
            return None;
        }
        escaped = quote.escapes && c == '\\';
    }
    quote.lines.then_some(inside.len())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::{FILES, SYNTAXES, comments, is_code, syntax};

    fn said(path: &str, text: &str) -> Vec<String> {
        let syntax = syntax(Path::new(path)).unwrap_or_else(|| panic!("{path}"));
        comments(text, syntax).into_iter().map(|span| text[span].trim().to_owned()).collect()
    }

    #[test]
    fn every_language_is_one_that_ripgrep_knows() {
        for ((types, _), syntax) in FILES.iter().zip(SYNTAXES) {
            let known: Vec<&str> = types.definitions().iter().map(ignore::types::FileTypeDef::name).collect();
            for language in syntax.languages {
                assert!(known.contains(language), "{language}");
            }
        }
    }

    #[test]
    fn files_are_told_by_their_names() {
        for (path, expected) in [
            ("src/main.rs", true),
            ("a/Makefile", true),
            ("Dockerfile", true),
            ("deep/er/x.tsx", true),
            ("CMakeLists.txt", true),
            ("notes.txt", false),
            ("README.md", false),
            ("data.json", false),
            ("LICENSE", false),
            ("x", false),
        ] {
            assert_eq!(is_code(Path::new(path)), expected, "{path}");
        }
    }

    #[test]
    fn comments_are_told_from_code_and_strings() {
        for (path, text, expected) in [
            ("a.c", "x(\"// no\"); // yes\n/* a\nb */ y", &["yes", "a\nb"][..]),
            ("a.c", "c = '\"'; // yes", &["yes"]),
            ("a.c", "n = 1'000'000; // yes", &["yes"]),
            ("a.rs", "fn a<'a>(x: &'a str) {} // yes", &["yes"]),
            ("a.rs", "let a = r#\"// \" no\"#; let b = '\\''; // yes", &["yes"]),
            ("a.rs", "let a = \"two\n// no\"; //! yes", &["! yes"]),
            ("a.go", "a := `// no\n\\`; // yes", &["yes"]),
            ("a.java", "String s = \"\"\"\n // no\n\"\"\"; // yes", &["yes"]),
            ("a.js", "const a = 'it\\'s // no', b = `// no\n${x}`; /** yes */", &["* yes"]),
            ("a.js", "const url = 'https://x.example/a'; // yes", &["yes"]),
            ("a.css", "a { content: '/* no */' } /* yes */", &["yes"]),
            ("a.py", "x = '# no' # yes\n\"\"\"\n# no\n\"\"\"\n#yes", &["yes", "yes"]),
            ("a.sh", "echo $# ${#x} a#b '# no' # yes", &["yes"]),
            ("a.yml", "name: don't # yes\nb: 'x # no'", &["yes"]),
            ("Makefile", "all: # yes\n\techo \"# no\"", &["yes"]),
            ("a.tf", "a = \"//no\" // yes\n# yes", &["yes", "yes"]),
            ("a.sql", "select '-- no' -- yes\n/* yes */", &["yes", "yes"]),
            ("a.lua", "--[[ yes\n]] x = '--no' -- yes", &["yes", "yes"]),
            ("a.hs", "a = \"-- no\" -- yes {- no -}\n{- yes -}", &["yes {- no -}", "yes"]),
            ("a.clj", "(str \"; no\") ; yes", &["yes"]),
            ("a.tex", "text % yes", &["yes"]),
            ("a.ml", "let a = \"(* no *)\" (* yes *)", &["yes"]),
            ("a.xml", "<a b='no'/><!-- yes -->", &["yes"]),
            ("a.ps1", "Write-Host '# no' <# yes #>", &["yes"]),
            ("a.c", "/* never closed", &["never closed"]),
            ("a.c", "\"never closed\n// yes", &["yes"]),
            ("a.c", "", &[]),
        ] {
            assert_eq!(said(path, text), expected, "{path}: {text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_has_comments_in_order_and_inside(text in "[/*#'\"`\\\\\\n a-cé-]{0,80}") {
            for syntax in SYNTAXES {
                let mut from = 0;
                for comment in comments(&text, syntax) {
                    prop_assert!(from <= comment.start && comment.end <= text.len());
                    prop_assert!(text.get(comment.clone()).is_some());
                    from = comment.end;
                }
            }
        }
    }
}
