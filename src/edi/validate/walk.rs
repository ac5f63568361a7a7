//! The walk of one transaction set through its guide: which place each segment has, what is missing, what stands too often or in the
//! wrong place. One fault is reported once: after it, the walk goes on at the next segment that fits.

use super::catalog::*;
use super::fault::Fault;
use super::hierarchy::{Hierarchy, HlState};
use super::search::{Found, Frame, is_known, level_of, place_of, search, search_open};
use crate::edi::guide::{LoopSpec, Node, SegmentUse, TransactionGuide, segment as dictionary};
use crate::edi::{Position, Segment};
use crate::platform::phi::Phi;

/// A place in the set: in the file, and the number of the segment in its set.
#[derive(Clone, Copy)]
pub(super) struct Here {
    pub(super) position: Position,
    pub(super) at: u32,
}

/// What became of a segment.
enum Step {
    Placed(Placed),
    /// It has no place, and this was said.
    Reported,
    Nowhere,
}

/// Where a segment was placed.
#[derive(Clone, Copy)]
pub(super) struct Placed {
    /// Its use there.
    pub(super) place: &'static SegmentUse,
    /// The loop; none at the level of the set.
    pub(super) loop_id: Option<&'static str>,
}

/// The walk.
pub(super) struct Walk {
    guide: &'static TransactionGuide,
    stack: Vec<Frame>,
    /// A segment that opens a loop was not placed: what follows may belong to it and is passed over until something fits.
    lost: bool,
    hierarchy: Hierarchy,
    /// Loops that ended since this was emptied, in the order of their ends.
    pub(super) closed: Vec<&'static LoopSpec>,
}

/// Takes faults.
pub(super) type Report<'a> = &'a mut dyn FnMut(Fault);

impl Walk {
    pub(super) fn new(guide: &'static TransactionGuide) -> Walk {
        let stack = vec![Frame::new(None, &guide.nodes)];
        Walk { guide, stack, lost: false, hierarchy: Hierarchy::default(), closed: Vec::new() }
    }

    /// Finds the place of the next segment; none when it has none.
    pub(super) fn step(&mut self, segment: &Segment<'_>, here: Here, report: Report<'_>) -> Option<Placed> {
        let id = segment.id();
        let found = if self.lost { search_open(&self.stack, segment, id) } else { Some(search(&self.stack, segment, id)) };
        let Some(found) = found else {
            if dictionary(id).is_none() {
                self.unplaced(segment, here, report);
            }
            return None;
        };
        self.lost = false;
        let step = match found {
            Found::Here { depth, node } => Step::Placed(self.enter(depth, node, here, report)),
            Found::Full { depth, node } => {
                self.too_many(depth, node, here, report);
                Step::Placed(self.enter(depth, node, here, report))
            }
            Found::Behind { depth, node } => self.out_of_order(depth, node, here, report),
            Found::Again { depth, inner } => self.again(depth, inner, here, report),
            Found::Headless { depth, node, inner } => Step::Placed(self.enter_headless(depth, node, inner, here, report)),
            Found::WrongKey { depth, node } => self.wrong_key(depth, node, segment, here, report),
            Found::Nowhere => Step::Nowhere,
        };
        let placed = match step {
            Step::Placed(placed) => placed,
            Step::Reported => return None,
            Step::Nowhere => {
                self.unplaced(segment, here, report);
                return None;
            }
        };
        if id == "HL" {
            let mut faults = Vec::new();
            let (hierarchy, above, level) = self.levels_at_top();
            *level = Some(hierarchy.enter(segment, here, above, &mut |fault| faults.push(fault)));
            faults.into_iter().for_each(|fault| report(self.told(fault, here)));
        }
        Some(placed)
    }

    /// The end of the set: all loops end.
    pub(super) fn finish(&mut self, here: Here, report: Report<'_>) {
        while !self.stack.is_empty() {
            self.close(here, report);
        }
    }

    /// Names the loop that was opened last: it is a claim, and the faults in it are the claim's.
    pub(super) fn name_claim(&mut self, claim: Phi<String>) {
        if let Some(frame) = self.stack.last_mut() {
            frame.claim = Some(claim);
        }
    }

    /// Completes a fault of the segment that was placed last.
    pub(super) fn told(&self, fault: Fault, here: Here) -> Fault {
        let loop_id = fault.loop_id.or_else(|| self.stack.last().and_then(|frame| frame.spec).map(|spec| spec.id));
        let claim = fault.claim.clone().or_else(|| self.claim_at(self.stack.len()));
        Fault { at: if fault.at == 0 { here.at } else { fault.at }, loop_id, claim, ..fault }
    }

    /// Numbers of the levels (HL) that are open, outermost first: whose claims a fault before the claim itself concerns.
    pub(super) fn levels(&self) -> impl Iterator<Item = u32> {
        self.stack.iter().filter_map(|frame| frame.level.as_ref().map(|level| level.at))
    }

    /// The numbering of levels, the level above the loop that was opened last, and the place of its own.
    fn levels_at_top(&mut self) -> (&mut Hierarchy, Option<&mut HlState>, &mut Option<HlState>) {
        let (top, around) = self.stack.split_last_mut().expect("the set itself is open until the walk ends");
        (&mut self.hierarchy, around.iter_mut().rev().find_map(|frame| frame.level.as_mut()), &mut top.level)
    }

    /// The claim of the loops below a depth.
    fn claim_at(&self, depth: usize) -> Option<Phi<String>> {
        self.stack[..depth].iter().rev().find_map(|frame| frame.claim.clone())
    }

    /// Ends the innermost loop.
    fn close(&mut self, here: Here, report: Report<'_>) {
        let claim = self.claim_at(self.stack.len());
        let Some(frame) = self.stack.pop() else { return };
        for (node, wanting) in frame.nodes.iter().enumerate().filter(|(node, _)| frame.is_wanting(*node)) {
            // A missing end of the set is seen by who reads the envelopes.
            if let Some(head) = wanting.head().filter(|head| head.spec.id != "SE") {
                let here = frame.passed.iter().find(|(passed, _)| *passed == node).map_or(here, |(_, here)| *here);
                report(Fault { claim: claim.clone(), ..missing(wanting, head, frame.spec, here) });
            }
        }
        if let Some(level) = &frame.level {
            level.close(&mut |fault| report(Fault { claim: claim.clone(), loop_id: frame.spec.map(|spec| spec.id), ..fault }));
        }
        self.closed.extend(frame.spec);
    }

    /// Goes to a node of an open loop; inner loops end. Opens the loop that it is.
    fn enter(&mut self, depth: usize, node: usize, here: Here, report: Report<'_>) -> Placed {
        while self.stack.len() > depth + 1 {
            self.close(here, report);
        }
        let frame = &mut self.stack[depth];
        let passed = (frame.first_open()..place_of(frame.nodes, node)).filter(|&passed| frame.is_wanting(passed));
        let passed: Vec<_> = passed.map(|passed| (passed, here)).collect();
        frame.passed.extend(passed);
        frame.at = frame.at.max(node);
        self.count(depth, node)
    }

    /// Counts a node, and opens the loop that it is.
    fn count(&mut self, depth: usize, node: usize) -> Placed {
        let frame = &mut self.stack[depth];
        frame.counts[node] += 1;
        let loop_id = frame.spec.map(|spec| spec.id);
        match &frame.nodes[node] {
            Node::Segment(place) => Placed { place, loop_id },
            Node::Loop(spec) => {
                let mut inner = Frame::new(Some(spec), &spec.nodes);
                inner.counts[0] = 1;
                self.stack.push(inner);
                let head = spec.nodes[0].head().expect("a test asserts that every loop of every table opens with a segment");
                Placed { place: head, loop_id: Some(spec.id) }
            }
        }
    }

    /// Reports the first that is too many; one report is enough for all.
    fn too_many(&self, depth: usize, node: usize, here: Here, report: Report<'_>) {
        let frame = &self.stack[depth];
        let max = frame.nodes[node].max().unwrap_or(u16::MAX);
        if frame.counts[node] > u32::from(max) {
            return;
        }
        let fault = match &frame.nodes[node] {
            Node::Segment(place) => {
                let message = format!("{} stands more often than the {max} allowed{}", place.name(), within(frame.spec));
                Fault { loop_id: frame.spec.map(|spec| spec.id), ..Fault::new(SEGMENT_TOO_MANY, here.position, message) }
            }
            Node::Loop(spec) => {
                let message = format!("loop {} ({}) stands more often than the {max} allowed", spec.id, spec.name);
                Fault { loop_id: Some(spec.id), ..Fault::new(LOOP_TOO_MANY, here.position, message) }
            }
        };
        report(Fault { at: here.at, claim: self.claim_at(depth + 1), ..fault });
    }

    /// What stands too late is taken where it is: the loops that are open stay open.
    fn out_of_order(&mut self, depth: usize, node: usize, here: Here, report: Report<'_>) -> Step {
        if !self.stack[depth].has_room(node) {
            self.too_many(depth, node, here, report);
            let frame = &mut self.stack[depth];
            frame.counts[node] += 1;
            // What belongs to the loop that is too many is passed over with it.
            self.lost = matches!(frame.nodes[node], Node::Loop(_));
            return Step::Reported;
        }
        let frame = &self.stack[depth];
        let name = frame.nodes[node].head().map(SegmentUse::name).unwrap_or_default();
        let message = format!("{name} stands after what should follow it{}", within(frame.spec));
        let loop_id = frame.spec.map(|spec| spec.id);
        report(Fault { at: here.at, loop_id, claim: self.claim_at(depth + 1), ..Fault::new(SEGMENT_ORDER, here.position, message) });
        Step::Placed(self.count(depth, node))
    }

    /// An open loop begins again without the segment that opens it.
    fn again(&mut self, depth: usize, inner: usize, here: Here, report: Report<'_>) -> Step {
        let Some((spec, around)) = self.stack[depth].spec.zip(depth.checked_sub(1)) else { return Step::Nowhere };
        let is_it = |node: &Node| matches!(node, Node::Loop(other) if other.id == spec.id);
        match self.stack[around].nodes.iter().position(is_it) {
            Some(node) => Step::Placed(self.enter_headless(around, node, inner, here, report)),
            None => Step::Nowhere,
        }
    }

    fn enter_headless(&mut self, depth: usize, node: usize, inner: usize, here: Here, report: Report<'_>) -> Placed {
        self.enter(depth, node, here, report);
        let inside = self.stack.len() - 1;
        let spec = self.stack[inside].spec;
        if let Some(head) = self.stack[inside].nodes[0].head() {
            let fault = missing(&self.stack[inside].nodes[0], head, spec, here);
            report(Fault { claim: self.claim_at(inside), ..fault });
            if head.spec.id == "HL" {
                let (hierarchy, above, level) = self.levels_at_top();
                *level = Some(hierarchy.enter_unknown(here, above));
            }
        }
        self.enter(inside, inner, here, report)
    }

    /// Takes a segment for the one that is wanting, so that one wrong code is one fault; the check of the elements reports it. Where none
    /// is wanting, the code fits none of the uses that could come; a loop that it would open has no place.
    fn wrong_key(&mut self, depth: usize, node: usize, segment: &Segment<'_>, here: Here, report: Report<'_>) -> Step {
        let frame = &self.stack[depth];
        if frame.is_wanting(node) {
            return Step::Placed(self.enter(depth, node, here, report));
        }
        let Node::Segment(place) = &frame.nodes[node] else { return Step::Nowhere };
        let Some(key) = place.key else { return Step::Nowhere };
        let uses = frame.nodes.iter().filter_map(|node| if let Node::Segment(other) = node { Some(other) } else { None });
        let codes: Vec<&str> = uses.filter(|other| other.spec.id == place.spec.id).flat_map(SegmentUse::key_codes).copied().collect();
        let position = key.component.map_or(segment.at(key.element.into()), |c| segment.at(key.element.into()).component(c.into()));
        let element = place.spec.element(key.element.into()).and_then(|element| element.at(key.component));
        let message = format!("{} is not one of {}", element.map_or("the code", |element| element.name), codes.join(", "));
        let loop_id = frame.spec.map(|spec| spec.id);
        let data_element = element.map(|element| element.data_element);
        report(self.told(Fault { loop_id, data_element, ..Fault::new(CODE_UNKNOWN, position, message) }, here));
        Step::Reported
    }

    fn unplaced(&mut self, segment: &Segment<'_>, here: Here, report: Report<'_>) {
        let id = segment.id();
        let (is_in_guide, opens_loop) = is_known(&self.guide.nodes, id);
        let (rule, message) = match (dictionary(id), is_in_guide) {
            (None, _) => (SEGMENT_UNKNOWN, "the segment is unknown".to_owned()),
            (Some(spec), false) => (SEGMENT_NOT_IN_SET, format!("{} has no place in {}", spec.name, self.guide.name)),
            (Some(spec), true) => {
                (SEGMENT_UNEXPECTED, format!("{} has no place here{}", spec.name, within(self.stack.last().and_then(|f| f.spec))))
            }
        };
        report(self.told(Fault::new(rule, here.position, message), here));
        if opens_loop && let Some(depth) = level_of(&self.stack, id) {
            self.lost = true;
            while self.stack.len() > depth + 1 {
                self.close(here, report);
            }
        }
    }
}

/// ` in loop 2300 (claim)`, or nothing at the level of the set.
fn within(spec: Option<&LoopSpec>) -> String {
    spec.map(|spec| format!(" in loop {} ({})", spec.id, spec.name)).unwrap_or_default()
}

/// A node that is wanting in a loop, seen at a segment.
fn missing(node: &Node, head: &SegmentUse, around: Option<&'static LoopSpec>, here: Here) -> Fault {
    let (rule, loop_id, message) = match node {
        Node::Segment(place) => (SEGMENT_MISSING, around, format!("{} ({}) is missing{}", head.spec.id, place.name(), within(around))),
        Node::Loop(spec) => (LOOP_MISSING, around, format!("loop {} ({}) is missing{}", spec.id, spec.name, within(around))),
    };
    let loop_id = match node {
        Node::Loop(spec) => Some(spec.id),
        Node::Segment(_) => loop_id.map(|spec| spec.id),
    };
    Fault { at: here.at, segment: head.spec.id.to_owned(), loop_id, ..Fault::new(rule, here.position, message) }
}
