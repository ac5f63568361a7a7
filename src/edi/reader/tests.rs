//! What is read from whole files, cut ones, wrapped ones and any bytes.

use super::*;
use proptest::prelude::*;

const ISA: &str = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *261118*0930*^*00501*000000101*0*T*:~";
const GS: &str = "GS*HP*SENDER*RECEIVER*20261118*0930*7*X*005010X221A1~";
const SET: &str = "ST*835*0001~BPR*I*0~SE*3*0001~";
const END: &str = "GE*1*7~IEA*1*000000101~";

fn file() -> String {
    [ISA, GS, SET, END].concat()
}

/// What was read, each event as one word; findings by their code.
fn words(text: &str) -> Vec<String> {
    read_all(text.as_bytes())
        .unwrap()
        .iter()
        .map(|event| match event {
            Event::Interchange(header) => format!("ISA {}", header.control_number),
            Event::Group(header) => format!("GS {}", header.control_number),
            Event::Transaction(set) => format!("{} {} at {}", set.kind(), set.control_number(), set.first_segment()),
            Event::InterchangeAck(segment) => segment.as_segment().id().to_owned(),
            Event::GroupEnd(trailer) => format!("GE {}", trailer.control_number),
            Event::InterchangeEnd(trailer) => format!("IEA {}", trailer.control_number),
            Event::Finding(finding) => finding.code.to_owned(),
        })
        .collect()
}

const PLAIN: [&str; 5] = ["ISA 000000101", "GS 7", "835 0001 at 3", "GE 7", "IEA 000000101"];

#[test]
fn a_file_is_read_envelope_by_envelope() {
    assert_eq!(words(&file()), PLAIN);
    let events = read_all(file().as_bytes()).unwrap();
    let Event::Transaction(set) = &events[2] else { panic!() };
    assert_eq!((set.version(), set.raw(), set.group().functional_id.as_str()), ("005010X221A1", SET.as_bytes(), "HP"));
    let numbers: Vec<(u32, &str)> = set.segments().map(|s| (s.number(), s.id())).collect();
    assert_eq!(numbers, [(3, "ST"), (4, "BPR"), (5, "SE")]);
    let bpr = set.segments().nth(1).unwrap();
    assert_eq!(bpr.position().byte as usize, file().find("BPR").unwrap());
}

#[test]
fn line_ends_blanks_and_a_byte_order_mark_change_nothing() {
    let lines = file().replace('~', "~\r\n");
    assert_eq!(words(&lines), PLAIN);
    assert_eq!(words(&format!("\u{FEFF}\n {}\n\n", file().replace("~GE", "~~\n GE"))), PLAIN);
    assert_eq!(words(&file().replace('~', "\n")), PLAIN);
    assert_eq!(words(&file().replace('~', "\r\n")), PLAIN);
}

#[test]
fn a_wrapped_file_is_read_as_if_its_line_ends_were_not_there() {
    // Enough lines that some end right after a terminator, within an element and between two.
    let set = format!("ST*835*0001~{}SE*102*0001~", "REF*6R*C26000123-6~".repeat(100));
    let text = file().replace(SET, &set);
    let segments = |text: &str| -> Vec<(Vec<u8>, Position)> {
        let sets = read_all(text.as_bytes()).unwrap().into_iter();
        let sets: Vec<_> = sets.filter_map(|e| if let Event::Transaction(set) = e { Some(set) } else { None }).collect();
        sets.iter().flat_map(|set| set.segments().map(|s| (s.raw().to_vec(), s.position())).collect::<Vec<_>>()).collect()
    };
    let plain = segments(&text);
    for (width, end) in [(80, "\n"), (80, "\r\n"), (72, "\n"), (132, "\r"), (255, "\r\n")] {
        let lines: Vec<&str> = text.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).unwrap()).collect();
        let wrapped = lines.join(end);
        assert_eq!(words(&wrapped), PLAIN);
        for ((raw, place), (same, before)) in segments(&wrapped).iter().zip(&plain) {
            let byte = usize::try_from(place.byte).unwrap();
            assert_eq!((raw, place.segment), (same, before.segment));
            assert_eq!(wrapped.as_bytes()[byte], raw[0]);
            assert_eq!(place.byte as usize, before.byte as usize + before.byte as usize / width * end.len());
        }
        let cut = read_all(&wrapped.as_bytes()[..1000]).unwrap_err();
        assert_eq!(cut.kind, EdiErrorKind::Missing("SE"));
        assert!(wrapped.as_bytes()[cut.position.byte as usize..].starts_with(b"REF"));
    }
}

#[test]
fn another_version_is_a_finding_and_everything_is_still_there() {
    for version in ["004010X091A1", "006020X000", "", "X"] {
        let other = file().replace("005010X221A1", version);
        let expected = ["ISA 000000101", "GS 7", "X12-VERSION", "835 0001 at 3", "GE 7", "IEA 000000101"];
        assert_eq!(words(&other), expected, "{version}");
    }
    let old = file().replace("005010X221A1", "004010X091A1").replace("*^*00501*", "*U*00401*");
    let events = read_all(old.as_bytes()).unwrap();
    let (Event::Interchange(isa), Event::Group(gs), Event::Finding(finding)) = (&events[0], &events[1], &events[2]) else { panic!() };
    assert_eq!((isa.version.as_str(), isa.delimiters.repetition, gs.version.as_str()), ("00401", 0, "004010X091A1"));
    assert!(finding.to_string().starts_with("segment 2 (GS) element 8 at byte 106: this group is of version 4010"), "{finding}");
}

#[test]
fn what_fills_up_the_last_block_of_a_file_is_no_finding() {
    assert_eq!(words(&format!("{}\r\n\x1a\0\0   ", file())), PLAIN);
}

#[test]
fn delimiters_come_from_the_header() {
    let other = file().replace('*', "|").replace('~', "'");
    assert_eq!(words(&other), PLAIN);
    let events = read_all(other.as_bytes()).unwrap();
    let Event::Interchange(header) = &events[0] else { panic!() };
    assert_eq!((header.delimiters.element, header.delimiters.terminator), (b'|', b'\''));
}

#[test]
fn a_file_may_hold_several_of_everything() {
    let second = SET.replace("0001", "0002");
    let text = [
        ISA,
        GS,
        SET,
        &second,
        "GE*2*7~",
        GS,
        SET,
        "GE*1*7~",
        "IEA*2*000000101~",
        "\n",
        ISA,
        "TA1*000000100*261117*0930*A*000~",
        "IEA*0*000000101~",
    ];
    assert_eq!(
        words(&text.concat()),
        [
            &["ISA 000000101", "GS 7", "835 0001 at 3", "835 0002 at 6", "GE 7"][..],
            &["GS 7", "835 0001 at 11", "GE 7", "IEA 000000101"],
            &["ISA 000000101", "TA1", "IEA 000000101"],
        ]
        .concat()
    );
}

#[test]
fn every_wrong_count_and_control_number_is_a_finding() {
    let cases = [
        ("SE*3*0001", "SE*4*0001", "X12-SE01"),
        ("SE*3*0001", "SE*3*0002", "X12-SE02"),
        ("GE*1*7", "GE*2*7", "X12-GE01"),
        ("GE*1*7", "GE*1*8", "X12-GE02"),
        ("IEA*1*", "IEA**", "X12-IEA01"),
        ("IEA*1*000000101", "IEA*1*000000102", "X12-IEA02"),
        ("IEA*1*000000101~", "IEA*1*000000101", "X12-UNTERMINATED"),
        ("GE*1*7~", "XX*1~GE*1*7~", "X12-STRAY"),
        ("IEA*1*000000101~", "IEA*1*000000101~garbage", "X12-TRAILING"),
    ];
    for (right, wrong, code) in cases {
        let found: Vec<String> = words(&file().replace(right, wrong)).into_iter().filter(|word| word.starts_with("X12-")).collect();
        assert_eq!(found, [code], "{wrong}");
    }
}

#[test]
fn a_file_that_was_cut_off_is_an_error_that_says_where() {
    let cases = [
        ("SE*3*0001~GE*1*7~IEA*1*000000101~", "segment 4 (BPR) at byte 171: SE is missing"),
        ("GE*1*7~IEA*1*000000101~", "segment 5 (SE) at byte 179: GE is missing"),
        ("IEA*1*000000101~", "segment 6 (GE) at byte 189: IEA is missing"),
        ("*0~SE*3*0001~GE*1*7~IEA*1*000000101~", "segment 4 (BPR) at byte 171: SE is missing"),
    ];
    for (end, said) in cases {
        let error = read_all(file().strip_suffix(end).unwrap().as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with(said), "{error}");
    }
}

#[test]
fn envelopes_that_are_not_nested_are_an_error() {
    for (cut, id) in [("SE*3*0001~", "SE"), ("GE*1*7~", "GE"), (GS, "GS")] {
        let error = read_all(file().replace(cut, "").as_bytes()).unwrap_err();
        assert_eq!(error.kind, EdiErrorKind::Missing(id));
    }
    let twice = [ISA, GS, SET, "GE*1*7~", ISA].concat();
    assert_eq!(read_all(twice.as_bytes()).unwrap_err().kind, EdiErrorKind::Missing("IEA"));
}

#[test]
fn what_is_not_x12_is_an_error_at_byte_zero() {
    for bytes in [&b""[..], b"\n\n", b"PK\x03\x04", b"UNB+UNOA:1", b"isa*00"] {
        let error = read_all(bytes).unwrap_err();
        assert_eq!((error.kind, error.position.byte), (EdiErrorKind::NoInterchange, 0));
    }
    assert_eq!(read_all(&ISA.as_bytes()[..105]).unwrap_err().kind, EdiErrorKind::InterchangeHeaderShape);
    assert_eq!(read_all(ISA.replace("SENDER ", "SENDER").as_bytes()).unwrap_err().kind, EdiErrorKind::InterchangeHeaderShape);
    for wrong in [ISA.replace(":~", "*~"), ISA.replace("*^*", "*~*"), ISA.replace(":~", ":A")] {
        assert_eq!(read_all(wrong.as_bytes()).unwrap_err().kind, EdiErrorKind::Delimiters);
    }
}

#[test]
fn a_file_without_terminators_ends_in_an_error_and_not_in_memory() {
    let endless = std::io::repeat(b'A').take(1 << 40);
    let mut reader = Reader::new(ISA.as_bytes().chain(endless));
    assert!(reader.next_event().is_ok());
    assert_eq!(reader.next_event().unwrap_err().kind, EdiErrorKind::SegmentTooLong);
    assert!(matches!(reader.next_event(), Ok(None)));
}

#[test]
fn endless_line_ends_of_a_wrapped_file_end_in_an_error_and_not_in_memory() {
    let wrapped = file().as_bytes().chunks(80).collect::<Vec<_>>().join(&b"\n"[..]);
    for cut in [90, 150, wrapped.len()] {
        let endless = std::io::repeat(b'\n').take(1 << 40);
        let events: Vec<_> = Reader::new(wrapped[..cut].chain(endless)).collect();
        assert_eq!(events.last().unwrap().as_ref().unwrap_err().kind, EdiErrorKind::SegmentTooLong, "{cut}");
    }
}

#[test]
fn a_source_that_fails_is_an_error() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::ConnectionReset.into())
        }
    }
    let error = Reader::new(ISA.as_bytes().chain(Broken)).collect::<Result<Vec<_>, _>>().unwrap_err();
    assert_eq!(error.kind, EdiErrorKind::Io(std::io::ErrorKind::ConnectionReset));
}

/// A source that gives its bytes in pieces of a few bytes, as a slow connection does.
struct Drip<'a>(&'a [u8], usize);

impl Read for Drip<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.1.min(self.0.len()).min(buffer.len());
        buffer[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

#[test]
fn sets_of_any_size_are_read_whole_however_they_fall_into_the_buffer() {
    let set = |lines: usize| format!("ST*835*0001~{}SE*{}*0001~", "LX*1~".repeat(lines), lines + 2);
    let sizes = [1, 50_000, 52_440, 200_000, 1];
    let sets: Vec<String> = sizes.into_iter().map(set).collect();
    let text = [ISA, GS, &sets.concat(), "GE*5*7~IEA*1*000000101~"].concat();
    let read: Vec<TransactionSet> = Reader::new(Drip(text.as_bytes(), 7_001))
        .filter_map(|event| if let Event::Transaction(set) = event.unwrap() { Some(set) } else { None })
        .collect();
    assert!(read.iter().map(TransactionSet::raw).eq(sets.iter().map(String::as_bytes)));
    assert_eq!(read[4].first_segment() as usize, 3 + sizes[..4].iter().map(|lines| lines + 2).sum::<usize>());
    assert_eq!(read[4].first_byte() as usize, text.rfind("ST*835").unwrap());
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes: Vec<u8>, framed: bool) {
        let bytes = if framed { [ISA.as_bytes(), GS.as_bytes(), &bytes].concat() } else { bytes };
        prop_assert!(read_all(&bytes).is_err());
    }

    #[test]
    fn how_the_bytes_arrive_changes_nothing(step in 1_usize..200, cut in 0_usize..260) {
        let text = [file(), file()].concat();
        let bytes = &text.as_bytes()[..cut.min(text.len())];
        let all = format!("{:?}", read_all(bytes));
        let dripped = format!("{:?}", Reader::new(Drip(bytes, step)).collect::<Result<Vec<_>, _>>());
        prop_assert_eq!(all, dripped);
    }
}
