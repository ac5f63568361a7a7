//! The guides: parses one table each, once.
//!
//! A table reads from top to bottom as a transaction set does. A line is a segment or a loop: identifier, usage (`R` required, `S`
//! situational), how often (`*` any number); what belongs to a loop stands indented below it. `&` before it says that it shares its place
//! with the line above and may come in any order with it. `same` repeats a loop that stands above. After a segment follow its elements,
//! as `number usage = codes`: `!1R=EI|SY 2R#9` are element 1, required, one of two codes, which are the key of this use of the segment, and
//! element 2, required, nine digits. Components stand in parentheses. What is not mentioned is not used. `@` refers to a `list` at the
//! head of the table.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::model::{ElementSpec, ElementUse, Key, LoopSpec, Node, SegmentUse, TransactionGuide, Usage};
use super::segments::{BadLine, COMPILED_IN, lines, segment};

const TABLES: [&str; 9] = [
    include_str!("data/837p.txt"),
    include_str!("data/835.txt"),
    include_str!("data/999.txt"),
    include_str!("data/277ca.txt"),
    include_str!("data/270.txt"),
    include_str!("data/271.txt"),
    include_str!("data/276.txt"),
    include_str!("data/277.txt"),
    include_str!("data/envelope.txt"),
];

static GUIDES: LazyLock<Vec<TransactionGuide>> =
    LazyLock::new(|| TABLES.iter().map(|table| parse(table)).collect::<Result<_, _>>().expect(COMPILED_IN));

/// The guide of a version as GS08 and ST03 name it (`005010X222A1`); none when it is not supported. Where a question and its answer share a
/// version, this is the question's: [`guide_of`] tells them apart.
#[must_use]
pub fn guide(version: &str) -> Option<&'static TransactionGuide> {
    of_version(version).next()
}

/// The guide of a version for a kind of transaction set (ST01: `837`). `guide_of("00501", "envelope")` is the table of the segments around
/// transaction sets.
#[must_use]
pub fn guide_of(version: &str, kind: &str) -> Option<&'static TransactionGuide> {
    of_version(version).find(|guide| guide.kind == kind)
}

/// The guides of a version: one, or two where a question and its answer share it.
pub fn of_version(version: &str) -> impl Iterator<Item = &'static TransactionGuide> {
    guides().filter(move |guide| guide.version == version || guide.also.contains(&version))
}

/// All guides.
pub fn guides() -> impl Iterator<Item = &'static TransactionGuide> {
    GUIDES.iter()
}

type Lists = HashMap<&'static str, Vec<&'static str>>;

/// Reads a whole table.
fn parse(table: &'static str) -> Result<TransactionGuide, BadLine> {
    let (mut guide, mut lists, mut rows) = (None, Lists::new(), Vec::new());
    for (bad, indent, line) in lines(table) {
        let (word, rest) = line.split_once(' ').ok_or(BadLine(bad.0))?;
        match word {
            "guide" => {
                let [kind, functional_id, version, name] = rest.splitn(4, ' ').collect::<Vec<_>>()[..] else { return Err(bad) };
                guide = Some(TransactionGuide { kind, functional_id, version, also: Vec::new(), name, nodes: Vec::new() });
            }
            "also" => guide.as_mut().ok_or(bad)?.also.extend(rest.split(' ')),
            "list" => {
                let (name, codes) = rest.split_once(' ').ok_or(bad)?;
                lists.insert(name, codes.split('|').collect());
            }
            _ => rows.push((bad, indent / INDENT, line)),
        }
    }
    let mut guide = guide.ok_or(BadLine(0))?;
    let mut rest = &rows[..];
    guide.nodes = nodes(&mut rest, 0, &lists, &mut HashMap::new())?;
    match rest.first() {
        Some((BadLine(line), ..)) => Err(BadLine(*line)),
        None => Ok(guide),
    }
}

/// Blanks by which a loop's lines are indented.
const INDENT: usize = 2;

type Row = (BadLine, usize, &'static str);

/// The lines at one depth, with the loops below them.
fn nodes(rows: &mut &[Row], depth: usize, lists: &Lists, known: &mut HashMap<&'static str, LoopSpec>) -> Result<Vec<Node>, BadLine> {
    let mut nodes = Vec::new();
    while let Some((BadLine(number), _, line)) = rows.first().filter(|(_, indent, _)| *indent == depth) {
        *rows = &rows[1..];
        let bad = || BadLine(*number);
        let (shares_place, line) = line.strip_prefix("& ").map_or((false, *line), |line| (true, line));
        let words: Vec<&str> = line.splitn(4, ' ').collect();
        match words[..] {
            ["loop", id, usage_word, rest] => {
                let (max, name) = rest.split_once(' ').unwrap_or((rest, ""));
                let (usage, max) = (usage(usage_word).ok_or_else(bad)?, count(max).ok_or_else(bad)?);
                let inner = self::nodes(rows, depth + 1, lists, known)?;
                let spec = LoopSpec { id, name, usage, max, shares_place, nodes: inner };
                if name.is_empty() || !matches!(spec.nodes.first(), Some(Node::Segment(_))) {
                    return Err(bad());
                }
                known.insert(id, spec.clone());
                nodes.push(Node::Loop(spec));
            }
            ["same", id, usage_word, max] => {
                let spec = known.get(id).cloned().ok_or_else(bad)?;
                let (usage, max) = (usage(usage_word).ok_or_else(bad)?, count(max).ok_or_else(bad)?);
                nodes.push(Node::Loop(LoopSpec { usage, max, shares_place, ..spec }));
            }
            [id, usage, max, elements] => {
                nodes.push(Node::Segment(segment_use(id, usage, max, elements, shares_place, lists).ok_or_else(bad)?));
            }
            _ => return Err(bad()),
        }
    }
    Ok(nodes)
}

fn segment_use(
    id: &'static str,
    usage_word: &str,
    max: &str,
    elements: &'static str,
    shares_place: bool,
    lists: &Lists,
) -> Option<SegmentUse> {
    let spec = segment(id)?;
    let (elements, key) = element_uses(elements, &spec.elements, lists)?;
    Some(SegmentUse { spec, usage: usage(usage_word)?, max: count(max)?, shares_place, elements, key })
}

/// `1R=EI|SY 2R 5S(1R 2R)` against the elements that the segment has.
fn element_uses(text: &'static str, specs: &[ElementSpec], lists: &Lists) -> Option<(Vec<ElementUse>, Option<Key>)> {
    let mut uses: Vec<ElementUse> = specs.iter().map(unused).collect();
    let mut key = None;
    for word in split_outside_parentheses(text) {
        let (is_key, word) = word.strip_prefix('!').map_or((false, word), |word| (true, word));
        let (number, rest) = word.split_at(word.find(|c: char| !c.is_ascii_digit())?);
        let number: u8 = number.parse().ok()?;
        let index = usize::from(number).checked_sub(1)?;
        let element = uses.get_mut(index)?;
        let (usage_word, rest) = rest.split_at_checked(1)?;
        element.usage = usage(usage_word)?;
        if is_key {
            key = Some(Key { element: number, component: None });
        }
        match rest.split_at_checked(1) {
            None => {}
            Some(("=", codes)) => {
                element.codes = match codes.strip_prefix('@') {
                    Some(list) => lists.get(list)?.clone(),
                    None => codes.split('|').collect(),
                }
            }
            Some(("#", digits)) => element.digits = Some(digits.parse().ok()?),
            Some(("(", components)) => {
                let (components, inner) = element_uses(components.strip_suffix(')')?, specs[index].components(), lists)?;
                element.components = components;
                key = inner.map_or(key, |inner| Some(Key { element: number, component: Some(inner.element) }));
            }
            Some(_) => return None,
        }
    }
    Some((uses, key))
}

fn unused(spec: &ElementSpec) -> ElementUse {
    let components = spec.components().iter().map(unused).collect();
    ElementUse { usage: Usage::NotUsed, codes: Vec::new(), digits: None, components }
}

/// The words of a line; blanks in parentheses don't part them.
fn split_outside_parentheses(text: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_i32;
    text.split(move |c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ' ' && depth == 0
    })
}

fn usage(word: &str) -> Option<Usage> {
    match word {
        "R" => Some(Usage::Required),
        "S" => Some(Usage::Situational),
        _ => None,
    }
}

/// `*` is any number: there is a count, and it is none.
#[expect(clippy::option_option, reason = "the outer one says whether the word was read, the inner one is the value")]
fn count(word: &str) -> Option<Option<u16>> {
    if word == "*" { Some(None) } else { word.parse().ok().map(Some) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edi::guide::SegmentSpec;

    #[test]
    fn every_line_of_every_table_says_something() {
        for table in TABLES {
            let guide = parse(table);
            assert!(guide.is_ok(), "{}: {:?}", table.lines().next().unwrap_or_default(), guide.err());
        }
    }

    #[test]
    fn a_guide_is_found_by_every_version_that_it_covers() {
        for version in ["005010X222A1", "005010X222A2", "005010X222"] {
            assert_eq!(guide_of(version, "837").unwrap().name, "professional claims");
        }
        for (version, kinds) in [
            ("005010X221A1", &["835"][..]),
            ("005010X231A1", &["999"]),
            ("005010X214", &["277"]),
            ("005010X279A1", &["270", "271"]),
            ("005010X212", &["276", "277"]),
            ("00501", &["envelope"]),
            ("004010X098A1", &[]),
        ] {
            assert_eq!(of_version(version).map(|guide| guide.kind).collect::<Vec<_>>(), kinds);
            assert!(kinds.iter().all(|kind| guide_of(version, kind).is_some()));
            assert_eq!(guide(version).map(|guide| guide.kind), kinds.first().copied());
        }
    }

    fn walk<'a>(nodes: &'a [Node], path: &str, visit: &mut impl FnMut(&str, &'a SegmentUse)) {
        for node in nodes {
            match node {
                Node::Segment(segment) => visit(path, segment),
                Node::Loop(inner) => walk(&inner.nodes, inner.id, visit),
            }
        }
    }

    #[test]
    fn loops_open_with_a_required_segment_and_sets_run_from_st_to_se() {
        fn check(nodes: &[Node]) {
            for node in nodes {
                if let Node::Loop(inner) = node {
                    let head = node.head().unwrap();
                    assert!(head.usage == Usage::Required && head.max == Some(1), "{} {}", inner.id, head.spec.id);
                    check(&inner.nodes);
                }
            }
        }
        for guide in guides().filter(|guide| guide.kind != "envelope") {
            check(&guide.nodes);
            let ends = [guide.nodes.first(), guide.nodes.last()].map(|node| node.and_then(Node::head).map(|head| head.spec.id));
            assert_eq!(ends, [Some("ST"), Some("SE")], "{}", guide.version);
        }
    }

    #[test]
    fn uses_of_a_segment_at_one_place_are_told_apart_by_their_keys() {
        fn check(nodes: &[Node]) {
            for (at, node) in nodes.iter().enumerate() {
                let Some(head) = node.head() else { continue };
                let others = nodes[at + 1..].iter().take_while(|other| other.shares_place()).filter_map(Node::head);
                for other in others.filter(|other| other.spec.id == head.spec.id) {
                    assert!(head.key.is_some() && head.key == other.key, "{}", head.spec.id);
                    let shared = head.key_codes().iter().filter(|code| other.key_codes().contains(code)).count();
                    assert_eq!(shared, 0, "{} {:?}", head.spec.id, other.key_codes());
                }
                if let Node::Loop(inner) = node {
                    check(&inner.nodes);
                }
            }
        }
        guides().for_each(|guide| check(&guide.nodes));
    }

    #[test]
    fn a_required_element_of_a_claim_and_the_codes_of_its_place_are_as_the_guide_says() {
        let mut found = Vec::new();
        walk(&guide_of("005010X222A1", "837").unwrap().nodes, "", &mut |path, segment: &SegmentUse| {
            let SegmentSpec { id, .. } = segment.spec;
            if (path, *id) == ("2300", "CLM") {
                let place = &segment.elements[4];
                found.push((segment.elements[1].usage, segment.elements[2].usage, place.components[1].codes.clone()));
            }
            if (path, *id, segment.key_codes()) == ("2010AA", "NM1", &["85"][..]) {
                assert_eq!(segment.name(), "party: billing provider");
            }
        });
        // Once under the subscriber, once under the patient.
        assert_eq!(found, vec![(Usage::Required, Usage::NotUsed, vec!["B"]); 2]);
    }

    #[test]
    fn a_line_that_says_nothing_is_named() {
        let head = "guide 1 X 2 name\nlist a 1|2\n";
        for line in [
            "ST R",
            "ST N 1 1R",
            "ST R x 1R",
            "ZZZ R 1 1R",
            "ST R 1 1X",
            "ST R 1 0R",
            "ST R 1 4R",
            "ST R 1 1R=@b",
            "ST R 1 1R#x",
            "ST R 1 1R?",
            "CLM R 1 5R(1R",
            "CLM R 1 5R(4R)",
            "loop A R 1 name",
            "loop A R 1",
            "same A R 1",
            "  ST R 1 1R",
        ] {
            let table: &str = Box::leak(format!("{head}{line}").into_boxed_str());
            assert_eq!(parse(table).err(), Some(BadLine(3)), "{line}");
        }
        assert!(parse("guide 1 X 2 name\nlist a 1|2\nST R 1 1R=@a\nSE R * 1R").is_ok());
        assert_eq!(parse("ST R 1 1R").err(), Some(BadLine(0)));
    }
}
