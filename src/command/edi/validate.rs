//! `edi validate`: what is wrong with a file, each finding with its place.

use std::path::Path;
use std::process::ExitCode;

use serde::Serialize;

use super::output::{Input, Output, palette};
use super::{FOUND, Failure};
use crate::edi::ack_277ca::read_277ca;
use crate::edi::ack_999::read_999;
use crate::edi::ack_ta1::read_ta1;
use crate::edi::claim_837p::read_837p;
use crate::edi::claim_status::{read_276, read_277};
use crate::edi::describe::Palette;
use crate::edi::eligibility::{read_270, read_271};
use crate::edi::remittance_835::{prove, read_835};
use crate::edi::{Event, Finding, Position, Reader, SegmentId, Severity, TransactionSet};

/// A line of the JSON answer.
#[derive(Serialize)]
struct Line<'a> {
    code: &'static str,
    severity: &'static str,
    segment: u32,
    segment_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    element: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    component: Option<u8>,
    byte: u64,
    message: &'a str,
}

/// The last line of the JSON answer.
#[derive(Default, Serialize)]
struct Summary {
    transaction_sets: u64,
    errors: u64,
    warnings: u64,
    notes: u64,
}

impl Summary {
    fn count(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Note => self.notes += 1,
        }
    }
}

/// Checks a file.
pub(super) fn run(file: &Path, json: bool) -> Result<ExitCode, Failure> {
    let (input, mut output, palette) = (Input::open(file)?, Output::new(), palette());
    let mut summary = Summary::default();
    for event in Reader::new(input.source) {
        let event = match event {
            Ok(event) => event,
            Err(error) => {
                output.flush()?;
                return Err(Failure::Unreadable { file: input.name, error });
            }
        };
        summary.transaction_sets += u64::from(matches!(event, Event::Transaction(_)));
        for finding in findings(event) {
            summary.count(finding.severity);
            if json {
                output.json(&line(&finding))?;
            } else {
                output.text(&sentence(&finding, &palette))?;
            }
        }
    }
    input.progress.finish_and_clear();
    if json {
        output.json(&summary)?;
    } else {
        let Summary { transaction_sets, errors, warnings, notes } = summary;
        output.text(&format!("{transaction_sets} transaction sets: {errors} errors, {warnings} warnings, {notes} notes\n"))?;
    }
    output.flush()?;
    Ok(if summary.errors + summary.warnings > 0 { ExitCode::from(FOUND) } else { ExitCode::SUCCESS })
}

/// What is wrong with one piece of a file.
fn findings(event: Event) -> Vec<Finding> {
    match event {
        Event::Finding(finding) => vec![finding],
        Event::InterchangeAck(segment) => read_ta1(&segment.as_segment()).1,
        Event::Transaction(set) => of_set(&set),
        _ => Vec::new(),
    }
}

fn of_set(set: &TransactionSet) -> Vec<Finding> {
    match (set.kind(), set.version().get(..10)) {
        ("837", Some("005010X222")) => read_837p(set).1,
        ("835", Some("005010X221")) => {
            let (remittance, mut findings) = read_835(set);
            if let Err(faults) = prove(&remittance) {
                let id =
                    |segment: u32| set.segments().find(|s| s.number() == segment).map_or(SegmentId::UNKNOWN, |s| s.position().segment_id);
                findings.extend(faults.iter().map(|fault| {
                    let position = Position::of_segment(set.first_byte(), fault.segment, id(fault.segment));
                    Finding::error("835-BALANCE", position, fault.to_string())
                }));
            }
            findings
        }
        ("999", Some("005010X231")) => read_999(set).1,
        ("277", Some("005010X214")) => read_277ca(set).1,
        ("270", Some("005010X279")) => read_270(set).1,
        ("271", Some("005010X279")) => read_271(set).1,
        ("276", Some("005010X212")) => read_276(set).1,
        ("277", Some("005010X212")) => read_277(set).1,
        _ => {
            let position = Position::of_segment(set.first_byte(), set.first_segment(), SegmentId::new(b"ST"));
            vec![Finding::warning("X12-VERSION", position, "this transaction or version is not supported: only its envelope was checked")]
        }
    }
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn line(finding: &Finding) -> Line<'_> {
    let Position { byte, segment, ref segment_id, element, component } = finding.position;
    let (code, severity, message) = (finding.code, word(finding.severity), finding.message.as_str());
    Line { code, severity, segment, segment_id: segment_id.as_str(), element, component, byte, message }
}

/// `error  segment 12 (CLP) element 3 at byte 4711: … [X12-ELEMENT]`.
fn sentence(finding: &Finding, palette: &Palette) -> String {
    let look = match finding.severity {
        Severity::Error => palette.bad,
        Severity::Warning => palette.title,
        Severity::Note => palette.faint,
    };
    format!("{look}{:7}{}  {finding}\n", word(finding.severity), if look.is_empty() { "" } else { palette.end })
}
