//! What makes a child's claim different, as small pure functions over codes, ages and dates. Each rule has an id of the rule book, a
//! source and the dates for which it holds; [`CATALOG`] lists them all. What a payer or a state does differently comes in as an
//! argument, never as a name in the code.

// What every rule stands on.
pub mod age;
pub mod rule;

// Visits: code, diagnosis and status by age, sick beside well, levels, how often, forms (PED-01 to PED-08, PED-70).
pub mod forms;
pub mod level;
pub mod preventive;
pub mod visit_frequency;
pub mod visits;

// Vaccines and antibodies: codes, lines, schedules, counselling, ages (PED-10 to PED-17).
pub mod dose_count;
pub mod immunization_administration;
pub mod immunization_schedule;
pub mod vaccine_age;
pub mod vaccine_counselling;
pub mod vaccine_lines;

// Public stock (PED-20 to PED-23).
pub mod vfc;

// Medicaid: screenings, last payer, paid in full (PED-30 to PED-33).
pub mod epsdt;
pub mod medicaid;

// Which plan pays first (PED-40).
pub mod cob;

// The stay of birth and the first weeks (PED-50 to PED-52).
pub mod newborn;

// What was due, and screenings (PED-59 to PED-62).
pub mod due_list;
pub mod screening;

// Tests, modifiers, telehealth, after hours, nebulizer, units (PED-63 to PED-68).
pub mod after_hours;
pub mod clia;
pub mod modifiers;
pub mod nebulizer;
pub mod telehealth;
pub mod units;

// Until when a claim may be filed (PED-69).
pub mod timely_filing;

// Which diagnoses fit age and sex (PED-71).
pub mod diagnosis_age;

// All of it together: what to charge for a visit, and what differs in what was charged.
pub mod assistant;

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
    level::PED_07,
    visit_frequency::PED_08,
    immunization_administration::PED_10,
    immunization_administration::PED_11,
    immunization_administration::PED_12,
    immunization_administration::PED_13,
    immunization_administration::PED_14,
    immunization_schedule::PED_15,
    vaccine_counselling::PED_16,
    vaccine_age::PED_17,
    vfc::PED_20,
    vfc::PED_21,
    vfc::PED_22,
    vfc::PED_23,
    epsdt::PED_30,
    medicaid::PED_31,
    medicaid::PED_32,
    medicaid::PED_33,
    cob::PED_40,
    newborn::PED_50,
    newborn::PED_51,
    newborn::PED_52,
    due_list::PED_59,
    screening::PED_60,
    screening::PED_61,
    screening::PED_62,
    clia::PED_63,
    modifiers::PED_64,
    telehealth::PED_65,
    after_hours::PED_66,
    nebulizer::PED_67,
    units::PED_68,
    timely_filing::PED_69,
    forms::PED_70,
    diagnosis_age::PED_71,
];

/// A part of a rule that nothing in the program asks yet.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    /// The rule.
    pub rule: &'static Rule,
    /// The part, as `module::function`.
    pub function: &'static str,
    /// What it waits for.
    pub kept_for: &'static str,
}

const fn kept(rule: &'static Rule, function: &'static str, kept_for: &'static str) -> Kept {
    Kept { rule, function, kept_for }
}

/// What stands here without a caller, in the order of the rules: a biller is not to believe that a claim is judged by it.
pub const KEPT: &[Kept] = &[
    kept(&immunization_schedule::PED_15, "immunization_schedule::standings", "a view of what each schedule says about a product"),
    kept(
        &vaccine_counselling::PED_16,
        "vaccine_counselling::faults",
        "E044, which looks for the reason on the claim and not yet on the line",
    ),
    kept(&vfc::PED_23, "fee::step", "the one bill for an administration fee and its waiver"),
    kept(&medicaid::PED_33, "medicaid::delay_reason", "claims that are late because Medicaid was granted for the past"),
    kept(&after_hours::PED_66, "after_hours::hours_of", "feeds that tell when a visit began"),
];

#[cfg(test)]
mod tests;
