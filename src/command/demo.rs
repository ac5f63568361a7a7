//! `demo`: a seeded practice lives for some months on a virtual clock, through the whole cycle, with nothing mocked but the payers.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use jiff::civil::{Date, Weekday, date};
use jiff::{Span, ToSpan};
use serde::Serialize;

use super::cycle::{bar, take_in};
use super::{Program, say, say_json, table};
use crate::clearinghouse::simulator::SimulatorConfig;
use crate::demo::families::{DemoOptions, families};
use crate::demo::visits::{DemoVisit, intake_file, visits};
use crate::platform::archive;
use crate::platform::audit::{self, Actor};
use crate::platform::clock::{Clock, Millis};
use crate::platform::config::Config;
use crate::platform::database::{self, DatabaseUrl};
use crate::platform::ids::PracticeId;
use crate::platform::jobs::WorkerOptions;
use crate::platform::money::Money;
use crate::practice::setup::SetupFile;
use crate::practice::{PracticeSetup, store};
use crate::revenue_cycle::claim::ClaimState;
use crate::revenue_cycle::encounter::admit::AdmitOptions;
use crate::revenue_cycle::encounter::{self, TakenIn, read_json};
use crate::revenue_cycle::{claim, inbound, ledger, submission, verify, worklist};
use crate::transact;

/// The practice of the demo: the example that ships.
const PRACTICE: &str = include_str!("../../practice.example.toml");

/// The first day. The code table's year covers it and the nine months after it.
const FIRST_DAY: Date = date(2026, 1, 1);

/// After every day that a ledger knows.
const LAST_DAY: &str = "9999-12-31";

/// What to play.
#[derive(Clone, Debug)]
pub struct Options {
    /// Families of the practice.
    pub families: u32,
    /// Months.
    pub months: u32,
    /// The same seed gives the same months.
    pub seed: u64,
    /// Empty the database first.
    pub reset: bool,
    /// Where to write the 837P and 835 files besides.
    pub edi: Option<PathBuf>,
    /// No database was named: take a fresh one in the temporary folder.
    pub temporary: bool,
}

/// What the months came to.
#[derive(Debug, Serialize)]
struct Outcome {
    database: String,
    families: u32,
    months: u32,
    seed: u64,
    cycle: Cycle,
    held_by: Vec<(String, i64)>,
    work_items: i64,
    checks: Vec<verify::Check>,
    holds: bool,
    digest: String,
    seconds: String,
}

/// The cycle in figures.
#[derive(Debug, Default, Serialize)]
struct Cycle {
    visits: usize,
    visits_held: usize,
    claims: i64,
    held: i64,
    sent: i64,
    rejected: i64,
    paid: i64,
    denied: i64,
    open: i64,
    charges: Money,
    cash: Money,
    receivable: Money,
}

/// Plays the months, prints the table and the proofs. Exit status tells whether all of them hold.
pub async fn run(mut config: Config, options: &Options, json: bool) -> anyhow::Result<ExitCode> {
    let started = Instant::now();
    if options.temporary {
        let folder = std::env::temp_dir().join(format!("pediclaim-demo-{}", std::process::id()));
        config.database = DatabaseUrl::sqlite(&folder.join("pediclaim.db"));
        config.data_dir = folder;
    }
    // The demo's key is known, so that its digest and seals can be compared; it guards nothing.
    let folder = config.data_dir.clone();
    config.audit_key = folder.join(format!("demo-{}.key", options.seed));
    std::fs::create_dir_all(&folder).with_context(|| format!("{} can't be made", folder.display()))?;
    if options.reset {
        database::erase(&config.database).await?;
    }
    let zone = SetupFile::read(PRACTICE).map_err(|faults| anyhow::anyhow!("the example practice has faults: {faults}"))?.practice.time_zone;
    let clock = Clock::fixed_at(Millis::noon_of(FIRST_DAY, &zone));
    let program = Program::open(config, clock, SimulatorConfig::typical(options.seed), None).await?;
    if !store::practices(&mut &program.db).await?.is_empty() {
        bail!("{} is not empty: name another database, or empty it with --reset", program.config.database.place());
    }
    // Payers who remember another life of this database would take its claims for repeats.
    remove_partners(&program.config)?;
    let outcome = play(&program, options, started).await?;
    if let Some(folder) = &options.edi {
        export(&program, folder).await?;
    }
    program.db.close().await;
    if json {
        say_json(&outcome)?
    } else {
        print(&outcome)
    }
    Ok(if outcome.holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn play(program: &Program, options: &Options, started: Instant) -> anyhow::Result<Outcome> {
    let file = SetupFile::read(PRACTICE).map_err(|faults| anyhow::anyhow!("the example practice has faults: {faults}"))?;
    let now = program.clock.now();
    transact!(program.db, |tx| Ok(store::apply(tx, &file, Actor::Command("demo"), now).await?))?;
    let setup = Arc::new(program.practice(None).await?);
    let practice = setup.practice.id;
    let end = FIRST_DAY.checked_add(Span::new().months(i64::from(options.months)))?.yesterday()?;
    let demo = DemoOptions { seed: options.seed, families: options.families, opened: FIRST_DAY };
    let families = families(&setup, &demo);
    let mut waiting: Vec<DemoVisit> = visits(&setup, &demo, &families, FIRST_DAY, end);
    waiting.sort_by(|a, b| (a.date, &a.id).cmp(&(b.date, &b.id)));

    let workers = WorkerOptions { role: "demo", concurrency: 2, poll: Duration::from_millis(20) };
    let running = program.jobs.start(workers).await?;
    let days: Vec<Date> = FIRST_DAY.series(1.day()).take_while(|d| *d <= end).filter(|d| is_weekday(*d)).collect();
    let bar = bar(days.len(), "days");
    let mut taken = TakenIn::default();
    for day in days {
        program.clock.advance_to(Millis::noon_of(day, &setup.practice.time_zone));
        let until = waiting.partition_point(|v| v.date <= day);
        let today: Vec<DemoVisit> = waiting.drain(..until).collect();
        taken.add(one_day(program, &setup, &today).await?);
        if day.last_of_month().min(end) == day || is_last_weekday(day, end) {
            let now = program.clock.now();
            transact!(program.db, |tx| Ok(audit::seal(tx, practice, now).await?))?;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    running.shutdown().await?;
    outcome(program, &setup, options, taken, started).await
}

/// A day at the practice: visits come in, claims leave, answers are fetched.
async fn one_day(program: &Program, setup: &PracticeSetup, visits: &[DemoVisit]) -> anyhow::Result<TakenIn> {
    let practice = setup.practice.id;
    let mut taken = TakenIn::default();
    if !visits.is_empty() {
        let drafts = read_json::read(intake_file(visits).to_string().as_bytes(), "demo")?;
        taken = take_in(program, setup, &drafts, &AdmitOptions::default()).await?;
        program.jobs.until_idle().await?;
        submission::submit_ready(&program.db, practice, program.clock.now()).await?;
        program.jobs.until_idle().await?;
    }
    let submitters: Vec<_> = setup.submitters.iter().map(|s| s.id).collect();
    inbound::request_poll(&program.db, &submitters, program.clock.now()).await?;
    program.jobs.until_idle().await?;
    Ok(taken)
}

fn is_weekday(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Whether no later weekday of the same month is played.
fn is_last_weekday(day: Date, end: Date) -> bool {
    day.tomorrow().is_ok_and(|next| next.series(1.day()).take_while(|d| d.month() == day.month() && *d <= end).all(|d| !is_weekday(d)))
}

async fn outcome(program: &Program, setup: &PracticeSetup, options: &Options, taken: TakenIn, started: Instant) -> anyhow::Result<Outcome> {
    let practice = setup.practice.id;
    let db = &program.db;
    let mut cycle = cycle(program, practice).await?;
    cycle.visits = taken.visits;
    cycle.visits_held = taken.held;
    let (claims_held, intakes) =
        (crate::revenue_cycle::scrub::held_by(&mut &*db, practice).await?, encounter::intake_counts(&mut &*db, practice).await?);
    let mut held_by: Vec<(String, i64)> = claims_held.into_iter().map(|h| (h.edit, h.claims)).collect();
    held_by.extend(intakes.into_iter().filter(|i| i.state == "held").map(|i| (i.reasons, i.visits)));
    let work_items = worklist::count_open(&mut &*db, practice).await?.iter().map(|c| c.2).sum();
    let verification = verify::verify(db).await?;
    Ok(Outcome {
        database: program.config.database.place(),
        families: options.families,
        months: options.months,
        seed: options.seed,
        cycle,
        held_by,
        work_items,
        holds: verification.passed(),
        checks: verification.checks,
        digest: verify::digest(db).await?,
        seconds: format!("{:.1}", started.elapsed().as_secs_f32()),
    })
}

/// Counts claims by what became of them, and reads cash and receivables off the ledger.
async fn cycle(program: &Program, practice: PracticeId) -> anyhow::Result<Cycle> {
    let mut cycle = Cycle::default();
    for (state, n, charge, _) in claim::store::counts(&mut &program.db, practice).await? {
        let state = ClaimState::from_code(&state).context("a claim has a state that is not known")?;
        cycle.claims += n;
        cycle.charges += charge;
        let was_sent = !matches!(state, ClaimState::Draft | ClaimState::ScrubFailed | ClaimState::Held | ClaimState::Ready);
        cycle.sent += if was_sent { n } else { 0 };
        let column = match state {
            ClaimState::ScrubFailed | ClaimState::Held => &mut cycle.held,
            ClaimState::RejectedSyntax | ClaimState::RejectedClaim => &mut cycle.rejected,
            ClaimState::Paid | ClaimState::PartiallyPaid | ClaimState::ZeroPaidPatient => &mut cycle.paid,
            ClaimState::Denied => &mut cycle.denied,
            _ => &mut cycle.open,
        };
        *column += n;
    }
    for (account, balance) in ledger::store::account_balances(&mut &program.db, practice, LAST_DAY).await? {
        match account {
            ledger::Account::EftReceivable => cycle.cash += balance,
            ledger::Account::Receivable(_) => cycle.receivable += balance,
            _ => {}
        }
    }
    Ok(cycle)
}

fn print(outcome: &Outcome) {
    let c = &outcome.cycle;
    let columns = [
        ("visits", c.visits.to_string()),
        ("held visits", c.visits_held.to_string()),
        ("claims", c.claims.to_string()),
        ("held", c.held.to_string()),
        ("sent", c.sent.to_string()),
        ("rejected", c.rejected.to_string()),
        ("paid", c.paid.to_string()),
        ("denied", c.denied.to_string()),
        ("awaiting", c.open.to_string()),
        ("charges", c.charges.to_string()),
        ("cash", c.cash.to_string()),
        ("A/R", c.receivable.to_string()),
    ];
    let headings: Vec<&str> = columns.iter().map(|c| c.0).collect();
    let right: Vec<usize> = (0..columns.len()).collect();
    say(format!("{} families, {} months, seed {}: {}", outcome.families, outcome.months, outcome.seed, outcome.database));
    say("");
    say(table(&headings, &right, &[columns.iter().map(|c| c.1.clone()).collect()]));
    say("");
    for (why, count) in &outcome.held_by {
        say(format!("held by {why}: {count}"));
    }
    say(format!("{} work items wait for a person", outcome.work_items));
    say("");
    for check in &outcome.checks {
        say(super::report::line(check));
    }
    say(format!("digest {}", outcome.digest));
    say(format!("{} in {} s", if outcome.holds { "every proof holds" } else { "A PROOF FAILED" }, outcome.seconds));
}

/// Writes the files that were sent and received into folders, for other programs to check.
async fn export(program: &Program, folder: &std::path::Path) -> anyhow::Result<()> {
    /// A demo of a year makes fewer.
    const FILES_MAX: u32 = 100_000;
    for kind in ["837p", "835"] {
        std::fs::create_dir_all(folder.join(kind))?;
    }
    for interchange in submission::interchanges(&mut &program.db, FILES_MAX).await? {
        let bytes = archive::load(&mut &program.db, interchange.archive_id).await?;
        std::fs::write(folder.join("837p").join(&interchange.file_name), bytes)?;
    }
    for file in inbound::list(&mut &program.db, Some("processed"), FILES_MAX).await? {
        if file.kind == "835" {
            let bytes = archive::load(&mut &program.db, file.archive_id).await?;
            std::fs::write(folder.join("835").join(&file.file_name), bytes)?;
        }
    }
    Ok(())
}

fn remove_partners(config: &Config) -> anyhow::Result<()> {
    match std::fs::remove_dir_all(super::partner_folder(config)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error).context("the partners' folder can't be removed"),
        _ => Ok(()),
    }
}
