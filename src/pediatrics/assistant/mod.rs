//! The charge assistant: from what happened at a visit to the lines that a skilled pediatric coder would bill to one payer, each with
//! the rules that say so; and what differs in the lines that somebody entered.
//!
//! Takes facts ([`Encounter`]) and the payer's choices ([`Choices`]); [`propose()`] gives a [`Proposal`], [`compare()`] the findings. Both
//! are advice: nothing here changes a charge. What the facts do not tell is a [`Note`] for a person, never a guess.
//!
//! A well visit at four years with two vaccines, a physician's counselling and a vision screening; first for a commercial plan, then, from
//! public stock, for Medicaid in style A:
//!
//! ```text
//! 99392-25 ×1 → Z00.129     99392-25 ×1 → Z00.129
//! 90710    ×1 → Z23         90710-SL ×1 → Z23       free
//! 90696    ×1 → Z23         90696-SL ×1 → Z23       free
//! 90460    ×2 → Z23         90460-SL ×2 → Z23
//! 90461    ×6 → Z23
//! 99177    ×1 → Z00.129     99177    ×1 → Z00.129
//! ```

mod choices;
mod compare;
mod facts;
mod proposal;
mod propose;
mod services;
#[cfg(test)]
mod tests;

pub use choices::Choices;
pub use compare::{Entered, Finding, Kind, compare};
pub use facts::{Condition, Counselling, Encounter, Role, Service, Specimen, Test, VisitKind};
pub use proposal::{Line, Mark, Note, Proposal, Reason};
pub use propose::propose;
