//! Arguments, exit codes, one file per command, and the wiring.

mod annotate;
mod args;
mod asking;
mod check;
mod config;
mod copies;
mod decide;
mod demo;
mod desk;
mod digest;
mod doctor;
mod failure;
mod forecast;
mod health;
mod init;
mod judge;
mod manual;
mod naming;
mod output;
mod parse;
mod progress;
mod report;
mod rules;
mod serve;
mod status;
mod sync;
mod user;
mod waiting;
mod waive;
mod why;
mod wiring;

use clap::Parser;

pub use self::failure::Exit;

use self::args::{Cli, Command};
use self::output::Output;
use crate::telemetry::{Form, Log};

/// What we hold in memory, tokens among it, is not written to a disk when we break off.
fn leave_no_core_behind() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    // Whoever may not even lower a limit has no core either, or wants one.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
}

/// Does what the arguments (the program's name first) say, and tells how it ended.
pub async fn run(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> Exit {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are asked for; everything else is a mistake. Where nobody can read it, nobody is told.
            let _ = error.print();
            return if error.use_stderr() { Exit::Wrong } else { Exit::Fine };
        }
    };
    leave_no_core_behind();
    let output = Output::new(&cli.common);
    let level = i8::try_from(cli.common.verbose).unwrap_or(i8::MAX) - i8::try_from(cli.common.quiet).unwrap_or(i8::MAX);
    let serve = if let Command::Serve(serve) = &cli.command { Some(serve) } else { None };
    crate::telemetry::start(Log {
        level: level.saturating_add(i8::from(serve.is_some())),
        filter: crate::config::var("DRAGNET_LOG").as_deref(),
        color: output.messages_in_color(),
        form: serve.map_or(Form::Text, |serve| serve::log_form(serve.log_format)),
        fold: serve.is_some(),
    });
    let config = cli.common.config.as_deref();
    let ended = match cli.command {
        Command::Demo(arguments) => demo::demo(&arguments, &output).await,
        Command::Sync(arguments) => sync::sync(config, &arguments, &output).await,
        Command::Serve(arguments) => serve::serve(config, &arguments, &output).await,
        Command::Check(arguments) => check::check(config, &arguments, &output).await,
        Command::Report(arguments) => report::report(config, &arguments, &output).await,
        Command::Why(arguments) => why::why(config, &arguments, &output).await,
        Command::Waive(arguments) => waive::waive(config, &arguments, &output).await,
        Command::Snooze(arguments) => waive::snooze(config, &arguments, &output).await,
        Command::Decide(arguments) => decide::decide(config, &arguments, &output).await,
        Command::Digest(arguments) => digest::digest(config, &arguments, &output).await,
        Command::Parse(arguments) => parse::parse(config, &arguments, &output),
        Command::Refs(arguments) => parse::refs(config, &arguments, &output),
        Command::Annotate(arguments) => annotate::annotate(config, &arguments, &output).await,
        Command::Judge(arguments) => judge::judge(config, &arguments, &output).await,
        Command::Rules => rules::rules(&output),
        Command::Init(arguments) => init::init(&arguments, &output),
        Command::Completions(arguments) => manual::completions(&arguments, &output),
        Command::Man(arguments) => manual::man(&arguments, &output),
        Command::Health(arguments) => health::health(config, &arguments, &output).await,
        Command::Doctor => doctor::doctor(config, &output).await,
        Command::Backup(arguments) => copies::backup(config, &arguments, &output).await,
        Command::Restore(arguments) => copies::restore(config, &arguments, &output).await,
        Command::Verify(arguments) => copies::verify(config, &arguments, &output).await,
        Command::User(arguments) => user::user(&arguments, &output),
        Command::Status => status::status(config, &output).await,
        Command::Config(args::Config::Check) => config::check(config, &output),
        Command::Config(args::Config::Show) => config::show(config, &output),
        Command::Config(args::Config::Schema) => config::schema(&output),
    };
    ended.unwrap_or_else(|error| {
        output::complain(&failure::tell(&error));
        Exit::Wrong
    })
}
