//! Treatment with a nebulizer in the office (PED-67).

use super::Rule;
use crate::reference::{Modifier, ProcedureCode};

/// Nebulizer treatment.
pub const PED_67: Rule = Rule::new(
    "PED-67",
    "CPT 94640, 94760; HCPCS J7613",
    "Each treatment is 94640, a repeated one with 76; the drug is billed by the milligram begun; measuring oxygen (94760) is usually part of the visit.",
);

const TREATMENT: ProcedureCode = ProcedureCode::literal("94640");
const ALBUTEROL_MILLIGRAM: ProcedureCode = ProcedureCode::literal("J7613");
const OXIMETRY: ProcedureCode = ProcedureCode::literal("94760");
const REPEATED: Modifier = Modifier::literal("76");

/// What was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Treatments {
    /// How many separate treatments.
    pub count: u32,
    /// Albuterol from unit doses, in micrograms over all treatments; 0 when the family brought the drug.
    pub albuterol_micrograms: u32,
}

/// One line to be billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// What is billed.
    pub code: ProcedureCode,
    /// Its modifier.
    pub modifier: Option<Modifier>,
    /// How often.
    pub units: u32,
}

/// The unit of J7613 in micrograms.
const MILLIGRAM: u32 = 1000;

/// The lines of a day's treatments.
pub fn lines(treatments: Treatments) -> impl Iterator<Item = Line> {
    let line = |code, modifier, units: u32| (units > 0).then_some(Line { code, modifier, units });
    [
        line(TREATMENT, None, treatments.count.min(1)),
        line(TREATMENT, Some(REPEATED), treatments.count.saturating_sub(1)),
        line(ALBUTEROL_MILLIGRAM, None, treatments.albuterol_micrograms.div_ceil(MILLIGRAM)),
    ]
    .into_iter()
    .flatten()
}

/// Whether a code measures oxygen through the skin.
#[must_use]
pub fn is_oximetry(code: ProcedureCode) -> bool {
    code == OXIMETRY
}

/// Whether a code is usually paid as part of another service of the day.
#[must_use]
pub fn is_bundled(code: ProcedureCode, day: &[ProcedureCode]) -> bool {
    is_oximetry(code) && day.iter().any(|other| *other == TREATMENT || super::visits::visit(*other).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coded(count: u32, albuterol_micrograms: u32) -> Vec<String> {
        let modifier = |line: &Line| line.modifier.map(|m| format!("-{m}")).unwrap_or_default();
        lines(Treatments { count, albuterol_micrograms }).map(|line| format!("{}{} x{}", line.code, modifier(&line), line.units)).collect()
    }

    #[test]
    fn ped_67_a_second_treatment_carries_76_and_the_drug_is_counted_by_milligrams() {
        assert_eq!(coded(1, 2500), ["94640 x1", "J7613 x3"]);
        assert_eq!(coded(3, 7500), ["94640 x1", "94640-76 x2", "J7613 x8"]);
        assert_eq!(coded(1, 0), ["94640 x1"]);
        assert!(coded(0, 0).is_empty());
    }

    #[test]
    fn ped_67_oximetry_is_part_of_the_visit() {
        let code = |text: &str| text.parse().unwrap();
        assert!(is_bundled(code("94760"), &[code("99213"), code("94760")]));
        assert!(!is_bundled(code("94760"), &[code("94760")]) && !is_bundled(code("94640"), &[code("99213")]));
    }
}
