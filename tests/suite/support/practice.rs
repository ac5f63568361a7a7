//! A practice that a test lives through: its database on either engine, its clock, its jobs, its partner, and another practice beside it.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::ToSpan;
use pediclaim::app::{App, registry};
use pediclaim::platform::archive;
use pediclaim::platform::audit::{self, Actor};
use pediclaim::platform::clock::{Clock, Millis};
use pediclaim::platform::database::{Db, Engine};
use pediclaim::platform::ids::{ClaimId, PracticeId};
use pediclaim::platform::jobs::{Drained, Jobs};
use pediclaim::platform::money::Money;
use pediclaim::practice::setup::SetupFile;
use pediclaim::practice::{PracticeSetup, store};
use pediclaim::revenue_cycle::claim::store::{ClaimRow, PageStart};
use pediclaim::revenue_cycle::encounter::admit::AdmitOptions;
use pediclaim::revenue_cycle::encounter::{self, TakenIn, read_json};
use pediclaim::revenue_cycle::inbound::{self, InboundFile, Receipt};
use pediclaim::revenue_cycle::submission::{self, Interchange};
use pediclaim::revenue_cycle::worklist::{self, ItemFilter, WorkItem};
use pediclaim::revenue_cycle::{claim, ledger, verify};
use pediclaim::transact;
use serde_json::Value;

use super::world::World;
use super::{Database, open, sql, visits};

/// The practice of the tests: the example that ships.
const PRACTICE: &str = include_str!("../../../practice.example.toml");

/// Whoever does what a test does.
pub const TESTER: Actor = Actor::Command("test");

/// More rows than any test makes.
const ALL: u32 = 10_000;

/// What the other practice has: none of it may change while the first one lives.
type Belongings = (Vec<(String, i64, Money, Money)>, Vec<(String, String, i64)>, usize, String);

/// A practice with a world around it.
pub struct TestPractice {
    /// The records.
    pub db: Db,
    /// The time, which passes only when the test says so.
    pub clock: Clock,
    /// What jobs share.
    pub app: Arc<App>,
    /// The jobs, run when the test drains them.
    pub jobs: Jobs<App>,
    /// The practice, as it was set up.
    pub setup: PracticeSetup,
    /// Another practice, which shares the submitter and nothing else.
    pub second: PracticeSetup,
    text: String,
    belongings: std::sync::Mutex<Option<Belongings>>,
    finished: std::sync::atomic::AtomicBool,
    database: Database,
}

impl TestPractice {
    /// A practice on one engine, set up and empty; none without that engine.
    pub async fn open(engine: Engine, world: World) -> Option<TestPractice> {
        let (db, database) = open(engine).await?;
        let text = match world.simulator {
            Some(_) => PRACTICE.to_owned(),
            None => PRACTICE.replace("connection = \"simulator\"", "connection = \"directory:partner\""),
        };
        let zone = SetupFile::read(&text).unwrap().practice.time_zone;
        let clock = Clock::fixed_at(Millis::noon_of(world.begins, &zone));
        let simulator = world.simulator.unwrap_or_default();
        let app = Arc::new(App::new(database.folder.path().to_owned(), simulator, clock.clone()));
        let jobs = Jobs::new(db.clone(), clock.clone(), Arc::clone(&app), registry(None));
        let other = text
            .replace("code = \"oak-hill\"", "code = \"second\"")
            .replace("ein = \"12-3456789\"", "ein = \"98-7654321\"")
            .replace("npi = \"1900000013\"", "npi = \"1900000039\"");
        let second = set_up(&db, &other, clock.now()).await;
        let setup = set_up(&db, &text, clock.now()).await;
        let practice = TestPractice {
            db,
            clock,
            app,
            jobs,
            setup,
            second,
            text,
            belongings: std::sync::Mutex::default(),
            finished: std::sync::atomic::AtomicBool::new(false),
            database,
        };
        // The same child, visit and member id as the tests use: what is told apart by practice alone.
        let taken = practice.take_in(&practice.second, &visits::well_child("V-1")).await;
        assert_eq!(taken.admitted, 1);
        practice.drain().await;
        practice.note_belongings().await;
        Some(practice)
    }

    /// Whose records.
    pub fn id(&self) -> PracticeId {
        self.setup.practice.id
    }

    /// The practice's file is changed and set up again; gives the practice as it is then.
    pub async fn set_up_with(&self, from: &str, to: &str) -> PracticeSetup {
        assert!(self.text.contains(from), "the practice's file does not say {from}");
        set_up(&self.db, &self.text.replace(from, to), self.clock.now()).await
    }

    /// The engine of the records.
    pub fn engine(&self) -> Engine {
        self.db.engine()
    }

    /// The folder in which the files of partners and of the test are.
    pub fn folder(&self) -> PathBuf {
        self.database.folder.path().to_owned()
    }

    /// The partner's folder, in a silent world.
    pub fn partner(&self) -> PathBuf {
        self.folder().join("partner")
    }

    /// Takes in visits in our own JSON and builds their claims.
    pub async fn intake_json(&self, visits: &Value) -> TakenIn {
        let taken = self.take_in(&self.setup, visits).await;
        self.drain().await;
        taken
    }

    async fn take_in(&self, setup: &PracticeSetup, visits: &Value) -> TakenIn {
        let drafts = read_json::read(visits.to_string().as_bytes(), "emr").unwrap();
        let (options, now) = (AdmitOptions::default(), self.clock.now());
        transact!(self.db, |tx| Ok(encounter::take_in(tx, setup, &drafts, &options, TESTER, now).await?)).unwrap()
    }

    /// Sends what is ready. A second passes, because the same request at the same instant is one request.
    pub async fn submit(&self) {
        submission::submit_ready(&self.db, self.id(), self.clock.now()).await.unwrap();
        self.drain().await;
        self.a_second_passes();
    }

    fn a_second_passes(&self) {
        self.clock.advance_to(self.clock.now().plus_millis(1_000));
    }

    /// The other practice sends what it has ready, over the same submitter: numbers that the first would have taken are gone.
    pub async fn second_submits(&self) {
        submission::submit_ready(&self.db, self.second.practice.id, self.clock.now()).await.unwrap();
        self.drain().await;
        self.note_belongings().await;
    }

    /// Takes in what waits at the partner. A second passes.
    pub async fn poll(&self) {
        let submitters: Vec<_> = self.setup.submitters.iter().map(|s| s.id).collect();
        inbound::request_poll(&self.db, &submitters, self.clock.now()).await.unwrap();
        self.drain().await;
        self.a_second_passes();
    }

    /// Runs what is due until nothing is.
    pub async fn drain(&self) -> Drained {
        self.jobs.drain().await.unwrap()
    }

    /// Lets days pass; it is the same hour then.
    pub fn advance_days(&self, days: i64) {
        let zone = &self.setup.practice.time_zone;
        let day = self.clock.today(zone).checked_add(days.days()).unwrap();
        self.clock.advance_to(Millis::noon_of(day, zone));
    }

    /// Brings a file, has it read, and gives what became of it.
    pub async fn receive(&self, name: &str, bytes: impl Into<Vec<u8>>) -> InboundFile {
        let receipt = inbound::take_in(&self.db, None, name, bytes.into(), self.clock.now()).await.unwrap();
        self.drain().await;
        let (Receipt::New(id) | Receipt::Known(id)) = receipt;
        inbound::file(&mut &self.db, id).await.unwrap()
    }

    /// A visit is taken in, sent, and paid on a later day.
    pub async fn play_to_payment(&self, visits: &Value) {
        let taken = self.intake_json(visits).await;
        assert_eq!(taken.held, 0, "{:?}", taken.held_by);
        self.submit().await;
        self.poll().await;
        self.advance_days(14);
        self.poll().await;
    }

    /// Every claim, the newest date of service first.
    pub async fn claims(&self) -> Vec<ClaimRow> {
        let rows = claim::store::list(&mut &self.db, self.id(), None, &PageStart::default(), ALL).await.unwrap();
        let mut claims = Vec::new();
        for row in rows {
            claims.push(self.claim(row.id).await);
        }
        claims
    }

    /// One claim.
    pub async fn claim(&self, id: ClaimId) -> ClaimRow {
        claim::store::claim(&mut &self.db, self.id(), id).await.unwrap().unwrap()
    }

    /// The only claim.
    pub async fn the_claim(&self) -> ClaimRow {
        let mut claims = self.claims().await;
        assert_eq!(claims.len(), 1, "one claim was expected");
        claims.remove(0)
    }

    /// The states of all claims, sorted.
    pub async fn states(&self) -> Vec<String> {
        let mut states: Vec<String> = self.claims().await.into_iter().map(|c| c.state).collect();
        states.sort();
        states
    }

    /// What waits for a person.
    pub async fn items(&self) -> Vec<WorkItem> {
        worklist::list(&mut &self.db, self.id(), &ItemFilter::default(), ALL).await.unwrap()
    }

    /// Stage and reason of each open work item, sorted.
    pub async fn reasons(&self) -> Vec<String> {
        let mut reasons: Vec<String> = self.items().await.iter().map(|i| format!("{}/{}", i.stage, i.reason)).collect();
        reasons.sort();
        reasons
    }

    /// How many events there are of all records.
    pub async fn event_count(&self) -> usize {
        audit::events_after(&mut &self.db, self.id(), 0, ALL).await.unwrap().len()
    }

    /// What the life of all practices came to.
    pub async fn digest(&self) -> String {
        verify::digest(&self.db).await.unwrap()
    }

    /// How many rows a table has, of whatever practice.
    pub async fn rows(&self, table: &str) -> u64 {
        sql::count(&self.db, table).await
    }

    /// What was sent: interchanges with their bytes, the oldest first.
    pub async fn sent(&self) -> Vec<(Interchange, Vec<u8>)> {
        let mut sent = Vec::new();
        for interchange in submission::interchanges(&mut &self.db, ALL).await.unwrap() {
            let bytes = archive::load(&mut &self.db, interchange.archive_id).await.unwrap();
            sent.push((interchange, bytes));
        }
        sent.sort_by_key(|(interchange, _)| interchange.isa13);
        sent
    }

    /// Every file that was received, in no order, with its bytes.
    pub async fn received(&self) -> Vec<(InboundFile, Vec<u8>)> {
        let mut received = Vec::new();
        for file in inbound::list(&mut &self.db, None, ALL).await.unwrap() {
            let bytes = archive::load(&mut &self.db, file.archive_id).await.unwrap();
            received.push((file, bytes));
        }
        received
    }

    /// What the other practice has may have changed until now, and no more from here on.
    pub async fn note_belongings(&self) {
        let belongings = self.belongings_of_second().await;
        *self.belongings.lock().unwrap() = Some(belongings);
    }

    async fn belongings_of_second(&self) -> Belongings {
        let (mut db, id) = (&self.db, self.second.practice.id);
        let balances = ledger::store::account_balances(&mut db, id, "9999-12-31").await.unwrap();
        (
            claim::store::counts(&mut db, id).await.unwrap(),
            worklist::count_open(&mut db, id).await.unwrap(),
            audit::events_after(&mut db, id, 0, ALL).await.unwrap().len(),
            format!("{balances:?}"),
        )
    }

    /// Proves what must hold of every practice at rest, keeps the files that were sent and received for other programs to check, and lets the
    /// database go. Every test ends with it.
    pub async fn finish(self) {
        self.finished.store(true, std::sync::atomic::Ordering::SeqCst);
        let counts = self.jobs.counts().await.unwrap();
        assert_eq!((counts.unfinished(), counts.dead), (0, 0), "jobs are left over: {counts:?}");
        let verification = verify::verify(&self.db).await.unwrap();
        assert!(verification.passed(), "{:?}", verification.failed().collect::<Vec<_>>());
        let trial = ledger::store::account_balances(&mut &self.db, self.id(), "9999-12-31").await.unwrap();
        assert_eq!(trial.values().sum::<Money>(), Money::ZERO, "the trial balance is not zero");
        let before = self.belongings.lock().unwrap().take();
        assert_eq!(before, Some(self.belongings_of_second().await), "the other practice's records changed");
        self.keep_artifacts().await;
        self.db.close().await;
    }

    async fn keep_artifacts(&self) {
        let Some(folder) = std::env::var_os("PEDICLAIM_TEST_ARTIFACTS").map(PathBuf::from) else { return };
        let test = std::thread::current().name().unwrap_or("test").replace("::", "-");
        let keep = |kind: &str, name: &str, bytes: Vec<u8>| {
            std::fs::create_dir_all(folder.join(kind)).unwrap();
            std::fs::write(folder.join(kind).join(format!("{test}-{name}")), bytes).unwrap();
        };
        for (interchange, bytes) in self.sent().await {
            keep("837p", &interchange.file_name, bytes);
        }
        // What was held, because it doesn't balance, would be refused there too.
        let held = "SELECT CAST(inbound_file_id AS TEXT) FROM remittance WHERE state NOT IN ('posting', 'posted', 'review')";
        let held = sql::texts(&self.db, held).await;
        for (file, bytes) in self.received().await {
            if file.kind == "835" && file.state == "processed" && !held.contains(&file.id.to_string()) {
                keep("835", &format!("{}-{}", file.id, file.file_name), bytes);
            }
        }
    }
}

impl Drop for TestPractice {
    fn drop(&mut self) {
        let finished = self.finished.load(std::sync::atomic::Ordering::SeqCst);
        assert!(finished || std::thread::panicking(), "TestPractice::finish was not awaited: nothing was proved");
    }
}

async fn set_up(db: &Db, text: &str, now: Millis) -> PracticeSetup {
    let file = SetupFile::read(text).unwrap();
    let applied = transact!(db, |tx| Ok(store::apply(tx, &file, TESTER, now).await?)).unwrap();
    PracticeSetup::load(&mut &*db, applied.practice).await.unwrap()
}
