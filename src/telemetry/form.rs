//! The form of the log's lines: text, JSON, or with the journal's priorities; and what is said again and again is folded.

use std::collections::HashMap;
use std::fmt::{self, Debug, Write};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// How often a warning is told that says the same.
const AGAIN: Duration = Duration::from_secs(600);

/// How many different warnings are kept in mind.
const KEPT: usize = 1000;

/// The form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A line each, for people.
    Text,
    /// A JSON object a line.
    Json,
    /// Text with the priority in front as the journal reads it, and without the time, which it keeps itself:
    /// sd-daemon(3).
    Journal,
}

/// Writes events in another's form, without those that say what was said a moment ago.
pub(super) struct Folding<F> {
    inner: F,
    form: Form,
    said: Option<Mutex<Said>>,
}

impl<F> Folding<F> {
    pub(super) fn new(inner: F, form: Form, fold: bool) -> Self {
        Self { inner, form, said: fold.then(Mutex::default) }
    }
}

impl<S, N, F> FormatEvent<S, N> for Folding<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let level = *event.metadata().level();
        let mut left_out = 0;
        if let Some(said) = self.said.as_ref().filter(|_| level <= Level::WARN) {
            let mut words = Words(format!("{:?}", event.metadata().callsite()));
            event.record(&mut words);
            let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
            match said.again(&words.0, Instant::now()) {
                None => return Ok(()),
                Some(times) => left_out = times,
            }
        }
        if self.form != Form::Journal {
            self.inner.format_event(context, writer.by_ref(), event)?;
            return match (left_out, self.form) {
                (0, _) => Ok(()),
                (times, Form::Json) => writeln!(writer, "{{\"level\":\"{level}\",\"left_out\":{times}}}"),
                (times, _) => writeln!(writer, "{}", again(times)),
            };
        }
        let priority = match level {
            Level::ERROR => 3,
            Level::WARN => 4,
            Level::INFO => 6,
            _ => 7,
        };
        let mut text = String::new();
        self.inner.format_event(context, Writer::new(&mut text), event)?;
        if left_out > 0 {
            text += &again(left_out);
        }
        // Each line is an entry of its own to the journal, whoever wrote the text.
        text.lines().try_for_each(|line| writeln!(writer, "<{priority}>{line}"))
    }
}

fn again(times: u64) -> String {
    format!("the same was left out {times} times since it was said last")
}

/// What an event says.
struct Words(String);

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, " {field}={value:?}");
    }
}

/// What was said, when, and how often it was left out since.
#[derive(Default)]
struct Said(HashMap<u64, (Instant, u64)>);

impl Said {
    /// How often it was left out before it is said now; `None` to leave it out.
    fn again(&mut self, words: &str, now: Instant) -> Option<u64> {
        if self.0.len() >= KEPT {
            self.0.retain(|_, (at, _)| now.saturating_duration_since(*at) < AGAIN);
            if self.0.len() >= KEPT {
                self.0.clear();
            }
        }
        let key = BuildHasherDefault::<DefaultHasher>::default().hash_one(words);
        let Some((at, left_out)) = self.0.get_mut(&key) else {
            self.0.insert(key, (now, 0));
            return Some(0);
        };
        if now.saturating_duration_since(*at) < AGAIN {
            *left_out += 1;
            return None;
        }
        *at = now;
        Some(std::mem::take(left_out))
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Arc;

    use tracing_subscriber::fmt::MakeWriter;
    use tracing_subscriber::fmt::format;

    use super::*;

    #[test]
    fn what_is_said_again_is_left_out_and_counted() {
        let (mut said, start) = (Said::default(), Instant::now());
        let after = |seconds| start + Duration::from_secs(seconds);
        for (words, seconds, expected) in [
            ("a", 0, Some(0)),
            ("b", 1, Some(0)),
            ("a", 2, None),
            ("a", 599, None),
            ("b", 600, None),
            ("a", 600, Some(2)),
            ("a", 601, None),
            ("b", 601, Some(1)),
        ] {
            assert_eq!(said.again(words, after(seconds)), expected, "{words} after {seconds}");
        }
        for n in 0..5000 {
            assert_eq!(said.again(&format!("number {n}"), after(700)), Some(0));
        }
        assert!(said.0.len() <= KEPT);
    }

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Paper {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    fn speak() {
        for _ in 0..3 {
            tracing::warn!(tracker = "jira", "the \"line\" is\nbusy");
            tracing::info!("next pass");
        }
        tracing::error!("it broke");
    }

    #[test]
    fn the_journal_gets_priorities_and_no_time() {
        let paper = Paper::default();
        let inner = format().with_ansi(false).without_time().with_level(false).with_target(false);
        let subscriber = tracing_subscriber::fmt()
            .with_writer(paper.clone())
            .event_format(Folding::new(inner, Form::Journal, true))
            .finish();
        tracing::subscriber::with_default(subscriber, speak);
        let text = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
        insta::assert_snapshot!(text, @r#"
        <4>the "line" is
        <4>busy tracker="jira"
        <6>next pass
        <6>next pass
        <6>next pass
        <3>it broke
        "#);
    }

    #[test]
    fn json_is_an_object_a_line() {
        let paper = Paper::default();
        let inner = format().json().flatten_event(true);
        let subscriber = tracing_subscriber::fmt()
            .json()
            .with_writer(paper.clone())
            .event_format(Folding::new(inner, Form::Json, false))
            .finish();
        tracing::subscriber::with_default(subscriber, speak);
        let text = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
        let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 7);
        assert_eq!((&lines[0]["level"], &lines[0]["tracker"]), (&"WARN".into(), &"jira".into()));
        assert_eq!(lines[0]["message"], "the \"line\" is\nbusy");
    }
}
