//! How often a payer pays well visits (PED-08): too soon is a warning, and twice on one day an error (E032).

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Age, Rule};

/// Frequency of well visits.
pub const PED_08: Rule = Rule::new(
    "PED-08",
    "domain.md E032; payers' rules",
    "One well visit a day, and from the third birthday on one in the payer's interval: a calendar year, or a year from the last one. The schedule of visits is a list of what is due and holds nothing back.",
);

/// A payer's interval from the third birthday on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Interval {
    /// None: as often as the schedule of visits says.
    #[default]
    Schedule,
    /// One in each calendar year.
    CalendarYear,
    /// One in twelve months, counted from the last one.
    TwelveMonths,
}

/// From this age in years on well visits come once a year; before, they follow each other by months.
const INTERVALS_FROM_YEARS: u16 = 3;

/// What is wrong with another well visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Another one on the same day: an error.
    #[error("two well visits on one day")]
    SameDay,
    /// Another one in the interval: a warning.
    #[error("the payer has paid a well visit of this interval: the next is paid from {next} on")]
    TooSoon {
        /// The first day on which the payer pays the next one.
        next: Date,
    },
}

/// Whether a well visit comes too soon after those before it, which may stand in any order. The day's own visit is not among them.
#[must_use]
pub fn fault(birth: Date, service_date: Date, before: &[Date], interval: Interval) -> Option<Fault> {
    if before.contains(&service_date) {
        return Some(Fault::SameDay);
    }
    let last = before.iter().copied().filter(|day| *day < service_date).max()?;
    Age::at(birth, service_date).ok().filter(|age| age.years >= INTERVALS_FROM_YEARS)?;
    let next = match interval {
        Interval::Schedule => return None,
        Interval::CalendarYear => Date::new(last.year().checked_add(1)?, 1, 1).ok()?,
        Interval::TwelveMonths => last.checked_add(1.year()).ok()?,
    };
    (service_date < next).then_some(Fault::TooSoon { next })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const BIRTH: Date = date(2020, 5, 20);

    #[test]
    fn ped_08_two_well_visits_on_one_day_are_an_error() {
        assert_eq!(fault(BIRTH, date(2026, 6, 1), &[date(2026, 6, 1)], Interval::Schedule), Some(Fault::SameDay));
    }

    #[test]
    fn ped_08_a_year_is_counted_as_the_payer_counts_it() {
        let fault = |on, interval| fault(BIRTH, on, &[date(2025, 11, 10), date(2024, 6, 1)], interval);
        let soon = |next| Some(Fault::TooSoon { next });
        assert_eq!(fault(date(2025, 11, 11), Interval::Schedule), None);
        assert_eq!(fault(date(2025, 12, 31), Interval::CalendarYear), soon(date(2026, 1, 1)));
        assert_eq!(fault(date(2026, 1, 1), Interval::CalendarYear), None);
        assert_eq!(fault(date(2026, 11, 9), Interval::TwelveMonths), soon(date(2026, 11, 10)));
        assert_eq!(fault(date(2026, 11, 10), Interval::TwelveMonths), None);
    }

    #[test]
    fn ped_08_a_payers_interval_begins_with_the_third_birthday() {
        let fault = |on| fault(BIRTH, on, &[date(2023, 3, 1)], Interval::TwelveMonths);
        assert_eq!((fault(date(2023, 5, 19)), fault(date(2023, 5, 20))), (None, Some(Fault::TooSoon { next: date(2024, 3, 1) })));
    }

    #[test]
    fn ped_08_a_first_visit_and_later_ones_raise_nothing() {
        assert_eq!(fault(BIRTH, date(2026, 6, 1), &[], Interval::TwelveMonths), None);
        assert_eq!(fault(BIRTH, date(2026, 6, 1), &[date(2026, 7, 1)], Interval::TwelveMonths), None);
    }
}
