//! Transactions and queries: one way to run a statement on either engine.

use std::future::Future;

use sqlx::{Postgres, Sqlite, Transaction};

use super::statement::{Engine, Statement};
use super::value::{Args, Row, bind_postgres, bind_sqlite};
use super::{Db, DbError, Pools};
use crate::platform::audit::Trail;

/// Reading: both the database and a transaction can do it.
pub trait Queries: Send {
    /// All rows, in the statement's order. The caller bounds their number with a `LIMIT`.
    fn all<R: Row>(&mut self, statement: &'static Statement, args: Args) -> impl Future<Output = Result<Vec<R>, DbError>> + Send;

    /// The one row, or none.
    fn optional<R: Row>(&mut self, statement: &'static Statement, args: Args) -> impl Future<Output = Result<Option<R>, DbError>> + Send {
        async move { Ok(self.all::<R>(statement, args).await?.into_iter().next()) }
    }

    /// The one row; its absence is an error.
    fn one<R: Row>(&mut self, statement: &'static Statement, args: Args) -> impl Future<Output = Result<R, DbError>> + Send {
        async move { self.optional(statement, args).await?.ok_or(DbError::Missing(statement.name)) }
    }
}

/// Fetches all rows with one executor; a macro because the two engines' types differ and nothing else does.
macro_rules! fetch {
    ($engine:expr, $bind:path, $statement:expr, $args:expr, $executor:expr) => {{
        let failed = |source| DbError::Engine { statement: $statement.name, source };
        let bound = $bind(&$args).map_err(|e| failed(sqlx::Error::Encode(e)))?;
        let rows = sqlx::query_as_with($statement.text($engine), bound).fetch_all($executor).await.map_err(failed)?;
        $statement.mark($engine, rows.len());
        Ok(rows)
    }};
}

impl Queries for &Db {
    async fn all<R: Row>(&mut self, statement: &'static Statement, args: Args) -> Result<Vec<R>, DbError> {
        match &self.pools {
            Pools::Sqlite { read, .. } => fetch!(Engine::Sqlite, bind_sqlite, statement, args, read),
            Pools::Postgres(pool) => fetch!(Engine::Postgres, bind_postgres, statement, args, pool),
        }
    }
}

/// The engine's own transaction.
#[derive(Debug)]
pub(crate) enum TxInner {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// A write transaction. Dropped without [`Tx::commit`] it leaves nothing behind.
#[derive(Debug)]
pub struct Tx {
    inner: TxInner,
    db: Db,
    pub(crate) trail: Trail,
}

impl Tx {
    pub(super) async fn begin(db: Db) -> Result<Tx, DbError> {
        let failed = |source| DbError::Engine { statement: "BEGIN", source };
        let inner = match &db.pools {
            Pools::Sqlite { write, .. } => TxInner::Sqlite(write.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?),
            Pools::Postgres(pool) => TxInner::Postgres(pool.begin().await.map_err(failed)?),
        };
        Ok(Tx { inner, db, trail: Trail::default() })
    }

    /// The database this transaction belongs to.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The engine's own transaction, for the job queue, which enqueues inside ours.
    pub(crate) fn inner(&mut self) -> &mut TxInner {
        &mut self.inner
    }

    /// A fresh key from the process's block.
    pub fn new_key<K: From<i64>>(&self) -> Result<K, DbError> {
        self.db.take_key().map(K::from)
    }

    /// Runs a statement that gives no rows; gives the number of rows it changed.
    pub async fn execute(&mut self, statement: &'static Statement, args: Args) -> Result<u64, DbError> {
        let failed = |source| DbError::Engine { statement: statement.name, source };
        let encode = |e| failed(sqlx::Error::Encode(e));
        let changed = match &mut self.inner {
            TxInner::Sqlite(tx) => {
                statement.mark(Engine::Sqlite, 0);
                let bound = bind_sqlite(&args).map_err(encode)?;
                sqlx::query_with(statement.text(Engine::Sqlite), bound).execute(&mut **tx).await.map_err(failed)?.rows_affected()
            }
            TxInner::Postgres(tx) => {
                statement.mark(Engine::Postgres, 0);
                let bound = bind_postgres(&args).map_err(encode)?;
                sqlx::query_with(statement.text(Engine::Postgres), bound).execute(&mut **tx).await.map_err(failed)?.rows_affected()
            }
        };
        Ok(changed)
    }

    /// Runs an update that must change exactly one row: `Stale` when someone else got there first.
    pub async fn execute_one(&mut self, statement: &'static Statement, args: Args) -> Result<(), DbError> {
        match self.execute(statement, args).await? {
            1 => Ok(()),
            _ => Err(DbError::Stale(statement.name)),
        }
    }

    /// Writes the events that the transaction collected and commits.
    pub async fn commit(mut self) -> Result<(), DbError> {
        Trail::write(&mut self).await?;
        let failed = |source| DbError::Engine { statement: "COMMIT", source };
        match self.inner {
            TxInner::Sqlite(tx) => tx.commit().await.map_err(failed),
            TxInner::Postgres(tx) => tx.commit().await.map_err(failed),
        }
    }
}

impl Queries for Tx {
    async fn all<R: Row>(&mut self, statement: &'static Statement, args: Args) -> Result<Vec<R>, DbError> {
        match &mut self.inner {
            TxInner::Sqlite(tx) => fetch!(Engine::Sqlite, bind_sqlite, statement, args, &mut **tx),
            TxInner::Postgres(tx) => fetch!(Engine::Postgres, bind_postgres, statement, args, &mut **tx),
        }
    }
}
