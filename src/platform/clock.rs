//! Time is a parameter: pure code takes `today`, the shell asks a [`Clock`] that tests and the demo drive.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// A calendar date as our tables keep it (ISO text) and as it goes over the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct Day(pub Date);

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// An instant: UTC milliseconds since 1970, as the database keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Millis(pub i64);

impl Millis {
    /// The calendar date of this instant in a practice's time zone. Periods and deadlines use it; ages never do (they are computed at
    /// the date of service, which has no zone).
    #[must_use]
    pub fn date_in(self, zone: &TimeZone) -> Date {
        self.zoned(zone).date()
    }

    /// This instant in a time zone.
    #[must_use]
    pub fn zoned(self, zone: &TimeZone) -> Zoned {
        Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone())
    }

    /// This instant moved by some milliseconds.
    #[must_use]
    pub fn plus_millis(self, millis: i64) -> Millis {
        Millis(self.0.saturating_add(millis))
    }

    /// Noon of a date in a time zone: where the demo's days and the tests' days happen.
    #[must_use]
    pub fn noon_of(date: Date, zone: &TimeZone) -> Millis {
        let noon = date.at(12, 0, 0, 0).to_zoned(zone.clone());
        Millis(noon.map_or(0, |z| z.timestamp().as_millisecond()))
    }
}

/// Where `now` comes from.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// A clock that stands still until it is set. Clones share it.
    Virtual(Arc<AtomicI64>),
}

impl Clock {
    /// A virtual clock that shows `now`.
    #[must_use]
    pub fn fixed_at(now: Millis) -> Clock {
        Clock::Virtual(Arc::new(AtomicI64::new(now.0)))
    }

    /// The present instant.
    #[must_use]
    pub fn now(&self) -> Millis {
        match self {
            Clock::System => Millis(Timestamp::now().as_millisecond()),
            Clock::Virtual(millis) => Millis(millis.load(Ordering::SeqCst)),
        }
    }

    /// Sets a virtual clock; it never runs backwards. Has no effect on the system clock.
    pub fn advance_to(&self, now: Millis) {
        if let Clock::Virtual(millis) = self {
            millis.fetch_max(now.0, Ordering::SeqCst);
        }
    }

    /// Today in a practice's time zone.
    #[must_use]
    pub fn today(&self, zone: &TimeZone) -> Date {
        self.now().date_in(zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn today_is_the_practices_day_and_not_utcs() {
        let honolulu = TimeZone::get("Pacific/Honolulu").unwrap();
        let clock =
            Clock::fixed_at(Millis(date(2026, 11, 22).at(5, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp().as_millisecond()));
        assert_eq!(clock.today(&honolulu), date(2026, 11, 21));
        assert_eq!(clock.today(&TimeZone::UTC), date(2026, 11, 22));
    }

    #[test]
    fn a_virtual_clock_never_runs_backwards() {
        let clock = Clock::fixed_at(Millis(10));
        clock.clone().advance_to(Millis(20));
        clock.advance_to(Millis(15));
        assert_eq!(clock.now(), Millis(20));
    }
}
