//! Who pays for a newborn before it has coverage of its own, and how long a claim may wait for it (PED-52).

use jiff::ToSpan;
use jiff::civil::Date;

use crate::pediatrics::Rule;

/// Newborn coverage.
pub const PED_52: Rule = Rule::new(
    "PED-52",
    "domain.md 1.4; HIPAA special enrolment; 42 CFR 435.117",
    "A newborn without coverage of its own is billed under the parent's plan in its first days, or under the mother's Medicaid id where the state takes it; otherwise the claim is held until the child has an id, with the end of the enrolment window as deadline.",
);

/// Until this day of life a claim without confirmed coverage is held (the longest enrolment window, of the Marketplace).
pub const HOLD_TO_DAYS: i32 = 60;

/// The shortest window in which a newborn can be enrolled with effect from birth (HIPAA, group plans).
pub const ENROLMENT_DAYS: u16 = 30;

/// How Medicaid of the state, or a plan of it, takes claims for newborns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewbornMode {
    /// Under the infant's own id only.
    OwnId,
    /// Under the mother's id in the first days of life.
    MotherId {
        /// How many days, that of birth included.
        days: u16,
    },
}

/// The coverage that the child's parent has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParentCoverage {
    /// A commercial plan, which covers newborns of its members for some days without enrolment.
    Plan {
        /// How many days, that of birth included; 0: only when enrolled.
        automatic_days: u16,
        /// How many days after the birth the child can be enrolled with effect from it.
        enrolment_days: u16,
    },
    /// The mother has Medicaid: the child is deemed eligible to its first birthday.
    MotherMedicaid(NewbornMode),
    /// None that is known.
    Unknown,
}

/// How a newborn's claim is billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Billing {
    /// To the child's own confirmed coverage.
    OwnCoverage,
    /// As a dependent under the parent's plan (PAT01 19), under its automatic coverage.
    UnderParent,
    /// Under the mother's Medicaid id.
    UnderMotherId,
    /// Not yet: no coverage is confirmed. Ask again until the deadline.
    Hold {
        /// The last day to enrol the child, or for the state to give it an id.
        deadline: Date,
        /// What is waited for.
        reason: HoldReason,
    },
    /// The child is no newborn any more, and nothing is known: as any uninsured child.
    NoCoverage,
}

/// What a held claim waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HoldReason {
    /// The family must enrol the child.
    #[error("the family must enrol the newborn in the parent's plan")]
    Enrolment,
    /// The state gives the child an id.
    #[error("the newborn is deemed eligible for Medicaid and waits for an id of its own")]
    MedicaidId,
    /// Nobody knows of a coverage.
    #[error("no coverage is known for the newborn")]
    Unknown,
}

/// Every how many days a held newborn's eligibility is asked for again.
pub const ASK_AGAIN_DAYS: i32 = 3;

/// How a newborn's service is billed. `own`: whether coverage of its own is confirmed for the date of service.
#[must_use]
pub fn billing(birth: Date, service_date: Date, own: bool, parent: ParentCoverage) -> Billing {
    let day_of_life = (service_date - birth).get_days();
    let within = |days: u16| (0..i32::from(days)).contains(&day_of_life);
    let hold = |days: u16, reason| Billing::Hold { deadline: birth.saturating_add(i32::from(days).days()), reason };
    match parent {
        _ if own => Billing::OwnCoverage,
        ParentCoverage::Plan { automatic_days, .. } if within(automatic_days) => Billing::UnderParent,
        ParentCoverage::MotherMedicaid(NewbornMode::MotherId { days }) if within(days) => Billing::UnderMotherId,
        _ if !(0..=HOLD_TO_DAYS).contains(&day_of_life) => Billing::NoCoverage,
        ParentCoverage::Plan { enrolment_days, .. } => hold(enrolment_days, HoldReason::Enrolment),
        ParentCoverage::MotherMedicaid(_) => hold(ENROLMENT_DAYS, HoldReason::MedicaidId),
        ParentCoverage::Unknown => hold(ENROLMENT_DAYS, HoldReason::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const BIRTH: Date = date(2026, 10, 1);
    const PLAN: ParentCoverage = ParentCoverage::Plan { automatic_days: 31, enrolment_days: 30 };

    fn on_day(day: i32, own: bool, parent: ParentCoverage) -> Billing {
        billing(BIRTH, BIRTH.saturating_add(day.days()), own, parent)
    }

    #[test]
    fn ped_52_the_first_days_are_billed_under_the_parents_plan_and_later_ones_wait_for_enrolment() {
        assert_eq!(on_day(0, false, PLAN), Billing::UnderParent);
        assert_eq!(on_day(30, false, PLAN), Billing::UnderParent);
        assert_eq!(on_day(31, false, PLAN), Billing::Hold { deadline: date(2026, 10, 31), reason: HoldReason::Enrolment });
        assert_eq!(on_day(61, false, PLAN), Billing::NoCoverage);
        assert_eq!(on_day(61, true, PLAN), Billing::OwnCoverage);
    }

    #[test]
    fn ped_52_a_plan_without_automatic_days_covers_nobody_before_enrolment() {
        let plan = ParentCoverage::Plan { automatic_days: 0, enrolment_days: 60 };
        assert_eq!(on_day(0, false, plan), Billing::Hold { deadline: date(2026, 11, 30), reason: HoldReason::Enrolment });
    }

    #[test]
    fn ped_52_medicaid_takes_the_mothers_id_or_waits_for_the_childs() {
        let own_id = ParentCoverage::MotherMedicaid(NewbornMode::OwnId);
        assert_eq!(on_day(2, false, own_id), Billing::Hold { deadline: date(2026, 10, 31), reason: HoldReason::MedicaidId });
        let mother_id = ParentCoverage::MotherMedicaid(NewbornMode::MotherId { days: 30 });
        assert_eq!((on_day(29, false, mother_id), on_day(29, true, mother_id)), (Billing::UnderMotherId, Billing::OwnCoverage));
        assert_eq!(on_day(30, false, mother_id), Billing::Hold { deadline: date(2026, 10, 31), reason: HoldReason::MedicaidId });
    }

    #[test]
    fn ped_52_nothing_known_is_held_for_the_first_sixty_days() {
        assert_eq!(on_day(60, false, ParentCoverage::Unknown), Billing::Hold { deadline: date(2026, 10, 31), reason: HoldReason::Unknown });
        assert_eq!(on_day(61, false, ParentCoverage::Unknown), Billing::NoCoverage);
        assert_eq!(on_day(-1, false, PLAN), Billing::NoCoverage);
    }
}
