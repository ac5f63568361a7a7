//! Claims of made-up children, for the simulator's tests.

use jiff::civil::{Date, date};

use crate::edi::claim_837p::{
    AcceptAssignment, BatchPurpose, BenefitsAssignment, BillingProvider, ChargeUnit, Claim, ClaimUse, DateValue, EntityName, Frequency,
    Identifier, Individual, Patient, PatientStatus, Payer, PersonName, ProfessionalClaims, Receiver, Reference, ReferenceKind,
    Relationship, ReleaseOfInformation, Responsibility, ServiceLine, Submitter, Subscriber, write_claims,
};
use crate::edi::remittance_835::{Procedure, Quantity};
use crate::edi::{Envelope, Party, Usage};
use crate::platform::ids::Npi;
use crate::platform::money::Money;
use crate::platform::phi::Phi;

/// The day of most tests.
pub const TODAY: Date = date(2026, 11, 18);

/// Dollars and cents.
pub fn money(text: &str) -> Money {
    text.parse().unwrap()
}

/// One visit of one child, before it is a claim.
#[derive(Clone, Debug)]
pub struct Visit {
    pub pcn: String,
    pub child: u32,
    pub payer: &'static str,
    pub filing_indicator: &'static str,
    pub dependent: bool,
    pub day: Date,
    /// Code, modifier, charge in dollars, units.
    pub lines: Vec<(&'static str, &'static str, u32, u32)>,
    pub frequency: Frequency,
    pub original_icn: Option<String>,
    pub responsibility: Responsibility,
}

/// A visit of a child, by number, under the claim number `C` and that number.
pub fn visit(child: u32) -> Visit {
    Visit {
        pcn: format!("C{child}"),
        child,
        payer: "00900",
        filing_indicator: "BL",
        dependent: child.is_multiple_of(2),
        day: date(2026, 11, 16),
        lines: vec![("99391", "25", 180, 1), ("90697", "", 175, 1), ("90460", "", 105, 3)],
        frequency: Frequency::Original,
        original_icn: None,
        responsibility: Responsibility::Primary,
    }
}

impl Visit {
    fn claim(&self) -> Claim {
        let reference = |icn: &String| Reference::new(ReferenceKind::PayerClaimNumber, icn);
        Claim {
            segment: None,
            id: self.pcn.clone(),
            charge: self.lines.iter().map(|line| Money::from_cents(i64::from(line.2) * 100)).sum(),
            place_of_service: "11".into(),
            frequency: self.frequency.clone(),
            provider_signature: true,
            assignment: AcceptAssignment::Assigned,
            benefits_assignment: BenefitsAssignment::Yes,
            release: ReleaseOfInformation::Yes,
            signed_for_patient: false,
            related_causes: None,
            special_program: None,
            delay_reason: None,
            dates: Vec::new(),
            attachments: Vec::new(),
            contract: None,
            patient_paid: None,
            references: self.original_icn.iter().map(reference).collect(),
            fixed_format: Vec::new(),
            note: None,
            conditions: Vec::new(),
            diagnoses: vec!["Z00129".into(), "Z23".into()],
            other_codes: Vec::new(),
            repricing: None,
            providers: Vec::new(),
            other_payers: Vec::new(),
            lines: (1..).zip(&self.lines).map(|(number, line)| self.line(number, line)).collect(),
        }
    }

    fn line(&self, number: u32, &(code, modifier, dollars, units): &(&str, &str, u32, u32)) -> ServiceLine {
        let modifiers = [modifier].into_iter().filter(|m| !m.is_empty()).map(Into::into).collect();
        ServiceLine {
            segment: None,
            procedure: Procedure { qualifier: "HC".into(), code: code.into(), modifiers, description: None },
            charge: Money::from_cents(i64::from(dollars) * 100),
            unit: ChargeUnit::Units,
            quantity: Quantity::whole(units),
            place_of_service: None,
            diagnosis_pointers: vec![1],
            emergency: false,
            epsdt: false,
            family_planning: false,
            copay_exempt: false,
            attachments: Vec::new(),
            service_date: Some(DateValue::Day(self.day)),
            dates: Vec::new(),
            references: vec![Reference::new(ReferenceKind::LineControl, &format!("{}-{number}", self.pcn))],
            fixed_format: Vec::new(),
            note: None,
            drug: None,
            providers: Vec::new(),
            adjudications: Vec::new(),
        }
    }

    fn person(&self, first: &str, own: bool, member_id: Option<String>) -> Individual {
        Individual {
            name: EntityName::Person(PersonName { last: Phi::from("RIVERA"), first: Some(Phi::from(first)), middle: None, suffix: None }),
            id: member_id.map(|id| Identifier::new("MI", Phi::new(id))),
            address: own.then(|| crate::edi::claim_837p::Address {
                line1: Phi::from("12 OAK LANE"),
                line2: None,
                city: Phi::from("AUSTIN"),
                state: Some("TX".into()),
                postal_code: Some(Phi::from("787020002")),
                country: None,
                subdivision: None,
            }),
            birth_date: own.then(|| Phi::new(date(2026, 7, 15))),
            sex: own.then(|| "M".into()),
            references: Vec::new(),
        }
    }

    /// Loop 2000B of the visit.
    pub fn subscriber(&self) -> Subscriber {
        let (child, member_id) = (format!("CHILD{}", self.child), Some(format!("M{}", self.child)));
        let patient = || Patient {
            relationship: Relationship::Child,
            status: PatientStatus::default(),
            person: self.person(&child, true, None),
            claims: vec![self.claim()],
        };
        Subscriber {
            responsibility: self.responsibility.clone(),
            relationship: (!self.dependent).then_some(Relationship::SelfSubscriber),
            group_number: Some("GRP100".into()),
            group_name: None,
            insurance_type: None,
            filing_indicator: Some(self.filing_indicator.into()),
            status: PatientStatus::default(),
            person: if self.dependent { self.person("ELENA", false, member_id) } else { self.person(&child, true, member_id) },
            payer: Payer {
                name: format!("PAYER {}", self.payer),
                id: Identifier::new("PI", self.payer.into()),
                address: None,
                references: Vec::new(),
            },
            claims: if self.dependent { Vec::new() } else { vec![self.claim()] },
            patients: if self.dependent { vec![patient()] } else { Vec::new() },
        }
    }
}

/// A transaction set of these visits.
pub fn batch(number: u32, visits: &[Visit]) -> ProfessionalClaims {
    let organization = |name: &str| EntityName::Organization(name.into());
    ProfessionalClaims {
        control_number: format!("{number:04}"),
        purpose: BatchPurpose::Original,
        reference: format!("B{number}"),
        created: Some(TODAY.at(9, 30, 0, 0)),
        claim_use: ClaimUse::Chargeable,
        submitter: Submitter {
            name: organization("SAMPLE PEDIATRICS PA"),
            id: Identifier::new("46", "PEDBILL".into()),
            contacts: vec![crate::edi::claim_837p::Contact {
                name: Some(Phi::from("BILLING OFFICE")),
                numbers: vec![Identifier::new("TE", Phi::from("5125550100"))],
            }],
        },
        receiver: Receiver { name: organization("SAMPLE CLEARINGHOUSE"), id: Identifier::new("46", "CLRHOUSE".into()) },
        billing_providers: vec![BillingProvider {
            name: organization("SAMPLE PEDIATRICS PA"),
            id: Npi::from_nine_digits(123_456_789).map(Identifier::of_npi),
            taxonomy: None,
            currency: None,
            address: None,
            tax_id: Some(Reference::new(ReferenceKind::Ein, "741234567")),
            references: Vec::new(),
            contacts: Vec::new(),
            pay_to: None,
            subscribers: visits.iter().map(Visit::subscriber).collect(),
        }],
    }
}

/// An interchange of batches under a control number.
pub fn interchange(control_number: u32, ack_requested: bool, batches: &[ProfessionalClaims]) -> Vec<u8> {
    let party = |id: &str| Party { qualifier: "ZZ".into(), id: id.into() };
    let envelope = Envelope {
        sender: party("PEDBILL"),
        receiver: party("CLRHOUSE"),
        application_sender: "PEDBILL".into(),
        application_receiver: "CLRHOUSE".into(),
        control_number,
        group_control_number: control_number,
        written_at: TODAY.at(9, 30, 0, 0),
        usage: Usage::Test,
        ack_requested,
    };
    write_claims(&envelope, batches).unwrap().bytes
}

/// An interchange with one batch of these visits.
pub fn file(control_number: u32, visits: &[Visit]) -> Vec<u8> {
    interchange(control_number, false, &[batch(1, visits)])
}
