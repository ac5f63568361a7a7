//! What the tests of questions and answers do with files.

use crate::edi::claim_837p::samples::{envelope, sets};
use crate::edi::{Event, SegmentWriter, TransactionSet, read_all, write_interchange};

/// Declares the samples of a folder: a constant a file, and all of them.
macro_rules! samples {
    ($all:ident, $folder:literal, $($name:ident = $file:literal,)*) => {
        $(pub(super) const $name: &str = include_str!(concat!("../../../edi-samples/", $folder, "/", $file));)*
        pub(super) const $all: &[&str] = &[$($name),*];
    };
}
pub(in crate::edi) use samples;

/// An interchange in the envelope of `sample`, with one group that `write` fills.
pub(in crate::edi) fn interchange(sample: &str, functional_id: &str, version: &str, write: impl FnOnce(&mut SegmentWriter)) -> Vec<u8> {
    let envelope = envelope(sample.as_bytes());
    let written = write_interchange(&envelope, |w| {
        w.begin_group(&envelope, functional_id, version);
        write(w);
        w.end_group();
    });
    written.expect("what was read or made can be written")
}

/// The first transaction set of a file.
pub(in crate::edi) fn first(file: &str) -> TransactionSet {
    sets(file.as_bytes()).remove(0)
}

/// The first transaction set of a file as text.
pub(in crate::edi) fn set_of(file: &[u8]) -> String {
    String::from_utf8_lossy(sets(file)[0].raw()).into_owned()
}

/// The transaction sets that are left of a file when bytes after its ISA segment are replaced and some after them taken out.
pub(in crate::edi) fn damaged(file: &str, damage: Vec<(proptest::sample::Index, u8, usize)>) -> Vec<TransactionSet> {
    let mut bytes = file.as_bytes().to_vec();
    for (at, with, cut) in damage {
        let at = 106 + at.index(bytes.len() - 106);
        bytes[at] = with;
        bytes.drain(at + 1..(at + 1 + cut).min(bytes.len()));
    }
    let events = read_all(&bytes).into_iter().flatten();
    events.filter_map(|event| if let Event::Transaction(set) = event { Some(set) } else { None }).collect()
}
