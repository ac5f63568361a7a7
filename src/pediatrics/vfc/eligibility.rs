//! Who is entitled to a dose from the Vaccines for Children program: decided for each dose, on its day (PED-20).

use crate::pediatrics::{Age, Rule};
use crate::reference::vaccine::VfcEligibility;

/// Entitlement to a dose.
pub const PED_20: Rule = Rule::new(
    "PED-20",
    "42 USC 1396s; HL7 table 0064",
    "Eligibility is recorded for each dose: V02 to V05 until the 19th birthday; V05 only at a federally qualified or deputised site; V07 by a program of the state.",
);

/// The program ends with the 19th birthday.
pub const TO_YEARS: u16 = 18;

/// How a child is insured on the day of a dose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Insurance {
    /// Medicaid, its managed care, or CHIP run as an expansion of Medicaid.
    Medicaid,
    /// CHIP as a program of its own.
    SeparateChip,
    /// None.
    Uninsured,
    /// Insured, but the plan does not cover this vaccine, or only to a limit that is reached.
    Underinsured,
    /// Insured, the vaccine covered.
    Insured,
}

/// What decides about the eligibility of a dose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Circumstances {
    /// How the child is insured.
    pub insurance: Insurance,
    /// American Indian or Alaska Native, by the family's word.
    pub native: bool,
    /// Whether the site is a federally qualified or rural health center, or deputised by one.
    pub qualified_site: bool,
    /// Whether a program of the state or locality gives this vaccine to this child.
    pub state_program: bool,
}

/// The eligibility to record for a dose. Where several fit, the one that costs the family least: Medicaid pays the administration too.
#[must_use]
pub fn eligibility(age: Age, circumstances: Circumstances) -> VfcEligibility {
    let not_federal = if circumstances.state_program { VfcEligibility::V07 } else { VfcEligibility::V01 };
    if age.years > TO_YEARS {
        return not_federal;
    }
    match circumstances.insurance {
        Insurance::Medicaid => VfcEligibility::V02,
        _ if circumstances.native => VfcEligibility::V04,
        Insurance::Uninsured => VfcEligibility::V03,
        Insurance::Underinsured if circumstances.qualified_site => VfcEligibility::V05,
        Insurance::Underinsured | Insurance::SeparateChip | Insurance::Insured => not_federal,
    }
}

/// Which stock a dose may come from without costing the practice or the family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entitlement {
    /// The federal program's.
    Federal,
    /// The state's.
    State,
    /// None: the practice's own stock.
    Private,
}

/// What a recorded eligibility entitles to at an age; `None` for V06, which says nothing any more. V08 means what V01 means.
#[must_use]
pub fn entitlement(eligibility: VfcEligibility, age: Age) -> Option<Entitlement> {
    Some(match eligibility {
        VfcEligibility::V02 | VfcEligibility::V03 | VfcEligibility::V04 | VfcEligibility::V05 if age.years <= TO_YEARS => {
            Entitlement::Federal
        }
        VfcEligibility::V02 | VfcEligibility::V03 | VfcEligibility::V04 | VfcEligibility::V05 => Entitlement::Private,
        VfcEligibility::V01 | VfcEligibility::V08 => Entitlement::Private,
        VfcEligibility::V07 => Entitlement::State,
        VfcEligibility::V06 => return None,
    })
}

/// Why an eligibility can't be right (E045).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// V02 to V05 from the 19th birthday on.
    #[error("the vaccine program ends with the 19th birthday")]
    TooOld,
    /// V06 or V08.
    #[error("the eligibility code is retired")]
    Retired,
    /// V05 at a site that is neither federally qualified nor deputised.
    #[error("underinsured children are eligible only at a federally qualified or deputised site")]
    SiteNotQualified,
}

/// Everything that is wrong with a recorded eligibility. `qualified_site`: `None` when it is not known.
pub fn faults(eligibility: VfcEligibility, age: Age, qualified_site: Option<bool>) -> impl Iterator<Item = Fault> {
    let federal = matches!(eligibility, VfcEligibility::V02 | VfcEligibility::V03 | VfcEligibility::V04 | VfcEligibility::V05);
    [
        (federal && age.years > TO_YEARS).then_some(Fault::TooOld),
        matches!(eligibility, VfcEligibility::V06 | VfcEligibility::V08).then_some(Fault::Retired),
        (eligibility == VfcEligibility::V05 && qualified_site == Some(false)).then_some(Fault::SiteNotQualified),
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use VfcEligibility::{V01, V02, V03, V04, V05, V06, V07, V08};

    fn years(years: u16) -> Age {
        Age { years, months: u32::from(years) * 12, days: u32::from(years) * 366 }
    }

    const PRIVATE_OFFICE: Circumstances =
        Circumstances { insurance: Insurance::Insured, native: false, qualified_site: false, state_program: false };

    #[test]
    fn ped_20_on_the_19th_birthday_medicaid_makes_no_dose_eligible() {
        let medicaid = Circumstances { insurance: Insurance::Medicaid, ..PRIVATE_OFFICE };
        assert_eq!((eligibility(years(18), medicaid), eligibility(years(19), medicaid)), (V02, V01));
        assert_eq!((entitlement(V02, years(18)), entitlement(V02, years(19))), (Some(Entitlement::Federal), Some(Entitlement::Private)));
        assert_eq!(faults(V02, years(19), None).collect::<Vec<_>>(), [Fault::TooOld]);
    }

    #[test]
    fn ped_20_an_underinsured_child_is_eligible_at_a_qualified_site_only() {
        let underinsured = Circumstances { insurance: Insurance::Underinsured, ..PRIVATE_OFFICE };
        assert_eq!(eligibility(years(4), underinsured), V01);
        assert_eq!(eligibility(years(4), Circumstances { state_program: true, ..underinsured }), V07);
        assert_eq!(eligibility(years(4), Circumstances { qualified_site: true, ..underinsured }), V05);
        assert_eq!(faults(V05, years(4), Some(false)).collect::<Vec<_>>(), [Fault::SiteNotQualified]);
        assert!(faults(V05, years(4), Some(true)).next().is_none() && faults(V05, years(4), None).next().is_none());
    }

    #[test]
    fn ped_20_medicaid_comes_before_descent_and_separate_chip_is_not_federal() {
        let of = |insurance, native| eligibility(years(2), Circumstances { insurance, native, ..PRIVATE_OFFICE });
        assert_eq!((of(Insurance::Medicaid, true), of(Insurance::Insured, true)), (V02, V04));
        assert_eq!((of(Insurance::SeparateChip, false), of(Insurance::Uninsured, false), of(Insurance::Insured, false)), (V01, V03, V01));
    }

    #[test]
    fn ped_20_retired_codes_are_faults_and_only_one_of_them_still_tells_something() {
        for code in [V06, V08] {
            assert_eq!(faults(code, years(1), None).collect::<Vec<_>>(), [Fault::Retired]);
        }
        assert_eq!((entitlement(V06, years(1)), entitlement(V08, years(1))), (None, Some(Entitlement::Private)));
    }
}
