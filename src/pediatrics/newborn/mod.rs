//! Newborns: the services of the birth stay, and whose coverage pays for them.

// What is billed and diagnosed.
pub mod services;

// Who pays before the child has an id.
pub mod coverage;

pub use coverage::PED_52;
pub use services::{PED_50, PED_51};
