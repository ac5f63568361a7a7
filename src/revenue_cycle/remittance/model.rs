//! What we keep of a remittance, and what one is matched against.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::edi::Finding;
use crate::edi::remittance_835::{Imbalance, Proof, Remittance};
use crate::platform::ids::{ChargeLineId, ClaimId, EncounterId, PayerId};
use crate::platform::money::Money;

coded! {
    /// Where a remittance stands.
    RemittanceState {
        /// Its claims are being stored; its cash is booked as unposted.
        Storing = "storing",
        /// All of it is stored; its claims are being posted.
        Posting = "posting",
        /// Every claim is posted, or needs no posting.
        Posted = "posted",
        /// Some claims wait for another remittance or for a person; all others are posted.
        Review = "review",
        /// Its sums don't tie: nothing is booked (domain.md 2.3).
        OutOfBalance = "out_of_balance",
        /// Something in it could not be read: nothing is booked.
        Faulty = "faulty",
        /// The same payment as another remittance with other content: nothing is booked (domain.md 2.6).
        DuplicateConflict = "duplicate_conflict",
    }
}

coded! {
    /// Where one claim of a remittance stands.
    RemittanceClaimState {
        /// Its money is in unposted cash; a posting job will take it.
        Stored = "stored",
        /// Posted to its lines.
        Posted = "posted",
        /// Waits for another remittance: the prior payer's, the reversal's original, the correction's reversal (domain.md 2.8).
        Waiting = "waiting",
        /// A person must decide; its money stays in unposted cash.
        Review = "review",
        /// Says something and moves no money: predeterminations, claims that were not the payer's.
        Informational = "informational",
        /// Belongs to a remittance that is not booked.
        Held = "held",
    }
}

/// One transaction set, read and judged.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What it says, without its claims: there may be thousands, and they are read again when they are stored.
    pub remittance: Remittance,
    /// How many claims it has.
    pub claims: usize,
    /// What was odd about it.
    pub findings: Vec<Finding>,
    /// Whether it balances.
    pub proof: Result<Proof, Vec<Imbalance>>,
    /// The payment's name among all payments of all payers (domain.md 2.1, TRN).
    pub business_key: String,
    /// SHA-256 of the transaction set, white space and delimiters aside, hexadecimal (domain.md 2.6).
    pub content_sha256: String,
}

/// A claim of ours that a remittance claim may be about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Key.
    pub claim: ClaimId,
    /// Our claim number.
    pub pcn: String,
    /// The payer's claim number, where it is known.
    pub icn: Option<String>,
    /// What was charged.
    pub charge: Money,
}

/// Claims by the numbers that may name them.
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    /// By our claim number.
    pub by_pcn: BTreeMap<String, Candidate>,
    /// By the payer's claim number.
    pub by_icn: BTreeMap<String, Vec<Candidate>>,
}

/// By what a remittance claim was matched to one of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchedBy {
    /// CLP01 is our number, byte for byte.
    Pcn,
    /// CLP01 is our number but for case, blanks or a suffix, and the charge is ours too.
    NormalizedPcn,
    /// CLP07 is a number that the payer gave us for one claim alone.
    Icn,
}

/// One line of a claim as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimLine {
    /// The charge behind it.
    pub charge_line: ChargeLineId,
    /// Our line number, REF*6R.
    pub line_number: String,
    /// What was done.
    pub code: String,
    /// Its modifiers, in order.
    pub modifiers: Vec<String>,
    /// What was charged.
    pub charge: Money,
}

/// The claim that a remittance claim was matched to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchedClaim {
    /// Key.
    pub claim: ClaimId,
    /// Our claim number.
    pub pcn: String,
    /// The visit.
    pub encounter: EncounterId,
    /// Whom it was asked of.
    pub payer: PayerId,
    /// Date of service.
    pub service_date: Date,
    /// Its lines, in order.
    pub lines: Vec<ClaimLine>,
}
