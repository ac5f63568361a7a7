//! What happens around every request: an id, a span without PHI, the check of the host, headers, and the face of what went wrong.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Span;

use super::{Error, Reach, Server};

/// Where the caller finds the id of its request.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Headers by which proxies say that they are between.
const PROXY_HEADERS: [&str; 3] = ["forwarded", "x-forwarded-for", "x-forwarded-host"];

/// Nothing may be loaded but our own style sheet: no script, no frame, no form, no other place.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The name of one request, in the log and in the answer.
#[derive(Clone, Debug)]
struct RequestId(String);

/// Names a request. A name that the caller sends is not taken: it could hold anything.
pub(super) fn identify(mut request: Request) -> Request {
    request.extensions_mut().insert(RequestId(ulid::Ulid::generate().to_string()));
    request
}

fn id_of(request: &Request) -> String {
    request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}

/// The span of a request: its id, its method, and the template of its path, which holds no key of a record.
pub(super) fn span(request: &Request) -> Span {
    let route = request.extensions().get::<MatchedPath>().map_or("(none)", MatchedPath::as_str);
    tracing::info_span!("request", id = id_of(request), method = %request.method(), route)
}

/// One line an answer.
pub(super) fn log_answer(response: &Response, latency: Duration, _: &Span) {
    let millis = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(status = response.status().as_u16(), millis, "answered");
}

/// Gives an error the face that the caller understands, and every answer its id and the headers that keep PHI where it is.
pub(super) async fn give_a_face(request: Request, next: Next) -> Response {
    let id = id_of(&request);
    let is_page = crate::web::is_page(request.uri().path());
    let mut response = next.run(request).await;
    if let Some(error) = response.extensions_mut().remove::<Arc<Error>>() {
        error.log();
        let (status, _) = error.kind();
        let face = if is_page { crate::web::error_page(&error, &id) } else { Json(error.outside(&id)).into_response() };
        let headers = std::mem::take(response.headers_mut());
        response = (status, headers, face).into_response();
    }
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Lets only this machine's own programs in where the server is theirs alone.
pub(super) async fn refuse_other_hosts(State(server): State<Server>, request: Request, next: Next) -> Response {
    if server.reach == Reach::ThisMachine && !is_of_this_machine(request.headers()) {
        return Error::Forbidden("this server answers programs of its own machine only").into_response();
    }
    next.run(request).await
}

/// Whether a request names this machine and came by no proxy. A page of the web whose name was made to point here (DNS rebinding) sends
/// its own name; a proxy in front of us would let in whom it likes.
fn is_of_this_machine(headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    let proxied = PROXY_HEADERS.iter().any(|name| headers.contains_key(*name));
    !proxied && (name.eq_ignore_ascii_case("localhost") || matches!(name, "127.0.0.1" | "[::1]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(name: &str) -> HeaderMap {
        HeaderMap::from_iter([(HOST, HeaderValue::from_str(name).unwrap())])
    }

    #[test]
    fn this_machine_goes_by_three_names_and_any_port() {
        for name in ["localhost", "LOCALHOST:8737", "127.0.0.1:8737", "127.0.0.1", "[::1]:8737", "[::1]"] {
            assert!(is_of_this_machine(&host(name)), "{name}");
        }
        for name in ["evil.example", "evil.example:8737", "localhost.evil.example", "127.0.0.1.evil.example", "", ":8737", "[::2]:80"] {
            assert!(!is_of_this_machine(&host(name)), "{name}");
        }
        assert!(!is_of_this_machine(&HeaderMap::new()));
    }

    #[test]
    fn a_proxy_in_front_is_noticed() {
        let mut headers = host("127.0.0.1:8737");
        headers.insert("x-forwarded-for", HeaderValue::from_static("203.0.113.9"));
        assert!(!is_of_this_machine(&headers));
    }
}
