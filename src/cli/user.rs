//! `dragnet user`: a line for the file of those who may come in.

use std::io::Read;

use anyhow::Context;
use argon2::password_hash::rand_core::{OsRng, RngCore};
use argon2::password_hash::{PasswordHasher, SaltString};
use base64::Engine;

use super::failure::{Advice, Exit};
use super::output::Output;
use crate::domain::access::Role;

/// The fewest characters of a password that somebody thought of.
const FEWEST: usize = 12;

#[derive(Debug, clap::Args)]
pub(super) struct User {
    /// The name to log in with
    #[arg(value_name = "NAME", value_parser = name)]
    pub(super) name: String,
    /// What they may do: read, decide (also accept findings), operate (also ask for passes and reloads)
    #[arg(long, value_name = "ROLE", default_value = "read", value_parser = role)]
    pub(super) role: Role,
    /// Take the password from standard input instead of making one
    #[arg(long)]
    pub(super) password_stdin: bool,
    /// No password: a proxy says who it is
    #[arg(long, conflicts_with = "password_stdin")]
    pub(super) by_proxy: bool,
}

fn name(text: &str) -> Result<String, String> {
    let wrong = text.is_empty() || text.starts_with('#') || text.contains([':', '\n', '\r']) || text.trim() != text;
    if wrong {
        Err("expected a name without a colon and without blanks around it".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

fn role(text: &str) -> Result<Role, String> {
    text.parse().map_err(|()| "expected read, decide or operate".to_owned())
}

pub(super) fn user(arguments: &User, output: &Output) -> anyhow::Result<Exit> {
    output.format(&["text"])?;
    let User { name, role, password_stdin, by_proxy } = arguments;
    let password = match (by_proxy, password_stdin) {
        (true, _) => None,
        (false, true) => Some(typed()?),
        (false, false) => {
            let mut bytes = [0; 18];
            OsRng.try_fill_bytes(&mut bytes).context("the system gives no random bytes")?;
            let password = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
            output.tell(&format!("the password of `{name}`, told only here: {password}"));
            Some(password)
        }
    };
    let hash = password.map(|password| hash(&password)).transpose()?.unwrap_or_default();
    output.data(&format!("{name}:{}:{hash}\n", role.word()))?;
    Ok(Exit::Fine)
}

fn typed() -> anyhow::Result<String> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).context("cannot read the password from standard input")?;
    let password = text.trim_end_matches(['\n', '\r']);
    if password.chars().count() < FEWEST {
        return Err(Advice::error(
            format!("the password has fewer than {FEWEST} characters"),
            "leave out --password-stdin, and a good one is made",
        ));
    }
    Ok(password.to_owned())
}

/// With the parameters that the crate recommends: Argon2id, 19 MiB, two turns.
fn hash(password: &str) -> anyhow::Result<String> {
    let salt = SaltString::generate(&mut OsRng);
    let hash = argon2::Argon2::default().hash_password(password.as_bytes(), &salt);
    Ok(hash.map_err(|error| anyhow::anyhow!("the password cannot be hashed: {error}"))?.to_string())
}
