//! Modifiers that a pediatric practice meets (domain.md PED-64): the numbers with our own labels, what each may stand on, and which
//! ones change the price and so come first.

use super::codes::Modifier;

/// What a modifier may stand on (domain.md E035).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandsOn {
    /// Evaluation and management only.
    EvaluationAndManagement,
    /// Procedures, tests and products: anything but evaluation and management.
    Procedure,
    /// Any service.
    Any,
}

/// One known modifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// The two characters.
    pub code: &'static str,
    /// In our words.
    pub label: &'static str,
    /// Where it belongs.
    pub stands_on: StandsOn,
    /// Whether it changes what is paid: pricing modifiers come before informational ones.
    pub pricing: bool,
}

const fn known(code: &'static str, label: &'static str, stands_on: StandsOn, pricing: bool) -> Known {
    Known { code, label, stands_on, pricing }
}

use StandsOn::{Any, EvaluationAndManagement as Em, Procedure as Pr};

const MODIFIERS: &[Known] = &[
    known("22", "more work than usual", Pr, true),
    known("24", "unrelated visit in a surgical follow-up period", Em, true),
    known("25", "separate visit on the day of another service", Em, true),
    known("26", "professional part only", Pr, true),
    known("32", "mandated service", Any, false),
    known("33", "preventive service without cost share", Any, false),
    known("50", "both sides", Pr, true),
    known("51", "several procedures", Pr, true),
    known("52", "reduced service", Any, true),
    known("53", "stopped procedure", Pr, true),
    known("57", "visit that decided on surgery", Em, true),
    known("58", "staged procedure", Pr, true),
    known("59", "distinct procedure", Pr, true),
    known("63", "infant below 4 kg", Pr, true),
    known("76", "repeated by the same provider", Pr, true),
    known("77", "repeated by another provider", Pr, true),
    known("78", "return to the operating room", Pr, true),
    known("79", "unrelated procedure in a follow-up period", Pr, true),
    known("90", "outside laboratory", Pr, false),
    known("91", "repeated laboratory test", Pr, true),
    known("92", "alternative laboratory platform", Pr, false),
    known("93", "telehealth by audio only", Any, false),
    known("95", "telehealth by audio and video", Any, false),
    known("AI", "principal physician of record", Em, false),
    known("CR", "catastrophe or disaster", Any, false),
    known("EP", "EPSDT program", Any, true),
    known("FP", "family planning", Any, false),
    known("FQ", "telehealth by audio only, Medicare", Any, false),
    known("GC", "resident under a teaching physician", Any, false),
    known("GE", "resident, primary care exception", Any, false),
    known("GT", "telehealth by audio and video, older", Any, false),
    known("LT", "left side", Pr, true),
    known("QW", "CLIA-waived test", Pr, true),
    known("RT", "right side", Pr, true),
    known("SA", "nurse practitioner with a physician", Any, false),
    known("SL", "vaccine from public stock", Pr, true),
    known("SY", "contact with a high-risk population", Any, false),
    known("TC", "technical part only", Pr, true),
    known("TH", "obstetric care", Any, false),
    known("TS", "follow-up service", Any, false),
    known("U1", "defined by the state's Medicaid, 1", Any, true),
    known("U2", "defined by the state's Medicaid, 2", Any, true),
    known("U3", "defined by the state's Medicaid, 3", Any, true),
    known("U4", "defined by the state's Medicaid, 4", Any, true),
    known("U5", "defined by the state's Medicaid, 5", Any, true),
    known("U6", "defined by the state's Medicaid, 6", Any, true),
    known("U7", "defined by the state's Medicaid, 7", Any, true),
    known("U8", "defined by the state's Medicaid, 8", Any, true),
    known("U9", "defined by the state's Medicaid, 9", Any, true),
    known("UA", "defined by the state's Medicaid, A", Any, true),
    known("UB", "defined by the state's Medicaid, B", Any, true),
    known("UC", "defined by the state's Medicaid, C", Any, true),
    known("UD", "defined by the state's Medicaid, D", Any, true),
    known("XE", "distinct: another encounter", Pr, true),
    known("XP", "distinct: another practitioner", Pr, true),
    known("XS", "distinct: another structure", Pr, true),
    known("XU", "distinct: unusual, not overlapping", Pr, true),
];

/// What we know of a modifier; `None` for one that the list does not have, which is a warning and no error: payers define their own.
#[must_use]
pub fn lookup(modifier: Modifier) -> Option<&'static Known> {
    MODIFIERS.binary_search_by_key(&modifier.as_str(), |known| known.code).ok().map(|at| &MODIFIERS[at])
}

/// Puts pricing modifiers first and keeps the order otherwise (domain.md PED-64): a repair that changes nothing that was coded.
pub fn order(modifiers: &mut [Modifier]) {
    modifiers.sort_by_key(|modifier| !lookup(*modifier).is_some_and(|known| known.pricing));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order_and_each_code_is_a_modifier() {
        assert!(MODIFIERS.is_sorted_by_key(|known| known.code));
        assert!(MODIFIERS.iter().all(|known| lookup(known.code.parse().unwrap()) == Some(known)));
        assert_eq!(lookup("ZZ".parse().unwrap()), None);
    }

    #[test]
    fn ped_64_pricing_modifiers_come_first() {
        let mut modifiers = ["95", "33", "25"].map(|code| code.parse().unwrap());
        order(&mut modifiers);
        assert_eq!(modifiers.map(|m: Modifier| m.to_string()), ["25", "95", "33"]);
    }
}
