//! The tree of one 270: payer, who asks, the children asked about. Fields name the element that carries them; loops nest as in the guide.

use serde::{Deserialize, Serialize};

use super::codes::{CoverageLevel, ServiceType};
use super::member::{Member, ProcedureRange};
use crate::edi::inquiry::{Dated, Family, Inquiry, Party, Reference, Source};
use crate::platform::money::Money;

/// One 270, ST to SE.
pub type EligibilityRequest = Inquiry<Source<RequestReceiver>>;

/// Loop 2000B: the provider that asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RequestReceiver {
    /// The number of the HL segment in the file.
    pub segment: u32,
    /// Loop 2100B.
    pub provider: Party,
    /// Loops 2000C and 2000D.
    pub families: Vec<Family<RequestMember>>,
}

/// A subscriber or dependent, and what is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RequestMember {
    /// Loop 2100C or 2100D.
    pub member: Member,
    /// Loops 2110C or 2110D.
    pub inquiries: Vec<BenefitInquiry>,
}

/// Loop 2110C or 2110D: one question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BenefitInquiry {
    /// The number of the EQ segment in the file.
    pub segment: u32,
    /// EQ01, repeated.
    pub service_types: Vec<ServiceType>,
    /// EQ02.
    pub procedure: Option<ProcedureRange>,
    /// EQ03.
    pub coverage_level: Option<CoverageLevel>,
    /// EQ05: places in the list of diagnoses, from 1.
    pub diagnosis_pointers: Vec<u8>,
    /// AMT: `R` what was spent towards the spend-down, `PB` what was billed.
    pub amounts: Vec<(String, Money)>,
    /// III: where the service will be.
    pub circumstances: Vec<super::response::Circumstance>,
    /// REF: `9F` a referral, `G1` an authorization.
    pub references: Vec<Reference>,
    /// DTP*291, when another date is asked about than the member's.
    pub dates: Vec<Dated>,
}

impl EligibilityRequest {
    /// All subscribers, each before its dependents.
    pub fn members(&self) -> impl Iterator<Item = &RequestMember> {
        let families = self.sources.iter().flat_map(|source| &source.receivers).flat_map(|receiver| &receiver.families);
        families.flat_map(Family::members)
    }
}
