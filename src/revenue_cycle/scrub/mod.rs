//! Scrubbing: every edit of the catalog looks at every claim before it leaves; none hides another.
//!
//! Takes: a claim's content, today, and the payer's rules on the date of service. Gives: findings, each with the edit's id, the path of the
//! element with the record behind it, and a sentence that says what to do. An error blocks the claim (`scrub_failed`), a warning holds it
//! (`held`) until a person overrides it with a reason, a note does nothing. Results are stored with the catalog's version.
//! Sample: any claim of `edi-samples/journeys`. The rules and their tests stand in [`rules`], one file for what they look at.

pub mod catalog;
pub mod input;
pub mod model;
pub mod rules;
mod store;

pub use catalog::scrub;
pub use input::{PayerFacts, ScrubInput};
pub use model::{Finding, Severity, verdict};
pub use store::{FindingRow, HeldBy, STATEMENTS, held_by, of_claim, replace};
