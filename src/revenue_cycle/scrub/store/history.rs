//! What a practice knows of children from their visits, for the edits that compare a claim with earlier ones.

use std::collections::HashMap;

use jiff::civil::Date;

use super::super::input::{History, LiveClaim, PriorVisit};
use crate::platform::clock::{Day, Millis};
use crate::platform::database::{DbError, Queries};
use crate::platform::ids::{ChildId, ClaimId, EncounterId, PayerId, PracticeId};
use crate::reference::ProcedureCode;
use crate::revenue_cycle::claim::lifecycle::ClaimState;
use crate::revenue_cycle::claim::model::ClaimContent;
use crate::{args, statements};

statements! {
    VISITS = {
        sqlite: "SELECT e.child_id, e.id, e.service_date, p.first_name, p.last_name, p.taxonomy, l.procedure_code FROM encounter e
            JOIN provider p ON p.practice_id = e.practice_id AND p.id = e.provider_id
            JOIN charge_line l ON l.practice_id = e.practice_id AND l.encounter_id = e.id
            WHERE e.practice_id = $1 AND e.child_id IN (SELECT value FROM json_each($2)) ORDER BY e.service_date, e.id, l.position",
        postgres: "SELECT e.child_id, e.id, e.service_date, p.first_name, p.last_name, p.taxonomy, l.procedure_code FROM encounter e
            JOIN provider p ON p.practice_id = e.practice_id AND p.id = e.provider_id
            JOIN charge_line l ON l.practice_id = e.practice_id AND l.encounter_id = e.id
            WHERE e.practice_id = $1 AND e.child_id = ANY (SELECT jsonb_array_elements_text($2::jsonb)::bigint)
            ORDER BY e.service_date, e.id, l.position"
    };
    LIVE_CLAIMS = {
        sqlite: "SELECT c.child_id, c.service_date, c.encounter_id, c.payer_id, i.sent_ms, c.state, c.pcn, c.responsibility, p.npi,
            l.procedure_code, l.modifiers FROM claim c
            JOIN claim_line l ON l.practice_id = c.practice_id AND l.claim_id = c.id
            LEFT JOIN batch b ON b.practice_id = c.practice_id AND b.id = c.batch_id
            LEFT JOIN interchange i ON i.id = b.interchange_id
            JOIN encounter e ON e.practice_id = c.practice_id AND e.id = c.encounter_id
            JOIN provider p ON p.practice_id = e.practice_id AND p.id = e.provider_id
            WHERE c.practice_id = $1 AND c.child_id IN (SELECT value FROM json_each($2)) AND c.state NOT IN ('replaced', 'voided')
            ORDER BY c.service_date, c.id, l.position",
        postgres: "SELECT c.child_id, c.service_date, c.encounter_id, c.payer_id, i.sent_ms, c.state, c.pcn, c.responsibility, p.npi,
            l.procedure_code, l.modifiers FROM claim c
            JOIN claim_line l ON l.practice_id = c.practice_id AND l.claim_id = c.id
            LEFT JOIN batch b ON b.practice_id = c.practice_id AND b.id = c.batch_id
            LEFT JOIN interchange i ON i.id = b.interchange_id
            JOIN encounter e ON e.practice_id = c.practice_id AND e.id = c.encounter_id
            JOIN provider p ON p.practice_id = e.practice_id AND p.id = e.provider_id
            WHERE c.practice_id = $1 AND c.child_id = ANY (SELECT jsonb_array_elements_text($2::jsonb)::bigint)
            AND c.state NOT IN ('replaced', 'voided') ORDER BY c.service_date, c.id, l.position"
    };
    PAST = "SELECT c.id, c.payer_id, c.content, p.code FROM claim c
        JOIN encounter e ON e.practice_id = c.practice_id AND e.id = c.encounter_id
        JOIN provider p ON p.practice_id = e.practice_id AND p.id = e.provider_id
        WHERE c.practice_id = $1 AND c.service_date >= $2 AND c.id > $3 ORDER BY c.id LIMIT $4";
    FIRST_DAY = "SELECT service_date FROM encounter WHERE practice_id = $1 ORDER BY service_date LIMIT 1";
}

#[derive(sqlx::FromRow)]
struct Row {
    child_id: ChildId,
    id: EncounterId,
    service_date: Day,
    first_name: String,
    last_name: String,
    taxonomy: String,
    procedure_code: String,
}

#[derive(sqlx::FromRow)]
struct LineRow {
    child_id: ChildId,
    service_date: Day,
    encounter_id: EncounterId,
    payer_id: PayerId,
    sent_ms: Option<Millis>,
    state: String,
    pcn: String,
    responsibility: String,
    npi: String,
    procedure_code: String,
    modifiers: String,
}

/// The claims of children that are neither replaced nor voided, by child and date of service.
pub async fn live_claims(
    db: &mut impl Queries,
    practice: PracticeId,
    children: &[ChildId],
) -> Result<HashMap<(ChildId, Date), Vec<LiveClaim>>, DbError> {
    let rows: Vec<LineRow> = db.all(&LIVE_CLAIMS, args![practice, keys(children)]).await?;
    let mut claims: HashMap<(ChildId, Date), Vec<LiveClaim>> = HashMap::new();
    for row in rows {
        let of_day = claims.entry((row.child_id, row.service_date.0)).or_default();
        let line = (row.procedure_code, row.modifiers);
        match of_day.last_mut().filter(|claim| claim.pcn == row.pcn) {
            Some(claim) => claim.lines.push(line),
            None => of_day.push(LiveClaim {
                encounter: row.encounter_id,
                payer: row.payer_id,
                sent: row.sent_ms.filter(|_| !is_refused(&row.state)),
                pcn: row.pcn,
                responsibility: row.responsibility,
                renderer: row.npi.parse().ok(),
                lines: vec![line],
            }),
        }
    }
    Ok(claims)
}

/// Whether a claim in a state came back before anybody adjudicated it: its payer has not been asked.
fn is_refused(state: &str) -> bool {
    [ClaimState::RejectedSyntax, ClaimState::RejectedClaim].iter().any(|refused| refused.code() == state)
}

/// A claim of the past with what rules ask of it.
#[derive(Clone, Debug)]
pub struct PastClaim {
    /// Key.
    pub id: ClaimId,
    /// Whom it asked.
    pub payer: PayerId,
    /// Code of who rendered.
    pub provider: String,
    /// What it said.
    pub content: ClaimContent,
}

/// Claims since a date of service, by key after a key.
pub async fn claims_since(
    db: &mut impl Queries,
    practice: PracticeId,
    since: Date,
    after: ClaimId,
    limit: u32,
) -> Result<Vec<PastClaim>, DbError> {
    let rows: Vec<(ClaimId, PayerId, String, String)> = db.all(&PAST, args![practice, since, after, limit]).await?;
    let claim = |(id, payer, content, provider): (ClaimId, PayerId, String, String)| {
        let content = serde_json::from_str(&content).map_err(|_| DbError::Corrupt("claim content"))?;
        Ok(PastClaim { id, payer, provider, content })
    };
    rows.into_iter().map(claim).collect()
}

fn keys(children: &[ChildId]) -> String {
    serde_json::Value::from(children.iter().map(|child| child.0).collect::<Vec<_>>()).to_string()
}

/// The histories of children; a child without visits has none in the map. Records are taken as whole from the practice's first day of
/// service on: what was before, its system did not send.
pub async fn histories(db: &mut impl Queries, practice: PracticeId, children: &[ChildId]) -> Result<HashMap<ChildId, History>, DbError> {
    let first_day: Option<(Day,)> = db.optional(&FIRST_DAY, args![practice]).await?;
    let complete_since = first_day.map(|(day,)| day.0);
    let rows: Vec<Row> = db.all(&VISITS, args![practice, keys(children)]).await?;
    let mut histories: HashMap<ChildId, History> = HashMap::with_capacity(children.len());
    for row in rows {
        let code = ProcedureCode::parse(&row.procedure_code).map_err(|_| DbError::Corrupt("charge line"))?;
        let history = histories.entry(row.child_id).or_insert_with(|| History { visits: Vec::new(), complete_since });
        match history.visits.last_mut().filter(|visit| visit.encounter == row.id) {
            Some(visit) => visit.codes.push(code),
            None => history.visits.push(PriorVisit {
                encounter: row.id,
                date: row.service_date.0,
                provider: format!("{} {}", row.first_name, row.last_name),
                taxonomy: row.taxonomy,
                codes: vec![code],
            }),
        }
    }
    Ok(histories)
}
