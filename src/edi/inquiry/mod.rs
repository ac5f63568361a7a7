//! What the transactions of asking a payer have in common: 270 and 271 ([`super::eligibility`]), 276 and 277 ([`super::claim_status`]).
//!
//! All four are hierarchies of levels (HL): who answers (20), who asks (21), for whom it was done (19), by whom a child is insured (22),
//! the child as a dependent (23). Those levels, and the parts that stand at several of them, are here ([`model`]), written once and read
//! once; what is asked and answered is in the modules of the transactions. A 277CA shares the codes of a [`status`].
//!
//! What a reader can't place goes two ways: a [`Finding`](crate::edi::Finding) says where and why without a value, and [`Unread`] keeps
//! the value in the tree, so that a person can look at it years later without the file.
//!
//! | Finding | What happened |
//! | --- | --- |
//! | `INQ-VERSION` | the transaction set follows another guide |
//! | `INQ-LEVEL` | a level is missing, or names another parent than the one it stands below |
//! | `INQ-MISSING` | a required part never came |
//! | `INQ-TWICE` | what may stand once came again; the first was kept |
//! | `INQ-UNREAD` | a segment or element has no place in the tree |
//! | `INQ-CODE` | a yes-or-no code says something else |
//! | `INQ-PERCENT` | a share above one: perhaps a percentage was meant |
//! | `X12-ELEMENT` | an amount, number or date can't be read |

pub mod codes;
pub(super) mod cursor;
pub mod model;
pub(super) mod read;
pub mod status;
pub(super) mod write;

#[cfg(test)]
pub(super) mod arbitrary;
#[cfg(test)]
pub(super) mod samples;

pub use codes::{DateKind, Role, TraceKind};
pub use model::{Dated, Family, Heading, Inquiry, Party, Reference, Source, Specialty, Trace, Unread};
pub use status::StatusCode;
