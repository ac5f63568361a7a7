//! Samples of `edi-samples/837p` that the tests of this module change and break; every one of that folder is read whole by
//! `tests/suite/samples.rs`. They stand one segment a line, which is how they are shown and not how they are sent.

use crate::edi::{Envelope, Event, TransactionSet, read_all};

/// A four-month-old under the mother's PPO: preventive visit, three vaccines, two of their components counseled, one NDC.
pub(crate) const DEPENDENT: &str = include_str!("../../../edi-samples/837p/dependent-well-child.edi");

/// A child with Medicaid of its own: EPSDT referral, VFC vaccines at zero, a second problem treated in the same visit.
pub(crate) const MEDICAID: &str = include_str!("../../../edi-samples/837p/subscriber-epsdt-vfc.edi");

/// The same visit billed to the second payer, with what the first one decided on each line.
pub(crate) const SECONDARY: &str = include_str!("../../../edi-samples/837p/secondary.edi");

/// A claim that replaces an adjudicated one.
pub(crate) const REPLACEMENT: &str = include_str!("../../../edi-samples/837p/replacement.edi");

/// All of them.
pub(crate) const ALL: [&str; 4] = [DEPENDENT, MEDICAID, SECONDARY, REPLACEMENT];

/// A sample as it is sent.
pub(crate) fn bytes(sample: &str) -> Vec<u8> {
    sample.bytes().filter(|&byte| byte != b'\n').collect()
}

/// The transaction sets of a file.
pub(crate) fn sets(bytes: &[u8]) -> Vec<TransactionSet> {
    let events = read_all(bytes).expect("a sample is well formed");
    events.into_iter().filter_map(|event| if let Event::Transaction(set) = event { Some(set) } else { None }).collect()
}

/// The envelope that a file came in, as the one to write it again.
pub(crate) fn envelope(bytes: &[u8]) -> Envelope {
    let set = sets(bytes).remove(0);
    let (interchange, group) = (set.interchange(), set.group());
    Envelope {
        sender: interchange.sender.clone(),
        receiver: interchange.receiver.clone(),
        application_sender: group.sender.clone(),
        application_receiver: group.receiver.clone(),
        control_number: interchange.control_number.parse().expect("a sample is well formed"),
        group_control_number: group.control_number.parse().expect("a sample is well formed"),
        written_at: interchange.written_at.expect("a sample is well formed"),
        usage: interchange.usage.clone(),
        ack_requested: interchange.ack_requested,
    }
}
