//! What the file says to the daemon, checked: schedules, where it listens, who may ask it, whom it tells.

use std::path::Path;

use chrono_tz::Tz;
use toml::Spanned;

use super::check::{Checked, address, span_of_time};
use super::credentials::{SecretPlace, Stored, named};
use super::error::Places;
use super::file;
use crate::domain::retention::{Keep, Retention};
use crate::domain::schedule::Schedule;

/// The least for which what is over is kept.
const LEAST: chrono::TimeDelta = chrono::TimeDelta::days(7);

/// What stands where it is kept as long as the store.
pub(super) const FOREVER: &str = "forever";

pub(super) fn zone(text: Option<&Spanned<String>>, places: &Places<'_>) -> Checked<Tz> {
    let Some(text) = text else { return Ok(Tz::UTC) };
    text.get_ref().parse().map_err(|_| {
        let hint = Some("expected a name of the time zone database, such as \"Europe/Berlin\"");
        places.wrong_with_hint(text.span(), format!("`{}` is no time zone", text.get_ref()), hint)
    })
}

pub(super) fn schedule(
    text: Option<&Spanned<String>>,
    default: &str,
    zone: Tz,
    places: &Places<'_>,
) -> Checked<Schedule> {
    let Some(text) = text else { return Ok(Schedule::parse(default, zone).expect("a constant schedule")) };
    Schedule::parse(text.get_ref(), zone).map_err(|error| {
        let hint = Some("five fields as in crontab, such as \"*/15 * * * *\"");
        places.wrong_with_hint(text.span(), format!("`{}`: {error}", text.get_ref()), hint)
    })
}

pub(super) fn jitter(text: Option<&Spanned<String>>, places: &Places<'_>) -> Checked<std::time::Duration> {
    let Some(text) = text else { return Ok(std::time::Duration::ZERO) };
    let span = span_of_time(text, places)?;
    if span > chrono::TimeDelta::hours(1) {
        return Err(places.wrong(text.span(), "a pass may begin up to an hour late, no more"));
    }
    Ok(span.to_std().unwrap_or_default())
}

pub(super) fn retention(raw: &file::Retention, places: &Places<'_>) -> Checked<Retention> {
    let mut retention = Retention::default();
    for (text, keep) in [
        (&raw.passes, &mut retention.passes),
        (&raw.deliveries, &mut retention.deliveries),
        (&raw.history, &mut retention.history),
    ] {
        let Some(text) = text else { continue };
        *keep = match text.get_ref().as_str() {
            FOREVER => Keep::Forever,
            _ => Keep::For(span_of_time(text, places)?),
        };
        // A source that is left out of the configuration by mistake is put back within days.
        if matches!(keep, Keep::For(span) if *span < LEAST) {
            return Err(places.wrong(text.span(), "what is over is kept for a week at least (or `forever`)"));
        }
    }
    Ok(retention)
}

pub(super) fn key(serve: &file::Serve, folder: &Path, places: &Places<'_>) -> Checked<Option<SecretPlace>> {
    let (text, secret) = match (&serve.token_file, &serve.token_env) {
        (Some(file), Some(_)) => {
            return Err(places.wrong(file.span(), "`token_file` and `token_env` exclude each other"));
        }
        (Some(file), None) => (file, Stored::File(named(folder, file.get_ref()))),
        (None, Some(name)) => (name, Stored::Env(name.get_ref().clone())),
        (None, None) => return Ok(None),
    };
    Ok(Some(SecretPlace { secret, place: places.place(text.span()) }))
}

pub(super) fn listen(text: Option<&Spanned<String>>, places: &Places<'_>) -> Checked<std::net::SocketAddr> {
    let Some(text) = text else { return Ok(([127, 0, 0, 1], 8080).into()) };
    text.get_ref().parse().map_err(|_| {
        let hint = Some("expected an address and a port, such as \"127.0.0.1:8080\"");
        places.wrong_with_hint(text.span(), format!("`{}` is no address to listen on", text.get_ref()), hint)
    })
}

pub(super) fn ping(text: Option<&Spanned<String>>, places: &Places<'_>) -> Checked<Option<url::Url>> {
    text.map(|text| address(text, places)).transpose()
}
