//! A practice to look at: families, children and visits made from a seed, the same on every machine. All of it is invented.

mod coded;
mod draw;
pub mod families;
mod schedule;
pub mod visits;
