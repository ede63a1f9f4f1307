//! A cell of anecdotes: which reports stand in it, when each happened and to whom.
//!
//! Only a date opens an anecdote, and only where a writer puts it for that: at the start of a line, or at the start of
//! a sentence with a colon or dash behind it. A date that is part of a sentence tells something else.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use regex::{Match, Regex};
use smallvec::SmallVec;

use super::dates::{self, Exact, Found, Written};
use super::layout::{tail, trim};
use super::teams::{self, DIVIDER, Standing};
use crate::domain::time::PartialDate;

/// One anecdote of a cell.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Report {
    /// Its bytes, the date included.
    pub(super) span: Range<usize>,
    /// The bytes of what it says: without date, team and what divides them from the rest.
    pub(super) says: Range<usize>,
    /// When it happened.
    pub(super) date: Option<PartialDate>,
    /// Whether the date is approximate.
    pub(super) approximate: bool,
    /// To whom.
    pub(super) teams: Vec<String>,
}

/// Something in the cell that could not be understood: where, and what.
pub(super) type Oddity = (usize, String);

static TIME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:T|,?\s+(?:at\s+)?)\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:\s?(?i:[ap]\.?m\b\.?))?(?:\s?(?:Z|UTC|GMT|[ECMP][DS]?T|CES?T|[+-]\d\d:?\d\d)\b)?")
        .expect("a constant pattern")
});
static LINE_START: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|\n|<[bB][rR]\s?/?>|•)\s*(?:[-*–•·]\s+|\d{1,2}[.)]\s+)?[*_]{0,3}(?P<lead>[Oo]n\s+|[(\[])?$")
        .expect("a constant pattern")
});

/// How far back it is looked whether a line or sentence starts; white space and list marks are no longer than that.
const LOOK_BACK: usize = 64;

/// Divides a cell into its anecdotes. Nothing of it is left out but what divides them.
pub(super) fn divide(text: &str, cell: &Range<usize>) -> (Vec<Report>, Vec<Oddity>) {
    let mut oddities = Vec::new();
    let openings = openings(text, cell, |found| oddities.extend(odd(text, cell, found)));
    let first = openings.first().map_or(cell.end, |opening| opening.cut);
    let mut reports: Vec<Report> = undated(text, cell.start..first).into_iter().collect();
    let ends: Vec<usize> = openings.iter().skip(1).map(|opening| opening.cut).chain([cell.end]).collect();
    for (opening, end) in openings.into_iter().zip(ends) {
        let Some(written) = dates::read(opening.date) else { continue };
        if let Err(why) = written.date {
            oddities.push((opening.at, format!("the date `{}` {why}", &text[opening.at..opening.end])));
        }
        reports.push(opening.report(&written, text, cell.end, end));
    }
    oddities.sort_by_key(|oddity| oddity.0);
    (reports, oddities)
}

/// The bytes of each anecdote that [`divide`] finds.
pub(super) fn spans(text: &str, cell: &Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut openings = openings(text, cell, |_| {}).into_iter().peekable();
    let most = cell.end;
    let end = move |next: Option<&Opening<'_>>| next.map_or(most, |opening| opening.cut);
    let undated = says_something(text, cell.start..end(openings.peek()));
    let dated = std::iter::from_fn(move || {
        let at = openings.next()?.at;
        Some(trim(text, at..end(openings.peek())))
    });
    undated.into_iter().chain(dated)
}

/// The dates of a cell that open an anecdote; `other` is told of the rest. What a date says is read only where that decides.
fn openings<'t>(text: &'t str, cell: &Range<usize>, mut other: impl FnMut(Found<'t>)) -> SmallVec<[Opening<'t>; 4]> {
    let mut openings = SmallVec::new();
    for date in dates::found(&text[cell.clone()]) {
        let (at, end) = (cell.start + date.start, cell.start + date.end);
        let (before, gap) = before(&text[cell.start..at]);
        let start = line_start(&before);
        let sentence = || starts_a_sentence(&before);
        let after = &text[end..cell.end];
        let plainly = (start.is_some() || sentence()) && is_plainly_divided(after);
        let exact = || dates::read(date).map(|written| written.exact);
        if let Some((mark, lead)) = start.filter(|_| plainly || opens_a_line(exact(), after)) {
            let (cut, at) = gap.map_or_else(|| (at - mark, at - lead), |gap| (at - gap, at));
            openings.push(Opening { cut, at, end, date });
        } else if sentence() && (plainly || Head::read(after).divided) && exact() != Some(Exact::Year) {
            openings.push(Opening { cut: at, at, end, date });
        } else {
            other(date);
        }
    }
    openings
}

/// A date that may have been meant to open an anecdote, and does not.
fn odd(text: &str, cell: &Range<usize>, date: Found<'_>) -> Option<Oddity> {
    let (at, end) = (cell.start + date.start, cell.start + date.end);
    let (before, _) = before(&text[cell.start..at]);
    let meant = looks_like_an_opening(&before, &dates::read(date)?, &text[end..cell.end]);
    let date = &text[at..end];
    let says = || format!("`{date}` may open another anecdote, but stands inside a sentence; read as part of it");
    meant.then(|| (at, says()))
}

/// Where what stands before a date is the start of a line: how many bytes of it are its mark, and how many of these lead to
/// the date.
fn line_start(before: &str) -> Option<(usize, usize)> {
    // Most dates stand where the cell starts, or behind a break, before which nothing is a mark.
    if before.ends_with("<br>") {
        return Some(("<br>".len(), 0));
    }
    let last = before.chars().next_back();
    if last.is_none_or(|c| !c.is_whitespace() && !"•>*_([".contains(c)) {
        return before.is_empty().then_some((0, 0));
    }
    let start = LINE_START.captures(before)?;
    let length = |name: Option<Match<'_>>| name.map_or(0, |part| part.len());
    Some((length(start.get(0)), length(start.name("lead"))))
}

/// What stands before a date. Where that is a long blank, which tags leave behind: what stands before the blank, and how
/// long it is.
fn before(text: &str) -> (Cow<'_, str>, Option<usize>) {
    let gap = text.len() - text.trim_end().len();
    if gap > LOOK_BACK / 2 {
        return (tail(text, LOOK_BACK).into(), Some(gap));
    }
    (text[text.floor_char_boundary(text.len().saturating_sub(LOOK_BACK))..].into(), None)
}

/// A date that opens an anecdote.
struct Opening<'t> {
    /// Where what stands before ends.
    cut: usize,
    /// Where the anecdote starts, and where its date ends.
    at: usize,
    end: usize,
    date: Found<'t>,
}

impl Opening<'_> {
    /// The anecdote that ends at `end`, in a cell that ends at `most`.
    fn report(self, written: &Written, text: &str, most: usize, end: usize) -> Report {
        let span = trim(text, self.at..end);
        let head = Head::read(&text[self.end..most]);
        let Written { date, approximate, .. } = *written;
        let says = match date {
            Ok(_) => {
                let from = (self.end + head.length).min(end);
                let comma = text[from..end].bytes().take_while(|byte| *byte == b',').count();
                trim(text, from + comma..end)
            }
            // A day that is none is left standing in the text: it is all that the writer said about the time.
            Err(_) => span.clone(),
        };
        let teams = named(head.teams, &text[says.clone()]);
        Report { span, says, date: date.ok(), approximate: approximate || head.spans, teams }
    }
}

/// What follows a date before the story starts.
#[derive(Default)]
struct Head {
    length: usize,
    teams: Vec<String>,
    /// Whether a colon or dash stands there.
    divided: bool,
    /// Whether the date is the first of two.
    spans: bool,
}

impl Head {
    fn read(after: &str) -> Self {
        let mut head = Self::default();
        let length_of = |regex: &Regex, rest: &str| regex.find(rest).map_or(0, |found| found.len());
        head.length += length_of(&TIME, after);
        head.divided = after[head.length..].starts_with([')', ']']);
        head.length += usize::from(head.divided);
        let divider = length_of(&DIVIDER, &after[head.length..]);
        if divider > 0
            && let Some(until) = dates::leading(first_of(&after[head.length + divider..]))
        {
            head.length += divider + until.span.end;
            head.spans = true;
        }
        let (teams, length) = teams::leading(&after[head.length..], Standing::BehindDate);
        head.length += length;
        head.teams = teams;
        let divider = length_of(&DIVIDER, &after[head.length..]);
        head.divided |= divider > 0;
        head.length += divider;
        if head.teams.is_empty() {
            let dash = divider > 0 && !after[head.length - divider..head.length].contains(':');
            let standing = if dash { Standing::BehindDash } else { Standing::Start };
            let (teams, length) = teams::leading(&after[head.length..], standing);
            head.teams = teams;
            head.length += length;
            head.length += length_of(&DIVIDER, &after[head.length..]).min(if length > 0 { usize::MAX } else { 0 });
        }
        head
    }
}

/// Enough of a text to find a date at its start.
fn first_of(text: &str) -> &str {
    &text[..text.floor_char_boundary(LOOK_BACK)]
}

/// What stands before the first date, if it says anything.
fn undated(text: &str, range: Range<usize>) -> Option<Report> {
    let span = says_something(text, range)?;
    let slice = &text[span.clone()];
    let (teams, mut length) = teams::leading(slice, Standing::Start);
    if length > 0 {
        length += DIVIDER.find(&slice[length..]).map_or(0, |found| found.len());
    }
    let says = trim(text, span.start + length..span.end);
    let teams = named(teams, &text[says.clone()]);
    Some(Report { span, says, date: None, approximate: false, teams })
}

/// The bytes of a stretch without blanks at its ends, if it says anything.
fn says_something(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let span = trim(text, range);
    text[span.clone()].contains(char::is_alphanumeric).then_some(span)
}

/// The teams that the head names; without any, those who came to tell.
fn named(teams: Vec<String>, says: &str) -> Vec<String> {
    if teams.is_empty() { teams::came(says) } else { teams }
}

/// A day opens a line's story even without a colon (`June 10, 2020 SRE-84 - …`); `May 2021 releases` and `2021 saw`
/// are the beginnings of sentences.
fn opens_a_line(exact: Option<Exact>, after: &str) -> bool {
    exact == Some(Exact::Day) || {
        let head = Head::read(after);
        head.divided || !head.teams.is_empty()
    }
}

/// Whether nothing but a colon divides a date from the story: what [`Head::read`] finds as well, with more ado.
fn is_plainly_divided(after: &str) -> bool {
    let Some(rest) = after.strip_prefix(':') else { return false };
    let marks = rest.bytes().take(3).take_while(|byte| matches!(byte, b'*' | b'_')).count();
    let story = rest[marks..].trim_start_matches(|c: char| c.is_whitespace() && c != '\n');
    dates::leading(first_of(story)).is_none()
}

fn starts_a_sentence(before: &str) -> bool {
    let ended = before.trim_end_matches(['*', '_']).trim_end();
    let closed = ended.trim_end_matches([')', ']', '"', '\'', '”', '’', '»']);
    ended.len() < before.len() && closed.ends_with(['.', '!', '?', '…'])
}

/// A day with a colon right behind it, in the middle of what would be a sentence, and no word before it that a date
/// may follow.
fn looks_like_an_opening(before: &str, written: &Written, after: &str) -> bool {
    const LEADING: [&str; 24] = [
        "since", "on", "by", "until", "till", "after", "before", "from", "in", "of", "to", "and", "or", "the", "at",
        "for", "around", "about", "between", "through", "as", "dated", "than", "during",
    ];
    let ended = before.trim_end();
    let word = ended.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
    written.exact == Exact::Day && after.starts_with(':') && !word.is_empty() && !LEADING.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use super::divide;

    /// One line for each anecdote: date, teams, text; and a line for each oddity.
    fn shown(cell: &str) -> String {
        let (reports, oddities) = divide(cell, &(0..cell.len()));
        let report = |report: &super::Report| {
            let about = if report.approximate { "~" } else { "" };
            let date = report.date.map_or_else(|| "-".to_owned(), |date| date.to_string());
            format!("{about}{date} {:?} {}", report.teams, &cell[report.says.clone()])
        };
        let mut lines: Vec<String> = reports.iter().map(report).collect();
        lines.extend(oddities.into_iter().map(|(at, says)| format!("! {at} {says}")));
        lines.join("\n")
    }

    #[test]
    fn a_date_opens_an_anecdote_where_writers_put_it() {
        for (cell, expected) in [
            ("April 6, 2020: Restarted it.", "2020-04-06 [] Restarted it."),
            ("Sep 18, 2020 - stuck", "2020-09-18 [] stuck"),
            ("June 10, 2020 OPS-84 - by hand", "2020-06-10 [] OPS-84 - by hand"),
            ("~Aug, 2021: broke", "~2021-08 [] broke"),
            ("March 3, 2020: RCA: OPS-1 - why", "2020-03-03 [] RCA: OPS-1 - why"),
            ("Slow. May 5, 2020: slower", "- [] Slow.\n2020-05-05 [] slower"),
            ("May 7, 2020: a (b). ~June, 2020 - c! 2021-01: d", "2020-05-07 [] a (b).\n~2020-06 [] c!\n2021-01 [] d"),
            ("We wait since May 5, 2020 for it", "- [] We wait since May 5, 2020 for it"),
            ("Old. May 5, 2020 was bad", "- [] Old. May 5, 2020 was bad"),
            ("Old. 2020: bad", "- [] Old. 2020: bad"),
            ("May 2021 releases broke", "- [] May 2021 releases broke"),
            ("2021 saw two", "- [] 2021 saw two"),
            ("2021: two", "2021 [] two"),
            ("2021-08-14T10:00Z: late", "2021-08-14 [] late"),
            ("2021-08-14 at 10:00 am UTC - late", "2021-08-14 [] late"),
            ("Aug 3, 2021 - Aug 5, 2021: down", "~2021-08-03 [] down"),
            ("Aug 3-5, 2021: down", "~2021-08-03 [] down"),
            ("Aug 3, 2021 -\nAug 5, 2021: down", "2021-08-03 [] \n2021-08-05 [] down"),
            ("Aug 3, 2021 -stuck", "2021-08-03 [] stuck"),
            ("**Aug 3, 2021**: down", "2021-08-03 [] down"),
            ("**Aug 3, 2021:** down", "2021-08-03 [] down"),
            ("On Aug 3, 2021, down", "2021-08-03 [] down"),
            ("On\u{a0}\u{a0}Aug 3, 2021 down", "2021-08-03 [] down"),
            ("[2021-08-03] down", "2021-08-03 [] down"),
            ("(Aug 2021) down<br>(2021-08-03): up", "2021-08 [] down\n2021-08-03 [] up"),
            ("down (Aug 3, 2021)", "- [] down (Aug 3, 2021)"),
            ("- Aug 3, 2021: a<br>- Aug 4, 2021: b", "2021-08-03 [] a\n2021-08-04 [] b"),
            ("Aug 3, 2021: a<br/>and more<br />1. Aug 4, 2021 b", "2021-08-03 [] a<br/>and more\n2021-08-04 [] b"),
            ("x • Aug 3, 2021 a • Aug 4, 2021 b", "- [] x\n2021-08-03 [] a\n2021-08-04 [] b"),
            ("", ""),
            (" - ", ""),
        ] {
            assert_eq!(shown(cell), expected, "{cell}");
        }
    }

    #[test]
    fn teams_are_taken_from_where_they_are_named_only() {
        for (cell, expected) in [
            ("Aug 3, 2021 (Payments): x", r#"2021-08-03 ["Payments"] x"#),
            (
                "Aug 3, 2021 (Payments, TNL and Data Engineering): x",
                r#"2021-08-03 ["Payments", "TNL", "Data Engineering"] x"#,
            ),
            ("Aug 3, 2021, Payments team: x", r#"2021-08-03 ["Payments"] x"#),
            ("Aug 3, 2021 (Team 5): x", r#"2021-08-03 ["Team 5"] x"#),
            ("Aug 3, 2021 (Platform 2, Team 12 and TNL): x", r#"2021-08-03 ["Platform 2", "Team 12", "TNL"] x"#),
            ("Aug 3, 2021 – Data Platform 2: x", r#"2021-08-03 [] Data Platform 2: x"#),
            ("Aug 3, 2021 – Squad 7: x", r#"2021-08-03 ["Squad 7"] x"#),
            ("[Platform 2] x", r#"- ["Platform 2"] x"#),
            ("(Team 5) x", r#"- ["Team 5"] x"#),
            ("(Django 4) x", "- [] (Django 4) x"),
            ("Aug 3, 2021 (Sprint 5): x", "2021-08-03 [] (Sprint 5): x"),
            ("Aug 3, 2021 (Python 3): x", "2021-08-03 [] (Python 3): x"),
            ("Aug 3, 2021 (Platform 2021): x", "2021-08-03 [] (Platform 2021): x"),
            ("Aug 3, 2021 (2): x", "2021-08-03 [] (2): x"),
            ("Aug 3, 2021: [enterprise-titans] x", r#"2021-08-03 ["enterprise-titans"] x"#),
            ("Aug 3, 2021: Team: Payments. x", r#"2021-08-03 ["Payments"] x"#),
            ("[Payments] x", r#"- ["Payments"] x"#),
            ("Payments team: x", r#"- ["Payments"] x"#),
            ("The payments team: x", r#"- ["payments"] x"#),
            ("Our team: x", "- [] Our team: x"),
            ("The Payments team waited: x", "- [] The Payments team waited: x"),
            ("(Payments, Checkout) x", r#"- ["Payments", "Checkout"] x"#),
            ("[payments] x", r#"- ["payments"] x"#),
            ("[Payments](https://x.example) x", "- [] [Payments](https://x.example) x"),
            ("[link] x", "- [] [link] x"),
            ("it broke (Payments)", "- [] it broke (Payments)"),
            ("(Payments)", "- [] (Payments)"),
            ("(payments) x", "- [] (payments) x"),
            ("(Again) x", "- [] (Again) x"),
            ("(OPS-84) x", "- [] (OPS-84) x"),
            ("Payments: x", "- [] Payments: x"),
            ("2021-08-03 (payments): x", r#"2021-08-03 ["payments"] x"#),
            ("2021-08-03 (payments, search) - x", r#"2021-08-03 ["payments", "search"] x"#),
            ("2021-08-03 (outage): x", "2021-08-03 [] (outage): x"),
            ("Aug 3, 2021 – Payments: x", r#"2021-08-03 ["Payments"] x"#),
            ("Aug 3, 2021 - Payments, Data Platform: x", r#"2021-08-03 ["Payments", "Data Platform"] x"#),
            ("Aug 3, 2021 – RCA: x", "2021-08-03 [] RCA: x"),
            ("Aug 3, 2021 – Root cause: x", "2021-08-03 [] Root cause: x"),
            ("Aug 3, 2021 – OPS-84: x", "2021-08-03 [] OPS-84: x"),
            ("Aug 3, 2021: Payments: x", "2021-08-03 [] Payments: x"),
            ("Aug 3, 2021: Payments was down", "2021-08-03 [] Payments was down"),
            ("Aug 3, 2021 (only ours): x", "2021-08-03 [] (only ours): x"),
            ("Aug 3, 2021 (Payments) x", r#"2021-08-03 ["Payments"] x"#),
            ("Aug 3, 2021 (OPS-84): x", "2021-08-03 [] (OPS-84): x"),
            ("Aug 3, 2021: TNL reached out with x", r#"2021-08-03 ["TNL"] TNL reached out with x"#),
            (
                "Aug 3, 2021: Ada and search-crew asked why",
                r#"2021-08-03 ["search-crew"] Ada and search-crew asked why"#,
            ),
            ("The payments team complained of x", r#"- ["payments"] The payments team complained of x"#),
            ("Aug 3, 2021 (Payments): TNL asked", r#"2021-08-03 ["Payments"] TNL asked"#),
            // People, programs, and what asks nobody.
            ("Aug 3, 2021: Ada reached out", "2021-08-03 [] Ada reached out"),
            ("Aug 3, 2021: CI asked for a password", "2021-08-03 [] CI asked for a password"),
            ("Aug 3, 2021: our team asked", "2021-08-03 [] our team asked"),
            ("Aug 3, 2021: x broke. TNL reached out", "2021-08-03 [] x broke. TNL reached out"),
            ("Aug 3, 2021: TNL was slow", "2021-08-03 [] TNL was slow"),
        ] {
            assert_eq!(shown(cell), expected, "{cell}");
        }
    }

    #[test]
    fn what_is_unclear_is_said_and_left_standing() {
        insta::assert_snapshot!(shown("Feb 30, 2021: x. It broke again May 5, 2021: y. 3/4/2021: z"), @"
        - [] Feb 30, 2021: x. It broke again May 5, 2021: y.
        - [] 3/4/2021: z
        ! 0 the date `Feb 30, 2021` is no day of the calendar
        ! 32 `May 5, 2021` may open another anecdote, but stands inside a sentence; read as part of it
        ! 48 the date `3/4/2021` can be read as day and month or as month and day
        ");
        assert!(!shown("as on May 5, 2021: x").contains('!'));
    }
}
