//! Writing and transmitting interchanges: load → decide → commit, safe to kill anywhere.

use crate::transact;
use std::collections::HashMap;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use super::plan::{self, INTERCHANGE_CLAIMS_MAX};
use super::store::{self, BATCH_CLAIM_ROWS, Batch, Interchange};
use crate::app::App;
use crate::args;
use crate::edi::WriteError;
use crate::edi::claim_837p::write_claims;
use crate::edi::readback::{ReadBack, read_back};
use crate::platform::archive;
use crate::platform::audit::Actor;
use crate::platform::clock::{Clock, Millis};
use crate::platform::database::{Db, DbError, Tx};
use crate::platform::ids::{BatchId, ClaimId, InterchangeId, PayerId, PracticeId, SubmitterId};
use crate::platform::jobs::{self, Job, JobContext};
use crate::platform::money::Money;
use crate::practice::PracticeSetup;
use crate::practice::model::{Stored, Submitter};
use crate::revenue_cycle::claim::{self, lifecycle::ClaimEvent};
use crate::revenue_cycle::scrub::written::misfits;
use crate::revenue_cycle::worklist::{self, NewItem};

/// Which claims to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteInterchangeArgs {
    /// Whose claims.
    pub practice: PracticeId,
    /// Those that go by this submitter.
    pub submitter: SubmitterId,
}

/// Writes the ready claims of one submitter into as many interchanges as they need.
pub struct WriteInterchange;

impl Job<App> for WriteInterchange {
    const KIND: &'static str = "submission.write";
    type Args = WriteInterchangeArgs;

    async fn run(_: &App, ctx: &JobContext, args: WriteInterchangeArgs) -> anyhow::Result<()> {
        let setup = PracticeSetup::load(&mut &ctx.db, args.practice).await?;
        let submitter = setup.submitters.iter().find(|s| s.id == args.submitter).context("the submitter is not set up any more")?;
        loop {
            match write_one(&ctx.db, &ctx.clock, ctx.actor, &setup, submitter).await {
                Ok(Some(_)) => {}
                Ok(None) => return Ok(()),
                // What is left can't be written because of the submitter's own names and numbers: somebody mends the set-up.
                Err(error) if !error.is::<Unwritable>() || !set_aside(ctx, &setup, submitter.id).await? => return Err(error),
                Err(_) => {}
            }
        }
    }
}

/// Asks for the writing of all ready claims of a practice, one job a submitter; gives how many jobs. A request at the same instant is the
/// same request.
pub async fn request_submission(tx: &mut Tx, setup: &PracticeSetup, now: Millis) -> Result<usize, DbError> {
    let mut asked = 0;
    for submitter in &setup.submitters {
        let args = WriteInterchangeArgs { practice: setup.practice.id, submitter: submitter.id };
        let key = format!("submission.write:{}:{}:{}", args.practice, args.submitter, now.0);
        asked += usize::from(jobs::enqueue::<App, WriteInterchange>(tx, Some(args.practice), &key, &args, now).await?);
    }
    Ok(asked)
}

/// Asks for the writing of all ready claims of a practice in a transaction of its own.
pub async fn submit_ready(db: &Db, practice: PracticeId, now: Millis) -> anyhow::Result<usize> {
    let setup = PracticeSetup::load(&mut &*db, practice).await?;
    transact!(db, |tx| Ok(request_submission(tx, &setup, now).await?))
}

/// An interchange holds values that can't be written. Tells where, and no value.
#[derive(Debug, thiserror::Error)]
#[error("an interchange can't be written: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
struct Unwritable(Vec<WriteError>);

/// Takes the ready claims back that no interchange can hold: edits of another version let them pass. One such claim must not keep the
/// others back (domain.md 8, 21). False when every claim by itself can be written.
async fn set_aside(ctx: &JobContext, setup: &PracticeSetup, submitter: SubmitterId) -> anyhow::Result<bool> {
    let (practice, now) = (setup.practice.id, ctx.clock.now());
    transact!(ctx.db, |tx| {
        let ready = store::ready(tx, practice, submitter, INTERCHANGE_CLAIMS_MAX).await?;
        let ids: Vec<ClaimId> = ready.iter().map(|r| r.0).collect();
        let claims = claim::store::load(tx, practice, &ids).await?;
        let misfits = claims.iter().filter(|claim| !misfits(&claim.content).is_empty()).map(|claim| claim.id);
        let misfits: Vec<ClaimId> = misfits.take(claim::RESCRUB_MAX as usize).collect();
        claim::set_aside(tx, setup, &misfits, ctx.actor, now).await?;
        Ok(!misfits.is_empty())
    })
}

/// Writes one interchange: claims, numbers, bytes, snapshots and the request to transmit it, in one transaction. None when nothing is ready;
/// [`Unwritable`] when a value fits into no element.
async fn write_one(
    db: &Db,
    clock: &Clock,
    actor: Actor,
    setup: &PracticeSetup,
    submitter: &Stored<SubmitterId, Submitter>,
) -> anyhow::Result<Option<InterchangeId>> {
    let now = clock.now();
    let written_at = now.zoned(&setup.practice.time_zone).datetime();
    let practice = setup.practice.id;
    transact!(db, |tx| {
        let ready = store::ready(tx, practice, submitter.id, INTERCHANGE_CLAIMS_MAX).await?;
        if ready.is_empty() {
            return Ok(None);
        }
        let ids: Vec<ClaimId> = ready.iter().map(|r| r.0).collect();
        let events: Vec<(ClaimId, ClaimEvent)> = ids.iter().map(|id| (*id, ClaimEvent::Batched)).collect();
        let applied = claim::store::apply(tx, practice, &events, actor, now).await?;
        if !applied.refused.is_empty() {
            // Another process batched some of them since they were listed: list again.
            return Err(DbError::Stale("claim state").into());
        }
        let claims = claim::store::load(tx, practice, &ids).await?;
        let isa13 = store::next_number(tx, submitter.id, "isa").await?;
        let gs06 = store::next_number(tx, submitter.id, "gs").await?;
        let payers: Vec<PayerId> = claims.iter().map(|c| c.payer).collect();
        let sets = plan::group(&payers);
        let trees: Vec<_> = sets
            .iter()
            .enumerate()
            .map(|(n, set)| {
                let reference = plan::batch_reference(submitter.id.0, isa13, n);
                let contents = set.claims.iter().map(|&i| claims[i].content.clone());
                plan::transaction_set(submitter, &plan::set_number(n), &reference, written_at, contents)
            })
            .collect();
        let envelope = plan::envelope(submitter, isa13, gs06, written_at);
        let written = write_claims(&envelope, &trees).map_err(Unwritable)?;
        let archive_id = archive::store(tx, archive::pack(&written.bytes)?, now).await?;
        let interchange = Interchange {
            id: tx.new_key()?,
            submitter_id: submitter.id,
            isa13: i64::from(isa13),
            gs06: i64::from(gs06),
            file_name: format!("837P-{isa13:09}.edi"),
            archive_id,
            read_back: String::new(),
            state: "written".to_owned(),
        };
        store::insert_interchange(tx, &interchange, now).await?;
        let segments: HashMap<&str, u32> = written.claims.iter().map(|w| (w.id.as_str(), w.segment)).collect();
        let mut rows = Vec::with_capacity(claims.len());
        for (n, set) in sets.iter().enumerate() {
            let batch = Batch {
                practice_id: practice,
                id: tx.new_key::<BatchId>()?,
                interchange_id: interchange.id,
                payer_id: set.payer,
                set_number: plan::set_number(n),
                reference: plan::batch_reference(submitter.id.0, isa13, n),
                claim_count: set.claims.len() as i64,
                charge_cents: set.claims.iter().map(|&i| claims[i].content.claim.charge).sum::<Money>(),
            };
            store::insert_batch(tx, &batch, now).await?;
            let members: Vec<ClaimId> = set.claims.iter().map(|&i| claims[i].id).collect();
            claim::store::set_batch(tx, practice, &members, batch.id).await?;
            for (position, &i) in set.claims.iter().enumerate() {
                let number = &claims[i].content.claim.id;
                let segment = segments.get(number.as_str()).copied().unwrap_or_default();
                rows.push(args![practice, batch.id, claims[i].id, position as i64 + 1, segment, &claims[i].stored]);
            }
        }
        tx.insert_all(&BATCH_CLAIM_ROWS, &rows).await?;
        let args = TransmitArgs { practice, interchange: interchange.id };
        let key = format!("submission.transmit:{}", interchange.id);
        jobs::enqueue::<App, Transmit>(tx, Some(practice), &key, &args, now).await?;
        Ok(Some(interchange.id))
    })
}

/// Which interchange to transmit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransmitArgs {
    /// Whose claims are in it.
    pub practice: PracticeId,
    /// Which.
    pub interchange: InterchangeId,
}

/// Has an interchange read by the second reader, then hands it over.
pub struct Transmit;

impl Job<App> for Transmit {
    const KIND: &'static str = "submission.transmit";
    type Args = TransmitArgs;

    async fn run(app: &App, ctx: &JobContext, args: TransmitArgs) -> anyhow::Result<()> {
        let interchange = store::interchange(&mut &ctx.db, args.interchange).await?;
        let connection = app.connection(&ctx.db, interchange.submitter_id).await?;
        if interchange.state == "written" {
            let bytes = archive::load(&mut &ctx.db, interchange.archive_id).await?;
            let outcome = tokio::task::spawn_blocking(move || read_back(&bytes)).await?;
            if !check(ctx, args, &outcome).await? {
                return Ok(());
            }
        }
        let interchange = store::interchange(&mut &ctx.db, args.interchange).await?;
        if interchange.state == "checked" {
            let bytes = archive::load(&mut &ctx.db, interchange.archive_id).await?;
            connection.stage(&interchange.file_name, &bytes).await?;
            transact!(ctx.db, |tx| Ok(store::mark(tx, interchange.id, "checked", "staged").await?))?;
        }
        let interchange = store::interchange(&mut &ctx.db, args.interchange).await?;
        if interchange.state == "staged" {
            // Staged bytes are handed over; what is no longer staged was handed over before this process was started.
            connection.deliver(&interchange.file_name).await?;
            delivered(ctx, args).await?;
        }
        Ok(())
    }
}

/// Notes what the second reader said; false when the interchange must not leave.
async fn check(ctx: &JobContext, args: TransmitArgs, outcome: &ReadBack) -> anyhow::Result<bool> {
    let now = ctx.clock.now();
    let refusal = match outcome {
        ReadBack::Same => None,
        ReadBack::Exempt(_) => None,
        ReadBack::Differs { byte } => {
            Some(format!("The second reader renders other bytes from byte {byte} on: the interchange was not sent"))
        }
        ReadBack::Failed(why) => Some(format!("The second reader can't read the interchange ({why}): it was not sent")),
    };
    let said = match outcome {
        ReadBack::Same => "same".to_owned(),
        ReadBack::Exempt(constructs) => format!("exempt: {}", constructs.join(", ")),
        ReadBack::Differs { .. } | ReadBack::Failed(_) => "refused".to_owned(),
    };
    transact!(ctx.db, |tx| {
        let state = if refusal.is_none() { "checked" } else { "refused" };
        store::mark_checked(tx, args.interchange, state, &said).await?;
        if let Some(message) = &refusal {
            let item = NewItem {
                practice: args.practice,
                stage: "submission",
                reason: "READ_BACK".to_owned(),
                subject_kind: "interchange",
                subject_id: args.interchange.0,
                message: message.clone(),
                due_date: None,
            };
            worklist::raise(tx, item, now).await?;
        }
        Ok(())
    })?;
    Ok(refusal.is_none())
}

/// Notes that an interchange was handed over, and moves its claims.
async fn delivered(ctx: &JobContext, args: TransmitArgs) -> anyhow::Result<()> {
    let now = ctx.clock.now();
    transact!(ctx.db, |tx| {
        if !store::mark_sent(tx, args.interchange, now).await? {
            return Ok(());
        }
        for batch in store::batches_of(tx, args.interchange).await? {
            let claims = store::batch_claims(tx, batch.practice_id, batch.id).await?;
            let events: Vec<_> = claims.iter().map(|(id, _)| (*id, ClaimEvent::Transmitted)).collect();
            claim::store::apply(tx, batch.practice_id, &events, ctx.actor, now).await?;
        }
        Ok(())
    })
}
