//! Whose each challenge is, as it was judged last.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, params};

use super::columns::{AsText, number, rows};
use crate::domain::challenge::ChallengeId;
use crate::domain::judged::JudgedChallenge;
use crate::domain::owner::Owner;

/// Puts these in the place of what was known. Only what changed is written.
pub(super) fn remember(on: &Connection, challenges: &[JudgedChallenge]) -> rusqlite::Result<()> {
    let mut known: HashMap<String, Vec<Owner>> = HashMap::new();
    let sql = "SELECT challenge, name, owned_by FROM owner ORDER BY challenge, position";
    let owner =
        rows(on, sql, [], |cells| Ok((cells.take::<String>()?, Owner { name: cells.take()?, by: cells.text()? })))?;
    for (challenge, owner) in owner {
        known.entry(challenge).or_default().push(owner);
    }
    let mut forget = on.prepare_cached("DELETE FROM owner WHERE challenge = ?1")?;
    let mut add =
        on.prepare_cached("INSERT INTO owner (challenge, position, name, owned_by) VALUES (?1, ?2, ?3, ?4)")?;
    let mut list = on.prepare_cached(
        "UPDATE ranked SET owners = (SELECT json_group_array(lower(name)) FROM owner WHERE challenge = ?1) WHERE challenge = ?1",
    )?;
    let mut done = HashSet::new();
    for JudgedChallenge { id, owners, .. } in challenges {
        if !done.insert(id) || known.remove(&id.0).unwrap_or_default() == *owners {
            continue;
        }
        forget.execute([&id.0])?;
        for (position, Owner { name, by }) in owners.iter().enumerate() {
            add.execute(params![id.0, number(position), name, AsText(by)])?;
        }
        list.execute([&id.0])?;
    }
    for left in known.keys() {
        forget.execute([left])?;
        list.execute([left])?;
    }
    Ok(())
}

/// The owners of one challenge.
pub(super) fn of(on: &Connection, challenge: &ChallengeId) -> rusqlite::Result<Vec<Owner>> {
    let sql = "SELECT name, owned_by FROM owner WHERE challenge = ?1 ORDER BY position";
    rows(on, sql, [&challenge.0], |cells| Ok(Owner { name: cells.take()?, by: cells.text()? }))
}
