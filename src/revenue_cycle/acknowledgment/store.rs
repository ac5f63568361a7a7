//! Acknowledgments in the database.

use serde::Serialize;

use super::plan::ClaimNews;
use crate::platform::clock::{Day, Millis};
use crate::platform::database::{Args, Bulk, Column, DbError, Queries, Tx};
use crate::platform::ids::{ClaimId, InboundFileId, PracticeId};
use crate::{args, statements};

statements! {
    OF_CLAIM = "SELECT a.kind, a.code, a.outcome, a.icn, a.effective_date, a.segment, f.file_name, f.received_ms FROM acknowledgment a
        JOIN inbound_file f ON f.id = a.inbound_file_id WHERE a.practice_id = $1 AND a.claim_id = $2 ORDER BY f.received_ms, f.id, a.segment, a.id";
}

static ROWS: Bulk = Bulk {
    table: "acknowledgment",
    columns: &[
        ("practice_id", Column::Int),
        ("id", Column::Int),
        ("inbound_file_id", Column::Int),
        ("segment", Column::Int),
        ("kind", Column::Text),
        ("claim_id", Column::Int),
        ("batch_id", Column::Int),
        ("code", Column::Text),
        ("outcome", Column::Text),
        ("icn", Column::Text),
        ("effective_date", Column::Text),
    ],
    on_conflict: "",
};

/// What an acknowledgment said about a claim.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct AcknowledgmentRow {
    /// `TA1`, `999`, `277CA`.
    pub kind: String,
    /// The partner's code.
    pub code: String,
    /// The event that followed.
    pub outcome: String,
    /// The payer's number.
    pub icn: Option<String>,
    /// Date of the status.
    pub effective_date: Option<Day>,
    /// Segment in the file.
    pub segment: i64,
    /// The file.
    pub file_name: String,
    /// When the file was received.
    #[serde(skip)]
    pub received_ms: Millis,
}

/// Keeps what was said about claims.
pub(super) async fn insert(tx: &mut Tx, file: InboundFileId, kind: &str, news: &[ClaimNews]) -> Result<(), DbError> {
    let mut rows: Vec<Args> = Vec::with_capacity(news.len());
    for n in news {
        let id: i64 = tx.new_key()?;
        rows.push(args![n.practice, id, file, n.segment, kind, n.claim, n.batch, &n.code, n.event.code(), n.icn.clone(), n.date]);
    }
    tx.insert_all(&ROWS, &rows).await.map(drop)
}

/// What was said about one claim, oldest first.
pub async fn of_claim(db: &mut impl Queries, practice: PracticeId, claim: ClaimId) -> Result<Vec<AcknowledgmentRow>, DbError> {
    db.all(&OF_CLAIM, args![practice, claim]).await
}
