//! Visits over HTTP: sent in the form of [`read_json`], listed, and one with its claims.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::job::{CHUNK_MAX, TakenIn, take_in};
use super::model::EncounterDraft;
use super::read_json;
use super::store::{self, EncounterRow, IntakeStanding};
use crate::http::idempotency::Write;
use crate::http::input::{Key, Params, instant};
use crate::http::page::{Cursor, Page, limit};
use crate::http::{Caller, Error, Server};
use crate::platform::ids::EncounterId;
use crate::practice::PracticeSetup;
use crate::revenue_cycle::claim;
use crate::transact;

/// The name of the feed when the caller names none.
const SOURCE_USUAL: &str = "api";

/// Longest name of a feed.
const SOURCE_MAX: usize = 40;

/// `/encounters` and `/encounters/{id}`.
pub fn routes() -> Router<Server> {
    Router::new().route("/encounters", get(list).post(send)).route("/encounters/{id}", get(one))
}

/// The name of the feed; a visit is known by it and its own name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Feed {
    source: Option<String>,
}

impl Feed {
    fn name(self) -> Result<String, Error> {
        let name = self.source.unwrap_or_else(|| SOURCE_USUAL.to_owned());
        let fits = (1..=SOURCE_MAX).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
        if fits {
            Ok(name)
        } else {
            Err(Error::fault("source", format!("not 1 to {SOURCE_MAX} letters, digits, dots, hyphens or underscores")))
        }
    }
}

/// Takes visits in, a chunk a transaction: who is interrupted sends all of them again, and what is known is skipped. Nothing is taken when
/// any of them can't be read.
async fn send(State(server): State<Server>, Params(feed): Params<Feed>, write: Write) -> Result<Response, Error> {
    let source = feed.name()?;
    let drafts = read_json::read(&write.body, &source)?;
    let (practice, actor, now) = (write.caller.practice, write.caller.actor(), server.clock.now());
    let setup = PracticeSetup::load(&mut &server.db, practice).await?;
    let mut taken = TakenIn::default();
    for chunk in drafts.chunks(CHUNK_MAX) {
        taken.add(transact!(server.db, |tx| Ok(take_in(tx, &setup, chunk, &server.admit, actor, now).await?))?);
    }
    let mut standings = Vec::with_capacity(drafts.len());
    for chunk in drafts.chunks(CHUNK_MAX) {
        let names: Vec<&str> = chunk.iter().map(|draft| draft.external.id.as_str()).collect();
        standings.extend(store::intake_standings(&mut &server.db, practice, &source, &names).await?);
    }
    let answer = outcome(&taken, &drafts, &standings);
    Ok(transact!(server.db, |tx| Ok(write.answer(tx, StatusCode::OK, &answer, now).await?))?)
}

/// The counts, and where each visit of the request stands now, in its order.
fn outcome(taken: &TakenIn, drafts: &[EncounterDraft], standings: &[IntakeStanding]) -> Value {
    let by_name: std::collections::HashMap<&str, &IntakeStanding> = standings.iter().map(|s| (s.external_id.as_str(), s)).collect();
    let visits = drafts.iter().filter_map(|draft| by_name.get(draft.external.id.as_str())).map(|standing| {
        json!({
            "external_id": standing.external_id,
            "state": standing.state,
            "reasons": standing.reasons.split_whitespace().collect::<Vec<_>>(),
            "encounter_id": standing.encounter_id,
        })
    });
    let mut answer = json!(taken);
    answer["encounters"] = visits.collect();
    answer
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
    let (date, id) = after.map_or(("9999-12-31".to_owned(), EncounterId(i64::MAX)), |c| (c.date.to_string(), EncounterId(c.id)));
    let rows = store::encounter_rows(&mut &server.db, caller.practice, (&date, id), limit + 1).await?;
    let page = Page::of(rows, limit, |row| Cursor { date: row.service_date.0, id: row.id.0 });
    Ok(Json(page.map(|row| tell(&row))))
}

async fn one(State(server): State<Server>, caller: Caller, Key(id): Key<EncounterId>) -> Result<Json<Value>, Error> {
    let db = &mut &server.db;
    let row = store::encounter_row(db, caller.practice, id).await?.ok_or(Error::NotFound)?;
    let visits = store::encounters(db, caller.practice, &[id]).await?;
    let claims = claim::store::of_encounter(db, caller.practice, id).await?;
    let mut answer = tell(&row);
    answer["lines"] = visits
        .iter()
        .flat_map(|visit| &visit.lines)
        .map(|line| {
            json!({
                "id": line.id,
                "code": line.code.as_str(),
                "modifiers": line.modifiers.iter().map(|m| m.as_str()).collect::<Vec<_>>(),
                "units": line.units,
                "charge": line.charge,
                "pointers": line.pointers,
                "ndc": line.ndc.as_ref().map(|ndc| ndc.ndc.as_str()),
                "cvx": line.cvx.map(|cvx| cvx.to_string()),
                "fee_schedule": line.fee_schedule,
            })
        })
        .collect();
    answer["claims"] = claims
        .iter()
        .map(|claim| {
            json!({
                "id": claim.id,
                "claim_number": claim.pcn,
                "version": claim.version,
                "charge": claim.charge_cents,
                "paid": claim.paid_cents,
                "state": claim.state,
            })
        })
        .collect();
    Ok(Json(answer))
}

/// A visit as the interface tells it.
fn tell(row: &EncounterRow) -> Value {
    json!({
        "id": row.id,
        "source": row.source,
        "external_id": row.external_id,
        "child_id": row.child_id,
        "service_date": row.service_date,
        "place_of_service": row.place_of_service,
        "diagnoses": row.diagnoses.split(' ').filter(|code| !code.is_empty()).collect::<Vec<_>>(),
        "state": row.state,
        "taken_in_at": instant(row.taken_in_ms),
    })
}
