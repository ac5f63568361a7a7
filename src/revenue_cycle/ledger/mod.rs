//! The ledger: append-only, double-entry, exact (domain.md 5.2).
//!
//! **Takes** [`Journal`]s, each one act: what it is, its business date, why, from what, what it reverses, and its transfers. **Gives** line,
//! family and day balances, and every entry behind them.
//!
//! * One row is one transfer, `debit`, `credit`, cents above zero: debits equal credits because nothing else can be written. A [`Transfer`]
//!   comes from a constructor for its kind, so that only the pairs of accounts of domain.md 5.2 exist.
//! * A balance is debits less credits: what is owed to the practice is above zero, what it owes (unapplied money, unposted cash) below.
//! * A correction is a new journal ([`Journal::negation`]); the database refuses updates and deletions.
//!
//! Invariants: a journal is posted once for its effect key; line, family and day balances are written with the entries that make them and
//! can be recomputed from these; a closed month takes nothing, what is late counts in the next open month and keeps its business date; each
//! journal carries a MAC over itself and its transfers, counted into the seal of its epoch.

pub mod charge;
pub mod model;
pub mod store;

pub use charge::charge_journal;
pub use model::{Account, Bucket, Family, Journal, JournalKind, PayerOrder, References, Transfer, TransferKind};
