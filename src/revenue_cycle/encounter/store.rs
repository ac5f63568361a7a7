//! Visits in the database.

pub mod charges;

use jiff::civil::Date;
use serde::Serialize;

use super::model::{EpsdtReferral, NdcQuantity};
use super::record::{ChargeLine, Encounter, EncounterDetails};
use crate::platform::audit::{Actor, Event};
use crate::platform::clock::{Day, Millis};
use crate::platform::database::{Args, Bulk, Column, DbError, Queries, Tx};
use crate::platform::ids::{ChargeLineId, ChildId, EncounterId, LocationId, PracticeId, ProviderId};
use crate::platform::money::Money;
use crate::reference::{Cvx, Icd10, Modifier, Ndc, PlaceOfService, ProcedureCode};
use crate::{args, statements};

statements! {
    INTAKES = {
        sqlite: "SELECT id, external_id, state FROM intake WHERE practice_id = $1 AND source = $2 AND external_id IN (SELECT value FROM json_each($3))",
        postgres: "SELECT id, external_id, state FROM intake WHERE practice_id = $1 AND source = $2
            AND external_id = ANY (SELECT jsonb_array_elements_text($3::jsonb))"
    };
    INTAKE_STANDINGS = {
        sqlite: "SELECT external_id, state, reasons, encounter_id FROM intake
            WHERE practice_id = $1 AND source = $2 AND external_id IN (SELECT value FROM json_each($3))",
        postgres: "SELECT external_id, state, reasons, encounter_id FROM intake WHERE practice_id = $1 AND source = $2
            AND external_id = ANY (SELECT jsonb_array_elements_text($3::jsonb))"
    };
    UPSERT_INTAKE = "INSERT INTO intake (practice_id, id, source, external_id, content, state, reasons, encounter_id, first_ms, last_ms)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) ON CONFLICT (practice_id, source, external_id) DO UPDATE SET content = excluded.content,
        state = excluded.state, reasons = excluded.reasons, encounter_id = excluded.encounter_id, last_ms = excluded.last_ms
        WHERE intake.state = 'held'";
    INTAKE_COUNTS = "SELECT source, state, reasons, COUNT(*) AS visits FROM intake WHERE practice_id = $1 GROUP BY source, state, reasons
        ORDER BY source, state, reasons";
    ENCOUNTERS = {
        sqlite: "SELECT id, child_id, provider_id, location_id, service_date, place_of_service, diagnoses, details FROM encounter
            WHERE practice_id = $1 AND id IN (SELECT value FROM json_each($2)) ORDER BY service_date, id",
        postgres: "SELECT id, child_id, provider_id, location_id, service_date, place_of_service, diagnoses, details FROM encounter
            WHERE practice_id = $1 AND id = ANY (SELECT jsonb_array_elements_text($2::jsonb)::bigint) ORDER BY service_date, id"
    };
    LINES = {
        sqlite: "SELECT encounter_id, id, procedure_code, modifiers, units, cents, pointers, ndc, ndc_quantity, ndc_unit, cvx, fee_schedule
            FROM charge_line WHERE practice_id = $1 AND encounter_id IN (SELECT value FROM json_each($2)) ORDER BY encounter_id, position",
        postgres: "SELECT encounter_id, id, procedure_code, modifiers, units, cents, pointers, ndc, ndc_quantity, ndc_unit, cvx, fee_schedule
            FROM charge_line WHERE practice_id = $1 AND encounter_id = ANY (SELECT jsonb_array_elements_text($2::jsonb)::bigint)
            ORDER BY encounter_id, position"
    };
    EARLIER = {
        sqlite: "SELECT c.external_id, e.service_date FROM child c CROSS JOIN encounter e ON e.practice_id = c.practice_id AND e.child_id = c.id
            WHERE c.practice_id = $1 AND c.external_id IN (SELECT value FROM json_each($2)) ORDER BY e.service_date, e.id",
        postgres: "SELECT c.external_id, e.service_date FROM encounter e JOIN child c ON c.practice_id = e.practice_id AND c.id = e.child_id
            WHERE e.practice_id = $1 AND c.external_id = ANY (SELECT jsonb_array_elements_text($2::jsonb)) ORDER BY e.service_date, e.id"
    };
    ROW = "SELECT id, source, external_id, child_id, service_date, place_of_service, diagnoses, state, taken_in_ms FROM encounter
        WHERE practice_id = $1 AND id = $2";
    ROWS = "SELECT id, source, external_id, child_id, service_date, place_of_service, diagnoses, state, taken_in_ms FROM encounter
        WHERE practice_id = $1 AND (service_date, id) < ($2, $3) ORDER BY service_date DESC, id DESC LIMIT $4";
    MARK = {
        sqlite: "UPDATE encounter SET state = $3 WHERE practice_id = $1 AND id IN (SELECT value FROM json_each($2))",
        postgres: "UPDATE encounter SET state = $3 WHERE practice_id = $1 AND id = ANY (SELECT jsonb_array_elements_text($2::jsonb)::bigint)"
    };
    SET_DETAILS = "UPDATE encounter SET details = $3 WHERE practice_id = $1 AND id = $2";
    KEYS = "SELECT id, service_date FROM encounter WHERE practice_id = $1 AND (service_date, id) > ($2, $3)
        ORDER BY service_date, id LIMIT $4";
    NAMES = {
        sqlite: "SELECT id, external_id FROM encounter WHERE practice_id = $1 AND id IN (SELECT value FROM json_each($2))",
        postgres: "SELECT id, external_id FROM encounter
            WHERE practice_id = $1 AND id = ANY (SELECT jsonb_array_elements_text($2::jsonb)::bigint)"
    };
    SERVICES = {
        sqlite: "SELECT e.child_id, e.id, e.provider_id, e.service_date, l.procedure_code, l.units FROM encounter e
            JOIN charge_line l ON l.practice_id = e.practice_id AND l.encounter_id = e.id
            WHERE e.practice_id = $1 AND e.child_id IN (SELECT value FROM json_each($2)) ORDER BY e.service_date, e.id, l.position",
        postgres: "SELECT e.child_id, e.id, e.provider_id, e.service_date, l.procedure_code, l.units FROM encounter e
            JOIN charge_line l ON l.practice_id = e.practice_id AND l.encounter_id = e.id
            WHERE e.practice_id = $1 AND e.child_id = ANY (SELECT jsonb_array_elements_text($2::jsonb)::bigint)
            ORDER BY e.service_date, e.id, l.position"
    };
    HELD = "SELECT id, source, external_id, reasons, first_ms FROM intake WHERE practice_id = $1 AND state = 'held'
        ORDER BY first_ms, id LIMIT $2";
    UNCLAIMED = "SELECT id, source, external_id, service_date FROM encounter WHERE practice_id = $1 AND state = 'charged'
        ORDER BY service_date, id LIMIT $2";
}

pub(super) static ENCOUNTER_ROWS: Bulk = Bulk {
    table: "encounter",
    columns: &[
        ("practice_id", Column::Int),
        ("id", Column::Int),
        ("source", Column::Text),
        ("external_id", Column::Text),
        ("child_id", Column::Int),
        ("provider_id", Column::Int),
        ("location_id", Column::Int),
        ("service_date", Column::Text),
        ("place_of_service", Column::Text),
        ("diagnoses", Column::Text),
        ("details", Column::Text),
        ("state", Column::Text),
        ("taken_in_ms", Column::Int),
    ],
    on_conflict: "",
};

pub(super) static LINE_ROWS: Bulk = Bulk {
    table: "charge_line",
    columns: &[
        ("practice_id", Column::Int),
        ("id", Column::Int),
        ("encounter_id", Column::Int),
        ("position", Column::Int),
        ("procedure_code", Column::Text),
        ("modifiers", Column::Text),
        ("units", Column::Int),
        ("cents", Column::Int),
        ("pointers", Column::Text),
        ("ndc", Column::Text),
        ("ndc_quantity", Column::Text),
        ("ndc_unit", Column::Text),
        ("cvx", Column::Text),
        ("fee_schedule", Column::Text),
    ],
    on_conflict: "",
};

/// A visit in lists.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct EncounterRow {
    /// Key.
    pub id: EncounterId,
    /// The feed it came by.
    pub source: String,
    /// Its name there.
    pub external_id: String,
    /// Who was seen.
    pub child_id: ChildId,
    /// When.
    pub service_date: Day,
    /// Where.
    pub place_of_service: String,
    /// Diagnoses, separated by spaces.
    pub diagnoses: String,
    /// `charged`, `claimed` or `self_pay`.
    pub state: String,
    /// When it arrived.
    pub taken_in_ms: Millis,
}

/// How many visits of a feed ended how.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct IntakeCount {
    /// The feed.
    pub source: String,
    /// `admitted`, `held`, `not_billable`.
    pub state: String,
    /// Why, codes separated by spaces.
    pub reasons: String,
    /// How many.
    pub visits: i64,
}

/// Where one visit of a feed stands.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct IntakeStanding {
    /// Its name in the feed.
    pub external_id: String,
    /// `admitted`, `held`, `not_billable`.
    pub state: String,
    /// Why, codes separated by spaces.
    pub reasons: String,
    /// Our visit, when it is admitted.
    pub encounter_id: Option<EncounterId>,
}

#[derive(sqlx::FromRow)]
struct StoredEncounter {
    id: EncounterId,
    child_id: ChildId,
    provider_id: ProviderId,
    location_id: LocationId,
    service_date: Day,
    place_of_service: String,
    diagnoses: String,
    details: String,
}

#[derive(sqlx::FromRow)]
struct StoredLine {
    encounter_id: EncounterId,
    id: ChargeLineId,
    procedure_code: String,
    modifiers: String,
    units: i64,
    cents: Money,
    pointers: String,
    ndc: Option<String>,
    ndc_quantity: Option<String>,
    ndc_unit: Option<String>,
    cvx: Option<String>,
    fee_schedule: String,
}

fn json<T: Serialize>(keys: &[T]) -> String {
    serde_json::to_string(keys).unwrap_or_else(|_| "[]".to_owned())
}

fn keys_json(ids: &[EncounterId]) -> String {
    json(&ids.iter().map(|id| id.0).collect::<Vec<_>>())
}

/// Visits of a feed that are known already, of those named: key, name, state.
pub(super) async fn known(
    tx: &mut Tx,
    practice: PracticeId,
    source: &str,
    external_ids: &[&str],
) -> Result<Vec<(i64, String, String)>, DbError> {
    tx.all(&INTAKES, args![practice, source, json(external_ids)]).await
}

/// Keeps a visit as it arrived, or brings a held one up to date. Gives the arguments of [`UPSERT_INTAKE`] a name.
pub(super) struct IntakeRow<'a> {
    pub practice: PracticeId,
    pub id: i64,
    pub source: &'a str,
    pub external_id: &'a str,
    pub content: String,
    pub state: &'static str,
    pub reasons: String,
    pub encounter: Option<EncounterId>,
}

pub(super) async fn keep(tx: &mut Tx, row: IntakeRow<'_>, now: Millis) -> Result<(), DbError> {
    let r = row;
    let values = args![r.practice, r.id, r.source, r.external_id, r.content, r.state, r.reasons, r.encounter, now];
    tx.execute(&UPSERT_INTAKE, values).await.map(drop)
}

/// Values of one charge line.
pub(super) fn line_values(practice: PracticeId, encounter: EncounterId, position: usize, line: &ChargeLine) -> Args {
    let modifiers: Vec<&str> = line.modifiers.iter().map(Modifier::as_str).collect();
    let pointers: Vec<String> = line.pointers.iter().map(u8::to_string).collect();
    args![
        practice,
        line.id,
        encounter,
        position as i64 + 1,
        line.code.as_str(),
        modifiers.join(":"),
        line.units,
        line.charge,
        pointers.join(":"),
        line.ndc.as_ref().map(|n| n.ndc.as_str().to_owned()),
        line.ndc.as_ref().map(|n| n.quantity.clone()),
        line.ndc.as_ref().map(|n| n.unit.clone()),
        line.cvx.map(|c| c.to_string()),
        &line.fee_schedule
    ]
}

/// Visits with their lines, by key, in the order of service.
pub async fn encounters(db: &mut impl Queries, practice: PracticeId, ids: &[EncounterId]) -> Result<Vec<Encounter>, DbError> {
    let corrupt = || DbError::Corrupt("encounter");
    let rows: Vec<StoredEncounter> = db.all(&ENCOUNTERS, args![practice, keys_json(ids)]).await?;
    let lines: Vec<StoredLine> = db.all(&LINES, args![practice, keys_json(ids)]).await?;
    let mut encounters = Vec::with_capacity(rows.len());
    for row in rows {
        let mine = lines.iter().filter(|l| l.encounter_id == row.id).map(|l| read_line(l).ok_or_else(corrupt));
        encounters.push(Encounter {
            id: row.id,
            child: row.child_id,
            provider: row.provider_id,
            location: row.location_id,
            service_date: row.service_date.0,
            place_of_service: PlaceOfService::parse(&row.place_of_service).map_err(|_| corrupt())?,
            diagnoses: words(&row.diagnoses, ' ').map(Icd10::parse).collect::<Result<_, _>>().map_err(|_| corrupt())?,
            details: serde_json::from_str::<EncounterDetails>(&row.details).map_err(|_| corrupt())?,
            lines: mine.collect::<Result<_, _>>()?,
        });
    }
    Ok(encounters)
}

fn words(text: &str, separator: char) -> impl Iterator<Item = &str> {
    text.split(separator).filter(|word| !word.is_empty())
}

fn read_line(row: &StoredLine) -> Option<ChargeLine> {
    let ndc = match (&row.ndc, &row.ndc_quantity, &row.ndc_unit) {
        (Some(ndc), Some(quantity), Some(unit)) => {
            Some(NdcQuantity { ndc: Ndc::parse(ndc).ok()?, quantity: quantity.clone(), unit: unit.clone() })
        }
        _ => None,
    };
    Some(ChargeLine {
        id: row.id,
        code: ProcedureCode::parse(&row.procedure_code).ok()?,
        modifiers: words(&row.modifiers, ':').map(Modifier::parse).collect::<Result<_, _>>().ok()?,
        units: u32::try_from(row.units).ok()?,
        charge: row.cents,
        pointers: words(&row.pointers, ':').map(str::parse).collect::<Result<_, _>>().ok()?,
        ndc,
        cvx: match &row.cvx {
            Some(cvx) => Some(Cvx::parse(cvx).ok()?),
            None => None,
        },
        fee_schedule: row.fee_schedule.clone(),
    })
}

/// Dates on which children were seen before, by the child's external id: who is a new patient depends on it (domain.md PED-02).
pub async fn earlier_services(db: &mut impl Queries, practice: PracticeId, children: &[&str]) -> Result<Vec<(String, Date)>, DbError> {
    let rows: Vec<(String, Day)> = db.all(&EARLIER, args![practice, json(children)]).await?;
    Ok(rows.into_iter().map(|(child, day)| (child, day.0)).collect())
}

/// Where visits of a feed stand, of those named that are known; in no order.
pub async fn intake_standings(
    db: &mut impl Queries,
    practice: PracticeId,
    source: &str,
    external_ids: &[&str],
) -> Result<Vec<IntakeStanding>, DbError> {
    db.all(&INTAKE_STANDINGS, args![practice, source, json(external_ids)]).await
}

/// How the visits of each feed ended.
pub async fn intake_counts(db: &mut impl Queries, practice: PracticeId) -> Result<Vec<IntakeCount>, DbError> {
    db.all(&INTAKE_COUNTS, args![practice]).await
}

/// One visit.
pub async fn encounter_row(db: &mut impl Queries, practice: PracticeId, id: EncounterId) -> Result<Option<EncounterRow>, DbError> {
    db.optional(&ROW, args![practice, id]).await
}

/// A page of visits, the newest first, before a date and key.
pub async fn encounter_rows(
    db: &mut impl Queries,
    practice: PracticeId,
    before: (&str, EncounterId),
    limit: u32,
) -> Result<Vec<EncounterRow>, DbError> {
    db.all(&ROWS, args![practice, before.0, before.1, limit]).await
}

/// Records what the EPSDT screening of a visit led to, in the place of what was recorded before.
pub async fn record_referrals(
    tx: &mut Tx,
    practice: PracticeId,
    id: EncounterId,
    referrals: &[EpsdtReferral],
    actor: Actor,
    now: Millis,
) -> Result<(), DbError> {
    let encounter = encounters(tx, practice, &[id]).await?.pop().ok_or(DbError::Corrupt("encounter"))?;
    let details = EncounterDetails { epsdt_referrals: referrals.to_vec(), ..encounter.details };
    let details = serde_json::to_string(&details).map_err(|_| DbError::Corrupt("encounter details"))?;
    tx.execute(&SET_DETAILS, args![practice, id, details]).await?;
    let codes = |referrals: &[EpsdtReferral]| referrals.iter().map(|referral| referral.code()).collect::<Vec<_>>().join(" ");
    tx.record(Event {
        practice,
        at: now,
        actor,
        subject_kind: "encounter",
        subject_id: id.0,
        event: "encounter.referrals_recorded",
        from: None,
        to: None,
        detail: Some(codes(referrals)),
    });
    Ok(())
}

/// Notes what became of visits.
pub async fn mark(tx: &mut Tx, practice: PracticeId, ids: &[EncounterId], state: &str) -> Result<(), DbError> {
    tx.execute(&MARK, args![practice, keys_json(ids), state]).await.map(drop)
}
