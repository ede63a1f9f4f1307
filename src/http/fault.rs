//! What can go wrong on the way, said with the address it went wrong at.

use std::error::Error;

use url::Url;

use super::limits::Limits;
use crate::domain::lookup::{Trouble, TroubleKind};

/// Why there is no reply at all, and whether it is worth repeating the request.
#[derive(Debug, Clone)]
pub struct Fault {
    /// What went wrong.
    pub trouble: Trouble,
    /// Whether it may pass.
    pub again: bool,
    /// Whether it took as long as a request may take; such are repeated less often.
    pub slow: bool,
}

impl Fault {
    /// Reads a transport error, wherever in the chain of causes the telling part is.
    pub fn read(url: &Url, error: &(dyn Error + 'static), limits: &Limits) -> Self {
        let outage = |says: String, again: bool, slow: bool| Self {
            trouble: Trouble { kind: TroubleKind::Outage, says },
            again,
            slow,
        };
        let sent = causes(error).find_map(|cause| cause.downcast_ref::<reqwest::Error>());
        let because = root(error);
        match sent {
            Some(error) if error.is_connect() => {
                outage(format!("cannot connect to {} ({because})", origin(url)), true, error.is_timeout())
            }
            Some(error) if error.is_timeout() => {
                let limit = limits.total_timeout.as_secs_f32();
                outage(format!("{} did not answer within {limit} s", shown(url)), true, true)
            }
            Some(error) if error.is_builder() => outage(format!("cannot ask {} ({because})", shown(url)), false, false),
            _ => outage(format!("the connection to {} broke off ({because})", origin(url)), true, false),
        }
    }

    /// A body longer than allowed: no tracker sends one, so it is no answer.
    pub(super) fn too_long(url: &Url, limits: &Limits) -> Self {
        let says = format!("{} sent more than {} bytes", shown(url), limits.body_bytes);
        Self { trouble: Trouble { kind: TroubleKind::Misread, says }, again: false, slow: false }
    }
}

/// An address as messages show it: without user, password, query and fragment, which may hold secrets.
pub(super) fn shown(url: &Url) -> String {
    format!("{}{}", origin(url), url.path())
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

pub(super) fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| {
        let error: &'a (dyn Error + 'static) = *error;
        error.source()
    })
}

/// The deepest cause; of an operating system's error its plain name, without its number.
fn root(error: &(dyn Error + 'static)) -> String {
    let Some(deepest) = causes(error).last() else { return String::new() };
    match deepest.downcast_ref::<std::io::Error>() {
        Some(io) if io.raw_os_error().is_some() => io.kind().to_string(),
        _ => deepest.to_string(),
    }
}
