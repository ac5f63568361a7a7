//! The unread end of a stream, and where its segments lie.

use std::io::Read;

use memchr::memchr;

use super::position::{EdiError, EdiErrorKind, Position, SegmentId};
use super::segment::{Delimiters, Segment};

/// The longest segment taken. No segment of the claims cycle exceeds 2 KiB; 1 MiB is past every honest file and bounds the memory that
/// a file without terminators can claim.
pub const SEGMENT_MAX: usize = 1 << 20;

/// How much is asked of the source at a time: large enough for one system call per many thousand segments, small enough for the cache.
const CHUNK: usize = 256 << 10;

/// The unread bytes of the source, and what has been consumed.
pub(super) struct Input<R> {
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

/// Where a segment lies in the input, without its terminator; it has none when the input ends with it.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub(super) begin: usize,
    pub(super) end: usize,
}

impl<R: Read> Input<R> {
    pub(super) fn new(source: R) -> Input<R> {
        Input { source, buffer: Vec::new(), start: 0, offset: 0, ended: false, segments: 0 }
    }

    /// The bytes not consumed, as far as they were read from the source.
    pub(super) fn unread(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// Offset in the file.
    pub(super) fn byte(&self, at: usize) -> u64 {
        self.offset + (self.start + at) as u64
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
        self.start = (self.start + length).min(self.buffer.len());
        self.segments = self.segments.saturating_add(segments);
    }

    /// Moves past bytes and gives them away; a large piece leaves with the buffer that it fills rather than being copied.
    pub(super) fn take(&mut self, length: usize, segments: u32) -> Vec<u8> {
        let end = (self.start + length).min(self.buffer.len());
        self.segments = self.segments.saturating_add(segments);
        if length < CHUNK {
            let taken = self.buffer[self.start..end].to_vec();
            self.start = end;
            return taken;
        }
        let rest = self.buffer.split_off(end);
        let mut taken = std::mem::replace(&mut self.buffer, rest);
        taken.drain(..self.start);
        taken.shrink_to_fit();
        self.offset += end as u64;
        self.start = 0;
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
                return Err(self.error(EdiErrorKind::Io(e.kind()), self.unread().len()));
            }
        }
        Ok(!self.ended)
    }

    /// Editors on Windows put a mark before UTF-8 text.
    pub(super) fn skip_byte_order_mark(&mut self) -> Result<(), EdiError> {
        while self.unread().len() < 3 && self.fill()? {}
        if self.unread().starts_with(b"\xEF\xBB\xBF") {
            self.start += 3;
        }
        Ok(())
    }

    /// Skips line ends and blanks until `wanted` bytes are unread, fewer only at the end of the source.
    pub(super) fn skip_to(&mut self, wanted: usize) -> Result<(), EdiError> {
        loop {
            self.start += skip_padding(self.unread(), 0, b'\n');
            if self.unread().len() >= wanted || !self.fill()? {
                return Ok(());
            }
        }
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
            if searched - begin > SEGMENT_MAX {
                return Err(self.error(EdiErrorKind::SegmentTooLong, begin));
            }
            if !self.fill()? {
                return Ok(Some(Found { begin, end: searched }));
            }
        }
    }
}

/// Where the next segment begins at or after `at`: line ends, blanks and empty segments between segments belong to nobody.
#[inline]
pub(super) fn skip_padding(bytes: &[u8], mut at: usize, terminator: u8) -> usize {
    while bytes.get(at).is_some_and(|&b| b == terminator || matches!(b, b'\r' | b'\n' | b' ' | b'\t')) {
        at += 1;
    }
    at
}
