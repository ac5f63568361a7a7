//! The jobs of an application: found due, pushed, run, waited for.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use tokio::sync::{OnceCell, watch};

use super::Registry;
use super::lease::{Lease, wall};
use super::registry::Schedule;
use super::run::{Outcome, Runner};
use super::store::{self, Counts, Probe};
use super::{Running, WorkerOptions, queue};
use crate::args;
use crate::platform::clock::{Clock, Millis};
use crate::platform::database::{Db, DbError, Queries};
use crate::platform::ids::JobId;

/// Jobs in the queue at once, over all processes: enough that workers never wait for a tick (a worker takes a few hundred a second at
/// most), few enough that emptying the queue after a death is one short statement.
const PUSHED_MAX: i64 = 256;

/// The first pause of a poll after something happened; it doubles from there, so that what is committed a moment after it was announced is
/// found within milliseconds, and an idle process soon sleeps for its whole poll interval.
pub(super) const PAUSE_SHORTEST: Duration = Duration::from_millis(1);

/// The longest pause while waiting for idleness: a person or a test sits in front of it.
const PAUSE_WAITING: Duration = Duration::from_millis(20);

/// Says that jobs were asked for or ended in this process.
pub(super) static STIRRED: LazyLock<watch::Sender<()>> = LazyLock::new(|| watch::Sender::new(()));

/// Lets this process's tickers and waiters look at once instead of at their next poll. What is announced may not be committed yet.
pub(super) fn stir() {
    STIRRED.send_replace(());
}

/// Sleeps until something stirs, at most for `pause`; gives the next pause.
pub(super) async fn pause_until(stirred: &mut watch::Receiver<()>, pause: Duration, longest: Duration) -> Duration {
    tokio::select! {
        _ = stirred.changed() => PAUSE_SHORTEST,
        () = tokio::time::sleep(pause) => (pause * 2).min(longest).max(PAUSE_SHORTEST),
    }
}

/// What a tick did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tick {
    /// Ticks of schedules that became jobs.
    pub fired: u64,
    /// Jobs of dead processes that wait again.
    pub taken_over: u64,
    /// Jobs of dead processes that were at their last attempt.
    pub dead: u64,
    /// Jobs that went into the queue.
    pub pushed: u64,
}

/// What came of the attempts of a [`Jobs::drain`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drained {
    /// Ended well.
    pub done: u64,
    /// Failed and wait for another attempt.
    pub failed: u64,
    /// Failed for the last time.
    pub dead: u64,
}

/// The jobs of an application whose state is `S`. Cheap to clone.
pub struct Jobs<S>(pub(super) Arc<Inner<S>>);

impl<S> Clone for Jobs<S> {
    fn clone(&self) -> Self {
        Jobs(Arc::clone(&self.0))
    }
}

pub(super) struct Inner<S> {
    pub runner: Runner<S>,
    queue_is_set_up: OnceCell<()>,
    /// A worker died, and what it had fetched and not started is unknown.
    pub recall_is_due: AtomicBool,
    /// The last tick of each schedule that this process saw pass.
    passed: Mutex<BTreeMap<&'static str, i64>>,
}

impl<S: Send + Sync + 'static> Jobs<S> {
    /// The jobs of `registry`, run on `state`.
    #[must_use]
    pub fn new(db: Db, clock: Clock, state: Arc<S>, registry: Registry<S>) -> Jobs<S> {
        Jobs(Arc::new(Inner {
            runner: Runner { db, clock, state, registry },
            queue_is_set_up: OnceCell::new(),
            recall_is_due: AtomicBool::new(false),
            passed: Mutex::default(),
        }))
    }

    /// One look at the clock and the table: fires schedules, takes over the jobs of dead processes, pushes what is due into the queue.
    /// Workers that [`Jobs::start`] started do this by themselves.
    pub async fn tick(&self) -> Result<Tick, DbError> {
        self.0.tick("").await.map(|(tick, _)| tick)
    }

    /// Fires schedules and runs what is due at the clock's now, in this task, one after the other, without the queue, until nothing is due.
    /// The same guards hold as for workers. Jobs that workers of another process have in their queue are left to them.
    pub async fn drain(&self) -> Result<Drained, DbError> {
        let inner = &*self.0;
        let mut drained = Drained::default();
        let mut lease: Option<Lease> = None;
        loop {
            inner.fire_schedules().await?;
            let process = lease.as_ref().map_or("", Lease::process);
            let probe = inner.probe(process).await?;
            drained.dead += inner.take_over(process, probe).await?.1;
            let probe = inner.probe(process).await?;
            if probe.due == 0 {
                break;
            }
            let lease = match &lease {
                Some(lease) => lease,
                None => lease.insert(Lease::take(&inner.runner.db, "drain").await?),
            };
            while let Some(job) = inner.runner.start_next(lease.process()).await? {
                match inner.runner.perform(job, lease.process()).await {
                    Outcome::Done => drained.done += 1,
                    Outcome::Failed => drained.failed += 1,
                    Outcome::Dead => drained.dead += 1,
                    Outcome::Lost => {}
                }
            }
        }
        if let Some(lease) = lease {
            lease.give_back().await?;
        }
        Ok(drained)
    }

    /// Starts `options.concurrency` workers and the ticker that feeds them, in the background. Dropped, [`Running`] ends like a killed
    /// process; [`Running::shutdown`] ends it well.
    pub async fn start(&self, options: WorkerOptions) -> Result<Running, DbError> {
        self.0.set_up_queue().await?;
        Running::start(self.clone(), options).await
    }

    /// Waits until no job is due or under way at the clock's now, here or in another process. Somebody must be running workers.
    pub async fn until_idle(&self) -> Result<(), DbError> {
        let mut stirred = STIRRED.subscribe();
        let mut pause = PAUSE_SHORTEST;
        self.0.fire_schedules().await?;
        stir();
        while !self.0.probe("").await?.is_idle() {
            tokio::time::sleep(PAUSE_SHORTEST).await;
            pause = pause_until(&mut stirred, pause, PAUSE_WAITING).await;
        }
        Ok(())
    }

    /// Processes that ended without giving their jobs back and that no other has taken over from: with workers running, none for longer
    /// than a few seconds.
    pub async fn dead_processes(&self) -> Result<u64, DbError> {
        Ok(u64::try_from(self.0.probe("").await?.dead_processes).unwrap_or_default())
    }

    /// How many jobs stand in each state: for the readiness probe, metrics, and tests that leave nothing behind.
    pub async fn counts(&self) -> Result<Counts, DbError> {
        store::counts(&mut &self.0.runner.db, self.0.runner.clock.now()).await
    }
}

impl<S: Send + Sync + 'static> Inner<S> {
    async fn set_up_queue(&self) -> Result<(), DbError> {
        self.queue_is_set_up.get_or_try_init(|| queue::set_up(&self.runner.db)).await.copied()
    }

    async fn probe(&self, process: &str) -> Result<Probe, DbError> {
        (&self.runner.db).one(&store::PROBE, args![self.runner.clock.now(), process, wall()]).await
    }

    pub async fn tick(&self, process: &str) -> Result<(Tick, Probe), DbError> {
        let mut tick = Tick { fired: self.fire_schedules().await?, ..Tick::default() };
        let mut probe = self.probe(process).await?;
        (tick.taken_over, tick.dead) = self.take_over(process, probe).await?;
        if tick.taken_over > 0 {
            probe = self.probe(process).await?;
        }
        if probe.due > 0 && probe.pushed < PUSHED_MAX {
            self.set_up_queue().await?;
            let mut tx = self.runner.db.begin().await?;
            let due: Vec<(JobId,)> = tx.all(&store::PUSH, args![self.runner.clock.now(), PUSHED_MAX - probe.pushed]).await?;
            let due: Vec<JobId> = due.into_iter().map(|(id,)| id).collect();
            queue::push(&mut tx, &due).await?;
            tx.commit().await?;
            tick.pushed = due.len() as u64;
        }
        Ok((tick, probe))
    }

    /// Puts back what dead processes and dead workers had: gives the numbers of jobs that wait again and of dead letters.
    async fn take_over(&self, process: &str, probe: Probe) -> Result<(u64, u64), DbError> {
        let recall = self.recall_is_due.swap(false, Ordering::SeqCst) || probe.dead_processes > 0;
        if recall {
            let recalled = async {
                self.set_up_queue().await?;
                queue::recall(&self.runner.db).await
            };
            recalled.await.inspect_err(|_| self.recall_is_due.store(true, Ordering::SeqCst))?;
        }
        if probe.orphans + probe.dead_processes == 0 {
            return Ok((0, 0));
        }
        self.runner.take_over(process, wall()).await
    }

    /// Asks for the jobs of the schedules whose tick the clock has passed since anybody looked; gives their number.
    async fn fire_schedules(&self) -> Result<u64, DbError> {
        let now = self.runner.clock.now();
        let mut fired = 0;
        for schedule in self.runner.registry.schedules() {
            let tick = now.0 - now.0.rem_euclid(schedule.interval_ms);
            let seen = self.passed().get(schedule.name).is_some_and(|passed| *passed >= tick);
            if !seen {
                fired += u64::from(self.fire(schedule, Millis(tick)).await?);
                self.passed().insert(schedule.name, tick);
            }
        }
        Ok(fired)
    }

    /// Turns one tick of a schedule into a job, unless another process did; the done jobs of its earlier ticks go.
    async fn fire(&self, schedule: &Schedule, tick: Millis) -> Result<bool, DbError> {
        let failed = |e: serde_json::Error| DbError::Engine { statement: store::ENQUEUE.name, source: sqlx::Error::Encode(Box::new(e)) };
        let args = (schedule.args)(tick).map_err(failed)?;
        let mut tx = self.runner.db.begin().await?;
        let first = tx.execute(&store::PASS_TICK, args![schedule.name, tick]).await? == 1;
        if first {
            // Keys of a schedule lie between its name with a colon and its name with the next character, a semicolon.
            let (from, below) = (format!("schedule:{}:", schedule.name), format!("schedule:{};", schedule.name));
            let key = format!("{from}{}", tick.0);
            tx.execute(&store::FORGET_TICKS, args![from, below]).await?;
            store::enqueue(&mut tx, None, schedule.kind, &args, &key, schedule.attempts_max, tick).await?;
        }
        tx.commit().await?;
        Ok(first)
    }

    fn passed(&self) -> std::sync::MutexGuard<'_, BTreeMap<&'static str, i64>> {
        self.passed.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
