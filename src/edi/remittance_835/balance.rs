//! Whether a remittance balances: exact, at every level, all faults reported (domain.md 2.3). Nothing is ever forced to balance.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::codes::CasGroup;
use super::model::{Adjustment, ClaimPayment, Remittance};
use crate::platform::money::Money;

/// Which sum does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Level {
    /// `SVC02 − Σ CAS of the line = SVC03` (domain.md 2.3 rule 1).
    Line,
    /// `Σ SVC02 = CLP03`, where there are lines (rule 2).
    ClaimCharge,
    /// `CLP03 − Σ CAS of claim and lines = CLP04` (rule 3).
    Claim,
    /// `Σ PR adjustments = CLP05` (rule 4): a warning, as it takes no part in balancing.
    PatientResponsibility,
    /// `Σ CLP04 − Σ PLB = BPR02` (rule 5).
    Transaction,
    /// BPR02 is never negative (rule 6, RFI 222).
    Payment,
}

/// One sum that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imbalance {
    /// Which sum.
    pub level: Level,
    /// The number of the segment (SVC, CLP or BPR) in the file that states the amount.
    pub segment: u32,
    /// The index of the claim in [`Remittance::claims`]; none at the level of the transaction.
    pub claim: Option<usize>,
    /// The index of the line in its claim.
    pub line: Option<usize>,
    /// What the sum gives.
    pub expected: Money,
    /// What the segment states.
    pub found: Money,
}

impl fmt::Display for Imbalance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (states, sum) = match self.level {
            Level::Line => ("SVC03", "charge less adjustments of the line"),
            Level::ClaimCharge => ("CLP03", "the charges of the lines"),
            Level::Claim => ("CLP04", "charge less adjustments of claim and lines"),
            Level::PatientResponsibility => ("CLP05", "the PR adjustments"),
            Level::Transaction => ("BPR02", "claim payments less provider adjustments"),
            Level::Payment => ("BPR02", "a payment, which is never below"),
        };
        write!(f, "segment {}: {states} is {}, but {sum} give {}", self.segment, self.found, self.expected)
    }
}

/// What holds of a remittance that balances.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Claims (CLP) added up.
    pub claims: usize,
    /// Lines (SVC) added up.
    pub lines: usize,
    /// Σ CLP04.
    pub claims_paid: Money,
    /// Σ PLB amounts; positive reduces the payment.
    pub provider_adjustments: Money,
    /// BPR02 = `claims_paid − provider_adjustments`.
    pub payment: Money,
    /// Sums outside of balancing that do not hold: [`Level::PatientResponsibility`] only.
    pub warnings: Vec<Imbalance>,
}

/// Adds a remittance up at all levels. Gives the proof, or every sum that does not hold (without the warnings).
pub fn prove(remittance: &Remittance) -> Result<Proof, Vec<Imbalance>> {
    let (mut faults, mut warnings, mut lines, mut claims_paid) = (Vec::new(), Vec::new(), 0, Money::ZERO);
    for (index, claim) in remittance.claims.iter().enumerate() {
        let sums = claim_sums(claim, index, &mut faults);
        lines += claim.lines.len();
        claims_paid += claim.paid;
        let stated = claim.patient_responsibility.unwrap_or(Money::ZERO);
        if !claim.is_reversal() && stated != sums.patient {
            warnings.push(of_claim(Level::PatientResponsibility, claim, index, sums.patient, stated));
        }
    }
    let provider_adjustments = remittance.provider_adjustments.iter().map(|plb| plb.amount).sum::<Money>();
    let payment = &remittance.payment;
    let transaction =
        |level, expected| Imbalance { level, segment: payment.segment, claim: None, line: None, expected, found: payment.amount };
    if claims_paid - provider_adjustments != payment.amount {
        faults.push(transaction(Level::Transaction, claims_paid - provider_adjustments));
    }
    if payment.amount.is_negative() {
        faults.push(transaction(Level::Payment, Money::ZERO));
    }
    if faults.is_empty() {
        Ok(Proof { claims: remittance.claims.len(), lines, claims_paid, provider_adjustments, payment: payment.amount, warnings })
    } else {
        Err(faults)
    }
}

/// The adjustments of one claim, added up.
struct Sums {
    all: Money,
    patient: Money,
}

impl Sums {
    fn add(&mut self, adjustments: &[Adjustment]) -> Money {
        let mut own = Money::ZERO;
        for adjustment in adjustments {
            own += adjustment.amount;
            if adjustment.group == CasGroup::PR {
                self.patient += adjustment.amount;
            }
        }
        self.all += own;
        own
    }
}

fn claim_sums(claim: &ClaimPayment, index: usize, faults: &mut Vec<Imbalance>) -> Sums {
    let mut sums = Sums { all: Money::ZERO, patient: Money::ZERO };
    sums.add(&claim.adjustments);
    let mut charges = Money::ZERO;
    for (line_index, line) in claim.lines.iter().enumerate() {
        let expected = line.charge - sums.add(&line.adjustments);
        charges += line.charge;
        if expected != line.paid {
            let (segment, found) = (line.segment, line.paid);
            faults.push(Imbalance { level: Level::Line, segment, claim: Some(index), line: Some(line_index), expected, found });
        }
    }
    if !claim.lines.is_empty() && charges != claim.charge {
        faults.push(of_claim(Level::ClaimCharge, claim, index, charges, claim.charge));
    }
    if claim.charge - sums.all != claim.paid {
        faults.push(of_claim(Level::Claim, claim, index, claim.charge - sums.all, claim.paid));
    }
    sums
}

fn of_claim(level: Level, claim: &ClaimPayment, index: usize, expected: Money, found: Money) -> Imbalance {
    Imbalance { level, segment: claim.segment, claim: Some(index), line: None, expected, found }
}
