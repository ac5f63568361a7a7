//! What the command line does: one module a group of commands. `main.rs` reads the words, these do the work and print.

pub mod bench;
pub mod charges;
pub mod coverage;
pub mod cycle;
pub mod demo;
pub mod docs;
pub mod edi;
pub mod practice;
pub mod reference;
pub mod report;
pub mod scrub;
pub mod serve;
pub mod work;

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use serde::Serialize;

use crate::app::{App, registry};
use crate::clearinghouse::simulator::SimulatorConfig;
use crate::platform::archive::sha256_hex;
use crate::platform::audit::MacKey;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::database::Db;
use crate::platform::jobs::Jobs;
use crate::practice::{PracticeSetup, store};

/// An opened program: the database with its schema up to date, the clock, and the jobs, not yet running.
pub struct Program {
    /// What it runs with.
    pub config: Config,
    /// The records.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// What jobs share.
    pub app: Arc<App>,
    /// The jobs.
    pub jobs: Jobs<App>,
}

impl Program {
    /// Opens the database, making it when it isn't there. With `sweep` the program makes its round by itself at that interval.
    pub async fn open(config: Config, clock: Clock, simulator: SimulatorConfig, sweep: Option<Duration>) -> anyhow::Result<Program> {
        let key = MacKey::load_or_create(&config.audit_key)?;
        let db = Db::open(&config.database, key).await?;
        let app = Arc::new(App::new(partner_folder(&config), simulator, clock.clone()));
        let jobs = Jobs::new(db.clone(), clock.clone(), app.clone(), registry(sweep));
        Ok(Program { config, db, clock, app, jobs })
    }

    /// The practice with a code, or the only one.
    pub async fn practice(&self, code: Option<&str>) -> anyhow::Result<PracticeSetup> {
        let found = match code {
            Some(code) => {
                store::practice_by_code(&mut &self.db, code).await?.with_context(|| format!("no practice has the code {code}"))?
            }
            None => match store::the_only_practice(&mut &self.db).await? {
                Some(practice) => practice,
                None => bail!("say which practice with --practice CODE, or set one up: pediclaim setup practice.example.toml"),
            },
        };
        Ok(PracticeSetup::load(&mut &self.db, found.id).await?)
    }

    /// Runs what is due in this process until nothing is; an error when a job became a dead letter.
    pub async fn work_off(&self) -> anyhow::Result<()> {
        let drained = self.jobs.drain().await?;
        if drained.dead > 0 {
            bail!("{} jobs failed for the last time: see `pediclaim work list`", drained.dead);
        }
        Ok(())
    }
}

/// Where the folders of partners are: beside the SQLite file, or else in the data folder, one for each PostgreSQL database.
fn partner_folder(config: &Config) -> PathBuf {
    match config.database.sqlite_path() {
        Some(path) => {
            let mut path = path.into_os_string();
            path.push(".partners");
            PathBuf::from(path)
        }
        None => config.data_dir.join(format!("partners-{}", &sha256_hex(config.database.place().as_bytes())[..12])),
    }
}

/// Prints to standard output; a reader that has closed it is no error.
pub fn say(text: impl AsRef<str>) {
    let mut out = std::io::stdout().lock();
    // `| head` closes the pipe: whoever reads has what they wanted.
    if writeln!(out, "{}", text.as_ref()).is_err() {
        std::process::exit(0);
    }
}

/// Prints a value as JSON.
pub fn say_json(value: &impl Serialize) -> anyhow::Result<()> {
    say(serde_json::to_string_pretty(value)?);
    Ok(())
}

/// A table for people: columns padded, numbers to the right.
pub fn table(headings: &[&str], right: &[usize], rows: &[Vec<String>]) -> String {
    let widths: Vec<usize> = (0..headings.len())
        .map(|c| rows.iter().map(|r| r[c].chars().count()).chain([headings[c].chars().count()]).max().unwrap_or(0))
        .collect();
    let line = |cells: Vec<&str>| {
        let padded = cells.iter().enumerate().map(|(c, cell)| {
            let gap = " ".repeat(widths[c] - cell.chars().count());
            if right.contains(&c) { format!("{gap}{cell}") } else { format!("{cell}{gap}") }
        });
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mut lines = vec![line(headings.to_vec()), widths.iter().map(|w| "─".repeat(*w)).collect::<Vec<_>>().join("  ")];
    lines.extend(rows.iter().map(|r| line(r.iter().map(String::as_str).collect())));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_lines_up_whatever_the_letters() {
        let rows = vec![vec!["bezahlt".to_owned(), "12.00".to_owned()], vec!["über".to_owned(), "1,204.50".to_owned()]];
        assert_eq!(table(&["state", "amount"], &[1], &rows), "state      amount\n───────  ────────\nbezahlt     12.00\nüber     1,204.50");
    }
}
