//! `edi validate`: what is wrong with a file, each finding with its place.

use std::path::Path;
use std::process::ExitCode;

use serde::Serialize;

use super::answer::Answers;
use super::output::{Input, Output, palette};
use super::{FOUND, Failure};
use crate::edi::describe::Palette;
use crate::edi::validate::{Checked, validate};
use crate::edi::{Finding, Position, Severity};

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

/// Checks a file; with `ack`, answers it into a new file.
pub(super) fn run(file: &Path, ack: Option<&Path>, json: bool) -> Result<ExitCode, Failure> {
    let (input, palette) = (Input::open(file)?, palette());
    let mut output = Output::beside(&input.progress);
    let (mut summary, mut answers) = (Summary::default(), Answers::default());
    for checked in validate(input.source) {
        let checked = match checked {
            Ok(checked) => checked,
            Err(error) => {
                output.flush()?;
                return Err(Failure::Unreadable { file: input.name, error });
            }
        };
        summary.transaction_sets += u64::from(matches!(checked, Checked::Set(_)));
        for finding in checked.faults().iter().map(Finding::from) {
            summary.count(finding.severity);
            if json {
                output.json(&line(&finding))?;
            } else {
                output.text(&sentence(&finding, &palette))?;
            }
        }
        if ack.is_some() {
            answers.take(checked);
        }
    }
    if let Some(path) = ack {
        answers.write(path)?;
    }
    if json {
        output.json(&summary)?;
    } else {
        let Summary { transaction_sets, errors, warnings, notes } = summary;
        let counted = [(errors, "error"), (warnings, "warning"), (notes, "note")].map(|(number, what)| count(number, what)).join(", ");
        output.text(&format!("{}: {counted}\n", count(transaction_sets, "transaction set")))?;
    }
    output.flush()?;
    Ok(if summary.errors + summary.warnings > 0 { ExitCode::from(FOUND) } else { ExitCode::SUCCESS })
}

/// `1 error`, `2 errors`.
fn count(number: u64, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
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
