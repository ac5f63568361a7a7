//! Answers that were given to writes.

use crate::platform::clock::Millis;
use crate::platform::database::{DbError, Queries, Tx};
use crate::{args, statements};

use super::auth::Caller;

statements! {
    ANSWER = "SELECT request_sha256, status, body FROM idempotency WHERE practice_id = $1 AND api_key_id = $2 AND idempotency_key = $3";
    KEEP_ANSWER = "INSERT INTO idempotency (practice_id, api_key_id, idempotency_key, request_sha256, status, body, at_ms)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (practice_id, api_key_id, idempotency_key) DO NOTHING";
}

/// An answer that was given.
#[derive(Clone, Debug)]
pub(super) struct StoredAnswer {
    /// Hash of the request that it answers.
    pub request_sha256: String,
    /// Its status.
    pub status: i64,
    /// Its JSON.
    pub body: String,
}

/// The answer that was given to a key of a caller.
pub(super) async fn answer(db: &mut impl Queries, caller: Caller, key: &str) -> Result<Option<StoredAnswer>, DbError> {
    let row: Option<(String, i64, String)> = db.optional(&ANSWER, args![caller.practice, caller.key, key]).await?;
    Ok(row.map(|(request_sha256, status, body)| StoredAnswer { request_sha256, status, body }))
}

/// Keeps an answer; false when the key has one already.
pub(super) async fn keep_answer(tx: &mut Tx, caller: Caller, key: &str, answer: &StoredAnswer, now: Millis) -> Result<bool, DbError> {
    let values = args![caller.practice, caller.key, key, &answer.request_sha256, answer.status, &answer.body, now];
    Ok(tx.execute(&KEEP_ANSWER, values).await? == 1)
}
