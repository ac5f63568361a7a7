//! Counselling on a vaccine that is not given (PED-16).

use jiff::civil::date;

use super::Rule;
use super::immunization_schedule::protects_from;
use crate::reference::{Icd10, ProcedureCode};

/// Counselling without a dose.
pub const PED_16: Rule = Rule::new(
    "PED-16",
    "CPT 90482–90484, new in 2026; AAP and state academies",
    "Counselling on vaccines that are not given that day: 90482 from 3 minutes, 90483 over 10, 90484 over 20, beside a visit with 25; Z71.85 first, then the reason from Z28.",
)
.since(date(2026, 1, 1));

/// Fewer minutes have no code.
const LEAST_MINUTES: u16 = 3;

/// The steps: over these minutes, this code.
const OVER: [(u16, &str); 2] = [(20, "90484"), (10, "90483")];

/// The code for the minutes of counselling, which belong to no other service; `None` under three minutes.
#[must_use]
pub fn code(minutes: u16) -> Option<ProcedureCode> {
    if minutes < LEAST_MINUTES {
        return None;
    }
    let number = OVER.iter().find(|(over, _)| minutes > *over).map_or("90482", |(_, number)| *number);
    Some(ProcedureCode::literal(number))
}

/// Whether a code is one of these.
#[must_use]
pub fn is_counselling(code: ProcedureCode) -> bool {
    matches!(code.number(), Some(90482..=90484))
}

/// Encounter for immunization safety counselling.
pub const Z71_85: Icd10 = Icd10::literal("Z7185");

/// Whether a code is a complete reason for a vaccine that was not given: a category alone is not.
#[must_use]
pub fn is_reason_not_given(code: Icd10) -> bool {
    code.is_within("Z28")
        && crate::reference::icd10::lookup(&code)
            .map_or_else(|| !matches!(code.as_str(), "Z28" | "Z280" | "Z282" | "Z283" | "Z288"), |entry| entry.billable)
}

/// What is wrong with a counselling line (E044).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The vaccine was given after all.
    #[error("a vaccine that was counselled on as not given was given on the same day")]
    Given(ProcedureCode),
    /// No complete reason of Z28 on the claim.
    #[error("the reason why the vaccine was not given is missing (a complete code of Z28)")]
    ReasonMissing,
    /// Z71.85 is missing, or stands after Z28 on the line.
    #[error("counselling on vaccines points to Z71.85 first")]
    CounsellingNotFirst,
}

/// Everything that is wrong with a counselling line. `pointed`: its diagnoses in the order of the pointers. `discussed`: product codes of
/// the vaccines it was about, where they are recorded. `given`: products of the day.
pub fn faults<'a>(pointed: &'a [Icd10], discussed: &'a [ProcedureCode], given: &'a [ProcedureCode]) -> impl Iterator<Item = Fault> + 'a {
    let reason = pointed.iter().any(|code| is_reason_not_given(*code));
    discussed
        .iter()
        .filter(|product| was_given(**product, given))
        .map(|product| Fault::Given(*product))
        .chain((!reason).then_some(Fault::ReasonMissing))
        .chain((pointed.first() != Some(&Z71_85)).then_some(Fault::CounsellingNotFirst))
}

/// Whether a vaccine was given: by this product, or by products that together protect from all that it protects from.
fn was_given(product: ProcedureCode, given: &[ProcedureCode]) -> bool {
    let wanted = protects_from(product);
    given.contains(&product)
        || !wanted.is_empty() && wanted.iter().all(|vaccine| given.iter().any(|given| protects_from(*given).contains(vaccine)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(texts: &[&str]) -> Vec<Icd10> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn ped_16_the_minutes_choose_the_code() {
        let found = [2, 3, 10, 11, 20, 21].map(|minutes| code(minutes).map(|code| code.to_string()));
        let wanted = [None, Some("90482"), Some("90482"), Some("90483"), Some("90483"), Some("90484")];
        assert_eq!(found.each_ref().map(Option::as_deref), wanted);
    }

    #[test]
    fn ped_16_the_reason_is_complete_and_stands_second() {
        let product = "90707".parse().unwrap();
        let found = |pointed: &[&str]| faults(&codes(pointed), &[product], &[]).collect::<Vec<_>>();
        assert!(
            found(&["Z71.85", "Z28.21"]).is_empty() && found(&["Z71.85", "Z28.82"]).is_empty() && found(&["Z71.85", "Z28.310"]).is_empty()
        );
        assert_eq!(found(&["Z71.85"]), [Fault::ReasonMissing]);
        assert_eq!(found(&["Z71.85", "Z28.2"]), [Fault::ReasonMissing]);
        assert_eq!(found(&["Z28.82", "Z71.85"]), [Fault::CounsellingNotFirst]);
    }

    #[test]
    fn ped_16_what_was_given_was_not_counselled_on_only() {
        let (given, other) = ("90707".parse().unwrap(), "90651".parse().unwrap());
        let pointed = codes(&["Z71.85", "Z28.82"]);
        assert_eq!(faults(&pointed, &[given], &[given, other]).collect::<Vec<_>>(), [Fault::Given(given)]);
        assert_eq!(faults(&pointed, &[given], &[other]).count(), 0);
        let (mmrv, varicella, hepatitis_b) = ("90710".parse().unwrap(), "90716".parse().unwrap(), "90744".parse().unwrap());
        assert_eq!(faults(&pointed, &[mmrv], &[given]).count(), 0);
        assert_eq!(faults(&pointed, &[mmrv], &[given, varicella]).collect::<Vec<_>>(), [Fault::Given(mmrv)]);
        assert_eq!(faults(&pointed, &[hepatitis_b], &["90697".parse().unwrap()]).collect::<Vec<_>>(), [Fault::Given(hepatitis_b)]);
        assert!(!PED_16.holds_on(date(2025, 12, 31)) && PED_16.holds_on(date(2026, 1, 1)));
    }
}
