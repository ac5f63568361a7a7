//! Writes that may be sent again: the same `Idempotency-Key` with the same request gets the same answer and does nothing twice.
//!
//! The answer is kept in the transaction of the effect, so that a caller who never saw it, or whose server died, sends the request again and
//! learns what happened. Only answers to what was done are kept: what was refused may be mended and sent under the same key.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::auth::Caller;
use super::store::{self, StoredAnswer};
use super::{Error, Server};
use crate::platform::clock::Millis;
use crate::platform::database::Tx;

/// The header.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Longest key: a UUID has 36 characters, a hash in hexadecimal 64.
pub const KEY_MAX: usize = 128;

/// Says that an answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// A write that has no answer yet. A handler that takes one is not even called for a request that was answered before.
#[derive(Debug)]
pub struct Write {
    /// Who asks.
    pub caller: Caller,
    /// The body.
    pub body: Bytes,
    key: String,
    request_sha256: String,
}

impl FromRequest<Server> for Write {
    /// An error, or the answer that was given before.
    type Rejection = Response;

    async fn from_request(request: Request, server: &Server) -> Result<Write, Response> {
        let write = read(request, server).await.map_err(Error::into_response)?;
        match store::answer(&mut &server.db, write.caller, &write.key).await {
            Ok(None) => Ok(write),
            Ok(Some(known)) if known.request_sha256 == write.request_sha256 => {
                let mut response = known.into_response();
                response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
                Err(response)
            }
            Ok(Some(_)) => Err(Error::Unprocessable("this Idempotency-Key was sent with another request").into_response()),
            Err(error) => Err(Error::from(error).into_response()),
        }
    }
}

async fn read(request: Request, server: &Server) -> Result<Write, Error> {
    let (mut parts, body) = request.into_parts();
    let caller = Caller::from_request_parts(&mut parts, server).await?;
    let key = parts.headers.get(IDEMPOTENCY_KEY).map(|value| value.to_str().unwrap_or_default().to_owned());
    let key = key.ok_or_else(|| Error::fault("Idempotency-Key", "the header is missing: a write needs a key of its own"))?;
    if key.is_empty() || key.len() > KEY_MAX || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::fault("Idempotency-Key", format!("not 1 to {KEY_MAX} visible ASCII characters")));
    }
    let target = parts.uri.path_and_query().map_or("", |target| target.as_str()).to_owned();
    let method = parts.method.clone();
    let body = Bytes::from_request(Request::from_parts(parts, body), server).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        _ => Error::fault(".", "the body did not arrive whole"),
    })?;
    let mut hash = Sha256::new();
    for part in [method.as_str().as_bytes(), target.as_bytes(), &body] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let request_sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Write { caller, body, key, request_sha256 })
}

impl Write {
    /// Answers, and keeps the answer in the transaction of the effect. When the same key was answered meanwhile nothing may be committed:
    /// [`Error::Conflict`], and the caller who asks again gets the other's answer.
    pub async fn answer(&self, tx: &mut Tx, status: StatusCode, body: &impl Serialize, now: Millis) -> Result<Response, Error> {
        let body = serde_json::to_string(body).map_err(|error| Error::Inside(error.into()))?;
        let answer = StoredAnswer { request_sha256: self.request_sha256.clone(), status: i64::from(status.as_u16()), body };
        if !store::keep_answer(tx, self.caller, &self.key, &answer, now).await? {
            return Err(Error::Conflict("the same request was answered meanwhile: send it again for the answer"));
        }
        Ok(answer.into_response())
    }
}

impl IntoResponse for StoredAnswer {
    fn into_response(self) -> Response {
        let status = u16::try_from(self.status).ok().and_then(|status| StatusCode::from_u16(status).ok());
        (status.unwrap_or(StatusCode::OK), [(CONTENT_TYPE, "application/json")], self.body).into_response()
    }
}
