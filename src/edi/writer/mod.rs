//! Typed values become segments. The writer owns delimiters, counts and the character set; what may not be written is collected as an
//! error with its place, so that one pass reports everything.

use jiff::civil::{Date, DateTime};

use super::charset;
use super::envelope::Envelope;
use super::position::{Position, SegmentId};
use super::remittance_835::Quantity;
use super::segment::Delimiters;
use super::shortage;
use crate::platform::money::Money;

/// Why a value can't be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteErrorKind {
    /// The value holds a delimiter (RFI 1815).
    #[error("holds a delimiter")]
    Delimiter,
    /// The value holds a character outside printable ASCII (domain.md 1.1).
    #[error("holds a character that X12 can't carry")]
    Character,
    /// The value is longer than the element; identifiers and names are never cut (domain.md 1.1).
    #[error("is longer than {0} characters")]
    TooLong(usize),
    /// The value is shorter than the element lets it be; told by a strict writer only.
    #[error("is shorter than {0} characters")]
    TooShort(usize),
    /// The segment says nothing without the value; told by a strict writer only.
    #[error("is missing")]
    Missing,
    /// Money beyond 99,999,999.99 (RFI 2164).
    #[error("is an amount of more than ten digits")]
    Amount,
    /// A control number does not fit into its element.
    #[error("is a control number of more than nine digits, or zero")]
    ControlNumber,
    /// The segment opens a loop and has no value: it can't stand, and without it the loop would belong to what comes before.
    #[error("opens a loop and says nothing")]
    Empty,
}

/// One value that can't be written, and where it would stand. Carries no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{position}: {kind}")]
pub struct WriteError {
    /// What is wrong.
    pub kind: WriteErrorKind,
    /// Where it would stand in the file.
    pub position: Position,
    /// In which loop, where the writer of the transaction says so.
    pub place: Place,
}

/// A loop that is being written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Its identifier in the guide (`2010BA`); empty where nobody said.
    pub loop_id: &'static str,
    /// Which of several of its kind, from 1; 0 where there is one only.
    pub number: u32,
}

/// What a byte is in a value that is written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// May stand in a name as we write it.
    Normal,
    /// May stand in a value: lower case.
    Writable,
    /// May not: a delimiter, or outside printable ASCII.
    Refused,
}

fn kind(byte: u8, delimiters: Delimiters) -> Kind {
    match byte {
        _ if delimiters.contains(byte) => Kind::Refused,
        b'a'..=b'z' => Kind::Writable,
        b' '..=b'~' => Kind::Normal,
        _ => Kind::Refused,
    }
}

/// Builds an interchange, or one transaction set, segment by segment.
pub struct SegmentWriter {
    bytes: Vec<u8>,
    delimiters: Delimiters,
    /// What each byte is in a value.
    kinds: [Kind; 256],
    segments: u32,
    open_set: Option<(u32, String)>,
    sets: u32,
    open_group: Option<u32>,
    groups: u32,
    place: Place,
    is_strict: bool,
    errors: Vec<WriteError>,
}

impl SegmentWriter {
    /// An empty file with these delimiters.
    #[must_use]
    pub fn new(delimiters: Delimiters) -> SegmentWriter {
        SegmentWriter {
            bytes: Vec::new(),
            delimiters,
            kinds: std::array::from_fn(|byte| kind(byte as u8, delimiters)),
            segments: 0,
            open_set: None,
            sets: 0,
            open_group: None,
            groups: 0,
            place: Place::default(),
            is_strict: false,
            errors: Vec::new(),
        }
    }

    /// The same writer, which also refuses values that are shorter than their element or missing.
    #[must_use]
    pub fn strict(self) -> SegmentWriter {
        SegmentWriter { is_strict: true, ..self }
    }

    /// Says which loop the segments from here on belong to; `number` is 0 for a loop that is the only one of its kind.
    #[inline]
    pub fn enter(&mut self, loop_id: &'static str, number: u32) {
        self.place = Place { loop_id, number };
    }

    /// Begins a segment; nothing is complete until [`SegmentBuilder::end`].
    pub fn segment(&mut self, id: &'static str) -> SegmentBuilder<'_> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(id.as_bytes());
        SegmentBuilder { writer: self, start, id, element: 0 }
    }

    /// Segments written so far: the next one has this number plus one in the file.
    #[must_use]
    pub fn segments(&self) -> u32 {
        self.segments
    }

    /// Writes ST. `version` is ST03, which the 835 leaves out.
    pub fn begin_transaction(&mut self, kind: &str, control_number: &str, version: Option<&str>) {
        self.open_set = Some((self.segments, control_number.to_owned()));
        self.sets += 1;
        self.segment("ST").el(kind).el_max(control_number, 9).opt(version).end();
    }

    /// Writes SE with the count of segments since [`SegmentWriter::begin_transaction`] and the same control number.
    pub fn end_transaction(&mut self) {
        if let Some((before, control_number)) = self.open_set.take() {
            let count = self.segments - before + 1;
            self.segment("SE").int(u64::from(count)).el_max(&control_number, 9).end();
        }
    }

    /// Writes GS: `functional_id` is GS01 (`HC` claims, `HP` remittances, `FA` 999, `HN` 277CA), `version` GS08.
    pub fn begin_group(&mut self, envelope: &Envelope, functional_id: &str, version: &str) {
        self.groups += 1;
        self.open_group = Some(envelope.group_control_number);
        self.sets = 0;
        self.segment("GS")
            .el(functional_id)
            .el_max(&envelope.application_sender, 15)
            .el_max(&envelope.application_receiver, 15)
            .date8(envelope.written_at.date())
            .time4(envelope.written_at)
            .control_number(envelope.group_control_number)
            .el("X")
            .el(version)
            .end();
    }

    /// Writes GE with the count of transaction sets since [`SegmentWriter::begin_group`] and the same control number.
    pub fn end_group(&mut self) {
        if let Some(control_number) = self.open_group.take() {
            let sets = u64::from(self.sets);
            self.segment("GE").int(sets).control_number(control_number).end();
        }
    }

    /// Groups written so far, for IEA01.
    #[must_use]
    pub fn groups(&self) -> u32 {
        self.groups
    }

    /// The bytes, or everything that could not be written.
    pub fn finish(self) -> Result<Vec<u8>, Vec<WriteError>> {
        if self.errors.is_empty() { Ok(self.bytes) } else { Err(self.errors) }
    }
}

/// One segment being written. Each method fills the next element; trailing empty elements and components vanish at the end.
#[must_use = "a segment is complete at `end`"]
pub struct SegmentBuilder<'w> {
    writer: &'w mut SegmentWriter,
    start: usize,
    id: &'static str,
    element: usize,
}

impl SegmentBuilder<'_> {
    /// An identifier or code, as it is. Empty text is an empty element.
    #[inline]
    pub fn el(self, value: &str) -> Self {
        self.el_max(value, usize::MAX)
    }

    /// An identifier or code of at most `max` characters.
    #[inline]
    pub fn el_max(mut self, value: &str, max: usize) -> Self {
        self.next();
        self.push(value, max, None);
        self
    }

    /// An optional identifier or code.
    #[inline]
    pub fn opt(self, value: Option<&str>) -> Self {
        self.el(value.unwrap_or_default())
    }

    /// An optional identifier or code of at most `max` characters.
    pub fn opt_max(self, value: Option<&str>, max: usize) -> Self {
        self.el_max(value.unwrap_or_default(), max)
    }

    /// A name, address or other text of at most `max` characters, in the form of [`charset::normalize`].
    #[inline]
    pub fn text(self, value: &str, max: usize) -> Self {
        if self.is_normal(value) && value.len() <= max {
            return self.normal(value);
        }
        let normal = charset::normalize(value, self.writer.delimiters);
        self.el_max(&normal, max)
    }

    /// Whether a text is surely its own normal form: capitals, digits and marks, single spaces between.
    #[inline]
    fn is_normal(&self, value: &str) -> bool {
        let (mut worst, mut before, mut doubled) = (Kind::Normal, b' ', false);
        for byte in value.bytes() {
            worst = worst.max(self.writer.kinds[usize::from(byte)]);
            doubled |= (byte, before) == (b' ', b' ');
            before = byte;
        }
        worst == Kind::Normal && !doubled && (before != b' ' || value.is_empty())
    }

    #[inline]
    fn normal(mut self, value: &str) -> Self {
        self.next();
        self.writer.bytes.extend_from_slice(value.as_bytes());
        self
    }

    /// An element of the ISA segment: exactly `width` characters, padded with spaces.
    pub(super) fn fixed(self, value: &str, width: usize) -> Self {
        self.el_max(&format!("{value:width$}"), width)
    }

    /// An element of the ISA segment that declares a delimiter.
    pub(super) fn delimiter(mut self, byte: u8) -> Self {
        self.next();
        self.writer.bytes.push(byte);
        self
    }

    /// `count` empty elements.
    #[inline]
    pub fn skip(mut self, count: usize) -> Self {
        for _ in 0..count {
            self.next();
        }
        self
    }

    /// An amount of money.
    #[inline]
    pub fn money(mut self, amount: Money) -> Self {
        self.next();
        if amount.abs() > Money::X12_MAX {
            self.fail(WriteErrorKind::Amount, None);
            // Written all the same: the places of later errors count these bytes.
            self.push(&amount.to_x12(), usize::MAX, None);
        } else {
            write_money(&mut self.writer.bytes, amount.cents());
        }
        self
    }

    /// An optional amount of money.
    pub fn opt_money(self, amount: Option<Money>) -> Self {
        match amount {
            Some(amount) => self.money(amount),
            None => self.skip(1),
        }
    }

    /// A whole number.
    pub fn int(mut self, number: u64) -> Self {
        self.next();
        write_digits(&mut self.writer.bytes, number, 1);
        self
    }

    /// A quantity, or an empty element.
    pub fn quantity(self, quantity: Option<Quantity>) -> Self {
        match quantity {
            None => self.skip(1),
            // Nearly always whole.
            Some(quantity) => match quantity.as_whole() {
                Some(units) => self.int(u64::from(units)),
                None => self.el(&quantity.to_string()),
            },
        }
    }

    /// A control number of 1 to 9 digits without leading zeros (GS06, GE02).
    pub fn control_number(self, number: u32) -> Self {
        let mut written = self.int(u64::from(number));
        if !(1..=999_999_999).contains(&number) {
            written.fail(WriteErrorKind::ControlNumber, None);
        }
        written
    }

    /// A date `CCYYMMDD`.
    pub fn date8(mut self, date: Date) -> Self {
        self.next();
        let (year, month, day) = (date.year().unsigned_abs(), date.month().unsigned_abs(), date.day().unsigned_abs());
        write_digits(&mut self.writer.bytes, u64::from(year) * 10_000 + u64::from(month) * 100 + u64::from(day), 8);
        self
    }

    /// An optional date `CCYYMMDD`.
    pub fn opt_date8(self, date: Option<Date>) -> Self {
        match date {
            Some(date) => self.date8(date),
            None => self.skip(1),
        }
    }

    /// A time of day `HHMM`.
    pub fn time4(mut self, at: DateTime) -> Self {
        self.next();
        write_digits(&mut self.writer.bytes, u64::from(at.hour().unsigned_abs()), 2);
        write_digits(&mut self.writer.bytes, u64::from(at.minute().unsigned_abs()), 2);
        self
    }

    /// A composite of identifiers and codes.
    pub fn composite<S: AsRef<str>>(self, components: &[S]) -> Self {
        let separator = self.writer.delimiters.component;
        self.joined(components.iter().map(|component| (component.as_ref(), usize::MAX)), separator)
    }

    /// A composite of identifiers and codes, each of at most as many characters as stand beside it.
    pub fn composite_max(self, components: &[(&str, usize)]) -> Self {
        let separator = self.writer.delimiters.component;
        self.joined(components.iter().copied(), separator)
    }

    /// An element that repeats: identifiers and codes.
    pub fn repeated<S: AsRef<str>>(self, values: &[S]) -> Self {
        let separator = self.writer.delimiters.repetition;
        self.joined(values.iter().map(|value| (value.as_ref(), usize::MAX)), separator)
    }

    fn joined<'v>(mut self, parts: impl ExactSizeIterator<Item = (&'v str, usize)> + DoubleEndedIterator + Clone, separator: u8) -> Self {
        self.next();
        let filled = parts.clone().rposition(|(part, _)| !part.is_empty()).map_or(0, |last| last + 1);
        for (index, (part, max)) in parts.take(filled).enumerate() {
            if index > 0 {
                self.writer.bytes.push(separator);
            }
            self.push(part, max, Some(index + 1));
        }
        self
    }

    /// A composite of whole numbers.
    pub fn numbers(mut self, numbers: &[u8]) -> Self {
        self.next();
        for (index, number) in numbers.iter().enumerate() {
            if index > 0 {
                let separator = self.writer.delimiters.component;
                self.writer.bytes.push(separator);
            }
            write_digits(&mut self.writer.bytes, u64::from(*number), 1);
        }
        self
    }

    /// Completes a segment that opens a loop: one without a value can't be written.
    pub fn end_opening(mut self) {
        let header = self.start + self.id.len();
        if self.writer.bytes[header..].iter().all(|&byte| byte == self.writer.delimiters.element) {
            self.fail(WriteErrorKind::Empty, None);
        }
        self.end();
    }

    /// Completes the segment. One without a value is not written: X12 has no empty segments.
    #[inline]
    pub fn end(mut self) {
        let Delimiters { element, terminator, .. } = self.writer.delimiters;
        while self.writer.bytes.last() == Some(&element) {
            self.writer.bytes.pop();
        }
        if self.writer.bytes.len() == self.start + self.id.len() {
            self.writer.bytes.truncate(self.start);
            return;
        }
        if self.writer.is_strict {
            self.find_shortages();
        }
        self.writer.bytes.push(terminator);
        self.writer.segments += 1;
    }

    #[inline]
    fn next(&mut self) {
        self.element += 1;
        let separator = self.writer.delimiters.element;
        self.writer.bytes.push(separator);
    }

    #[inline]
    fn push(&mut self, value: &str, max: usize, component: Option<usize>) {
        if value.len() > max && value.chars().count() > max {
            self.fail(WriteErrorKind::TooLong(max), component);
        }
        if self.check(value, component) {
            self.writer.bytes.extend_from_slice(value.as_bytes());
        } else {
            // Never sent; what is asked of the whole segment still finds its elements.
            let kinds = &self.writer.kinds;
            let shown = value.bytes().map(|byte| if kinds[usize::from(byte)] == Kind::Refused { b'?' } else { byte });
            self.writer.bytes.extend(shown);
        }
    }

    /// Whether a value may be written.
    #[inline]
    fn check(&mut self, value: &str, component: Option<usize>) -> bool {
        if value.bytes().all(|byte| self.writer.kinds[usize::from(byte)] != Kind::Refused) {
            return true;
        }
        let delimiters = self.writer.delimiters;
        if value.bytes().any(|byte| delimiters.contains(byte)) {
            self.fail(WriteErrorKind::Delimiter, component);
        }
        if !value.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            self.fail(WriteErrorKind::Character, component);
        }
        false
    }

    fn find_shortages(&mut self) {
        let mut found = Vec::new();
        let segment = &self.writer.bytes[self.start..];
        shortage::check(segment, self.writer.delimiters, &mut |element, kind| found.push((element, kind)));
        for (element, kind) in found {
            self.element = element.into();
            self.fail(kind, None);
        }
    }

    #[cold]
    fn fail(&mut self, kind: WriteErrorKind, component: Option<usize>) {
        let whole = Position::of_segment(self.start as u64, self.writer.segments + 1, SegmentId::new(self.id.as_bytes()));
        let element = whole.element(self.element);
        let position = component.map_or(element, |c| element.component(c));
        self.writer.errors.push(WriteError { kind, position, place: self.writer.place });
    }
}

/// Shows a date as `CCYYMMDD`.
pub struct Date8(pub Date);

impl std::fmt::Display for Date8 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}{:02}{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

/// A number in at least `width` digits, zeros before it. Formatting macros take several times as long, and a claim has fifty numbers.
#[inline]
fn write_digits(bytes: &mut Vec<u8>, mut number: u64, width: usize) {
    if number < 10 && width <= 1 {
        return bytes.push(b'0' + number as u8);
    }
    /// Digits of the largest number.
    const DIGITS_MAX: usize = 20;
    let mut digits = [b'0'; DIGITS_MAX];
    let mut first = DIGITS_MAX;
    while number > 0 {
        first -= 1;
        digits[first] += (number % 10) as u8;
        number /= 10;
    }
    bytes.extend_from_slice(&digits[first.min(DIGITS_MAX - width)..]);
}

/// Cents as an X12 decimal (type R), the same as [`Money::to_x12`].
fn write_money(bytes: &mut Vec<u8>, cents: i64) {
    if cents < 0 {
        bytes.push(b'-');
    }
    let cents = cents.unsigned_abs();
    write_digits(bytes, cents / 100, 1);
    match (cents / 10 % 10, cents % 10) {
        (0, 0) => {}
        (tenths, 0) => bytes.extend_from_slice(&[b'.', b'0' + tenths as u8]),
        (tenths, hundredths) => bytes.extend_from_slice(&[b'.', b'0' + tenths as u8, b'0' + hundredths as u8]),
    }
}

#[cfg(test)]
mod tests;
