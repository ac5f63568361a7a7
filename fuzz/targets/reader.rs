//! Any bytes: the reader ends, the pieces of a file are the file, and each segment stands in it where its position says.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pediclaim_fuzz::edi::roundtrip::Pieces;
use pediclaim_fuzz::edi::{Event, Reader, Segment};

fuzz_target!(|bytes: &[u8]| {
    assert_eq!(Pieces::new(bytes).flat_map(|piece| piece.bytes).collect::<Vec<u8>>(), bytes);
    for event in Reader::new(bytes) {
        let Ok(event) = event else { return };
        let Event::Transaction(set) = event else { continue };
        for segment in set.segments() {
            assert!(stands_at_its_place(&segment, bytes), "{segment:?}");
            for element in 0..=segment.elements() + 1 {
                let _ = (segment.text(element), segment.money(element), segment.date8(element));
                assert!(segment.components(element).count() >= usize::from(!segment.bytes(element).is_empty()));
            }
        }
    }
});

/// In a wrapped file line ends stand inside of segments, so they don't count.
fn stands_at_its_place(segment: &Segment<'_>, file: &[u8]) -> bool {
    fn unwrapped(bytes: &[u8]) -> impl Iterator<Item = &u8> {
        bytes.iter().filter(|byte| !matches!(byte, b'\r' | b'\n'))
    }
    let begin = usize::try_from(segment.position().byte).expect("the file is in memory");
    let mut there = unwrapped(file.get(begin..).unwrap_or_default());
    unwrapped(segment.raw()).all(|byte| there.next() == Some(byte))
}
