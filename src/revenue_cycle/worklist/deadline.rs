//! Deadlines: dates on a claim that tell a person ahead of time. Pure; the tick asks it, the store keeps it.

use jiff::ToSpan;
use jiff::civil::Date;

/// What a deadline is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadlineKind {
    /// The last day on which the payer takes the claim (domain.md PED-69).
    TimelyFiling,
}

impl DeadlineKind {
    /// As the database keeps it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            DeadlineKind::TimelyFiling => "timely_filing",
        }
    }

    /// Days before the due date at which a person is told (domain.md 3.5, watchdogs), most first.
    #[must_use]
    pub fn alert_days(self) -> &'static [i32] {
        match self {
            DeadlineKind::TimelyFiling => &[60, 30, 14, 7, 0],
        }
    }
}

/// The first date after `after` on which a deadline alerts; none when the due date's own alert has passed.
#[must_use]
pub fn next_alert(kind: DeadlineKind, due: Date, after: Date) -> Option<Date> {
    kind.alert_days().iter().map(|&days| due.saturating_sub(days.days())).find(|&alert| alert > after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pediatrics::timely_filing::time_left;
    use jiff::civil::date;

    #[test]
    fn a_deadline_alerts_60_30_14_7_and_0_days_ahead() {
        let due = date(2026, 11, 18);
        let mut alerts = Vec::new();
        let mut at = date(2026, 8, 20);
        while let Some(next) = next_alert(DeadlineKind::TimelyFiling, due, at) {
            alerts.push(time_left(due, next).days());
            at = next;
        }
        assert_eq!(alerts, [60, 30, 14, 7, 0]);
    }
}
