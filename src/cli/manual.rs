//! `dragnet completions` and `dragnet man`: what the arguments and the configuration's schema know of themselves.

use anyhow::Context;
use clap::CommandFactory;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};
use serde_json::Value;

use super::args::{Cli, Completions, Manual};
use super::failure::Exit;
use super::output::Output;
use crate::config::Config;

pub(super) fn completions(arguments: &Completions, output: &Output) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "dragnet", &mut script);
    output.data(&String::from_utf8(script).context("the completions are no text")?)?;
    Ok(Exit::Fine)
}

pub(super) fn man(arguments: &Manual, output: &Output) -> anyhow::Result<Exit> {
    output.data(&if arguments.configuration { of_configuration() } else { of_program()? })?;
    Ok(Exit::Fine)
}

/// dragnet(1): the program, and behind it each command with its own options.
fn of_program() -> anyhow::Result<String> {
    let mut program = Cli::command();
    program.build();
    let mut pages = Vec::new();
    Man::new(program.clone()).render(&mut pages).context("cannot write the manual")?;
    for command in program.get_subcommands().filter(|command| command.get_name() != "help") {
        Man::new(command.clone()).render(&mut pages).context("cannot write the manual")?;
    }
    String::from_utf8(pages).context("the manual is no text")
}

/// dragnet.toml(5): every table of the configuration, and every key with what it means.
fn of_configuration() -> String {
    let schema = Config::schema();
    let mut page = Roff::new();
    page.control("TH", ["dragnet.toml", "5"]).control("SH", ["NAME"]);
    page.text([roman("dragnet.toml - the configuration of dragnet")]).control("SH", ["DESCRIPTION"]);
    page.text([roman(
        "The file that --config names, else dragnet.toml in the present folder, then the user's \
         (~/.config/dragnet/dragnet.toml), then /etc/dragnet/dragnet.toml. Relative paths in it start at its folder. \
         What is unknown or wrong is refused with its line; `dragnet config check` tells. Tables in double brackets may \
         stand several times.",
    )]);
    for (name, table) in entries(&schema) {
        let heading = if table["items"].is_object() { format!("[[{name}]]") } else { format!("[{name}]") };
        page.control("SH", [heading.as_str()]).text([roman(described(&schema, table))]);
        keys(&mut page, &schema, name, meant(&schema, table));
    }
    page.control("SH", ["SEE ALSO"]).text([roman("dragnet(1)")]);
    page.to_roff()
}

/// The keys of a table, and behind them the tables in it.
fn keys(page: &mut Roff, schema: &Value, table: &str, keys_of: &Value) {
    let is_table = |key: &Value| meant(schema, key)["properties"].is_object();
    for (name, key) in entries(keys_of).filter(|(_, key)| !is_table(key)) {
        page.control("TP", []).text([bold(name)]).text([roman(described(schema, key))]);
    }
    for (name, key) in entries(keys_of).filter(|(_, key)| is_table(key)) {
        let name = format!("{table}.{name}");
        page.control("SS", [format!("[{name}]").as_str()]).text([roman(described(schema, key))]);
        keys(page, schema, &name, meant(schema, key));
    }
}

fn entries(object: &Value) -> impl Iterator<Item = (&str, &Value)> {
    object["properties"].as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

/// What stands for a key: itself, what it refers to, what a list of it holds, or what it may be besides nothing.
fn meant<'a>(schema: &'a Value, key: &'a Value) -> &'a Value {
    let held =
        [&key["items"], &key["additionalProperties"], &key["anyOf"][0]].into_iter().find(|held| held.is_object());
    match key["$ref"].as_str().and_then(|path| schema.pointer(path.trim_start_matches('#'))) {
        Some(definition) => definition,
        None => held.map_or(key, |held| meant(schema, held)),
    }
}

/// What a key means and, where there are only so many, its values.
fn described(schema: &Value, key: &Value) -> String {
    let says = key["description"].as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let values = meant(schema, key)["oneOf"].as_array().into_iter().flatten();
    let values: Vec<&str> = values.filter_map(|value| value["const"].as_str()).collect();
    if values.is_empty() { says } else { format!("{says} One of: {}.", values.join(", ")) }
}
