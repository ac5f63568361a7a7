//! One segment, as slices of the file: nothing is copied until a value is asked for.

use std::borrow::Cow;

use jiff::civil::Date;
use memchr::{memchr, memchr_iter};

use super::charset;
use super::position::{EdiError, EdiErrorKind, Position, SegmentId};
use super::scan::{NOTED, separators};
use crate::platform::money::Money;

/// The four bytes that cut a file into pieces. Read from the ISA segment, never assumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Delimiters {
    /// Between elements (ISA byte 4).
    pub element: u8,
    /// Between components of an element (ISA16).
    pub component: u8,
    /// Between repetitions of an element (ISA11); 0 when the interchange declares none, as versions before 00402 do.
    pub repetition: u8,
    /// After each segment (ISA byte 106).
    pub terminator: u8,
}

/// What we write: `* : ^ ~`.
impl Default for Delimiters {
    fn default() -> Delimiters {
        Delimiters { element: b'*', component: b':', repetition: b'^', terminator: b'~' }
    }
}

impl Delimiters {
    /// Whether a byte is one of the four.
    #[must_use]
    pub fn contains(self, byte: u8) -> bool {
        byte == self.element || byte == self.component || byte == self.terminator || (byte == self.repetition && byte != 0)
    }
}

/// One segment of a file. Elements are numbered from 1 as in the guides (`CLP03` is element 3 of `CLP`); what is absent reads as empty.
#[derive(Clone, Copy)]
pub struct Segment<'a> {
    raw: &'a [u8],
    /// Where in the first bytes the element separators stand.
    separators: u64,
    delimiters: Delimiters,
    byte: u64,
    number: u32,
}

impl<'a> Segment<'a> {
    /// A segment from its bytes without terminator, its offset in the file and its number in the file (from 1).
    #[must_use]
    pub fn new(raw: &'a [u8], delimiters: Delimiters, byte: u64, number: u32) -> Segment<'a> {
        Segment { raw, separators: separators(raw, delimiters.element), delimiters, byte, number }
    }

    /// The same where the separators are known.
    #[inline]
    pub(super) fn scanned(raw: &'a [u8], separators: u64, delimiters: Delimiters, byte: u64, number: u32) -> Segment<'a> {
        Segment { raw, separators, delimiters, byte, number }
    }

    /// The identifier: `CLP`. Empty when it is not text.
    #[must_use]
    #[inline]
    pub fn id(&self) -> &'a str {
        std::str::from_utf8(self.id_bytes()).unwrap_or_default()
    }

    /// The identifier as it came.
    #[must_use]
    #[inline]
    pub fn id_bytes(&self) -> &'a [u8] {
        // Identifiers are short: one whose separator is not noted is none.
        &self.raw[..self.raw.len().min(self.separators.trailing_zeros() as usize)]
    }

    /// Number of elements, the identifier not counted.
    #[must_use]
    #[inline]
    pub fn elements(&self) -> usize {
        self.separators.count_ones() as usize + memchr_iter(self.delimiters.element, self.beyond()).count()
    }

    /// Where the element separators stand, one after another.
    #[inline]
    fn separator(&self) -> Separators<'a> {
        Separators { noted: self.separators, beyond: self.beyond(), at: NOTED, element: self.delimiters.element }
    }

    /// The bytes whose separators are not noted.
    #[inline]
    fn beyond(&self) -> &'a [u8] {
        self.raw.get(NOTED..).unwrap_or_default()
    }

    /// All bytes of the segment, without its terminator.
    #[must_use]
    pub fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// The delimiters of its interchange.
    #[must_use]
    pub fn delimiters(&self) -> Delimiters {
        self.delimiters
    }

    /// Number of this segment in its file, from 1.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Where the segment is.
    #[must_use]
    pub fn position(&self) -> Position {
        Position::of_segment(self.byte, self.number, SegmentId::new(self.id_bytes()))
    }

    /// Where one of its elements is.
    #[must_use]
    pub fn at(&self, element: usize) -> Position {
        self.position().element(element)
    }

    /// The bytes of element `n`; empty when absent.
    #[must_use]
    #[inline]
    pub fn bytes(&self, n: usize) -> &'a [u8] {
        let mut separators = self.separator();
        let begin = match n {
            0 => 0,
            n => match separators.nth(n - 1) {
                Some(separator) => separator + 1,
                None => return &[],
            },
        };
        &self.raw[begin..separators.next().unwrap_or(self.raw.len())]
    }

    /// The bytes of all elements from the first on.
    #[inline]
    pub fn values(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let (raw, mut separators) = (self.raw, self.separator());
        let mut next = separators.next();
        std::iter::from_fn(move || {
            let begin = next? + 1;
            next = separators.next();
            Some(&raw[begin..next.unwrap_or(raw.len())])
        })
    }

    /// The bytes of elements 1 to `N` in one pass: what a reader of many elements of one segment uses.
    #[must_use]
    #[inline]
    pub fn fields<const N: usize>(&self) -> [&'a [u8]; N] {
        self.fields_and_more().0
    }

    /// The same, and whether elements follow that are not empty.
    #[must_use]
    #[inline]
    pub fn fields_and_more<const N: usize>(&self) -> ([&'a [u8]; N], bool) {
        if self.raw.len() > NOTED {
            return self.fields_and_more_of_long();
        }
        let (raw, mut noted) = (self.raw, self.separators);
        let mut fields = [&[][..]; N];
        for field in &mut fields {
            if noted == 0 {
                return (fields, false);
            }
            let begin = noted.trailing_zeros() as usize + 1;
            noted &= noted - 1;
            // Of no separator the count of zeros is all 64, and no segment here is longer.
            *field = &raw[begin..raw.len().min(noted.trailing_zeros() as usize)];
        }
        let rest = &raw[raw.len().min(noted.trailing_zeros() as usize)..];
        (fields, rest.iter().any(|&byte| byte != self.delimiters.element))
    }

    #[cold]
    fn fields_and_more_of_long<const N: usize>(&self) -> ([&'a [u8]; N], bool) {
        let mut values = self.values();
        let fields = std::array::from_fn(|_| values.next().unwrap_or_default());
        (fields, values.any(|value| !value.is_empty()))
    }

    /// Element `n` as text, in the characters of [`charset::decode`]. Spaces are kept.
    #[must_use]
    pub fn text(&self, n: usize) -> Cow<'a, str> {
        charset::decode(self.bytes(n))
    }

    /// Element `n` as owned text; none when empty.
    #[must_use]
    pub fn opt(&self, n: usize) -> Option<String> {
        Some(self.text(n).into_owned()).filter(|text| !text.is_empty())
    }

    /// Component `c` (from 1) of element `n`; empty when absent.
    #[must_use]
    pub fn component(&self, n: usize, c: usize) -> &'a [u8] {
        self.components(n).nth(c.saturating_sub(1)).unwrap_or_default()
    }

    /// Component `c` (from 1) of element `n` as owned text; none when empty.
    #[must_use]
    pub fn component_opt(&self, n: usize, c: usize) -> Option<String> {
        Some(charset::decode(self.component(n, c)).into_owned()).filter(|text| !text.is_empty())
    }

    /// The components of element `n`; one empty component when the element is absent.
    pub fn components(&self, n: usize) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let separator = self.delimiters.component;
        self.bytes(n).split(move |&byte| byte == separator)
    }

    /// Element `n` as money; none when empty.
    pub fn money(&self, n: usize) -> Result<Option<Money>, EdiError> {
        match self.bytes(n) {
            [] => Ok(None),
            text => Money::parse_bytes(text).map(Some).map_err(|e| self.error(n, EdiErrorKind::Money(e))),
        }
    }

    /// Element `n` as a date `CCYYMMDD`; none when empty.
    pub fn date8(&self, n: usize) -> Result<Option<Date>, EdiError> {
        match self.bytes(n) {
            [] => Ok(None),
            text => parse_date8(text).map(Some).ok_or_else(|| self.error(n, EdiErrorKind::Date)),
        }
    }

    /// Element `n` as a whole number of up to 18 digits; none when empty.
    pub fn int(&self, n: usize) -> Result<Option<u64>, EdiError> {
        match self.bytes(n) {
            [] => Ok(None),
            text => parse_int(text).map(Some).ok_or_else(|| self.error(n, EdiErrorKind::Number)),
        }
    }

    fn error(&self, n: usize, kind: EdiErrorKind) -> EdiError {
        EdiError { kind, position: self.at(n) }
    }
}

/// The places of the element separators of one segment.
struct Separators<'a> {
    noted: u64,
    beyond: &'a [u8],
    at: usize,
    element: u8,
}

impl Iterator for Separators<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        if self.noted != 0 {
            let lowest = self.noted.trailing_zeros() as usize;
            self.noted &= self.noted - 1;
            return Some(lowest);
        }
        if self.beyond.is_empty() { None } else { self.next_beyond() }
    }
}

impl Separators<'_> {
    #[cold]
    fn next_beyond(&mut self) -> Option<usize> {
        let found = memchr(self.element, self.beyond)?;
        let separator = self.at + found;
        self.beyond = &self.beyond[found + 1..];
        self.at = separator + 1;
        Some(separator)
    }
}

/// Shows identifier and place only: elements may be PHI.
impl std::fmt::Debug for Segment<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Segment({})", self.position())
    }
}

/// A date from `CCYYMMDD`. All eight digits are looked at as one word: a remittance has a date for each of its lines.
#[must_use]
#[inline]
pub fn parse_date8(text: &[u8]) -> Option<Date> {
    let digits = u64::from_le_bytes(text.try_into().ok()?) ^ 0x3030_3030_3030_3030;
    // Beside what is beyond ASCII, the bytes that carry into their highest bit are those above nine.
    if (digits | digits.wrapping_add(0x7676_7676_7676_7676)) & 0x8080_8080_8080_8080 != 0 {
        return None;
    }
    let [century, _, year, _, month, _, day, _] = (digits * 10 + (digits >> 8)).to_le_bytes();
    Date::new(i16::from(century) * 100 + i16::from(year), month as i8, day as i8).ok()
}

/// A whole number of 1 to 18 digits, without sign (X12 type N0 as the guides use it).
#[must_use]
pub fn parse_int(text: &[u8]) -> Option<u64> {
    if text.is_empty() || text.len() > 18 {
        return None;
    }
    text.iter().try_fold(0_u64, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u64::from(byte - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn segment(text: &str) -> Segment<'_> {
        Segment::new(text.as_bytes(), Delimiters::default(), 0, 1)
    }

    #[test]
    fn elements_are_numbered_as_in_the_guides() {
        let clm = segment("CLM*C26000123*960***11:B:1*Y");
        assert_eq!((clm.id(), clm.elements()), ("CLM", 6));
        assert_eq!((clm.bytes(1), clm.bytes(3), clm.bytes(6), clm.bytes(7)), (&b"C26000123"[..], &b""[..], &b"Y"[..], &b""[..]));
        assert_eq!((clm.component(5, 1), clm.component(5, 3), clm.component(5, 4)), (&b"11"[..], &b"1"[..], &b""[..]));
        assert_eq!(clm.fields::<8>(), std::array::from_fn::<_, 8, _>(|i| clm.bytes(i + 1)));
        assert_eq!(clm.money(2).unwrap().unwrap().cents(), 96_000);
        assert_eq!(clm.opt(3), None);
    }

    #[test]
    fn segments_of_any_length_have_all_their_elements() {
        for length in 0..40 {
            let text = format!("CAS*{}", (0..length).map(|n| n.to_string()).collect::<Vec<_>>().join("*"));
            let cas = segment(&text);
            assert_eq!((cas.elements(), cas.values().count()), (length.max(1), length.max(1)));
            assert!(cas.values().enumerate().all(|(n, value)| value == cas.bytes(n + 1)));
            let fields = cas.fields::<41>();
            for n in 1..=41 {
                let value = if n <= length { (n - 1).to_string() } else { String::new() };
                assert_eq!((cas.bytes(n), fields[n - 1]), (value.as_bytes(), value.as_bytes()), "{n} of {length}");
            }
        }
    }

    #[test]
    fn a_segment_without_elements_reads_as_empty() {
        let bare = segment("SE");
        assert_eq!((bare.id(), bare.elements(), bare.bytes(1), bare.fields::<2>()), ("SE", 0, &b""[..], [&b""[..]; 2]));
    }

    #[test]
    fn dates_need_eight_digits_and_a_calendar() {
        assert_eq!(parse_date8(b"20260228"), Some(date(2026, 2, 28)));
        assert_eq!(parse_date8(b"99991231"), Some(date(9999, 12, 31)));
        for text in [
            &b"20260229"[..],
            b"2026/228",
            b"2026:228",
            b"202602\xb28",
            b"2026021\xff",
            b"2026022",
            b"202602281",
            b"2026-2-1",
            b"20261301",
            b"        ",
        ] {
            assert_eq!(parse_date8(text), None);
        }
    }

    #[test]
    fn numbers_are_digits_and_nothing_else() {
        assert_eq!(parse_int(b"007"), Some(7));
        for text in [&b""[..], b"-7", b"+7", b"7.0", b"1234567890123456789"] {
            assert_eq!(parse_int(text), None);
        }
    }

    #[test]
    fn an_error_names_the_element_and_not_its_value() {
        let error = segment("CLP*RIVERA*1*12x").money(3).unwrap_err();
        assert_eq!(error.to_string(), "segment 1 (CLP) element 3 at byte 0: the amount not a decimal amount");
    }
}
