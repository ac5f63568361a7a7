//! From a visit to the 837P of one payer: which loops, which values (domain.md 1.3–1.7). Builders fill and never validate: what is wrong
//! with a claim the edits say, all at once.

use crate::edi::claim_837p::{
    self as x12, AcceptAssignment, BenefitsAssignment, BillingProvider, ChargeUnit, Claim, ClaimDateKind, Condition, Contact, DateValue,
    Drug, EntityName, Frequency, Identifier, Individual, NdcUnit, Patient, PatientStatus, PersonName, ProviderRole, Reference,
    ReferenceKind, RelatedCauses, ReleaseOfInformation, Responsibility, ServiceLine,
};
use crate::edi::remittance_835::{Procedure, Quantity};
use crate::family::model::{Child, Coverage, HomeAddress, Sex};
use crate::pediatrics::Age;
use crate::platform::ids::{ClaimId, Npi};
use crate::platform::phi::Phi;
use crate::practice::model::{Location, Payer, Practice, Provider};
use crate::practice::rules::{NdcRequired, PayerRules};
use crate::practice::shape::TaxIdKind;
use crate::reference::PlaceOfService;
use crate::revenue_cycle::encounter::model::EpsdtReferral;
use crate::revenue_cycle::encounter::{ChargeLine, Encounter};

use super::model::ClaimContent;

/// Everything that one claim is built from.
#[derive(Clone, Copy, Debug)]
pub struct ClaimFacts<'a> {
    /// CLM01.
    pub pcn: &'a str,
    /// Who bills.
    pub practice: &'a Practice,
    /// Who rendered.
    pub provider: &'a Provider,
    /// Where.
    pub location: &'a Location,
    /// Whom it is asked of.
    pub payer: &'a Payer,
    /// What that payer asks for on the date of service.
    pub rules: &'a PayerRules,
    /// Who was seen.
    pub child: &'a Child,
    /// The coverage by this payer.
    pub coverage: &'a Coverage,
    /// The visit.
    pub encounter: &'a Encounter,
    /// SBR01: this payer's place among the child's coverages, from 1.
    pub order: u8,
}

/// Our claim number: A–Z and 0–9 only, at most 20 characters, unique over all practices and versions, never an account number
/// (domain.md 1.5, RFI 525). It is made from the claim's key, which has all of that; versions after the first add `R` and a number.
#[must_use]
pub fn pcn(claim: ClaimId, version: u32) -> String {
    const DIGITS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut rest = claim.0.unsigned_abs();
    let mut digits = Vec::new();
    while rest > 0 || digits.is_empty() {
        digits.push(char::from(DIGITS[(rest % 36) as usize]));
        rest /= 36;
    }
    let number: String = digits.into_iter().rev().collect();
    if version > 1 { format!("C{number}R{}", version - 1) } else { format!("C{number}") }
}

/// Builds the claim.
#[must_use]
pub fn build(facts: &ClaimFacts<'_>) -> ClaimContent {
    let child_is_subscriber = facts.coverage.child_is_subscriber();
    let child = individual(facts.child);
    let member_id = Some(Identifier::new("MI", facts.coverage.member_id.clone()));
    let (person, patient) = match (&facts.coverage.subscriber, child_is_subscriber) {
        (Some(holder), false) => {
            let person = Individual {
                name: person_name(&holder.last_name, &holder.first_name),
                id: member_id,
                address: None,
                birth_date: None,
                sex: None,
                references: Vec::new(),
            };
            let patient = Patient {
                relationship: x12::Relationship::from(facts.coverage.relationship.code()),
                status: PatientStatus::default(),
                person: child,
                claims: Vec::new(),
            };
            (person, Some(patient))
        }
        _ => (Individual { id: member_id, ..child }, None),
    };
    ClaimContent {
        billing: billing(facts),
        subscriber: x12::Subscriber {
            responsibility: responsibility(facts.order),
            relationship: patient.is_none().then_some(x12::Relationship::SelfSubscriber),
            group_number: facts.coverage.group_number.as_ref().map(|g| g.reveal().clone()),
            group_name: None,
            insurance_type: None,
            filing_indicator: Some(facts.payer.filing_indicator.to_string()),
            status: PatientStatus::default(),
            person,
            payer: x12::Payer {
                name: facts.payer.name.to_string(),
                id: Identifier::new("PI", facts.payer.payer_number.to_string()),
                address: None,
                references: Vec::new(),
            },
            claims: Vec::new(),
            patients: Vec::new(),
        },
        patient,
        claim: claim(facts),
    }
}

/// SBR01 by place.
fn responsibility(order: u8) -> Responsibility {
    match order {
        1 => Responsibility::Primary,
        2 => Responsibility::Secondary,
        3 => Responsibility::Tertiary,
        4 => Responsibility::Fourth,
        5 => Responsibility::Fifth,
        _ => Responsibility::Unknown,
    }
}

fn billing(facts: &ClaimFacts<'_>) -> BillingProvider {
    let practice = facts.practice;
    let kind = match practice.tax_id.kind {
        TaxIdKind::Ein => ReferenceKind::Ein,
        TaxIdKind::Ssn => ReferenceKind::Ssn,
    };
    BillingProvider {
        name: EntityName::Organization(practice.name.to_string()),
        id: Some(Identifier::of_npi(practice.npi)),
        taxonomy: facts.rules.billing_taxonomy.then(|| practice.taxonomy.to_string()),
        currency: None,
        address: Some(practice_address(&practice.address)),
        tax_id: Some(Reference::new(kind, practice.tax_id.digits.reveal())),
        references: Vec::new(),
        contacts: vec![Contact {
            name: Some(Phi::new(practice.contact.to_string())),
            numbers: vec![Identifier::new("TE", Phi::new(practice.phone.to_string()))],
        }],
        pay_to: None,
        subscribers: Vec::new(),
    }
}

fn practice_address(address: &crate::practice::model::Address) -> x12::Address {
    x12::Address {
        line1: Phi::new(address.street.to_string()),
        city: Phi::new(address.city.to_string()),
        state: Some(address.state.to_string()),
        postal_code: Some(Phi::new(address.zip.to_string())),
        ..x12::Address::default()
    }
}

fn home_address(address: &HomeAddress) -> Option<x12::Address> {
    let known = [&address.street, &address.city, &address.state, &address.zip].iter().all(|part| !part.is_empty());
    known.then(|| x12::Address {
        line1: Phi::new(address.street.clone()),
        city: Phi::new(address.city.clone()),
        state: Some(address.state.clone()),
        postal_code: Some(Phi::new(address.zip.clone())),
        ..x12::Address::default()
    })
}

fn person_name(last: &Phi<String>, first: &Phi<String>) -> EntityName {
    let first = (!first.reveal().is_empty()).then(|| first.clone());
    EntityName::Person(PersonName { last: last.clone(), first, ..PersonName::default() })
}

fn individual(child: &Child) -> Individual {
    Individual {
        name: person_name(&child.last_name, &child.first_name),
        id: None,
        address: home_address(child.address.reveal()),
        birth_date: Some(child.birth_date.clone()),
        sex: Some(match child.sex {
            Sex::Female => x12::Sex::Female,
            Sex::Male => x12::Sex::Male,
            Sex::Unknown => x12::Sex::Unknown,
        }),
        references: Vec::new(),
    }
}

fn provider(role: ProviderRole, name: EntityName, npi: Option<Npi>) -> x12::Provider {
    x12::Provider { role, name, id: npi.map(Identifier::of_npi), taxonomy: None, address: None, references: Vec::new(), contact: None }
}

fn claim(facts: &ClaimFacts<'_>) -> Claim {
    let encounter = facts.encounter;
    let lines: Vec<ServiceLine> = encounter.lines.iter().enumerate().map(|(n, line)| service_line(facts, n + 1, line)).collect();
    Claim {
        segment: None,
        id: facts.pcn.to_owned(),
        charge: lines.iter().map(|l| l.charge).sum(),
        place_of_service: encounter.place_of_service.as_str().to_owned(),
        frequency: Frequency::Original,
        provider_signature: true,
        assignment: AcceptAssignment::Assigned,
        benefits_assignment: BenefitsAssignment::Yes,
        release: ReleaseOfInformation::Yes,
        signed_for_patient: false,
        related_causes: related_causes(facts),
        special_program: None,
        delay_reason: None,
        dates: dates(facts),
        attachments: Vec::new(),
        contract: None,
        patient_paid: None,
        references: references(facts),
        fixed_format: Vec::new(),
        note: None,
        conditions: epsdt_condition(facts).into_iter().collect(),
        diagnoses: encounter.diagnoses.iter().map(|d| d.as_str().to_owned()).collect(),
        other_codes: Vec::new(),
        repricing: None,
        providers: providers(facts),
        other_payers: Vec::new(),
        lines,
    }
}

/// What the practice was told about an accident (CLM11).
fn related_causes(facts: &ClaimFacts<'_>) -> Option<RelatedCauses> {
    let accident = facts.encounter.details.answers.accident.as_ref()?;
    Some(RelatedCauses { causes: vec![accident.kind.code()?.to_owned()], state: accident.state.clone(), country: None })
}

/// The accident; admission and discharge, which belong on inpatient visits only (RFI 2130).
fn dates(facts: &ClaimFacts<'_>) -> Vec<(ClaimDateKind, DateValue)> {
    let details = &facts.encounter.details;
    let accident = details.answers.accident.as_ref().filter(|accident| accident.kind.code().is_some());
    let accident = accident.and_then(|accident| Some((ClaimDateKind::Accident, DateValue::Day(accident.date?))));
    if facts.encounter.place_of_service != PlaceOfService::INPATIENT_HOSPITAL {
        return accident.into_iter().collect();
    }
    let admission = details.admission_date.map(|d| (ClaimDateKind::Admission, DateValue::Day(d)));
    let discharge = details.discharge_date.map(|d| (ClaimDateKind::Discharge, DateValue::Day(d)));
    accident.into_iter().chain(admission).chain(discharge).collect()
}

fn references(facts: &ClaimFacts<'_>) -> Vec<Reference> {
    let authorization = facts.encounter.details.authorization.as_ref();
    let authorization = authorization.map(|number| Reference::new(ReferenceKind::PriorAuthorization, number.reveal()));
    // In-house tests need the certificate's number (domain.md PED-63): laboratory codes are those of the 80000s.
    let has_laboratory = facts.encounter.lines.iter().any(|l| l.code.number().is_some_and(|n| (80_000..90_000).contains(&n)));
    let clia = facts.location.clia.as_ref().filter(|_| has_laboratory);
    let clia = clia.map(|clia| Reference::new(ReferenceKind::Clia, clia.as_str()));
    authorization.into_iter().chain(clia).collect()
}

/// Whether a line is a screening of a child in the payer's EPSDT program (PED-30).
fn is_screening(facts: &ClaimFacts<'_>, line: &ChargeLine) -> bool {
    let age = Age::at(*facts.child.birth_date.reveal(), facts.encounter.service_date);
    age.is_ok_and(|age| facts.rules.is_epsdt_screening(line.code, age))
}

/// What an EPSDT screening led to: CRC*ZZ (domain.md 1.5, PED-30). None where nobody recorded it: E049 asks.
fn epsdt_condition(facts: &ClaimFacts<'_>) -> Option<Condition> {
    let is_screened = facts.encounter.lines.iter().any(|line| is_screening(facts, line));
    let referrals = &facts.encounter.details.epsdt_referrals;
    (is_screened && !referrals.is_empty()).then(|| Condition {
        category: "ZZ".to_owned(),
        applies: referrals.iter().any(|referral| *referral != EpsdtReferral::None),
        codes: referrals.iter().map(|referral| referral.code().to_owned()).collect(),
    })
}

/// Rendering always (a group bills); the facility where it is another place than the billing address (domain.md 1.6).
fn providers(facts: &ClaimFacts<'_>) -> Vec<x12::Provider> {
    let p = facts.provider;
    let name = person_name(&Phi::new(p.last_name.to_string()), &Phi::new(p.first_name.to_string()));
    let taxonomy = facts.rules.rendering_taxonomy.then(|| p.taxonomy.to_string());
    let rendering = x12::Provider { taxonomy, ..provider(ProviderRole::Rendering, name, Some(p.npi)) };
    let mut providers = vec![rendering];
    let place = facts.encounter.place_of_service;
    let elsewhere = facts.location.address != facts.practice.address;
    let without_facility = [PlaceOfService::HOME, PlaceOfService::TELEHEALTH_ELSEWHERE, PlaceOfService::TELEHEALTH_HOME];
    if elsewhere && !without_facility.contains(&place) {
        let name = EntityName::Organization(facts.location.name.to_string());
        let address = Some(practice_address(&facts.location.address));
        providers.push(x12::Provider { address, ..provider(ProviderRole::Facility, name, facts.location.npi) });
    }
    providers
}

/// Our number of the line, and the lot of its dose where the payer wants it (REF*BT; payer rule `batch_number_required`).
fn line_references(facts: &ClaimFacts<'_>, number: usize) -> Vec<Reference> {
    let own = Reference::new(ReferenceKind::LineControl, &format!("{}-{number}", facts.pcn));
    let dose = facts.encounter.details.doses.iter().find(|dose| dose.line == number).filter(|_| facts.rules.batch_number_required);
    let lot = dose.and_then(|dose| dose.facts.lot.as_ref()).map(|lot| Reference::new(ReferenceKind::ImmunizationBatch, lot));
    std::iter::once(own).chain(lot).collect()
}

fn service_line(facts: &ClaimFacts<'_>, number: usize, line: &ChargeLine) -> ServiceLine {
    let drug = line.ndc.as_ref().filter(|_| facts.rules.ndc_required != NdcRequired::None).map(|ndc| Drug {
        qualifier: "N4".to_owned(),
        code: ndc.ndc.as_str().to_owned(),
        quantity: Quantity::parse_bytes(ndc.quantity.as_bytes()).ok(),
        unit: Some(NdcUnit::from(ndc.unit.as_str())),
        reference: None,
    });
    ServiceLine {
        segment: None,
        procedure: Procedure {
            qualifier: "HC".into(),
            code: line.code.as_str().into(),
            modifiers: line.modifiers.iter().map(|m| m.as_str().into()).collect(),
            description: None,
        },
        charge: line.charge,
        unit: ChargeUnit::Units,
        quantity: Quantity::whole(line.units),
        place_of_service: None,
        diagnosis_pointers: line.pointers.clone(),
        emergency: false,
        epsdt: is_screening(facts, line),
        family_planning: false,
        copay_exempt: false,
        attachments: Vec::new(),
        service_date: Some(DateValue::Day(facts.encounter.service_date)),
        dates: Vec::new(),
        references: line_references(facts, number),
        fixed_format: Vec::new(),
        note: None,
        drug,
        providers: Vec::new(),
        adjudications: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claim_numbers_are_short_and_differ_by_key_and_version() {
        assert_eq!(pcn(ClaimId(1), 1), "C1");
        assert_eq!(pcn(ClaimId(36), 1), "C10");
        assert_eq!(pcn(ClaimId(36), 3), "C10R2");
        assert!(pcn(ClaimId(i64::MAX), 99).len() <= 20);
    }
}
