//! Shares of an amount, exact: a coinsurance of 20 % is 0.2 on the wire.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A share as a fraction of one; never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(Decimal);

/// The text is no decimal fraction of at most ten digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a share written as digits with at most one point")]
pub struct PercentError;

/// Digits of EB08 (data element 954).
const DIGITS_MAX: usize = 10;

impl Percent {
    /// All of it.
    pub const WHOLE: Percent = Percent(Decimal::ONE);

    /// From whole per cents.
    #[must_use]
    pub fn of_hundred(per_cent: u32) -> Percent {
        Percent((Decimal::from(per_cent) / Decimal::ONE_HUNDRED).normalize())
    }

    /// As a fraction of one.
    #[must_use]
    pub fn fraction(self) -> Decimal {
        self.0
    }

    /// Reads `digits[.digits]` from the bytes of an X12 element.
    pub fn parse_bytes(text: &[u8]) -> Result<Percent, PercentError> {
        let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
        let points = text.iter().filter(|&&byte| byte == b'.').count();
        if digits + points != text.len() || points > 1 || digits == 0 || digits > DIGITS_MAX {
            return Err(PercentError);
        }
        let text = std::str::from_utf8(text).map_err(|_| PercentError)?;
        Decimal::from_str(text).map(|fraction| Percent(fraction.normalize())).map_err(|_| PercentError)
    }

    /// As X12 writes it: `0.2`.
    #[must_use]
    pub fn to_x12(self) -> String {
        self.0.to_string()
    }
}

impl FromStr for Percent {
    type Err = PercentError;

    /// From the fraction of one, as [`Percent::to_x12`] gives it.
    fn from_str(text: &str) -> Result<Percent, PercentError> {
        Percent::parse_bytes(text.as_bytes())
    }
}

/// For people: `20%`.
impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}%", (self.0 * Decimal::ONE_HUNDRED).normalize()))
    }
}

/// The fraction as a string, as money is.
impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Percent, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_a_fraction_on_the_wire_and_a_percentage_for_people() {
        for (text, x12, shown) in
            [("0.2", "0.2", "20%"), (".20", "0.2", "20%"), ("1", "1", "100%"), ("0", "0", "0%"), (".125", "0.125", "12.5%")]
        {
            let share: Percent = text.parse().unwrap();
            assert_eq!((share.to_x12().as_str(), share.to_string().as_str()), (x12, shown));
        }
        assert_eq!(Percent::of_hundred(20), "0.20".parse().unwrap());
    }

    #[test]
    fn texts_that_are_no_share_are_refused() {
        for text in ["", ".", "-0.2", "20%", "0.2.1", "1e2", "0,2", "12345678901", "0_2"] {
            assert_eq!(text.parse::<Percent>(), Err(PercentError), "{text}");
        }
    }
}
