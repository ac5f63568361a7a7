//! TA1: whether a partner took a whole interchange (domain.md 3.1). It stands between ISA and IEA, outside of any group.
//!
//! Rejected means that the interchange never happened, but for duplicates: there the first copy may be in process.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::edi::remittance_835::codes::code_list;

code_list! {
    /// TA104: what became of the interchange.
    InterchangeResult {
        /// Taken.
        Accepted = "A",
        /// Taken, with faults.
        AcceptedWithErrors = "E",
        /// Not taken.
        Rejected = "R",
    }
}

/// TA105: why, three digits. Unknown codes are carried.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NoteCode(pub String);

/// TA105 codes and what they say, in our words (domain.md 3.2).
const NOTES: [(&str, &str); 27] = [
    ("000", "no fault"),
    ("001", "the control numbers of header and trailer differ"),
    ("002", "the standard is not supported"),
    ("003", "the version of the control structure is not supported"),
    ("004", "the segment terminator is invalid"),
    ("005", "the sender's qualifier is invalid"),
    ("006", "the sender is unknown"),
    ("007", "the receiver's qualifier is invalid"),
    ("008", "the receiver is unknown"),
    ("009", "the receiver is not served here"),
    ("010", "the authorization qualifier is invalid"),
    ("011", "the authorization is invalid"),
    ("012", "the security qualifier is invalid"),
    ("013", "the security information is invalid"),
    ("014", "the interchange date is invalid"),
    ("015", "the interchange time is invalid"),
    ("016", "the repetition separator or standard id is invalid"),
    ("017", "the version id is invalid"),
    ("018", "the control number is invalid"),
    ("019", "the acknowledgment flag is invalid"),
    ("020", "the test flag is invalid"),
    ("021", "the number of groups is wrong"),
    ("022", "the control structure is broken"),
    ("023", "the file ends too early"),
    ("024", "the content is invalid"),
    ("025", "the control number was used before"),
    ("026", "the element separator is invalid"),
];

impl NoteCode {
    /// TA105 000: no fault.
    pub const NONE: &'static str = "000";
    /// TA105 025: the control number was used before; the first copy may be in process (domain.md 3.1).
    pub const DUPLICATE: &'static str = "025";

    /// What the code says, in our words; none when it is unknown.
    #[must_use]
    pub fn meaning(&self) -> Option<&'static str> {
        NOTES.iter().find(|(code, _)| *code == self.0).map(|(_, meaning)| *meaning)
    }
}

/// A TA1 segment: the answer to one interchange of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InterchangeAck {
    /// The number of the TA1 segment in the file; 0 when built and not read.
    pub segment: u32,
    /// TA101: the ISA13 of the interchange that it answers.
    pub control_number: String,
    /// TA102: its ISA09.
    pub date: Option<Date>,
    /// TA103: its ISA10, HHMM.
    pub time: String,
    /// TA104.
    pub result: InterchangeResult,
    /// TA105.
    pub note: NoteCode,
}

impl InterchangeAck {
    /// Whether the partner rejected the interchange as a copy: its claims must not be sent again without asking (domain.md 3.1).
    #[must_use]
    pub fn is_duplicate(&self) -> bool {
        self.result == InterchangeResult::Rejected && self.note.0 == NoteCode::DUPLICATE
    }
}
