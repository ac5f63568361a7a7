//! Whom it is about: family accounts with their guarantors, children, coverages.
//!
//! Which coverage pays first [`benefits`] tells.
//!
//! **Takes** facts as a source sends them, keyed by the source's own identifiers; **gives** the keys of our records and, for a chunk of
//! visits, children, families and coverages in three queries. The same facts twice change nothing; changed facts update the record and
//! leave an event that names the fields and no values. A fact that a source does not mention (`None`, an empty text) never erases one that
//! is known.
//!
//! Invariants: a child belongs to one family; a coverage to one child and one payer; children are never matched by name and birth date.
//! Test: `tests/suite/practice.rs`.

pub mod benefits;
pub mod coverage;
mod merge;
pub mod model;
pub mod store;
