//! `dragnet demo`: the whole job on the sample, against trackers that dragnet plays itself on loopback.
//!
//! Everything is real but the trackers and the calendar: real files, a real store, real HTTP, the passes that `sync`
//! makes. Days go by in between because the clock is set by hand. What the story says is read off the passes.

mod cast;

use std::path::{Path, PathBuf};

use anyhow::Context;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use self::cast::Cast;
use super::args::Demo;
use super::failure::Exit;
use super::output::Output;
use super::progress::count;
use crate::clock::Clock;
use crate::config::SourceSettings;
use crate::domain::lookup::LookupKind;
use crate::domain::policy::Policy;
use crate::domain::time::Moment;
use crate::domain::verdict::Standing;
use crate::http::{Client, Limits};
use crate::report::{self, Report};
use crate::store::Store;
use crate::sync::{Outcome, Reach, Shop, in_full};
use crate::trackers::Trackers;
use crate::web;

const CHALLENGES: &str = include_str!("../../../config/sample/challenges.md");
const MINUTES: &str = include_str!("../../../config/sample/minutes.md");

/// The row that the story follows, the ticket that promises its end, and the anecdote that comes later.
const FOLLOWED: &str = "Token cookies do not work on a laptop";
const PROMISE: &str = "jira:ARCHBOM-1218";
const BEFORE: &str = "and nobody could tell why. | 2 |";
const AFTER: &str =
    "and nobody could tell why.<br>May 14, 2024: the same again, for two people who had just joined. | 3 |";

pub(super) async fn demo(arguments: &Demo, output: &Output) -> anyhow::Result<Exit> {
    let format = output.format(&["text", "json"])?;
    let folder = tempfile::tempdir().context("cannot make a folder for the demo")?;
    let cast = Cast::on_stage().await.context("cannot play the trackers on loopback")?;
    let shop = shop(folder.path(), &cast).await?;
    let mut story = Story { lines: Vec::new(), day: 0 };
    let last = act(&shop, folder.path(), &cast, &mut story).await?;
    let told = Report::new(&last.known, &last.judged, shop.clock.now());
    output.data(&match format {
        "json" => report::json(&told),
        _ => format!("{}\n{}{}", story.lines.join("\n"), report::text(&told, output.style()), NEXT),
    })?;
    if arguments.serve {
        serve(shop, output).await?;
    }
    Ok(Exit::Fine)
}

const NEXT: &str = "
Now your own page (a Markdown file, or the text of a wiki page):
  dragnet parse PAGE.md --format text       what dragnet reads in it
  dragnet refs PAGE.md --project KEY        the tickets that it cites
  dragnet check PAGE.md                     are the GitHub links in it alive? (60 requests an hour without a token)
";

/// What is told, scene by scene.
struct Story {
    lines: Vec<String>,
    day: usize,
}

impl Story {
    fn scene(&mut self, now: Moment, what: &str) {
        self.day += 1;
        self.lines.push(format!("{}. {}  {what}", self.day, now.format("%-d %B %Y")));
    }

    fn line(&mut self, text: impl AsRef<str>) {
        self.lines.push(format!("   {}", text.as_ref()));
    }
}

/// The five scenes; gives back what the last pass found.
async fn act(shop: &Shop, folder: &Path, cast: &Cast, story: &mut Story) -> anyhow::Result<Outcome> {
    set(shop, "2024-03-04T09:00:00Z");
    story.scene(shop.clock.now(), "A promise.");
    let outcome = pass(shop).await?;
    story.line(format!(
        "{} in the register, {} in it and in the minutes, asked for in {}.",
        count(outcome.judged.challenges.len(), "challenge"),
        count(outcome.pass.run.asked, "ticket"),
        count(usize::try_from(outcome.pass.requests.values().sum::<u64>()).unwrap_or(usize::MAX), "request"),
    ));
    story.line(format!("`{FOLLOWED}` is {}: {PROMISE} is open.", standing(&outcome)));

    set(shop, "2024-04-02T09:00:00Z");
    cast.the_promise_is_closed();
    story.scene(shop.clock.now(), "Its closing.");
    let outcome = pass(shop).await?;
    story.line(format!("{PROMISE} was closed as Done on 28 March. The challenge is {}.", standing(&outcome)));

    set(shop, "2024-05-20T09:00:00Z");
    let register = folder.join("challenges.md");
    std::fs::write(&register, CHALLENGES.replace(BEFORE, AFTER)).context("cannot write the sample")?;
    story.scene(shop.clock.now(), "An anecdote that comes later.");
    let outcome = pass(shop).await?;
    story
        .line(format!("A team adds to the row: the same again, on 14 May. The challenge is a {}.", standing(&outcome)));

    set(shop, "2024-05-21T09:00:00Z");
    cast.jira_goes_down().await;
    story.scene(shop.clock.now(), "An outage.");
    let before = outcome.judged;
    let outcome = pass(shop).await?;
    let verdicts = |judged: &crate::domain::judged::Judged| -> Vec<_> {
        judged.tickets.iter().map(|(ticket, judgement)| (ticket.clone(), judgement.verdict)).collect()
    };
    let changed = verdicts(&before).iter().zip(verdicts(&outcome.judged)).filter(|(then, now)| *then != now).count();
    story.line(format!(
        "Jira refuses connections: {} could not be asked. {} changed; the report shows how old each is.",
        count(outcome.pass.lookups.get(&LookupKind::Unknown).copied().unwrap_or(0), "ticket"),
        if changed == 0 { "No verdict".to_owned() } else { count(changed, "verdict") },
    ));

    set(shop, "2024-05-27T09:00:00Z");
    cast.jira_comes_back().await.context("cannot play Jira again")?;
    cast.one_moves_and_one_is_deleted();
    story.scene(shop.clock.now(), "A moved ticket, and a link that is gone.");
    let outcome = pass(shop).await?;
    let of = |kind: LookupKind| outcome.pass.lookups.get(&kind).copied().unwrap_or(0);
    story.line(format!(
        "Jira is back. {} found, {} moved to another repository, {} deleted. This is what leads read now:",
        of(LookupKind::Found),
        of(LookupKind::Moved),
        of(LookupKind::Gone)
    ));
    Ok(outcome)
}

async fn pass(shop: &Shop) -> anyhow::Result<Outcome> {
    in_full(shop, Reach::Full, &CancellationToken::new(), &|_| {}).await
}

fn set(shop: &Shop, moment: &str) {
    shop.clock.set(moment.parse().expect("a constant moment"));
}

/// Where the challenge that the story follows stands, in words.
fn standing(outcome: &Outcome) -> &'static str {
    let followed = outcome
        .judged
        .challenges
        .iter()
        .find(|judged| outcome.known.documents[judged.document].challenges[judged.challenge].title == FOLLOWED);
    match followed.map(|judged| judged.standing) {
        Some(Standing::BrokenPromise) => "broken promise",
        Some(standing) => standing.word(),
        None => "not in the register",
    }
}

async fn shop(folder: &Path, cast: &Cast) -> anyhow::Result<Shop> {
    let write = |name: &str, text: &str| {
        std::fs::write(folder.join(name), text).with_context(|| format!("cannot write the sample `{name}`"))
    };
    write("challenges.md", CHALLENGES)?;
    write("minutes.md", MINUTES)?;
    let source = |name: &str| SourceSettings {
        name: name.to_owned(),
        folder: PathBuf::from(folder),
        ..SourceSettings::named(&format!("{name}.md"))
    };
    let http = Client::new(Limits { retry_delay: std::time::Duration::from_millis(20), ..Limits::default() })?;
    Ok(Shop {
        sources: vec![source("challenges"), source("minutes")],
        claims: cast.claims(),
        policy: Policy::default(),
        waivers: Vec::new(),
        store: Store::open(&folder.join("dragnet.db")).await?,
        trackers: Trackers::new(&cast.settings(), &http)?,
        remotes: std::sync::Arc::default(),
        clock: Clock::standing_at("2024-03-04T09:00:00Z".parse().expect("a constant moment")),
        whole: true,
    })
}

/// Keeps the pages up until somebody stops the program.
async fn serve(shop: Shop, output: &Output) -> anyhow::Result<()> {
    let listener = match tokio::net::TcpListener::bind("127.0.0.1:8080").await {
        Ok(listener) => listener,
        Err(_) => tokio::net::TcpListener::bind("127.0.0.1:0").await.context("cannot listen on 127.0.0.1")?,
    };
    let stop = CancellationToken::new();
    super::serve::stop_on_signal(&stop)?;
    output.say(&format!("\nThe pages are at http://{}/ until you press Ctrl-C.", listener.local_addr()?));
    let router = web::router(watch::channel(shop).1, &web::Gate::default()).merge(web::alive());
    web::serve(listener, router, watch::channel(None).1, stop).await?;
    Ok(())
}
