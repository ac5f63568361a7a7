//! The figures of some months.

use std::collections::BTreeMap;
use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use crate::platform::money::Money;

/// Whole months in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    first: Date,
    last: Date,
}

/// Why some texts are no span of months.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpanError {
    /// A month is written `YYYY-MM`.
    #[error("a month is written YYYY-MM")]
    Month,
    /// The first month comes after the last.
    #[error("the first month comes after the last")]
    Order,
}

impl Span {
    /// From the first and the last month, `YYYY-MM` each.
    pub fn parse(first: &str, last: &str) -> Result<Span, SpanError> {
        let month = |text: &str| {
            let is_shaped = text.len() == 7;
            format!("{text}-01").parse::<Date>().ok().filter(|_| is_shaped).ok_or(SpanError::Month)
        };
        let (first, last) = (month(first)?, month(last)?);
        if first > last { Err(SpanError::Order) } else { Ok(Span { first, last: last.last_of_month() }) }
    }

    /// The month of a day.
    #[must_use]
    pub fn month_of(day: Date) -> Span {
        Span { first: day.first_of_month(), last: day.last_of_month() }
    }

    /// The first day.
    #[must_use]
    pub fn first(&self) -> Date {
        self.first
    }

    /// The last day.
    #[must_use]
    pub fn last(&self) -> Date {
        self.last
    }

    /// The day before the first.
    #[must_use]
    pub fn eve(&self) -> Date {
        self.first.checked_sub(1.day()).unwrap_or(self.first)
    }

    /// Number of days.
    #[must_use]
    pub fn days(&self) -> i64 {
        self.first.until(self.last).map_or(0, |span| i64::from(span.get_days())) + 1
    }
}

/// `2026-11`, or `2026-09 to 2026-11`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let month = |day: Date| format!("{:04}-{:02}", day.year(), day.month());
        f.pad(&match (month(self.first), month(self.last)) {
            (first, last) if first == last => first,
            (first, last) => format!("{first} to {last}"),
        })
    }
}

/// One account's or bucket's way through the span.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BucketMovement {
    /// The account.
    pub account: String,
    /// Its balance at the end of the day before.
    pub opening: Money,
    /// Its changes by kind of transfer: debits less credits.
    pub movements: BTreeMap<String, Money>,
    /// Its balance at the end of the last day, read for itself.
    pub closing: Money,
}

/// Two ways to the same figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// What is proved, in words.
    pub name: String,
    /// One way.
    pub computed: Money,
    /// The other.
    pub recorded: Money,
    /// Whether they agree to the cent.
    pub holds: bool,
}

/// What happened to the money of a practice in some months.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RevenueSummary {
    /// Which months.
    pub span: String,
    /// Charges less voids, by the day of posting.
    pub gross_charges: Money,
    /// Charges less voids, by the date of service.
    pub charges_by_service_date: Money,
    /// Payers' payments less takebacks.
    pub insurance_payments: Money,
    /// Families' payments, applied or not, less those that banks returned.
    pub patient_payments: Money,
    /// Refunds to families and payers.
    pub refunds: Money,
    /// All payments less refunds: net collections.
    pub net_payments: Money,
    /// Written off by contract, net of reversals.
    pub contractual: Money,
    /// Other write-offs by family, net of reversals.
    pub other_adjustments: BTreeMap<String, Money>,
    /// Gross charges less contractual adjustments.
    pub adjusted_charges: Money,
    /// Net payments in per cent of gross charges, one decimal; none without charges.
    pub gross_collection_percent: Option<String>,
    /// Net payments in per cent of adjusted charges, one decimal; misleading for a single month: the charges are not those that were paid.
    pub net_collection_percent: Option<String>,
    /// Closing receivables in days of adjusted charges; none without charges.
    pub days_in_receivables: Option<String>,
    /// Receivables by bucket, and unapplied money as the bucket of credits.
    pub receivables: Vec<BucketMovement>,
    /// Accounts that hold money on its way: payments announced, not posted, taken back, carried forward, withheld.
    pub in_transit: Vec<BucketMovement>,
    /// Payments announced by remittances (BPR02).
    pub remittances: Money,
    /// Provider adjustments: above zero they reduced payments.
    pub provider_adjustments: Money,
    /// The change of payments that are not posted yet.
    pub unposted_change: Money,
    /// What ties to what.
    pub proofs: Vec<Proof>,
}

impl RevenueSummary {
    /// Whether everything ties.
    #[must_use]
    pub fn ties(&self) -> bool {
        self.proofs.iter().all(|proof| proof.holds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_whole_months_and_knows_its_days() {
        let quarter = Span::parse("2026-01", "2026-03").unwrap();
        assert_eq!(
            (quarter.first().to_string(), quarter.last().to_string(), quarter.eve().to_string()),
            ("2026-01-01".into(), "2026-03-31".into(), "2025-12-31".into())
        );
        assert_eq!((quarter.days(), quarter.to_string()), (90, "2026-01 to 2026-03".to_owned()));
        assert_eq!(Span::parse("2026-02", "2026-02").unwrap().to_string(), "2026-02");
    }

    #[test]
    fn what_is_no_month_is_refused() {
        for text in ["2026", "2026-13", "2026-1", "26-01", "2026-01-01", ""] {
            assert_eq!(Span::parse(text, text), Err(SpanError::Month), "{text}");
        }
        assert_eq!(Span::parse("2026-03", "2026-02"), Err(SpanError::Order));
    }
}
