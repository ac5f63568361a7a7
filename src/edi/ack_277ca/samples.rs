//! The synthetic 277CA of domain.md 7, for the tests of this module.

use super::{ClaimAcknowledgment, read_277ca, write_277ca};
use crate::edi::{Delimiters, Event, Finding, SegmentWriter, TransactionSet, read_all};

/// A batch of two claims: one accepted into adjudication, one rejected for its rendering provider's NPI.
pub const MIXED: &str = "\
ST*277*0001*005010X214~\
BHT*0085*08*277R0001*20261118*1000*TH~\
HL*1**20*1~\
NM1*PR*2*SAMPLE BLUE PPO*****PI*00900~\
TRN*1*RCPT0001~\
DTP*050*D8*20261118~\
DTP*009*D8*20261118~\
HL*2*1*21*1~\
NM1*41*2*SAMPLE PEDIATRICS PA*****46*PEDBILL~\
TRN*2*B20261118001~\
STC*A1:19:PR*20261118*WQ*1362~\
QTY*90*1~\
QTY*AA*1~\
AMT*YU*960~\
AMT*YY*402~\
HL*3*2*19*1~\
NM1*85*2*SAMPLE PEDIATRICS PA*****XX*1234567893~\
TRN*1*0~\
STC*A1:19:PR**WQ*1362~\
QTY*QA*1~\
QTY*QC*1~\
AMT*YU*960~\
AMT*YY*402~\
HL*4*3*PT~\
NM1*QC*1*RIVERA*MATEO****MI*XYZ123456789~\
TRN*2*C26000123~\
STC*A2:20:PR*20261118*WQ*960~\
REF*1K*ICN2026A1~\
DTP*472*D8*20261116~\
HL*5*3*PT~\
NM1*QC*1*OKAFOR*ADA****MI*512345678~\
TRN*2*C26000124~\
STC*A7:562:82*20261118*U*402~\
DTP*472*D8*20261117~\
SE*35*0001~";

/// Puts envelopes around the text of one transaction set and reads it.
pub fn read(text: &str) -> (ClaimAcknowledgment, Vec<Finding>) {
    read_277ca(&sets(text)[0])
}

/// The transaction sets of a text in envelopes; none when it is not X12.
pub fn sets(text: &str) -> Vec<TransactionSet> {
    let isa = "ISA*00*          *00*          *ZZ*PAYER00900     *ZZ*PEDBILL        *261118*0930*^*00501*000000301*0*T*:~";
    let file = format!("{isa}GS*HN*PAYER00900*PEDBILL*20261118*0930*301*X*005010X214~{text}GE*1*301~IEA*1*000000301~");
    let transaction = |event| if let Event::Transaction(set) = event { Some(set) } else { None };
    read_all(file.as_bytes()).unwrap_or_default().into_iter().filter_map(transaction).collect()
}

pub fn written(ack: &ClaimAcknowledgment) -> String {
    let mut w = SegmentWriter::new(Delimiters::default());
    write_277ca(ack, &mut w);
    String::from_utf8(w.finish().expect("a sample is well formed")).expect("a sample is well formed")
}
