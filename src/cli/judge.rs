//! `dragnet judge`: ticket records in, verdicts out, line by line, asking nobody.

use std::io::{BufRead, BufReader, BufWriter, ErrorKind, Read, Write};
use std::path::Path;

use anyhow::Context;

use super::args::Judge;
use super::failure::{Advice, Exit};
use super::output::{Output, complain};
use super::wiring;
use crate::{judge, report, sync};

/// A longer line is refused, so that memory stays bounded whatever comes in.
const LONGEST: u64 = 16 << 20;

pub(super) async fn judge(config: Option<&Path>, arguments: &Judge, output: &Output) -> anyhow::Result<Exit> {
    let Some(file) = &arguments.file else { return store(config, arguments.diff, output).await };
    output.format(&["json"])?;
    let mut records = BufReader::with_capacity(1 << 16, open(file)?);
    let mut answers = BufWriter::new(output.stream()?);
    let answered = answer(&mut records, &mut answers).and_then(|exit| {
        answers.flush().context("cannot write the verdicts")?;
        Ok(exit)
    });
    match answered {
        Err(error) if reader_went_away(&error) => Ok(Exit::Fine),
        answered => answered,
    }
}

/// Judges everything remembered by the rules of now: every verdict as a line, or what differs from what is remembered.
async fn store(config: Option<&Path>, diff: bool, output: &Output) -> anyhow::Result<Exit> {
    let format = output.format(if diff { &["text", "json"] } else { &["json"] })?;
    let shop = wiring::reading_room(&wiring::configuration(config)?).await?;
    let before = shop.store.last_judged().await?;
    let (known, judged) = sync::judge_all(&shop).await?;
    let told = match (diff, format) {
        (false, _) => judged.tickets.iter().map(|(id, judgement)| report::verdict_jsonl(id, judgement)).collect(),
        (true, "json") => report::diff_json(&before, &known, &judged),
        (true, _) => report::diff_text(&before, &known, &judged),
    };
    output.data(&told)?;
    Ok(Exit::Fine)
}

fn open(file: &Path) -> anyhow::Result<Box<dyn Read>> {
    if file == Path::new("-") {
        return Ok(Box::new(std::io::stdin().lock()));
    }
    let opened = std::fs::File::open(file).map_err(|error| {
        Advice::error(format!("cannot read `{}`: {error}", file.display()), "name a file of ticket records, or `-`")
    })?;
    Ok(Box::new(opened))
}

/// Answers every line in order. A line that is no record is named on standard error, and the rest answered all the
/// same.
fn answer(records: &mut BufReader<Box<dyn Read>>, answers: &mut impl Write) -> anyhow::Result<Exit> {
    let mut exit = Exit::Fine;
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        let read = records.by_ref().take(LONGEST).read_until(b'\n', &mut line).context("cannot read the records")?;
        if read == 0 {
            break;
        }
        let cut_off = line.last() != Some(&b'\n') && read as u64 == LONGEST;
        if cut_off {
            records.skip_until(b'\n').context("cannot read the records")?;
        }
        match verdict(&line, cut_off, number == 1) {
            Ok(None) => {}
            Ok(Some(verdict)) => answers.write_all(verdict.as_bytes()).context("cannot write the verdicts")?,
            Err(why) => {
                complain(&format!("error: line {number}: {why}"));
                exit = Exit::Wrong;
            }
        }
        // Whoever asks line by line through a pipe gets each answer when it is there.
        if records.buffer().is_empty() {
            answers.flush().context("cannot write the verdicts")?;
        }
    }
    Ok(exit)
}

/// The verdict on one line's record; nothing for an empty line.
fn verdict(line: &[u8], cut_off: bool, first: bool) -> Result<Option<String>, String> {
    if cut_off {
        return Err(format!("longer than {} MiB", LONGEST >> 20));
    }
    let text = std::str::from_utf8(line).map_err(|error| format!("not UTF-8: {error}"))?;
    let text = if first { text.strip_prefix('\u{feff}').unwrap_or(text) } else { text };
    if text.trim().is_empty() {
        return Ok(None);
    }
    let known = judge::record(text).map_err(|error| error.to_string())?;
    Ok(Some(report::verdict_jsonl(&known.id, &judge::ticket(&known, &[]))))
}

fn reader_went_away(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}
