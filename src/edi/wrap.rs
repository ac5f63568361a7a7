//! Files wrapped to lines of one length, as mainframes print them: a line end stands wherever the line was full, within a segment, an
//! element, even the ISA. Such line ends mean nothing; they are taken out before anything is read, and where they stood is kept, so
//! that every position is still one of the file and the file can be written back.

/// What is looked at to tell whether a file is wrapped: dozens of lines of the usual 80 columns, and one of any length in use.
pub(super) const WINDOW: usize = 4 << 10;

/// The bytes that end lines.
const LINE_ENDS: [u8; 2] = *b"\r\n";

/// Whether an interchange, which these bytes begin, is wrapped: some line ends within a segment, and all lines have one length. What is
/// no interchange is not.
/// `header` is the length of an ISA segment with its terminator, the one segment of a known length.
pub(super) fn is_wrapped(window: &[u8], header: usize) -> bool {
    if !window.starts_with(b"ISA") {
        return false;
    }
    let Some(width) = memchr::memchr2(LINE_ENDS[0], LINE_ENDS[1], window) else { return false };
    if width + 1 < header {
        return true;
    }
    let terminator = window[header - 1];
    if LINE_ENDS.contains(&terminator) {
        return false;
    }
    let mut lines = window.split(|byte| LINE_ENDS.contains(byte)).filter(|line| !line.is_empty());
    // What follows the last line end may go on outside of the window.
    lines.next_back();
    let (mut within, mut even) = (false, true);
    for line in lines {
        within |= line.trim_ascii_end().last() != Some(&terminator);
        even &= line.len() == width;
    }
    within && even
}

/// A byte of a line end that was taken out.
#[derive(Clone, Copy)]
struct Break {
    /// Before which of the bytes that were kept it stood.
    at: u64,
    byte: u8,
}

/// The line ends that were taken out of a range of a file, in its order. Offsets count the bytes that were kept.
#[derive(Clone, Default)]
pub(super) struct Breaks(Vec<Break>);

impl Breaks {
    /// Takes the line ends out of a buffer from `from` on, which is at `offset`.
    pub(super) fn strip(&mut self, buffer: &mut Vec<u8>, from: usize, offset: u64) {
        let mut kept = from;
        for at in from..buffer.len() {
            let byte = buffer[at];
            if LINE_ENDS.contains(&byte) {
                self.0.push(Break { at: offset + (kept - from) as u64, byte });
            } else {
                buffer[kept] = byte;
                kept += 1;
            }
        }
        buffer.truncate(kept);
    }

    /// How many stood before a byte that was kept.
    #[inline]
    pub(super) fn before(&self, at: u64) -> u64 {
        if self.0.is_empty() { 0 } else { self.0.partition_point(|b| b.at <= at) as u64 }
    }

    /// How many stand at or after a byte that was kept.
    pub(super) fn from(&self, at: u64) -> usize {
        self.0.len() - self.0.partition_point(|b| b.at < at)
    }

    /// Forgets those before the bytes that come before this one; tells how many. What stands right before it is still needed.
    pub(super) fn forget(&mut self, at: u64) -> u64 {
        let gone = self.0.partition_point(|b| b.at < at);
        self.0.drain(..gone);
        gone as u64
    }

    /// Those within a range of the file, counted from its begin.
    pub(super) fn within(&self, begin: u64, length: u64) -> Breaks {
        let inside = self.0.iter().filter(|b| (begin + 1..begin + length).contains(&b.at));
        Breaks(inside.map(|b| Break { at: b.at - begin, byte: b.byte }).collect())
    }

    /// Appends bytes, of which the first is at `begin`, with the line ends before each of them.
    pub(super) fn restore(&self, bytes: &[u8], begin: u64, out: &mut Vec<u8>) {
        let end = begin + bytes.len() as u64;
        let mut done = 0;
        for b in self.0.iter().filter(|b| (begin..end).contains(&b.at)) {
            let at = usize::try_from(b.at - begin).unwrap_or(bytes.len());
            out.extend_from_slice(&bytes[done..at]);
            out.push(b.byte);
            done = at;
        }
        out.extend_from_slice(&bytes[done..]);
    }

    /// Appends the line ends after the last byte of the file.
    pub(super) fn restore_end(&self, end: u64, out: &mut Vec<u8>) {
        out.extend(self.0.iter().filter(|b| b.at >= end).map(|b| b.byte));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An interchange header with its terminator, and so many references.
    fn file(terminator: &str, references: usize) -> String {
        format!("ISA{}{terminator}{}", "*".repeat(102), format!("REF*6R*C26000123-6{terminator}").repeat(references))
    }

    #[test]
    fn lines_of_one_length_that_end_within_segments_are_wrapping() {
        for width in [72, 80, 132, 500] {
            let lines: Vec<String> = file("~", 40).as_bytes().chunks(width).map(|l| String::from_utf8_lossy(l).into_owned()).collect();
            assert!(is_wrapped(lines.join("\r\n").as_bytes(), 106), "{width}");
        }
    }

    #[test]
    fn lines_that_are_segments_or_of_any_length_are_not() {
        let note = file("~\r\n", 3).replacen("C26", "C\n26", 1);
        assert!(!is_wrapped(b"not X12\n", 106));
        for text in [file("~", 40), file("~\n", 40), file("~ \r\n", 40), file("\n", 40), file("\r", 40), file("\r\n", 40), note] {
            assert!(!is_wrapped(text.as_bytes(), 106), "{text:.140?}");
        }
    }
}
