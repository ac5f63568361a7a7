//! The ledger in the database: posting, its derived balances, and reading it.

mod post;
mod read;
mod row;

pub use post::{Entry, Posting, close_period, post};
pub use read::{
    HistoryRow, LineEntry, account_balances, family_balances, history_of_lines, journal_transfers, journals_after, line_balances,
};
pub use row::{JournalRow, TransferRow};

use crate::platform::database::Statement;

/// Every statement of the ledger, for the registry.
pub static STATEMENTS: &[&[&Statement]] = &[post::STATEMENTS, read::STATEMENTS];
