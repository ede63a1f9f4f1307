//! What stands in the address of a page: filters and the number of the page.

use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use url::form_urlencoded;

use super::visit::Failed;
use crate::domain::snapshot::Scope;

/// What is asked for behind the question mark. Of what stands there twice the last counts.
pub(super) struct Query(Vec<(String, String)>);

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failed> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect()))
    }
}

/// A value that means nothing there: its name and the value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Senseless(pub(super) String);

impl Query {
    /// The value of that name, as it stands there.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(its, _)| its == name).map(|(_, value)| value.as_str())
    }

    /// The same read as something; an empty value is none.
    pub(super) fn read<T: FromStr>(&self, name: &str) -> Result<Option<T>, Senseless> {
        let Some(value) = self.text(name).filter(|value| !value.is_empty()) else { return Ok(None) };
        value.parse().map(Some).map_err(|_| Senseless(format!("`{value}` is no {name}")))
    }

    /// The same, where it is one of some words.
    pub(super) fn word<T: Copy>(
        &self,
        name: &str,
        all: &[T],
        word: impl Fn(T) -> &'static str,
    ) -> Result<Option<T>, Senseless> {
        let Some(value) = self.text(name).filter(|value| !value.is_empty()) else { return Ok(None) };
        let found = all.iter().copied().find(|one| word(*one) == value);
        let words: Vec<&str> = all.iter().map(|one| word(*one)).collect();
        found.map(Some).ok_or_else(|| Senseless(format!("`{value}` is no {name}: it is one of {}", words.join(", "))))
    }

    /// What trends are of; of everything where nothing is named.
    pub(super) fn scope(&self) -> Result<Scope, Senseless> {
        let of = self.text("of").unwrap_or("all:");
        of.split_once(':').and_then(|(word, name)| Scope::of(word, name)).ok_or_else(|| {
            Senseless(format!("`{of}` is nothing that trends are of: `all:`, `register:…`, `category:…` or `team:…`"))
        })
    }

    /// The number of the page, from 1.
    pub(super) fn page(&self) -> Result<usize, Senseless> {
        match self.read::<u32>("page")? {
            Some(0) => Err(Senseless("`0` is no page: they are counted from 1".to_owned())),
            Some(page) => Ok(usize::try_from(page).unwrap_or(usize::MAX)),
            None => Ok(1),
        }
    }
}
