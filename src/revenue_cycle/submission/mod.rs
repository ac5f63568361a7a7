//! Claims leave: ready claims become transaction sets in an interchange, which is archived as it was sent and handed over exactly once.
//!
//! Takes: claims in `ready`, grouped by payer ([`plan`]). Gives: one interchange with one transaction set (a *batch*) for each payer, at
//! most [`plan::SET_CLAIMS_MAX`] claims each, and for every claim an immutable snapshot and the number of its first segment.
//! A ready claim that no interchange can hold goes back to scrubbing, and the others leave.
//! States of an interchange: `written → checked → staged → sent`, or `refused` when the second reader disagrees, or `rejected` when the
//! partner's TA1 says that it never happened.
//! Invariants: control numbers are taken in the transaction that stores the interchange; a claim is in one live batch only; bytes once
//! stored never change and are what is sent; a transmission killed anywhere goes on where it stopped: staged bytes are delivered, and what
//! is no longer staged was delivered.

mod job;
pub mod plan;
mod store;

pub use job::{Transmit, TransmitArgs, WriteInterchange, WriteInterchangeArgs, request_submission, submit_ready};
pub use store::{Batch, BatchClaim, Interchange, STATEMENTS};
pub use store::{
    batch_by_reference, batch_claims, batches_of, claim_batches, find_submitter, interchange, interchange_by_control, interchange_by_group,
    interchanges, mark_rejected,
};
