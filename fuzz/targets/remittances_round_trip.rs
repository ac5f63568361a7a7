//! Any 835: what was read is written without change, to the same balance.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pediclaim_fuzz::edi::remittance_835::{prove, read_835, write_835};
use pediclaim_fuzz::{assert_settles, sets, written};

fuzz_target!(|bytes: &[u8]| {
    for set in sets(bytes, "835") {
        let write = |set: &_| written("HP", "005010X221A1", |w| write_835(&read_835(set).0, w));
        assert_settles(&set, write);
        let Some((_, again)) = write(&set) else { continue };
        assert_eq!(prove(&read_835(&again).0).is_ok(), prove(&read_835(&set).0).is_ok());
    }
});
