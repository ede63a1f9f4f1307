//! What lists of challenges go by, kept in the transactions that change documents, their force, or where challenges stand.

use rusqlite::{Connection, params};

use crate::domain::decision::Flags;
use crate::store::columns::{Cells, number, rows};
use crate::store::decisions;
use crate::store::patterns::QUARTER;

/// The challenges of a document as its version in force has them, in the place of those that it had.
pub(in crate::store) fn follow(on: &Connection, document: &str) -> rusqlite::Result<()> {
    // A document that was renamed takes over the rows of the one that it was, which is retired after it.
    let others = "SELECT DISTINCT ranked.document FROM challenge JOIN ranked ON ranked.challenge = challenge.id
                  WHERE challenge.document = ?1 AND ranked.document <> ?1";
    let path = |cells: &mut Cells<'_>| cells.take();
    let mut counted: Vec<String> = rows(on, others, [document], path)?;
    counted.push(document.to_owned());
    counted.iter().try_for_each(|one| count(on, Some(one), -1))?;
    on.prepare_cached(
        "DELETE FROM ranked WHERE document = ?1 AND (
             NOT EXISTS (SELECT 1 FROM challenge WHERE challenge.id = ranked.challenge AND challenge.document = ?1)
             OR EXISTS (SELECT 1 FROM document WHERE path = ?1 AND retired_at IS NOT NULL))",
    )?
    .execute([document])?;
    on.prepare_cached(&format!(
        "INSERT INTO ranked
         SELECT challenge.id, challenge.document, challenge.position, trim(coalesce(category, '')),
                coalesce(standing.standing, 'unknown'), coalesce(priority, 4294967295), judged_at,
                (SELECT json_group_array(DISTINCT {QUARTER}) FROM anecdote
                 WHERE anecdote.document = challenge.document AND anecdote.challenge = challenge.position
                       AND length(date) >= 7),
                (SELECT json_group_array(lower(name)) FROM owner WHERE owner.challenge = challenge.id),
                (SELECT json_group_array(name) FROM theme WHERE theme.challenge = challenge.id)
         FROM challenge
         JOIN document ON document.path = challenge.document AND document.retired_at IS NULL
         LEFT JOIN standing ON standing.challenge = challenge.id AND standing.current = 1
         WHERE challenge.document = ?1
         ON CONFLICT (challenge) DO UPDATE SET document = excluded.document, position = excluded.position,
             category = excluded.category, quarters = excluded.quarters
         WHERE (document, position, category, quarters)
               IS NOT (excluded.document, excluded.position, excluded.category, excluded.quarters)"
    ))?
    .execute([document])?;
    on.prepare_cached("DELETE FROM ranked_team WHERE challenge IN (SELECT challenge FROM ranked WHERE document = ?1)")?
        .execute([document])?;
    on.prepare_cached(
        "INSERT OR IGNORE INTO ranked_team
         SELECT ranked.challenge, trim(team.value), ranked.standing
         FROM ranked
         JOIN anecdote ON anecdote.document = ranked.document AND anecdote.challenge = ranked.position,
              json_each(anecdote.teams) AS team
         WHERE ranked.document = ?1 AND trim(team.value) <> ''",
    )?
    .execute([document])?;
    counted.iter().try_for_each(|one| count(on, Some(one), 1))?;
    on.prepare_cached("DELETE FROM ranked_count WHERE many = 0")?.execute([])?;
    Ok(())
}

/// Adds the challenges of a document, or all, to the counts, or takes them away.
fn count(on: &Connection, document: Option<&str>, sign: i64) -> rusqlite::Result<()> {
    for (grouped, folded, name, from) in [
        ("all", "''", "''", "ranked"),
        ("document", "document", "document", "ranked"),
        ("category", "category", "category", "ranked"),
        ("team", "lower(team)", "min(team)", "ranked JOIN ranked_team USING (challenge)"),
    ] {
        let condition = if document.is_some() { "document = ?1" } else { "?1 IS NULL" };
        on.prepare_cached(&format!(
            "INSERT INTO ranked_count
             SELECT '{grouped}', {folded}, ranked.standing, {name}, ?2 * count(*) FROM {from}
             WHERE {condition} GROUP BY {folded}, ranked.standing
             ON CONFLICT DO UPDATE SET many = many + excluded.many"
        ))?
        .execute(params![document, sign])?;
    }
    Ok(())
}

/// The same for a document that says what it said: it may have been out of force.
pub(in crate::store) fn back(on: &Connection, document: &str) -> rusqlite::Result<()> {
    let sql = "SELECT EXISTS (SELECT 1 FROM challenge WHERE document = ?1)
                  AND NOT EXISTS (SELECT 1 FROM ranked WHERE document = ?1)";
    let was_away: bool = on.prepare_cached(sql)?.query_row([document], |row| row.get(0))?;
    if was_away { follow(on, document) } else { Ok(()) }
}

/// Where challenges stand since they were judged, how many verdicts and findings there are, and how many flags stood.
pub(in crate::store) fn judged(on: &Connection) -> rusqlite::Result<()> {
    let moved = on.execute(
        "UPDATE ranked SET standing = now.standing, priority = now.priority, since = now.judged_at
         FROM standing AS now
         WHERE now.challenge = ranked.challenge AND now.current = 1
               AND (ranked.standing, ranked.priority, ranked.since) IS NOT (now.standing, now.priority, now.judged_at)",
        [],
    )?;
    if moved > 0 {
        on.execute("DELETE FROM ranked_count", [])?;
        count(on, None, 1)?;
    }
    on.execute_batch(
        "DELETE FROM tally;
         INSERT INTO tally
         SELECT 'verdict', verdict, substr(ticket, 1, instr(ticket, ':') - 1) AS tracker, count(*) FROM verdict
         WHERE current = 1 GROUP BY verdict, tracker;
         INSERT INTO tally
         SELECT 'finding', code, '', count(*) FROM finding WHERE cleared_at IS NULL AND NOT accepted GROUP BY code;",
    )?;
    let Flags { decided, stood } = decisions::flags(on)?;
    let flags = "INSERT INTO tally VALUES ('flag', 'decided', '', ?1), ('flag', 'stood', '', ?2)";
    on.execute(flags, [number(decided), number(stood)])?;
    Ok(())
}
