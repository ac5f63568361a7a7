//! Any 837: what was read is written without change, and every segment that we write has its place when we read it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pediclaim_fuzz::edi::claim_837p::{FUNCTIONAL_ID, VERSION, read_837p, write_837p};
use pediclaim_fuzz::{assert_settles, sets, written};

fuzz_target!(|bytes: &[u8]| {
    for set in sets(bytes, "837") {
        let write = |set: &_| written(FUNCTIONAL_ID, VERSION, |w| drop(write_837p(&read_837p(set).0, w)));
        assert_settles(&set, write);
        let Some((_, set)) = write(&set) else { continue };
        let (_, findings) = read_837p(&set);
        assert!(!findings.iter().any(|f| f.code == "837-SEGMENT-LEFT-OUT"), "{findings:?}");
    }
});
