//! What a posting decision is made from, and what it is.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::edi::remittance_835::ClaimPayment;
use crate::platform::clock::Millis;
use crate::platform::ids::{ChargeLineId, ClaimId, EncounterId, FamilyId, PayerId, RemittanceClaimId, RemittanceId};
use crate::platform::money::Money;
use crate::practice::model::PayerClass;
use crate::practice::rules::DatedRule;
use crate::revenue_cycle::ledger::model::{Account, Bucket, Journal, PayerOrder, Transfer, TransferKind};
use crate::revenue_cycle::remittance::model::{MatchedClaim, RemittanceClaimState};

/// A payer as posting needs to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayerFacts {
    /// Key.
    pub id: PayerId,
    /// Its id on remittances; plans of one insurer share it.
    pub era_payer_id: String,
    /// What kind it is.
    pub class: PayerClass,
    /// Its own rules.
    pub rules: Vec<DatedRule>,
}

/// Who sent a remittance claim, seen from the child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remitter {
    /// The payer.
    pub payer: PayerId,
    /// Its place in the order of benefits.
    pub order: PayerOrder,
    /// The payer after it, if the child has one on the day of service.
    pub next: Option<PayerOrder>,
    /// Medicaid: its payment is payment in full (PED-32).
    pub medicaid: bool,
    /// A share of the patient is never taken from the family unseen: always with Medicaid, else by payer rule `patient_share_billable`.
    pub shields_family: bool,
    /// It forwards its claims to the next payer itself, whether it says so or not (payer rule `crossover`).
    pub forwards: bool,
    /// Whether it is the payer that the matched claim was asked of; else the claim was forwarded to it.
    pub of_claim: bool,
}

/// When and in what a remittance claim came: the earlier of two is less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Came {
    /// The payment's date (BPR16).
    pub effective: Date,
    /// When we received it.
    pub received: Millis,
    /// The remittance it stands in.
    pub remittance: RemittanceId,
    /// Its place in the remittance, from 1.
    pub position: i64,
}

/// One remittance claim that is to be posted.
#[derive(Clone, Debug)]
pub struct Pending {
    /// Key.
    pub id: RemittanceClaimId,
    /// When and in what it came.
    pub came: Came,
    /// Where it stands now: stored or waiting.
    pub state: RemittanceClaimState,
    /// What the payer says.
    pub content: ClaimPayment,
    /// Our claim, if it was matched.
    pub claim: Option<MatchedClaim>,
    /// For each of its service lines the index of our claim line.
    pub lines: Vec<Option<usize>>,
    /// Who says it, or why that is unknown.
    pub remitter: Result<Remitter, UnknownRemitter>,
}

/// Why a remittance claim can't be given to a payer of the child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnknownRemitter {
    /// No payer of the practice has the remittance's identifiers.
    Payer,
    /// The payer is known, but the child has no coverage by it on the day of service.
    Coverage,
}

/// A charge line's money.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineFacts {
    /// Its balance by who owes it; a bucket that is not here is zero.
    pub buckets: BTreeMap<Bucket, Money>,
    /// What the family has paid on it, net.
    pub patient_paid: Money,
}

impl LineFacts {
    /// Takes one transfer of the line into account.
    pub fn apply(&mut self, transfer: &Transfer) {
        use TransferKind::{Apply, Nsf, PatPayment, Unapply};
        for (account, change) in transfer.changes() {
            let Some(bucket) = account.bucket() else { continue };
            *self.buckets.entry(bucket).or_default() += change;
            if matches!(transfer.kind(), Apply | Unapply | PatPayment | Nsf) {
                self.patient_paid -= change;
            }
        }
    }

    /// The balance of one bucket.
    #[must_use]
    pub fn bucket(&self, bucket: Bucket) -> Money {
        self.buckets.get(&bucket).copied().unwrap_or_default()
    }

    /// What is owed in all.
    #[must_use]
    pub fn balance(&self) -> Money {
        self.buckets.values().sum()
    }
}

/// A remittance claim that was posted.
#[derive(Clone, Debug)]
pub struct Posted {
    /// Key.
    pub id: RemittanceClaimId,
    /// The payer's place in the order of benefits.
    pub order: PayerOrder,
    /// When and in what it came.
    pub came: Came,
    /// CLP07.
    pub icn: String,
    /// CLP03.
    pub charge: Money,
    /// CLP04.
    pub paid: Money,
    /// Whether it was a reversal itself.
    pub is_reversal: bool,
    /// Whether a reversal has undone it.
    pub reversed: bool,
    /// What it did in the ledger; none when nothing moved.
    pub journal: Option<Journal>,
}

/// The money of one visit.
#[derive(Clone, Debug)]
pub struct EncounterFacts {
    /// The visit.
    pub encounter: EncounterId,
    /// The family account.
    pub family: FamilyId,
    /// Its charge lines.
    pub lines: BTreeMap<ChargeLineId, LineFacts>,
    /// What was posted to it, oldest first.
    pub history: Vec<Posted>,
}

impl EncounterFacts {
    /// Takes a journal into account.
    pub fn apply(&mut self, journal: &Journal) {
        for transfer in &journal.transfers {
            if let Some(line) = transfer.line {
                self.lines.entry(line).or_default().apply(transfer);
            }
        }
    }

    /// Adjudications that stand: posted, no reversal, not reversed.
    pub fn standing(&self) -> impl Iterator<Item = &Posted> + Clone {
        self.history.iter().filter(|posted| !posted.is_reversal && !posted.reversed)
    }

    /// Whether a payer has settled a line by an adjudication that stands: paid it, written it off, or moved it on. A denial settles
    /// nothing: the same payer may decide again.
    #[must_use]
    pub fn is_settled(&self, order: PayerOrder, line: ChargeLineId) -> bool {
        self.standing()
            .filter(|posted| posted.order == order)
            .filter_map(|posted| posted.journal.as_ref())
            .flat_map(|journal| &journal.transfers)
            .any(|transfer| transfer.line == Some(line) && settles(transfer, order))
    }
}

fn settles(transfer: &Transfer, order: PayerOrder) -> bool {
    match transfer.kind() {
        TransferKind::Transfer => {
            let own = [Bucket::Insurance(order), Bucket::Denied(order)].map(Account::Receivable);
            !own.contains(&transfer.debit())
        }
        TransferKind::Unapply => false,
        _ => true,
    }
}

/// Something that a person should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Which list it goes to: `posting` or `denial`.
    pub stage: &'static str,
    /// Why, as a code.
    pub reason: String,
    /// What it is about.
    pub subject: Subject,
    /// What to do: codes and amounts only.
    pub message: String,
    /// In how many days it is due; none: no date.
    pub due_in_days: Option<i32>,
}

/// The record that a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The claim.
    Claim(ClaimId),
    /// The remittance claim.
    RemittanceClaim(RemittanceClaimId),
}

/// How a claim came out, for its life cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimOutcome {
    /// Money, no line denied.
    Paid,
    /// Money, a line denied.
    PaidPartly,
    /// No money, nothing denied: left to the patient, the next payer or the contract.
    PaidNothing,
    /// No money, denied.
    Denied,
    /// The adjudication was taken back and no other came with it.
    Reversed,
}

/// What an adjudication means for a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Which claim.
    pub claim: ClaimId,
    /// How it came out.
    pub kind: ClaimOutcome,
    /// The payer's claim number.
    pub icn: String,
    /// CLP04: by how much the payer's payments change.
    pub paid: Money,
}

/// What happens with one remittance claim.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Which.
    pub id: RemittanceClaimId,
    /// Where it stands from now on.
    pub state: RemittanceClaimState,
    /// The payer's place in the order of benefits, when it is posted.
    pub order: Option<PayerOrder>,
    /// What moves; at most one journal.
    pub journal: Option<Journal>,
    /// What a person should look at.
    pub notices: Vec<Notice>,
    /// What it means for the claim.
    pub outcome: Option<Outcome>,
}

impl Posted {
    /// The charge lines that it moved; empty when nothing moved.
    #[must_use]
    pub fn lines(&self) -> BTreeSet<ChargeLineId> {
        self.journal.iter().flat_map(|journal| &journal.transfers).filter_map(|transfer| transfer.line).collect()
    }
}

impl Pending {
    /// The charge lines that it speaks of; empty when it has none, or not all were matched.
    #[must_use]
    pub fn charge_lines(&self) -> BTreeSet<ChargeLineId> {
        let Some(claim) = &self.claim else { return BTreeSet::new() };
        let line = |at: &Option<usize>| Some(claim.lines.get((*at)?)?.charge_line);
        self.lines.iter().map(line).collect::<Option<_>>().unwrap_or_default()
    }

    /// The name of its effect in the ledger.
    #[must_use]
    pub fn effect_key(&self) -> String {
        format!("posting:{}", self.id)
    }
}
