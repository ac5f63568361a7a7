//! The age of a child at the date of service, in whole calendar units. Never the age today, never a difference of years
//! (domain.md 4, 8 point 11).

use jiff::civil::Date;

use super::Rule;

/// How ages are counted.
pub const AGE: Rule = Rule::new(
    "PED-00",
    "domain.md 4",
    "Age is counted at the date of service in completed years, months and days; who was born on 29 February has the birthday on 1 March in other years.",
);

/// An age in whole units, each counted from birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Age {
    /// Full birthdays passed.
    pub years: u16,
    /// Full months passed, all years included.
    pub months: u32,
    /// Days passed; the day of birth is day 0.
    pub days: u32,
}

/// The date of service lies before the birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the date of service is before the date of birth")]
pub struct BornAfterService;

impl Age {
    /// The age of somebody born on `birth` at `service_date`.
    pub fn at(birth: Date, service_date: Date) -> Result<Age, BornAfterService> {
        let days = u32::try_from((service_date - birth).get_days()).map_err(|_| BornAfterService)?;
        let month_number = |date: Date| i32::from(date.year()) * 12 + i32::from(date.month());
        let day_reached = service_date.day() >= birth.day();
        let months = month_number(service_date) - month_number(birth) - i32::from(!day_reached);
        let months = u32::try_from(months).map_err(|_| BornAfterService)?;
        Ok(Age { years: u16::try_from(months / 12).map_err(|_| BornAfterService)?, months, days })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn years(birth: Date, service_date: Date) -> u16 {
        Age::at(birth, service_date).unwrap().years
    }

    #[test]
    fn a_birthday_counts_from_its_own_day() {
        assert_eq!(years(date(2025, 11, 16), date(2026, 11, 15)), 0);
        assert_eq!(years(date(2025, 11, 16), date(2026, 11, 16)), 1);
        assert_eq!(Age::at(date(2026, 11, 1), date(2026, 11, 1)), Ok(Age { years: 0, months: 0, days: 0 }));
    }

    #[test]
    fn a_child_of_29_february_turns_a_year_on_1_march() {
        let birth = date(2024, 2, 29);
        assert_eq!((years(birth, date(2025, 2, 28)), years(birth, date(2025, 3, 1))), (0, 1));
        assert_eq!((years(birth, date(2028, 2, 28)), years(birth, date(2028, 2, 29))), (3, 4));
    }

    #[test]
    fn months_count_when_their_day_has_come() {
        let months = |birth, service_date| Age::at(birth, service_date).unwrap().months;
        assert_eq!((months(date(2026, 1, 31), date(2026, 2, 28)), months(date(2026, 1, 31), date(2026, 3, 1))), (0, 1));
        assert_eq!((months(date(2025, 12, 15), date(2026, 11, 14)), months(date(2025, 12, 15), date(2026, 11, 15))), (10, 11));
    }

    #[test]
    fn nobody_is_seen_before_birth() {
        assert_eq!(Age::at(date(2026, 1, 2), date(2026, 1, 1)), Err(BornAfterService));
    }

    proptest! {
        #[test]
        fn a_day_later_nobody_is_younger(birth in 0_i32..40_000, lived in 0_i32..40_000) {
            let epoch = date(1900, 1, 1);
            let day = |n: i32| epoch + jiff::Span::new().days(n);
            let (today, tomorrow) = (Age::at(day(birth), day(birth + lived)).unwrap(), Age::at(day(birth), day(birth + lived + 1)).unwrap());
            prop_assert_eq!(today.days + 1, tomorrow.days);
            prop_assert!(today.months <= tomorrow.months && today.years <= tomorrow.years && tomorrow.months - today.months <= 1);
            prop_assert_eq!(u32::from(today.years), today.months / 12);
        }
    }
}
