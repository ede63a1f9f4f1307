//! How fast documents are read: 100 MB of Markdown registers beside pulldown-cmark alone and beside `lychee --dump`, and a
//! register of 10,000 challenges.
//!
//!   cargo bench --bench documents [-- PART…]
//!
//! Parts: `alone`, `references`, `lychee`, `register`; all of them where none is named. One that is none ends it with 1.
//!
//! lychee is the one that `make peers` installs; without it that part is left out. There are a thousand registers of 100 kB,
//! with some 400 challenges each, and a hundred of 1 MB. References are extracted by one thread, and, as `dragnet refs` does it,
//! from as many documents at a time as there are processors. Ends with 1 where either is less than half as fast as
//! pulldown-cmark is on its one thread (where `alone` is measured too), where memory is not bounded by the largest document, or
//! where the register takes longer than 300 ms.

use std::fmt::Write as _;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use dragnet::documents;
use dragnet::domain::document::{Form, Reading};
use dragnet::domain::tracker::Claims;
use dragnet::references;
use pulldown_cmark::{Options, Parser};

/// What is measured.
const PARTS: [&str; 4] = ["alone", "references", "lychee", "register"];
/// All of it, in bytes.
const WHOLE: usize = 100_000_000;
/// One document of it: a large one, and one that nobody keeps by hand.
const DOCUMENTS: [usize; 2] = [100_000, 1_000_000];
/// Rows of the register.
const CHALLENGES: usize = 10_000;
/// How long reading it may take.
const LIMIT: Duration = Duration::from_millis(300);
/// What one document may take in memory besides, as many times its size.
const MEMORY: usize = 60;

/// A register of so many rows. Its links lead to no reserved name, for lychee leaves those out; nobody follows them.
fn register(rows: usize) -> String {
    let mut text =
        "# Pains\n\n| Category | Issue | Anecdotes | Occurrences | Status |\n|---|---|---|---|---|\n".to_owned();
    // Tickets are numbered from 1.
    for n in 1..=rows {
        let _ = writeln!(
            text,
            "| Builds | Build {n} waits for a lock that *nobody* holds | 2024-05-{:02}: team {} waited for an hour, see \
             [OPS-{n}](https://jira.acme.org/browse/OPS-{n})<br>~Aug, 2023: again | 2 | acme/rocket#{} Note: not done yet. |",
            n % 28 + 1,
            n % 7,
            n
        );
    }
    text
}

/// The best of three, so that a busy machine counts less.
fn best(mut work: impl FnMut()) -> Duration {
    let once = |_| {
        let begun = Instant::now();
        work();
        begun.elapsed()
    };
    (0..3).map(once).min().unwrap_or_default()
}

/// The most memory that the process had since it was reset, in bytes; `None` where the system does not tell.
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<usize>().ok()? * 1024)
}

/// Where `make peers` puts lychee.
const LYCHEE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/peers/bin/lychee");

/// How long a program takes that does this, and how many lines it prints.
fn timed(program: &Path, arguments: &[&str], files: &[PathBuf]) -> Option<(Duration, usize)> {
    let mut lines = 0;
    let took = best(|| {
        let output = Command::new(program).args(arguments).args(files).output();
        let fine = output.ok().filter(|output| output.status.success());
        lines = fine.map_or(0, |output| output.stdout.iter().filter(|byte| **byte == b'\n').count());
    });
    (lines > 0).then_some((took, lines))
}

/// `dragnet refs` beside `lychee --dump` on the same files, in words.
fn beside_lychee(document: &str, copies: usize) -> String {
    let Ok(folder) = tempfile::tempdir() else { return "lychee: no folder for its files".to_owned() };
    let files: Vec<PathBuf> = (0..copies).map(|nth| folder.path().join(format!("{nth}.md"))).collect();
    if files.iter().any(|file| std::fs::write(file, document).is_err()) {
        return "lychee: its files cannot be written".to_owned();
    }
    let refs = ["refs", "--format", "json", "--project", "OPS"];
    let ours = timed(Path::new(env!("CARGO_BIN_EXE_dragnet")), &refs, &files);
    let theirs = timed(Path::new(LYCHEE), &["--dump", "--no-progress"], &files);
    let words = |name: &str, measured: Option<(Duration, usize)>| match measured {
        Some((took, lines)) => format!("{name}: {:.2} s, {lines} lines", took.as_secs_f64()),
        None => format!("{name}: not installed, or it failed"),
    };
    format!("{}; {}", words("`dragnet refs`", ours), words("`lychee --dump`", theirs))
}

/// What is read, and how often.
struct Load {
    document: String,
    rows: usize,
    copies: usize,
}

impl Load {
    fn of(size: usize) -> Self {
        let rows = size / (register(1000).len() / 1000);
        let document = register(rows);
        let copies = WHOLE / document.len();
        Self { document, rows, copies }
    }

    /// pulldown-cmark with tables and lists of tasks, every event taken. This is the measure: it stays as it is, though dragnet
    /// reads with more options, or no two shares compare.
    fn alone(&self) -> Duration {
        let options = Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS;
        best(|| {
            for _ in 0..self.copies {
                assert!(Parser::new_ext(&self.document, options).count() > self.rows);
            }
        })
    }

    /// What `dragnet refs` does with each document once it is read from its file and until its references are written: as
    /// many at a time.
    fn references(&self, claims: &Claims, at_a_time: usize) -> Duration {
        let next = AtomicUsize::new(0);
        let work = || {
            while next.fetch_add(1, Ordering::Relaxed) < self.copies {
                let read = documents::skim("r.md", self.document.clone(), &Reading::of(Form::Markdown));
                assert_eq!(references::scan(&read, claims).references.len(), 2 * self.rows);
            }
        };
        best(|| {
            next.store(0, Ordering::Relaxed);
            thread::scope(|scope| (0..at_a_time).for_each(|_| _ = scope.spawn(work)));
        })
    }

    /// Measures [`Self::references`] on one thread and on all, beside what pulldown-cmark took `alone`.
    fn extract(&self, claims: &Claims, alone: Option<Duration>, told: &mut impl FnMut(String, bool)) {
        // Linux takes it for a wish to forget the peak (proc(5)); elsewhere there is none to read either.
        _ = std::fs::write("/proc/self/clear_refs", "5");
        let before = peak();
        let one = self.references(claims, 1);
        let memory = before.zip(peak()).map(|(before, after)| after.saturating_sub(before));
        let processors = thread::available_parallelism().map_or(1, NonZero::get);
        let all = self.references(claims, processors);
        let share = |took: Duration| Some(alone?.as_secs_f64() / took.as_secs_f64());
        let says = |took: Duration, threads: usize| {
            let beside = share(took).map_or(String::new(), |share| format!(", {share:.2} of pulldown-cmark's pace"));
            format!("references, {threads} at a time: {:.0} MB/s{beside}", self.pace(took))
        };
        for (took, threads) in [(one, 1), (all, processors)] {
            told(says(took, threads), share(took).is_none_or(|share| share >= 0.5));
        }
        if let Some(more) = memory {
            let most = MEMORY * self.document.len();
            told(format!("memory, 1 at a time: {} MB more than before", more / 1_000_000), more <= most);
        }
    }

    /// Megabytes a second.
    fn pace(&self, took: Duration) -> f64 {
        f64::from(u32::try_from(self.copies * self.document.len()).unwrap_or(u32::MAX)) / 1e6 / took.as_secs_f64()
    }
}

fn main() -> ExitCode {
    let named: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    if let Some(odd) = named.iter().find(|name| !PARTS.contains(&name.as_str())) {
        print(&format!("no part `{odd}`; there are {}", PARTS.join(", ")));
        return ExitCode::FAILURE;
    }
    let wanted = |part: &str| named.is_empty() || named.iter().any(|name| name == part);
    let claims = Claims::without_configuration(&["OPS".to_owned()]);
    let mut fine = true;
    let mut told = |says: String, holds: bool| {
        print(&format!("{} {says}", if holds { "✓" } else { "✗" }));
        fine &= holds;
    };

    for size in DOCUMENTS {
        let load = Load::of(size);
        print(&format!("{} documents of {} kB:", load.copies, load.document.len() / 1000));
        let alone = wanted("alone").then(|| load.alone());
        if let Some(took) = alone {
            print(&format!("  pulldown-cmark alone: {:.0} MB/s", load.pace(took)));
        }
        if wanted("references") {
            load.extract(&claims, alone, &mut told);
        }
        if wanted("lychee") {
            print(&format!("  {}", beside_lychee(&load.document, load.copies)));
        }
    }
    if wanted("register") {
        let register = register(CHALLENGES);
        let took = best(|| {
            let mut read = documents::read("r.md", register.clone(), &Reading::default());
            references::cite(&mut read, &claims);
            documents::identity::assign(&mut read.challenges, &[], |_| false);
            assert_eq!(read.challenges.len(), CHALLENGES);
        });
        told(format!("a register of {CHALLENGES} challenges: {} ms", took.as_millis()), took <= LIMIT);
    }
    if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[expect(clippy::print_stdout, reason = "a benchmark is there to print")]
fn print(line: &str) {
    println!("{line}");
}
