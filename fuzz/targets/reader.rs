//! Any bytes: the reader ends, and each transaction set that it gives is a piece of the file where it says.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pediclaim_fuzz::edi::{Event, Reader};

fuzz_target!(|bytes: &[u8]| {
    for event in Reader::new(bytes) {
        let Ok(event) = event else { return };
        let Event::Transaction(set) = event else { continue };
        for segment in set.segments() {
            let begin = usize::try_from(segment.position().byte).expect("the file is in memory");
            assert_eq!(bytes.get(begin..begin + segment.raw().len()), Some(segment.raw()), "a segment is where its position says");
            for element in 0..=segment.elements() + 1 {
                let _ = (segment.text(element), segment.money(element), segment.date8(element));
                assert!(segment.components(element).count() >= usize::from(!segment.bytes(element).is_empty()));
            }
        }
    }
});
