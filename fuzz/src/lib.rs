//! What the fuzz targets share: pediclaim's X12, compiled from its own files, and ways through a file that must hold for any bytes.
//!
//! A target is a file of `targets/`; `run` builds and runs them. What a target asserts must hold for every input, else it is a crash.

#[path = "../../src/platform"]
pub mod platform {
    //! The part of the ground that X12 stands on.
    pub mod ids;
    pub mod money;
    pub mod phi;
}

// X12, whole but for the second reader (x12-types stops the process on much of what a fuzzer makes).
#[path = "../../src/edi/mod.rs"]
pub mod edi;

use edi::{Envelope, Event, Party, SegmentWriter, TransactionSet, Usage, read_all, write_interchange};

/// The transaction sets of one kind (ST01) that a file holds before anything stops the reading.
#[must_use]
pub fn sets(bytes: &[u8], kind: &str) -> Vec<TransactionSet> {
    let events = edi::Reader::new(bytes).map_while(Result::ok);
    events.filter_map(|event| if let Event::Transaction(set) = event { Some(set) } else { None }).filter(|set| set.kind() == kind).collect()
}

/// Writes one transaction set into an interchange of ours and reads it again. None when it holds what X12 can't carry.
///
/// # Panics
/// When what was written is not one well-formed interchange with that one set: a value has broken out of its element.
#[must_use]
pub fn written(functional_id: &str, version: &str, write: impl FnOnce(&mut SegmentWriter)) -> Option<(String, TransactionSet)> {
    let envelope = envelope();
    let bytes = write_interchange(&envelope, |w| {
        w.begin_group(&envelope, functional_id, version);
        write(w);
        w.end_group();
    })
    .ok()?;
    let mut sets = Vec::new();
    for event in read_all(&bytes).expect("what we write is well formed") {
        match event {
            Event::Transaction(set) => sets.push(set),
            Event::Finding(finding) => panic!("what we write has no fault in its envelopes: {finding}"),
            _ => {}
        }
    }
    assert_eq!(sets.len(), 1, "one transaction set was written");
    let text = String::from_utf8(bytes).expect("what we write is ASCII");
    sets.pop().map(|set| (text, set))
}

/// Writes what was read of a set, and what is read of that, and again: from the second time on nothing changes. The first time may change
/// what no writer would write: a text of spaces vanishes, loops come into the order of the guide.
///
/// # Panics
/// When something changes, or what we wrote can't be written again.
pub fn assert_settles(set: &TransactionSet, write: impl Fn(&TransactionSet) -> Option<(String, TransactionSet)>) {
    let Some((_, set)) = write(set) else { return };
    let (second, set) = write(&set).expect("what we wrote can be written again");
    let (third, _) = write(&set).expect("what we wrote can be written again");
    assert_eq!(second, third);
}

fn envelope() -> Envelope {
    let party = |id: &str| Party { qualifier: "ZZ".to_owned(), id: id.to_owned() };
    Envelope {
        sender: party("SENDER"),
        receiver: party("RECEIVER"),
        application_sender: "SENDER".to_owned(),
        application_receiver: "RECEIVER".to_owned(),
        control_number: 1,
        group_control_number: 1,
        written_at: jiff::civil::date(2026, 11, 18).at(9, 30, 0, 0),
        usage: Usage::Test,
        ack_requested: false,
    }
}
