//! Scrubbing: every edit of the catalog looks at every claim before it leaves; none hides another.
//!
//! Takes: a claim's content, today, and the facts around it ([`input`]): the payer's rules on the date of service, what was recorded at the
//! visit, what is known of the child from before. Gives: findings, each with the edit's id and version, the path of the element with the
//! record behind it, the values, a sentence that says what to do, and the one right correction where there is only one. An error blocks the
//! claim (`scrub_failed`), a warning holds it (`held`) until a person overrides it with a reason, a note does nothing. Results are stored
//! with the catalog's version.
//! Sample: any claim of `edi-samples/journeys`. The rules and their tests stand in [`rules`], one file for what they look at.

pub mod case;
pub mod catalog;
pub mod input;
mod job;
pub mod model;
pub mod practice_rule;
pub mod repair;
pub mod rules;
mod store;
pub mod suggestion;
pub mod surroundings;
pub mod written;

pub use catalog::scrub;
pub use input::{CoverageFacts, History, LiveClaim, Original, OtherCoverage, PayerFacts, PriorVisit, ScrubInput};
pub use job::{Caught, try_rules};
pub use model::{Finding, Severity, verdict};
pub use practice_rule::is_edit;
pub use store::{
    FindingRow, HeldBy, STATEMENTS, held_by, histories, keep_overrides, live_claims, of_claim, overridden, override_edit, practice_rules,
    replace, rules_in_force, set_practice_rules,
};
pub use suggestion::Suggestion;
