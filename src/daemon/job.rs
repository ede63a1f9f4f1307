//! One job of the scheduler: what it does, and the task that does it.

use std::collections::BTreeMap;
use std::time::Instant;

use tokio::task::{JoinError, JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::domain::overview::Overview;
use crate::domain::time::Moment;
use crate::domain::tracker::TrackerId;
use crate::sync::{self, Pass, Reach, Shop, Step};
use crate::web::vitals::{Job, Vitals};

/// What a job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// Looks through the whole store.
    Look,
    /// A pass over everything.
    Full,
    /// A pass over what is due.
    Scheduled,
    /// A pass over what webhooks named.
    Named,
}

impl What {
    /// What a pass asks for; nothing else has a reach.
    fn reach(self) -> Option<(&'static str, Reach<'static>)> {
        match self {
            Self::Look => None,
            Self::Full => Some(("full", Reach::Full)),
            Self::Scheduled => Some(("scheduled", Reach::Due)),
            Self::Named => Some(("named", Reach::Nudged)),
        }
    }

    /// The word that pages and metrics use of a pass.
    pub(super) fn word(self) -> &'static str {
        self.reach().map_or("look", |(word, _)| word)
    }

    /// Whether it goes by the schedule, or takes the place of what does.
    pub(super) fn is_scheduled(self) -> bool {
        matches!(self, Self::Full | Self::Scheduled)
    }
}

/// A job that runs.
pub(super) struct Running {
    pub(super) what: What,
    pub(super) since: Instant,
    /// The requests that were made before it.
    pub(super) requests: BTreeMap<TrackerId, u64>,
    pub(super) task: JoinHandle<anyhow::Result<Done>>,
}

/// What a job came to.
pub(super) enum Done {
    /// The store is whole.
    Whole,
    /// What a pass did, and what is known after it, in numbers.
    Passed(Box<(Pass, Overview)>),
    /// It was stopped before it could tell.
    Stopped,
}

impl Running {
    /// Begins a job as a task of its own.
    pub(super) fn begin(what: What, shop: &Shop, vitals: &Vitals, stop: &CancellationToken, now: Moment) -> Self {
        let requests = shop.trackers.requests();
        let (shop, vitals, stop) = (shop.clone(), vitals.clone(), stop.clone());
        let task = match what.reach() {
            None => tokio::spawn(look(shop, stop)),
            Some((word, reach)) => {
                let job = Job { what: word, since: now, step: Instant::now(), waiting: false, asked: 0, answered: 0 };
                vitals.state().job = Some(job);
                tokio::spawn(pass(shop, reach, vitals, stop))
            }
        };
        Self { what, since: Instant::now(), requests, task }
    }
}

async fn look(shop: Shop, stop: CancellationToken) -> anyhow::Result<Done> {
    tokio::select! {
        looked = shop.store.look_through() => Ok(looked.map(|()| Done::Whole)?),
        () = stop.cancelled() => Ok(Done::Stopped),
    }
}

async fn pass(shop: Shop, reach: Reach<'static>, vitals: Vitals, stop: CancellationToken) -> anyhow::Result<Done> {
    let tell = |step: Step| {
        if let Some(job) = &mut vitals.state().job {
            job.step = Instant::now();
            job.waiting = matches!(step, Step::Waiting { .. });
            match step {
                Step::Asking { tickets } => job.asked = tickets,
                Step::Answered { tickets } => job.answered += tickets,
                Step::Waiting { .. } | Step::Read { .. } | Step::Judged => {}
            }
        }
    };
    let pass = sync::sync(&shop, reach, &stop, &tell).await?;
    let overview = shop.store.overview().await?;
    Ok(Done::Passed(Box::new((pass, overview))))
}

/// A job that ended, and how.
pub(super) type Ended = (Running, Result<anyhow::Result<Done>, JoinError>);

/// Waits for the job that runs; for ever while there is none.
pub(super) async fn ended(running: &mut Option<Running>) -> Ended {
    let Some(job) = running else { return std::future::pending().await };
    let ended = (&mut job.task).await;
    let job = running.take().expect("it was there a line above");
    (job, ended)
}
