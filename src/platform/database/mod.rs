//! The database: one SQL text for SQLite and PostgreSQL, typed rows, short transactions that carry their own audit trail.
//!
//! SQL stands in `store.rs` files and here, nowhere else. A store declares its texts with [`statements!`](crate::statements) and runs
//! them through [`Queries`], which both [`Db`] (reading) and [`Tx`] (reading and writing) offer. A [`Tx`] collects the events of its
//! changes and writes them, with the seal heads they belong to, when it commits.
//!
//! Tables that are global by nature and so carry no `practice_id` as the first part of their key: [`GLOBAL_TABLES`].

mod bulk;
mod migrate;
mod statement;
mod tx;
mod value;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, SqlitePool};

pub use bulk::{Bulk, Column};
pub use migrate::{MigrateError, erase};
pub use statement::{Engine, Statement};
pub(crate) use tx::TxInner;
pub use tx::{Queries, Tx};
pub use value::{Arg, Args, Row};

pub use crate::platform::clock::Day;

use crate::platform::audit::MacKey;
use crate::statements;

/// Tables that belong to no practice: practices themselves, what a person or a machine logs in with, everything of a submitter (an
/// interchange may carry several practices' claims), the number sources, the operator's code files, and the jobs.
pub const GLOBAL_TABLES: &[&str] = &[
    "practice",
    "app_user",
    "session",
    "api_key",
    "submitter",
    "control_number",
    "archive",
    "inbound_file",
    "interchange",
    "pcn",
    "payer_directory",
    "code_edition",
    "code_row",
    "id_lease",
    "effect",
    "job",
    "job_process",
    "schedule_tick",
];

/// Keys in one leased block. A process takes a block in a transaction of its own and then hands out keys from memory; 2^20 keys last for
/// about 60,000 claims with all their rows, and 2^63 / 2^20 blocks for 8 million restarts a second over a thousand years.
const LEASE_BLOCK: i64 = 1 << 20;

/// Keys that must be left when a transaction begins. A chunk of 500 claims makes fewer than 50,000 rows.
const LEASE_RESERVE: i64 = 1 << 17;

/// Writers wait this long for SQLite's one write lock (another process may hold it) before they give up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

statements! {
    TAKE_LEASE = "INSERT INTO id_lease (name, next_id) VALUES ('record', $1)
        ON CONFLICT (name) DO UPDATE SET next_id = id_lease.next_id + $2 RETURNING next_id";
}

/// Why the database could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The engine refused; `statement` names the text in the registry. Never carries values.
    #[error("{statement}: {source}")]
    Engine {
        /// Name of the statement.
        statement: &'static str,
        /// What the engine said.
        source: sqlx::Error,
    },
    /// A row that must exist does not.
    #[error("{0}: no such row")]
    Missing(&'static str),
    /// The record was changed by someone else since it was read; load it again and decide again.
    #[error("{0}: changed by someone else meanwhile")]
    Stale(&'static str),
    /// The audit epoch was sealed while the transaction ran; run the transaction again.
    #[error("the audit epoch was sealed meanwhile")]
    EpochSealed,
    /// A transaction asked for more keys than a block reserves.
    #[error("one transaction asked for more than {LEASE_RESERVE} keys")]
    KeysExhausted,
    /// The database URL is neither `sqlite:…` nor `postgres://…`.
    #[error("the database URL must begin with sqlite: or postgres:")]
    Url,
    /// The database could not be opened.
    #[error("the database at {place} could not be opened: {source}")]
    Open {
        /// Where, without credentials.
        place: String,
        /// What the engine said.
        source: sqlx::Error,
    },
    /// The schema could not be brought up to date.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// The key of the audit trail could not be read or made.
    #[error("the audit key {path}: {source}")]
    Key {
        /// Where the key is kept.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A stored value does not have the form that our own code writes.
    #[error("{0}: a stored value can't be read back")]
    Corrupt(&'static str),
}

impl DbError {
    /// Whether running the same transaction again may succeed: deadlocks, serialization failures, a busy
    /// SQLite, a sealed epoch, a row that another PostgreSQL writer made first (the next attempt finds it).
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            DbError::EpochSealed | DbError::Stale(_) => true,
            DbError::Engine { source: sqlx::Error::Database(e), .. } => {
                matches!(e.code().as_deref(), Some("40001" | "40P01" | "23505" | "5" | "261" | "517"))
            }
            DbError::Engine { source: sqlx::Error::PoolTimedOut | sqlx::Error::Io(_), .. } => true,
            _ => false,
        }
    }

    /// Whether a unique key refused the row.
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, DbError::Engine { source: sqlx::Error::Database(e), .. } if e.is_unique_violation())
    }
}

/// Where the records are, by URL.
#[derive(Clone, Debug)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// Reads `sqlite:PATH`, `sqlite://PATH` or `postgres://…`.
    pub fn parse(url: &str) -> Result<DatabaseUrl, DbError> {
        if url.starts_with("sqlite:") || url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Ok(DatabaseUrl(url.to_owned()))
        } else {
            Err(DbError::Url)
        }
    }

    /// SQLite at a path.
    #[must_use]
    pub fn sqlite(path: &Path) -> DatabaseUrl {
        DatabaseUrl(format!("sqlite:{}", path.display()))
    }

    /// Which engine the URL names.
    #[must_use]
    pub fn engine(&self) -> Engine {
        if self.0.starts_with("sqlite:") { Engine::Sqlite } else { Engine::Postgres }
    }

    /// The text itself, credentials included: for handing on to a child process only.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Path of the SQLite file.
    #[must_use]
    pub fn sqlite_path(&self) -> Option<PathBuf> {
        let rest = self.0.strip_prefix("sqlite:")?;
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        Some(PathBuf::from(rest.split('?').next().unwrap_or(rest)))
    }

    /// The place without credentials, for messages.
    #[must_use]
    pub fn place(&self) -> String {
        match self.0.split_once("://") {
            Some((scheme, rest)) => format!("{scheme}://{}", rest.rsplit_once('@').map_or(rest, |(_, host)| host)),
            None => self.0.clone(),
        }
    }
}

/// How one attempt of a transaction ended.
#[derive(Debug)]
pub enum Attempt<T> {
    /// For good, one way or the other.
    Done(Result<T, anyhow::Error>),
    /// The engine asked for it to be run again: deadlock, busy, sealed epoch, somebody else's change.
    Again,
}

/// Runs a block in a write transaction and commits it; runs it again when the engine asks for that. Gives an `anyhow::Result` of the
/// block's value. A macro, because a closure over `&mut Tx` can't yet promise that its future may move between threads.
///
/// ```text
/// let id = transact!(db, |tx| Ok(store::insert(tx, &row).await?))?;
/// ```
#[macro_export]
macro_rules! transact {
    ($db:expr, |$tx:ident| $body:expr) => {{
        let mut attempt = 1_u32;
        loop {
            let mut transaction = match $db.begin().await {
                Ok(transaction) => transaction,
                Err(error) => break Err(anyhow::Error::from(error)),
            };
            let outcome: anyhow::Result<_> = async {
                let $tx = &mut transaction;
                $body
            }
            .await;
            match $crate::platform::database::Db::conclude(transaction, outcome, attempt).await {
                $crate::platform::database::Attempt::Done(done) => break done,
                $crate::platform::database::Attempt::Again => attempt += 1,
            }
        }
    }};
}

#[derive(Clone, Debug)]
pub(crate) enum Pools {
    Sqlite { read: SqlitePool, write: SqlitePool },
    Postgres(PgPool),
}

#[derive(Debug, Default)]
struct Keys {
    next: i64,
    end: i64,
}

#[derive(Debug)]
struct Shared {
    url: DatabaseUrl,
    keys: Mutex<Keys>,
    mac_key: MacKey,
}

/// The open database: cheap to clone, safe to share.
#[derive(Clone, Debug)]
pub struct Db {
    pools: Pools,
    shared: Arc<Shared>,
}

impl Db {
    /// Opens a database, makes it when it isn't there (SQLite: the file; PostgreSQL: the database, if the role may), and brings its
    /// schema up to date. `mac_key` signs ledger and audit rows and must be kept outside the database.
    pub async fn open(url: &DatabaseUrl, mac_key: MacKey) -> Result<Db, DbError> {
        let pools = match url.engine() {
            Engine::Sqlite => open_sqlite(url).await?,
            Engine::Postgres => open_postgres(url).await?,
        };
        migrate::run(&pools).await?;
        Ok(Db { pools, shared: Arc::new(Shared { url: url.clone(), keys: Mutex::default(), mac_key }) })
    }

    /// Which engine runs.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.pools {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres(_) => Engine::Postgres,
        }
    }

    /// Where this database was opened from.
    #[must_use]
    pub fn url(&self) -> &DatabaseUrl {
        &self.shared.url
    }

    /// The key that signs ledger and audit rows.
    #[must_use]
    pub fn mac_key(&self) -> &MacKey {
        &self.shared.mac_key
    }

    /// The pools, for the job queue, which writes its own tables.
    pub(crate) fn pools(&self) -> &Pools {
        &self.pools
    }

    /// Begins a write transaction. On SQLite it holds the one write lock from here on, so do what can be done before; on both it must
    /// not span network work or last over a second.
    pub async fn begin(&self) -> Result<Tx, DbError> {
        if self.keys_left() < LEASE_RESERVE {
            self.lease_keys().await?;
        }
        Tx::begin(self.clone()).await
    }

    /// Ends one attempt of [`transact!`](crate::transact): commits, or says that the engine asks for another attempt.
    pub async fn conclude<T>(tx: Tx, outcome: Result<T, anyhow::Error>, attempt: u32) -> Attempt<T> {
        /// No healthy system reaches the fifth attempt.
        const ATTEMPTS_MAX: u32 = 5;
        let outcome = match outcome {
            Ok(value) => tx.commit().await.map(|()| value).map_err(anyhow::Error::from),
            Err(error) => {
                drop(tx);
                Err(error)
            }
        };
        match outcome {
            Err(error) if attempt < ATTEMPTS_MAX && error.downcast_ref::<DbError>().is_some_and(DbError::is_retryable) => {
                tokio::time::sleep(Duration::from_millis(10 << attempt)).await;
                Attempt::Again
            }
            done => Attempt::Done(done),
        }
    }

    /// Closes the pools; statements under way finish first.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    fn keys_left(&self) -> i64 {
        let keys = self.shared.keys.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        keys.end - keys.next
    }

    async fn lease_keys(&self) -> Result<(), DbError> {
        let mut tx = Tx::begin(self.clone()).await?;
        let (end,): (i64,) = tx.one(&TAKE_LEASE, crate::args![1 + LEASE_BLOCK, LEASE_BLOCK]).await?;
        tx.commit().await?;
        let mut keys = self.shared.keys.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *keys = Keys { next: end - LEASE_BLOCK, end };
        Ok(())
    }

    fn take_key(&self) -> Result<i64, DbError> {
        let mut keys = self.shared.keys.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if keys.next >= keys.end {
            return Err(DbError::KeysExhausted);
        }
        keys.next += 1;
        Ok(keys.next - 1)
    }
}

async fn open_sqlite(url: &DatabaseUrl) -> Result<Pools, DbError> {
    let path = url.sqlite_path().ok_or(DbError::Url)?;
    let failed = |source| DbError::Open { place: url.place(), source };
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|e| failed(sqlx::Error::Io(e)))?;
    }
    let options = SqliteConnectOptions::new()
        .filename(&path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT);
    let write = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await.map_err(failed)?;
    let read = SqlitePoolOptions::new().max_connections(4).connect_with(options.pragma("query_only", "ON")).await.map_err(failed)?;
    Ok(Pools::Sqlite { read, write })
}

async fn open_postgres(url: &DatabaseUrl) -> Result<Pools, DbError> {
    let failed = |source| DbError::Open { place: url.place(), source };
    let options: PgConnectOptions = url.as_str().parse().map_err(failed)?;
    let connect = || PgPoolOptions::new().max_connections(8).connect_with(options.clone());
    let pool = match connect().await {
        Ok(pool) => pool,
        // 3D000: the database does not exist.
        Err(sqlx::Error::Database(e)) if e.code().as_deref() == Some("3D000") => {
            migrate::create_postgres_database(&options).await.map_err(failed)?;
            connect().await.map_err(failed)?
        }
        Err(error) => return Err(failed(error)),
    };
    Ok(Pools::Postgres(pool))
}
