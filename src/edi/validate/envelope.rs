//! The segments around transaction sets: ISA, GS, TA1 and their ends.

use super::catalog::*;
use super::elements;
use super::fault::Fault;
use super::values::is_time;
use crate::edi::Segment;
use crate::edi::guide::{ElementUse, Node, SegmentUse, guide_of};
use crate::edi::segment::parse_date8;

/// The use of a segment in the table of the envelope.
fn place(id: &str) -> Option<&'static SegmentUse> {
    guide_of("00501", "envelope")?.nodes.iter().filter_map(Node::head).find(|head| head.spec.id == id)
}

/// Checks a GS, TA1, GE or IEA as any other segment. Faults of GS are those of the group.
pub(super) fn check(segment: &Segment<'_>, report: &mut dyn FnMut(Fault)) {
    let Some(place) = place(segment.id()) else { return };
    let is_group = segment.id() == "GS";
    elements::check(segment, place, &mut |fault| {
        // Blanks pad the ids of many senders; they are cut off when they are read.
        let is_padding = fault.rule == SPACES;
        if !is_padding {
            report(if is_group { Fault { rule: GS_ELEMENT, ..fault } } else { fault });
        }
    });
}

/// Checks the elements of an ISA: all have a fixed width, and two of them are separators.
pub(super) fn check_isa(isa: &Segment<'_>, report: &mut dyn FnMut(Fault)) {
    /// ISA12 and the separators: ISA11 is `U` in version 00401.
    const VERSION: usize = 12;
    const SEPARATORS: [usize; 2] = [11, 16];
    let Some(place) = place("ISA") else { return };
    for (number, (spec, ElementUse { codes, .. })) in (1..).zip(place.spec.elements.iter().zip(&place.elements)) {
        let text = isa.bytes(number);
        let bad = match number {
            VERSION if codes.iter().all(|code| code.as_bytes() != text) => {
                report(Fault::new(ISA_VERSION, isa.at(number), "the version is not 00501"));
                false
            }
            _ if SEPARATORS.contains(&number) => false,
            9 => parse_date8(&[b"20", text].concat()).is_none(),
            10 => !is_time(text),
            13 => !text.iter().all(u8::is_ascii_digit),
            6 | 8 => text.iter().all(|&byte| byte == b' '),
            _ => !codes.is_empty() && number != VERSION && codes.iter().all(|code| code.as_bytes() != text),
        };
        if bad || text.len() != usize::from(spec.max) && !SEPARATORS.contains(&number) {
            report(Fault::new(ISA_ELEMENT, isa.at(number), format!("{} does not have its form", spec.name)));
        }
    }
}
