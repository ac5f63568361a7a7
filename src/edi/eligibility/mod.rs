//! 270 and 271 (005010X279A1): is this child covered, for what, at what cost, and by whom else (domain.md 3.3).
//!
//! * [`ask`] makes a 270 of what a practice wants to know.
//! * [`request`] is the tree of a 270, [`response`] that of a 271; both name a [`member`] alike. [`write_270`], [`write_271`],
//!   [`read_270`] and [`read_271`] carry them; what a reader can't place is kept ([`super::inquiry`]).
//! * [`coverage`] says what an answer means on a day for a service; [`rejection`] what to do where there is none.
//!
//! Reading what was written gives the same tree, and writing that gives the same bytes.

pub mod ask;
pub mod codes;
pub mod coverage;
pub mod member;
pub mod percent;
mod read;
pub mod rejection;
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
pub use codes::{Answer, CoverageLevel, Information, InsuranceType, QuantityKind, Relation, ServiceType, TimePeriod};
pub use coverage::{Found, OtherPayer, Standing, Stated, Visit};
pub use member::{Insured, Member, ProcedureRange};
pub use percent::{Percent, PercentError};
pub use read::{read_270, read_271};
pub use rejection::{FollowUp, Reason, RejectedAt, Rejection, Remedy, reason};
pub use request::{BenefitInquiry, EligibilityRequest, RequestMember, RequestReceiver};
pub use response::{Benefit, Circumstance, Delivery, EligibilityResponse, ResponseMember, ResponseReceiver, ResponseSource};
pub use write::{write_270, write_271};

/// GS08 and ST03 of both.
pub const VERSION: &str = "005010X279A1";

/// GS01 of a 270.
pub const REQUEST_FUNCTIONAL_ID: &str = "HS";

/// GS01 of a 271.
pub const RESPONSE_FUNCTIONAL_ID: &str = "HB";
