//! Keys of the HTTP interface. The token is shown once, when it is made; the database keeps its SHA-256 alone, so that who reads the
//! database can't call the interface. A token has 256 random bits: a plain hash is enough, there is nothing to guess.

use std::fmt::{self, Write as _};
use std::io::Read;

use sha2::{Digest, Sha256};

use crate::platform::audit::{Actor, Event};
use crate::platform::clock::Millis;
use crate::platform::database::{DbError, Queries, Tx};
use crate::platform::ids::{ApiKeyId, PracticeId};
use crate::practice::store;

/// What every token begins with, so that scanners for leaked secrets know ours.
const PREFIX: &str = "pediclaim_";

/// A token in clear: to be shown once. `Debug` masks it.
pub struct Token(String);

impl Token {
    /// The text that a caller sends as `Authorization: Bearer …`.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// A key could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ApiKeyError {
    /// The database refused.
    #[error(transparent)]
    Database(#[from] DbError),
    /// The system gave no random bytes.
    #[error("no random bytes for a token: {0}")]
    Random(#[from] std::io::Error),
}

/// A key as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Key of the record.
    pub id: ApiKeyId,
    /// What it is for.
    pub label: String,
    /// Whether it still opens anything.
    pub active: bool,
    /// When it was made.
    pub created: Millis,
}

/// Makes a key for a practice; gives its token, which is nowhere else.
pub async fn create(tx: &mut Tx, practice: PracticeId, label: &str, actor: Actor, now: Millis) -> Result<(ApiKeyId, Token), ApiKeyError> {
    let mut random = [0_u8; 32];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut random)?;
    let token = Token(format!("{PREFIX}{}", hex(&random)));
    let id: ApiKeyId = tx.new_key()?;
    store::insert_api_key(tx, practice, id, label, &fingerprint(token.reveal()), now).await?;
    tx.record(event(practice, id, "api_key.created", (None, "active"), actor, now));
    Ok((id, token))
}

/// Whose key a token is; none when it is nobody's or was revoked.
pub async fn authenticate(db: &mut impl Queries, token: &str) -> Result<Option<(ApiKeyId, PracticeId)>, DbError> {
    if !token.starts_with(PREFIX) {
        return Ok(None);
    }
    store::active_api_key(db, &fingerprint(token)).await
}

/// Takes a key out of use; false when the practice has no such key in use.
pub async fn revoke(tx: &mut Tx, practice: PracticeId, id: ApiKeyId, actor: Actor, now: Millis) -> Result<bool, DbError> {
    let revoked = store::revoke_api_key(tx, practice, id).await?;
    if revoked {
        tx.record(event(practice, id, "api_key.revoked", (Some("active"), "revoked"), actor, now));
    }
    Ok(revoked)
}

/// The keys of a practice, the oldest first.
pub async fn list(db: &mut impl Queries, practice: PracticeId) -> Result<Vec<ApiKey>, DbError> {
    store::api_keys(db, practice).await
}

fn event(practice: PracticeId, id: ApiKeyId, event: &'static str, (from, to): (Option<&str>, &str), actor: Actor, at: Millis) -> Event {
    let (from, to) = (from.map(str::to_owned), Some(to.to_owned()));
    Event { practice, at, actor, subject_kind: "api_key", subject_id: id.0, event, from, to, detail: None }
}

fn fingerprint(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_prints_as_a_mask() {
        assert_eq!(format!("{:?}", Token("pediclaim_00ff".to_owned())), "Token(…)");
    }

    #[test]
    fn a_fingerprint_is_the_sha_256_of_the_token() {
        assert_eq!(fingerprint("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
