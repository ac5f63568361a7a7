//! Visits on one day with other services: sick and well together, and modifier 25 (PED-05, PED-06).

use jiff::civil::date;

use super::Rule;
use super::preventive::PatientStatus;
use crate::reference::{Modifier, ProcedureCode};

/// Sick and well on the same day.
pub const PED_05: Rule = Rule::new(
    "PED-05",
    "AAP coding guidance; CPT Assistant, October 2006",
    "A problem treated at a well visit is a second visit code with modifier 25; both codes are new or both established.",
);

/// Modifier 25 with vaccine administration.
pub const PED_06: Rule = Rule::new(
    "PED-06",
    "NCCI procedure-to-procedure edits since 2013; AAP",
    "Where a payer follows NCCI, a visit on the day of vaccine administration or vaccine counselling carries modifier 25; the administration never does.",
)
.since(date(2013, 1, 1));

/// What a visit code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visit {
    /// 99381–99397.
    Preventive,
    /// 99202–99205, 99212–99215 and the retired 99201.
    Problem(PatientStatus),
    /// 99211: a visit without a physician.
    Nurse,
    /// Another code of evaluation and management: hospital, emergency, consultation, newborn care.
    Other,
}

/// What kind of visit a code is; `None`: not evaluation and management.
#[must_use]
pub fn visit(code: ProcedureCode) -> Option<Visit> {
    Some(match code.number()? {
        99381..=99397 => Visit::Preventive,
        99201..=99205 => Visit::Problem(PatientStatus::New),
        99211 => Visit::Nurse,
        99212..=99215 => Visit::Problem(PatientStatus::Established),
        99217..=99380 | 99401..=99499 | 98000..=98016 => Visit::Other,
        _ => return None,
    })
}

/// Whether a code administers a vaccine, or counsels on one that was not given: what NCCI pairs with visits (PED-06).
#[must_use]
pub fn pairs_with_visits(code: ProcedureCode) -> bool {
    matches!(code.number(), Some(90460..=90474 | 90482..=90484))
}

/// Whether a visit carries 25 on the day of vaccine administration where the payer follows NCCI: 99202 to 99299 but for 99211, and
/// 99381 to 99397 (PED-06). Other visits only where the payer's pairs say so (E056).
#[must_use]
pub fn takes_25_with_vaccines(code: ProcedureCode) -> bool {
    match visit(code) {
        Some(Visit::Preventive | Visit::Problem(_)) => true,
        Some(Visit::Other) => matches!(code.number(), Some(99217..=99299)),
        Some(Visit::Nurse) | None => false,
    }
}

/// The visits among the services of one day that need modifier 25, as positions in `codes`, each with the rule that asks for it. The
/// same answer serves who codes a visit and who checks one (E033, E034). `ncci`: whether the payer follows NCCI. 99211 is never
/// named: that is for a person to judge (E077).
#[must_use]
pub fn needs_25(codes: &[ProcedureCode], ncci: bool) -> Vec<(usize, &'static Rule)> {
    let well = codes.iter().any(|code| visit(*code) == Some(Visit::Preventive));
    let vaccines = ncci && codes.iter().any(|code| pairs_with_visits(*code));
    codes
        .iter()
        .enumerate()
        .filter_map(|(at, code)| match visit(*code)? {
            Visit::Problem(_) if well => Some((at, &PED_05)),
            _ if vaccines && takes_25_with_vaccines(*code) => Some((at, &PED_06)),
            _ => None,
        })
        .collect()
}

/// Whether a code is a procedure whose fee includes the visit that leads to it: the surgical section of CPT without drawing blood.
#[must_use]
pub fn is_procedure(code: ProcedureCode) -> bool {
    matches!(code.number(), Some(10004..=36399 | 36417..=69990))
}

/// The visits among the services of one day that need modifier 25 because a procedure was done too, as positions, each with the rule
/// that asks for it: newborn care beside a circumcision (PED-50), any other visit beside a procedure (PED-64).
pub fn needs_25_beside_procedure(codes: &[ProcedureCode]) -> impl Iterator<Item = (usize, &'static Rule)> {
    let procedure = codes.iter().any(|code| is_procedure(*code));
    codes.iter().enumerate().filter(move |_| procedure).filter_map(|(at, code)| match visit(*code)? {
        Visit::Preventive | Visit::Problem(_) => Some((at, &super::modifiers::PED_64)),
        Visit::Other if matches!(code.number(), Some(99460 | 99462)) => Some((at, &super::newborn::PED_50)),
        Visit::Nurse | Visit::Other => None,
    })
}

/// Whether a payer takes two new-patient codes on one day (PED-05).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NewPlusNew {
    /// Like with like: both are new.
    #[default]
    Allow,
    /// The problem visit is coded as established.
    SecondEstablished,
}

/// What a payer does with a problem visit on the day of a well visit (PED-05).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WellPlusSick {
    /// Pays both.
    #[default]
    Pay,
    /// Denies the problem visit: it is an abnormal finding of the well visit, and not a line.
    Deny,
    /// Pays half of the problem visit.
    Reduce50,
}

/// As what a problem visit is coded on the day of a well visit (PED-05).
#[must_use]
pub fn problem_status(patient: PatientStatus, payer: NewPlusNew) -> PatientStatus {
    match payer {
        NewPlusNew::Allow => patient,
        NewPlusNew::SecondEstablished => PatientStatus::Established,
    }
}

/// A well visit and a problem visit of one day whose codes do not agree on new and established, as positions (PED-05, E076). `payer`
/// decides what agrees: where the second is coded as established, two new codes do not.
#[must_use]
pub fn mixed_status(codes: &[ProcedureCode], payer: NewPlusNew) -> Option<(usize, usize)> {
    let (well, status) = codes.iter().enumerate().find_map(|(at, code)| Some((at, super::preventive::patient_of(*code)?.0)))?;
    let wanted = problem_status(status, payer);
    let problem = codes.iter().position(|code| matches!(visit(*code), Some(Visit::Problem(found)) if found != wanted))?;
    Some((well, problem))
}

/// Adds modifier 25 in front of the others, unless it is there.
pub fn add_25(modifiers: &mut Vec<Modifier>) {
    if !modifiers.contains(&Modifier::M25) {
        modifiers.insert(0, Modifier::M25);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needing(codes: &[&str], ncci: bool) -> Vec<String> {
        let parsed: Vec<ProcedureCode> = codes.iter().map(|code| code.parse().unwrap()).collect();
        needs_25(&parsed, ncci).into_iter().map(|(at, rule)| format!("{} {}", codes[at], rule.id)).collect()
    }

    #[test]
    fn ped_05_sick_and_well_puts_25_on_the_problem_visit() {
        assert_eq!(needing(&["99393", "99213"], false), ["99213 PED-05"]);
        assert_eq!(needing(&["99382", "99203"], true), ["99203 PED-05"]);
        assert!(needing(&["99213"], true).is_empty());
    }

    #[test]
    fn ped_06_vaccine_administration_puts_25_on_every_visit_where_the_payer_follows_ncci() {
        assert_eq!(needing(&["99392", "90460", "90707"], true), ["99392 PED-06"]);
        assert!(needing(&["99392", "90460", "90707"], false).is_empty());
        assert_eq!(needing(&["99393", "99213", "90471"], true), ["99393 PED-06", "99213 PED-05"]);
        assert_eq!(needing(&["99213", "90482"], true), ["99213 PED-06"]);
        assert_eq!(needing(&["99238", "90471", "90744"], true), ["99238 PED-06"]);
        assert!(needing(&["99211", "90471"], true).is_empty() && needing(&["99460", "90471"], true).is_empty());
    }

    #[test]
    fn ped_05_new_goes_with_new_unless_the_payer_takes_one_new_code_a_day() {
        let mixed = |codes: &[&str], payer| mixed_status(&codes.iter().map(|code| code.parse().unwrap()).collect::<Vec<_>>(), payer);
        assert_eq!(mixed(&["99382", "99203"], NewPlusNew::Allow), None);
        assert_eq!(mixed(&["99382", "99213"], NewPlusNew::Allow), Some((0, 1)));
        assert_eq!(mixed(&["99203", "99392"], NewPlusNew::Allow), Some((1, 0)));
        assert_eq!(mixed(&["99382", "99213"], NewPlusNew::SecondEstablished), None);
        assert_eq!(mixed(&["99382", "99203"], NewPlusNew::SecondEstablished), Some((0, 1)));
        assert_eq!(mixed(&["99392", "99213"], NewPlusNew::SecondEstablished), None);
        assert_eq!((mixed(&["99392"], NewPlusNew::Allow), mixed(&["99213"], NewPlusNew::Allow)), (None, None));
    }

    #[test]
    fn ped_64_a_visit_beside_a_procedure_carries_25_and_drawing_blood_is_none() {
        let needing = |codes: &[&str]| {
            let parsed: Vec<ProcedureCode> = codes.iter().map(|code| code.parse().unwrap()).collect();
            needs_25_beside_procedure(&parsed).map(|(at, rule)| format!("{} {}", codes[at], rule.id)).collect::<Vec<_>>()
        };
        assert_eq!(needing(&["99213", "69210"]), ["99213 PED-64"]);
        assert_eq!(needing(&["99460", "54150"]), ["99460 PED-50"]);
        assert!(
            needing(&["99213", "36415"]).is_empty() && needing(&["99213", "36416"]).is_empty() && needing(&["99238", "54150"]).is_empty()
        );
    }

    #[test]
    fn modifier_25_is_added_once_and_comes_first() {
        let mut modifiers = vec!["EP".parse().unwrap()];
        add_25(&mut modifiers);
        add_25(&mut modifiers);
        assert_eq!(modifiers, [Modifier::M25, Modifier::EP]);
    }

    #[test]
    fn an_administration_code_is_no_visit() {
        for code in ["90460", "90471", "90707", "87880", "99188", "99173"] {
            assert_eq!(visit(code.parse().unwrap()), None, "{code}");
        }
        assert_eq!(visit("99460".parse().unwrap()), Some(Visit::Other));
    }
}
