//! Any text: its normal form is normal, holds no delimiter, and is written as one element or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pediclaim_fuzz::edi::charset::{normalize, unsupported};
use pediclaim_fuzz::edi::{Delimiters, SegmentWriter};

fuzz_target!(|text: &str| {
    let delimiters = Delimiters::default();
    let normal = normalize(text, delimiters);
    assert_eq!(normalize(&normal, delimiters), normal);
    assert!(!normal.bytes().any(|byte| delimiters.contains(byte)));
    let mut w = SegmentWriter::new(delimiters);
    w.segment("N3").text(text, usize::MAX).end();
    match w.finish() {
        // A segment without a value is not written.
        Ok(bytes) if normal.is_empty() => assert_eq!(bytes, b""),
        Ok(bytes) => assert_eq!(bytes.strip_prefix(b"N3").and_then(|b| b.strip_suffix(b"~")), Some(format!("*{normal}").as_bytes())),
        Err(_) => assert!(unsupported(text).is_some()),
    }
});
