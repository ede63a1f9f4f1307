//! “Us too”: an anecdote more in a row of a register that is a Markdown table. Nothing is taken for granted of its columns: the
//! anecdote is put into one cell after the other until the document, read again, has it and is otherwise as it was.

use chrono::NaiveDate;

use super::read;
use crate::domain::challenge::{Anecdote, Challenge};
use crate::domain::document::{Document, Form, Reading};

/// What a team met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// When.
    pub day: NaiveDate,
    /// The team.
    pub team: String,
    /// What happened, on one line.
    pub text: String,
}

impl Joined {
    /// As registers have it: `2021-08-14 (Payments): an hour for a typo`.
    pub fn line(&self) -> String {
        format!("{} ({}): {}", self.day, self.team, self.text)
    }

    fn is(&self, anecdote: &Anecdote) -> bool {
        let day = anecdote.date.is_some_and(|date| date.is_to_the_day() && date.earliest() == self.day);
        day && anecdote.teams == [self.team.as_str()] && anecdote.text == self.text
    }
}

/// The document's text with an anecdote more in the challenge that stands at this index; `None` where its form does not let it
/// be put there so that it is read as it is meant and nothing else is read in another way.
pub fn join(document: &Document, reading: &Reading, challenge: usize, joined: &Joined) -> Option<String> {
    if document.form != Form::Markdown {
        return None;
    }
    let line = usize::try_from(document.challenges.get(challenge)?.place.line).ok()?.checked_sub(1)?;
    let lines: Vec<&str> = document.source.split_inclusive('\n').collect();
    let row = lines.get(line)?;
    let added = escaped(&joined.line());
    let bars: Vec<usize> =
        row.match_indices('|').map(|(at, _)| at).filter(|at| *at == 0 || !row[..*at].ends_with('\\')).collect();
    // The last ones first: anecdotes stand behind what they are about.
    for bar in bars.into_iter().rev() {
        let (before, after) = row.split_at(bar);
        let filled = before.trim_end();
        let between = if filled.is_empty() || filled.ends_with('|') { " " } else { "<br>" };
        let row = format!("{filled}{between}{added} {after}");
        let text: String =
            lines.iter().enumerate().map(|(at, old)| if at == line { row.as_str() } else { *old }).collect();
        let again = read(&document.path, text.clone(), &Reading { form: Some(document.form), ..reading.clone() });
        if has_joined(document, &again, challenge, joined) {
            return Some(text);
        }
    }
    None
}

/// With what would be markup made text.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        if r"\|<>`*_[]!&#~".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Whether a document has the anecdote now, and is otherwise as it was.
fn has_joined(before: &Document, after: &Document, at: usize, joined: &Joined) -> bool {
    let told = |challenge: &Challenge| {
        let Challenge { title, category, occurrences, status, .. } = challenge;
        let notes: Vec<_> = status.notes.iter().map(|note| (note.ticket.clone(), note.text.clone())).collect();
        (title.clone(), category.clone(), *occurrences, status.text.clone(), notes)
    };
    let anecdotes = |challenge: &Challenge| -> Vec<_> {
        let told = challenge.anecdotes.iter().map(|it| (it.date, it.approximate, it.teams.clone(), it.text.clone()));
        told.collect()
    };
    let same = before.challenges.len() == after.challenges.len()
        && before.problems.len() == after.problems.len()
        && before
            .challenges
            .iter()
            .zip(&after.challenges)
            .enumerate()
            .all(|(nth, (old, new))| told(old) == told(new) && (nth == at || anecdotes(old) == anecdotes(new)));
    let (Some(old), Some(new)) = (before.challenges.get(at), after.challenges.get(at)) else { return false };
    let Some(place) = new.anecdotes.iter().position(|anecdote| joined.is(anecdote)) else { return false };
    let mut rest = anecdotes(new);
    rest.remove(place);
    same && rest == anecdotes(old)
}

#[cfg(test)]
mod tests {
    use super::{Joined, join};
    use crate::documents::read;
    use crate::domain::document::Reading;

    fn joined(text: &str) -> Joined {
        Joined { day: "2026-11-22".parse().unwrap(), team: "Payments".to_owned(), text: text.to_owned() }
    }

    /// The rows of a register after its second challenge was joined.
    fn after(rows: &str, text: &str) -> Option<String> {
        let heads = "| Issue | Anecdotes | Status |\n|---|---|---|\n";
        let document = read("register.md", format!("{heads}{rows}"), &Reading::default());
        assert!(document.challenges.len() >= 2, "{rows}");
        let text = join(&document, &Reading::default(), 1, &joined(text))?;
        Some(text.strip_prefix(heads).unwrap().to_owned())
    }

    #[test]
    fn an_anecdote_joins_those_of_its_row() {
        let first = "| A | 2020-01-01: x | OPS-1 |\n";
        for (row, text, expected) in [
            (
                "| B | 2020-01-02: y | OPS-2 |\n",
                "an hour",
                "| B | 2020-01-02: y<br>2026-11-22 (Payments): an hour | OPS-2 |\n",
            ),
            (
                "| B | | |\n| C | 2020-01-01: z | |\n",
                "an hour",
                "| B | 2026-11-22 (Payments): an hour | |\n| C | 2020-01-01: z | |\n",
            ),
            (
                "| B | 2020-01-02: y | |\n",
                "a | b <i> `c` [d](e) *f*",
                "| B | 2020-01-02: y<br>2026-11-22 (Payments): a \\| b \\<i\\> \\`c\\` \\[d\\](e) \\*f\\* | |\n",
            ),
        ] {
            assert_eq!(after(&format!("{first}{row}"), text), Some(format!("{first}{expected}")), "{row} {text}");
        }
    }

    #[test]
    fn what_would_be_read_otherwise_is_refused() {
        let document =
            read("register.csv", "Issue,Anecdotes,Status\nA,2020-01-01: x,\n".to_owned(), &Reading::default());
        assert_eq!(join(&document, &Reading::default(), 0, &joined("y")), None);
        let rows = "| A | 2020-01-01: x | |\n| B | 2020-01-02: y | |\n";
        // A second anecdote by itself.
        assert_eq!(after(rows, "y<br>2020-01-01: z\n| C"), None);
    }
}
