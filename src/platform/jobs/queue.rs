//! Dispatch through apalis: its tables, its workers, and the guards around both.
//!
//! apalis delivers at least once. Every delivery ends in `Runner::start_pushed`, which starts a job once and takes its row from the
//! queue, so that deliveries may come twice or late. What else is guarded here: one task a fetch (more than one stops heartbeats and
//! acknowledgments under a concurrency limit), nothing due in the future (it would compare with the wall clock), a fresh name for every
//! worker, a new worker when one died of a database error, and a set-up that leaves the durability of the connections alone.

use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use apalis::prelude::{
    Data, PollSnapshot, PollStrategy, PollWith, Task, TaskBuilder, TaskId, WorkerBuilder, WorkerBuilderExt, WorkerContext,
};
use apalis_postgres::PostgresStorage;
use apalis_sqlite::SqliteStorage;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::lease::fresh_name;
use super::store;
use super::worker::{Worker, turned};
use crate::args;
use crate::platform::database::{Db, DbError, Pools, Tx, TxInner};
use crate::platform::ids::JobId;

/// Name of the queue in apalis's tables.
const QUEUE: &str = "pediclaim";

/// apalis's heartbeat. Its own sweep of orphans is a second net behind our leases, so it need not be quick.
const HEARTBEAT: Duration = Duration::from_secs(30);

/// The pause before a worker that died of a database error is replaced.
const RESTART_PAUSE: Duration = Duration::from_millis(500);

/// What the queue carries: the key of a job in our table.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Delivery {
    job: JobId,
}

/// Brings apalis's own tables up to date. Its `setup()` would also turn `synchronous` off on a connection of SQLite's pool. Its
/// migrations share the table that remembers which ran with ours, so each ignores the other's.
pub(super) async fn set_up(db: &Db) -> Result<(), DbError> {
    let ran = match db.pools() {
        Pools::Sqlite { write, .. } => SqliteStorage::migrations().set_ignore_missing(true).run(write).await,
        Pools::Postgres(pool) => PostgresStorage::<()>::migrations().set_ignore_missing(true).run(pool).await,
    };
    ran.map_err(|e| DbError::Migrate(e.into()))
}

/// Puts jobs into the queue, in the transaction that marks them as pushed.
pub(super) async fn push(tx: &mut Tx, jobs: &[JobId]) -> Result<(), DbError> {
    let failed = |source| DbError::Engine { statement: "apalis push_tasks", source };
    let mut tasks: Vec<Task<Vec<u8>>> = Vec::with_capacity(jobs.len());
    for job in jobs {
        let delivery = serde_json::to_vec(&Delivery { job: *job }).map_err(|e| failed(sqlx::Error::Encode(Box::new(e))))?;
        tasks.push(TaskBuilder::new(delivery).build());
    }
    match tx.inner() {
        TxInner::Sqlite(tx) => match apalis_sqlite::queries::push_tasks(&mut **tx, QUEUE, &tasks).await {
            Ok(()) => Ok(()),
            Err(apalis_sqlite::Error::Database(source)) => Err(failed(source)),
            Err(other) => Err(failed(sqlx::Error::Protocol(other.to_string()))),
        },
        TxInner::Postgres(tx) => match apalis_postgres::queries::push_tasks(&mut **tx, QUEUE, tasks).await {
            Ok(()) => Ok(()),
            Err(apalis_postgres::Error::Database(source)) => Err(failed(source)),
            Err(other) => Err(failed(sqlx::Error::Protocol(other.to_string()))),
        },
    }
}

/// Empties the queue; what it carried is waiting again. For when what a dead process or worker had in its hands is unknown.
pub(super) async fn recall(db: &Db) -> Result<(), DbError> {
    let mut tx = db.begin().await?;
    tx.execute(&store::UNPUSH_ALL, args![]).await?;
    tx.execute(&store::CLEAR_QUEUE, args![QUEUE]).await?;
    tx.commit().await
}

/// Wakes a worker to look into the queue. apalis alone would look at each heartbeat.
#[derive(Clone, Debug, Default)]
pub(super) struct Bell(Arc<Mutex<Option<Waker>>>);

impl Bell {
    /// Rings. A ring while a look is under way may go unheard, so it is rung again as long as jobs are in the queue.
    pub fn ring(&self) {
        if let Some(waker) = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).as_ref() {
            waker.wake_by_ref();
        }
    }
}

impl PollStrategy for Bell {
    fn poll_drive(&mut self, cx: &mut Context<'_>, _: &PollSnapshot) -> Poll<Option<()>> {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(cx.waker().clone());
        Poll::Pending
    }
}

/// One worker over one storage; a macro because the two storages' types differ and nothing else does.
macro_rules! run_worker {
    ($storage:ident, $config:expr, $pool:expr, $worker:expr, $context:expr, $concurrency:expr) => {{
        // Locking a task before it runs would be one more commit for what the start of a job decides anyway, and a result is not kept
        // because the task's row is gone by then.
        let config = $config.queue(QUEUE).batch_size(1).heartbeat_interval(HEARTBEAT).lock_tasks(false).persist_results(false);
        let storage = PollWith::new($storage::<Delivery>::new($pool).with_config(config), $worker.bell.clone());
        WorkerBuilder::new(&$context).backend(storage).data(Arc::clone($worker)).concurrency($concurrency).build(deliver::<S>).run().await
    }};
}

/// Runs a worker, and a new one under a fresh name whenever it dies, until `stopped` turns true and the jobs under way have ended.
pub(super) async fn work<S: Send + Sync + 'static>(
    worker: Arc<Worker<S>>,
    role: &'static str,
    concurrency: usize,
    mut stopped: watch::Receiver<bool>,
) {
    while !*stopped.borrow() {
        let context = WorkerContext::new(&fresh_name(role));
        let run = async {
            match worker.db().pools() {
                Pools::Sqlite { write, .. } => {
                    run_worker!(SqliteStorage, apalis_sqlite::Config::default(), write, &worker, context, concurrency)
                }
                Pools::Postgres(pool) => {
                    run_worker!(PostgresStorage, apalis_postgres::Config::default(), pool, &worker, context, concurrency)
                }
            }
        };
        let mut run = std::pin::pin!(run);
        let ended = tokio::select! {
            biased;
            ended = &mut run => ended,
            () = turned(&mut stopped) => {
                // It only refuses when it has not started or has ended, and then there is nothing to stop.
                let _ = context.stop();
                run.await
            }
        };
        if let Err(error) = ended {
            tracing::warn!(%error, "a worker died and is replaced");
            worker.worker_died();
            tokio::time::sleep(RESTART_PAUSE).await;
        }
    }
}

async fn deliver<S: Send + Sync + 'static>(delivery: Delivery, task: TaskId, worker: Data<Arc<Worker<S>>>) {
    Arc::clone(&worker).deliver(delivery.job, task.to_string()).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::audit::MacKey;
    use crate::platform::database::DatabaseUrl;

    #[tokio::test]
    async fn the_set_up_leaves_commits_durable_and_may_run_again() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&DatabaseUrl::sqlite(&folder.path().join("a.db")), MacKey::from_bytes([7; 32])).await.unwrap();
        set_up(&db).await.unwrap();
        set_up(&db).await.unwrap();
        let Pools::Sqlite { read, write } = db.pools() else { panic!("opened as SQLite") };
        for pool in [read, write] {
            let (synchronous,): (i64,) = sqlx::query_as("PRAGMA synchronous").fetch_one(pool).await.unwrap();
            assert_eq!(synchronous, 2, "FULL");
        }
        db.close().await;
        Db::open(db.url(), MacKey::from_bytes([7; 32])).await.unwrap();
    }
}
