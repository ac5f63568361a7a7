//! Newborns: the services of the birth stay, and whose coverage pays for them.

pub mod coverage;
pub mod services;

pub use coverage::PED_52;
pub use services::{PED_50, PED_51};
