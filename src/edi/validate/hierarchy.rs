//! The levels of a hierarchy (HL): numbered through the set, each below the level that it names, saying whether levels stand below it.

use super::catalog::*;
use super::fault::Fault;
use super::walk::Here;
use crate::edi::Segment;
use crate::edi::segment::parse_int;

/// The numbering of one set.
#[derive(Default)]
pub(super) struct Hierarchy {
    /// The last HL01.
    last: u64,
}

/// What one HL segment says, and what came of it.
pub(super) struct HlState {
    here: Here,
    /// The number of the segment in its set: what tells levels from each other, whatever their numbers say.
    pub(super) at: u32,
    /// HL01.
    number: Option<u64>,
    /// HL04, where it says 0 or 1.
    says_children: Option<bool>,
    has_children: bool,
}

impl Hierarchy {
    /// A level begins, below the level of the loop around it.
    pub(super) fn enter(
        &mut self,
        segment: &Segment<'_>,
        here: Here,
        above: Option<&mut HlState>,
        report: &mut dyn FnMut(Fault),
    ) -> HlState {
        let [number, parent, _, child] = segment.fields::<4>();
        let number = parse_int(number);
        if let Some(number) = number {
            if number != self.last + 1 {
                let message = format!("the number of the level is not {}, the one after the last", self.last + 1);
                report(Fault { data_element: Some("628"), ..Fault::new(HL_NUMBER, segment.at(1), message) });
            }
            self.last = number;
        }
        if let Some(above) = above {
            above.has_children = true;
            if above.number.is_some_and(|above| !parent.is_empty() && parse_int(parent) != Some(above)) {
                let message = "the level above is not the one in whose place this one stands";
                report(Fault { data_element: Some("734"), ..Fault::new(HL_PARENT, segment.at(2), message) });
            }
        }
        let says_children = match child {
            b"0" => Some(false),
            b"1" => Some(true),
            _ => None,
        };
        HlState { here, at: here.at, number, says_children, has_children: false }
    }
}

impl Hierarchy {
    /// A level begins whose HL segment is missing: nothing is known of it, and it counts.
    pub(super) fn enter_unknown(&mut self, here: Here, above: Option<&mut HlState>) -> HlState {
        self.last += 1;
        if let Some(above) = above {
            above.has_children = true;
        }
        HlState { here, at: here.at, number: None, says_children: None, has_children: false }
    }
}

impl HlState {
    /// The level ends.
    pub(super) fn close(&self, report: &mut dyn FnMut(Fault)) {
        let message = match (self.says_children, self.has_children) {
            (Some(true), false) => "says that levels stand below it, and none does",
            (Some(false), true) => "says that no level stands below it, and one does",
            _ => return,
        };
        report(Fault { at: self.at, data_element: Some("736"), ..Fault::new(HL_CHILD, self.here.position.element(4), message) });
    }
}
