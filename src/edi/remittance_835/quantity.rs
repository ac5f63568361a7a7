//! Units of service: exact, with up to three decimals (domain.md 1.1).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A quantity in thousandths: `1` is 1000, `2.5` is 2500; may be negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(i64);

/// The text is no decimal number with at most three decimals and twelve digits before the point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a quantity of at most three decimals")]
pub struct QuantityError;

/// Digits before the point that are read. X12 allows eight in all; twelve keep every sum of a million quantities inside an `i64`.
const WHOLE_DIGITS_MAX: usize = 12;

/// Thousandths in one.
const SCALE: i64 = 1000;

impl Quantity {
    /// One unit: what an absent SVC05 means.
    pub const ONE: Quantity = Quantity(SCALE);

    /// Whole units.
    #[must_use]
    pub fn whole(units: u32) -> Quantity {
        Quantity(i64::from(units) * SCALE)
    }

    /// The units, when there is no fraction and no minus.
    #[must_use]
    pub fn as_whole(self) -> Option<u32> {
        (self.0 % SCALE == 0).then(|| u32::try_from(self.0 / SCALE).ok()).flatten()
    }

    /// The quantity in thousandths.
    #[must_use]
    pub fn thousandths(self) -> i64 {
        self.0
    }

    /// Reads `[-]digits[.digits]` from the bytes of an X12 element.
    pub fn parse_bytes(text: &[u8]) -> Result<Quantity, QuantityError> {
        let (negative, text) = match text {
            [b'-', rest @ ..] => (true, rest),
            rest => (false, rest),
        };
        let (whole, fraction) = match text.iter().position(|&b| b == b'.') {
            Some(point) => (&text[..point], &text[point + 1..]),
            None => (text, &[][..]),
        };
        let zeros = fraction.iter().rev().take_while(|&&b| b == b'0').count();
        let kept = &fraction[..fraction.len() - zeros];
        let digits = whole.iter().chain(fraction);
        if whole.len() + fraction.len() == 0 || !digits.clone().all(u8::is_ascii_digit) || whole.len() > WHOLE_DIGITS_MAX || kept.len() > 3
        {
            return Err(QuantityError);
        }
        let thousandths = whole.iter().chain(kept).fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0')) * [1000, 100, 10, 1][kept.len()];
        Ok(Quantity(if negative { -thousandths } else { thousandths }))
    }
}

impl FromStr for Quantity {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Quantity, QuantityError> {
        Quantity::parse_bytes(text.as_bytes())
    }
}

/// As X12 writes it: no trailing zeros, no point without decimals.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, thousandths) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        let (whole, fraction) = (thousandths / 1000, thousandths % 1000);
        if fraction == 0 { write!(f, "{sign}{whole}") } else { f.write_str(format!("{sign}{whole}.{fraction:03}").trim_end_matches('0')) }
    }
}

/// As a string, as money is.
impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Quantity, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_print_as_x12_writes_them() {
        for (text, x12) in
            [("1", "1"), ("2.50", "2.5"), ("0.125", "0.125"), ("-3", "-3"), (".5", "0.5"), ("10.000", "10"), ("-0.25", "-0.25")]
        {
            assert_eq!(text.parse::<Quantity>().unwrap().to_string(), x12);
        }
    }

    #[test]
    fn texts_that_are_no_quantity_are_refused() {
        for text in ["", "-", ".", "1.2345", "1,0", "1e3", "1.2.3", "1234567890123"] {
            assert_eq!(text.parse::<Quantity>(), Err(QuantityError), "{text}");
        }
    }

    #[test]
    fn whole_units_have_no_fraction() {
        assert_eq!(Quantity::whole(3).as_whole(), Some(3));
        assert_eq!("2.5".parse::<Quantity>().unwrap().as_whole(), None);
        assert_eq!("-1".parse::<Quantity>().unwrap().as_whole(), None);
    }
}
