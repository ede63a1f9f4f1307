//! What surrounds a ticket's closing, and the words to tell it with.

use super::draft::Draft;
use super::{Entry, Moment};

/// What surrounds a ticket's closing.
#[derive(Debug, Clone, Default)]
pub(super) struct Story {
    pub(super) body: String,
    /// For a pull request: the branch that it came from.
    pub(super) branch: Option<String>,
    pub(super) association: Option<String>,
    pub(super) labels: Vec<String>,
    pub(super) milestone: Option<String>,
    pub(super) assignee: Option<String>,
    pub(super) remarks: Vec<Remark>,
    pub(super) happenings: Vec<Happening>,
    /// Parts of it.
    pub(super) sub_issues: Vec<Name>,
    /// What it duplicates.
    pub(super) original: Option<Name>,
    /// Pull requests that say they close it.
    pub(super) closers: Vec<Name>,
}

/// A ticket by repository and number.
pub(super) type Name = (String, u64);

/// A comment.
#[derive(Debug, Clone)]
pub(super) struct Remark {
    pub(super) by: String,
    pub(super) text: String,
    pub(super) at: Moment,
}

/// Something on the timeline.
#[derive(Debug, Clone)]
pub(super) struct Happening {
    pub(super) at: Moment,
    pub(super) by: String,
    pub(super) what: What,
}

/// What happened.
#[derive(Debug, Clone)]
pub(super) enum What {
    Closed { reason: Option<String>, closer: Option<Closer> },
    Reopened,
    Merged,
    Duplicate { of: Name },
    Converted { discussion: u64 },
    CrossReferenced { from: Name, closes: bool },
    Referenced { commit: String, headline: String },
}

/// What closed a ticket.
#[derive(Debug, Clone)]
pub(super) enum Closer {
    Commit(String),
    Pull(Name),
}

impl Draft {
    /// Its description.
    pub fn body(self, text: &str) -> Self {
        self.change(|ticket| text.clone_into(&mut ticket.story.body))
    }

    /// The branch that a pull request came from.
    pub fn branch(self, name: &str) -> Self {
        self.change(|ticket| ticket.story.branch = Some(name.to_owned()))
    }

    /// Who opened it, and what they are to the project: `MEMBER`, `CONTRIBUTOR`, `NONE` …
    pub fn author(self, login: &str, association: &str) -> Self {
        self.change(|ticket| {
            login.clone_into(&mut ticket.author);
            ticket.story.association = Some(association.to_owned());
        })
    }

    /// One more label.
    pub fn labelled(self, label: &str) -> Self {
        self.change(|ticket| ticket.story.labels.push(label.to_owned()))
    }

    /// Its milestone.
    pub fn milestone(self, title: &str) -> Self {
        self.change(|ticket| ticket.story.milestone = Some(title.to_owned()))
    }

    /// Who is to do it.
    pub fn assigned(self, login: &str) -> Self {
        self.change(|ticket| ticket.story.assignee = Some(login.to_owned()))
    }

    /// A comment; a login that ends with `[bot]` is a program's.
    pub fn comment(self, by: &str, text: &str, at: Moment) -> Self {
        self.change(|ticket| {
            ticket.story.remarks.push(Remark { by: by.to_owned(), text: text.to_owned(), at });
            ticket.updated_at = ticket.updated_at.max(at);
        })
    }

    /// Who closed it last.
    pub fn closed_by(self, login: &str) -> Self {
        self.change(|ticket| {
            if let Some(closing) = &mut ticket.closed {
                login.clone_into(&mut closing.by);
            }
            if let Some(last) = ticket.story.last_closing() {
                login.clone_into(&mut last.by);
            }
        })
    }

    /// The pull request that closed it last, which says so itself.
    pub fn closed_by_pull(self, repo: &str, number: u64) -> Self {
        let name = (repo.to_owned(), number);
        self.closer(Closer::Pull(name.clone())).closing_pull(repo, number)
    }

    /// The commit that closed it last.
    pub fn closed_by_commit(self, commit: &str) -> Self {
        self.closer(Closer::Commit(commit.to_owned()))
    }

    fn closer(self, by: Closer) -> Self {
        self.change(|ticket| {
            if let Some(Happening { what: What::Closed { closer, .. }, .. }) = ticket.story.last_closing() {
                *closer = Some(by);
            }
        })
    }

    /// A pull request that says it closes the ticket.
    pub fn closing_pull(self, repo: &str, number: u64) -> Self {
        self.change(|ticket| ticket.story.closers.push((repo.to_owned(), number))).cross_referenced(repo, number, true)
    }

    /// Another ticket that mentions it.
    pub fn mentioned_by(self, repo: &str, number: u64) -> Self {
        self.cross_referenced(repo, number, false)
    }

    fn cross_referenced(self, repo: &str, number: u64, closes: bool) -> Self {
        let (at, by) = self.made(repo, number);
        let from = (repo.to_owned(), number);
        self.change(|ticket| {
            ticket.story.happenings.push(Happening { at, by, what: What::CrossReferenced { from, closes } });
        })
    }

    /// When and by whom another ticket was made.
    fn made(&self, repo: &str, number: u64) -> (Moment, String) {
        let mut state = self.github.state();
        match state.repo(repo).entries.get(&number) {
            Some(Entry::Ticket(other)) => (other.created_at, other.author.clone()),
            _ => (super::start(), "octo-author".to_owned()),
        }
    }

    /// A commit that mentions it.
    pub fn referenced_by(self, commit: &str, headline: &str, at: Moment) -> Self {
        let what = What::Referenced { commit: commit.to_owned(), headline: headline.to_owned() };
        self.happens(at, "octo-committer", what)
    }

    /// A pull request of the same repository that was made to revert this one.
    pub fn reverted_by(self, number: u64, at: Moment) -> Self {
        let mut title = String::new();
        let itself = self.change(|ticket| ticket.title.clone_into(&mut title));
        let body = format!("Reverts {}#{}", itself.repo, itself.number);
        itself
            .github
            .pull(&itself.repo, number)
            .titled(&format!("Revert \"{title}\""))
            .body(&body)
            .opened(at)
            .merged(at);
        let repo = itself.repo.clone();
        itself.mentioned_by(&repo, number)
    }

    /// Marks it as a duplicate of another, long ago: nothing of that is on the timeline's last page any more.
    pub fn duplicates(self, repo: &str, number: u64) -> Self {
        self.change(|ticket| ticket.story.original = Some((repo.to_owned(), number)))
    }

    /// Marks it as a duplicate of another.
    pub fn duplicate_of(self, repo: &str, number: u64, at: Moment) -> Self {
        self.duplicates(repo, number).happens(at, "octo-closer", What::Duplicate { of: (repo.to_owned(), number) })
    }

    /// Turns it into a discussion, which closes and locks it.
    pub fn converted_to_discussion(self, discussion: u64, at: Moment) -> Self {
        self.closed(at).happens(at, "octo-closer", What::Converted { discussion })
    }

    /// A part of it with a number of its own.
    pub fn sub_issue(self, repo: &str, number: u64) -> Self {
        self.change(|ticket| ticket.story.sub_issues.push((repo.to_owned(), number)))
    }

    pub(super) fn happens(self, at: Moment, by: &str, what: What) -> Self {
        self.change(|ticket| ticket.story.happenings.push(Happening { at, by: by.to_owned(), what }))
    }
}

impl Story {
    fn last_closing(&mut self) -> Option<&mut Happening> {
        self.happenings.iter_mut().rfind(|happening| matches!(happening.what, What::Closed { .. }))
    }
}
