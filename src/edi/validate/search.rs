//! Where a segment fits into a guide: the loops that are open, and the search through them.

use super::hierarchy::HlState;
use crate::edi::Segment;
use crate::edi::guide::{LoopSpec, Node, SegmentUse, Usage};
use crate::platform::phi::Phi;

use super::walk::Here;

/// A loop that is open, or the transaction set itself.
pub(super) struct Frame {
    /// None for the set.
    pub(super) spec: Option<&'static LoopSpec>,
    pub(super) nodes: &'static [Node],
    /// The node that was reached last.
    pub(super) at: usize,
    /// How often each node was there.
    pub(super) counts: Vec<u32>,
    /// Required nodes that were passed over, and the segment that did so.
    pub(super) passed: Vec<(usize, Here)>,
    /// What its HL segment says.
    pub(super) level: Option<HlState>,
    /// The claim or claim payment that the loop is.
    pub(super) claim: Option<Phi<String>>,
}

impl Frame {
    pub(super) fn new(spec: Option<&'static LoopSpec>, nodes: &'static [Node]) -> Frame {
        Frame { spec, nodes, at: 0, counts: vec![0; nodes.len()], passed: Vec::new(), level: None, claim: None }
    }

    /// The first node that may still come: those that share their place with the node reached last may come in any order.
    pub(super) fn first_open(&self) -> usize {
        place_of(self.nodes, self.at)
    }

    pub(super) fn has_room(&self, node: usize) -> bool {
        self.nodes[node].max().is_none_or(|max| self.counts[node] < max.into())
    }

    pub(super) fn is_wanting(&self, node: usize) -> bool {
        self.nodes[node].usage() == Usage::Required && self.counts[node] == 0
    }

    /// The nodes that can be matched, without the segment that opens the loop: it opens it anew, which is for the loop around it to say.
    fn matchable(&self) -> std::ops::Range<usize> {
        usize::from(self.spec.is_some())..self.nodes.len()
    }
}

/// The first node of a place.
pub(super) fn place_of(nodes: &[Node], mut at: usize) -> usize {
    while at > 0 && nodes[at].shares_place() {
        at -= 1;
    }
    at
}

/// Where a segment belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// At a node of an open loop that may come now.
    Here { depth: usize, node: usize },
    /// At a node that may come now but stood often enough.
    Full { depth: usize, node: usize },
    /// At a node whose place is past.
    Behind { depth: usize, node: usize },
    /// In the open loop at this depth, which begins again without the segment that opens it.
    Again { depth: usize, inner: usize },
    /// In a loop that may come now, without the segment that opens it.
    Headless { depth: usize, node: usize, inner: usize },
    /// At a node that wants another code at its key.
    WrongKey { depth: usize, node: usize },
    /// Nowhere.
    Nowhere,
}

/// How well a segment fits a use of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    No,
    /// The identifier fits, the key does not.
    Id,
    Exact,
}

fn fit(place: &SegmentUse, segment: &Segment<'_>, id: &str) -> Fit {
    if place.spec.id != id {
        return Fit::No;
    }
    let Some(key) = place.key else { return Fit::Exact };
    let text = segment.bytes(key.element.into());
    // A key that repeats is told by its first repetition.
    let first = text.split(|byte| *byte == segment.delimiters().repetition).next().unwrap_or_default();
    let code = match key.component {
        Some(component) => first.split(|byte| *byte == segment.delimiters().component).nth(usize::from(component) - 1).unwrap_or_default(),
        None => first,
    };
    if place.key_codes().iter().any(|known| known.as_bytes() == code) { Fit::Exact } else { Fit::Id }
}

fn fits(node: &Node, segment: &Segment<'_>, id: &str) -> Fit {
    node.head().map_or(Fit::No, |head| fit(head, segment, id))
}

/// Searches the open loops from the innermost outwards: first for what may come now, then for what explains the segment with one fault.
pub(super) fn search(stack: &[Frame], segment: &Segment<'_>, id: &str) -> Found {
    let exact = |frame: &Frame, node: usize| fits(&frame.nodes[node], segment, id) == Fit::Exact;
    let mut full = None;
    for (depth, frame) in stack.iter().enumerate().rev() {
        for node in frame.first_open().max(frame.matchable().start)..frame.nodes.len() {
            if exact(frame, node) {
                if frame.has_room(node) {
                    return Found::Here { depth, node };
                }
                full = full.or(Some(Found::Full { depth, node }));
            }
        }
    }
    again(stack, segment, id)
        .or(full)
        .or_else(|| level(stack, segment, id))
        .or_else(|| behind(stack, segment, id))
        .or_else(|| headless(stack, segment, id))
        .or_else(|| wrong_key(stack, segment, id))
        .unwrap_or(Found::Nowhere)
}

/// Only what may come now, for a segment that follows one which was not placed.
pub(super) fn search_open(stack: &[Frame], segment: &Segment<'_>, id: &str) -> Option<Found> {
    match search(stack, segment, id) {
        found @ Found::Here { .. } => Some(found),
        _ => None,
    }
}

/// The node after the segment that opens a loop: it tells the loop almost as well.
const AFTER_HEAD: usize = 1;

/// A second segment after the head of a repeating loop, required and there already, begins the loop again: SV1 without LX.
fn again(stack: &[Frame], segment: &Segment<'_>, id: &str) -> Option<Found> {
    stack.iter().enumerate().rev().find_map(|(depth, frame)| {
        let repeats = frame.spec.is_some_and(|spec| spec.max != Some(1));
        let node = frame.nodes.get(AFTER_HEAD).filter(|_| repeats && frame.at > AFTER_HEAD)?;
        let is_again = node.usage() == Usage::Required && !frame.has_room(AFTER_HEAD) && fits(node, segment, id) == Fit::Exact;
        is_again.then_some(Found::Again { depth, inner: AFTER_HEAD })
    })
}

fn behind(stack: &[Frame], segment: &Segment<'_>, id: &str) -> Option<Found> {
    let mut nodes = stack
        .iter()
        .enumerate()
        .rev()
        .flat_map(|(depth, frame)| (frame.matchable().start..frame.first_open()).map(move |node| (depth, node, frame)));
    nodes
        .find(|(_, node, frame)| fits(&frame.nodes[*node], segment, id) == Fit::Exact)
        .map(|(depth, node, _)| Found::Behind { depth, node })
}

/// A place for the segment in a loop that may come now but has not begun.
struct Candidate {
    found: Found,
    /// Whether the loop is required and was not there yet.
    is_wanting: bool,
    /// Whether the segment tells the loop: it is required there, or follows the head.
    tells: bool,
    /// Whether the loop is a level (HL) and the segment, required, follows its head: SBR, PAT.
    is_level: bool,
}

fn candidates(stack: &[Frame], segment: &Segment<'_>, id: &str) -> Vec<Candidate> {
    let of_frame = |(depth, frame): (usize, &Frame)| {
        let places = (frame.first_open()..frame.nodes.len()).filter_map(|node| {
            let Node::Loop(inner) = &frame.nodes[node] else { return None };
            let place = (1..inner.nodes.len()).find(|&at| fits(&inner.nodes[at], segment, id) == Fit::Exact)?;
            let is_required = inner.nodes[place].usage() == Usage::Required;
            let opens_level = inner.nodes[0].head().is_some_and(|head| head.spec.id == "HL");
            Some(Candidate {
                found: Found::Headless { depth, node, inner: place },
                is_wanting: frame.is_wanting(node),
                tells: frame.has_room(node) && (is_required || place == AFTER_HEAD),
                is_level: opens_level && is_required && place == AFTER_HEAD,
            })
        });
        places.collect::<Vec<_>>()
    };
    stack.iter().enumerate().rev().flat_map(of_frame).collect()
}

/// A level that begins without its HL.
fn level(stack: &[Frame], segment: &Segment<'_>, id: &str) -> Option<Found> {
    candidates(stack, segment, id).into_iter().find(|candidate| candidate.is_level).map(|candidate| candidate.found)
}

/// A loop that begins without its head: one that is wanting before any that the segment tells.
fn headless(stack: &[Frame], segment: &Segment<'_>, id: &str) -> Option<Found> {
    let candidates = candidates(stack, segment, id);
    let found = candidates.iter().find(|candidate| candidate.is_wanting).or_else(|| candidates.iter().find(|candidate| candidate.tells));
    found.map(|candidate| candidate.found)
}

fn wrong_key(stack: &[Frame], segment: &Segment<'_>, id: &str) -> Option<Found> {
    // With a code that has its place elsewhere, the segment is misplaced and its code is right.
    if stack.first().is_some_and(|set| is_somewhere(set.nodes, segment, id)) {
        return None;
    }
    stack.iter().enumerate().rev().find_map(|(depth, frame)| {
        let open = || {
            (frame.first_open().max(frame.matchable().start)..frame.nodes.len())
                .filter(|&node| fits(&frame.nodes[node], segment, id) == Fit::Id)
        };
        let node = open().find(|&node| frame.is_wanting(node)).or_else(|| open().find(|&node| frame.has_room(node)))?;
        Some(Found::WrongKey { depth, node })
    })
}

/// Whether a guide has a place for the segment with the code at its key.
fn is_somewhere(nodes: &[Node], segment: &Segment<'_>, id: &str) -> bool {
    nodes.iter().any(|node| match node {
        Node::Segment(place) => fit(place, segment, id) == Fit::Exact,
        Node::Loop(inner) => is_somewhere(&inner.nodes, segment, id),
    })
}

/// Whether a guide has the segment at all; and whether it opens a loop there.
pub(super) fn is_known(nodes: &[Node], id: &str) -> (bool, bool) {
    nodes.iter().fold((false, false), |(known, opens), node| match node {
        Node::Segment(place) => (known || place.spec.id == id, opens),
        Node::Loop(inner) => {
            let (inner_known, inner_opens) = is_known(&inner.nodes, id);
            (known || inner_known, opens || inner_opens || node.head().is_some_and(|head| head.spec.id == id))
        }
    })
}

/// The innermost open loop that has loops opened by such a segment: where one stands that was not placed.
pub(super) fn level_of(stack: &[Frame], id: &str) -> Option<usize> {
    let opens = |node: &Node| matches!(node, Node::Loop(_)) && node.head().is_some_and(|head| head.spec.id == id);
    stack.iter().rposition(|frame| frame.nodes.iter().any(opens))
}
