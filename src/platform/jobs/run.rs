//! One attempt of a job: started in a commit, guarded while it runs, ended in a commit of its own.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tracing::Instrument as _;

use super::registry::Handler;
use super::store::{self, End, JobRow};
use super::{JobContext, Registry, service};
use crate::args;
use crate::platform::audit::Actor;
use crate::platform::clock::{Clock, Millis};
use crate::platform::database::{Db, DbError, Queries};
use crate::platform::ids::JobId;

/// The pause after a first failed attempt; it doubles with each further one.
pub const BACK_OFF_FIRST: Duration = Duration::from_secs(10);

/// The longest pause between attempts.
pub const BACK_OFF_LONGEST: Duration = Duration::from_secs(60 * 60);

/// Characters of an error's text that are kept: a chain of causes, not a document.
const ERROR_LENGTH_MAX: usize = 1_000;

/// How often a handler runs again at once, within its attempt, because its transaction collided with another (a deadlock, a sealed epoch).
/// More than that is no accident and waits like any failure.
const COLLISIONS_MAX: u32 = 4;

/// How often the application is told of a dead letter when it fails to take it in.
const TELLING_TRIES_MAX: u32 = 3;

/// The longest pause between tries to write down how an attempt began or ended while the database is away.
const DATABASE_PAUSE_LONGEST: Duration = Duration::from_secs(1);

/// Milliseconds from the end of the failed attempt `attempt` (from 1) to the next.
#[must_use]
pub fn back_off(attempt: i64) -> i64 {
    let doublings = u32::try_from(attempt.max(1) - 1).unwrap_or(u32::MAX).min(20);
    let longest = i64::try_from(BACK_OFF_LONGEST.as_millis()).unwrap_or(i64::MAX);
    let first = i64::try_from(BACK_OFF_FIRST.as_millis()).unwrap_or(i64::MAX);
    first.saturating_mul(1 << doublings).min(longest)
}

/// What an attempt came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Done,
    Failed,
    Dead,
    /// The attempt was taken over by another process; what this one did has no say any more.
    Lost,
}

/// What every run of a job needs.
pub(super) struct Runner<S> {
    pub db: Db,
    pub clock: Clock,
    pub state: Arc<S>,
    pub registry: Registry<S>,
}

impl<S: Send + Sync + 'static> Runner<S> {
    /// Starts the job that the queue delivered as `task`, if it is still to be started, and takes it from the queue in the same commit. A
    /// second delivery finds nothing to start.
    pub async fn start_pushed(&self, job: JobId, task: &str, process: &str) -> Option<JobRow> {
        let mut patience = Patience::default();
        loop {
            match self.try_start_pushed(job, task, process).await {
                Ok(started) => return started,
                Err(error) => patience.pause(&error).await,
            }
        }
    }

    async fn try_start_pushed(&self, job: JobId, task: &str, process: &str) -> Result<Option<JobRow>, DbError> {
        let mut tx = self.db.begin().await?;
        let started = tx.optional(&store::START_PUSHED, args![job, process, self.clock.now()]).await?;
        tx.execute(&store::LEAVE_QUEUE, args![task]).await?;
        tx.commit().await?;
        Ok(started)
    }

    /// Starts the next job that is due, without the queue.
    pub async fn start_next(&self, process: &str) -> Result<Option<JobRow>, DbError> {
        let mut tx = self.db.begin().await?;
        let started = tx.optional(&store::START_NEXT, args![self.clock.now(), process]).await?;
        tx.commit().await?;
        Ok(started)
    }

    /// Runs a started job and writes down how it ended.
    pub async fn perform(&self, job: JobRow, process: &str) -> Outcome {
        let span = tracing::info_span!("job", id = %job.id, kind = job.kind, attempt = job.attempts);
        async {
            let failure = self.handle(&job).await.err();
            if let Some(error) = &failure {
                tracing::warn!(error, "the job failed");
            }
            let outcome = self.end(&job, process, failure).await;
            service::stir();
            outcome
        }
        .instrument(span)
        .await
    }

    async fn handle(&self, job: &JobRow) -> Result<(), String> {
        let Some(handler) = self.registry.handler(&job.kind) else {
            return Err("no handler is registered for this kind of job".to_owned());
        };
        let context = JobContext {
            job: job.id,
            practice: job.practice,
            attempt: u32::try_from(job.attempts).unwrap_or(u32::MAX),
            actor: Actor::Job(job.id),
            db: self.db.clone(),
            clock: self.clock.clone(),
        };
        for collision in 1.. {
            match on_its_own_thread(handler, Arc::clone(&self.state), context.clone(), job.args.clone()).await {
                Some(Ok(())) => return Ok(()),
                Some(Err(error)) if collision <= COLLISIONS_MAX && is_collision(&error) => {
                    tokio::time::sleep(Duration::from_millis(10 << collision)).await;
                }
                Some(Err(error)) => return Err(bounded(&format!("{error:#}"))),
                // The panic's own message may quote the data it tripped over, so it is not kept.
                None => return Err("the handler panicked".to_owned()),
            }
        }
        unreachable!("the loop returns at its last collision")
    }

    async fn end(&self, job: &JobRow, process: &str, failure: Option<String>) -> Outcome {
        let (end, outcome) = match failure {
            None => (End::Done, Outcome::Done),
            error if job.attempts >= job.attempts_max => (End::Dead { error }, Outcome::Dead),
            error => {
                let due = self.clock.now().plus_millis(back_off(job.attempts));
                (End::Again { due: Some(due), error }, Outcome::Failed)
            }
        };
        if self.write_end(job, process, &end).await {
            return outcome;
        }
        tracing::warn!("another process took the job over meanwhile");
        Outcome::Lost
    }

    /// Writes down how an attempt ended, and tells the application of a dead letter in the same commit; false when the attempt is not the
    /// process's any more. A dead letter that nobody can be told of is still one.
    async fn write_end(&self, job: &JobRow, process: &str, end: &End) -> bool {
        let mut patience = Patience::default();
        for tries in 1.. {
            match self.try_write_end(job, process, end, tries <= TELLING_TRIES_MAX).await {
                Ok(ours) => return ours,
                Err(error) => patience.pause(&error).await,
            }
        }
        unreachable!("the loop returns when the end is written")
    }

    async fn try_write_end(&self, job: &JobRow, process: &str, end: &End, tell: bool) -> Result<bool, WriteError> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        let ours = store::end(&mut tx, job, process, end, now).await?;
        if let (true, End::Dead { error }) = (ours, end) {
            tracing::error!(id = %job.id, kind = job.kind, attempts = job.attempts, error, told = tell, "the job is a dead letter");
            if tell {
                let dead = JobRow { ended: Some(now), last_error: error.clone(), ..job.clone() };
                let told = caught(self.registry.bury(&self.state, &mut tx, &dead)).await;
                told.ok_or(WriteError::Panicked)?.map_err(|e| WriteError::Untold(bounded(&format!("{e:#}"))))?;
            }
        }
        tx.commit().await?;
        Ok(ours)
    }

    /// Puts the jobs of processes whose lease has ended back, those at their last attempt among the dead letters.
    /// Gives the numbers of both.
    pub async fn take_over(&self, process: &str, wall: Millis) -> Result<(u64, u64), DbError> {
        let orphans: Vec<store::Orphan> = (&self.db).all(&store::ORPHANS, args![process, wall]).await?;
        let (mut again, mut dead) = (0, 0);
        for store::Orphan { job, process_id } in orphans {
            let error = Some("the process that ran it died".to_owned());
            let last = job.attempts >= job.attempts_max;
            let end = if last { End::Dead { error } } else { End::Again { due: None, error } };
            if self.write_end(&job, &process_id, &end).await {
                *(if last { &mut dead } else { &mut again }) += 1;
            }
        }
        let mut tx = self.db.begin().await?;
        tx.execute(&store::FORGET_DEAD_PROCESSES, args![process, wall]).await?;
        tx.commit().await?;
        Ok((again, dead))
    }
}

/// Why the end of an attempt is not written down yet.
#[derive(Debug, thiserror::Error)]
enum WriteError {
    #[error(transparent)]
    Database(#[from] DbError),
    #[error("telling of a dead letter: {0}")]
    Untold(String),
    #[error("telling of a dead letter panicked")]
    Panicked,
}

/// The pauses between tries to write down how an attempt began or ended. There is no last try: an attempt that is not written down blocks
/// its slot, and rightly so, since without the database nothing else could run either.
struct Patience(Duration);

impl Default for Patience {
    fn default() -> Self {
        Patience(Duration::from_millis(5))
    }
}

impl Patience {
    async fn pause(&mut self, error: &impl std::fmt::Display) {
        tracing::warn!(%error, "the attempt is not written down yet");
        tokio::time::sleep(self.0).await;
        self.0 = (self.0 * 2).min(DATABASE_PAUSE_LONGEST);
    }
}

/// Runs a handler on a thread of its own, where it may compute and block for as long as it likes: nothing else waits for that thread. Gives
/// what it gave, or nothing when it panicked. When this future is dropped, the handler is dropped at its next await.
async fn on_its_own_thread<S: Send + Sync + 'static>(
    handler: Handler<S>,
    state: Arc<S>,
    context: JobContext,
    args: String,
) -> Option<anyhow::Result<()>> {
    let (_dropped_with_us, gone) = oneshot::channel::<()>();
    let span = tracing::Span::current();
    let run = move || {
        let attempt = async {
            tokio::select! {
                result = handler(state, context, args) => result,
                _ = gone => Err(anyhow::anyhow!("given up")),
            }
        };
        Handle::current().block_on(attempt.instrument(span))
    };
    tokio::task::spawn_blocking(run).await.ok()
}

/// What a future gives, or nothing when it panicked.
async fn caught<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(value)) => Poll::Ready(Some(value)),
        Err(_) => Poll::Ready(None),
    })
    .await
}

/// Whether an error says that the same work would succeed now.
fn is_collision(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.downcast_ref::<DbError>().is_some_and(DbError::is_retryable))
}

/// An error's text as it is kept: one line of bounded length.
fn bounded(error: &str) -> String {
    error.chars().map(|c| if c.is_control() { ' ' } else { c }).take(ERROR_LENGTH_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_up_to_an_hour() {
        assert_eq!([1, 2, 3, 8].map(back_off), [10_000, 20_000, 40_000, 1_280_000]);
        assert_eq!([10, 63, i64::MAX].map(back_off), [3_600_000; 3]);
        assert_eq!(back_off(0), back_off(1));
    }

    #[tokio::test]
    async fn a_panic_is_nothing_and_a_value_is_itself() {
        assert_eq!(caught(async { 7 }).await, Some(7));
        assert_eq!(caught(async { tokio::task::yield_now().await }).await, Some(()));
        assert_eq!(
            caught(async {
                if std::hint::black_box(true) {
                    panic!("expected by the test")
                }
            })
            .await,
            None
        );
    }

    #[test]
    fn a_collision_is_recognized_below_its_context() {
        assert!(is_collision(&anyhow::Error::new(DbError::EpochSealed).context("posting remittance 7")));
        assert!(!is_collision(&anyhow::Error::new(DbError::Missing("claim"))));
    }

    #[test]
    fn an_error_is_kept_as_one_line_of_bounded_length() {
        assert_eq!(bounded("a\nb\tc"), "a b c");
        assert_eq!(bounded(&"ä".repeat(5_000)).chars().count(), ERROR_LENGTH_MAX);
    }
}
