//! Claims in the database.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::filing::clock;
use super::lifecycle::{ClaimEvent, ClaimState, Step, step};
use super::model::ClaimContent;
use crate::edi::claim_837p::ReferenceKind;
use crate::pediatrics::timely_filing::TimeLeft;
use crate::platform::archive::sha256_hex;
use crate::platform::audit::{Actor, Event};
use crate::platform::clock::{Day, Millis};
use crate::platform::database::{Bulk, Column, DbError, Queries, Tx};
use crate::platform::ids::{BatchId, ChargeLineId, ChildId, ClaimId, CoverageId, EncounterId, FamilyId, PayerId, PracticeId};
use crate::platform::money::Money;
use crate::platform::phi::Phi;
use crate::revenue_cycle::worklist::deadline::DeadlineKind;
use crate::revenue_cycle::worklist::{self, NewItem};
use crate::{args, statements};

// Without statistics SQLite prefers the index of a sort or a state to the keys that are listed: the unary plus takes those out of its
// sight, and a row value in IN makes it look up each key.
statements! {
    BUILT = {
        sqlite: "SELECT encounter_id FROM claim WHERE practice_id = $1 AND version = 1 AND encounter_id IN (SELECT value FROM json_each($2))",
        postgres: "SELECT encounter_id FROM claim WHERE practice_id = $1 AND version = 1
            AND encounter_id = ANY (SELECT jsonb_array_elements_text($2::jsonb)::bigint)"
    };
    BY_ID = "SELECT practice_id, id, pcn, encounter_id, child_id, family_id, payer_id, coverage_id, responsibility, version, frequency,
        service_date, charge_cents, paid_cents, state, state_ms, icn, batch_id, file_by FROM claim WHERE practice_id = $1 AND id = $2";
    BY_PCN = "SELECT practice_id, claim_id FROM pcn WHERE pcn = $1";
    CONTENT = "SELECT content FROM claim WHERE practice_id = $1 AND id = $2";
    CONTENTS = {
        sqlite: "SELECT id, payer_id, state, content, content_sha256 FROM claim WHERE (practice_id, id) IN (SELECT $1, value FROM json_each($2)) ORDER BY +service_date, id",
        postgres: "SELECT id, payer_id, state, content, content_sha256 FROM claim WHERE practice_id = $1
            AND id = ANY (SELECT jsonb_array_elements_text($2::jsonb)::bigint) ORDER BY service_date, id"
    };
    LINES = "SELECT position, charge_line_id, line_number, procedure_code, modifiers, units, cents FROM claim_line
        WHERE practice_id = $1 AND claim_id = $2 ORDER BY position";
    STATES = {
        sqlite: "SELECT id, state FROM claim WHERE practice_id = $1 AND id IN (SELECT value FROM json_each($2)) ORDER BY id",
        postgres: "SELECT id, state FROM claim WHERE practice_id = $1 AND id = ANY (SELECT jsonb_array_elements_text($2::jsonb)::bigint)
            ORDER BY id FOR UPDATE"
    };
    MOVE = {
        sqlite: "UPDATE claim SET state = $4, state_ms = $5 WHERE (practice_id, id) IN (SELECT $1, value FROM json_each($2)) AND +state = $3",
        postgres: "UPDATE claim SET state = $4, state_ms = $5 WHERE practice_id = $1 AND state = $3
            AND id = ANY (SELECT jsonb_array_elements_text($2::jsonb)::bigint)"
    };
    SET_BATCH = {
        sqlite: "UPDATE claim SET batch_id = $3 WHERE practice_id = $1 AND id IN (SELECT value FROM json_each($2))",
        postgres: "UPDATE claim SET batch_id = $3 WHERE practice_id = $1 AND id = ANY (SELECT jsonb_array_elements_text($2::jsonb)::bigint)"
    };
    SET_CONTENT = "UPDATE claim SET content = $3, content_sha256 = $4, charge_cents = $5
        WHERE practice_id = $1 AND id = $2 AND content_sha256 <> $4 AND state IN ('draft', 'scrub_failed', 'held')";
    SET_ICN = "UPDATE claim SET icn = $3 WHERE practice_id = $1 AND id = $2";
    LIST = "SELECT c.id, c.pcn, c.service_date, k.last_name, k.first_name, p.name AS payer_name, c.charge_cents, c.paid_cents, c.state, c.file_by
        FROM claim c JOIN child k ON k.practice_id = c.practice_id AND k.id = c.child_id JOIN payer p ON p.practice_id = c.practice_id AND p.id = c.payer_id
        WHERE c.practice_id = $1 AND (c.service_date, c.id) < ($2, $3) ORDER BY c.service_date DESC, c.id DESC LIMIT $4";
    LIST_OF_STATE = "SELECT c.id, c.pcn, c.service_date, k.last_name, k.first_name, p.name AS payer_name, c.charge_cents, c.paid_cents, c.state, c.file_by
        FROM claim c JOIN child k ON k.practice_id = c.practice_id AND k.id = c.child_id JOIN payer p ON p.practice_id = c.practice_id AND p.id = c.payer_id
        WHERE c.practice_id = $1 AND c.state = $5 AND (c.service_date, c.id) < ($2, $3) ORDER BY c.service_date DESC, c.id DESC LIMIT $4";
    SET_FILE_BY = "UPDATE claim SET file_by = $3 WHERE practice_id = $1 AND id = $2";
    RUNNING_OUT = {
        sqlite: "SELECT c.id, c.pcn, c.service_date, k.last_name, k.first_name, p.name AS payer_name, c.charge_cents, c.paid_cents, c.state, c.file_by
            FROM claim c JOIN child k ON k.practice_id = c.practice_id AND k.id = c.child_id JOIN payer p ON p.practice_id = c.practice_id AND p.id = c.payer_id
            WHERE c.practice_id = $1 AND c.state IN (SELECT value FROM json_each($2)) AND c.file_by <= $3 ORDER BY c.file_by, c.id LIMIT $4",
        postgres: "SELECT c.id, c.pcn, c.service_date, k.last_name, k.first_name, p.name AS payer_name, c.charge_cents, c.paid_cents, c.state, c.file_by
            FROM claim c JOIN child k ON k.practice_id = c.practice_id AND k.id = c.child_id JOIN payer p ON p.practice_id = c.practice_id AND p.id = c.payer_id
            WHERE c.practice_id = $1 AND c.state = ANY (SELECT jsonb_array_elements_text($2::jsonb)) AND c.file_by <= $3
            ORDER BY c.file_by, c.id LIMIT $4"
    };
    COUNTS = "SELECT state, COUNT(*), CAST(COALESCE(SUM(charge_cents), 0) AS BIGINT), CAST(COALESCE(SUM(paid_cents), 0) AS BIGINT)
        FROM claim WHERE practice_id = $1 GROUP BY state ORDER BY state";
    OF_STATE = "SELECT id FROM claim WHERE practice_id = $1 AND state = $2 AND id > $3 ORDER BY id LIMIT $4";
    OF_ENCOUNTER = "SELECT practice_id, id, pcn, encounter_id, child_id, family_id, payer_id, coverage_id, responsibility, version, frequency,
        service_date, charge_cents, paid_cents, state, state_ms, icn, batch_id, file_by FROM claim WHERE practice_id = $1 AND encounter_id = $2
        ORDER BY version, id";
}

static CLAIM_ROWS: Bulk = Bulk {
    table: "claim",
    columns: &[
        ("practice_id", Column::Int),
        ("id", Column::Int),
        ("pcn", Column::Text),
        ("encounter_id", Column::Int),
        ("child_id", Column::Int),
        ("family_id", Column::Int),
        ("payer_id", Column::Int),
        ("coverage_id", Column::Int),
        ("responsibility", Column::Text),
        ("version", Column::Int),
        ("frequency", Column::Text),
        ("service_date", Column::Text),
        ("charge_cents", Column::Int),
        ("paid_cents", Column::Int),
        ("state", Column::Text),
        ("state_ms", Column::Int),
        ("created_ms", Column::Int),
        ("content", Column::Text),
        ("content_sha256", Column::Text),
        ("file_by", Column::Text),
    ],
    on_conflict: "ON CONFLICT DO NOTHING",
};

static PCN_ROWS: Bulk =
    Bulk { table: "pcn", columns: &[("pcn", Column::Text), ("practice_id", Column::Int), ("claim_id", Column::Int)], on_conflict: "" };

static LINE_ROWS: Bulk = Bulk {
    table: "claim_line",
    columns: &[
        ("practice_id", Column::Int),
        ("claim_id", Column::Int),
        ("position", Column::Int),
        ("charge_line_id", Column::Int),
        ("line_number", Column::Text),
        ("procedure_code", Column::Text),
        ("modifiers", Column::Text),
        ("units", Column::Int),
        ("cents", Column::Int),
    ],
    on_conflict: "",
};

/// A claim to be stored.
#[derive(Clone, Debug)]
pub struct NewClaim {
    /// Whose.
    pub practice: PracticeId,
    /// Key; the claim number is made from it.
    pub id: ClaimId,
    /// The visit.
    pub encounter: EncounterId,
    /// The child.
    pub child: ChildId,
    /// The family account.
    pub family: FamilyId,
    /// Whom it is asked of.
    pub payer: PayerId,
    /// By which coverage.
    pub coverage: CoverageId,
    /// Which version.
    pub version: u32,
    /// Last day of filing.
    pub file_by: Option<jiff::civil::Date>,
    /// The 837P's content; CLM01 is the claim number.
    pub content: ClaimContent,
    /// The charge line behind each line of the content, in order.
    pub charge_lines: Vec<ChargeLineId>,
}

/// A claim as stored, without its content.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct ClaimRow {
    /// Whose.
    pub practice_id: PracticeId,
    /// Key.
    pub id: ClaimId,
    /// Our claim number, CLM01.
    pub pcn: String,
    /// The visit.
    pub encounter_id: EncounterId,
    /// The child.
    pub child_id: ChildId,
    /// The family account.
    pub family_id: FamilyId,
    /// Whom it is asked of.
    pub payer_id: PayerId,
    /// By which coverage.
    pub coverage_id: CoverageId,
    /// SBR01.
    pub responsibility: String,
    /// 1 for the first, one more for each replacement or resend with changed content.
    pub version: i64,
    /// CLM05-3.
    pub frequency: String,
    /// Date of service.
    pub service_date: Day,
    /// CLM02.
    pub charge_cents: Money,
    /// What the payer has paid so far.
    pub paid_cents: Money,
    /// Where it stands: a code of [`ClaimState`].
    pub state: String,
    /// Since when.
    #[serde(skip)]
    pub state_ms: Millis,
    /// The payer's number of it.
    pub icn: Option<String>,
    /// The batch it was last sent in.
    pub batch_id: Option<BatchId>,
    /// Last day of filing.
    pub file_by: Option<Day>,
}

impl ClaimRow {
    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> Option<ClaimState> {
        ClaimState::from_code(&self.state)
    }

    /// How much time it has left to be filed; none once it is sent.
    #[must_use]
    pub fn clock(&self, today: jiff::civil::Date) -> Option<TimeLeft> {
        clock(self.state(), self.file_by.map(|day| day.0), today)
    }
}

/// One line of the claims list.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct ClaimListRow {
    /// Key.
    pub id: ClaimId,
    /// Our claim number.
    pub pcn: String,
    /// Date of service.
    pub service_date: Day,
    /// The child's family name.
    pub last_name: Phi<String>,
    /// The child's given name.
    pub first_name: Phi<String>,
    /// The payer's name.
    pub payer_name: String,
    /// What is asked.
    pub charge_cents: Money,
    /// What was paid.
    pub paid_cents: Money,
    /// Where it stands.
    pub state: String,
    /// Last day of filing.
    pub file_by: Option<Day>,
}

impl ClaimListRow {
    /// How much time it has left to be filed; none once it is sent.
    #[must_use]
    pub fn clock(&self, today: jiff::civil::Date) -> Option<TimeLeft> {
        clock(ClaimState::from_code(&self.state), self.file_by.map(|day| day.0), today)
    }
}

/// One line of a claim.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct ClaimLineRow {
    /// Place on the claim, from 1.
    pub position: i64,
    /// The charge line behind it.
    pub charge_line_id: ChargeLineId,
    /// REF*6R.
    pub line_number: String,
    /// Procedure code.
    pub procedure_code: String,
    /// Modifiers, colon-separated.
    pub modifiers: String,
    /// Units.
    pub units: i64,
    /// What is asked.
    pub cents: Money,
}

/// A claim with its content, as scrubbing and batching load it.
#[derive(Clone, Debug)]
pub struct LoadedClaim {
    /// Key.
    pub id: ClaimId,
    /// Whom it is asked of.
    pub payer: PayerId,
    /// Where it stands.
    pub state: ClaimState,
    /// The content.
    pub content: ClaimContent,
    /// The content as stored, for the snapshot.
    pub stored: String,
}

fn ids_json(ids: impl IntoIterator<Item = ClaimId>) -> String {
    serde_json::Value::from(ids.into_iter().map(|id| id.0).collect::<Vec<_>>()).to_string()
}

/// Which of these visits have a first claim already: their chunk was worked on before.
pub async fn built(db: &mut impl Queries, practice: PracticeId, encounters: &[EncounterId]) -> Result<Vec<EncounterId>, DbError> {
    let list = serde_json::Value::from(encounters.iter().map(|e| e.0).collect::<Vec<_>>()).to_string();
    Ok(db.all::<(EncounterId,)>(&BUILT, args![practice, list]).await?.into_iter().map(|r| r.0).collect())
}

/// Stores drafts with their lines and numbers. `Stale` when one of them was stored by someone else since [`built`] was asked.
pub async fn insert(tx: &mut Tx, claims: &[NewClaim], actor: Actor, now: Millis) -> Result<(), DbError> {
    let (mut rows, mut lines, mut numbers) = (Vec::with_capacity(claims.len()), Vec::new(), Vec::with_capacity(claims.len()));
    for claim in claims {
        let content = serde_json::to_string(&claim.content).map_err(|_| DbError::Corrupt("claim content"))?;
        let hash = sha256_hex(content.as_bytes());
        let c = &claim.content.claim;
        let service_date = claim.content.service_date().ok_or(DbError::Corrupt("claim without a date of service"))?;
        rows.push(args![
            claim.practice,
            claim.id,
            &c.id,
            claim.encounter,
            claim.child,
            claim.family,
            claim.payer,
            claim.coverage,
            claim.content.subscriber.responsibility.as_str(),
            claim.version,
            c.frequency.as_str(),
            service_date,
            c.charge,
            Money::ZERO,
            ClaimState::Draft.code(),
            now,
            now,
            content,
            hash,
            claim.file_by
        ]);
        numbers.push(args![&c.id, claim.practice, claim.id]);
        for (n, (line, charge_line)) in c.lines.iter().zip(&claim.charge_lines).enumerate() {
            lines.push(args![
                claim.practice,
                claim.id,
                n as i64 + 1,
                *charge_line,
                line.reference(&ReferenceKind::LineControl).unwrap_or_default(),
                &*line.procedure.code,
                line.procedure.modifiers.iter().map(|m| &**m).collect::<Vec<_>>().join(":"),
                line.quantity.as_whole().unwrap_or(1),
                line.charge
            ]);
        }
        tx.record(Event {
            practice: claim.practice,
            at: now,
            actor,
            subject_kind: "claim",
            subject_id: claim.id.0,
            event: "claim.built",
            from: None,
            to: Some(ClaimState::Draft.code().to_owned()),
            detail: None,
        });
    }
    if tx.insert_all(&CLAIM_ROWS, &rows).await? != claims.len() as u64 {
        return Err(DbError::Stale("claim"));
    }
    tx.insert_all(&PCN_ROWS, &numbers).await?;
    tx.insert_all(&LINE_ROWS, &lines).await.map(drop)
}

/// What applying events did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Claims whose state changed.
    pub moved: u64,
    /// Events that were ignored and told to a person.
    pub alerts: u64,
    /// Events that the table refuses: a fault of ours. Nothing was done for these.
    pub refused: Vec<(ClaimId, ClaimEvent)>,
}

/// Applies events to claims by the one transition table, in the given order for each claim; records each move. What a partner says against
/// the table changes nothing and becomes a work item.
pub async fn apply(
    tx: &mut Tx,
    practice: PracticeId,
    events: &[(ClaimId, ClaimEvent)],
    actor: Actor,
    now: Millis,
) -> Result<Applied, DbError> {
    let mut applied = Applied::default();
    if events.is_empty() {
        return Ok(applied);
    }
    let rows: Vec<(ClaimId, String)> = tx.all(&STATES, args![practice, ids_json(events.iter().map(|e| e.0))]).await?;
    let mut states: HashMap<ClaimId, ClaimState> = HashMap::with_capacity(rows.len());
    for (id, code) in rows {
        states.insert(id, ClaimState::from_code(&code).ok_or(DbError::Corrupt("claim state"))?);
    }
    let before = states.clone();
    for &(claim, event) in events {
        let Some(state) = states.get_mut(&claim) else { continue };
        match step(*state, event) {
            Step::To(next) if next == *state => {}
            Step::To(next) => {
                tx.record(Event {
                    practice,
                    at: now,
                    actor,
                    subject_kind: "claim",
                    subject_id: claim.0,
                    event: "claim.moved",
                    from: Some(state.code().to_owned()),
                    to: Some(next.code().to_owned()),
                    detail: Some(event.code().to_owned()),
                });
                *state = next;
            }
            Step::Refused => applied.refused.push((claim, event)),
            Step::IgnoredWithAlert => {
                applied.alerts += 1;
                let message = format!(
                    "A partner reported '{}' for a claim that is '{}': nothing was changed, ask the partner",
                    event.code(),
                    state.code()
                );
                let item = NewItem {
                    practice,
                    stage: "acknowledgment",
                    reason: "UNEXPECTED_EVENT".to_owned(),
                    subject_kind: "claim",
                    subject_id: claim.0,
                    message,
                    due_date: None,
                };
                worklist::raise(tx, item, now).await?;
            }
        }
    }
    let mut moves: BTreeMap<(ClaimState, ClaimState), Vec<ClaimId>> = BTreeMap::new();
    for (claim, state) in states {
        if before[&claim] != state {
            moves.entry((before[&claim], state)).or_default().push(claim);
        }
    }
    for ((from, to), mut claims) in moves {
        claims.sort_unstable();
        let expected = claims.len() as u64;
        let moved = tx.execute(&MOVE, args![practice, ids_json(claims.iter().copied()), from.code(), to.code(), now]).await?;
        if moved != expected {
            return Err(DbError::Stale("claim state"));
        }
        applied.moved += moved;
        // In adjudication, or past it: the payer has the claim in time.
        if to == ClaimState::AcceptedPayer || to.is_adjudicated() {
            worklist::close_deadlines(tx, practice, DeadlineKind::TimelyFiling, &claims).await?;
        }
    }
    Ok(applied)
}

/// Claims with their contents, by key, in the order of service.
pub async fn load(db: &mut impl Queries, practice: PracticeId, ids: &[ClaimId]) -> Result<Vec<LoadedClaim>, DbError> {
    let rows: Vec<(ClaimId, PayerId, String, String, String)> = db.all(&CONTENTS, args![practice, ids_json(ids.iter().copied())]).await?;
    rows.into_iter()
        .map(|(id, payer, state, stored, hash)| {
            let state = ClaimState::from_code(&state).ok_or(DbError::Corrupt("claim state"))?;
            if sha256_hex(stored.as_bytes()) != hash {
                return Err(DbError::Corrupt("claim content"));
            }
            let content = serde_json::from_str(&stored).map_err(|_| DbError::Corrupt("claim content"))?;
            Ok(LoadedClaim { id, payer, state, content, stored })
        })
        .collect()
}

/// One claim.
pub async fn claim(db: &mut impl Queries, practice: PracticeId, id: ClaimId) -> Result<Option<ClaimRow>, DbError> {
    db.optional(&BY_ID, args![practice, id]).await
}

/// The content of one claim.
pub async fn content(db: &mut impl Queries, practice: PracticeId, id: ClaimId) -> Result<ClaimContent, DbError> {
    let (text,): (String,) = db.one(&CONTENT, args![practice, id]).await?;
    serde_json::from_str(&text).map_err(|_| DbError::Corrupt("claim content"))
}

/// Whose claim a number that came back is: the numbers are unique over all practices.
pub async fn by_pcn(db: &mut impl Queries, pcn: &str) -> Result<Option<(PracticeId, ClaimId)>, DbError> {
    db.optional(&BY_PCN, args![pcn]).await
}

/// The claims of one visit, oldest version first.
pub async fn of_encounter(db: &mut impl Queries, practice: PracticeId, encounter: EncounterId) -> Result<Vec<ClaimRow>, DbError> {
    db.all(&OF_ENCOUNTER, args![practice, encounter]).await
}

/// The lines of one claim.
pub async fn lines(db: &mut impl Queries, practice: PracticeId, id: ClaimId) -> Result<Vec<ClaimLineRow>, DbError> {
    db.all(&LINES, args![practice, id]).await
}

/// Where a page of the claims list begins: after this date and key, going back in time.
#[derive(Clone, Debug)]
pub struct PageStart {
    /// Date of service of the last row of the page before.
    pub service_date: String,
    /// Key of that row.
    pub id: ClaimId,
}

impl Default for PageStart {
    /// The newest claims.
    fn default() -> PageStart {
        PageStart { service_date: "9999-12-31".to_owned(), id: ClaimId(i64::MAX) }
    }
}

/// One page of claims, the newest date of service first, of one state or of all.
pub async fn list(
    db: &mut impl Queries,
    practice: PracticeId,
    state: Option<ClaimState>,
    start: &PageStart,
    limit: u32,
) -> Result<Vec<ClaimListRow>, DbError> {
    match state {
        Some(state) => db.all(&LIST_OF_STATE, args![practice, &start.service_date, start.id, limit, state.code()]).await,
        None => db.all(&LIST, args![practice, &start.service_date, start.id, limit]).await,
    }
}

/// Claims that have not left and whose last day of filing is not after a date, the most urgent first.
pub async fn running_out(
    db: &mut impl Queries,
    practice: PracticeId,
    until: jiff::civil::Date,
    limit: u32,
) -> Result<Vec<ClaimListRow>, DbError> {
    let waiting: Vec<&str> = ClaimState::ALL.iter().filter(|state| state.is_to_be_sent()).map(|state| state.code()).collect();
    db.all(&RUNNING_OUT, args![practice, serde_json::Value::from(waiting).to_string(), until, limit]).await
}

/// Number, charges and payments of the claims in each state.
pub async fn counts(db: &mut impl Queries, practice: PracticeId) -> Result<Vec<(String, i64, Money, Money)>, DbError> {
    db.all(&COUNTS, args![practice]).await
}

/// Keys of the claims in a state, after a key.
pub async fn of_state(
    db: &mut impl Queries,
    practice: PracticeId,
    state: ClaimState,
    after: ClaimId,
    limit: u32,
) -> Result<Vec<ClaimId>, DbError> {
    Ok(db.all::<(ClaimId,)>(&OF_STATE, args![practice, state.code(), after, limit]).await?.into_iter().map(|r| r.0).collect())
}

/// Notes the batch that claims were put into.
pub async fn set_batch(tx: &mut Tx, practice: PracticeId, claims: &[ClaimId], batch: BatchId) -> Result<(), DbError> {
    tx.execute(&SET_BATCH, args![practice, ids_json(claims.iter().copied()), batch]).await.map(drop)
}

/// Notes the payer's number of a claim.
pub async fn set_icn(tx: &mut Tx, practice: PracticeId, claim: ClaimId, icn: &str) -> Result<(), DbError> {
    tx.execute(&SET_ICN, args![practice, claim, icn]).await.map(drop)
}

/// Notes another last day of filing, for a claim whose payer's rules or dates were mended.
pub async fn set_file_by(tx: &mut Tx, practice: PracticeId, claim: ClaimId, file_by: jiff::civil::Date) -> Result<(), DbError> {
    tx.execute_one(&SET_FILE_BY, args![practice, claim, file_by]).await
}

/// Brings the content of a claim that was never sent up to date; false when nothing differs.
pub async fn set_content(
    tx: &mut Tx,
    practice: PracticeId,
    claim: ClaimId,
    content: &ClaimContent,
    actor: Actor,
    now: Millis,
) -> Result<bool, DbError> {
    let text = serde_json::to_string(content).map_err(|_| DbError::Corrupt("claim content"))?;
    let hash = sha256_hex(text.as_bytes());
    let changed = tx.execute(&SET_CONTENT, args![practice, claim, text, hash, content.claim.charge]).await? == 1;
    if changed {
        tx.record(Event {
            practice,
            at: now,
            actor,
            subject_kind: "claim",
            subject_id: claim.0,
            event: "claim.rebuilt",
            from: None,
            to: None,
            detail: None,
        });
    }
    Ok(changed)
}
