//! How often a payer pays well visits (PED-08): too soon is a warning, and twice on one day an error (E032).

use jiff::ToSpan;
use jiff::civil::Date;

use super::due_list::{visit_window, window_start};
use super::{Age, Rule};

/// Frequency of well visits.
pub const PED_08: Rule = Rule::new(
    "PED-08",
    "payers' rules; AAP periodicity",
    "A well visit is paid once in its interval: a window of the schedule, a calendar year, or a year from the last one; in the first three years the schedule's windows hold everywhere.",
);

/// A payer's interval from the third birthday on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Interval {
    /// One in each window of the schedule: each year of age.
    #[default]
    Window,
    /// One in each calendar year.
    CalendarYear,
    /// One in twelve months, counted from the last one.
    TwelveMonths,
}

/// From this age in years on payers' intervals differ; before, visits are too many for any of them but the windows.
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
        /// The first day on which the payer pays the next one, where it can be told by date.
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
    let next = next_after(birth, last, service_date, interval)?;
    (service_date < next).then_some(Fault::TooSoon { next })
}

/// The first day after a well visit on which another is paid; `None` when no schedule tells.
fn next_after(birth: Date, last: Date, service_date: Date, interval: Interval) -> Option<Date> {
    let age = Age::at(birth, service_date).ok()?;
    match interval {
        Interval::CalendarYear if age.years >= INTERVALS_FROM_YEARS => Date::new(last.year() + 1, 1, 1).ok(),
        Interval::TwelveMonths if age.years >= INTERVALS_FROM_YEARS => last.checked_add(1.year()).ok(),
        Interval::Window | Interval::CalendarYear | Interval::TwelveMonths => {
            window_start(birth, visit_window(Age::at(birth, last).ok()?)? + 1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const BIRTH: Date = date(2020, 5, 20);

    #[test]
    fn ped_08_two_well_visits_on_one_day_are_an_error() {
        assert_eq!(fault(BIRTH, date(2026, 6, 1), &[date(2026, 6, 1)], Interval::Window), Some(Fault::SameDay));
    }

    #[test]
    fn ped_08_a_year_is_counted_as_the_payer_counts_it() {
        let fault = |on, interval| fault(BIRTH, on, &[date(2025, 11, 10), date(2024, 6, 1)], interval);
        let soon = |next| Some(Fault::TooSoon { next });
        assert_eq!(fault(date(2026, 5, 19), Interval::Window), soon(date(2026, 5, 20)));
        assert_eq!(fault(date(2026, 5, 20), Interval::Window), None);
        assert_eq!(fault(date(2025, 12, 31), Interval::CalendarYear), soon(date(2026, 1, 1)));
        assert_eq!(fault(date(2026, 1, 1), Interval::CalendarYear), None);
        assert_eq!(fault(date(2026, 11, 9), Interval::TwelveMonths), soon(date(2026, 11, 10)));
        assert_eq!(fault(date(2026, 11, 10), Interval::TwelveMonths), None);
    }

    #[test]
    fn ped_08_infants_go_by_the_schedule_whatever_the_payers_interval() {
        for interval in [Interval::Window, Interval::CalendarYear, Interval::TwelveMonths] {
            assert_eq!(fault(BIRTH, date(2020, 7, 20), &[date(2020, 6, 22)], interval), None);
            assert_eq!(fault(BIRTH, date(2020, 7, 10), &[date(2020, 6, 22)], interval), Some(Fault::TooSoon { next: date(2020, 7, 20) }));
            assert_eq!(fault(BIRTH, date(2020, 5, 23), &[BIRTH], interval), None);
        }
    }

    #[test]
    fn ped_08_a_first_visit_and_later_ones_raise_nothing() {
        assert_eq!(fault(BIRTH, date(2026, 6, 1), &[], Interval::Window), None);
        assert_eq!(fault(BIRTH, date(2026, 6, 1), &[date(2026, 7, 1)], Interval::Window), None);
    }
}
