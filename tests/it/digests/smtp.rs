//! A mail server on loopback that takes mails in, or refuses them in the ways that servers have.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with mails to addresses that hold this text.
#[derive(Debug, Clone)]
pub(crate) enum Habit {
    /// Says this instead of taking the recipient.
    AtRecipient(&'static str, &'static str),
    /// Says this after the mail.
    AfterMail(&'static str, &'static str),
    /// Takes the mail and never says so.
    Silent(&'static str),
}

/// A mail that was taken in.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    pub(crate) to: String,
    pub(crate) text: String,
}

/// The server, until it is dropped.
pub(crate) struct Smtp {
    pub(crate) port: u16,
    taken: Arc<Mutex<Vec<Mail>>>,
    habits: Arc<Mutex<Vec<Habit>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Smtp {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Smtp {
    pub(crate) async fn new() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (taken, habits) = (Arc::default(), Arc::default());
        let (mails, ways) = (Arc::clone(&taken), Arc::clone(&habits));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, Arc::clone(&mails), Arc::clone(&ways)));
            }
        });
        Self { port, taken, habits, task }
    }

    /// Every mail that came whole, whatever was said to it.
    pub(crate) fn taken(&self) -> Vec<Mail> {
        self.taken.lock().unwrap().clone()
    }

    pub(crate) fn behaves(&self, habits: &[Habit]) {
        *self.habits.lock().unwrap() = habits.to_vec();
    }
}

async fn talk(stream: TcpStream, taken: Arc<Mutex<Vec<Mail>>>, habits: Arc<Mutex<Vec<Habit>>>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    let mut to = String::new();
    stream.write_all(b"220 mail.example ESMTP\r\n").await.ok()?;
    loop {
        let line = line(&mut stream).await?;
        let upper = line.to_ascii_uppercase();
        let answer = if upper.starts_with("EHLO") {
            "250-mail.example\r\n250-8BITMIME\r\n250 SMTPUTF8".to_owned()
        } else if upper.starts_with("RCPT TO:") {
            line[8..].trim_matches(['<', '>', ' ']).clone_into(&mut to);
            let habits = habits.lock().unwrap().clone();
            let refused = habits.iter().find_map(|habit| match habit {
                Habit::AtRecipient(part, says) if to.contains(part) => Some(*says),
                _ => None,
            });
            refused.unwrap_or("250 2.1.5 fine").to_owned()
        } else if upper == "DATA" {
            stream.write_all(b"354 go on\r\n").await.ok()?;
            let text = body(&mut stream).await?;
            taken.lock().unwrap().push(Mail { to: to.clone(), text });
            let habits = habits.lock().unwrap().clone();
            if habits.iter().any(|habit| matches!(habit, Habit::Silent(part) if to.contains(part))) {
                return std::future::pending().await;
            }
            let said = habits.iter().find_map(|habit| match habit {
                Habit::AfterMail(part, says) if to.contains(part) => Some(*says),
                _ => None,
            });
            said.unwrap_or("250 2.0.0 queued").to_owned()
        } else if upper == "QUIT" {
            "221 2.0.0 bye".to_owned()
        } else {
            "250 2.0.0 fine".to_owned()
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
    }
}

async fn line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    let read = stream.read_line(&mut line).await.ok()?;
    (read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
}

/// A mail up to the line with a dot alone.
async fn body(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut text = String::new();
    loop {
        let line = line(stream).await?;
        if line == "." {
            return Some(text);
        }
        text += line.strip_prefix('.').unwrap_or(&line);
        text += "\n";
    }
}
