//! X12 for health care, pure: bytes ⇄ typed transactions. No I/O beyond [`std::io::Read`], no database, no clock.
//!
//! Read from the bottom up:
//! 1. [`position`]: where in a file something is, and how it is said ([`EdiError`], [`Finding`]).
//! 2. [`segment`]: one segment as slices of the file, whose end `scan` finds; [`charset`]: the characters a partner takes.
//! 3. [`reader`]: a stream of bytes (`input`; `wrap` for lines of one length) becomes [`Event`]s: envelopes ([`envelope`]), transaction sets
//!    (`transaction`), findings. [`roundtrip`]: the same with every byte kept.
//! 4. [`writer`]: typed values become segments; counts and delimiters are its business.
//! 5. One module for each transaction: [`claim_837p`], [`remittance_835`], [`ack_ta1`], [`ack_999`], [`ack_277ca`]; one for
//!    a question and its answer: [`eligibility`] (270, 271), [`claim_status`] (276, 277), with what they share in [`inquiry`]. Their trees
//!    are made of code lists (`code` declares them) and of [`few`], lists that are mostly empty or of one.
//! 6. [`guide`]: what the implementation guides allow, as data.
//! 7. [`validate`](mod@validate): everything that is wrong with a file, and what to do about it.
//! 8. [`readback`]: a second, independent implementation reads what we wrote before it leaves.
//! 9. What a person does with a file: [`describe`], [`explain`] (with [`outline`]), [`diff`], [`mask`], [`split`].
//!
//! Two kinds of trouble: an [`EdiError`] stops the reading (the bytes can't be understood from here on), a [`Finding`] does not
//! (something is wrong or unknown, and everything else was read). Neither ever carries a value from the file.

pub mod ack_277ca;
pub mod ack_999;
pub mod ack_ta1;
pub mod charset;
pub mod claim_837p;
pub mod claim_status;
mod code;
pub mod describe;
pub mod diff;
pub mod eligibility;
pub mod envelope;
pub mod explain;
pub mod few;
pub mod guide;
mod input;
pub mod inquiry;
pub mod mask;
pub mod outline;
pub mod position;
#[cfg(not(fuzzing))]
pub mod readback;
pub mod reader;
pub mod remittance_835;
pub mod roundtrip;
mod scan;
pub mod segment;
mod shortage;
pub mod split;
mod transaction;
pub mod validate;
mod wrap;
pub mod writer;

pub(crate) use code::codes;

pub use envelope::{Envelope, GroupHeader, InterchangeHeader, Party, Usage, write_interchange};
pub use few::Few;
pub use position::{EdiError, EdiErrorKind, Finding, Position, SegmentId, Severity};
pub use reader::{Event, OwnedSegment, Reader, TransactionSet, read_all};
pub use segment::{Delimiters, Segment};
pub use writer::{SegmentWriter, WriteError, WriteErrorKind};
