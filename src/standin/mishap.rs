//! What can go wrong with a tracker, to be switched on while it runs.

use std::time::Duration;

use super::server::{Answer, Request};

/// One way of misbehaving.
#[derive(Debug, Clone, PartialEq)]
pub enum Mishap {
    /// This status with a message.
    Status(u16),
    /// 429, or another status, with this `Retry-After`.
    RetryAfter(u16, String),
    /// This status with these headers.
    Refusal(u16, Vec<(String, String)>),
    /// The true answer with these headers, in place of its own of the same names.
    Remark(Vec<(String, String)>),
    /// 403 with no requests left until this epoch.
    PrimaryLimit(i64),
    /// 403 with a message about a secondary rate limit.
    SecondaryLimit,
    /// A login page with 200.
    LoginPage,
    /// A web page with this status, as a proxy would send it.
    WebPage(u16),
    /// The first half of the true answer.
    HalfJson,
    /// 200 and nothing.
    EmptyBody,
    /// The true answer, said to be plain text.
    PlainText,
    /// JSON that has nothing to do with the question.
    WrongShape,
    /// JSON that holds nothing but lists in lists, so many deep.
    Nested(usize),
    /// The true answer, this much later.
    Slow(Duration),
    /// The connection breaks in the middle of the true answer.
    CutOff,
    /// A redirect to this address.
    Redirect(String),
    /// An answer of this many bytes.
    Flood(usize),
    /// An answer that is small until it is unpacked to about this many bytes.
    Bomb(usize),
    /// The true answer byte by byte, with this pause between them.
    Trickle(Duration),
}

/// A mishap with where and how often it happens.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    pub(super) mishap: Mishap,
    place: Option<Place>,
    left: Option<usize>,
}

/// Where a mishap happens.
#[derive(Debug, Clone, PartialEq)]
enum Place {
    /// At paths that contain this.
    Around(String),
    /// At this path.
    Exactly(String),
    /// Where the body contains this.
    Body(String),
}

impl From<Mishap> for Fault {
    /// Everywhere, until healed.
    fn from(mishap: Mishap) -> Self {
        Self { mishap, place: None, left: None }
    }
}

impl Mishap {
    /// Happens only where the path contains this.
    pub fn on(self, path: &str) -> Fault {
        Fault::from(self).on(path)
    }

    /// Happens only where the body contains this.
    pub fn on_body(self, text: &str) -> Fault {
        let place = Some(Place::Body(text.to_owned()));
        Fault { place, ..Fault::from(self) }
    }

    /// Happens only at this path; the query does not matter.
    pub fn at(self, path: &str) -> Fault {
        Fault::from(self).at(path)
    }

    /// Happens only so many times.
    pub fn times(self, times: usize) -> Fault {
        Fault::from(self).times(times)
    }

    /// What is answered: from the true answer or without it.
    pub(super) fn apply(&self, truth: impl FnOnce() -> Answer) -> Answer {
        match self {
            Self::Status(status) => Answer::message(*status, "a mishap"),
            Self::RetryAfter(status, pause) => Answer::message(*status, "slow down").with("retry-after", pause),
            Self::Refusal(status, headers) => headers
                .iter()
                .fold(Answer::message(*status, "slow down"), |answer, (name, value)| answer.with(name, value)),
            Self::Remark(headers) => {
                let mut answer = truth();
                answer.headers.retain(|(name, _)| headers.iter().all(|(other, _)| other != name));
                answer.headers.extend_from_slice(headers);
                answer
            }
            Self::PrimaryLimit(reset) => Answer::message(403, "API rate limit exceeded for 127.0.0.1.")
                .with("x-ratelimit-limit", "60")
                .with("x-ratelimit-remaining", "0")
                .with("x-ratelimit-reset", &reset.to_string()),
            Self::SecondaryLimit => Answer::message(403, "You have exceeded a secondary rate limit."),
            Self::LoginPage => Answer::page(200, "<!doctype html><form>Log in <input type=\"password\"></form>"),
            Self::WebPage(status) => Answer::page(*status, "<!doctype html><p>The gateway is not amused.</p>"),
            Self::HalfJson => {
                let mut answer = truth();
                answer.body.truncate(answer.body.len() / 2);
                answer
            }
            Self::EmptyBody => Answer { status: 200, headers: Vec::new(), body: Vec::new(), cut: false }
                .with("content-type", "application/json"),
            Self::PlainText => {
                let mut answer = truth();
                answer.headers.retain(|(name, _)| name != "content-type");
                answer.with("content-type", "text/plain")
            }
            Self::WrongShape => Answer::json(200, &serde_json::json!({"weather": "fine"})),
            Self::Nested(depth) => {
                let mut answer = Answer::json(200, &serde_json::Value::Null);
                answer.body = ["[".repeat(*depth), "]".repeat(*depth)].concat().into_bytes();
                answer
            }
            Self::Slow(_) | Self::Trickle(_) => truth(),
            Self::CutOff => {
                let mut answer = truth();
                answer.cut = true;
                answer
            }
            Self::Redirect(there) => Answer::message(302, "Found").with("location", there),
            Self::Bomb(bytes) => {
                let mut answer = Answer::json(200, &serde_json::Value::Null).with("content-encoding", "gzip");
                answer.body = bomb(*bytes);
                answer
            }
            Self::Flood(bytes) => Answer::json(200, &serde_json::json!(" ".repeat(*bytes))),
        }
    }
}

impl Fault {
    /// Happens only where the path contains this.
    pub fn on(mut self, path: &str) -> Self {
        self.place = Some(Place::Around(path.to_owned()));
        self
    }

    /// Happens only at this path; the query does not matter.
    pub fn at(mut self, path: &str) -> Self {
        self.place = Some(Place::Exactly(path.to_owned()));
        self
    }

    /// Happens only so many times.
    pub fn times(mut self, times: usize) -> Self {
        self.left = Some(times);
        self
    }

    /// Whether it happens to this request; counted if so.
    pub(super) fn strikes(&mut self, request: &Request) -> bool {
        let here = match &self.place {
            None => true,
            Some(Place::Around(part)) => request.path.contains(part),
            Some(Place::Exactly(path)) => request.path == *path,
            Some(Place::Body(text)) => String::from_utf8_lossy(&request.body).contains(text),
        };
        if !here {
            return false;
        }
        match &mut self.left {
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
            None => true,
        }
    }
}

/// Gzip of a blank and then, again and again, 258 bytes like the one before: thirteen bits each in deflate's fixed code.
fn bomb(bytes: usize) -> Vec<u8> {
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    // A last block in the fixed code, then the blank's code: 0x30 + 0x20.
    let blank = [true, true, false, false, true, false, true, false, false, false, false];
    // Length 258 (code 285), distance 1 (code 0).
    let again = [true, true, false, false, false, true, false, true, false, false, false, false, false];
    let (mut byte, mut filled) = (0_u8, 0);
    let repeated = std::iter::repeat_n(again, bytes / 258).flatten();
    for bit in blank.into_iter().chain(repeated) {
        byte |= u8::from(bit) << filled;
        filled += 1;
        if filled == 8 {
            packed.push(byte);
            (byte, filled) = (0, 0);
        }
    }
    packed.push(byte);
    packed
}
