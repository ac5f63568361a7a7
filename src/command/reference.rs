//! `reference`: the operator's code files and fee schedules.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use jiff::civil::Date;

use super::{Program, cycle, say, say_json, table};
use crate::platform::archive::sha256_hex;
use crate::platform::audit::Actor;
use crate::practice::code_files::store::{self as code_files, File};
use crate::practice::code_files::{Difference, Edition, Loaded};
use crate::practice::{fee_file, store};
use crate::reference::operator::{Indicator, Kind, LimitPer, Period, Row, Shape, read};
use crate::transact;

/// Largest file: the four Medicare files of NCCI pairs have 30 megabytes each.
const FILE_BYTES_MAX: u64 = 512 << 20;

fn text_of(path: &Path) -> anyhow::Result<String> {
    let size = std::fs::metadata(path).with_context(|| format!("{} can't be read", path.display()))?.len();
    ensure!(size <= FILE_BYTES_MAX, "{} has more than {FILE_BYTES_MAX} bytes", path.display());
    let bytes = std::fs::read(path).with_context(|| format!("{} can't be read", path.display()))?;
    String::from_utf8(bytes).map_err(|_| anyhow::anyhow!("{} is not UTF-8 text: save it as CSV in UTF-8, or unpack it", path.display()))
}

/// Loads files as one edition of a kind.
pub async fn load(program: &Program, kind: Kind, files: &[PathBuf], period: Period, json: bool) -> anyhow::Result<()> {
    ensure!(period.to.is_none_or(|to| period.from <= to), "the last day is before the first");
    if kind.shape() == Shape::Codes && period.to.is_none() {
        bail!("say with --to until when the list is complete: it can refuse a code only within its days");
    }
    let mut texts = Vec::new();
    for file in files {
        texts.push(text_of(file)?);
    }
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let rows = match read::read(kind, texts.iter().map(String::as_str)) {
        Ok(rows) => rows,
        Err(faults) => {
            let told = faults.first.iter().map(|fault| format!("{}: {fault}", names[fault.part]));
            let more = faults.count - faults.first.len();
            let more = (more > 0).then(|| format!("and {more} more"));
            bail!("nothing was loaded:\n{}", told.chain(more).collect::<Vec<_>>().join("\n"));
        }
    };
    let file = File { kind, period, sha256: sha256_hex(texts.concat().as_bytes()), rows };
    drop(texts);
    let bar = cycle::bar(file.rows.len(), "rows");
    let loaded =
        code_files::load(&program.db, &file, Actor::Command("reference"), program.clock.now(), |done| bar.set_position(done as u64))
            .await?;
    bar.finish_and_clear();
    let (edition, difference) = match loaded {
        Loaded::Unchanged(edition) => (edition, None),
        Loaded::Loaded(edition, difference) => (edition, Some(difference)),
    };
    if json {
        return say_json(&told(&edition, difference.as_ref()));
    }
    let Some(difference) = difference else {
        say(format!("{}: loaded before; nothing differs", describe(&edition)));
        return Ok(());
    };
    say(format!("{}: loaded", describe(&edition)));
    match difference.since {
        None => say("the first edition of its kind for these days"),
        Some(since) => {
            say(format!("against the edition from {since}: {} changed", difference.changed));
            for (word, (count, first)) in [("added", &difference.added), ("gone", &difference.gone)] {
                let named = if first.len() as u64 == *count { first.join(", ") } else { format!("{}, …", first.join(", ")) };
                say(format!("{word}: {count}{}", if *count == 0 { String::new() } else { format!(" ({named})") }));
            }
        }
    }
    Ok(())
}

fn describe(edition: &Edition) -> String {
    let to = edition.period.to.map(|to| format!(" to {to}")).unwrap_or_default();
    format!("{} from {}{to}, {} rows", edition.kind, edition.period.from, edition.rows)
}

fn told(edition: &Edition, difference: Option<&Difference>) -> serde_json::Value {
    let mut value = serde_json::json!({
        "kind": edition.kind.word(),
        "from": edition.period.from,
        "to": edition.period.to,
        "rows": edition.rows,
        "loaded_ms": edition.loaded.0,
        "loaded_by": edition.loaded_by,
    });
    if let Some(difference) = difference {
        value["difference"] = serde_json::json!({
            "since": difference.since, "added": difference.added.0, "gone": difference.gone.0, "changed": difference.changed,
        });
    }
    value
}

/// Lists what is loaded.
pub async fn list(program: &Program, json: bool) -> anyhow::Result<()> {
    let editions = code_files::editions(&mut &program.db).await?;
    if json {
        return say_json(&editions.iter().map(|edition| told(edition, None)).collect::<Vec<_>>());
    }
    if editions.is_empty() {
        say("nothing is loaded; `pediclaim docs reference-files` tells what can be");
        return Ok(());
    }
    let rows: Vec<Vec<String>> = editions
        .iter()
        .map(|edition| {
            let to = edition.period.to.map_or_else(|| "until the next".to_owned(), |to| to.to_string());
            vec![edition.kind.to_string(), edition.period.from.to_string(), to, edition.rows.to_string(), edition.loaded_by.clone()]
        })
        .collect();
    say(table(&["kind", "from", "to", "rows", "loaded by"], &[3], &rows));
    Ok(())
}

/// Shows what the edition of a day says about a code.
pub async fn show(program: &Program, kind: Kind, code: &str, on: Option<Date>, json: bool) -> anyhow::Result<()> {
    let on = on.unwrap_or_else(|| program.clock.today(&jiff::tz::TimeZone::UTC));
    let code = code.trim().replace('.', "").to_ascii_uppercase();
    let rows = code_files::rows_of(&mut &program.db, kind, &code, on).await?;
    let lines: Vec<String> = rows.iter().map(line).collect();
    if json {
        return say_json(&serde_json::json!({ "kind": kind.word(), "code": code, "on": on, "says": lines }));
    }
    match lines.as_slice() {
        [] => say(format!("{kind} says nothing about {code} on {on}")),
        lines => say(lines.join("\n")),
    }
    Ok(())
}

fn line(row: &Row) -> String {
    let days = |from: &Option<Date>, to: &Option<Date>| {
        let from = from.map(|from| format!(", from {from}")).unwrap_or_default();
        from + &to.map(|to| format!(", to {to}")).unwrap_or_default()
    };
    match row {
        Row::Code { code, billable, label, from, to } => {
            let label = label.as_deref().unwrap_or("no text");
            format!("{code}: {label}{}{}", if *billable { "" } else { ", a category" }, days(from, to))
        }
        Row::Pair { column1, column2, from, to, indicator } => {
            let unless = match indicator {
                Indicator::Never => "whatever the modifier",
                Indicator::WithModifier => "unless a modifier says that it was separate",
                Indicator::NotApplicable => "struck out: both are paid",
            };
            format!("{column2} is part of {column1}, {unless}{}", days(&Some(*from), to))
        }
        Row::Limit { code, units, per: LimitPer::Line } => format!("{code}: at most {units} units on a line"),
        Row::Limit { code, units, per: LimitPer::Day } => format!("{code}: at most {units} units on a day"),
    }
}

/// Loads a fee schedule of the practice.
pub async fn fees(program: &Program, practice: Option<&str>, file: &Path, schedule: &str, from: Date, json: bool) -> anyhow::Result<()> {
    let setup = program.practice(practice).await?;
    let schedule = schedule.parse().map_err(|error| anyhow::anyhow!("--schedule: {error}"))?;
    let fees = match fee_file::read(&text_of(file)?, &schedule, from) {
        Ok(fees) => fees,
        Err(faults) => bail!("{}: nothing was loaded:\n{faults}", file.display()),
    };
    let (id, now) = (setup.practice.id, program.clock.now());
    let (added, changed) = transact!(program.db, |tx| Ok(store::apply_fees(tx, id, &fees, Actor::Command("reference"), now).await?))?;
    let same = fees.len() - added - changed;
    if json {
        return say_json(
            &serde_json::json!({ "schedule": schedule.as_str(), "from": from, "added": added, "changed": changed, "same": same }),
        );
    }
    say(format!("{schedule} from {from}: {added} prices added, {changed} changed, {same} the same"));
    Ok(())
}
