//! Any 837: reading ends, whatever it says.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pediclaim_fuzz::edi::claim_837p::read_837p;

fuzz_target!(|bytes: &[u8]| {
    for set in pediclaim_fuzz::sets(bytes, "837") {
        let (claims, findings) = read_837p(&set);
        let _ = (format!("{claims:?}"), findings.iter().map(ToString::to_string).collect::<Vec<_>>());
    }
});
