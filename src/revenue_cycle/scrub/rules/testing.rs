//! Claims for the rules' tests: each has nothing wrong with it until a test plants one fault.

use jiff::civil::date;

use super::super::catalog::scrub;
use super::super::input::{PayerFacts, ScrubInput};
use crate::edi::Few;
use crate::edi::claim_837p::{
    AcceptAssignment, Address, BenefitsAssignment, BillingProvider, ChargeUnit, Claim, DateValue, EntityName, Frequency, Identifier,
    Individual, Patient, PatientStatus, Payer, PersonName, Provider, ProviderRole, Reference, ReferenceKind, Relationship,
    ReleaseOfInformation, Responsibility, ServiceLine, Sex, Subscriber,
};
use crate::edi::remittance_835::{Procedure, Quantity};
use crate::platform::money::Money;
use crate::platform::phi::Phi;
use crate::practice::member_id::MemberIdPattern;
use crate::revenue_cycle::claim::model::ClaimContent;

fn address() -> Address {
    Address {
        line1: "100 Main Street".into(),
        city: "Dallas".into(),
        state: Some("TX".to_owned()),
        postal_code: Some("752011234".into()),
        ..Address::default()
    }
}

fn person(last: &str, first: &str) -> EntityName {
    EntityName::Person(PersonName { last: last.into(), first: Some(first.into()), ..PersonName::default() })
}

fn line(n: u32, code: &str, cents: i64) -> ServiceLine {
    ServiceLine {
        segment: None,
        procedure: Procedure { qualifier: "HC".into(), code: code.into(), modifiers: Few::new(), description: None },
        charge: Money::from_cents(cents),
        unit: ChargeUnit::Units,
        quantity: Quantity::whole(1),
        place_of_service: None,
        diagnosis_pointers: vec![1],
        emergency: false,
        epsdt: false,
        family_planning: false,
        copay_exempt: false,
        attachments: Vec::new(),
        service_date: Some(DateValue::Day(date(2026, 3, 16))),
        dates: Vec::new(),
        references: vec![Reference::new(ReferenceKind::LineControl, &format!("C1-{n}"))],
        fixed_format: Vec::new(),
        note: None,
        drug: None,
        providers: Vec::new(),
        adjudications: Vec::new(),
    }
}

/// A well-child visit of a Medicaid child who is the subscriber.
pub fn well_child() -> ClaimContent {
    let npi = |text: &str| Some(Identifier::new("XX", text.to_owned()));
    ClaimContent {
        billing: BillingProvider {
            name: EntityName::Organization("Sample Pediatrics PA".to_owned()),
            id: npi("1234567893"),
            taxonomy: Some("208000000X".to_owned()),
            currency: None,
            address: Some(address()),
            tax_id: Some(Reference::new(ReferenceKind::Ein, "741234567")),
            references: Vec::new(),
            contacts: Vec::new(),
            pay_to: None,
            subscribers: Vec::new(),
        },
        subscriber: Subscriber {
            responsibility: Responsibility::Primary,
            relationship: Some(Relationship::SelfSubscriber),
            group_number: None,
            group_name: None,
            insurance_type: None,
            filing_indicator: Some("MC".to_owned()),
            status: PatientStatus::default(),
            person: Individual {
                name: person("Okafor", "Ada"),
                id: Some(Identifier::new("MI", "512345678".into())),
                address: Some(address()),
                birth_date: Some(Phi::new(date(2022, 5, 1))),
                sex: Some(Sex::Female),
                references: Vec::new(),
            },
            payer: Payer {
                name: "State Medicaid".to_owned(),
                id: Identifier::new("PI", "00901".to_owned()),
                address: None,
                references: Vec::new(),
            },
            claims: Vec::new(),
            patients: Vec::new(),
        },
        patient: None,
        claim: Claim {
            segment: None,
            id: "C1".to_owned(),
            charge: Money::from_cents(20_000),
            place_of_service: "11".to_owned(),
            frequency: Frequency::Original,
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
            references: Vec::new(),
            fixed_format: Vec::new(),
            note: None,
            conditions: Vec::new(),
            diagnoses: vec!["Z00129".to_owned(), "Z23".to_owned()],
            other_codes: Vec::new(),
            repricing: None,
            providers: vec![Provider {
                role: ProviderRole::Rendering,
                name: person("Lee", "Sam"),
                id: npi("1245319599"),
                taxonomy: Some("208000000X".to_owned()),
                address: None,
                references: Vec::new(),
                contact: None,
            }],
            other_payers: Vec::new(),
            lines: vec![line(1, "99392", 15_000), line(2, "90460", 5_000)],
        },
    }
}

/// The same visit of a child who is known to the plan only as a dependent.
pub fn dependent() -> ClaimContent {
    let mut content = well_child();
    let child = content.subscriber.person.clone();
    content.subscriber.relationship = None;
    content.subscriber.person = Individual {
        name: person("Okafor", "Grace"),
        id: child.id.clone(),
        address: None,
        birth_date: None,
        sex: None,
        references: Vec::new(),
    };
    content.patient = Some(Patient {
        relationship: Relationship::Child,
        status: PatientStatus::default(),
        person: Individual { id: None, ..child },
        claims: Vec::new(),
    });
    content
}

/// A payer that asks for nothing special.
pub fn facts() -> PayerFacts<'static> {
    PayerFacts {
        name: "State Medicaid",
        has_route: true,
        member_id_pattern: const { &MemberIdPattern::ANY },
        needs_billing_taxonomy: true,
        takes_zero_charge: false,
    }
}

/// Ids of what the catalog finds, in its order.
pub fn edits_of(content: &ClaimContent) -> Vec<String> {
    edits_with(content, facts())
}

/// The same with a payer's facts.
pub fn edits_with(content: &ClaimContent, payer: PayerFacts<'_>) -> Vec<String> {
    let input = ScrubInput { content, today: date(2026, 3, 20), payer };
    scrub(&input).into_iter().map(|f| f.edit).collect()
}
