//! Quotas: how many requests are allowed, and what every answer says of that.

use super::super::server::Answer;

/// When limits are lifted, and every quota begins anew.
pub(super) const RESET: i64 = 4_102_444_800;

/// The moment at which everything is answered, an hour before: time stands still here.
const DATE: &str = "Thu, 31 Dec 2099 23:00:00 GMT";

/// Requests allowed and made, until somebody sets them anew.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    pub(super) limit: u64,
    pub(super) used: u64,
}

impl Budget {
    pub(super) fn of(limit: u64) -> Self {
        Self { limit, used: 0 }
    }

    /// Takes one; `false` when nothing is left.
    pub(super) fn spend(&mut self) -> bool {
        let left = self.used < self.limit;
        self.used += u64::from(left);
        left
    }

    pub(super) fn remaining(&self) -> u64 {
        self.limit - self.used
    }
}

/// An answer with what it says of the quota that it was counted on.
pub(super) fn limited(answer: Answer, budget: &Budget, resource: &str) -> Answer {
    answer
        .with("date", DATE)
        .with("x-ratelimit-limit", &budget.limit.to_string())
        .with("x-ratelimit-remaining", &budget.remaining().to_string())
        .with("x-ratelimit-used", &budget.used.to_string())
        .with("x-ratelimit-reset", &RESET.to_string())
        .with("x-ratelimit-resource", resource)
        .with("x-github-media-type", "github.v3; format=json")
}
