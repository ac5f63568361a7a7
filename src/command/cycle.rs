//! `intake`, `scrub`, `submit`, `receive`: the cycle by hand, each step worked off before the command ends.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use flate2::read::GzDecoder;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::ToSpan;
use serde::Serialize;

use super::{Program, say, say_json, table};
use crate::pediatrics::timely_filing::{TimeLeft, WARN_DAYS};
use crate::platform::audit::Actor;
use crate::practice::PracticeSetup;
use crate::revenue_cycle::claim::store::ClaimListRow;
use crate::revenue_cycle::claim::{self, Outcome, Override, Which};
use crate::revenue_cycle::encounter::admit::AdmitOptions;
use crate::revenue_cycle::encounter::model::EncounterDraft;
use crate::revenue_cycle::encounter::read_fhir::FhirOptions;
use crate::revenue_cycle::encounter::{self, CHUNK_MAX, CodingOptions, TakenIn, read_csv, read_fhir, read_json};
use crate::revenue_cycle::inbound::{self, Receipt};
use crate::revenue_cycle::scrub::{self, Severity};
use crate::revenue_cycle::submission;
use crate::transact;

/// In which form visits arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// FHIR R4 bundles.
    Fhir,
    /// Our own JSON.
    Json,
    /// A CSV of charges.
    Csv,
}

/// What intake is told besides the files.
#[derive(Clone, Debug)]
pub struct IntakeOptions {
    /// In which form.
    pub form: Form,
    /// Name of the feed; visits are known by it and their own identifier.
    pub source: String,
    /// How names are matched.
    pub admit: AdmitOptions,
}

/// The largest file that intake reads, unpacked: the readers' own limit and some.
const INPUT_BYTES_MAX: u64 = 64 << 20;

/// Takes in files of visits and builds their claims.
pub async fn intake(
    program: &Program,
    practice: Option<&str>,
    files: &[PathBuf],
    options: &IntakeOptions,
    json: bool,
) -> anyhow::Result<()> {
    let setup = program.practice(practice).await?;
    let mut results: Vec<(String, TakenIn)> = Vec::new();
    let bar = bar(files.len(), "files");
    for file in files {
        let bytes = read_input(file)?;
        let drafts = read(program, &setup, &bytes, options).await.with_context(|| format!("{}: nothing was taken in", file.display()))?;
        let taken = take_in(program, &setup, &drafts, &options.admit).await?;
        results.push((file.display().to_string(), taken));
        bar.inc(1);
    }
    bar.finish_and_clear();
    program.work_off().await?;
    if json {
        #[derive(Serialize)]
        struct Line<'a> {
            file: &'a str,
            #[serde(flatten)]
            taken: &'a TakenIn,
        }
        return say_json(&results.iter().map(|(file, taken)| Line { file, taken }).collect::<Vec<_>>());
    }
    let mut total = TakenIn::default();
    let rows = results.into_iter().map(|(file, taken)| {
        total.add(taken.clone());
        let name = Path::new(&file).file_name().map_or(file.clone(), |n| n.to_string_lossy().into_owned());
        let numbers = [taken.visits, taken.admitted, taken.known, taken.not_billable, taken.held];
        std::iter::once(name).chain(numbers.iter().map(usize::to_string)).collect()
    });
    let rows: Vec<Vec<String>> = rows.collect();
    say(table(&["file", "visits", "admitted", "known", "not billed", "held"], &[1, 2, 3, 4, 5], &rows));
    for (reason, count) in &total.held_by {
        say(format!("held by {reason}: {count}"));
    }
    if total.held > 0 {
        say("What is held waits in `pediclaim work list`; mend it at its source and send it again.");
    }
    Ok(())
}

/// A file's bytes, unpacked when it is gzip.
fn read_input(file: &Path) -> anyhow::Result<Vec<u8>> {
    use std::io::Read;
    let raw = std::fs::read(file).with_context(|| format!("{} can't be read", file.display()))?;
    if !raw.starts_with(&[0x1f, 0x8b]) {
        return Ok(raw);
    }
    let mut bytes = Vec::new();
    GzDecoder::new(raw.as_slice())
        .take(INPUT_BYTES_MAX + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("{} is no whole gzip file", file.display()))?;
    if bytes.len() as u64 > INPUT_BYTES_MAX {
        bail!("{} unpacks to more than {INPUT_BYTES_MAX} bytes: split it", file.display());
    }
    Ok(bytes)
}

/// Reads visits in one of the forms.
pub async fn read(program: &Program, setup: &PracticeSetup, bytes: &[u8], options: &IntakeOptions) -> anyhow::Result<Vec<EncounterDraft>> {
    match options.form {
        Form::Json => Ok(read_json::read(bytes, &options.source)?),
        Form::Csv => Ok(read_csv::read(bytes, &options.source)?),
        Form::Fhir => {
            // Who is a new patient depends on our own earlier visits too: those of the children that the bundle names.
            let fhir = FhirOptions { source: options.source.clone(), coding: CodingOptions::default() };
            let drafts = read_fhir::read(bytes, &fhir, &|_| Vec::new())?;
            let children: Vec<String> = drafts.iter().filter_map(|d| d.child.external_id.as_ref().map(|id| id.reveal().clone())).collect();
            let named: Vec<&str> = children.iter().map(String::as_str).collect();
            let mut seen: BTreeMap<String, Vec<jiff::civil::Date>> = BTreeMap::new();
            for (child, day) in encounter::earlier_services(&mut &program.db, setup.practice.id, &named).await? {
                seen.entry(child).or_default().push(day);
            }
            if seen.is_empty() {
                return Ok(drafts);
            }
            Ok(read_fhir::read(bytes, &fhir, &|child| seen.get(child).cloned().unwrap_or_default())?)
        }
    }
}

/// Takes in drafts, chunk by chunk.
pub async fn take_in(
    program: &Program,
    setup: &PracticeSetup,
    drafts: &[EncounterDraft],
    options: &AdmitOptions,
) -> anyhow::Result<TakenIn> {
    let mut taken = TakenIn::default();
    let now = program.clock.now();
    for chunk in drafts.chunks(CHUNK_MAX) {
        let actor = Actor::Command("intake");
        taken.add(transact!(program.db, |tx| Ok(encounter::take_in(tx, setup, chunk, options, actor, now).await?))?);
    }
    Ok(taken)
}

/// Claims with little time left that a scrub lists, the most urgent first: a screenful; the screens and the interface show the rest.
const URGENT_MAX: u32 = 20;

/// Builds and scrubs anew what is kept back; releases warnings that a person overrides.
pub async fn rescrub(program: &Program, practice: Option<&str>, decision: Option<Override>, json: bool) -> anyhow::Result<()> {
    let setup = program.practice(practice).await?;
    let (id, now) = (setup.practice.id, program.clock.now());
    if let Some(Override { edit, .. }) = &decision {
        let (rules, _) = scrub::practice_rules(&mut &program.db, id).await?;
        if !scrub::is_edit(edit, &rules) {
            bail!("no edit, and no rule of the practice, is called {edit}: `work` and `docs rules` tell the ids");
        }
    }
    let scrubbed = claim::rescrub(&program.db, id, Actor::Command("scrub"), now).await?;
    let released = match &decision {
        Some(decision) => Some(claim::override_warnings(&program.db, id, decision, Actor::Command("scrub"), now).await?),
        None => None,
    };
    let held = scrub::held_by(&mut &program.db, id).await?;
    if let (Some(0), Some(Override { edit, .. })) = (released, &decision)
        && let Some(errors) = held.iter().find(|held| held.edit == *edit && held.severity == Severity::Error.code())
    {
        bail!("{edit} found errors on {} claims: errors are mended, not overridden", errors.claims);
    }
    let today = now.date_in(&setup.practice.time_zone);
    let soon = today.saturating_add(WARN_DAYS.days());
    let urgent = claim::store::running_out(&mut &program.db, id, soon, URGENT_MAX).await?;
    let left = |row: &ClaimListRow| row.clock(today).map(TimeLeft::days);
    if json {
        let urgent: Vec<_> = urgent
            .iter()
            .map(|row| {
                serde_json::json!({ "id": row.id, "claim_number": row.pcn, "payer": row.payer_name, "state": row.state,
                    "file_by": row.file_by, "days_to_file": left(row) })
            })
            .collect();
        return say_json(&serde_json::json!({ "scrubbed": scrubbed, "released": released, "held_by": held, "running_out": urgent }));
    }
    say(format!("{} claims scrubbed: {} ready, {} held, {} with errors", scrubbed.claims, scrubbed.ready, scrubbed.held, scrubbed.failed));
    if let (Some(released), Some(decision)) = (released, decision) {
        say(format!("{released} claims released from {}", decision.edit));
    }
    let rows: Vec<Vec<String>> = held.into_iter().map(|h| vec![h.edit, h.severity, h.claims.to_string()]).collect();
    if !rows.is_empty() {
        say(table(&["edit", "severity", "claims"], &[2], &rows));
    }
    if !urgent.is_empty() {
        say(format!("\nNot sent, with {WARN_DAYS} days or fewer left to file:"));
        let row = |row: &ClaimListRow| {
            let last = row.file_by.map(|day| day.0.to_string()).unwrap_or_default();
            let left = left(row).map(|days| days.to_string()).unwrap_or_default();
            vec![row.pcn.clone(), row.payer_name.clone(), row.state.clone(), last, left]
        };
        say(table(&["claim", "payer", "state", "file by", "days left"], &[4], &urgent.iter().map(row).collect::<Vec<_>>()));
        if urgent.len() == URGENT_MAX as usize {
            say("These are the most urgent; the list of claims in `serve` shows all.");
        }
    }
    Ok(())
}

/// Builds new versions of rejected claims; `submit` sends them.
pub async fn resend(program: &Program, practice: Option<&str>, which: &Which, json: bool) -> anyhow::Result<()> {
    let setup = program.practice(practice).await?;
    let told = claim::resend(&program.db, setup.practice.id, which, Actor::Command("resend"), program.clock.now()).await?;
    if json {
        return say_json(&told);
    }
    if told.is_empty() {
        say("No claim is rejected: there is nothing to send again.");
        return Ok(());
    }
    let rows = told.iter().map(|one| {
        let what = match &one.outcome {
            Outcome::Resent { claim_number } => format!("built anew as {claim_number}"),
            Outcome::Unchanged => "nothing was mended since: mend the record, or name the claim to send it as it was".to_owned(),
            Outcome::OtherPayer => "another payer covers the date of service now, or none: decide whom to bill".to_owned(),
            Outcome::NotRejected => "no rejected claim has this number".to_owned(),
        };
        vec![one.rejected.clone(), what]
    });
    say(table(&["rejected", "now"], &[], &rows.collect::<Vec<_>>()));
    if told.iter().any(|one| matches!(one.outcome, Outcome::Resent { .. })) {
        say("`pediclaim submit` sends those that passed the edits.");
    }
    Ok(())
}

/// Sends what is ready, and fetches what waits at the partners.
pub async fn submit(program: &Program, practice: Option<&str>, json: bool) -> anyhow::Result<()> {
    let setup = program.practice(practice).await?;
    let now = program.clock.now();
    submission::submit_ready(&program.db, setup.practice.id, now).await?;
    program.work_off().await?;
    let submitters: Vec<_> = setup.submitters.iter().map(|s| s.id).collect();
    inbound::request_poll(&program.db, &submitters, program.clock.now()).await?;
    program.work_off().await?;
    let counts = claim::store::counts(&mut &program.db, setup.practice.id).await?;
    if json {
        let states: BTreeMap<_, _> = counts.iter().map(|(state, n, ..)| (state, n)).collect();
        return say_json(&states);
    }
    let rows: Vec<Vec<String>> =
        counts.into_iter().map(|(state, n, charge, paid)| vec![state, n.to_string(), charge.to_string(), paid.to_string()]).collect();
    say(table(&["state", "claims", "charges", "paid"], &[1, 2, 3], &rows));
    Ok(())
}

/// Takes in files that a person brings: acknowledgments and remittances.
pub async fn receive(program: &Program, files: &[PathBuf], json: bool) -> anyhow::Result<()> {
    let mut ids = Vec::new();
    for file in files {
        let bytes = std::fs::read(file).with_context(|| format!("{} can't be read", file.display()))?;
        let name = file.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        ids.push(inbound::take_in(&program.db, None, &name, bytes, program.clock.now()).await?);
    }
    program.work_off().await?;
    let (mut rows, mut unreadable) = (Vec::new(), 0);
    for receipt in ids {
        let (Receipt::New(id) | Receipt::Known(id)) = receipt;
        let file = inbound::file(&mut &program.db, id).await?;
        unreadable += usize::from(file.state == "unreadable");
        rows.push((matches!(receipt, Receipt::Known(_)), file));
    }
    if json {
        let files: Vec<_> = rows.iter().map(|(known, file)| serde_json::json!({ "known": known, "file": file })).collect();
        say_json(&files)?;
    } else {
        for (known, file) in &rows {
            let again = if *known { " (received before: nothing changed)" } else { "" };
            let error = file.error.as_deref().map(|e| format!(": {e}")).unwrap_or_default();
            let kind = if file.kind.is_empty() { String::new() } else { format!(" {}", file.kind) };
            say(format!("{}: {}{kind}{again}{error}", file.file_name, file.state));
        }
    }
    if unreadable > 0 {
        bail!("{unreadable} files can't be read: they are kept, and nothing was derived from them");
    }
    Ok(())
}

/// A progress bar on the terminal; none in a pipe.
pub fn bar(length: usize, what: &str) -> ProgressBar {
    let bar = ProgressBar::new(length as u64);
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_message(what.to_owned());
    bar
}

/// Reads `KEY=CODE` pairs of a mapping option.
pub fn pairs(values: &[String], option: &str) -> anyhow::Result<BTreeMap<String, String>> {
    values
        .iter()
        .map(|pair| match pair.rsplit_once('=') {
            Some((key, code)) if !key.is_empty() && !code.is_empty() => Ok((key.to_owned(), code.to_owned())),
            _ => bail!("{option} takes NAME=CODE: what the source says, and the code in the practice file"),
        })
        .collect()
}
