//! `dragnet completions` and `dragnet man`: what the arguments know of themselves.

use anyhow::Context;
use clap::CommandFactory;
use clap_mangen::Man;

use super::args::{Cli, Completions};
use super::failure::Exit;
use super::output::Output;

pub(super) fn completions(arguments: &Completions, output: &Output) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "dragnet", &mut script);
    output.data(&String::from_utf8(script).context("the completions are no text")?)?;
    Ok(Exit::Fine)
}

/// The manual: the program, and behind it each command with its own options.
pub(super) fn man(output: &Output) -> anyhow::Result<Exit> {
    let mut program = Cli::command();
    program.build();
    let mut pages = Vec::new();
    Man::new(program.clone()).render(&mut pages).context("cannot write the manual")?;
    for command in program.get_subcommands().filter(|command| command.get_name() != "help") {
        Man::new(command.clone()).render(&mut pages).context("cannot write the manual")?;
    }
    output.data(&String::from_utf8(pages).context("the manual is no text")?)?;
    Ok(Exit::Fine)
}
