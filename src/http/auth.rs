//! Whose request it is: the practice of its token.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use super::{Error, Server};
use crate::platform::audit::Actor;
use crate::platform::ids::{ApiKeyId, PracticeId};
use crate::practice::api_key;

/// A program with a valid token. A handler that takes one works on this practice and on no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The key.
    pub key: ApiKeyId,
    /// Whose key.
    pub practice: PracticeId,
}

impl Caller {
    /// The caller, for events.
    #[must_use]
    pub fn actor(self) -> Actor {
        Actor::Key(self.key)
    }
}

/// From `Authorization: Bearer TOKEN`. The token is looked up by its hash, so that the time it takes tells nothing of any other.
impl FromRequestParts<Server> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Caller, Error> {
        let token = parts.headers.get(AUTHORIZATION).and_then(|value| bearer(value.to_str().ok()?)).ok_or(Error::Unauthorized)?;
        let (key, practice) = api_key::authenticate(&mut &server.db, token).await?.ok_or(Error::Unauthorized)?;
        Ok(Caller { key, practice })
    }
}

/// The token of an `Authorization` header; the scheme's name has no case (RFC 9110, 11.1).
fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_stands_after_the_word_bearer_in_any_case() {
        assert_eq!(bearer("Bearer abc"), Some("abc"));
        assert_eq!(bearer("bearer  abc "), Some("abc"));
        for other in ["abc", "Basic abc", "Bearer", ""] {
            assert_eq!(bearer(other), None, "{other}");
        }
    }
}
