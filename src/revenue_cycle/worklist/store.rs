//! Work items and deadlines in the database.

use jiff::civil::Date;
use serde::Serialize;

use super::deadline::DeadlineKind;
use super::model::{ItemFilter, NewItem};
use crate::platform::audit::{Actor, Event};
use crate::platform::clock::Millis;
use crate::platform::database::{Day, DbError, Queries, Tx};
use crate::platform::ids::{ClaimId, PracticeId, WorkItemId};
use crate::{args, statements};

statements! {
    RAISE = "INSERT INTO work_item (practice_id, id, stage, reason, subject_kind, subject_id, unique_key, message, state, due_date, created_ms)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10) ON CONFLICT (practice_id, unique_key) WHERE state = 'open' DO NOTHING";
    LIST = "SELECT practice_id, id, stage, reason, subject_kind, subject_id, message, state, assigned_to, due_date, created_ms, resolution
        FROM work_item WHERE practice_id = $1 AND state = $2 AND ($3 IS NULL OR stage = $3) AND ($4 IS NULL OR reason = $4)
        AND ($5 IS NULL OR assigned_to = $5) ORDER BY CASE WHEN due_date IS NULL THEN '9999' ELSE due_date END, created_ms, id LIMIT $6";
    ITEM = "SELECT practice_id, id, stage, reason, subject_kind, subject_id, message, state, assigned_to, due_date, created_ms, resolution
        FROM work_item WHERE practice_id = $1 AND id = $2";
    COUNT_OPEN = "SELECT stage, reason, COUNT(*) FROM work_item WHERE practice_id = $1 AND state = 'open' GROUP BY stage, reason ORDER BY stage, reason";
    ASSIGN = "UPDATE work_item SET assigned_to = $3 WHERE practice_id = $1 AND id = $2 AND state = 'open'";
    RESOLVE = "UPDATE work_item SET state = 'resolved', ended_ms = $3, resolution = $4 WHERE practice_id = $1 AND id = $2 AND state = 'open'";
    RESOLVE_SUBJECT = "UPDATE work_item SET state = 'resolved', ended_ms = $5, resolution = $6
        WHERE practice_id = $1 AND stage = $2 AND subject_kind = $3 AND subject_id = $4 AND state = 'open'";
    RESOLVE_OTHERS = {
        sqlite: "UPDATE work_item SET state = 'resolved', ended_ms = $6, resolution = $7 WHERE practice_id = $1 AND stage = $2
            AND subject_kind = $3 AND subject_id = $4 AND state = 'open' AND reason NOT IN (SELECT value FROM json_each($5))",
        postgres: "UPDATE work_item SET state = 'resolved', ended_ms = $6, resolution = $7 WHERE practice_id = $1 AND stage = $2
            AND subject_kind = $3 AND subject_id = $4 AND state = 'open' AND reason <> ALL (SELECT jsonb_array_elements_text($5::jsonb))"
    };
    SET_DEADLINE = "INSERT INTO deadline (practice_id, kind, claim_id, due_date, next_alert_date, state) VALUES ($1, $2, $3, $4, $5, 'open')
        ON CONFLICT (practice_id, kind, claim_id) DO UPDATE SET due_date = excluded.due_date, next_alert_date = excluded.next_alert_date";
    CLOSE_DEADLINES = {
        sqlite: "UPDATE deadline SET state = 'met' WHERE practice_id = $1 AND kind = $2 AND +state = 'open' AND claim_id IN (SELECT value FROM json_each($3))",
        postgres: "UPDATE deadline SET state = 'met' WHERE practice_id = $1 AND kind = $2 AND state = 'open'
            AND claim_id = ANY (SELECT jsonb_array_elements_text($3::jsonb)::bigint)"
    };
    ALERTS_DUE = "SELECT claim_id, due_date FROM deadline WHERE practice_id = $1 AND kind = $2 AND state = 'open' AND next_alert_date <= $3
        ORDER BY next_alert_date, claim_id LIMIT $4";
    MOVE_ALERT = "UPDATE deadline SET next_alert_date = $4, state = $5 WHERE practice_id = $1 AND kind = $2 AND claim_id = $3 AND state = 'open'";
    DEADLINE_OF = "SELECT due_date FROM deadline WHERE practice_id = $1 AND kind = $2 AND claim_id = $3";
}

/// A work item as stored.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct WorkItem {
    /// Whose.
    pub practice_id: PracticeId,
    /// Key.
    pub id: WorkItemId,
    /// Stage that raised it.
    pub stage: String,
    /// Why, as a code.
    pub reason: String,
    /// Kind of record.
    pub subject_kind: String,
    /// Key of the record.
    #[serde(serialize_with = "as_text")]
    pub subject_id: i64,
    /// What to do.
    pub message: String,
    /// `open` or `resolved`.
    pub state: String,
    /// Who has it.
    pub assigned_to: Option<String>,
    /// By when.
    pub due_date: Option<Day>,
    /// Since when.
    pub created_ms: Millis,
    /// What was done about it.
    pub resolution: Option<String>,
}

fn as_text<S: serde::Serializer>(value: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// Raises an item; nothing happens while the same reason stands open for the same subject. Gives whether it is new.
pub async fn raise(tx: &mut Tx, item: NewItem, now: Millis) -> Result<bool, DbError> {
    let id: WorkItemId = tx.new_key()?;
    let key = format!("{}/{}/{}/{}", item.stage, item.reason, item.subject_kind, item.subject_id);
    let values =
        args![item.practice, id, item.stage, item.reason, item.subject_kind, item.subject_id, key, item.message, item.due_date, now];
    Ok(tx.execute(&RAISE, values).await? == 1)
}

/// Items by filter, the most urgent first.
pub async fn list(db: &mut impl Queries, practice: PracticeId, filter: &ItemFilter, limit: u32) -> Result<Vec<WorkItem>, DbError> {
    let state = if filter.resolved { "resolved" } else { "open" };
    db.all(&LIST, args![practice, state, filter.stage.clone(), filter.reason.clone(), filter.assigned_to.clone(), limit]).await
}

/// One item.
pub async fn item(db: &mut impl Queries, practice: PracticeId, id: WorkItemId) -> Result<Option<WorkItem>, DbError> {
    db.optional(&ITEM, args![practice, id]).await
}

/// Open items by stage and reason.
pub async fn count_open(db: &mut impl Queries, practice: PracticeId) -> Result<Vec<(String, String, i64)>, DbError> {
    db.all(&COUNT_OPEN, args![practice]).await
}

/// Gives an open item to a person, or to nobody.
pub async fn assign(tx: &mut Tx, practice: PracticeId, id: WorkItemId, to: Option<&str>, actor: Actor, now: Millis) -> Result<(), DbError> {
    tx.execute_one(&ASSIGN, args![practice, id, to]).await?;
    tx.record(event(practice, id, actor, now, "work_item.assigned", to.map(str::to_owned)));
    Ok(())
}

/// Ends an open item with what was done about it.
pub async fn resolve(
    tx: &mut Tx,
    practice: PracticeId,
    id: WorkItemId,
    resolution: &str,
    actor: Actor,
    now: Millis,
) -> Result<(), DbError> {
    tx.execute_one(&RESOLVE, args![practice, id, now, resolution]).await?;
    tx.record(event(practice, id, actor, now, "work_item.resolved", None));
    Ok(())
}

/// Ends what a stage raised about a record, because the reason has gone; gives how many.
pub async fn resolve_subject(
    tx: &mut Tx,
    practice: PracticeId,
    stage: &str,
    subject_kind: &str,
    subject_id: i64,
    resolution: &str,
    now: Millis,
) -> Result<u64, DbError> {
    tx.execute(&RESOLVE_SUBJECT, args![practice, stage, subject_kind, subject_id, now, resolution]).await
}

/// Ends what a stage raised about a record for reasons that are not among these any more; what stays keeps its person and its age.
pub async fn resolve_others(
    tx: &mut Tx,
    practice: PracticeId,
    stage: &str,
    (subject_kind, subject_id): (&str, i64),
    reasons: &[&str],
    resolution: &str,
    now: Millis,
) -> Result<u64, DbError> {
    let reasons = serde_json::Value::from(reasons.to_vec()).to_string();
    tx.execute(&RESOLVE_OTHERS, args![practice, stage, subject_kind, subject_id, reasons, now, resolution]).await
}

fn event(practice: PracticeId, id: WorkItemId, actor: Actor, at: Millis, event: &'static str, detail: Option<String>) -> Event {
    Event { practice, at, actor, subject_kind: "work_item", subject_id: id.0, event, from: None, to: None, detail }
}

/// Sets or moves a deadline of a claim.
pub async fn set_deadline(
    tx: &mut Tx,
    practice: PracticeId,
    kind: DeadlineKind,
    claim: ClaimId,
    due: Date,
    next_alert: Date,
) -> Result<(), DbError> {
    tx.execute(&SET_DEADLINE, args![practice, kind.code(), claim, due, next_alert]).await.map(drop)
}

/// The deadlines of these claims have been met: no more alerts.
pub async fn close_deadlines(tx: &mut Tx, practice: PracticeId, kind: DeadlineKind, claims: &[ClaimId]) -> Result<(), DbError> {
    if claims.is_empty() {
        return Ok(());
    }
    let list = serde_json::Value::from(claims.iter().map(|c| c.0).collect::<Vec<_>>()).to_string();
    tx.execute(&CLOSE_DEADLINES, args![practice, kind.code(), list]).await.map(drop)
}

/// When a deadline is, if the claim has one.
pub async fn deadline_of(db: &mut impl Queries, practice: PracticeId, kind: DeadlineKind, claim: ClaimId) -> Result<Option<Date>, DbError> {
    Ok(db.optional::<(Day,)>(&DEADLINE_OF, args![practice, kind.code(), claim]).await?.map(|d| d.0.0))
}

/// Deadlines whose next alert has come: the claim and the date it is due.
pub async fn alerts_due(
    db: &mut impl Queries,
    practice: PracticeId,
    kind: DeadlineKind,
    today: Date,
    limit: u32,
) -> Result<Vec<(ClaimId, Date)>, DbError> {
    let rows: Vec<(ClaimId, Day)> = db.all(&ALERTS_DUE, args![practice, kind.code(), today, limit]).await?;
    Ok(rows.into_iter().map(|(claim, day)| (claim, day.0)).collect())
}

/// After an alert: when the next one comes, or none (the date has passed).
pub async fn move_alert(tx: &mut Tx, practice: PracticeId, kind: DeadlineKind, claim: ClaimId, next: Option<Date>) -> Result<(), DbError> {
    let state = if next.is_some() { "open" } else { "passed" };
    tx.execute(&MOVE_ALERT, args![practice, kind.code(), claim, next.unwrap_or(Date::MAX), state]).await.map(drop)
}
