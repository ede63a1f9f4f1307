//! What docs/trackers.md says that asking costs an hour is what planning and forecasting come to.

use chrono::TimeDelta;
use dragnet::domain::details::Closing;
use dragnet::domain::known::Want;
use dragnet::domain::listing::{Home, Window};
use dragnet::domain::lookup::{Forecast, LookupKind};
use dragnet::domain::policy::Cadence;
use dragnet::domain::ticket::TicketId;
use dragnet::domain::time::Moment;
use dragnet::domain::tracker::{Credential, Flavor, TrackerId, TrackerKind, TrackerSettings};
use dragnet::http::{Client, Limits};
use dragnet::plan::{Reach, Terms, due};
use dragnet::trackers::Trackers;

use super::world::{noon, repository};

const SIZES: [usize; 4] = [100, 1_000, 10_000, 100_000];
/// Passes in an hour, and in a day.
const PASSES: f64 = 4.0;
const DAY: f64 = 24.0;

/// What is known of the tickets of a register before a pass.
#[derive(Clone, Copy, PartialEq)]
enum Known {
    /// Nothing.
    Nothing,
    /// Which are closed, and nothing of how that came about.
    State,
    /// All, since the pass before, a quarter of an hour ago.
    All,
}

/// A tracker, and where the n-th ticket is.
struct Case {
    trackers: Trackers,
    ticket: fn(usize) -> String,
}

impl Case {
    fn new(kind: TrackerKind, flavor: Option<Flavor>, credential: Credential, ticket: fn(usize) -> String) -> Self {
        let settings = TrackerSettings {
            id: TrackerId::first(kind),
            name: "it".to_owned(),
            site: "https://acme.example".parse().unwrap(),
            api_url: "https://acme.example".parse().unwrap(),
            flavor,
            credential,
            evidence_repos: Vec::new(),
            reserve: 0,
        };
        Self { trackers: Trackers::new(&[settings], &Client::new(Limits::default()).unwrap()).unwrap(), ticket }
    }

    /// What a pass takes of those tickets that are wanted.
    fn pass(&self, tickets: usize, known: Known, reach: Reach<'_>, wanted: fn(&Want) -> bool) -> Forecast {
        let now = noon("2026-06-01");
        let mut wants: Vec<Want> =
            (0..tickets).map(|n| want(n, (self.ticket)(n).parse().unwrap(), known, now)).collect();
        wants.retain(wanted);
        let manners = self.trackers.manners();
        let manner = manners.values().next().unwrap();
        let mut homes: Vec<Home> = wants.iter().map(|want| Home::of(&want.ticket)).collect();
        homes.sort();
        homes.dedup();
        let begun_at = now - TimeDelta::minutes(15);
        let window =
            |home| Window { home, credential: manner.credential.clone(), since: Some(begun_at), tag: None, begun_at };
        let windows: Vec<Window> = homes.into_iter().map(window).collect();
        let terms = Terms { now, cadence: Cadence::default(), windows: &windows, manners: &manners };
        let mut forecasts = self.trackers.forecast(&due(&wants, reach, terms));
        assert!(forecasts.len() <= 1);
        forecasts.pop().unwrap_or_else(|| Forecast::nothing(self.trackers.manners().into_keys().next().unwrap()))
    }

    /// The first pass, three more within its hour.
    fn first_hour(&self, tickets: usize, takes: fn(&Forecast) -> usize) -> usize {
        let light = takes(&self.pass(tickets, Known::Nothing, Reach::Due, |_| true).without_looks());
        // The same tickets, of which the closed ones are not looked at yet: what is more than light are the looks.
        let looks = self.pass(tickets, Known::State, Reach::Full, |want| want.closed == Some(true));
        light + takes(&looks) - takes(&looks.clone().without_looks()) + 3 * takes(&self.later(tickets))
    }

    /// A pass of every day: the open ones, which are asked for every time.
    fn later(&self, tickets: usize) -> Forecast {
        self.pass(tickets, Known::All, Reach::Due, |_| true)
    }

    /// An hour of an ordinary day: its passes, and each ticket that these leave out or only list, once a day.
    fn ordinary_hour(&self, tickets: usize, takes: fn(&Forecast) -> usize) -> f64 {
        let pass = self.later(tickets);
        let itself = if pass.listings > 0 {
            self.pass(tickets, Known::All, Reach::Full, |_| true)
        } else {
            self.pass(tickets, Known::All, Reach::Full, |want| want.closed == Some(true))
        };
        real(takes(&pass)) * PASSES + real(takes(&itself)) / DAY
    }
}

/// The part of a forecast that tells the state of tickets.
trait Light {
    fn without_looks(self) -> Self;
}

impl Light for Forecast {
    fn without_looks(mut self) -> Self {
        if let Some(quota) = &mut self.quota {
            quota.takes = self.requests;
        }
        self.further = 0;
        self
    }
}

/// The n-th ticket; three in five are closed, longer ago than `quiet_after`.
fn want(n: usize, ticket: TicketId, known: Known, now: Moment) -> Want {
    let (closed, long_ago, asked) = (n % 5 < 3, now - TimeDelta::days(400), now - TimeDelta::minutes(15));
    let told = (known != Known::Nothing).then_some(asked);
    let mut want = Want {
        ticket,
        remedy: true,
        followed: false,
        asked_at: told,
        told_at: told,
        lookup: told.map(|_| LookupKind::Found),
        closed: told.map(|_| closed),
        closed_at: told.filter(|_| closed).map(|_| long_ago),
        looked_at: None,
        good_at: told,
        updated_at: told.map(|_| long_ago),
        listed_since: None,
        nudge: None,
        moved_to: None,
        last_look: None,
        unlooked: None,
    };
    if known == Known::All && closed {
        let (closed_at, updated_at) = (want.closed_at, want.updated_at);
        let closing = Closing { state: "closed".to_owned(), reason: None, closed_at, updated_at };
        want.looked_at = Some(closing.into());
        want.last_look = told;
    }
    want
}

fn points(forecast: &Forecast) -> usize {
    forecast.quota.map_or(0, |quota| quota.takes)
}

fn requests(forecast: &Forecast) -> usize {
    forecast.requests + forecast.listings + forecast.further
}

fn real(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap())
}

/// As the table writes it: two digits where it is less than one, thousands apart.
fn shown(figure: f64) -> String {
    if figure < 0.95 {
        return format!("{figure:.1}");
    }
    let digits = format!("{:.0}", figure.round());
    match digits.len() {
        4.. => format!("{},{}", &digits[..digits.len() - 3], &digits[digits.len() - 3..]),
        _ => digits,
    }
}

fn token() -> Credential {
    Credential::Bearer("token".to_owned().into())
}

#[test]
fn what_it_costs_an_hour_is_what_the_documentation_says() {
    let few = Case::new(TrackerKind::GitHub, None, token(), |n| format!("github:acme/r{}#{}", n / 50, n % 50 + 1));
    let many = Case::new(TrackerKind::GitHub, None, token(), |n| format!("github:acme/r{}#{}", n / 250, n % 250 + 1));
    let nobody = Case::new(TrackerKind::GitHub, None, Credential::Anonymous, |n| format!("github:acme/r#{}", n + 1));
    let jira = |flavor| Case::new(TrackerKind::Jira, Some(flavor), token(), |n| format!("jira:ARCH-{}", n + 1));
    let (cloud, center) = (jira(Flavor::Cloud), jira(Flavor::DataCenter));
    let an_hour = |figure: f64| figure * 100.0 / 5000.0;
    // Halves go up, as by hand.
    let part = |figure: f64| match figure {
        0.0..10.0 => format!("{:.1} %", (figure * 10.0).round() / 10.0),
        _ => format!("{:.0} %", figure.round()),
    };
    let hours = |tickets: usize| {
        let quota = nobody.pass(tickets, Known::Nothing, Reach::Due, |_| true).quota.unwrap();
        quota.takes.div_ceil(quota.allows)
    };
    type Row<'a> = (&'a str, Box<dyn Fn(usize) -> String + 'a>);
    let rows: [Row<'_>; 9] = [
        ("GitHub, points in the hour of the first pass", Box::new(|n| shown(real(few.first_hour(n, points))))),
        (
            "GitHub, points an hour after that, in repositories of fewer",
            Box::new(|n| shown(few.ordinary_hour(n, points))),
        ),
        ("… of the 5,000", Box::new(|n| part(an_hour(few.ordinary_hour(n, points))))),
        (
            "GitHub, points an hour after that, in repositories of 250",
            Box::new(|n| if n < 250 { "–".to_owned() } else { shown(many.ordinary_hour(n, points)) }),
        ),
        (
            "… and listings",
            Box::new(|n| if n < 250 { "–".to_owned() } else { shown(real(many.later(n).listings) * PASSES) }),
        ),
        ("Jira Cloud, requests in the hour", Box::new(|n| shown(real(cloud.first_hour(n, requests))))),
        ("Jira Data Center, requests in the hour", Box::new(|n| shown(real(center.first_hour(n, requests))))),
        (
            "either Jira, requests an hour after that",
            Box::new(|n| {
                let figure = shown(cloud.ordinary_hour(n, requests));
                assert_eq!(figure, shown(center.ordinary_hour(n, requests)));
                figure
            }),
        ),
        ("GitHub without a token, hours", Box::new(|n| shown(real(hours(n))))),
    ];
    let text = std::fs::read_to_string(repository("docs/trackers.md")).unwrap();
    for (what, figure) in rows {
        let line = text.lines().find(|line| line.starts_with(&format!("| {what}")));
        let line = line.unwrap_or_else(|| panic!("no line for {what}"));
        let said: Vec<&str> = line.trim_matches('|').split('|').skip(1).map(str::trim).collect();
        assert_eq!(said, SIZES.map(figure), "{what}");
    }
}
