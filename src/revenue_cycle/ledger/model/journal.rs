//! One act in the ledger.

use jiff::civil::Date;

use super::account::Account;
use super::transfer::Transfer;
use crate::platform::ids::{ClaimId, EncounterId, RemittanceClaimId, RemittanceId};
use crate::platform::money::Money;

coded! {
    /// What an act in the ledger is.
    JournalKind {
        /// The charges of a visit.
        Charges = "CHARGES",
        /// The cash of a remittance: payment, provider adjustments, payments not posted yet.
        Remittance = "REMITTANCE",
        /// One remittance claim posted to its lines.
        Posting = "POSTING",
        /// One reversal of a remittance (CLP02 22).
        Reversal = "REVERSAL",
        /// A decision of a person: write-off, transfer, application, refund.
        Manual = "MANUAL",
        /// A correction of a journal by its negation.
        Correction = "CORRECTION",
    }
}

/// What an act is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// The visit.
    pub encounter: Option<EncounterId>,
    /// The claim.
    pub claim: Option<ClaimId>,
    /// The remittance.
    pub remittance: Option<RemittanceId>,
    /// The CLP of the remittance.
    pub remittance_claim: Option<RemittanceClaimId>,
    /// The segment of the remittance's file.
    pub segment: Option<u32>,
}

/// One act in the ledger: transfers that stand or fall together.
#[derive(Clone, Debug, PartialEq)]
pub struct Journal {
    /// What it is.
    pub kind: JournalKind,
    /// The name of the effect within the practice: a journal with a key that exists is not posted again.
    pub effect_key: String,
    /// The business date: of service for charges, of payment (BPR16) for remittances.
    pub effective: Date,
    /// Why, in a few words without PHI.
    pub reason: String,
    /// What it is about.
    pub references: References,
    /// The effect key of the journal that it reverses.
    pub reverses: Option<String>,
    /// The movements; a journal without any is not posted.
    pub transfers: Vec<Transfer>,
}

impl Journal {
    /// The journal that undoes this one exactly: every transfer negated, in the same order.
    #[must_use]
    pub fn negation(&self, effect_key: String, effective: Date, reason: String) -> Journal {
        Journal {
            kind: JournalKind::Correction,
            effect_key,
            effective,
            reason,
            references: self.references,
            reverses: Some(self.effect_key.clone()),
            transfers: self.transfers.iter().map(Transfer::negated).collect(),
        }
    }

    /// The change of an account by this journal: debits less credits.
    #[must_use]
    pub fn change(&self, account: Account) -> Money {
        self.transfers.iter().flat_map(Transfer::changes).filter(|(changed, _)| *changed == account).map(|(_, amount)| amount).sum()
    }
}
