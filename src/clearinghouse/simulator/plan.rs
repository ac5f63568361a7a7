//! What a payer's plan allows and what it leaves to the family. The figures are invented; only their proportions are like life.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::draw::Key;
use crate::edi::remittance_835::Code;
use crate::platform::money::Money;

/// A payer's fee schedule and benefits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The fee schedule, in per cent of the simulator's own.
    pub fee_level: u32,
    /// What is allowed of a charge for a code that has no fee, in per cent.
    pub allowed_share: u32,
    /// What the family pays of each office visit.
    pub copay: Money,
    /// The most that is left of the deductible when a claim meets it.
    pub deductible: Money,
    /// The family's share of what is allowed after copay and deductible, in per cent.
    pub coinsurance: u32,
    /// Vaccines under modifier SL come from the state: their product is not paid (domain.md 4.3).
    pub state_vaccines: bool,
}

impl Plan {
    /// A Medicaid program: low fees, nothing from the family.
    #[must_use]
    pub fn medicaid() -> Plan {
        Plan { fee_level: 72, allowed_share: 60, copay: Money::ZERO, deductible: Money::ZERO, coinsurance: 0, state_vaccines: true }
    }

    /// A commercial plan as a payer's id draws it.
    #[must_use]
    pub fn commercial(payer: &Key) -> Plan {
        let dollars = |label, low, high| Money::from_cents(i64::from(payer.between(label, low, high)) * 500);
        Plan {
            fee_level: payer.between("fee level", 95, 135),
            allowed_share: payer.between("allowed share", 65, 90),
            copay: dollars("copay", 3, 8),
            deductible: dollars("deductible", 8, 30),
            coinsurance: payer.between("coinsurance", 2, 6) * 5,
            state_vaccines: false,
        }
    }

    /// What the plan allows for `units` of a code charged at `charge` in all; never more than the charge.
    #[must_use]
    pub fn allowed(&self, code: &str, modifiers: &[Code], units: u32, charge: Money) -> Money {
        if self.state_vaccines && modifiers.iter().any(|m| *m == "SL") {
            return Money::ZERO;
        }
        let full = match FEES.binary_search_by_key(&code, |(code, _)| code) {
            Ok(at) => Money::from_cents(FEES[at].1).times(units).percent(self.fee_level),
            Err(_) => charge.percent(self.allowed_share),
        };
        full.min(charge)
    }
}

/// Whether a code is a preventive service, of which the family pays nothing (42 USC 300gg-13): preventive visits and counselling,
/// immunizations, screenings of the periodicity schedule.
#[must_use]
pub fn is_preventive(code: &str) -> bool {
    within(code, &PREVENTIVE)
}

/// Whether a code is an office visit, which costs a copay.
#[must_use]
pub fn is_office_visit(code: &str) -> bool {
    within(code, &[99_202..=99_215])
}

fn within(code: &str, ranges: &[RangeInclusive<u32>]) -> bool {
    code.len() == 5 && code.parse().is_ok_and(|number| ranges.iter().any(|range| range.contains(&number)))
}

/// Codes of preventive services.
const PREVENTIVE: [RangeInclusive<u32>; 12] = [
    83_655..=83_655,
    85_018..=85_018,
    90_460..=90_482,
    90_611..=90_759,
    91_300..=91_325,
    92_551..=92_552,
    96_110..=96_110,
    96_127..=96_127,
    96_160..=96_161,
    96_380..=96_381,
    99_173..=99_177,
    99_381..=99_412,
];

/// Invented fees in cents for a unit at a level of 100 per cent, by code.
const FEES: [(&str, i64); 46] = [
    ("36415", 900),
    ("36416", 600),
    ("81002", 500),
    ("83655", 1_700),
    ("85018", 400),
    ("87880", 1_800),
    ("90460", 2_600),
    ("90461", 1_400),
    ("90471", 2_400),
    ("90472", 1_300),
    ("90473", 2_200),
    ("90474", 1_200),
    ("90480", 4_200),
    ("92551", 1_300),
    ("92552", 3_400),
    ("94010", 2_900),
    ("94640", 1_900),
    ("96110", 1_200),
    ("96127", 600),
    ("96160", 500),
    ("96161", 500),
    ("96380", 2_500),
    ("96381", 2_300),
    ("99173", 400),
    ("99177", 1_100),
    ("99202", 7_800),
    ("99203", 11_600),
    ("99204", 17_300),
    ("99205", 22_800),
    ("99211", 2_600),
    ("99212", 5_900),
    ("99213", 9_500),
    ("99214", 13_400),
    ("99215", 18_900),
    ("99381", 11_900),
    ("99382", 12_500),
    ("99383", 12_900),
    ("99384", 14_600),
    ("99385", 14_100),
    ("99391", 10_700),
    ("99392", 11_400),
    ("99393", 11_400),
    ("99394", 12_500),
    ("99395", 12_700),
    ("99460", 10_100),
    ("99462", 4_500),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn cents(cents: i64) -> Money {
        Money::from_cents(cents)
    }

    #[test]
    fn fees_are_sorted_by_code() {
        assert!(FEES.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn a_plan_allows_its_fee_for_each_unit_and_never_more_than_the_charge() {
        let plan = Plan { fee_level: 110, ..Plan::medicaid() };
        assert_eq!(plan.allowed("90460", &[], 3, cents(10_500)), cents(8_580));
        assert_eq!(plan.allowed("99213", &[], 1, cents(5_000)), cents(5_000));
        assert_eq!(plan.allowed("90697", &[], 1, cents(17_500)), cents(10_500));
    }

    #[test]
    fn medicaid_does_not_pay_for_vaccines_from_the_state() {
        let state = ["SL".into()];
        assert_eq!(Plan::medicaid().allowed("90710", &state, 1, cents(1_000)), Money::ZERO);
        let other = Plan::commercial(&Key::new(1, ["60054"]));
        assert!(other.allowed("90710", &state, 1, cents(1_000)) > Money::ZERO);
    }

    #[test]
    fn preventive_services_are_told_from_office_visits() {
        for code in ["99391", "90460", "90697", "96110", "99173"] {
            assert!(is_preventive(code) && !is_office_visit(code), "{code}");
        }
        for code in ["99213", "99202"] {
            assert!(is_office_visit(code) && !is_preventive(code), "{code}");
        }
        for code in ["87880", "S0302", "", "099391", "J1100"] {
            assert!(!is_preventive(code) && !is_office_visit(code), "{code}");
        }
    }
}
