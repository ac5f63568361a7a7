//! Claims over HTTP: the list, and one claim with all that is known about it.

pub mod dossier;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};

pub use dossier::Dossier;

use super::lifecycle::ClaimState;
use super::store::{self, ClaimListRow, PageStart};
use crate::http::input::{Key, Params, instant};
use crate::http::page::{Cursor, Page, limit};
use crate::http::{Caller, Error, Server};
use crate::pediatrics::timely_filing::TimeLeft;
use crate::platform::database::{DbError, Queries};
use crate::platform::ids::{ClaimId, PracticeId};
use crate::practice;

/// `/claims` and `/claims/{id}`.
pub fn routes() -> Router<Server> {
    Router::new().route("/claims", get(list)).route("/claims/{id}", get(one))
}

/// What a list of claims may be asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    state: Option<String>,
    cursor: Option<String>,
    limit: Option<String>,
}

/// Reads a claim state from a parameter.
pub fn read_state(code: &str) -> Result<ClaimState, Error> {
    ClaimState::from_code(code).ok_or_else(|| Error::fault("state", "no state of a claim is called so"))
}

/// A page of claims, the newest date of service first.
pub async fn page(
    db: &mut impl Queries,
    practice: PracticeId,
    state: Option<ClaimState>,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page<ClaimListRow>, DbError> {
    let start = after.map_or_else(PageStart::default, |c| PageStart { service_date: c.date.to_string(), id: ClaimId(c.id) });
    let rows = store::list(db, practice, state, &start, limit + 1).await?;
    Ok(Page::of(rows, limit, |row| Cursor { date: row.service_date.0, id: row.id.0 }))
}

async fn list(State(server): State<Server>, caller: Caller, Params(asked): Params<Asked>) -> Result<Json<Page<Value>>, Error> {
    let state = asked.state.as_deref().map(read_state).transpose()?;
    let after = asked.cursor.as_deref().map(str::parse).transpose()?;
    let db = &mut &server.db;
    let today = server.clock.today(&practice::store::zone(db, caller.practice).await?);
    let page = page(db, caller.practice, state, after, limit(asked.limit.as_deref())?).await?;
    Ok(Json(page.map(|row| {
        json!({
            "id": row.id,
            "claim_number": row.pcn,
            "service_date": row.service_date,
            "child": { "family_name": row.last_name, "given_names": row.first_name },
            "payer": row.payer_name,
            "charge": row.charge_cents,
            "paid": row.paid_cents,
            "state": row.state,
            "file_by": row.file_by,
            "days_to_file": row.clock(today).map(TimeLeft::days),
        })
    })))
}

async fn one(State(server): State<Server>, caller: Caller, Key(id): Key<ClaimId>) -> Result<Json<Value>, Error> {
    let db = &mut &server.db;
    let today = server.clock.today(&practice::store::zone(db, caller.practice).await?);
    let dossier = Dossier::load(db, caller.practice, id).await?.ok_or(Error::NotFound)?;
    Ok(Json(tell(&dossier, today)))
}

/// A claim as the interface tells it.
fn tell(dossier: &Dossier, today: Date) -> Value {
    let claim = &dossier.claim;
    let (family_name, given_names) = dossier.child_name();
    json!({
        "id": claim.id,
        "claim_number": claim.pcn,
        "payer_claim_number": claim.icn,
        "encounter_id": claim.encounter_id,
        "payer": dossier.content.subscriber.payer.name,
        "responsibility": claim.responsibility,
        "version": claim.version,
        "frequency": claim.frequency,
        "child": { "id": claim.child_id, "family_name": family_name, "given_names": given_names, "birth_date": dossier.content.birth_date() },
        "service_date": claim.service_date,
        "charge": claim.charge_cents,
        "paid": claim.paid_cents,
        "state": claim.state,
        "state_since": instant(claim.state_ms),
        "file_by": claim.file_by,
        "days_to_file": claim.clock(today).map(TimeLeft::days),
        "lines": dossier.lines.iter().map(|line| json!({
            "position": line.position,
            "charge_line_id": line.charge_line_id,
            "line_number": line.line_number,
            "code": line.procedure_code,
            "modifiers": line.modifiers.split(':').filter(|m| !m.is_empty()).collect::<Vec<_>>(),
            "units": line.units,
            "charge": line.cents,
        })).collect::<Vec<_>>(),
        "findings": dossier.findings,
        "sent": dossier.batches.iter().map(|batch| json!({
            "at": instant(batch.created_ms),
            "file_name": batch.file_name,
            "control_number": batch.isa13,
            "reference": batch.reference,
            "first_segment": batch.first_segment,
            "state": batch.state,
        })).collect::<Vec<_>>(),
        "acknowledgments": dossier.acknowledgments.iter().map(|ack| json!({
            "at": instant(ack.received_ms),
            "kind": ack.kind,
            "code": ack.code,
            "outcome": ack.outcome,
            "payer_claim_number": ack.icn,
            "effective_date": ack.effective_date,
            "file_name": ack.file_name,
            "segment": ack.segment,
        })).collect::<Vec<_>>(),
        "remittances": dossier.remittances.iter().map(|said| json!({
            "at": instant(said.received_ms),
            "remittance_id": said.remittance_id,
            "payer": said.payer_name,
            "trace_number": said.trace_number,
            "effective_date": said.effective_date,
            "claim": crate::revenue_cycle::remittance::api::tell_claim(&said.claim),
        })).collect::<Vec<_>>(),
        "ledger": dossier.entries.iter().map(|entry| json!({
            "at": instant(crate::platform::clock::Millis(entry.row.posted_ms)),
            "effective_date": entry.row.effective_date,
            "journal_id": entry.row.transfer.journal_id,
            "kind": entry.row.transfer.kind,
            "charge_line_id": entry.row.transfer.charge_line_id,
            "debit": entry.row.transfer.debit_account,
            "credit": entry.row.transfer.credit_account,
            "amount": entry.row.transfer.cents,
            "adjustment": entry.row.transfer.adjustment,
            "segment": entry.row.transfer.segment,
            "remittance_claim_id": entry.row.remittance_claim_id,
            "reverses_journal_id": entry.row.reverses_id,
            "reason": entry.row.reason,
            "actor": entry.row.actor,
        })).collect::<Vec<_>>(),
        "owed": dossier.owed().into_iter().map(|(account, amount)| json!({
            "account": account.to_string(),
            "amount": amount,
        })).collect::<Vec<_>>(),
        "events": dossier.events.iter().map(|event| json!({
            "at": instant(event.at_ms),
            "event": event.event,
            "from": event.from_state,
            "to": event.to_state,
            "detail": event.detail,
            "actor": event.actor,
        })).collect::<Vec<_>>(),
    })
}
