//! 276 and 277 (005010X212): where does this claim stand (domain.md 3.4).
//!
//! * [`ask`] makes a 276 of the claims that wait for an answer.
//! * [`request`] is the tree of a 276, [`response`] that of a 277. [`write_276`], [`write_277`], [`read_276`] and [`read_277`] carry them;
//!   what a reader can't place is kept ([`super::inquiry`]).
//! * [`outcome`] says what a status means and what to do. It never posts money: that is the 835's.
//!
//! Reading what was written gives the same tree, and writing that gives the same bytes. The 277 that acknowledges claims before they are
//! adjudicated is [`super::ack_277ca`].

pub mod ask;
pub mod outcome;
mod read;
pub mod request;
pub mod response;
mod write;

#[cfg(test)]
mod arbitrary;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

pub use ask::Question;
pub use outcome::Outcome;
pub use read::{read_276, read_277};
pub use request::{ClaimInquiry, LineInquiry, Patient, RequestPatient, RequestProvider, RequestReceiver, StatusRequest};
pub use response::{ClaimStatus, LineStatus, Refusal, ResponsePatient, ResponseProvider, ResponseReceiver, Status, StatusResponse};
pub use write::{write_276, write_277};

/// GS08 and ST03 of both.
pub const VERSION: &str = "005010X212";

/// GS01 of a 276.
pub const REQUEST_FUNCTIONAL_ID: &str = "HR";

/// GS01 of a 277.
pub const RESPONSE_FUNCTIONAL_ID: &str = "HN";
