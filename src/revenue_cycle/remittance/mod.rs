//! Remittances: one 835 transaction set is read, proved, stored, and its cash booked, before any claim is posted.
//!
//! **Takes** a transaction set of an archived file. **Gives** a remittance with its claims (each matched to one of ours where a number says
//! so, [`matching`]) and provider adjustments, a journal of its cash, and posting jobs of at most 500 claims.
//!
//! States: `storing → posting → posted | review`; `out_of_balance`, `faulty` and `duplicate_conflict` are stored for a person, and nothing of
//! them is booked. A large remittance is stored in chunks: the first transaction books the payment, the provider adjustments and the sum of
//! its claims as unposted cash; the last one asks for the posting jobs. Killed anywhere between, the same content received again carries on.
//!
//! Invariants: remittance clearing is zero for each remittance at every commit; the same content twice is one remittance, in whatever file
//! and under whatever delimiters it comes; the same payment (payer, trace number, date, amount, payee) with other content is never dropped
//! and never booked. A remittance for a payee that is no practice here is refused: [`Received::UnknownPayee`].

pub mod api;
mod job;
pub mod matching;
pub mod model;
pub mod plan;
mod store;

pub use job::{Received, receive};
pub use store::{ClaimRemittance, ProviderAdjustmentRow, of_claim, provider_adjustments, remittance};
pub use store::{RemittanceClaimRow, RemittanceListRow, STATEMENTS, answered, claim_content, claims, list, suggestions};
