//! Walks the segments of one transaction set and keeps everything that the tree can't hold.

use std::borrow::Cow;
use std::iter::Peekable;

use jiff::civil::Date;

use super::model::Unread;
use crate::edi::claim_837p::DateValue;
use crate::edi::reader::Segments;
use crate::edi::remittance_835::{Code, Procedure, Quantity};
use crate::edi::segment::parse_date8;
use crate::edi::{EdiError, EdiErrorKind, Finding, Segment, TransactionSet};
use crate::platform::money::Money;
use crate::platform::phi::Phi;

/// The segments not yet read, and what was noted so far.
pub(in crate::edi) struct Cursor<'a> {
    /// HL03 of the guide, from the payer to the dependent.
    kinds: &'static [&'static [u8]],
    segments: Peekable<Segments<'a>>,
    last: Segment<'a>,
    findings: Vec<Finding>,
    unread: Vec<Unread>,
}

impl<'a> Cursor<'a> {
    pub(in crate::edi) fn new(set: &'a TransactionSet, kinds: &'static [&'static [u8]]) -> Cursor<'a> {
        let start = Segment::new(&[], set.delimiters(), set.first_byte(), set.first_segment());
        Cursor { kinds, segments: set.segments().peekable(), last: start, findings: Vec::new(), unread: Vec::new() }
    }

    /// The identifier of the next segment, and the third element of an HL, which tells its level; empty for others.
    pub(in crate::edi) fn peek(&mut self) -> Option<(&'a str, &'a [u8])> {
        let segment = self.segments.peek()?;
        let id = segment.id();
        Some((id, if id == "HL" { segment.bytes(3) } else { b"" }))
    }

    /// How deep a kind of level is, from 0 for the payer; none for one that the guide does not have.
    pub(in crate::edi) fn depth(&self, kind: &[u8]) -> Option<usize> {
        self.kinds.iter().position(|known| *known == kind)
    }

    /// Takes the next segment. Filled elements other than `known` are findings and stay reachable.
    pub(in crate::edi) fn take(&mut self, known: &[usize]) -> Segment<'a> {
        let segment = self.segments.next().unwrap_or(self.last);
        self.last = segment;
        let separator = segment.delimiters().element;
        for (n, value) in segment.raw().split(|&byte| byte == separator).enumerate().skip(1) {
            if !value.is_empty() && !known.contains(&n) {
                let message = "this element has no place here; it is kept as it came";
                self.findings.push(Finding::warning("INQ-UNREAD", segment.at(n), message));
                self.keep(&segment, n);
            }
        }
        segment
    }

    /// Takes the next segment as one that has no place here.
    pub(in crate::edi) fn leave_out(&mut self) {
        if let Some(segment) = self.segments.next() {
            self.last = segment;
            self.put_aside();
        }
    }

    /// Keeps the segment last taken as one that has no place here.
    pub(in crate::edi) fn put_aside(&mut self) {
        self.set_aside("INQ-UNREAD", "this segment has no place here; it is kept as it came");
    }

    fn set_aside(&mut self, code: &'static str, message: &'static str) {
        let segment = self.last;
        self.findings.push(Finding::warning(code, segment.position(), message));
        self.unread.push(Unread { segment: segment.number(), element: None, text: masked(segment.raw()) });
    }

    /// The number of the next segment in the file.
    pub(in crate::edi) fn next_number(&mut self) -> u32 {
        self.segments.peek().unwrap_or(&self.last).number()
    }

    /// Takes an HL of this kind and gives its number. When another level comes here, this one is missing: nothing is taken, and what
    /// follows is read as if it stood below an empty level of this kind, so that no answer is lost.
    pub(in crate::edi) fn level(&mut self, kind: &[u8], parent: &[u8]) -> Level<'a> {
        if self.peek() != Some(("HL", kind)) {
            let position = self.segments.peek().unwrap_or(&self.last).position();
            self.findings.push(Finding::warning("INQ-LEVEL", position, "a level above this one is missing"));
            return Level { number: b"", segment: 0 };
        }
        let segment = self.take(&[1, 2, 3, 4]);
        if segment.bytes(2) != parent && !parent.is_empty() {
            let message = "this is not the number of the level above; the order of the file was followed";
            self.findings.push(Finding::warning("INQ-LEVEL", segment.at(2), message));
        }
        Level { number: segment.bytes(1), segment: segment.number() }
    }

    /// Whether a part that may occur once may still be set; otherwise the segment last taken is kept as unread.
    pub(in crate::edi) fn first(&mut self, is_free: bool) -> bool {
        if !is_free {
            self.set_aside("INQ-TWICE", "this occurs twice; the first was taken, this one is kept as it came");
        }
        is_free
    }

    /// Notes that a required part of the level that was just read never came.
    pub(in crate::edi) fn require(&mut self, present: bool, what: &'static str) {
        if !present {
            let message = format!("{what} is missing before the next segment");
            self.findings.push(Finding::error("INQ-MISSING", self.last.position(), message));
        }
    }

    /// Notes something about an element of the last segment taken.
    pub(in crate::edi) fn warn(&mut self, code: &'static str, element: usize, message: &'static str) {
        self.findings.push(Finding::warning(code, self.last.at(element), message));
    }

    /// Notes something that makes the whole transaction set unfit for use.
    pub(in crate::edi) fn refuse(&mut self, code: &'static str, element: usize, message: &'static str) {
        self.findings.push(Finding::error(code, self.last.at(element), message));
    }

    pub(in crate::edi) fn finish(self) -> (Vec<Finding>, Vec<Unread>) {
        (self.findings, self.unread)
    }

    fn keep(&mut self, segment: &Segment<'_>, n: usize) {
        let element = Some(u8::try_from(n).unwrap_or(u8::MAX));
        self.unread.push(Unread { segment: segment.number(), element, text: masked(segment.bytes(n)) });
    }

    fn ok<T>(&mut self, segment: &Segment<'_>, n: usize, result: Result<Option<T>, EdiError>) -> Option<T> {
        result.unwrap_or_else(|error| {
            self.findings.push(error.into());
            self.keep(segment, n);
            None
        })
    }

    /// An optional amount.
    pub(in crate::edi) fn money(&mut self, segment: &Segment<'_>, n: usize) -> Option<Money> {
        self.ok(segment, n, segment.money(n))
    }

    /// An optional date `CCYYMMDD`.
    pub(in crate::edi) fn date(&mut self, segment: &Segment<'_>, n: usize) -> Option<Date> {
        self.ok(segment, n, segment.date8(n))
    }

    /// An optional whole number.
    pub(in crate::edi) fn int(&mut self, segment: &Segment<'_>, n: usize) -> Option<u64> {
        self.ok(segment, n, segment.int(n))
    }

    /// An optional quantity.
    pub(in crate::edi) fn quantity(&mut self, segment: &Segment<'_>, n: usize) -> Option<Quantity> {
        self.number(segment, n, |text| Quantity::parse_bytes(text).ok())
    }

    /// An optional number of some type.
    pub(in crate::edi) fn number<T>(&mut self, segment: &Segment<'_>, n: usize, parse: fn(&[u8]) -> Option<T>) -> Option<T> {
        match segment.bytes(n) {
            [] => None,
            text => {
                let error = EdiError { kind: EdiErrorKind::Number, position: segment.at(n) };
                self.ok(segment, n, parse(text).map(Some).ok_or(error))
            }
        }
    }

    /// DTP02 and DTP03.
    pub(in crate::edi) fn date_value(&mut self, segment: &Segment<'_>) -> DateValue {
        let text = segment.bytes(3);
        let value = match segment.bytes(2) {
            b"D8" => parse_date8(text).map(DateValue::Day),
            b"RD8" => text
                .split_at_checked(8)
                .and_then(|(from, to)| Some(DateValue::Span(parse_date8(from)?, parse_date8(to.strip_prefix(b"-")?)?))),
            _ => None,
        };
        value.unwrap_or_else(|| {
            self.warn("X12-ELEMENT", 3, "this is not a date CCYYMMDD or a range of two; it is kept as it came");
            DateValue::Other { format: segment.text(2).into_owned(), text: segment.text(3).into_owned() }
        })
    }

    /// Components of an element after the `known` ones are a finding and stay reachable.
    pub(in crate::edi) fn spare_components(&mut self, segment: &Segment<'_>, n: usize, known: usize) {
        if segment.components(n).skip(known).any(|c| !c.is_empty()) {
            self.warn("INQ-UNREAD", n, "the last components of this element have no place here; they are kept as they came");
            self.keep(segment, n);
        }
    }

    /// A composite procedure. Its components after `known`, of which the first seven are taken here, are findings and stay reachable.
    pub(in crate::edi) fn procedure(&mut self, segment: &Segment<'_>, n: usize, known: usize) -> Procedure {
        self.spare_components(segment, n, known);
        let component = |c: usize| segment.component_opt(n, c);
        Procedure {
            qualifier: component(1).unwrap_or_default().into(),
            code: component(2).unwrap_or_default().into(),
            modifiers: (3..=6).filter_map(component).map(Into::into).collect(),
            description: component(7),
        }
    }
}

/// An HL that was taken, or nothing of it where it was missing.
pub(in crate::edi) struct Level<'a> {
    /// HL01: what its children name as their parent.
    pub(in crate::edi) number: &'a [u8],
    /// The number of the HL segment in the file; 0 when it was missing.
    pub(in crate::edi) segment: u32,
}

fn masked(bytes: &[u8]) -> Phi<String> {
    Phi::new(String::from_utf8_lossy(bytes).into_owned())
}

/// The repetitions of an element as text; none when it is empty.
pub(in crate::edi) fn repetitions<'a>(segment: &Segment<'a>, n: usize) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
    let separator = segment.delimiters().repetition;
    let text = segment.bytes(n);
    let is_filled = !text.is_empty();
    // 0 stands for an interchange that declares no separator.
    text.split(move |&byte| byte == separator && separator != 0).filter(move |_| is_filled).map(String::from_utf8_lossy)
}

/// An element as a code; empty when absent.
pub(in crate::edi) fn code(segment: &Segment<'_>, n: usize) -> Code {
    Code::from(&*segment.text(n))
}

/// An element as a code of some type; none when empty.
pub(in crate::edi) fn opt_code<T: From<String>>(segment: &Segment<'_>, n: usize) -> Option<T> {
    segment.opt(n).map(T::from)
}

/// An element as masked text; none when empty.
pub(in crate::edi) fn opt_masked(segment: &Segment<'_>, n: usize) -> Option<Phi<String>> {
    segment.opt(n).map(Phi::new)
}
