//! `work`: what needs a person, listed, assigned, resolved.

use anyhow::{Context, bail};
use jiff::civil::Date;
use serde::Serialize;

use super::{Program, say, say_json, table};
use crate::pediatrics::timely_filing::time_left;
use crate::platform::audit::Actor;
use crate::platform::ids::WorkItemId;
use crate::revenue_cycle::worklist::{self, ItemFilter, ItemState, WorkItem};
use crate::transact;

/// An item with the days until it is due.
#[derive(Serialize)]
struct Told {
    #[serde(flatten)]
    item: WorkItem,
    /// Today not counted; negative when it is overdue, none without a due date or when it is done.
    days_left: Option<i32>,
}

fn days_left(item: &WorkItem, today: Date) -> Option<i32> {
    item.due_date.filter(|_| item.state == ItemState::Open.code()).map(|due| time_left(due.0, today).days())
}

/// Lists items, the most urgent first.
pub async fn list(program: &Program, practice: Option<&str>, filter: &ItemFilter, limit: u32, json: bool) -> anyhow::Result<()> {
    let setup = program.practice(practice).await?;
    let today = program.clock.today(&setup.practice.time_zone);
    let items = worklist::list(&mut &program.db, setup.practice.id, filter, limit).await?;
    let items: Vec<Told> = items.into_iter().map(|item| Told { days_left: days_left(&item, today), item }).collect();
    if json {
        return say_json(&items);
    }
    if items.is_empty() {
        say("Nothing waits for a person.");
        return Ok(());
    }
    let shown = items.len();
    let rows: Vec<Vec<String>> = items
        .into_iter()
        .map(|Told { item: i, days_left }| {
            let due = i.due_date.map(|d| d.to_string()).unwrap_or_default();
            let left = days_left.map(|left| left.to_string()).unwrap_or_default();
            let subject = format!("{} {}", i.subject_kind, i.subject_id);
            vec![i.id.to_string(), due, left, i.stage, i.reason, subject, i.assigned_to.unwrap_or_default(), i.message]
        })
        .collect();
    say(table(&["item", "due", "days left", "stage", "reason", "about", "with", "what to do"], &[0, 2], &rows));
    if shown == limit as usize {
        say(format!("The first {limit}; --limit shows more, --stage and --reason show some."));
    }
    Ok(())
}

/// Counts open items by stage and reason.
pub async fn summary(program: &Program, practice: Option<&str>, json: bool) -> anyhow::Result<()> {
    let setup = program.practice(practice).await?;
    let counts = worklist::count_open(&mut &program.db, setup.practice.id).await?;
    if json {
        return say_json(&counts);
    }
    let rows: Vec<Vec<String>> = counts.into_iter().map(|(stage, reason, n)| vec![stage, reason, n.to_string()]).collect();
    say(if rows.is_empty() { "Nothing waits for a person.".to_owned() } else { table(&["stage", "reason", "items"], &[2], &rows) });
    Ok(())
}

/// Gives an item to a person, or to nobody.
pub async fn assign(program: &Program, practice: Option<&str>, item: WorkItemId, to: Option<&str>) -> anyhow::Result<()> {
    let (id, now) = open_item(program, practice, item).await?;
    transact!(program.db, |tx| Ok(worklist::assign(tx, id, item, to, Actor::Command("work"), now).await?))?;
    say(to.map_or_else(|| format!("{item} is nobody's"), |to| format!("{item} is with {to}")));
    Ok(())
}

/// Ends an item with what was done.
pub async fn resolve(program: &Program, practice: Option<&str>, item: WorkItemId, resolution: &str) -> anyhow::Result<()> {
    let (id, now) = open_item(program, practice, item).await?;
    transact!(program.db, |tx| Ok(worklist::resolve(tx, id, item, resolution, Actor::Command("work"), now).await?))?;
    say(format!("{item} is resolved"));
    Ok(())
}

async fn open_item(
    program: &Program,
    practice: Option<&str>,
    item: WorkItemId,
) -> anyhow::Result<(crate::platform::ids::PracticeId, crate::platform::clock::Millis)> {
    let setup = program.practice(practice).await?;
    let found = worklist::item(&mut &program.db, setup.practice.id, item).await?;
    let found = found.with_context(|| format!("no work item has the number {item}: see `pediclaim work list`"))?;
    if found.state != "open" {
        bail!("{item} was resolved before: {}", found.resolution.unwrap_or_default());
    }
    Ok((setup.practice.id, program.clock.now()))
}
