//! Any TA1, 999 or 277CA: reading ends, and what was read is written without change.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pediclaim_fuzz::edi::ack_277ca::{self, read_277ca, write_277ca};
use pediclaim_fuzz::edi::ack_999::{self, read_999, write_999};
use pediclaim_fuzz::edi::ack_ta1::read_ta1;
use pediclaim_fuzz::edi::{Event, Reader};
use pediclaim_fuzz::{assert_settles, sets, written};

fuzz_target!(|bytes: &[u8]| {
    for event in Reader::new(bytes).map_while(Result::ok) {
        if let Event::InterchangeAck(segment) = event {
            let _ = read_ta1(&segment.as_segment());
        }
    }
    for set in sets(bytes, "999") {
        assert_settles(&set, |set| written("FA", ack_999::VERSION, |w| write_999(&read_999(set).0, w)));
    }
    for set in sets(bytes, "277") {
        assert_settles(&set, |set| written("HN", ack_277ca::VERSION, |w| write_277ca(&read_277ca(set).0, w)));
    }
});
