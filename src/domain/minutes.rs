//! Minutes: meetings by date and what was brought up in them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::place::Place;
use super::ticket::TicketId;

/// One meeting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Meeting {
    /// The day.
    pub date: NaiveDate,
    /// Where its date stands.
    pub place: Place,
    /// Whether the notes say that it did not take place.
    pub skipped: bool,
    /// What was brought up, in order.
    pub topics: Vec<Topic>,
}

/// One subject of a meeting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Topic {
    /// `inform`, `quest`, `musings/questions` …: the page's own word in lower case.
    pub intention: Option<String>,
    /// Who brought it up.
    pub speaker: Option<String>,
    /// What it is about.
    pub text: String,
    /// Where its line starts.
    pub place: Place,
    /// Whether the form has lost what would tell a topic from a reply, so that this is our reading.
    pub assumed: bool,
    /// What was said to it.
    pub replies: Vec<Reply>,
    /// What was agreed.
    pub follow_ups: Vec<FollowUp>,
    /// Tickets cited in it and in its replies, once, in order of first appearance.
    pub tickets: Vec<TicketId>,
}

/// One line said to a topic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// Who said it, where given.
    pub speaker: Option<String>,
    /// What was said.
    pub text: String,
    /// Where it starts.
    pub place: Place,
}

/// Something that a meeting agreed somebody would do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FollowUp {
    /// Who, where given.
    pub owner: Option<String>,
    /// What.
    pub text: String,
    /// Where it starts.
    pub place: Place,
    /// Whether the notes say that it was done.
    #[serde(default)]
    pub done: bool,
    /// Whether it links to anything.
    #[serde(default)]
    pub linked: bool,
    /// Tickets cited in it.
    #[serde(default)]
    pub tickets: Vec<TicketId>,
}

/// A topic whose words are like a challenge's. That it is about the challenge is a guess, and told as one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// Where it stands.
    pub place: Place,
    /// The day of its meeting.
    pub date: NaiveDate,
    /// What it is about.
    pub text: String,
}
