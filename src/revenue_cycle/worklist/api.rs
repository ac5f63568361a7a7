//! Work items over HTTP: listed, given to a person, ended.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::model::{ItemFilter, ItemState};
use super::store::{self, WorkItem};
use crate::http::idempotency::Write;
use crate::http::input::{self, Key, Params, instant};
use crate::http::page::limit;
use crate::http::{Caller, Error, Server};
use crate::platform::clock::Millis;
use crate::platform::database::{DbError, Tx};
use crate::platform::ids::{PracticeId, WorkItemId};
use crate::transact;

/// Longest name of a person.
const NAME_MAX: usize = 100;

/// Longest word on what was done: a few sentences.
const RESOLUTION_MAX: usize = 1_000;

/// `/work`, `/work/{id}/assign` and `/work/{id}/resolve`.
pub fn routes() -> Router<Server> {
    Router::new().route("/work", get(list)).route("/work/{id}/assign", post(assign)).route("/work/{id}/resolve", post(resolve))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    state: Option<String>,
    stage: Option<String>,
    reason: Option<String>,
    assigned_to: Option<String>,
    limit: Option<String>,
}

/// The most urgent items. The list has no further pages: what stands on it goes away by being done, and filters narrow it.
async fn list(State(server): State<Server>, caller: Caller, Params(asked): Params<Asked>) -> Result<Json<Value>, Error> {
    let resolved = match asked.state.as_deref() {
        None => false,
        Some(state) if state == ItemState::Open.code() => false,
        Some(state) if state == ItemState::Resolved.code() => true,
        Some(_) => return Err(Error::fault("state", "neither open nor resolved")),
    };
    let Asked { stage, reason, assigned_to, .. } = asked;
    let filter = ItemFilter { stage, reason, assigned_to, resolved };
    let items = store::list(&mut &server.db, caller.practice, &filter, limit(asked.limit.as_deref())?).await?;
    let open = store::count_open(&mut &server.db, caller.practice).await?;
    Ok(Json(json!({
        "items": items.iter().map(tell).collect::<Vec<_>>(),
        "open": open.iter().map(|(stage, reason, count)| json!({ "stage": stage, "reason": reason, "count": count })).collect::<Vec<_>>(),
    })))
}

/// To whom; `null` gives it back to all.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Assignment {
    to: Option<String>,
}

async fn assign(State(server): State<Server>, Key(id): Key<WorkItemId>, write: Write) -> Result<Response, Error> {
    let Assignment { to } = input::json(&write.body)?;
    check_length("to", to.as_deref(), NAME_MAX)?;
    let (practice, actor, now) = (write.caller.practice, write.caller.actor(), server.clock.now());
    let answered = transact!(server.db, |tx| {
        check_open(tx, practice, id).await?;
        store::assign(tx, practice, id, to.as_deref(), actor, now).await?;
        Ok(answer(tx, &write, id, now).await?)
    });
    Ok(answered?)
}

/// What was done about it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Resolution {
    resolution: String,
}

async fn resolve(State(server): State<Server>, Key(id): Key<WorkItemId>, write: Write) -> Result<Response, Error> {
    let Resolution { resolution } = input::json(&write.body)?;
    check_length("resolution", Some(&resolution), RESOLUTION_MAX)?;
    let (practice, actor, now) = (write.caller.practice, write.caller.actor(), server.clock.now());
    let answered = transact!(server.db, |tx| {
        check_open(tx, practice, id).await?;
        store::resolve(tx, practice, id, &resolution, actor, now).await?;
        Ok(answer(tx, &write, id, now).await?)
    });
    Ok(answered?)
}

fn check_length(path: &str, text: Option<&str>, longest: usize) -> Result<(), Error> {
    match text {
        Some(text) if text.trim().is_empty() || text.chars().count() > longest => {
            Err(Error::fault(path, format!("not 1 to {longest} characters")))
        }
        _ => Ok(()),
    }
}

/// Answers with the item as it stands now.
async fn answer(tx: &mut Tx, write: &Write, id: WorkItemId, now: Millis) -> Result<Response, Error> {
    let item = store::item(tx, write.caller.practice, id).await?.ok_or(DbError::Missing("work item"))?;
    write.answer(tx, StatusCode::OK, &tell(&item), now).await
}

/// Refuses what is not there and what is done.
async fn check_open(tx: &mut Tx, practice: PracticeId, id: WorkItemId) -> Result<(), Error> {
    let item = store::item(tx, practice, id).await?.ok_or(Error::NotFound)?;
    if item.state == ItemState::Open.code() { Ok(()) } else { Err(Error::Conflict("this item is resolved already")) }
}

/// A work item as the interface tells it.
fn tell(item: &WorkItem) -> Value {
    json!({
        "id": item.id,
        "stage": item.stage,
        "reason": item.reason,
        "subject": { "kind": item.subject_kind, "id": item.subject_id.to_string() },
        "message": item.message,
        "state": item.state,
        "assigned_to": item.assigned_to,
        "due_date": item.due_date,
        "created_at": instant(item.created_ms),
        "resolution": item.resolution,
    })
}
