//! `report`, `verify`: what the months were, and whether everything holds.

use anyhow::bail;

use super::{Program, say, say_json};
use crate::revenue_cycle::report::{Span, revenue_summary, to_text};
use crate::revenue_cycle::verify::{self, Check};

/// The revenue of some months, this one unless said otherwise, with the proofs; an error when a proof fails.
pub async fn months(program: &Program, practice: Option<&str>, from: Option<&str>, to: Option<&str>, json: bool) -> anyhow::Result<()> {
    let setup = program.practice(practice).await?;
    let today = program.clock.today(&setup.practice.time_zone);
    let month = today.strftime("%Y-%m").to_string();
    let from = from.or(to).unwrap_or(&month);
    let span = Span::parse(from, to.unwrap_or(from))?;
    let summary = revenue_summary(&program.db, setup.practice.id, span).await?;
    if json {
        say_json(&summary)?
    } else {
        say(to_text(&summary))
    }
    if !summary.ties() {
        bail!("the report does not tie out: run `pediclaim verify`");
    }
    Ok(())
}

/// Recomputes everything that must hold; gives whether it does.
pub async fn verify(program: &Program, digest: bool, json: bool) -> anyhow::Result<bool> {
    let verification = verify::verify(&program.db).await?;
    let digest = if digest { Some(verify::digest(&program.db).await?) } else { None };
    let holds = verification.passed();
    if json {
        say_json(&serde_json::json!({ "holds": holds, "checks": verification.checks, "digest": digest }))?;
        return Ok(holds);
    }
    for check in &verification.checks {
        say(line(check));
    }
    if let Some(digest) = digest {
        say(format!("digest {digest}"));
    }
    say(if holds { "everything holds" } else { "SOMETHING DOES NOT HOLD" });
    Ok(holds)
}

/// One check as a line: what was checked, how much of it, and the first fault.
pub fn line(check: &Check) -> String {
    let practice = check.practice.as_deref().map(|p| format!("{p}: ")).unwrap_or_default();
    match &check.first {
        None => format!("holds   {practice}{} ({} checked)", check.name, check.checked),
        Some(first) => format!("FAILS   {practice}{} ({} of {} at fault, the first is {first})", check.name, check.faults, check.checked),
    }
}
