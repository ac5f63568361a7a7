//! `edi describe`: the file as a person reads it, one transaction set at a time.

use std::path::Path;
use std::process::ExitCode;

use serde::Serialize;

use super::output::{Input, Output, palette};
use super::{Failure, meaning};
use crate::edi::describe::{Describer, Section, Tone, to_text};
use crate::edi::{Event, Finding, Reader, Severity};

/// A line of the JSON answer.
#[derive(Serialize)]
struct Line<'a> {
    /// `interchange`, `group`, `transaction`, `acknowledgment` (a TA1) or `finding`.
    kind: &'static str,
    #[serde(flatten)]
    section: &'a Section,
}

/// Describes a file.
pub(super) fn run(file: &Path, show_phi: bool, json: bool) -> Result<ExitCode, Failure> {
    let describer = Describer { meanings: &meaning, show_phi };
    let (input, palette) = (Input::open(file)?, palette());
    let mut output = Output::beside(&input.progress);
    for event in Reader::new(input.source) {
        let event = match event {
            Ok(event) => event,
            Err(error) => {
                output.flush()?;
                return Err(Failure::Unreadable { file: input.name, error });
            }
        };
        let Some((kind, section)) = section(&describer, &event) else { continue };
        if json {
            output.json(&Line { kind, section: &section })?;
        } else {
            output.text(&to_text(&section, &palette))?;
            output.text("\n")?;
        }
    }
    output.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// What is said of one piece of a file; nothing of trailers, whose faults are findings.
pub(super) fn section(describer: &Describer<'_>, event: &Event) -> Option<(&'static str, Section)> {
    Some(match event {
        Event::Interchange(header) => ("interchange", describer.interchange(header)),
        Event::Group(header) => ("group", describer.group(header)),
        Event::Transaction(set) => ("transaction", describer.set(set)),
        Event::InterchangeAck(segment) => ("acknowledgment", describer.interchange_ack(&segment.as_segment())),
        Event::Finding(finding) => ("finding", told(finding)),
        Event::GroupEnd(_) | Event::InterchangeEnd(_) => return None,
    })
}

/// A finding around the transaction sets, as a section of its own.
fn told(finding: &Finding) -> Section {
    let mut section = Section::new(finding.code).at(finding.position.segment);
    let tone = if finding.severity == Severity::Note { Tone::Plain } else { Tone::Bad };
    section.remark(tone, finding.message.clone());
    section
}
