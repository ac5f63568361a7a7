//! One fault that validation found: what, where, and whose.

use std::fmt;

use super::catalog::Rule;
use crate::edi::{Finding, Position};
use crate::platform::phi::Phi;

/// A fault. Its sentence carries no data of the file; the value at fault and the claim are PHI and masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What kind of fault.
    pub rule: &'static Rule,
    /// Where in the file. What is missing is reported at the segment that stands in its place.
    pub position: Position,
    /// The number of the segment in its transaction set, ST being 1; 0 outside of sets.
    pub at: u32,
    /// The identifier of the segment at fault: of the missing one, when one is missing.
    pub segment: String,
    /// The loop that it belongs to; none outside of loops.
    pub loop_id: Option<&'static str>,
    /// The repetition of the element, from 1, when it is one that repeats.
    pub repetition: Option<u32>,
    /// The data element's number in the X12 dictionary.
    pub data_element: Option<&'static str>,
    /// The value at fault.
    pub value: Option<Phi<String>>,
    /// CLM01 of the claim that it belongs to, CLP01 of the claim payment; none where it concerns no claim or more than one.
    pub claim: Option<Phi<String>>,
    /// What made the missing segment or element required.
    pub trigger: Option<Trigger>,
    /// What is wrong: one sentence without its end.
    pub message: String,
}

/// The element that makes another one required.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// Its segment.
    pub segment: &'static str,
    /// The number of the segment in its transaction set.
    pub at: u32,
    /// Its loop.
    pub loop_id: &'static str,
    /// Its number in the segment.
    pub element: u32,
    /// Its component.
    pub component: Option<u32>,
    /// Its number in the X12 dictionary.
    pub data_element: &'static str,
}

impl Fault {
    /// A fault of a whole segment.
    pub(super) fn new(rule: &'static Rule, position: Position, message: impl Into<String>) -> Fault {
        Fault {
            rule,
            position,
            at: 0,
            segment: position.segment_id.as_str().to_owned(),
            loop_id: None,
            repetition: None,
            data_element: None,
            value: None,
            claim: None,
            trigger: None,
            message: message.into(),
        }
    }
}

/// `segment 12 (CLP) element 3 at byte 4711: what is wrong. What to do. [code]`
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}. {} [{}]", self.position, self.message, self.rule.advice, self.rule.code)
    }
}

impl From<&Fault> for Finding {
    fn from(fault: &Fault) -> Finding {
        let message = format!("{}. {}", fault.message, fault.rule.advice);
        Finding { code: fault.rule.code, severity: fault.rule.severity, position: fault.position, message }
    }
}
