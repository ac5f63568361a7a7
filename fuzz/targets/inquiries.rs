//! Any 270 or 271: reading ends, and what was read is written without change.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pediclaim_fuzz::edi::eligibility::{REQUEST_FUNCTIONAL_ID, RESPONSE_FUNCTIONAL_ID, VERSION, read_270, read_271, write_270, write_271};
use pediclaim_fuzz::{assert_settles, sets, written};

fuzz_target!(|bytes: &[u8]| {
    for set in sets(bytes, "270") {
        assert_settles(&set, |set| written(REQUEST_FUNCTIONAL_ID, VERSION, |w| write_270(&read_270(set).0, w)));
    }
    for set in sets(bytes, "271") {
        assert_settles(&set, |set| written(RESPONSE_FUNCTIONAL_ID, VERSION, |w| write_271(&read_271(set).0, w)));
    }
});
