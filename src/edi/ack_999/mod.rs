//! 999 (005010X231A1): whether a partner's syntax check took our groups and transaction sets (domain.md 3.1, 3.2).
//!
//! [`read_999`] takes one transaction set and gives an [`ImplementationAck`] and findings; [`write_999`] writes one; [`from_findings()`]
//! makes the one that answers a group that we validated.

mod from_findings;
mod meanings;
mod read;
#[cfg(test)]
mod samples;
mod write;

pub use from_findings::from_findings;
pub use read::read_999;
pub use write::write_999;

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::edi::codes;
use crate::platform::phi::Phi;

codes! {
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

/// CTX: where a fault comes from. The first form names the claim or person at fault, the second what made an element required.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    /// The number of the CTX segment in the file.
    pub segment: u32,
    /// CTX01-1: `CLM01` names the claim, `SITUATIONAL TRIGGER` the segment below. A repeated CTX01 gives one context each.
    pub name: String,
    /// CTX01-2: the value at fault.
    pub value: Option<Phi<String>>,
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

/// ST03 and GS08.
pub const VERSION: &str = "005010X231A1";

/// CTX01-1 that names the claim by its CLM01.
const CLAIM_CONTEXT: &str = "CLM01";

/// IK502 23: the first copy may be in process, so nothing is sent again without asking (domain.md 3.1).
const DUPLICATE_SET: &str = "23";

/// AK905 19, likewise.
const DUPLICATE_GROUP: &str = "19";

impl ImplementationAck {
    /// The claims that the faults name (CLM01), each once, in the order of the 999.
    #[must_use]
    pub fn named_claims(&self) -> Vec<&str> {
        distinct(self.sets.iter().flat_map(SetResponse::claims))
    }

    /// Whether the group was rejected as a copy.
    #[must_use]
    pub fn is_duplicate(&self) -> bool {
        self.group.result.is_rejected() && self.group.codes.iter().any(|code| code == DUPLICATE_GROUP)
    }
}

impl SetResponse {
    /// The claims that the faults name (CLM01), each once, in the order of the 999. With a rejection, these are the culprits and the
    /// other claims of the set may be sent again (domain.md 3.1).
    #[must_use]
    pub fn named_claims(&self) -> Vec<&str> {
        distinct(self.claims())
    }

    fn claims(&self) -> impl Iterator<Item = &str> {
        let contexts = self.errors.iter().flat_map(|error| error.contexts.iter().chain(error.elements.iter().flat_map(|e| &e.contexts)));
        contexts.filter_map(Context::claim)
    }

    /// Whether the set was rejected as a copy.
    #[must_use]
    pub fn is_duplicate(&self) -> bool {
        self.result.is_rejected() && self.codes.iter().any(|code| code == DUPLICATE_SET)
    }
}

impl Context {
    /// The claim (CLM01) that this context names.
    #[must_use]
    pub fn claim(&self) -> Option<&str> {
        self.value.as_ref().filter(|_| self.name == CLAIM_CONTEXT).map(Phi::as_str)
    }

    /// The context of a claim.
    #[must_use]
    pub fn of_claim(pcn: &str) -> Context {
        let (name, value) = (CLAIM_CONTEXT.to_owned(), Some(Phi::from(pcn)));
        Context { segment: 0, name, value, segment_id: None, at: None, loop_id: None, place: None, data_elements: Vec::new() }
    }
}

fn distinct<'a>(claims: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = HashSet::new();
    claims.filter(|claim| seen.insert(*claim)).collect()
}
