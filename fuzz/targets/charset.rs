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
        Ok(bytes) => assert_eq!(bytes.strip_prefix(b"N3").and_then(|b| b.strip_suffix(b"~")), Some(element(&normal).as_bytes())),
        Err(_) => assert!(unsupported(text).is_some()),
    }
});

/// A text as the one element of a segment; an empty one vanishes with its separator.
fn element(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("*{text}") }
}
