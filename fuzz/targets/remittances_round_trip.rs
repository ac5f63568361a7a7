//! Any 835: what was read is written, and that is read and written again as the same bytes, to the same balance.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pediclaim_fuzz::edi::remittance_835::{prove, read_835, write_835};
use pediclaim_fuzz::{sets, written};

fuzz_target!(|bytes: &[u8]| {
    for set in sets(bytes, "835") {
        let remittance = read_835(&set).0;
        let write = |remittance| written("HP", "005010X221A1", |w| write_835(remittance, w));
        let Some((first, set)) = write(&remittance) else { continue };
        let again = read_835(&set).0;
        assert_eq!(prove(&again).is_ok(), prove(&remittance).is_ok());
        assert_eq!(write(&again).map(|(again, _)| again), Some(first));
    }
});
