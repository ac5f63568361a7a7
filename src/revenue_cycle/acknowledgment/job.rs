//! One acknowledgment against what was sent: load → decide → write, inside the caller's transaction.

use std::collections::{BTreeMap, HashMap};

use super::plan::{self, News, SentBatch};
use super::store;
use crate::edi::ack_277ca::ClaimAcknowledgment;
use crate::edi::ack_999::ImplementationAck;
use crate::edi::ack_ta1::InterchangeAck;
use crate::platform::audit::Actor;
use crate::platform::clock::Millis;
use crate::platform::database::{DbError, Tx};
use crate::platform::ids::{ClaimId, InboundFileId, PracticeId, SubmitterId};
use crate::revenue_cycle::claim::{self, lifecycle::ClaimEvent};
use crate::revenue_cycle::submission::{self, Batch, Interchange};
use crate::revenue_cycle::worklist::{self, NewItem};

/// An acknowledgment as read.
#[derive(Debug)]
pub enum Answer {
    /// About an interchange.
    Ta1(InterchangeAck),
    /// About a functional group.
    Set(ImplementationAck),
    /// About claims.
    Claims(ClaimAcknowledgment),
}

/// Applies one acknowledgment; the caller's transaction holds its effect key. Gives how many claims it named; none when it answers nothing
/// that this submitter sent.
pub async fn apply(
    tx: &mut Tx,
    file: InboundFileId,
    submitter: SubmitterId,
    answer: &Answer,
    actor: Actor,
    now: Millis,
) -> Result<Option<usize>, DbError> {
    match answer {
        Answer::Ta1(ack) => {
            let Some(interchange) = by_number(tx, submitter, &ack.control_number, Number::Interchange).await? else { return Ok(None) };
            let batches = sent_batches(tx, &interchange).await?;
            let news = plan::on_ta1(ack, &batches);
            write(tx, file, "TA1", Some(&interchange), news, actor, now).await.map(Some)
        }
        Answer::Set(ack) => {
            let Some(interchange) = by_number(tx, submitter, &ack.group_control_number, Number::Group).await? else { return Ok(None) };
            let batches = sent_batches(tx, &interchange).await?;
            let news = plan::on_999(ack, &batches);
            write(tx, file, "999", Some(&interchange), news, actor, now).await.map(Some)
        }
        Answer::Claims(ack) => {
            let mut named = None;
            for source in &ack.sources {
                for status in &source.batches {
                    let batch = match submission::batch_by_reference(tx, &status.batch).await? {
                        Some(batch) => Some(sent(tx, &batch).await?),
                        None => None,
                    };
                    let mut owners: HashMap<String, (PracticeId, ClaimId)> = HashMap::new();
                    for claim in status.providers.iter().flat_map(|p| &p.claims) {
                        if let Some(owner) = claim::store::by_pcn(tx, &claim.pcn).await? {
                            owners.insert(claim.pcn.clone(), owner);
                        }
                    }
                    let news = plan::on_277ca(&source.kind, status, batch.as_ref(), &|pcn| owners.get(pcn).copied());
                    let written = write(tx, file, "277CA", None, news, actor, now).await?;
                    if batch.is_some() || !owners.is_empty() {
                        named = Some(named.unwrap_or(0) + written);
                    }
                }
            }
            Ok(named)
        }
    }
}

enum Number {
    Interchange,
    Group,
}

async fn by_number(tx: &mut Tx, submitter: SubmitterId, number: &str, kind: Number) -> Result<Option<Interchange>, DbError> {
    let Ok(number) = number.trim().parse::<i64>() else { return Ok(None) };
    match kind {
        Number::Interchange => submission::interchange_by_control(tx, submitter, number).await,
        Number::Group => submission::interchange_by_group(tx, submitter, number).await,
    }
}

async fn sent_batches(tx: &mut Tx, interchange: &Interchange) -> Result<Vec<SentBatch>, DbError> {
    let mut batches = Vec::new();
    for batch in submission::batches_of(tx, interchange.id).await? {
        batches.push(sent(tx, &batch).await?);
    }
    Ok(batches)
}

async fn sent(tx: &mut Tx, batch: &Batch) -> Result<SentBatch, DbError> {
    Ok(SentBatch {
        practice: batch.practice_id,
        batch: batch.id,
        set_number: batch.set_number.clone(),
        reference: batch.reference.clone(),
        claims: submission::batch_claims(tx, batch.practice_id, batch.id).await?,
    })
}

async fn write(
    tx: &mut Tx,
    file: InboundFileId,
    kind: &str,
    interchange: Option<&Interchange>,
    news: News,
    actor: Actor,
    now: Millis,
) -> Result<usize, DbError> {
    store::insert(tx, file, kind, &news.claims).await?;
    if let (true, Some(interchange)) = (news.interchange_rejected, interchange) {
        submission::mark_rejected(tx, interchange.id).await?;
    }
    let mut events: BTreeMap<PracticeId, Vec<(ClaimId, ClaimEvent)>> = BTreeMap::new();
    for n in &news.claims {
        events.entry(n.practice).or_default().push((n.claim, n.event));
    }
    for (practice, events) in events {
        claim::store::apply(tx, practice, &events, actor, now).await?;
    }
    for n in &news.claims {
        if let (ClaimEvent::AcceptedByPayer, Some(icn)) = (n.event, &n.icn) {
            claim::store::set_icn(tx, n.practice, n.claim, icn).await?;
        }
        if matches!(n.event, ClaimEvent::Rejected | ClaimEvent::SyntaxRejected) {
            let item = NewItem {
                practice: n.practice,
                stage: "acknowledgment",
                reason: if n.event == ClaimEvent::Rejected { "REJECTED_CLAIM" } else { "REJECTED_SYNTAX" }.to_owned(),
                subject_kind: "claim",
                subject_id: n.claim.0,
                message: format!("Rejected by the partner ({kind} {}): mend the claim and send it again with the same frequency", n.code),
                due_date: None,
            };
            worklist::raise(tx, item, now).await?;
        }
    }
    for alert in news.alerts {
        let item = NewItem {
            practice: alert.practice,
            stage: "acknowledgment",
            reason: alert.reason.to_owned(),
            subject_kind: "batch",
            subject_id: alert.batch.0,
            message: alert.message,
            due_date: None,
        };
        worklist::raise(tx, item, now).await?;
    }
    Ok(news.claims.len())
}
