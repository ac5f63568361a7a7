//! `charges`: what was entered beside what the rules would bill, and what waits without charges.

use anyhow::{Context, ensure};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use super::{Program, cycle, say, say_json, table};
use crate::pediatrics::assistant::{Line, Note};
use crate::platform::audit::Actor;
use crate::platform::ids::{ClaimId, EncounterId};
use crate::practice::PracticeSetup;
use crate::revenue_cycle::claim::{self, ClaimState};
use crate::revenue_cycle::encounter::assist::kind_word;
use crate::revenue_cycle::encounter::model::EpsdtReferral;
use crate::revenue_cycle::encounter::{AdvisedVisit, advise_visits, held_visits, record_referrals, unclaimed_visits, visit_keys};
use crate::transact;

/// Days back for which visits are looked at when nothing is said: the month that an office still corrects before it is forgotten.
const RECENT_DAYS: i64 = 31;

/// Visits loaded at once: their children's whole history comes with them.
const CHUNK: u32 = 200;

/// Which visits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// One.
    Visit(EncounterId),
    /// From a date of service on.
    Since(Date),
    /// Those of the last month.
    Recent,
    /// Every one.
    All,
}

/// One difference, as it is told.
#[derive(Serialize)]
struct Told {
    visit: EncounterId,
    external_id: String,
    service_date: Date,
    /// The rule's id.
    rule: &'static str,
    kind: &'static str,
    /// The entered line, from 1.
    line: Option<usize>,
    says: String,
}

/// Something for a person about a visit.
#[derive(Serialize)]
struct ToldNote {
    visit: EncounterId,
    rule: &'static str,
    says: String,
}

/// One thing that was due.
#[derive(Serialize)]
struct ToldDue {
    visit: EncounterId,
    external_id: String,
    service_date: Date,
    item: &'static str,
    label: &'static str,
    /// The usual code first.
    codes: Vec<&'static str>,
    /// Whether Medicaid demands it of this child.
    demanded: bool,
    /// Whether this was the last month for it.
    last_month: bool,
}

/// Compares visits with what the rules propose and tells what differs; gives whether nothing does. An error when the visit that was asked
/// for is not the practice's.
pub async fn check(program: &Program, practice: Option<&str>, which: Which, json: bool) -> anyhow::Result<bool> {
    let setup = program.practice(practice).await?;
    let visits = match which {
        Which::Visit(visit) => advise_visits(&mut &program.db, &setup, &[visit]).await?,
        Which::Since(since) => advised_since(program, &setup, since).await?,
        Which::Recent => advised_since(program, &setup, recent(program, &setup)).await?,
        Which::All => advised_since(program, &setup, Date::ZERO).await?,
    };
    let one = match which {
        Which::Visit(id) => {
            ensure!(!visits.is_empty(), "no visit has the number {id}");
            visits.first()
        }
        _ => None,
    };
    let findings: Vec<Told> = visits.iter().flat_map(told).collect();
    let notes: Vec<ToldNote> =
        visits.iter().flat_map(|visit| visit.advice.proposal.notes.iter().map(|note| told_note(visit, note))).collect();
    if json {
        let proposed = one.map(|visit| visit.advice.proposal.lines.iter().map(told_line).collect::<Vec<_>>());
        say_json(&serde_json::json!({ "visits": visits.len(), "findings": findings, "notes": notes, "proposed": proposed }))?;
        return Ok(findings.is_empty());
    }
    if let Some(visit) = one {
        visit.advice.proposal.lines.iter().for_each(|line| say(line.to_string()));
        notes.iter().for_each(|note| say(format!("note: {} ({}).", note.says.trim_end_matches('.'), note.rule)));
        say("");
    }
    if !findings.is_empty() {
        let row = |told: &Told| {
            let line = told.line.map(|line| line.to_string()).unwrap_or_default();
            let date = told.service_date.to_string();
            vec![
                told.visit.to_string(),
                told.external_id.clone(),
                date,
                line,
                told.rule.to_owned(),
                told.kind.to_owned(),
                told.says.clone(),
            ]
        };
        let rows: Vec<Vec<String>> = findings.iter().map(row).collect();
        say(table(&["visit", "sent as", "date", "line", "rule", "what", "finding"], &[0, 3], &rows));
    }
    let differing = visits.iter().filter(|visit| !visit.advice.findings.is_empty()).count();
    say(format!("{} visits compared, {differing} differ: {} findings, {} notes", visits.len(), findings.len(), notes.len()));
    Ok(findings.is_empty())
}

/// A code of what an EPSDT screening led to, from the command line.
pub fn referral_code(code: &str) -> Result<EpsdtReferral, &'static str> {
    code.parse().map_err(|()| "AV, S2, ST or NU")
}

/// Records what the EPSDT screening of a claim's visit led to, and builds and scrubs anew what is kept back.
pub async fn referral(
    program: &Program,
    practice: Option<&str>,
    id: ClaimId,
    referrals: &[EpsdtReferral],
    json: bool,
) -> anyhow::Result<()> {
    ensure!(referrals.len() == 1 || !referrals.contains(&EpsdtReferral::None), "NU says that nothing was referred: it stands alone");
    let setup = program.practice(practice).await?;
    let (owner, now) = (setup.practice.id, program.clock.now());
    let claim = claim::store::claim(&mut &program.db, owner, id).await?.with_context(|| format!("there is no claim {id}"))?;
    let to_be_sent = ClaimState::from_code(&claim.state).is_some_and(ClaimState::is_to_be_sent);
    ensure!(to_be_sent, "claim {id} is {}: it has left, and what it says of referrals with it", claim.state);
    transact!(program.db, |tx| Ok(record_referrals(tx, owner, claim.encounter_id, referrals, Actor::Command("charges"), now).await?))?;
    cycle::rescrub(program, practice, None, json).await
}

/// Lists what waits: visits kept back without charges, visits in no claim, and what was due at well visits and was not billed.
pub async fn due(program: &Program, practice: Option<&str>, since: Option<Date>, limit: u32, json: bool) -> anyhow::Result<()> {
    let setup = program.practice(practice).await?;
    let id = setup.practice.id;
    // One more than is shown tells that there are more.
    let beyond = limit.saturating_add(1);
    let mut held = held_visits(&mut &program.db, id, beyond).await?;
    let mut unclaimed = unclaimed_visits(&mut &program.db, id, beyond).await?;
    let since = since.unwrap_or_else(|| recent(program, &setup));
    let mut due: Vec<ToldDue> = advised_since(program, &setup, since).await?.iter().flat_map(told_due).collect();
    let more = More { held: cut(&mut held, limit), unclaimed: cut(&mut unclaimed, limit), due: cut(&mut due, limit) };
    if json {
        return say_json(&serde_json::json!({ "held": held, "unclaimed": unclaimed, "due": due, "more": more }));
    }
    let zone = &setup.practice.time_zone;
    let held_rows: Vec<Vec<String>> = held
        .into_iter()
        .map(|visit| vec![visit.id.to_string(), visit.source, visit.external_id, visit.first_ms.date_in(zone).to_string(), visit.reasons])
        .collect();
    list(
        "Kept back without charges; `pediclaim work list --stage encounter` says what to do",
        &["intake", "feed", "sent as", "came", "why"],
        &held_rows,
        more.held,
    );
    let unclaimed_rows: Vec<Vec<String>> = unclaimed
        .into_iter()
        .map(|visit| vec![visit.id.to_string(), visit.source, visit.external_id, visit.service_date.0.to_string()])
        .collect();
    list("Charged to a payer and in no claim", &["visit", "feed", "sent as", "date"], &unclaimed_rows, more.unclaimed);
    let due_rows: Vec<Vec<String>> = due
        .into_iter()
        .map(|due| {
            let demanded = if due.demanded { "Medicaid demands it" } else { "" };
            let item = vec![due.visit.to_string(), due.external_id, due.service_date.to_string(), due.label.to_owned()];
            item.into_iter().chain([due.codes.join(" "), demanded.to_owned()]).collect()
        })
        .collect();
    list("Due at well visits and not billed", &["visit", "sent as", "date", "what", "codes", ""], &due_rows, more.due);
    Ok(())
}

/// Which lists go on beyond what is shown.
#[derive(serde::Serialize)]
struct More {
    held: bool,
    unclaimed: bool,
    due: bool,
}

/// Leaves `limit` rows; whether there were more.
fn cut<T>(rows: &mut Vec<T>, limit: u32) -> bool {
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    more
}

fn list(title: &str, headings: &[&str], rows: &[Vec<String>], more: bool) {
    let body = if rows.is_empty() { "none".to_owned() } else { table(headings, &[0], rows) };
    say(format!("{title}:\n{body}{}\n", if more { "\nand more: --limit shows them" } else { "" }));
}

fn recent(program: &Program, setup: &PracticeSetup) -> Date {
    program.clock.today(&setup.practice.time_zone).saturating_sub(RECENT_DAYS.days())
}

/// Visits from a date of service on with what the assistant says about them.
async fn advised_since(program: &Program, setup: &PracticeSetup, since: Date) -> anyhow::Result<Vec<AdvisedVisit>> {
    let (mut advised, mut after) = (Vec::new(), (since, EncounterId(0)));
    loop {
        let keys = visit_keys(&mut &program.db, setup.practice.id, after, CHUNK).await?;
        let Some(&(id, day)) = keys.last() else { return Ok(advised) };
        after = (day, id);
        let ids: Vec<EncounterId> = keys.into_iter().map(|(id, _)| id).collect();
        advised.extend(advise_visits(&mut &program.db, setup, &ids).await?);
    }
}

fn told(visit: &AdvisedVisit) -> impl Iterator<Item = Told> {
    visit.advice.findings.iter().map(|finding| Told {
        visit: visit.encounter.id,
        external_id: visit.external_id.clone(),
        service_date: visit.encounter.service_date,
        rule: finding.rule.id,
        kind: kind_word(finding.kind),
        line: finding.entered.map(|at| at + 1),
        says: finding.says.clone(),
    })
}

fn told_note(visit: &AdvisedVisit, note: &Note) -> ToldNote {
    ToldNote { visit: visit.encounter.id, rule: note.reason.rule.id, says: note.reason.says.clone().into_owned() }
}

fn told_due(visit: &AdvisedVisit) -> impl Iterator<Item = ToldDue> {
    visit.advice.due.iter().map(|due| ToldDue {
        visit: visit.encounter.id,
        external_id: visit.external_id.clone(),
        service_date: visit.encounter.service_date,
        item: due.item.id,
        label: due.item.label,
        codes: due.item.codes.iter().map(|code| code.as_str()).collect(),
        demanded: due.is_demanded(visit.medicaid),
        last_month: due.last_month,
    })
}

fn told_line(line: &Line) -> serde_json::Value {
    serde_json::json!({
        "code": line.code.as_str(),
        "modifiers": line.modifiers().map(|modifier| modifier.to_string()).collect::<Vec<_>>(),
        "units": line.units,
        "diagnoses": line.diagnoses.iter().map(|code| code.as_str()).collect::<Vec<_>>(),
        "rule": line.reason.rule.id,
        "says": line.reason.says,
    })
}
