//! `setup`, `migrate`, `admin key`: who bills.

use std::path::Path;

use anyhow::Context;

use super::{Program, say, say_json};
use crate::platform::audit::Actor;
use crate::practice::difference::ChangeKind;
use crate::practice::setup::SetupFile;
use crate::practice::{api_key, store};
use crate::transact;

/// Loads a practice file; with `dry_run` only says what would change.
pub async fn setup(program: &Program, file: &Path, dry_run: bool, json: bool) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} can't be read", file.display()))?;
    let parsed = match SetupFile::read(&text) {
        Ok(parsed) => parsed,
        Err(faults) => anyhow::bail!("{} has faults; nothing was changed:\n{faults}", file.display()),
    };
    let report = if dry_run {
        store::difference(&mut &program.db, &parsed).await?.changes()
    } else {
        let now = program.clock.now();
        transact!(program.db, |tx| Ok(store::apply(tx, &parsed, Actor::Command("setup"), now).await?))?.changes
    };
    let report: Vec<_> = report.into_iter().filter(|change| change.kind != ChangeKind::Unchanged).collect();
    if json {
        let lines: Vec<_> =
            report.iter().map(|c| serde_json::json!({ "record": c.record, "key": c.key, "change": describe(&c.kind) })).collect();
        return say_json(&lines);
    }
    for change in &report {
        say(format!("{} {}: {}", change.record, change.key, describe(&change.kind)));
    }
    let outcome = match (report.is_empty(), dry_run) {
        (true, _) => "nothing differs".to_owned(),
        (false, true) => format!("{} differences; nothing was changed (--dry-run)", report.len()),
        (false, false) => format!("{} differences applied", report.len()),
    };
    say(format!("{}: {outcome}", parsed.practice.name));
    Ok(())
}

/// Makes a key for the HTTP interface and shows it, once.
pub async fn make_key(program: &Program, practice: Option<&str>, label: &str, json: bool) -> anyhow::Result<()> {
    let setup = program.practice(practice).await?;
    let now = program.clock.now();
    let (_, token) = transact!(program.db, |tx| Ok(api_key::create(tx, setup.practice.id, label, Actor::Command("admin"), now).await?))?;
    if json {
        return say_json(&serde_json::json!({ "practice": setup.practice.code.as_str(), "label": label, "token": token.reveal() }));
    }
    say(format!("{}\nThis is the only time that the key is shown. Send it as `Authorization: Bearer …`.", token.reveal()));
    Ok(())
}

fn describe(kind: &ChangeKind) -> String {
    match kind {
        ChangeKind::Added => "added".to_owned(),
        ChangeKind::Changed(fields) => format!("changed: {}", fields.join(", ")),
        ChangeKind::Unchanged => "unchanged".to_owned(),
        ChangeKind::LeftAlone => "not in the file: left alone".to_owned(),
    }
}
