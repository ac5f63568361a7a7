//! The statements of the job tables, and those that clear the queue's rows after us.

use crate::platform::clock::Millis;
use crate::platform::database::{DbError, Queries, Tx};
use crate::platform::ids::{JobId, PracticeId};
use crate::{args, statements};

statements! {
    ENQUEUE = "INSERT INTO job (id, practice_id, kind, args, unique_key, state, attempts, attempts_max, due_ms)
        VALUES ($1, $2, $3, $4, $5, 'waiting', 0, $6, $7) ON CONFLICT (unique_key) DO NOTHING";
    NOTE_EFFECT = "INSERT INTO effect (effect_key, at_ms) VALUES ($1, $2) ON CONFLICT (effect_key) DO NOTHING";
    DEAD_LETTERS = "SELECT id, practice_id, kind, args, unique_key, attempts, attempts_max, started_ms, ended_ms, last_error FROM job
        WHERE state = 'dead' ORDER BY ended_ms DESC, id DESC LIMIT $1";
    REVIVE = "UPDATE job SET state = 'waiting', attempts = 0, due_ms = $2 WHERE id = $1 AND state = 'dead'";

    PROBE = "SELECT
        (SELECT COUNT(*) FROM (SELECT id FROM job WHERE state = 'waiting' AND due_ms <= $1 LIMIT 1) AS next) AS due,
        (SELECT COUNT(*) FROM job WHERE state = 'pushed') AS pushed,
        (SELECT COUNT(*) FROM job WHERE state = 'running') AS running,
        (SELECT COUNT(*) FROM job WHERE state = 'running' AND process_id <> $2
            AND process_id NOT IN (SELECT id FROM job_process WHERE lease_until_wall_ms > $3)) AS orphans,
        (SELECT COUNT(*) FROM job_process WHERE id <> $2 AND lease_until_wall_ms <= $3) AS dead_processes";
    PUSH = {
        sqlite: "UPDATE job SET state = 'pushed' WHERE id IN (SELECT id FROM job WHERE state = 'waiting' AND due_ms <= $1
            ORDER BY due_ms, id LIMIT $2) RETURNING id",
        postgres: "UPDATE job SET state = 'pushed' WHERE id IN (SELECT id FROM job WHERE state = 'waiting' AND due_ms <= $1
            ORDER BY due_ms, id LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING id"
    };
    UNPUSH_ALL = "UPDATE job SET state = 'waiting' WHERE state = 'pushed'";
    CLEAR_QUEUE = {
        sqlite: "DELETE FROM Jobs WHERE job_type = $1",
        postgres: "DELETE FROM apalis.jobs WHERE job_type = $1"
    };
    LEAVE_QUEUE = {
        sqlite: "DELETE FROM Jobs WHERE id = $1",
        postgres: "DELETE FROM apalis.jobs WHERE id = $1"
    };
    START_PUSHED = "UPDATE job SET state = 'running', process_id = $2, attempts = attempts + 1, started_ms = $3, ended_ms = NULL
        WHERE id = $1 AND state = 'pushed'
        RETURNING id, practice_id, kind, args, unique_key, attempts, attempts_max, started_ms, ended_ms, last_error";
    START_NEXT = {
        sqlite: "UPDATE job SET state = 'running', process_id = $2, attempts = attempts + 1, started_ms = $1, ended_ms = NULL
            WHERE id = (SELECT id FROM job WHERE state = 'waiting' AND due_ms <= $1 ORDER BY due_ms, id LIMIT 1)
            RETURNING id, practice_id, kind, args, unique_key, attempts, attempts_max, started_ms, ended_ms, last_error",
        postgres: "UPDATE job SET state = 'running', process_id = $2, attempts = attempts + 1, started_ms = $1, ended_ms = NULL
            WHERE id = (SELECT id FROM job WHERE state = 'waiting' AND due_ms <= $1 ORDER BY due_ms, id LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING id, practice_id, kind, args, unique_key, attempts, attempts_max, started_ms, ended_ms, last_error"
    };
    END = "UPDATE job SET state = $4, due_ms = COALESCE($5, due_ms), ended_ms = $6, last_error = $7, process_id = NULL
        WHERE id = $1 AND state = 'running' AND process_id = $2 AND attempts = $3";
    ORPHANS = "SELECT id, practice_id, kind, args, unique_key, attempts, attempts_max, started_ms, ended_ms, last_error, process_id FROM job
        WHERE state = 'running' AND process_id <> $1 AND process_id NOT IN (SELECT id FROM job_process WHERE lease_until_wall_ms > $2)
        ORDER BY due_ms, id";

    RENEW_LEASE = "INSERT INTO job_process (id, role, lease_until_wall_ms) VALUES ($1, $2, $3)
        ON CONFLICT (id) DO UPDATE SET lease_until_wall_ms = excluded.lease_until_wall_ms";
    RETURN_LEASE = "DELETE FROM job_process WHERE id = $1";
    FORGET_DEAD_PROCESSES = "DELETE FROM job_process WHERE id <> $1 AND lease_until_wall_ms <= $2";

    PASS_TICK = "INSERT INTO schedule_tick (schedule, tick_ms) VALUES ($1, $2)
        ON CONFLICT (schedule) DO UPDATE SET tick_ms = excluded.tick_ms WHERE schedule_tick.tick_ms < excluded.tick_ms";
    FORGET_TICKS = "DELETE FROM job WHERE unique_key >= $1 AND unique_key < $2 AND state = 'done'";

    COUNTS = "SELECT state, COUNT(*) AS jobs FROM job GROUP BY state ORDER BY state";
    COUNT_DUE = "SELECT COUNT(*) AS jobs FROM job WHERE state = 'waiting' AND due_ms <= $1";
}

/// A job as it stands in the table.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct JobRow {
    /// Its key.
    pub id: JobId,
    /// Whose job, when it is one practice's.
    #[sqlx(rename = "practice_id")]
    pub practice: Option<PracticeId>,
    /// Its kind: [`Job::KIND`](super::Job::KIND).
    pub kind: String,
    /// Its arguments, JSON: ids only.
    pub args: String,
    /// What makes it one job however often it is asked for.
    pub unique_key: String,
    /// Attempts that began.
    pub attempts: i64,
    /// Attempts before it is a dead letter.
    pub attempts_max: i64,
    /// When its last attempt began.
    #[sqlx(rename = "started_ms")]
    pub started: Option<Millis>,
    /// When its last attempt ended.
    #[sqlx(rename = "ended_ms")]
    pub ended: Option<Millis>,
    /// Why its last failed attempt failed.
    pub last_error: Option<String>,
}

/// A running job whose process's lease has ended.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Orphan {
    #[sqlx(flatten)]
    pub job: JobRow,
    pub process_id: String,
}

/// What there is to do, in one glance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Probe {
    /// 1 when a waiting job is due, else 0.
    pub due: i64,
    pub pushed: i64,
    pub running: i64,
    pub orphans: i64,
    pub dead_processes: i64,
}

impl Probe {
    pub fn is_idle(self) -> bool {
        self.due + self.pushed + self.running == 0
    }
}

/// How many jobs stand in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Waiting, due or not.
    pub waiting: u64,
    /// Those of the waiting that are due.
    pub due: u64,
    /// Handed to the queue.
    pub pushed: u64,
    /// Under way.
    pub running: u64,
    /// Ended well.
    pub done: u64,
    /// Dead letters.
    pub dead: u64,
}

impl Counts {
    /// Jobs that are not at their end.
    #[must_use]
    pub fn unfinished(&self) -> u64 {
        self.waiting + self.pushed + self.running
    }
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    Done,
    /// Again when the clock shows `due`; `None` as soon as possible.
    Again {
        due: Option<Millis>,
        error: Option<String>,
    },
    Dead {
        error: Option<String>,
    },
}

pub(super) async fn enqueue(
    tx: &mut Tx,
    practice: Option<PracticeId>,
    kind: &str,
    args: &str,
    unique_key: &str,
    attempts_max: u32,
    due: Millis,
) -> Result<bool, DbError> {
    let id: JobId = tx.new_key()?;
    Ok(tx.execute(&ENQUEUE, args![id, practice, kind, args, unique_key, attempts_max, due]).await? == 1)
}

/// Ends the attempt `job.attempts` of a process; false when it is no longer that process's attempt.
pub(super) async fn end(tx: &mut Tx, job: &JobRow, process: &str, end: &End, now: Millis) -> Result<bool, DbError> {
    let (state, due, error) = match end {
        End::Done => ("done", None, None),
        End::Again { due, error } => ("waiting", *due, error.as_ref()),
        End::Dead { error } => ("dead", None, error.as_ref()),
    };
    Ok(tx.execute(&END, args![job.id, process, job.attempts, state, due, now, error]).await? == 1)
}

pub(super) async fn counts(db: &mut impl Queries, now: Millis) -> Result<Counts, DbError> {
    let mut counts = Counts::default();
    let rows: Vec<(String, i64)> = db.all(&COUNTS, args![]).await?;
    for (state, jobs) in rows {
        let jobs = u64::try_from(jobs).unwrap_or_default();
        match state.as_str() {
            "waiting" => counts.waiting = jobs,
            "pushed" => counts.pushed = jobs,
            "running" => counts.running = jobs,
            "done" => counts.done = jobs,
            "dead" => counts.dead = jobs,
            _ => return Err(DbError::Corrupt("job.state")),
        }
    }
    let (due,): (i64,) = db.one(&COUNT_DUE, args![now]).await?;
    counts.due = u64::try_from(due).unwrap_or_default();
    Ok(counts)
}
