//! Any bytes: describing a file ends; splitting it ends, and each piece is a file with one transaction set or TA1.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pediclaim_fuzz::edi::describe::{Describer, Palette, to_text};
use pediclaim_fuzz::edi::split::{By, split};
use pediclaim_fuzz::edi::whole::unwrapped;
use pediclaim_fuzz::edi::{Event, Reader, read_all};

fuzz_target!(|bytes: &[u8]| {
    let describer = Describer { meanings: &|_, _| None, show_phi: false };
    for event in Reader::new(bytes).map_while(Result::ok) {
        if let Event::Transaction(set) = event {
            let _ = to_text(&describer.set(&set), &Palette::default());
        }
    }
    let file = unwrapped(bytes);
    for by in [By::Set, By::Claim] {
        for piece in split(&file, by).map_while(Result::ok) {
            let events = read_all(&piece.bytes).expect("a piece is a file");
            let contents = events.iter().filter(|event| matches!(event, Event::Transaction(_) | Event::InterchangeAck(_))).count();
            assert_eq!(contents, 1, "{}", piece.name);
        }
    }
});
