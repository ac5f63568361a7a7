//! The clearinghouse's front door: bytes become interchanges, each with what is wrong about its envelopes (domain.md 3.2).

use std::sync::Arc;

use crate::edi::claim_837p::{FUNCTIONAL_ID, VERSION};
use crate::edi::{EdiErrorKind, Event, Finding, GroupHeader, InterchangeHeader, Reader, Severity, TransactionSet};

/// One interchange that arrived.
pub struct Interchange {
    /// ISA.
    pub header: Arc<InterchangeHeader>,
    /// Its groups.
    pub groups: Vec<Group>,
    /// TA105 of the first fault; none when the envelope holds.
    pub fault: Option<&'static str>,
}

/// One functional group.
pub struct Group {
    /// GS.
    pub header: Arc<GroupHeader>,
    /// GE01: how many sets the sender says there are.
    pub declared: u32,
    /// AK905 of every fault.
    pub faults: Vec<&'static str>,
    /// The sets that arrived, with the findings on their trailers.
    pub sets: Vec<(TransactionSet, Vec<Finding>)>,
}

/// Everything that can be told apart in a file; nothing when it is not X12.
#[must_use]
pub fn read(bytes: &[u8]) -> Vec<Interchange> {
    let mut reader = Reader::new(bytes);
    let mut interchanges: Vec<Interchange> = Vec::new();
    let mut findings: Vec<Finding> = Vec::new();
    let mut open = false;
    loop {
        let event = match reader.next_event() {
            Ok(Some(event)) => event,
            Ok(None) => break,
            Err(error) => {
                if let (true, Some(interchange)) = (open, interchanges.last_mut()) {
                    let cut_off = matches!(error.kind, EdiErrorKind::Missing(_));
                    interchange.fault.get_or_insert(if cut_off { "023" } else { "022" });
                }
                break;
            }
        };
        if let Event::Interchange(header) = event {
            let numbered = header.control_number.len() == 9 && header.control_number.bytes().all(|b| b.is_ascii_digit());
            interchanges.push(Interchange { header, groups: Vec::new(), fault: if numbered { None } else { Some("018") } });
            open = true;
            continue;
        }
        let Some(interchange) = interchanges.last_mut() else { continue };
        match event {
            Event::Finding(finding) => findings.push(finding),
            Event::Group(header) => {
                interchange.fault = interchange.fault.or_else(|| fault(&mut findings, interchange_note));
                let wrong = [(header.functional_id != FUNCTIONAL_ID, "1"), (header.version != VERSION, "2")];
                let faults = wrong.into_iter().filter(|(wrong, _)| *wrong).map(|(_, code)| code).collect();
                interchange.groups.push(Group { header, declared: 0, faults, sets: Vec::new() });
            }
            Event::Transaction(set) => {
                if let Some(group) = interchange.groups.last_mut() {
                    group.sets.push((set, std::mem::take(&mut findings)));
                }
            }
            Event::GroupEnd(trailer) => {
                if let Some(group) = interchange.groups.last_mut() {
                    group.declared = trailer.declared.and_then(|n| u32::try_from(n).ok()).unwrap_or_default();
                    group.faults.extend(fault(&mut findings, group_note));
                }
            }
            Event::InterchangeEnd(_) => {
                interchange.fault = interchange.fault.or_else(|| fault(&mut findings, interchange_note));
                open = false;
            }
            Event::Interchange(_) | Event::InterchangeAck(_) => {}
        }
    }
    interchanges
}

/// The note for the first serious finding; all are used up.
fn fault(findings: &mut Vec<Finding>, note: fn(&'static str) -> &'static str) -> Option<&'static str> {
    findings.drain(..).filter(|finding| finding.severity == Severity::Error).map(|finding| note(finding.code)).next()
}

/// TA105 for a finding on the envelope.
fn interchange_note(code: &'static str) -> &'static str {
    match code {
        "X12-IEA01" => "021",
        "X12-IEA02" => "001",
        _ => "022",
    }
}

/// AK905 for a finding on the group.
fn group_note(code: &'static str) -> &'static str {
    match code {
        "X12-GE01" => "5",
        "X12-GE02" => "4",
        _ => "6",
    }
}
