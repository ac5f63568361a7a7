//! A file as records that can be matched: claims by their number, remittances by their trace, and below them loops by what names them.

use std::borrow::Cow;
use std::collections::HashMap;

use super::Strictness;
use crate::edi::guide;
use crate::edi::mask::class::{Class, class};
use crate::edi::outline::{Branch, Placed, outline};
use crate::edi::remittance_835::Quantity;
use crate::edi::roundtrip::Piece;
use crate::edi::segment::Segment;
use crate::edi::{Event, TransactionSet};

/// Something that is matched as a whole.
#[derive(Clone)]
pub(super) struct Record<'a> {
    /// What it is called in a path.
    pub(super) label: String,
    /// What it is matched by.
    pub(super) key: String,
    /// It only wraps what is matched on its own: an envelope, the heading of a batch.
    pub(super) wraps: bool,
    pub(super) items: Vec<Item<'a>>,
    pub(super) parts: Vec<Record<'a>>,
}

/// A segment, or a piece of one that stands for itself: one adjustment of a CAS.
#[derive(Clone)]
pub(super) struct Item<'a> {
    /// What it is called before the name of an element; empty for the segment that a record is about.
    pub(super) label: String,
    pub(super) key: String,
    pub(super) id: &'a str,
    pub(super) number: u32,
    pub(super) cells: Vec<Cell<'a>>,
}

/// An element or component.
#[derive(Clone, Copy)]
pub(super) struct Cell<'a> {
    /// By which it is matched: element and component; of a piece its own numbers.
    pub(super) key: (usize, usize),
    at: (usize, usize),
    pub(super) name: &'static str,
    pub(super) class: Class,
    pub(super) is_money: bool,
    pub(super) value: &'a [u8],
}

/// The data element of amounts of money.
const MONEY: &str = "782";

/// What only counts, numbers an exchange or tells when a file was written: segment and elements.
const INCIDENTAL: &[(&str, &[usize])] = &[
    ("ISA", &[9, 10, 11, 13, 16]),
    ("GS", &[4, 5, 6]),
    ("ST", &[2]),
    ("BHT", &[3, 4, 5]),
    ("HL", &[1, 2, 4]),
    ("LX", &[1]),
    ("SE", &[1, 2]),
    ("GE", &[1, 2]),
    ("IEA", &[1, 2]),
];

/// The records of a file.
pub(super) fn records(pieces: &[Piece], strictness: Strictness) -> Vec<Record<'_>> {
    let builder = Builder { strictness };
    let mut all = Vec::new();
    for (piece, event) in pieces.iter().flat_map(|piece| piece.events.iter().map(move |event| (piece, event))) {
        let envelope = |label| piece.envelope().map(|segment| builder.lone(label, segment));
        match event {
            Event::Interchange(_) => all.extend(envelope("interchange")),
            Event::Group(_) => all.extend(envelope("group")),
            Event::InterchangeAck(segment) => {
                let segment = segment.as_segment();
                let number = segment.text(1).into_owned();
                all.push(Record { key: format!("TA1 {number}"), wraps: false, ..builder.lone(&format!("TA1 {number}"), segment) });
            }
            Event::Transaction(set) => builder.set(set, &mut all),
            Event::GroupEnd(_) => all.extend(envelope("group trailer")),
            Event::InterchangeEnd(_) => all.extend(envelope("interchange trailer")),
            Event::Finding(_) => {}
        }
    }
    all
}

struct Builder {
    strictness: Strictness,
}

impl Builder {
    /// A segment that stands alone.
    fn lone<'a>(&self, label: &str, segment: Segment<'a>) -> Record<'a> {
        let items = self.items(&Placed { segment, usage: None }, true);
        Record { label: label.to_owned(), key: label.to_owned(), wraps: true, items, parts: Vec::new() }
    }

    fn set<'a>(&self, set: &'a TransactionSet, all: &mut Vec<Record<'a>>) {
        let root = outline(set);
        match set.kind() {
            "837" if !root.branches.is_empty() => {
                let mut claims = Vec::new();
                let heading = self.claims(&root, &[], &mut claims);
                all.extend(heading.map(|heading| Record { label: "batch".to_owned(), key: "837".to_owned(), wraps: true, ..heading }));
                all.extend(claims);
            }
            "835" => {
                let trace = root.segment("TRN");
                let number = |n: usize| trace.map_or_else(String::new, |trace| trace.text(n).trim().to_owned());
                let (label, key) = (format!("remittance {}", number(2)), format!("835 {} {}", number(3), number(2)));
                all.push(Record { label, key, ..self.branch(&root, 0) });
            }
            kind => {
                let label = format!("{kind} {}", set.control_number());
                all.push(Record { key: label.clone(), label, ..self.branch(&root, 0) });
            }
        }
    }

    /// Claims as records of their own, each with the loops above it; the loop itself without claims.
    fn claims<'a>(&self, branch: &Branch<'a>, above: &[Record<'a>], claims: &mut Vec<Record<'a>>) -> Option<Record<'a>> {
        if branch.id() == "2300" {
            let mut claim = self.branch(branch, 0);
            claim.parts.splice(0..0, above.iter().cloned());
            claims.push(claim);
            return None;
        }
        // The loop as it is seen from a claim below it: with the parties it names, without other levels.
        let is_level = |inner: &&Branch<'_>| inner.segments.first().is_some_and(|placed| matches!(placed.segment.id(), "HL" | "CLM"));
        let mut own = self.named(branch, 0);
        own.parts = branch.branches.iter().filter(|inner| !is_level(inner)).map(|inner| self.branch(inner, 0)).collect();
        let heading = branch.spec.is_none();
        let above: Vec<Record<'a>> = if heading { Vec::new() } else { above.iter().cloned().chain([own.clone()]).collect() };
        for inner in branch.branches.iter().filter(is_level) {
            self.claims(inner, &above, claims);
        }
        heading.then_some(own)
    }

    /// A loop with everything in it.
    fn branch<'a>(&self, branch: &Branch<'a>, nth: usize) -> Record<'a> {
        let mut record = self.named(branch, nth);
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for inner in &branch.branches {
            // The header number of a remittance groups claims and means nothing else: they belong to the remittance.
            let inner_branches = if inner.id() == "2000" && inner.segment("LX").is_some() {
                record.parts.push(self.named(inner, 0));
                &inner.branches[..]
            } else {
                std::slice::from_ref(inner)
            };
            for inner in inner_branches {
                let nth = seen.entry(inner.id()).or_default();
                *nth += 1;
                record.parts.push(self.branch(inner, *nth));
            }
        }
        record
    }

    /// A loop without the loops in it.
    fn named<'a>(&self, branch: &Branch<'a>, nth: usize) -> Record<'a> {
        let (label, key) = name(branch, nth);
        let first = branch.segments.first().map(|placed| placed.segment.number());
        let items = branch.segments.iter().flat_map(|placed| self.items(placed, Some(placed.segment.number()) == first));
        Record { label, key, wraps: false, items: items.collect(), parts: Vec::new() }
    }

    /// What of a segment is compared: the segment, or its pieces.
    fn items<'a>(&self, placed: &Placed<'a>, is_first: bool) -> Vec<Item<'a>> {
        let segment = placed.segment;
        match segment.id() {
            "CAS" => pieces(&segment, (2..=17).step_by(3), |at| {
                let (group, reason) = (segment.text(1), segment.text(at));
                (format!("{group}-{reason}"), vec![(at + 1, 1), (at + 2, 1)])
            }),
            "PLB" => pieces(&segment, (3..=13).step_by(2), |at| {
                let part = |c| String::from_utf8_lossy(segment.component(at, c)).into_owned();
                (format!("provider adjustment {} {}", part(1), part(2)), vec![(at + 1, 1), (1, 1), (2, 1)])
            }),
            _ => vec![self.item(placed, is_first)],
        }
    }

    fn item<'a>(&self, placed: &Placed<'a>, is_first: bool) -> Item<'a> {
        let segment = placed.segment;
        let id = segment.id();
        let key = placed.usage.and_then(|usage| usage.key).map_or_else(
            || if placed.usage.is_some() || is_first { Cow::default() } else { segment.text(1) },
            |key| String::from_utf8_lossy(segment.component(key.element.into(), key.component.unwrap_or(1).into())),
        );
        let incidental = INCIDENTAL.iter().find(|(known, _)| *known == id).map_or(&[][..], |(_, elements)| elements);
        let kept = |n: &usize| self.strictness == Strictness::Strict || !incidental.contains(n);
        let cells = (1..=segment.elements()).filter(kept).flat_map(|n| {
            let count = if is_declaration(id, n) { 1 } else { segment.components(n).count() };
            (1..=count).map(move |c| cell(&segment, (n, c), (n, c)))
        });
        let name = placed.usage.map(|usage| usage.name()).or_else(|| guide::segment(id).map(|spec| spec.name.to_owned()));
        Item {
            label: if is_first || id == "SV1" { String::new() } else { name.unwrap_or_else(|| id.to_owned()) },
            key: format!("{id} {key}"),
            id,
            number: segment.number(),
            cells: cells.filter(|cell| !cell.value.is_empty()).collect(),
        }
    }
}

/// ISA11 and ISA16 declare delimiters and can't be cut at them.
fn is_declaration(id: &str, n: usize) -> bool {
    id == "ISA" && matches!(n, 11 | 16)
}

/// The pieces of a segment that begin at these elements: label and key, and the places of the values.
fn pieces<'a>(
    segment: &Segment<'a>,
    starts: impl Iterator<Item = usize>,
    piece: impl Fn(usize) -> (String, Vec<(usize, usize)>),
) -> Vec<Item<'a>> {
    let filled = starts.filter(|&at| !segment.bytes(at).is_empty() || !segment.bytes(at + 1).is_empty());
    let item = |at| {
        let (label, places) = piece(at);
        let cells = (1..).zip(places).map(|(nth, place)| cell(segment, (nth, 1), place)).filter(|cell| !cell.value.is_empty());
        Item { key: format!("{} {label}", segment.id()), label, id: segment.id(), number: segment.number(), cells: cells.collect() }
    };
    filled.map(item).collect()
}

fn cell<'a>(segment: &Segment<'a>, key: (usize, usize), at: (usize, usize)) -> Cell<'a> {
    let value = if is_declaration(segment.id(), at.0) { segment.bytes(at.0) } else { segment.component(at.0, at.1) };
    let element = guide::segment(segment.id()).and_then(|spec| spec.element(at.0));
    let part = element.map(|element| element.components().get(at.1 - 1).unwrap_or(element));
    Cell {
        key,
        at,
        name: part.map_or("", |part| part.name),
        class: class(segment, at.0, at.1, value),
        is_money: part.is_some_and(|part| part.data_element == MONEY),
        value,
    }
}

impl<'a> Item<'a> {
    /// The cell of a key.
    pub(super) fn cell(&self, key: (usize, usize)) -> Option<Cell<'a>> {
        self.cells.iter().find(|cell| cell.key == key).copied()
    }
}

impl Cell<'_> {
    /// The value without what means nothing: trailing spaces, and of numbers trailing zeros.
    pub(super) fn normal(&self) -> Vec<u8> {
        match Quantity::parse_bytes(self.value) {
            Ok(number) if self.class == Class::Amount => number.to_string().into_bytes(),
            _ => self.value.trim_ascii_end().to_vec(),
        }
    }

    /// `SV102`, `SV101-3`.
    pub(super) fn place(&self, id: &str) -> String {
        let composite = guide::segment(id).and_then(|spec| spec.element(self.at.0)).is_some_and(|element| !element.components().is_empty());
        if composite { format!("{id}{:02}-{}", self.at.0, self.at.1) } else { format!("{id}{:02}", self.at.0) }
    }
}

impl Record<'_> {
    /// Its first segment.
    pub(super) fn segment(&self) -> Option<u32> {
        self.items.first().map(|item| item.number)
    }
}

/// What a loop is called and matched by.
fn name(branch: &Branch<'_>, nth: usize) -> (String, String) {
    let id = branch.id();
    let inner = |id: &str| branch.branches.iter().find(|inner| inner.id() == id);
    let or = |text: String, other: String| if text.is_empty() { other } else { text };
    let (label, own) = match id {
        "2300" => (format!("claim {}", branch.value("CLM", "", 1)), branch.value("CLM", "", 1)),
        "2400" => (format!("line {}", or(branch.value("LX", "", 1), nth.to_string())), or(branch.value("REF", "6R", 2), nth.to_string())),
        "2320" => {
            let payer = inner("2330B").map_or_else(String::new, |payer| payer.value("NM1", "PR", 9));
            (format!("other payer {payer}"), payer)
        }
        "2430" => (format!("decision of payer {}", branch.value("SVD", "", 1)), branch.value("SVD", "", 1)),
        "2100" if branch.segment("CLP").is_some() => {
            let [pcn, status, icn] = [1, 2, 7].map(|n| branch.value("CLP", "", n));
            let reversal = if status == "22" { " reversal" } else { "" };
            (format!("claim {pcn}{reversal}"), format!("{pcn} {icn} {status}"))
        }
        "2110" if branch.segment("SVC").is_some() => (format!("line {nth}"), or(branch.value("REF", "6R", 2), branch.value("SVC", "", 1))),
        "2000D" => {
            let claims: Vec<String> = branch.branches.iter().map(|inner| inner.value("TRN", "2", 2)).collect();
            ("patient".to_owned(), claims.concat())
        }
        "2200D" => (format!("claim {}", branch.value("TRN", "2", 2)), branch.value("TRN", "2", 2)),
        _ => {
            let code = branch.segments.first().filter(|placed| placed.segment.id() == "NM1").map(|placed| placed.segment.text(1));
            (branch.spec.map_or("", |spec| spec.name).to_owned(), code.unwrap_or_default().into_owned())
        }
    };
    (label, format!("{id} {own}"))
}
