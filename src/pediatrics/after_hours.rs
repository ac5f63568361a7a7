//! Services outside of or at the edge of office hours (PED-66): an add-on to the visit where the payer pays it.

use super::Rule;
use crate::reference::ProcedureCode;
use jiff::civil::{Time, Weekday};

/// After hours.
pub const PED_66: Rule = Rule::new(
    "PED-66",
    "CPT 99050, 99051; payers' rules",
    "Beside a visit in the office: 99050 when the office is closed by its posted hours, 99051 in posted hours of an evening, a weekend or a holiday.",
);

/// One stretch of posted hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The day of the week.
    pub day: Weekday,
    /// From this time on.
    pub from: Time,
    /// Until before this time.
    pub until: Time,
}

/// Whether a payer pays each of the codes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// 99050.
    pub outside_hours: bool,
    /// 99051.
    pub posted_evenings: bool,
}

const OUTSIDE_HOURS: ProcedureCode = ProcedureCode::literal("99050");
const POSTED_EVENING: ProcedureCode = ProcedureCode::literal("99051");

/// When a visit began, by the practice's own posted hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hours {
    /// In ordinary hours, or it is not known when.
    #[default]
    Ordinary,
    /// In posted hours of an evening, a weekend or a holiday.
    PostedEvening,
    /// When the office is closed.
    Closed,
}

/// When a visit in the office began, all times in the practice's own zone. `evening_from`: when the practice's evening begins.
/// `holiday`: whether the day is one.
#[must_use]
pub fn hours_of(day: Weekday, time: Time, holiday: bool, posted: &[Opening], evening_from: Time) -> Hours {
    let open = posted.iter().any(|opening| opening.day == day && (opening.from..opening.until).contains(&time));
    let special = holiday || matches!(day, Weekday::Saturday | Weekday::Sunday) || time >= evening_from;
    match (open, special) {
        (false, _) => Hours::Closed,
        (true, true) => Hours::PostedEvening,
        (true, false) => Hours::Ordinary,
    }
}

/// The add-on to the visit; `None` in ordinary hours or where the payer pays nothing for it.
#[must_use]
pub fn code(hours: Hours, terms: Terms) -> Option<ProcedureCode> {
    match hours {
        Hours::Closed if terms.outside_hours => Some(OUTSIDE_HOURS),
        Hours::PostedEvening if terms.posted_evenings => Some(POSTED_EVENING),
        Hours::Closed | Hours::PostedEvening | Hours::Ordinary => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::time;

    const POSTED: [Opening; 2] = [
        Opening { day: Weekday::Monday, from: time(8, 0, 0, 0), until: time(20, 0, 0, 0) },
        Opening { day: Weekday::Saturday, from: time(9, 0, 0, 0), until: time(12, 0, 0, 0) },
    ];

    fn found(day: Weekday, hour: i8, holiday: bool, terms: Terms) -> Option<String> {
        code(hours_of(day, time(hour, 0, 0, 0), holiday, &POSTED, time(18, 0, 0, 0)), terms).map(|code| code.to_string())
    }

    #[test]
    fn ped_66_closed_is_99050_and_a_posted_evening_weekend_or_holiday_is_99051() {
        let both = Terms { outside_hours: true, posted_evenings: true };
        let code = |day, hour, holiday| found(day, hour, holiday, both);
        assert_eq!(code(Weekday::Monday, 10, false), None);
        assert_eq!(code(Weekday::Monday, 18, false).as_deref(), Some("99051"));
        assert_eq!(code(Weekday::Monday, 20, false).as_deref(), Some("99050"));
        assert_eq!(code(Weekday::Saturday, 9, false).as_deref(), Some("99051"));
        assert_eq!(code(Weekday::Saturday, 12, false).as_deref(), Some("99050"));
        assert_eq!(code(Weekday::Monday, 10, true).as_deref(), Some("99051"));
    }

    #[test]
    fn ped_66_a_payer_may_pay_neither() {
        assert_eq!(found(Weekday::Sunday, 10, false, Terms::default()), None);
    }
}
