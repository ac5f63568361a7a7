//! `scrub --rules` and `scrub --try`: a practice's own rules, put into force or tried on its past claims.

use std::path::Path;

use anyhow::{Context, bail, ensure};
use jiff::civil::{Date, date};

use super::{Program, say, say_json, table};
use crate::platform::audit::Actor;
use crate::practice::PracticeSetup;
use crate::revenue_cycle::scrub::practice_rule::{self, PracticeRules};
use crate::revenue_cycle::scrub::{self, try_rules};
use crate::transact;

/// Claim numbers that are listed for a rule; `--json` gives all.
const LISTED: usize = 10;

/// Before every date of service.
const BEGINNING: Date = date(1, 1, 1);

fn read(file: &Path, setup: &PracticeSetup) -> anyhow::Result<(String, PracticeRules)> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} can't be read", file.display()))?;
    match practice_rule::read(&text) {
        Ok(rules) => {
            let payers: Vec<&str> = setup.payers.iter().map(|payer| payer.code.as_str()).collect();
            let providers: Vec<&str> = setup.providers.iter().map(|provider| provider.code.as_str()).collect();
            let strangers = practice_rule::strangers(&rules.rules, &payers, &providers);
            ensure!(strangers.is_empty(), "{}: nothing was changed:\n{}", file.display(), strangers.join("\n"));
            Ok((text, rules))
        }
        Err(faults) => {
            let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
            bail!("{} holds no rules:\n{}", file.display(), told.join("\n"))
        }
    }
}

/// Puts the rules of a file into force for claims that are scrubbed from now on.
pub async fn load(program: &Program, practice: Option<&str>, file: &Path, json: bool) -> anyhow::Result<()> {
    let setup = program.practice(practice).await?;
    let (text, rules) = read(file, &setup)?;
    let (id, now) = (setup.practice.id, program.clock.now());
    let changed = transact!(program.db, |tx| Ok(scrub::set_practice_rules(tx, id, &text, Actor::Command("scrub"), now).await?))?;
    if json {
        return say_json(
            &serde_json::json!({ "rules": rules.rules.len(), "edits_switched_off": rules.switched_off.len(), "changed": changed }),
        );
    }
    let what = if changed { "are in force for claims that are scrubbed from now on" } else { "were in force already: nothing changed" };
    say(format!("Rules: {}, edits switched off: {}; they {what}", rules.rules.len(), rules.switched_off.len()));
    Ok(())
}

/// Tries the rules of a file on past claims.
pub async fn attempt(program: &Program, practice: Option<&str>, file: &Path, since: Option<Date>, json: bool) -> anyhow::Result<()> {
    let setup = program.practice(practice).await?;
    let (_, rules) = read(file, &setup)?;
    let today = program.clock.now().date_in(&setup.practice.time_zone);
    let (claims, caught) = try_rules(&program.db, &setup, &rules.rules, since.unwrap_or(BEGINNING), today).await?;
    if json {
        return say_json(&serde_json::json!({ "claims": claims, "since": since, "rules": caught }));
    }
    say(since.map_or_else(|| format!("{claims} claims in all"), |since| format!("{claims} claims since {since}")));
    let row = |caught: &scrub::Caught| {
        let listed: Vec<&str> = caught.which.iter().take(LISTED).map(|(number, _)| number.as_str()).collect();
        let more = if caught.which.len() > LISTED { " …" } else { "" };
        vec![caught.rule.clone(), caught.claims.to_string(), caught.charge.to_string(), format!("{}{more}", listed.join(" "))]
    };
    let rows: Vec<Vec<String>> = caught.iter().map(row).collect();
    say(table(&["rule", "claims", "charges", "which"], &[1, 2], &rows));
    Ok(())
}
