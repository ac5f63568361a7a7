//! Any 835: reading, proving and hashing end, whatever it says.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pediclaim_fuzz::edi::remittance_835::{content_hash, prove, read_835};

fuzz_target!(|bytes: &[u8]| {
    for set in pediclaim_fuzz::sets(bytes, "835") {
        let (remittance, findings) = read_835(&set);
        let _ = (prove(&remittance), content_hash(&set), remittance.business_key());
        let _ = findings.iter().map(ToString::to_string).collect::<Vec<_>>();
    }
});
