//! Money: an exact amount in US dollars with two decimal places.
//!
//! Stored in the database as integer cents, written in X12 without trailing zeros (`175`, `175.5`). No float ever touches it.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};
use std::str::FromStr;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An amount of US dollars, exact to the cent; may be negative.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(Decimal);

/// Why a text is not an amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not `[-]digits[.digits]`.
    #[error("not a decimal amount")]
    NotANumber,
    /// More than two digits after the point.
    #[error("has more than two decimal places")]
    TooManyDecimals,
    /// More than [`Money::DIGITS_MAX`] digits.
    #[error("has more than 15 digits")]
    TooLarge,
}

impl Money {
    /// No money.
    pub const ZERO: Money = Money(Decimal::ZERO);

    /// The largest amount that one X12 element may carry: ten digits with the cents, sign and point not counted (domain.md 1.1, RFI 2164).
    pub const X12_MAX: Money = Money(Decimal::from_parts(1_410_065_407, 2, 0, false, 2));

    /// Digits that an amount may have when read. Fifteen keep every sum of a million amounts inside an `i64` of cents, and no
    /// partner sends more: X12 allows ten.
    pub const DIGITS_MAX: usize = 15;

    /// From whole cents.
    #[must_use]
    pub fn from_cents(cents: i64) -> Money {
        Money(Decimal::new(cents, 2))
    }

    /// In whole cents, as the database keeps it.
    ///
    /// # Panics
    /// Never for amounts made by this type: fifteen digits a value leave room for the sums of any practice.
    #[must_use]
    pub fn cents(self) -> i64 {
        let mut cents = self.0;
        cents.rescale(2);
        i64::try_from(cents.mantissa()).expect("an amount fits into 63 bits of cents")
    }

    /// Reads `[-]digits[.digits]` from the bytes of an X12 element or of a text. Reading integer digits directly is what keeps
    /// the remittance reader fast.
    pub fn parse_bytes(text: &[u8]) -> Result<Money, MoneyError> {
        let (negative, digits) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        let (mut cents, mut decimals, mut seen, mut point) = (0_i64, 0_u32, 0_usize, false);
        for &byte in digits {
            match byte {
                b'0'..=b'9' => {
                    seen += 1;
                    if point {
                        decimals += 1;
                        if decimals > 2 {
                            if byte != b'0' {
                                return Err(MoneyError::TooManyDecimals);
                            }
                            continue;
                        }
                    }
                    cents = cents.checked_mul(10).and_then(|c| c.checked_add(i64::from(byte - b'0'))).ok_or(MoneyError::TooLarge)?;
                }
                b'.' if !point => point = true,
                _ => return Err(MoneyError::NotANumber),
            }
        }
        if seen == 0 {
            return Err(MoneyError::NotANumber);
        }
        if seen > Self::DIGITS_MAX {
            return Err(MoneyError::TooLarge);
        }
        for _ in decimals.min(2)..2 {
            cents = cents.checked_mul(10).ok_or(MoneyError::TooLarge)?;
        }
        Ok(Money::from_cents(if negative { -cents } else { cents }))
    }

    /// As X12 writes it (type R): no leading zeros, no trailing decimal zeros, no point without decimals.
    #[must_use]
    pub fn to_x12(self) -> String {
        self.0.normalize().to_string()
    }

    /// The underlying decimal, for ratios in reports.
    #[must_use]
    pub fn decimal(self) -> Decimal {
        self.0
    }

    /// Whether the amount is zero.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// Whether the amount is below zero.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.0.is_sign_negative() && !self.0.is_zero()
    }

    /// The amount without its sign.
    #[must_use]
    pub fn abs(self) -> Money {
        Money(self.0.abs())
    }

    /// This amount for each of `units`.
    #[must_use]
    pub fn times(self, units: u32) -> Money {
        Money(self.0 * Decimal::from(units))
    }

    /// A share of this amount in per cent, rounded half up to the cent.
    #[must_use]
    pub fn percent(self, per_cent: u32) -> Money {
        let share = self.0 * Decimal::from(per_cent) / Decimal::ONE_HUNDRED;
        Money(share.round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero))
    }

    /// Splits this amount in proportion to `weights` so that the parts sum to it exactly: largest remainder first, ties by
    /// order (domain.md 2.8). With all weights zero, or none positive, everything goes to the first part.
    #[must_use]
    pub fn split(self, weights: &[Money]) -> Vec<Money> {
        let total: i128 = weights.iter().map(|w| i128::from(w.cents())).sum();
        if weights.is_empty() {
            return Vec::new();
        }
        if total == 0 {
            let mut parts = vec![Money::ZERO; weights.len()];
            parts[0] = self;
            return parts;
        }
        let amount = i128::from(self.cents());
        let mut parts: Vec<(i128, i128)> = weights
            .iter()
            .map(|w| {
                let product = amount * i128::from(w.cents());
                (product.div_euclid(total), product.rem_euclid(total))
            })
            .collect();
        let mut left = amount - parts.iter().map(|p| p.0).sum::<i128>();
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by_key(|&i| (-parts[i].1, i));
        for i in order.into_iter().cycle() {
            if left == 0 {
                break;
            }
            parts[i].0 += left.signum();
            left -= left.signum();
        }
        parts.into_iter().map(|p| Money::from_cents(p.0.to_i64().unwrap_or_default())).collect()
    }
}

impl FromStr for Money {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Money, MoneyError> {
        Money::parse_bytes(text.as_bytes())
    }
}

/// Always with two decimals: `175.50`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut value = self.0;
        value.rescale(2);
        f.pad(&value.to_string())
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "${self}")
    }
}

impl Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        Money(self.0 + other.0)
    }
}

impl Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        Money(self.0 - other.0)
    }
}

impl Neg for Money {
    type Output = Money;
    fn neg(self) -> Money {
        // No amount is a negative zero: it would show as `-0.00`.
        if self.is_zero() { Money::ZERO } else { Money(-self.0) }
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Money) {
        self.0 += other.0;
    }
}

impl SubAssign for Money {
    fn sub_assign(&mut self, other: Money) {
        self.0 -= other.0;
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        amounts.fold(Money::ZERO, Add::add)
    }
}

impl<'a> Sum<&'a Money> for Money {
    fn sum<I: Iterator<Item = &'a Money>>(amounts: I) -> Money {
        amounts.copied().sum()
    }
}

/// As a string with two decimals: JSON numbers are floats in too many languages.
impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Money, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(text: &str) -> Money {
        text.parse().unwrap()
    }

    #[test]
    fn x12_amounts_lose_trailing_zeros_and_nothing_else() {
        for (text, x12) in [("175.00", "175"), ("175.50", "175.5"), ("0.00", "0"), ("-1.25", "-1.25"), ("100", "100"), (".5", "0.5")] {
            assert_eq!(money(text).to_x12(), x12);
        }
    }

    #[test]
    fn a_third_decimal_is_refused_unless_it_is_zero() {
        assert_eq!("1.005".parse::<Money>(), Err(MoneyError::TooManyDecimals));
        assert_eq!(money("1.500"), money("1.5"));
    }

    #[test]
    fn texts_that_are_no_amount_are_refused() {
        for text in ["", "-", ".", "1,000", "1.2.3", "1e5", "٣", "$1"] {
            assert_eq!(text.parse::<Money>(), Err(MoneyError::NotANumber), "{text}");
        }
        assert_eq!("1234567890123456".parse::<Money>(), Err(MoneyError::TooLarge));
    }

    #[test]
    fn the_x12_maximum_is_ten_digits() {
        assert_eq!(Money::X12_MAX, money("99999999.99"));
    }

    #[test]
    fn a_split_sums_to_the_amount_and_favours_the_largest_remainder() {
        let weights = [money("100"), money("100"), money("100")];
        assert_eq!(money("10").split(&weights), [money("3.34"), money("3.33"), money("3.33")]);
        assert_eq!(money("-10").split(&weights).iter().sum::<Money>(), money("-10"));
        assert_eq!(money("7").split(&[Money::ZERO, Money::ZERO]), [money("7"), Money::ZERO]);
    }

    #[test]
    fn no_money_has_no_sign() {
        assert_eq!((-Money::ZERO).to_string(), "0.00");
        assert_eq!((money("5") - money("5")).to_string(), "0.00");
        assert_eq!(money("-0").to_string(), "0.00");
    }

    #[test]
    fn json_carries_money_as_a_string() {
        assert_eq!(serde_json::to_string(&money("12.5")).unwrap(), "\"12.50\"");
        assert_eq!(serde_json::from_str::<Money>("\"12.5\"").unwrap(), money("12.5"));
    }
}
