//! A stream of bytes becomes envelopes, transaction sets and findings.
//!
//! One file may hold several interchanges, groups and sets. Memory is bounded by one transaction set. Wrong counts and control numbers
//! are findings (they come before the event that they concern); an envelope that never closes stops the reading, because what follows
//! can't be trusted.

use std::collections::VecDeque;
use std::io::Read;
use std::sync::Arc;

use super::envelope::{GroupHeader, ISA_LENGTH, InterchangeHeader, Trailer};
use super::input::Input;
use super::position::{EdiError, EdiErrorKind, Finding, Position, SegmentId};
use super::segment::{Delimiters, Segment, parse_int};
use super::transaction::str_of;
pub use super::transaction::{OwnedSegment, Segments, TransactionSet};

pub use super::input::SEGMENT_MAX;

/// The largest transaction set taken. The guides ask for at most 10,000 payments or 5,000 claims a set, about 20 MB; 256 MiB holds ten
/// times that and fits into the memory of a small machine.
pub const TRANSACTION_MAX: usize = 256 << 20;

/// What a reader sees, in the order of the file.
#[derive(Clone, Debug)]
pub enum Event {
    /// ISA.
    Interchange(Arc<InterchangeHeader>),
    /// GS.
    Group(Arc<GroupHeader>),
    /// ST to SE.
    Transaction(TransactionSet),
    /// A TA1 segment.
    InterchangeAck(OwnedSegment),
    /// GE.
    GroupEnd(Trailer),
    /// IEA.
    InterchangeEnd(Trailer),
    /// Something wrong around the transaction sets. Comes before the event that it concerns.
    Finding(Finding),
}

/// Reads a stream of X12.
pub struct Reader<R> {
    input: Input<R>,
    state: State,
    pending: VecDeque<Event>,
    /// The last segment outside of transaction sets, or the last of one: where a file that was cut off ends.
    last: Position,
}

/// Between which envelopes the reader stands.
enum State {
    Start,
    AfterInterchange,
    Interchange { header: Arc<InterchangeHeader>, groups: u64 },
    Group { interchange: Arc<InterchangeHeader>, groups: u64, header: Arc<GroupHeader>, sets: u64 },
    End,
}

impl<R: Read> Reader<R> {
    /// Reads from a source; it is asked for large pieces, so it needs no buffer of its own.
    pub fn new(source: R) -> Reader<R> {
        let last = Position::of_segment(0, 1, SegmentId::UNKNOWN);
        Reader { input: Input::new(source), state: State::Start, pending: VecDeque::new(), last }
    }

    /// The next event; none at the end of the file. After an error there is nothing more.
    pub fn next_event(&mut self) -> Result<Option<Event>, EdiError> {
        while self.pending.is_empty() && self.step()? {}
        Ok(self.pending.pop_front())
    }

    /// Reads one segment between transaction sets, or one set; false when there is nothing more.
    fn step(&mut self) -> Result<bool, EdiError> {
        match std::mem::replace(&mut self.state, State::End) {
            State::Start => self.open_interchange(true)?,
            State::AfterInterchange => self.open_interchange(false)?,
            State::Interchange { header, groups } => self.in_interchange(header, groups)?,
            State::Group { interchange, groups, header, sets } => self.in_group(interchange, groups, header, sets)?,
            State::End => return Ok(false),
        }
        Ok(true)
    }

    /// The events of one step; with [`Reader::recorded`], what was read from which bytes.
    pub(super) fn next_events(&mut self) -> Result<Vec<Event>, EdiError> {
        while self.pending.is_empty() && self.step()? {}
        Ok(self.pending.drain(..).collect())
    }

    /// Whether nothing more will be read: at the end of the file, after an error, or before something that is not X12.
    pub(super) fn has_ended(&self) -> bool {
        matches!(self.state, State::End)
    }

    fn open_interchange(&mut self, first: bool) -> Result<(), EdiError> {
        if first {
            self.input.skip_byte_order_mark()?;
        }
        self.input.skip_to(ISA_LENGTH)?;
        self.input.unwrap_lines(ISA_LENGTH)?;
        let rest = self.input.unread();
        let position = |id| Position::of_segment(self.input.byte(0), self.input.next_number(), id);
        if !rest.starts_with(b"ISA") {
            if first {
                return Err(EdiError { kind: EdiErrorKind::NoInterchange, position: self.last });
            }
            if !rest.is_empty() {
                let message = "after the last interchange comes something that is not X12; it was not read: ask the sender what it is";
                self.pending.push_back(Event::Finding(Finding::error("X12-TRAILING", position(SegmentId::UNKNOWN), message)));
            }
            return Ok(());
        }
        let position = position(SegmentId::new(b"ISA"));
        let isa = rest.first_chunk().ok_or(EdiError { kind: EdiErrorKind::InterchangeHeaderShape, position })?;
        let header = Arc::new(InterchangeHeader::read(isa, position)?);
        self.input.consume(ISA_LENGTH, 1);
        self.last = position;
        self.pending.push_back(Event::Interchange(Arc::clone(&header)));
        self.state = State::Interchange { header, groups: 0 };
        Ok(())
    }

    fn in_interchange(&mut self, header: Arc<InterchangeHeader>, groups: u64) -> Result<(), EdiError> {
        let found = self.input.find(0, header.delimiters.terminator)?.ok_or_else(|| missing("IEA", self.last))?;
        let segment = self.input.segment(&found, 0, header.delimiters);
        self.last = segment.position();
        match segment.id() {
            "GS" => {
                let group = Arc::new(GroupHeader::read(&segment));
                self.pending.push_back(Event::Group(Arc::clone(&group)));
                self.pending.extend(other_version(&segment));
                self.state = State::Group { interchange: header, groups: groups + 1, header: group, sets: 0 };
            }
            "IEA" => {
                if found.end == self.input.unread().len() {
                    let message = "the last segment has no terminator: the file may have been cut off there";
                    self.pending.push_back(Event::Finding(Finding::warning("X12-UNTERMINATED", self.last, message)));
                }
                check(&mut self.pending, &segment, ["X12-IEA01", "X12-IEA02"], groups, &header.control_number);
                self.pending.push_back(Event::InterchangeEnd(Trailer::read(&segment)));
                self.state = State::AfterInterchange;
            }
            "TA1" => {
                self.pending.push_back(Event::InterchangeAck(OwnedSegment::new(&segment)));
                self.state = State::Interchange { header, groups };
            }
            "ISA" => return Err(missing("IEA", self.last)),
            "ST" | "GE" => return Err(missing("GS", self.last)),
            _ => {
                self.pending.push_back(stray(self.last));
                self.state = State::Interchange { header, groups };
            }
        }
        self.input.consume(found.end + 1, 1);
        Ok(())
    }

    fn in_group(&mut self, interchange: Arc<InterchangeHeader>, groups: u64, header: Arc<GroupHeader>, sets: u64) -> Result<(), EdiError> {
        let found = self.input.find(0, interchange.delimiters.terminator)?.ok_or_else(|| missing("GE", self.last))?;
        let segment = self.input.segment(&found, 0, interchange.delimiters);
        self.last = segment.position();
        match segment.id() {
            "ST" => {
                self.input.consume(found.begin, 0);
                self.read_transaction(&interchange, &header)?;
                self.state = State::Group { interchange, groups, header, sets: sets + 1 };
                return Ok(());
            }
            "GE" => {
                check(&mut self.pending, &segment, ["X12-GE01", "X12-GE02"], sets, &header.control_number);
                self.pending.push_back(Event::GroupEnd(Trailer::read(&segment)));
                self.state = State::Interchange { header: interchange, groups };
            }
            "GS" | "IEA" | "ISA" => return Err(missing("GE", self.last)),
            _ => {
                self.pending.push_back(stray(self.last));
                self.state = State::Group { interchange, groups, header, sets };
            }
        }
        self.input.consume(found.end + 1, 1);
        Ok(())
    }

    /// From ST, with which the unread input begins, to SE.
    fn read_transaction(&mut self, interchange: &Arc<InterchangeHeader>, group: &Arc<GroupHeader>) -> Result<(), EdiError> {
        let delimiters = interchange.delimiters;
        let (mut from, mut count) = (0, 0_u32);
        let last = loop {
            count = count.saturating_add(self.input.pass_inner(&mut from, delimiters.terminator));
            let Some(found) = self.input.find(from, delimiters.terminator)? else {
                return Err(missing("SE", self.last_segment(delimiters)));
            };
            from = found.end + 1;
            let raw = self.input.bytes(&found);
            let is = |id: &[u8]| raw.starts_with(id) && raw.get(id.len()).is_none_or(|&byte| byte == delimiters.element);
            if is(b"SE") {
                break found;
            }
            if (is(b"ST") && count > 0) || [&b"GE"[..], b"GS", b"IEA", b"ISA"].into_iter().any(is) {
                return Err(missing("SE", self.input.segment(&found, count, delimiters).position()));
            }
            if from > TRANSACTION_MAX {
                return Err(EdiError { kind: EdiErrorKind::TransactionTooLarge, position: self.last });
            }
            count = count.saturating_add(1);
        };
        let count = count.saturating_add(1);
        let (first_byte, first_segment) = (self.input.byte(0), self.input.next_number());
        let trailer_byte = self.input.byte(last.begin);
        let breaks = self.input.breaks(from);
        let raw = self.input.take(from, count);
        let set = TransactionSet::new(raw, first_byte, first_segment, breaks, Arc::clone(interchange), Arc::clone(group));
        let end = first_segment.saturating_add(count - 1);
        let trailer = Segment::new(&set.raw()[last.begin..last.end], delimiters, trailer_byte, end);
        self.last = trailer.position();
        check(&mut self.pending, &trailer, ["X12-SE01", "X12-SE02"], u64::from(count), set.control_number());
        self.pending.push_back(Event::Transaction(set));
        Ok(())
    }
}

impl<R: Read> Reader<R> {
    /// Where the last segment of the input stands.
    fn last_segment(&self, delimiters: Delimiters) -> Position {
        let (unread, breaks) = (self.input.unread(), self.input.breaks(self.input.unread().len()));
        let segments = Segments::new(unread, delimiters, self.input.byte(0), self.input.next_number(), &breaks);
        segments.last().map_or(self.last, |segment| segment.position())
    }

    /// Keeps what is consumed from now on for [`Reader::recorded`]: as it came, or without the line ends of a wrapped file.
    pub(super) fn keep_record(&mut self, with_breaks: bool) {
        self.input.keep_record(with_breaks);
    }

    /// What was consumed since this was asked last.
    pub(super) fn recorded(&mut self) -> Vec<u8> {
        self.input.recorded()
    }

    /// Reads to the end of the source without looking at what is there.
    pub(super) fn consume_all(&mut self) -> Result<(), EdiError> {
        self.input.consume_all()
    }
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Result<Event, EdiError>;

    fn next(&mut self) -> Option<Result<Event, EdiError>> {
        self.next_event().transpose()
    }
}

/// All events of a file in memory.
pub fn read_all(bytes: &[u8]) -> Result<Vec<Event>, EdiError> {
    Reader::new(bytes).collect()
}

/// An envelope that never closes.
fn missing(id: &'static str, position: Position) -> EdiError {
    EdiError { kind: EdiErrorKind::Missing(id), position }
}

/// The two promises of every trailer: its count (element 1) and its control number (element 2).
fn check(pending: &mut VecDeque<Event>, trailer: &Segment<'_>, codes: [&'static str; 2], counted: u64, control_number: &str) {
    if parse_int(trailer.bytes(1)) != Some(counted) {
        let message = format!("the count is wrong, {counted} were read: something was lost or added on the way; ask for the file again");
        pending.push_back(Event::Finding(Finding::error(codes[0], trailer.at(1), message)));
    }
    if str_of(trailer.bytes(2)).trim_end() != control_number.trim_end() {
        let message = "the control number differs from the one that opened this envelope: pieces of two files may be mixed";
        pending.push_back(Event::Finding(Finding::error(codes[1], trailer.at(2), message)));
    }
}

/// The version of the guides that is read, as GS08 begins with it: the one that HIPAA has demanded since 2012.
const VERSION: &str = "005010";

/// A group of another version: its envelope and segments are read, but what they mean is not known here.
fn other_version(gs: &Segment<'_>) -> Option<Event> {
    if gs.bytes(8).starts_with(VERSION.as_bytes()) {
        return None;
    }
    let message = match gs.bytes(8).get(..VERSION.len()).and_then(parse_int) {
        Some(4010) => "this group is of version 4010, which 5010 replaced in 2012, and is not supported: ask the sender for 5010",
        Some(_) => "this group is of another version than 5010 and is not supported: ask the sender for 5010",
        None => "this group does not say that it is of version 5010, the only one supported: ask the sender",
    };
    Some(Event::Finding(Finding::error("X12-VERSION", gs.at(8), message)))
}

fn stray(position: Position) -> Event {
    let message = "this segment stands outside of any transaction set and was not read";
    Event::Finding(Finding::error("X12-STRAY", position, message))
}

#[cfg(test)]
mod tests;
