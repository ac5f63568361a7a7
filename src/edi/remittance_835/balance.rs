//! Whether a remittance balances: exact, at every level, all faults reported (domain.md 2.3). Nothing is ever forced to balance.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::codes::CasGroup;
use super::model::{Adjustment, ClaimPayment, Payment, ProviderAdjustment, Remittance};
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
            Level::Line => ("SVC03", "charge less adjustments of the line give"),
            Level::ClaimCharge => ("CLP03", "the charges of the lines give"),
            Level::Claim => ("CLP04", "charge less adjustments of claim and lines give"),
            Level::PatientResponsibility => ("CLP05", "the PR adjustments give"),
            Level::Transaction => ("BPR02", "claim payments less provider adjustments give"),
            Level::Payment => ("BPR02", "a payment is never below"),
        };
        write!(f, "segment {}: {states} is {}, but {sum} {}", self.segment, self.found, self.expected)
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
    let mut prover = Prover::default();
    remittance.claims.iter().for_each(|claim| prover.claim(claim));
    prover.finish(&remittance.payment, &remittance.provider_adjustments)
}

/// Adds up a remittance whose claims come one at a time.
#[derive(Default)]
pub struct Prover {
    claims: usize,
    lines: usize,
    claims_paid: Money,
    warnings: Vec<Imbalance>,
    faults: Vec<Imbalance>,
}

impl Prover {
    /// Adds the next claim, in the order of the remittance.
    pub fn claim(&mut self, claim: &ClaimPayment) {
        let sums = claim_sums(claim, self.claims, &mut self.faults);
        let stated = claim.patient_responsibility.unwrap_or(Money::ZERO);
        if !claim.is_reversal() && stated != sums.patient {
            self.warnings.push(of_claim(Level::PatientResponsibility, claim, self.claims, sums.patient, stated));
        }
        self.claims += 1;
        self.lines += claim.lines.len();
        self.claims_paid += claim.paid;
    }

    /// After the last claim: the proof, or every sum that does not hold (without the warnings).
    pub fn finish(mut self, payment: &Payment, provider_adjustments: &[ProviderAdjustment]) -> Result<Proof, Vec<Imbalance>> {
        let Prover { claims, lines, claims_paid, warnings, .. } = self;
        let provider_adjustments = provider_adjustments.iter().map(|plb| plb.amount).sum::<Money>();
        let transaction =
            |level, expected| Imbalance { level, segment: payment.segment, claim: None, line: None, expected, found: payment.amount };
        if claims_paid - provider_adjustments != payment.amount {
            self.faults.push(transaction(Level::Transaction, claims_paid - provider_adjustments));
        }
        if payment.amount.is_negative() {
            self.faults.push(transaction(Level::Payment, Money::ZERO));
        }
        if self.faults.is_empty() {
            Ok(Proof { claims, lines, claims_paid, provider_adjustments, payment: payment.amount, warnings })
        } else {
            Err(self.faults)
        }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{self, balanced, money, remittance};
    use super::*;

    #[test]
    fn payments_tie_to_claims_less_provider_adjustments() {
        let paid = |text| prove(&remittance(text)).map(|p| (p.claims_paid, p.provider_adjustments, p.payment));
        let amounts = |a, b, c| Ok((money(a), money(b), money(c)));
        assert_eq!(paid(samples::PAID_WITH_PLB), amounts("764", "48.75", "715.25"));
        assert_eq!(paid(samples::REVERSAL_AND_CORRECTION), amounts("70", "0", "70"));
        assert_eq!(paid(samples::FORWARD_BALANCE), amounts("-25", "-25", "0"));
        assert_eq!(paid(samples::FORWARD_BALANCE_APPLIED), amounts("68", "25", "43"));
    }

    #[test]
    fn a_cent_too_much_on_a_line_is_found_at_its_segment() {
        let faults = prove(&remittance(&samples::PAID_WITH_PLB.replace("*175*160**1~", "*175*160.01**1~"))).unwrap_err();
        let expected =
            Imbalance { level: Level::Line, segment: 21, claim: Some(0), line: Some(1), expected: money("160"), found: money("160.01") };
        assert_eq!(faults, [expected]);
        assert_eq!(faults[0].to_string(), "segment 21: SVC03 is 160.01, but charge less adjustments of the line give 160.00");
    }

    #[test]
    fn every_level_reports_its_own_fault() {
        let text = samples::PAID_WITH_PLB
            .replace("*1*960*764*", "*1*961*763*")
            .replace("CAS*CO*45*15~", "CAS*CO*45*14~")
            .replace("*I*715.25*", "*I*-5*");
        let levels: Vec<Level> = prove(&remittance(&text)).unwrap_err().iter().map(|fault| fault.level).collect();
        assert_eq!(levels, [Level::Line, Level::ClaimCharge, Level::Claim, Level::Transaction, Level::Payment]);
    }

    #[test]
    fn a_claim_level_adjustment_counts_beside_those_of_the_lines() {
        let claim = "CLP*C1*1*500*450**12*ICN1~CAS*CO*A2*50~NM1*QC*1*LEE~SVC*HC:99391*500*500~";
        let start = samples::PAID_WITH_PLB.split("CLP*").next().unwrap().replace("715.25", "450");
        assert!(prove(&remittance(&format!("{start}{claim}SE*17*0001~"))).is_ok());
    }

    #[test]
    fn all_pairs_of_all_provider_adjustments_count() {
        let six = "PLB*1234567893*20261231*WO:A*1*WO:B*2*WO:C*3*WO:D*4*WO:E*5*WO:F*6~PLB*1234567893*20271231*L6*-0.25~SE*42*0001~";
        let text = samples::PAID_WITH_PLB.split("PLB*").next().unwrap().replace("715.25", "743.25") + six;
        assert_eq!(prove(&remittance(&text)).unwrap().provider_adjustments, money("20.75"));
    }

    #[test]
    fn a_wrong_patient_responsibility_is_a_warning_and_on_reversals_nothing() {
        let wrong = |text: &str| prove(&remittance(text)).unwrap().warnings;
        let stated = wrong(&samples::PAID_WITH_PLB.replace("*960*764**12", "*960*764*7*12"));
        assert_eq!(
            stated.iter().map(|w| (w.level, w.segment, w.expected, w.found)).collect::<Vec<_>>(),
            [(Level::PatientResponsibility, 15, Money::ZERO, money("7"))]
        );
        assert_eq!(wrong(&samples::FORWARD_BALANCE.replace("*-110*-25**12", "*-110*-25*-7*12")), []);
    }

    proptest! {
        #[test]
        fn remittances_made_of_any_claims_and_adjustments_balance(remittance in balanced()) {
            let proof = prove(&remittance).unwrap();
            prop_assert_eq!(proof.claims_paid - proof.provider_adjustments, remittance.payment.amount);
        }

        #[test]
        fn a_cent_moved_anywhere_is_found(mut remittance in balanced(), at in any::<prop::sample::Index>()) {
            let lines = remittance.claims.iter_mut().flat_map(|claim| &mut claim.lines).map(|line| &mut line.paid);
            let mut amounts: Vec<&mut Money> = lines.collect();
            amounts.push(&mut remittance.payment.amount);
            let index = at.index(amounts.len());
            *amounts[index] += Money::from_cents(1);
            prop_assert_eq!(prove(&remittance).unwrap_err().len(), 1);
        }
    }
}
