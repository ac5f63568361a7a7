//! Any bytes: validating ends, every fault stands in the file, and the 999 that follows from them is read as it was written.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pediclaim_fuzz::edi::ack_999::{self, from_findings, read_999, write_999};
use pediclaim_fuzz::edi::validate::{Checked, validate};
use pediclaim_fuzz::written;

fuzz_target!(|bytes: &[u8]| {
    let mut sets = Vec::new();
    for checked in validate(bytes).map_while(Result::ok) {
        for fault in checked.faults() {
            assert!(fault.position.byte <= bytes.len() as u64, "{fault}");
        }
        match checked {
            Checked::Set(set) => sets.push(set),
            Checked::GroupEnd(group) => {
                let Some(ack) = from_findings("0001", &group, &std::mem::take(&mut sets)) else { continue };
                let (text, set) = written("FA", ack_999::VERSION, |w| write_999(&ack, w)).expect("an answer of ours can be written");
                let (back, findings) = read_999(&set);
                assert!(findings.is_empty(), "{findings:?}\n{text}");
                let (again, _) = written("FA", ack_999::VERSION, |w| write_999(&back, w)).expect("what we wrote can be written again");
                assert_eq!(text, again);
            }
            _ => {}
        }
    }
});
