//! Posting's reading and writing: a chunk of remittance claims with the money of their visits, and what was decided about them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde_json::Value;

use super::model::{Came, Decision, EncounterFacts, LineFacts, PayerFacts, Pending, Posted};
use super::remitter::{Benefits, remitter};
use crate::edi::remittance_835::{ClaimPayment, ClaimStatus};
use crate::platform::audit::{Actor, Event};
use crate::platform::clock::{Day, Millis};
use crate::platform::database::{DbError, Queries, Tx};
use crate::platform::ids::{
    ChargeLineId, ChildId, ClaimId, EncounterId, FamilyId, JournalId, PayerId, PracticeId, RemittanceClaimId, RemittanceId,
};
use crate::platform::money::Money;
use crate::practice;
use crate::practice::model::{Payer, Stored};
use crate::revenue_cycle::ledger::model::{Journal, JournalKind, PayerOrder, References};
use crate::revenue_cycle::ledger::store::history_of_lines;
use crate::revenue_cycle::remittance::matching::match_lines;
use crate::revenue_cycle::remittance::model::{ClaimLine, MatchedClaim, RemittanceClaimState, RemittanceState};
use crate::{args, statements};

statements! {
    CHUNK = "SELECT rc.id, rc.remittance_id, rc.position, rc.claim_id, rc.state, rc.content, r.payer_id, r.effective_date, r.received_ms
        FROM remittance_claim rc JOIN remittance r ON r.practice_id = rc.practice_id AND r.id = rc.remittance_id
        WHERE rc.practice_id = $1 AND rc.remittance_id = $2 AND rc.state = 'stored' AND rc.position >= $3 AND rc.position <= $4 ORDER BY rc.position";
    WAITING = {
        sqlite: "SELECT rc.id, rc.remittance_id, rc.position, rc.claim_id, rc.state, rc.content, r.payer_id, r.effective_date, r.received_ms
            FROM claim c CROSS JOIN remittance_claim rc CROSS JOIN remittance r WHERE rc.practice_id = c.practice_id AND rc.claim_id = c.id
            AND r.practice_id = rc.practice_id AND r.id = rc.remittance_id AND c.practice_id = $1 AND c.encounter_id IN (SELECT value FROM json_each($2)) AND rc.state = 'waiting'",
        postgres: "SELECT rc.id, rc.remittance_id, rc.position, rc.claim_id, rc.state, rc.content, r.payer_id, r.effective_date, r.received_ms
            FROM claim c JOIN remittance_claim rc ON rc.practice_id = c.practice_id AND rc.claim_id = c.id
            JOIN remittance r ON r.practice_id = rc.practice_id AND r.id = rc.remittance_id
            WHERE c.practice_id = $1 AND c.encounter_id = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)::bigint)) AND rc.state = 'waiting'"
    };
    CLAIMS = {
        sqlite: "SELECT id, pcn, encounter_id, child_id, family_id, payer_id, responsibility, service_date FROM claim
            WHERE practice_id = $1 AND id IN (SELECT value FROM json_each($2))",
        postgres: "SELECT id, pcn, encounter_id, child_id, family_id, payer_id, responsibility, service_date FROM claim
            WHERE practice_id = $1 AND id = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)::bigint))"
    };
    CLAIM_LINES = {
        sqlite: "SELECT claim_id, charge_line_id, line_number, procedure_code, modifiers, cents FROM claim_line
            WHERE practice_id = $1 AND claim_id IN (SELECT value FROM json_each($2)) ORDER BY claim_id, position",
        postgres: "SELECT claim_id, charge_line_id, line_number, procedure_code, modifiers, cents FROM claim_line
            WHERE practice_id = $1 AND claim_id = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)::bigint)) ORDER BY claim_id, position"
    };
    LOCK_VISITS = {
        sqlite: "SELECT id FROM encounter WHERE practice_id = $1 AND id IN (SELECT value FROM json_each($2)) ORDER BY id",
        postgres: "SELECT id FROM encounter WHERE practice_id = $1 AND id = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)::bigint))
            ORDER BY id FOR UPDATE"
    };
    VISIT_LINES = {
        sqlite: "SELECT encounter_id, id FROM charge_line WHERE practice_id = $1 AND encounter_id IN (SELECT value FROM json_each($2))",
        postgres: "SELECT encounter_id, id FROM charge_line WHERE practice_id = $1
            AND encounter_id = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)::bigint))"
    };
    POSTED = {
        sqlite: "SELECT c.encounter_id, rc.id, rc.status, rc.icn, rc.charge_cents, rc.paid_cents, rc.payer_order, rc.remittance_id, rc.position,
            r.effective_date, r.received_ms
            FROM claim c CROSS JOIN remittance_claim rc CROSS JOIN remittance r WHERE rc.practice_id = c.practice_id AND rc.claim_id = c.id
            AND r.practice_id = rc.practice_id AND r.id = rc.remittance_id AND c.practice_id = $1 AND c.encounter_id IN (SELECT value FROM json_each($2)) AND rc.state = 'posted'
            ORDER BY r.effective_date, r.received_ms, rc.position",
        postgres: "SELECT c.encounter_id, rc.id, rc.status, rc.icn, rc.charge_cents, rc.paid_cents, rc.payer_order, rc.remittance_id, rc.position,
            r.effective_date, r.received_ms
            FROM claim c JOIN remittance_claim rc ON rc.practice_id = c.practice_id AND rc.claim_id = c.id
            JOIN remittance r ON r.practice_id = rc.practice_id AND r.id = rc.remittance_id
            WHERE c.practice_id = $1 AND c.encounter_id = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)::bigint)) AND rc.state = 'posted'
            ORDER BY r.effective_date, r.received_ms, rc.position"
    };
    COVERAGES = {
        sqlite: "SELECT child_id, coverage_rank, payer_id, effective_from, effective_to FROM coverage
            WHERE practice_id = $1 AND child_id IN (SELECT value FROM json_each($2)) ORDER BY child_id, coverage_rank, effective_from",
        postgres: "SELECT child_id, coverage_rank, payer_id, effective_from, effective_to FROM coverage
            WHERE practice_id = $1 AND child_id = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)::bigint))
            ORDER BY child_id, coverage_rank, effective_from"
    };
    SETTLE = {
        sqlite: "UPDATE remittance_claim SET state = $3, payer_order = $4
            WHERE practice_id = $1 AND id IN (SELECT value FROM json_each($2)) AND state IN ('stored', 'waiting')",
        postgres: "UPDATE remittance_claim SET state = $3, payer_order = $4
            WHERE practice_id = $1 AND id = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)::bigint)) AND state IN ('stored', 'waiting')"
    };
    NOTE_PAYMENT = "UPDATE claim SET paid_cents = paid_cents + $3, icn = COALESCE($4, icn) WHERE practice_id = $1 AND id = $2";
    COUNTS = "SELECT r.state, COUNT(rc.id), COUNT(CASE WHEN rc.state = 'stored' THEN 1 END),
        COUNT(CASE WHEN rc.state = 'waiting' OR rc.state = 'review' THEN 1 END) FROM remittance r
        LEFT JOIN remittance_claim rc ON rc.practice_id = r.practice_id AND rc.remittance_id = r.id
        WHERE r.practice_id = $1 AND r.id = $2 GROUP BY r.state";
    SET_STATE = "UPDATE remittance SET state = $4 WHERE practice_id = $1 AND id = $2 AND state = $3";
    REOPEN = "UPDATE remittance_claim SET state = 'stored', claim_id = COALESCE($3, claim_id)
        WHERE practice_id = $1 AND id = $2 AND state IN ('review', 'waiting') RETURNING remittance_id, position";
}

#[derive(sqlx::FromRow)]
struct PendingRow {
    id: RemittanceClaimId,
    remittance_id: RemittanceId,
    position: i64,
    claim_id: Option<ClaimId>,
    state: String,
    content: String,
    payer_id: Option<PayerId>,
    effective_date: Day,
    received_ms: Millis,
}

#[derive(Clone, sqlx::FromRow)]
struct ClaimRow {
    id: ClaimId,
    pcn: String,
    encounter_id: EncounterId,
    child_id: ChildId,
    family_id: FamilyId,
    payer_id: PayerId,
    responsibility: String,
    service_date: Day,
}

#[derive(sqlx::FromRow)]
struct LineRow {
    claim_id: ClaimId,
    charge_line_id: ChargeLineId,
    line_number: String,
    procedure_code: String,
    modifiers: String,
    cents: Money,
}

#[derive(sqlx::FromRow)]
struct PostedRow {
    encounter_id: EncounterId,
    id: RemittanceClaimId,
    status: String,
    icn: String,
    charge_cents: Money,
    paid_cents: Money,
    payer_order: Option<i64>,
    remittance_id: RemittanceId,
    position: i64,
    effective_date: Day,
    received_ms: Millis,
}

#[derive(sqlx::FromRow)]
struct CoverageRow {
    child_id: ChildId,
    coverage_rank: i64,
    payer_id: PayerId,
    effective_from: Day,
    effective_to: Option<Day>,
}

/// What is pending at one visit, and its money. Claims that match none of ours stand alone.
pub(super) struct Work {
    /// The visit; none when the claim was not matched.
    pub facts: Option<EncounterFacts>,
    /// Its remittance claims that wait to be posted.
    pub pending: Vec<Pending>,
}

fn keys(ids: impl IntoIterator<Item = i64>) -> String {
    let distinct: BTreeSet<i64> = ids.into_iter().collect();
    Value::from_iter(distinct).to_string()
}

/// Loads the stored claims of a stretch of a remittance, all that waits at the same visits, and the visits' money; locks the visits, so
/// that two chunks never decide about one visit at a time. (SQLite has one writer and no locks; its texts name the order of the joins with
/// CROSS JOIN, because without statistics its planner would begin with the whole of a practice's remittances.)
pub(super) async fn load(tx: &mut Tx, practice: PracticeId, remittance: RemittanceId, first: i64, last: i64) -> Result<Vec<Work>, DbError> {
    let mut rows: Vec<PendingRow> = tx.all(&CHUNK, args![practice, remittance, first, last]).await?;
    let mut claims = load_claims(tx, practice, &rows).await?;
    let visits = keys(claims.values().map(|claim| claim.encounter_id.0));
    tx.all::<(EncounterId,)>(&LOCK_VISITS, args![practice, &visits]).await?;
    let waiting: Vec<PendingRow> = tx.all(&WAITING, args![practice, &visits]).await?;
    claims.extend(load_claims(tx, practice, &waiting).await?);
    rows.extend(waiting);
    let lines = load_lines(tx, practice, &claims).await?;
    let coverages: Vec<CoverageRow> = tx.all(&COVERAGES, args![practice, keys(claims.values().map(|claim| claim.child_id.0))]).await?;
    let payers = load_payers(tx, practice).await?;
    let mut facts = load_facts(tx, practice, &claims, &visits).await?;

    let mut unmatched: Vec<Work> = Vec::new();
    let mut matched: BTreeMap<EncounterId, Vec<Pending>> = BTreeMap::new();
    for row in rows {
        let content: ClaimPayment = serde_json::from_str(&row.content).map_err(|_| DbError::Corrupt("remittance claim"))?;
        let state = RemittanceClaimState::from_code(&row.state).ok_or(DbError::Corrupt("remittance claim state"))?;
        let claim = row.claim_id.and_then(|id| claims.get(&id));
        let known: Vec<(PayerOrder, PayerId)> = claim.map(|claim| covered(&coverages, claim)).unwrap_or_default();
        let ours = claim.map(|claim| MatchedClaim {
            claim: claim.id,
            pcn: claim.pcn.clone(),
            encounter: claim.encounter_id,
            payer: claim.payer_id,
            service_date: claim.service_date.0,
            lines: lines.get(&claim.id).cloned().unwrap_or_default(),
        });
        let who = match claim {
            Some(claim) => {
                let claim_order = PayerOrder::from_responsibility(&claim.responsibility);
                let benefits = Benefits { claim_payer: claim.payer_id, claim_order, on: claim.service_date.0, coverages: &known };
                remitter(row.payer_id, &content.status, &benefits, &payers)
            }
            None => Err(super::model::UnknownRemitter::Coverage),
        };
        let pending = Pending {
            id: row.id,
            came: Came {
                effective: row.effective_date.0,
                received: row.received_ms,
                remittance: row.remittance_id,
                position: row.position,
            },
            state,
            lines: ours.as_ref().map(|ours| match_lines(&content, &ours.lines, ours.service_date)).unwrap_or_default(),
            content,
            remitter: who,
            claim: ours,
        };
        match claim {
            Some(claim) => matched.entry(claim.encounter_id).or_default().push(pending),
            None => unmatched.push(Work { facts: None, pending: vec![pending] }),
        }
    }
    let works = matched.into_iter().map(|(visit, pending)| Work { facts: facts.remove(&visit), pending });
    Ok(works.chain(unmatched).collect())
}

async fn load_claims(tx: &mut Tx, practice: PracticeId, rows: &[PendingRow]) -> Result<BTreeMap<ClaimId, ClaimRow>, DbError> {
    let ids = keys(rows.iter().filter_map(|row| row.claim_id).map(|id| id.0));
    let claims: Vec<ClaimRow> = tx.all(&CLAIMS, args![practice, ids]).await?;
    Ok(claims.into_iter().map(|claim| (claim.id, claim)).collect())
}

async fn load_lines(
    tx: &mut Tx,
    practice: PracticeId,
    claims: &BTreeMap<ClaimId, ClaimRow>,
) -> Result<BTreeMap<ClaimId, Vec<ClaimLine>>, DbError> {
    let rows: Vec<LineRow> = tx.all(&CLAIM_LINES, args![practice, keys(claims.keys().map(|id| id.0))]).await?;
    let mut lines: BTreeMap<ClaimId, Vec<ClaimLine>> = BTreeMap::new();
    for row in rows {
        lines.entry(row.claim_id).or_default().push(ClaimLine {
            charge_line: row.charge_line_id,
            line_number: row.line_number,
            code: row.procedure_code,
            modifiers: row.modifiers.split(':').filter(|modifier| !modifier.is_empty()).map(str::to_owned).collect(),
            charge: row.cents,
        });
    }
    Ok(lines)
}

async fn load_payers(tx: &mut Tx, practice: PracticeId) -> Result<Vec<PayerFacts>, DbError> {
    let payers = practice::store::payers(tx, practice).await?.into_iter();
    let facts = |Stored { id, facts }: Stored<PayerId, Payer>| PayerFacts {
        id,
        era_payer_id: facts.era_payer_id.to_string(),
        class: facts.class,
        rules: facts.rules,
    };
    Ok(payers.map(facts).collect())
}

/// The child's payers on the day of service, one a place.
fn covered(coverages: &[CoverageRow], claim: &ClaimRow) -> Vec<(PayerOrder, PayerId)> {
    let on = claim.service_date.0;
    let active = |row: &&CoverageRow| {
        row.child_id == claim.child_id && row.effective_from.0 <= on && row.effective_to.is_none_or(|last| on <= last.0)
    };
    let mut places: Vec<(PayerOrder, PayerId)> = Vec::new();
    for row in coverages.iter().filter(active) {
        if let Some(order) = PayerOrder::new(row.coverage_rank).filter(|order| places.iter().all(|(taken, _)| taken != order)) {
            places.push((order, row.payer_id));
        }
    }
    places
}

async fn load_facts(
    tx: &mut Tx,
    practice: PracticeId,
    claims: &BTreeMap<ClaimId, ClaimRow>,
    visits: &str,
) -> Result<BTreeMap<EncounterId, EncounterFacts>, DbError> {
    let mut facts: BTreeMap<EncounterId, EncounterFacts> = claims
        .values()
        .map(|claim| {
            let (encounter, family) = (claim.encounter_id, claim.family_id);
            (encounter, EncounterFacts { encounter, family, lines: BTreeMap::new(), history: Vec::new() })
        })
        .collect();
    let visit_of: BTreeMap<ChargeLineId, EncounterId> = tx
        .all::<(EncounterId, ChargeLineId)>(&VISIT_LINES, args![practice, visits])
        .await?
        .into_iter()
        .map(|(visit, line)| (line, visit))
        .collect();
    let lines: Vec<ChargeLineId> = visit_of.keys().copied().collect();
    let mut journals: BTreeMap<RemittanceClaimId, (JournalId, Journal)> = BTreeMap::new();
    let mut reversed: BTreeSet<JournalId> = BTreeSet::new();
    for entry in history_of_lines(tx, practice, &lines).await? {
        let Some(facts) = entry.transfer.line.and_then(|line| visit_of.get(&line)).and_then(|visit| facts.get_mut(visit)) else { continue };
        if let Some(line) = entry.transfer.line {
            facts.lines.entry(line).or_insert_with(LineFacts::default).apply(&entry.transfer);
        }
        reversed.extend(entry.row.reverses_id);
        if let Some(id) = entry.row.remittance_claim_id {
            let effective: Date = entry.row.effective_date.parse().map_err(|_| DbError::Corrupt("effective date"))?;
            let (_, journal) = journals.entry(id).or_insert_with(|| {
                let journal = Journal {
                    kind: JournalKind::Posting,
                    effect_key: entry.row.effect_key.clone(),
                    effective,
                    reason: entry.row.reason.clone(),
                    references: References { claim: entry.row.claim_id, remittance_claim: Some(id), ..References::default() },
                    reverses: None,
                    transfers: Vec::new(),
                };
                (entry.row.transfer.journal_id, journal)
            });
            journal.transfers.push(entry.transfer);
        }
    }
    let posted: Vec<PostedRow> = tx.all(&POSTED, args![practice, visits]).await?;
    let undone: Vec<(EncounterId, Option<i64>, String)> = posted
        .iter()
        .filter(|row| ClaimStatus::from(row.status.as_str()) == ClaimStatus::Reversal)
        .map(|row| (row.encounter_id, row.payer_order, row.icn.clone()))
        .collect();
    for row in posted {
        let Some(facts) = facts.get_mut(&row.encounter_id) else { continue };
        let order = row.payer_order.and_then(PayerOrder::new).ok_or(DbError::Corrupt("payer order"))?;
        let (key, journal) = journals.remove(&row.id).unzip();
        // A posting that moved nothing has no journal that a reversal could name.
        let is_reversed = match key {
            Some(key) => reversed.contains(&key),
            None => undone.contains(&(row.encounter_id, row.payer_order, row.icn.clone())),
        };
        facts.history.push(Posted {
            id: row.id,
            order,
            came: Came {
                effective: row.effective_date.0,
                received: row.received_ms,
                remittance: row.remittance_id,
                position: row.position,
            },
            icn: row.icn,
            charge: row.charge_cents,
            paid: row.paid_cents,
            is_reversal: ClaimStatus::from(row.status.as_str()) == ClaimStatus::Reversal,
            reversed: is_reversed,
            journal,
        });
    }
    Ok(facts)
}

/// Writes the new states of remittance claims; `Stale` when another run was faster.
pub(super) async fn settle(tx: &mut Tx, practice: PracticeId, decisions: &[&Decision]) -> Result<(), DbError> {
    let mut alike: BTreeMap<(RemittanceClaimState, Option<PayerOrder>), Vec<i64>> = BTreeMap::new();
    for decision in decisions {
        alike.entry((decision.state, decision.order)).or_default().push(decision.id.0);
    }
    for ((state, order), ids) in alike {
        let expected = ids.len() as u64;
        let changed = tx.execute(&SETTLE, args![practice, keys(ids), state.code(), order.map(PayerOrder::rank)]).await?;
        if changed != expected {
            return Err(DbError::Stale("remittance claims"));
        }
    }
    Ok(())
}

/// Adds payments to claims, in the order of their keys, and notes the payer's numbers of them.
pub(super) async fn note_payments(tx: &mut Tx, practice: PracticeId, payments: &BTreeMap<ClaimId, (Money, String)>) -> Result<(), DbError> {
    for (claim, (paid, icn)) in payments {
        let icn = Some(icn.as_str()).filter(|icn| !icn.is_empty());
        tx.execute_one(&NOTE_PAYMENT, args![practice, *claim, *paid, icn]).await?;
    }
    Ok(())
}

/// Sets a remittance to where its claims stand, and records the change. Runs in a transaction of its own after the claims' has ended, so
/// that the last of several chunks sees all of them.
pub(super) async fn refresh(tx: &mut Tx, practice: PracticeId, remittance: RemittanceId, actor: Actor, now: Millis) -> Result<(), DbError> {
    let (state, _claims, stored, open): (String, i64, i64, i64) = tx.one(&COUNTS, args![practice, remittance]).await?;
    let present = RemittanceState::from_code(&state).ok_or(DbError::Corrupt("remittance state"))?;
    let next = match present {
        RemittanceState::Posting | RemittanceState::Review | RemittanceState::Posted if stored > 0 => RemittanceState::Posting,
        RemittanceState::Posting | RemittanceState::Review | RemittanceState::Posted if open > 0 => RemittanceState::Review,
        RemittanceState::Posting | RemittanceState::Review | RemittanceState::Posted => RemittanceState::Posted,
        other => other,
    };
    if next != present && tx.execute(&SET_STATE, args![practice, remittance, present.code(), next.code()]).await? == 1 {
        tx.record(Event {
            practice,
            at: now,
            actor,
            subject_kind: "remittance",
            subject_id: remittance.0,
            event: "remittance.moved",
            from: Some(present.code().to_owned()),
            to: Some(next.code().to_owned()),
            detail: None,
        });
    }
    Ok(())
}

/// Lets a claim that a person has looked at be posted again, matched to `claim` if one is given. Gives its remittance and place; none when
/// it does not wait for a person.
pub(super) async fn reopen(
    tx: &mut Tx,
    practice: PracticeId,
    id: RemittanceClaimId,
    claim: Option<ClaimId>,
) -> Result<Option<(RemittanceId, i64)>, DbError> {
    tx.optional(&REOPEN, args![practice, id, claim]).await
}
