//! A driver for any toolchain: takes documents apart and puts the pieces together otherwise, for as long as it is told to.
//!
//! libFuzzer sees which branches were taken and finds more. This one needs nothing but the program itself.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Words that mean something to some form.
const WORDS: &[&str] = &[
    "\n", "\r\n", "\n\n", "| ", " |", "|---|---|\n", "| Issue | Status |\n", "- [ ] ", "- ", "# ", "> ", "**", "`", "```\n", "~~~\n",
    "OPS-1", "OPS-2", "a/b#3", "https://x.example/browse/OPS-1", "[a](", "](", ")", "[b][c]", "\n[c]: x\n", "<!--", "-->",
    "<!--dragnet:done--> (done)<!--/dragnet-->", "<!-- dragnet: id=x -->", "<!-- dragnet: ignore closed-undone until 2027-01-31: x -->",
    "<table>", "</table>", "<tr>", "<td rowspan=\"3\">", "<td colspan=\"99999999\">", "</td>", "<th>", "<p>", "</p>", "<a href=\"", "\">",
    "<ac:structured-macro ac:name=\"jira\">", "<ac:structured-macro ac:name=\"status\">", "<ac:parameter ac:name=\"key\">",
    "<ac:parameter ac:name=\"title\">", "</ac:parameter>", "</ac:structured-macro>", "<ac:task-list><ac:task>", "<ac:task-status>complete",
    "<![CDATA[", "]]>", "&nbsp;", "&#x110000;", "&x;", "<!DOCTYPE a [<!ENTITY x \"y\">]>", "⚑ done", "2023-12-20\n", "## 2023-12-20\n",
    "Aug 14, 2021", "~2021-08", "[inform] (Ned) ", "(Dave): ", "Follow-up: Bob to ", "Note: not done.", ",", ";", "\t", "\"", "\"\"",
    "é", "🙂", "\u{feff}", "\u{a0}", "\u{202e}", "\0", "// ", "/* ", " */", "--[[", "]]", "\"\"\"",
];

/// Runs a target: over the files named, or for `--seconds N` (60) over what is made of the documents below `config/sample` and
/// `fuzz/seeds`. What fails is kept in `fuzz/artifacts`, and ends it with 1.
pub fn run(target: fn(&[u8])) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let after = |name: &str| arguments.iter().position(|one| one == name).and_then(|at| arguments.get(at + 1)?.parse().ok());
    let files = arguments.iter().filter(|one| Path::new(one).is_file());
    let named: Vec<Vec<u8>> = files.filter_map(|file| std::fs::read(file).ok()).collect();
    if !named.is_empty() {
        named.iter().for_each(|data| target(data));
        return ExitCode::SUCCESS;
    }
    let seed = after("--seed").unwrap_or(1);
    let end = Instant::now() + Duration::from_secs(after("--seconds").unwrap_or(60));
    let (mut random, seeds, mut runs) = (Random(seed | 1), seeds(), 0_u64);
    while Instant::now() < end {
        let data = random.document(&seeds);
        runs += 1;
        let begun = Instant::now();
        let failed = catch_unwind(AssertUnwindSafe(|| target(&data))).is_err();
        let slow = begun.elapsed() > Duration::from_secs(20);
        if failed || slow {
            let kept = keep(&data);
            eprintln!("{} at run {runs} of seed {seed}: {}", if failed { "failed" } else { "took too long" }, kept.display());
            return ExitCode::FAILURE;
        }
    }
    println!("{runs} documents, seed {seed}: nothing found");
    ExitCode::SUCCESS
}

fn home() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = vec![Vec::new()];
    for folder in [home().join("../config/sample"), home().join("seeds")] {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            seeds.extend(std::fs::read(entry.path()).ok());
        }
    }
    seeds
}

fn keep(data: &[u8]) -> PathBuf {
    let name = data.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3));
    let file = home().join("artifacts").join(format!("{name:016x}"));
    std::fs::create_dir_all(home().join("artifacts")).expect("a folder of our own");
    std::fs::write(&file, data).expect("a folder of our own");
    file
}

/// Numbers that follow from a seed, so that a run can be made again: xorshift64*.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16;
        usize::try_from(drawn).unwrap_or(0) % end.max(1)
    }

    /// A document: a seed with changes, or words alone.
    fn document(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut data = seeds[self.below(seeds.len())].clone();
        for _ in 0..=self.below(24) {
            let (from, to) = (self.below(data.len() + 1), self.below(data.len() + 1));
            let (from, to) = (from.min(to), from.max(to).min(from.min(to) + 200));
            match self.below(8) {
                0 => drop(data.drain(from..to)),
                1 => {
                    let piece = data[from..to].to_vec();
                    let at = self.below(data.len() + 1);
                    data.splice(at..at, piece);
                }
                2 => {
                    let other = &seeds[self.below(seeds.len())];
                    let start = self.below(other.len() + 1);
                    let piece = other[start..other.len().min(start + 200)].to_vec();
                    data.splice(from..to, piece);
                }
                3 => {
                    let byte = u8::try_from(self.below(256)).unwrap_or(0);
                    data.insert(from, byte);
                }
                4 => {
                    // Deep nesting, and long lines.
                    let word = WORDS[self.below(WORDS.len())];
                    let many = word.repeat(1 + self.below(400));
                    data.splice(from..from, many.into_bytes());
                }
                _ => {
                    let word = WORDS[self.below(WORDS.len())];
                    data.splice(from..from, word.bytes());
                }
            }
        }
        data
    }
}
