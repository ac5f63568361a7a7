//! Background jobs on both engines: the guards around the queue, one test a trap.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use jiff::civil::date;
use jiff::tz::TimeZone;
use pediclaim::platform::clock::{Clock, Millis};
use pediclaim::platform::database::{Db, Engine};
use pediclaim::platform::jobs::{self, Counts, Drained, Job, JobContext, Jobs, Registry, Running, WorkerOptions};
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, Connection, Executor};
use tokio::sync::Notify;

/// What the jobs of these tests do and see.
#[derive(Default)]
struct App {
    runs: AtomicU64,
    effects: AtomicU64,
    buried: AtomicU64,
    let_go: Notify,
    blocking_is_over: AtomicBool,
}

impl App {
    fn runs(&self) -> u64 {
        self.runs.load(Ordering::SeqCst)
    }
}

#[derive(Serialize, Deserialize)]
struct Number(u64);

/// Has one effect for its number, however often it runs.
struct Count;

impl Job<App> for Count {
    const KIND: &'static str = "test.count";
    type Args = Number;

    async fn run(app: &App, ctx: &JobContext, Number(number): Number) -> anyhow::Result<()> {
        app.runs.fetch_add(1, Ordering::SeqCst);
        let mut tx = ctx.db.begin().await?;
        if jobs::once(&mut tx, &format!("test.count:{number}"), ctx.clock.now()).await? {
            app.effects.fetch_add(1, Ordering::SeqCst);
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Fails.
struct Fail;

impl Job<App> for Fail {
    const KIND: &'static str = "test.fail";
    const ATTEMPTS_MAX: u32 = 3;
    type Args = Number;

    async fn run(app: &App, ctx: &JobContext, _: Number) -> anyhow::Result<()> {
        assert_eq!(u64::from(ctx.attempt), app.runs.fetch_add(1, Ordering::SeqCst) % 3 + 1);
        Err(anyhow::anyhow!("the partner is away").context("file 7"))
    }
}

/// Panics the first time.
struct Panic;

impl Job<App> for Panic {
    const KIND: &'static str = "test.panic";
    type Args = Number;

    async fn run(app: &App, _: &JobContext, _: Number) -> anyhow::Result<()> {
        assert!(app.runs.fetch_add(1, Ordering::SeqCst) > 0, "expected by the test");
        Ok(())
    }
}

/// Runs until it is let go.
struct Linger;

impl Job<App> for Linger {
    const KIND: &'static str = "test.linger";
    const ATTEMPTS_MAX: u32 = 2;
    type Args = Number;

    async fn run(app: &App, _: &JobContext, _: Number) -> anyhow::Result<()> {
        let mut let_go = std::pin::pin!(app.let_go.notified());
        let_go.as_mut().enable();
        app.runs.fetch_add(1, Ordering::SeqCst);
        let_go.await;
        Ok(())
    }
}

/// Holds its thread until it is told to stop.
struct Block;

impl Job<App> for Block {
    const KIND: &'static str = "test.block";
    type Args = Number;

    async fn run(app: &App, _: &JobContext, _: Number) -> anyhow::Result<()> {
        app.runs.fetch_add(1, Ordering::SeqCst);
        while !app.blocking_is_over.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }
}

/// A database, a clock that stands still, and what the jobs saw.
struct Bench<G> {
    db: Db,
    clock: Clock,
    app: Arc<App>,
    _database: G,
}

async fn bench(engine: Engine) -> Option<Bench<impl Sized>> {
    let (db, guard) = crate::support::open(engine).await?;
    let clock = Clock::fixed_at(Millis::noon_of(date(2026, 11, 22), &TimeZone::UTC));
    Some(Bench { db, clock, app: Arc::default(), _database: guard })
}

impl<G> Bench<G> {
    fn registry() -> Registry<App> {
        let registry = Registry::new().with::<Count>().with::<Fail>().with::<Panic>().with::<Linger>().with::<Block>();
        registry.on_dead(|app: &App, _, job| {
            Box::pin(async move {
                assert_eq!(job.attempts, job.attempts_max);
                app.buried.fetch_add(1, Ordering::SeqCst);
                Ok(())
            })
        })
    }

    fn jobs(&self) -> Jobs<App> {
        Jobs::new(self.db.clone(), self.clock.clone(), Arc::clone(&self.app), Self::registry())
    }

    async fn ask<J: Job<App, Args = Number>>(&self, number: u64) -> bool {
        let mut tx = self.db.begin().await.unwrap();
        let key = format!("{}:{number}", J::KIND);
        let new = jobs::enqueue::<App, J>(&mut tx, None, &key, &Number(number), self.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        new
    }

    fn pass(&self, time: Duration) {
        self.clock.advance_to(self.clock.now().plus_millis(i64::try_from(time.as_millis()).unwrap()));
    }

    /// Changes a table behind everybody's back.
    async fn sql(&self, sqlite: &str, postgres: &str) {
        match self.db.engine() {
            Engine::Sqlite => {
                let mut connection = sqlx::SqliteConnection::connect(self.db.url().as_str()).await.unwrap();
                connection.execute("PRAGMA busy_timeout = 30000").await.unwrap();
                connection.execute(AssertSqlSafe(sqlite.to_owned())).await.unwrap();
            }
            Engine::Postgres => {
                let mut connection = sqlx::PgConnection::connect(self.db.url().as_str()).await.unwrap();
                connection.execute(AssertSqlSafe(postgres.to_owned())).await.unwrap();
            }
        }
    }

    async fn rows(&self, table: &str) -> usize {
        let sql = AssertSqlSafe(format!("SELECT * FROM {table}"));
        match self.db.engine() {
            Engine::Sqlite => {
                let mut connection = sqlx::SqliteConnection::connect(self.db.url().as_str()).await.unwrap();
                connection.fetch_all(sql).await.unwrap().len()
            }
            Engine::Postgres => {
                let mut connection = sqlx::PgConnection::connect(self.db.url().as_str()).await.unwrap();
                connection.fetch_all(sql).await.unwrap().len()
            }
        }
    }

    async fn rows_of_the_queue(&self) -> usize {
        self.rows(if self.db.engine() == Engine::Sqlite { "Jobs" } else { "apalis.jobs" }).await
    }
}

async fn start(jobs: &Jobs<App>, concurrency: usize) -> Running {
    jobs.start(WorkerOptions { role: "test", concurrency, poll: Duration::from_millis(20) }).await.unwrap()
}

/// Waits for something that another task or process brings about.
async fn until(what: &str, limit: Duration, mut condition: impl AsyncFnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !condition().await {
        assert!(begun.elapsed() < limit, "{what}: not within {limit:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    begun.elapsed()
}

/// Longer than anything here takes on a busy machine; a failure, not a figure.
const PATIENCE: Duration = Duration::from_secs(30);

async fn a_job_exists_when_its_transaction_does(engine: Engine) {
    let Some(bench) = bench(engine).await else { return };
    let mut tx = bench.db.begin().await.unwrap();
    assert!(jobs::enqueue::<App, Count>(&mut tx, None, "a", &Number(1), bench.clock.now()).await.unwrap());
    drop(tx);
    assert_eq!(bench.jobs().counts().await.unwrap(), Counts::default());
    assert!(bench.ask::<Count>(1).await);
    assert_eq!(bench.jobs().counts().await.unwrap(), Counts { waiting: 1, due: 1, ..Counts::default() });
}

async fn the_same_key_twice_is_one_job_also_after_it_ended(engine: Engine) {
    let Some(bench) = bench(engine).await else { return };
    let mut tx = bench.db.begin().await.unwrap();
    for new in [true, false] {
        assert_eq!(jobs::enqueue::<App, Count>(&mut tx, None, "a", &Number(1), bench.clock.now()).await.unwrap(), new);
    }
    assert!(jobs::enqueue::<App, Count>(&mut tx, None, "b", &Number(2), bench.clock.now()).await.unwrap(), "the transaction lives on");
    tx.commit().await.unwrap();
    assert_eq!(bench.jobs().drain().await.unwrap(), Drained { done: 2, ..Drained::default() });
    let mut tx = bench.db.begin().await.unwrap();
    assert!(!jobs::enqueue::<App, Count>(&mut tx, None, "a", &Number(1), bench.clock.now()).await.unwrap());
}

async fn a_job_is_not_run_before_it_is_due(engine: Engine) {
    let Some(bench) = bench(engine).await else { return };
    let mut tx = bench.db.begin().await.unwrap();
    jobs::enqueue::<App, Count>(&mut tx, None, "a", &Number(1), bench.clock.now().plus_millis(1)).await.unwrap();
    tx.commit().await.unwrap();
    let jobs = bench.jobs();
    assert_eq!(jobs.drain().await.unwrap(), Drained::default());
    assert_eq!(jobs.tick().await.unwrap().pushed, 0);
    bench.pass(Duration::from_millis(1));
    assert_eq!(jobs.drain().await.unwrap().done, 1);
}

async fn two_processes_run_every_job_once_and_leave_the_queue_empty(engine: Engine) {
    const JOBS: u64 = 60;
    let Some(bench) = bench(engine).await else { return };
    let (one, other) = (bench.jobs(), bench.jobs());
    let running = [start(&one, 4).await, start(&other, 4).await];
    for number in 0..JOBS {
        bench.ask::<Count>(number).await;
    }
    one.until_idle().await.unwrap();
    assert_eq!(one.counts().await.unwrap(), Counts { done: JOBS, ..Counts::default() });
    assert_eq!((bench.app.runs(), bench.app.effects.load(Ordering::SeqCst)), (JOBS, JOBS));
    assert_eq!(bench.rows_of_the_queue().await, 0);
    for running in running {
        running.shutdown().await.unwrap();
    }
    assert_eq!(bench.rows("job_process").await, 0);
}

async fn a_failed_job_waits_longer_each_time_and_then_somebody_is_told(engine: Engine) {
    let Some(bench) = bench(engine).await else { return };
    let jobs = bench.jobs();
    bench.ask::<Fail>(1).await;
    assert_eq!(jobs.drain().await.unwrap(), Drained { failed: 1, ..Drained::default() });
    bench.pass(Duration::from_millis(9_999));
    assert_eq!(jobs.drain().await.unwrap(), Drained::default());
    bench.pass(Duration::from_millis(1));
    assert_eq!(jobs.drain().await.unwrap(), Drained { failed: 1, ..Drained::default() });
    bench.pass(Duration::from_secs(20));
    assert_eq!(jobs.drain().await.unwrap(), Drained { dead: 1, ..Drained::default() });
    assert_eq!(bench.app.buried.load(Ordering::SeqCst), 1);

    let dead = jobs::dead_letters(&mut &bench.db, 10).await.unwrap();
    assert_eq!((dead.len(), dead[0].last_error.as_deref()), (1, Some("file 7: the partner is away")));
    let mut tx = bench.db.begin().await.unwrap();
    assert!(jobs::revive(&mut tx, dead[0].id, bench.clock.now()).await.unwrap());
    assert!(!jobs::revive(&mut tx, dead[0].id, bench.clock.now()).await.unwrap(), "it is not dead any more");
    tx.commit().await.unwrap();
    assert_eq!(jobs.drain().await.unwrap(), Drained { failed: 1, ..Drained::default() });
}

async fn a_dead_letter_that_nobody_can_be_told_of_is_still_one(engine: Engine) {
    let Some(bench) = bench(engine).await else { return };
    let hooks: [Registry<App>; 2] = [
        Registry::new().on_dead(|_, _, _| Box::pin(async { anyhow::bail!("the worklist is full") })),
        Registry::new().on_dead(|_, _, _| Box::pin(async { panic!("expected by the test") })),
    ];
    for (number, registry) in (0..).zip(hooks) {
        bench.ask::<Fail>(number).await;
        let jobs = Jobs::new(bench.db.clone(), bench.clock.clone(), Arc::clone(&bench.app), registry.with::<Fail>());
        for _ in 0..2 {
            assert_eq!(jobs.drain().await.unwrap(), Drained { failed: 1, ..Drained::default() });
            bench.pass(jobs::BACK_OFF_LONGEST);
        }
        assert_eq!(jobs.drain().await.unwrap(), Drained { dead: 1, ..Drained::default() });
    }
}

async fn a_panic_is_a_failed_attempt_and_frees_its_worker(engine: Engine) {
    let Some(bench) = bench(engine).await else { return };
    let jobs = bench.jobs();
    let running = start(&jobs, 1).await;
    bench.ask::<Panic>(1).await;
    jobs.until_idle().await.unwrap();
    assert_eq!(jobs.counts().await.unwrap(), Counts { waiting: 1, ..Counts::default() });
    bench.ask::<Count>(1).await;
    bench.pass(jobs::BACK_OFF_FIRST);
    jobs.until_idle().await.unwrap();
    assert_eq!(jobs.counts().await.unwrap(), Counts { done: 2, ..Counts::default() });
    running.shutdown().await.unwrap();
}

async fn a_job_of_a_process_that_died_runs_again_within_ten_seconds(engine: Engine) {
    let Some(bench) = bench(engine).await else { return };
    let jobs = bench.jobs();
    let killed = start(&jobs, 1).await;
    bench.ask::<Linger>(1).await;
    bench.ask::<Linger>(2).await;
    until("the first job begins", PATIENCE, async || bench.app.runs() == 1).await;
    drop(killed);

    let restarted = bench.jobs();
    let running = start(&restarted, 2).await;
    let waited = until("both jobs begin again", PATIENCE, async || bench.app.runs() == 3).await;
    assert!(waited < Duration::from_secs(10), "{waited:?}");
    bench.app.let_go.notify_waiters();
    restarted.until_idle().await.unwrap();
    assert_eq!(restarted.counts().await.unwrap(), Counts { done: 2, ..Counts::default() });
    running.shutdown().await.unwrap();
}

async fn a_job_that_kills_its_process_each_time_is_a_dead_letter(engine: Engine) {
    let Some(bench) = bench(engine).await else { return };
    let jobs = bench.jobs();
    bench.ask::<Linger>(1).await;
    for attempt in 1..=2 {
        let killed = start(&jobs, 1).await;
        until("the job begins", PATIENCE, async || bench.app.runs() == attempt).await;
        drop(killed);
        // The lease of a process that was killed ends; here it is ended for it.
        bench.sql("DELETE FROM job_process", "DELETE FROM job_process").await;
    }
    let tick = jobs.tick().await.unwrap();
    assert_eq!((tick.taken_over, tick.dead), (0, 1));
    assert_eq!(bench.app.buried.load(Ordering::SeqCst), 1);
    assert_eq!(jobs.counts().await.unwrap(), Counts { dead: 1, ..Counts::default() });
}

async fn the_late_result_of_a_process_that_lost_its_job_is_refused(engine: Engine) {
    let Some(bench) = bench(engine).await else { return };
    bench.ask::<Linger>(1).await;
    let drain = |jobs: Jobs<App>| tokio::spawn(async move { jobs.drain().await.unwrap() });
    let slow = drain(bench.jobs());
    until("the job begins", PATIENCE, async || bench.app.runs() == 1).await;
    bench.sql("UPDATE job SET process_id = 'dead'", "UPDATE job SET process_id = 'dead'").await;
    let quick = drain(bench.jobs());
    until("the other process begins", PATIENCE, async || bench.app.runs() == 2).await;
    // They are let go in the order they came: the attempt that was taken over ends first, and its end counts for nothing.
    bench.app.let_go.notify_one();
    assert_eq!(slow.await.unwrap(), Drained::default());
    assert_eq!(bench.jobs().counts().await.unwrap(), Counts { running: 1, ..Counts::default() });
    bench.app.let_go.notify_one();
    assert_eq!(quick.await.unwrap(), Drained { done: 1, ..Drained::default() });
}

async fn workers_outlive_an_error_of_the_database(engine: Engine) {
    let Some(bench) = bench(engine).await else { return };
    let jobs = bench.jobs();
    let running = start(&jobs, 2).await;
    bench.ask::<Count>(1).await;
    jobs.until_idle().await.unwrap();
    bench.sql("ALTER TABLE Jobs RENAME TO Jobs_away", "ALTER TABLE apalis.jobs RENAME TO jobs_away").await;
    bench.ask::<Count>(2).await;
    // The worker looks into the queue, which isn't there, and dies; so does the next, and the ticks fail.
    tokio::time::sleep(Duration::from_millis(700)).await;
    bench.sql("ALTER TABLE Jobs_away RENAME TO Jobs", "ALTER TABLE apalis.jobs_away RENAME TO jobs").await;
    jobs.until_idle().await.unwrap();
    assert_eq!(jobs.counts().await.unwrap(), Counts { done: 2, ..Counts::default() });
    assert_eq!(bench.app.runs(), 2);
    running.shutdown().await.unwrap();
}

async fn a_tick_of_a_schedule_is_one_job_however_many_processes_see_it(engine: Engine) {
    let Some(bench) = bench(engine).await else { return };
    let every_minute = || {
        let registry = Registry::new().every::<Count>("poll", Duration::from_secs(60), |tick| Number(tick.0.unsigned_abs()));
        Jobs::new(bench.db.clone(), bench.clock.clone(), Arc::clone(&bench.app), registry)
    };
    let (one, other) = (every_minute(), every_minute());
    assert_eq!(one.drain().await.unwrap().done, 1);
    assert_eq!(other.drain().await.unwrap().done, 0);
    bench.pass(Duration::from_secs(59));
    assert_eq!(one.drain().await.unwrap().done, 0);
    bench.pass(Duration::from_secs(1));
    assert_eq!((other.tick().await.unwrap().fired, one.tick().await.unwrap().fired), (1, 0));
    bench.pass(Duration::from_secs(600));
    assert_eq!(one.tick().await.unwrap().fired, 1, "ticks that nobody saw are not made up for");
    assert_eq!(one.counts().await.unwrap().done, 0, "the done job of the first tick is gone");
}

async fn an_effect_happens_once(engine: Engine) {
    let Some(bench) = bench(engine).await else { return };
    for new in [true, false] {
        let mut tx = bench.db.begin().await.unwrap();
        assert_eq!(jobs::once(&mut tx, "remittance:7:claim:9", bench.clock.now()).await.unwrap(), new);
        tx.commit().await.unwrap();
    }
    let mut tx = bench.db.begin().await.unwrap();
    assert!(jobs::once(&mut tx, "remittance:7:claim:10", bench.clock.now()).await.unwrap());
    drop(tx);
    let mut tx = bench.db.begin().await.unwrap();
    assert!(jobs::once(&mut tx, "remittance:7:claim:10", bench.clock.now()).await.unwrap(), "the first transaction never was");
}

async fn a_shutdown_lets_jobs_end_and_gives_back_what_has_not_begun(engine: Engine) {
    let Some(bench) = bench(engine).await else { return };
    let jobs = bench.jobs();
    let running = start(&jobs, 1).await;
    bench.ask::<Linger>(1).await;
    until("the job begins", PATIENCE, async || bench.app.runs() == 1).await;
    bench.ask::<Count>(1).await;
    until("the other is in the queue", PATIENCE, async || jobs.counts().await.unwrap().pushed == 1).await;
    let shutdown = tokio::spawn(running.shutdown());
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!shutdown.is_finished(), "it waits for the job under way");
    bench.app.let_go.notify_waiters();
    shutdown.await.unwrap().unwrap();
    assert_eq!(jobs.counts().await.unwrap(), Counts { waiting: 1, due: 1, done: 1, ..Counts::default() });
    assert_eq!((bench.rows_of_the_queue().await, bench.rows("job_process").await), (0, 0));
}

async fn a_kind_without_a_handler_is_kept_and_tried_again(engine: Engine) {
    let Some(bench) = bench(engine).await else { return };
    bench.ask::<Count>(1).await;
    let older = Jobs::new(bench.db.clone(), bench.clock.clone(), Arc::clone(&bench.app), Registry::<App>::new());
    assert_eq!(older.drain().await.unwrap(), Drained { failed: 1, ..Drained::default() });
    bench.pass(jobs::BACK_OFF_FIRST);
    assert_eq!(bench.jobs().drain().await.unwrap(), Drained { done: 1, ..Drained::default() });
}

macro_rules! on_both_engines {
    ($($test:ident)*) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(super::Engine::Sqlite).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(super::Engine::Postgres).await;
            })*
        }
    };
}

on_both_engines! {
    a_job_exists_when_its_transaction_does
    the_same_key_twice_is_one_job_also_after_it_ended
    a_job_is_not_run_before_it_is_due
    two_processes_run_every_job_once_and_leave_the_queue_empty
    a_failed_job_waits_longer_each_time_and_then_somebody_is_told
    a_dead_letter_that_nobody_can_be_told_of_is_still_one
    a_panic_is_a_failed_attempt_and_frees_its_worker
    a_job_of_a_process_that_died_runs_again_within_ten_seconds
    a_job_that_kills_its_process_each_time_is_a_dead_letter
    the_late_result_of_a_process_that_lost_its_job_is_refused
    workers_outlive_an_error_of_the_database
    a_tick_of_a_schedule_is_one_job_however_many_processes_see_it
    an_effect_happens_once
    a_shutdown_lets_jobs_end_and_gives_back_what_has_not_begun
    a_kind_without_a_handler_is_kept_and_tried_again
}

/// Longer than a lease the job holds its thread and something else all threads of the runtime: were the lease renewed by either, the other
/// process would take the job over.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_whose_every_thread_is_blocked_keeps_its_lease() {
    let Some(bench) = bench(Engine::Sqlite).await else { return };
    bench.ask::<Block>(1).await;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let blocked = bench.jobs();
    let running = runtime.spawn(async move { (start(&blocked, 1).await, blocked) }).await.unwrap();
    until("the job blocks", PATIENCE, async || bench.app.runs() == 1).await;
    let app = Arc::clone(&bench.app);
    runtime.spawn(async move {
        while !app.blocking_is_over.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(10));
        }
    });
    let other = bench.jobs();
    let begun = Instant::now();
    while begun.elapsed() < jobs::LEASE + Duration::from_secs(2) {
        assert_eq!(other.tick().await.unwrap().taken_over, 0);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    bench.app.blocking_is_over.store(true, Ordering::SeqCst);
    until("the job ends", PATIENCE, async || other.counts().await.unwrap().done == 1).await;
    assert_eq!(bench.app.runs(), 1);
    drop(running);
    runtime.shutdown_background();
}
