//! Until when a claim may be filed, and how many days are left (PED-69).

use jiff::ToSpan;
use jiff::civil::Date;

use super::Rule;

/// The last day to file.
pub const PED_69: Rule = Rule::new(
    "PED-69",
    "payers' contracts; 42 CFR 447.45(d)",
    "An original claim counts from the date of service, a secondary from the primary's remittance, a correction or appeal from the payer's own; Medicaid takes nothing later than twelve months after the service.",
);

/// A payer's windows in days. The day they count from is day 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windows {
    /// Original claim, from the date of service.
    pub initial_days: u16,
    /// Secondary claim, from the primary payer's remittance.
    pub secondary_days_from_primary: u16,
    /// Replacement, from the payer's remittance.
    pub corrected_days: u16,
    /// Appeal, from the payer's remittance.
    pub appeal_days: u16,
}

/// What is to be filed, with the date from which its window counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filing {
    /// A first claim to the first payer.
    Original {
        /// The earliest date of service on the claim: payers count from it.
        service_date: Date,
    },
    /// A first claim to a later payer.
    Secondary {
        /// Date of the last remittance of the payers before.
        primary_remittance: Date,
    },
    /// A replacement or void of an adjudicated claim.
    Corrected {
        /// Date of the remittance that adjudicated it.
        remittance: Date,
    },
    /// An appeal.
    Appeal {
        /// Date of the remittance that is appealed.
        remittance: Date,
    },
}

/// The last day on which a payer takes it.
#[must_use]
pub fn last_day(filing: Filing, windows: Windows) -> Date {
    let (from, days) = match filing {
        Filing::Original { service_date } => (service_date, windows.initial_days),
        Filing::Secondary { primary_remittance } => (primary_remittance, windows.secondary_days_from_primary),
        Filing::Corrected { remittance } => (remittance, windows.corrected_days),
        Filing::Appeal { remittance } => (remittance, windows.appeal_days),
    };
    from.saturating_add(i32::from(days).days())
}

/// The last day that federal rules leave a first claim to Medicaid: twelve months after the service. A plan may be stricter, so the
/// earlier of this and [`last_day`] holds.
#[must_use]
pub fn medicaid_last_day(service_date: Date) -> Date {
    service_date.saturating_add(12.months())
}

/// From how many days left on a claim deserves a warning (E066): two weekly rounds of the worklist.
pub const WARN_DAYS: i32 = 14;

/// How much time a claim has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeLeft {
    /// More than [`WARN_DAYS`] days.
    Enough {
        /// Days left, today not counted.
        days: i32,
    },
    /// [`WARN_DAYS`] or fewer; 0: today is the last day.
    Short {
        /// Days left, today not counted.
        days: i32,
    },
    /// Too late: a delay reason (CLM20) or the payer's consent is needed.
    Past {
        /// Days since the last day; at least 1.
        days: i32,
    },
}

impl TimeLeft {
    /// Days left, today not counted; negative when the last day has passed.
    #[must_use]
    pub fn days(self) -> i32 {
        match self {
            TimeLeft::Enough { days } | TimeLeft::Short { days } => days,
            TimeLeft::Past { days } => -days,
        }
    }
}

/// How much time is left until a last day.
#[must_use]
pub fn time_left(last_day: Date, today: Date) -> TimeLeft {
    match (last_day - today).get_days() {
        days @ ..0 => TimeLeft::Past { days: -days },
        days @ 0..=WARN_DAYS => TimeLeft::Short { days },
        days => TimeLeft::Enough { days },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const WINDOWS: Windows = Windows { initial_days: 90, secondary_days_from_primary: 60, corrected_days: 180, appeal_days: 30 };

    #[test]
    fn ped_69_ninety_days_from_20_august_end_on_18_november() {
        let last = last_day(Filing::Original { service_date: date(2026, 8, 20) }, WINDOWS);
        assert_eq!(last, date(2026, 11, 18));
        assert_eq!(time_left(last, date(2026, 11, 3)), TimeLeft::Enough { days: 15 });
        assert_eq!(time_left(last, date(2026, 11, 4)), TimeLeft::Short { days: 14 });
        assert_eq!(time_left(last, date(2026, 11, 18)), TimeLeft::Short { days: 0 });
        assert_eq!(time_left(last, date(2026, 11, 19)), TimeLeft::Past { days: 1 });
        assert_eq!([3, 4, 18, 19].map(|day| time_left(last, date(2026, 11, day)).days()), [15, 14, 0, -1]);
    }

    #[test]
    fn ped_69_later_filings_count_from_a_remittance() {
        let paid = date(2026, 9, 1);
        assert_eq!(last_day(Filing::Secondary { primary_remittance: paid }, WINDOWS), date(2026, 10, 31));
        assert_eq!(last_day(Filing::Corrected { remittance: paid }, WINDOWS), date(2027, 2, 28));
        assert_eq!(last_day(Filing::Appeal { remittance: paid }, WINDOWS), date(2026, 10, 1));
    }

    #[test]
    fn ped_69_medicaid_ends_twelve_months_after_the_service() {
        assert_eq!(medicaid_last_day(date(2026, 8, 20)), date(2027, 8, 20));
        assert_eq!(medicaid_last_day(date(2024, 2, 29)), date(2025, 2, 28));
    }
}
