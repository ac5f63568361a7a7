//! Where the segments of a transaction set stand: its loops as a tree, by the tables of [`guide`](mod@super::guide).
//!
//! This places, it doesn't judge: each segment goes to the nearest place that its identifier and its key fit, in order if it can be. What
//! fits nowhere stays with the loop that it was found in. A set of an unknown version is one loop without a name.

use super::guide::{self, LoopSpec, Node, SegmentUse, TransactionGuide};
use super::segment::Segment;
use super::{Position, TransactionSet};

/// A loop, or the whole transaction set.
#[derive(Clone)]
pub struct Branch<'a> {
    /// What the guide calls it; none for the whole set.
    pub spec: Option<&'static LoopSpec>,
    /// Its own segments, in the order of the file.
    pub segments: Vec<Placed<'a>>,
    /// The loops in it, in the order of the file.
    pub branches: Vec<Branch<'a>>,
}

/// A segment and what the guide says of its place.
#[derive(Clone, Copy)]
pub struct Placed<'a> {
    /// The segment.
    pub segment: Segment<'a>,
    /// What it is there; none when it fits nowhere.
    pub usage: Option<&'static SegmentUse>,
}

/// The guide by which a set is read; none when its version is not supported.
#[must_use]
pub fn guide_of(set: &TransactionSet) -> Option<&'static TransactionGuide> {
    guide::guide_of(set.version(), set.kind())
}

/// The loops of a set.
#[must_use]
pub fn outline(set: &TransactionSet) -> Branch<'_> {
    let nodes = guide_of(set).map_or(&[][..], |guide| &guide.nodes);
    let mut open = vec![Open { branch: Branch::new(None), nodes, at: 0 }];
    for segment in set.segments() {
        let Some((level, at)) = place(&open, &segment) else {
            add(&mut open, Placed { segment, usage: None });
            continue;
        };
        while open.len() > level + 1 {
            close(&mut open);
        }
        if let Some(top) = open.last_mut() {
            top.at = at;
        }
        descend(&mut open, segment, at);
    }
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop().map_or_else(|| Branch::new(None), |root| root.branch)
}

impl<'a> Branch<'a> {
    fn new(spec: Option<&'static LoopSpec>) -> Branch<'a> {
        Branch { spec, segments: Vec::new(), branches: Vec::new() }
    }

    /// The loops from the whole set down to the one that holds a segment, and the segment; none when the set doesn't hold it.
    #[must_use]
    pub fn find(&self, segment: u32) -> Option<(Vec<&Branch<'a>>, Placed<'a>)> {
        if let Some(found) = self.segments.iter().find(|placed| placed.segment.number() == segment) {
            return Some((vec![self], *found));
        }
        let (mut path, found) = self.branches.iter().find_map(|branch| branch.find(segment))?;
        path.insert(0, self);
        Some((path, found))
    }

    /// The loop's identifier: `2010AA`; empty for the whole set.
    #[must_use]
    pub fn id(&self) -> &'static str {
        self.spec.map_or("", |spec| spec.id)
    }

    /// The first own segment with this identifier.
    #[must_use]
    pub fn segment(&self, id: &str) -> Option<Segment<'a>> {
        self.segments.iter().map(|placed| placed.segment).find(|segment| segment.id() == id)
    }

    /// Where it begins.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        self.segments.first().map(|placed| placed.segment.position())
    }

    /// An element of its first own segment with this identifier whose first element is a code; empty when there is none.
    #[must_use]
    pub fn value(&self, id: &str, code: &str, n: usize) -> String {
        let fits = |segment: &Segment<'_>| segment.id() == id && (code.is_empty() || segment.bytes(1) == code.as_bytes());
        let found = self.segments.iter().map(|placed| placed.segment).find(fits);
        found.map_or_else(String::new, |segment| segment.text(n).trim().to_owned())
    }
}

/// A loop that is being filled, and how far into the guide's nodes it is.
struct Open<'a> {
    branch: Branch<'a>,
    nodes: &'static [Node],
    at: usize,
}

/// The level and node to which a segment goes: the innermost level that has a place for it at or after where it stands, else the innermost
/// that has one at all.
fn place(open: &[Open<'_>], segment: &Segment<'_>) -> Option<(usize, usize)> {
    let at_level = |in_order: bool| {
        open.iter().enumerate().rev().find_map(|(level, open)| {
            let from = if in_order { group_start(open.nodes, open.at) } else { 0 };
            let at = (from..open.nodes.len()).find(|&at| open.nodes[at].head().is_some_and(|head| fits(head, segment)))?;
            Some((level, at))
        })
    };
    at_level(true).or_else(|| at_level(false))
}

/// The first of the nodes that share a place with this one.
fn group_start(nodes: &[Node], mut at: usize) -> usize {
    while at > 0 && nodes.get(at).is_some_and(Node::shares_place) {
        at -= 1;
    }
    at
}

fn fits(usage: &SegmentUse, segment: &Segment<'_>) -> bool {
    let value = usage.key.map(|key| match key.component {
        Some(component) => segment.component(key.element.into(), component.into()),
        None => segment.bytes(key.element.into()),
    });
    usage.spec.id == segment.id() && value.is_none_or(|value| usage.key_codes().iter().any(|code| code.as_bytes() == value))
}

/// Opens the loops that a segment begins, and puts it where it belongs.
fn descend<'a>(open: &mut Vec<Open<'a>>, segment: Segment<'a>, mut at: usize) {
    let mut nodes = open.last().map_or(&[][..], |top| top.nodes);
    while let Some(node) = nodes.get(at) {
        match node {
            Node::Segment(usage) => return add(open, Placed { segment, usage: Some(usage) }),
            Node::Loop(inner) => {
                open.push(Open { branch: Branch::new(Some(inner)), nodes: &inner.nodes, at: 0 });
                (nodes, at) = (&inner.nodes, 0);
            }
        }
    }
}

fn add<'a>(open: &mut [Open<'a>], placed: Placed<'a>) {
    if let Some(top) = open.last_mut() {
        top.branch.segments.push(placed);
    }
}

fn close(open: &mut Vec<Open<'_>>) {
    if let Some(done) = open.pop()
        && let Some(above) = open.last_mut()
    {
        above.branch.branches.push(done.branch);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edi::{Event, read_all};

    fn set(file: &[u8]) -> TransactionSet {
        read_all(file).unwrap().into_iter().find_map(|event| if let Event::Transaction(set) = event { Some(set) } else { None }).unwrap()
    }

    /// The loops of a set, each indented by its depth, with its own segments.
    fn told(branch: &Branch<'_>, depth: usize, lines: &mut Vec<String>) {
        let segments: Vec<&str> = branch.segments.iter().map(|placed| placed.segment.id()).collect();
        lines.push(format!("{}{} {}", " ".repeat(depth), branch.id(), segments.join(" ")));
        branch.branches.iter().for_each(|inner| told(inner, depth + 1, lines));
    }

    fn lines(file: &[u8]) -> Vec<String> {
        let mut lines = Vec::new();
        told(&outline(&set(file)), 0, &mut lines);
        lines
    }

    #[test]
    fn a_secondary_claim_stands_in_its_loops() {
        let lines = lines(include_bytes!("../../edi-samples/described/claim-secondary.edi"));
        let expected = [
            " ST BHT SE",
            " 1000A NM1 PER",
            " 1000B NM1",
            " 2000A HL PRV",
            "  2010AA NM1 N3 N4 REF",
            "  2000B HL SBR",
            "   2010BA NM1",
            "   2010BB NM1",
            "   2000C HL PAT",
            "    2010CA NM1 N3 N4 DMG",
            "    2300 CLM HI",
            "     2310B NM1",
            "     2320 SBR AMT OI",
            "      2330A NM1",
            "      2330B NM1 REF",
            "     2400 LX SV1 DTP REF",
            "      2430 SVD CAS CAS DTP AMT",
            "     2400 LX SV1 DTP REF REF",
            "      2430 SVD CAS DTP AMT",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn claims_of_a_remittance_hold_their_lines_and_provider_adjustments_stand_outside() {
        let lines = lines(include_bytes!("../../edi-samples/described/remittance-reversal.edi"));
        assert_eq!(lines[0], " ST BPR TRN DTM PLB SE");
        assert_eq!(lines[1..5], [" 1000A N1 N3 N4 REF PER", " 1000B N1 REF", " 2000 LX", "  2100 CLP NM1"]);
        assert_eq!(lines.iter().filter(|line| line.starts_with("   2110 SVC DTM CAS REF")).count(), 12);
    }

    #[test]
    fn what_fits_nowhere_stays_where_it_was_found() {
        let text = include_str!("../../edi-samples/described/claim-secondary.edi").replace("LX*2~", "ZZ9*1~REF*QQ*1~LX*2~");
        let set = set(text.as_bytes());
        let outline = outline(&set);
        let (path, placed) = outline.find(set.segments().find(|segment| segment.id() == "ZZ9").unwrap().number()).unwrap();
        assert_eq!((path.last().unwrap().id(), placed.usage.is_none()), ("2430", true));
        let (path, placed) = outline.find(set.segments().find(|segment| segment.bytes(1) == b"QQ").unwrap().number()).unwrap();
        assert_eq!((path.last().unwrap().id(), placed.usage.is_none()), ("2430", true));
    }

    #[test]
    fn a_set_of_an_unknown_version_is_one_loop() {
        let text = include_str!("../../edi-samples/described/claim-secondary.edi").replace("005010X222A1", "004010X098A1");
        let set = set(text.as_bytes());
        assert!(guide_of(&set).is_none());
        let outline = outline(&set);
        assert_eq!((outline.branches.len(), outline.segments.len()), (0, set.segments().count()));
    }
}
