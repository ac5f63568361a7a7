//! The wire: whatever arrives is read without a panic, and written back byte for byte.
//!
//! Our own samples always; besides, every file below the folders that `PEDICLAIM_CORPUS` names (separated by `:`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pediclaim::edi::ack_277ca::{self, read_277ca};
use pediclaim::edi::ack_999::read_999;
use pediclaim::edi::ack_ta1::read_ta1;
use pediclaim::edi::claim_837p::read_837p;
use pediclaim::edi::remittance_835::{prove, read_835};
use pediclaim::edi::roundtrip::Pieces;
use pediclaim::edi::{Event, Finding, Severity, TransactionSet};

/// Files of one kind of transaction, and what came of them.
#[derive(Default)]
struct Tally {
    files: usize,
    sets: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
    unreadable: usize,
    unbalanced: usize,
}

impl Tally {
    fn count(&mut self, findings: &[Finding]) {
        for finding in findings {
            match finding.severity {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
                Severity::Note => self.notes += 1,
            }
        }
    }

    fn set(&mut self, set: &TransactionSet) {
        self.sets += 1;
        let findings = match (set.kind(), set.version()) {
            ("835", _) => {
                let (remittance, findings) = read_835(set);
                self.unbalanced += usize::from(prove(&remittance).is_err());
                findings
            }
            ("837", _) => read_837p(set).1,
            ("999", _) => read_999(set).1,
            ("277", version) if version.starts_with(ack_277ca::VERSION) => read_277ca(set).1,
            _ => Vec::new(),
        };
        self.count(&findings);
    }
}

/// Reads a file in every way there is, and puts it together again.
fn read(path: &Path, tallies: &mut BTreeMap<String, Tally>) {
    let bytes = std::fs::read(path).unwrap();
    let pieces: Vec<_> = Pieces::new(bytes.as_slice()).collect();
    let again: Vec<u8> = pieces.iter().flat_map(|piece| &piece.bytes).copied().collect();
    assert!(again == bytes, "{} is lost in part", path.display());
    let kind_of = |event: &Event| match event {
        Event::Transaction(set) => Some(format!("{} {}", set.kind(), set.version())),
        Event::InterchangeAck(_) => Some("TA1".to_owned()),
        _ => None,
    };
    let events = || pieces.iter().flat_map(|piece| &piece.events);
    let tally = tallies.entry(events().find_map(kind_of).unwrap_or_default()).or_default();
    tally.files += 1;
    tally.unreadable += usize::from(pieces.iter().any(|piece| piece.error.is_some()));
    for event in events() {
        match event {
            Event::Transaction(set) => tally.set(set),
            Event::InterchangeAck(segment) => tally.count(&read_ta1(&segment.as_segment()).1),
            Event::Finding(finding) => tally.count(std::slice::from_ref(finding)),
            _ => {}
        }
    }
}

/// All files below a folder, in a stable order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries.into_iter().flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn read_all_below(folder: &Path) -> BTreeMap<String, Tally> {
    let mut tallies = BTreeMap::new();
    files(folder).iter().for_each(|path| read(path, &mut tallies));
    tallies
}

#[test]
fn every_sample_is_what_its_pieces_put_together_give() {
    let samples = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("edi-samples");
    let unbalanced = |folder: &Path| read_all_below(folder).values().map(|tally| tally.unbalanced).sum::<usize>();
    let meant = unbalanced(&samples.join("835/unbalanced"));
    assert_eq!((unbalanced(&samples), meant > 0), (meant, true), "only those that are meant to do not balance");
}

#[test]
fn every_file_of_the_corpus_is_what_its_pieces_put_together_give() {
    let Ok(folders) = std::env::var("PEDICLAIM_CORPUS") else {
        return eprintln!("PEDICLAIM_CORPUS is not set: no files of others were read");
    };
    println!("{:24} files sets errors warnings notes unreadable unbalanced", "first transaction");
    for folder in folders.split(':').filter(|folder| !folder.is_empty()) {
        for (kind, t) in read_all_below(Path::new(folder)) {
            let Tally { files, sets, errors, warnings, notes, unreadable, unbalanced } = t;
            println!("{kind:24} {files:5} {sets:4} {errors:6} {warnings:8} {notes:5} {unreadable:10} {unbalanced:10}");
        }
    }
}
