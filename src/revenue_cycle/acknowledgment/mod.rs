//! What partners say before adjudication: TA1 about an interchange, 999 about a transaction set, 277CA about a claim (domain.md 3.1, 3.2).
//!
//! Takes: typed acknowledgments and what we sent. Gives: events for claims ([`plan`]), applied by the one transition table, a row for each
//! claim that was named, and work items for what needs a person. Each answers a different question: a TA1 or 999 rejection without a
//! named fault is operational (claims go back to `ready`, nobody has to mend them), a 277CA rejection is about the claim.
//! Invariants: an acknowledgment read twice changes nothing (effect key by file and place); a duplicate rejection never causes a resend.

mod job;
pub mod plan;
mod store;

pub use job::{Answer, apply};
pub use store::{AcknowledgmentRow, STATEMENTS, of_claim};
