//! A file in pieces that put together give the file again, byte for byte: what stands between segments, a byte order mark, the line ends
//! of a wrapped file, and what can't be read at all. Who changes one transaction set of a file keeps everything else as it came.

use std::io::Read;

use super::envelope::ISA_LENGTH;
use super::input::skip_padding;
use super::position::EdiError;
use super::reader::{Event, Reader};
use super::segment::{Delimiters, Segment};

/// Some bytes of a file, and what was read from them.
pub struct Piece {
    /// The bytes as they came. All of a file in their order are the file. They are PHI.
    pub bytes: Vec<u8>,
    /// Those of the interchange that the piece is of.
    pub delimiters: Delimiters,
    /// What was read: one envelope segment or transaction set, with the findings on it; nothing from what stands at the end.
    pub events: Vec<Event>,
    /// What stopped the reading; then the bytes are all that is left of the file.
    pub error: Option<EdiError>,
}

/// Shows sizes only.
impl std::fmt::Debug for Piece {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Piece({} bytes, {:?}, {:?})", self.bytes.len(), self.events, self.error)
    }
}

/// Longest line end that is looked for: carriage return and line feed.
const LINE_END_MAX: usize = 2;

impl Piece {
    /// The segment of an envelope as it stands in the file, of which the event gives the meaning only: ISA, GS, GE or IEA. None where the
    /// piece has none of them.
    #[must_use]
    pub fn envelope(&self) -> Option<Segment<'_>> {
        let position = self.events.iter().find_map(|event| match event {
            Event::Interchange(header) => Some(header.position),
            Event::Group(header) => Some(header.position),
            Event::GroupEnd(trailer) | Event::InterchangeEnd(trailer) => Some(trailer.position),
            _ => None,
        })?;
        let terminator = self.delimiters.terminator;
        // The last segment of a file may have none.
        let bytes = self.bytes.strip_suffix(&[terminator]).unwrap_or(&self.bytes);
        let begin = match position.segment_id.as_str() {
            // A byte order mark may stand before it.
            "ISA" => bytes.len().saturating_sub(ISA_LENGTH - 1),
            _ => skip_padding(bytes, 0, terminator),
        };
        Some(Segment::new(&bytes[begin..], self.delimiters, position.byte, position.segment))
    }

    /// The line end with which the piece begins: the one after the last segment of the piece before. Empty when there is none.
    #[must_use]
    pub fn line_end(&self) -> &[u8] {
        let length = self.bytes.iter().take(LINE_END_MAX).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        &self.bytes[..length]
    }
}

/// Reads a file in pieces.
pub struct Pieces<R> {
    reader: Reader<R>,
    delimiters: Delimiters,
    ended: bool,
}

impl<R: Read> Pieces<R> {
    /// Reads from a source; it is asked for large pieces, so it needs no buffer of its own.
    pub fn new(source: R) -> Pieces<R> {
        Pieces::recording(source, true)
    }

    /// The same without the line ends of a wrapped file, which may stand anywhere and mean nothing: for who writes the file in another form.
    pub fn unwrapped(source: R) -> Pieces<R> {
        Pieces::recording(source, false)
    }

    fn recording(source: R, with_breaks: bool) -> Pieces<R> {
        let mut reader = Reader::new(source);
        reader.keep_record(with_breaks);
        Pieces { reader, delimiters: Delimiters::default(), ended: false }
    }
}

impl<R: Read> Iterator for Pieces<R> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        if self.ended {
            return None;
        }
        let (events, mut error) = match self.reader.next_events() {
            Ok(events) => (events, None),
            Err(error) => (Vec::new(), Some(error)),
        };
        if self.reader.has_ended() {
            self.ended = true;
            error = error.or(self.reader.consume_all().err());
        }
        if let Some(Event::Interchange(header)) = events.last() {
            self.delimiters = header.delimiters;
        }
        let piece = Piece { bytes: self.reader.recorded(), delimiters: self.delimiters, events, error };
        (!piece.bytes.is_empty() || !piece.events.is_empty() || piece.error.is_some()).then_some(piece)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FILE: &str = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *261118*0930*^*00501*000000101*0*T*:~\
        GS*HP*SENDER*RECEIVER*20261118*0930*7*X*005010X221A1~ST*835*0001~BPR*I*0~SE*3*0001~GE*1*7~IEA*1*000000101~";

    fn put_together(bytes: &[u8]) -> Vec<u8> {
        Pieces::new(bytes).flat_map(|piece| piece.bytes).collect()
    }

    /// Lines of `width` bytes, and one that is shorter.
    fn wrapped(text: &str, width: usize, end: &str) -> String {
        text.as_bytes().chunks(width).map(|line| format!("{}{end}", std::str::from_utf8(line).unwrap())).collect()
    }

    #[test]
    fn every_byte_of_a_file_stands_in_one_piece() {
        let stray = FILE.replace("GE*1*7~", "XX*1~\r\nGE*1*7~");
        let files = [
            FILE.to_owned(),
            FILE.replace('~', "~\r\n"),
            format!("\u{FEFF}\n {FILE}\n\n{}\x1a\0", FILE.replace('*', "|").replace('~', "\n")),
            format!("{stray} and then a letter\n"),
            FILE.replace("SE*3*0001~", ""),
            FILE[..200].to_owned(),
            "no X12\nat all\n".to_owned(),
            wrapped(FILE, 80, "\n"),
            wrapped(&format!("\u{FEFF}{FILE}{FILE}"), 72, "\r\n"),
            wrapped(FILE, 132, "\r"),
            wrapped(&FILE.replace("BPR*I*0~", &"LX*1~".repeat(120_000)), 80, "\r\n"),
            wrapped(FILE, 80, "\n")[..200].to_owned(),
            String::new(),
        ];
        for file in files {
            assert!(put_together(file.as_bytes()) == file.as_bytes(), "{:.400?}", file);
        }
    }

    #[test]
    fn a_piece_ends_with_what_was_read_from_it() {
        let text = FILE.replace('~', "~\n");
        let pieces: Vec<Piece> = Pieces::new(text.as_bytes()).collect();
        let begins: Vec<&[u8]> = pieces.iter().map(|piece| &piece.bytes.trim_ascii()[..2.min(piece.bytes.trim_ascii().len())]).collect();
        assert_eq!(begins, [b"IS", b"GS", b"ST", b"GE", b"IE", &b""[..]]);
        let Some(Event::Transaction(set)) = pieces[2].events.last() else { panic!("{pieces:?}") };
        assert!(pieces[2].bytes.ends_with(set.raw()));
    }

    #[test]
    fn a_wrapped_file_loses_its_line_ends_and_no_other_does() {
        let unwrapped = |text: &str| Pieces::unwrapped(text.as_bytes()).flat_map(|piece| piece.bytes).collect::<Vec<u8>>();
        for (width, end) in [(80, "\r\n"), (72, "\n"), (132, "\r")] {
            assert_eq!(unwrapped(&wrapped(FILE, width, end)), FILE.as_bytes());
        }
        for text in [FILE, &FILE.replace('~', "~\r\n"), "", "not X12\n"] {
            assert_eq!(unwrapped(text), text.as_bytes());
        }
    }

    #[test]
    fn segments_of_envelopes_stand_in_their_pieces() {
        let lines = FILE.replace('~', "~\r\n");
        let cut_short = FILE.strip_suffix('~').unwrap();
        for (text, end) in [(FILE, ""), (&lines, "\r\n"), (&format!("\u{FEFF}\n{FILE}"), ""), (cut_short, "")] {
            let pieces: Vec<Piece> = Pieces::unwrapped(text.as_bytes()).collect();
            let envelopes: Vec<Segment<'_>> = pieces.iter().filter_map(Piece::envelope).collect();
            assert_eq!(envelopes.iter().map(|s| (s.id(), s.number())).collect::<Vec<_>>(), [("ISA", 1), ("GS", 2), ("GE", 6), ("IEA", 7)]);
            assert_eq!((envelopes[0].raw(), envelopes[3].raw()), (&FILE.as_bytes()[..ISA_LENGTH - 1], &b"IEA*1*000000101"[..]));
            assert_eq!(pieces[1].line_end(), end.as_bytes());
        }
    }

    #[test]
    fn what_could_not_be_read_is_the_last_piece_with_its_error() {
        let cut = FILE.replace("SE*3*0001~", "");
        let last = Pieces::new(cut.as_bytes()).last().unwrap();
        assert!(last.error.is_some() && last.bytes.starts_with(b"ST*835") && last.bytes.ends_with(b"IEA*1*000000101~"));
    }

    proptest! {
        #[test]
        fn nothing_of_any_bytes_is_lost(bytes: Vec<u8>, at in any::<prop::sample::Index>(), width in 60_usize..140) {
            let mut file = FILE.as_bytes().to_vec();
            let at = at.index(file.len());
            file.splice(at..at, bytes);
            prop_assert!(put_together(&file) == file);
            let lines = file.chunks(width).collect::<Vec<_>>().join(&b"\n"[..]);
            prop_assert!(put_together(&lines) == lines);
        }
    }
}
