//! What a SNOMED CT concept means for billing: kinds of visits, conditions with an ICD-10-CM code, procedures that cost nothing extra.
//!
//! A small map of our own for what pediatric records hold most (`snomed.csv`, our labels). It knows no laterality and no severity, so
//! it gives unspecified codes: a practice that codes in its own system sends ICD-10-CM, which is taken as it is. A concept that is
//! not here holds the visit; nothing is guessed.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::model::NotBillable;
use crate::reference::Icd10;

/// What a concept means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A kind of visit.
    Visit(VisitMeaning),
    /// A condition.
    Condition(Icd10, Role),
    /// Something recorded as a condition that is no diagnosis.
    NoDiagnosis,
    /// Something done that is part of a visit.
    NoCharge,
    /// Something a dentist did.
    Dental,
}

/// What a kind of visit means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitMeaning {
    /// A well visit.
    Preventive,
    /// A visit for something.
    Problem,
    /// A visit for vaccines alone, without a physician.
    DosesOnly,
    /// A visit that an office practice does not bill.
    NotBilled(NotBillable),
}

/// What a condition means at a well visit (domain.md PED-03, PED-05). At a problem visit all are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// An illness that is worked up and treated: a second visit code.
    Problem,
    /// Something found: an abnormal finding, no second visit.
    Finding,
    /// A standing condition: listed, no abnormal finding.
    Chronic,
}

/// The meaning of a concept id; `None` for one that the map does not have.
#[must_use]
pub fn meaning(concept: &str) -> Option<Meaning> {
    static MAP: OnceLock<HashMap<u64, Meaning>> = OnceLock::new();
    let map = MAP.get_or_init(|| {
        let rows = include_str!("snomed.csv").lines().skip(1);
        rows.map(|row| {
            let mut cells = row.splitn(4, ',');
            let (concept, word, detail) = (cells.next(), cells.next().unwrap_or(""), cells.next().unwrap_or(""));
            let concept = concept.and_then(|text| text.parse().ok()).expect("the map holds concept ids");
            (concept, parse(word, detail).expect("the map holds known words and codes"))
        })
        .collect()
    });
    map.get(&concept.parse().ok()?).copied()
}

fn parse(word: &str, detail: &str) -> Option<Meaning> {
    let condition = |role| Some(Meaning::Condition(Icd10::parse(detail).ok()?, role));
    match (word, detail) {
        ("visit", "preventive") => Some(Meaning::Visit(VisitMeaning::Preventive)),
        ("visit", "problem") => Some(Meaning::Visit(VisitMeaning::Problem)),
        ("visit", "doses") => Some(Meaning::Visit(VisitMeaning::DosesOnly)),
        ("visit", "urgent_care") => Some(Meaning::Visit(VisitMeaning::NotBilled(NotBillable::UrgentCare))),
        ("visit", "emergency") => Some(Meaning::Visit(VisitMeaning::NotBilled(NotBillable::Emergency))),
        ("visit", "inpatient") => Some(Meaning::Visit(VisitMeaning::NotBilled(NotBillable::Inpatient))),
        ("visit", "not_face_to_face") => Some(Meaning::Visit(VisitMeaning::NotBilled(NotBillable::NotFaceToFace))),
        ("problem", _) => condition(Role::Problem),
        ("finding", _) => condition(Role::Finding),
        ("chronic", _) => condition(Role::Chronic),
        ("no_diagnosis", "") => Some(Meaning::NoDiagnosis),
        ("no_charge", "") => Some(Meaning::NoCharge),
        ("dental", "") => Some(Meaning::Dental),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::icd10;

    #[test]
    fn every_code_of_the_map_is_a_billable_leaf_and_no_concept_stands_twice() {
        let rows: Vec<Vec<&str>> = include_str!("snomed.csv").lines().skip(1).map(|row| row.split(',').collect()).collect();
        let mut seen = std::collections::BTreeSet::new();
        for row in rows {
            assert!(row.len() == 4 && seen.insert(row[0].to_owned()), "{row:?}");
            if let Some(Meaning::Condition(code, _)) = meaning(row[0]) {
                assert!(icd10::lookup(&code).is_some_and(|entry| entry.billable), "{row:?}");
            }
        }
    }

    #[test]
    fn a_concept_means_a_visit_a_condition_or_nothing_known() {
        assert_eq!(meaning("162673000"), Some(Meaning::Visit(VisitMeaning::Preventive)));
        assert_eq!(meaning("65363002"), Some(Meaning::Condition("H66.90".parse().unwrap(), Role::Problem)));
        assert_eq!((meaning("1"), meaning(""), meaning("x")), (None, None, None));
    }
}
