//! Any 837 that we could have written: what was read is written, and that is read and written again as the same bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pediclaim_fuzz::edi::claim_837p::{FUNCTIONAL_ID, VERSION, read_837p, write_837p};
use pediclaim_fuzz::{sets, written};

fuzz_target!(|bytes: &[u8]| {
    for set in sets(bytes, "837") {
        let write = |set| written(FUNCTIONAL_ID, VERSION, |w| drop(write_837p(&read_837p(set).0, w)));
        let Some((first, set)) = write(&set) else { continue };
        let (_, findings) = read_837p(&set);
        assert!(!findings.iter().any(|f| f.code == "837-SEGMENT-LEFT-OUT"), "{findings:?}");
        assert_eq!(write(&set).map(|(again, _)| again), Some(first));
    }
});
