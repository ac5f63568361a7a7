//! Any file that can be read: its masked copy can be read too, and has the same envelopes around sets of as many segments.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pediclaim_fuzz::edi::mask::mask;
use pediclaim_fuzz::edi::{Event, read_all};

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

/// What a file holds. Findings aside: what stands outside of envelopes is left out, and a code that has not the shape of one is replaced.
fn outline(events: &[Event]) -> Vec<(&'static str, usize)> {
    let of = |event: &Event| match event {
        Event::Interchange(_) => Some(("ISA", 1)),
        Event::Group(_) => Some(("GS", 1)),
        Event::Transaction(set) => Some(("ST", set.segments().count())),
        Event::InterchangeAck(_) => Some(("TA1", 1)),
        Event::GroupEnd(_) => Some(("GE", 1)),
        Event::InterchangeEnd(_) => Some(("IEA", 1)),
        Event::Finding(_) => None,
    };
    events.iter().filter_map(of).collect()
}
