//! The samples of `edi-samples`, one feature a file: each is read without findings, says what its row of the index promises, is written
//! back to the byte, and is understood by a second implementation.

mod acknowledgments;
mod claims;
mod remittances;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use pediclaim::edi::ack_ta1::{read_ta1, write_ta1};
use pediclaim::edi::readback::{ReadBack, read_back};
use pediclaim::edi::remittance_835::{prove, read_835};
use pediclaim::edi::roundtrip::{Piece, Pieces};
use pediclaim::edi::{
    Envelope, Event, GroupHeader, InterchangeHeader, OwnedSegment, SegmentWriter, TransactionSet, read_all, write_interchange,
};

/// The files of a folder of `edi-samples` by name, checked to be those that the index lists.
fn folder(name: &str) -> Vec<(String, String)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("edi-samples");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(root.join(name)).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            files.push((path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(&path).unwrap()));
        }
    }
    files.sort();
    let index = std::fs::read_to_string(root.join("README.md")).unwrap();
    let listed: BTreeSet<String> = index
        .lines()
        .filter_map(|line| line.strip_prefix(&format!("| `{name}/"))?.split_once('`'))
        .map(|(file, _)| file.to_owned())
        .filter(|file| !file.contains('/'))
        .collect();
    assert_eq!(listed, files.iter().map(|(file, _)| file.clone()).collect(), "edi-samples/README.md lists edi-samples/{name}");
    files
}

/// One file of a folder.
fn sample(folder: &str, name: &str) -> String {
    std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("edi-samples").join(folder).join(name)).unwrap()
}

/// The transaction sets of a sample. Nothing around them may be wrong.
fn sets(sample: &str) -> Vec<TransactionSet> {
    interchanges(sample).into_iter().flat_map(|interchange| interchange.sets).collect()
}

/// One interchange as read.
struct Interchange {
    header: std::sync::Arc<InterchangeHeader>,
    group: Option<std::sync::Arc<GroupHeader>>,
    acks: Vec<OwnedSegment>,
    sets: Vec<TransactionSet>,
}

/// The interchanges of a sample. Nothing around their transaction sets may be wrong.
fn interchanges(sample: &str) -> Vec<Interchange> {
    let mut interchanges: Vec<Interchange> = Vec::new();
    for event in read_all(sample.as_bytes()).unwrap() {
        let open = interchanges.last_mut();
        match (event, open) {
            (Event::Interchange(header), _) => {
                interchanges.push(Interchange { header, group: None, acks: Vec::new(), sets: Vec::new() });
            }
            (Event::Group(group), Some(open)) => open.group = Some(group),
            (Event::Transaction(set), Some(open)) => open.sets.push(set),
            (Event::InterchangeAck(segment), Some(open)) => open.acks.push(segment),
            (Event::Finding(finding), _) => panic!("{finding}"),
            _ => {}
        }
    }
    interchanges
}

/// Writes a sample anew from what was read of it, and compares.
fn assert_written_back(name: &str, sample: &str, write: impl Fn(&TransactionSet, &mut SegmentWriter)) {
    let written: Vec<u8> = interchanges(sample).iter().flat_map(|interchange| written(interchange, &write)).collect();
    let shown = String::from_utf8(written).unwrap().replace('~', "~\n");
    assert_eq!(shown, sample, "{name}");
}

fn written(interchange: &Interchange, write: &impl Fn(&TransactionSet, &mut SegmentWriter)) -> Vec<u8> {
    let (header, group) = (&interchange.header, interchange.group.as_ref());
    let envelope = Envelope {
        sender: header.sender.clone(),
        receiver: header.receiver.clone(),
        application_sender: group.map_or(String::new(), |g| g.sender.clone()),
        application_receiver: group.map_or(String::new(), |g| g.receiver.clone()),
        control_number: header.control_number.parse().unwrap(),
        group_control_number: group.map_or(1, |g| g.control_number.parse().unwrap()),
        written_at: header.written_at.unwrap(),
        usage: header.usage.clone(),
        ack_requested: header.ack_requested,
    };
    write_interchange(&envelope, |w| {
        for ack in &interchange.acks {
            write_ta1(&read_ta1(&ack.as_segment()).0, w);
        }
        if let Some(group) = group {
            w.begin_group(&envelope, &group.functional_id, &group.version);
            interchange.sets.iter().for_each(|set| write(set, w));
            w.end_group();
        }
    })
    .unwrap()
}

/// The second implementation reads each interchange of a sample as it is sent, without line ends, and renders it again. Gives the names of
/// constructs that its grammar can't hold; everything besides is the same.
fn understood(name: &str, sample: &str) -> BTreeSet<&'static str> {
    assert!(sample.lines().all(|line| line.ends_with('~')), "{name}: one segment a line");
    let sent = sample.replace('\n', "").replace("~ISA*", "~\nISA*");
    let exempt = |interchange: &str| match read_back(interchange.as_bytes()) {
        ReadBack::Same => Vec::new(),
        ReadBack::Exempt(names) => names,
        other => panic!("{name}: {other:?}"),
    };
    sent.lines().flat_map(exempt).collect()
}

/// The samples of a folder of which the second implementation can't hold everything, with what it can't hold.
fn exempt(name: &str) -> Vec<String> {
    let of = |(name, text): (String, String)| {
        let names = understood(&name, &text);
        (!names.is_empty()).then(|| format!("{name}: {}", Vec::from_iter(names).join(", ")))
    };
    folder(name).into_iter().filter_map(of).collect()
}

/// All X12 files below a folder.
fn edi_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.flat_map(|path| if path.is_dir() { edi_files(&path) } else { vec![path] });
    files.filter(|path| path.extension().is_some_and(|extension| extension == "edi")).collect()
}

#[test]
fn every_sample_is_what_its_pieces_put_together_give() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("edi-samples");
    let balances = |event: &Event| match event {
        Event::Transaction(set) if set.kind() == "835" => prove(&read_835(set).0).is_ok(),
        _ => true,
    };
    let mut unbalanced = BTreeSet::new();
    for path in edi_files(&root) {
        let bytes = std::fs::read(&path).unwrap();
        let pieces: Vec<Piece> = Pieces::new(bytes.as_slice()).collect();
        let together: Vec<u8> = pieces.iter().flat_map(|piece| &piece.bytes).copied().collect();
        assert!(together == bytes, "{} is lost in part", path.display());
        if !pieces.iter().flat_map(|piece| &piece.events).all(balances) {
            unbalanced.insert(path);
        }
    }
    let meant: BTreeSet<PathBuf> = edi_files(&root.join("835/unbalanced")).into_iter().collect();
    assert_eq!(unbalanced, meant, "only those that are meant to do not balance");
}
