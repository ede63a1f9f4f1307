//! Digests: what each tells of, what it told last, and who does not want it any more.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, params};

use super::columns::{AsJson, AsText, Cells, rows};
use super::error::StoreError;
use super::{Store, decisions, markers, outbox, runs, trackers};
use crate::domain::channel::Letter;
use crate::domain::digest::{Acceptance, Picture, Problem, Scope, Subject, Told, View};
use crate::domain::finding::{Code, Severity};
use crate::domain::owner::OwnedBy;
use crate::domain::register::Turn;
use crate::domain::time::Moment;
use crate::domain::waiver::Waiver;

/// Findings about waivers: a digest tells of what they accept instead.
const HOUSEKEEPING: [Code; 3] = [Code::ExpiredWaiver, Code::EndingWaiver, Code::UnusedWaiver];

/// A digest's turn, to be remembered with what it puts into the outbox.
#[derive(Debug, Clone)]
pub struct DigestTurn {
    /// Its name.
    pub digest: String,
    /// When the turn before was; nothing is remembered where there was another one since.
    pub after: Option<Moment>,
    /// When this one is.
    pub at: Moment,
    /// Of which part of everything it tells.
    pub scope: Scope,
    /// What that part is now.
    pub picture: Picture,
    /// What there is to send.
    pub letters: Vec<Letter>,
}

/// Digests. Like what people decide, they are no part of a pass and need no lease.
impl Store {
    /// What is known of the part of everything that `scope` names, as last judged, with the waivers that documents and the
    /// store hold.
    pub async fn digest_view(&self, scope: &Scope) -> Result<(View, Vec<Waiver>), StoreError> {
        let scope = scope.clone();
        self.worker
            .read("read what a digest tells of", move |tx| {
                let mut waivers = decisions::waivers(tx)?;
                waivers.extend(markers::waivers(tx)?);
                Ok((view(tx, &scope)?, waivers))
            })
            .await
    }

    /// What a digest told before; `None` for one that is not known yet.
    pub async fn digest_told(&self, digest: &str) -> Result<Option<Told>, StoreError> {
        let digest = digest.to_owned();
        self.worker.read("read what a digest told", move |tx| told(tx, &digest)).await
    }

    /// These are the digests that are configured. Of others everything is kept, for they may come back.
    pub async fn know_digests(&self, digests: Vec<String>, now: Moment) -> Result<(), StoreError> {
        self.worker.write("remember which digests there are", None, move |tx| know(tx, &digests, now)).await
    }

    /// When the turn of each digest that is configured was last; since when it is known, where it had none.
    pub async fn digest_turns(&self) -> Result<BTreeMap<String, Moment>, StoreError> {
        let sql = "SELECT name, coalesce(told_at, since) FROM digest WHERE gone_at IS NULL";
        let read = |cells: &mut Cells<'_>| Ok((cells.take()?, cells.text()?));
        let turns = self.worker.read("read when digests were told", move |tx| rows(tx, sql, [], read)).await?;
        Ok(turns.into_iter().collect())
    }

    /// Remembers a digest's turn, and puts what there is to send into the outbox: both or neither. False where somebody
    /// else took the turn meanwhile.
    pub async fn take_turn(&self, turn: DigestTurn) -> Result<bool, StoreError> {
        self.worker.write("remember a digest", None, move |tx| take_turn(tx, &turn)).await
    }

    /// The ends of the addresses at which these readers leave a digest, in their order; `None` for those who left.
    pub async fn subscribers(
        &self,
        digest: &str,
        readers: Vec<(String, String)>,
    ) -> Result<Vec<Option<String>>, StoreError> {
        let digest = digest.to_owned();
        self.worker
            .write("remember who gets a digest", None, move |tx| {
                readers.iter().map(|(address, token)| subscriber(tx, &digest, address, token)).collect()
            })
            .await
    }

    /// Who gets a digest by the end of this address, and whether they still do.
    pub async fn subscription(&self, token: &str) -> Result<Option<(String, bool)>, StoreError> {
        let token = token.to_owned();
        let sql = "SELECT digest, left_at IS NULL FROM subscriber WHERE token = ?1";
        self.worker
            .read("read who gets a digest", move |tx| {
                tx.query_row(sql, [token], |row| Ok((row.get(0)?, row.get(1)?))).optional()
            })
            .await
    }

    /// Somebody leaves a digest, or comes back. What waits for one who leaves is not sent. False where nobody has this token.
    pub async fn subscribe(&self, token: &str, stays: bool, now: Moment) -> Result<bool, StoreError> {
        let token = token.to_owned();
        self.worker.write("remember who gets a digest", None, move |tx| subscribe(tx, &token, stays, now)).await
    }
}

fn know(tx: &Connection, digests: &[String], now: Moment) -> rusqlite::Result<()> {
    tx.execute(
        "UPDATE digest SET gone_at = ?2 WHERE gone_at IS NULL AND name NOT IN (SELECT value FROM json_each(?1))",
        params![AsJson(digests), AsText(now)],
    )?;
    let row = "INSERT INTO digest (name, since) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET gone_at = NULL";
    digests.iter().try_for_each(|name| tx.execute(row, params![name, AsText(now)]).map(drop))
}

fn view(tx: &Connection, scope: &Scope) -> rusqlite::Result<View> {
    let (mut picture, others) = challenges(tx, scope)?;
    findings(tx, scope, &mut picture)?;
    let passed_at = runs::last(tx)?.and_then(|run| run.ended_at);
    picture.passed_at = passed_at;
    let troubled = trackers::all(tx)?.into_iter().filter(|tracker| tracker.trouble.is_some());
    let silent = troubled.map(|tracker| (tracker.id.to_string(), tracker.worked_at)).collect();
    Ok(View { picture, others, turns: turns(tx)?, passed_at, silent })
}

/// The challenges of the registers: those that are a part of it, and the ids of the others.
fn challenges(tx: &Connection, scope: &Scope) -> rusqlite::Result<(Picture, BTreeSet<String>)> {
    let sql = "SELECT challenge.id, challenge.title, challenge.category, document.source,
                      standing.standing, standing.priority, challenge_seen.first_seen_at,
                      (SELECT json_group_array(json_array(name, owned_by) ORDER BY position) FROM owner
                       WHERE owner.challenge = challenge.id),
                      (SELECT json_group_array(team.value) FROM anecdote, json_each(anecdote.teams) AS team
                       WHERE anecdote.document = challenge.document AND anecdote.challenge = challenge.position)
               FROM challenge
               JOIN document ON document.path = challenge.document AND document.retired_at IS NULL
               JOIN challenge_seen ON challenge_seen.document = challenge.document AND challenge_seen.id = challenge.id
               LEFT JOIN standing ON standing.challenge = challenge.id AND standing.current = 1
               ORDER BY challenge.document, challenge.position";
    let read = |cells: &mut Cells<'_>| {
        let (id, title): (String, String) = (cells.take()?, cells.take()?);
        let (category, source): (Option<String>, String) = (cells.take()?, cells.take()?);
        let (standing, priority, since) = (cells.maybe_text()?, cells.maybe_number()?, cells.text()?);
        let (owners, mut teams): (Vec<(String, OwnedBy)>, Vec<String>) = (cells.json()?, cells.json()?);
        teams.extend(owners.iter().map(|(name, _)| name.clone()));
        // In public only those are named who were named for it.
        let told = owners.into_iter().filter(|(_, by)| scope.sources.is_none() || *by == OwnedBy::Configuration);
        let owners = told.map(|(name, _)| name).collect();
        let subject = Subject { title: Some(title), standing, priority, since, problems: BTreeMap::new(), owners };
        Ok((id, scope.covers(&teams, category.as_deref(), &source).then_some(subject)))
    };
    let (mut picture, mut others) = (Picture::default(), BTreeSet::new());
    for (id, subject) in rows(tx, sql, [], read)? {
        let Some(subject) = subject else {
            others.insert(id);
            continue;
        };
        // A challenge that stands in several documents is one, known since it stood in the first of them.
        let known = picture.subjects.entry(id).or_insert_with(|| subject.clone());
        known.since = known.since.min(subject.since);
    }
    others.retain(|id| !picture.subjects.contains_key(id));
    Ok((picture, others))
}

fn findings(tx: &Connection, scope: &Scope, picture: &mut Picture) -> rusqlite::Result<()> {
    let sql = "SELECT finding.fingerprint, finding.code, finding.challenge, finding.ticket, finding.first_seen_at,
                      finding.accepted, document.source
               FROM finding LEFT JOIN document ON document.path = finding.path
               WHERE finding.cleared_at IS NULL AND finding.severity IN (SELECT value FROM json_each(?1))
               ORDER BY finding.seq";
    let all = [Severity::Info, Severity::Warning, Severity::Error];
    let loud: Vec<Severity> = all.into_iter().filter(|severity| *severity >= scope.severity).collect();
    let read = |cells: &mut Cells<'_>| {
        let print: String = cells.take()?;
        let code: Code = cells.text()?;
        let challenge: Option<String> = cells.take()?;
        let (ticket, since) = (cells.maybe_text()?, cells.text()?);
        let accepted = match cells.take()? {
            0 => Acceptance::Not,
            2 => Acceptance::Snoozed,
            _ => Acceptance::Accepted,
        };
        let source: Option<String> = cells.take()?;
        Ok((!HOUSEKEEPING.contains(&code)).then_some((
            print,
            challenge,
            source,
            Problem { code, ticket, since, accepted },
        )))
    };
    for (print, challenge, source, problem) in rows(tx, sql, [AsJson(loud)], read)?.into_iter().flatten() {
        if let Some(challenge) = challenge {
            if let Some(subject) = picture.subjects.get_mut(&challenge) {
                subject.problems.insert(print, problem);
            }
        } else if scope.is_whole() && source.as_deref().map_or(scope.sources.is_none(), |one| scope.has_source(one)) {
            let (since, problems) = (problem.since, [(print.clone(), problem)].into());
            let (title, standing, priority, owners) = (None, None, None, Vec::new());
            picture.subjects.insert(print, Subject { title, standing, priority, since, problems, owners });
        }
    }
    Ok(())
}

/// What became of challenges where another one had a part in it, the last of each.
fn turns(tx: &Connection) -> rusqlite::Result<BTreeMap<String, (Turn, String)>> {
    let sql = "SELECT challenge, turn, other FROM register_change
               WHERE other IS NOT NULL AND turn IN (SELECT value FROM json_each(?1)) ORDER BY seq";
    let turns = [Turn::SplitFrom, Turn::MergedInto, Turn::CarriedOver];
    let read = rows(tx, sql, [AsJson(turns)], |cells| Ok((cells.take()?, (cells.text()?, cells.take()?))))?;
    Ok(read.into_iter().collect())
}

fn told(tx: &Connection, digest: &str) -> rusqlite::Result<Option<Told>> {
    let sql = "SELECT since, told_at, spoke_at, scope, picture FROM digest WHERE name = ?1";
    tx.query_row(sql, [digest], |row| {
        let mut cells = Cells::of(row);
        let (since, at, spoke_at) = (cells.text()?, cells.maybe_text()?, cells.maybe_text()?);
        let (scope, picture): (Option<String>, Option<String>) = (cells.take()?, cells.take()?);
        // What another version wrote in another form is as good as nothing: moments tell what was known then.
        let scope = scope.and_then(|scope| serde_json::from_str::<Scope>(&scope).ok());
        let picture = picture.and_then(|picture| serde_json::from_str::<Picture>(&picture).ok());
        Ok(Told { since, at, spoke_at, picture: scope.zip(picture) })
    })
    .optional()
}

fn take_turn(tx: &Connection, turn: &DigestTurn) -> rusqlite::Result<bool> {
    let DigestTurn { digest, after, at, scope, picture, letters } = turn;
    let spoke = (!letters.is_empty()).then_some(AsText(at));
    let row = "INSERT INTO digest (name, since, told_at, spoke_at, scope, picture) VALUES (?1, ?2, ?2, ?3, ?4, ?5)
               ON CONFLICT (name) DO UPDATE SET told_at = excluded.told_at, gone_at = NULL, scope = excluded.scope,
                   picture = excluded.picture, spoke_at = coalesce(excluded.spoke_at, digest.spoke_at)
               WHERE digest.told_at IS ?6";
    let taken =
        tx.execute(row, params![digest, AsText(at), spoke, AsJson(scope), AsJson(picture), after.map(AsText)])? == 1;
    if taken {
        letters.iter().try_for_each(|letter| outbox::post(tx, letter, *at))?;
        outbox::tidy(tx, *at)?;
    }
    Ok(taken)
}

/// The token of a reader; `token` for one who is new.
fn subscriber(tx: &Connection, digest: &str, address: &str, token: &str) -> rusqlite::Result<Option<String>> {
    let row = "INSERT OR IGNORE INTO subscriber (digest, address, token) VALUES (?1, ?2, ?3)";
    tx.execute(row, params![digest, address, token])?;
    let sql = "SELECT token FROM subscriber WHERE digest = ?1 AND address = ?2 AND left_at IS NULL";
    tx.query_row(sql, params![digest, address], |row| row.get(0)).optional()
}

fn subscribe(tx: &Connection, token: &str, stays: bool, now: Moment) -> rusqlite::Result<bool> {
    let left = (!stays).then_some(AsText(now));
    if !stays {
        let waiting = "DELETE FROM outbox WHERE sent_at IS NULL AND EXISTS (SELECT 1 FROM subscriber
                       WHERE token = ?1 AND subscriber.digest = outbox.digest AND subscriber.address = outbox.recipient)";
        tx.execute(waiting, [token])?;
    }
    Ok(tx.execute("UPDATE subscriber SET left_at = ?2 WHERE token = ?1", params![token, left])? == 1)
}
