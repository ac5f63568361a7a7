//! Bytes of elements become values.

use crate::edi::charset::decode;
use crate::edi::remittance_835::{Code, Procedure};
#[cfg(doc)]
use crate::platform::money::Money;
use crate::platform::phi::Phi;

/// An amount in cents, when it is written as nearly all are: up to eight digits, a point with one or two more, a minus. None of anything
/// else, for the exact rules and reasons of [`Money::parse_bytes`].
#[inline]
pub fn cents(element: &[u8]) -> Option<i64> {
    /// So many digits fit into 32 bits, whatever they are.
    const DIGITS_MAX: usize = 8;
    let (negative, digits) = match element {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    let (whole, decimals) = match digits {
        [whole @ .., b'.', tenths] => (whole, u32::from(tenths.wrapping_sub(b'0')).checked_mul(10).filter(|n| *n < 100)?),
        [whole @ .., b'.', tenths, hundredths] => (whole, number(&[*tenths, *hundredths])?),
        whole => (whole, 0),
    };
    if whole.is_empty() || whole.len() > DIGITS_MAX {
        return None;
    }
    let cents = i64::from(number(whole)?) * 100 + i64::from(decimals);
    Some(if negative { -cents } else { cents })
}

/// Whole units, as nearly all quantities are.
#[inline]
pub fn units(element: &[u8]) -> Option<u32> {
    if element.len() > 8 { None } else { number(element) }
}

/// So few digits that no sum of them overflows; zero when there are none.
#[inline]
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0_u32, |sum, byte| {
        let digit = byte.wrapping_sub(b'0');
        (digit < 10).then(|| sum * 10 + u32::from(digit))
    })
}

/// SVC01 or SVC06; none when empty. Also tells whether every filled component has a place in it.
pub(crate) fn procedure(element: &[u8], component: u8) -> Option<(Procedure, bool)> {
    if element.is_empty() {
        return None;
    }
    let (mut procedure, mut is_whole) = (Procedure::default(), true);
    for (n, part) in element.split(|&byte| byte == component).enumerate().filter(|(_, part)| !part.is_empty()) {
        match n {
            0 => procedure.qualifier = code(part),
            1 => procedure.code = code(part),
            2..=5 => procedure.modifiers.push(code(part)),
            6 => procedure.description = opt(part),
            _ => is_whole = false,
        }
    }
    Some((procedure, is_whole))
}

pub fn text(bytes: &[u8]) -> String {
    decode(bytes).into_owned()
}

pub fn code(bytes: &[u8]) -> Code {
    Code::decode(bytes)
}

pub fn opt_code(bytes: &[u8]) -> Option<Code> {
    (!bytes.is_empty()).then(|| code(bytes))
}

pub fn opt(bytes: &[u8]) -> Option<String> {
    (!bytes.is_empty()).then(|| text(bytes))
}

pub fn phi(bytes: &[u8]) -> Option<Phi<Code>> {
    opt_code(bytes).map(Phi::new)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::platform::money::Money;

    #[test]
    fn amounts_as_most_are_written_are_read_the_short_way() {
        for (text, expected) in
            [("0", 0), ("175", 17_500), ("175.5", 17_550), ("175.05", 17_505), ("-1.25", -125), ("99999999.99", 9_999_999_999)]
        {
            assert_eq!(cents(text.as_bytes()), Some(expected), "{text}");
        }
        for text in ["", "-", ".5", "1.", "1.005", "123456789", "1,0", "+1"] {
            assert_eq!(cents(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_short_way_gives_what_the_long_one_gives(text in "[-+.0-9a]{0,11}") {
            if let Some(cents) = cents(text.as_bytes()) {
                prop_assert_eq!(Money::parse_bytes(text.as_bytes()), Ok(Money::from_cents(cents)));
            }
        }
    }
}
