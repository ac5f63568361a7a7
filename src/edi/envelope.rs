//! The envelopes around transaction sets: ISA…IEA for the exchange, GS…GE for the group (domain.md 1.1).

use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Serialize};

use super::charset::decode;
use super::codes;
use super::position::{EdiError, EdiErrorKind, Position};
use super::segment::{Delimiters, Segment, parse_date8, parse_int};
use super::writer::{SegmentWriter, WriteError};

/// Length of an ISA segment with its terminator: the one segment of fixed width, because it declares the delimiters.
pub const ISA_LENGTH: usize = 106;

/// Offsets of the sixteen element separators in an ISA segment.
const ISA_SEPARATORS: [usize; 16] = [3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103];

/// An element of an ISA segment, by its place: a separator within a value, which no other segment could have, shifts nothing.
pub(super) fn isa_element(isa: &[u8], n: usize) -> &[u8] {
    let begin = n.checked_sub(1).and_then(|before| ISA_SEPARATORS.get(before)).map_or(isa.len(), |at| at + 1);
    let end = ISA_SEPARATORS.get(n).copied().unwrap_or(ISA_LENGTH - 1);
    isa.get(begin..end).unwrap_or_default()
}

codes! {
    /// ISA15: what the exchange is for.
    Usage {
        /// Real claims and money.
        Production = "P",
        /// A test.
        Test = "T",
    }
}

/// A sender or receiver as an interchange names it: qualifier (ISA05/ISA07) and identifier (ISA06/ISA08) without padding.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Party {
    /// Kind of the identifier, two characters (`ZZ`, `30`, …).
    pub qualifier: String,
    /// The identifier, at most 15 characters.
    pub id: String,
}

/// An ISA segment as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterchangeHeader {
    /// ISA01 and ISA02: authorization information, usually `00` and blank.
    pub authorization: Party,
    /// ISA03 and ISA04: security information, usually `00` and blank.
    pub security: Party,
    /// ISA05 and ISA06.
    pub sender: Party,
    /// ISA07 and ISA08.
    pub receiver: Party,
    /// ISA09 and ISA10, a date of this century and a time without zone; none when unreadable.
    pub written_at: Option<DateTime>,
    /// ISA12: `00501`.
    pub version: String,
    /// ISA13: nine digits, as sent.
    pub control_number: String,
    /// ISA14: whether the sender wants a TA1.
    pub ack_requested: bool,
    /// ISA15.
    pub usage: Usage,
    /// The delimiters that it declares.
    pub delimiters: Delimiters,
    /// Where it stands in the file.
    pub position: Position,
}

impl InterchangeHeader {
    /// Reads an ISA segment from its 106 bytes.
    pub(super) fn read(isa: &[u8; ISA_LENGTH], position: Position) -> Result<InterchangeHeader, EdiError> {
        let element = isa[3];
        if !isa.starts_with(b"ISA") || ISA_SEPARATORS.iter().any(|&at| isa[at] != element) {
            return Err(EdiError { kind: EdiErrorKind::InterchangeHeaderShape, position });
        }
        // Version 00401 has a `U` where later ones declare the repetition separator.
        let repetition = if isa[82].is_ascii_alphanumeric() { 0 } else { isa[82] };
        let delimiters = Delimiters { element, component: isa[104], repetition, terminator: isa[105] };
        let Delimiters { component, terminator, .. } = delimiters;
        let all = [element, component, repetition, terminator];
        let repeated = (1..4).any(|i| all[..i].contains(&all[i]));
        if repeated || [element, component, terminator].iter().any(|b| b.is_ascii_alphanumeric() || matches!(b, b' ' | 0)) {
            return Err(EdiError { kind: EdiErrorKind::Delimiters, position });
        }
        let padded = |n: usize| decode(isa_element(isa, n)).trim_end().to_owned();
        let party = |n: usize| Party { qualifier: padded(n), id: padded(n + 1) };
        Ok(InterchangeHeader {
            authorization: party(1),
            security: party(3),
            sender: party(5),
            receiver: party(7),
            written_at: date_time(&[b"20", isa_element(isa, 9)].concat(), isa_element(isa, 10)),
            version: padded(12),
            control_number: padded(13),
            ack_requested: isa_element(isa, 14) == b"1",
            usage: Usage::from(&*decode(isa_element(isa, 15))),
            delimiters,
            position,
        })
    }
}

/// A GS segment as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupHeader {
    /// GS01: what the group holds (`HC` claims, `HP` remittances, `FA` 999, `HN` 277CA).
    pub functional_id: String,
    /// GS02.
    pub sender: String,
    /// GS03.
    pub receiver: String,
    /// GS04 and GS05; none when unreadable.
    pub written_at: Option<DateTime>,
    /// GS06, as sent.
    pub control_number: String,
    /// GS08: the implementation guide (`005010X222A1`).
    pub version: String,
    /// Where it stands in the file.
    pub position: Position,
}

impl GroupHeader {
    pub(super) fn read(segment: &Segment<'_>) -> GroupHeader {
        GroupHeader {
            functional_id: segment.text(1).into_owned(),
            sender: segment.text(2).trim_end().to_owned(),
            receiver: segment.text(3).trim_end().to_owned(),
            written_at: date_time(segment.bytes(4), segment.bytes(5)),
            control_number: segment.text(6).into_owned(),
            version: segment.text(8).into_owned(),
            position: segment.position(),
        }
    }
}

/// A GE or IEA segment as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trailer {
    /// GE01 or IEA01: how many sets or groups the sender says there are; none when it is not a number.
    pub declared: Option<u64>,
    /// GE02 or IEA02, as sent.
    pub control_number: String,
    /// Where it stands in the file.
    pub position: Position,
}

impl Trailer {
    pub(super) fn read(segment: &Segment<'_>) -> Trailer {
        Trailer { declared: parse_int(segment.bytes(1)), control_number: segment.text(2).into_owned(), position: segment.position() }
    }
}

/// `CCYYMMDD` and `HHMM`, `HHMMSS` or `HHMMSSDD` as a date and time.
pub(super) fn date_time(date: &[u8], time: &[u8]) -> Option<DateTime> {
    let date: Date = parse_date8(date)?;
    let part = |at: usize| match time.get(at..at + 2) {
        Some(digits) => parse_int(digits).and_then(|n| i8::try_from(n).ok()),
        None if at >= 4 => Some(0),
        None => None,
    };
    Some(date.to_datetime(Time::new(part(0)?, part(2)?, part(4)?, 0).ok()?))
}

/// What we put on the envelopes of one interchange that we write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// ISA05 and ISA06.
    pub sender: Party,
    /// ISA07 and ISA08.
    pub receiver: Party,
    /// GS02, at most 15 characters.
    pub application_sender: String,
    /// GS03, at most 15 characters.
    pub application_receiver: String,
    /// ISA13: 1 to 999,999,999, never used before between these two.
    pub control_number: u32,
    /// GS06: 1 to 999,999,999.
    pub group_control_number: u32,
    /// ISA09/10 and GS04/05, in the sender's time zone.
    pub written_at: DateTime,
    /// ISA15.
    pub usage: Usage,
    /// ISA14.
    pub ack_requested: bool,
}

/// Writes one interchange: ISA, what `body` writes (groups by [`SegmentWriter::begin_group`], or a TA1), IEA. Gives the bytes, or
/// everything that could not be written.
pub fn write_interchange(envelope: &Envelope, body: impl FnOnce(&mut SegmentWriter)) -> Result<Vec<u8>, Vec<WriteError>> {
    let mut writer = SegmentWriter::new(Delimiters::default());
    let control_number = format!("{:09}", envelope.control_number);
    let date = envelope.written_at.date();
    writer
        .segment("ISA")
        .el("00")
        .fixed("", 10)
        .el("00")
        .fixed("", 10)
        .fixed(&envelope.sender.qualifier, 2)
        .fixed(&envelope.sender.id, 15)
        .fixed(&envelope.receiver.qualifier, 2)
        .fixed(&envelope.receiver.id, 15)
        .el(&format!("{:02}{:02}{:02}", date.year() % 100, date.month(), date.day()))
        .time4(envelope.written_at)
        .delimiter(Delimiters::default().repetition)
        .el("00501")
        .el_max(&control_number, 9)
        .el(if envelope.ack_requested { "1" } else { "0" })
        .fixed(envelope.usage.as_str(), 1)
        .delimiter(Delimiters::default().component)
        .end();
    body(&mut writer);
    let groups = u64::from(writer.groups());
    writer.segment("IEA").int(groups).el_max(&control_number, 9).end();
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edi::{Event, WriteErrorKind, read_all};
    use jiff::civil::date;

    fn envelope() -> Envelope {
        Envelope {
            sender: Party { qualifier: "ZZ".into(), id: "PEDBILL".into() },
            receiver: Party { qualifier: "30".into(), id: "741234567".into() },
            application_sender: "PEDBILL".into(),
            application_receiver: "CLRHOUSE".into(),
            control_number: 101,
            group_control_number: 7,
            written_at: date(2026, 11, 18).at(9, 30, 0, 0),
            usage: Usage::Test,
            ack_requested: true,
        }
    }

    #[test]
    fn an_interchange_is_written_with_fixed_widths_and_counts() {
        let bytes = write_interchange(&envelope(), |w| {
            w.begin_group(&envelope(), "HC", "005010X222A1");
            w.begin_transaction("837", "0001", Some("005010X222A1"));
            w.end_transaction();
            w.end_group();
        });
        assert_eq!(
            String::from_utf8(bytes.unwrap()).unwrap(),
            "ISA*00*          *00*          *ZZ*PEDBILL        *30*741234567      *261118*0930*^*00501*000000101*1*T*:~\
             GS*HC*PEDBILL*CLRHOUSE*20261118*0930*7*X*005010X222A1~ST*837*0001*005010X222A1~SE*2*0001~GE*1*7~IEA*1*000000101~"
        );
    }

    #[test]
    fn what_was_written_is_read_again() {
        let bytes = write_interchange(&envelope(), |w| w.segment("TA1").el("000000100").end()).unwrap();
        let events = read_all(&bytes).unwrap();
        let [Event::Interchange(header), Event::InterchangeAck(_), Event::InterchangeEnd(_)] = &events[..] else { panic!("{events:?}") };
        assert_eq!((&header.sender, &header.receiver), (&envelope().sender, &envelope().receiver));
        assert_eq!((header.written_at, &header.usage, header.ack_requested), (Some(envelope().written_at), &Usage::Test, true));
        assert_eq!((header.control_number.as_str(), header.delimiters), ("000000101", Delimiters::default()));
    }

    #[test]
    fn a_header_that_does_not_fit_its_widths_is_refused() {
        let long = Envelope {
            sender: Party { qualifier: "ZZ".into(), id: "SIXTEEN CHARS ID".into() },
            control_number: 1_000_000_000,
            ..envelope()
        };
        let errors = write_interchange(&long, |_| {}).unwrap_err();
        let said: Vec<_> = errors.iter().map(|e| (e.kind, e.position.element)).collect();
        assert_eq!(
            said,
            [(WriteErrorKind::TooLong(15), Some(6)), (WriteErrorKind::TooLong(9), Some(13)), (WriteErrorKind::TooLong(9), Some(2))]
        );
    }

    #[test]
    fn times_may_have_seconds_or_be_unreadable() {
        let at = |date: &str, time: &str| date_time(date.as_bytes(), time.as_bytes());
        assert_eq!(at("20261118", "0930"), Some(date(2026, 11, 18).at(9, 30, 0, 0)));
        assert_eq!(at("20261118", "09301522"), Some(date(2026, 11, 18).at(9, 30, 15, 0)));
        for (day, time) in [("20261118", "2430"), ("20261118", "9"), ("20261131", "0930"), ("", "0930"), ("20261118", "")] {
            assert_eq!(at(day, time), None);
        }
    }
}
