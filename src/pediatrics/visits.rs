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
            Visit::Problem(_) | Visit::Preventive if vaccines => Some((at, &PED_06)),
            _ => None,
        })
        .collect()
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
        assert!(needing(&["99211", "90471"], true).is_empty());
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
