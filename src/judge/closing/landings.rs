//! Work that landed: closing commits and pull requests, merge bots, commits that name the ticket, changes named in
//! comments; and work that was taken out again.

use chrono::TimeDelta;

use super::{Closing, is_merge_bot};
use crate::domain::details::Mention;
use crate::domain::ticket::{TicketKey, TicketKind};
use crate::domain::time::Moment;
use crate::domain::tracker::TrackerKind;
use crate::judge::families::Family;
use crate::judge::words;

/// What kind of sign it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::judge) enum Sign {
    /// The closing itself names a commit or a pull request, or was done by a program that merges.
    Closing,
    /// The ticket is a pull request and was merged.
    Merge,
    /// Commits and pull requests that have to do with it.
    Mention,
}

/// One sign that work landed.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::judge) struct Landing {
    /// What kind of sign it is.
    pub(in crate::judge) sign: Sign,
    /// What landed, as it is named there.
    pub(in crate::judge) what: String,
    /// How strongly it speaks for the work.
    pub(in crate::judge) strength: f64,
    /// What was seen, as the end of a sentence that starts with the ticket.
    pub(in crate::judge) says: String,
    /// When.
    pub(in crate::judge) at: Option<Moment>,
    /// The change that took it out again, if one did.
    pub(in crate::judge) reverted_by: Option<String>,
}

/// A change that was merged and takes another out.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::judge) struct Revert {
    /// The change that reverts.
    pub(in crate::judge) what: String,
    /// Its title.
    pub(in crate::judge) title: String,
    /// When it was merged.
    pub(in crate::judge) at: Option<Moment>,
    /// The change that brought the work back, if one did.
    pub(in crate::judge) relanded_by: Option<String>,
}

/// A merge this close to the closing caused it.
const SAME_MOMENT: TimeDelta = TimeDelta::minutes(5);

/// Every sign that work landed, in a fixed order.
pub(super) fn landings(closing: &Closing<'_>) -> Vec<Landing> {
    let mut landings: Vec<Landing> =
        closed_by_event(closing).into_iter().chain(merged_itself(closing)).chain(closed_by_bot(closing)).collect();
    landings.extend(closing.ticket.details.mentions.iter().filter_map(|mention| mentioned(closing, mention)));
    sort(&mut landings);
    // A change that is named in several places landed once.
    let mut once = std::collections::BTreeSet::new();
    landings.retain(|landing| once.insert(landing.what.clone()));
    landings
}

/// The surest first.
fn sort(landings: &mut [Landing]) {
    landings.sort_by(|a, b| {
        b.strength.total_cmp(&a.strength).then_with(|| (&a.what, &a.says, a.at).cmp(&(&b.what, &b.says, b.at)))
    });
}

/// Weakens what landed before a reopening: somebody looked, and it was not enough.
pub(super) fn doubt_before(landings: &mut [Landing], reopened: Moment) {
    const NOT_ENOUGH: f64 = 0.5;
    let early = landings.iter_mut().filter(|landing| landing.at.is_some_and(|at| at < reopened));
    early.for_each(|landing| landing.strength *= NOT_ENOUGH);
    sort(landings);
}

/// Marks what the reverts took out again: all that landed before them.
pub(super) fn take_out(landings: &mut [Landing], reverts: &[Revert]) {
    for landing in landings {
        let voids = |revert: &&Revert| {
            revert.relanded_by.is_none()
                && landing.at.zip(revert.at).is_none_or(|(landed, reverted)| landed <= reverted)
        };
        landing.reverted_by = reverts.iter().find(voids).map(|revert| revert.what.clone());
    }
}

fn landing(what: &str, strength: f64, says: String, at: Option<Moment>) -> Landing {
    Landing { sign: Sign::Mention, what: what.to_owned(), strength, says, at, reverted_by: None }
}

fn closing_sign(landing: Landing) -> Landing {
    Landing { sign: Sign::Closing, ..landing }
}

/// GitHub names the commit or the pull request that closed a ticket by keyword.
fn closed_by_event(closing: &Closing<'_>) -> Option<Landing> {
    let event = closing.event?;
    if let Some(commit) = event.commit.as_deref().filter(|commit| !commit.is_empty()) {
        return Some(closing_sign(landing(
            commit,
            0.93,
            format!("was closed by the commit {}", short(commit)),
            event.at,
        )));
    }
    let pull = event.pull.as_deref()?;
    let told = closing.ticket.details.mentions.iter().find(|mention| same(closing, &mention.what, pull));
    let (strength, how) = match told.and_then(|mention| mention.state.as_deref()) {
        Some("merged") => (0.93, "which was merged"),
        Some("closed") => (0.5, "which was closed without a merge flag"),
        Some("open") => (0.3, "which is open"),
        _ => (0.85, "as GitHub tells"),
    };
    Some(closing_sign(landing(pull, strength, format!("was closed by {pull}, {how}"), event.at)))
}

fn merged_itself(closing: &Closing<'_>) -> Option<Landing> {
    (closing.ticket.kind == TicketKind::Pull && closing.ticket.merged == Some(true)).then(|| Landing {
        sign: Sign::Merge,
        ..landing(&closing.ticket.id.key().to_string(), 0.9, "was merged".to_owned(), closing.at)
    })
}

fn closed_by_bot(closing: &Closing<'_>) -> Option<Landing> {
    let bot = closing.by.filter(|name| is_merge_bot(name))?;
    Some(closing_sign(landing(bot, 0.88, format!("was closed by {bot}, a program that merges"), closing.at)))
}

/// What a mention says of landed work, if anything.
fn mentioned(closing: &Closing<'_>, mention: &Mention) -> Option<Landing> {
    if same(closing, &mention.what, &closing.ticket.id.key().to_string()) {
        return None;
    }
    match mention.kind.as_str() {
        "commit" => commit(closing, mention),
        "pull" => pull(closing, mention),
        _ => None,
    }
}

/// A commit that names the ticket, shortly before its closing. Those long after are imported history and mirrors.
fn commit(closing: &Closing<'_>, mention: &Mention) -> Option<Landing> {
    let what = mention.what.as_str();
    if mention.seen_in == "text" {
        // In a comment: somebody shows where it was done, if the tracker's reason agrees.
        let agrees = jira_agrees(closing) && !closing.is_after(mention.at, mention.after_close);
        return agrees.then(|| landing(what, 0.7, format!("names the commit {}", short(what)), mention.at));
    }
    let (at, closed) = mention.at.zip(closing.at)?;
    let ahead = closed - at;
    if ahead < -SAME_MOMENT || ahead > TimeDelta::days(14) {
        return None;
    }
    let by = mention.actor.as_deref().unwrap_or_default();
    // What landed days before the closing rarely caused it.
    let strength = match ahead <= TimeDelta::days(2) {
        true if is_merge_bot(by) => 0.8,
        true => 0.68,
        false if Some(by) == closing.by => 0.5,
        false => 0.4,
    };
    Some(landing(
        what,
        strength,
        format!("was named by the commit {} shortly before its closing", short(what)),
        Some(at),
    ))
}

/// A merged pull request that has to do with the ticket.
fn pull(closing: &Closing<'_>, mention: &Mention) -> Option<Landing> {
    let what = mention.what.as_str();
    if mention.seen_in == "search" {
        return searched(closing, mention);
    }
    if closing.ticket.id.tracker().kind() == TrackerKind::Jira {
        let named = mention.seen_in == "text" && !closing.is_after(mention.at, mention.after_close);
        let strength = if mention.state.as_deref() == Some("merged") { 0.7 } else { 0.5 };
        return (named && jira_agrees(closing) && mention.state.as_deref() != Some("open"))
            .then(|| landing(what, strength, format!("names the pull request {what}"), mention.at));
    }
    if mention.state.as_deref() != Some("merged") {
        return None;
    }
    let merged = mention.closed_at;
    if mention.event.as_deref() == Some("closing") {
        return Some(landing(what, 0.92, format!("is closed by {what}, which was merged"), merged));
    }
    // A pull request that another one mentions is its context, not its landing.
    if closing.ticket.kind == TicketKind::Pull {
        return None;
    }
    let says = |how: &str| format!("is mentioned by {what}, which {how}");
    let points_here = matches!(mention.seen_in.as_str(), "event" | "backref");
    if points_here && mention.title.as_deref().is_some_and(|title| closes_by_title(closing, title)) {
        return Some(landing(what, 0.9, says("says in its title that it fixes it, and was merged"), merged));
    }
    let ahead = merged.zip(closing.at).map(|(merged, closed)| closed - merged)?;
    if ahead < -SAME_MOMENT || ahead > TimeDelta::days(30) {
        return None;
    }
    match (points_here, ahead <= SAME_MOMENT) {
        (true, true) => Some(landing(what, 0.93, says("was merged at the moment of the closing"), merged)),
        (true, false) => Some(landing(what, 0.64, says("was merged shortly before the closing"), merged)),
        (false, true) => Some(landing(what, 0.8, format!("names {what}, merged at the moment of the closing"), merged)),
        (false, false) if ahead <= TimeDelta::days(7) => {
            Some(landing(what, 0.5, format!("names {what}, merged shortly before the closing"), merged))
        }
        (false, false) => None,
    }
}

/// A merged pull request that was found by the ticket's key. Where the key stands in its title or branch it is the work of
/// that ticket by the custom of teams that use both; in its text it may only be mentioned.
fn searched(closing: &Closing<'_>, mention: &Mention) -> Option<Landing> {
    /// A change that lands this long after the closing is other work on the same ticket.
    const LATE: TimeDelta = TimeDelta::days(14);
    let late = mention.closed_at.zip(closing.at).is_some_and(|(merged, closed)| merged > closed + LATE);
    if late || !is_merged(mention) || is_revert(mention) || is_refused(closing) {
        return None;
    }
    let (strength, place) = match mention.event.as_deref() {
        Some("title") => (0.86, "title"),
        Some("branch") => (0.86, "branch"),
        _ => (0.64, "text"),
    };
    let what = &mention.what;
    Some(landing(what, strength, format!("stands in the {place} of {what}, which was merged"), mention.closed_at))
}

/// Whether the reason that Jira tells is a decision against the work.
pub(super) fn is_refused(closing: &Closing<'_>) -> bool {
    let ticket = closing.ticket;
    ticket.reason.as_deref().is_some_and(|reason| closing.names.resolution(reason) == Family::Refused)
        || (ticket.reason.is_none() && closing.names.status(&ticket.state) == Family::Refused)
}

/// Whether the reason that Jira tells leaves room for landed work: done, or nothing at all.
fn jira_agrees(closing: &Closing<'_>) -> bool {
    if closing.ticket.id.tracker().kind() != TrackerKind::Jira {
        return false;
    }
    let speaks = |family| matches!(family, Family::Refused | Family::Doubtful | Family::TwoFaced);
    let reason = closing.ticket.reason.as_deref().map(|name| closing.names.resolution(name));
    !reason.is_some_and(speaks) && !speaks(closing.names.status(&closing.ticket.state))
}

/// `Fix #7, add a test`: a title that closes this ticket, without a negation in front.
fn closes_by_title(closing: &Closing<'_>, title: &str) -> bool {
    let TicketKey::GitHub { number, .. } = closing.ticket.id.key() else { return false };
    let title = title.to_ascii_lowercase();
    let sign = format!("#{number}");
    let Some(at) = title.find(&sign) else { return false };
    let ends = title[at + sign.len()..].chars().next().is_none_or(|next| !next.is_ascii_digit());
    let before = &title[..at];
    ends && ["fix", "close", "resolve", "implement", "address"].iter().any(|verb| before.contains(verb))
        && !["not fix", "n't fix", "part of", "revert"].iter().any(|turn| before.contains(turn))
}

/// Changes that take out this ticket's work: merged after its closing, titled as a revert, and naming the ticket, its
/// title, or a change that surely closed it. A revert before the closing is no such thing: it may be the very fix.
pub(super) fn reverts(closing: &Closing<'_>, landings: &[Landing]) -> Vec<Revert> {
    /// Landings that count as what closed the ticket.
    const SURE: f64 = 0.85;
    let mentions = &closing.ticket.details.mentions;
    let closers: Vec<&Landing> = landings.iter().filter(|landing| landing.strength >= SURE).collect();
    let mut names: Vec<String> = vec![closing.ticket.id.key().to_string()];
    names.extend(closers.iter().map(|landing| landing.what.clone()));
    let mut titles: Vec<&str> = vec![closing.ticket.title.as_str()];
    let closes = |mention: &&Mention| closers.iter().any(|landing| landing.what == mention.what);
    titles.extend(mentions.iter().filter(closes).filter_map(|mention| mention.title.as_deref()));

    // Where a tracker says itself that a change reverts work of this ticket, its title need not say of which. On Jira that
    // work was seen elsewhere, and the ticket may be closed long after it.
    let is_jira = closing.ticket.id.tracker().kind() == TrackerKind::Jira;
    let work = mentions.iter().filter(|mention| is_merged(mention) && !is_revert(mention));
    let first_merged = work.filter_map(|mention| mention.closed_at).min();

    let later = |than: Option<Moment>, mention: &Mention| {
        than.zip(mention.closed_at).is_some_and(|(than, at)| at > than + SAME_MOMENT)
    };
    let takes_out = |mention: &&Mention| {
        let title = mention.title.as_deref().unwrap_or_default();
        let named = names.iter().any(|name| *name != mention.what && cites(title, name));
        let quoted = titles.iter().any(|other| other.len() >= 12 && *other != title && title.contains(*other));
        // On Jira a ticket may be closed long after its work was taken out again.
        let landed = closers.iter().filter_map(|landing| landing.at).min();
        let said = says_revert(mention);
        let since = match mention.seen_in.as_str() {
            _ if said && is_jira => first_merged,
            "search" => landed,
            _ => closing.at,
        };
        is_revert(mention) && is_merged(mention) && (said || named || quoted) && later(since, mention)
    };
    let mut reverts: Vec<Revert> = mentions
        .iter()
        .filter(takes_out)
        .map(|mention| {
            let back = |other: &&Mention| {
                let title = other.title.as_deref().unwrap_or_default();
                let cited =
                    names.iter().chain([&mention.what]).any(|name| *name != other.what && names_it(title, name));
                let quoted = titles.iter().any(|work| work.len() >= 12 && title.contains(*work));
                let of_this = cited || quoted || quotes_the_same(title, mention);
                is_relanding(other) && is_merged(other) && later(mention.closed_at, other) && of_this
            };
            Revert {
                what: mention.what.clone(),
                title: mention.title.clone().unwrap_or_default(),
                at: mention.closed_at,
                relanded_by: mentions.iter().filter(back).map(|other| other.what.clone()).min(),
            }
        })
        .collect();
    reverts.sort_by(|a, b| (a.at, &a.what).cmp(&(b.at, &b.what)));
    reverts.dedup();
    reverts
}

fn is_merged(mention: &Mention) -> bool {
    mention.state.as_deref() == Some("merged")
}

fn is_revert(mention: &Mention) -> bool {
    let title = title_of(mention);
    let titled = title.starts_with("revert") || title.starts_with("back out") || title.starts_with("backout");
    (titled || says_revert(mention)) && !is_relanding(mention)
}

/// Whether the tracker's own record says that a change reverts work of the ticket.
pub(in crate::judge) fn says_revert(mention: &Mention) -> bool {
    mention.event.as_deref() == Some("reverts")
}

/// `Reland …`, `Revert "Revert …"`
fn is_relanding(mention: &Mention) -> bool {
    let title = title_of(mention);
    let again = ["reland", "re-land", "reapply", "re-apply", "reintroduce", "[reland]"];
    again.iter().any(|word| title.starts_with(word))
        || title
            .strip_prefix("revert")
            .is_some_and(|rest| rest.trim_start_matches(|c: char| !c.is_alphanumeric()).starts_with("revert"))
}

/// Whether a title quotes what a revert quotes: `Reland "Add a nozzle"` behind `Revert "Add a nozzle (#8)"`.
fn quotes_the_same(title: &str, revert: &Mention) -> bool {
    /// Shorter ones may stand in any title.
    const TELLING: usize = 5;
    let reverted = title_of(revert);
    let work =
        ["revert", "back out", "backout"].iter().find_map(|verb| reverted.strip_prefix(verb)).unwrap_or_default();
    let work = work.split("(#").next().unwrap_or_default().trim_matches(|c: char| !c.is_alphanumeric());
    work.len() >= TELLING && title.to_ascii_lowercase().contains(work)
}

fn title_of(mention: &Mention) -> String {
    mention.title.as_deref().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether a text cites `owner/repo#12` or its `#12`, as a whole number.
fn cites(text: &str, name: &str) -> bool {
    let Some((_, number)) = name.rsplit_once('#') else { return false };
    let sign = format!("#{number}");
    text.match_indices(&sign)
        .any(|(at, _)| text[at + sign.len()..].chars().next().is_none_or(|next| !next.is_ascii_digit()))
}

/// Whether a title cites a change, or has a Jira key as a whole word.
fn names_it(title: &str, name: &str) -> bool {
    let mut words = title.split(|c: char| !c.is_alphanumeric() && c != '-');
    cites(title, name) || words.any(|word| word.eq_ignore_ascii_case(name))
}

/// Whether two names mean the same ticket or change, seen from the closing's repository.
pub(super) fn same(closing: &Closing<'_>, one: &str, other: &str) -> bool {
    full(closing, one).eq_ignore_ascii_case(&full(closing, other))
}

fn full(closing: &Closing<'_>, name: &str) -> String {
    match (name.strip_prefix('#'), closing.ticket.id.key()) {
        (Some(number), TicketKey::GitHub { owner, repo, .. }) => format!("{owner}/{repo}#{number}"),
        _ => name.to_owned(),
    }
}

/// A commit as people write it.
fn short(commit: &str) -> String {
    let hash = commit.rsplit('@').next().unwrap_or(commit);
    words::cut(hash, 10).to_owned()
}
