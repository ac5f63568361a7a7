//! Probes: whether the process lives, and whether it can do its work. Without a token, and without anything of a practice.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

use super::Server;
use crate::platform::database::DbError;

/// `/healthz` and `/readyz`.
pub(super) fn routes() -> Router<Server> {
    Router::new().route("/healthz", get(healthz)).route("/readyz", get(readyz))
}

/// The process is alive.
async fn healthz() -> Json<serde_json::Value> {
    Json(json!({ "status": "alive" }))
}

/// 200 when the database answers and no process has died with jobs in its hands that nobody took over; else 503. The schema is up to date
/// by construction: a database is only open once its migrations ran.
async fn readyz(State(server): State<Server>) -> Response {
    let (ready, jobs) = match look(&server).await {
        Ok((dead_processes, jobs)) => (dead_processes == 0, jobs),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (false, serde_json::Value::Null)
        }
    };
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let answer = json!({ "status": if ready { "ready" } else { "not_ready" }, "database": server.db.engine().name(), "jobs": jobs });
    (status, Json(answer)).into_response()
}

async fn look(server: &Server) -> Result<(u64, serde_json::Value), DbError> {
    let (dead_processes, counts) = (server.jobs.dead_processes().await?, server.jobs.counts().await?);
    let jobs = json!({
        "waiting": counts.waiting,
        "due": counts.due,
        "pushed": counts.pushed,
        "running": counts.running,
        "done": counts.done,
        "dead": counts.dead,
        "dead_processes": dead_processes,
    });
    Ok((dead_processes, jobs))
}
