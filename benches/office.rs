//! A practice with a database of its own, visits of the demo's families, and payers that answer after a week.

use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use pediclaim::clearinghouse::simulator::{Lag, SimulatorConfig};
use pediclaim::command::{Program, cycle};
use pediclaim::demo::families::{DemoOptions, families};
use pediclaim::demo::visits::{intake_file, visits};
use pediclaim::family::store::Households;
use pediclaim::platform::audit::Actor;
use pediclaim::platform::clock::{Clock, Millis};
use pediclaim::platform::config::Config;
use pediclaim::platform::database::DatabaseUrl;
use pediclaim::platform::ids::{ClaimId, EncounterId};
use pediclaim::platform::telemetry::Format;
use pediclaim::practice::setup::SetupFile;
use pediclaim::practice::{PracticeSetup, store};
use pediclaim::revenue_cycle::claim::model::ClaimContent;
use pediclaim::revenue_cycle::claim::{self, ClaimState};
use pediclaim::revenue_cycle::encounter::admit::AdmitOptions;
use pediclaim::revenue_cycle::encounter::{self, Encounter, read_json};
use pediclaim::revenue_cycle::{inbound, submission};
use pediclaim::transact;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::postgres;

/// The day on which everything is sent. The visits are of the year before.
pub const FIRST_DAY: Date = date(2026, 10, 1);

/// The day on which every answer waits at the partner.
pub const ANSWERED: Date = date(2026, 10, 8);

/// Families that have more than as many visits a year as are asked for here.
const FAMILIES: u32 = 400;

/// One runtime for all: benchmarks are not asynchronous, the database is.
pub static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("the runtime starts"));

/// The engines at hand, by name.
pub fn engines() -> &'static [&'static str] {
    static ENGINES: LazyLock<&[&str]> = LazyLock::new(|| {
        if std::env::var_os("PEDICLAIM_TEST_POSTGRES").is_some() {
            return &["sqlite", "postgres"];
        }
        eprintln!("PEDICLAIM_TEST_POSTGRES is not set: only SQLite is measured");
        &["sqlite"]
    });
    *ENGINES
}

/// Payers that pay everything, all of it on the same day.
pub fn prompt_payers() -> SimulatorConfig {
    SimulatorConfig { lag: Lag { min: 7, max: 7 }, ..SimulatorConfig::default() }
}

/// A practice with a database of its own, which goes with it.
pub struct Office {
    /// The program.
    pub program: Program,
    /// Files of the database, keys, folders of the partner.
    _folder: TempDir,
}

/// What benchmarks without a database work on.
pub struct Sample {
    /// The practice.
    pub setup: PracticeSetup,
    /// The visits.
    pub encounters: Vec<Encounter>,
    /// Who came.
    pub households: Households,
    /// The claims that passed the edits.
    pub claims: Vec<ClaimContent>,
}

impl Office {
    /// An empty database; none when there is no such engine here.
    pub fn empty(engine: &str) -> Option<Office> {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let database = match engine {
            "sqlite" => DatabaseUrl::sqlite(&folder.path().join("pediclaim.db")),
            _ => DatabaseUrl::parse(&RUNTIME.block_on(postgres::fresh_database())?).expect("a URL of PostgreSQL"),
        };
        let config = Config {
            data_dir: folder.path().to_owned(),
            database,
            audit_key: folder.path().join("audit.key"),
            listen: ([127, 0, 0, 1], 0).into(),
            trusted_proxies: Vec::new(),
            workers: 2,
            poll: Duration::from_millis(20),
            log: String::new(),
            log_format: Format::Human,
        };
        let clock = Clock::fixed_at(Millis::noon_of(FIRST_DAY, &TimeZone::UTC));
        let program = RUNTIME.block_on(Program::open(config, clock, prompt_payers(), None)).expect("an empty database opens");
        Some(Office { program, _folder: folder })
    }

    /// The example practice, without visits.
    pub fn open(engine: &str) -> Option<Office> {
        let office = Office::empty(engine)?;
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("practice.example.toml");
        let text = std::fs::read_to_string(path).expect("the example practice is there");
        let file = SetupFile::read(&text).expect("the example practice has no faults");
        let (db, now) = (&office.program.db, office.program.clock.now());
        RUNTIME
            .block_on(async { transact!(db, |tx| Ok(store::apply(tx, &file, Actor::Command("bench"), now).await?)) })
            .expect("the example practice is set up");
        Some(office)
    }

    fn setup(&self) -> PracticeSetup {
        RUNTIME.block_on(self.program.practice(None)).expect("there is one practice")
    }

    /// Takes in so many visits and works off the jobs that follow.
    pub fn take_in(&self, count: usize) {
        let setup = self.setup();
        let options = DemoOptions { seed: 1, families: FAMILIES, opened: FIRST_DAY.saturating_sub(1.year()) };
        let mut visits = visits(&setup, &options, &families(&setup, &options), options.opened, FIRST_DAY.saturating_sub(1.day()));
        assert!(visits.len() >= count, "{FAMILIES} families have {} visits a year", visits.len());
        // The latest ones: no payer's time of filing is over.
        let drafts =
            read_json::read(intake_file(&visits.split_off(visits.len() - count)).to_string().as_bytes(), "bench").expect("our own JSON");
        RUNTIME
            .block_on(async {
                cycle::take_in(&self.program, &setup, &drafts, &AdmitOptions::default()).await?;
                self.program.work_off().await
            })
            .expect("the visits become claims");
    }

    /// Takes in so many visits and keeps them, with their claims, in memory.
    pub fn sample(self, count: usize) -> Sample {
        self.take_in(count);
        let (setup, db) = (self.setup(), &self.program.db);
        let practice = setup.practice.id;
        RUNTIME
            .block_on(async {
                let limit = u32::try_from(count)?;
                let rows = encounter::encounter_rows(&mut &*db, practice, ("9999-12-31", EncounterId(i64::MAX)), limit).await?;
                let ids: Vec<EncounterId> = rows.iter().map(|row| row.id).collect();
                let encounters = encounter::encounters(&mut &*db, practice, &ids).await?;
                let children: Vec<_> = encounters.iter().map(|encounter| encounter.child).collect();
                let households = Households::load(&mut &*db, practice, &children).await?;
                let ready = claim::store::of_state(&mut &*db, practice, ClaimState::Ready, ClaimId(0), limit).await?;
                let claims = claim::store::load(&mut &*db, practice, &ready).await?;
                let claims = claims.into_iter().map(|claim| claim.content).collect();
                anyhow::Ok(Sample { setup, encounters, households, claims })
            })
            .expect("what was stored can be loaded")
    }

    /// Takes in visits, sends their claims, takes in the acknowledgments, and waits until the remittances lie at the partner.
    pub fn with_answers_waiting(self, visits: usize) -> Office {
        self.take_in(visits);
        let practice = self.setup().practice.id;
        RUNTIME
            .block_on(async {
                submission::submit_ready(&self.program.db, practice, self.program.clock.now()).await?;
                self.program.work_off().await
            })
            .expect("the claims leave");
        self.fetch_answers();
        self.program.clock.advance_to(Millis::noon_of(ANSWERED, &TimeZone::UTC));
        self
    }

    /// Fetches what waits at the partner and works off the jobs that follow.
    pub fn fetch_answers(&self) {
        let submitters: Vec<_> = self.setup().submitters.iter().map(|submitter| submitter.id).collect();
        RUNTIME
            .block_on(async {
                inbound::request_poll(&self.program.db, &submitters, self.program.clock.now()).await?;
                self.program.work_off().await
            })
            .expect("the answers are taken in");
    }

    /// Claims that were sent and not paid yet.
    pub fn sent(&self) -> usize {
        let counts =
            RUNTIME.block_on(claim::store::counts(&mut &self.program.db, self.setup().practice.id)).expect("claims can be counted");
        let sent = |state: &str| ClaimState::from_code(state).is_some_and(ClaimState::is_with_partner);
        let claims: i64 = counts.into_iter().filter(|(state, ..)| sent(state)).map(|(_, claims, ..)| claims).sum();
        usize::try_from(claims).expect("a count is not negative")
    }

    /// Opens the same database once more, as another process would, and closes it.
    pub fn open_again(&self) {
        let (config, clock) = (self.program.config.clone(), self.program.clock.clone());
        RUNTIME
            .block_on(async {
                Program::open(config, clock, prompt_payers(), None).await?.db.close().await;
                anyhow::Ok(())
            })
            .expect("the database opens again");
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        let url = self.program.config.database.as_str().to_owned();
        RUNTIME.block_on(async {
            self.program.db.close().await;
            if !url.starts_with("sqlite:") {
                postgres::drop_database(&url).await;
            }
        });
    }
}
