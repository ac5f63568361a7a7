//! What a request says, read with errors that name the place and never the value.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::{Error, Server};
use crate::platform::clock::Millis;

/// The key in a path. What is no key names nothing: 404.
#[derive(Clone, Copy, Debug)]
pub struct Key<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Server> for Key<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Key<T>, Error> {
        let path = Path::<T>::from_request_parts(parts, server).await;
        path.map(|Path(key)| Key(key)).map_err(|_| Error::NotFound)
    }
}

/// The parameters of a query: a struct of `Option<String>`s that denies unknown fields, so that a misspelt filter is not a missing one.
#[derive(Clone, Copy, Debug)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Server> for Params<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Params<T>, Error> {
        let query = Query::<T>::from_request_parts(parts, server).await;
        let unknown = |_| Error::fault("query", "a parameter that is not known here, or one that is there twice");
        query.map(|Query(params)| Params(params)).map_err(unknown)
    }
}

/// Reads a body of JSON; a fault names its path.
pub fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        Error::fault(&path, words(error.inner()))
    })?;
    reader.end().map_err(|error| Error::fault(".", words(&error)))?;
    Ok(value)
}

/// The reader's words about a fault hold values, but for those about fields.
fn words(error: &serde_json::Error) -> String {
    let words = error.to_string();
    match error.classify() {
        serde_json::error::Category::Data if words.starts_with("missing field") || words.starts_with("unknown field") => {
            words.split([',', ' ']).take(3).collect::<Vec<_>>().join(" ")
        }
        serde_json::error::Category::Data => "not a value that this field takes".to_owned(),
        _ => format!("not JSON: line {}, character {}", error.line(), error.column()),
    }
}

/// An instant as the interface tells it: RFC 3339, UTC.
#[must_use]
pub fn instant(at: Millis) -> String {
    at.zoned(&jiff::tz::TimeZone::UTC).timestamp().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        to: Option<String>,
        who: Who,
    }

    #[derive(Debug, serde::Deserialize)]
    struct Who {
        name: String,
    }

    fn fault(body: &str) -> (String, String) {
        let Err(Error::BadRequest(mut faults)) = json::<Body>(body.as_bytes()) else { panic!("{body} was read") };
        let fault = faults.remove(0);
        (fault.path, fault.message)
    }

    #[test]
    fn a_fault_of_a_body_has_its_path_and_not_its_value() {
        let told = |path: &str, message: &str| (path.to_owned(), message.to_owned());
        assert_eq!(fault(r#"{"who": {"name": 77, "x": 1}}"#), told("who.name", "not a value that this field takes"));
        assert_eq!(fault(r#"{"who": {}}"#), told("who", "missing field `name`"));
        assert_eq!(fault(r#"{"too": 1}"#), told("too", "unknown field `too`"));
        assert_eq!(fault("{").1, "not JSON: line 1, character 1");
        assert_eq!(fault(r#"{"who": {"name": "a"}} x"#).1, "not JSON: line 1, character 24");
        let read: Body = json(br#"{"who": {"name": "a"}}"#).unwrap();
        assert_eq!((read.to, read.who.name.as_str()), (None, "a"));
    }

    #[test]
    fn an_instant_is_told_in_utc() {
        assert_eq!(instant(Millis(1_763_000_000_123)), "2025-11-13T02:13:20.123Z");
    }
}
