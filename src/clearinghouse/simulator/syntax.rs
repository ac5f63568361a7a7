//! The clearinghouse's syntax check: a transaction set of claims becomes its answer in a 999 (domain.md 3.1, 3.2).
//!
//! Sees segments, not meaning: what a claim can't do without, and what the reader could not make sense of. Each fault names its claim.

use super::intake::carried;
use crate::edi::ack_999::{AckResult, Context, ElementError, ElementPlace, SegmentError, SetResponse};
use crate::edi::claim_837p::VERSION;
use crate::edi::{Finding, Segment, Severity, TransactionSet};
use crate::platform::phi::Phi;

/// IK304 3: a required segment is missing.
const MISSING: &str = "3";
/// IK304 8: the segment has elements at fault.
const ELEMENTS: &str = "8";
/// IK403 7: the code is invalid.
const INVALID_CODE: &str = "7";
/// IK502 5: one or more segments are at fault.
const SEGMENTS: &str = "5";

/// Checks one transaction set. `envelope` are the findings on its SE, `content` what [`crate::edi::claim_837p::read_837p`] found.
#[must_use]
pub fn check(set: &TransactionSet, envelope: &[Finding], content: &[Finding]) -> SetResponse {
    let mut codes: Vec<&str> = Vec::new();
    let mut errors = Vec::new();
    if set.kind() != "837" {
        codes.push("1");
    } else if set.version() != VERSION {
        codes.push("I6");
    } else {
        errors = walk(set, content);
        codes.extend((!errors.is_empty()).then_some(SEGMENTS));
    }
    codes.extend(envelope.iter().filter_map(|finding| match finding.code {
        "X12-SE01" => Some("4"),
        "X12-SE02" => Some("3"),
        _ => None,
    }));
    SetResponse {
        segment: 0,
        kind: carried(set.kind(), 3),
        control_number: carried(set.control_number(), 9),
        version: Some(carried(set.version(), 35)).filter(|version| !version.is_empty()),
        errors,
        result: if codes.is_empty() { AckResult::Accepted } else { AckResult::Rejected },
        codes: codes.into_iter().map(str::to_owned).collect(),
    }
}

/// The claim or line that the walk is in.
#[derive(Default)]
struct Place {
    /// CLM01, once a claim began.
    claim: Option<String>,
    /// Number of its CLM in the set.
    claim_at: u32,
    has_diagnosis: bool,
    lines: u32,
    /// Number of the LX in the set, once a line began.
    line_at: Option<u32>,
    has_service: bool,
    has_date: bool,
}

impl Place {
    fn end_line(&mut self, errors: &mut Vec<SegmentError>) {
        if let Some(at) = self.line_at.take() {
            if !self.has_service {
                errors.push(self.missing("SV1", at, "2400"));
            }
            if !self.has_date {
                errors.push(self.missing("DTP", at, "2400"));
            }
        }
        (self.has_service, self.has_date) = (false, false);
    }

    fn end_claim(&mut self, errors: &mut Vec<SegmentError>) {
        self.end_line(errors);
        if self.claim.is_some() {
            if !self.has_diagnosis {
                errors.push(self.missing("HI", self.claim_at, "2300"));
            }
            if self.lines == 0 {
                errors.push(self.missing("LX", self.claim_at, "2400"));
            }
        }
        *self = Place::default();
    }

    fn missing(&self, id: &str, at: u32, loop_id: &str) -> SegmentError {
        self.error(id, at, Some(loop_id), MISSING)
    }

    fn error(&self, id: &str, at: u32, loop_id: Option<&str>, code: &str) -> SegmentError {
        SegmentError {
            segment: 0,
            segment_id: id.to_owned(),
            at: Some(at),
            loop_id: loop_id.map(str::to_owned),
            code: code.to_owned(),
            contexts: self.claim.iter().map(|pcn| Context::of_claim(pcn)).collect(),
            elements: Vec::new(),
        }
    }
}

fn walk(set: &TransactionSet, content: &[Finding]) -> Vec<SegmentError> {
    let mut errors = Vec::new();
    let mut place = Place::default();
    let (mut claims, mut last) = (0_u32, 1);
    for segment in set.segments() {
        let at = (segment.number() - set.first_segment()).saturating_add(1);
        last = at;
        match segment.id() {
            "CLM" => {
                place.end_claim(&mut errors);
                claims = claims.saturating_add(1);
                place.claim = Some(printable(segment.bytes(1)));
                place.claim_at = at;
            }
            "HL" | "SE" => place.end_claim(&mut errors),
            "HI" => {
                place.has_diagnosis = true;
                errors.extend(diagnoses(&segment, at, &place));
            }
            "LX" => {
                place.end_line(&mut errors);
                place.lines = place.lines.saturating_add(1);
                place.line_at = Some(at);
            }
            "SV1" => place.has_service = true,
            "DTP" if segment.bytes(1) == b"472" => place.has_date = true,
            _ => {}
        }
        let mut here = content.iter().filter(|f| f.severity == Severity::Error && f.position.segment == segment.number());
        if here.next().is_some() {
            errors.push(place.error(segment.position().segment_id.as_str(), at, None, ELEMENTS));
        }
    }
    if claims == 0 {
        errors.push(place.missing("CLM", last, "2300"));
    }
    errors
}

/// Diagnosis codes travel without their point (domain.md 1.5).
fn diagnoses(segment: &Segment<'_>, at: u32, place: &Place) -> Option<SegmentError> {
    let elements: Vec<ElementError> = (1_u32..)
        .zip(1..=segment.elements())
        .filter(|&(_, element)| segment.component(element, 2).contains(&b'.'))
        .map(|(number, element)| ElementError {
            segment: 0,
            place: ElementPlace { element: number, component: Some(2), repetition: None },
            data_element: Some("1271".to_owned()),
            code: INVALID_CODE.to_owned(),
            value: Some(Phi::new(printable(segment.component(element, 2)))),
            contexts: Vec::new(),
        })
        .collect();
    if elements.is_empty() { None } else { Some(SegmentError { elements, ..place.error("HI", at, Some("2300"), ELEMENTS) }) }
}

/// A value of the file as it may be repeated.
fn printable(bytes: &[u8]) -> String {
    carried(&String::from_utf8_lossy(bytes), VALUE_MAX)
}

/// Longest value repeated: IK404 takes 99 characters.
const VALUE_MAX: usize = 99;
