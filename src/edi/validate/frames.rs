//! The envelopes of a file, read so that one fault does not hide the rest: a transaction set, group or interchange that is not ended is
//! ended where the next begins. The reader of the product is stricter: it stops there, because what follows must not be used.

use std::io::Read;
use std::sync::Arc;

use super::catalog::*;
use super::fault::Fault;
use crate::edi::envelope::{GroupHeader, ISA_LENGTH, InterchangeHeader};
use crate::edi::input::Input;
use crate::edi::reader::TRANSACTION_MAX;
use crate::edi::segment::parse_int;
use crate::edi::{EdiError, EdiErrorKind, OwnedSegment, Position, Segment, SegmentId, TransactionSet};

/// What stands in a file, in its order.
pub(super) enum Frame {
    /// ISA.
    Interchange(Arc<InterchangeHeader>, OwnedSegment),
    /// TA1.
    Ack(OwnedSegment),
    /// GS.
    Group(Arc<GroupHeader>, OwnedSegment),
    /// ST to SE; false when the SE is missing.
    Set(TransactionSet, bool),
    /// The end of a group: its GE, and how many sets stood in it.
    GroupEnd(Option<OwnedSegment>, u64),
    /// The end of an interchange: its IEA, and how many groups stood in it.
    InterchangeEnd(Option<OwnedSegment>, u64),
    /// Something wrong between them.
    Fault(Fault),
}

/// Reads the frames of a file.
pub(super) struct Frames<R> {
    input: Input<R>,
    interchange: Option<(Arc<InterchangeHeader>, u64)>,
    group: Option<(Arc<GroupHeader>, u64)>,
    /// The first of the segments outside of sets since the last frame, and whether it was reported.
    stray: Option<Position>,
    is_first: bool,
    /// Whether sets stand where their group did not begin.
    is_without_group: bool,
    /// The last segment read.
    last: Position,
    pending: std::collections::VecDeque<Frame>,
    ended: bool,
}

/// The ends of envelopes and what opens the next, by which a set that is not ended is seen to end.
const ENVELOPE: [&[u8]; 5] = [b"ST", b"GE", b"GS", b"IEA", b"ISA"];

impl<R: Read> Frames<R> {
    pub(super) fn new(source: R) -> Frames<R> {
        let last = Position::of_segment(0, 1, SegmentId::UNKNOWN);
        let pending = std::collections::VecDeque::new();
        Frames {
            input: Input::new(source),
            interchange: None,
            group: None,
            stray: None,
            is_first: true,
            is_without_group: false,
            last,
            pending,
            ended: false,
        }
    }

    /// The next frame; none at the end of the file.
    pub(super) fn next_frame(&mut self) -> Result<Option<Frame>, EdiError> {
        while self.pending.is_empty() && !self.ended {
            match self.interchange.clone() {
                None => self.open_interchange()?,
                Some((header, _)) => self.in_interchange(&header)?,
            }
        }
        Ok(self.pending.pop_front())
    }

    fn open_interchange(&mut self) -> Result<(), EdiError> {
        if self.is_first {
            self.input.skip_byte_order_mark()?;
        }
        self.input.skip_to(ISA_LENGTH)?;
        self.input.unwrap_lines(ISA_LENGTH)?;
        let position = |id| Position::of_segment(self.input.byte(0), self.input.next_number(), id);
        let rest = self.input.unread();
        if !rest.starts_with(b"ISA") {
            if self.is_first {
                return Err(EdiError { kind: EdiErrorKind::NoInterchange, position: self.last });
            }
            if !rest.is_empty() {
                let message = "something that is not X12 follows the last interchange";
                self.pending.push_back(Frame::Fault(Fault::new(TRAILING_TEXT, position(SegmentId::UNKNOWN), message)));
            }
            self.ended = true;
            return Ok(());
        }
        let position = position(SegmentId::new(b"ISA"));
        let isa = rest.first_chunk().ok_or(EdiError { kind: EdiErrorKind::InterchangeHeaderShape, position })?;
        let header = Arc::new(InterchangeHeader::read(isa, position)?);
        let segment = Segment::new(&isa[..ISA_LENGTH - 1], header.delimiters, position.byte, position.segment);
        self.pending.push_back(Frame::Interchange(Arc::clone(&header), OwnedSegment::new(&segment)));
        self.input.consume(ISA_LENGTH, 1);
        (self.is_first, self.last, self.interchange) = (false, position, Some((header, 0)));
        Ok(())
    }

    fn in_interchange(&mut self, header: &Arc<InterchangeHeader>) -> Result<(), EdiError> {
        let Some(found) = self.input.find(0, header.delimiters.terminator)? else {
            self.close_interchange(None);
            self.ended = true;
            return Ok(());
        };
        let segment = self.input.segment(&found, 0, header.delimiters);
        if segment.id() == "ST" {
            self.report_stray();
            self.input.consume(found.begin, 0);
            return self.read_set(header);
        }
        let is_end = found.end == self.input.unread().len();
        let segment = OwnedSegment::new(&segment);
        let view = segment.as_segment();
        self.last = view.position();
        match view.id() {
            "ISA" => {
                self.close_interchange(None);
                self.input.consume(found.begin, 0);
                return Ok(());
            }
            "GS" => self.open_group(&segment),
            "GE" => {
                self.report_stray();
                match self.group.take() {
                    Some((_, sets)) => self.pending.push_back(Frame::GroupEnd(Some(segment), sets)),
                    None if self.is_without_group => self.is_without_group = false,
                    None => self.fault(GS_MISSING, "a group ends that did not begin"),
                }
            }
            "IEA" => {
                if is_end {
                    self.fault(UNTERMINATED, "the last segment has no terminator");
                }
                self.close_interchange(Some(segment));
            }
            "TA1" if self.group.is_some() => self.fault(TA1_MISPLACED, "an answer to an interchange stands within a group"),
            "TA1" => self.pending.push_back(Frame::Ack(segment)),
            "SE" => {
                // It was meant to be a set, and counts.
                if let Some((_, sets)) = &mut self.group {
                    *sets += 1;
                }
                let at = self.stray.take().unwrap_or(self.last);
                self.pending.push_back(Frame::Fault(Fault::new(ST_MISSING, at, "a transaction set ends that did not begin")));
            }
            _ => self.stray = self.stray.or(Some(self.last)),
        }
        self.input.consume(found.end + 1, 1);
        Ok(())
    }

    fn open_group(&mut self, segment: &OwnedSegment) {
        self.report_stray();
        self.close_group();
        let header = Arc::new(GroupHeader::read(&segment.as_segment()));
        if let Some((_, groups)) = &mut self.interchange {
            *groups += 1;
        }
        self.group = Some((Arc::clone(&header), 0));
        self.pending.push_back(Frame::Group(header, segment.clone()));
    }

    /// Ends a group that has no GE.
    fn close_group(&mut self) {
        if let Some((_, sets)) = self.group.take() {
            self.fault(GE_MISSING, "the group has no end");
            self.pending.push_back(Frame::GroupEnd(None, sets));
        }
    }

    fn close_interchange(&mut self, trailer: Option<OwnedSegment>) {
        self.report_stray();
        self.close_group();
        if let Some((_, groups)) = self.interchange.take() {
            if trailer.is_none() {
                self.fault(IEA_MISSING, "the interchange has no end");
            }
            self.pending.push_back(Frame::InterchangeEnd(trailer, groups));
        }
    }

    /// Segments outside of sets, one report for all that follow each other.
    fn report_stray(&mut self) {
        if let Some(position) = self.stray.take() {
            let message = "a segment stands outside of any transaction set";
            self.pending.push_back(Frame::Fault(Fault::new(STRAY, position, message)));
        }
    }

    fn fault(&mut self, rule: &'static Rule, message: &str) {
        self.pending.push_back(Frame::Fault(Fault::new(rule, self.last, message)));
    }

    fn read_set(&mut self, interchange: &Arc<InterchangeHeader>) -> Result<(), EdiError> {
        let delimiters = interchange.delimiters;
        let (mut from, mut count, mut has_end, mut cut) = (0, 0_u32, false, None);
        loop {
            count = count.saturating_add(self.input.pass_inner(&mut from, delimiters.terminator));
            let Some(found) = self.input.find(from, delimiters.terminator)? else { break };
            let raw = self.input.bytes(&found);
            let is = |id: &[u8]| raw.starts_with(id) && raw.get(id.len()).is_none_or(|&byte| byte == delimiters.element);
            if count > 0 && ENVELOPE.iter().any(|id| is(id)) {
                break;
            }
            has_end = is(b"SE");
            if count > 0 && !has_end && found.end == self.input.unread().len() {
                // The begin of a segment says nothing true of it.
                cut = Some(self.input.segment(&found, count, delimiters).position());
                break;
            }
            if has_end {
                self.last = self.input.segment(&found, count, delimiters).position();
            }
            from = found.end + 1;
            count = count.saturating_add(1);
            if has_end {
                break;
            }
            if from > TRANSACTION_MAX {
                return Err(EdiError { kind: EdiErrorKind::TransactionTooLarge, position: self.last });
            }
        }
        let (byte, first) = (self.input.byte(0), self.input.next_number());
        let breaks = self.input.breaks(from);
        let raw = self.input.take(from, count);
        let group = match &mut self.group {
            Some((header, sets)) => {
                *sets += 1;
                Arc::clone(header)
            }
            None => {
                // One report for the group; it was meant to be there, and counts.
                if !self.is_without_group {
                    self.is_without_group = true;
                    if let Some((_, groups)) = &mut self.interchange {
                        *groups += 1;
                    }
                    let position = Position::of_segment(byte, first, SegmentId::new(b"ST"));
                    self.pending.push_back(Frame::Fault(Fault::new(GS_MISSING, position, "a transaction set stands outside of any group")));
                }
                Arc::new(GroupHeader::read(&Segment::new(b"GS", delimiters, byte, first)))
            }
        };
        let set = TransactionSet::new(raw, byte, first, breaks, Arc::clone(interchange), group);
        if !has_end {
            self.last = set.segments().last().map_or(self.last, |segment| segment.position());
        }
        self.pending.push_back(Frame::Set(set, has_end));
        if let Some(position) = cut {
            self.input.consume(self.input.unread().len(), 1);
            self.last = position;
            self.fault(UNTERMINATED, "the file ends within this segment, which was not checked");
        }
        Ok(())
    }
}

/// Whether a trailer counts right (element 1) and has the number of its header (element 2).
pub(super) fn check_trailer(
    trailer: &Segment<'_>,
    rules: [&'static Rule; 2],
    counted: u64,
    control_number: &str,
    report: &mut dyn FnMut(Fault),
) {
    let fault = |rule, element, message: String| Fault { data_element: None, ..Fault::new(rule, trailer.at(element), message) };
    if parse_int(trailer.bytes(1)) != Some(counted) {
        report(fault(rules[0], 1, format!("the count is wrong: {counted} {} read", if counted == 1 { "was" } else { "were" })));
    }
    if String::from_utf8_lossy(trailer.bytes(2)).trim_end() != control_number.trim_end() {
        report(fault(rules[1], 2, "the control number is not that of the header".to_owned()));
    }
}
