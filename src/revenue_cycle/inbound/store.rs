//! Inbound files in the database.

use serde::Serialize;

use crate::platform::archive::{self, Packed};
use crate::platform::clock::Millis;
use crate::platform::database::{DbError, Queries, Tx};
use crate::platform::ids::{InboundFileId, SubmitterId};
use crate::{args, statements};

statements! {
    BY_HASH = "SELECT id FROM inbound_file WHERE sha256 = $1";
    INSERT = "INSERT INTO inbound_file (id, submitter_id, file_name, sha256, archive_id, kind, state, received_ms, times_received)
        VALUES ($1, $2, $3, $4, $5, '', 'received', $6, 1)";
    COUNT_RECEIPT = "UPDATE inbound_file SET times_received = times_received + 1 WHERE id = $1";
    FILE = "SELECT id, submitter_id, file_name, sha256, archive_id, kind, state, error, received_ms, times_received FROM inbound_file WHERE id = $1";
    LIST = "SELECT id, submitter_id, file_name, sha256, archive_id, kind, state, error, received_ms, times_received FROM inbound_file
        WHERE ($1 IS NULL OR state = $1) ORDER BY received_ms DESC, id DESC LIMIT $2";
    FINISH = "UPDATE inbound_file SET state = $2, kind = $3, error = $4 WHERE id = $1 AND state = 'received'";
}

/// One file that arrived.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct InboundFile {
    /// Key.
    pub id: InboundFileId,
    /// Whose connection it came by; none when a person brought it.
    pub submitter_id: Option<SubmitterId>,
    /// Name as it came.
    pub file_name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Where its bytes are.
    #[serde(skip)]
    pub archive_id: i64,
    /// Kinds of the transactions in it, comma-separated.
    pub kind: String,
    /// `received`, `processed` or `unreadable`.
    pub state: String,
    /// What is wrong with it and where.
    pub error: Option<String>,
    /// When it came first.
    #[serde(skip)]
    pub received_ms: Millis,
    /// How often it came.
    pub times_received: i64,
}

/// What receiving a file did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// The bytes were new: read them.
    New(InboundFileId),
    /// The same bytes had been received before: nothing to do.
    Known(InboundFileId),
}

/// Archives a file unless its bytes are known.
pub async fn receive(tx: &mut Tx, submitter: Option<SubmitterId>, name: &str, packed: Packed, now: Millis) -> Result<Receipt, DbError> {
    if let Some((id,)) = tx.optional::<(InboundFileId,)>(&BY_HASH, args![&packed.sha256]).await? {
        tx.execute_one(&COUNT_RECEIPT, args![id]).await?;
        return Ok(Receipt::Known(id));
    }
    let sha256 = packed.sha256.clone();
    let archive_id = archive::store(tx, packed, now).await?;
    let id: InboundFileId = tx.new_key()?;
    tx.execute(&INSERT, args![id, submitter, name, sha256, archive_id, now]).await?;
    Ok(Receipt::New(id))
}

/// One file.
pub async fn file(db: &mut impl Queries, id: InboundFileId) -> Result<InboundFile, DbError> {
    db.one(&FILE, args![id]).await
}

/// The newest files, of one state or of all.
pub async fn list(db: &mut impl Queries, state: Option<&str>, limit: u32) -> Result<Vec<InboundFile>, DbError> {
    db.all(&LIST, args![state, limit]).await
}

/// Ends the reading of a file; nothing happens when it has ended before.
pub(super) async fn finish(tx: &mut Tx, id: InboundFileId, state: &str, kind: &str, error: Option<&str>) -> Result<(), DbError> {
    tx.execute(&FINISH, args![id, state, kind, error]).await.map(drop)
}
