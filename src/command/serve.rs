//! `serve`, `worker`, `simulator`: what runs until it is told to stop.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use jiff::tz::TimeZone;

use super::{Program, say};
use crate::clearinghouse::simulator::{FolderService, SimulatorConfig, Timing, run_folder};
use crate::http::{Reach, Server, router};
use crate::platform::clock::Clock;
use crate::platform::database::{DbError, Queries};
use crate::platform::jobs::WorkerOptions;
use crate::revenue_cycle::claim::{self, ClaimState};
use crate::revenue_cycle::encounter::admit::AdmitOptions;
use crate::revenue_cycle::remittance;

/// Runs the screens, the interface and the workers until SIGINT or SIGTERM; what is under way is finished.
pub async fn serve(program: Program) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(program.config.listen)
        .await
        .with_context(|| format!("{} can't be listened on: is another pediclaim running there?", program.config.listen))?;
    let options = WorkerOptions { role: "serve", concurrency: program.config.workers, poll: program.config.poll };
    let running = program.jobs.start(options).await?;
    say(format!("http://{} serves {}", listener.local_addr()?, program.config.database.place()));
    let server = Server {
        db: program.db.clone(),
        clock: program.clock.clone(),
        jobs: program.jobs.clone(),
        admit: Arc::new(AdmitOptions::default()),
        reach: Reach::of(program.config.listen, &program.config.trusted_proxies),
    };
    let served = crate::http::serve(listener, router(server), stop_signal()).await;
    running.shutdown().await?;
    program.db.close().await;
    served.context("the server stopped")
}

/// Runs workers until SIGINT or SIGTERM, or, with `until_idle`, until nothing is due and no claim waits for an answer.
pub async fn worker(program: Program, until_idle: bool) -> anyhow::Result<()> {
    let options = WorkerOptions { role: "worker", concurrency: program.config.workers, poll: program.config.poll };
    let running = program.jobs.start(options).await?;
    let idle = async {
        loop {
            program.jobs.until_idle().await?;
            if until_idle && all_answered(&mut &program.db).await? {
                return Ok::<(), DbError>(());
            }
            tokio::time::sleep(program.config.poll).await;
        }
    };
    let outcome = tokio::select! {
        done = idle => done,
        () = stop_signal() => Ok(()),
    };
    running.shutdown().await?;
    program.db.close().await;
    Ok(outcome?)
}

/// Whether no claim is on its way: none waits to be sent, and none for a partner's answer. An answer that a person must look at is one.
async fn all_answered(db: &mut impl Queries) -> Result<bool, DbError> {
    for practice in crate::practice::store::practices(db).await? {
        let answered = remittance::answered(db, practice.id).await?;
        for (state, claims, ..) in claim::store::counts(db, practice.id).await? {
            let on_its_way = ClaimState::from_code(&state).is_some_and(|s| {
                s.is_with_partner()
                    || matches!(s, ClaimState::Draft | ClaimState::Ready | ClaimState::Batched | ClaimState::SubmissionUnknown)
            });
            if on_its_way && claims > answered.get(&state).copied().unwrap_or_default() {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// Comes when the process is asked to stop.
pub async fn stop_signal() {
    let interrupted = tokio::signal::ctrl_c();
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = interrupted => {}
        () = terminated => {}
    }
}

/// How to play the payers.
#[derive(Clone, Debug)]
pub struct SimulatorOptions {
    /// The partner's folder.
    pub dir: PathBuf,
    /// The same seed gives the same answers.
    pub seed: u64,
    /// Pay at once.
    pub instant: bool,
    /// Nothing goes wrong.
    pub smooth: bool,
    /// Between looks.
    pub every: Duration,
    /// Look once.
    pub once: bool,
}

/// Plays the payers behind a directory connection until it is told to stop.
pub async fn simulator(options: &SimulatorOptions, clock: &Clock) -> anyhow::Result<()> {
    let typical = SimulatorConfig::typical(options.seed);
    let config = SimulatorConfig {
        timing: if options.instant { Timing::Instant } else { typical.timing },
        shares: if options.smooth { Default::default() } else { typical.shares.clone() },
        ..typical
    };
    if options.once {
        let run = FolderService::open(&options.dir, config)?.run_once(clock.today(&TimeZone::UTC))?;
        say(format!("{} files received, {} answers handed over", run.received, run.answered));
        return Ok(());
    }
    say(format!("payers answer in {}", options.dir.display()));
    tokio::select! {
        stopped = run_folder(&options.dir, config, clock.clone(), TimeZone::UTC, options.every) => match stopped {
            Ok(never) => match never {},
            Err(error) => Err(error.into()),
        },
        () = stop_signal() => Ok(()),
    }
}
