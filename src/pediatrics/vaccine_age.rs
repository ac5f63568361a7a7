//! At which ages a vaccine product is usual (PED-17): a dose outside of them is looked at again, since the wrong product was coded more
//! often than given.

use std::ops::RangeInclusive;

use super::{Age, Rule};
use crate::reference::ProcedureCode;

/// Ages of products.
pub const PED_17: Rule = Rule::new(
    "PED-17",
    "product labels (FDA), widened where the schedules use a product beyond its label",
    "A product outside of its usual ages is a warning: DTaP ends with the 7th birthday, where Tdap begins.",
);

/// No upper end.
const ON: u32 = u32::MAX;

/// A year in months.
const Y: u32 = 12;

/// Product, first and last usual month of age; sorted. Six weeks are written as one month, the whole month before it forgiven.
#[rustfmt::skip]
const USUAL: &[(u32, u32, u32)] = &[
    (90378, 0, 23), (90380, 0, 23), (90381, 0, 23), (90382, 0, 11),
    (90619, 1, ON), (90620, 10 * Y, 26 * Y - 1), (90621, 10 * Y, 26 * Y - 1), (90623, 10 * Y, 26 * Y - 1), (90624, 10 * Y, 26 * Y - 1),
    (90632, 18 * Y, ON), (90633, 12, 19 * Y - 1), (90634, 12, 19 * Y - 1), (90636, 18 * Y, ON),
    (90647, 1, 6 * Y - 1), (90648, 1, 6 * Y - 1), (90651, 9 * Y, 46 * Y - 1),
    (90653, 65 * Y, ON), (90656, 6, ON), (90657, 6, 35), (90658, 6, ON), (90660, 2 * Y, 50 * Y - 1), (90661, 6, ON), (90662, 65 * Y, ON),
    (90670, 1, ON), (90671, 1, ON), (90672, 2 * Y, 50 * Y - 1), (90673, 9 * Y, ON), (90677, 1, ON), (90679, 50 * Y, ON),
    (90680, 1, 8), (90681, 1, 8), (90684, 18 * Y, ON), (90690, 6 * Y, ON), (90691, 2 * Y, ON),
    (90696, 4 * Y, 7 * Y - 1), (90697, 1, 5 * Y - 1), (90698, 1, 5 * Y - 1), (90700, 1, 7 * Y - 1), (90702, 1, 7 * Y - 1),
    (90707, 6, ON), (90710, 12, 13 * Y - 1), (90713, 1, ON), (90714, 7 * Y, ON), (90715, 7 * Y, ON), (90716, 12, ON),
    (90717, 6, ON), (90723, 1, 7 * Y - 1), (90734, 1, ON), (90739, 18 * Y, ON), (90743, 11 * Y, 16 * Y - 1), (90744, 0, 20 * Y - 1),
    (90746, 18 * Y, ON), (90750, 18 * Y, ON),
    (91304, 12 * Y, ON), (91318, 6, 5 * Y - 1), (91319, 5 * Y, 12 * Y - 1), (91320, 12 * Y, ON), (91321, 6, 12 * Y - 1),
    (91322, 12 * Y, ON), (91323, 12 * Y, ON),
];

/// The usual ages of a product in completed months; `None`: no product, or one whose ages the table does not have.
#[must_use]
pub fn usual_months(product: ProcedureCode) -> Option<RangeInclusive<u32>> {
    let number = product.number()?;
    let at = USUAL.binary_search_by_key(&number, |(product, ..)| *product).ok()?;
    Some(USUAL[at].1..=USUAL[at].2)
}

/// Whether a product is unusual at an age (E047): a warning.
#[must_use]
pub fn is_unusual(product: ProcedureCode, age: Age) -> bool {
    usual_months(product).is_some_and(|months| !months.contains(&age.months))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::vaccine;

    fn unusual(product: &str, months: u32) -> bool {
        let age = Age { years: u16::try_from(months / 12).unwrap(), months, days: months * 31 };
        is_unusual(product.parse().unwrap(), age)
    }

    #[test]
    fn ped_17_dtap_ends_where_tdap_begins() {
        assert!(!unusual("90700", 83) && unusual("90700", 84));
        assert!(unusual("90715", 83) && !unusual("90715", 84));
        assert!(unusual("90696", 47) && !unusual("90696", 48));
    }

    #[test]
    fn ped_17_infant_products_are_for_infants_and_adult_ones_for_adults() {
        for (product, months) in [("90680", 9), ("90697", 60), ("90744", 240), ("90746", 12), ("90651", 60), ("90381", 24), ("91319", 59)] {
            assert!(unusual(product, months), "{product}");
        }
        for (product, months) in [("90680", 2), ("90697", 6), ("90744", 0), ("90651", 132), ("90381", 3), ("91319", 60), ("90476", 12)] {
            assert!(!unusual(product, months), "{product}");
        }
    }

    #[test]
    fn the_table_is_sorted_and_every_product_exists() {
        assert!(USUAL.is_sorted_by(|a, b| a.0 < b.0) && USUAL.iter().all(|(_, from, to)| from < to));
        for (product, ..) in USUAL {
            assert!(vaccine::product(product.to_string().parse().unwrap(), None).is_some(), "{product}");
        }
    }
}
