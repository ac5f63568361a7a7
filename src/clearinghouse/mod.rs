//! How bytes leave and arrive. One trait, [`Clearinghouse`]; behind it a partner's folders ([`directory`]) or payers that adjudicate in
//! this process ([`simulator`]). Knows X12 and bytes; what a claim means to a practice is none of its business.
//!
//! * Takes: finished interchanges under a name of the caller's choice; gives: the partner's files, by name.
//! * Exactly once: see [`Clearinghouse`] for how each step survives a kill.
//! * Sample and test: the tests of [`directory`] and [`simulator`].

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;

pub mod directory;
pub mod simulator;

pub use directory::Directory;

/// What a transfer gives when it is done.
pub type Transfer<'a, T> = Pin<Box<dyn Future<Output = Result<T, TransportError>> + Send + 'a>>;

/// How bytes leave and arrive, exactly once.
///
/// Delivery is in two steps, so that a process killed anywhere can tell what happened: [`stage`](Clearinghouse::stage) puts the bytes
/// where the partner does not look; the caller then commits "staged" to its own table;
/// [`deliver`](Clearinghouse::deliver) hands them over. Until the commit the caller stages again, after it the caller only delivers:
/// a file that is still staged is handed over, one that is not was handed over before.
///
/// Arrival mirrors it: [`inbound`](Clearinghouse::inbound) names what waits, [`fetch`](Clearinghouse::fetch) reads it, the caller
/// archives it in its own transaction, [`acknowledge`](Clearinghouse::acknowledge) moves it away. Until then it keeps coming.
pub trait Clearinghouse: Send + Sync {
    /// Puts the bytes where the partner does not look. Idempotent for the same name with the same bytes.
    fn stage<'a>(&'a self, name: &'a str, bytes: &'a [u8]) -> Transfer<'a, ()>;

    /// Hands a staged file over; does nothing when there is none.
    fn deliver<'a>(&'a self, name: &'a str) -> Transfer<'a, ()>;

    /// The names of the files that wait for us, sorted.
    fn inbound(&self) -> Transfer<'_, Vec<String>>;

    /// The bytes of a waiting file.
    fn fetch<'a>(&'a self, name: &'a str) -> Transfer<'a, Vec<u8>>;

    /// Moves a waiting file away, once the caller has archived it; does nothing when it was moved before.
    fn acknowledge<'a>(&'a self, name: &'a str) -> Transfer<'a, ()>;
}

/// Why bytes did not travel.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The file system or network refused.
    #[error("can't {action} {}: {source}; check that it is there and may be read and written", path.display())]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The name could leave the partner's folder, or would be taken for a file in the making.
    #[error("{0:?} can't be the name of a file: use 1 to 200 characters without separators, no dot in front and no .part behind")]
    Name(String),
    /// The file is larger than [`FILE_MAX`].
    #[error("{name} has {size} bytes, more than {FILE_MAX}: split it")]
    TooLarge {
        /// The file.
        name: String,
        /// Its size in bytes.
        size: u64,
    },
    /// Another file waits under this name: names are used once.
    #[error("{0} is staged already with other bytes: give each interchange a name of its own")]
    Conflict(String),
    /// No such file waits for us.
    #[error("{0} is not waiting: it was acknowledged before, or the partner took it back")]
    Missing(String),
    /// The simulated partner failed.
    #[error("the simulator can't answer: {0}")]
    Simulator(#[from] simulator::ServiceError),
    /// The process is stopping.
    #[error("the transfer was cut off because the process is stopping; the next one goes on from here")]
    Stopped,
}

impl TransportError {
    /// Whether the same call may succeed later without anybody changing something.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, TransportError::Io { .. } | TransportError::Simulator(_) | TransportError::Stopped)
    }
}

/// The largest file moved, in bytes. Our own interchanges stay under 10 MiB; a payer's largest remittance file may hold several
/// transaction sets of up to [`crate::edi::reader::TRANSACTION_MAX`]. Two of those fit, and one file still fits into memory.
pub const FILE_MAX: u64 = 512 << 20;

/// The longest file name taken, in bytes: partners' file systems take 255, and number or prefix what they receive.
pub const NAME_MAX: usize = 200;

/// Refuses names that could leave the partner's folder (separators, `..`), hide in it (a dot in front) or be mistaken for a file that is
/// still being written (`.part`).
pub fn check_name(name: &str) -> Result<(), TransportError> {
    let refused = name.is_empty()
        || name.len() > NAME_MAX
        || name.starts_with('.')
        || name.ends_with(PART)
        || name.chars().any(|c| c.is_control() || matches!(c, '/' | '\\'));
    if refused { Err(TransportError::Name(name.to_owned())) } else { Ok(()) }
}

/// How the name of a file ends while it is being written.
pub const PART: &str = ".part";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_neither_leave_its_folder_nor_hide_in_it() {
        for name in ["", ".", "..", "../x", "a/b", "a\\b", ".x", "x.part", "x\n", &"x".repeat(NAME_MAX + 1)] {
            assert!(matches!(check_name(name), Err(TransportError::Name(_))), "{name:?}");
        }
        for name in ["837P-000000101.edi", "era 2026-11-22 (1).835", "x..y"] {
            assert!(check_name(name).is_ok(), "{name:?}");
        }
    }
}
