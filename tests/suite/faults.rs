//! `kill -9` anywhere: processes of the real binary take visits in, send claims, play the payer and post the money, and are killed at
//! random points of every stage. What the survivors end with is, by digest, what an undisturbed run of the same visits ends with, and the
//! partner received every claim once.
//!
//! Time is the machine's: leases, back-off and rounds go by it. What would depend on it is kept out: services are of fixed days, payers
//! date their payments by them, and the practice lives where it is about noon, so that no run goes past midnight.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::hash::{BuildHasher, RandomState};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use pediclaim::args;
use pediclaim::clearinghouse::simulator::read_log;
use pediclaim::demo::families::{DemoOptions, families};
use pediclaim::demo::visits::{Defect, intake_file, visits};
use pediclaim::platform::audit::MacKey;
use pediclaim::platform::database::{DatabaseUrl, Db, Engine, Queries, Statement};
use pediclaim::practice::{PracticeSetup, store};

use crate::support::{drop_database, fresh_database};

/// The stages that run as jobs, by the kinds of their jobs.
const JOBS: [&str; 6] = ["claim.build", "submission.write", "submission.transmit", "inbound.poll", "inbound.process", "posting.chunk"];

/// A kill of intake before its first job: visits are being read or stored.
const INTAKE: &str = "intake";

/// A kill of the payer just after a file came to it.
const SIMULATOR: &str = "simulator";

/// A kill that found nothing under way.
const BETWEEN: &str = "between jobs";

/// Days of visits: enough of them, and fewer than any payer of the example gives for filing.
const DAYS: i32 = 80;

/// How large the run is, and how many kills there must be.
#[derive(Clone, Copy)]
struct Size {
    /// At least so many claims leave.
    claims: usize,
    /// Files of visits, taken in one after the other.
    files: usize,
    /// Kills while a job ran, of each kind in [`JOBS`].
    in_each_job: usize,
    /// Kills of intake, and of the simulator.
    elsewhere: usize,
    /// A run that takes longer hangs.
    patience: Duration,
}

impl Size {
    /// 2,000 claims and 22 kills where `tests/run long` asks for it; a tenth of that in the gate.
    fn asked() -> Size {
        match std::env::var_os("PEDICLAIM_TEST_LONG") {
            Some(_) => Size { claims: 2_000, files: 18, in_each_job: 3, elsewhere: 2, patience: Duration::from_secs(1_800) },
            None => Size { claims: 200, files: 6, in_each_job: 1, elsewhere: 1, patience: Duration::from_secs(300) },
        }
    }

    fn kills(&self) -> usize {
        self.in_each_job * JOBS.len() + self.elsewhere * 2
    }
}

#[tokio::test]
async fn killed_anywhere_the_next_process_carries_on_on_sqlite() {
    on(Engine::Sqlite).await;
}

#[tokio::test]
async fn killed_anywhere_the_next_process_carries_on_on_postgres() {
    on(Engine::Postgres).await;
}

async fn on(engine: Engine) {
    let (Some(calm), Some(wild)) = (World::new(engine).await, World::new(engine).await) else { return };
    let size = Size::asked();
    let files = calm.write_visits(&size).await;
    let began = Instant::now();
    let undisturbed = calm.live(&size, &files, None).await;
    assert!(undisturbed.claims.len() >= size.claims, "only {} claims left", undisturbed.claims.len());

    let calm_seconds = began.elapsed().as_secs();
    let began = Instant::now();
    let mut hunt = Hunt::new(&size);
    let disturbed = wild.live(&size, &files, Some(&mut hunt)).await;
    assert!(hunt.is_over(), "kills are missing: {hunt}\n{}", wild.last_words());
    let summary = format!(
        "{engine:?}: {} claims, undisturbed in {calm_seconds} s, with {hunt} in {} s: digest {}\n",
        disturbed.claims.len(),
        began.elapsed().as_secs(),
        disturbed.digest
    );
    // Past the harness's capture, in one write.
    std::io::stderr().write_all(summary.as_bytes()).expect("standard error is open");
    let folders = [&calm, &wild].map(|world| world.folder.path().display().to_string());
    assert_eq!(undisturbed.digest, disturbed.digest, "a run with kills ends differently: compare what is in {folders:?}");
    calm.end().await;
    wild.end().await;
}

/// What a run came to.
struct Life {
    digest: String,
    /// The numbers of the claims that left.
    claims: Vec<String>,
}

/// A database, a partner's folder, and the processes' common log.
struct World {
    folder: tempfile::TempDir,
    url: DatabaseUrl,
    db: Db,
    /// Worker processes at a time: PostgreSQL's share the queue.
    workers: usize,
}

static RUNNING_OF: Statement = same("faults::RUNNING_OF", "SELECT kind FROM job WHERE state = 'running' AND process_id LIKE $1");
/// Rounds begin until the very end, so that jobs of a round may be waiting.
static LEFT: Statement = same(
    "faults::LEFT",
    "SELECT kind, state FROM job WHERE state = 'dead'
        OR (state <> 'done' AND kind IN ('claim.build', 'submission.transmit', 'inbound.process', 'posting.chunk')) ORDER BY kind, state",
);
static LENGTH: Statement = same(
    "faults::LENGTH",
    "SELECT CAST(COALESCE(AVG(ended_ms - started_ms), 50) AS BIGINT) FROM job WHERE kind = $1 AND state = 'done' AND started_ms IS NOT NULL",
);
static SENT: Statement = same("faults::SENT", "SELECT pcn FROM claim WHERE batch_id IS NOT NULL ORDER BY pcn");

const fn same(name: &'static str, text: &'static str) -> Statement {
    Statement::new(name, text, text)
}

impl World {
    /// The example's practice in a new database, its claims going by a folder; `None` without the engine.
    async fn new(engine: Engine) -> Option<World> {
        // What a failed test leaves is the only witness, so that nothing goes before the end.
        let folder = tempfile::Builder::new().prefix("faults-").disable_cleanup(true).tempdir().expect("a folder");
        let (url, workers) = match engine {
            Engine::Sqlite => (DatabaseUrl::sqlite(&folder.path().join("pediclaim.db")), 1),
            Engine::Postgres => (DatabaseUrl::parse(&fresh_database().await?).expect("a URL"), 2),
        };
        let hour = Timestamp::now().to_zoned(TimeZone::UTC).hour();
        let practice = include_str!("../../practice.example.toml")
            .replace("connection = \"simulator\"", &format!("connection = \"directory:{}\"", folder.path().join("partner").display()))
            // The sign of these zones says how far UTC is ahead of them.
            .replace("America/Chicago", &format!("Etc/GMT{:+}", hour - 12));
        let file = folder.path().join("practice.toml");
        fs::write(&file, practice).expect("the practice file is written");
        let key = folder.path().join("audit.key");
        let key = MacKey::load_or_create(&key).expect("a key");
        let db = Db::open(&url, key).await.expect("the database opens");
        let world = World { folder, url, db, workers };
        world.ask(&["setup", &file.to_string_lossy()]);
        Some(world)
    }

    fn partner(&self) -> PathBuf {
        self.folder.path().join("partner")
    }

    /// Visits of the weeks before today, in files, enough that the claims that leave are as many as asked.
    async fn write_visits(&self, size: &Size) -> Vec<PathBuf> {
        // The processes live by the real clock, and claims must be filed in time.
        let last = Timestamp::now().to_zoned(TimeZone::UTC).date().saturating_sub(1.day());
        let first = last.saturating_sub(DAYS.days());
        let practice = store::the_only_practice(&mut &self.db).await.expect("practices are read").expect("there is one");
        let setup = PracticeSetup::load(&mut &self.db, practice.id).await.expect("its set-up is read");
        let options = DemoOptions { seed: 11, families: u32::try_from(size.claims * 3 / 2).expect("fits"), opened: first };
        let mut all = visits(&setup, &options, &families(&setup, &options), first, last);
        // A claim is built from what is known of the coverage by then: a visit that comes without its member id must not meet the one
        // that brings it, or the outcome is the hour's.
        all.retain(|visit| !matches!(visit.defect, Some(Defect::MemberIdMissing | Defect::MemberIdCut)));
        // One in ten or so leaves no claim: other defects, families without a plan.
        all.truncate(size.claims + size.claims / 5);
        let write = |(n, visits): (usize, &[_])| {
            let path = self.folder.path().join(format!("visits-{n:02}.json"));
            fs::write(&path, intake_file(visits).to_string()).expect("visits are written");
            path
        };
        all.chunks(all.len().div_ceil(size.files)).enumerate().map(write).collect()
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pediclaim"));
        command.env_clear().args(words).current_dir(self.folder.path());
        command.env("PEDICLAIM_DATABASE_URL", self.url.as_str()).env("PEDICLAIM_DATA_DIR", self.folder.path());
        command.env("PEDICLAIM_AUDIT_KEY", self.folder.path().join("audit.key")).env("PEDICLAIM_POLL_MS", "50");
        command
    }

    /// Runs a command to its end; gives what it printed.
    fn ask(&self, words: &[&str]) -> String {
        let output = self.command(words).output().expect("the binary runs");
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{words:?}: {printed}{}", String::from_utf8_lossy(&output.stderr));
        printed
    }

    fn start(&self, words: &[&str]) -> Process {
        let log = File::options().create(true).append(true).open(self.folder.path().join("log")).expect("the log opens");
        let child = self.command(words).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().expect("the binary runs");
        Process { child, since: Instant::now() }
    }

    fn start_worker(&self) -> Process {
        self.start(&["worker", "--sweep-seconds", "1"])
    }

    fn start_simulator(&self) -> Process {
        self.start(&["simulator", "--dir", &self.partner().to_string_lossy(), "--instant", "--every-ms", "20"])
    }

    fn start_intake(&self, file: &Path) -> Process {
        self.start(&["intake", "json", &file.to_string_lossy()])
    }

    /// The end of the log.
    fn last_words(&self) -> String {
        const LENGTH: usize = 6_000;
        let log = fs::read(self.folder.path().join("log")).unwrap_or_default();
        String::from_utf8_lossy(&log[log.len().saturating_sub(LENGTH)..]).into_owned()
    }

    /// From the first visit to the last payment, with or without kills; what holds in any case is asserted.
    async fn live(&self, size: &Size, files: &[PathBuf], mut hunt: Option<&mut Hunt>) -> Life {
        let began = Instant::now();
        let mut workers: Vec<Process> = (0..self.workers).map(|_| self.start_worker()).collect();
        let mut simulator = self.start_simulator();
        let mut intake: Option<Process> = None;
        let (mut taken_in, mut started) = (0, Instant::now());
        loop {
            assert!(began.elapsed() < size.patience, "the run hangs\n{}", self.last_words());
            for process in workers.iter_mut().chain([&mut simulator]) {
                assert!(process.ended().is_none(), "a process ended by itself\n{}", self.last_words());
            }
            match intake.as_mut().map(Process::ended) {
                Some(Some(status)) => {
                    assert!(status.success(), "intake failed\n{}", self.last_words());
                    intake = None;
                    taken_in += 1;
                }
                Some(None) => {}
                None if taken_in < files.len() => {
                    let is_time = hunt.as_ref().is_none_or(|hunt| hunt.is_ahead(taken_in, files.len()) || started.elapsed() > FEED_PAUSE);
                    if is_time {
                        intake = Some(self.start_intake(&files[taken_in]));
                        started = Instant::now();
                    }
                }
                None if hunt.as_ref().is_none_or(|hunt| hunt.is_over() || started.elapsed() > LAST_CHANCE) => break,
                None => {}
            }
            if let Some(hunt) = hunt.as_deref_mut()
                && !hunt.is_ahead(taken_in + 1, files.len())
            {
                if let Some(process) = &mut intake
                    && (hunt.strike_intake(self, process, taken_in).await || hunt.strike_job(self, process).await)
                {
                    *process = self.start_intake(&files[taken_in]);
                }
                if hunt.strike_simulator(self, &mut simulator).await {
                    simulator = self.start_simulator();
                }
                for process in &mut workers {
                    if hunt.strike_job(self, process).await {
                        *process = self.start_worker();
                    }
                }
            }
            tokio::time::sleep(TICK).await;
        }
        drop(workers);
        let mut last = self.start(&["worker", "--until-idle", "--sweep-seconds", "1"]);
        let status = loop {
            assert!(began.elapsed() < size.patience, "the last worker hangs\n{}", self.last_words());
            assert!(simulator.ended().is_none(), "the simulator ended by itself\n{}", self.last_words());
            match last.ended() {
                Some(status) => break status,
                None => tokio::time::sleep(TICK * 20).await,
            }
        };
        assert!(status.success(), "the last worker failed\n{}", self.last_words());
        self.account().await
    }

    /// Nothing is left to do, everything holds, and the partner received what left, once.
    async fn account(&self) -> Life {
        let left: Vec<(String, String)> = (&self.db).all(&LEFT, args![]).await.expect("jobs are read");
        assert_eq!(left, [], "jobs are left\n{}", self.last_words());
        let sent: Vec<(String,)> = (&self.db).all(&SENT, args![]).await.expect("claims are read");
        let claims: Vec<String> = sent.into_iter().map(|(pcn,)| pcn).collect();
        let mut received: Vec<String> =
            read_log(&self.partner()).expect("the simulator's log is read").into_iter().flat_map(|r| r.claims).collect();
        received.sort_unstable();
        assert_eq!(received, claims, "what the partner received (left) is not what was sent (right), each once");
        for folder in ["outbox", "inbox"] {
            let files = files_in(&self.partner().join(folder));
            assert_eq!(files, 0, "files are left in the partner's {folder}");
        }
        let verified: serde_json::Value =
            serde_json::from_str(&self.ask(&["verify", "--digest", "--json"])).expect("verify answers in JSON");
        assert_eq!(verified["holds"], true, "{verified:#}");
        Life { digest: verified["digest"].as_str().expect("a digest").to_owned(), claims }
    }

    async fn end(mut self) {
        self.db.close().await;
        self.folder.disable_cleanup(false);
        if self.url.engine() == Engine::Postgres {
            drop_database(self.url.as_str()).await;
        }
    }
}

/// Between two looks at the table of jobs, many of which run for some milliseconds.
const TICK: Duration = Duration::from_millis(1);

/// How long the next file of visits waits for the kills that are due: a killed process's jobs wait for the end of its lease, and then some.
const FEED_PAUSE: Duration = Duration::from_secs(8);

/// How long the kills that are missing at the end may take.
const LAST_CHANCE: Duration = Duration::from_secs(30);

/// A process of ours; dropped, it is killed.
struct Process {
    child: Child,
    since: Instant,
}

impl Process {
    fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child can be waited for")
    }

    fn kill(&mut self) {
        self.child.kill().expect("a child that was not waited for can be killed");
        self.child.wait().expect("a child can be waited for");
    }

    /// How the names begin and end under which it has jobs: role, host, process number, ULID.
    fn pattern(&self) -> String {
        format!("%-{}-%", self.child.id())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended, and then there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn files_in(folder: &Path) -> usize {
    fs::read_dir(folder).map_or(0, |entries| entries.flatten().filter(|entry| entry.path().is_file()).count())
}

/// A random number below `end`.
fn random(end: u64) -> u64 {
    RandomState::new().hash_one(()) % end.max(1)
}

/// The kills that are still wanted, and those that were.
struct Hunt {
    wanted: BTreeMap<&'static str, usize>,
    all: usize,
    kills: BTreeMap<String, usize>,
    /// From the start of intake to its first job, as the first file showed.
    reading: Duration,
}

impl Hunt {
    fn new(size: &Size) -> Hunt {
        let jobs = JOBS.map(|kind| (kind, size.in_each_job));
        let others = [INTAKE, SIMULATOR].map(|stage| (stage, size.elsewhere));
        let wanted = jobs.into_iter().chain(others).collect();
        Hunt { wanted, all: size.kills(), kills: BTreeMap::new(), reading: Duration::ZERO }
    }

    fn wants(&self, stage: &str) -> bool {
        self.wanted.get(stage).is_some_and(|kills| *kills > 0)
    }

    fn is_over(&self) -> bool {
        self.wanted.values().all(|kills| *kills == 0)
    }

    /// Whether there were as many kills as are due when `files` of the files are taken in: all, after two thirds of them.
    fn is_ahead(&self, files: usize, of: usize) -> bool {
        let done = self.all - self.wanted.values().sum::<usize>();
        done >= self.all.min((self.all * files * 3).div_ceil(of * 2))
    }

    fn note(&mut self, stage: &str) {
        *self.kills.entry(stage.to_owned()).or_default() += 1;
        if let Some(kills) = self.wanted.get_mut(stage) {
            *kills = kills.saturating_sub(1);
        }
    }

    /// Kills intake at a random point before its first job; gives whether it did. The first file shows how long that takes.
    async fn strike_intake(&mut self, world: &World, process: &mut Process, file: usize) -> bool {
        if file == 0 {
            if self.reading.is_zero() && !running_of(world, process).await.is_empty() {
                self.reading = process.since.elapsed();
            }
            return false;
        }
        if !self.wants(INTAKE) {
            return false;
        }
        let reading = u64::try_from(self.reading.as_millis()).unwrap_or(u64::MAX);
        tokio::time::sleep(Duration::from_millis(random(reading))).await;
        process.kill();
        match running_of(world, process).await.first() {
            None => self.note(INTAKE),
            Some(kind) => self.note(kind),
        }
        true
    }

    /// Kills the payer at a random point just after a file came; gives whether it did.
    async fn strike_simulator(&mut self, world: &World, process: &mut Process) -> bool {
        const READING: u64 = 60;
        if !self.wants(SIMULATOR) || files_in(&world.partner().join("outbox")) == 0 {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(random(READING))).await;
        process.kill();
        self.note(SIMULATOR);
        true
    }

    /// Kills a process at a random point of a job of a kind that is wanted; gives whether it did. What ran is read after its death.
    async fn strike_job(&mut self, world: &World, process: &mut Process) -> bool {
        let running = running_of(world, process).await;
        let Some(target) = running.iter().find(|kind| self.wants(kind)).cloned() else { return false };
        let (length,): (i64,) = (&world.db).one(&LENGTH, args![&target]).await.expect("jobs are read");
        tokio::time::sleep(Duration::from_millis(random(length.unsigned_abs()))).await;
        process.kill();
        let running = running_of(world, process).await;
        let hit = if running.contains(&target) { Some(&target) } else { running.first() };
        self.note(hit.map_or(BETWEEN, String::as_str));
        true
    }
}

/// The kinds of the jobs that the table says a process is at.
async fn running_of(world: &World, process: &Process) -> Vec<String> {
    let rows: Vec<(String,)> = (&world.db).all(&RUNNING_OF, args![process.pattern()]).await.expect("jobs are read");
    rows.into_iter().map(|(kind,)| kind).collect()
}

impl std::fmt::Display for Hunt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let all: usize = self.kills.values().sum();
        let elsewhere = [INTAKE, SIMULATOR, BETWEEN].iter().filter_map(|stage| self.kills.get(*stage)).sum::<usize>();
        let mut each = String::new();
        for (stage, kills) in &self.kills {
            write!(each, "{}{stage} {kills}", if each.is_empty() { "" } else { ", " })?;
        }
        write!(f, "{all} kills, {} of them while a job ran ({each})", all - elsewhere)
    }
}
