//! Remittances over HTTP: the list, and one with its claims and provider adjustments.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::store::{self, RemittanceClaimRow, RemittanceListRow};
use crate::http::input::{Key, Params, instant};
use crate::http::page::{Cursor, Page, limit};
use crate::http::{Caller, Error, Server};
use crate::platform::ids::RemittanceId;

/// `/remittances` and `/remittances/{id}`.
pub fn routes() -> Router<Server> {
    Router::new().route("/remittances", get(list)).route("/remittances/{id}", get(one))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    cursor: Option<String>,
    limit: Option<String>,
}

async fn list(State(server): State<Server>, caller: Caller, Params(asked): Params<Asked>) -> Result<Json<Page<Value>>, Error> {
    let limit = limit(asked.limit.as_deref())?;
    let after = asked.cursor.as_deref().map(str::parse::<Cursor>).transpose()?;
    let after = after.map(|c| (c.date.to_string(), RemittanceId(c.id)));
    let after = after.as_ref().map(|(date, id)| (date.as_str(), *id));
    let rows = store::list(&mut &server.db, caller.practice, after, limit + 1).await?;
    let page = Page::of(rows, limit, |row| Cursor { date: row.effective_date.0, id: row.id.0 });
    Ok(Json(page.map(|row| tell(&row))))
}

/// The claims of a remittance come in pages by their place in it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AskedOfOne {
    claims_after: Option<String>,
    limit: Option<String>,
}

async fn one(
    State(server): State<Server>,
    caller: Caller,
    Key(id): Key<RemittanceId>,
    Params(asked): Params<AskedOfOne>,
) -> Result<Json<Value>, Error> {
    let limit = limit(asked.limit.as_deref())?;
    let after = asked.claims_after.as_deref().map_or(Ok(0), str::parse::<u32>);
    let after = after.map_err(|_| Error::fault("claims_after", "not the place of a claim in the remittance"))?;
    let db = &mut &server.db;
    let row = store::remittance(db, caller.practice, id).await?.ok_or(Error::NotFound)?;
    let mut claims = store::claims(db, caller.practice, id, i64::from(after), limit + 1).await?;
    let more = claims.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    claims.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let adjustments = store::provider_adjustments(db, caller.practice, id).await?;
    let mut answer = tell(&row);
    answer["claims"] = claims.iter().map(tell_claim).collect();
    answer["claims_next"] = json!(claims.last().filter(|_| more).map(|last| last.position.to_string()));
    answer["provider_adjustments"] = adjustments
        .iter()
        .map(|plb| json!({ "segment": plb.segment, "code": plb.code, "reference": plb.reference, "amount": plb.cents }))
        .collect();
    Ok(Json(answer))
}

/// A remittance as the interface tells it.
fn tell(row: &RemittanceListRow) -> Value {
    json!({
        "id": row.id,
        "payer": row.payer_name,
        "trace_number": row.trace_number,
        "method": row.method,
        "paid": row.paid_cents,
        "effective_date": row.effective_date,
        "claim_count": row.claim_count,
        "state": row.state,
        "received_at": instant(row.received_ms),
    })
}

/// What a remittance says of one claim, as the interface tells it.
pub(crate) fn tell_claim(row: &RemittanceClaimRow) -> Value {
    json!({
        "id": row.id,
        "position": row.position,
        "segment": row.segment,
        "claim_number": row.pcn,
        "status": row.status,
        "charge": row.charge_cents,
        "paid": row.paid_cents,
        "patient_responsibility": row.patient_cents,
        "payer_claim_number": row.icn,
        "claim_id": row.claim_id,
        "state": row.state,
    })
}
