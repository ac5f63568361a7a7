//! Does everything hold? Every invariant is computed anew from the rows and said with what was checked; nothing is repaired.
//!
//! **Takes** a database. **Gives** a [`Verification`]: a list of checks, each with how many records it looked at, how many are at fault and the
//! first of them; and a [`digest`] of the business content, without keys, claim numbers, control numbers or instants, by which two runs of
//! the same practice life are compared.
//!
//! Two kinds of checks: sums and references that the database computes in one statement each (the list stands in `store/rules.rs` as data),
//! and what needs our own code: MACs of journals and events, seals, hashes of claims, snapshots and the archive. The latter read pages, so
//! that memory stays bounded by one page whatever the size of the books.
//!
//! A changed row fails its MAC; a removed or added row fails the count or the sum of its epoch; a changed balance fails its recomputation; a
//! changed file fails its hash.

mod store;

pub use store::{Check, STATEMENTS, Verification, digest, verify};
