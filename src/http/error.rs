//! What goes wrong with a request: the inside goes to the log, the outside to the caller, and neither holds PHI.
//!
//! Outside: `{"error": {"code", "message", "request_id", "faults": [{"path", "message"}]}}`, the faults only where the request itself is at
//! fault. A page gets a page instead.

use std::sync::Arc;

use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::platform::database::DbError;
use crate::revenue_cycle::encounter::Unreadable;

/// One fault of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Where: the path into the body's JSON, a parameter, a header.
    pub path: String,
    /// What is wrong there, without the value.
    pub message: String,
}

/// Why a request was not answered as it wished.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 400: the request can't be understood.
    #[error("the request can't be understood; its faults say where")]
    BadRequest(Vec<Fault>),
    /// 401: no token, or one that opens nothing.
    #[error("send a token that is in use: Authorization: Bearer TOKEN")]
    Unauthorized,
    /// 403: not to be had here, whoever asks.
    #[error("{0}")]
    Forbidden(&'static str),
    /// 404: nothing is there, or it is another practice's.
    #[error("there is nothing at this address")]
    NotFound,
    /// 405: something is there, and it does not take this method.
    #[error("this address does not take this method")]
    MethodNotAllowed,
    /// 409: the record does not stand where the request believes it to.
    #[error("{0}")]
    Conflict(&'static str),
    /// 413: the body is larger than [`BODY_MAX`](super::BODY_MAX).
    #[error("the body is larger than {} bytes", super::BODY_MAX)]
    TooLarge,
    /// 422: understood, and not to be done.
    #[error("{0}")]
    Unprocessable(&'static str),
    /// 503: the work collided with another's, or the database was busy. Nothing of it was done that sending it again would do twice.
    #[error("the work collided with another's: send the request again, a write under the same Idempotency-Key")]
    Busy(DbError),
    /// 500: our fault. What it is stands in the log.
    #[error("something went wrong here; the request's id finds it in the log")]
    Inside(anyhow::Error),
}

impl Error {
    /// A request with one fault.
    #[must_use]
    pub fn fault(path: &str, message: impl Into<String>) -> Error {
        Error::BadRequest(vec![Fault { path: path.to_owned(), message: message.into() }])
    }

    /// Its status and its code, a word for programs.
    #[must_use]
    pub fn kind(&self) -> (StatusCode, &'static str) {
        match self {
            Error::BadRequest(_) => (StatusCode::BAD_REQUEST, "bad_request"),
            Error::Unauthorized => (StatusCode::UNAUTHORIZED, "unauthorized"),
            Error::Forbidden(_) => (StatusCode::FORBIDDEN, "forbidden"),
            Error::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            Error::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
            Error::Conflict(_) => (StatusCode::CONFLICT, "conflict"),
            Error::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            Error::Unprocessable(_) => (StatusCode::UNPROCESSABLE_ENTITY, "unprocessable"),
            Error::Busy(_) => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            Error::Inside(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        }
    }

    /// What the caller is told, as the interface's JSON.
    #[must_use]
    pub fn outside(&self, request_id: &str) -> serde_json::Value {
        let (_, code) = self.kind();
        let mut error = serde_json::json!({ "code": code, "message": self.to_string(), "request_id": request_id });
        if let Error::BadRequest(faults) = self {
            error["faults"] = serde_json::json!(faults);
        }
        serde_json::json!({ "error": error })
    }

    /// Tells the log what only we can mend. Faults of a request are the caller's: their paths hold names that the caller chose.
    pub(super) fn log(&self) {
        match self {
            Error::Inside(error) => tracing::error!(error = format!("{error:#}"), "a request failed"),
            Error::Busy(error) => tracing::warn!(%error, "a request collided"),
            _ => {}
        }
    }
}

/// What would succeed if it ran again is left to the caller to send again; all else is ours to mend.
impl From<DbError> for Error {
    fn from(error: DbError) -> Error {
        if error.is_retryable() { Error::Busy(error) } else { Error::Inside(error.into()) }
    }
}

/// What passed through a transaction is what it was.
impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Error {
        error.downcast::<Error>().or_else(|error| error.downcast::<DbError>().map(Error::from)).unwrap_or_else(Error::Inside)
    }
}

impl From<Unreadable> for Error {
    fn from(unreadable: Unreadable) -> Error {
        Error::BadRequest(unreadable.faults.into_iter().map(|fault| Fault { path: fault.place, message: fault.what }).collect())
    }
}

/// The status with the error beside it: the face is made where the request's id is known, by `guard::give_a_face`.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.kind().0.into_response();
        let header = match self {
            Error::Unauthorized => Some((WWW_AUTHENTICATE, "Bearer")),
            Error::Busy(_) => Some((RETRY_AFTER, "1")),
            _ => None,
        };
        response.headers_mut().extend(header.map(|(name, value)| (name, HeaderValue::from_static(value))));
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outside_of_our_own_fault_tells_nothing_of_its_inside() {
        let told = Error::from(DbError::Corrupt("claim content")).outside("R1").to_string();
        assert!(told.contains("R1") && !told.contains("claim content"), "{told}");
    }

    #[test]
    fn a_collision_asks_to_be_sent_again_and_a_fault_of_ours_does_not() {
        assert_eq!(Error::from(DbError::EpochSealed).into_response().headers()[RETRY_AFTER], "1");
        assert_eq!(Error::from(DbError::Missing("claim")).kind().0, StatusCode::INTERNAL_SERVER_ERROR);
    }

    #[test]
    fn what_passed_through_a_transaction_is_what_it_was() {
        assert!(matches!(Error::from(anyhow::Error::new(Error::NotFound)), Error::NotFound));
        assert!(matches!(Error::from(anyhow::Error::new(DbError::EpochSealed)), Error::Busy(DbError::EpochSealed)));
        assert!(matches!(Error::from(anyhow::anyhow!("else")), Error::Inside(_)));
    }

    #[test]
    fn a_fault_is_told_with_its_path() {
        let told = Error::fault("encounters[0].child.birth_date", "not a date: YYYY-MM-DD").outside("R1");
        assert_eq!(told["error"]["faults"][0]["path"], "encounters[0].child.birth_date");
        assert_eq!(told["error"]["code"], "bad_request");
    }
}
