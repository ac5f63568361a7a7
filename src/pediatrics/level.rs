//! The level of a problem visit, by total time or by the difficulty of the decisions (PED-07).

use jiff::civil::date;

use super::Rule;
use super::preventive::PatientStatus;
use crate::reference::ProcedureCode;

/// The level of a visit.
pub const PED_07: Rule = Rule::new(
    "PED-07",
    "CPT 99202–99215, rules of 2021",
    "A problem visit is coded by medical decision making or by the total time of the day, whichever is higher; the minutes must be reached, and time of separately billed services does not count.",
)
.since(date(2021, 1, 1));

/// How difficult the decisions were.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decisions {
    /// One minor problem.
    Straightforward,
    /// Low.
    Low,
    /// Moderate.
    Moderate,
    /// High.
    High,
}

/// What a visit's level is computed from. All `None`: nothing tells the level, and a person must.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Difficulty of the decisions.
    pub decisions: Option<Decisions>,
    /// Total minutes of the physician or other qualified professional on the day.
    pub minutes: Option<u16>,
    /// Minutes of these that belong to services billed by themselves: the preventive visit, procedures, counselling on vaccines.
    pub billed_separately: u16,
}

/// The codes of one status, from the lowest level, each with the minutes that must be reached.
type Ladder = [(ProcedureCode, u16); 4];

const NEW: Ladder = [
    (ProcedureCode::literal("99202"), 15),
    (ProcedureCode::literal("99203"), 30),
    (ProcedureCode::literal("99204"), 45),
    (ProcedureCode::literal("99205"), 60),
];
const ESTABLISHED: Ladder = [
    (ProcedureCode::literal("99212"), 10),
    (ProcedureCode::literal("99213"), 20),
    (ProcedureCode::literal("99214"), 30),
    (ProcedureCode::literal("99215"), 40),
];

const fn ladder(status: PatientStatus) -> &'static Ladder {
    match status {
        PatientStatus::New => &NEW,
        PatientStatus::Established => &ESTABLISHED,
    }
}

/// The code of a problem visit: the higher of what time and decisions give. `None` when neither tells, or the time does not reach the
/// lowest level and nothing is said about decisions.
#[must_use]
pub fn code(status: PatientStatus, work: Work) -> Option<ProcedureCode> {
    let ladder = ladder(status);
    let minutes = work.minutes.unwrap_or_default().saturating_sub(work.billed_separately);
    let by_time = ladder.iter().rposition(|(_, least)| minutes >= *least);
    let by_decisions = work.decisions.map(|decisions| decisions as usize);
    by_time.max(by_decisions).map(|step| ladder[step].0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use PatientStatus::{Established, New};

    fn by_time(status: PatientStatus, minutes: u16) -> Option<String> {
        code(status, Work { minutes: Some(minutes), ..Work::default() }).map(|code| code.to_string())
    }

    #[test]
    fn ped_07_the_minutes_of_a_level_must_be_reached() {
        let established = [9, 10, 19, 20, 29, 30, 39, 40, 90].map(|minutes| by_time(Established, minutes));
        let codes =
            [None, Some("99212"), Some("99212"), Some("99213"), Some("99213"), Some("99214"), Some("99214"), Some("99215"), Some("99215")];
        assert_eq!(established.each_ref().map(Option::as_deref), codes);
        let new = [14, 15, 30, 45, 60].map(|minutes| by_time(New, minutes));
        assert_eq!(new.each_ref().map(Option::as_deref), [None, Some("99202"), Some("99203"), Some("99204"), Some("99205")]);
    }

    #[test]
    fn ped_07_the_higher_of_time_and_decisions_counts() {
        let of = |decisions, minutes| code(Established, Work { decisions, minutes, billed_separately: 0 }).map(|code| code.to_string());
        assert_eq!(of(Some(Decisions::Moderate), Some(20)).as_deref(), Some("99214"));
        assert_eq!(of(Some(Decisions::Low), Some(40)).as_deref(), Some("99215"));
        assert_eq!(of(Some(Decisions::Straightforward), None).as_deref(), Some("99212"));
        assert_eq!(of(None, None), None);
    }

    #[test]
    fn ped_07_time_of_separately_billed_services_does_not_count() {
        let work = Work { minutes: Some(40), billed_separately: 15, decisions: None };
        assert_eq!(code(Established, work).unwrap().as_str(), "99213");
    }
}
