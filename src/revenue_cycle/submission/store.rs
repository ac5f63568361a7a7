//! Interchanges and batches in the database.

use serde::Serialize;

use crate::platform::clock::Millis;
use crate::platform::database::{DbError, Queries, Tx};
use crate::platform::ids::{BatchId, ClaimId, InterchangeId, PayerId, PracticeId, SubmitterId};
use crate::platform::money::Money;
use crate::{args, statements};

statements! {
    NEXT_NUMBER = "INSERT INTO control_number (submitter_id, kind, last_number) VALUES ($1, $2, 1)
        ON CONFLICT (submitter_id, kind) DO UPDATE SET last_number = control_number.last_number + 1 RETURNING last_number";
    READY = "SELECT c.id, c.payer_id FROM claim c JOIN payer p ON p.practice_id = c.practice_id AND p.id = c.payer_id
        WHERE c.practice_id = $1 AND c.state = 'ready' AND p.submitter_id = $2 ORDER BY c.service_date, c.id LIMIT $3";
    INSERT_INTERCHANGE = "INSERT INTO interchange (id, submitter_id, isa13, gs06, file_name, archive_id, read_back, state, created_ms)
        VALUES ($1, $2, $3, $4, $5, $6, '', 'written', $7)";
    INSERT_BATCH = "INSERT INTO batch (practice_id, id, interchange_id, payer_id, set_number, reference, claim_count, charge_cents, created_ms)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    INTERCHANGE = "SELECT id, submitter_id, isa13, gs06, file_name, archive_id, read_back, state FROM interchange WHERE id = $1";
    BY_CONTROL = "SELECT id, submitter_id, isa13, gs06, file_name, archive_id, read_back, state FROM interchange WHERE submitter_id = $1 AND isa13 = $2";
    BY_GROUP = "SELECT id, submitter_id, isa13, gs06, file_name, archive_id, read_back, state FROM interchange WHERE submitter_id = $1 AND gs06 = $2";
    INTERCHANGES = "SELECT id, submitter_id, isa13, gs06, file_name, archive_id, read_back, state FROM interchange ORDER BY created_ms DESC, id DESC LIMIT $1";
    MARK = "UPDATE interchange SET state = $3 WHERE id = $1 AND state = $2";
    MARK_CHECKED = "UPDATE interchange SET state = $2, read_back = $3 WHERE id = $1 AND state = 'written'";
    MARK_SENT = "UPDATE interchange SET state = 'sent', sent_ms = $2 WHERE id = $1 AND state = 'staged'";
    MARK_REJECTED = "UPDATE interchange SET state = 'rejected' WHERE id = $1 AND state IN ('staged', 'sent')";
    BATCHES_OF = "SELECT practice_id, id, interchange_id, payer_id, set_number, reference, claim_count, charge_cents FROM batch
        WHERE interchange_id = $1 ORDER BY set_number";
    BATCH_BY_REFERENCE = "SELECT practice_id, id, interchange_id, payer_id, set_number, reference, claim_count, charge_cents FROM batch WHERE reference = $1";
    BATCH_CLAIMS = "SELECT b.claim_id, c.pcn FROM batch_claim b JOIN claim c ON c.practice_id = b.practice_id AND c.id = b.claim_id
        WHERE b.practice_id = $1 AND b.batch_id = $2 ORDER BY b.position";
    CLAIM_BATCHES = "SELECT i.file_name, i.isa13, i.state, i.created_ms, b.reference, bc.first_segment FROM batch_claim bc
        JOIN batch b ON b.practice_id = bc.practice_id AND b.id = bc.batch_id JOIN interchange i ON i.id = b.interchange_id
        WHERE bc.practice_id = $1 AND bc.claim_id = $2 ORDER BY i.created_ms, i.id";
    FIND_SUBMITTER = "SELECT id FROM submitter WHERE sender_id = $1 AND receiver_id = $2";
}

pub(super) static BATCH_CLAIM_ROWS: crate::platform::database::Bulk = crate::platform::database::Bulk {
    table: "batch_claim",
    columns: &[
        ("practice_id", crate::platform::database::Column::Int),
        ("batch_id", crate::platform::database::Column::Int),
        ("claim_id", crate::platform::database::Column::Int),
        ("position", crate::platform::database::Column::Int),
        ("first_segment", crate::platform::database::Column::Int),
        ("snapshot", crate::platform::database::Column::Text),
    ],
    on_conflict: "",
};

/// An interchange that we wrote.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct Interchange {
    /// Key.
    pub id: InterchangeId,
    /// By which connection it goes.
    pub submitter_id: SubmitterId,
    /// ISA13.
    pub isa13: i64,
    /// GS06.
    pub gs06: i64,
    /// Its name at the partner.
    pub file_name: String,
    /// Where its bytes are.
    #[serde(skip)]
    pub archive_id: i64,
    /// What the second reader said: `same`, or the constructs that its grammar can't hold.
    pub read_back: String,
    /// `written`, `checked`, `staged`, `sent`, `refused`, `rejected`.
    pub state: String,
}

/// One transaction set of an interchange.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct Batch {
    /// Whose.
    pub practice_id: PracticeId,
    /// Key.
    pub id: BatchId,
    /// In which interchange.
    pub interchange_id: InterchangeId,
    /// Whom it asks.
    pub payer_id: PayerId,
    /// ST02.
    pub set_number: String,
    /// BHT03.
    pub reference: String,
    /// Claims in it.
    pub claim_count: i64,
    /// What they ask together.
    pub charge_cents: Money,
}

/// Where a claim was sent.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct BatchClaim {
    /// The file.
    pub file_name: String,
    /// ISA13.
    pub isa13: i64,
    /// State of the interchange.
    pub state: String,
    /// When the interchange was written.
    #[serde(skip)]
    pub created_ms: Millis,
    /// BHT03.
    pub reference: String,
    /// Number of the claim's first segment in the file.
    pub first_segment: i64,
}

/// Takes the next number of a kind (`isa`, `gs`) for a submitter.
pub(super) async fn next_number(tx: &mut Tx, submitter: SubmitterId, kind: &str) -> Result<u32, DbError> {
    let (number,): (i64,) = tx.one(&NEXT_NUMBER, args![submitter, kind]).await?;
    // After 999,999,999 a partner and its submitter must agree on how to go on: refuse rather than reuse (domain.md 1.1).
    u32::try_from(number).ok().filter(|n| *n <= 999_999_999).ok_or(DbError::Corrupt("control number"))
}

/// Ready claims that go by a submitter, oldest service first: claim and payer.
pub(super) async fn ready(
    tx: &mut Tx,
    practice: PracticeId,
    submitter: SubmitterId,
    limit: usize,
) -> Result<Vec<(ClaimId, PayerId)>, DbError> {
    tx.all(&READY, args![practice, submitter, limit as i64]).await
}

/// Stores an interchange as written.
pub(super) async fn insert_interchange(tx: &mut Tx, interchange: &Interchange, now: Millis) -> Result<(), DbError> {
    let i = interchange;
    tx.execute(&INSERT_INTERCHANGE, args![i.id, i.submitter_id, i.isa13, i.gs06, &i.file_name, i.archive_id, now]).await.map(drop)
}

/// Stores a batch.
pub(super) async fn insert_batch(tx: &mut Tx, batch: &Batch, now: Millis) -> Result<(), DbError> {
    let b = batch;
    let values = args![b.practice_id, b.id, b.interchange_id, b.payer_id, &b.set_number, &b.reference, b.claim_count, b.charge_cents, now];
    tx.execute(&INSERT_BATCH, values).await.map(drop)
}

/// Moves an interchange from one state to the next; false when it is no longer in the first.
pub(super) async fn mark(tx: &mut Tx, id: InterchangeId, from: &str, to: &str) -> Result<bool, DbError> {
    Ok(tx.execute(&MARK, args![id, from, to]).await? == 1)
}

/// Notes what the second reader said.
pub(super) async fn mark_checked(tx: &mut Tx, id: InterchangeId, state: &str, read_back: &str) -> Result<bool, DbError> {
    Ok(tx.execute(&MARK_CHECKED, args![id, state, read_back]).await? == 1)
}

/// Notes that it was handed over.
pub(super) async fn mark_sent(tx: &mut Tx, id: InterchangeId, now: Millis) -> Result<bool, DbError> {
    Ok(tx.execute(&MARK_SENT, args![id, now]).await? == 1)
}

/// Notes that the partner rejected the whole interchange.
pub async fn mark_rejected(tx: &mut Tx, id: InterchangeId) -> Result<(), DbError> {
    tx.execute(&MARK_REJECTED, args![id]).await.map(drop)
}

/// One interchange.
pub async fn interchange(db: &mut impl Queries, id: InterchangeId) -> Result<Interchange, DbError> {
    db.one(&INTERCHANGE, args![id]).await
}

/// The interchange with an ISA13.
pub async fn interchange_by_control(db: &mut impl Queries, submitter: SubmitterId, isa13: i64) -> Result<Option<Interchange>, DbError> {
    db.optional(&BY_CONTROL, args![submitter, isa13]).await
}

/// The interchange whose group has a GS06.
pub async fn interchange_by_group(db: &mut impl Queries, submitter: SubmitterId, gs06: i64) -> Result<Option<Interchange>, DbError> {
    db.optional(&BY_GROUP, args![submitter, gs06]).await
}

/// The newest interchanges.
pub async fn interchanges(db: &mut impl Queries, limit: u32) -> Result<Vec<Interchange>, DbError> {
    db.all(&INTERCHANGES, args![limit]).await
}

/// The batches of an interchange, in order.
pub async fn batches_of(db: &mut impl Queries, id: InterchangeId) -> Result<Vec<Batch>, DbError> {
    db.all(&BATCHES_OF, args![id]).await
}

/// The batch with a BHT03.
pub async fn batch_by_reference(db: &mut impl Queries, reference: &str) -> Result<Option<Batch>, DbError> {
    db.optional(&BATCH_BY_REFERENCE, args![reference]).await
}

/// Claims of a batch with their numbers, in order.
pub async fn batch_claims(db: &mut impl Queries, practice: PracticeId, batch: BatchId) -> Result<Vec<(ClaimId, String)>, DbError> {
    db.all(&BATCH_CLAIMS, args![practice, batch]).await
}

/// Where a claim was sent, oldest first.
pub async fn claim_batches(db: &mut impl Queries, practice: PracticeId, claim: ClaimId) -> Result<Vec<BatchClaim>, DbError> {
    db.all(&CLAIM_BATCHES, args![practice, claim]).await
}

/// Whose connection a file belongs to: the sender of our files is the receiver of theirs.
pub async fn find_submitter(db: &mut impl Queries, our_id: &str, their_id: &str) -> Result<Option<SubmitterId>, DbError> {
    Ok(db.optional::<(SubmitterId,)>(&FIND_SUBMITTER, args![our_id, their_id]).await?.map(|r| r.0))
}
