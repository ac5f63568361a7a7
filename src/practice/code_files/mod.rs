//! The operator's code files in the database: CPT, HCPCS, next year's ICD-10-CM, texts of reason codes, NCCI pairs and limits.
//!
//! **Takes** the rows of a file, read and checked by [`operator`](crate::reference::operator); **gives** editions, each with its days, and
//! for some codes and days the [`OperatorTables`](crate::reference::operator::OperatorTables) that edits ask.
//!
//! An edition is written in chunks, so that no transaction is long, and counts from the moment in which all of it is there: a load that is
//! broken off leaves nothing that counts, and loading again begins anew. The same file for the same days changes nothing. Another file for
//! the same first day replaces the edition, and how they differ is reported; editions of other days stay.
//!
//! Test: `tests/suite/code_files.rs`.

pub mod store;

use jiff::civil::Date;

use crate::platform::clock::Millis;
use crate::reference::operator::{Kind, Period};

/// One loaded edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    /// Key.
    pub id: i64,
    /// What it is.
    pub kind: Kind,
    /// Its days.
    pub period: Period,
    /// Number of rows.
    pub rows: u64,
    /// When it was loaded.
    pub loaded: Millis,
    /// Who loaded it, as text.
    pub loaded_by: String,
}

/// How an edition differs from the one that was in force on its first day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// First day of the other edition; none: there was none.
    pub since: Option<Date>,
    /// Rows that are new, and the first of their codes.
    pub added: (u64, Vec<String>),
    /// Rows that are gone, and the first of their codes.
    pub gone: (u64, Vec<String>),
    /// Rows that say something else.
    pub changed: u64,
}

/// What loading did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loaded {
    /// The same file was loaded for the same days before.
    Unchanged(Edition),
    /// The edition counts now.
    Loaded(Edition, Difference),
}
