//! The code sets of the trade, compiled in: what a code is shaped like ([`codes`]), and what the ones that our rules name mean.
//!
//! Pure: no I/O, no clock; a date of service comes as an argument. Each table costs nothing until it is first asked and answers in
//! about a microsecond after that. Where the data comes from and under which licence: `data/README.md`. No CPT descriptor, CARC
//! description or other licensed text is here: labels are our own words; operators load their licensed files into the database.

pub mod carc;
pub mod claim_status;
pub mod codes;
pub mod icd10;
pub mod modifier;
pub mod operator;
pub mod place_of_service;
pub mod plb;
pub mod subscriber;
mod table;
pub mod us_state;
pub mod vaccine;

pub use codes::{CodeError, Cvx, Icd10, Modifier, Ndc, PlaceOfService, ProcedureCode};
