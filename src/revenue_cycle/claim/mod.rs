//! Claims: a visit becomes an 837P of one payer and lives until it is adjudicated, replaced or voided.
//!
//! Takes: encounters with their family, coverage and practice facts. Gives: one claim a visit and payer, built ([`build`]), scrubbed, and
//! moved through its states by the one transition table ([`lifecycle`]). Invariants: the claim number is unique over all practices and
//! versions; CLM02 is the sum of the lines; content is frozen into a snapshot when the claim is batched, and never edited after; building
//! the same visit twice makes one claim. A rejected claim is mended in the records and goes out again as a version of its own.
//! Sample: `edi-samples/journeys/01-well-child-paid`.

pub mod api;
pub mod build;
pub mod filing;
mod job;
pub mod lifecycle;
pub mod model;
mod recorded;
pub mod store;

pub use job::resend::{Outcome, Resent, Which, resend};
pub use job::{BuildClaims, BuildClaimsArgs, Override, RESCRUB_MAX, Scrubbed, override_warnings, rescrub, set_aside};
pub use lifecycle::{ClaimEvent, ClaimState};
