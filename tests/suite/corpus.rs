//! Files that others wrote: public samples, a partner's test files. `PEDICLAIM_CORPUS` names folders of them, parted by colons; without it
//! nothing is read and the test says so.
//!
//! Nobody promises that these files are right. What must hold of any: reading and validating end, no byte is lost, and every transaction set
//! that we know is read into its types, and what is written from those is read as the same again. What is wrong with them is counted.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use jiff::civil::date;
use pediclaim::edi::roundtrip::{Piece, Pieces};
use pediclaim::edi::validate::{Checked, validate};
use pediclaim::edi::{
    Envelope, Event, Finding, Party, SegmentWriter, Severity, TransactionSet, Usage, ack_277ca, ack_999, ack_ta1, claim_837p, claim_status,
    eligibility, read_all, remittance_835, write_interchange,
};

/// Where folders of X12 files are named.
const CORPUS: &str = "PEDICLAIM_CORPUS";

/// How GS08 of what we read begins.
const SUPPORTED: &str = "005010";

/// How ST03 of a professional claim begins: it has had two sets of errata.
const PROFESSIONAL: &str = "005010X222";

/// What stands between and around transaction sets.
const ENVELOPES: &str = "envelopes";

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
    assert!(!paths.is_empty(), "{CORPUS} names no file");
    let mut tallies = Tallies::default();
    for path in &paths {
        let bytes = std::fs::read(path).unwrap();
        tallies.read(path, &bytes);
        tallies.validate(&bytes);
    }
    let _ = std::io::stderr().write_all(format!("{} files of others:\n{}", paths.len(), tallies.table()).as_bytes());
}

/// All files at and below a path.
fn collect(path: &Path, paths: &mut Vec<PathBuf>) {
    if path.is_file() {
        paths.push(path.to_owned());
    } else {
        let entries = std::fs::read_dir(path).unwrap_or_else(|error| panic!("{CORPUS}: {}: {error}", path.display()));
        entries.for_each(|entry| collect(&entry.unwrap().path(), paths));
    }
}

/// What the files hold, by kind.
#[derive(Default)]
struct Tallies {
    kinds: BTreeMap<String, Tally>,
    /// Files that end in an error, by what it is.
    unreadable: BTreeMap<String, usize>,
}

/// How many transaction sets of a kind there are, and what was found in them.
#[derive(Default)]
struct Tally {
    sets: usize,
    unbalanced: usize,
    /// By those who read the set into its types.
    read: Found,
    /// By validation.
    validated: Found,
}

/// Findings by severity; notes are left out.
#[derive(Default)]
struct Found {
    errors: usize,
    warnings: usize,
}

impl Found {
    fn count(&mut self, severities: impl IntoIterator<Item = Severity>) {
        for severity in severities {
            self.errors += usize::from(severity == Severity::Error);
            self.warnings += usize::from(severity == Severity::Warning);
        }
    }
}

impl Tallies {
    fn of(&mut self, kind: String) -> &mut Tally {
        self.kinds.entry(kind).or_default()
    }

    /// Reads a file in every way there is, and puts it together again.
    fn read(&mut self, path: &Path, bytes: &[u8]) {
        let pieces: Vec<Piece> = Pieces::new(bytes).collect();
        let together: Vec<u8> = pieces.iter().flat_map(|piece| &piece.bytes).copied().collect();
        assert!(together == bytes, "{}: the pieces of the file are not the file", path.display());
        for piece in &pieces {
            piece.events.iter().for_each(|event| self.event(event, path));
            if let Some(error) = &piece.error {
                *self.unreadable.entry(error.kind.to_string()).or_default() += 1;
            }
        }
    }

    fn event(&mut self, event: &Event, path: &Path) {
        let severities = |findings: Vec<Finding>| findings.into_iter().map(|finding| finding.severity);
        match event {
            Event::Transaction(set) => {
                let tally = self.of(format!("{} {}", set.kind(), set.version()));
                tally.sets += 1;
                tally.unbalanced += usize::from(set.kind() == "835" && remittance_835::prove(&remittance_835::read_835(set).0).is_err());
                tally.read.count(severities(read(set, path)));
            }
            Event::InterchangeAck(segment) => {
                let tally = self.of("TA1".to_owned());
                tally.sets += 1;
                tally.read.count(severities(ack_ta1::read_ta1(&segment.as_segment()).1));
            }
            Event::Finding(finding) => self.of(ENVELOPES.to_owned()).read.count([finding.severity]),
            _ => {}
        }
    }

    /// Validates a file, as far as it can be read.
    fn validate(&mut self, bytes: &[u8]) {
        let mut version = String::new();
        for checked in validate(bytes).map_while(Result::ok) {
            let kind = match &checked {
                Checked::Group(header, _) => {
                    version.clone_from(&header.version);
                    continue;
                }
                Checked::Set(set) => format!("{} {}", set.kind, set.version.as_ref().unwrap_or(&version)),
                Checked::InterchangeAck(_) => "TA1".to_owned(),
                _ => ENVELOPES.to_owned(),
            };
            self.of(kind).validated.count(checked.faults().iter().map(|fault| fault.rule.severity));
        }
    }

    fn table(&self) -> String {
        let mut table = format!("{:20} sets unbalanced   read: errors warnings   validated: errors warnings\n", "");
        for (kind, Tally { sets, unbalanced, read, validated }) in &self.kinds {
            let (r, v) = (read, validated);
            let row = format!("{kind:20} {sets:4} {unbalanced:10} {:14} {:8} {:19} {:8}\n", r.errors, r.warnings, v.errors, v.warnings);
            table.push_str(&row);
        }
        for (error, files) in &self.unreadable {
            let _ = writeln!(table, "{files} not read to the end: {error}");
        }
        table
    }
}

/// Reads a set into its types, and what is written from them as the same again. Gives the findings.
fn read(set: &TransactionSet, path: &Path) -> Vec<Finding> {
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
        _ => Vec::new(),
    }
}

fn typed<T>(
    set: &TransactionSet,
    path: &Path,
    read: impl Fn(&TransactionSet) -> (T, Vec<Finding>),
    write: impl Fn(&T, &mut SegmentWriter),
) -> Vec<Finding> {
    let (tree, findings) = read(set);
    // Others use characters and lengths that we refuse to write.
    if let Some((once, set)) = written(set.kind(), |w| write(&tree, w)) {
        let twice = written(set.kind(), |w| write(&read(&set).0, w)).map(|(text, _)| text);
        assert!(twice.as_ref() == Some(&once), "{}: what was written is read as something else", path.display());
    }
    findings
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
