//! Bulk insert: many rows in one statement, by multi-row VALUES on SQLite and by UNNEST of arrays on PostgreSQL.

use std::fmt::Write as _;

use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, AssertSqlSafe};

use super::DbError;
use super::statement::Engine;
use super::tx::{Tx, TxInner};
use super::value::{Arg, Args};

/// Kind of a column in a bulk insert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// BIGINT.
    Int,
    /// TEXT.
    Text,
}

/// A table with the columns that a bulk insert fills, in order, and what happens when a row exists.
#[derive(Debug)]
pub struct Bulk {
    /// Table name.
    pub table: &'static str,
    /// Columns and their kinds.
    pub columns: &'static [(&'static str, Column)],
    /// `""`, or an `ON CONFLICT …` clause that reads the same on both engines.
    pub on_conflict: &'static str,
}

/// SQLite's default limit on parameters of one statement.
const SQLITE_PARAMETERS_MAX: usize = 32_766;

impl Tx {
    /// Inserts rows into a table; gives the number inserted. Every row has as many values as the table has columns here.
    pub async fn insert_all(&mut self, bulk: &'static Bulk, rows: &[Args]) -> Result<u64, DbError> {
        if rows.is_empty() {
            return Ok(0);
        }
        debug_assert!(rows.iter().all(|r| r.len() == bulk.columns.len()), "{}: a row has the wrong number of values", bulk.table);
        let failed = |source| DbError::Engine { statement: bulk.table, source };
        let mut inserted = 0;
        match self.inner() {
            TxInner::Sqlite(tx) => {
                for chunk in rows.chunks(SQLITE_PARAMETERS_MAX / bulk.columns.len()) {
                    let mut arguments = SqliteArguments::default();
                    for value in chunk.iter().flatten() {
                        let added = match value {
                            Arg::Int(v) => arguments.add(*v),
                            Arg::Text(v) => arguments.add(v.clone()),
                            Arg::Bytes(v) => arguments.add(v.clone()),
                        };
                        added.map_err(|e| failed(sqlx::Error::Encode(e)))?;
                    }
                    let query = sqlx::query_with(AssertSqlSafe(bulk.text(Engine::Sqlite, chunk.len())), arguments);
                    inserted += query.execute(&mut **tx).await.map_err(failed)?.rows_affected();
                }
            }
            TxInner::Postgres(tx) => {
                let mut arguments = PgArguments::default();
                for (i, (_, column)) in bulk.columns.iter().enumerate() {
                    let added = match column {
                        Column::Int => arguments
                            .add(rows.iter().map(|r| if let Arg::Int(v) = &r[i] { *v } else { None }).collect::<Vec<Option<i64>>>()),
                        Column::Text => arguments.add(
                            rows.iter().map(|r| if let Arg::Text(v) = &r[i] { v.clone() } else { None }).collect::<Vec<Option<String>>>(),
                        ),
                    };
                    added.map_err(|e| failed(sqlx::Error::Encode(e)))?;
                }
                let query = sqlx::query_with(AssertSqlSafe(bulk.text(Engine::Postgres, rows.len())), arguments);
                inserted = query.execute(&mut **tx).await.map_err(failed)?.rows_affected();
            }
        }
        Ok(inserted)
    }
}

impl Bulk {
    fn text(&self, engine: Engine, rows: usize) -> String {
        let names = self.columns.iter().map(|c| c.0).collect::<Vec<_>>().join(", ");
        let mut text = format!("INSERT INTO {} ({names}) ", self.table);
        match engine {
            Engine::Sqlite => {
                let mut row = "(".to_owned();
                row.push_str(&vec!["?"; self.columns.len()].join(","));
                row.push(')');
                let _infallible = write!(text, "VALUES {}", vec![row.as_str(); rows].join(","));
            }
            Engine::Postgres => {
                let arrays = self.columns.iter().enumerate().map(|(i, (_, column))| match column {
                    Column::Int => format!("${}::bigint[]", i + 1),
                    Column::Text => format!("${}::text[]", i + 1),
                });
                let _infallible = write!(text, "SELECT * FROM UNNEST({})", arrays.collect::<Vec<_>>().join(", "));
            }
        }
        // PostgreSQL and SQLite both need something between a SELECT and ON CONFLICT that is no join; VALUES needs nothing.
        if !self.on_conflict.is_empty() {
            text.push_str(if engine == Engine::Postgres { " WHERE true " } else { " " });
            text.push_str(self.on_conflict);
        }
        text
    }
}
