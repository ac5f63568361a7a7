//! Who bills, and whom: practices, their sites and professionals, the payers with their dated rules, fees, trading partners, API keys.
//!
//! **Takes** a set-up file (TOML, [`setup`]) that a person keeps; **gives** [`PracticeSetup`], everything about a practice that building a
//! chunk of claims needs, loaded in a few queries and asked from memory.
//!
//! Reading a file is pure and reports every fault with its line and column. [`difference`] compares it with what is stored, [`store`]
//! applies the difference in one transaction with an event for each change: the same file again changes nothing, and what the file does
//! not name is left alone and reported. How payers differ is data: the keys, types and defaults stand in [`rules`].
//!
//! The operator's code files ([`code_files`]) serve every practice of the database.
//!
//! Sample: `practice.example.toml`. Test: `tests/suite/practice.rs`.

pub mod api_key;
pub mod code_files;
pub mod difference;
pub mod fee_file;
pub mod lookup;
pub mod member_id;
pub mod model;
mod rows;
pub mod rules;
pub mod setup;
pub mod shape;
pub mod store;
mod toml_reader;
pub(crate) mod word;

pub use lookup::PracticeSetup;
