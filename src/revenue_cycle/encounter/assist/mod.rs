//! The charge assistant on stored visits: what was entered, beside what the pediatric rules would bill to the first payer.
//!
//! Takes a [`Visit`]: the stored visit with its lines and doses, the child's other services, and the payer's rules. Gives
//! [`Advice`]: the lines proposed, what differs in those entered, and what was due at a well visit and is not among them. Nothing here
//! changes a charge.
//!
//! A stored visit tells codes, not what happened. What only its codes tell is taken as entered (`facts`) and so can't be found wrong: the
//! level of a problem visit, how often a procedure was done, what a test was for. What is known otherwise decides: the birth date, earlier
//! visits, the doses, the place, the payer.

mod advice;
mod facts;
mod terms;
#[cfg(test)]
mod tests;

pub use advice::{Advice, Service, Visit, advise, kind_word};
