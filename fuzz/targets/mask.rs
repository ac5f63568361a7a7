//! Any file that can be read: its masked copy can be read too, has the same envelopes and sets with as many segments, and no other errors
//! around them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pediclaim_fuzz::edi::mask::mask;
use pediclaim_fuzz::edi::{Event, Severity, read_all};

fuzz_target!(|bytes: &[u8]| {
    let keyed = |domain: &str, value: &[u8]| {
        // No secret is at stake here: any function that spreads its input will do.
        let seed =
            domain.bytes().chain(value.iter().copied()).fold(7_u64, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        let mut hash = [0; 32];
        for (at, part) in hash.chunks_mut(8).enumerate() {
            part.copy_from_slice(&seed.rotate_left(at as u32 * 16).to_le_bytes());
        }
        hash
    };
    let pieces: Result<Vec<_>, _> = mask(bytes, &keyed).collect();
    let Ok(events) = read_all(bytes) else { return };
    let copy: Vec<u8> = pieces.expect("what can be read can be masked").into_iter().flat_map(|piece| piece.bytes).collect();
    let masked = read_all(&copy).expect("a masked file can be read");
    assert_eq!(outline(&masked), outline(&events));
});

/// What a file holds, without what a copy leaves out.
fn outline(events: &[Event]) -> Vec<String> {
    let of = |event: &Event| match event {
        Event::Interchange(header) => Some(format!("ISA {}", header.control_number)),
        Event::Group(header) => Some(format!("GS {}", header.version)),
        Event::Transaction(set) => Some(format!("{} of {} segments", set.kind(), set.segments().count())),
        Event::InterchangeAck(_) => Some("TA1".to_owned()),
        Event::GroupEnd(trailer) => Some(format!("GE {:?}", trailer.declared)),
        Event::InterchangeEnd(trailer) => Some(format!("IEA {:?}", trailer.declared)),
        Event::Finding(finding) => (finding.severity == Severity::Error && finding.code != "X12-STRAY" && finding.code != "X12-TRAILING")
            .then(|| finding.code.to_owned()),
    };
    events.iter().filter_map(of).collect()
}
