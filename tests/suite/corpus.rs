//! Files that others wrote: public samples, a partner's test files. `PEDICLAIM_CORPUS` names folders of them, parted by colons; without it
//! nothing is read and the test says so.
//!
//! Nobody promises that these files are right. What must hold of any: reading ends, no byte is lost, and every transaction set that we know
//! is read into its types, and what is written from those is read as the same again.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use jiff::civil::date;
use pediclaim::edi::roundtrip::Pieces;
use pediclaim::edi::{
    Envelope, Event, Finding, Party, SegmentWriter, TransactionSet, Usage, ack_277ca, ack_999, ack_ta1, claim_837p, claim_status,
    eligibility, read_all, remittance_835, write_interchange,
};

/// Where folders of X12 files are named.
const CORPUS: &str = "PEDICLAIM_CORPUS";

/// How GS08 of what we read begins.
const SUPPORTED: &str = "005010";

/// How ST03 of a professional claim begins: it has had two sets of errata.
const PROFESSIONAL: &str = "005010X222";

#[test]
fn whatever_others_write_is_read_and_no_byte_is_lost() {
    let Some(folders) = std::env::var_os(CORPUS) else {
        // Past the test harness, which keeps what a passing test prints.
        let _ = std::io::stderr().write_all(format!("skipped: files of others, because {CORPUS} is not set\n").as_bytes());
        return;
    };
    let mut paths = Vec::new();
    std::env::split_paths(&folders).for_each(|folder| collect(&folder, &mut paths));
    paths.sort();
    let mut kinds: BTreeMap<String, Tally> = BTreeMap::new();
    for path in &paths {
        let bytes = std::fs::read(path).unwrap();
        let pieces: Vec<u8> = Pieces::new(&*bytes).flat_map(|piece| piece.bytes).collect();
        assert!(pieces == bytes, "{}: the pieces of the file are not the file", path.display());
        match read_all(&bytes) {
            Ok(events) => events.iter().for_each(|event| tally(event, path, &mut kinds)),
            Err(error) if is_x12(&bytes) => kinds.entry(format!("unreadable: {}", error.kind)).or_default().sets += 1,
            Err(_) => kinds.entry("not X12".to_owned()).or_default().sets += 1,
        }
    }
    assert!(!kinds.is_empty(), "{CORPUS} names no file");
    let mut table = format!("{} files of others:\n", paths.len());
    for (kind, Tally { sets, with_findings, findings }) in kinds {
        table += &format!("  {kind}: {sets}, {with_findings} of them with {findings} findings\n");
    }
    let _ = std::io::stderr().write_all(table.as_bytes());
}

/// How many transaction sets of a kind there are, and what was found in them.
#[derive(Default)]
struct Tally {
    sets: usize,
    with_findings: usize,
    findings: usize,
}

fn collect(path: &Path, paths: &mut Vec<PathBuf>) {
    if path.is_file() {
        paths.push(path.to_owned());
    } else {
        let entries = std::fs::read_dir(path).unwrap_or_else(|error| panic!("{CORPUS}: {}: {error}", path.display()));
        entries.for_each(|entry| collect(&entry.unwrap().path(), paths));
    }
}

fn is_x12(bytes: &[u8]) -> bool {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start().starts_with(b"ISA")
}

fn tally(event: &Event, path: &Path, kinds: &mut BTreeMap<String, Tally>) {
    let (kind, findings) = match event {
        Event::Transaction(set) => (format!("{} {}", set.kind(), set.version()), read(set, path)),
        Event::InterchangeAck(segment) => ("TA1".to_owned(), ack_ta1::read_ta1(&segment.as_segment()).1.len()),
        Event::Finding(_) => ("envelopes".to_owned(), 1),
        _ => return,
    };
    let tally = kinds.entry(kind).or_default();
    tally.sets += 1;
    tally.with_findings += usize::from(findings > 0);
    tally.findings += findings;
}

/// Reads a set into its types, and what is written from them as the same again. Gives the number of findings.
fn read(set: &TransactionSet, path: &Path) -> usize {
    match (set.kind(), set.version()) {
        ("837", version) if version.starts_with(PROFESSIONAL) => {
            typed(set, path, claim_837p::read_837p, |claims, w| drop(claim_837p::write_837p(claims, w)))
        }
        ("835", version) if version.starts_with(SUPPORTED) => typed(set, path, remittance_835::read_835, remittance_835::write_835),
        ("999", _) => typed(set, path, ack_999::read_999, ack_999::write_999),
        ("277", ack_277ca::VERSION) => typed(set, path, ack_277ca::read_277ca, ack_277ca::write_277ca),
        ("270", eligibility::VERSION) => typed(set, path, eligibility::read_270, eligibility::write_270),
        ("271", eligibility::VERSION) => typed(set, path, eligibility::read_271, eligibility::write_271),
        ("276", claim_status::VERSION) => typed(set, path, claim_status::read_276, claim_status::write_276),
        ("277", claim_status::VERSION) => typed(set, path, claim_status::read_277, claim_status::write_277),
        _ => 0,
    }
}

fn typed<T>(
    set: &TransactionSet,
    path: &Path,
    read: impl Fn(&TransactionSet) -> (T, Vec<Finding>),
    write: impl Fn(&T, &mut SegmentWriter),
) -> usize {
    let (tree, findings) = read(set);
    // Others use characters and lengths that we refuse to write.
    if let Some((once, set)) = written(set.kind(), |w| write(&tree, w)) {
        let twice = written(set.kind(), |w| write(&read(&set).0, w)).map(|(text, _)| text);
        assert!(twice.as_ref() == Some(&once), "{}: what was written is read as something else", path.display());
    }
    findings.len()
}

/// What `write` writes in an interchange of ours, and the one transaction set of it; none when it can't be written.
fn written(kind: &str, write: impl FnOnce(&mut SegmentWriter)) -> Option<(Vec<u8>, TransactionSet)> {
    let party = || Party { qualifier: "ZZ".to_owned(), id: "CORPUS".to_owned() };
    let envelope = Envelope {
        sender: party(),
        receiver: party(),
        application_sender: "CORPUS".to_owned(),
        application_receiver: "CORPUS".to_owned(),
        control_number: 1,
        group_control_number: 1,
        written_at: date(2026, 11, 18).at(9, 30, 0, 0),
        usage: Usage::Test,
        ack_requested: false,
    };
    let bytes = write_interchange(&envelope, |w| {
        w.begin_group(&envelope, "XX", SUPPORTED);
        write(w);
        w.end_group();
    })
    .ok()?;
    let mut sets = read_all(&bytes).unwrap().into_iter().filter_map(|e| if let Event::Transaction(set) = e { Some(set) } else { None });
    let set = sets.next().filter(|set| set.kind() == kind && sets.next().is_none());
    Some((bytes, set.expect("one transaction set was written")))
}
