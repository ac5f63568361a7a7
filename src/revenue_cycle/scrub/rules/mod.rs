//! The rules behind the catalog, by what they look at. Each is a pure function from a claim to findings.

pub mod charges;
pub mod dates;
pub mod diagnosis;
pub mod provider;
pub mod subscriber;
pub mod text;

#[cfg(test)]
pub(super) mod testing;
