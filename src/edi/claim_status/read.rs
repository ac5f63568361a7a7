//! Reads 276 and 277. Each level takes the segments that belong to it, in any order, and ends where a level above it begins. What
//! belongs nowhere is kept as unread with a finding.

use super::VERSION;
use super::request::{
    ClaimInquiry, LineInquiry, Patient, RequestPatient, RequestProvider, RequestReceiver, RequestSource, RequestSubscriber, StatusRequest,
};
use super::response::{
    ClaimStatus, LineStatus, Refusal, ResponsePatient, ResponseProvider, ResponseReceiver, ResponseSource, ResponseSubscriber, Status,
    StatusCode, StatusResponse,
};
use crate::edi::inquiry::cursor::{Cursor, opt_masked};
use crate::edi::inquiry::read::{dated, demographics, detail, name, nobody, reference, trace, transaction};
use crate::edi::{Finding, TransactionSet};

/// The levels of HL03, from the payer to the dependent.
const LEVELS: &[&[u8]] = &[b"20", b"21", b"19", b"22", b"23"];

/// Reads one 276, as a payer would. What is unexpected, unknown or unreadable is a finding and stays reachable; nothing panics.
#[must_use]
pub fn read_276(set: &TransactionSet) -> (StatusRequest, Vec<Finding>) {
    let (heading, sources, unread, findings) = transaction(set, VERSION, LEVELS, request_source);
    (StatusRequest { heading, sources, unread }, findings)
}

/// Reads one 277. Findings of severity Error say that an answer may be misread. A claim acknowledgment is another 277:
/// [`read_277ca`](crate::edi::ack_277ca::read_277ca).
#[must_use]
pub fn read_277(set: &TransactionSet) -> (StatusResponse, Vec<Finding>) {
    let (heading, sources, unread, findings) = transaction(set, VERSION, LEVELS, response_source);
    (StatusResponse { heading, sources, unread }, findings)
}

fn request_source(c: &mut Cursor<'_>) -> RequestSource {
    let own = c.level(b"20", b"");
    let (mut payer, mut receivers) = (nobody(), Vec::new());
    while let Some((id, level)) = c.peek() {
        match (id, level) {
            ("SE", _) | ("HL", b"20") => break,
            ("HL", b"21" | b"19" | b"22" | b"23") => receivers.push(request_receiver(c, own.number)),
            ("NM1", _) => name(c, &mut payer),
            _ => c.leave_out(),
        }
    }
    c.require(payer.segment != 0, "the payer (NM1*PR)");
    RequestSource { segment: own.segment, payer: payer.open(), receivers }
}

fn request_receiver(c: &mut Cursor<'_>, parent: &[u8]) -> RequestReceiver {
    let own = c.level(b"21", parent);
    let (mut submitter, mut providers) = (nobody(), Vec::new());
    while let Some((id, level)) = c.peek() {
        match (id, level) {
            ("SE", _) | ("HL", b"20" | b"21") => break,
            ("HL", b"19" | b"22" | b"23") => providers.push(request_provider(c, own.number)),
            ("NM1", _) => name(c, &mut submitter),
            _ => c.leave_out(),
        }
    }
    c.require(submitter.segment != 0, "who sends (NM1*41)");
    RequestReceiver { segment: own.segment, submitter: submitter.open(), providers }
}

fn request_provider(c: &mut Cursor<'_>, parent: &[u8]) -> RequestProvider {
    let own = c.level(b"19", parent);
    let (mut provider, mut subscribers) = (nobody(), Vec::new());
    while let Some((id, level)) = c.peek() {
        match (id, level) {
            ("SE", _) | ("HL", b"20" | b"21" | b"19") => break,
            ("HL", b"22" | b"23") => subscribers.push(request_subscriber(c, own.number)),
            ("NM1", _) => name(c, &mut provider),
            _ => c.leave_out(),
        }
    }
    c.require(provider.segment != 0, "who billed (NM1*1P)");
    RequestProvider { segment: own.segment, provider: provider.open(), subscribers }
}

fn request_subscriber(c: &mut Cursor<'_>, parent: &[u8]) -> RequestSubscriber {
    let own = c.level(b"22", parent);
    let (patient, number) = (request_patient(c, own.segment), own.number);
    let mut dependents = Vec::new();
    while let Some(("HL", b"23")) = c.peek() {
        let own = c.level(b"23", number);
        dependents.push(request_patient(c, own.segment));
    }
    RequestSubscriber { patient, dependents }
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
    c.require(patient.person.segment != 0, "subscriber or dependent (NM1)");
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

fn response_source(c: &mut Cursor<'_>) -> ResponseSource {
    let own = c.level(b"20", b"");
    let (mut payer, mut receivers) = (nobody(), Vec::new());
    while let Some((id, level)) = c.peek() {
        match (id, level) {
            ("SE", _) | ("HL", b"20") => break,
            ("HL", b"21" | b"19" | b"22" | b"23") => receivers.push(response_receiver(c, own.number)),
            ("NM1", _) => name(c, &mut payer),
            ("PER", _) => detail(c, id, &mut payer),
            _ => c.leave_out(),
        }
    }
    c.require(payer.segment != 0, "the payer (NM1*PR)");
    ResponseSource { segment: own.segment, payer: payer.open(), receivers }
}

fn response_receiver(c: &mut Cursor<'_>, parent: &[u8]) -> ResponseReceiver {
    let own = c.level(b"21", parent);
    let (mut submitter, mut refused, mut providers) = (nobody(), None, Vec::new());
    while let Some((id, level)) = c.peek() {
        match (id, level) {
            ("SE", _) | ("HL", b"20" | b"21") => break,
            ("HL", b"19" | b"22" | b"23") => providers.push(response_provider(c, own.number)),
            ("NM1", _) => name(c, &mut submitter),
            ("TRN", _) => refusal(c, &mut refused),
            _ => c.leave_out(),
        }
    }
    c.require(submitter.segment != 0, "who asked (NM1*41)");
    ResponseReceiver { segment: own.segment, submitter: submitter.open(), refusal: refused, providers }
}

fn response_provider(c: &mut Cursor<'_>, parent: &[u8]) -> ResponseProvider {
    let own = c.level(b"19", parent);
    let (mut provider, mut refused, mut subscribers) = (nobody(), None, Vec::new());
    while let Some((id, level)) = c.peek() {
        match (id, level) {
            ("SE", _) | ("HL", b"20" | b"21" | b"19") => break,
            ("HL", b"22" | b"23") => subscribers.push(response_subscriber(c, own.number)),
            ("NM1", _) => name(c, &mut provider),
            ("TRN", _) => refusal(c, &mut refused),
            _ => c.leave_out(),
        }
    }
    c.require(provider.segment != 0, "who billed (NM1*1P)");
    ResponseProvider { segment: own.segment, provider: provider.open(), refusal: refused, subscribers }
}

/// TRN and STC above the claims. A second TRN adds its statuses to the first.
fn refusal(c: &mut Cursor<'_>, refused: &mut Option<Refusal>) {
    let trace = trace(c);
    c.first(refused.is_none());
    let refusal = refused.get_or_insert_with(|| Refusal { trace, statuses: Vec::new() });
    while let Some(("STC", _)) = c.peek() {
        refusal.statuses.push(status(c));
    }
}

fn response_subscriber(c: &mut Cursor<'_>, parent: &[u8]) -> ResponseSubscriber {
    let own = c.level(b"22", parent);
    let (patient, number) = (response_patient(c, own.segment), own.number);
    let mut dependents = Vec::new();
    while let Some(("HL", b"23")) = c.peek() {
        let own = c.level(b"23", number);
        dependents.push(response_patient(c, own.segment));
    }
    ResponseSubscriber { patient, dependents }
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
    c.require(person.segment != 0, "subscriber or dependent (NM1)");
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
    let mut codes = Vec::new();
    for n in [1, 10, 11].into_iter().filter(|&n| !segment.bytes(n).is_empty()) {
        c.spare_components(&segment, n, 4);
        let component = |c| segment.component_opt(n, c);
        let (category, status) = (component(1).unwrap_or_default(), component(2).unwrap_or_default());
        codes.push(StatusCode { category, status, entity: component(3), list: component(4) });
    }
    Status {
        segment: segment.number(),
        codes,
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
