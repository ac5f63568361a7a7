//! Claims for the rules' tests: each has nothing wrong with it until a test plants one fault.

use jiff::civil::{Date, date};

use super::super::catalog::scrub;
use super::super::input::{CoverageFacts, History, LiveClaim, Original, OtherCoverage, PayerFacts, PriorVisit, ScrubInput};
use super::super::model::Finding;
use crate::edi::claim_837p::{
    AcceptAssignment, Address, BenefitsAssignment, BillingProvider, ChargeUnit, Claim, Condition, DateValue, EntityName, Frequency,
    Identifier, Individual, Patient, PatientStatus, Payer, PersonName, Provider, ProviderRole, Reference, ReferenceKind, Relationship,
    ReleaseOfInformation, Responsibility, ServiceLine, Sex, Subscriber,
};
use crate::edi::remittance_835::{Procedure, Quantity};
use crate::pediatrics::clia::Certificate;
use crate::platform::ids::EncounterId;
use crate::platform::money::Money;
use crate::platform::phi::Phi;
use crate::practice::model::PayerClass;
use crate::practice::rules::PayerRules;
use crate::reference::operator::OperatorTables;
use crate::reference::vaccine::{Funding, Route, VfcEligibility};
use crate::reference::{Cvx, ProcedureCode};
use crate::revenue_cycle::claim::model::ClaimContent;
use crate::revenue_cycle::encounter::model::DoseFacts;
use crate::revenue_cycle::encounter::{DoseRecord, EncounterDetails};

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

/// A line of one unit; `code` with its modifiers: `99392-25`.
pub fn line(n: u32, code: &str, cents: i64, pointer: u8) -> ServiceLine {
    let mut parts = code.split('-');
    let code = parts.next().unwrap_or_default();
    ServiceLine {
        segment: None,
        procedure: Procedure { qualifier: "HC".into(), code: code.into(), modifiers: parts.map(Into::into).collect(), description: None },
        charge: Money::from_cents(cents),
        unit: ChargeUnit::Units,
        quantity: Quantity::whole(1),
        place_of_service: None,
        diagnosis_pointers: vec![pointer],
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

/// A well-child visit at three years of a Medicaid child who is the subscriber, with one vaccine of public stock.
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
            conditions: vec![Condition { category: "ZZ".to_owned(), applies: false, codes: vec!["NU".to_owned()] }],
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
            lines: vec![
                ServiceLine { epsdt: true, ..line(1, "99392-25", 15_000, 1) },
                line(2, "90633-SL", 0, 2),
                line(3, "90460-SL", 5_000, 2),
            ],
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

/// The dose behind [`well_child`]'s vaccine.
pub fn public_dose() -> DoseRecord {
    let facts = DoseFacts {
        cvx: Cvx::literal(83),
        lot: None,
        route: Route::Injection,
        counselled: Some(true),
        funding: Funding::Vfc,
        eligibility: Some(VfcEligibility::V02),
    };
    DoseRecord { line: 2, facts }
}

/// A claim with all facts around it, for a test to change.
#[derive(Clone, Debug)]
pub struct World {
    /// The claim.
    pub content: ClaimContent,
    /// Today.
    pub today: Date,
    /// Last day of filing.
    pub file_by: Option<Date>,
    /// What kind of payer.
    pub class: PayerClass,
    /// Whether it can be reached.
    pub has_route: bool,
    /// Its rules.
    pub rules: PayerRules,
    /// What was recorded at the visit.
    pub visit: EncounterDetails,
    /// What the site's laboratory may test.
    pub certificate: Option<Certificate>,
    /// What is known from before.
    pub history: History,
    /// Place of the coverage.
    pub rank: Option<u8>,
    /// Whether the child itself is enrolled.
    pub own_enrolment: Option<bool>,
    /// The child's other coverages.
    pub others: Vec<OtherCoverage>,
    /// Other claims of the day.
    pub same_day: Vec<LiveClaim>,
    /// What the claim replaces.
    pub original: Option<Original>,
    /// What the operator has loaded.
    pub tables: OperatorTables,
    /// What the contract allows, by line.
    pub allowed: Vec<Option<Money>>,
}

impl World {
    /// [`well_child`] to State Medicaid, four days after the visit: nothing is wrong with it.
    pub fn medicaid() -> World {
        World {
            content: well_child(),
            today: date(2026, 3, 20),
            file_by: Some(date(2026, 9, 12)),
            class: PayerClass::MedicaidFfs,
            has_route: true,
            rules: PayerRules::of_class(PayerClass::MedicaidFfs),
            visit: EncounterDetails { doses: vec![public_dose()], ..EncounterDetails::default() },
            certificate: None,
            history: History {
                visits: vec![PriorVisit {
                    encounter: EncounterId(2),
                    date: date(2025, 5, 12),
                    provider: "Sam Lee".to_owned(),
                    taxonomy: "208000000X".to_owned(),
                    codes: vec![ProcedureCode::literal("99392")],
                }],
                complete_since: Some(date(2020, 1, 1)),
            },
            rank: Some(1),
            own_enrolment: Some(true),
            others: Vec::new(),
            same_day: Vec::new(),
            original: None,
            tables: OperatorTables::default(),
            allowed: Vec::new(),
        }
    }

    /// A visit of a commercially insured dependent of three years, with these lines (`99213-25`, pointing to the first diagnosis, at $100
    /// each) for these diagnoses: nothing of it was recorded but the claim.
    pub fn visit(diagnoses: &[&str], lines: &[&str]) -> World {
        let mut world = World { content: dependent(), class: PayerClass::Commercial, ..World::medicaid() };
        world.rules = PayerRules::of_class(world.class);
        world.visit = EncounterDetails::default();
        world.content.subscriber.filing_indicator = Some("CI".to_owned());
        let claim = &mut world.content.claim;
        claim.conditions.clear();
        claim.diagnoses = diagnoses.iter().map(|code| (*code).to_owned()).collect();
        claim.lines = lines.iter().zip(1..).map(|(code, n)| line(n, code, 10_000, 1)).collect();
        world.total();
        world
    }

    /// Makes the claim's total the sum of its lines.
    pub fn total(&mut self) {
        self.content.claim.charge = self.content.claim.lines.iter().map(|line| line.charge).sum();
    }

    /// Makes the child so old, in days, on the date of service.
    pub fn aged_days(&mut self, days: i32) {
        self.born(date(2026, 3, 16) - jiff::Span::new().days(days));
    }

    /// Makes the child so old, in years, on the date of service.
    pub fn aged(&mut self, years: i16) {
        self.born(date(2026, 3, 1) - jiff::Span::new().years(years));
    }

    fn born(&mut self, day: Date) {
        let person = self.content.patient.as_mut().map_or(&mut self.content.subscriber.person, |patient| &mut patient.person);
        person.birth_date = Some(Phi::new(day));
    }

    /// What the catalog finds.
    pub fn findings(&self) -> Vec<Finding> {
        scrub(&self.input())
    }

    /// What the edits look at.
    pub fn input(&self) -> ScrubInput<'_> {
        let payer = PayerFacts { name: "State Medicaid", class: self.class, has_route: self.has_route, rules: &self.rules };
        ScrubInput {
            file_by: self.file_by,
            encounter: Some(EncounterId(1)),
            visit: &self.visit,
            certificate: self.certificate,
            history: &self.history,
            coverage: CoverageFacts { rank: self.rank, own_enrolment: self.own_enrolment, others: &self.others },
            same_day: &self.same_day,
            original: self.original.as_ref(),
            tables: &self.tables,
            allowed: &self.allowed,
            ..ScrubInput::of(&self.content, self.today, payer)
        }
    }

    /// The ids of what it finds, in its order.
    pub fn edits(&self) -> Vec<String> {
        self.findings().into_iter().map(|finding| finding.edit).collect()
    }
}

/// What the catalog finds on [`World::medicaid`] with another claim.
pub fn edits_of(content: &ClaimContent) -> Vec<String> {
    World { content: content.clone(), ..World::medicaid() }.edits()
}
