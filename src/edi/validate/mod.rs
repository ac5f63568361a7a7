//! Validation: everything that is wrong with a file, by X12 syntax (SNIP 1), by the implementation guides (2), by the sums that must hold
//! (3) and by a few dependencies (4); each with its place, what it is and what to do.
//!
//! * [`validate`] takes a source of bytes and gives what it holds, piece by piece: envelopes and transaction sets, each with its
//!   [`Fault`]s. Memory is bounded by one transaction set. All faults are reported, not the first; a fault is reported once, and what
//!   follows it is checked as if it were not there.
//! * [`CATALOG`] lists every kind of fault; the 999 that follows is written from the same table
//!   ([`ack_999::from_findings`](crate::edi::ack_999)).
//!
//! What is right is data: the tables of [`guide`](crate::edi::guide). What is checked here knows no segment by name, but for the envelopes,
//! the levels (HL) and the sums of claims and remittances. Whether codes of external lists exist and are billable is for the scrub edits.

// What must add up in claims.
mod claims;
// The catalog of faults.
mod catalog;
// The elements of a segment.
mod elements;
// ISA, GS, TA1 and their ends.
mod envelope;
// One fault.
mod fault;
// Where envelopes and sets begin and end.
mod frames;
// The levels of a set.
mod hierarchy;
// Whether a remittance balances.
mod remittance;
// Where a segment fits.
mod search;
// One transaction set.
#[cfg(test)]
pub(crate) mod samples;
mod set;
#[cfg(test)]
mod tests;
// What the text of an element must be.
mod values;
// The walk through a guide.
mod walk;

use std::collections::HashSet;
use std::io::Read;
use std::sync::Arc;

use self::frames::{Frame, Frames, check_trailer};
use crate::edi::envelope::{GroupHeader, InterchangeHeader};
use crate::edi::guide::of_version;
use crate::edi::segment::parse_int;
use crate::edi::{EdiError, Position};

pub use catalog::{Ack, CATALOG, Level, Rule};
pub use fault::{Fault, Trigger};

/// Validates a source of X12. The iterator ends at the end of the file, or at an error where nothing can be understood any more.
pub fn validate<R: Read>(source: R) -> Validation<R> {
    Validation { frames: Frames::new(source), interchange: None, group: None, ended: false }
}

/// All faults of a file in memory.
pub fn faults_of(bytes: &[u8]) -> Result<Vec<Fault>, EdiError> {
    let mut faults = Vec::new();
    for checked in validate(bytes) {
        faults.extend(checked?.into_faults());
    }
    Ok(faults)
}

/// A piece of a file, and what is wrong with it.
#[derive(Clone, Debug)]
pub enum Checked {
    /// ISA.
    Interchange(Arc<InterchangeHeader>, Vec<Fault>),
    /// TA1.
    InterchangeAck(Vec<Fault>),
    /// GS.
    Group(Arc<GroupHeader>, Vec<Fault>),
    /// ST to SE.
    Set(CheckedSet),
    /// The end of a group: what a 999 answers it with.
    GroupEnd(CheckedGroup),
    /// The end of an interchange.
    InterchangeEnd(Vec<Fault>),
    /// What stands between them and should not.
    Between(Fault),
}

/// One transaction set and its faults, in the order of the file.
#[derive(Clone, Debug)]
pub struct CheckedSet {
    /// ST01.
    pub kind: String,
    /// ST02.
    pub control_number: String,
    /// ST03.
    pub version: Option<String>,
    /// The number of the ST segment in the file.
    pub first_segment: u32,
    /// How many segments it has, ST and SE included.
    pub segments: usize,
    /// Whether its guide is supported; else only its envelope was checked.
    pub is_checked: bool,
    /// What is wrong.
    pub faults: Vec<Fault>,
}

/// A group that ended, and the faults of its envelope.
#[derive(Clone, Debug)]
pub struct CheckedGroup {
    /// GS.
    pub header: Arc<GroupHeader>,
    /// GE01: how many sets the sender says there are; none when it is missing or no number.
    pub included: Option<u64>,
    /// How many were read.
    pub received: u64,
    /// What is wrong with GS and GE.
    pub faults: Vec<Fault>,
}

impl Checked {
    /// Its faults. Those of a GS come again with the end of its group, and are given here only there.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        match self {
            Checked::Group(..) => &[],
            Checked::Interchange(_, faults) | Checked::InterchangeAck(faults) | Checked::InterchangeEnd(faults) => faults,
            Checked::Set(set) => &set.faults,
            Checked::GroupEnd(group) => &group.faults,
            Checked::Between(fault) => std::slice::from_ref(fault),
        }
    }

    /// The same, by value.
    #[must_use]
    pub fn into_faults(self) -> Vec<Fault> {
        self.faults().to_vec()
    }
}

/// Validates as it is asked for the next piece.
pub struct Validation<R> {
    frames: Frames<R>,
    interchange: Option<Arc<InterchangeHeader>>,
    group: Option<OpenGroup>,
    ended: bool,
}

struct OpenGroup {
    header: Arc<GroupHeader>,
    faults: Vec<Fault>,
    /// ST02 of its sets.
    numbers: HashSet<String>,
}

impl<R: Read> Validation<R> {
    fn next_piece(&mut self) -> Result<Option<Checked>, EdiError> {
        let Some(frame) = self.frames.next_frame()? else { return Ok(None) };
        let mut faults = Vec::new();
        let mut report = |fault| faults.push(fault);
        Ok(Some(match frame {
            Frame::Interchange(header, isa) => {
                envelope::check_isa(&isa.as_segment(), &mut report);
                self.interchange = Some(Arc::clone(&header));
                Checked::Interchange(header, faults)
            }
            Frame::Ack(ta1) => {
                envelope::check(&ta1.as_segment(), &mut report);
                Checked::InterchangeAck(faults)
            }
            Frame::Group(header, gs) => {
                let gs = gs.as_segment();
                envelope::check(&gs, &mut report);
                let kinds: Vec<&str> = of_version(&header.version).map(|known| known.functional_id).collect();
                if !kinds.is_empty() && !kinds.contains(&header.functional_id.as_str()) {
                    report(Fault::new(catalog::GS_KIND, gs.at(1), "the kind of the group is not the one that the guide in GS08 describes"));
                }
                self.group = Some(OpenGroup { header: Arc::clone(&header), faults: faults.clone(), numbers: HashSet::new() });
                Checked::Group(header, faults)
            }
            Frame::Set(set, has_end) => {
                let is_duplicate = self.group.as_mut().is_some_and(|group| !group.numbers.insert(set.control_number().to_owned()));
                Checked::Set(set::check(&set, has_end, is_duplicate))
            }
            Frame::GroupEnd(ge, received) => match self.group.take() {
                Some(group) => Checked::GroupEnd(end_group(group, ge.as_ref().map(crate::edi::OwnedSegment::as_segment), received)),
                None => return self.next_piece(),
            },
            Frame::InterchangeEnd(iea, groups) => {
                let number = self.interchange.take().map(|header| header.control_number.clone()).unwrap_or_default();
                if let Some(iea) = iea {
                    let rules = [catalog::IEA_COUNT, catalog::IEA_NUMBER];
                    check_trailer(&iea.as_segment(), rules, groups, &number, &mut report);
                }
                Checked::InterchangeEnd(faults)
            }
            Frame::Fault(fault) => match &mut self.group {
                // The end that is missing is the group's own.
                Some(group) if fault.rule == catalog::GE_MISSING => {
                    group.faults.push(fault);
                    return self.next_piece();
                }
                _ => Checked::Between(fault),
            },
        }))
    }
}

fn end_group(mut group: OpenGroup, ge: Option<crate::edi::Segment<'_>>, received: u64) -> CheckedGroup {
    let report = &mut |fault| group.faults.push(fault);
    if let Some(ge) = ge {
        check_trailer(&ge, [catalog::GE_COUNT, catalog::GE_NUMBER], received, &group.header.control_number, report);
    }
    // A group that is cut off has a worse fault.
    if received == 0 && ge.is_some() {
        let at = ge.map_or(group.header.position, |ge| ge.position());
        report(Fault::new(catalog::NO_SETS, Position { element: None, ..at }, "the group holds no transaction set"));
    }
    CheckedGroup { header: group.header, included: ge.and_then(|ge| parse_int(ge.bytes(1))), received, faults: group.faults }
}

impl<R: Read> Iterator for Validation<R> {
    type Item = Result<Checked, EdiError>;

    fn next(&mut self) -> Option<Result<Checked, EdiError>> {
        if self.ended {
            return None;
        }
        let piece = self.next_piece().transpose();
        self.ended = !matches!(piece, Some(Ok(_)));
        piece
    }
}
