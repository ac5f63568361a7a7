//! Any 270, 271, 276 or 277: reading ends, and what was read is written without change.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pediclaim_fuzz::edi::claim_status::{self, read_276, read_277, write_276, write_277};
use pediclaim_fuzz::edi::eligibility::{self, read_270, read_271, write_270, write_271};
use pediclaim_fuzz::{assert_settles, sets, written};

fuzz_target!(|bytes: &[u8]| {
    for set in sets(bytes, "270") {
        assert_settles(&set, |set| written(eligibility::REQUEST_FUNCTIONAL_ID, eligibility::VERSION, |w| write_270(&read_270(set).0, w)));
    }
    for set in sets(bytes, "271") {
        assert_settles(&set, |set| written(eligibility::RESPONSE_FUNCTIONAL_ID, eligibility::VERSION, |w| write_271(&read_271(set).0, w)));
    }
    for set in sets(bytes, "276") {
        assert_settles(&set, |set| written(claim_status::REQUEST_FUNCTIONAL_ID, claim_status::VERSION, |w| write_276(&read_276(set).0, w)));
    }
    for set in sets(bytes, "277") {
        assert_settles(&set, |set| {
            written(claim_status::RESPONSE_FUNCTIONAL_ID, claim_status::VERSION, |w| write_277(&read_277(set).0, w))
        });
    }
});
