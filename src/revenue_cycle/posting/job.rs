//! The posting of one chunk: load → decide → commit, in one transaction.

use crate::transact;
use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use serde::{Deserialize, Serialize};

use super::decide::decide;
use super::model::{ClaimOutcome, Decision, Notice, Subject};
use super::plan::plan_unmatched;
use super::store;
use crate::platform::audit::{Actor, Event};
use crate::platform::clock::{Clock, Millis};
use crate::platform::database::{Db, Tx};
use crate::platform::ids::{ClaimId, PracticeId, RemittanceClaimId, RemittanceId};
use crate::platform::jobs::{self, Job, JobContext};
use crate::platform::money::Money;
use crate::practice;
use crate::revenue_cycle::claim::lifecycle::ClaimEvent;
use crate::revenue_cycle::claim::store::apply;
use crate::revenue_cycle::ledger::model::Journal;
use crate::revenue_cycle::ledger::store::{Entry, post};
use crate::revenue_cycle::remittance::model::RemittanceClaimState;
use crate::revenue_cycle::worklist::{self, NewItem};

/// Claims in one posting transaction. With some eight rows a claim it stays well below a second on both engines, and a process that dies
/// loses no more than that.
pub const CHUNK: i64 = 500;

/// Posts a stretch of a remittance.
#[derive(Debug)]
pub struct PostChunk;

/// Which stretch: places of claims in the remittance, from 1, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostChunkArgs {
    /// Whose.
    pub practice: PracticeId,
    /// Which remittance.
    pub remittance: RemittanceId,
    /// First place.
    pub first: i64,
    /// Last place.
    pub last: i64,
}

impl<S: Send + Sync + 'static> Job<S> for PostChunk {
    const KIND: &'static str = "posting.chunk";
    type Args = PostChunkArgs;

    async fn run(_: &S, ctx: &JobContext, args: PostChunkArgs) -> anyhow::Result<()> {
        run(&ctx.db, &ctx.clock, ctx.actor, args).await
    }
}

/// Posts what is stored of a stretch of a remittance, and what waited for it at the same visits. Again and again changes nothing more.
pub async fn run(db: &Db, clock: &Clock, actor: Actor, args: PostChunkArgs) -> anyhow::Result<()> {
    let now = clock.now();
    let zone = practice::store::zone(&mut &*db, args.practice).await?;
    let entry = Entry { practice: args.practice, zone, actor, now };
    let touched = transact!(db, |tx| post_stretch(tx, &entry, args).await)?;
    for remittance in touched {
        transact!(db, |tx| Ok(store::refresh(tx, args.practice, remittance, actor, now).await?))?;
    }
    Ok(())
}

async fn post_stretch(tx: &mut Tx, entry: &Entry, args: PostChunkArgs) -> anyhow::Result<BTreeSet<RemittanceId>> {
    let mut touched = BTreeSet::from([args.remittance]);
    let mut decided: Vec<(RemittanceClaimState, Decision)> = Vec::new();
    let mut decided_before: BTreeSet<ClaimId> = BTreeSet::new();
    for work in store::load(tx, args.practice, args.remittance, args.first, args.last).await? {
        touched.extend(work.pending.iter().map(|pending| pending.came.remittance));
        let before: BTreeMap<RemittanceClaimId, RemittanceClaimState> = work.pending.iter().map(|p| (p.id, p.state)).collect();
        let decisions = match work.facts {
            Some(mut facts) => {
                if !facts.history.is_empty() {
                    decided_before.extend(work.pending.iter().filter_map(|pending| pending.claim.as_ref()).map(|claim| claim.claim));
                }
                decide(&mut facts, work.pending)
            }
            None => work.pending.iter().map(plan_unmatched).collect(),
        };
        decided.extend(decisions.into_iter().map(|decision| (before[&decision.id], decision)));
    }
    // What waited and still waits has been said before.
    decided.retain(|(before, decision)| *before != decision.state);
    let decisions: Vec<&Decision> = decided.iter().map(|(_, decision)| decision).collect();
    store::settle(tx, args.practice, &decisions).await?;
    let journals: Vec<Journal> = decisions.iter().filter_map(|decision| decision.journal.clone()).collect();
    post(tx, entry, &journals).await?;
    settle_claims(tx, entry, &decisions, &decided_before).await?;
    for (before, decision) in &decided {
        if *before == RemittanceClaimState::Waiting {
            worklist::resolve_subject(tx, args.practice, "posting", "remittance_claim", decision.id.0, "it was posted", entry.now).await?;
        }
        for notice in &decision.notices {
            worklist::raise(tx, item(entry, notice), entry.now).await?;
        }
    }
    Ok(touched)
}

/// Moves the claims by what became of them, notes their payments, and ends the work items of those that were decided before.
async fn settle_claims(tx: &mut Tx, entry: &Entry, decisions: &[&Decision], decided_before: &BTreeSet<ClaimId>) -> anyhow::Result<()> {
    let mut events: Vec<(ClaimId, ClaimEvent)> = Vec::new();
    let mut payments: BTreeMap<ClaimId, (Money, String)> = BTreeMap::new();
    for outcome in decisions.iter().filter_map(|decision| decision.outcome.as_ref()) {
        events.push((outcome.claim, event_of(outcome.kind)));
        let (paid, icn) = payments.entry(outcome.claim).or_default();
        *paid += outcome.paid;
        icn.clone_from(&outcome.icn);
        for stage in ["posting", "denial"].into_iter().filter(|_| decided_before.contains(&outcome.claim)) {
            worklist::resolve_subject(tx, entry.practice, stage, "claim", outcome.claim.0, "the payer has decided anew", entry.now).await?;
        }
    }
    store::note_payments(tx, entry.practice, &payments).await?;
    let applied = apply(tx, entry.practice, &events, entry.actor, entry.now).await?;
    if let Some((claim, event)) = applied.refused.first() {
        anyhow::bail!("claim {claim} refused the event {}", event.code());
    }
    Ok(())
}

fn event_of(outcome: ClaimOutcome) -> ClaimEvent {
    match outcome {
        ClaimOutcome::Paid => ClaimEvent::Paid,
        ClaimOutcome::PaidPartly => ClaimEvent::PaidPartly,
        ClaimOutcome::PaidNothing => ClaimEvent::PaidNothingPatient,
        ClaimOutcome::Denied => ClaimEvent::Denied,
        ClaimOutcome::Reversed => ClaimEvent::Reversed,
    }
}

fn item(entry: &Entry, notice: &Notice) -> NewItem {
    let (subject_kind, subject_id) = match notice.subject {
        Subject::Claim(id) => ("claim", id.0),
        Subject::RemittanceClaim(id) => ("remittance_claim", id.0),
    };
    let today = entry.now.date_in(&entry.zone);
    NewItem {
        practice: entry.practice,
        stage: notice.stage,
        reason: notice.reason.clone(),
        subject_kind,
        subject_id,
        message: notice.message.clone(),
        due_date: notice.due_in_days.and_then(|days| today.checked_add(days.days()).ok()),
    }
}

/// A person has mended what kept a remittance claim from posting: it is decided again, matched to `claim` if one is given. Gives whether
/// it was waiting for anybody.
pub async fn retry(
    tx: &mut Tx,
    practice: PracticeId,
    id: RemittanceClaimId,
    claim: Option<ClaimId>,
    actor: Actor,
    now: Millis,
) -> anyhow::Result<bool> {
    let Some((remittance, place)) = store::reopen(tx, practice, id, claim).await? else { return Ok(false) };
    worklist::resolve_subject(tx, practice, "posting", "remittance_claim", id.0, "decided again", now).await?;
    tx.record(Event {
        practice,
        at: now,
        actor,
        subject_kind: "remittance_claim",
        subject_id: id.0,
        event: "remittance_claim.retried",
        from: None,
        to: Some(RemittanceClaimState::Stored.code().to_owned()),
        detail: claim.map(|claim| format!("claim {claim}")),
    });
    let args = PostChunkArgs { practice, remittance, first: place, last: place };
    let key = format!("posting.chunk:{remittance}:{place}:{}", now.0);
    jobs::enqueue::<(), PostChunk>(tx, Some(practice), &key, &args, now).await?;
    Ok(true)
}
