//! What is put in the place of a value: always the same for the same value and key, always different from the value, never longer than
//! the element may be, and of a shape that readers and validators take.

use jiff::Span;
use jiff::civil::Date;

use super::Keyed;
use super::class::Class;
use crate::edi::segment::parse_date8;
use crate::platform::ids::Npi;

/// What stands in the place of free text.
const TEXT: &[u8] = b"REMOVED";

/// Syllables of an invented name: a hundred choices each, a million names in all.
const SYLLABLES: usize = 3;

/// The replacement of a value of a class; `max` is the most characters that its element may have.
pub(super) fn replace(value: &[u8], class: Class, max: usize, days: i64, keyed: &Keyed<'_>) -> Vec<u8> {
    let mut draw = Draw::new(keyed, class, value);
    let replaced = match class {
        _ if value.is_empty() => return Vec::new(),
        Class::Plain | Class::Amount => return value.to_vec(),
        Class::Date | Class::LifeDate => return shifted(value, days).unwrap_or_else(|| reshaped(value, &mut draw)),
        Class::PublicNumber | Class::Number if is_npi(value) => npi(&mut draw),
        Class::ClaimNumber | Class::PublicNumber | Class::Number | Class::PostalCode | Class::Contact | Class::Unknown => {
            return reshaped(value, &mut draw);
        }
        Class::PersonName if value.len() == 1 => return reshaped(value, &mut draw),
        Class::PersonName | Class::City => name(&mut draw),
        Class::OrganizationName => [name(&mut draw), name(&mut draw)].join(&b' '),
        Class::Street => [(100 + draw.below(900)).to_string().into_bytes(), name(&mut draw), b"STREET".to_vec()].join(&b' '),
        Class::Text => TEXT.to_vec(),
    };
    replaced[..replaced.len().min(max.max(1))].to_vec()
}

/// Dates moved by some days, with their times; none when one is no date or leaves the calendar.
pub(super) fn shifted(value: &[u8], days: i64) -> Option<Vec<u8>> {
    let parts = value.split(|byte| *byte == b'-').map(|part| {
        let (century, date, time) = match part.len() {
            6 => (&b"20"[..], part, &[][..]),
            8.. => (&[][..], &part[..8], &part[8..]),
            _ => return None,
        };
        let moved: Date = parse_date8(&[century, date].concat())?.checked_add(Span::new().try_days(days).ok()?).ok()?;
        let text = format!("{:04}{:02}{:02}", moved.year(), moved.month(), moved.day());
        Some([&text.as_bytes()[century.len()..], time].concat())
    });
    Some(parts.collect::<Option<Vec<_>>>()?.join(&b'-'))
}

/// Letters become other letters, digits other digits, all else stays: length and pattern of an identifier stay legal, none of its characters
/// does. What is no ASCII becomes `X`.
fn reshaped(value: &[u8], draw: &mut Draw<'_>) -> Vec<u8> {
    let mut turn = |byte: u8, first: u8, count: u8| first + (byte - first + 1 + draw.small(count - 1)) % count;
    let turned = value.iter().map(|&byte| match byte {
        b'0'..=b'9' => turn(byte, b'0', 10),
        b'A'..=b'Z' => turn(byte, b'A', 26),
        b'a'..=b'z' => turn(byte, b'a', 26),
        0x80.. => b'X',
        other => other,
    });
    turned.collect()
}

fn is_npi(value: &[u8]) -> bool {
    std::str::from_utf8(value).is_ok_and(|text| text.parse::<Npi>().is_ok())
}

/// Another NPI whose check digit holds.
fn npi(draw: &mut Draw<'_>) -> Vec<u8> {
    let nine = 100_000_000 + draw.below(100_000_000);
    Npi::from_nine_digits(nine).map_or_else(Vec::new, |npi| npi.to_string().into_bytes())
}

/// `KAROMI`: pronounceable and nobody's.
fn name(draw: &mut Draw<'_>) -> Vec<u8> {
    const CONSONANTS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
    const VOWELS: &[u8; 5] = b"AEIOU";
    (0..SYLLABLES).flat_map(|_| [CONSONANTS[draw.below(20) as usize], VOWELS[draw.below(5) as usize]]).collect()
}

/// Numbers drawn from the keyed hash of a value.
pub(super) struct Draw<'a> {
    keyed: &'a Keyed<'a>,
    seed: [u8; 32],
    at: usize,
}

impl<'a> Draw<'a> {
    /// Identifiers of whatever kind share one domain: a number that stands in two places, or in a claim and its remittance, stays one.
    fn new(keyed: &'a Keyed<'a>, class: Class, value: &[u8]) -> Draw<'a> {
        let domain = match class {
            Class::ClaimNumber | Class::PublicNumber | Class::Number | Class::Unknown => "number",
            Class::PersonName | Class::OrganizationName => "name",
            Class::Street => "street",
            Class::City => "city",
            Class::PostalCode => "postal code",
            Class::Contact => "contact",
            Class::Plain | Class::Amount | Class::Date | Class::LifeDate | Class::Text => "other",
        };
        Draw { keyed, seed: keyed(domain, value), at: 0 }
    }

    /// The numbers of a domain of the caller's.
    pub(super) fn of(keyed: &'a Keyed<'a>, domain: &str, value: &[u8]) -> Draw<'a> {
        Draw { keyed, seed: keyed(domain, value), at: 0 }
    }

    /// [`Draw::below`] in a byte.
    fn small(&mut self, bound: u8) -> u8 {
        u8::try_from(self.below(bound.into())).unwrap_or_default()
    }

    /// A number from 0 up to `bound`, which it never reaches. The bias of the remainder is below one in four million for bounds up to 1000.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        if self.at + 4 > self.seed.len() {
            self.seed = (self.keyed)("next", &self.seed);
            self.at = 0;
        }
        let word = self.seed[self.at..self.at + 4].iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte));
        self.at += 4;
        word % bound.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use sha2::{Digest, Sha256};

    fn hashed(domain: &str, value: &[u8]) -> [u8; 32] {
        Sha256::digest([domain.as_bytes(), b"|", value].concat()).into()
    }

    fn replaced(value: &str, class: Class) -> String {
        String::from_utf8(replace(value.as_bytes(), class, 60, -400, &hashed)).unwrap()
    }

    #[test]
    fn an_npi_becomes_another_npi() {
        let other = replaced("1234567893", Class::Number);
        assert_ne!(other, "1234567893");
        assert!(other.parse::<Npi>().is_ok(), "{other}");
        assert_eq!(replaced("1234567893", Class::Number), other);
    }

    #[test]
    fn dates_move_together_and_keep_their_form() {
        let moved = |text: &str| String::from_utf8(shifted(text.as_bytes(), -31).unwrap()).unwrap();
        assert_eq!((moved("20260131"), moved("20260101-20260131")), ("20251231".to_owned(), "20251201-20251231".to_owned()));
        assert_eq!((moved("202601310930"), moved("260131")), ("202512310930".to_owned(), "251231".to_owned()));
        assert_eq!((shifted(b"20261131", 1), shifted(b"2026", 1), shifted(b"99991231", 1)), (None, None, None));
    }

    #[test]
    fn texts_fit_into_their_elements() {
        assert_eq!(replace(b"Mother is MAYA", Class::Text, 4, 0, &hashed), b"REMO");
        assert_eq!(replaced("J", Class::PersonName).len(), 1);
        assert!(replaced("5 PINE CT", Class::Street).ends_with(" STREET"));
    }

    proptest! {
        #[test]
        fn identifiers_keep_their_shape_and_none_of_their_characters(value in "[A-Za-z0-9 .-]{1,40}") {
            let other = replaced(&value, Class::Unknown);
            prop_assert_eq!(other.len(), value.len());
            for (old, new) in value.chars().zip(other.chars()) {
                let same_kind = old.is_ascii_digit() == new.is_ascii_digit() && old.is_ascii_uppercase() == new.is_ascii_uppercase();
                prop_assert!(same_kind && (old != new) == old.is_ascii_alphanumeric());
            }
        }
    }
}
