//! The tree of one 271: who answers, who asked, the children, their benefits. Fields name the element that carries them; loops nest as
//! in the guide. What the answer means is said by [`super::coverage`] and [`super::rejection`].

use serde::{Deserialize, Serialize};

use super::codes::{Answer, CoverageLevel, Information, InsuranceType, QuantityKind, ServiceType, TimePeriod};
use super::member::{Member, ProcedureRange};
use super::percent::Percent;
use super::rejection::Rejection;
use crate::edi::inquiry::{Dated, Family, Inquiry, Party, Reference};
use crate::edi::remittance_835::{Code, Quantity};
use crate::platform::money::Money;
use crate::platform::phi::Phi;

/// One 271, ST to SE.
pub type EligibilityResponse = Inquiry<ResponseSource>;

/// Loop 2000A: who answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResponseSource {
    /// The number of the HL segment in the file.
    pub segment: u32,
    /// AAA before the name: the payer could not be asked at all.
    pub unanswered: Vec<Rejection>,
    /// Loop 2100A.
    pub payer: Party,
    /// AAA after the name: the payer refuses the inquiry.
    pub rejections: Vec<Rejection>,
    /// Loops 2000B.
    pub receivers: Vec<ResponseReceiver>,
}

/// Loop 2000B: who asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResponseReceiver {
    /// The number of the HL segment in the file.
    pub segment: u32,
    /// Loop 2100B.
    pub provider: Party,
    /// AAA: the provider may not ask.
    pub rejections: Vec<Rejection>,
    /// Loops 2000C and 2000D: with benefits of the subscriber when that is the patient.
    pub families: Vec<Family<ResponseMember>>,
}

/// A subscriber or dependent, and the answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResponseMember {
    /// Loop 2100C or 2100D.
    pub member: Member,
    /// AAA: the person was not found, or can't be answered for.
    pub rejections: Vec<Rejection>,
    /// Loops 2110C or 2110D.
    pub benefits: Vec<Benefit>,
}

/// Loop 2110C or 2110D: one statement about the coverage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Benefit {
    /// The number of the EB segment in the file.
    pub segment: u32,
    /// EB01.
    pub information: Information,
    /// EB02.
    pub coverage_level: Option<CoverageLevel>,
    /// EB03, repeated; none means whatever was asked about.
    pub service_types: Vec<ServiceType>,
    /// EB04.
    pub insurance_type: Option<InsuranceType>,
    /// EB05: the plan's name.
    pub plan: Option<String>,
    /// EB06.
    pub period: Option<TimePeriod>,
    /// EB07.
    pub amount: Option<Money>,
    /// EB08: the patient's share.
    pub percent: Option<Percent>,
    /// EB09.
    pub quantity_kind: Option<QuantityKind>,
    /// EB10.
    pub quantity: Option<Quantity>,
    /// EB11: whether an authorization is needed.
    pub authorization: Option<Answer>,
    /// EB12: whether this is said of providers in the plan's network.
    pub in_network: Option<Answer>,
    /// EB13.
    pub procedure: Option<ProcedureRange>,
    /// EB14: places in the list of diagnoses, from 1.
    pub diagnosis_pointers: Vec<u8>,
    /// HSD.
    pub deliveries: Vec<Delivery>,
    /// REF.
    pub references: Vec<Reference>,
    /// DTP: go before the member's dates.
    pub dates: Vec<Dated>,
    /// AAA: this question can't be answered.
    pub rejections: Vec<Rejection>,
    /// MSG: free text.
    pub messages: Vec<Phi<String>>,
    /// III (loop 2115).
    pub circumstances: Vec<Circumstance>,
    /// Loops 2120, between LS and LE: other payers, managed care plans, primary care providers, whom to call.
    pub related: Vec<Party<Phi<String>>>,
}

impl Benefit {
    /// A statement without particulars.
    #[must_use]
    pub fn new(information: Information, service_types: &[ServiceType]) -> Benefit {
        Benefit {
            segment: 0,
            information,
            coverage_level: None,
            service_types: service_types.to_vec(),
            insurance_type: None,
            plan: None,
            period: None,
            amount: None,
            percent: None,
            quantity_kind: None,
            quantity: None,
            authorization: None,
            in_network: None,
            procedure: None,
            diagnosis_pointers: Vec::new(),
            deliveries: Vec::new(),
            references: Vec::new(),
            dates: Vec::new(),
            rejections: Vec::new(),
            messages: Vec::new(),
            circumstances: Vec::new(),
            related: Vec::new(),
        }
    }
}

/// HSD: how often and how long a service may be had.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// HSD01.
    pub quantity_kind: Option<QuantityKind>,
    /// HSD02.
    pub quantity: Option<Quantity>,
    /// HSD03: in which unit a period is counted: `DA` days, `WK` weeks, `MO` months, `YR` years, `VS` visits.
    pub unit: Option<Code>,
    /// HSD04: once in this many units.
    pub every: Option<Quantity>,
    /// HSD05.
    pub period: Option<TimePeriod>,
    /// HSD06: how many of those periods.
    pub periods: Option<u64>,
    /// HSD07: on which days.
    pub days: Option<Code>,
    /// HSD08: at which time of the day.
    pub time_of_day: Option<Code>,
}

/// III: where or for what injury a benefit holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Circumstance {
    /// III01: `ZZ` for a place of service; another list of codes for an injury.
    pub list: Option<Code>,
    /// III02.
    pub code: Option<Code>,
    /// III03: `44` for the nature of an injury.
    pub category: Option<Code>,
    /// III04: free text.
    pub text: Option<Phi<String>>,
}
