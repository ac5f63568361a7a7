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

use self::class::{Class, class};
use self::replace::{Draw, replace, shifted};
use super::guide;
use super::segment::Segment;
use super::whole::{line_end, segment_at};
use super::{Delimiters, EdiError, Event, Position, Reader, TransactionSet};

/// A keyed hash of a value within a domain: whoever lacks the key can neither undo a replacement nor try values against it.
pub type Keyed<'a> = dyn Fn(&str, &[u8]) -> [u8; 32] + 'a;

/// A masked file.
pub struct Masked {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many values were replaced or moved.
    pub replaced: u64,
}

/// The longest a payment lies after its services and still looks like one: patients' dates move by up to this many days more than others,
/// always into the past, so that a service never follows its payment.
const PATIENT_DAYS: u32 = 91;

/// All dates of a file move into the past by at least so many days, and by at most three times as many.
const FILE_DAYS: u32 = 364;

/// Masks a file ([`unwrapped`](super::whole::unwrapped)).
pub fn mask(file: &[u8], keyed: &Keyed<'_>) -> Result<Masked, EdiError> {
    let mut draw = Draw::of(keyed, "days", b"");
    let days = -i64::from(FILE_DAYS + draw.below(2 * FILE_DAYS));
    let mut masker =
        Masker { keyed, days, delimiters: Delimiters::default(), line_end: &[], out: Vec::with_capacity(file.len()), replaced: 0 };
    for event in Reader::new(file) {
        match event? {
            Event::Interchange(header) => {
                masker.delimiters = header.delimiters;
                masker.line_end = line_end(file, header.position);
                masker.interchange(file, header.position);
            }
            Event::Group(header) => masker.at(file, header.position),
            Event::Transaction(set) => masker.set(&set),
            Event::InterchangeAck(segment) => masker.segment(&segment.as_segment(), days),
            Event::GroupEnd(trailer) | Event::InterchangeEnd(trailer) => masker.at(file, trailer.position),
            // What stands outside of transaction sets has no place in a copy.
            Event::Finding(_) => {}
        }
    }
    if !file.ends_with(masker.line_end) {
        masker.out.truncate(masker.out.len() - masker.line_end.len());
    }
    Ok(Masked { bytes: masker.out, replaced: masker.replaced })
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
    line_end: &'a [u8],
    out: Vec<u8>,
    replaced: u64,
}

impl Masker<'_> {
    fn end(&mut self) {
        self.out.push(self.delimiters.terminator);
        self.out.extend_from_slice(self.line_end);
    }

    /// ISA: fixed widths; passwords become blanks.
    fn interchange(&mut self, file: &[u8], at: Position) {
        let segment = segment_at(file, at, self.delimiters);
        self.out.extend_from_slice(b"ISA");
        for n in 1..=16 {
            let value = segment.bytes(n);
            self.out.push(self.delimiters.element);
            let new = match n {
                2 | 4 => vec![b' '; value.len()],
                6 | 8 => {
                    self.replaced += 1;
                    let mut id = replace(value.trim_ascii_end(), Class::Number, value.len(), 0, self.keyed);
                    id.resize(value.len(), b' ');
                    id
                }
                9 => shifted(value, self.days).unwrap_or_else(|| value.to_vec()),
                _ => value.to_vec(),
            };
            self.out.extend_from_slice(&new);
        }
        self.end();
    }

    /// GS, GE or IEA.
    fn at(&mut self, file: &[u8], at: Position) {
        let segment = segment_at(file, at, self.delimiters);
        self.segment(&segment, self.days);
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
        self.out.extend_from_slice(segment.position().segment_id.as_str().as_bytes());
        let spec = guide::segment(segment.id());
        for n in 1..=segment.elements() {
            self.out.push(self.delimiters.element);
            let element = spec.and_then(|spec| spec.element(n));
            for (nth, repetition) in split(segment.bytes(n), self.delimiters.repetition).enumerate() {
                if nth > 0 {
                    self.out.push(self.delimiters.repetition);
                }
                for (c, value) in (1..).zip(split(repetition, self.delimiters.component)) {
                    if c > 1 {
                        self.out.push(self.delimiters.component);
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
        self.replaced += u64::from(new != value);
        self.out.extend_from_slice(&new);
    }
}

#[cfg(test)]
mod tests;
