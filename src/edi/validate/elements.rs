//! The elements of one segment against its place in the guide: which must be there, which may, and what their text must be.

use super::catalog::*;
use super::fault::Fault;
use super::values;
use crate::edi::guide::{Condition, ConditionKind, ElementSpec, ElementUse, Kind, SegmentUse, Usage};
use crate::edi::{Position, Segment};
use crate::platform::phi::Phi;

/// Checks all elements of a segment; gives every fault to `report`.
pub(super) fn check(segment: &Segment<'_>, place: &SegmentUse, report: &mut impl FnMut(Fault)) {
    let delimiters = segment.delimiters();
    let fields = Fields::of(segment.raw(), delimiters.element);
    if fields.clone().skip(1).all(<[u8]>::is_empty) {
        return report(Fault::new(SEGMENT_EMPTY, segment.position(), "the segment has no element"));
    }
    let mut list = List {
        specs: &place.spec.elements,
        uses: &place.elements,
        conditions: &place.spec.conditions,
        at: segment.position(),
        inside: None,
        separators: Separators { component: delimiters.component, repetition: delimiters.repetition },
        present: 0,
        missing: 0,
    };
    list.check(fields.skip(1), report);
}

/// The separators that may stand within an element.
#[derive(Clone, Copy)]
struct Separators {
    component: u8,
    /// 0 when there is none.
    repetition: u8,
}

/// The elements of a segment, or the components of a composite element.
struct List<'a> {
    specs: &'a [ElementSpec],
    uses: &'a [ElementUse],
    conditions: &'a [Condition],
    at: Position,
    /// The composite element and its repetition.
    inside: Option<(&'a ElementSpec, Option<u32>)>,
    separators: Separators,
    /// The first 64 elements, a bit each: which have a value, and which were reported as missing.
    present: u64,
    missing: u64,
}

impl List<'_> {
    fn check<'b>(&mut self, texts: impl Iterator<Item = &'b [u8]>, report: &mut impl FnMut(Fault)) {
        let (mut count, mut last_is_empty, mut too_many) = (0_usize, false, false);
        let mut before: Option<(&str, &[u8])> = None;
        for text in texts {
            count += 1;
            last_is_empty = text.is_empty();
            let (Some(spec), Some(place)) = (self.specs.get(count - 1), self.uses.get(count - 1)) else {
                if !text.is_empty() && !too_many {
                    too_many = true;
                    self.too_many(count, text, report);
                }
                continue;
            };
            if text.is_empty() {
                self.absent(spec, place, report);
            } else {
                self.present |= bit(count);
                self.filled(spec, place, text, report);
                if let Some((rule, message)) = before.and_then(|(kind, code)| values::pair(kind, code, spec.data_element, text)) {
                    report(self.fault(rule, spec, text, message));
                }
            }
            before = Some((spec.data_element, text));
        }
        // One component alone is a composite too. A last value that is missing is said to be missing, and enough.
        if last_is_empty && count > 1 && self.missing & bit(count) == 0 {
            let message = "the last value is followed by separators";
            report(self.whole(TRAILING_SEPARATOR, message));
        }
        for (spec, place) in self.specs.iter().zip(self.uses).skip(count) {
            self.absent(spec, place, report);
        }
        self.conditions(report);
    }

    fn too_many(&self, count: usize, text: &[u8], report: &mut impl FnMut(Fault)) {
        let (rule, what) = if self.inside.is_some() { (COMPONENTS_TOO_MANY, "components") } else { (ELEMENTS_TOO_MANY, "elements") };
        let message = format!("there are more than the {} {what} that it has", self.specs.len());
        let at = if self.inside.is_some() { self.at.component(count) } else { self.at.element(count) };
        report(Fault { value: Some(copy(text)), ..Fault::new(rule, at, message) });
    }

    fn absent(&mut self, spec: &ElementSpec, place: &ElementUse, report: &mut impl FnMut(Fault)) {
        if place.usage == Usage::Required {
            self.missing |= bit(spec.number.into());
            report(self.fault(ELEMENT_MISSING, spec, b"", "is missing".to_owned()));
        }
    }

    fn filled(&self, spec: &ElementSpec, place: &ElementUse, text: &[u8], report: &mut impl FnMut(Fault)) {
        if place.usage == Usage::NotUsed {
            return report(self.fault(ELEMENT_NOT_USED, spec, text, "is not used here".to_owned()));
        }
        let repetition = self.separators.repetition;
        if repetition == 0 || !text.contains(&repetition) {
            return self.one(spec, place, text, None, report);
        }
        let times = text.iter().filter(|&&byte| byte == repetition).count() + 1;
        if times > spec.repeat.into() {
            return report(self.fault(REPEATS_TOO_MANY, spec, text, format!("repeats {times} times, at most {} are allowed", spec.repeat)));
        }
        for (number, one) in (1..).zip(text.split(|&byte| byte == repetition)) {
            match one {
                [] => report(self.fault(TRAILING_SEPARATOR, spec, b"", "has an empty repetition".to_owned())),
                one => self.one(spec, place, one, Some(number), report),
            }
        }
    }

    /// One repetition of an element.
    fn one(&self, spec: &ElementSpec, place: &ElementUse, text: &[u8], repetition: Option<u32>, report: &mut impl FnMut(Fault)) {
        let component = self.separators.component;
        if let Kind::Composite(specs, conditions) = spec.kind {
            let at = self.at.element(spec.number.into());
            let inside = Some((spec, repetition));
            let mut parts =
                List { specs, uses: &place.components, conditions, at, inside, separators: self.separators, present: 0, missing: 0 };
            return parts.check(Fields::of(text, component), report);
        }
        if self.inside.is_none() && text.contains(&component) {
            let message = "has components, but is one value".to_owned();
            return report(self.fault(COMPONENTS_TOO_MANY, spec, text, message));
        }
        values::check(spec, place, text, &mut |rule, message| report(Fault { repetition, ..self.fault(rule, spec, text, message) }));
    }

    fn conditions(&self, report: &mut impl FnMut(Fault)) {
        for Condition { kind, elements } in self.conditions {
            let has = |number: &u8| self.present & bit((*number).into()) != 0;
            let lacks = |number: &&u8| !has(number);
            let count = elements.iter().filter(|number| has(number)).count();
            let Some((first, others)) = elements.split_first() else { continue };
            let (rule, at) = match kind {
                ConditionKind::Paired if count > 0 => (CONDITION, elements.iter().find(lacks)),
                ConditionKind::Required if count == 0 => (CONDITION, Some(first)),
                ConditionKind::Exclusive if count > 1 => (EXCLUSIVE, elements.iter().rfind(|number| has(number))),
                ConditionKind::Conditional if has(first) => (CONDITION, others.iter().find(lacks)),
                ConditionKind::ListConditional if has(first) && !others.iter().any(has) => (CONDITION, others.first()),
                _ => continue,
            };
            // What the guide requires anyway was reported; one fault is enough.
            let Some(number) = at.filter(|number| self.missing & bit((**number).into()) == 0) else { continue };
            let Some(spec) = self.specs.get(usize::from(*number) - 1) else { continue };
            let with = elements.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
            let message = match kind {
                ConditionKind::Paired => format!("is missing: {with} stand together"),
                ConditionKind::Required => format!("is missing: one of {with} is needed"),
                ConditionKind::Exclusive => format!("forbids others: of {with} at most one may stand"),
                ConditionKind::Conditional | ConditionKind::ListConditional => format!("is missing: {first} needs it"),
            };
            report(self.fault(rule, spec, b"", message));
        }
    }

    /// A fault of one element or component.
    fn fault(&self, rule: &'static Rule, spec: &ElementSpec, text: &[u8], said: String) -> Fault {
        let number = spec.number.into();
        let (at, message, repetition) = match self.inside {
            Some((outer, repetition)) if outer.name == spec.name => {
                (self.at.component(number), format!("{} {said}", spec.name), repetition)
            }
            Some((outer, repetition)) => (self.at.component(number), format!("{} of {} {said}", spec.name, outer.name), repetition),
            None => (self.at.element(number), format!("{} {said}", spec.name), None),
        };
        let value = Some(copy(text)).filter(|_| !text.is_empty());
        Fault { repetition, data_element: Some(spec.data_element), value, ..Fault::new(rule, at, message) }
    }

    fn whole(&self, rule: &'static Rule, message: &str) -> Fault {
        let data_element = self.inside.map(|(outer, _)| outer.data_element);
        Fault { data_element, ..Fault::new(rule, self.at, message) }
    }
}

fn bit(number: usize) -> u64 {
    1_u64.checked_shl(u32::try_from(number).unwrap_or(u32::MAX)).unwrap_or(0)
}

/// The value at fault, for the 999; the longest that IK404 takes.
fn copy(text: &[u8]) -> Phi<String> {
    Phi::new(String::from_utf8_lossy(text).chars().take(VALUE_MAX).collect())
}

/// IK404 has at most 99 characters.
const VALUE_MAX: usize = 99;

/// The parts of a text between separators; one empty part when the text is empty.
#[derive(Clone)]
struct Fields<'a> {
    rest: Option<&'a [u8]>,
    separator: u8,
}

impl<'a> Fields<'a> {
    fn of(text: &'a [u8], separator: u8) -> Fields<'a> {
        Fields { rest: Some(text), separator }
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest?;
        match memchr::memchr(self.separator, rest) {
            Some(end) => {
                self.rest = Some(&rest[end + 1..]);
                Some(&rest[..end])
            }
            None => {
                self.rest = None;
                Some(rest)
            }
        }
    }
}
