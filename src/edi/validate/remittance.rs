//! Whether a remittance balances (domain.md 2.3): the proof of [`remittance_835`](crate::edi::remittance_835), as faults.

use super::catalog::*;
use super::fault::Fault;
use super::walk::Report;
use crate::edi::TransactionSet;
use crate::edi::remittance_835::{Imbalance, Level, prove, read_835};
use crate::platform::phi::Phi;

/// Reports every sum of an 835 that does not hold, in the order of the file.
pub(super) fn check(set: &TransactionSet, report: Report<'_>) {
    let (remittance, _) = read_835(set);
    let mut imbalances = match prove(&remittance) {
        Ok(proof) => proof.warnings,
        Err(imbalances) => imbalances,
    };
    imbalances.sort_by_key(|imbalance| imbalance.segment);
    let mut segments = set.segments().peekable();
    for imbalance in imbalances {
        let Imbalance { level, segment: number, claim, expected, found, .. } = imbalance;
        while segments.next_if(|segment| segment.number() < number).is_some() {}
        let Some(segment) = segments.peek() else { return };
        let (rule, element, loop_id, of) = match level {
            Level::Line => (ERA_LINE, 3, Some("2110"), "charge less adjustments of the line give"),
            Level::ClaimCharge => (ERA_CHARGE, 3, Some("2100"), "the charges of the lines give"),
            Level::Claim => (ERA_CLAIM, 4, Some("2100"), "charge less adjustments give"),
            Level::PatientResponsibility => (ERA_PATIENT, 5, Some("2100"), "the PR adjustments give"),
            Level::Transaction => (ERA_TOTAL, 2, None, "claim payments less provider adjustments give"),
            Level::Payment => (ERA_NEGATIVE, 2, None, "a payment is never below"),
        };
        let fault = Fault::new(rule, segment.at(element), format!("the amount is {found}, {of} {expected}"));
        let claim = claim.and_then(|index| remittance.claims.get(index)).map(|claim| Phi::new(claim.pcn.to_string()));
        let at = number.saturating_sub(set.first_segment()) + 1;
        report(Fault { at, loop_id, data_element: Some("782"), claim, ..fault });
    }
}
