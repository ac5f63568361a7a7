//! The unread end of a stream, and where its segments lie.

use std::io::Read;

use memchr::memchr;

use super::position::{EdiError, EdiErrorKind, Position, SegmentId};
use super::scan::Terminators;
use super::segment::{Delimiters, Segment};
use super::wrap::{self, Breaks};

/// The longest segment taken. No segment of the claims cycle exceeds 2 KiB; 1 MiB is past every honest file and bounds the memory that
/// a file without terminators can claim.
pub const SEGMENT_MAX: usize = 1 << 20;

/// How much is asked of the source at a time: large enough for one system call per many thousand segments, small enough for the cache.
const CHUNK: usize = 256 << 10;

/// Line ends and blanks, and what fills up the last block of a file: zeros, and the mark by which old systems end a text.
const BETWEEN_INTERCHANGES: &[u8] = b"\r\n \t\0\x1a";

/// The unread bytes of the source, and what has been consumed.
pub(super) struct Input<R> {
    source: R,
    buffer: Vec<u8>,
    /// Where the unread bytes begin in the buffer. All offsets that methods take and give count from here.
    start: usize,
    /// How many bytes came before the buffer's first, line ends of a wrapped file not counted.
    offset: u64,
    ended: bool,
    /// Segments consumed.
    segments: u32,
    /// Whether line ends are taken out of everything that is read from the source.
    wrapped: bool,
    /// Those taken out of the buffer.
    breaks: Breaks,
    /// How many were taken out before it.
    breaks_before: u64,
    /// What was consumed; none when nobody asked for it.
    record: Option<Vec<u8>>,
    /// Whether the record has the line ends of a wrapped file.
    records_breaks: bool,
}

/// Where a segment lies in the input, without its terminator; it has none when the input ends with it.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub(super) begin: usize,
    pub(super) end: usize,
}

impl<R: Read> Input<R> {
    pub(super) fn new(source: R) -> Input<R> {
        Input {
            source,
            buffer: Vec::new(),
            start: 0,
            offset: 0,
            ended: false,
            segments: 0,
            wrapped: false,
            breaks: Breaks::default(),
            breaks_before: 0,
            record: None,
            records_breaks: true,
        }
    }

    /// Keeps what is consumed from now on for [`Input::recorded`]: as it came, or without the line ends of a wrapped file.
    pub(super) fn keep_record(&mut self, with_breaks: bool) {
        self.record = Some(Vec::new());
        self.records_breaks = with_breaks;
    }

    /// What was consumed since this was asked last.
    pub(super) fn recorded(&mut self) -> Vec<u8> {
        self.record.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// The bytes not consumed, as far as they were read from the source.
    pub(super) fn unread(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// Offset in the file.
    pub(super) fn byte(&self, at: usize) -> u64 {
        let kept = self.kept(at);
        kept + self.breaks_before + self.breaks.before(kept)
    }

    /// Offset in the file, line ends of a wrapped file not counted.
    fn kept(&self, at: usize) -> u64 {
        self.offset + (self.start + at) as u64
    }

    /// The line ends taken out of the first bytes not consumed.
    pub(super) fn breaks(&self, length: usize) -> Breaks {
        self.breaks.within(self.kept(0), length as u64)
    }

    /// An error at a place whose segment can't be named.
    fn error(&self, kind: EdiErrorKind, at: usize) -> EdiError {
        EdiError { kind, position: Position::of_segment(self.byte(at), self.next_number(), SegmentId::UNKNOWN) }
    }

    /// Number in the file of the first segment not consumed.
    pub(super) fn next_number(&self) -> u32 {
        self.segments.saturating_add(1)
    }

    /// The bytes of a segment found.
    pub(super) fn bytes(&self, found: &Found) -> &[u8] {
        &self.unread()[found.begin..found.end]
    }

    /// The segment found, the `nth` (from 0) of those not consumed.
    pub(super) fn segment(&self, found: &Found, nth: u32, delimiters: Delimiters) -> Segment<'_> {
        Segment::new(self.bytes(found), delimiters, self.byte(found.begin), self.next_number().saturating_add(nth))
    }

    /// Moves past bytes that were read, and past the segments in them.
    pub(super) fn consume(&mut self, length: usize, segments: u32) {
        let end = (self.start + length).min(self.buffer.len());
        if let Some(record) = &mut self.record {
            let consumed = &self.buffer[self.start..end];
            if self.records_breaks {
                self.breaks.restore(consumed, self.offset + self.start as u64, record);
            } else {
                record.extend_from_slice(consumed);
            }
        }
        self.start = end;
        self.segments = self.segments.saturating_add(segments);
    }

    /// Moves past bytes and gives them away; a large piece leaves with the buffer that it fills rather than being copied.
    pub(super) fn take(&mut self, length: usize, segments: u32) -> Vec<u8> {
        let begin = self.start;
        self.consume(length, segments);
        if length < CHUNK {
            return self.buffer[begin..self.start].to_vec();
        }
        let rest = self.buffer.split_off(self.start);
        let mut taken = std::mem::replace(&mut self.buffer, rest);
        taken.drain(..begin);
        taken.shrink_to_fit();
        self.forget(self.start);
        taken
    }

    /// The buffer has lost its first bytes.
    fn forget(&mut self, count: usize) {
        self.offset += count as u64;
        self.start = 0;
        self.breaks_before += self.breaks.forget(self.offset);
    }

    /// Reads more; false at the end of the source.
    fn fill(&mut self) -> Result<bool, EdiError> {
        if self.ended {
            return Ok(false);
        }
        self.buffer.drain(..self.start);
        self.forget(self.start);
        let before = self.buffer.len();
        match self.source.by_ref().take(CHUNK as u64).read_to_end(&mut self.buffer) {
            Ok(0) => self.ended = true,
            Ok(_) => {}
            Err(e) => return Err(self.error(EdiErrorKind::Io(e.kind()), self.unread().len())),
        }
        if self.wrapped {
            self.breaks.strip(&mut self.buffer, before, self.offset + before as u64);
        }
        Ok(!self.ended)
    }

    /// Makes sure that so many bytes are unread, fewer only at the end of the source.
    fn want(&mut self, count: usize) -> Result<(), EdiError> {
        while self.unread().len() < count {
            self.bound(0, self.unread().len())?;
            if !self.fill()? {
                break;
            }
        }
        Ok(())
    }

    /// Editors on Windows put a mark before UTF-8 text.
    pub(super) fn skip_byte_order_mark(&mut self) -> Result<(), EdiError> {
        const MARK: &[u8] = b"\xEF\xBB\xBF";
        self.want(MARK.len())?;
        if self.unread().starts_with(MARK) {
            self.consume(MARK.len(), 0);
        }
        Ok(())
    }

    /// From here on line ends are taken out, if the interchange that begins here is wrapped. `header` is the length of an ISA segment.
    pub(super) fn unwrap_lines(&mut self, header: usize) -> Result<(), EdiError> {
        self.want(wrap::WINDOW)?;
        let unread = self.unread();
        if !self.wrapped && wrap::is_wrapped(&unread[..unread.len().min(wrap::WINDOW)], header) {
            self.wrapped = true;
            self.breaks.strip(&mut self.buffer, self.start, self.offset + self.start as u64);
            self.want(header)?;
        }
        Ok(())
    }

    /// Moves to the end of the source.
    pub(super) fn consume_all(&mut self) -> Result<(), EdiError> {
        // What nobody reads needs no line ends taken out.
        self.wrapped = false;
        loop {
            self.consume(self.unread().len(), 0);
            if !self.fill()? {
                let end = self.kept(0);
                if let Some(record) = self.record.as_mut().filter(|_| self.records_breaks) {
                    self.breaks.restore_end(end, record);
                }
                return Ok(());
            }
        }
    }

    /// Skips what may stand before and after interchanges until `wanted` bytes are unread, fewer only at the end of the source.
    pub(super) fn skip_to(&mut self, wanted: usize) -> Result<(), EdiError> {
        loop {
            let padding = self.unread().iter().take_while(|byte| BETWEEN_INTERCHANGES.contains(byte)).count();
            self.consume(padding, 0);
            if self.unread().len() >= wanted {
                return Ok(());
            }
            self.bound(0, self.unread().len())?;
            if !self.fill()? {
                return Ok(());
            }
        }
    }

    /// Moves `from` past segments that are all there and begin or end no envelope; tells how many.
    #[inline]
    pub(super) fn pass_inner(&self, from: &mut usize, terminator: u8) -> u32 {
        let unread = self.unread();
        let mut count = 0;
        for end in Terminators::new(unread, *from, terminator) {
            let begin = skip_padding(unread, *from, terminator);
            if begin > end {
                continue;
            }
            if let [b'S', b'E' | b'T', ..] | [b'G' | b'I', b'E' | b'S', ..] = unread[begin..] {
                break;
            }
            *from = end + 1;
            count += 1;
        }
        count
    }

    /// The next segment at or after `from`; none at the end of the source.
    #[inline]
    pub(super) fn find(&mut self, from: usize, terminator: u8) -> Result<Option<Found>, EdiError> {
        let unread = self.unread();
        let begin = skip_padding(unread, from, terminator);
        match memchr(terminator, unread.get(begin..).unwrap_or_default()) {
            Some(length) => Ok(Some(Found { begin, end: begin + length })),
            None => self.find_beyond(from, terminator),
        }
    }

    /// The same where the bytes read so far don't hold the segment's end.
    #[cold]
    fn find_beyond(&mut self, from: usize, terminator: u8) -> Result<Option<Found>, EdiError> {
        let mut begin = from;
        loop {
            begin = skip_padding(self.unread(), begin, terminator);
            if begin < self.unread().len() {
                break;
            }
            self.bound(from, begin)?;
            if !self.fill()? {
                return Ok(None);
            }
        }
        let mut searched = begin;
        loop {
            if let Some(length) = memchr(terminator, &self.unread()[searched..]) {
                return Ok(Some(Found { begin, end: searched + length }));
            }
            searched = self.unread().len();
            self.bound(begin, searched)?;
            if !self.fill()? {
                return Ok(Some(Found { begin, end: searched }));
            }
        }
    }

    /// Refuses more than [`SEGMENT_MAX`] bytes that end no segment: of a segment, of padding before one, or of line ends taken out of either.
    fn bound(&self, begin: usize, end: usize) -> Result<(), EdiError> {
        if end - begin + self.breaks.from(self.kept(begin)) > SEGMENT_MAX {
            return Err(self.error(EdiErrorKind::SegmentTooLong, begin));
        }
        Ok(())
    }
}

/// Where the next segment begins at or after `at`: line ends, blanks and empty segments between segments belong to nobody.
#[inline]
pub(super) fn skip_padding(bytes: &[u8], mut at: usize, terminator: u8) -> usize {
    while let Some(&byte) = bytes.get(at) {
        // Letters, which begin segments, need one look.
        if byte != terminator && (byte > b' ' || !matches!(byte, b'\r' | b'\n' | b' ' | b'\t')) {
            break;
        }
        at += 1;
    }
    at
}
