//! What a reader hands out: transaction sets and lone segments that own their bytes.

use std::sync::Arc;

use super::envelope::{GroupHeader, InterchangeHeader};
use super::input::skip_padding;
use super::scan::{Scanned, scan};
use super::segment::{Delimiters, Segment};
use super::wrap::Breaks;

/// One transaction set: its bytes from ST to SE, with the envelopes that it came in. Nothing of it is lost: unknown segments stay.
#[derive(Clone)]
pub struct TransactionSet {
    raw: Vec<u8>,
    first_byte: u64,
    first_segment: u32,
    breaks: Breaks,
    interchange: Arc<InterchangeHeader>,
    group: Arc<GroupHeader>,
}

impl TransactionSet {
    pub(super) fn new(
        raw: Vec<u8>,
        first_byte: u64,
        first_segment: u32,
        breaks: Breaks,
        interchange: Arc<InterchangeHeader>,
        group: Arc<GroupHeader>,
    ) -> TransactionSet {
        TransactionSet { raw, first_byte, first_segment, breaks, interchange, group }
    }

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
        Segments::new(&self.raw, self.delimiters(), self.first_byte, self.first_segment, &self.breaks)
    }

    /// The bytes from `ST` to the terminator of SE, as they came, but without the line ends of a wrapped file.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// Number of the ST segment in the file, from 1.
    #[must_use]
    pub fn first_segment(&self) -> u32 {
        self.first_segment
    }

    /// Offset of the ST segment in the file.
    #[must_use]
    pub fn first_byte(&self) -> u64 {
        self.first_byte
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

/// Shows size and place only: its bytes are PHI.
impl std::fmt::Debug for TransactionSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TransactionSet({} bytes at segment {})", self.raw.len(), self.first_segment)
    }
}

/// Bytes as text; empty when they are not.
pub(super) fn str_of(bytes: &[u8]) -> &str {
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
    pub(super) fn new(segment: &Segment<'_>) -> OwnedSegment {
        let (raw, delimiters, byte) = (segment.raw().to_vec(), segment.delimiters(), segment.position().byte);
        OwnedSegment { raw, delimiters, byte, number: segment.number() }
    }

    /// The segment.
    #[must_use]
    pub fn as_segment(&self) -> Segment<'_> {
        Segment::new(&self.raw, self.delimiters, self.byte, self.number)
    }
}

/// Shows identifier and place only.
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
    breaks: &'a Breaks,
}

impl<'a> Segments<'a> {
    pub(super) fn new(bytes: &'a [u8], delimiters: Delimiters, first_byte: u64, first_segment: u32, breaks: &'a Breaks) -> Segments<'a> {
        Segments { bytes, at: 0, delimiters, first_byte, next_number: first_segment, breaks }
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = Segment<'a>;

    // Handing a segment over in memory costs a tenth of all that the reading of a remittance does.
    #[inline(always)]
    fn next(&mut self) -> Option<Segment<'a>> {
        let begin = skip_padding(self.bytes, self.at, self.delimiters.terminator);
        if begin == self.bytes.len() {
            return None;
        }
        let Scanned { length, separators } = scan(&self.bytes[begin..], self.delimiters.element, self.delimiters.terminator);
        let end = begin + length;
        self.at = (end + 1).min(self.bytes.len());
        let number = self.next_number;
        self.next_number = number.saturating_add(1);
        let byte = self.first_byte + begin as u64 + self.breaks.before(begin as u64);
        Some(Segment::scanned(&self.bytes[begin..end], separators, self.delimiters, byte, number))
    }
}
