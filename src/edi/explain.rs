//! One segment, element by element: what it is where it stands, to whom it belongs, what its codes mean.

use super::describe::{CodeList, Describer, Section, Table, Tone};
use super::guide::{ElementSpec, ElementUse, Kind, Usage};
use super::mask::class::{Class, class};
use super::outline::{Branch, Placed, guide_of, outline};
use super::segment::{Segment, parse_date8};
use super::{Event, TransactionSet, guide};
use crate::platform::phi::MASK;

/// A place in a file, as a person names it: `12`, `12:3` or `12:3:2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Number of the segment in the file, from 1.
    pub segment: u32,
    /// Number of the element, from 1; none means all.
    pub element: Option<usize>,
    /// Number of the component, from 1; none means all.
    pub component: Option<usize>,
}

/// The text names no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a place is SEGMENT, SEGMENT:ELEMENT or SEGMENT:ELEMENT:COMPONENT, numbers from 1")]
pub struct PlaceError;

impl std::str::FromStr for Place {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Place, PlaceError> {
        let numbers: Vec<u32> =
            text.split(':').map(|part| part.parse().ok().filter(|&n| n > 0).ok_or(PlaceError)).collect::<Result<_, _>>()?;
        let at = |n: u32| usize::try_from(n).ok();
        match numbers[..] {
            [segment] => Ok(Place { segment, element: None, component: None }),
            [segment, element] => Ok(Place { segment, element: at(element), component: None }),
            [segment, element, component] => Ok(Place { segment, element: at(element), component: at(component) }),
            _ => Err(PlaceError),
        }
    }
}

/// Explains the place, when this piece of the file holds it.
#[must_use]
pub fn explain(event: &Event, place: Place, describer: &Describer<'_>) -> Option<Section> {
    match event {
        Event::Transaction(set) => in_set(set, place, describer),
        Event::InterchangeAck(segment) => {
            let segment = segment.as_segment();
            (segment.number() == place.segment).then(|| told(&Placed { segment, usage: None }, place, describer))
        }
        _ => None,
    }
}

/// Explains a segment that stands outside of transaction sets: ISA, GS, GE, IEA.
#[must_use]
pub fn explain_envelope(segment: Segment<'_>, place: Place, describer: &Describer<'_>) -> Section {
    told(&Placed { segment, usage: None }, place, describer)
}

fn in_set(set: &TransactionSet, place: Place, describer: &Describer<'_>) -> Option<Section> {
    let root = outline(set);
    let (path, placed) = root.find(place.segment)?;
    let mut section = told(&placed, place, describer);
    let mut facts = Section::default();
    match guide_of(set) {
        Some(guide) => facts.fact("transaction", format!("{}, {} {}", guide.name, guide.kind, guide.version)),
        None => facts.fact("transaction", format!("{} {}: this version is not supported", set.kind(), set.version())),
    }
    let loops = path.iter().rev().filter_map(|branch| branch.spec).map(|spec| format!("{} {}", spec.id, spec.name));
    facts.fact("loop", loops.collect::<Vec<_>>().join(", in "));
    facts.fact("belongs to", path.iter().filter_map(|branch| owner(branch)).collect::<Vec<_>>().join(", "));
    section.facts.splice(0..0, facts.facts);
    if placed.usage.is_none() && guide_of(set).is_some() {
        section.remark(Tone::Bad, "the guide has no place for this segment here");
    }
    Some(section)
}

/// What a loop is about, in the numbers by which people ask for it.
pub(super) fn owner(branch: &Branch<'_>) -> Option<String> {
    let named = |what: &str, number: String| (!number.is_empty()).then(|| format!("{what} {number}"));
    match branch.id() {
        "2300" => named("claim", branch.value("CLM", "", 1)),
        "2100" => named("claim", branch.value("CLP", "", 1)),
        "2200D" => named("claim", branch.value("TRN", "", 2)),
        "2200B" => named("batch", branch.value("TRN", "", 2)),
        "2400" => named("line", branch.value("LX", "", 1)),
        "2110" => named("line", branch.value("REF", "6R", 2)),
        "2430" => named("decision of payer", branch.value("SVD", "", 1)),
        "" => named("remittance", branch.value("TRN", "1", 2)),
        _ => None,
    }
}

fn told(placed: &Placed<'_>, place: Place, describer: &Describer<'_>) -> Section {
    let segment = placed.segment;
    let id = segment.position().segment_id;
    let spec = guide::segment(segment.id());
    let name = placed.usage.map(|usage| usage.name()).or_else(|| spec.map(|spec| spec.name.to_owned()));
    let mut section = Section::new(format!("{id}: {}", name.as_deref().unwrap_or("unknown segment"))).at(segment.number());
    if let Some(usage) = placed.usage {
        let often = usage.max.map_or_else(|| "any number".to_owned(), |max| format!("at most {max}"));
        section.fact("in this loop", format!("{}, {often}", word(usage.usage)));
    }
    let mut table = Table::new(&["element", "what it is", "value", "what it means", "form"]);
    let last = spec.map_or(0, |spec| spec.elements.len()).max(segment.elements());
    for n in (1..=last).filter(|n| place.element.is_none_or(|wanted| wanted == *n)) {
        let element = spec.and_then(|spec| spec.element(n));
        let used = placed.usage.and_then(|usage| usage.elements.get(n - 1));
        rows(segment, n, element, used, place, describer, &mut table);
    }
    if table.rows.is_empty() {
        section.remark(Tone::Bad, "this segment has no such element");
    }
    section.table(table.without_empty(&["value", "what it means", "form"]));
    section
}

/// One row for an element, or one for each of its components. Without an element asked for, what is empty is left out.
fn rows(
    segment: Segment<'_>,
    n: usize,
    element: Option<&ElementSpec>,
    used: Option<&ElementUse>,
    place: Place,
    describer: &Describer<'_>,
    table: &mut Table,
) {
    let id = segment.position().segment_id;
    let parts = element.map_or(&[][..], ElementSpec::components);
    // An ISA has no composite: two of its elements are the separators themselves.
    let is_fixed = segment.id() == "ISA";
    let count = if is_fixed { 1 } else { parts.len().max(segment.components(n).count()) };
    let composite = !parts.is_empty() || count > 1;
    for c in (1..=count).filter(|c| place.component.is_none_or(|wanted| wanted == *c)) {
        let value = if is_fixed { segment.bytes(n) } else { segment.component(n, c) };
        if value.is_empty() && place.element.is_none() {
            continue;
        }
        let spec = if parts.is_empty() { element } else { parts.get(c - 1) };
        let used = if parts.is_empty() { used } else { used.and_then(|used| used.components.get(c - 1)) };
        let class = class(&segment, n, c, value);
        let shown = describer.show_phi || class.is_shown();
        let text = String::from_utf8_lossy(value);
        let meant = || spec.and_then(|spec| meaning(segment, n, c, spec, &text, describer)).or_else(|| day(class, value));
        let label = if composite { format!("{id}{n:02}-{c}") } else { format!("{id}{n:02}") };
        table.row(vec![
            label,
            spec.map_or("unknown element", |spec| spec.name).to_owned(),
            if shown || value.is_empty() { text.clone().into_owned() } else { MASK.to_owned() },
            if shown { meant().unwrap_or_default() } else { String::new() },
            if place.element.is_some() { spec.map_or_else(String::new, |spec| form(spec, used)) } else { String::new() },
        ]);
    }
}

/// What a value means, where it is a code.
pub(super) fn meaning(
    segment: Segment<'_>,
    n: usize,
    c: usize,
    spec: &ElementSpec,
    value: &str,
    describer: &Describer<'_>,
) -> Option<String> {
    let list = match (segment.id(), n, c, spec.data_element) {
        (_, _, _, "1034") => Some(CodeList::Adjustment),
        (_, _, _, "426") => Some(CodeList::ProviderAdjustment),
        (_, _, _, "1331") => Some(CodeList::Place),
        (_, _, _, "1032") => Some(CodeList::FilingIndicator),
        ("STC", _, 1, _) => Some(CodeList::StatusCategory),
        ("STC", _, 2, _) => Some(CodeList::Status),
        ("LQ", 2, ..) | ("MOA", 3..=7, ..) | ("MIA", 5 | 20..=23, ..) => Some(CodeList::Remark),
        ("HI", _, 2, _) if matches!(segment.component(n, 1), b"ABK" | b"ABF") => Some(CodeList::Diagnosis),
        _ => None,
    };
    let separator = char::from(segment.delimiters().repetition);
    let of = |code| list.and_then(|list| (describer.meanings)(list, code)).or_else(|| spec.meaning(code));
    let meanings: Vec<&str> = value.split(separator).filter_map(of).collect();
    (!meanings.is_empty()).then(|| meanings.join(", "))
}

/// A day, or the first and last of a period, as people write it.
fn day(class: Class, value: &[u8]) -> Option<String> {
    if !matches!(class, Class::Date | Class::LifeDate) {
        return None;
    }
    // ISA09 leaves out the century.
    let date = |text: &[u8]| if text.len() == 6 { parse_date8(&[b"20", text].concat()) } else { parse_date8(text) };
    match value.split(|byte| *byte == b'-').map(date).collect::<Option<Vec<_>>>()?.as_slice() {
        [day] => Some(day.to_string()),
        [first, last] => Some(format!("{first} to {last}")),
        _ => None,
    }
}

/// What an element may be: usage, type, length, codes.
fn form(spec: &ElementSpec, used: Option<&ElementUse>) -> String {
    let kind = match spec.kind {
        Kind::An => "text",
        Kind::Id => "code",
        Kind::N0 => "whole number",
        Kind::R => "number",
        Kind::Dt => "date",
        Kind::Tm => "time",
        Kind::Composite(..) => "composite",
    };
    let length = match (spec.min, spec.max) {
        (_, 0) => String::new(),
        (min, max) if min == max => format!(" of {max}"),
        (min, max) => format!(" of {min} to {max}"),
    };
    let usage = used.map_or_else(String::new, |used| format!("{}, ", word(used.usage)));
    let codes = used.map_or(&[][..], |used| &used.codes);
    let codes: Vec<String> =
        codes.iter().map(|code| spec.meaning(code).map_or_else(|| (*code).to_owned(), |meaning| format!("{code} {meaning}"))).collect();
    let codes = if codes.is_empty() { String::new() } else { format!(": {}", codes.join("; ")) };
    format!("{usage}{kind}{length}{codes}")
}

fn word(usage: Usage) -> &'static str {
    match usage {
        Usage::Required => "required",
        Usage::Situational => "when the situation asks for it",
        Usage::NotUsed => "not used",
    }
}
