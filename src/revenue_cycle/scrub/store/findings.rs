//! Findings as they are kept.

use serde::Serialize;

use super::super::catalog::VERSION;
use super::super::model::Finding;
use crate::platform::clock::Millis;
use crate::platform::database::{Args, Bulk, Column, DbError, Queries, Tx};
use crate::platform::ids::{ClaimId, PracticeId};
use crate::{args, statements};

statements! {
    CLEAR = "DELETE FROM finding WHERE practice_id = $1 AND claim_id = $2";
    OF_CLAIM = "SELECT f.edit, f.edit_version, f.severity, f.path, f.message, f.found, f.expected, f.suggestion, o.reason AS overridden,
        f.catalog_version FROM finding f
        LEFT JOIN finding_override o ON o.practice_id = f.practice_id AND o.claim_id = f.claim_id AND o.edit = f.edit
        WHERE f.practice_id = $1 AND f.claim_id = $2 ORDER BY f.edit, f.path, f.id";
    COUNTS = "SELECT f.edit, f.severity, COUNT(DISTINCT f.claim_id) AS claims FROM finding f JOIN claim c ON c.practice_id = f.practice_id AND c.id = f.claim_id
        WHERE f.practice_id = $1 AND c.state IN ('scrub_failed', 'held') GROUP BY f.edit, f.severity ORDER BY f.edit, f.severity";
}

static ROWS: Bulk = Bulk {
    table: "finding",
    columns: &[
        ("practice_id", Column::Int),
        ("id", Column::Int),
        ("claim_id", Column::Int),
        ("edit", Column::Text),
        ("edit_version", Column::Int),
        ("severity", Column::Text),
        ("path", Column::Text),
        ("message", Column::Text),
        ("found", Column::Text),
        ("expected", Column::Text),
        ("suggestion", Column::Text),
        ("catalog_version", Column::Text),
        ("found_ms", Column::Int),
    ],
    on_conflict: "",
};

/// A finding as stored.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct FindingRow {
    /// The edit.
    pub edit: String,
    /// Its version.
    pub edit_version: i64,
    /// `error`, `warning`, `note`.
    pub severity: String,
    /// The element and the record behind it.
    pub path: String,
    /// What to do.
    pub message: String,
    /// The value that stands there, where one value is at fault.
    pub found: Option<String>,
    /// The value that would be right, where only one would.
    pub expected: Option<String>,
    /// The one right correction, as an instruction.
    pub suggestion: Option<String>,
    /// Why a person overrode it, where one did.
    pub overridden: Option<String>,
    /// Version of the catalog that found it.
    pub catalog_version: String,
}

/// How many claims an edit keeps back.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct HeldBy {
    /// The edit.
    pub edit: String,
    /// `error` or `warning`.
    pub severity: String,
    /// How many claims.
    pub claims: i64,
}

/// Puts the findings of a fresh scrub in the place of the earlier ones.
pub async fn replace(tx: &mut Tx, practice: PracticeId, results: &[(ClaimId, Vec<Finding>)], now: Millis) -> Result<(), DbError> {
    let mut rows: Vec<Args> = Vec::new();
    for (claim, findings) in results {
        tx.execute(&CLEAR, args![practice, *claim]).await?;
        for f in findings {
            let id: i64 = tx.new_key()?;
            rows.push(args![
                practice,
                id,
                *claim,
                &f.edit,
                f.version,
                f.severity.code(),
                &f.path,
                &f.message,
                f.found.clone(),
                f.expected.clone(),
                f.suggestion.as_ref().map(ToString::to_string),
                VERSION,
                now
            ]);
        }
    }
    tx.insert_all(&ROWS, &rows).await.map(drop)
}

/// What was found on a claim.
pub async fn of_claim(db: &mut impl Queries, practice: PracticeId, claim: ClaimId) -> Result<Vec<FindingRow>, DbError> {
    db.all(&OF_CLAIM, args![practice, claim]).await
}

/// Which edits keep claims back, with how many claims each.
pub async fn held_by(db: &mut impl Queries, practice: PracticeId) -> Result<Vec<HeldBy>, DbError> {
    db.all(&COUNTS, args![practice]).await
}
