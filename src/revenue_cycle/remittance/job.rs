//! Taking in one 835 transaction set: judged, stored, its cash booked, its claims handed to posting. Interrupted anywhere, it is taken up
//! where it stood when the same content comes again.

use crate::transact;
use std::sync::Arc;

use super::model::{Plan, RemittanceClaimState, RemittanceState};
use super::plan::{payer_ids, plan};
use super::store::{self, Heading};
use crate::edi::TransactionSet;
use crate::edi::remittance_835::{ClaimPayment, Claims};
use crate::platform::audit::{Actor, Event};
use crate::platform::clock::{Clock, Millis};
use crate::platform::database::{Db, Tx};
use crate::platform::ids::{InboundFileId, PracticeId, RemittanceId};
use crate::platform::jobs;
use crate::practice;
use crate::revenue_cycle::ledger::store::{Entry, post};
use crate::revenue_cycle::posting::{CHUNK, PostChunk, PostChunkArgs, booking};
use crate::revenue_cycle::worklist::{self, NewItem};

/// What became of a transaction set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// Stored and booked; posting is under way.
    Booked(PracticeId, RemittanceId),
    /// Stored and not booked; a person must look at it.
    Held(PracticeId, RemittanceId, RemittanceState),
    /// The same content was received before: nothing changed.
    Known(PracticeId, RemittanceId),
    /// The payee is no practice here: nothing was stored.
    UnknownPayee,
}

/// Takes in one 835 transaction set of an archived file.
pub async fn receive(db: &Db, clock: &Clock, actor: Actor, file: InboundFileId, set: &TransactionSet) -> anyhow::Result<Received> {
    let plan = Arc::new(plan(set));
    let payee = &plan.remittance.payee;
    let Some(practice) = store::payee(&mut &*db, payee.npi(), payee.tax_id()).await? else { return Ok(Received::UnknownPayee) };
    let zone = practice::store::zone(&mut &*db, practice).await?;
    let entry = Arc::new(Entry { practice, zone, actor, now: clock.now() });
    let payer = store::payer(&mut &*db, practice, &payer_ids(&plan.remittance)).await?;
    let effective = plan.remittance.payment.date.unwrap_or_else(|| entry.now.date_in(&entry.zone));
    let heading = Heading { practice, file, payer, effective, state: plan.verdict(), now: entry.now };

    let opened = {
        let (entry, plan) = (Arc::clone(&entry), Arc::clone(&plan));
        transact!(db, |tx| open(tx, &entry, &heading, &plan).await)?
    };
    let (id, state, stored) = match opened {
        Opened::Complete(id) => return Ok(Received::Known(practice, id)),
        Opened::At(id, state, stored) => (id, state, stored),
    };
    let claim_state = if state == RemittanceState::Storing { RemittanceClaimState::Stored } else { RemittanceClaimState::Held };
    // From here on a chunk of claims is in memory at a time.
    let mut claims = Claims::of(set).skip(usize::try_from(stored)?);
    let mut place = stored + 1;
    loop {
        let chunk: Vec<ClaimPayment> = claims.by_ref().take(usize::try_from(CHUNK)?).collect();
        if chunk.is_empty() {
            break;
        }
        transact!(db, |tx| Ok(store::insert_claims(tx, practice, id, place, &chunk, claim_state).await?))?;
        place += i64::try_from(chunk.len())?;
    }
    if state != RemittanceState::Storing {
        return Ok(Received::Held(practice, id, state));
    }
    transact!(db, |tx| hand_over(tx, &entry, id, plan.claims).await)?;
    Ok(Received::Booked(practice, id))
}

enum Opened {
    /// It is all there.
    Complete(RemittanceId),
    /// It is there with so many of its claims.
    At(RemittanceId, RemittanceState, i64),
}

/// Stores the remittance and books its cash, or finds how far an earlier attempt came.
async fn open(tx: &mut Tx, entry: &Entry, heading: &Heading, plan: &Plan) -> anyhow::Result<Opened> {
    if let Some((id, file, state, stored)) = store::by_content(tx, entry.practice, &plan.content_sha256).await? {
        let complete = state != RemittanceState::Storing && usize::try_from(stored)? >= plan.claims;
        if file != heading.file {
            tx.record(event(entry, id, "remittance.received_again", state, Some(format!("inbound_file {}", heading.file))));
        }
        return Ok(if complete { Opened::Complete(id) } else { Opened::At(id, state, stored) });
    }
    let is_conflict = store::is_known_payment(tx, entry.practice, &plan.business_key).await?;
    let state = if is_conflict { RemittanceState::DuplicateConflict } else { heading.state };
    let id = store::insert(tx, &Heading { state, ..*heading }, plan).await?;
    tx.record(event(entry, id, "remittance.received", state, Some(format!("inbound_file {}", heading.file))));
    let mut notices = plan.notices();
    if is_conflict {
        let message = "a payment with the same trace number, date and amount came before with other content: nothing was booked".to_owned();
        notices.push(("DUPLICATE_CONFLICT", message));
    }
    if state == RemittanceState::Storing
        && let Ok(proof) = &plan.proof
    {
        post(tx, entry, &[booking::book(id, heading.effective, heading.payer, &plan.remittance, proof)]).await?;
        notices.extend(booking::plb_notices(&plan.remittance.provider_adjustments));
    }
    for (reason, message) in notices {
        let item = NewItem {
            practice: entry.practice,
            stage: "remittance",
            reason: reason.to_owned(),
            subject_kind: "remittance",
            subject_id: id.0,
            message,
            due_date: None,
        };
        worklist::raise(tx, item, entry.now).await?;
    }
    Ok(Opened::At(id, state, 0))
}

/// Asks for the posting of all claims, a chunk a job.
async fn hand_over(tx: &mut Tx, entry: &Entry, remittance: RemittanceId, claims: usize) -> anyhow::Result<()> {
    let count = i64::try_from(claims)?;
    let next = if count == 0 { RemittanceState::Posted } else { RemittanceState::Posting };
    if !store::end_storing(tx, entry.practice, remittance, next).await? {
        return Ok(());
    }
    tx.record(event(entry, remittance, "remittance.stored", next, None));
    for first in (1..=count).step_by(usize::try_from(CHUNK)?) {
        let args = PostChunkArgs { practice: entry.practice, remittance, first, last: count.min(first + CHUNK - 1) };
        ask(tx, entry.now, args).await?;
    }
    Ok(())
}

async fn ask(tx: &mut Tx, now: Millis, args: PostChunkArgs) -> anyhow::Result<()> {
    let key = format!("posting.chunk:{}:{}", args.remittance, args.first);
    jobs::enqueue::<(), PostChunk>(tx, Some(args.practice), &key, &args, now).await?;
    Ok(())
}

fn event(entry: &Entry, id: RemittanceId, event: &'static str, state: RemittanceState, detail: Option<String>) -> Event {
    Event {
        practice: entry.practice,
        at: entry.now,
        actor: entry.actor,
        subject_kind: "remittance",
        subject_id: id.0,
        event,
        from: None,
        to: Some(state.code().to_owned()),
        detail,
    }
}
