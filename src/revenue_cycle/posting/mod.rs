//! Posting: what payers paid and did not pay goes to the lines it is for, each entry with the segment that caused it.
//!
//! **Takes** the stored claims of a remittance, a chunk of at most 500 at a time, with the money of their visits. **Gives** journals, new
//! states of remittance claims and claims, and work items. Decided purely, visit by visit:
//!
//! * [`booking`]: the cash of a remittance, before any claim is posted.
//! * [`remitter`]: which of the child's payers speaks.
//! * [`adjustment`]: what it says of each of our lines, claim-level adjustments shared out, every reason routed with its group.
//! * [`line`](mod@line): the arithmetic of one line, the same for every payer (domain.md 2.8).
//! * [`plan`]: the gate of a claim (5.2), and its journal. [`reversal`]: the negation of an earlier one (2.5).
//! * [`decide`]: everything that waits at one visit, in any order of arrival.
//!
//! States of a remittance claim: `stored → posted | waiting | review | informational`; `waiting` ends by itself when what it waits for is
//! posted, `review` when a person has mended the cause and asked again ([`retry`]).
//!
//! Invariants: a journal leaves nothing in remittance clearing; a claim that does not pass the gate leaves its whole payment in unposted
//! cash and never holds up the others of its remittance; a remittance claim has at most one journal, keyed `posting:{id}`, so that any
//! number of interrupted runs post once; a reversal negates our own entries exactly. Nothing is force-balanced: what no adjustment explains
//! is a work item.

pub mod adjustment;
pub mod booking;
pub mod decide;
mod job;
pub mod line;
pub mod model;
pub mod plan;
pub mod remitter;
pub mod reversal;
mod store;

#[cfg(test)]
mod tests;

pub use job::{CHUNK, PostChunk, PostChunkArgs, retry, run};
pub use store::STATEMENTS;
