//! Mail by SMTP: text and HTML, with an address at which its reader leaves it by one click (RFC 8058).

use std::time::Duration;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, Message};
use secrecy::ExposeSecret;
use url::Url;

use crate::domain::channel::{MailSecurity, MailServer, Then, Undelivered};
use crate::domain::time::Moment;

/// How long the server may take to be reached, and over a farewell.
const STEP: Duration = Duration::from_secs(20);

/// A mail, written.
pub(super) struct Written<'a> {
    pub(super) key: &'a str,
    pub(super) to: &'a str,
    pub(super) subject: &'a str,
    pub(super) text: &'a str,
    pub(super) html: &'a str,
    pub(super) stop: &'a Url,
}

pub(super) async fn send(
    server: &MailServer,
    mail: &Written<'_>,
    patience: Duration,
    now: Moment,
) -> Result<(), Undelivered> {
    let message = message(server, mail, now)
        .map_err(|error| Undelivered { says: format!("cannot write the mail: {error:#}"), then: Then::Never })?;
    let mut connection = in_time(server, patience, Then::Again(None), connect(server)).await?;
    // From the first word of the mail on, a connection that breaks off says nothing of what became of it.
    let written = message.formatted();
    let sending =
        async { connection.send(message.envelope(), &written).await.map_err(|error| refused(&error, server)) };
    in_time(server, patience, Then::AgainUnsure, sending).await?;
    let _ = tokio::time::timeout(STEP, connection.quit()).await;
    Ok(())
}

/// Whether the server is there, encrypts as is asked for, and knows us. No mail is begun.
pub(super) async fn examine(server: &MailServer, patience: Duration) -> Result<String, Undelivered> {
    let mut connection = in_time(server, patience, Then::Again(None), connect(server)).await?;
    let _ = tokio::time::timeout(STEP, connection.quit()).await;
    let knows = if server.login.is_some() { "answers and knows us" } else { "answers" };
    Ok(format!("{} {knows}", server.host))
}

async fn in_time<T>(
    server: &MailServer,
    patience: Duration,
    then: Then,
    work: impl Future<Output = Result<T, Undelivered>>,
) -> Result<T, Undelivered> {
    let slow = || Undelivered { says: format!("{} did not answer in time", server.host), then };
    tokio::time::timeout(patience, work).await.unwrap_or_else(|_| Err(slow()))
}

/// A connection that is encrypted and logged in, as far as the configuration says so.
async fn connect(server: &MailServer) -> Result<AsyncSmtpConnection, Undelivered> {
    // Whatever is wrong before a mail is begun is wrong with the server or the account.
    let failed =
        |error: Error| Undelivered { says: format!("{}: {}", server.host, said(&error)), then: Then::Again(None) };
    let tls = || TlsParameters::new(server.host.clone());
    let outer = match server.security {
        MailSecurity::Tls => Some(tls().map_err(failed)?),
        MailSecurity::StartTls | MailSecurity::None => None,
    };
    let us = ClientId::default();
    let place = (server.host.as_str(), server.port);
    let mut connection =
        AsyncSmtpConnection::connect_tokio1(place, Some(STEP), &us, outer, None).await.map_err(failed)?;
    if server.security == MailSecurity::StartTls {
        if !connection.can_starttls() {
            connection.abort().await;
            return Err(Undelivered {
                says: format!("{} offers no encryption (STARTTLS), and nothing was said to it", server.host),
                then: Then::Again(None),
            });
        }
        connection.starttls(tls().map_err(failed)?, &us).await.map_err(failed)?;
    }
    if let Some((user, password)) = &server.login {
        let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
        let refused = |error: Error| Undelivered {
            says: format!("{} refused the account `{user}`: {}", server.host, said(&error)),
            then: Then::Again(None),
        };
        connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await.map_err(refused)?;
    }
    Ok(connection)
}

/// What it means that a mail was not taken. What is no refusal is a connection that broke off.
fn refused(error: &Error, server: &MailServer) -> Undelivered {
    let then = match () {
        // The latter is found by us before anything is sent.
        () if error.is_permanent() || error.is_client() => Then::Never,
        () if error.is_transient() => Then::Again(None),
        () => Then::AgainUnsure,
    };
    Undelivered { says: format!("{}: {}", server.host, said(error)), then }
}

/// What went wrong, with the server's own code. Its words may be about anybody, so they are left out.
fn said(error: &Error) -> String {
    match error.status() {
        Some(code) => format!("it answered {code}"),
        None => {
            let mut deepest: &dyn std::error::Error = error;
            while let Some(cause) = deepest.source() {
                deepest = cause;
            }
            deepest.to_string()
        }
    }
}

/// Headers are typed or encoded by the library, so nothing in a subject ends one.
fn message(server: &MailServer, mail: &Written<'_>, now: Moment) -> anyhow::Result<Message> {
    let from: Mailbox = server.from.parse()?;
    let to = Mailbox::new(None, mail.to.parse::<Address>()?);
    // The same mail always has the same id, so that programs show one that comes twice once.
    let id = format!("<{}@{}>", mail.key, from.email.domain());
    let raw = |name: &'static str, value: String| HeaderValue::new(HeaderName::new_from_ascii_str(name), value);
    let parts = MultiPart::alternative_plain_html(mail.text.to_owned(), mail.html.to_owned());
    let message = Message::builder()
        .from(from)
        .to(to)
        .subject(mail.subject)
        .date(std::time::SystemTime::from(now))
        .message_id(Some(id))
        // <https://www.rfc-editor.org/rfc/rfc8058#section-3.1>
        .raw_header(raw("List-Unsubscribe", format!("<{}>", mail.stop)))
        .raw_header(raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()))
        // No answers from programs on holiday. <https://www.rfc-editor.org/rfc/rfc3834#section-5>
        .raw_header(raw("Auto-Submitted", "auto-generated".to_owned()))
        .multipart(parts)?;
    Ok(message)
}
