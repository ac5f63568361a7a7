//! The HTTP interface: one router over the stages' own routes, the screens and the probes.
//!
//! Takes requests under `/api/v1` with `Authorization: Bearer TOKEN`, each for the one practice of its token; gives JSON with keys and money
//! as strings, instants as RFC 3339 in UTC, lists in pages ([`page`]). A write carries an `Idempotency-Key` ([`idempotency`]). What goes wrong
//! has an inside, logged, and an outside, told ([`error`]). What a request leaves in the log is its method, the template of its path, the
//! status and the time it took: never a query, a body or a key of a record.
//!
//! Each stage brings its routes in its own `api.rs`; `openapi.json` describes all of them and is served at `/openapi.json`.
//! Test: `tests/suite/api.rs`.

mod auth;
pub mod error;
mod guard;
mod health;
pub mod idempotency;
pub mod input;
pub mod page;
mod serve;
pub mod store;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::{from_fn, from_fn_with_state, map_request};
use axum::routing::get;
use tower_http::trace::TraceLayer;

pub use auth::Caller;
pub use error::Error;
pub use serve::serve;

use crate::app::App;
use crate::platform::clock::Clock;
use crate::platform::database::Db;
use crate::platform::jobs::Jobs;
use crate::revenue_cycle::encounter::admit::AdmitOptions;
use crate::revenue_cycle::{claim, encounter, remittance, worklist};

/// Largest body of a request: some 2,500 visits, a few seconds of work. Larger files come by the command line.
pub const BODY_MAX: usize = 4 << 20;

/// The interface described for programs (OpenAPI 3.1).
pub const OPENAPI: &str = include_str!("openapi.json");

/// Who can reach the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Programs of this machine: the `Host` of every request must name it, so that no page of the web can ask by another name (DNS
    /// rebinding), and the screens are open.
    ThisMachine,
    /// Whoever comes through the trusted proxy: with a token only. The screens, which have no login yet, are shut.
    Network,
}

impl Reach {
    /// What follows from the address that is listened to and the proxies in front of it.
    #[must_use]
    pub fn of(listen: SocketAddr, trusted_proxies: &[IpAddr]) -> Reach {
        if listen.ip().is_loopback() && trusted_proxies.is_empty() { Reach::ThisMachine } else { Reach::Network }
    }
}

/// What requests share. Cheap to clone.
#[derive(Clone)]
pub struct Server {
    /// The records.
    pub db: Db,
    /// Where `now` comes from.
    pub clock: Clock,
    /// The jobs, for the probe of readiness.
    pub jobs: Jobs<App>,
    /// How visits that arrive are matched to the practice's own records.
    pub admit: Arc<AdmitOptions>,
    /// Who can reach this server.
    pub reach: Reach,
}

/// Everything that is served.
pub fn router(server: Server) -> Router {
    let v1 = Router::new()
        .merge(encounter::api::routes())
        .merge(claim::api::routes())
        .merge(remittance::api::routes())
        .merge(worklist::api::routes())
        .layer(DefaultBodyLimit::max(BODY_MAX));
    Router::new()
        .nest("/api/v1", v1)
        .route("/openapi.json", get(async || ([(CONTENT_TYPE, "application/json")], OPENAPI)))
        .merge(health::routes())
        .merge(crate::web::routes())
        .fallback(async || Error::NotFound)
        .method_not_allowed_fallback(async || Error::MethodNotAllowed)
        .layer(from_fn_with_state(server.clone(), guard::refuse_other_hosts))
        .layer(from_fn(guard::give_a_face))
        .layer(TraceLayer::new_for_http().make_span_with(guard::span).on_request(()).on_response(guard::log_answer).on_failure(()))
        .layer(map_request(async |request: Request| guard::identify(request)))
        .with_state(server)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_server_of_this_machine_without_proxies_is_this_machines() {
        let proxy: [IpAddr; 1] = [[10, 0, 0, 1].into()];
        let loopback = SocketAddr::from(([127, 0, 0, 1], 8737));
        assert_eq!(Reach::of(loopback, &[]), Reach::ThisMachine);
        assert_eq!(Reach::of(loopback, &proxy), Reach::Network);
        assert_eq!(Reach::of(SocketAddr::from(([0, 0, 0, 0], 8737)), &proxy), Reach::Network);
    }
}
