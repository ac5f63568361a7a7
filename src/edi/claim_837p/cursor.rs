//! Walks the segments of one transaction set and notes everything that the tree can't hold.

use std::iter::Peekable;

use jiff::civil::Date;

use super::model::Identifier;
use super::model_claim::{Adjustment, DateValue};
use crate::edi::reader::Segments;
use crate::edi::remittance_835::{CasGroup, Code, Procedure, Quantity};
use crate::edi::segment::parse_date8;
use crate::edi::{EdiError, EdiErrorKind, Finding, Segment, TransactionSet};
use crate::platform::money::Money;
use crate::platform::phi::Phi;

/// The segments not yet read, and the findings so far.
pub(super) struct Cursor<'a> {
    segments: Peekable<Segments<'a>>,
    last: Segment<'a>,
    findings: Vec<Finding>,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(set: &'a TransactionSet) -> Cursor<'a> {
        let start = Segment::new(&[], set.delimiters(), set.first_byte(), set.first_segment());
        Cursor { segments: set.segments().peekable(), last: start, findings: Vec::new() }
    }

    /// The next segment, and its first element, by which most are told apart.
    pub(super) fn peek(&mut self) -> Option<(Segment<'a>, &'a str, &'a str)> {
        let segment = *self.segments.peek()?;
        Some((segment, segment.id(), std::str::from_utf8(segment.bytes(1)).unwrap_or_default()))
    }

    /// Takes the next segment. Filled elements other than `known` are findings: nothing is left out in silence.
    pub(super) fn take(&mut self, known: &[usize]) -> Segment<'a> {
        let segment = self.segments.next().unwrap_or(self.last);
        self.last = segment;
        let separator = segment.delimiters().element;
        for (n, value) in segment.raw().split(|&byte| byte == separator).enumerate().skip(1) {
            if !value.is_empty() && !known.contains(&n) {
                let message = "this element has no place in a pediatric claim and was left out";
                self.findings.push(Finding::warning("837-ELEMENT-LEFT-OUT", segment.at(n), message));
            }
        }
        segment
    }

    /// Takes the next segment as one that has no place here.
    pub(super) fn leave_out(&mut self) {
        if let Some(segment) = self.segments.next() {
            self.last = segment;
            let message = "this segment has no place here and was left out";
            self.findings.push(Finding::warning("837-SEGMENT-LEFT-OUT", segment.position(), message));
        }
    }

    /// Keeps the first value of what may occur once.
    pub(super) fn set_once<T>(&mut self, slot: &mut Option<T>, value: T) {
        if slot.is_some() {
            let message = "this occurs twice; the first one was kept";
            self.findings.push(Finding::warning("837-TWICE", self.last.position(), message));
        } else {
            *slot = Some(value);
        }
    }

    /// Notes that a required part of the loop that was just read never came.
    pub(super) fn require(&mut self, present: bool, what: &'static str) {
        if !present {
            let message = format!("{what} is missing before the next segment");
            self.findings.push(Finding::error("837-MISSING", self.last.position(), message));
        }
    }

    /// Notes something wrong with the last segment taken.
    pub(super) fn wrong(&mut self, code: &'static str, element: usize, message: &'static str) {
        self.findings.push(Finding::error(code, self.last.at(element), message));
    }

    pub(super) fn finish(self) -> Vec<Finding> {
        self.findings
    }

    fn ok<T>(&mut self, result: Result<Option<T>, EdiError>) -> Option<T> {
        result.unwrap_or_else(|error| {
            self.findings.push(error.into());
            None
        })
    }

    /// An optional amount.
    pub(super) fn money(&mut self, segment: &Segment<'_>, n: usize) -> Option<Money> {
        self.ok(segment.money(n))
    }

    /// An amount that must be there; zero and a finding when it is not.
    pub(super) fn amount(&mut self, segment: &Segment<'_>, n: usize) -> Money {
        self.money(segment, n).unwrap_or_else(|| {
            if segment.bytes(n).is_empty() {
                self.wrong("837-MISSING", n, "the amount is missing and was read as zero");
            }
            Money::ZERO
        })
    }

    /// A number of units.
    pub(super) fn quantity(&mut self, segment: &Segment<'_>, n: usize) -> Option<Quantity> {
        match segment.bytes(n) {
            [] => None,
            text => {
                let error = EdiError { kind: EdiErrorKind::Number, position: segment.at(n) };
                self.ok(Quantity::parse_bytes(text).map(Some).map_err(|_| error))
            }
        }
    }

    /// A date `CCYYMMDD` whose format element came before it.
    pub(super) fn date(&mut self, segment: &Segment<'_>, n: usize) -> Option<Date> {
        self.ok(segment.date8(n))
    }

    /// `Y` or `N`; anything else is a finding and reads as no.
    pub(super) fn yes(&mut self, segment: &Segment<'_>, n: usize) -> bool {
        self.flag(segment, n, b"Y")
    }

    /// Whether an element has the one value that means yes.
    pub(super) fn flag(&mut self, segment: &Segment<'_>, n: usize, yes: &[u8]) -> bool {
        let value = segment.bytes(n);
        if value != yes && !matches!(value, b"" | b"N") {
            self.wrong("837-CODE", n, "this code is not known here and was read as no");
        }
        value == yes
    }

    /// DTP02 and DTP03.
    pub(super) fn date_value(&mut self, segment: &Segment<'_>) -> DateValue {
        let text = segment.bytes(3);
        let value = match segment.bytes(2) {
            b"D8" => parse_date8(text).map(DateValue::Day),
            b"RD8" if text.len() == 17 && text[8] == b'-' => {
                parse_date8(&text[..8]).zip(parse_date8(&text[9..])).map(|(from, to)| DateValue::Span(from, to))
            }
            _ => None,
        };
        value.unwrap_or_else(|| {
            self.wrong("X12-ELEMENT", 3, "this is not a date CCYYMMDD or a range of two");
            DateValue::Other { format: segment.text(2).into_owned(), text: segment.text(3).into_owned() }
        })
    }

    /// DTP with a single day.
    pub(super) fn day(&mut self, segment: &Segment<'_>) -> Option<Date> {
        match self.date_value(segment) {
            DateValue::Day(day) => Some(day),
            DateValue::Span(..) => {
                self.wrong("X12-ELEMENT", 2, "a single day is expected here");
                None
            }
            DateValue::Other { .. } => None,
        }
    }

    /// A composite procedure.
    pub(super) fn procedure(&mut self, segment: &Segment<'_>, n: usize) -> Procedure {
        let component = |c: usize| segment.component_opt(n, c);
        if segment.components(n).skip(7).any(|c| !c.is_empty()) {
            self.wrong("837-ELEMENT-LEFT-OUT", n, "a component after the seventh was left out");
        }
        Procedure {
            qualifier: component(1).unwrap_or_default().into(),
            code: component(2).unwrap_or_default().into(),
            modifiers: (3..=6).filter_map(component).map(Into::into).collect(),
            description: component(7),
        }
    }

    /// CAS: appends its triples.
    pub(super) fn adjustments(&mut self, adjustments: &mut Vec<Adjustment>) {
        let segment = self.take(&std::array::from_fn::<usize, 19, _>(|i| i + 1));
        let group = CasGroup::from(&*segment.text(1));
        for n in (2..=17).step_by(3) {
            if !segment.bytes(n).is_empty() || !segment.bytes(n + 1).is_empty() {
                let (reason, amount, quantity) =
                    (Code::from(&*segment.text(n)), self.amount(&segment, n + 1), self.quantity(&segment, n + 2));
                adjustments.push(Adjustment { group: group.clone(), reason, amount, quantity });
            }
        }
    }
}

/// Two elements as kind and masked identifier; none when both are empty.
pub(super) fn masked_identifier(segment: &Segment<'_>, qualifier: usize, id: usize) -> Option<Identifier<Phi<String>>> {
    let (qualifier, id) = (segment.text(qualifier), segment.text(id));
    (!qualifier.is_empty() || !id.is_empty()).then(|| Identifier::new(&qualifier, Phi::new(id.into_owned())))
}

/// An element as masked text; none when empty.
pub(super) fn masked(segment: &Segment<'_>, n: usize) -> Option<Phi<String>> {
    segment.opt(n).map(Phi::new)
}
