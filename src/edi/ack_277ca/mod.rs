//! 277CA (005010X214): which claims a clearinghouse or payer took in, before adjudication (domain.md 3.1, 3.2).
//!
//! [`read_277ca`] takes one transaction set and gives a [`ClaimAcknowledgment`] and findings; [`write_277ca`] writes one for the simulator.
//! When a batch or a provider is rejected there may be no claims below it: then every claim of the batch or provider is rejected.

mod read;
#[cfg(test)]
mod samples;
mod write;

pub use read::read_277ca;
pub use write::write_277ca;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::edi::codes;
pub use crate::edi::inquiry::StatusCode;
use crate::edi::remittance_835::{Procedure, Quantity, Reference};
use crate::platform::money::Money;
use crate::platform::phi::Phi;

codes! {
    /// NM101 of loop 2100A: who answers.
    SourceKind {
        /// A clearinghouse.
        Clearinghouse = "AY",
        /// The payer itself: only its acceptance means "in adjudication".
        Payer = "PR",
    }
}

codes! {
    /// STC03: what becomes of the claim, whatever the status codes say.
    Action {
        /// Rejected.
        Reject = "U",
        /// Accepted.
        Accept = "WQ",
    }
}

/// One 277CA.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClaimAcknowledgment {
    /// ST02.
    pub control_number: String,
    /// The number of the ST segment in the file.
    pub segment: u32,
    /// BHT03: the sender's number for this answer.
    pub reference: String,
    /// BHT04.
    pub created: Option<Date>,
    /// BHT05: HHMM or longer.
    pub time: Option<String>,
    /// Loops 2000A.
    pub sources: Vec<InformationSource>,
}

/// Loops 2000A, 2100A, 2200A: who answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InformationSource {
    /// The number of the HL segment in the file.
    pub segment: u32,
    /// NM101.
    pub kind: SourceKind,
    /// NM103.
    pub name: String,
    /// NM108.
    pub id_qualifier: Option<String>,
    /// NM109.
    pub id: Option<String>,
    /// 2200A TRN02: the source's number for the receipt.
    pub trace: String,
    /// DTP*050: when it received the batch.
    pub received: Option<Date>,
    /// DTP*009: when it processed it.
    pub processed: Option<Date>,
    /// Loops 2000B.
    pub batches: Vec<BatchStatus>,
}

/// Loops 2000B, 2100B, 2200B: the answer to one batch (transaction set) of ours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BatchStatus {
    /// The number of the HL segment in the file.
    pub segment: u32,
    /// NM102 is `1`: the receiver, our submitter, is a person.
    pub is_person: bool,
    /// NM103.
    pub name: String,
    /// NM109: our submitter id.
    pub id: Option<String>,
    /// TRN02: our BHT03.
    pub batch: String,
    /// STC.
    pub statuses: Vec<Status>,
    /// QTY*90, QTY*AA, AMT*YU, AMT*YY.
    pub totals: Totals,
    /// Loops 2000C.
    pub providers: Vec<ProviderStatus>,
}

/// Loops 2000C, 2100C, 2200C: the answer to the claims of one billing provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProviderStatus {
    /// The number of the HL segment in the file.
    pub segment: u32,
    /// NM102 is `1`.
    pub is_person: bool,
    /// NM103.
    pub name: String,
    /// NM104.
    pub first: Option<String>,
    /// NM108: `XX` NPI, `FI` tax id.
    pub id_qualifier: Option<String>,
    /// NM109.
    pub id: Option<String>,
    /// TRN02: mostly `0`, as it refers to nothing of ours; empty when there is no loop 2200C.
    pub trace: String,
    /// STC.
    pub statuses: Vec<Status>,
    /// REF.
    pub references: Vec<Reference>,
    /// QTY*QA, QTY*QC, AMT*YU, AMT*YY.
    pub totals: Totals,
    /// Loops 2200D; a patient with several of them stands in each.
    pub claims: Vec<AcknowledgedClaim>,
}

/// How many claims and how much money were taken and refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Claims accepted.
    pub accepted: Option<u64>,
    /// Claims rejected.
    pub rejected: Option<u64>,
    /// Charges accepted.
    pub accepted_amount: Option<Money>,
    /// Charges rejected.
    pub rejected_amount: Option<Money>,
}

/// Loops 2100D, 2200D: the answer to one claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AcknowledgedClaim {
    /// The number of the TRN segment in the file.
    pub segment: u32,
    /// NM1*QC.
    pub patient: AcknowledgedPatient,
    /// TRN02: our claim number (CLM01).
    pub pcn: String,
    /// STC.
    pub statuses: Vec<Status>,
    /// REF*1K: the payer's claim numbers; several when the claim was split.
    pub icns: Vec<String>,
    /// REF*D9: the clearinghouse's number.
    pub clearinghouse_id: Option<String>,
    /// Further REF.
    pub references: Vec<Reference>,
    /// DTP*472: first and last day of service, the same for a single day.
    pub service_dates: Option<(Date, Date)>,
    /// Loops 2220D.
    pub lines: Vec<AcknowledgedLine>,
}

/// Loop 2100D: the patient.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcknowledgedPatient {
    /// NM103.
    pub last: Phi<String>,
    /// NM104.
    pub first: Option<Phi<String>>,
    /// NM105.
    pub middle: Option<Phi<String>>,
    /// NM107.
    pub suffix: Option<Phi<String>>,
    /// NM108.
    pub id_qualifier: Option<String>,
    /// NM109: the member id.
    pub member_id: Option<Phi<String>>,
}

/// Loop 2220D: a line at fault.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AcknowledgedLine {
    /// The number of the SVC segment in the file.
    pub segment: u32,
    /// SVC01.
    pub procedure: Procedure,
    /// SVC02.
    pub charge: Money,
    /// SVC04.
    pub revenue_code: Option<String>,
    /// SVC07.
    pub units: Option<Quantity>,
    /// STC.
    pub statuses: Vec<Status>,
    /// REF*FJ: our line number (REF*6R of the claim).
    pub line_number: Option<String>,
    /// Further REF.
    pub references: Vec<Reference>,
    /// DTP*472.
    pub service_dates: Option<(Date, Date)>,
}

/// STC: a status.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// The number of the STC segment in the file.
    pub segment: u32,
    /// STC01, 10 and 11.
    pub codes: Vec<StatusCode>,
    /// STC02.
    pub date: Option<Date>,
    /// STC03; some partners leave it out at levels above the claim.
    pub action: Option<Action>,
    /// STC04: the charges meant.
    pub amount: Option<Money>,
    /// STC12: free text.
    pub message: Option<Phi<String>>,
}

/// ST03 and GS08.
pub const VERSION: &str = "005010X214";

/// What a status says of the claims below it, from the best to the worst (domain.md 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Verdict {
    /// A1: received, which is no acceptance.
    Received,
    /// A0: passed on to another entity.
    Forwarded,
    /// A2: accepted into adjudication.
    Accepted,
    /// A5: accepted, and split into several claims.
    Split,
    /// A category that is not listed: a person must look.
    Unknown,
    /// A4: not found; the batch may be lost.
    NotFound,
    /// A3, A6, A7, A8, or U in STC03 whatever the category says.
    Rejected,
}

impl Status {
    /// The verdict of this status. The action `U` rejects whatever the category; a rejecting category rejects whatever the action.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        if self.action == Some(Action::Reject) {
            return Verdict::Rejected;
        }
        match self.codes.first().map_or("", |code| &code.category) {
            "A0" => Verdict::Forwarded,
            "A1" => Verdict::Received,
            "A2" => Verdict::Accepted,
            "A3" | "A6" | "A7" | "A8" => Verdict::Rejected,
            "A4" => Verdict::NotFound,
            "A5" => Verdict::Split,
            _ => Verdict::Unknown,
        }
    }
}

/// The worst verdict of a list of statuses; none when there is no status.
#[must_use]
pub fn worst(statuses: &[Status]) -> Option<Verdict> {
    statuses.iter().map(Status::verdict).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(category: &str, action: &str) -> Status {
        let codes = vec![StatusCode::new(category, "20", None)];
        Status { segment: 0, codes, date: None, action: Some(Action::from(action)), amount: None, message: None }
    }

    #[test]
    fn a3_and_a6_to_a8_reject_and_u_rejects_whatever_the_category() {
        let rejects =
            |action| ["A0", "A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "E0"].map(|c| status(c, action).verdict() == Verdict::Rejected);
        assert_eq!(rejects("WQ"), [false, false, false, true, false, false, true, true, true, false]);
        assert_eq!(rejects("U"), [true; 10]);
    }

    #[test]
    fn received_is_not_accepted_and_an_unlisted_category_is_neither() {
        assert_eq!(status("A1", "WQ").verdict(), Verdict::Received);
        assert_eq!(status("A2", "WQ").verdict(), Verdict::Accepted);
        assert_eq!(status("P1", "WQ").verdict(), Verdict::Unknown);
    }

    #[test]
    fn the_worst_of_several_statuses_counts() {
        assert_eq!(worst(&[status("A2", "WQ"), status("A7", "U"), status("A1", "WQ")]), Some(Verdict::Rejected));
        assert_eq!(worst(&[]), None);
    }
}
