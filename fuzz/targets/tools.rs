//! Any bytes: describing and explaining a file end; splitting it ends, and each piece is a file with one transaction set or TA1.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pediclaim_fuzz::edi::describe::{Describer, Palette, to_text};
use pediclaim_fuzz::edi::explain::{Place, explain, explain_envelope};
use pediclaim_fuzz::edi::roundtrip::Pieces;
use pediclaim_fuzz::edi::split::{By, split};
use pediclaim_fuzz::edi::{Event, TransactionSet, read_all};

/// Segments of a set that are explained: each costs as much as a look at the whole set.
const EXPLAINED: usize = 8;

fuzz_target!(|bytes: &[u8]| {
    let describer = Describer { meanings: &|_, _| None, show_phi: false };
    let place = |segment| Place { segment, element: None, component: None };
    for piece in Pieces::unwrapped(bytes) {
        if let Some(segment) = piece.envelope() {
            let _ = to_text(&explain_envelope(segment, place(segment.number()), &describer), &Palette::default());
        }
        for event in &piece.events {
            let Event::Transaction(set) = event else { continue };
            let _ = to_text(&describer.set(set), &Palette::default());
            for number in some_segments(set) {
                let section = explain(event, place(number), &describer).expect("each segment of a set can be explained");
                let _ = to_text(&section, &Palette::default());
            }
        }
    }
    for by in [By::Set, By::Claim] {
        for piece in split(bytes, by).map_while(Result::ok) {
            let events = read_all(&piece.bytes).expect("a piece is a file");
            let contents = events.iter().filter(|event| matches!(event, Event::Transaction(_) | Event::InterchangeAck(_))).count();
            assert_eq!(contents, 1, "{}", piece.name);
        }
    }
});

/// The numbers of a few segments, spread over the set.
fn some_segments(set: &TransactionSet) -> impl Iterator<Item = u32> {
    let count = set.segments().count();
    set.segments().map(|segment| segment.number()).step_by(count / EXPLAINED + 1)
}
