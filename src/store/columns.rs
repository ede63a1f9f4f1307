//! The way between domain values and the cells of a row.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, Params, Row};
use serde::Serialize;
use serde::de::value::{Error as ValueError, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};

use crate::domain::place::Place;

/// A value whose serialised form is one string (ids, moments, dates, words of the contract), stored as that text.
pub(super) struct AsText<T>(pub(super) T);

impl<T: Serialize> ToSql for AsText<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match serde_json::to_value(&self.0) {
            Ok(serde_json::Value::String(text)) => Ok(ToSqlOutput::Owned(Value::Text(text))),
            Ok(other) => Err(cannot_store(format!("not a text: {other}"))),
            Err(error) => Err(cannot_store(error)),
        }
    }
}

impl<T: DeserializeOwned> FromSql for AsText<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text: StrDeserializer<'_, ValueError> = value.as_str()?.into_deserializer();
        T::deserialize(text).map(Self).map_err(FromSqlError::other)
    }
}

/// A leaf detail, stored as JSON text.
pub(super) struct AsJson<T>(pub(super) T);

impl<T: Serialize> ToSql for AsJson<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        serde_json::to_string(&self.0).map(|text| ToSqlOutput::Owned(Value::Text(text))).map_err(cannot_store)
    }
}

impl<T: DeserializeOwned> FromSql for AsJson<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Self).map_err(FromSqlError::other)
    }
}

/// A value that has no form in the store.
pub(super) fn cannot_store(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(why.into())
}

/// A row that refers to one that is not there, which foreign keys rule out unless the file is damaged.
pub(super) fn astray(what: &'static str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Null, what.into())
}

/// A count or an index as SQLite counts.
pub(super) fn number(n: usize) -> i64 {
    i64::try_from(n).expect("a count of things in memory is below i64::MAX")
}

/// The cells of one row, read from left to right; the order is that of the statement's columns.
pub(super) struct Cells<'row> {
    row: &'row Row<'row>,
    next: usize,
}

impl<'row> Cells<'row> {
    /// Starts at the first cell.
    pub(super) fn of(row: &'row Row<'row>) -> Self {
        Self { row, next: 0 }
    }

    /// The next cell, as a value that SQLite knows.
    pub(super) fn take<T: FromSql>(&mut self) -> rusqlite::Result<T> {
        self.next += 1;
        self.row.get(self.next - 1)
    }

    /// The next cell, as text without a copy.
    pub(super) fn str(&mut self) -> rusqlite::Result<&'row str> {
        self.next += 1;
        Ok(self.row.get_ref(self.next - 1)?.as_str()?)
    }

    /// The next cell, as [`AsText`] wrote it.
    pub(super) fn text<T: DeserializeOwned>(&mut self) -> rusqlite::Result<T> {
        Ok(self.take::<AsText<T>>()?.0)
    }

    /// The next cell, as [`AsText`] wrote it, if it is filled.
    pub(super) fn maybe_text<T: DeserializeOwned>(&mut self) -> rusqlite::Result<Option<T>> {
        Ok(self.take::<Option<AsText<T>>>()?.map(|text| text.0))
    }

    /// The next cell, as [`AsJson`] wrote it.
    pub(super) fn json<T: DeserializeOwned>(&mut self) -> rusqlite::Result<T> {
        Ok(self.take::<AsJson<T>>()?.0)
    }

    /// The next cell as a count or an index.
    pub(super) fn number(&mut self) -> rusqlite::Result<usize> {
        let at = self.next;
        let n: i64 = self.take()?;
        usize::try_from(n).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(at, n))
    }

    /// The next cell as an index, if it is filled.
    pub(super) fn maybe_number(&mut self) -> rusqlite::Result<Option<usize>> {
        let at = self.next;
        let n: Option<i64> = self.take()?;
        n.map(|n| usize::try_from(n).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(at, n))).transpose()
    }

    /// The next two cells, line and column, as a place in the document `path`.
    pub(super) fn place(&mut self, path: &str) -> rusqlite::Result<Place> {
        Ok(Place { path: path.into(), line: self.take()?, column: self.take()? })
    }
}

/// Runs a query and gives each row to `read`.
pub(super) fn rows<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    mut read: impl FnMut(&mut Cells<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params, |row| read(&mut Cells::of(row)))?;
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::document::Kind;
    use crate::domain::finding::Code;
    use crate::domain::ticket::TicketId;
    use crate::domain::time::{Moment, PartialDate};

    fn round<T: Serialize + DeserializeOwned>(value: &T) -> (String, T) {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .query_row("SELECT ?1, ?1", [AsText(value)], |row| {
                let mut cells = Cells::of(row);
                Ok((cells.take()?, cells.text()?))
            })
            .unwrap()
    }

    #[test]
    fn values_are_stored_in_the_words_of_the_contract() {
        let moment: Moment = "2026-03-04T05:06:07Z".parse().unwrap();
        assert_eq!(round(&moment), ("2026-03-04T05:06:07Z".to_owned(), moment));
        let finer: Moment = "2026-03-04T05:06:07.089Z".parse().unwrap();
        assert_eq!(round(&finer).1, finer);
        let date: PartialDate = "2021-08".parse().unwrap();
        assert_eq!(round(&date), ("2021-08".to_owned(), date));
        let ticket: TicketId = "github:Acme/Rocket#7".parse().unwrap();
        assert_eq!(round(&ticket).0, "github:Acme/Rocket#7");
        assert_eq!(round(&Kind::Register).0, "register");
        assert_eq!(round(&Code::BrokenLink), ("broken-link".to_owned(), Code::BrokenLink));
    }

    #[test]
    fn a_cell_that_means_nothing_is_an_error_and_no_guess() {
        let connection = Connection::open_in_memory().unwrap();
        let read = |sql: &str| connection.query_row(sql, [], |row| Cells::of(row).text::<Kind>());
        assert!(read("SELECT 'poem'").is_err());
        assert!(read("SELECT NULL").is_err());
        assert!(connection.query_row("SELECT -1", [], |row| Cells::of(row).number()).is_err());
    }

    #[test]
    fn what_is_no_text_is_refused_before_it_is_stored() {
        assert!(AsText(7).to_sql().is_err());
        assert!(AsText(vec!["a"]).to_sql().is_err());
    }
}
