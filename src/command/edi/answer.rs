//! `edi validate --999`: the acknowledgment that follows from what was found, one for each functional group.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::{DateTime, date};

use super::Failure;
use crate::edi::ack_999::{ImplementationAck, VERSION, from_findings, write_999};
use crate::edi::validate::{Checked, CheckedSet};
use crate::edi::{Envelope, InterchangeHeader, WriteError, write_interchange};

/// GS01 of 999s.
const ACKNOWLEDGMENTS: &str = "FA";

/// When an answer was written to a file that doesn't say when it was.
const UNDATED: DateTime = date(2000, 1, 1).at(0, 0, 0, 0);

/// Collects what was found, group by group.
#[derive(Default)]
pub(super) struct Answers {
    /// Interchanges with an answer to each of their groups.
    interchanges: Vec<(Arc<InterchangeHeader>, Vec<ImplementationAck>)>,
    /// Sets of the group that is read.
    sets: Vec<CheckedSet>,
}

impl Answers {
    /// Takes the next piece of the file.
    pub(super) fn take(&mut self, checked: Checked) {
        match checked {
            Checked::Interchange(header, _) => self.interchanges.push((header, Vec::new())),
            Checked::Group(..) => self.sets.clear(),
            Checked::Set(set) => self.sets.push(set),
            Checked::GroupEnd(group) => {
                let sets = std::mem::take(&mut self.sets);
                if let Some((_, acks)) = self.interchanges.last_mut() {
                    let number = format!("{:04}", acks.len() + 1);
                    acks.extend(from_findings(&number, &group, &sets));
                }
            }
            _ => {}
        }
    }

    /// Writes the answers into a new file, one interchange back to the sender of each. They have dates and numbers of what they answer, which
    /// are not ours to give again: this is for looking at, and what is sent to partners is made elsewhere.
    pub(super) fn write(&self, path: &Path) -> Result<(), Failure> {
        let mut bytes = Vec::new();
        for (header, acks) in self.interchanges.iter().filter(|(_, acks)| !acks.is_empty()) {
            bytes.extend(interchange(header, acks).map_err(|_| Failure::NothingToAnswer)?);
        }
        if bytes.is_empty() {
            return Err(Failure::NothingToAnswer);
        }
        let failed = |error| Failure::Open { file: path.display().to_string(), error };
        File::create_new(path).and_then(|mut new| new.write_all(&bytes)).map_err(failed)
    }
}

fn interchange(header: &InterchangeHeader, acks: &[ImplementationAck]) -> Result<Vec<u8>, Vec<WriteError>> {
    let envelope = Envelope {
        sender: header.receiver.clone(),
        receiver: header.sender.clone(),
        application_sender: header.receiver.id.clone(),
        application_receiver: header.sender.id.clone(),
        control_number: header.control_number.parse().unwrap_or(1),
        group_control_number: 1,
        written_at: header.written_at.unwrap_or(UNDATED),
        usage: header.usage.clone(),
        ack_requested: false,
    };
    write_interchange(&envelope, |w| {
        for (number, ack) in (1..).zip(acks) {
            w.begin_group(&Envelope { group_control_number: number, ..envelope.clone() }, ACKNOWLEDGMENTS, VERSION);
            write_999(ack, w);
            w.end_group();
        }
    })
}
