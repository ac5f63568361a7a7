//! Diagnoses that fit only some ages or one sex (PED-71).

use super::{Age, Rule};
use crate::reference::Icd10;

/// Age and sex of a diagnosis.
pub const PED_71: Rule = Rule::new(
    "PED-71",
    "CMS Medicare code editor, age and sex conflicts; ICD-10-CM",
    "Newborn diagnoses belong to age 0, pediatric ones to 0 to 17, maternity to 9 to 64 and to girls, adult ones to 15 and more; some organs decide about the sex.",
);

/// A class of diagnoses by age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AgeClass {
    /// In the first year of life.
    Newborn,
    /// In childhood.
    Pediatric,
    /// In pregnancy and childbed.
    Maternity,
    /// Not in childhood.
    Adult,
}

impl AgeClass {
    /// Its ages in completed years, both inclusive.
    #[must_use]
    pub const fn years(self) -> std::ops::RangeInclusive<u16> {
        match self {
            AgeClass::Newborn => 0..=0,
            AgeClass::Pediatric => 0..=17,
            AgeClass::Maternity => 9..=64,
            AgeClass::Adult => 15..=124,
        }
    }
}

/// Administrative sex, where it is known to be one of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// Codes and categories of each class, sorted, so that the last entry not above a code is its own or none. A short list of what a
/// pediatric practice meets, not the editor's whole tables: a code that is missing here raises nothing. Perinatal conditions (P00–P96)
/// are left out: they may last (PED-51).
const BY_AGE: &[(&str, AgeClass)] = &[
    ("A33", AgeClass::Newborn),
    ("H25", AgeClass::Adult),
    ("L2083", AgeClass::Pediatric),
    ("L211", AgeClass::Pediatric),
    ("M810", AgeClass::Adult),
    ("N40", AgeClass::Adult),
    ("N470", AgeClass::Newborn),
    ("N951", AgeClass::Adult),
    ("O", AgeClass::Maternity),
    ("R54", AgeClass::Adult),
    ("R6251", AgeClass::Pediatric),
    ("Z0000", AgeClass::Adult),
    ("Z0001", AgeClass::Adult),
    ("Z0011", AgeClass::Newborn),
    ("Z0012", AgeClass::Pediatric),
    ("Z05", AgeClass::Newborn),
    ("Z33", AgeClass::Maternity),
    ("Z34", AgeClass::Maternity),
    ("Z36", AgeClass::Maternity),
    ("Z37", AgeClass::Maternity),
    ("Z38", AgeClass::Newborn),
    ("Z39", AgeClass::Maternity),
    ("Z3A", AgeClass::Maternity),
    ("Z761", AgeClass::Pediatric),
    ("Z762", AgeClass::Pediatric),
];

/// Codes and categories of one sex, sorted.
const BY_SEX: &[(&str, Sex)] = &[
    ("C51", Sex::Female),
    ("C52", Sex::Female),
    ("C53", Sex::Female),
    ("C54", Sex::Female),
    ("C55", Sex::Female),
    ("C56", Sex::Female),
    ("C57", Sex::Female),
    ("C58", Sex::Female),
    ("C60", Sex::Male),
    ("C61", Sex::Male),
    ("C62", Sex::Male),
    ("C63", Sex::Male),
    ("D25", Sex::Female),
    ("D26", Sex::Female),
    ("D27", Sex::Female),
    ("D28", Sex::Female),
    ("D29", Sex::Male),
    ("E28", Sex::Female),
    ("E29", Sex::Male),
    ("N40", Sex::Male),
    ("N41", Sex::Male),
    ("N42", Sex::Male),
    ("N43", Sex::Male),
    ("N44", Sex::Male),
    ("N45", Sex::Male),
    ("N46", Sex::Male),
    ("N47", Sex::Male),
    ("N48", Sex::Male),
    ("N49", Sex::Male),
    ("N50", Sex::Male),
    ("N51", Sex::Male),
    ("N52", Sex::Male),
    ("N53", Sex::Male),
    ("N70", Sex::Female),
    ("N71", Sex::Female),
    ("N72", Sex::Female),
    ("N73", Sex::Female),
    ("N74", Sex::Female),
    ("N75", Sex::Female),
    ("N76", Sex::Female),
    ("N77", Sex::Female),
    ("N80", Sex::Female),
    ("N81", Sex::Female),
    ("N82", Sex::Female),
    ("N83", Sex::Female),
    ("N84", Sex::Female),
    ("N85", Sex::Female),
    ("N86", Sex::Female),
    ("N87", Sex::Female),
    ("N88", Sex::Female),
    ("N89", Sex::Female),
    ("N90", Sex::Female),
    ("N91", Sex::Female),
    ("N92", Sex::Female),
    ("N93", Sex::Female),
    ("N94", Sex::Female),
    ("N95", Sex::Female),
    ("N96", Sex::Female),
    ("N97", Sex::Female),
    ("N98", Sex::Female),
    ("O", Sex::Female),
    ("Q50", Sex::Female),
    ("Q51", Sex::Female),
    ("Q52", Sex::Female),
    ("Q53", Sex::Male),
    ("Q54", Sex::Male),
    ("Q55", Sex::Male),
    ("Z014", Sex::Female),
    ("Z124", Sex::Female),
    ("Z125", Sex::Male),
    ("Z33", Sex::Female),
    ("Z34", Sex::Female),
    ("Z36", Sex::Female),
    ("Z37", Sex::Female),
    ("Z39", Sex::Female),
    ("Z3A", Sex::Female),
    ("Z412", Sex::Male),
];

/// The entry whose code or category a code is within. No entry is within another, so that the last one not above the code decides.
fn entry<T: Copy>(table: &[(&str, T)], code: Icd10) -> Option<T> {
    let text = code.as_str();
    let after = table.partition_point(|(prefix, _)| *prefix <= text);
    let (prefix, value) = table[..after].last()?;
    text.starts_with(prefix).then_some(*value)
}

/// The class of a diagnosis by age; `None`: any age.
#[must_use]
pub fn age_class(code: Icd10) -> Option<AgeClass> {
    entry(BY_AGE, code)
}

/// The sex that a diagnosis needs; `None`: any.
#[must_use]
pub fn sex_of(code: Icd10) -> Option<Sex> {
    entry(BY_SEX, code)
}

/// What does not fit between a diagnosis and a patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// The age.
    #[error("the diagnosis does not fit the age")]
    Age(AgeClass),
    /// The sex.
    #[error("the diagnosis does not fit the sex")]
    Sex(Sex),
}

/// Everything that does not fit. `sex`: `None` when unknown, and then nothing is said about it.
pub fn conflicts(code: Icd10, age: Age, sex: Option<Sex>) -> impl Iterator<Item = Conflict> {
    let class = age_class(code).filter(|class| !class.years().contains(&age.years));
    let other = sex_of(code).filter(|needed| sex.is_some_and(|sex| sex != *needed));
    [class.map(Conflict::Age), other.map(Conflict::Sex)].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(code: &str, years: u16, sex: Option<Sex>) -> Vec<Conflict> {
        let age = Age { years, months: u32::from(years) * 12, days: u32::from(years) * 366 };
        conflicts(code.parse().unwrap(), age, sex).collect()
    }

    #[test]
    fn ped_71_each_class_has_its_ages() {
        for (code, class, fits, misfits) in [
            ("Z38.00", AgeClass::Newborn, 0, 1),
            ("Z00.110", AgeClass::Newborn, 0, 1),
            ("Z00.129", AgeClass::Pediatric, 17, 18),
            ("O80", AgeClass::Maternity, 9, 8),
            ("Z34.00", AgeClass::Maternity, 16, 8),
            ("Z00.00", AgeClass::Adult, 15, 14),
        ] {
            assert!(found(code, fits, None).is_empty(), "{code}");
            assert_eq!(found(code, misfits, None), [Conflict::Age(class)], "{code}");
        }
    }

    #[test]
    fn ped_71_some_organs_decide_about_the_sex_and_an_unknown_sex_raises_nothing() {
        assert_eq!(found("N44.00", 12, Some(Sex::Female)), [Conflict::Sex(Sex::Male)]);
        assert_eq!(found("N91.0", 15, Some(Sex::Male)), [Conflict::Sex(Sex::Female)]);
        assert!(found("N44.00", 12, None).is_empty() && found("N44.00", 12, Some(Sex::Male)).is_empty());
        assert_eq!(found("Z41.2", 0, Some(Sex::Female)), [Conflict::Sex(Sex::Male)]);
    }

    #[test]
    fn ped_71_ordinary_and_perinatal_codes_raise_nothing() {
        for code in ["H66.91", "J45.909", "Z23", "P27.1", "Z00.8", "N39.0", "Q54"] {
            assert!(found(code, 5, Some(Sex::Male)).is_empty(), "{code}");
        }
    }

    #[test]
    fn the_tables_are_sorted_and_no_entry_is_within_another() {
        fn check<T>(table: &[(&str, T)]) {
            assert!(table.is_sorted_by(|a, b| a.0 < b.0 && !b.0.starts_with(a.0)));
        }
        check(BY_AGE);
        check(BY_SEX);
    }
}
