//! Background jobs: what is asked for in a transaction happens after it, at least once, by whichever process lives.
//!
//! The truth is the table `job`: what is due (by the [`Clock`]), how often it was tried, which process has it. The queue of apalis only
//! carries a job's key from the process that finds it due to a worker that is free; a row of that queue lives from there to the job's start.
//!
//! ```text
//!            push                 start                  the handler returned
//!  waiting ─────────▶ pushed ─────────────▶ running ───────────────────────────▶ done
//!     ▲                 │ its worker died      │ failed, panicked: after a pause │
//!     └─────────────────┴──────────────────────┤ its process's lease ended       ▼
//!                                              └─ for the last time ──────────▶ dead
//! ```
//!
//! What holds, whatever dies when:
//! * A job is asked for in the transaction of its cause: both happen or neither ([`enqueue`]).
//! * An attempt counts from its start, so that a job which kills its process is a dead letter after its last attempt like any other.
//! * A process holds a lease by the wall clock; what it had is run again by another when the lease has ended, and its own late result is
//!   refused, because ending a job asks for the very attempt that began.
//! * A job may therefore run twice. Its effects happen once when they are keyed ([`once`]) or decided by state.
//!
//! One [`Registry`] names the kinds of jobs; [`Jobs`] runs them.

mod lease;
mod queue;
mod registry;
mod run;
mod service;
// The statements of the job tables.
pub mod store;
mod worker;

use std::future::Future;
use std::pin::Pin;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::args;
use crate::platform::audit::Actor;
use crate::platform::clock::{Clock, Millis};
use crate::platform::database::{Db, DbError, Queries, Tx};
use crate::platform::ids::{JobId, PracticeId};

pub use lease::LEASE;
pub use registry::Registry;
pub use run::{BACK_OFF_FIRST, BACK_OFF_LONGEST, back_off};
pub use service::{Drained, Jobs, Tick};
pub use store::{Counts, JobRow};
pub use worker::{Running, WorkerOptions};

/// A future in a box, for what a [`Registry`] keeps.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One kind of job, run on the application's state `S`. Coarse: a file, a chunk of up to 500 claims. The overhead of a job is a few
/// commits, some milliseconds.
pub trait Job<S>: Send + Sync + 'static {
    /// The name in the table: `submission.transmit`.
    const KIND: &'static str;

    /// Attempts before the job is a dead letter. Eight attempts span about twenty minutes of back-off ([`back_off`]): the restart of a
    /// partner's server, not its holidays.
    const ATTEMPTS_MAX: u32 = 8;

    /// What it is about: ids only, never PHI.
    type Args: Serialize + DeserializeOwned + Send + Sync;

    /// Does it. It may be called again after it succeeded, so effects are keyed ([`once`]). It has a thread of its own, so it may compute
    /// and block for long, and its future need not be `Send`. When a transaction of it collided with another's
    /// ([`DbError::is_retryable`]) it is called again at once. The error's text is stored and shown, so it holds no PHI.
    fn run(state: &S, ctx: &JobContext, args: Self::Args) -> impl Future<Output = anyhow::Result<()>>;
}

/// What a run of a job is given besides its arguments.
#[derive(Clone, Debug)]
pub struct JobContext {
    /// Which job.
    pub job: JobId,
    /// Whose job, when it is one practice's.
    pub practice: Option<PracticeId>,
    /// The number of this attempt, from 1.
    pub attempt: u32,
    /// The job itself, for events.
    pub actor: Actor,
    /// The database.
    pub db: Db,
    /// Where `now` comes from.
    pub clock: Clock,
}

/// Asks for a job in the caller's transaction, to run when the clock shows `due`. The same `unique_key` twice is one job, also after it
/// ended. Gives whether the job is new.
pub async fn enqueue<S, J: Job<S>>(
    tx: &mut Tx,
    practice: Option<PracticeId>,
    unique_key: &str,
    args: &J::Args,
    due: Millis,
) -> Result<bool, DbError> {
    let args = serde_json::to_string(args)
        .map_err(|e| DbError::Engine { statement: store::ENQUEUE.name, source: sqlx::Error::Encode(Box::new(e)) })?;
    let new = store::enqueue(tx, practice, J::KIND, &args, unique_key, J::ATTEMPTS_MAX, due).await?;
    if new {
        service::stir();
    }
    Ok(new)
}

/// The effect key: true when the effect is new and may be done in this transaction, false when an earlier transaction did it.
pub async fn once(tx: &mut Tx, effect_key: &str, now: Millis) -> Result<bool, DbError> {
    Ok(tx.execute(&store::NOTE_EFFECT, args![effect_key, now]).await? == 1)
}

/// The dead letters, latest first, at most `limit`.
pub async fn dead_letters(db: &mut impl Queries, limit: u32) -> Result<Vec<JobRow>, DbError> {
    db.all(&store::DEAD_LETTERS, args![limit]).await
}

/// Lets a dead letter run again, its attempts counted from the start; false when the job is not dead.
pub async fn revive(tx: &mut Tx, job: JobId, due: Millis) -> Result<bool, DbError> {
    let revived = tx.execute(&store::REVIVE, args![job, due]).await? == 1;
    if revived {
        service::stir();
    }
    Ok(revived)
}
