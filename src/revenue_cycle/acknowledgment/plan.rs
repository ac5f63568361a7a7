//! From an acknowledgment and what was sent to events for claims. Pure.

use jiff::civil::Date;

use crate::edi::ack_277ca::{self, AcknowledgedClaim, BatchStatus, SourceKind, Status, Verdict};
use crate::edi::ack_999::{AckResult, ImplementationAck};
use crate::edi::ack_ta1::{InterchangeAck, InterchangeResult};
use crate::platform::ids::{BatchId, ClaimId, PracticeId};
use crate::revenue_cycle::claim::ClaimEvent;

/// A batch as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentBatch {
    /// Whose.
    pub practice: PracticeId,
    /// Key.
    pub batch: BatchId,
    /// ST02.
    pub set_number: String,
    /// BHT03.
    pub reference: String,
    /// Its claims and their numbers.
    pub claims: Vec<(ClaimId, String)>,
}

/// What an acknowledgment says about one claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimNews {
    /// Whose.
    pub practice: PracticeId,
    /// In which batch, when it is known.
    pub batch: Option<BatchId>,
    /// Which claim.
    pub claim: ClaimId,
    /// What happened.
    pub event: ClaimEvent,
    /// The partner's code: `R`, `A2:20`, `A7:562:82`.
    pub code: String,
    /// The number of the segment that says so.
    pub segment: u32,
    /// The payer's number of the claim.
    pub icn: Option<String>,
    /// The date of the status: proof of timely filing for an acceptance.
    pub date: Option<Date>,
}

/// Something for a person, about a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Whose.
    pub practice: PracticeId,
    /// Which batch.
    pub batch: BatchId,
    /// A code.
    pub reason: &'static str,
    /// What to do.
    pub message: String,
}

/// What follows from an acknowledgment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// For claims, in the order of the file.
    pub claims: Vec<ClaimNews>,
    /// For people.
    pub alerts: Vec<Alert>,
    /// The interchange never happened: it must not count as sent.
    pub interchange_rejected: bool,
}

impl News {
    fn all(&mut self, batch: &SentBatch, event: ClaimEvent, code: &str, segment: u32) {
        self.some(batch, event, code, segment, |_| true);
    }

    fn some(&mut self, batch: &SentBatch, event: ClaimEvent, code: &str, segment: u32, which: impl Fn(&str) -> bool) {
        for (claim, _) in batch.claims.iter().filter(|(_, pcn)| which(pcn)) {
            self.claims.push(ClaimNews {
                practice: batch.practice,
                batch: Some(batch.batch),
                claim: *claim,
                event,
                code: code.to_owned(),
                segment,
                icn: None,
                date: None,
            });
        }
    }

    fn alert(&mut self, batch: &SentBatch, reason: &'static str, message: impl Into<String>) {
        self.alerts.push(Alert { practice: batch.practice, batch: batch.batch, reason, message: message.into() });
    }
}

/// TA1: R means that the interchange never happened, unless it was a copy of one that may be in process (domain.md 3.1).
#[must_use]
pub fn on_ta1(ack: &InterchangeAck, batches: &[SentBatch]) -> News {
    let mut news = News::default();
    let code = format!("{}:{}", ack.result.as_str(), ack.note.0);
    match ack.result {
        InterchangeResult::Rejected if ack.is_duplicate() => {
            for batch in batches {
                news.alert(
                    batch,
                    "DUPLICATE_INTERCHANGE",
                    "The partner calls the interchange a copy: the first may be in process. Ask the partner; nothing is sent again",
                );
            }
        }
        InterchangeResult::Rejected => {
            news.interchange_rejected = true;
            for batch in batches {
                news.all(batch, ClaimEvent::NeverHappened, &code, ack.segment);
                let why = ack.note.meaning().unwrap_or("a reason that is not known here");
                news.alert(
                    batch,
                    "INTERCHANGE_REJECTED",
                    format!("The interchange was rejected (TA1 {code}: {why}): mend the envelope; its claims are ready again"),
                );
            }
        }
        InterchangeResult::Other(_) => {
            for batch in batches {
                news.alert(
                    batch,
                    "INTERCHANGE_UNCLEAR",
                    format!("The partner answered TA1 {code}, which is not known here: ask the partner"),
                );
            }
        }
        InterchangeResult::Accepted | InterchangeResult::AcceptedWithErrors => {}
    }
    news
}

/// 999: which sets were accepted; which claims caused a rejection, by CTX; nobody's claims when no fault is named (domain.md 3.1).
#[must_use]
pub fn on_999(ack: &ImplementationAck, batches: &[SentBatch]) -> News {
    let mut news = News::default();
    for batch in batches {
        let response = ack.sets.iter().find(|set| set.control_number == batch.set_number);
        let Some(set) = response else {
            on_missing_set(ack, batch, &mut news);
            continue;
        };
        let code = set.result.as_str();
        if set.result.is_accepted() {
            news.all(batch, ClaimEvent::SetAccepted, code, set.segment);
        } else if set.is_duplicate() || ack.is_duplicate() {
            news.alert(
                batch,
                "DUPLICATE_SET",
                "The partner calls the batch a copy: the first may be in process. Ask the partner; nothing is sent again",
            );
        } else if set.errors.is_empty() {
            news.all(batch, ClaimEvent::NeverHappened, code, set.segment);
            news.alert(
                batch,
                "SET_REJECTED",
                "The batch was rejected (999) without a named fault: its claims are ready again; ask the partner",
            );
        } else {
            let named = set.named_claims();
            let known = batch.claims.iter().any(|(_, pcn)| named.contains(&pcn.as_str()));
            if known {
                news.some(batch, ClaimEvent::SyntaxRejected, code, set.segment, |pcn| named.contains(&pcn));
                news.some(batch, ClaimEvent::NeverHappened, code, set.segment, |pcn| !named.contains(&pcn));
            } else {
                news.all(batch, ClaimEvent::SyntaxRejected, code, set.segment);
            }
        }
    }
    news
}

/// A 999 need not answer each set (AK2 is situational): the group's answer counts then.
fn on_missing_set(ack: &ImplementationAck, batch: &SentBatch, news: &mut News) {
    let result = &ack.group.result;
    let segment = ack.group.segment;
    match result {
        result if result.is_accepted() => news.all(batch, ClaimEvent::SetAccepted, result.as_str(), segment),
        _ if ack.is_duplicate() => {
            news.alert(
                batch,
                "DUPLICATE_SET",
                "The partner calls the group a copy: the first may be in process. Ask the partner; nothing is sent again",
            );
        }
        result if result.is_rejected() => {
            news.all(batch, ClaimEvent::NeverHappened, result.as_str(), segment);
            news.alert(
                batch,
                "SET_REJECTED",
                "The group was rejected (999) without a named fault: its claims are ready again; ask the partner",
            );
        }
        AckResult::PartiallyAccepted => {
            let counts = format!("{} sent, {} received, {} accepted", ack.group.included, ack.group.received, ack.group.accepted);
            news.alert(
                batch,
                "SET_NOT_ANSWERED",
                format!("The 999 accepts some sets and says nothing about this batch ({counts}): ask the partner"),
            );
        }
        _ => news.alert(batch, "SET_NOT_ANSWERED", "The 999 says nothing about this batch: ask the partner"),
    }
}

/// 277CA: what was taken into adjudication, and what was not. A rejected batch or provider without claims below rejects all of its claims.
#[must_use]
pub fn on_277ca(
    source: &SourceKind,
    status: &BatchStatus,
    batch: Option<&SentBatch>,
    owner: &dyn Fn(&str) -> Option<(PracticeId, ClaimId)>,
) -> News {
    let mut news = News::default();
    let listed: Vec<&AcknowledgedClaim> = status.providers.iter().flat_map(|p| &p.claims).collect();
    let above = status.statuses.iter().chain(status.providers.iter().flat_map(|p| &p.statuses));
    if let (Some(batch), true) = (batch, listed.is_empty()) {
        let statuses: Vec<Status> = above.cloned().collect();
        let segment = statuses.first().map_or(status.segment, |s| s.segment);
        match ack_277ca::worst(&statuses) {
            Some(Verdict::Rejected) => news.all(batch, ClaimEvent::Rejected, &code_of(&statuses), segment),
            Some(Verdict::Received | Verdict::Forwarded | Verdict::Accepted | Verdict::Split) => {
                news.all(batch, ClaimEvent::Received, &code_of(&statuses), segment);
            }
            _ => news.alert(batch, "BATCH_UNCLEAR", format!("The 277CA says {} of the batch: ask the partner", code_of(&statuses))),
        }
    }
    for claim in listed {
        let Some((practice, id)) = owner(&claim.pcn) else {
            if let Some(batch) = batch {
                news.alert(batch, "CLAIM_UNKNOWN", "The 277CA names a claim number that is not ours: ask the partner");
            }
            continue;
        };
        let event = match (ack_277ca::worst(&claim.statuses), source) {
            (Some(Verdict::Received | Verdict::Forwarded), _) => ClaimEvent::Received,
            (Some(Verdict::Accepted | Verdict::Split), SourceKind::Payer) => ClaimEvent::AcceptedByPayer,
            (Some(Verdict::Accepted | Verdict::Split), _) => ClaimEvent::AcceptedByClearinghouse,
            (Some(Verdict::Rejected), _) => ClaimEvent::Rejected,
            (Some(Verdict::NotFound | Verdict::Unknown) | None, _) => {
                if let Some(batch) = batch {
                    let code = code_of(&claim.statuses);
                    news.alert(batch, "CLAIM_UNCLEAR", format!("The 277CA says {code} of a claim: the batch may be lost, ask the partner"));
                }
                continue;
            }
        };
        news.claims.push(ClaimNews {
            practice,
            batch: batch.map(|b| b.batch),
            claim: id,
            event,
            code: code_of(&claim.statuses),
            segment: claim.segment,
            icn: claim.icns.first().cloned(),
            date: claim.statuses.iter().find_map(|s| s.date),
        });
    }
    if let Some(batch) = batch {
        let counted = [status.totals.accepted, status.totals.rejected];
        if counted.iter().any(Option::is_some) {
            let told: u64 = counted.iter().flatten().sum();
            let sent = batch.claims.len() as u64;
            if told != sent {
                news.alert(
                    batch,
                    "BATCH_SHORT",
                    format!("{sent} claims were sent, the 277CA counts {told}: ask the partner for the others"),
                );
            }
        }
    }
    news
}

/// The codes of a status as one text: `A7:562:82`, several by space.
fn code_of(statuses: &[Status]) -> String {
    let codes = statuses.iter().flat_map(|s| &s.codes).map(|c| {
        let entity = c.entity.as_deref().map(|e| format!(":{e}")).unwrap_or_default();
        format!("{}:{}{entity}", c.category, c.status)
    });
    codes.collect::<Vec<_>>().join(" ")
}
