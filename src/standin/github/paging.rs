//! Lists that come page by page, each with links to those that follow.

use super::super::server::{Answer, Request};

/// The part of a list that is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    /// From 1.
    number: usize,
    size: usize,
}

impl Page {
    pub(super) fn asked_for(request: &Request) -> Self {
        let number = |name: &str, default| request.parameter(name).and_then(|n| n.parse().ok()).unwrap_or(default);
        Self { number: number("page", 1).max(1), size: number("per_page", 30).clamp(1, 100) }
    }

    /// What is on it.
    pub(super) fn of<T>(self, all: impl IntoIterator<Item = T>) -> impl Iterator<Item = T> {
        all.into_iter().skip((self.number - 1) * self.size).take(self.size)
    }

    /// Whether a list of so many goes on after it.
    pub(super) fn goes_on(self, all: usize) -> bool {
        self.number * self.size < all
    }

    /// An answer that leads on to the next and to the last page of the list at `address`, which has so many entries.
    pub(super) fn linked(self, answer: Answer, request: &Request, address: &str, all: usize) -> Answer {
        let at = |page: usize| {
            let kept = request.query.iter().filter(|(name, _)| name != "page");
            let query = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(kept)
                .append_pair("page", &page.to_string())
                .finish();
            format!("<{address}?{query}>")
        };
        let (next, last) = (self.number + 1, all.div_ceil(self.size).max(self.number + 1));
        answer.with("link", &format!("{}; rel=\"next\", {}; rel=\"last\"", at(next), at(last)))
    }
}
