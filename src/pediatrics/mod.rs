//! What makes a child's claim different, as small pure functions over codes, ages and dates. Each rule has an id of the rule book, a
//! source and the dates for which it holds; [`CATALOG`] lists them all. What a payer or a state does differently comes in as an
//! argument, never as a name in the code.

pub mod age;
pub mod immunization_administration;
pub mod preventive;
pub mod rule;
pub mod visits;

pub use age::Age;
pub use rule::Rule;

/// Every rule of this module, in the order of the ids.
pub const CATALOG: &[Rule] = &[
    age::AGE,
    preventive::PED_01,
    preventive::PED_02,
    preventive::PED_03,
    preventive::PED_04,
    visits::PED_05,
    visits::PED_06,
    immunization_administration::PED_10,
    immunization_administration::PED_11,
    immunization_administration::PED_12,
    immunization_administration::PED_13,
    immunization_administration::PED_14,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalog_is_in_order_and_no_id_stands_twice() {
        assert!(CATALOG.windows(2).all(|pair| pair[0].id < pair[1].id));
    }
}
