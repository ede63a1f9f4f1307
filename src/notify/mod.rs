//! Messages out: to chats and webhooks, by mail, into an issue.
//!
//! 1. What is sent goes to the address configured and nowhere else: no redirect is followed.
//! 2. Where an address is a secret, no message and no log tells more of it than its host.
//! 3. How a try ended is told apart: it arrived, it did not, nobody takes it there, or nobody knows.

mod hook;
mod issue;
mod mail;

use std::time::Duration;

use ::http::StatusCode;
use url::Url;

use crate::domain::channel::{Channel, Content, Letter, Then, Undelivered};
use crate::domain::time::Moment;
use crate::http::{Client, Fault, Reply};

/// Sends messages. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Notifier {
    http: Client,
    /// How long a mail may take, from the first byte to the server's word that it has it.
    patience: Duration,
}

/// Less than the outbox allows for a try.
const PATIENCE: Duration = Duration::from_secs(120);

impl Notifier {
    /// One that sends by this client what goes by HTTP.
    pub fn new(http: &Client) -> Self {
        Self::with_patience(http, PATIENCE)
    }

    /// The same with another limit of time for a mail.
    pub fn with_patience(http: &Client, patience: Duration) -> Self {
        Self { http: http.clone(), patience }
    }

    /// Sends a letter, once. `now` is when that is, for whoever checks how old a message is.
    ///
    /// # Errors
    /// When it did not arrive, or nobody knows whether it did.
    pub async fn send(&self, channel: &Channel, letter: &Letter, now: Moment) -> Result<(), Undelivered> {
        match (channel, &letter.content) {
            (Channel::Slack(hook) | Channel::Teams(hook), Content::Json(body)) => {
                hook::send(&self.http, hook, None, &letter.key, body, now).await
            }
            (Channel::Webhook(hook, secret), Content::Json(body)) => {
                hook::send(&self.http, hook, Some(secret), &letter.key, body, now).await
            }
            (Channel::Mail(_, server), Content::Mail { subject, text, html, stop }) => {
                let mail = mail::Written { key: &letter.key, to: &letter.recipient, subject, text, html, stop };
                mail::send(server, &mail, self.patience, now).await
            }
            (Channel::Issue(place), Content::Markdown(body)) => issue::send(&self.http, place, body).await,
            (channel, _) => Err(Undelivered {
                says: format!("it was written for another way than `{}`", channel.word()),
                then: Then::Never,
            }),
        }
    }

    /// Looks whether a channel can be reached, without sending anything; what there is to say of it.
    ///
    /// # Errors
    /// When it cannot.
    pub async fn examine(&self, channel: &Channel) -> Result<String, Undelivered> {
        match channel {
            Channel::Slack(hook) | Channel::Teams(hook) | Channel::Webhook(hook, _) => {
                hook::examine(&self.http, hook).await
            }
            Channel::Mail(_, server) => mail::examine(server, self.patience).await,
            Channel::Issue(place) => issue::examine(&self.http, place).await,
        }
    }
}

/// A site as messages name it: an address is a secret here.
fn site(url: &Url) -> Url {
    let mut site = url.clone();
    site.set_path("/");
    site.set_query(None);
    site.set_fragment(None);
    site
}

/// How a try ended that brought an answer. A word in it (`channel_is_archived`) is told, sentences are not: they may quote.
fn answered(reply: &Reply) -> Result<(), Undelivered> {
    if reply.status.is_success() {
        return Ok(());
    }
    let word = std::str::from_utf8(&reply.body).unwrap_or_default().trim();
    let is_word = (1..=40).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let word = if is_word { format!(" ({word})") } else { String::new() };
    let host = reply.url.host_str().unwrap_or_default();
    let then = match reply.status {
        _ if reply.is_limit() => Then::Again(reply.retry_after()),
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY => Then::Again(None),
        // It says itself that it did nothing.
        StatusCode::SERVICE_UNAVAILABLE => Then::Again(reply.retry_after()),
        status if status.is_server_error() => Then::AgainUnsure,
        _ => Then::Never,
    };
    Err(Undelivered { says: format!("{host} answered {}{word}", reply.status), then })
}

/// How a try ended that brought no answer. Whoever was not reached has taken nothing.
fn unanswered(fault: Fault, reached: bool) -> Undelivered {
    Undelivered { says: fault.trouble.says, then: if reached { Then::AgainUnsure } else { Then::Again(None) } }
}
