//! Services of the birth stay, and the diagnoses that belong to it (PED-50, PED-51).

use crate::pediatrics::{Age, Rule};
use crate::reference::{Icd10, PlaceOfService, ProcedureCode};

/// Newborn care.
pub const PED_50: Rule = Rule::new(
    "PED-50",
    "AAFP and AAP on newborn care; CPT 99460–99465, 99238, 99239; ICD-10-CM Z38, Z41.2",
    "Normal newborns: 99460 on the first hospital day, 99462 on the next, 99463 when admitted and discharged on one day, 99238 or 99239 on the last, 99461 elsewhere; Z38 on the newborn's own birth stay only.",
);

/// Perinatal diagnoses.
pub const PED_51: Rule = Rule::new(
    "PED-51",
    "ICD-10-CM, chapter 16",
    "A perinatal code after the 28th day is right while the condition lasts: a warning. Z38 after the discharge is an error.",
);

/// One day of a normal newborn's stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    /// First day in hospital or birthing center.
    First,
    /// A following day, not the last.
    Subsequent,
    /// Admitted and discharged on this day.
    Only,
    /// The day of discharge, with the minutes spent on it.
    Discharge {
        /// Minutes of the physician.
        minutes: u16,
    },
    /// First care elsewhere: born at home, seen in the office.
    Elsewhere,
}

/// A discharge of more than this many minutes has a code of its own.
const LONG_DISCHARGE_MINUTES: u16 = 30;

/// The code of one day's care of a normal newborn. A sick one is coded by a person: 99221 and more, 99477 to 99480 intensive, 99468 and
/// 99469 critical.
#[must_use]
pub const fn code(day: Day) -> ProcedureCode {
    ProcedureCode::literal(match day {
        Day::First => "99460",
        Day::Elsewhere => "99461",
        Day::Subsequent => "99462",
        Day::Only => "99463",
        Day::Discharge { minutes } if minutes > LONG_DISCHARGE_MINUTES => "99239",
        Day::Discharge { .. } => "99238",
    })
}

/// Circumcision by clamp: takes 25 on the newborn care beside it, and its own diagnosis.
pub const CIRCUMCISION: ProcedureCode = ProcedureCode::literal("54150");

/// Routine circumcision.
pub const Z41_2: Icd10 = Icd10::literal("Z412");

/// Whether a code is care of a newborn in the birth stay, attendance and resuscitation included.
#[must_use]
pub fn is_newborn_care(code: ProcedureCode) -> bool {
    matches!(code.number(), Some(99460..=99465))
}

/// Whether a code is a service that an infant may get in the hospital stay of its birth, sick or well.
#[must_use]
pub fn is_birth_stay(code: ProcedureCode) -> bool {
    is_newborn_care(code)
        || code == CIRCUMCISION
        || matches!(code.number(), Some(54160 | 99221..=99223 | 99231..=99239 | 99291 | 99292 | 99468 | 99469 | 99477..=99480))
}

/// Whether a service at a place belongs to the encounter of birth, the only one with a liveborn code (PED-50): newborn care, whose code says
/// so (whether it fits the place, [`fits_place`] tells), and what else is done where children are born.
#[must_use]
pub fn is_birth_encounter(code: ProcedureCode, place: PlaceOfService) -> bool {
    is_newborn_care(code) || (is_birth_stay(code) && is_birth_place(place))
}

fn is_birth_place(place: PlaceOfService) -> bool {
    matches!(place, PlaceOfService::INPATIENT_HOSPITAL | PlaceOfService::BIRTHING_CENTER)
}

/// Attendance at delivery (99464) and resuscitation (99465) on one day, as positions: the second includes the first.
#[must_use]
pub fn attendance_conflict(day: &[ProcedureCode]) -> Option<(usize, usize)> {
    let at = |number| day.iter().position(|code| code.number() == Some(number));
    Some((at(99464)?, at(99465)?))
}

/// Places of a birth stay (E054): inpatient hospital, birthing center; 99461 is for all others. `None`: the code says nothing about the
/// place.
#[must_use]
pub fn fits_place(code: ProcedureCode, place: PlaceOfService) -> Option<bool> {
    let birth_place = is_birth_place(place);
    match code.number()? {
        99461 => Some(!birth_place),
        99460 | 99462..=99465 => Some(birth_place),
        99381..=99397 => Some(place != PlaceOfService::INPATIENT_HOSPITAL),
        _ => None,
    }
}

/// The last day of life of the newborn period, in which Z38 and the perinatal codes belong without question.
pub const NEWBORN_TO_DAYS: u32 = 28;

/// Whether a code says that the patient was born in this stay.
#[must_use]
pub fn is_liveborn(code: Icd10) -> bool {
    code.is_within("Z38")
}

/// Whether a code is a condition from the perinatal period.
#[must_use]
pub fn is_perinatal(code: Icd10) -> bool {
    code.is_within("P")
}

/// What is wrong with a newborn's diagnosis (E028, E029).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DiagnosisFault {
    /// Z38 outside of the stay of birth.
    #[error("a liveborn code belongs to the stay of birth only")]
    NotBirthStay,
    /// Z38 after the newborn period.
    #[error("a liveborn code stands after the 28th day of life")]
    LiveBornTooOld,
    /// A perinatal code after the newborn period: a warning.
    #[error("a perinatal code stands after the 28th day of life: right only while the condition lasts")]
    PerinatalLater,
}

/// Everything that is wrong with one diagnosis of a claim. `birth_stay`: whether a service of the claim belongs to the encounter of birth
/// ([`is_birth_encounter`]).
pub fn diagnosis_faults(diagnosis: Icd10, age: Age, birth_stay: bool) -> impl Iterator<Item = DiagnosisFault> {
    let later = age.days > NEWBORN_TO_DAYS;
    [
        (is_liveborn(diagnosis) && !birth_stay).then_some(DiagnosisFault::NotBirthStay),
        (is_liveborn(diagnosis) && later).then_some(DiagnosisFault::LiveBornTooOld),
        (is_perinatal(diagnosis) && later).then_some(DiagnosisFault::PerinatalLater),
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(days: u32) -> Age {
        Age { years: 0, months: days / 31, days }
    }

    #[test]
    fn ped_50_each_day_of_the_stay_has_its_code() {
        let codes = [Day::First, Day::Subsequent, Day::Only, Day::Elsewhere].map(|day| code(day).to_string());
        assert_eq!(codes, ["99460", "99462", "99463", "99461"]);
        assert_eq!(code(Day::Discharge { minutes: 30 }).as_str(), "99238");
        assert_eq!(code(Day::Discharge { minutes: 31 }).as_str(), "99239");
    }

    #[test]
    fn ped_50_resuscitation_includes_attendance_at_delivery() {
        let codes = |day: &[&str]| day.iter().map(|code| code.parse().unwrap()).collect::<Vec<_>>();
        assert_eq!(attendance_conflict(&codes(&["99460", "99465", "99464"])), Some((2, 1)));
        assert_eq!(attendance_conflict(&codes(&["99460", "99465"])), None);
    }

    #[test]
    fn ped_50_newborn_care_is_given_where_children_are_born() {
        let fits = |code: &str, place: &str| fits_place(code.parse().unwrap(), place.parse().unwrap());
        assert_eq!((fits("99460", "21"), fits("99460", "25"), fits("99460", "11")), (Some(true), Some(true), Some(false)));
        assert_eq!((fits("99461", "11"), fits("99461", "21")), (Some(true), Some(false)));
        assert_eq!((fits("99391", "11"), fits("99391", "21"), fits("99213", "21")), (Some(true), Some(false), None));
    }

    #[test]
    fn ped_51_z38_belongs_to_the_stay_of_birth_and_a_perinatal_code_may_outlast_it() {
        let faults = |code: &str, age, stay| diagnosis_faults(code.parse().unwrap(), days(age), stay).collect::<Vec<_>>();
        assert!(faults("Z38.00", 1, true).is_empty() && faults("P59.9", 28, false).is_empty() && faults("Z00.110", 40, false).is_empty());
        assert_eq!(faults("Z38.00", 5, false), [DiagnosisFault::NotBirthStay]);
        assert_eq!(faults("Z38.00", 29, true), [DiagnosisFault::LiveBornTooOld]);
        assert_eq!(faults("P27.1", 29, false), [DiagnosisFault::PerinatalLater]);
    }

    #[test]
    fn ped_50_a_circumcision_is_part_of_the_birth_stay_but_is_no_newborn_care() {
        assert!(is_birth_stay(CIRCUMCISION) && !is_newborn_care(CIRCUMCISION) && is_birth_stay("99468".parse().unwrap()));
        assert!(!is_birth_stay("99391".parse().unwrap()));
        let at = |code: &str, place: &str| is_birth_encounter(code.parse().unwrap(), place.parse().unwrap());
        assert_eq!((at("54150", "21"), at("54150", "11"), at("99461", "12"), at("99222", "25")), (true, false, true, true));
    }
}
