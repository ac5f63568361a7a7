//! The rules behind the catalog, by what they look at. Each is a pure function from a claim to findings.

pub mod accident;
pub mod administration;
pub mod bundles;
pub mod charges;
pub mod coverage;
pub mod dates;
pub mod diagnosis;
pub mod doses;
pub mod drugs;
pub mod duplicate;
pub mod epsdt;
pub mod examination;
pub mod fees;
pub mod filing;
pub mod form;
pub mod laboratory;
pub mod modifiers;
pub mod other_payers;
pub mod place;
pub mod preventive;
pub mod provider;
pub mod public_stock;
pub mod replacement;
pub mod subscriber;
pub mod text;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
