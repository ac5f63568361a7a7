//! Where in a file something is, and the two ways to say that it is wrong.

use std::fmt;

use crate::platform::money::MoneyError;

/// A segment identifier, two or three characters (`CLP`, `N3`). Anything else in its place shows as `???`: a misread file must not
/// carry a piece of a name into a message.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SegmentId([u8; 3]);

impl SegmentId {
    /// What stands for a place without a readable identifier.
    pub const UNKNOWN: SegmentId = SegmentId(*b"???");

    /// From the bytes before a segment's first element separator.
    #[must_use]
    pub fn new(bytes: &[u8]) -> SegmentId {
        let shaped =
            bytes.first().is_some_and(u8::is_ascii_uppercase) && bytes.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        match *bytes {
            [a, b] if shaped => SegmentId([a, b, b' ']),
            [a, b, c] if shaped => SegmentId([a, b, c]),
            _ => SegmentId::UNKNOWN,
        }
    }

    /// As text, without padding.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???").trim_end()
    }
}

impl fmt::Display for SegmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for SegmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// Offset from the start of the file, from 0, of the segment's first byte.
    pub byte: u64,
    /// Number of the segment in the file, from 1.
    pub segment: u32,
    /// The segment's identifier.
    pub segment_id: SegmentId,
    /// Number of the element in the segment, from 1; none means the whole segment.
    pub element: Option<u8>,
    /// Number of the component in the element, from 1.
    pub component: Option<u8>,
}

impl Position {
    /// The place of a whole segment.
    #[must_use]
    pub fn of_segment(byte: u64, segment: u32, segment_id: SegmentId) -> Position {
        Position { byte, segment, segment_id, element: None, component: None }
    }

    /// The same segment at one of its elements. Elements past 255 exist in garbage only and count as the 255th.
    #[must_use]
    pub fn element(self, element: usize) -> Position {
        Position { element: Some(u8::try_from(element).unwrap_or(u8::MAX)), ..self }
    }

    /// The same element at one of its components.
    #[must_use]
    pub fn component(self, component: usize) -> Position {
        Position { component: Some(u8::try_from(component).unwrap_or(u8::MAX)), ..self }
    }
}

/// `segment 12 (CLP) element 3 at byte 4711`.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "segment {} ({})", self.segment, self.segment_id)?;
        if let Some(element) = self.element {
            write!(f, " element {element}")?;
        }
        if let Some(component) = self.component {
            write!(f, " component {component}")?;
        }
        write!(f, " at byte {}", self.byte)
    }
}

/// Why bytes can't be read any further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EdiErrorKind {
    /// The file does not begin with an ISA segment.
    #[error("is not X12: no ISA segment at the start")]
    NoInterchange,
    /// The ISA segment does not have its fixed 106 bytes with separators in their places.
    #[error("the ISA segment is not 106 bytes with its separators in their places")]
    InterchangeHeaderShape,
    /// Two delimiters are the same, or one is a letter, digit or space.
    #[error("the ISA segment declares delimiters that can't be told from data")]
    Delimiters,
    /// An envelope was opened and its closing segment never came.
    #[error("{0} is missing: the file was cut off or its envelopes are not nested")]
    Missing(&'static str),
    /// One segment is longer than [`crate::edi::reader::SEGMENT_MAX`].
    #[error("a segment is longer than 1 MiB: its terminator is missing")]
    SegmentTooLong,
    /// One transaction set is larger than [`crate::edi::reader::TRANSACTION_MAX`].
    #[error("a transaction set is larger than 256 MiB: ask the sender to split it")]
    TransactionTooLarge,
    /// The source of the bytes failed.
    #[error("reading failed: {0}")]
    Io(std::io::ErrorKind),
    /// An element that must be an amount of money is not one.
    #[error("the amount {0}")]
    Money(MoneyError),
    /// An element that must be a date `CCYYMMDD` is not one.
    #[error("is not a date CCYYMMDD")]
    Date,
    /// An element that must be a number is not one.
    #[error("is not a number")]
    Number,
}

/// What stopped the reading, and where. Carries no data of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{position}: {kind}")]
pub struct EdiError {
    /// What is wrong.
    pub kind: EdiErrorKind,
    /// Where.
    pub position: Position,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Unusual; what was read can be used.
    Warning,
    /// What was read here must not be used without a person.
    Error,
}

/// Something a reader saw that is wrong, unknown or left out; the reading went on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// A stable name of the kind of finding, for counting and tests.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Where.
    pub position: Position,
    /// What is wrong and what to do about it; without data of the file.
    pub message: String,
}

impl Finding {
    /// A finding of severity Error.
    pub fn error(code: &'static str, position: Position, message: impl Into<String>) -> Finding {
        Finding { code, severity: Severity::Error, position, message: message.into() }
    }

    /// A finding of severity Warning.
    pub fn warning(code: &'static str, position: Position, message: impl Into<String>) -> Finding {
        Finding { code, severity: Severity::Warning, position, message: message.into() }
    }

    /// A finding of severity Note.
    pub fn note(code: &'static str, position: Position, message: impl Into<String>) -> Finding {
        Finding { code, severity: Severity::Note, position, message: message.into() }
    }
}

/// An element that can't be read as what it should be: severity Error, code `X12-ELEMENT`.
impl From<EdiError> for Finding {
    fn from(error: EdiError) -> Finding {
        Finding::error("X12-ELEMENT", error.position, error.kind.to_string())
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} [{}]", self.position, self.message, self.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_says_segment_element_and_byte() {
        let place = Position::of_segment(4711, 12, SegmentId::new(b"CLP"));
        assert_eq!(place.element(3).to_string(), "segment 12 (CLP) element 3 at byte 4711");
        assert_eq!(place.element(5).component(2).to_string(), "segment 12 (CLP) element 5 component 2 at byte 4711");
        assert_eq!(place.to_string(), "segment 12 (CLP) at byte 4711");
    }

    #[test]
    fn what_is_no_segment_identifier_is_masked() {
        assert_eq!(SegmentId::new(b"N3").as_str(), "N3");
        for junk in [&b""[..], b"N", b"RIVERA", b"nm1", b"1N3", b"M\xff1"] {
            assert_eq!(SegmentId::new(junk), SegmentId::UNKNOWN);
        }
    }
}
