//! A copy of a file in which nobody can be recognised, and which still reads, validates and balances.
//!
//! Names, addresses, identifiers, telephone numbers, claim numbers and free text are replaced, the same value by the same replacement
//! throughout (a child keeps one name, a claim and its remittance one number, also across files masked with one key). Dates move by a
//! number of days that is the patient's: birth, service and decision together, so that ages stay. Codes, amounts, counts, control numbers,
//! delimiters and line ends stay as they are. What the rules of [`class`](mod@class) don't know is replaced.
//!
//! This is no proof of anonymity: diagnoses, amounts and the pattern of visits stay, and a rare one may tell a lot.

pub mod class;
mod replace;

use std::io::Read;

use self::class::{Class, class};
use self::replace::{Draw, replace, shifted};
use super::envelope::isa_element;
use super::guide;
use super::roundtrip::{Piece, Pieces};
use super::segment::Segment;
use super::{Delimiters, EdiError, Event, TransactionSet};

/// A keyed hash of a value within a domain: whoever lacks the key can neither undo a replacement nor try values against it.
pub type Keyed<'a> = dyn Fn(&str, &[u8]) -> [u8; 32] + 'a;

/// A piece of a masked file.
#[derive(Default)]
pub struct Masked {
    /// The piece. All of them in their order are the file.
    pub bytes: Vec<u8>,
    /// How many values of it were replaced or moved.
    pub replaced: u64,
}

/// The longest a payment lies after its services and still looks like one: patients' dates move by up to this many days more than others,
/// always into the past, so that a service never follows its payment.
const PATIENT_DAYS: u32 = 91;

/// All dates of a file move into the past by at least so many days, and by at most three times as many.
const FILE_DAYS: u32 = 364;

/// Masks a file, one envelope segment or transaction set at a time. An error is the last item.
pub fn mask<'a, R: Read + 'a>(source: R, keyed: &'a Keyed<'a>) -> impl Iterator<Item = Result<Masked, EdiError>> + 'a {
    let mut draw = Draw::of(keyed, "days", b"");
    let days = -i64::from(FILE_DAYS + draw.below(2 * FILE_DAYS));
    let mut masker =
        Masker { keyed, days, delimiters: Delimiters::default(), line_end: None, lacks_line_end: false, masked: Masked::default() };
    Pieces::unwrapped(source).flat_map(move |mut piece| {
        let error = piece.error.take();
        let masked = masker.piece(&piece);
        std::iter::once(Ok(masked)).chain(error.map(Err))
    })
}

/// NM101 of the person whom a loop is about: patient, subscriber, dependent. The first in a loop counts.
const PATIENTS: &[&str] = &["QC", "IL", "03"];

/// The parts between separators; the whole where there is no such separator.
fn split(bytes: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    bytes.split(move |&byte| byte == separator && separator != 0)
}

struct Masker<'a> {
    keyed: &'a Keyed<'a>,
    /// By how much dates of the file itself move.
    days: i64,
    delimiters: Delimiters,
    /// What follows a terminator in this interchange; none before it was seen what follows the ISA.
    line_end: Option<Vec<u8>>,
    /// Whether the segment written last lacks its line end: the last of a file has one only if it had one.
    lacks_line_end: bool,
    /// The piece at hand.
    masked: Masked,
}

impl Masker<'_> {
    fn piece(&mut self, piece: &Piece) -> Masked {
        let line_end = self.line_end.get_or_insert_with(|| piece.line_end().to_vec());
        let ends_line = piece.bytes.ends_with(line_end);
        for event in &piece.events {
            match event {
                Event::Interchange(_) => {
                    self.delimiters = piece.delimiters;
                    piece.envelope().iter().for_each(|isa| self.interchange(isa));
                    self.line_end = None;
                }
                Event::Group(_) | Event::GroupEnd(_) | Event::InterchangeEnd(_) => {
                    piece.envelope().iter().for_each(|segment| self.segment(segment, self.days));
                }
                Event::Transaction(set) => self.set(set),
                Event::InterchangeAck(segment) => self.segment(&segment.as_segment(), self.days),
                // What stands outside of transaction sets has no place in a copy.
                Event::Finding(_) => {}
            }
        }
        if self.masked.bytes.is_empty() && ends_line {
            self.end_line();
        }
        std::mem::take(&mut self.masked)
    }

    fn end_line(&mut self) {
        if std::mem::take(&mut self.lacks_line_end) {
            self.masked.bytes.extend_from_slice(self.line_end.as_deref().unwrap_or_default());
        }
    }

    fn end(&mut self) {
        self.masked.bytes.push(self.delimiters.terminator);
        self.lacks_line_end = true;
    }

    /// ISA: fixed widths; passwords become blanks.
    fn interchange(&mut self, segment: &Segment<'_>) {
        self.end_line();
        self.masked.bytes.extend_from_slice(b"ISA");
        for n in 1..=16 {
            let value = isa_element(segment.raw(), n);
            self.masked.bytes.push(self.delimiters.element);
            let new = match n {
                2 | 4 => vec![b' '; value.len()],
                6 | 8 => {
                    self.masked.replaced += 1;
                    let mut id = replace(value.trim_ascii_end(), Class::Number, value.len(), 0, self.keyed);
                    id.resize(value.len(), b' ');
                    id
                }
                9 => shifted(value, self.days).unwrap_or_else(|| value.to_vec()),
                _ => value.to_vec(),
            };
            self.masked.bytes.extend_from_slice(&new);
        }
        self.end();
    }

    fn set(&mut self, set: &TransactionSet) {
        let days = self.days_by_segment(set);
        for (segment, days) in set.segments().zip(days) {
            self.segment(&segment, days);
        }
    }

    /// By how much the dates of each segment move: those about a patient by the patient's days, all others by the file's.
    fn days_by_segment(&self, set: &TransactionSet) -> Vec<i64> {
        let ends_claim: &[&str] = if set.kind() == "835" { &["CLP", "LX", "PLB", "SE"] } else { &["HL", "SE"] };
        let (mut all, mut waiting, mut person) = (Vec::new(), 0, None);
        for segment in set.segments() {
            if ends_claim.contains(&segment.id()) {
                all.extend(std::iter::repeat_n(person.take().unwrap_or(self.days), waiting));
                waiting = 0;
            }
            if person.is_none() && segment.id() == "NM1" && PATIENTS.contains(&&*segment.text(1)) {
                let name = [3, 4].map(|n| segment.bytes(n).trim_ascii().to_ascii_uppercase());
                person = Some(self.days - self.days_of(&name.join(&b'*')));
            }
            waiting += 1;
        }
        all.extend(std::iter::repeat_n(person.unwrap_or(self.days), waiting));
        all
    }

    /// How many days more the dates of a patient move.
    fn days_of(&self, person: &[u8]) -> i64 {
        i64::from(Draw::of(self.keyed, "patient", person).below(PATIENT_DAYS + 1))
    }

    fn segment(&mut self, segment: &Segment<'_>, days: i64) {
        self.end_line();
        self.masked.bytes.extend_from_slice(segment.position().segment_id.as_str().as_bytes());
        let spec = guide::segment(segment.id());
        for n in 1..=segment.elements() {
            self.masked.bytes.push(self.delimiters.element);
            let element = spec.and_then(|spec| spec.element(n));
            for (nth, repetition) in split(segment.bytes(n), self.delimiters.repetition).enumerate() {
                if nth > 0 {
                    self.masked.bytes.push(self.delimiters.repetition);
                }
                for (c, value) in (1..).zip(split(repetition, self.delimiters.component)) {
                    if c > 1 {
                        self.masked.bytes.push(self.delimiters.component);
                    }
                    let part = element.map(|element| element.components().get(c - 1).unwrap_or(element));
                    let max = part.map_or(value.len(), |part| part.max.into());
                    self.value(value, class(segment, n, c, value), max, days);
                }
            }
        }
        self.end();
    }

    fn value(&mut self, value: &[u8], class: Class, max: usize, days: i64) {
        let new = replace(value, class, max, days, self.keyed);
        self.masked.replaced += u64::from(new != value);
        self.masked.bytes.extend_from_slice(&new);
    }
}

#[cfg(test)]
mod tests;
