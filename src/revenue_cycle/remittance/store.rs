//! Remittances in the database.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::matching::{match_claim, normalize_pcn};
use super::model::{Candidate, Candidates, Plan, RemittanceClaimState, RemittanceState};
use crate::edi::remittance_835::{ClaimPayment, PartyRole};
use crate::platform::clock::{Day, Millis};
use crate::platform::database::{Args, Bulk, Column, DbError, Queries, Tx};
use crate::platform::ids::{ClaimId, InboundFileId, PayerId, PracticeId, RemittanceClaimId, RemittanceId};
use crate::platform::money::Money;
use crate::{args, statements};

statements! {
    PAYEES = "SELECT id, npi, tax_id FROM practice ORDER BY code";
    PAYERS = "SELECT id, era_payer_id FROM payer WHERE practice_id = $1 ORDER BY code";
    BY_CONTENT = "SELECT id, inbound_file_id, state, (SELECT COUNT(*) FROM remittance_claim rc
        WHERE rc.practice_id = r.practice_id AND rc.remittance_id = r.id) FROM remittance r WHERE practice_id = $1 AND content_sha256 = $2";
    BY_BUSINESS_KEY = "SELECT id FROM remittance WHERE practice_id = $1 AND business_key = $2 AND state <> 'duplicate_conflict'";
    INSERT = "INSERT INTO remittance (practice_id, id, inbound_file_id, segment, payer_id, payer_name, business_key, content_sha256, trace_number,
        method, paid_cents, effective_date, claim_count, state, received_ms)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    END_STORING = "UPDATE remittance SET state = $3 WHERE practice_id = $1 AND id = $2 AND state = 'storing'";
    CLAIMS_BY_PCN = {
        sqlite: "SELECT id, pcn, icn, charge_cents FROM claim WHERE pcn IN (SELECT value FROM json_each($2)) AND practice_id + 0 = $1",
        postgres: "SELECT id, pcn, icn, charge_cents FROM claim WHERE pcn = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb))) AND practice_id = $1"
    };
    CLAIMS_BY_ICN = {
        sqlite: "SELECT id, pcn, icn, charge_cents FROM claim WHERE practice_id = $1 AND icn IN (SELECT value FROM json_each($2))",
        postgres: "SELECT id, pcn, icn, charge_cents FROM claim WHERE practice_id = $1 AND icn = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)))"
    };
    SUGGEST = "SELECT c.id FROM coverage v JOIN claim c ON c.practice_id = v.practice_id AND c.coverage_id = v.id
        WHERE v.practice_id = $1 AND v.member_id = $2 AND c.service_date = $3 AND c.charge_cents = $4 ORDER BY c.created_ms, c.id LIMIT $5";
    LIST = "SELECT id, payer_name, trace_number, method, paid_cents, effective_date, claim_count, state, received_ms FROM remittance
        WHERE practice_id = $1 AND (effective_date, id) < ($2, $3) ORDER BY effective_date DESC, id DESC LIMIT $4";
    ONE = "SELECT id, payer_name, trace_number, method, paid_cents, effective_date, claim_count, state, received_ms FROM remittance
        WHERE practice_id = $1 AND id = $2";
    OF_CLAIM = "SELECT rc.id, rc.position, rc.segment, rc.pcn, rc.status, rc.charge_cents, rc.paid_cents, rc.patient_cents, rc.icn, rc.claim_id, rc.state,
        rc.remittance_id, r.payer_name, r.trace_number, r.effective_date, r.received_ms FROM remittance_claim rc
        JOIN remittance r ON r.practice_id = rc.practice_id AND r.id = rc.remittance_id
        WHERE rc.practice_id = $1 AND rc.claim_id = $2 ORDER BY r.received_ms, r.id, rc.position LIMIT $3";
    PROVIDER_ADJUSTMENTS = "SELECT segment, code, reference, cents FROM provider_adjustment
        WHERE practice_id = $1 AND remittance_id = $2 ORDER BY segment, position";
    CLAIMS_PAGE = "SELECT id, position, segment, pcn, status, charge_cents, paid_cents, patient_cents, icn, claim_id, state FROM remittance_claim
        WHERE practice_id = $1 AND remittance_id = $2 AND position > $3 ORDER BY position LIMIT $4";
    CLAIM_CONTENT = "SELECT content FROM remittance_claim WHERE practice_id = $1 AND id = $2";
    ANSWERED = "SELECT c.state, COUNT(DISTINCT c.id) FROM remittance_claim r JOIN claim c ON c.practice_id = r.practice_id AND c.id = r.claim_id
        WHERE r.practice_id = $1 AND r.state <> 'stored' GROUP BY c.state ORDER BY c.state";
}

static CLAIM_ROWS: Bulk = Bulk {
    table: "remittance_claim",
    columns: &[
        ("practice_id", Column::Int),
        ("id", Column::Int),
        ("remittance_id", Column::Int),
        ("position", Column::Int),
        ("segment", Column::Int),
        ("pcn", Column::Text),
        ("status", Column::Text),
        ("charge_cents", Column::Int),
        ("paid_cents", Column::Int),
        ("patient_cents", Column::Int),
        ("icn", Column::Text),
        ("claim_id", Column::Int),
        ("state", Column::Text),
        ("content", Column::Text),
    ],
    on_conflict: "ON CONFLICT (practice_id, remittance_id, position) DO NOTHING",
};

static PLB_ROWS: Bulk = Bulk {
    table: "provider_adjustment",
    columns: &[
        ("practice_id", Column::Int),
        ("id", Column::Int),
        ("remittance_id", Column::Int),
        ("segment", Column::Int),
        ("position", Column::Int),
        ("code", Column::Text),
        ("reference", Column::Text),
        ("cents", Column::Int),
    ],
    on_conflict: "",
};

/// One line of the list of remittances.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct RemittanceListRow {
    /// Key.
    pub id: RemittanceId,
    /// The payer's name as it came.
    pub payer_name: String,
    /// TRN02.
    pub trace_number: String,
    /// BPR04.
    pub method: String,
    /// BPR02.
    pub paid_cents: Money,
    /// BPR16.
    pub effective_date: Day,
    /// Number of claims.
    pub claim_count: i64,
    /// Where it stands.
    pub state: String,
    /// When it was received.
    #[serde(skip)]
    pub received_ms: Millis,
}

/// One claim of a remittance, without its content.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct RemittanceClaimRow {
    /// Key.
    pub id: RemittanceClaimId,
    /// Its place, from 1.
    pub position: i64,
    /// Its CLP segment.
    pub segment: i64,
    /// CLP01.
    pub pcn: String,
    /// CLP02.
    pub status: String,
    /// CLP03.
    pub charge_cents: Money,
    /// CLP04.
    pub paid_cents: Money,
    /// CLP05.
    pub patient_cents: Money,
    /// CLP07.
    pub icn: String,
    /// Our claim, if one was matched.
    pub claim_id: Option<ClaimId>,
    /// Where it stands.
    pub state: String,
}

/// What one remittance says of a claim of ours.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ClaimRemittance {
    /// Its claim.
    #[sqlx(flatten)]
    pub claim: RemittanceClaimRow,
    /// The remittance.
    pub remittance_id: RemittanceId,
    /// The payer's name as it came.
    pub payer_name: String,
    /// TRN02.
    pub trace_number: String,
    /// BPR16.
    pub effective_date: Day,
    /// When it was received.
    pub received_ms: Millis,
}

/// A provider adjustment of a remittance.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub struct ProviderAdjustmentRow {
    /// Its PLB segment.
    pub segment: i64,
    /// The reason code.
    pub code: String,
    /// The payer's reference.
    pub reference: String,
    /// The amount; above zero it reduced the payment.
    pub cents: Money,
}

/// The practice that a payee is: by NPI, else by tax id if it is one practice's alone; none when it is nobody here (domain.md 2.1).
pub async fn payee(db: &mut impl Queries, npi: Option<&str>, tax_id: Option<&str>) -> Result<Option<PracticeId>, DbError> {
    let practices: Vec<(PracticeId, String, String)> = db.all(&PAYEES, args![]).await?;
    if let Some(npi) = npi {
        return Ok(practices.into_iter().find(|(_, known, _)| known == npi.trim()).map(|(id, ..)| id));
    }
    let digits: String = tax_id.unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
    let mut same = practices.into_iter().filter(|(.., known)| !digits.is_empty() && *known == digits);
    Ok(same.next().filter(|_| same.next().is_none()).map(|(id, ..)| id))
}

/// The payer of a practice that has one of these identifiers on remittances; the first identifier that is known decides.
pub(super) async fn payer(db: &mut impl Queries, practice: PracticeId, ids: &[String]) -> Result<Option<PayerId>, DbError> {
    let payers: Vec<(PayerId, String)> = db.all(&PAYERS, args![practice]).await?;
    Ok(ids.iter().find_map(|id| payers.iter().find(|(_, known)| known == id)).map(|(id, _)| *id))
}

/// A remittance whose content is known: its key, the file it came in first, where it stands, how many of its claims are stored.
pub(super) async fn by_content(
    db: &mut impl Queries,
    practice: PracticeId,
    sha256: &str,
) -> Result<Option<(RemittanceId, InboundFileId, RemittanceState, i64)>, DbError> {
    let row: Option<(RemittanceId, InboundFileId, String, i64)> = db.optional(&BY_CONTENT, args![practice, sha256]).await?;
    row.map(|(id, file, state, stored)| {
        let state = RemittanceState::from_code(&state).ok_or(DbError::Corrupt("remittance state"))?;
        Ok((id, file, state, stored))
    })
    .transpose()
}

/// Whether a payment is known, under any content.
pub(super) async fn is_known_payment(db: &mut impl Queries, practice: PracticeId, business_key: &str) -> Result<bool, DbError> {
    Ok(db.optional::<(RemittanceId,)>(&BY_BUSINESS_KEY, args![practice, business_key]).await?.is_some())
}

/// What a remittance is stored with besides its plan.
#[derive(Debug)]
pub(super) struct Heading {
    pub practice: PracticeId,
    pub file: InboundFileId,
    pub payer: Option<PayerId>,
    pub effective: jiff::civil::Date,
    pub state: RemittanceState,
    pub now: Millis,
}

/// Stores a remittance and its provider adjustments, without its claims.
pub(super) async fn insert(tx: &mut Tx, heading: &Heading, plan: &Plan) -> Result<RemittanceId, DbError> {
    let id: RemittanceId = tx.new_key()?;
    let remittance = &plan.remittance;
    let values = args![
        heading.practice,
        id,
        heading.file,
        remittance.segment,
        heading.payer,
        &remittance.payer.name,
        &plan.business_key,
        &plan.content_sha256,
        &remittance.trace,
        remittance.payment.method.as_str(),
        remittance.payment.amount,
        heading.effective,
        i64::try_from(plan.claims).unwrap_or(i64::MAX),
        heading.state.code(),
        heading.now
    ];
    tx.execute(&INSERT, values).await?;
    let mut rows: Vec<Args> = Vec::with_capacity(remittance.provider_adjustments.len());
    for (position, plb) in (1_i64..).zip(&remittance.provider_adjustments) {
        let key: i64 = tx.new_key()?;
        let reference = plb.reference.as_deref().unwrap_or_default();
        rows.push(args![heading.practice, key, id, plb.segment, position, plb.reason.as_str(), reference, plb.amount]);
    }
    tx.insert_all(&PLB_ROWS, &rows).await?;
    Ok(id)
}

/// Stores some claims of a remittance, the first of them at `first` (from 1), each matched to a claim of ours where one is meant. Those that
/// are stored already stay as they are.
pub(super) async fn insert_claims(
    tx: &mut Tx,
    practice: PracticeId,
    remittance: RemittanceId,
    first: i64,
    claims: &[ClaimPayment],
    state: RemittanceClaimState,
) -> Result<(), DbError> {
    let candidates = candidates(tx, practice, claims).await?;
    let mut rows: Vec<Args> = Vec::with_capacity(claims.len());
    for (position, claim) in (first..).zip(claims) {
        let key: RemittanceClaimId = tx.new_key()?;
        let content = serde_json::to_string(claim).map_err(|_| DbError::Corrupt("remittance claim"))?;
        rows.push(args![
            practice,
            key,
            remittance,
            position,
            claim.segment,
            &claim.pcn,
            claim.status.as_str(),
            claim.charge,
            claim.paid,
            claim.patient_responsibility.unwrap_or_default(),
            &claim.icn,
            match_claim(claim, &candidates).map(|(candidate, _)| candidate.claim),
            state.code(),
            content
        ]);
    }
    tx.insert_all(&CLAIM_ROWS, &rows).await.map(drop)
}

/// Our claims that some remittance claims may be about, by the numbers in them.
async fn candidates(tx: &mut Tx, practice: PracticeId, claims: &[ClaimPayment]) -> Result<Candidates, DbError> {
    let pcns = Value::from_iter(claims.iter().flat_map(|claim| [claim.pcn.clone(), normalize_pcn(&claim.pcn)])).to_string();
    let icns = claims.iter().flat_map(|claim| [Some(claim.icn.as_str()), claim.original_icn()]).flatten().filter(|icn| !icn.is_empty());
    let icns = Value::from_iter(icns).to_string();
    let mut candidates = Candidates::default();
    for candidate in typed(tx.all(&CLAIMS_BY_PCN, args![practice, pcns]).await?) {
        candidates.by_pcn.insert(candidate.pcn.clone(), candidate);
    }
    for candidate in typed(tx.all(&CLAIMS_BY_ICN, args![practice, icns]).await?) {
        candidates.by_icn.entry(candidate.icn.clone().unwrap_or_default()).or_default().push(candidate);
    }
    Ok(candidates)
}

fn typed(rows: Vec<(ClaimId, String, Option<String>, Money)>) -> impl Iterator<Item = Candidate> {
    rows.into_iter().map(|(claim, pcn, icn, charge)| Candidate { claim, pcn, icn, charge })
}

/// Everything of a remittance is stored; gives whether that was new.
pub(super) async fn end_storing(tx: &mut Tx, practice: PracticeId, id: RemittanceId, state: RemittanceState) -> Result<bool, DbError> {
    Ok(tx.execute(&END_STORING, args![practice, id, state.code()]).await? == 1)
}

/// Claims that an unmatched remittance claim may be about: same member id, day of service and charge. Never posted without a person
/// (domain.md 2.6).
pub async fn suggestions(db: &mut impl Queries, practice: PracticeId, payment: &ClaimPayment) -> Result<Vec<ClaimId>, DbError> {
    /// More than a few like claims of one child on one day are no suggestion any more.
    const SUGGESTIONS_MAX: u32 = 5;
    let member = [PartyRole::Insured, PartyRole::Patient].iter().find_map(|role| payment.party(role)?.id.clone());
    let day = payment.lines.iter().find_map(|line| line.service_date()).or_else(|| payment.date("232"));
    let (Some(member), Some(day)) = (member, day) else { return Ok(Vec::new()) };
    let values = args![practice, member.as_str(), day, payment.charge.abs(), SUGGESTIONS_MAX];
    Ok(db.all::<(ClaimId,)>(&SUGGEST, values).await?.into_iter().map(|row| row.0).collect())
}

/// One page of remittances, the newest payment first; the page after (`date`, `id`) of the last row of the page before.
pub async fn list(
    db: &mut impl Queries,
    practice: PracticeId,
    after: Option<(&str, RemittanceId)>,
    limit: u32,
) -> Result<Vec<RemittanceListRow>, DbError> {
    let (date, id) = after.unwrap_or(("9999-12-31", RemittanceId(i64::MAX)));
    db.all(&LIST, args![practice, date, id, limit]).await
}

/// One remittance.
pub async fn remittance(db: &mut impl Queries, practice: PracticeId, id: RemittanceId) -> Result<Option<RemittanceListRow>, DbError> {
    db.optional(&ONE, args![practice, id]).await
}

/// What remittances say of one claim of ours, the earliest first.
pub async fn of_claim(db: &mut impl Queries, practice: PracticeId, claim: ClaimId) -> Result<Vec<ClaimRemittance>, DbError> {
    /// A claim is adjudicated a few times; a hundred means something is wrong, and then the earliest tell what.
    const ADJUDICATIONS_MAX: u32 = 100;
    db.all(&OF_CLAIM, args![practice, claim, ADJUDICATIONS_MAX]).await
}

/// The provider adjustments of a remittance, in its order.
pub async fn provider_adjustments(
    db: &mut impl Queries,
    practice: PracticeId,
    id: RemittanceId,
) -> Result<Vec<ProviderAdjustmentRow>, DbError> {
    db.all(&PROVIDER_ADJUSTMENTS, args![practice, id]).await
}

/// One page of the claims of a remittance, after a place.
pub async fn claims(
    db: &mut impl Queries,
    practice: PracticeId,
    remittance: RemittanceId,
    after: i64,
    limit: u32,
) -> Result<Vec<RemittanceClaimRow>, DbError> {
    db.all(&CLAIMS_PAGE, args![practice, remittance, after, limit]).await
}

/// How many claims of each state a payer has answered in a remittance that posting has looked at. A claim that is still with its payer by
/// its state waits for a person or another payer's remittance, not for this one's answer.
pub async fn answered(db: &mut impl Queries, practice: PracticeId) -> Result<BTreeMap<String, i64>, DbError> {
    Ok(db.all::<(String, i64)>(&ANSWERED, args![practice]).await?.into_iter().collect())
}

/// What the payer says of one claim.
pub async fn claim_content(db: &mut impl Queries, practice: PracticeId, id: RemittanceClaimId) -> Result<ClaimPayment, DbError> {
    let (text,): (String,) = db.one(&CLAIM_CONTENT, args![practice, id]).await?;
    serde_json::from_str(&text).map_err(|_| DbError::Corrupt("remittance claim"))
}
