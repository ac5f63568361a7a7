//! TA1: whether a partner took a whole interchange (domain.md 3.1). It stands between ISA and IEA, outside of any group.
//!
//! Rejected means that the interchange never happened, but for duplicates: there the first copy may be in process.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::edi::charset::decode;
use crate::edi::segment::parse_date8;
use crate::edi::writer::Date8;
use crate::edi::{EdiErrorKind, Finding, Segment, SegmentWriter, codes};

codes! {
    /// TA104: what became of the interchange.
    InterchangeResult {
        /// Taken.
        Accepted = "A",
        /// Taken, with faults.
        AcceptedWithErrors = "E",
        /// Not taken.
        Rejected = "R",
    }
}

/// TA105: why, three digits. Unknown codes are carried.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NoteCode(pub String);

/// TA105 codes and what they say, in our words (domain.md 3.2).
const NOTES: [(&str, &str); 28] = [
    ("000", "no fault"),
    ("001", "the control numbers of header and trailer differ"),
    ("002", "the standard is not supported"),
    ("003", "the version of the control structure is not supported"),
    ("004", "the segment terminator is invalid"),
    ("005", "the sender's qualifier is invalid"),
    ("006", "the sender is unknown"),
    ("007", "the receiver's qualifier is invalid"),
    ("008", "the receiver is unknown"),
    ("009", "the receiver is not served here"),
    ("010", "the authorization qualifier is invalid"),
    ("011", "the authorization is invalid"),
    ("012", "the security qualifier is invalid"),
    ("013", "the security information is invalid"),
    ("014", "the interchange date is invalid"),
    ("015", "the interchange time is invalid"),
    ("016", "the repetition separator or standard id is invalid"),
    ("017", "the version id is invalid"),
    ("018", "the control number is invalid"),
    ("019", "the acknowledgment flag is invalid"),
    ("020", "the test flag is invalid"),
    ("021", "the number of groups is wrong"),
    ("022", "the control structure is broken"),
    ("023", "the file ends too early"),
    ("024", "the content is invalid"),
    ("025", "the control number was used before"),
    ("026", "the element separator is invalid"),
    ("027", "the component separator is invalid"),
];

impl NoteCode {
    /// TA105 000: no fault.
    pub const NONE: &'static str = "000";
    /// TA105 025: the control number was used before; the first copy may be in process (domain.md 3.1).
    pub const DUPLICATE: &'static str = "025";

    /// What the code says, in our words; none when it is unknown.
    #[must_use]
    pub fn meaning(&self) -> Option<&'static str> {
        NOTES.iter().find(|(code, _)| *code == self.0).map(|(_, meaning)| *meaning)
    }
}

/// A TA1 segment: the answer to one interchange of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InterchangeAck {
    /// The number of the TA1 segment in the file; 0 when built and not read.
    pub segment: u32,
    /// TA101: the ISA13 of the interchange that it answers.
    pub control_number: String,
    /// TA102: its ISA09.
    pub date: Option<Date>,
    /// TA103: its ISA10, HHMM.
    pub time: String,
    /// TA104.
    pub result: InterchangeResult,
    /// TA105.
    pub note: NoteCode,
}

impl InterchangeAck {
    /// Whether the partner rejected the interchange as a copy: its claims must not be sent again without asking (domain.md 3.1).
    #[must_use]
    pub fn is_duplicate(&self) -> bool {
        self.result == InterchangeResult::Rejected && self.note.0 == NoteCode::DUPLICATE
    }
}

/// Reads a TA1 segment. A result that is no known code is a finding of severity Error: what became of the interchange is not known.
#[must_use]
pub fn read_ta1(segment: &Segment<'_>) -> (InterchangeAck, Vec<Finding>) {
    let mut findings = Vec::new();
    let [control_number, date, time, result, note] = segment.fields::<5>().map(decode);
    // TA102 repeats an ISA09, which has two digits for the year; X12 5010 began in 2009.
    let date = parse_date8(format!("20{date}").as_bytes());
    if date.is_none() {
        findings.push(Finding::warning("TA1-DATE", segment.at(2), EdiErrorKind::Date.to_string()));
    }
    let result = InterchangeResult::from(&*result);
    if matches!(result, InterchangeResult::Other(_)) {
        findings.push(Finding::error(
            "TA1-RESULT",
            segment.at(4),
            "neither accepted nor rejected; ask the partner what became of the interchange",
        ));
    }
    let note = NoteCode(note.into_owned());
    if note.meaning().is_none() {
        findings.push(Finding::warning("TA1-NOTE", segment.at(5), "the note code is unknown"));
    }
    let (control_number, time) = (control_number.into_owned(), time.into_owned());
    (InterchangeAck { segment: segment.number(), control_number, date, time, result, note }, findings)
}

/// Writes a TA1 segment, between ISA and the first group or IEA.
pub fn write_ta1(ack: &InterchangeAck, w: &mut SegmentWriter) {
    let date = ack.date.map_or(String::new(), |date| Date8(date).to_string()[2..].to_owned());
    w.segment("TA1").el_max(&ack.control_number, 9).el(&date).el(&ack.time).el(ack.result.as_str()).el(&ack.note.0).end();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edi::Delimiters;

    fn read(text: &str) -> (InterchangeAck, Vec<Finding>) {
        read_ta1(&Segment::new(text.as_bytes(), Delimiters::default(), 106, 2))
    }

    #[test]
    fn a_ta1_is_written_as_it_was_read() {
        for text in ["TA1*000000101*261118*0930*R*021", "TA1*000000102*270101*0000*A*000", "TA1*000000103*261118*0930*E*015"] {
            let (ack, findings) = read(text);
            assert_eq!(findings, []);
            let mut w = SegmentWriter::new(Delimiters::default());
            write_ta1(&ack, &mut w);
            assert_eq!(w.finish().unwrap(), format!("{text}~").into_bytes());
        }
    }

    #[test]
    fn a_rejection_names_our_interchange_and_the_reason() {
        let (ack, _) = read("TA1*000000101*261118*0930*R*021");
        assert_eq!((ack.control_number.as_str(), &ack.result), ("000000101", &InterchangeResult::Rejected));
        assert_eq!(ack.note.meaning(), Some("the number of groups is wrong"));
        assert_eq!((ack.segment, ack.date), (2, Some(jiff::civil::date(2026, 11, 18))));
    }

    #[test]
    fn only_a_rejection_for_a_used_control_number_is_a_duplicate() {
        assert!(read("TA1*1*261118*0930*R*025").0.is_duplicate());
        assert!(!read("TA1*1*261118*0930*R*024").0.is_duplicate());
        assert!(!read("TA1*1*261118*0930*E*025").0.is_duplicate());
    }

    #[test]
    fn unknown_codes_are_carried_and_reported() {
        let (ack, findings) = read("TA1*1*261399*0930*Q*777");
        assert_eq!((ack.result, ack.note.0.as_str(), ack.date), (InterchangeResult::Other("Q".to_owned()), "777", None));
        assert_eq!(findings.iter().map(|f| f.code).collect::<Vec<_>>(), ["TA1-DATE", "TA1-RESULT", "TA1-NOTE"]);
        let (_, findings) = read("TA1");
        assert_eq!(findings.len(), 3);
    }
}
