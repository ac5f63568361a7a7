//! The implementation guides as data: which segments, elements, loops and codes there are, which of them a transaction set may hold,
//! where, how often and with which codes.
//!
//! * [`segment`] tells what a segment is, by its identifier: its elements with names, types, lengths and the meanings of their codes.
//! * [`guide()`] and [`guide_of`] tell what a transaction set is, by its version and kind: a tree of loops and segment positions
//!   ([`TransactionGuide`]).
//!
//! Everything stands in the tables under `data/`, compiled in and parsed once: `elements.txt` (types, lengths, code meanings),
//! `segments.txt` (names, conditions between elements), one table a guide. All names and meanings are ours and short; structure, usages,
//! lengths and codes are facts, taken from the maps of pyx12 4.0.0 (domain.md, source P), for the 270, 271 and 276, which those lack, from
//! the definitions of stupidedi, and corrected where domain.md says otherwise.
//! The tables cover what a pediatric practice exchanges and the parts that it must at least understand when they arrive.

// The guides: one table each.
mod guides;
// What the tables say, as types.
mod model;
// The dictionary: elements and segments.
mod segments;

pub use guides::{guide, guide_of, guides, of_version};
pub use model::{
    Condition, ConditionKind, ElementSpec, ElementUse, Key, Kind, LoopSpec, Node, SegmentSpec, SegmentUse, TransactionGuide, Usage,
};
pub use segments::{code_meaning, segment, segments};
