//! 999 (005010X231A1): whether a partner's syntax check took our groups and transaction sets (domain.md 3.1, 3.2).
//!
//! [`read_999`] takes one transaction set and gives an [`ImplementationAck`] and findings; [`write_999`] writes one for the simulator.

use serde::{Deserialize, Serialize};

use crate::edi::remittance_835::codes::code_list;
use crate::platform::phi::Phi;

code_list! {
    /// IK501, AK901: what became of a transaction set or a group.
    AckResult {
        /// Taken.
        Accepted = "A",
        /// Taken, with faults.
        AcceptedWithErrors = "E",
        /// A group of which some transaction sets were taken: look at each.
        PartiallyAccepted = "P",
        /// Not taken.
        Rejected = "R",
        /// Not taken: the message authentication code failed.
        RejectedAuthentication = "M",
        /// Not taken: assurance failed.
        RejectedAssurance = "W",
        /// Not taken: it could not be decrypted.
        RejectedDecryption = "X",
    }
}

impl AckResult {
    /// Taken, with or without faults (A, E).
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        matches!(self, AckResult::Accepted | AckResult::AcceptedWithErrors)
    }

    /// Not taken (R, M, W, X).
    #[must_use]
    pub fn is_rejected(&self) -> bool {
        use AckResult::{Rejected, RejectedAssurance, RejectedAuthentication, RejectedDecryption};
        matches!(self, Rejected | RejectedAuthentication | RejectedAssurance | RejectedDecryption)
    }
}

/// One 999: the answer to one functional group of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImplementationAck {
    /// ST02.
    pub control_number: String,
    /// The number of the ST segment in the file.
    pub segment: u32,
    /// AK101: `HC` for claims.
    pub functional_id: String,
    /// AK102: our GS06.
    pub group_control_number: String,
    /// AK103: our GS08.
    pub version: Option<String>,
    /// AK2 loops; may be absent when the whole group was taken.
    pub sets: Vec<SetResponse>,
    /// AK9; a 999 without it says nothing and is a finding.
    pub group: GroupResponse,
}

/// AK2 to IK5: the answer to one transaction set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetResponse {
    /// The number of the AK2 segment in the file.
    pub segment: u32,
    /// AK201: `837`.
    pub kind: String,
    /// AK202: our ST02.
    pub control_number: String,
    /// AK203: our ST03.
    pub version: Option<String>,
    /// IK3 loops.
    pub errors: Vec<SegmentError>,
    /// IK501.
    pub result: AckResult,
    /// IK502 to 06.
    pub codes: Vec<String>,
}

/// IK3: a segment at fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentError {
    /// The number of the IK3 segment in the file.
    pub segment: u32,
    /// IK301: the id of the segment at fault.
    pub segment_id: String,
    /// IK302: its number in our transaction set, ST being 1.
    pub at: Option<u32>,
    /// IK303: the loop.
    pub loop_id: Option<String>,
    /// IK304: what is wrong.
    pub code: String,
    /// CTX of the segment.
    pub contexts: Vec<Context>,
    /// IK4 loops.
    pub elements: Vec<ElementError>,
}

/// IK4: an element at fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ElementError {
    /// The number of the IK4 segment in the file.
    pub segment: u32,
    /// IK401.
    pub place: ElementPlace,
    /// IK402: the data element's number in the X12 dictionary.
    pub data_element: Option<String>,
    /// IK403: what is wrong.
    pub code: String,
    /// IK404: a copy of the value at fault.
    pub value: Option<Phi<String>>,
    /// CTX of the element.
    pub contexts: Vec<Context>,
}

/// IK401, CTX05: an element of a segment, from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ElementPlace {
    /// The element; 0 when the partner's text is no number.
    pub element: u32,
    /// The component of a composite.
    pub component: Option<u32>,
    /// The repetition.
    pub repetition: Option<u32>,
}

/// CTX: where a fault comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    /// The number of the CTX segment in the file.
    pub segment: u32,
    /// CTX01: (name, value) pairs: `CLM01` names the claim, `SITUATIONAL TRIGGER` the segment below.
    pub names: Vec<(String, Option<Phi<String>>)>,
    /// CTX02: the segment that triggers the requirement.
    pub segment_id: Option<String>,
    /// CTX03: its number in our transaction set.
    pub at: Option<u32>,
    /// CTX04: its loop.
    pub loop_id: Option<String>,
    /// CTX05: its element.
    pub place: Option<ElementPlace>,
    /// CTX06: (data element, second data element).
    pub data_elements: Vec<String>,
}

/// AK9: the answer to the group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupResponse {
    /// The number of the AK9 segment in the file; 0 when there is none.
    pub segment: u32,
    /// AK901.
    pub result: AckResult,
    /// AK902: transaction sets that the group said it holds.
    pub included: u32,
    /// AK903: transaction sets that arrived.
    pub received: u32,
    /// AK904: transaction sets that were taken.
    pub accepted: u32,
    /// AK905 to 09.
    pub codes: Vec<String>,
}
