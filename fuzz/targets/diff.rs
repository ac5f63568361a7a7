//! Any two files: comparing them ends, there are as many differences one way as the other, and none between a file and itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pediclaim_fuzz::edi::diff::{Side, Strictness, diff};

/// Bytes of an ISA segment: a file with another one can rarely be read.
const HEADER: usize = 106;

fuzz_target!(|file: &[u8]| {
    let Ok(a) = Side::read(file) else { return };
    assert_eq!(diff(&a, &a, Strictness::Strict, false), []);
    // The other file: two of its bytes behind the header change places, which ones the whole of the file decides.
    let mut other = file.to_vec();
    let behind = other.get_mut(HEADER..).unwrap_or_default();
    let (one, two) =
        file.iter().fold((0_usize, 1_usize), |(a, b), byte| (b, a.wrapping_mul(31).wrapping_add(b).wrapping_add(usize::from(*byte))));
    let (Some(one), Some(two)) = (one.checked_rem(behind.len()), two.checked_rem(behind.len())) else { return };
    behind.swap(one, two);
    let Ok(b) = Side::read(other.as_slice()) else { return };
    for strictness in [Strictness::Meaning, Strictness::Strict] {
        assert_eq!(diff(&a, &b, strictness, false).len(), diff(&b, &a, strictness, true).len());
    }
});
