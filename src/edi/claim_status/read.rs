//! Reads 276 and 277. Each level takes the segments that belong to it, in any order, and ends where a level above it begins. What
//! belongs nowhere is kept as unread with a finding.

use super::VERSION;
use super::request::{ClaimInquiry, LineInquiry, Patient, RequestPatient, RequestProvider, RequestReceiver, StatusRequest};
use super::response::{ClaimStatus, LineStatus, Refusal, ResponsePatient, ResponseProvider, ResponseReceiver, Status, StatusResponse};
use crate::edi::inquiry::cursor::{Cursor, opt_masked};
use crate::edi::inquiry::read::{
    Level, MEMBER, contacts_only, dated, demographics, family, level, name, nobody, nothing_else, reference, source, trace, transaction,
};
use crate::edi::inquiry::status::{STATUS_COMPONENTS, STATUS_ELEMENTS, status_codes};
use crate::edi::{Finding, TransactionSet};

/// The levels of HL03, from the payer to the dependent.
const LEVELS: &[&[u8]] = &[b"20", b"21", b"19", b"22", b"23"];

/// Reads one 276, as a payer would. What is unexpected, unknown or unreadable is a finding and stays reachable; nothing panics.
#[must_use]
pub fn read_276(set: &TransactionSet) -> (StatusRequest, Vec<Finding>) {
    transaction(set, VERSION, LEVELS, |c| source(c, nothing_else, request_receiver))
}

/// Reads one 277. Findings of severity Error say that an answer may be misread. A claim acknowledgment is another 277:
/// [`read_277ca`](crate::edi::ack_277ca::read_277ca).
#[must_use]
pub fn read_277(set: &TransactionSet) -> (StatusResponse, Vec<Finding>) {
    transaction(set, VERSION, LEVELS, |c| source(c, contacts_only, response_receiver))
}

fn request_receiver(c: &mut Cursor<'_>, parent: &[u8]) -> RequestReceiver {
    let Level { segment, party, below } = level(c, b"21", parent, "who sends (NM1*41)", nothing_else, request_provider);
    RequestReceiver { segment, submitter: party.open(), providers: below }
}

fn request_provider(c: &mut Cursor<'_>, parent: &[u8]) -> RequestProvider {
    let families = |c: &mut Cursor<'_>, parent: &[u8]| family(c, parent, request_patient);
    let Level { segment, party, below } = level(c, b"19", parent, "who billed (NM1*1P)", nothing_else, families);
    RequestProvider { segment, provider: party.open(), families: below }
}

fn request_patient(c: &mut Cursor<'_>, segment: u32) -> RequestPatient {
    let (mut patient, mut claims) = (Patient { segment, ..Patient::new(nobody()) }, Vec::new());
    while let Some((id, _)) = c.peek() {
        match id {
            "SE" | "HL" => break,
            "TRN" => claims.push(claim_inquiry(c)),
            "NM1" => name(c, &mut patient.person),
            "DMG" => demographics(c, &mut patient.birth_date, &mut patient.sex),
            _ => c.leave_out(),
        }
    }
    c.require(patient.person.segment != 0, MEMBER);
    RequestPatient { patient, claims }
}

fn claim_inquiry(c: &mut Cursor<'_>) -> ClaimInquiry {
    let segment = c.next_number();
    let trace = trace(c);
    let mut claim = ClaimInquiry { segment, trace, references: Vec::new(), charge: None, dates: Vec::new(), lines: Vec::new() };
    while let Some((id, _)) = c.peek() {
        match id {
            "SE" | "HL" | "TRN" => break,
            "REF" => claim.references.push(reference(c)),
            "DTP" => claim.dates.push(dated(c)),
            "SVC" => claim.lines.push(line_inquiry(c)),
            "AMT" => {
                let segment = c.take(&[1, 2]);
                if segment.bytes(1) != b"T3" {
                    c.put_aside();
                } else if c.first(claim.charge.is_none()) {
                    claim.charge = c.money(&segment, 2);
                }
            }
            _ => c.leave_out(),
        }
    }
    claim
}

fn line_inquiry(c: &mut Cursor<'_>) -> LineInquiry {
    let segment = c.take(&[1, 2, 4, 7]);
    let mut line = LineInquiry {
        segment: segment.number(),
        procedure: c.procedure(&segment, 1, SVC_COMPONENTS),
        charge: c.money(&segment, 2),
        revenue_code: segment.opt(4),
        units: c.quantity(&segment, 7),
        references: Vec::new(),
        dates: Vec::new(),
    };
    while let Some((id @ ("REF" | "DTP"), _)) = c.peek() {
        match id {
            "REF" => line.references.push(reference(c)),
            _ => line.dates.push(dated(c)),
        }
    }
    line
}

fn response_receiver(c: &mut Cursor<'_>, parent: &[u8]) -> ResponseReceiver {
    let mut refused = None;
    let part = |c: &mut Cursor<'_>, id: &str, _: &mut _| refusal(c, id, &mut refused);
    let Level { segment, party, below } = level(c, b"21", parent, "who asked (NM1*41)", part, response_provider);
    ResponseReceiver { segment, submitter: party.open(), refusal: refused, providers: below }
}

fn response_provider(c: &mut Cursor<'_>, parent: &[u8]) -> ResponseProvider {
    let mut refused = None;
    let part = |c: &mut Cursor<'_>, id: &str, _: &mut _| refusal(c, id, &mut refused);
    let families = |c: &mut Cursor<'_>, parent: &[u8]| family(c, parent, response_patient);
    let Level { segment, party, below } = level(c, b"19", parent, "who billed (NM1*1P)", part, families);
    ResponseProvider { segment, provider: party.open(), refusal: refused, families: below }
}

/// TRN and STC above the claims. A second TRN adds its statuses to the first.
fn refusal(c: &mut Cursor<'_>, id: &str, refused: &mut Option<Refusal>) {
    if id != "TRN" {
        return c.leave_out();
    }
    let trace = trace(c);
    c.first(refused.is_none());
    let refusal = refused.get_or_insert_with(|| Refusal { trace, statuses: Vec::new() });
    while let Some(("STC", _)) = c.peek() {
        refusal.statuses.push(status(c));
    }
}

fn response_patient(c: &mut Cursor<'_>, segment: u32) -> ResponsePatient {
    let (mut person, mut claims) = (nobody(), Vec::new());
    while let Some((id, _)) = c.peek() {
        match id {
            "SE" | "HL" => break,
            "TRN" => claims.push(claim_status(c)),
            "NM1" => name(c, &mut person),
            _ => c.leave_out(),
        }
    }
    c.require(person.segment != 0, MEMBER);
    ResponsePatient { segment, person, claims }
}

fn claim_status(c: &mut Cursor<'_>) -> ClaimStatus {
    let segment = c.next_number();
    let trace = trace(c);
    let (statuses, references, dates, lines) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut claim = ClaimStatus { segment, trace, statuses, references, dates, lines };
    while let Some((id, _)) = c.peek() {
        match id {
            "SE" | "HL" | "TRN" => break,
            "STC" => claim.statuses.push(status(c)),
            "REF" => claim.references.push(reference(c)),
            "DTP" => claim.dates.push(dated(c)),
            "SVC" => claim.lines.push(line_status(c)),
            _ => c.leave_out(),
        }
    }
    c.require(!claim.statuses.is_empty(), "the status of a claim (STC)");
    claim
}

fn line_status(c: &mut Cursor<'_>) -> LineStatus {
    let segment = c.take(&[1, 2, 3, 4, 7]);
    let mut line = LineStatus {
        segment: segment.number(),
        procedure: c.procedure(&segment, 1, SVC_COMPONENTS),
        charge: c.money(&segment, 2),
        paid: c.money(&segment, 3),
        revenue_code: segment.opt(4),
        units: c.quantity(&segment, 7),
        statuses: Vec::new(),
        references: Vec::new(),
        dates: Vec::new(),
    };
    while let Some((id @ ("STC" | "REF" | "DTP"), _)) = c.peek() {
        match id {
            "STC" => line.statuses.push(status(c)),
            "REF" => line.references.push(reference(c)),
            _ => line.dates.push(dated(c)),
        }
    }
    line
}

fn status(c: &mut Cursor<'_>) -> Status {
    let segment = c.take(&[1, 2, 4, 5, 6, 8, 9, 10, 11, 12]);
    STATUS_ELEMENTS.into_iter().for_each(|n| c.spare_components(&segment, n, STATUS_COMPONENTS));
    Status {
        segment: segment.number(),
        codes: status_codes(&segment),
        effective: c.date(&segment, 2),
        charge: c.money(&segment, 4),
        paid: c.money(&segment, 5),
        decided: c.date(&segment, 6),
        paid_on: c.date(&segment, 8),
        payment_number: segment.opt(9),
        message: opt_masked(&segment, 12),
    }
}

/// Components of SVC01.
const SVC_COMPONENTS: usize = 7;
