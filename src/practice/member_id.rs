//! What a payer's member ids look like: a little language for the rule `member_id_pattern`, in place of regular expressions.
//!
//! A pattern is a list of parts, and alternatives are separated by `|`:
//!
//! | part | stands for |
//! |---|---|
//! | `A3` | three letters |
//! | `N9` | nine digits |
//! | `X8-12` | eight to twelve letters or digits |
//! | `=W` | the letter W itself |
//!
//! `=W N9 | N11` are ids of a W with nine digits, or of eleven digits.

use std::fmt;
use std::str::FromStr;

/// Longest member id that NM109 takes, and so the largest count in a pattern.
const MEMBER_ID_MAX: usize = 80;

/// Parts that an alternative may have: patterns of cards have two or three, and matching tries counts part by part.
const PARTS_MAX: usize = 8;

/// A pattern that could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("parts are A, N or X with a count (N9, X8-12) or = with letters or digits, alternatives are separated by |")]
pub struct PatternError;

/// What member ids of a payer look like; [`MemberIdPattern::ANY`] where nothing is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberIdPattern(Vec<Vec<Part>>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Run { kind: Kind, least: usize, most: usize },
    Literal(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Letter,
    Digit,
    Either,
}

impl Kind {
    const ALL: [(Kind, char); 3] = [(Kind::Letter, 'A'), (Kind::Digit, 'N'), (Kind::Either, 'X')];

    fn takes(self, byte: u8) -> bool {
        match self {
            Kind::Letter => byte.is_ascii_uppercase(),
            Kind::Digit => byte.is_ascii_digit(),
            Kind::Either => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
        }
    }
}

impl MemberIdPattern {
    /// Every id fits.
    pub const ANY: MemberIdPattern = MemberIdPattern(Vec::new());

    /// An id that fits, the same for the same seed: for synthetic patients.
    #[must_use]
    pub fn example(&self, seed: u64) -> String {
        let mut rest = seed;
        let mut draw = |among: u64| {
            // A step of a linear congruential generator (Knuth's MMIX constants), of which the high bits are good enough for made-up ids.
            rest = rest.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            u8::try_from((rest >> 33) % among).unwrap_or_default()
        };
        let nine_digits = [Part::Run { kind: Kind::Digit, least: 9, most: 9 }];
        let parts = self.0.first().map_or(nine_digits.as_slice(), Vec::as_slice);
        let mut id = String::new();
        for part in parts {
            match part {
                Part::Literal(text) => id.push_str(text),
                Part::Run { kind: Kind::Letter, least, .. } => (0..*least).for_each(|_| id.push(char::from(b'A' + draw(26)))),
                Part::Run { least, .. } => (0..*least).for_each(|_| id.push(char::from(b'0' + draw(10)))),
            }
        }
        id
    }

    /// Whether a member id fits, as it goes into NM109: spaces and hyphens do not count, small letters are capital (domain.md E009).
    #[must_use]
    pub fn fits(&self, member_id: &str) -> bool {
        let id: Vec<u8> = member_id.bytes().filter(|b| !matches!(b, b' ' | b'-')).map(|b| b.to_ascii_uppercase()).collect();
        self.0.is_empty() || self.0.iter().any(|parts| matches(parts, &id))
    }

    /// A made-up id that fits, for synthetic families: the first alternative at its shortest, nine digits where any id fits. `pick`
    /// chooses one of so many characters.
    #[must_use]
    pub fn made_up(&self, mut pick: impl FnMut(usize) -> usize) -> String {
        const ANY: &[Part] = &[Part::Run { kind: Kind::Digit, least: 9, most: 9 }];
        let mut id = String::new();
        for part in self.0.first().map_or(ANY, Vec::as_slice) {
            match part {
                Part::Literal(text) => id.push_str(text),
                Part::Run { kind, least, .. } => {
                    let characters: Vec<u8> = (b'0'..=b'9').chain(b'A'..=b'Z').filter(|byte| kind.takes(*byte)).collect();
                    id.extend((0..*least).map(|_| char::from(characters[pick(characters.len()) % characters.len()])));
                }
            }
        }
        id
    }
}

fn matches(parts: &[Part], id: &[u8]) -> bool {
    let Some((first, rest)) = parts.split_first() else { return id.is_empty() };
    match first {
        Part::Literal(text) => id.strip_prefix(text.as_bytes()).is_some_and(|tail| matches(rest, tail)),
        Part::Run { kind, least, most } => {
            let run = id.iter().take(*most).take_while(|b| kind.takes(**b)).count();
            (*least..=run).any(|count| matches(rest, &id[count..]))
        }
    }
}

impl FromStr for Part {
    type Err = PatternError;
    fn from_str(text: &str) -> Result<Part, PatternError> {
        if let Some(literal) = text.strip_prefix('=') {
            let shaped = !literal.is_empty() && literal.bytes().all(|b| Kind::Either.takes(b));
            return shaped.then(|| Part::Literal(literal.to_owned())).ok_or(PatternError);
        }
        let (kind, letter) = *Kind::ALL.iter().find(|(_, letter)| text.starts_with(*letter)).ok_or(PatternError)?;
        let counts = &text[letter.len_utf8()..];
        let (least, most) = counts.split_once('-').unwrap_or((counts, counts));
        let number = |text: &str| text.parse::<usize>().ok().filter(|n| (1..=MEMBER_ID_MAX).contains(n)).ok_or(PatternError);
        let (least, most) = (number(least)?, number(most)?);
        if least <= most { Ok(Part::Run { kind, least, most }) } else { Err(PatternError) }
    }
}

impl FromStr for MemberIdPattern {
    type Err = PatternError;
    fn from_str(text: &str) -> Result<MemberIdPattern, PatternError> {
        if text.trim() == "any" {
            return Ok(MemberIdPattern::ANY);
        }
        let alternative = |text: &str| {
            let parts = text.split_whitespace().map(str::parse).collect::<Result<Vec<Part>, _>>()?;
            if (1..=PARTS_MAX).contains(&parts.len()) { Ok(parts) } else { Err(PatternError) }
        };
        text.split('|').map(alternative).collect::<Result<_, _>>().map(MemberIdPattern)
    }
}

impl fmt::Display for MemberIdPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("any");
        }
        let alternatives: Vec<String> =
            self.0.iter().map(|parts| parts.iter().map(Part::to_string).collect::<Vec<_>>().join(" ")).collect();
        f.write_str(&alternatives.join(" | "))
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Part::Literal(text) => write!(f, "={text}"),
            Part::Run { kind, least, most } => {
                let letter = Kind::ALL.iter().find(|(known, _)| known == kind).map_or('X', |(_, letter)| *letter);
                if least == most { write!(f, "{letter}{least}") } else { write!(f, "{letter}{least}-{most}") }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pattern(text: &str) -> MemberIdPattern {
        text.parse().unwrap()
    }

    #[test]
    fn e009_a_member_id_fits_its_payers_pattern_or_does_not() {
        let cards = pattern("A3 X8-12 | =W N9");
        for id in ["ABC12345678", "abc 1234-5678", "XYZ12345678AB1", "W123456789", "w12 345 6789"] {
            assert!(cards.fits(id), "{id}");
        }
        for id in ["", "AB12345678", "W1234567", "ABC1234567", "ABC1234567890123", "ÄBC12345678"] {
            assert!(!cards.fits(id), "{id}");
        }
    }

    #[test]
    fn any_id_fits_where_nothing_is_known() {
        assert!(MemberIdPattern::ANY.fits("") && pattern("any").fits("Ω"));
    }

    #[test]
    fn a_run_gives_back_what_the_next_part_needs() {
        assert!(pattern("X1-80 N2").fits("AB12"));
        assert!(!pattern("X1-80 N2").fits("AB1"));
    }

    #[test]
    fn a_made_up_id_fits_its_pattern() {
        for text in ["any", "=W N9", "A3 X8-14 | N2", "N11"] {
            let mut next = 0;
            let id = pattern(text).made_up(|_| {
                next += 7;
                next
            });
            assert!(id.len() >= 9 && pattern(text).fits(&id), "{text}: {id}");
        }
    }

    #[test]
    fn texts_that_are_no_pattern_are_refused() {
        for text in ["", "|", "N", "N0", "N9-8", "N81", "Q3", "=", "=a", "A1 | ", "N1 N1 N1 N1 N1 N1 N1 N1 N1", "N-3"] {
            assert_eq!(text.parse::<MemberIdPattern>(), Err(PatternError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_pattern_or_an_error_and_a_pattern_reads_back(text in "[ANX=|0-9 -]{0,24}", id in "\\PC{0,30}") {
            if let Ok(pattern) = text.parse::<MemberIdPattern>() {
                let _ = pattern.fits(&id);
                prop_assert_eq!(pattern.to_string().parse::<MemberIdPattern>(), Ok(pattern));
            }
        }
    }

    #[test]
    fn a_made_up_id_fits_its_pattern_and_stays_the_same() {
        for pattern in ["A3 N9", "=W N9", "X8-12 | N9", "N9"] {
            let pattern: MemberIdPattern = pattern.parse().unwrap();
            assert!(pattern.fits(&pattern.example(7)), "{pattern}");
            assert_eq!(pattern.example(7), pattern.example(7));
            assert_ne!(pattern.example(7), pattern.example(8));
        }
        assert_eq!(MemberIdPattern::ANY.example(1).len(), 9);
    }
}
