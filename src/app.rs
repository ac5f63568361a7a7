//! The running program: what jobs and requests share besides the database and the clock, and the list of everything that runs.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use jiff::tz::TimeZone;

use crate::clearinghouse::simulator::{SimulatedPartner, SimulatorConfig};
use crate::clearinghouse::{Clearinghouse, Directory};
use crate::platform::clock::Clock;
use crate::platform::database::{Db, Statement, Tx};
use crate::platform::ids::SubmitterId;
use crate::platform::jobs::{Boxed, JobRow, Registry};
use crate::practice::{self, shape::Connection};
use crate::revenue_cycle::sweep::{Sweep, SweepArgs};
use crate::revenue_cycle::worklist::{self, NewItem};
use crate::revenue_cycle::{claim, encounter, inbound, posting, submission};

/// What jobs share: the ways to the trading partners.
pub struct App {
    data: PathBuf,
    simulator: SimulatorConfig,
    clock: Clock,
    connections: Mutex<HashMap<SubmitterId, Arc<dyn Clearinghouse>>>,
}

impl App {
    /// An application whose files are below `data`: `directory:` connections that are relative begin there, and the payers of `simulator`
    /// connections keep their folders there, under `simulator/`.
    #[must_use]
    pub fn new(data: PathBuf, simulator: SimulatorConfig, clock: Clock) -> App {
        App { data, simulator, clock, connections: Mutex::default() }
    }

    /// Where the folders of a simulated partner are.
    #[must_use]
    pub fn simulator_folder(&self, submitter: &str) -> PathBuf {
        self.data.join("simulator").join(submitter)
    }

    /// The way to a submitter's partner.
    pub async fn connection(&self, db: &Db, submitter: SubmitterId) -> anyhow::Result<Arc<dyn Clearinghouse>> {
        if let Some(known) = self.connections.lock().unwrap_or_else(PoisonError::into_inner).get(&submitter) {
            return Ok(known.clone());
        }
        let facts = practice::store::submitter(&mut &*db, submitter).await?.context("the submitter is not set up")?;
        let connection: Arc<dyn Clearinghouse> = match &facts.connection {
            Connection::Directory(path) => Arc::new(Directory::open(self.data.join(path))?),
            Connection::Simulator => {
                let folder = self.simulator_folder(facts.code.as_str());
                Arc::new(SimulatedPartner::open(&folder, self.simulator.clone(), self.clock.clone(), TimeZone::UTC)?)
            }
        };
        let mut connections = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(connections.entry(submitter).or_insert(connection).clone())
    }
}

/// Every kind of job, with the round over all practices every `sweep`; without one somebody asks for each step.
#[must_use]
pub fn registry(sweep: Option<Duration>) -> Registry<App> {
    let jobs = jobs();
    match sweep {
        Some(interval) => jobs.every::<Sweep>("sweep", interval, |_| SweepArgs {}),
        None => jobs,
    }
}

fn jobs() -> Registry<App> {
    Registry::new()
        .with::<claim::BuildClaims>()
        .with::<submission::WriteInterchange>()
        .with::<submission::Transmit>()
        .with::<inbound::Poll>()
        .with::<inbound::ProcessFile>()
        .with::<posting::PostChunk>()
        .with::<worklist::RaiseAlerts>()
        .with::<Sweep>()
        .on_dead(report_dead)
}

/// A job that failed for the last time becomes a work item of its practice.
fn report_dead<'a>(app: &'a App, tx: &'a mut Tx, job: &'a JobRow) -> Boxed<'a, anyhow::Result<()>> {
    Box::pin(async move {
        let Some(practice) = job.practice else { return Ok(()) };
        let now = app.clock.now();
        let item = NewItem {
            practice,
            stage: "jobs",
            reason: "JOB_DEAD".to_owned(),
            subject_kind: "job",
            subject_id: job.id.0,
            message: format!("{} failed {} times: {}", job.kind, job.attempts, job.last_error.as_deref().unwrap_or("no reason given")),
            due_date: None,
        };
        worklist::raise(tx, item, now).await?;
        Ok(())
    })
}

/// Every SQL statement of the program; a test runs each of them on both engines.
pub fn statements() -> impl Iterator<Item = &'static Statement> {
    use crate::family;
    use crate::platform::{archive, audit, jobs};
    use crate::revenue_cycle::{acknowledgment, ledger, remittance, report, scrub, verify};
    let lists: [&'static [&'static Statement]; 17] = [
        crate::platform::database::STATEMENTS,
        audit::STATEMENTS,
        archive::STATEMENTS,
        jobs::store::STATEMENTS,
        practice::store::STATEMENTS,
        practice::code_files::store::STATEMENTS,
        crate::http::store::STATEMENTS,
        family::store::STATEMENTS,
        encounter::STATEMENTS,
        claim::store::STATEMENTS,
        submission::STATEMENTS,
        acknowledgment::STATEMENTS,
        inbound::STATEMENTS,
        remittance::STATEMENTS,
        posting::STATEMENTS,
        report::STATEMENTS,
        worklist::STATEMENTS,
    ];
    let of_folders = [ledger::store::STATEMENTS, verify::STATEMENTS, scrub::STATEMENTS];
    lists.into_iter().chain(of_folders.into_iter().flatten().copied()).flatten().copied()
}
