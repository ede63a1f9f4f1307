//! What documents cite besides tickets, each once with where it is cited and what is known of it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::citation::{KnownTarget, Sort};
use crate::domain::known::Known;
use crate::domain::place::Place;

use super::words::rfc3339;

/// Something besides a ticket that is cited.
#[derive(Serialize)]
pub(super) struct CitationOut<'a> {
    sort: Sort,
    target: &'a str,
    /// What looking gave last; absent where nobody looked: what is behind a login cannot be, and `check --links` looks at
    /// what is elsewhere.
    lookup: Option<&'static str>,
    says: Option<&'a str>,
    title: Option<&'a str>,
    status: Option<&'a str>,
    checked_at: Option<String>,
    /// How often it is cited.
    count: usize,
    /// Where; of hosts the first place in each document.
    cited: Vec<&'a Place>,
}

/// What is known of it, how often it is cited, and where.
type Gathered<'a> = (Option<&'a KnownTarget>, usize, Vec<&'a Place>);

/// All of them, records first.
pub(super) fn all(known: &Known) -> Vec<CitationOut<'_>> {
    let mut all: BTreeMap<(Sort, &str), Gathered<'_>> = BTreeMap::new();
    for one in known.documents.iter().flat_map(|document| &document.citations) {
        let entry = all.entry((one.citation.sort, &one.citation.target)).or_default();
        entry.0 = entry.0.or(one.known.as_ref());
        entry.1 += one.citation.count;
        entry.2.push(&one.citation.place);
    }
    let told = all.into_iter().map(|((sort, target), (known, count, cited))| CitationOut {
        sort,
        target,
        lookup: known.map(|known| known.lookup.word()),
        says: known.and_then(|known| known.says.as_deref()),
        title: known.and_then(|known| known.title.as_deref()),
        status: known.and_then(|known| known.status.as_deref()),
        checked_at: known.and_then(|known| known.proven_at).map(rfc3339),
        count,
        cited,
    });
    told.collect()
}
