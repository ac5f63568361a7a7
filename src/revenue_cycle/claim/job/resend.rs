//! Rejected claims go out again: mended in the records, built anew as a version of its own, with the same frequency (domain.md 1.5, 3.5).
//!
//! A rejection came before adjudication, so there is nothing to replace at the payer; the rejected version stays as it was sent, and what
//! a partner says of it later is told to a person.

use jiff::civil::Date;
use serde::Serialize;

use super::super::build::pcn;
use super::super::lifecycle::{ClaimEvent, ClaimState};
use super::super::recorded::same_records;
use super::super::store::{self, ClaimRow, NewClaim};
use super::{draft, settle, subject, surroundings, watch_filing};
use crate::family::store::Households;
use crate::platform::audit::{Actor, Event};
use crate::platform::clock::Millis;
use crate::platform::database::{Db, DbError, Tx};
use crate::platform::ids::{ClaimId, PracticeId};
use crate::practice::PracticeSetup;
use crate::revenue_cycle::encounter;
use crate::revenue_cycle::scrub::{self, Finding};
use crate::revenue_cycle::worklist;
use crate::revenue_cycle::worklist::deadline::DeadlineKind;
use crate::transact;

/// Which rejected claims go out again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// Every one whose records say something else than what was rejected. A changed rule of the payer or the practice is no record.
    Mended,
    /// These, by claim number, whether anything was mended or not: the partner may have been at fault.
    Named(Vec<String>),
}

/// What became of one rejected claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// A new version was built and scrubbed.
    Resent {
        /// Its claim number.
        claim_number: String,
    },
    /// Its records say what was rejected: mend them first, or name the claim to send it as it was.
    Unchanged,
    /// The coverage on the date of service is another payer's now, or there is none: that is another claim, which a person decides.
    OtherPayer,
    /// No claim of this practice that is rejected has this number.
    NotRejected,
}

/// One claim number with what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Resent {
    /// The number of the version that was rejected.
    pub rejected: String,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// Claims built anew in one transaction: as many as a scrub takes.
const CHUNK_MAX: u32 = 200;

/// Builds new versions of rejected claims from today's records and scrubs them; `submit` sends those that are ready.
pub async fn resend(db: &Db, practice: PracticeId, which: &Which, actor: Actor, now: Millis) -> anyhow::Result<Vec<Resent>> {
    let setup = PracticeSetup::load(&mut &*db, practice).await?;
    let mut told = Vec::new();
    match which {
        Which::Named(numbers) => {
            for number in numbers {
                let known = store::by_pcn(&mut &*db, number).await?.filter(|(owner, _)| *owner == practice);
                let outcome = match known {
                    Some((_, id)) => transact!(db, |tx| Ok(resend_one(tx, &setup, id, true, actor, now).await?))?.1,
                    None => Outcome::NotRejected,
                };
                told.push(Resent { rejected: number.clone(), outcome });
            }
        }
        Which::Mended => {
            for state in [ClaimState::RejectedSyntax, ClaimState::RejectedClaim] {
                let mut after = ClaimId(0);
                loop {
                    let ids = store::of_state(&mut &*db, practice, state, after, CHUNK_MAX).await?;
                    let Some(last) = ids.last() else { break };
                    after = *last;
                    told.extend(transact!(db, |tx| Ok(resend_chunk(tx, &setup, &ids, actor, now).await?))?);
                }
            }
        }
    }
    Ok(told)
}

async fn resend_chunk(tx: &mut Tx, setup: &PracticeSetup, ids: &[ClaimId], actor: Actor, now: Millis) -> Result<Vec<Resent>, DbError> {
    let mut told = Vec::with_capacity(ids.len());
    for &id in ids {
        let (rejected, outcome) = resend_one(tx, setup, id, false, actor, now).await?;
        told.push(Resent { rejected, outcome });
    }
    Ok(told)
}

/// One claim in the caller's transaction; gives its number and what became of it.
async fn resend_one(
    tx: &mut Tx,
    setup: &PracticeSetup,
    id: ClaimId,
    even_unchanged: bool,
    actor: Actor,
    now: Millis,
) -> Result<(String, Outcome), DbError> {
    let practice = setup.practice.id;
    let row = store::claim(tx, practice, id).await?.ok_or(DbError::Missing("claim"))?;
    if !row.state().is_some_and(ClaimState::is_rejected) {
        return Ok((row.pcn, Outcome::NotRejected));
    }
    let encounters = encounter::encounters(tx, practice, &[row.encounter_id]).await?;
    let households = Households::load(tx, practice, &[row.child_id]).await?;
    let encounter = encounters.first().ok_or(DbError::Missing("encounter"))?;
    let around = surroundings(tx, practice, std::slice::from_ref(encounter), now).await?;
    let Some(as_rejected) = draft(setup, encounter, &households, &around.rules.rules, &row.pcn).filter(|d| d.payer == row.payer_id) else {
        return Ok((row.pcn, Outcome::OtherPayer));
    };
    if !even_unchanged && same_records(&as_rejected.content, &store::content(tx, practice, id).await?) {
        return Ok((row.pcn, Outcome::Unchanged));
    }
    let next: ClaimId = tx.new_key()?;
    let version = u32::try_from(row.version).map_err(|_| DbError::Corrupt("claim version"))? + 1;
    let number = pcn(next, version);
    let Some(draft) = draft(setup, encounter, &households, &around.rules.rules, &number) else { return Ok((row.pcn, Outcome::OtherPayer)) };
    let today = now.date_in(&setup.practice.time_zone);
    draft.record(tx, practice, next, actor, now);
    let claim = draft.into_claim(practice, next, encounter, version);
    let findings = around.findings(setup, &subject(&claim, encounter, &households), today);
    replace(tx, practice, &row, claim, findings, today, (actor, now)).await?;
    Ok((row.pcn, Outcome::Resent { claim_number: number }))
}

/// Stores the new version, ends the old one, scrubs.
async fn replace(
    tx: &mut Tx,
    practice: PracticeId,
    rejected: &ClaimRow,
    claim: NewClaim,
    findings: Vec<Finding>,
    today: Date,
    (actor, now): (Actor, Millis),
) -> Result<(), DbError> {
    store::insert(tx, std::slice::from_ref(&claim), actor, now).await?;
    // The time for filing runs on from the date of service: a rejected claim never arrived.
    worklist::close_deadlines(tx, practice, DeadlineKind::TimelyFiling, &[rejected.id]).await?;
    watch_filing(tx, practice, claim.id, claim.file_by, today).await?;
    store::apply(tx, practice, &[(rejected.id, ClaimEvent::Resent)], actor, now).await?;
    scrub::keep_overrides(tx, practice, rejected.id, claim.id).await?;
    worklist::resolve_subject(tx, practice, "acknowledgment", "claim", rejected.id.0, "sent again", now).await?;
    tx.record(Event {
        practice,
        at: now,
        actor,
        subject_kind: "claim",
        subject_id: claim.id.0,
        event: "claim.resent",
        from: None,
        to: None,
        detail: Some(format!("in place of {}", rejected.pcn)),
    });
    settle(tx, practice, &[(claim.id, findings, claim.file_by)], actor, now).await.map(drop)
}
