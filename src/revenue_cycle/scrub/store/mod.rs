//! The scrubber's SQL: findings as they are kept, and the facts around a claim as they are loaded.

mod decisions;
mod findings;
mod history;

pub use decisions::{keep_overrides, overridden, override_edit, practice_rules, rules_in_force, set_practice_rules};
pub use findings::{FindingRow, HeldBy, held_by, of_claim, replace};
pub use history::{claims_since, histories, live_claims};

/// Every statement, for the registry.
pub const STATEMENTS: &[&[&crate::platform::database::Statement]] = &[decisions::STATEMENTS, findings::STATEMENTS, history::STATEMENTS];
