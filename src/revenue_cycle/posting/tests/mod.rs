//! Posting, decided: the vectors of the rule book, and what holds of every remittance.

mod properties;
mod samples;
mod vectors;
