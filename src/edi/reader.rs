//! A stream of bytes becomes envelopes, transaction sets and findings.
//!
//! One file may hold several interchanges, groups and sets. Memory is bounded by one transaction set. Wrong counts and control numbers
//! are findings (they come before the event that they concern); an envelope that never closes stops the reading, because what follows
//! can't be trusted.

use std::collections::VecDeque;
use std::io::Read;
use std::sync::Arc;

use memchr::memchr;

use super::envelope::{GroupHeader, ISA_LENGTH, InterchangeHeader, Trailer};
use super::position::{EdiError, EdiErrorKind, Finding, Position, SegmentId};
use super::segment::{Delimiters, Segment, parse_int};

/// The longest segment taken. No segment of the claims cycle exceeds 2 KiB; 1 MiB is past every honest file and bounds the memory that
/// a file without terminators can claim.
pub const SEGMENT_MAX: usize = 1 << 20;

/// The largest transaction set taken. The guides ask for at most 10,000 payments or 5,000 claims a set, about 20 MB; 256 MiB holds ten
/// times that and fits into the memory of a small machine.
pub const TRANSACTION_MAX: usize = 256 << 20;

/// How much is asked of the source at a time: large enough for one system call per many thousand segments, small enough for the cache.
const CHUNK: usize = 256 << 10;

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

/// One transaction set: its bytes from ST to SE, with the envelopes that it came in. Nothing of it is lost: unknown segments stay.
#[derive(Clone)]
pub struct TransactionSet {
    raw: Vec<u8>,
    first_byte: u64,
    first_segment: u32,
    interchange: Arc<InterchangeHeader>,
    group: Arc<GroupHeader>,
}

impl TransactionSet {
    /// ST01: `837`, `835`, `999`, `277`.
    #[must_use]
    pub fn kind(&self) -> &str {
        str_of(self.header().bytes(1))
    }

    /// ST02.
    #[must_use]
    pub fn control_number(&self) -> &str {
        str_of(self.header().bytes(2))
    }

    /// The implementation guide: ST03, or GS08 where ST03 is absent (835).
    #[must_use]
    pub fn version(&self) -> &str {
        match str_of(self.header().bytes(3)) {
            "" => &self.group.version,
            version => version,
        }
    }

    /// The segments from ST to SE.
    #[must_use]
    pub fn segments(&self) -> Segments<'_> {
        Segments { bytes: &self.raw, at: 0, delimiters: self.delimiters(), first_byte: self.first_byte, next_number: self.first_segment }
    }

    /// The bytes from `ST` to the terminator of SE, as they came.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// Number of the ST segment in the file, from 1.
    #[must_use]
    pub fn first_segment(&self) -> u32 {
        self.first_segment
    }

    /// The delimiters of its interchange.
    #[must_use]
    pub fn delimiters(&self) -> Delimiters {
        self.interchange.delimiters
    }

    /// The group it came in.
    #[must_use]
    pub fn group(&self) -> &Arc<GroupHeader> {
        &self.group
    }

    /// The interchange it came in.
    #[must_use]
    pub fn interchange(&self) -> &Arc<InterchangeHeader> {
        &self.interchange
    }

    fn header(&self) -> Segment<'_> {
        self.segments().next().unwrap_or(Segment::new(&[], self.delimiters(), self.first_byte, self.first_segment))
    }
}

/// Shows kind and size only: its bytes are PHI.
impl std::fmt::Debug for TransactionSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TransactionSet({}, {} bytes, segment {})", SegmentId::new(b"ST"), self.raw.len(), self.first_segment)
    }
}

fn str_of(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

/// A segment that owns its bytes: what stands outside of transaction sets.
#[derive(Clone)]
pub struct OwnedSegment {
    raw: Vec<u8>,
    delimiters: Delimiters,
    byte: u64,
    number: u32,
}

impl OwnedSegment {
    /// The segment.
    #[must_use]
    pub fn as_segment(&self) -> Segment<'_> {
        Segment::new(&self.raw, self.delimiters, self.byte, self.number)
    }
}

impl std::fmt::Debug for OwnedSegment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.as_segment().fmt(f)
    }
}

/// The segments of a transaction set, numbered as in the file.
#[derive(Clone)]
pub struct Segments<'a> {
    bytes: &'a [u8],
    at: usize,
    delimiters: Delimiters,
    first_byte: u64,
    next_number: u32,
}

impl<'a> Iterator for Segments<'a> {
    type Item = Segment<'a>;

    fn next(&mut self) -> Option<Segment<'a>> {
        let begin = skip_padding(self.bytes, self.at, self.delimiters.terminator);
        if begin == self.bytes.len() {
            return None;
        }
        let end = memchr(self.delimiters.terminator, &self.bytes[begin..]).map_or(self.bytes.len(), |length| begin + length);
        self.at = (end + 1).min(self.bytes.len());
        let number = self.next_number;
        self.next_number = number.saturating_add(1);
        Some(Segment::new(&self.bytes[begin..end], self.delimiters, self.first_byte + begin as u64, number))
    }
}

/// Where the next segment begins at or after `at`: line ends, blanks and empty segments between segments belong to nobody.
fn skip_padding(bytes: &[u8], mut at: usize, terminator: u8) -> usize {
    while bytes.get(at).is_some_and(|&b| b == terminator || matches!(b, b'\r' | b'\n' | b' ' | b'\t')) {
        at += 1;
    }
    at
}

/// Reads a stream of X12.
pub struct Reader<R> {
    input: Input<R>,
    state: State,
    pending: VecDeque<Event>,
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
        Reader {
            input: Input { source, buffer: Vec::new(), start: 0, offset: 0, ended: false, segments: 0 },
            state: State::Start,
            pending: VecDeque::new(),
        }
    }

    /// The next event; none at the end of the file. After an error there is nothing more.
    pub fn next_event(&mut self) -> Result<Option<Event>, EdiError> {
        while self.pending.is_empty() {
            match std::mem::replace(&mut self.state, State::End) {
                State::Start => self.open_interchange(true)?,
                State::AfterInterchange => self.open_interchange(false)?,
                State::Interchange { header, groups } => self.in_interchange(header, groups)?,
                State::Group { interchange, groups, header, sets } => self.in_group(interchange, groups, header, sets)?,
                State::End => return Ok(None),
            }
        }
        Ok(self.pending.pop_front())
    }

    fn open_interchange(&mut self, first: bool) -> Result<(), EdiError> {
        if first {
            self.input.skip_byte_order_mark()?;
        }
        let rest = self.input.at_least(ISA_LENGTH)?;
        if !rest.starts_with(b"ISA") {
            let position = self.input.position(0, SegmentId::UNKNOWN);
            if first {
                let start_of_file = Position::of_segment(0, 1, SegmentId::UNKNOWN);
                return Err(EdiError { kind: EdiErrorKind::NoInterchange, position: start_of_file });
            }
            if !rest.is_empty() {
                let message = "after the last interchange comes something that is not X12; it was not read: ask the sender what it is";
                self.pending.push_back(Event::Finding(Finding::error("X12-TRAILING", position, message)));
            }
            return Ok(());
        }
        let Some(isa) = rest.first_chunk::<ISA_LENGTH>() else {
            let position = self.input.position(0, SegmentId::new(b"ISA"));
            return Err(EdiError { kind: EdiErrorKind::InterchangeHeaderShape, position });
        };
        let isa = *isa;
        let header = Arc::new(InterchangeHeader::read(&isa, self.input.byte(0), self.input.segments.saturating_add(1))?);
        self.input.consume(ISA_LENGTH, 1);
        self.pending.push_back(Event::Interchange(Arc::clone(&header)));
        self.state = State::Interchange { header, groups: 0 };
        Ok(())
    }

    fn in_interchange(&mut self, header: Arc<InterchangeHeader>, groups: u64) -> Result<(), EdiError> {
        let delimiters = header.delimiters;
        let Some(found) = self.input.find(0, delimiters.terminator)? else { return Err(self.input.missing("IEA")) };
        let segment = self.input.segment(&found, delimiters);
        match segment.id() {
            "GS" => {
                let group = Arc::new(GroupHeader::read(&segment));
                self.pending.push_back(Event::Group(Arc::clone(&group)));
                self.state = State::Group { interchange: header, groups: groups + 1, header: group, sets: 0 };
            }
            "IEA" => {
                let trailer = Trailer::read(&segment);
                if !found.terminated {
                    let message = "the last segment has no terminator: the file may have been cut off there";
                    self.pending.push_back(Event::Finding(Finding::warning("X12-UNTERMINATED", segment.position(), message)));
                }
                check(&mut self.pending, &segment, ["X12-IEA01", "X12-IEA02"], groups, &header.control_number);
                self.pending.push_back(Event::InterchangeEnd(trailer));
                self.state = State::AfterInterchange;
            }
            "TA1" => {
                let owned = OwnedSegment {
                    raw: segment.raw().to_vec(),
                    delimiters,
                    byte: segment.position().byte,
                    number: segment.number(),
                };
                self.pending.push_back(Event::InterchangeAck(owned));
                self.state = State::Interchange { header, groups };
            }
            "ISA" => return Err(EdiError { kind: EdiErrorKind::Missing("IEA"), position: segment.position() }),
            "ST" | "GE" => return Err(EdiError { kind: EdiErrorKind::Missing("GS"), position: segment.position() }),
            _ => {
                self.pending.push_back(stray(&segment));
                self.state = State::Interchange { header, groups };
            }
        }
        self.input.consume(found.end + 1, 1);
        Ok(())
    }

    fn in_group(
        &mut self,
        interchange: Arc<InterchangeHeader>,
        groups: u64,
        header: Arc<GroupHeader>,
        sets: u64,
    ) -> Result<(), EdiError> {
        let delimiters = interchange.delimiters;
        let Some(found) = self.input.find(0, delimiters.terminator)? else { return Err(self.input.missing("GE")) };
        let segment = self.input.segment(&found, delimiters);
        match segment.id() {
            "ST" => {
                self.read_transaction(&interchange, &header)?;
                self.state = State::Group { interchange, groups, header, sets: sets + 1 };
                return Ok(());
            }
            "GE" => {
                let trailer = Trailer::read(&segment);
                check(&mut self.pending, &segment, ["X12-GE01", "X12-GE02"], sets, &header.control_number);
                self.pending.push_back(Event::GroupEnd(trailer));
                self.state = State::Interchange { header: interchange, groups };
            }
            "GS" | "IEA" | "ISA" => return Err(EdiError { kind: EdiErrorKind::Missing("GE"), position: segment.position() }),
            _ => {
                self.pending.push_back(stray(&segment));
                self.state = State::Group { interchange, groups, header, sets };
            }
        }
        self.input.consume(found.end + 1, 1);
        Ok(())
    }

    /// From ST, which stands at the start of the input, to SE.
    fn read_transaction(&mut self, interchange: &Arc<InterchangeHeader>, group: &Arc<GroupHeader>) -> Result<(), EdiError> {
        let terminator = interchange.delimiters.terminator;
        let separator = interchange.delimiters.element;
        let (mut from, mut count) = (0, 0_u32);
        let last = loop {
            let Some(found) = self.input.find(from, terminator)? else {
                self.input.segments = self.input.segments.saturating_add(count.saturating_sub(1));
                return Err(self.input.missing("SE"));
            };
            count = count.saturating_add(1);
            from = found.end + 1;
            let raw = self.input.bytes(&found);
            let is = |id: &[u8]| raw.starts_with(id) && raw.get(id.len()).is_none_or(|&b| b == separator);
            match raw.first() {
                Some(b'S') if is(b"SE") => break found,
                Some(b'S') if is(b"ST") && count > 1 => {}
                Some(b'G') if is(b"GS") || is(b"GE") => {}
                Some(b'I') if is(b"ISA") || is(b"IEA") => {}
                _ if from > TRANSACTION_MAX => {
                    let position = self.input.position(0, SegmentId::new(b"ST"));
                    return Err(EdiError { kind: EdiErrorKind::TransactionTooLarge, position });
                }
                _ => continue,
            }
            self.input.segments = self.input.segments.saturating_add(count - 1);
            let position = self.input.segment(&found, interchange.delimiters).position();
            return Err(EdiError { kind: EdiErrorKind::Missing("SE"), position });
        };
        let first_byte = self.input.byte(0);
        let first_segment = self.input.segments.saturating_add(1);
        self.input.segments = self.input.segments.saturating_add(count - 1);
        let set = TransactionSet {
            raw: self.input.take(from),
            first_byte,
            first_segment,
            interchange: Arc::clone(interchange),
            group: Arc::clone(group),
        };
        let trailer = Segment::new(
            &set.raw[last.begin..last.end],
            interchange.delimiters,
            first_byte + last.begin as u64,
            self.input.segments.saturating_add(1),
        );
        check(&mut self.pending, &trailer, ["X12-SE01", "X12-SE02"], u64::from(count), set.control_number());
        self.input.segments = self.input.segments.saturating_add(1);
        self.pending.push_back(Event::Transaction(set));
        Ok(())
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

fn stray(segment: &Segment<'_>) -> Event {
    let message = "this segment stands outside of any transaction set and was not read";
    Event::Finding(Finding::error("X12-STRAY", segment.position(), message))
}

/// The unread bytes of the source, and what has been consumed.
struct Input<R> {
    source: R,
    buffer: Vec<u8>,
    /// Where the unread bytes begin in the buffer. All offsets that methods take and give count from here.
    start: usize,
    /// Offset in the file of the buffer's first byte.
    offset: u64,
    ended: bool,
    /// Segments consumed.
    segments: u32,
}

/// A segment in the input, without its terminator.
struct Found {
    begin: usize,
    end: usize,
    terminated: bool,
}

impl<R: Read> Input<R> {
    fn unread(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// Offset in the file.
    fn byte(&self, at: usize) -> u64 {
        self.offset + (self.start + at) as u64
    }

    fn position(&self, at: usize, id: SegmentId) -> Position {
        Position::of_segment(self.byte(at), self.segments.saturating_add(1), id)
    }

    /// Where the input ended before its envelope closed.
    fn missing(&self, id: &'static str) -> EdiError {
        EdiError { kind: EdiErrorKind::Missing(id), position: self.position(self.unread().len(), SegmentId::UNKNOWN) }
    }

    fn bytes(&self, found: &Found) -> &[u8] {
        &self.unread()[found.begin..found.end]
    }

    fn segment(&self, found: &Found, delimiters: Delimiters) -> Segment<'_> {
        Segment::new(self.bytes(found), delimiters, self.byte(found.begin), self.segments.saturating_add(1))
    }

    fn consume(&mut self, length: usize, segments: u32) {
        self.start = (self.start + length).min(self.buffer.len());
        self.segments = self.segments.saturating_add(segments);
    }

    fn take(&mut self, length: usize) -> Vec<u8> {
        let length = length.min(self.unread().len());
        let taken = self.unread()[..length].to_vec();
        self.start += length;
        taken
    }

    /// Reads more; false at the end of the source.
    fn fill(&mut self) -> Result<bool, EdiError> {
        if self.ended {
            return Ok(false);
        }
        self.buffer.drain(..self.start);
        self.offset += self.start as u64;
        self.start = 0;
        let read = self.source.by_ref().take(CHUNK as u64).read_to_end(&mut self.buffer);
        match read {
            Ok(0) => self.ended = true,
            Ok(_) => {}
            Err(e) => {
                let position = self.position(self.unread().len(), SegmentId::UNKNOWN);
                return Err(EdiError { kind: EdiErrorKind::Io(e.kind()), position });
            }
        }
        Ok(!self.ended)
    }

    /// Editors on Windows put a mark before UTF-8 text.
    fn skip_byte_order_mark(&mut self) -> Result<(), EdiError> {
        while self.unread().len() < 3 && self.fill()? {}
        if self.unread().starts_with(b"\xEF\xBB\xBF") {
            self.start += 3;
        }
        Ok(())
    }

    /// Skips line ends and blanks, then gives the unread bytes: `wanted` of them, fewer only at the end of the source.
    fn at_least(&mut self, wanted: usize) -> Result<&[u8], EdiError> {
        loop {
            self.start += skip_padding(self.unread(), 0, b'\n');
            if self.unread().len() >= wanted || !self.fill()? {
                return Ok(self.unread());
            }
        }
    }

    /// The next segment at or after `from`; none at the end of the source.
    fn find(&mut self, from: usize, terminator: u8) -> Result<Option<Found>, EdiError> {
        let mut begin = from;
        loop {
            begin = skip_padding(self.unread(), begin, terminator);
            if begin < self.unread().len() {
                break;
            }
            if !self.fill()? {
                return Ok(None);
            }
        }
        let mut searched = begin;
        loop {
            if let Some(length) = memchr(terminator, &self.unread()[searched..]) {
                return Ok(Some(Found { begin, end: searched + length, terminated: true }));
            }
            searched = self.unread().len();
            if searched - begin > SEGMENT_MAX {
                let position = self.position(begin, SegmentId::UNKNOWN);
                return Err(EdiError { kind: EdiErrorKind::SegmentTooLong, position });
            }
            if !self.fill()? {
                return Ok(Some(Found { begin, end: searched, terminated: false }));
            }
        }
    }
}
