//! The tree of one 277: who answers, who asked, the claims and where they stand. Fields name the element that carries them; loops nest as
//! in the guide. What a status means is said by [`super::outcome`].

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::edi::inquiry::{Dated, Family, Inquiry, Party, Reference, Source, StatusCode, Trace};
use crate::edi::remittance_835::{Procedure, Quantity};
use crate::platform::money::Money;
use crate::platform::phi::Phi;

/// One 277, ST to SE.
pub type StatusResponse = Inquiry<Source<ResponseReceiver>>;

/// Loop 2000B: who asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResponseReceiver {
    /// The number of the HL segment in the file.
    pub segment: u32,
    /// Loop 2100B.
    pub submitter: Party,
    /// Loop 2200B, when the whole question was refused: TRN02 is its BHT03.
    pub refusal: Option<Refusal>,
    /// Loops 2000C.
    pub providers: Vec<ResponseProvider>,
}

/// Loop 2000C: who billed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResponseProvider {
    /// The number of the HL segment in the file.
    pub segment: u32,
    /// Loop 2100C.
    pub provider: Party,
    /// Loop 2200C, when all questions of the provider were refused.
    pub refusal: Option<Refusal>,
    /// Loops 2000D and 2000E.
    pub families: Vec<Family<ResponsePatient>>,
}

/// Loop 2200B or 2200C: why nothing stands below.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refusal {
    /// TRN.
    pub trace: Trace,
    /// STC.
    pub statuses: Vec<Status>,
}

/// A subscriber or dependent, and the claims answered about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResponsePatient {
    /// The number of the HL segment in the file.
    pub segment: u32,
    /// Loop 2100D or 2100E: a subscriber with the member id, a dependent without.
    pub person: Party<Phi<String>>,
    /// Loops 2200D or 2200E.
    pub claims: Vec<ClaimStatus>,
}

/// Loop 2200D or 2200E: a claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClaimStatus {
    /// The number of the TRN segment in the file.
    pub segment: u32,
    /// TRN: the number that the question gave.
    pub trace: Trace,
    /// STC.
    pub statuses: Vec<Status>,
    /// REF: `1K`, `EJ`, `D9` and others.
    pub references: Vec<Reference>,
    /// DTP*472.
    pub dates: Vec<Dated>,
    /// Loops 2220D or 2220E.
    pub lines: Vec<LineStatus>,
}

/// Loop 2220D or 2220E: a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LineStatus {
    /// The number of the SVC segment in the file.
    pub segment: u32,
    /// SVC01.
    pub procedure: Procedure,
    /// SVC02.
    pub charge: Option<Money>,
    /// SVC03.
    pub paid: Option<Money>,
    /// SVC04.
    pub revenue_code: Option<String>,
    /// SVC07.
    pub units: Option<Quantity>,
    /// STC.
    pub statuses: Vec<Status>,
    /// REF*FJ and others.
    pub references: Vec<Reference>,
    /// DTP*472.
    pub dates: Vec<Dated>,
}

/// STC. Its amounts are news, not money: an 835 posts (domain.md 3.4).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// The number of the STC segment in the file.
    pub segment: u32,
    /// STC01, 10 and 11: the first says how the claim stands, the others why.
    pub codes: Vec<StatusCode>,
    /// STC02: since when.
    pub effective: Option<Date>,
    /// STC04: the charge that the payer has.
    pub charge: Option<Money>,
    /// STC05: what it paid.
    pub paid: Option<Money>,
    /// STC06: when it decided.
    pub decided: Option<Date>,
    /// STC08: the date of the check or transfer.
    pub paid_on: Option<Date>,
    /// STC09: the number of the check or transfer (TRN02 of the 835).
    pub payment_number: Option<String>,
    /// STC12: free text, which some payers send.
    pub message: Option<Phi<String>>,
}

impl ClaimStatus {
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

impl LineStatus {
    /// Our line number, REF*FJ.
    #[must_use]
    pub fn line_number(&self) -> Option<&Phi<String>> {
        Reference::find(&self.references, "FJ")
    }
}

impl StatusResponse {
    /// All claims that were answered about.
    pub fn claims(&self) -> impl Iterator<Item = &ClaimStatus> {
        let providers = self.sources.iter().flat_map(|source| &source.receivers).flat_map(|receiver| &receiver.providers);
        providers.flat_map(|provider| &provider.families).flat_map(Family::members).flat_map(|patient| &patient.claims)
    }

    /// The answers to the question of this number (TRN02): several when the payer holds several claims that fit, such as the parts of a
    /// split claim.
    pub fn by_trace<'a>(&'a self, number: &'a str) -> impl Iterator<Item = &'a ClaimStatus> {
        self.claims().filter(move |claim| claim.trace.number == number)
    }

    /// Why whole questions or all those of a provider were refused; then the claims asked about have no answer of their own.
    pub fn refusals(&self) -> impl Iterator<Item = &Refusal> {
        let receivers = self.sources.iter().flat_map(|source| &source.receivers);
        receivers.flat_map(|receiver| receiver.refusal.iter().chain(receiver.providers.iter().filter_map(|p| p.refusal.as_ref())))
    }
}
