//! Reads and judges one transaction set: what it says, whether it ties to the cent, whether it was seen before. Pure.

use super::model::{Plan, RemittanceState};
use crate::edi::remittance_835::{Claims, CreditDebit, Prover, Remittance, content_hash};
use crate::edi::{Severity, TransactionSet};

/// Reads one 835 transaction set. Its claims are added up one at a time and not kept.
#[must_use]
pub fn plan(set: &TransactionSet) -> Plan {
    let (mut read, mut prover, mut claims) = (Claims::of(set), Prover::default(), 0);
    for claim in read.by_ref() {
        prover.claim(&claim);
        claims += 1;
    }
    let (remittance, findings) = read.finish();
    let proof = prover.finish(&remittance.payment, &remittance.provider_adjustments);
    let business_key = remittance.business_key().to_string();
    let content_sha256 = content_hash(set).iter().map(|byte| format!("{byte:02x}")).collect();
    Plan { remittance, claims, findings, proof, business_key, content_sha256 }
}

impl Plan {
    /// What may be done with it, if the payment is not known under other content.
    #[must_use]
    pub fn verdict(&self) -> RemittanceState {
        if self.findings.iter().any(|finding| finding.severity == Severity::Error) {
            RemittanceState::Faulty
        } else if self.proof.is_err() {
            RemittanceState::OutOfBalance
        } else {
            RemittanceState::Storing
        }
    }

    /// What a person should know about it, as (reason, sentence); empty for an ordinary remittance.
    #[must_use]
    pub fn notices(&self) -> Vec<(&'static str, String)> {
        let mut notices = Vec::new();
        let faults: Vec<String> =
            self.findings.iter().filter(|finding| finding.severity == Severity::Error).map(ToString::to_string).collect();
        if let Some(first) = faults.first() {
            notices.push(("REMITTANCE_FAULTY", format!("{} place(s) can't be read, nothing was booked; {first}", faults.len())));
        }
        if let Err(imbalances) = &self.proof {
            let first = imbalances.first().map(ToString::to_string).unwrap_or_default();
            notices.push(("OUT_OF_BALANCE", format!("{} sum(s) do not tie, nothing was booked; {first}", imbalances.len())));
        }
        if self.remittance.payment.credit_debit != CreditDebit::Credit && !self.remittance.payment.amount.is_zero() {
            notices.push(("PAYMENT_DEBIT", "the payment is marked as a debit: ask the payer which way the money moves".to_owned()));
        }
        notices
    }
}

/// The identifiers under which the remitting payer may be known to us: REF*2U or N104, TRN03, BPR10; none twice.
#[must_use]
pub fn payer_ids(remittance: &Remittance) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    let named = [
        remittance.payer.payer_id(),
        remittance.payer.id.as_deref(),
        Some(&*remittance.trace_payer),
        remittance.payment.company.as_deref(),
    ];
    for id in named.into_iter().flatten().map(str::trim).filter(|id| !id.is_empty()) {
        if !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
    }
    ids
}
