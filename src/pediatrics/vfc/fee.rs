//! The administration fee of a dose from public stock: its cap, and the one bill a family may get (PED-21, PED-23).

use jiff::ToSpan;
use jiff::civil::Date;

use crate::pediatrics::Rule;
use crate::platform::money::Money;
use crate::reference::vaccine::VfcEligibility;

/// The bill to a family.
pub const PED_23: Rule = Rule::new(
    "PED-23",
    "42 CFR 441.615",
    "Families of V03 to V05 get one bill for the administration of public stock, within 90 days of the service and at most at the regional maximum; unpaid it is waived, never dunned.",
);

/// How long a practice may wait with the bill.
pub const BILL_WITHIN_DAYS: i16 = 90;

/// Whether the administration fee is the family's: no program and no insurance pays it.
#[must_use]
pub fn falls_to_family(eligibility: VfcEligibility) -> bool {
    matches!(eligibility, VfcEligibility::V03 | VfcEligibility::V04 | VfcEligibility::V05)
}

/// What may be charged for the administration of one dose of public stock. `fee`: the practice's. `regional_maximum`: the federal cap
/// of the practice's state, which binds wherever Medicaid does not set the fee itself; `None` when it is not loaded.
#[must_use]
pub fn administration_charge(fee: Money, eligibility: VfcEligibility, regional_maximum: Option<Money>) -> Money {
    match regional_maximum {
        Some(maximum) if falls_to_family(eligibility) => fee.min(maximum),
        _ => fee,
    }
}

/// What to do about the administration fee of one service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Not the family's to pay.
    NotTheirs,
    /// Send the one bill by this day.
    BillBy(Date),
    /// The bill is out and its term still runs.
    Wait,
    /// Waive it: never billed in time, or billed and unpaid at the end of the term.
    Waive,
}

/// The next step for an unpaid administration fee. `billed`: when the one bill went out; `term_days`: how long a family has to pay it.
#[must_use]
pub fn step(eligibility: VfcEligibility, service_date: Date, billed: Option<Date>, term_days: u16, today: Date) -> Step {
    let last_day = service_date.saturating_add(BILL_WITHIN_DAYS.days());
    match billed {
        _ if !falls_to_family(eligibility) => Step::NotTheirs,
        None if today <= last_day => Step::BillBy(last_day),
        Some(billed) if today <= billed.saturating_add(i32::from(term_days).days()) => Step::Wait,
        None | Some(_) => Step::Waive,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use VfcEligibility::{V01, V02, V03, V04, V05};
    use jiff::civil::date;

    #[test]
    fn ped_21_the_regional_maximum_caps_what_medicaid_does_not_pay() {
        let charge = |eligibility| administration_charge(Money::from_cents(35_00), eligibility, Some(Money::from_cents(22_06))).cents();
        assert_eq!([V01, V02, V03, V04, V05].map(charge), [35_00, 35_00, 22_06, 22_06, 22_06]);
        assert_eq!(administration_charge(Money::from_cents(20_00), V03, Some(Money::from_cents(22_06))).cents(), 20_00);
    }

    #[test]
    fn ped_23_a_family_gets_one_bill_within_90_days_and_then_none() {
        let given = date(2026, 8, 20);
        let step = |billed, today| step(V03, given, billed, 30, today);
        assert_eq!(step(None, date(2026, 11, 18)), Step::BillBy(date(2026, 11, 18)));
        assert_eq!(step(None, date(2026, 11, 19)), Step::Waive);
        assert_eq!(step(Some(date(2026, 9, 1)), date(2026, 10, 1)), Step::Wait);
        assert_eq!(step(Some(date(2026, 9, 1)), date(2026, 10, 2)), Step::Waive);
    }

    #[test]
    fn ped_23_medicaid_and_private_families_are_not_asked() {
        for eligibility in [V01, V02] {
            assert_eq!(step(eligibility, date(2026, 8, 20), None, 30, date(2026, 8, 21)), Step::NotTheirs);
        }
    }
}
