//! What the tests of questions and answers do with files.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::arbitrary::without_segments;
use crate::edi::claim_837p::samples::{envelope, sets};
use crate::edi::readback::{ReadBack, read_back};
use crate::edi::{Event, Finding, SegmentWriter, TransactionSet, read_all, write_interchange};

/// Declares the samples of a folder: a constant a file, and all of them.
macro_rules! samples {
    ($all:ident, $folder:literal, $($name:ident = $file:literal,)*) => {
        $(pub(super) const $name: &str = include_str!(concat!("../../../edi-samples/", $folder, "/", $file));)*
        pub(super) const $all: &[&str] = &[$($name),*];
    };
}
pub(in crate::edi) use samples;

/// How a transaction is read and written, and what must hold of that for each of the four.
pub(in crate::edi) struct Transaction<T> {
    /// A file whose envelope is taken.
    pub(in crate::edi) sample: &'static str,
    pub(in crate::edi) functional_id: &'static str,
    pub(in crate::edi) version: &'static str,
    pub(in crate::edi) read: fn(&TransactionSet) -> (T, Vec<Finding>),
    pub(in crate::edi) write: fn(&T, &mut SegmentWriter),
}

impl<T: Clone + Debug + PartialEq + Serialize + DeserializeOwned> Transaction<T> {
    /// What a file says, which must be read without findings.
    pub(in crate::edi) fn of(&self, file: &str) -> T {
        let (tree, findings) = (self.read)(&first(file));
        assert_eq!(findings, []);
        tree
    }

    /// An interchange with this tree.
    pub(in crate::edi) fn written(&self, tree: &T) -> Vec<u8> {
        let envelope = envelope(self.sample.as_bytes());
        let written = write_interchange(&envelope, |w| {
            w.begin_group(&envelope, self.functional_id, self.version);
            (self.write)(tree, w);
            w.end_group();
        });
        written.expect("what was read or made can be written")
    }

    pub(in crate::edi) fn assert_written_as_read(&self, files: &[&str]) {
        for file in files {
            assert_eq!(set_of(&self.written(&self.of(file))), set_of(file.as_bytes()));
        }
    }

    /// Written, read, written again and told as JSON, a tree stays the same; an independent reader understands it.
    pub(in crate::edi) fn assert_lasts(&self, tree: &T) {
        let once = self.written(tree);
        let (back, findings) = (self.read)(&sets(&once)[0]);
        assert_eq!(findings, []);
        assert_eq!(without_segments(&back), without_segments(tree));
        assert_eq!(self.written(&back), once);
        let told = serde_json::to_string(&back).expect("a tree of strings and numbers");
        assert_eq!(serde_json::from_str::<T>(&told).expect("what was told"), back);
        let outcome = read_back(&once);
        assert!(matches!(outcome, ReadBack::Same | ReadBack::Exempt(_)), "{outcome:?} {}", String::from_utf8_lossy(&once));
    }
}

/// What the independent reader can't hold of these files; all others it renders as they are.
pub(in crate::edi) fn exempt(files: &[&str]) -> Vec<ReadBack> {
    files.iter().map(|file| read_back(file.as_bytes())).filter(|back| *back != ReadBack::Same).collect()
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
