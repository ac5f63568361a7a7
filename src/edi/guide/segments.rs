//! The dictionary: what every segment and element is. Parses `elements.txt` and `segments.txt` once.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::model::{Condition, ConditionKind, ElementSpec, Kind, SegmentSpec};

const ELEMENTS: &str = include_str!("data/elements.txt");
const SEGMENTS: &str = include_str!("data/segments.txt");

/// What is said when a table can't be parsed: it is part of the program, and a test parses every one.
pub(super) const COMPILED_IN: &str = "the tables are compiled in and a test parses them";

/// A segment by its identifier; none when the dictionary doesn't know it.
#[must_use]
pub fn segment(id: &str) -> Option<&'static SegmentSpec> {
    DICTIONARY.get(id)
}

/// All segments, by identifier.
pub fn segments() -> impl Iterator<Item = &'static SegmentSpec> {
    let mut all: Vec<_> = DICTIONARY.values().collect();
    all.sort_by_key(|segment| segment.id);
    all.into_iter()
}

/// What a code of a data element means in our words; none when it has none. `code_meaning("98", "82")` is `rendering provider`.
#[must_use]
pub fn code_meaning(data_element: &str, code: &str) -> Option<&'static str> {
    DATA_ELEMENTS.get(data_element)?.codes.iter().find(|(known, _)| *known == code).map(|(_, meaning)| *meaning)
}

type Specs = HashMap<&'static str, SegmentSpec>;

static DATA_ELEMENTS: LazyLock<HashMap<&'static str, DataElement>> = LazyLock::new(|| data_elements(ELEMENTS).expect(COMPILED_IN));
static COMPOSITES: LazyLock<Specs> = LazyLock::new(|| specs(SEGMENTS, None).expect(COMPILED_IN));
static DICTIONARY: LazyLock<Specs> = LazyLock::new(|| specs(SEGMENTS, Some(&COMPOSITES)).expect(COMPILED_IN));

/// A row of `elements.txt` with the codes below it.
#[derive(Debug)]
struct DataElement {
    kind: Kind,
    min: u16,
    max: u16,
    codes: Vec<(&'static str, &'static str)>,
}

/// A line of a table that says nothing; its number, from 1.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BadLine(pub(super) usize);

/// The lines that say something, each with its number and whether it belongs to the line above.
pub(super) fn lines(table: &'static str) -> impl Iterator<Item = (BadLine, usize, &'static str)> {
    let said = |(at, line): (usize, &'static str)| (BadLine(at + 1), line.len() - line.trim_start().len(), line.trim());
    table.lines().enumerate().map(said).filter(|(_, _, line)| !line.is_empty() && !line.starts_with('#'))
}

fn data_elements(table: &'static str) -> Result<HashMap<&'static str, DataElement>, BadLine> {
    let mut elements: HashMap<&str, DataElement> = HashMap::new();
    let mut current = None;
    for (bad, indent, line) in lines(table) {
        if indent > 0 {
            let (code, meaning) = line.split_once(' ').ok_or(BadLine(bad.0))?;
            current.and_then(|number| elements.get_mut(number)).ok_or(bad)?.codes.push((code, meaning));
            continue;
        }
        let [number, kind, min, max] = line.split(' ').collect::<Vec<_>>()[..] else { return Err(bad) };
        let kind = match kind {
            "AN" => Kind::An,
            "ID" => Kind::Id,
            "N0" => Kind::N0,
            "R" => Kind::R,
            "DT" => Kind::Dt,
            "TM" => Kind::Tm,
            _ => return Err(bad),
        };
        let (Ok(min), Ok(max)) = (min.parse(), max.parse()) else { return Err(bad) };
        current = Some(number);
        if elements.insert(number, DataElement { kind, min, max, codes: Vec::new() }).is_some() {
            return Err(bad);
        }
    }
    Ok(elements)
}

/// The segments of the table, whose elements may be composites; without composites to refer to, the composites of the table.
fn specs(table: &'static str, composites: Option<&'static Specs>) -> Result<Specs, BadLine> {
    let mut specs = Specs::new();
    let mut current = None;
    for (bad, indent, line) in lines(table) {
        if indent == 0 {
            let (id, name) = line.split_once(' ').ok_or(BadLine(bad.0))?;
            current = (is_composite(id) == composites.is_none()).then_some(id);
            let spec = SegmentSpec { id, name, elements: Vec::new(), conditions: Vec::new() };
            if current.is_some() && specs.insert(id, spec).is_some() {
                return Err(bad);
            }
            continue;
        }
        let Some(spec) = current.and_then(|id| specs.get_mut(id)) else { continue };
        let said = match line.strip_prefix('=') {
            Some(conditions) => conditions.split_whitespace().map(condition).collect::<Option<Vec<_>>>().map(|all| spec.conditions = all),
            None => elements(line, composites).map(|elements| spec.elements.extend(elements)),
        };
        said.ok_or(bad)?;
    }
    specs.values_mut().for_each(|spec| spec.elements.sort_by_key(|element| element.number));
    Ok(specs)
}

/// Composites are `C` and three digits.
fn is_composite(id: &str) -> bool {
    id.len() == 4 && id.starts_with('C')
}

/// `3-7 1321 condition`: one element for each number.
fn elements(line: &'static str, composites: Option<&'static Specs>) -> Option<Vec<ElementSpec>> {
    let [numbers, data_element, name] = line.splitn(3, ' ').collect::<Vec<_>>()[..] else { return None };
    let (data_element, repeat) = match data_element.split_once('x') {
        Some((data_element, repeat)) => (data_element, repeat.parse().ok()?),
        None => (data_element, 1),
    };
    let (kind, min, max, codes): (_, _, _, &'static [_]) = match composites.and_then(|composites| composites.get(data_element)) {
        Some(composite) => (Kind::Composite(&composite.elements, &composite.conditions), 0, 0, &[]),
        None => DATA_ELEMENTS.get(data_element).map(|e| (e.kind, e.min, e.max, &e.codes[..]))?,
    };
    let element = |number| ElementSpec { number, name, data_element, kind, min, max, repeat, codes };
    Some(numbers_of(numbers)?.into_iter().map(element).collect())
}

/// `4`, `3-7` or `2,5,8`.
fn numbers_of(text: &str) -> Option<Vec<u8>> {
    match text.split_once('-') {
        Some((first, last)) => Some((first.parse().ok()?..=last.parse().ok()?).collect()),
        None => text.split(',').map(|number| number.parse().ok()).collect(),
    }
}

/// `P0304`.
fn condition(text: &str) -> Option<Condition> {
    let (kind, numbers) = text.split_at_checked(1)?;
    let kind = match kind {
        "P" => ConditionKind::Paired,
        "R" => ConditionKind::Required,
        "E" => ConditionKind::Exclusive,
        "C" => ConditionKind::Conditional,
        "L" => ConditionKind::ListConditional,
        _ => return None,
    };
    let pairs = (0..numbers.len()).step_by(2).map(|at| numbers.get(at..at + 2)?.parse().ok());
    Some(Condition { kind, elements: pairs.collect::<Option<_>>()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_tables_says_something() {
        assert_eq!(data_elements(ELEMENTS).err(), None);
        assert_eq!(specs(SEGMENTS, None).err(), None);
        assert_eq!(specs(SEGMENTS, Some(&COMPOSITES)).err(), None);
    }

    #[test]
    fn elements_are_numbered_without_gaps_and_conditions_refer_to_them() {
        for spec in segments().chain(COMPOSITES.values()) {
            let numbers: Vec<usize> = spec.elements.iter().map(|element| element.number.into()).collect();
            assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>(), "{}", spec.id);
            let mut asked = spec.conditions.iter().flat_map(|condition| &condition.elements);
            assert!(asked.all(|&number| spec.element(number.into()).is_some()), "{}", spec.id);
            assert!(spec.conditions.iter().all(|condition| condition.elements.len() > 1), "{}", spec.id);
        }
    }

    #[test]
    fn a_segment_says_what_its_elements_and_their_codes_are() {
        let clm = segment("CLM").unwrap();
        let place = clm.element(5).unwrap();
        assert_eq!((clm.name, clm.element(2).unwrap().data_element, clm.elements.len()), ("claim", "782", 20));
        assert_eq!(
            place.components().iter().map(|c| c.name).collect::<Vec<_>>(),
            ["place of service", "code set of the place", "frequency"]
        );
        assert_eq!((clm.element(0).is_none(), clm.element(21).is_none(), segment("ZZZ").is_none()), (true, true, true));
        let cas = segment("CAS").unwrap();
        assert_eq!(cas.conditions[0], Condition { kind: ConditionKind::ListConditional, elements: vec![5, 6, 7] });
        assert_eq!((cas.element(18).unwrap().name, cas.element(19).unwrap().name), ("amount", "units"));
    }

    #[test]
    fn a_line_that_says_nothing_is_named() {
        assert_eq!(data_elements("98 ID 2 3\n98 ID 2 3").err(), Some(BadLine(2)));
        for table in ["98 XX 2 3", "98 ID 2", "98 ID 2 x", "  41 submitter", "98 ID 2 3\n\n"] {
            assert_eq!(data_elements(table).err(), (!table.ends_with('\n')).then_some(BadLine(1)), "{table}");
        }
        for line in ["  1 0 unknown element", "  1 98", "  x 98 who", "  = Q0102", "  = P01x2", "  1-x 98 who"] {
            let table: &str = Box::leak(format!("NM1 party\n{line}").into_boxed_str());
            assert_eq!(specs(table, Some(&COMPOSITES)).err(), Some(BadLine(2)), "{line}");
        }
        assert_eq!(specs("NM1", Some(&COMPOSITES)).err(), Some(BadLine(1)));
        assert_eq!(specs("NM1 a\nNM1 b", Some(&COMPOSITES)).err(), Some(BadLine(2)));
    }
}
