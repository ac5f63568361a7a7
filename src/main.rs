//! The command line and nothing else: it reads the words, `pediclaim::command` does the work.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::{Parser, Subcommand};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use pediclaim::clearinghouse::simulator::SimulatorConfig;
use pediclaim::command::{
    self, Program, bench, charges, coverage, cycle, demo, docs, edi, practice, reference, report, scrub, serve, work,
};
use pediclaim::family::benefits::{DecreeSays, FamilySays, LivesWith};
use pediclaim::platform::clock::{Clock, Millis};
use pediclaim::platform::config::{Config, Settings};
use pediclaim::platform::ids::{ClaimId, EncounterId, WorkItemId};
use pediclaim::platform::telemetry;
use pediclaim::reference::operator::{Kind, Period, UnknownKind};
use pediclaim::revenue_cycle::claim::{Override, Which};
use pediclaim::revenue_cycle::encounter::admit::AdmitOptions;
use pediclaim::revenue_cycle::encounter::model::EpsdtReferral;
use pediclaim::revenue_cycle::worklist::ItemFilter;

/// Claims processor and billing system for pediatric practices.
#[derive(Parser)]
#[command(name = "pediclaim", version, about, max_term_width = 110)]
struct Cli {
    /// Configuration file; config.example.toml names every setting
    #[arg(long, global = true, env = "PEDICLAIM_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,

    #[command(flatten)]
    settings: Settings,

    /// The practice, by its code; needed only where there are several
    #[arg(long, global = true, env = "PEDICLAIM_PRACTICE", value_name = "CODE")]
    practice: Option<String>,

    /// Answer in JSON
    #[arg(long, global = true)]
    json: bool,

    /// A clock that stands still at this instant (UTC), for tests
    #[arg(long, global = true, hide = true, env = "PEDICLAIM_NOW", value_name = "DATETIME")]
    now: Option<DateTime>,

    #[command(subcommand)]
    command: AnyCommand,
}

#[derive(Subcommand)]
enum AnyCommand {
    #[command(flatten)]
    Program(Command),
    /// X12 files by hand: read, check, compare, take apart, make shareable; needs no set-up and no database
    #[command(subcommand)]
    Edi(edi::EdiCommand),
}

#[derive(Subcommand)]
enum Command {
    /// Plays months of a seeded practice through the whole cycle, and proves the result
    Demo(DemoArgs),
    /// Loads a practice file: practice, locations, providers, payers with their rules, routes, fees
    Setup {
        /// The file; practice.example.toml shows all of it
        file: PathBuf,
        /// Only say what would change
        #[arg(long)]
        dry_run: bool,
    },
    /// Runs the screens, the interface and the background workers
    Serve {
        #[command(flatten)]
        workers: WorkerArgs,
    },
    /// Runs background workers only; on PostgreSQL any number of them share the queue
    Worker {
        #[command(flatten)]
        workers: WorkerArgs,
        /// End when nothing is due and every claim that was sent has been answered
        #[arg(long)]
        until_idle: bool,
    },
    /// Brings the database's schema up to date, making the database when it isn't there
    Migrate,
    /// Takes in visits and builds their claims
    Intake(IntakeArgs),
    /// Charges that were entered, beside what the rules would bill
    #[command(subcommand)]
    Charges(ChargesCommand),
    /// Which of a child's plans pays first, and why
    #[command(subcommand)]
    Coverage(CoverageCommand),
    /// Builds and scrubs anew the claims that are kept back
    Scrub {
        /// Release the claims that only warnings of this edit hold
        #[arg(long, value_name = "EDIT", requires = "reason")]
        r#override: Option<String>,
        /// Why the warnings don't matter; kept with each claim
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
        /// Put the practice's own rules of this file into force
        #[arg(long, value_name = "FILE", conflicts_with_all = ["override", "try"])]
        rules: Option<PathBuf>,
        /// Try the rules of this file on past claims, and change nothing
        #[arg(long, value_name = "FILE", conflicts_with = "override")]
        r#try: Option<PathBuf>,
        /// First date of service of the claims that rules are tried on
        #[arg(long, value_name = "DATE", requires = "try")]
        since: Option<Date>,
    },
    /// Builds rejected claims anew from the mended records, each as a new version with the same frequency
    Resend {
        /// Claim numbers to send again even if nothing was mended; none: all that were mended
        #[arg(value_name = "CLAIM")]
        claims: Vec<String>,
    },
    /// Sends the claims that are ready, and fetches what waits at the partners
    Submit,
    /// Takes in acknowledgments and remittances from files
    Receive {
        /// The files
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// What needs a person
    #[command(subcommand)]
    Work(WorkCommand),
    /// What the months were: charges, payments, adjustments, receivables, with their proof
    Report {
        /// First month, YYYY-MM
        #[arg(long)]
        from: Option<String>,
        /// Last month, YYYY-MM
        #[arg(long)]
        to: Option<String>,
    },
    /// Recomputes everything that must hold, and says what it checked
    Verify {
        /// Also print the digest of the business content
        #[arg(long)]
        digest: bool,
    },
    /// Plays the payers behind a directory connection
    Simulator(SimulatorArgs),
    /// Fills databases for measurements
    #[command(subcommand)]
    Bench(BenchCommand),
    /// Keys and other things of the operator
    #[command(subcommand)]
    Admin(AdminCommand),
    /// The operator's code files (CPT, HCPCS, ICD-10-CM, NCCI, reason texts) and fee schedules
    #[command(subcommand)]
    Reference(ReferenceCommand),
    /// References printed from the catalogs that the program runs by
    #[command(subcommand)]
    Docs(DocsCommand),
}

#[derive(Subcommand)]
enum ReferenceCommand {
    /// Loads an edition: read as a whole, refused with every fault at its line, or taken with what differs from the edition before
    Load {
        /// cpt, hcpcs, icd10cm, carc, rarc, taxonomy, ptp_medicaid, ptp_medicare, mue_medicaid, mue_medicare
        #[arg(value_parser = kind)]
        kind: Kind,
        /// The file, or all its parts
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// First date of service of the edition
        #[arg(long, value_name = "DATE")]
        from: Date,
        /// Last date of service for which a list of codes is complete
        #[arg(long, value_name = "DATE")]
        to: Option<Date>,
    },
    /// Lists what is loaded
    List,
    /// Shows what is loaded about a code
    Show {
        /// The kind of file
        #[arg(value_parser = kind)]
        kind: Kind,
        /// The code
        code: String,
        /// On this day; without it today
        #[arg(long, value_name = "DATE")]
        on: Option<Date>,
    },
    /// Loads prices of a fee schedule: a CSV with the headings code, modifier, amount
    Fees {
        /// The file
        file: PathBuf,
        /// Name of the schedule: `standard` sets the charges, others are contracts
        #[arg(long, value_name = "NAME")]
        schedule: String,
        /// First date of service of the prices
        #[arg(long, value_name = "DATE")]
        from: Date,
    },
}

#[derive(Subcommand)]
enum DocsCommand {
    /// The operator's code files: kinds and columns
    ReferenceFiles,
    /// The whole rule reference: pediatric rules, edits, payer rules
    Rules,
    /// What a payer may do differently: every key, its meaning, its default
    PayerRules,
    /// What a claim is checked for
    Edits,
}

#[derive(clap::Args)]
struct DemoArgs {
    /// Families of the practice
    #[arg(long, default_value = "120")]
    families: NonZeroU32,
    /// Months to play
    #[arg(long, default_value = "3")]
    months: NonZeroU32,
    /// The same seed gives the same months
    #[arg(long, default_value_t = 2026)]
    seed: u64,
    /// Empty the database first
    #[arg(long)]
    reset: bool,
    /// Also write the 837P and 835 files into this folder
    #[arg(long, value_name = "FOLDER")]
    edi: Option<PathBuf>,
}

#[derive(clap::Args)]
struct WorkerArgs {
    /// Seconds between rounds: what is ready leaves, what waits at a partner is fetched
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    sweep_seconds: u64,
}

#[derive(clap::Args)]
struct IntakeArgs {
    #[command(subcommand)]
    form: IntakeForm,
}

#[derive(Subcommand)]
enum IntakeForm {
    /// FHIR R4 bundles, plain or gzip
    Fhir(IntakeFiles),
    /// Our own JSON: one visit, an array, or {"encounters": […]}
    Json(IntakeFiles),
    /// A CSV of charges, one row a line
    Csv(IntakeFiles),
}

#[derive(clap::Args)]
struct IntakeFiles {
    /// The files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Name of the feed; a visit is known by it and its own identifier
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// A practitioner as sent (identifier, NPI or name) and our provider's code; may be given several times
    #[arg(long, value_name = "SENT=CODE")]
    provider_map: Vec<String>,
    /// A payer as sent (number or name) and our payer's code; may be given several times
    #[arg(long, value_name = "SENT=CODE")]
    payer_map: Vec<String>,
    /// Complete what synthetic data lacks (providers, payers, guarantors, member ids). Never for real patients
    #[arg(long)]
    demonstration: bool,
}

#[derive(Subcommand)]
enum ChargesCommand {
    /// Compares what was entered on visits with what the pediatric rules propose; fails when something differs
    Check {
        /// Visits from this date of service on; without any choice those of the last month
        #[arg(long, value_name = "DATE", conflicts_with_all = ["visit", "all"])]
        since: Option<Date>,
        /// One visit, with all the lines that are proposed for it and why
        #[arg(long, value_name = "ID", conflicts_with = "all")]
        visit: Option<EncounterId>,
        /// Every visit
        #[arg(long)]
        all: bool,
    },
    /// Records what the EPSDT screening of a claim that has not left led to, and builds and scrubs anew what is kept back
    Referral {
        /// The claim, as the work list names it
        #[arg(value_name = "CLAIM")]
        claim: ClaimId,
        /// AV: offered, and the family declined; S2: under treatment already; ST: new services asked for; NU: nothing was referred
        #[arg(required = true, value_name = "CODE", value_parser = charges::referral_code)]
        referrals: Vec<EpsdtReferral>,
    },
    /// Lists visits that wait without charges or without a claim, and what was due at well visits and was not billed
    Due {
        /// Well visits from this date of service on; without it those of the last month
        #[arg(long, value_name = "DATE")]
        since: Option<Date>,
        /// How many of each list
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
}

#[derive(Subcommand)]
enum CoverageCommand {
    /// Tells the order of a child's coverages, the reason of each step, and what to ask the family
    Order {
        /// The child, as the practice's own system identifies it
        child: String,
        /// On this date of service; without it today
        #[arg(long, value_name = "DATE")]
        on: Option<Date>,
        /// The parents live together, married or not
        #[arg(long, conflicts_with = "apart")]
        together: bool,
        /// The parents live apart
        #[arg(long)]
        apart: bool,
        /// Whom a decree makes responsible for the child's health care: none, mother, father, both
        #[arg(long, value_name = "WHO")]
        decree: Option<DecreeSays>,
        /// With whom the child lives: mother, father, both
        #[arg(long, value_name = "WHO")]
        lives_with: Option<LivesWith>,
    },
}

#[derive(Subcommand)]
enum WorkCommand {
    /// Lists items, the most urgent first
    List {
        /// Only this stage
        #[arg(long)]
        stage: Option<String>,
        /// Only this reason
        #[arg(long)]
        reason: Option<String>,
        /// Only what this person has
        #[arg(long)]
        with: Option<String>,
        /// Resolved items instead of open ones
        #[arg(long)]
        resolved: bool,
        /// How many
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Counts open items by stage and reason
    Summary,
    /// Gives an item to a person
    Assign {
        /// The item's number
        item: WorkItemId,
        /// Who; without a name it is nobody's
        to: Option<String>,
    },
    /// Ends an item
    Resolve {
        /// The item's number
        item: WorkItemId,
        /// What was done about it
        #[arg(long)]
        note: String,
    },
}

#[derive(clap::Args)]
struct SimulatorArgs {
    /// The partner's folder, the same that a `directory:` connection names
    #[arg(long)]
    dir: PathBuf,
    /// The same seed gives the same answers
    #[arg(long, default_value_t = 2026)]
    seed: u64,
    /// Pay every claim as soon as it was received, dated by its date of service
    #[arg(long)]
    instant: bool,
    /// Leave out what goes wrong: every claim is paid
    #[arg(long)]
    smooth: bool,
    /// Milliseconds between looks
    #[arg(long, default_value_t = 1000)]
    every_ms: u64,
    /// Look once and end
    #[arg(long)]
    once: bool,
}

#[derive(Subcommand)]
enum BenchCommand {
    /// Fills an empty database with claims
    Seed {
        /// How many
        #[arg(long)]
        claims: NonZeroU32,
    },
}

#[derive(Subcommand)]
enum AdminCommand {
    /// Makes a key for the HTTP interface and shows it, once
    Key {
        /// What it is for
        #[arg(long)]
        label: String,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: the runtime can't start: {error}");
            return ExitCode::from(2);
        }
    };
    match runtime.block_on(run(cli)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let command = match cli.command {
        AnyCommand::Edi(command) => return Ok(edi::run(&command, cli.json)),
        AnyCommand::Program(command) => command,
    };
    let has_database = cli.settings.database_url.is_some();
    let config = Config::load(cli.settings, cli.config.as_deref())?;
    telemetry::init(config.log_format, &config.log)?;
    let clock = match cli.now {
        Some(at) => Clock::fixed_at(Millis(at.to_zoned(TimeZone::UTC)?.timestamp().as_millisecond())),
        None => Clock::System,
    };
    let (json, code) = (cli.json, cli.practice.as_deref());
    let simulator = SimulatorConfig::typical(2026);
    let open = async |sweep: Option<Duration>| Program::open(config.clone(), clock.clone(), simulator.clone(), sweep).await;
    match command {
        Command::Demo(args) => {
            let options = demo::Options {
                families: args.families.get(),
                months: args.months.get(),
                seed: args.seed,
                reset: args.reset,
                edi: args.edi,
                temporary: !has_database,
            };
            return demo::run(config, &options, json).await;
        }
        Command::Simulator(args) => {
            let options = serve::SimulatorOptions {
                dir: args.dir,
                seed: args.seed,
                instant: args.instant,
                smooth: args.smooth,
                every: Duration::from_millis(args.every_ms),
                once: args.once,
            };
            serve::simulator(&options, &clock).await?;
        }
        Command::Setup { file, dry_run } => practice::setup(&open(None).await?, &file, dry_run, json).await?,
        Command::Migrate => {
            let program = open(None).await?;
            command::say(format!("{} is up to date", program.config.database.place()));
        }
        Command::Serve { workers } => {
            let program = open(Some(sweep(&workers)?)).await?;
            serve::serve(program).await?;
        }
        Command::Worker { workers, until_idle } => {
            let program = open(Some(sweep(&workers)?)).await?;
            serve::worker(program, until_idle).await?;
        }
        Command::Intake(args) => {
            let (form, files, default_source) = match args.form {
                IntakeForm::Fhir(files) => (cycle::Form::Fhir, files, "fhir"),
                IntakeForm::Json(files) => (cycle::Form::Json, files, "json"),
                IntakeForm::Csv(files) => (cycle::Form::Csv, files, "csv"),
            };
            let options = cycle::IntakeOptions {
                form,
                source: files.source.unwrap_or_else(|| default_source.to_owned()),
                admit: AdmitOptions {
                    provider_map: cycle::pairs(&files.provider_map, "--provider-map")?,
                    payer_map: cycle::pairs(&files.payer_map, "--payer-map")?,
                    demonstration: files.demonstration,
                },
            };
            cycle::intake(&open(None).await?, code, &files.files, &options, json).await?;
        }
        Command::Charges(command) => {
            let program = open(None).await?;
            match command {
                ChargesCommand::Check { since, visit, all } => {
                    let which = match (visit, since) {
                        (Some(visit), _) => charges::Which::Visit(visit),
                        (None, Some(since)) => charges::Which::Since(since),
                        (None, None) if all => charges::Which::All,
                        (None, None) => charges::Which::Recent,
                    };
                    let agrees = charges::check(&program, code, which, json).await?;
                    return Ok(if agrees { ExitCode::SUCCESS } else { ExitCode::FAILURE });
                }
                ChargesCommand::Referral { claim, referrals } => charges::referral(&program, code, claim, &referrals, json).await?,
                ChargesCommand::Due { since, limit } => charges::due(&program, code, since, limit, json).await?,
            }
        }
        Command::Coverage(CoverageCommand::Order { child, on, together, apart, decree, lives_with }) => {
            let together = (together || apart).then_some(together);
            let says = FamilySays { together, decree, lives_with };
            coverage::order(&open(None).await?, code, &child, on, says, json).await?;
        }
        Command::Scrub { rules: Some(file), .. } => scrub::load(&open(None).await?, code, &file, json).await?,
        Command::Scrub { r#try: Some(file), since, .. } => scrub::attempt(&open(None).await?, code, &file, since, json).await?,
        Command::Scrub { r#override, reason, .. } => {
            let decision = match (r#override, reason) {
                (Some(edit), Some(reason)) => Some(Override { edit, reason }),
                (None, Some(_)) => bail!("--reason goes with --override"),
                _ => None,
            };
            cycle::rescrub(&open(None).await?, code, decision, json).await?;
        }
        Command::Resend { claims } => {
            let which = if claims.is_empty() { Which::Mended } else { Which::Named(claims) };
            cycle::resend(&open(None).await?, code, &which, json).await?;
        }
        Command::Submit => cycle::submit(&open(None).await?, code, json).await?,
        Command::Receive { files } => cycle::receive(&open(None).await?, &files, json).await?,
        Command::Work(command) => {
            let program = open(None).await?;
            match command {
                WorkCommand::List { stage, reason, with, resolved, limit } => {
                    let filter = ItemFilter { stage, reason, assigned_to: with, resolved };
                    work::list(&program, code, &filter, limit, json).await?;
                }
                WorkCommand::Summary => work::summary(&program, code, json).await?,
                WorkCommand::Assign { item, to } => work::assign(&program, code, item, to.as_deref()).await?,
                WorkCommand::Resolve { item, note } => work::resolve(&program, code, item, &note).await?,
            }
        }
        Command::Report { from, to } => report::months(&open(None).await?, code, from.as_deref(), to.as_deref(), json).await?,
        Command::Verify { digest } => {
            let holds = report::verify(&open(None).await?, digest, json).await?;
            return Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        Command::Bench(BenchCommand::Seed { claims }) => bench::seed(&open(None).await?, claims.get()).await?,
        Command::Reference(command) => {
            let program = open(None).await?;
            match command {
                ReferenceCommand::Load { kind, files, from, to } => {
                    reference::load(&program, kind, &files, Period { from, to }, json).await?;
                }
                ReferenceCommand::List => reference::list(&program, json).await?,
                ReferenceCommand::Show { kind, code, on } => reference::show(&program, kind, &code, on, json).await?,
                ReferenceCommand::Fees { file, schedule, from } => {
                    reference::fees(&program, code, &file, &schedule, from, json).await?;
                }
            }
        }
        Command::Docs(DocsCommand::ReferenceFiles) => command::say(docs::reference_files().trim_end()),
        Command::Docs(DocsCommand::Rules) => command::say(docs::rules().trim_end()),
        Command::Docs(DocsCommand::PayerRules) => command::say(docs::payer_rules().trim_end()),
        Command::Docs(DocsCommand::Edits) => command::say(docs::edits().trim_end()),
        Command::Admin(AdminCommand::Key { label }) => practice::make_key(&open(None).await?, code, &label, json).await?,
    }
    Ok(ExitCode::SUCCESS)
}

fn kind(word: &str) -> Result<Kind, UnknownKind> {
    word.parse()
}

fn sweep(args: &WorkerArgs) -> anyhow::Result<Duration> {
    let seconds = NonZeroU32::new(u32::try_from(args.sweep_seconds)?).context("--sweep-seconds must be at least 1")?;
    Ok(Duration::from_secs(u64::from(seconds.get())))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
