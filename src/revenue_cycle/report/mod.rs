//! The month: what was charged, paid, written off and is still owed, and the proof that it ties (domain.md 5.4, 5.2 invariant 6).
//!
//! **Takes** a stretch of months. **Gives** a [`RevenueSummary`], as text and as JSON, computed from the day balances of the ledger alone:
//! [`summary`] is pure. Figures count by the day of posting; charges are given by date of service too.
//!
//! Proofs stand in the summary itself: opening receivables and every movement give the closing ones, bucket by bucket and in all; payments,
//! payments not posted yet and provider adjustments give what remittances announced; the trial balance is zero. Each names both sides to the
//! cent. A summary whose proofs don't hold says so and is still shown.

pub mod model;
mod store;
pub mod summary;
pub mod text;

pub use model::{BucketMovement, Proof, RevenueSummary, Span, SpanError};
pub use store::{STATEMENTS, revenue_summary};
pub use text::to_text;
