//! Medicaid pays last and in full (PED-31 to PED-33): when it may be billed although another payer is there, and what it never leaves
//! to the family.

use jiff::ToSpan;
use jiff::civil::Date;

use super::Rule;
use super::visits::{Visit, visit};
use crate::reference::ProcedureCode;

/// Payer of last resort.
pub const PED_31: Rule = Rule::new(
    "PED-31",
    "42 USC 1396a(a)(25)(E), (F); CMS informational bulletins of 2019-11-14 and 2021-08-27",
    "Medicaid is billed after all other coverage, but for preventive services of children, which the state pays first where it has not chosen to wait 90 days, and for coverage by an absent parent under support enforcement, for which it waits 100 days.",
);

/// No balance billing.
pub const PED_32: Rule = Rule::new(
    "PED-32",
    "42 CFR 447.15, 447.56",
    "Medicaid's payment is payment in full: a patient's share on its remittance is for a person to review, never for a statement.",
);

/// Ids and plans.
pub const PED_33: Rule = Rule::new(
    "PED-33",
    "CARC 109; X12 CLM20",
    "A denial for the wrong Medicaid plan asks for eligibility again; a claim late by retroactive eligibility says so by delay reason 8.",
);

/// What the state does about preventive services of children with another payer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PreventiveChoice {
    /// It pays and collects from the other payer itself.
    PayAndChase,
    /// It wants the other payer billed first, and waits 90 days for it.
    CostAvoid,
}

/// How long a state that cost-avoids waits for the other payer, counted from the bill to it.
const COST_AVOID_DAYS: i16 = 90;

/// How long a state waits for an absent parent's coverage, counted from the bill to it.
const ABSENT_PARENT_DAYS: i16 = 100;

/// One active coverage beside Medicaid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherCoverage {
    /// When it was billed for these services; `None`: it was not.
    pub billed: Option<Date>,
    /// Whether it has answered: paid or denied.
    pub adjudicated: bool,
    /// Whether it comes from an absent parent under child-support enforcement.
    pub absent_parent: bool,
}

/// Whether Medicaid may be billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medicaid {
    /// Now: no other payer is left unanswered.
    AfterAll,
    /// Now, although another payer has not answered: the state pays preventive services first.
    PaysFirst,
    /// Now, although another payer has not answered: its time is over.
    WaitedEnough,
    /// Not before this day, unless the other payers answer earlier. They have been billed.
    NotBefore(Date),
    /// Not yet: an answer must come first, however long it takes.
    AwaitAnswer,
    /// Not yet: another payer has not been billed.
    BillOtherFirst,
}

/// Whether Medicaid may be billed for services today, given every other active coverage. `preventive`: all lines are preventive
/// services ([`is_preventive`]).
#[must_use]
pub fn may_bill(others: &[OtherCoverage], preventive: bool, choice: PreventiveChoice, today: Date) -> Medicaid {
    let mut open = others.iter().filter(|other| !other.adjudicated).peekable();
    if open.peek().is_none() {
        return Medicaid::AfterAll;
    }
    if preventive && choice == PreventiveChoice::PayAndChase {
        return Medicaid::PaysFirst;
    }
    let mut latest: Option<Date> = None;
    let mut endless = false;
    for other in open {
        let Some(billed) = other.billed else { return Medicaid::BillOtherFirst };
        let waits = match (other.absent_parent, preventive) {
            (_, true) => COST_AVOID_DAYS,
            (true, false) => ABSENT_PARENT_DAYS,
            (false, false) => {
                endless = true;
                continue;
            }
        };
        latest = latest.max(Some(billed.saturating_add(waits.days())));
    }
    match latest {
        _ if endless => Medicaid::AwaitAnswer,
        Some(day) if today < day => Medicaid::NotBefore(day),
        Some(_) | None => Medicaid::WaitedEnough,
    }
}

/// Whether a service is a preventive service of children in the sense of PED-31: preventive visits, vaccines and their administration,
/// and the screenings of well visits.
#[must_use]
pub fn is_preventive(code: ProcedureCode) -> bool {
    visit(code) == Some(Visit::Preventive)
        || code == super::epsdt::COMPLETED
        || super::modifiers::is_preventive_by_itself(code)
        || super::screening::is_questionnaire(code)
        || matches!(code.number(), Some(90581..=90759 | 83655 | 85018 | 92551 | 99173 | 99174 | 99177))
}

/// What happens to a patient's share on a remittance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatientShare {
    /// It is the family's.
    Family,
    /// It is nobody's until a person has looked at it.
    Review,
}

/// Whose a patient's share is (PED-32). `medicaid_involved`: any payer of the claim is Medicaid, whether it paid or not.
#[must_use]
pub fn patient_share(medicaid_involved: bool) -> PatientShare {
    if medicaid_involved { PatientShare::Review } else { PatientShare::Family }
}

/// The adjustment reason by which Medicaid says that another of its plans covers the child (PED-33): ask for eligibility again and
/// read the plan from the answer.
pub const WRONG_PLAN: &str = "109";

/// The delay reason of a claim that was late because eligibility was granted for the past (CLM20).
pub const RETROACTIVE_ELIGIBILITY: &str = "8";

/// The delay reason of a claim to Medicaid, when retroactive eligibility explains the delay (PED-33): the coverage was granted after
/// the service.
#[must_use]
pub fn delay_reason(service_date: Date, eligibility_granted: Date) -> Option<&'static str> {
    (service_date < eligibility_granted).then_some(RETROACTIVE_ELIGIBILITY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use PreventiveChoice::{CostAvoid, PayAndChase};
    use jiff::civil::date;

    const UNBILLED: OtherCoverage = OtherCoverage { billed: None, adjudicated: false, absent_parent: false };
    const BILLED: OtherCoverage = OtherCoverage { billed: Some(date(2026, 8, 1)), adjudicated: false, absent_parent: false };

    #[test]
    fn ped_31_medicaid_pays_after_all_others_have_answered() {
        let answered = OtherCoverage { adjudicated: true, ..BILLED };
        assert_eq!(may_bill(&[], false, CostAvoid, date(2026, 9, 1)), Medicaid::AfterAll);
        assert_eq!(may_bill(&[answered], false, CostAvoid, date(2026, 9, 1)), Medicaid::AfterAll);
        assert_eq!(may_bill(&[answered, UNBILLED], false, PayAndChase, date(2026, 9, 1)), Medicaid::BillOtherFirst);
        assert_eq!(may_bill(&[BILLED], false, PayAndChase, date(2027, 9, 1)), Medicaid::AwaitAnswer);
    }

    #[test]
    fn ped_31_preventive_services_go_directly_where_the_state_pays_and_chases() {
        assert_eq!(may_bill(&[UNBILLED], true, PayAndChase, date(2026, 9, 1)), Medicaid::PaysFirst);
        assert_eq!(may_bill(&[UNBILLED], true, CostAvoid, date(2026, 9, 1)), Medicaid::BillOtherFirst);
    }

    #[test]
    fn ped_31_a_state_that_cost_avoids_waits_90_days_from_the_bill() {
        assert_eq!(may_bill(&[BILLED], true, CostAvoid, date(2026, 10, 29)), Medicaid::NotBefore(date(2026, 10, 30)));
        assert_eq!(may_bill(&[BILLED], true, CostAvoid, date(2026, 10, 30)), Medicaid::WaitedEnough);
    }

    #[test]
    fn ped_31_an_absent_parents_coverage_is_waited_for_100_days() {
        let absent = OtherCoverage { absent_parent: true, ..BILLED };
        assert_eq!(may_bill(&[absent], false, CostAvoid, date(2026, 11, 8)), Medicaid::NotBefore(date(2026, 11, 9)));
        assert_eq!(may_bill(&[absent], false, CostAvoid, date(2026, 11, 9)), Medicaid::WaitedEnough);
        assert_eq!(may_bill(&[absent, BILLED], false, CostAvoid, date(2026, 11, 9)), Medicaid::AwaitAnswer);
    }

    #[test]
    fn ped_31_visits_vaccines_and_screenings_are_preventive_and_problem_visits_are_not() {
        for code in ["99392", "90460", "90707", "90480", "91319", "90381", "96380", "96110", "99177", "83655", "S0302", "90633"] {
            assert!(is_preventive(code.parse().unwrap()), "{code}");
        }
        for code in ["99213", "87880", "94640"] {
            assert!(!is_preventive(code.parse().unwrap()), "{code}");
        }
    }

    #[test]
    fn ped_32_a_patients_share_with_medicaid_is_reviewed() {
        assert_eq!((patient_share(true), patient_share(false)), (PatientShare::Review, PatientShare::Family));
    }

    #[test]
    fn ped_33_eligibility_granted_later_is_delay_reason_8() {
        assert_eq!(delay_reason(date(2026, 3, 1), date(2026, 6, 1)), Some("8"));
        assert_eq!(delay_reason(date(2026, 6, 1), date(2026, 6, 1)), None);
    }
}
