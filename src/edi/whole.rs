//! A file held in memory as a whole: the segments of its envelopes as they stand there, of which the reader gives the meaning only.

use std::borrow::Cow;

use super::envelope::ISA_LENGTH;
use super::segment::{Delimiters, Segment};
use super::{Position, wrap};

/// Longest line end that is looked for: carriage return and line feed.
const LINE_END_MAX: usize = 2;

/// The file without the line ends of wrapping, which may stand anywhere; as it is when it is not wrapped. What takes a file as a whole
/// ([`split`](mod@super::split), [`mask`](mod@super::mask), [`diff`](mod@super::diff)) takes it in this form.
#[must_use]
pub fn unwrapped(file: &[u8]) -> Cow<'_, [u8]> {
    let Some(begin) = file.windows(3).take(wrap::WINDOW).position(|window| window == b"ISA") else { return Cow::Borrowed(file) };
    let window = &file[begin..file.len().min(begin + wrap::WINDOW)];
    if wrap::is_wrapped(window, ISA_LENGTH) {
        Cow::Owned(file.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect())
    } else {
        Cow::Borrowed(file)
    }
}

/// The segment that begins at a place of the file.
#[must_use]
pub fn segment_at(file: &[u8], position: Position, delimiters: Delimiters) -> Segment<'_> {
    let rest = usize::try_from(position.byte).ok().and_then(|at| file.get(at..)).unwrap_or_default();
    let end = memchr::memchr(delimiters.terminator, rest).unwrap_or(rest.len());
    Segment::new(&rest[..end], delimiters, position.byte, position.segment)
}

/// What follows the terminator of an ISA: a line end, or nothing. The other segments follow suit.
#[must_use]
pub fn line_end(file: &[u8], isa: Position) -> &[u8] {
    let after = usize::try_from(isa.byte).ok().and_then(|at| file.get(at + ISA_LENGTH..)).unwrap_or_default();
    let length = after.iter().take(LINE_END_MAX).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    &after[..length]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edi::{Event, read_all};

    const FILE: &str = include_str!("../../edi-samples/described/claim-secondary.edi");

    #[test]
    fn a_wrapped_file_loses_its_line_ends_and_no_other_does() {
        let flat = FILE.replace('\n', "");
        let lines: Vec<&str> = flat.as_bytes().chunks(80).map(|line| std::str::from_utf8(line).unwrap()).collect();
        assert_eq!(&*unwrapped(lines.join("\r\n").as_bytes()), flat.as_bytes());
        for file in [FILE, &flat, "", "not X12\n"] {
            assert!(matches!(unwrapped(file.as_bytes()), Cow::Borrowed(_)));
        }
    }

    #[test]
    fn segments_of_envelopes_and_line_ends_are_found_where_they_stand() {
        let events = read_all(FILE.as_bytes()).unwrap();
        let (Event::Interchange(isa), Event::Group(gs)) = (&events[0], &events[1]) else { panic!("{events:?}") };
        let group = segment_at(FILE.as_bytes(), gs.position, isa.delimiters);
        assert_eq!((group.id(), group.bytes(6), group.number()), ("GS", &b"103"[..], 2));
        assert_eq!(line_end(FILE.as_bytes(), isa.position), b"\n");
        assert_eq!(line_end(FILE.replace('\n', "").as_bytes(), isa.position), b"");
    }
}
