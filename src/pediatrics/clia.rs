//! Tests done in the practice: the certificate, its number and modifier QW (PED-63).

use super::Rule;
use crate::reference::{Modifier, ProcedureCode};

/// In-house tests.
pub const PED_63: Rule = Rule::new(
    "PED-63",
    "CMS lists of waived tests",
    "A test done in the practice needs its CLIA number; under a certificate of waiver a waived test carries QW, unless its code means a waived test anyway.",
);

/// What a site's CLIA certificate allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certificate {
    /// Waived tests alone.
    Waiver,
    /// Waived tests and microscopy by the provider.
    Microscopy,
    /// Compliance, accreditation or registration: also tests that are not waived.
    Full,
}

/// What our lists know about the waived form of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waived {
    /// The code has a waived and another form: QW says that it was the waived one.
    ByModifier,
    /// The code means a waived test: QW is wrong.
    ByCode,
    /// Microscopy by the provider: not waived, allowed by a certificate of its own.
    Microscopy,
    /// A laboratory code of which the lists know nothing: CMS adds waived tests every quarter.
    Unknown,
}

/// Codes that mean a waived test without QW (CMS, first page of every list); sorted.
const BY_CODE: &[u32] = &[81002, 81025, 82270, 82272, 82962, 83026, 84830, 85013, 85651];

/// Codes whose waived form takes QW, as far as a pediatric office meets them; sorted. Not all of CMS's list.
const BY_MODIFIER: &[u32] = &[
    80061, 80305, 81003, 82274, 82465, 82947, 82950, 83036, 83655, 83718, 84478, 85014, 85018, 86308, 86318, 87426, 87428, 87430, 87502,
    87634, 87635, 87636, 87637, 87651, 87804, 87807, 87811, 87880,
];

/// Microscopy by the provider, as far as it has codes of category I; sorted.
const MICROSCOPY: &[u32] = &[81000, 81001, 81015, 81020, 89190];

/// The laboratory section of CPT: what CLIA is about. 36415 and 36416 collect specimens and are not in it.
const LABORATORY: std::ops::RangeInclusive<u32> = 80047..=89398;

/// What our lists know about a code; `None`: it is no laboratory test.
#[must_use]
pub fn waived(code: ProcedureCode) -> Option<Waived> {
    let number = code.number().filter(|number| LABORATORY.contains(number))?;
    let stands_in = |list: &[u32]| list.binary_search(&number).is_ok();
    Some(match number {
        _ if stands_in(BY_CODE) => Waived::ByCode,
        _ if stands_in(BY_MODIFIER) => Waived::ByModifier,
        _ if stands_in(MICROSCOPY) => Waived::Microscopy,
        _ => Waived::Unknown,
    })
}

/// Whether a test takes QW under a certificate. `None`: both may be right, by the method that was used.
#[must_use]
pub fn takes_qw(code: ProcedureCode, certificate: Certificate) -> Option<bool> {
    match (waived(code), certificate) {
        (None | Some(Waived::ByCode | Waived::Microscopy), _) => Some(false),
        (Some(Waived::ByModifier), Certificate::Waiver | Certificate::Microscopy) => Some(true),
        (Some(Waived::ByModifier), Certificate::Full) | (Some(Waived::Unknown), _) => None,
    }
}

/// What is wrong with the line of a test done in the practice (E051).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No CLIA number on claim or line (REF*X4).
    #[error("a test done in the practice needs the CLIA number")]
    NoClia,
    /// QW is missing.
    #[error("under the site's certificate the test needs modifier QW")]
    QwMissing,
    /// QW stands where it may not.
    #[error("the code takes no modifier QW")]
    QwForbidden,
    /// The certificate does not cover microscopy.
    #[error("the site's certificate of waiver does not cover microscopy")]
    NotCovered,
}

/// Everything that is wrong with the line of a test done in the practice. `certificate`: the site's, `None` when it is not known, and
/// then nothing is said that depends on it. Lines sent out to a laboratory (modifier 90) are the laboratory's business and not asked
/// about here.
pub fn faults(
    code: ProcedureCode,
    modifiers: &[Modifier],
    clia_number: bool,
    certificate: Option<Certificate>,
) -> impl Iterator<Item = Fault> {
    let kind = waived(code);
    let has_qw = modifiers.contains(&Modifier::QW);
    let expected = match certificate {
        Some(certificate) => takes_qw(code, certificate),
        None if matches!(kind, None | Some(Waived::ByCode | Waived::Microscopy)) => Some(false),
        None => None,
    };
    [
        (kind.is_some() && !clia_number).then_some(Fault::NoClia),
        (expected == Some(true) && !has_qw).then_some(Fault::QwMissing),
        (expected == Some(false) && has_qw).then_some(Fault::QwForbidden),
        (kind == Some(Waived::Microscopy) && certificate == Some(Certificate::Waiver)).then_some(Fault::NotCovered),
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(code: &str, modifiers: &[&str], certificate: Option<Certificate>) -> Vec<Fault> {
        let modifiers: Vec<Modifier> = modifiers.iter().map(|m| m.parse().unwrap()).collect();
        faults(code.parse().unwrap(), &modifiers, true, certificate).collect()
    }

    #[test]
    fn ped_63_a_strep_test_under_a_waiver_needs_qw_and_a_dipstick_must_not_have_it() {
        assert_eq!(found("87880", &[], Some(Certificate::Waiver)), [Fault::QwMissing]);
        assert!(found("87880", &["QW"], Some(Certificate::Waiver)).is_empty());
        assert_eq!(found("81002", &["QW"], Some(Certificate::Waiver)), [Fault::QwForbidden]);
        assert!(found("81002", &[], Some(Certificate::Waiver)).is_empty());
    }

    #[test]
    fn ped_63_with_a_full_certificate_or_an_unlisted_test_both_may_be_right() {
        for modifiers in [&[][..], &["QW"]] {
            assert!(found("87880", modifiers, Some(Certificate::Full)).is_empty());
            assert!(found("87070", modifiers, Some(Certificate::Waiver)).is_empty());
            assert!(found("87880", modifiers, None).is_empty());
        }
    }

    #[test]
    fn ped_63_every_code_of_the_rule_book_is_known() {
        for code in ["87880", "87804", "87811", "87807", "87428", "86308", "83655", "85018", "81003", "87651", "87502"] {
            assert_eq!(waived(code.parse().unwrap()), Some(Waived::ByModifier), "{code}");
        }
        for code in ["81002", "81025", "82270", "82272", "82962", "83026", "84830", "85013", "85651"] {
            assert_eq!(waived(code.parse().unwrap()), Some(Waived::ByCode), "{code}");
        }
        assert!([BY_CODE, BY_MODIFIER, MICROSCOPY].iter().all(|list| list.is_sorted()));
    }

    #[test]
    fn ped_63_a_test_needs_the_clia_number_and_a_finger_stick_does_not() {
        let faults = |code: &str| faults(code.parse().unwrap(), &[], false, None).collect::<Vec<_>>();
        assert_eq!(faults("81002"), [Fault::NoClia]);
        assert!(faults("36416").is_empty() && faults("99213").is_empty());
    }

    #[test]
    fn ped_63_microscopy_is_not_covered_by_a_waiver_and_qw_is_wrong_on_what_is_no_test() {
        assert_eq!(found("81001", &[], Some(Certificate::Waiver)), [Fault::NotCovered]);
        assert!(found("81001", &[], Some(Certificate::Microscopy)).is_empty());
        assert_eq!(found("99213", &["QW"], None), [Fault::QwForbidden]);
    }
}
