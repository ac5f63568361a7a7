//! What arrives: any file from a partner or a person is archived first, then read, then handed to the stage it is for.
//!
//! Takes: bytes with a name. Gives: an `inbound_file` whose bytes are in the archive, and a job that reads it. States:
//! `received → processed | unreadable`; a file is identified by its SHA-256, so that the same bytes received again change nothing but the
//! count of receipts. Invariants: what can't be read is kept, marked with the place of the fault, and has no derived row; the envelope of
//! the whole file (counts, control numbers, end) is proved before any of its transaction sets has an effect.
//! TA1, 999 and 277CA go to [`acknowledgment`](super::acknowledgment), 835 to [`remittance`](super::remittance).

mod job;
mod read;
mod store;

pub use job::{Poll, PollArgs, ProcessFile, ProcessFileArgs, process, request_poll, take_in};
pub use read::{Contents, Unreadable, survey};
pub use store::{InboundFile, Receipt, STATEMENTS, file, list, receive};
