//! The tree of one 276: payer, who sends, who billed, the claims asked about. Fields name the element that carries them; loops nest as in
//! the guide.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::edi::claim_837p::Sex;
use crate::edi::inquiry::{Dated, Family, Inquiry, Party, Reference, Source, Trace};
use crate::edi::remittance_835::{Procedure, Quantity};
use crate::platform::money::Money;
use crate::platform::phi::Phi;

/// One 276, ST to SE.
pub type StatusRequest = Inquiry<Source<RequestReceiver>>;

/// Loop 2000B: who sends the question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RequestReceiver {
    /// The number of the HL segment in the file.
    pub segment: u32,
    /// Loop 2100B.
    pub submitter: Party,
    /// Loops 2000C.
    pub providers: Vec<RequestProvider>,
}

/// Loop 2000C: who billed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RequestProvider {
    /// The number of the HL segment in the file.
    pub segment: u32,
    /// Loop 2100C.
    pub provider: Party,
    /// Loops 2000D and 2000E.
    pub families: Vec<Family<RequestPatient>>,
}

/// A subscriber or dependent, and the claims asked about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RequestPatient {
    /// Loop 2100D or 2100E.
    pub patient: Patient,
    /// Loops 2200D or 2200E.
    pub claims: Vec<ClaimInquiry>,
}

/// Loop 2000D and 2100D, or 2000E and 2100E.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Patient {
    /// The number of the HL segment in the file.
    pub segment: u32,
    /// NM1: a subscriber with the member id, a dependent without.
    pub person: Party<Phi<String>>,
    /// DMG02; not for a subscriber who is not the patient.
    pub birth_date: Option<Phi<Date>>,
    /// DMG03.
    pub sex: Option<Sex>,
}

impl Patient {
    /// Someone of whom the name is known.
    #[must_use]
    pub fn new(person: Party<Phi<String>>) -> Patient {
        Patient { segment: 0, person, birth_date: None, sex: None }
    }
}

/// Loop 2200D or 2200E: a claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClaimInquiry {
    /// The number of the TRN segment in the file.
    pub segment: u32,
    /// TRN: our number, to find the answer by.
    pub trace: Trace,
    /// REF: `1K`, `EJ`, `D9` and others.
    pub references: Vec<Reference>,
    /// AMT*T3: the claim's charge.
    pub charge: Option<Money>,
    /// DTP*472.
    pub dates: Vec<Dated>,
    /// Loops 2210D or 2210E.
    pub lines: Vec<LineInquiry>,
}

impl ClaimInquiry {
    /// The payer's claim number, REF*1K.
    #[must_use]
    pub fn icn(&self) -> Option<&Phi<String>> {
        Reference::find(&self.references, "1K")
    }

    /// Our claim number, REF*EJ.
    #[must_use]
    pub fn pcn(&self) -> Option<&Phi<String>> {
        Reference::find(&self.references, "EJ")
    }
}

/// Loop 2210D or 2210E: a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LineInquiry {
    /// The number of the SVC segment in the file.
    pub segment: u32,
    /// SVC01.
    pub procedure: Procedure,
    /// SVC02.
    pub charge: Option<Money>,
    /// SVC04.
    pub revenue_code: Option<String>,
    /// SVC07.
    pub units: Option<Quantity>,
    /// REF*FJ and others.
    pub references: Vec<Reference>,
    /// DTP*472.
    pub dates: Vec<Dated>,
}

impl LineInquiry {
    /// Our line number, REF*FJ.
    #[must_use]
    pub fn line_number(&self) -> Option<&Phi<String>> {
        Reference::find(&self.references, "FJ")
    }
}
