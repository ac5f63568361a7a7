//! The two synthetic 999s of domain.md 7, for the tests of this module.

use super::{ImplementationAck, read_999, write_999};
use crate::edi::{Delimiters, Event, Finding, SegmentWriter, TransactionSet, read_all};

/// One set, taken.
pub const ACCEPTED: &str = "ST*999*0001*005010X231A1~AK1*HC*101*005010X222A1~AK2*837*0001*005010X222A1~IK5*A~AK9*A*1*1*1~SE*6*0001~";

/// One set, rejected for a diagnosis of a named claim.
pub const REJECTED: &str = "ST*999*0001*005010X231A1~AK1*HC*101*005010X222A1~AK2*837*0001*005010X222A1~IK3*HI*23*2300*8~\
CTX*CLM01:C26000123~IK4*1:2*1271*7*Z00.129~IK5*R*5~AK9*R*1*1*0~SE*9*0001~";

/// Puts envelopes around the text of one transaction set and reads it.
pub fn read(text: &str) -> (ImplementationAck, Vec<Finding>) {
    read_999(&sets(text)[0])
}

/// The transaction sets of a text in envelopes; none when it is not X12.
pub fn sets(text: &str) -> Vec<TransactionSet> {
    let isa = "ISA*00*          *00*          *ZZ*CLRHOUSE       *ZZ*PEDBILL        *261118*0930*^*00501*000000302*0*T*:~";
    let file = format!("{isa}GS*FA*CLRHOUSE*PEDBILL*20261118*0930*302*X*005010X231A1~{text}GE*1*302~IEA*1*000000302~");
    let transaction = |event| if let Event::Transaction(set) = event { Some(set) } else { None };
    read_all(file.as_bytes()).unwrap_or_default().into_iter().filter_map(transaction).collect()
}

pub fn written(ack: &ImplementationAck) -> String {
    let mut w = SegmentWriter::new(Delimiters::default());
    write_999(ack, &mut w);
    String::from_utf8(w.finish().expect("a sample is well formed")).expect("a sample is well formed")
}
