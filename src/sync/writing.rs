//! Statuses written into a wiki's pages, where the configuration asks for that: seldom, and never over anybody's edit.
//!
//! 1. Each write may notify the people who watch a page. So a pass writes few pages, each at most once a day, and none that
//!    a person edited within the hour.
//! 2. What is written is made from the page as it is at that moment. Where somebody was faster, the wiki refuses, and it is
//!    made anew from what they wrote, in this pass or, within the hour, in a later one.
//! 3. A page that says already what is to be said is not written.

use std::collections::HashSet;

use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;
use tracing::info;

use super::annotating::{Annotated, Said, annotated, bared, said, said_in_public};
use super::fetching::copies;
use super::health::remember_waits;
use super::{Shop, Unreadable};
use crate::config::{Audience, SourceSettings};
use crate::domain::lookup::{Trouble, TroubleKind};
use crate::domain::remote::{Annotate, Original, Saved};
use crate::sources;
use crate::store::Lease;

/// Pages that one pass may write.
const MOST: usize = 10;
/// How long a page is left alone after it was written.
const PAUSE: TimeDelta = TimeDelta::days(1);
/// How long it is left alone after a person edited it.
const RESPECT: TimeDelta = TimeDelta::hours(1);
/// How often what was refused is made anew.
const ATTEMPTS: usize = 3;

/// What a pass wrote.
#[derive(Default)]
pub(super) struct Wrote {
    /// How many pages.
    pub(super) pages: usize,
    /// Those that could not be written.
    pub(super) unwritten: Vec<Unreadable>,
}

/// Who writes: what is said of tickets, to whom.
struct Pen<'a> {
    shop: &'a Shop,
    lease: &'a Lease,
    said: Said,
    said_in_public: Said,
}

/// Writes what was judged last. A page that cannot be written is tried again by the next pass.
pub(super) async fn write_statuses(shop: &Shop, lease: &Lease, stop: &CancellationToken) -> anyhow::Result<Wrote> {
    let mut wrote = Wrote::default();
    if shop.sources.iter().all(|source| source.annotate.is_none()) {
        return Ok(wrote);
    }
    let said = said(&shop.store).await?;
    let pen = Pen { shop, lease, said_in_public: said_in_public(&said, &shop.policy.secrecy.private), said };
    for page in pages(shop).await? {
        if stop.is_cancelled() {
            break;
        }
        if wrote.pages + wrote.unwritten.len() == MOST {
            info!("a pass writes {MOST} pages at most; the next ones write the others");
            break;
        }
        if !pen.wants_to_write(&page).await? {
            continue;
        }
        let written = pen.write(&page).await?;
        remember_waits(shop, &shop.store.under(lease)).await?;
        match written {
            Ok(true) => wrote.pages += 1,
            Ok(false) => {}
            Err(trouble) => wrote.unwritten.push(unwritten(page, &trouble)),
        }
    }
    Ok(wrote)
}

/// The pages at hand of sources into which statuses are written, each as a source that holds its text. A page that several
/// sources take is the first one's.
async fn pages(shop: &Shop) -> anyhow::Result<Vec<SourceSettings>> {
    let (mut taken, mut pages) = (HashSet::new(), Vec::new());
    for source in shop.sources.iter().filter(|source| source.is_fetched()) {
        // What cannot be decoded was told when it was read.
        for page in copies(shop, source, |_| true).await?.into_iter().filter_map(Result::ok) {
            if taken.insert(page.path.clone()) && page.annotate.is_some() {
                pages.push(page);
            }
        }
    }
    Ok(pages)
}

fn unwritten(page: SourceSettings, trouble: &Trouble) -> Unreadable {
    let hint = match trouble.kind {
        TroubleKind::Credentials => "let its account edit the page, or take `annotate` out; docs/sources.md",
        TroubleKind::Outage | TroubleKind::Limit => "it is written by a later pass",
        kind => sources::hint(kind),
    };
    Unreadable {
        trouble: format!("cannot write statuses into `{}`: {}", page.path, trouble.says),
        hint: hint.to_owned(),
        source: page.name,
        path: page.path,
    }
}

impl Pen<'_> {
    /// Whether the version at hand has other statuses than it should, and the page was left alone for long enough.
    async fn wants_to_write(&self, page: &SourceSettings) -> anyhow::Result<bool> {
        let last = self.shop.store.written_at(&page.path).await?;
        let rests = last.is_some_and(|last| self.shop.clock.now() - last < PAUSE);
        Ok(!rests && page.text.as_deref().is_some_and(|text| self.after(page, text).is_some()))
    }

    /// The page's text as it should be; `None` where it is so already.
    fn after(&self, page: &SourceSettings, text: &str) -> Option<String> {
        let after = match page.annotate? {
            Annotate::Remove => bared(&page.path, text, &page.reading)?,
            Annotate::Write => {
                let said = if page.audience == Audience::Public { &self.said_in_public } else { &self.said };
                let Annotated { text, left_out } = annotated(&page.path, text, &page.reading, &self.shop.claims, said)?;
                if left_out > 0 {
                    info!("{left_out} statuses are left out of {}: it would be read in another way", page.path);
                }
                text
            }
        };
        (after != text).then_some(after)
    }

    /// Whether the page was written.
    async fn write(&self, page: &SourceSettings) -> anyhow::Result<Result<bool, Trouble>> {
        let (shop, path) = (self.shop, page.path.as_str());
        for attempt in 0..ATTEMPTS {
            let original = match shop.remotes.open(&page.name, path).await {
                Some(Ok(original)) => original,
                Some(Err(trouble)) => return Ok(Err(trouble)),
                None => return Ok(Ok(false)),
            };
            let Some(after) = self.after(page, &original.body) else {
                // Refused because it had arrived already: the answer to it was lost.
                let arrived = attempt > 0 && original.ours;
                if arrived {
                    self.note(path).await?;
                }
                return Ok(Ok(arrived));
            };
            if self.leaves_alone(&original) {
                return Ok(Ok(false));
            }
            match shop.remotes.save(&page.name, path, &original, &after).await {
                Some(Ok(Saved::As(version))) => {
                    self.note(path).await?;
                    info!("wrote statuses into {path}, which is version {version} now");
                    return Ok(Ok(true));
                }
                Some(Ok(Saved::Refused)) => {}
                Some(Err(trouble)) => return Ok(Err(trouble)),
                None => return Ok(Ok(false)),
            }
        }
        let says = format!("others changed it {ATTEMPTS} times meanwhile");
        Ok(Err(Trouble { kind: TroubleKind::Outage, says }))
    }

    /// Whether it is too early: a person edited the page just now, or dragnet did and lost its memory of that.
    fn leaves_alone(&self, original: &Original) -> bool {
        let now = original.read_at.unwrap_or_else(|| self.shop.clock.now());
        now - original.edited_at < if original.ours { PAUSE } else { RESPECT }
    }

    async fn note(&self, path: &str) -> anyhow::Result<()> {
        let writer = self.shop.store.under(self.lease);
        Ok(writer.remember_written(path, self.shop.clock.now()).await?)
    }
}
