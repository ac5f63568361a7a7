//! `coverage`: which of a child's plans pays first, and why.

use anyhow::Context;
use jiff::civil::Date;

use super::{Program, say, say_json};
use crate::family::benefits::{Covered, FamilySays, benefit_order};
use crate::family::store::{Households, child_by_external_id};

/// Tells the order of a child's coverages on a date, with reasons and with what to ask the family (PED-40). `child`: the identifier that the
/// practice's own system gives the child. Changes nothing.
pub async fn order(
    program: &Program,
    practice: Option<&str>,
    child: &str,
    on: Option<Date>,
    says: FamilySays,
    json: bool,
) -> anyhow::Result<()> {
    let setup = program.practice(practice).await?;
    let db = &mut &program.db;
    let id = child_by_external_id(db, setup.practice.id, child).await?.context("no child of the practice has this identifier")?;
    let on = on.unwrap_or_else(|| program.clock.today(&setup.practice.time_zone));
    let households = Households::load(db, setup.practice.id, &[id]).await?;
    let covered: Vec<Covered<'_>> = Covered::all(&setup, households.coverages_of(id), on);
    let found = benefit_order(&covered, says, on);
    if json {
        return say_json(&found);
    }
    if found.payers.is_empty() {
        say(format!("No coverage is in force on {on}."));
    }
    found.payers.iter().enumerate().for_each(|(at, payer)| say(format!("{}. {payer}", at + 1)));
    found.reasons.iter().for_each(|reason| say(format!("because: {reason}")));
    found.questions.iter().for_each(|question| say(format!("ask: {question}")));
    Ok(())
}
