//! A sheet of terminal text: what is put on it is made harmless, wrapped by display width, and coloured if wanted.

use anstyle::{AnsiColor, Style as Ansi};
use textwrap::{Options, WordSplitter};

use super::{Style, escape};

/// What a stretch of text means; colours only underline it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// As it is.
    Plain,
    /// A heading or a name to find.
    Strong,
    /// Places, ages, links: there for whoever needs them.
    Dim,
    /// Broken.
    Bad,
    /// Needs a look.
    Warn,
    /// Well.
    Good,
}

impl Tone {
    fn ansi(self) -> Ansi {
        let color = |color: AnsiColor| Ansi::new().fg_color(Some(color.into()));
        match self {
            Self::Plain => Ansi::new(),
            Self::Strong => Ansi::new().bold(),
            Self::Dim => Ansi::new().dimmed(),
            Self::Bad => color(AnsiColor::Red).bold(),
            Self::Warn => color(AnsiColor::Yellow),
            Self::Good => color(AnsiColor::Green),
        }
    }
}

/// A line in the making. Whatever is said is made harmless first, so nothing else can reach a sheet.
#[derive(Debug, Clone, Default)]
pub(super) struct Ink {
    color: bool,
    text: String,
}

impl Ink {
    /// Adds `text`, cut to a sentence's length.
    pub(super) fn say(self, text: &str) -> Self {
        self.tone(Tone::Plain, text)
    }

    /// Adds `text` in a tone.
    pub(super) fn tone(mut self, tone: Tone, text: &str) -> Self {
        // Spaces at the ends separate this stretch from its neighbours.
        let clean = escape::plain(text, escape::SENTENCE);
        if text.starts_with(' ') && !self.text.is_empty() {
            self.text.push(' ');
        }
        self.paint(tone, &clean);
        if text.len() > 1 && text.ends_with(' ') {
            self.text.push(' ');
        }
        self
    }

    /// Adds `text` in a tone with every space in its place, for what is drawn in columns.
    pub(super) fn drawing(mut self, tone: Tone, text: &str) -> Self {
        self.paint(tone, &escape::line(text));
        self
    }

    fn paint(&mut self, tone: Tone, clean: &str) {
        if self.color {
            let style = tone.ansi();
            self.text.push_str(&format!("{style}{clean}{style:#}"));
        } else {
            self.text.push_str(clean);
        }
    }

    /// Adds `n` spaces.
    pub(super) fn gap(mut self, n: usize) -> Self {
        self.text.push_str(&" ".repeat(n));
        self
    }

    /// Adds a title in quotation marks, cut to a title's length.
    pub(super) fn quote(self, title: &str) -> Self {
        let title = escape::title(title);
        self.say(&format!("“{title}”"))
    }
}

/// A sheet of text.
pub(super) struct Sheet {
    style: Style,
    out: String,
}

impl Sheet {
    pub(super) fn new(style: Style) -> Self {
        Self { style: Style { width: style.width.clamp(40, 120), ..style }, out: String::new() }
    }

    pub(super) fn ink(&self) -> Ink {
        Ink { color: self.style.color, text: String::new() }
    }

    /// An empty line, unless the last one is empty already.
    pub(super) fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// A section's heading.
    pub(super) fn heading(&mut self, title: &str) {
        self.gap();
        let ink = self.ink().tone(Tone::Strong, &title.to_uppercase());
        self.line("", &ink);
        self.gap();
    }

    /// A paragraph whose first line starts with `lead` and whose further lines are set in as far.
    pub(super) fn hang(&mut self, lead: &str, ink: &Ink) {
        let rest = " ".repeat(textwrap::core::display_width(lead));
        self.wrap(lead, &rest, ink);
    }

    /// A paragraph set in by `indent`.
    pub(super) fn line(&mut self, indent: &str, ink: &Ink) {
        self.wrap(indent, indent, ink);
    }

    /// One line that is not wrapped: a link or a command, to be copied whole.
    pub(super) fn whole(&mut self, indent: &str, ink: &Ink) {
        self.out.push_str(indent);
        self.out.push_str(&ink.text);
        self.out.push('\n');
    }

    fn wrap(&mut self, first: &str, rest: &str, ink: &Ink) {
        let options = Options::new(self.style.width)
            .initial_indent(first)
            .subsequent_indent(rest)
            .word_splitter(WordSplitter::NoHyphenation);
        for line in textwrap::wrap(&ink.text, options) {
            self.out.push_str(line.trim_end());
            self.out.push('\n');
        }
    }

    pub(super) fn done(self) -> String {
        self.out
    }
}
