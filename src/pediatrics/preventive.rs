//! Preventive visits: which code, which diagnosis, new or established, and where Z23 stands (PED-01 to PED-04).

use jiff::civil::Date;

use super::{Age, Rule};
use crate::reference::{Icd10, ProcedureCode};

/// The code of a preventive visit by age.
pub const PED_01: Rule = Rule::new(
    "PED-01",
    "AAP coding guidance; CPT 99381–99385, 99391–99395",
    "The preventive visit code follows from the age at the date of service and from whether the patient is new.",
);

/// Who is a new patient.
pub const PED_02: Rule = Rule::new(
    "PED-02",
    "AAP and AAFP on new and established patients",
    "New is who had no face-to-face service of the same specialty in the group in the three years before; newborn care in the hospital counts.",
);

/// The diagnosis of a preventive visit by age.
pub const PED_03: Rule = Rule::new(
    "PED-03",
    "ICD-10-CM tabular list, Z00.0 and Z00.1",
    "Z00.110 to 7 days, Z00.111 to 28 days, Z00.12x to 17 years, then Z00.0x; the last character tells whether there were abnormal findings.",
);

/// Where Z23 stands.
pub const PED_04: Rule = Rule::new(
    "PED-04",
    "ICD-10-CM tabular list, note at Z23",
    "Z23 goes with vaccines and their administration and stands after the routine examination of a child.",
);

/// Whether the group knows the patient (PED-02).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PatientStatus {
    /// Not seen in the three years before.
    New,
    /// Seen.
    Established,
}

/// One row of PED-01: from this age in years, these codes.
struct Band {
    from_years: u16,
    to_years: u16,
    new: ProcedureCode,
    established: ProcedureCode,
}

const fn band(from_years: u16, to_years: u16, new: &str, established: &str) -> Band {
    Band { from_years, to_years, new: ProcedureCode::literal(new), established: ProcedureCode::literal(established) }
}

const BANDS: [Band; 5] = [
    band(0, 0, "99381", "99391"),
    band(1, 4, "99382", "99392"),
    band(5, 11, "99383", "99393"),
    band(12, 17, "99384", "99394"),
    band(18, 39, "99385", "99395"),
];

/// The code of a preventive visit (PED-01); `None` from 40 years on.
#[must_use]
pub fn visit_code(age: Age, status: PatientStatus) -> Option<ProcedureCode> {
    let band = BANDS.iter().find(|band| (band.from_years..=band.to_years).contains(&age.years))?;
    Some(match status {
        PatientStatus::New => band.new,
        PatientStatus::Established => band.established,
    })
}

/// What a preventive visit code says about the patient: new or not, and the ages in completed years, both inclusive (E030). `None`
/// for any other code, those for 40 years and more included.
#[must_use]
pub fn patient_of(code: ProcedureCode) -> Option<(PatientStatus, std::ops::RangeInclusive<u16>)> {
    BANDS.iter().find_map(|band| {
        let ages = band.from_years..=band.to_years;
        match code {
            _ if code == band.new => Some((PatientStatus::New, ages)),
            _ if code == band.established => Some((PatientStatus::Established, ages)),
            _ => None,
        }
    })
}

/// How long a group remembers a patient, in years (PED-02).
pub const REMEMBERED_YEARS: u16 = 3;

/// What a patient is who was last seen exactly three years ago: payers differ (PED-02).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Anniversary {
    /// Established on that day, new from the next.
    #[default]
    Established,
    /// New on that day.
    New,
}

/// Whether a patient is new on a date of service, given the dates of earlier face-to-face services that count: same group, same
/// specialty as the payer sees it, newborn care in the hospital included (PED-02). Established through the third anniversary.
#[must_use]
pub fn patient_status(earlier: impl IntoIterator<Item = Date>, service_date: Date) -> PatientStatus {
    patient_status_by(earlier, service_date, Anniversary::Established)
}

/// The same, with what the payer makes of the third anniversary itself.
#[must_use]
pub fn patient_status_by(earlier: impl IntoIterator<Item = Date>, service_date: Date, anniversary: Anniversary) -> PatientStatus {
    let last_day = match anniversary {
        Anniversary::Established => service_date.yesterday().ok(),
        Anniversary::New => Some(service_date),
    };
    let remembered = |seen: Date| {
        let since = last_day.filter(|_| seen < service_date).and_then(|day| Age::at(seen, day).ok());
        since.is_some_and(|since| since.years < REMEMBERED_YEARS)
    };
    if earlier.into_iter().any(remembered) { PatientStatus::Established } else { PatientStatus::New }
}

/// Whether an earlier service of the group makes the patient known (PED-02): a professional service face to face. Visits do, hospital
/// care of the newborn and procedures too; a nurse alone, a refill, the reading of a tracing, vaccines and tests do not.
#[must_use]
pub fn counts_as_seen(code: ProcedureCode) -> bool {
    use super::visits::{Visit, is_procedure, visit};
    match visit(code) {
        Some(Visit::Nurse) => false,
        // Care without the patient: case management, oversight, telephone and electronic advice.
        Some(Visit::Other) => !matches!(code.number(), Some(99339..=99340 | 99358..=99380 | 99421..=99459 | 99484..=99499)),
        Some(Visit::Preventive | Visit::Problem(_)) => true,
        None => is_procedure(code),
    }
}

/// Taxonomies of nurse practitioners and physician assistants begin so: they count as the specialty of the physicians they work with.
const WORKING_WITH_PHYSICIANS: [&str; 2] = ["363L", "363A"];

/// All of pediatrics, whatever the subspecialty.
const PEDIATRICS: &str = "2080";

/// Whether two professionals of a group, by their taxonomies, are of the same specialty, as exactly as the payer looks (PED-02).
#[must_use]
pub fn same_specialty(a: &str, b: &str, recognises_subspecialties: bool) -> bool {
    let of_any = |taxonomy: &str| WORKING_WITH_PHYSICIANS.iter().any(|start| taxonomy.starts_with(start));
    let both_pediatric = a.starts_with(PEDIATRICS) && b.starts_with(PEDIATRICS);
    a == b || of_any(a) || of_any(b) || (both_pediatric && !recognises_subspecialties)
}

/// An earlier service of the group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen<'a> {
    /// When.
    pub date: Date,
    /// What was done.
    pub code: ProcedureCode,
    /// Taxonomy of who did it.
    pub taxonomy: &'a str,
}

/// For whom a patient is new or established, and how the payer looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked<'a> {
    /// The date of service.
    pub service_date: Date,
    /// Taxonomy of who renders.
    pub taxonomy: &'a str,
    /// Whether the payer tells subspecialties apart.
    pub recognises_subspecialties: bool,
    /// What it makes of the third anniversary.
    pub anniversary: Anniversary,
}

impl Asked<'_> {
    /// Whether an earlier service is one by which a patient is known: before the date, face to face, of the same specialty.
    #[must_use]
    pub fn knows(&self, seen: &Seen<'_>) -> bool {
        seen.date < self.service_date
            && counts_as_seen(seen.code)
            && same_specialty(seen.taxonomy, self.taxonomy, self.recognises_subspecialties)
    }

    /// Whether an earlier service makes the patient established: it is known by it, and it is not too long ago (E031).
    #[must_use]
    pub fn is_established_by(&self, seen: &Seen<'_>) -> bool {
        self.knows(seen) && patient_status_by([seen.date], self.service_date, self.anniversary) == PatientStatus::Established
    }
}

/// From this age in years on, the general adult examination codes are the rule (PED-03). Some Medicaid plans want the child codes to
/// 20: a payer setting.
pub const ADULT_FROM_YEARS: u16 = 18;

/// Last day of life for which the newborn code of the first week stands, and of the first month (PED-03).
const FIRST_WEEK_DAYS: u32 = 7;
const FIRST_MONTH_DAYS: u32 = 28;

/// The diagnosis of a preventive visit (PED-03). `abnormal`: whether anything new or worse was found; a stable chronic condition is
/// not. The newborn codes do not tell. `adult_from_years`: [`ADULT_FROM_YEARS`] unless the payer says otherwise.
#[must_use]
pub fn diagnosis(age: Age, abnormal: bool, adult_from_years: u16) -> Icd10 {
    let code = match (age, abnormal) {
        (Age { days: ..=FIRST_WEEK_DAYS, .. }, _) => "Z00110",
        (Age { days: ..=FIRST_MONTH_DAYS, .. }, _) => "Z00111",
        (Age { years, .. }, true) if years < adult_from_years => "Z00121",
        (Age { years, .. }, false) if years < adult_from_years => "Z00129",
        (_, true) => "Z0001",
        (_, false) => "Z0000",
    };
    Icd10::literal(code)
}

/// Encounter for immunization.
pub const Z23: Icd10 = Icd10::literal("Z23");

/// Whether a code is the routine examination of a child or newborn: what Z23 must stand after.
#[must_use]
pub fn is_child_examination(code: Icd10) -> bool {
    code.is_within("Z001")
}

/// Puts Z23 behind the routine examination of a child, when both are there, and keeps the order otherwise (PED-04). Line pointers
/// are positions: compute them afterwards.
pub fn order_diagnoses(diagnoses: &mut [Icd10]) {
    let examination = diagnoses.iter().position(|code| is_child_examination(*code));
    let immunization = diagnoses.iter().position(|code| *code == Z23);
    if let (Some(examination), Some(immunization)) = (examination, immunization)
        && immunization < examination
    {
        diagnoses[immunization..=examination].rotate_left(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PatientStatus::{Established, New};
    use jiff::civil::date;

    fn age(birth: Date, service_date: Date) -> Age {
        Age::at(birth, service_date).unwrap()
    }

    fn code(birth: Date, service_date: Date, status: PatientStatus) -> String {
        visit_code(age(birth, service_date), status).unwrap().to_string()
    }

    #[test]
    fn ped_01_the_code_changes_on_the_birthday() {
        assert_eq!(code(date(2025, 11, 16), date(2026, 11, 15), Established), "99391");
        assert_eq!(code(date(2025, 11, 16), date(2026, 11, 16), Established), "99392");
        assert_eq!(code(date(2008, 11, 16), date(2026, 11, 15), Established), "99394");
        assert_eq!(code(date(2008, 11, 16), date(2026, 11, 16), Established), "99395");
    }

    #[test]
    fn ped_01_every_age_below_40_has_a_code_that_names_it_back() {
        for years in 0..=45_u16 {
            for status in [New, Established] {
                let code = visit_code(Age { years, months: u32::from(years) * 12, days: u32::from(years) * 366 }, status);
                assert_eq!(code.is_some(), years < 40);
                if let Some(code) = code {
                    let (told, ages) = patient_of(code).unwrap();
                    assert!(told == status && ages.contains(&years));
                }
            }
        }
        assert_eq!(patient_of("99213".parse().unwrap()), None);
    }

    #[test]
    fn ped_02_newborn_care_in_the_hospital_makes_the_first_office_visit_established() {
        let born = date(2026, 11, 1);
        let status = patient_status([born], date(2026, 11, 5));
        assert_eq!(visit_code(age(born, date(2026, 11, 5)), status).unwrap().as_str(), "99391");
        assert_eq!(code(born, date(2026, 11, 5), patient_status([], date(2026, 11, 5))), "99381");
    }

    #[test]
    fn ped_02_a_patient_is_established_through_the_third_anniversary() {
        assert_eq!(patient_status([date(2023, 11, 16)], date(2026, 11, 16)), Established);
        assert_eq!(patient_status([date(2023, 11, 16)], date(2026, 11, 17)), New);
        assert_eq!(patient_status([date(2026, 11, 16), date(2026, 11, 20)], date(2026, 11, 16)), New);
        let by_payer = |seen| patient_status_by([seen], date(2026, 11, 16), Anniversary::New);
        assert_eq!((by_payer(date(2023, 11, 16)), by_payer(date(2023, 11, 17)), by_payer(date(2026, 11, 16))), (New, Established, New));
    }

    #[test]
    fn ped_02_what_a_physician_does_face_to_face_makes_a_patient_known() {
        for code in ["99460", "99238", "99213", "99392", "99284", "54150", "98005"] {
            assert!(counts_as_seen(code.parse().unwrap()), "{code}");
        }
        for code in ["99211", "93010", "90460", "90707", "87880", "36416", "99421", "99490", "S0302"] {
            assert!(!counts_as_seen(code.parse().unwrap()), "{code}");
        }
    }

    #[test]
    fn ped_02_a_subspecialist_of_the_group_is_another_specialty_unless_the_payer_knows_none() {
        let asked = |recognises_subspecialties| Asked {
            service_date: date(2026, 11, 16),
            taxonomy: "208000000X",
            recognises_subspecialties,
            anniversary: Anniversary::Established,
        };
        let by = |taxonomy| Seen { date: date(2026, 5, 4), code: "99213".parse().unwrap(), taxonomy };
        let established = |taxonomy, subspecialties| asked(subspecialties).is_established_by(&by(taxonomy));
        assert_eq!((established("2080P0202X", true), established("2080P0202X", false)), (false, true));
        assert!(established("208000000X", true) && established("363LP0200X", true) && established("363A00000X", true));
        assert!(!established("207Q00000X", false));
        let long_ago = Seen { date: date(2023, 11, 15), ..by("208000000X") };
        assert!(asked(true).knows(&long_ago) && !asked(true).is_established_by(&long_ago));
        assert!(!asked(true).knows(&Seen { date: date(2026, 11, 16), ..by("208000000X") }));
        assert!(!asked(true).knows(&Seen { code: "90460".parse().unwrap(), ..by("208000000X") }));
    }

    #[test]
    fn ped_03_the_diagnosis_follows_the_days_of_life() {
        let born = date(2026, 11, 1);
        for (day, abnormal, expected) in [
            (date(2026, 11, 8), false, "Z00110"),
            (date(2026, 11, 9), true, "Z00111"),
            (date(2026, 11, 29), false, "Z00111"),
            (date(2026, 11, 30), false, "Z00129"),
            (date(2026, 11, 30), true, "Z00121"),
            (date(2044, 10, 31), false, "Z00129"),
            (date(2044, 11, 1), false, "Z0000"),
            (date(2044, 11, 1), true, "Z0001"),
        ] {
            assert_eq!(diagnosis(age(born, day), abnormal, ADULT_FROM_YEARS).as_str(), expected, "{day}");
        }
    }

    #[test]
    fn ped_03_a_payer_may_want_the_child_codes_to_20() {
        assert_eq!(diagnosis(age(date(2006, 11, 1), date(2026, 10, 31)), false, 21).as_str(), "Z00129");
    }

    #[test]
    fn ped_04_z23_stands_after_the_routine_examination_and_first_without_one() {
        let order = |codes: &[&str]| {
            let mut codes: Vec<Icd10> = codes.iter().map(|code| code.parse().unwrap()).collect();
            order_diagnoses(&mut codes);
            codes.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(order(&["Z23", "Z00129"]), ["Z00129", "Z23"]);
        assert_eq!(order(&["Z23", "H6691", "Z00121"]), ["H6691", "Z00121", "Z23"]);
        assert_eq!(order(&["Z23", "L209"]), ["Z23", "L209"]);
    }
}
