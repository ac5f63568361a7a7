//! What a child gets at which age: well visits with the vaccines and screenings due at them, and illnesses. A small table of our own,
//! for synthetic visits only: nothing in the product is checked against it (domain.md PED-15, 4.7).

use crate::reference::Icd10;

/// A service beside the visit code: code, modifiers, units.
pub(super) type Service = (&'static str, &'static [&'static str], u32);

/// A well visit that is due at an age.
pub(super) struct Due {
    /// Age in months; 0 is the visit three to five days after birth.
    pub months: u16,
    /// Vaccines, by product code.
    pub doses: &'static [&'static str],
    /// Screenings and tests.
    pub services: &'static [Service],
}

const fn due(months: u16, doses: &'static [&'static str], services: &'static [Service]) -> Due {
    Due { months, doses, services }
}

const INFANT: &[&str] = &["90697", "90677", "90680"];
const MOTHER: &[Service] = &[("96161", &[], 1)];
const TWO_YEARS: &[Service] = &[("96110", &[], 1), ("83655", &["QW"], 1), ("36416", &[], 1)];
const EYES_AND_EARS: &[Service] = &[("92551", &[], 1), ("99173", &[], 1)];
const MIND: &[Service] = &[("96127", &[], 1)];

/// The well visits of domain.md 4.7.
pub(super) const WELL_VISITS: &[Due] = &[
    due(0, &[], &[]),
    due(1, &[], MOTHER),
    due(2, INFANT, MOTHER),
    due(4, INFANT, MOTHER),
    due(6, INFANT, MOTHER),
    due(9, &[], &[("96110", &[], 1)]),
    due(12, &["90707", "90716", "90633"], &[("85018", &["QW"], 1), ("83655", &["QW"], 1), ("36416", &[], 1)]),
    due(15, &["90677", "90700", "90648"], &[]),
    due(18, &["90633"], &[("96110", &[], 2)]),
    due(24, &[], TWO_YEARS),
    due(30, &[], &[("96110", &[], 1)]),
    due(36, &[], &[("99173", &[], 1)]),
    due(48, &["90710", "90696"], EYES_AND_EARS),
    due(60, &[], EYES_AND_EARS),
    due(72, &[], EYES_AND_EARS),
    due(84, &[], &[]),
    due(96, &[], EYES_AND_EARS),
    due(108, &[], &[]),
    due(120, &[], EYES_AND_EARS),
    due(132, &["90715", "90651", "90619"], &[("92551", &[], 1)]),
    due(144, &[], MIND),
    due(156, &[], MIND),
    due(168, &[], MIND),
    due(180, &[], MIND),
    due(192, &["90619", "90621"], MIND),
    due(204, &[], MIND),
    due(216, &[], MIND),
    due(228, &[], MIND),
    due(240, &[], MIND),
];

/// The second dose against HPV: months after the first, which is due at 132; given without a visit to a physician.
pub(super) const HPV_AGAIN: (u16, &str) = (138, "90651");

/// The autumn dose against influenza.
pub(super) const INFLUENZA: &str = "90656";

/// The antibody against RSV: below and from two months of age.
pub(super) const RSV_ANTIBODIES: [&str; 2] = ["90380", "90381"];

/// What is given under a product code: vaccine code, national drug code, millilitres.
pub(super) struct Stock {
    /// Product code.
    pub cpt: &'static str,
    /// Vaccine code.
    pub cvx: &'static str,
    /// National drug code, eleven digits.
    pub ndc: &'static str,
    /// Quantity in `unit`.
    pub quantity: &'static str,
    /// `ML`, or `UN` for what is mixed before use.
    pub unit: &'static str,
}

const fn stock(cpt: &'static str, cvx: &'static str, ndc: &'static str, quantity: &'static str, unit: &'static str) -> Stock {
    Stock { cpt, cvx, ndc, quantity, unit }
}

/// What stands in the practice's refrigerator.
pub(super) const STOCK: &[Stock] = &[
    stock("90380", "306", "49281057500", "0.5", "ML"),
    stock("90381", "307", "49281057488", "1", "ML"),
    stock("90619", "203", "49281059058", "0.5", "ML"),
    stock("90621", "162", "00005010001", "0.5", "ML"),
    stock("90633", "83", "00006483101", "0.5", "ML"),
    stock("90648", "48", "49281054758", "1", "UN"),
    stock("90651", "165", "00006412101", "0.5", "ML"),
    stock("90656", "140", "49281042588", "0.5", "ML"),
    stock("90677", "216", "00005200001", "0.5", "ML"),
    stock("90680", "116", "00006404701", "2", "ML"),
    stock("90696", "130", "58160081243", "0.5", "ML"),
    stock("90697", "146", "63361024358", "0.5", "ML"),
    stock("90700", "20", "58160081043", "0.5", "ML"),
    stock("90707", "03", "00006468101", "1", "UN"),
    stock("90710", "94", "00006417101", "1", "UN"),
    stock("90715", "115", "58160084201", "0.5", "ML"),
    stock("90716", "21", "00006482701", "1", "UN"),
];

/// An illness: diagnosis, how often, and the tests that go with it.
pub(super) struct Illness {
    /// Diagnosis.
    pub icd: Icd10,
    /// Weight from October to March, and from April to September.
    pub weights: [u32; 2],
    /// Tests and treatments.
    pub services: &'static [Service],
}

const fn illness(icd: &str, weights: [u32; 2], services: &'static [Service]) -> Illness {
    Illness { icd: Icd10::literal(icd), weights, services }
}

/// What children come with.
pub(super) const ILLNESSES: &[Illness] = &[
    illness("J069", [24, 14], &[]),
    illness("H6691", [9, 6], &[]),
    illness("H6692", [9, 6], &[]),
    illness("J020", [7, 6], &[("87880", &["QW"], 1)]),
    illness("J029", [8, 6], &[("87880", &["QW"], 1)]),
    illness("J101", [7, 0], &[("87804", &["QW"], 1), ("87804", &["QW", "59"], 1)]),
    illness("B349", [7, 7], &[]),
    illness("A084", [6, 4], &[]),
    illness("R509", [5, 5], &[]),
    illness("J45901", [4, 3], &[("94640", &[], 1), ("94760", &[], 1)]),
    illness("L209", [3, 4], &[]),
    illness("L0100", [1, 5], &[]),
    illness("H109", [3, 4], &[]),
    illness("N390", [2, 3], &[("81002", &[], 1)]),
    illness("K5900", [3, 3], &[]),
    illness("R109", [2, 3], &[]),
    illness("L237", [0, 5], &[]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::icd10::{CodeStatus, status_on};
    use crate::reference::vaccine;
    use jiff::civil::date;

    #[test]
    fn every_dose_that_is_due_is_in_stock_under_the_drug_and_vaccine_codes_of_its_product() {
        let due = WELL_VISITS.iter().flat_map(|visit| visit.doses).chain(&RSV_ANTIBODIES).chain([&HPV_AGAIN.1, &INFLUENZA]);
        for cpt in due {
            let stock = STOCK.iter().find(|stock| stock.cpt == *cpt).unwrap_or_else(|| panic!("{cpt}"));
            let cvx = stock.cvx.parse().unwrap();
            assert!(vaccine::by_cpt(cpt.parse().unwrap()).any(|product| product.cvx == cvx), "{cpt}");
            let drugs = vaccine::by_ndc(stock.ndc.parse().unwrap());
            assert!(drugs.iter().any(|drug| drug.cvx == cvx && drug.end.is_none()), "{cpt}");
        }
    }

    #[test]
    fn every_illness_has_a_billable_code() {
        for illness in ILLNESSES {
            assert_eq!(status_on(&illness.icd, date(2026, 3, 2)), CodeStatus::Valid, "{}", illness.icd);
        }
    }

    #[test]
    fn the_well_visits_are_in_the_order_of_age() {
        assert!(WELL_VISITS.is_sorted_by_key(|due| due.months));
    }
}
