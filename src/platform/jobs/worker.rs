//! Workers under way: the ticker that feeds them, and how they end.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::Jobs;
use super::lease::Lease;
use super::queue::{self, Bell};
use super::service::{PAUSE_SHORTEST, STIRRED, pause_until, stir};
use crate::platform::database::{Db, DbError};
use crate::platform::ids::JobId;

/// How long jobs under way may take to end at a shutdown. What has not ended is run again elsewhere.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(20);

/// How workers run.
#[derive(Clone, Debug)]
pub struct WorkerOptions {
    /// What the process is: `serve`, `worker`, `demo`. Part of its name.
    pub role: &'static str,
    /// Jobs under way at once.
    pub concurrency: usize,
    /// The longest pause between two looks at the table while nothing happens in this process.
    pub poll: Duration,
}

/// Waits until a switch is turned, or until nobody is left who could turn it.
pub(super) async fn turned(switch: &mut watch::Receiver<bool>) {
    let _ = switch.wait_for(|on| *on).await;
}

/// The workers of one [`Running`], as the queue and the ticker see them.
pub(super) struct Worker<S> {
    jobs: Jobs<S>,
    process: String,
    pub(super) bell: Bell,
    given_up: watch::Receiver<bool>,
}

impl<S: Send + Sync + 'static> Worker<S> {
    pub(super) fn db(&self) -> &Db {
        &self.jobs.0.runner.db
    }

    /// Runs a delivered job in a task of its own, so that it outlives a worker that dies.
    pub(super) async fn deliver(self: Arc<Self>, job: JobId, task: String) {
        let mut given_up = self.given_up.clone();
        let attempt = tokio::spawn(async move {
            let runner = &self.jobs.0.runner;
            let attempt = async {
                if let Some(job) = runner.start_pushed(job, &task, &self.process).await {
                    runner.perform(job, &self.process).await;
                }
            };
            tokio::select! {
                () = attempt => {}
                () = turned(&mut given_up) => {}
            }
        });
        if let Err(error) = attempt.await {
            tracing::error!(%error, "the task of a job ended early");
        }
    }

    /// What a worker that died had fetched is pushed again.
    pub(super) fn worker_died(&self) {
        self.jobs.0.recall_is_due.store(true, Ordering::SeqCst);
        stir();
    }

    /// The ticker: ticks when something stirs, and at least every `poll`, and rings for the workers while the queue holds jobs.
    async fn watch_the_table(self: Arc<Self>, poll: Duration, mut stopped: watch::Receiver<bool>) {
        let mut stirred = STIRRED.subscribe();
        let mut pause = PAUSE_SHORTEST;
        while !*stopped.borrow() {
            match self.jobs.0.tick(&self.process).await {
                Ok((tick, probe)) => {
                    if tick.pushed > 0 {
                        pause = PAUSE_SHORTEST;
                    }
                    if tick.pushed > 0 || probe.pushed > 0 {
                        self.bell.ring();
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "a tick failed");
                    pause = poll;
                }
            }
            tokio::select! {
                next = pause_until(&mut stirred, pause, poll) => pause = next,
                () = turned(&mut stopped) => break,
            }
        }
    }
}

/// Workers under way.
#[must_use = "dropped, the workers end as if the process were killed"]
pub struct Running {
    stop: watch::Sender<bool>,
    give_up: watch::Sender<bool>,
    ticker: JoinHandle<()>,
    workers: JoinHandle<()>,
    db: Db,
    lease: Option<Lease>,
}

impl Running {
    pub(super) async fn start<S: Send + Sync + 'static>(jobs: Jobs<S>, options: WorkerOptions) -> Result<Running, DbError> {
        let db = jobs.0.runner.db.clone();
        let lease = Lease::take(&db, options.role).await?;
        let (stop, stopped) = watch::channel(false);
        let (give_up, given_up) = watch::channel(false);
        let worker = Arc::new(Worker { jobs, process: lease.process().to_owned(), bell: Bell::default(), given_up });
        let ticker = tokio::spawn(Arc::clone(&worker).watch_the_table(options.poll, stopped.clone()));
        let workers = tokio::spawn(queue::work(worker, options.role, options.concurrency.max(1), stopped));
        Ok(Running { stop, give_up, ticker, workers, db, lease: Some(lease) })
    }

    /// Starts no more jobs, lets those under way end (for at most `SHUTDOWN_GRACE`), and gives back what is left: another process, or
    /// the next start, takes it over at once.
    pub async fn shutdown(mut self) -> Result<(), DbError> {
        self.stop.send_replace(true);
        let ended = async {
            let _ = (&mut self.workers).await;
            let _ = (&mut self.ticker).await;
        };
        if tokio::time::timeout(SHUTDOWN_GRACE, ended).await.is_err() {
            tracing::warn!("jobs are still under way and are given up");
        }
        self.give_up.send_replace(true);
        queue::recall(&self.db).await?;
        match self.lease.take() {
            Some(lease) => lease.give_back().await,
            None => Ok(()),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        self.give_up.send_replace(true);
        self.ticker.abort();
        self.workers.abort();
    }
}
